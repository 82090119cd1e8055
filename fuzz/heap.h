/* heap.h - what the code under test takes from the heap and gives back (the linker's --wrap, as in
 * crypto_wrap.h): how much it holds, and that no block which it gives back has octets of a key. */
#ifndef FUZZ_HEAP_H
#define FUZZ_HEAP_H

#include "engine/base/bytes.h"

/* Blocks and octets that are held at this moment, by the engine and the target together. */
struct heap {
    size_t blocks, octets;
};
extern struct heap heap;

/* Forgets all secrets and begins to take note of them, or not: looking for them costs time. */
void heap_watch(bool on);
/* Eight octets of it in a row, at any place that a multiple of four leads to in a block that is
 * given back, break a rule from now on. Shorter ones say nothing. */
void heap_secret(struct span secret);

#endif

/* mutate.h - changes a message as a tree: what it makes is mostly a message again, and lies in one
 * field where it is none. Works on datagrams whose SK lies open (plain text where the sealed octets
 * would be), on datagrams sealed under the fixed keys of fuzz/sealing.h, which it opens and seals
 * again, and on sequences of either (fuzz/records.h). The same seed makes the same octets. */
#ifndef FUZZ_MUTATOR_MUTATE_H
#define FUZZ_MUTATOR_MUTATE_H

#include "engine/base/bytes.h"

enum mutate_op {
    MUTATE_INSERT,
    MUTATE_DELETE,
    MUTATE_SWAP,
    MUTATE_DUPLICATE,
    MUTATE_MOVE,
    MUTATE_SPLICE,
    MUTATE_RETYPE,
    MUTATE_BOUNDARY,
    MUTATE_OCTETS,
    MUTATE_GROW,
    MUTATE_LIE,     /* a computed field says something else */
    MUTATE_CUT,     /* the end of the message is not where a structure says */
    MUTATE_RECORDS, /* a sequence: one datagram dropped, repeated, moved or cut */
    NUM_MUTATE_OPS
};

struct mutate_count { /* what was done, summed up */
    unsigned done[NUM_MUTATE_OPS];
};

/* Writes a mutation of in to out and returns its octets; 0 when in is nothing that this mutator
 * knows, or nothing could be made of it. Splices pieces of other, which may be empty. in and out may
 * be the same place. count may be NULL. */
size_t mutate(struct span in, struct span other, uint64_t seed, uint8_t *out, size_t cap,
              struct mutate_count *count);

#endif

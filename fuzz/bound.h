/* bound.h - what decoding may take of memory. */
#ifndef FUZZ_BOUND_H
#define FUZZ_BOUND_H

#include "engine/wire/message.h"
#include "fuzz/must.h"

/* The nodes of the trees over so many octets, one for each root, as the least structure has four
 * octets; and so many octets beside them. */
static inline void must_be_bounded(const struct arena *a, size_t roots, size_t octets,
                                   size_t beside)
{
    must(a->used <= (roots + octets / 4) * sizeof(struct node) + beside);
}

#endif

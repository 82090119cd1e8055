/* records.h - inputs that are a sequence of datagrams: each with its length before it, 16 bits in
 * network order. The last one may be cut. */
#ifndef FUZZ_RECORDS_H
#define FUZZ_RECORDS_H

#include "engine/base/bytes.h"

/* The next datagram; false at the end. */
static inline bool record_next(struct reader *r, struct span *out)
{
    if (!rd_more(r))
        return false;
    size_t len = rd_u16(r);
    *out = rd_span(r, len < r->len ? len : r->len);
    return true;
}

static inline void record_add(struct writer *w, struct span s)
{
    wr_u16(w, (uint16_t)s.len);
    wr_span(w, s);
}

#endif

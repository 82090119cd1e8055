/* queue.h - datagrams that wait for their time: a heap by due time, in order of arrival where
 * times are equal. */
#ifndef HARNESS_NET_QUEUE_H
#define HARNESS_NET_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/clock.h"
#include "engine/engine.h"

struct parcel {
    usec_t due;
    uint64_t order; /* set by queue_push */
    void *owner;    /* whom it is for */
    bool in;
    uint32_t record;
    struct ike_dgram d; /* d.p == bytes */
    uint8_t *bytes;     /* heap, owned */
};

struct queue {
    struct parcel *heap;
    size_t num, cap;
    uint64_t next_order;
};

/* Takes a copy of d's octets. false when out of memory. */
bool queue_push(struct queue *q, usec_t due, void *owner, bool in, uint32_t record,
                const struct ike_dgram *d);
/* When the first parcel is due, TIME_NEVER when empty. */
usec_t queue_due(const struct queue *q);
/* Takes the first parcel out if it is due; the caller frees out->bytes. */
bool queue_pop(struct queue *q, usec_t now, struct parcel *out);
/* Drops what is for owner. */
void queue_forget(struct queue *q, const void *owner);
void queue_clear(struct queue *q);

#endif

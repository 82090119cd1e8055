/* queue.c - binary heap of parcels. */
#include "harness/net/queue.h"

#include <stdlib.h>

static bool before(const struct parcel *a, const struct parcel *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void swap(struct parcel *a, struct parcel *b)
{
    struct parcel t = *a;
    *a = *b;
    *b = t;
}

static bool grow(struct queue *q)
{
    if (q->num < q->cap)
        return true;
    size_t cap = q->cap > 0 ? q->cap * 2 : 16;
    struct parcel *heap = realloc(q->heap, cap * sizeof *heap);
    if (heap == NULL)
        return false;
    q->heap = heap;
    q->cap = cap;
    return true;
}

bool queue_push(struct queue *q, usec_t due, void *owner, bool in, uint32_t record,
                const struct ike_dgram *d)
{
    uint8_t *bytes = malloc(d->len > 0 ? d->len : 1);
    if (bytes == NULL || !grow(q)) {
        free(bytes);
        return false;
    }
    if (d->len > 0)
        memcpy(bytes, d->p, d->len);
    size_t i = q->num++;
    q->heap[i] = (struct parcel){ .due = due,
                                  .order = q->next_order++,
                                  .owner = owner,
                                  .in = in,
                                  .record = record,
                                  .d = *d,
                                  .bytes = bytes };
    q->heap[i].d.p = bytes;
    while (i > 0 && before(&q->heap[i], &q->heap[(i - 1) / 2])) {
        swap(&q->heap[i], &q->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    return true;
}

usec_t queue_due(const struct queue *q)
{
    return q->num > 0 ? q->heap[0].due : TIME_NEVER;
}

bool queue_pop(struct queue *q, usec_t now, struct parcel *out)
{
    if (q->num == 0 || q->heap[0].due > now)
        return false;
    *out = q->heap[0];
    q->heap[0] = q->heap[--q->num];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t k = 2 * i + 1; k <= 2 * i + 2 && k < q->num; k++)
            if (before(&q->heap[k], &q->heap[least]))
                least = k;
        if (least == i)
            return true;
        swap(&q->heap[i], &q->heap[least]);
        i = least;
    }
}

void queue_forget(struct queue *q, const void *owner)
{
    struct queue old = *q;
    struct parcel p;
    *q = (struct queue){ 0 };
    while (queue_pop(&old, TIME_NEVER, &p)) {
        if (p.owner != owner)
            (void)queue_push(q, p.due, p.owner, p.in, p.record, &p.d);
        free(p.bytes);
    }
    queue_clear(&old);
}

void queue_clear(struct queue *q)
{
    for (size_t i = 0; i < q->num; i++)
        free(q->heap[i].bytes);
    free(q->heap);
    *q = (struct queue){ 0 };
}

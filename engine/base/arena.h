/* arena.h - one allocation region: everything taken from it lives until it is reset. It works on
 * storage the caller hands in, so decode, validate and encode never call the heap. */
#ifndef ENGINE_BASE_ARENA_H
#define ENGINE_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/bytes.h"

struct arena {
    uint8_t *p;
    size_t cap;
    size_t used;
    size_t top; /* most that was ever used: what has to be wiped */
};

static inline struct arena arena_init(void *p, size_t cap)
{
    return (struct arena){ .p = p, .cap = cap };
}

static inline void arena_reset(struct arena *a)
{
    a->used = 0;
}

/* The first so many octets are in use. */
static inline void arena_grow(struct arena *a, size_t used)
{
    a->used = used;
    if (used > a->top)
        a->top = used;
}

/* n octets, aligned for any type, not cleared; NULL when the region is full. */
static inline void *arena_take(struct arena *a, size_t n)
{
    size_t at = (a->used + 15) & ~(size_t)15;
    if (at > a->cap || n > a->cap - at)
        return NULL;
    arena_grow(a, at + n);
    return a->p + at;
}

/* A copy of s; an empty span when the region is full and s is not empty. */
static inline struct span arena_copy(struct arena *a, struct span s)
{
    uint8_t *p = s.len > 0 ? arena_take(a, s.len) : NULL;
    if (p == NULL)
        return (struct span){ 0 };
    memcpy(p, s.p, s.len);
    return span_of(p, s.len);
}

#endif

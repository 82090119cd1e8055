/* bytes.h - the one view to read octets with and the one to write them. No other file adds to a
 * raw pointer, shifts octets or swaps byte order. */
#ifndef ENGINE_BASE_BYTES_H
#define ENGINE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "engine/base/err.h"

/* Borrowed octets: never owned, never freed. The empty span may have p == NULL. */
struct span {
    const uint8_t *p;
    size_t len;
};

static inline struct span span_of(const void *p, size_t len)
{
    return (struct span){ .p = p, .len = len };
}

static inline struct span span_str(const char *s)
{
    return span_of(s, strlen(s));
}

static inline bool span_eq(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* n octets from at, cut to what is there. */
static inline struct span span_part(struct span s, size_t at, size_t n)
{
    if (at > s.len)
        at = s.len;
    if (n > s.len - at)
        n = s.len - at;
    return span_of(s.p != NULL ? s.p + at : NULL, n);
}

static inline uint16_t get_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)get_u16(p) << 16 | get_u16(p + 2);
}

static inline uint64_t get_u64(const uint8_t *p)
{
    return (uint64_t)get_u32(p) << 32 | get_u32(p + 4);
}

static inline void put_u16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static inline void put_u32(uint8_t *p, uint32_t v)
{
    put_u16(p, (uint16_t)(v >> 16));
    put_u16(p + 2, (uint16_t)v);
}

static inline void put_u64(uint8_t *p, uint64_t v)
{
    put_u32(p, (uint32_t)(v >> 32));
    put_u32(p + 4, (uint32_t)v);
}

/* A reader keeps its first failure and yields zeros after it, so a decoder is a straight list of
 * fields and one check at the end. */
struct reader {
    const uint8_t *p;
    size_t len;           /* octets left */
    const uint8_t *start; /* where offsets count from */
    enum err err;
    uint32_t err_off;
};

static inline struct reader rd_init(struct span s)
{
    return (struct reader){ .p = s.p, .len = s.len, .start = s.p };
}

static inline size_t rd_off(const struct reader *r)
{
    return r->p != NULL ? (size_t)(r->p - r->start) : 0;
}

static inline void rd_fail(struct reader *r, enum err e)
{
    if (r->err == ERR_OK) {
        r->err = e;
        r->err_off = (uint32_t)rd_off(r);
    }
    r->len = 0;
}

static inline bool rd_more(const struct reader *r)
{
    return r->len > 0;
}

/* n octets as a span; the empty span and ERR_TRUNCATED when fewer are left. */
static inline struct span rd_span(struct reader *r, size_t n)
{
    if (n > r->len) {
        rd_fail(r, ERR_TRUNCATED);
        return (struct span){ 0 };
    }
    struct span s = span_of(r->p, n);
    if (n > 0) {
        r->p += n;
        r->len -= n;
    }
    return s;
}

static inline struct span rd_rest(struct reader *r)
{
    return rd_span(r, r->len);
}

static inline uint8_t rd_u8(struct reader *r)
{
    struct span s = rd_span(r, 1);
    return s.len == 1 ? s.p[0] : 0;
}

static inline uint16_t rd_u16(struct reader *r)
{
    struct span s = rd_span(r, 2);
    return s.len == 2 ? get_u16(s.p) : 0;
}

static inline uint32_t rd_u32(struct reader *r)
{
    struct span s = rd_span(r, 4);
    return s.len == 4 ? get_u32(s.p) : 0;
}

static inline uint64_t rd_u64(struct reader *r)
{
    struct span s = rd_span(r, 8);
    return s.len == 8 ? get_u64(s.p) : 0;
}

/* A reader over the next n octets, whose offsets count from the parent's start. */
static inline struct reader rd_sub(struct reader *r, size_t n)
{
    const uint8_t *start = r->start;
    struct span s = rd_span(r, n);
    return (struct reader){ .p = s.p, .len = s.len, .start = start, .err = r->err };
}

/* Writer into caller's storage; keeps ERR_SPACE once it overflowed and writes nothing more. */
struct writer {
    uint8_t *p;
    size_t cap;
    size_t len;
    enum err err;
};

static inline struct writer wr_init(void *p, size_t cap)
{
    return (struct writer){ .p = p, .cap = cap };
}

/* Room for n octets, advanced past; NULL when full. */
static inline uint8_t *wr_room(struct writer *w, size_t n)
{
    if (w->err != ERR_OK || n > w->cap - w->len) {
        w->err = ERR_SPACE;
        return NULL;
    }
    uint8_t *at = w->p + w->len;
    w->len += n;
    return at;
}

static inline void wr_bytes(struct writer *w, const void *p, size_t n)
{
    uint8_t *at = wr_room(w, n);
    if (at != NULL && n > 0)
        memcpy(at, p, n);
}

static inline void wr_span(struct writer *w, struct span s)
{
    wr_bytes(w, s.p, s.len);
}

static inline void wr_u8(struct writer *w, uint8_t v)
{
    wr_bytes(w, &v, 1);
}

static inline void wr_u16(struct writer *w, uint16_t v)
{
    uint8_t *at = wr_room(w, 2);
    if (at != NULL)
        put_u16(at, v);
}

static inline void wr_u32(struct writer *w, uint32_t v)
{
    uint8_t *at = wr_room(w, 4);
    if (at != NULL)
        put_u32(at, v);
}

static inline void wr_u64(struct writer *w, uint64_t v)
{
    uint8_t *at = wr_room(w, 8);
    if (at != NULL)
        put_u64(at, v);
}

static inline void wr_zero(struct writer *w, size_t n)
{
    uint8_t *at = wr_room(w, n);
    if (at != NULL && n > 0)
        memset(at, 0, n);
}

/* Leaves room for a 16-bit length; wr_close_len16 writes the octets since start into it. */
static inline size_t wr_open_len16(struct writer *w)
{
    size_t at = w->len;
    wr_zero(w, 2);
    return at;
}

static inline void wr_close_len16(struct writer *w, size_t at, size_t start)
{
    size_t n = w->len - start;
    if (w->err != ERR_OK)
        return;
    if (n > 0xffff)
        w->err = ERR_LENGTH;
    else
        put_u16(w->p + at, (uint16_t)n);
}

static inline struct span wr_done(const struct writer *w)
{
    return span_of(w->p, w->err == ERR_OK ? w->len : 0);
}

#endif

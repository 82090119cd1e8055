/* text.h - text into the caller's buffer: cut when full, always terminated, never fails. */
#ifndef ENGINE_WIRE_TEXT_H
#define ENGINE_WIRE_TEXT_H

#include <stdarg.h>
#include <stdio.h>

#include "engine/base/bytes.h"

struct text {
    char *p;
    size_t cap;
    size_t len; /* what it would be with room enough */
};

static inline struct text text_init(char *p, size_t cap)
{
    if (cap > 0)
        p[0] = '\0';
    return (struct text){ .p = p, .cap = cap };
}

static inline void text_char(struct text *t, char c)
{
    if (t->len + 1 < t->cap) {
        t->p[t->len] = c;
        t->p[t->len + 1] = '\0';
    }
    t->len++;
}

static inline void text_str(struct text *t, const char *s)
{
    for (; *s != '\0'; s++)
        text_char(t, *s);
}

static inline __attribute__((format(printf, 2, 3))) void text_fmt(struct text *t, const char *fmt,
                                                                  ...)
{
    char buf[160];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(buf, sizeof buf, fmt, ap);
    va_end(ap);
    text_str(t, buf);
}

/* Hex digits of at most max octets, then "..(LENGTH)" when cut. */
static inline void text_hex(struct text *t, struct span s, size_t max)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < s.len && i < max; i++) {
        text_char(t, digits[s.p[i] >> 4]);
        text_char(t, digits[s.p[i] & 15]);
    }
    if (s.len > max)
        text_fmt(t, "..(%zu)", s.len);
}

/* In quotes; everything but printable ASCII as \xHH. */
static inline void text_quoted(struct text *t, struct span s, size_t max)
{
    text_char(t, '"');
    for (size_t i = 0; i < s.len && i < max; i++) {
        if (s.p[i] < 0x20 || s.p[i] > 0x7e || s.p[i] == '"' || s.p[i] == '\\')
            text_fmt(t, "\\x%02x", s.p[i]);
        else
            text_char(t, (char)s.p[i]);
    }
    text_str(t, s.len > max ? "..\"" : "\"");
}

#endif

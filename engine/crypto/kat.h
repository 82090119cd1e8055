/* kat.h - known answers in tests: octets written as hexadecimal text, and an rng that yields given
 * octets. For tests only. */
#ifndef ENGINE_CRYPTO_KAT_H
#define ENGINE_CRYPTO_KAT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/bytes.h"
#include "engine/base/rng.h"

struct octets {
    size_t len;
    uint8_t b[1200];
};

/* Blanks are skipped; anything else that is not a hexadecimal digit fails the test. */
static inline struct octets hex(const char *text)
{
    static const char digits[] = "0123456789abcdef";
    struct octets o = { 0 };
    size_t n = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ')
            continue;
        const char *at = strchr(digits, *text | 0x20);
        assert_non_null(at);
        assert_true(n / 2 < sizeof o.b);
        o.b[n / 2] = (uint8_t)(o.b[n / 2] << 4 | (at - digits));
        n++;
    }
    assert_int_equal(n % 2, 0);
    o.len = n / 2;
    return o;
}

static inline struct span octets_span(const struct octets *o)
{
    return span_of(o->b, o->len);
}

static inline struct octets octets_fill(uint8_t v, size_t n)
{
    struct octets o = { .len = n };
    assert_true(n <= sizeof o.b);
    memset(o.b, v, n);
    return o;
}

#define assert_octets(got, want) octets_check(got, want, __FILE__, __LINE__)
static inline void octets_check(struct span got, struct octets want, const char *file, int line)
{
    _assert_int_equal(got.len, want.len, file, line);
    _assert_memory_equal(got.p, want.b, want.len, file, line);
}

/* An rng of the octets given, then zeros. */
struct script {
    struct octets o;
    size_t at;
};

static inline void script_fill(void *ctx, uint8_t *out, size_t len)
{
    struct script *s = ctx;
    for (size_t i = 0; i < len; i++)
        out[i] = s->at < s->o.len ? s->o.b[s->at++] : 0;
}

#endif

/* rng.h - entropy is handed in. The engine draws octets from this and from nothing else, so one
 * seed repeats a whole run. */
#ifndef ENGINE_BASE_RNG_H
#define ENGINE_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    void (*fill)(void *ctx, uint8_t *out, size_t len); /* must not fail */
    void *ctx;
};

static inline void rng_fill(const struct rng *r, void *out, size_t len)
{
    r->fill(r->ctx, out, len);
}

#endif

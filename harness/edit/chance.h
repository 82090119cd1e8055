/* chance.h - chance from a seed, the same on every machine: splitmix64. */
#ifndef HARNESS_EDIT_CHANCE_H
#define HARNESS_EDIT_CHANCE_H

#include <stddef.h>
#include <stdint.h>

struct chance {
    uint64_t x;
};

static inline uint64_t chance_next(struct chance *c)
{
    uint64_t z = c->x += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* 0 <= n < below; below > 0. */
static inline uint64_t chance_below(struct chance *c, uint64_t below)
{
    return chance_next(c) % below;
}

#define CHANCE_PICK(c, list) ((list)[chance_below((c), sizeof(list) / sizeof((list)[0]))])

#endif

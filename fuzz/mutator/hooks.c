/* hooks.c - the mutator as libFuzzer and as AFL++ call it. What is no message, and now and then
 * anything, is changed octet by octet. */
#include "fuzz/mutator/mutate.h"

#include <stdlib.h>

#define SEEN __attribute__((visibility("default")))

SEEN size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t cap, unsigned seed);
SEEN size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_len, const uint8_t *b,
                                      size_t b_len, uint8_t *out, size_t cap, unsigned seed);
SEEN void *afl_custom_init(void *afl, unsigned seed);
SEEN size_t afl_custom_fuzz(void *state, uint8_t *buf, size_t len, uint8_t **out, uint8_t *add,
                            size_t add_len, size_t cap);
SEEN void afl_custom_deinit(void *state);
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t cap) __attribute__((weak));

#define ROUGH 16u /* one in so many keeps off the tree */

/* Where libFuzzer's own mutator is not at hand. */
static size_t rough(uint8_t *data, size_t len, size_t cap, uint64_t seed)
{
    uint64_t x = (seed + 3) * 0x9e3779b97f4a7c15u;
    size_t at = len > 0 ? (size_t)(x >> 32) % len : 0;
    switch (x >> 20 & 3) {
    case 0:
        if (len < cap) {
            memmove(data + at + 1, data + at, len - at);
            data[at] = (uint8_t)(x >> 24);
            return len + 1;
        }
        break;
    case 1:
        if (len > 1) {
            memmove(data + at, data + at + 1, len - at - 1);
            return len - 1;
        }
        break;
    case 2:
        if (len > 0)
            data[at] ^= (uint8_t)(1u << (x >> 28 & 7));
        return len;
    default:
        break;
    }
    if (len > 0)
        data[at] = (uint8_t)(x >> 24);
    return len;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t cap, unsigned seed)
{
    size_t made = seed % ROUGH != 0
                      ? mutate(span_of(data, len), (struct span){ 0 }, seed, data, cap, NULL)
                      : 0;
    if (made > 0)
        return made;
    return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(data, len, cap)
                                    : rough(data, len, cap, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len,
                                 uint8_t *out, size_t cap, unsigned seed)
{
    size_t made = mutate(span_of(a, a_len), span_of(b, b_len), seed, out, cap, NULL);
    if (made > 0)
        return made;
    /* neither of them a message: the beginning of one, the end of the other */
    uint64_t x = (seed + 5) * 0x9e3779b97f4a7c15u >> 16;
    size_t head = a_len > 0 ? x % (a_len + 1) : 0, from = b_len > 0 ? (x >> 20) % b_len : 0;
    if (head > cap)
        head = cap;
    size_t tail = b_len - from < cap - head ? b_len - from : cap - head;
    if (head > 0)
        memcpy(out, a, head);
    if (tail > 0)
        memcpy(out + head, b + from, tail);
    return head + tail;
}

struct afl { /* one for each fuzzer */
    uint64_t seed;
    uint8_t out[1 << 20];
};

void *afl_custom_init(void *afl, unsigned seed)
{
    struct afl *a = calloc(1, sizeof *a);
    (void)afl;
    if (a != NULL)
        a->seed = seed;
    return a;
}

size_t afl_custom_fuzz(void *state, uint8_t *buf, size_t len, uint8_t **out, uint8_t *add,
                       size_t add_len, size_t cap)
{
    struct afl *a = state;
    uint64_t seed = a->seed++;
    struct span other = seed % 4 == 0 ? span_of(add, add_len) : (struct span){ 0 };
    if (cap > sizeof a->out)
        cap = sizeof a->out;
    *out = a->out;
    size_t made =
        seed % ROUGH != 0 ? mutate(span_of(buf, len), other, seed, a->out, cap, NULL) : 0;
    if (made > 0)
        return made;
    if (len > cap)
        len = cap;
    if (len > 0)
        memcpy(a->out, buf, len);
    return rough(a->out, len, cap, seed);
}

void afl_custom_deinit(void *state)
{
    free(state);
}

/* sealed_samples.h - the samples of engine/wire, all of each inside of SK under a fixed key, for seeds
 * and tests. */
#ifndef FUZZ_SEALED_SAMPLES_H
#define FUZZ_SEALED_SAMPLES_H

#include <stdalign.h>

#include "engine/wire/samples.h"
#include "fuzz/sealing.h"

/* The payloads of m as one SK, or its text as fragment number of total (0: SK), into buf. */
static inline struct span sealed_chain(const struct message *m, enum sealing s, unsigned number,
                                       unsigned total, size_t from, size_t len, uint8_t *buf,
                                       size_t cap)
{
    static uint8_t text[16384];
    static const uint8_t iv[IV_MAX] = { 1, 2, 3 };
    struct message outer;
    struct writer t = wr_init(text, sizeof text), w = wr_init(buf, cap);
    SAMPLE_OK(chain_encode(m->hdr, &t));
    SAMPLE_OK(msg_new(&outer, m->arena, msg_exchange(m), msg_flags(m), 1,
                      s == SEALING_GCM ? SEALING_SPI_GCM : SEALING_SPI_CBC, SEALING_SPI_R));
    struct node *sk = payload_add(&outer, outer.hdr, total > 0 ? PAYLOAD_SKF : PAYLOAD_SK);
    if (m->hdr->child != NULL && number <= 1)
        sample_num(&outer, sk, PL_NEXT, m->hdr->child->type);
    if (total > 0) {
        sample_num(&outer, sk, SKF_NUMBER, number);
        sample_num(&outer, sk, SKF_TOTAL, total);
    }
    SAMPLE_OK(sealing_seal(&outer, sk, iv, NULL, span_part(wr_done(&t), from, len), &w));
    return wr_done(&w);
}

/* Sample i (samples.h). */
static inline struct span sealed_sample(unsigned i, enum sealing s, uint8_t *buf, size_t cap)
{
    static alignas(16) uint8_t store[1 << 18];
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    sample_make(i, &m, &a);
    return sealed_chain(&m, s, 0, 0, 0, SIZE_MAX, buf, cap);
}

/* Fragment number (from 1) of total of sample i, which bears a lie about the total when lie > 0. */
static inline struct span sealed_piece(unsigned i, enum sealing s, unsigned number, unsigned total,
                                       unsigned lie, uint8_t *buf, size_t cap)
{
    static alignas(16) uint8_t store[1 << 18];
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    sample_make(i, &m, &a);
    size_t share = 600 / total + 1;
    return sealed_chain(&m, s, number, lie > 0 ? lie : total, (number - 1) * share,
                        number == total ? SIZE_MAX : share, buf, cap);
}

#endif

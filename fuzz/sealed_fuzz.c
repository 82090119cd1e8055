/* sealed_fuzz.c - SK and SKF under fixed keys with the real AES-GCM, or AES-CBC and HMAC: opened by
 * the engine, decoded, held against an opening apart from it and sealed again; and one flipped bit
 * is refused (RFC 7296 3.14, RFC 5282). */
#include <stdalign.h>

#include "engine/wire/rules.h"
#include "fuzz/bound.h"
#include "fuzz/fixed_sa.h"
#include "fuzz/must.h"

static alignas(16) uint8_t store[1 << 20], other[1 << 20];
static uint8_t wire[65536], second[65536], text[65536], again[65536 + 512];

/* The same message with one bit turned: no way in, and what was decrypted is gone. */
static void flipped(const struct ike_sa *sa, struct span s, uint32_t at, uint8_t type)
{
    struct arena a = arena_init(other, sizeof other);
    struct message m;
    struct fault why = { 0 };
    struct span out;
    memcpy(second, s.p, s.len);
    second[at % s.len] ^= (uint8_t)(1u << (at >> 24 & 7));
    if (msg_decode(&m, &a, span_of(second, s.len), &why) != ERR_OK)
        return;
    struct node *sk = msg_sk(&m);
    if (sk == NULL || sk->type != type)
        return;
    enum err rc = type == PAYLOAD_SK ? protect_open(sa, false, &m, &why)
                                     : protect_open_fragment(sa, false, &m, &out, &why);
    /* (a length may have been bent, so that it is no longer one of whole blocks) */
    must(rc == ERR_INTEGRITY || rc == ERR_TRUNCATED || rc == ERR_LENGTH);
    must(sk->child == NULL);
}

/* The chain inside makes the same text and, sealed again, the same message. */
static void sealed_again(struct message *m, struct node *sk, struct span s, const uint8_t *iv,
                         struct span plain)
{
    struct writer w = wr_init(text, sizeof text);
    must(chain_encode(sk, &w) == ERR_OK);
    must(span_eq(wr_done(&w), plain));
    struct writer whole = wr_init(again, sizeof again);
    must(sealing_seal(m, sk, iv, NULL, plain, &whole) == ERR_OK);
    /* CBC: pad octets may be any */
    if (sealing_of(m) == SEALING_GCM && whole.len == s.len)
        must(span_eq(wr_done(&whole), s));
}

static void look(struct message *m)
{
    struct fault why;
    (void)!rules_check(m, (msg_flags(m) & FLAG_INITIATOR) != 0, &why);
    msg_unknown_critical(msg_payloads(m));
}

/* Our own opening of the same octets, in a place of its own; m is what was decoded of them. */
static enum err apart(const struct message *m, const struct node *sk, struct span s,
                      struct span *plain)
{
    struct message own = *m;
    struct node body = *sk;
    memcpy(second, s.p, s.len);
    own.raw = span_of(second, s.len);
    body.tail[0].p = second + (sk->tail[0].p - m->raw.p);
    return sealing_open(&own, &body, plain);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fixed_sa_warm();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct fault why = { 0 };
    struct span s = span_of(data, size), plain = { 0 }, mine = { 0 };
    uint8_t iv[IV_MAX] = { 0 };
    if (size > 65535)
        return 0;
    uint8_t *in = wire + sizeof wire - size; /* at the end: what is read behind it is seen */
    if (size > 0)
        memcpy(in, data, size);
    if (msg_decode(&m, &a, span_of(in, size), &why) != ERR_OK)
        return 0;
    struct node *sk = msg_sk(&m);
    if (sk == NULL)
        return 0;
    struct ike_sa *sa = fixed_sa(sealing_of(&m));
    if (sk->tail[0].len >= sa->suite.iv_len)
        memcpy(iv, sk->tail[0].p, sa->suite.iv_len);
    uint32_t sum = get_u32(data + size - 4); /* of the ICV: as good as chance */
    enum err rc = sk->type == PAYLOAD_SK ? protect_open(sa, false, &m, &why)
                                         : protect_open_fragment(sa, false, &m, &mine, &why);
    must_be_bounded(&a, 2, size, 64);
    if (rc == ERR_OK)
        look(&m);
    if (sum % 16 != 0 && rc != ERR_INTEGRITY)
        return 0;
    enum err ours = apart(&m, sk, s, &plain);
    must((ours == ERR_INTEGRITY) == (rc == ERR_INTEGRITY));
    must((ours == ERR_PADDING) == (rc == ERR_PADDING));
    if (rc == ERR_OK && sk->type == PAYLOAD_SKF)
        must(span_eq(plain, mine));
    if (rc == ERR_OK && sk->type == PAYLOAD_SK)
        sealed_again(&m, sk, s, iv, plain);
    if (ours == ERR_OK)
        flipped(sa, s, sum >> 4, sk->type);
    return 0;
}

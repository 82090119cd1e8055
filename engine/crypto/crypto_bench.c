/* crypto_bench.c - what the engine's cryptography costs over plain EVP: the keys of a PSK handshake
 * with Curve25519, both ends, and AES-256-GCM on 1400 octets. */
#define _POSIX_C_SOURCE 200809L
#include "engine/crypto/floor_bench.h"
#include "engine/keys/keys.h"

struct end {
    struct ke *ke;
    struct ike_keys ike;
    struct child_keys child;
    struct crypt *ei, *er, *esp_i, *esp_r;
};

static struct rng rng;
static struct suite gcm;

static void end_keys(struct end *e, struct span peer)
{
    static const struct span psk = { (const uint8_t *)"shared key", 10 };
    const struct prf *p = prf_by_id(5);
    const struct nonces n = { span_of(text, 32), span_of(text + 32, 32) };
    struct secret seed = { 0 };
    uint8_t shared[32], auth[32];
    MUST(ke_shared(e->ke, peer, shared, NULL) == ERR_OK);
    MUST(skeyseed_init(p, n, span_of(shared, 32), &seed) == ERR_OK);
    MUST(ike_keys_derive(p, &gcm, &seed, n, 1, 2, &e->ike) == ERR_OK);
    MUST(auth_psk(p, psk, span_of(text, 520), n.r, secret_span(&e->ike.pi), span_of(text, 12),
                  auth) == ERR_OK);
    MUST(auth_psk(p, psk, span_of(text, 320), n.i, secret_span(&e->ike.pr), span_of(text, 12),
                  auth) == ERR_OK);
    MUST(child_keys_derive(p, &gcm, secret_span(&e->ike.d), span_of(NULL, 0), n, &e->child) ==
         ERR_OK);
    struct span none = { 0 };
    MUST(crypt_new(&e->ei, &gcm, secret_span(&e->ike.ei), none) == ERR_OK);
    MUST(crypt_new(&e->er, &gcm, secret_span(&e->ike.er), none) == ERR_OK);
    MUST(crypt_new(&e->esp_i, &gcm, secret_span(&e->child.encr_i), none) == ERR_OK);
    MUST(crypt_new(&e->esp_r, &gcm, secret_span(&e->child.encr_r), none) == ERR_OK);
    secret_clear(&seed);
    wipe(shared, sizeof shared);
}

static void end_free(struct end *e)
{
    ke_free(e->ke);
    ike_keys_clear(&e->ike);
    child_keys_clear(&e->child);
    crypt_free(e->ei);
    crypt_free(e->er);
    crypt_free(e->esp_i);
    crypt_free(e->esp_r);
}

static void our_message(struct crypt *from, struct crypt *to, size_t len, uint64_t q)
{
    uint8_t iv[8];
    put_u64(iv, q);
    struct crypt_op op = { span_of(text, 8), iv, out, len, tag, { 0 } };
    MUST(crypt_seal(from, &op) == ERR_OK);
    MUST(crypt_open(to, &op) == ERR_OK);
}

static void our_handshake(void)
{
    const struct group *g = group_by_id(31);
    struct end i = { 0 }, r = { 0 };
    MUST(ke_new(&i.ke, g, &rng) == ERR_OK);
    MUST(ke_new(&r.ke, g, &rng) == ERR_OK);
    end_keys(&i, ke_public(r.ke));
    end_keys(&r, ke_public(i.ke));
    our_message(i.ei, r.ei, 200, 1);
    our_message(r.er, i.er, 200, 1);
    end_free(&i);
    end_free(&r);
}

static EVP_CIPHER_CTX *raw_enc, *raw_dec;
static struct crypt *our_enc, *our_dec;

static void floor_packets(void)
{
    static uint64_t q;
    for (int i = 0; i < 100; i++, q++) {
        floor_seal(raw_enc, 1400, q);
        floor_open(raw_dec, 1400, q);
    }
}

static void our_packets(void)
{
    static uint64_t q;
    for (int i = 0; i < 100; i++)
        our_message(our_enc, our_dec, 1400, q++);
}

static void init(void)
{
    struct seeded_rng *r = NULL;
    static const uint8_t key[36] = { 1 };
    MUST(seeded_rng_new(&r, 1, "bench") == ERR_OK);
    rng = seeded_rng_handle(r);
    rng_fill(&rng, text, sizeof text);
    MUST(suite_init(&gcm, 20, 256, 0) == ERR_OK);
    floor_init();
    floor_load(&raw_enc, &raw_dec);
    MUST(crypt_new(&our_enc, &gcm, span_of(key, 36), span_of(NULL, 0)) == ERR_OK);
    MUST(crypt_new(&our_dec, &gcm, span_of(key, 36), span_of(NULL, 0)) == ERR_OK);
}

int main(void)
{
    init();
    double keys = ratio("keys-handshake", floor_handshake, our_handshake, 5, 1);
    double aead = ratio("aead", floor_packets, our_packets, 7, 100);
    bool held = at_least("keys-handshake", keys, 0.80);
    return !(at_least("aead", aead, 0.95) && held);
}

/* crypto_bench.c - what the engine's cryptography costs over plain EVP: the keys of a PSK handshake
 * with Curve25519, both ends, and AES-256-GCM on 1400 octets. Rounds alternate between ours and the
 * floor, medians are compared. Prints figures and ratio lines; exit 1 when below a limit. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/crypto/openssl.h"
#include "engine/keys/keys.h"

#define ROUNDS 201
#define MUST(x)                                                                                    \
    do {                                                                                           \
        if (!(x)) {                                                                                \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                                \
            exit(2);                                                                               \
        }                                                                                          \
    } while (0)

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others share the machine */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* --- the floor
 * ------------------------------------------------------------------------------------ */

static EVP_PKEY_CTX *generator;
static EVP_MAC_CTX *hmac;
static uint8_t text[2048], out[2048], plain[2048], tag[16];

static EVP_PKEY *floor_generate(void)
{
    EVP_PKEY *k = NULL;
    MUST(EVP_PKEY_generate(generator, &k) > 0);
    return k;
}

static void floor_derive(EVP_PKEY *mine, EVP_PKEY *his, uint8_t *to)
{
    size_t len = 32;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, mine, NULL);
    MUST(EVP_PKEY_derive_init(ctx) > 0 && EVP_PKEY_derive_set_peer_ex(ctx, his, 0) > 0 &&
         EVP_PKEY_derive(ctx, to, &len) > 0);
    EVP_PKEY_CTX_free(ctx);
}

static void floor_prf(const uint8_t *key, size_t key_len, const uint8_t *in, size_t len,
                      uint8_t *to)
{
    size_t n;
    MUST(EVP_MAC_init(hmac, key, key_len, NULL) && EVP_MAC_update(hmac, in, len) &&
         EVP_MAC_final(hmac, to, &n, 32));
}

static void floor_load(EVP_CIPHER_CTX **enc, EVP_CIPHER_CTX **dec)
{
    static const uint8_t key[32] = { 1 };
    *enc = EVP_CIPHER_CTX_new();
    *dec = EVP_CIPHER_CTX_new();
    MUST(EVP_EncryptInit_ex(*enc, EVP_aes_256_gcm(), NULL, key, NULL) > 0);
    MUST(EVP_DecryptInit_ex(*dec, EVP_aes_256_gcm(), NULL, key, NULL) > 0);
}

static void floor_seal(EVP_CIPHER_CTX *c, size_t len, uint64_t q)
{
    uint8_t nonce[12] = { 0 };
    int n;
    memcpy(nonce + 4, &q, 8);
    MUST(EVP_EncryptInit_ex(c, NULL, NULL, NULL, nonce) > 0 &&
         EVP_EncryptUpdate(c, NULL, &n, text, 8) > 0 &&
         EVP_EncryptUpdate(c, out, &n, text, (int)len) > 0 &&
         EVP_EncryptFinal_ex(c, out + n, &n) > 0 &&
         EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, tag) > 0);
}

static void floor_open(EVP_CIPHER_CTX *c, size_t len, uint64_t q)
{
    uint8_t nonce[12] = { 0 };
    int n;
    memcpy(nonce + 4, &q, 8);
    MUST(EVP_DecryptInit_ex(c, NULL, NULL, NULL, nonce) > 0 &&
         EVP_DecryptUpdate(c, NULL, &n, text, 8) > 0 &&
         EVP_DecryptUpdate(c, plain, &n, out, (int)len) > 0 &&
         EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, 16, tag) > 0 &&
         EVP_DecryptFinal_ex(c, plain + n, &n) > 0);
}

/* Two keys made, two secrets derived, and for each end SKEYSEED, 7 links of prf+, AUTH made and
 * verified (2 prf for ID and message; the padded key once more each), 3 links for the Child SA;
 * two messages sealed and opened, and the ESP keys loaded. */
static void floor_handshake(void)
{
    uint8_t x[32], y[32], mac[32];
    EVP_CIPHER_CTX *enc, *dec;
    EVP_PKEY *a = floor_generate(), *b = floor_generate();
    floor_derive(a, b, x);
    floor_derive(b, a, y);
    MUST(memcmp(x, y, 32) == 0);
    for (int end = 0; end < 2; end++) {
        floor_prf(text, 64, x, 32, mac);
        for (int i = 0; i < 7; i++)
            floor_prf(mac, 32, text, 96, y);
        for (int i = 0; i < 2; i++) {
            floor_prf(text, 10, text, 17, y);
            floor_prf(text, 32, text, 12, y);
            floor_prf(y, 32, text, i == 0 ? 600 : 400, mac);
        }
        for (int i = 0; i < 3; i++)
            floor_prf(mac, 32, text, 96, y);
    }
    floor_load(&enc, &dec);
    for (uint64_t i = 0; i < 2; i++) {
        floor_seal(enc, 200, i);
        floor_open(dec, 200, i);
    }
    EVP_CIPHER_CTX_free(enc);
    EVP_CIPHER_CTX_free(dec);
    floor_load(&enc, &dec);
    EVP_CIPHER_CTX_free(enc);
    EVP_CIPHER_CTX_free(dec);
    EVP_PKEY_free(a);
    EVP_PKEY_free(b);
}

/* --- ours
 * ------------------------------------------------------------------------------------------ */

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

/* --- measuring
 * -------------------------------------------------------------------------------------- */

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

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v)
{
    qsort(v, ROUNDS, sizeof *v, by_value);
    return v[ROUNDS / 2];
}

static double run(void (*f)(void), int n)
{
    double t = now();
    for (int i = 0; i < n; i++)
        f();
    return (now() - t) / n;
}

/* The floor's time over ours: 1 is no cost at all. */
static double ratio(const char *name, void (*floor)(void), void (*ours)(void), int n, int each)
{
    double f[ROUNDS], o[ROUNDS], r[ROUNDS];
    run(floor, n);
    run(ours, n);
    for (int i = 0; i < ROUNDS; i++) {
        /* Who goes first changes, so that no other process falls into step with one of us. */
        if (i % 2 == 0)
            f[i] = run(floor, n);
        o[i] = run(ours, n);
        if (i % 2 != 0)
            f[i] = run(floor, n);
        r[i] = f[i] / o[i];
    }
    double ours_s = median(o) / each, floor_s = median(f) / each;
    printf("%-10s ours %9.2f us (%.0f/s), raw EVP %9.2f us (%.0f/s)\n", name, ours_s * 1e6,
           1 / ours_s, floor_s * 1e6, 1 / floor_s);
    return median(r);
}

static void init(void)
{
    struct seeded_rng *r = NULL;
    static const uint8_t key[36] = { 1 };
    OSSL_PARAM params[2] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                                              (char *)(uintptr_t) "SHA256", 0),
                             OSSL_PARAM_END };
    MUST(seeded_rng_new(&r, 1, "bench") == ERR_OK);
    rng = seeded_rng_handle(r);
    rng_fill(&rng, text, sizeof text);
    MUST(suite_init(&gcm, 20, 256, 0) == ERR_OK);
    generator = EVP_PKEY_CTX_new_from_name(NULL, "X25519", NULL);
    MUST(generator != NULL && EVP_PKEY_keygen_init(generator) > 0);
    hmac = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, "HMAC", NULL));
    MUST(hmac != NULL && EVP_MAC_CTX_set_params(hmac, params) > 0);
    floor_load(&raw_enc, &raw_dec);
    MUST(crypt_new(&our_enc, &gcm, span_of(key, 36), span_of(NULL, 0)) == ERR_OK);
    MUST(crypt_new(&our_dec, &gcm, span_of(key, 36), span_of(NULL, 0)) == ERR_OK);
}

int main(void)
{
    init();
    double keys = ratio("handshake", floor_handshake, our_handshake, 5, 1);
    double aead = ratio("seal+open", floor_packets, our_packets, 7, 100);
    printf("keys-handshake-ratio %.3f (limit 0.80)\n", keys);
    printf("aead-ratio %.3f (limit 0.95)\n", aead);
    return keys < 0.80 || aead < 0.95;
}

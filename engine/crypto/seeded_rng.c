/* seeded_rng.c - octets that a seed repeats: the ChaCha20 key stream of SHA-256(seed | label). */
#include <stdlib.h>

#include "engine/crypto/crypto.h"
#include "engine/crypto/openssl.h"

struct seeded_rng {
    EVP_CIPHER_CTX *ctx;
};

static bool make(struct seeded_rng *r, uint64_t seed, const char *label)
{
    static const uint8_t nonce[16];
    uint8_t head[8], key[EVP_MAX_MD_SIZE];
    put_u64(head, seed);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    r->ctx = EVP_CIPHER_CTX_new();
    bool ok = md != NULL && r->ctx != NULL && EVP_DigestInit_ex2(md, EVP_sha256(), NULL) > 0 &&
              EVP_DigestUpdate(md, head, sizeof head) > 0 &&
              EVP_DigestUpdate(md, label, strlen(label)) > 0 &&
              EVP_DigestFinal_ex(md, key, NULL) > 0 &&
              EVP_EncryptInit_ex2(r->ctx, EVP_chacha20(), key, nonce, NULL) > 0;
    EVP_MD_CTX_free(md);
    wipe(key, sizeof key);
    return ok;
}

enum err seeded_rng_new(struct seeded_rng **out, uint64_t seed, const char *label)
{
    struct seeded_rng *r = OPENSSL_zalloc(sizeof *r);
    if (r == NULL)
        return ERR_MEMORY;
    if (!make(r, seed, label)) {
        seeded_rng_free(r);
        ERR_clear_error();
        return ERR_CRYPTO;
    }
    *out = r;
    return ERR_OK;
}

void seeded_rng_free(struct seeded_rng *r)
{
    if (r == NULL)
        return;
    EVP_CIPHER_CTX_free(r->ctx);
    OPENSSL_free(r);
}

static void fill(void *ctx, uint8_t *out, size_t len)
{
    struct seeded_rng *r = ctx;
    while (len > 0) {
        int n = len < 1u << 20 ? (int)len : 1 << 20;
        memset(out, 0, (size_t)n);
        /* Going on without entropy would be worse than to stop: rng.h lets no fill fail. */
        if (EVP_EncryptUpdate(r->ctx, out, &n, out, n) <= 0 || n <= 0)
            abort();
        out += n;
        len -= (size_t)n;
    }
}

struct rng seeded_rng_handle(struct seeded_rng *r)
{
    return (struct rng){ .fill = fill, .ctx = r };
}

/* mac.c - HMAC and CMAC from the provider, and AES-XCBC-MAC (RFC 3566) on its AES-CBC. */
#include "engine/crypto/mac.h"
#include "engine/crypto/openssl.h"

#include <threads.h>

#define XCBC_BLOCK 16u

struct mac {
    enum mac_kind kind;
    EVP_MAC_CTX *ctx;      /* HMAC, CMAC */
    EVP_CIPHER_CTX *chain; /* XCBC: CBC under K1, whose chaining value is the state */
    uint8_t k2[XCBC_BLOCK], k3[XCBC_BLOCK];
    uint8_t held[XCBC_BLOCK]; /* the block that may turn out to be the last */
    size_t held_len;
};

/* Fetched once per process and only read afterwards. */
static EVP_MAC *hmac, *cmac;
static EVP_CIPHER *aes;
static once_flag fetched = ONCE_FLAG_INIT;

static void fetch(void)
{
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    cmac = EVP_MAC_fetch(NULL, "CMAC", NULL);
    aes = EVP_CIPHER_fetch(NULL, "AES-128-CBC", NULL);
}

bool mac_offered(enum mac_kind kind, const char *provider)
{
    call_once(&fetched, fetch);
    switch (kind) {
    case MAC_HMAC: {
        EVP_MD *md = hmac != NULL ? EVP_MD_fetch(NULL, provider, NULL) : NULL;
        EVP_MD_free(md);
        ERR_clear_error();
        return md != NULL;
    }
    case MAC_CMAC:
        return cmac != NULL && aes != NULL;
    case MAC_XCBC:
        return aes != NULL;
    }
    return false;
}

static bool make(struct mac *m, const char *provider)
{
    if (m->kind == MAC_XCBC) {
        m->chain = EVP_CIPHER_CTX_new();
        return m->chain != NULL && aes != NULL;
    }
    OSSL_PARAM params[2] = { OSSL_PARAM_construct_utf8_string(m->kind == MAC_HMAC
                                                                  ? OSSL_MAC_PARAM_DIGEST
                                                                  : OSSL_MAC_PARAM_CIPHER,
                                                              (char *)(uintptr_t)provider, 0),
                             OSSL_PARAM_END };
    m->ctx = EVP_MAC_CTX_new(m->kind == MAC_HMAC ? hmac : cmac);
    return m->ctx != NULL && EVP_MAC_CTX_set_params(m->ctx, params) > 0;
}

enum err mac_new(struct mac **out, enum mac_kind kind, const char *provider)
{
    call_once(&fetched, fetch);
    struct mac *m = OPENSSL_zalloc(sizeof *m);
    if (m == NULL)
        return ERR_MEMORY;
    m->kind = kind;
    if (!make(m, provider)) {
        mac_free(m);
        ERR_clear_error();
        return ERR_UNSUPPORTED;
    }
    *out = m;
    return ERR_OK;
}

void mac_free(struct mac *m)
{
    if (m == NULL)
        return;
    EVP_MAC_CTX_free(m->ctx);
    EVP_CIPHER_CTX_free(m->chain);
    OPENSSL_clear_free(m, sizeof *m);
}

enum mac_kind mac_kind_of(const struct mac *m)
{
    return m->kind;
}

static enum err said(bool ok)
{
    if (!ok)
        ERR_clear_error();
    return ok ? ERR_OK : ERR_CRYPTO;
}

static bool xcbc_block(struct mac *m, const uint8_t in[XCBC_BLOCK], uint8_t out[XCBC_BLOCK])
{
    int n;
    return EVP_EncryptUpdate(m->chain, out, &n, in, XCBC_BLOCK) > 0 && n == XCBC_BLOCK;
}

/* RFC 3566 4: K1, K2, K3 are the encryptions of blocks of ones, twos and threes. */
static bool xcbc_key(struct mac *m, const uint8_t key[XCBC_BLOCK])
{
    static const uint8_t zero[XCBC_BLOCK];
    uint8_t text[3][XCBC_BLOCK], k1[XCBC_BLOCK];
    uint8_t *to[3] = { k1, m->k2, m->k3 };
    bool ok = true;
    for (int i = 0; i < 3 && ok; i++) {
        memset(text[i], i + 1, XCBC_BLOCK);
        ok = EVP_EncryptInit_ex2(m->chain, aes, key, zero, NULL) > 0 &&
             EVP_CIPHER_CTX_set_padding(m->chain, 0) > 0 && xcbc_block(m, text[i], to[i]);
    }
    ok = ok && EVP_EncryptInit_ex2(m->chain, NULL, k1, zero, NULL) > 0;
    wipe(k1, sizeof k1);
    return ok;
}

enum err mac_key(struct mac *m, struct span key)
{
    static const uint8_t none[1];
    if (m->kind != MAC_HMAC && key.len != XCBC_BLOCK)
        return ERR_LENGTH;
    m->held_len = 0;
    if (m->kind == MAC_XCBC)
        return said(xcbc_key(m, key.p));
    /* A NULL key would mean the one before. */
    return said(EVP_MAC_init(m->ctx, key.len > 0 ? key.p : none, key.len, NULL) > 0);
}

enum err mac_start(struct mac *m)
{
    static const uint8_t zero[XCBC_BLOCK];
    m->held_len = 0;
    if (m->kind == MAC_XCBC)
        return said(EVP_EncryptInit_ex2(m->chain, NULL, NULL, zero, NULL) > 0);
    return said(EVP_MAC_init(m->ctx, NULL, 0, NULL) > 0);
}

static bool xcbc_add(struct mac *m, struct span in)
{
    uint8_t drop[XCBC_BLOCK];
    bool ok = true;
    while (in.len > 0 && ok) {
        if (m->held_len == XCBC_BLOCK) {
            ok = xcbc_block(m, m->held, drop);
            m->held_len = 0;
        }
        struct span part = span_part(in, 0, XCBC_BLOCK - m->held_len);
        memcpy(m->held + m->held_len, part.p, part.len);
        m->held_len += part.len;
        in = span_part(in, part.len, in.len);
    }
    return ok;
}

enum err mac_add(struct mac *m, struct span in)
{
    if (in.len == 0)
        return ERR_OK;
    return said(m->kind == MAC_XCBC ? xcbc_add(m, in) : EVP_MAC_update(m->ctx, in.p, in.len) > 0);
}

/* RFC 3566 4: a whole last block is mixed with K2, a padded one (also the empty text) with K3. */
static bool xcbc_done(struct mac *m, uint8_t *out)
{
    const uint8_t *mix = m->held_len == XCBC_BLOCK ? m->k2 : m->k3;
    if (m->held_len < XCBC_BLOCK) {
        memset(m->held + m->held_len, 0, XCBC_BLOCK - m->held_len);
        m->held[m->held_len] = 0x80;
    }
    for (size_t i = 0; i < XCBC_BLOCK; i++)
        m->held[i] ^= mix[i];
    m->held_len = 0;
    return xcbc_block(m, m->held, out);
}

enum err mac_done(struct mac *m, uint8_t out[MAC_MAX])
{
    size_t n;
    return said(m->kind == MAC_XCBC ? xcbc_done(m, out)
                                    : EVP_MAC_final(m->ctx, out, &n, MAC_MAX) > 0);
}

void mac_forget(struct mac *m)
{
    static const uint8_t zero[XCBC_BLOCK];
    /* Keying with zeros overwrites every copy the provider made of the key. */
    if (mac_key(m, span_of(zero, sizeof zero)) != ERR_OK)
        m->held_len = 0;
    wipe(m->held, sizeof m->held);
}

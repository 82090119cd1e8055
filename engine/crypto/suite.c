/* suite.c - transform ids to sizes and provider ciphers. */
#include <threads.h>

#include "engine/crypto/crypt.h"
#include "engine/crypto/openssl.h"

static const struct cipher_row ciphers[] = {
#define ENCR(id, key_bits, provider, mode, key, salt, iv, block, icv)                              \
    { id, key_bits, provider, MODE_##mode, key, salt, iv, block, icv },
#include "engine/crypto/algs.def"
};
#define NUM_CIPHERS (sizeof ciphers / sizeof ciphers[0])

static const struct integ_row integs[] = {
#define INTEG(id, kind, provider, key, icv) { id, MAC_##kind, provider, key, icv },
#include "engine/crypto/algs.def"
};
#define NUM_INTEGS (sizeof integs / sizeof integs[0])

/* Fetched once per process and only read afterwards. */
static EVP_CIPHER *evp[NUM_CIPHERS];
static bool offered[NUM_INTEGS];
static once_flag fetched = ONCE_FLAG_INIT;

static void fetch(void)
{
    for (size_t i = 0; i < NUM_CIPHERS; i++) {
        if (ciphers[i].mode != MODE_NONE)
            evp[i] = EVP_CIPHER_fetch(NULL, ciphers[i].provider, NULL);
    }
    for (size_t i = 0; i < NUM_INTEGS; i++)
        offered[i] = mac_offered(integs[i].kind, integs[i].provider);
    ERR_clear_error();
}

const struct cipher_row *cipher_row(uint16_t encr, uint16_t key_bits)
{
    for (size_t i = 0; i < NUM_CIPHERS; i++) {
        if (ciphers[i].id == encr && ciphers[i].key_bits == key_bits)
            return &ciphers[i];
    }
    return NULL;
}

static bool cipher_known(uint16_t encr)
{
    for (size_t i = 0; i < NUM_CIPHERS; i++) {
        if (ciphers[i].id == encr)
            return true;
    }
    return false;
}

const struct integ_row *integ_row(uint16_t integ)
{
    for (size_t i = 0; i < NUM_INTEGS; i++) {
        if (integs[i].id == integ)
            return &integs[i];
    }
    return NULL;
}

const EVP_CIPHER *cipher_evp(const struct cipher_row *row)
{
    call_once(&fetched, fetch);
    return evp[row - ciphers];
}

enum err suite_init(struct suite *s, uint16_t encr, uint16_t key_bits, uint16_t integ)
{
    call_once(&fetched, fetch);
    const struct cipher_row *c = cipher_row(encr, key_bits);
    if (c == NULL)
        return cipher_known(encr) ? ERR_VALUE : ERR_UNSUPPORTED;
    if (c->mode != MODE_NONE && evp[c - ciphers] == NULL)
        return ERR_UNSUPPORTED;
    bool aead = c->icv_len > 0;
    const struct integ_row *i = integ_row(integ);
    if (integ != 0 && (i == NULL || !offered[i - integs]))
        return ERR_UNSUPPORTED;
    if (aead == (i != NULL)) /* RFC 7296 3.3: one or the other protects the text */
        return ERR_VALUE;
    *s = (struct suite){
        .encr = encr,
        .key_bits = key_bits,
        .integ = integ,
        .encr_key_len = (uint16_t)(c->key_len + c->salt_len),
        .integ_key_len = i != NULL ? i->key_len : 0,
        .salt_len = c->salt_len,
        .iv_len = c->iv_len,
        .block = c->block,
        .icv_len = aead ? c->icv_len : i->icv_len,
        .aead = aead,
        .iv_counter = c->mode != MODE_CBC && c->mode != MODE_NONE,
    };
    return ERR_OK;
}

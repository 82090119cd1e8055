/* floor_bench.h - what plain EVP needs for the work of a PSK handshake and of ESP packets: the
 * floor that the engine's benches compare with. */
#ifndef ENGINE_CRYPTO_FLOOR_BENCH_H
#define ENGINE_CRYPTO_FLOOR_BENCH_H

#include "engine/base/bench.h"
#include "engine/crypto/openssl.h"

static EVP_PKEY_CTX *generator;
static EVP_MAC_CTX *hmac;
static uint8_t text[2048], out[2048], plain[2048], tag[16];

static inline EVP_PKEY *floor_generate(void)
{
    EVP_PKEY *k = NULL;
    MUST(EVP_PKEY_generate(generator, &k) > 0);
    return k;
}

static inline void floor_derive(EVP_PKEY *mine, EVP_PKEY *his, uint8_t *to)
{
    size_t len = 32;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, mine, NULL);
    MUST(EVP_PKEY_derive_init(ctx) > 0 && EVP_PKEY_derive_set_peer_ex(ctx, his, 0) > 0 &&
         EVP_PKEY_derive(ctx, to, &len) > 0);
    EVP_PKEY_CTX_free(ctx);
}

static inline void floor_prf(const uint8_t *key, size_t key_len, const uint8_t *in, size_t len,
                             uint8_t *to)
{
    size_t n;
    MUST(EVP_MAC_init(hmac, key, key_len, NULL) && EVP_MAC_update(hmac, in, len) &&
         EVP_MAC_final(hmac, to, &n, 32));
}

static inline void floor_load(EVP_CIPHER_CTX **enc, EVP_CIPHER_CTX **dec)
{
    static const uint8_t key[32] = { 1 };
    *enc = EVP_CIPHER_CTX_new();
    *dec = EVP_CIPHER_CTX_new();
    MUST(EVP_EncryptInit_ex(*enc, EVP_aes_256_gcm(), NULL, key, NULL) > 0);
    MUST(EVP_DecryptInit_ex(*dec, EVP_aes_256_gcm(), NULL, key, NULL) > 0);
}

static inline void floor_seal(EVP_CIPHER_CTX *c, size_t len, uint64_t q)
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

static inline void floor_open(EVP_CIPHER_CTX *c, size_t len, uint64_t q)
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
static inline void floor_handshake(void)
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

static inline void floor_init(void)
{
    OSSL_PARAM params[2] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                                              (char *)(uintptr_t) "SHA256", 0),
                             OSSL_PARAM_END };
    generator = EVP_PKEY_CTX_new_from_name(NULL, "X25519", NULL);
    MUST(generator != NULL && EVP_PKEY_keygen_init(generator) > 0);
    hmac = EVP_MAC_CTX_new(EVP_MAC_fetch(NULL, "HMAC", NULL));
    MUST(hmac != NULL && EVP_MAC_CTX_set_params(hmac, params) > 0);
}

#endif

/* esp_bench.c - what a packet costs over the AEAD alone: AES-256-GCM, 1400 inner octets, sealed and
 * opened in batches. */
#define _POSIX_C_SOURCE 200809L
#include "engine/base/bench.h"
#include "engine/crypto/openssl.h"
#include "engine/esp/esp.h"

#define BATCH 32
#define INNER 1400
#define TEXT  1404 /* inner, two pad octets, pad length, next header */

static uint8_t inner[2048], packets[BATCH][2048], plain[2048];

/* --- the floor: header, nonce, AEAD, tag --- */

static EVP_CIPHER_CTX *enc, *dec;
static uint32_t seq;

static void floor_seal(uint8_t *p)
{
    uint8_t nonce[12] = { 9, 9, 9, 9 };
    int n;
    put_u32(p, 0x1000);
    put_u32(p + 4, ++seq);
    put_u64(p + 8, seq);
    memcpy(nonce + 4, p + 8, 8);
    MUST(EVP_EncryptInit_ex(enc, NULL, NULL, NULL, nonce) > 0 &&
         EVP_EncryptUpdate(enc, NULL, &n, p, 8) > 0 &&
         EVP_EncryptUpdate(enc, p + 16, &n, inner, TEXT) > 0 &&
         EVP_EncryptFinal_ex(enc, p + 16 + TEXT, &n) > 0 &&
         EVP_CIPHER_CTX_ctrl(enc, EVP_CTRL_AEAD_GET_TAG, 16, p + 16 + TEXT) > 0);
}

static void floor_open(uint8_t *p)
{
    uint8_t nonce[12] = { 9, 9, 9, 9 };
    int n;
    memcpy(nonce + 4, p + 8, 8);
    MUST(EVP_DecryptInit_ex(dec, NULL, NULL, NULL, nonce) > 0 &&
         EVP_DecryptUpdate(dec, NULL, &n, p, 8) > 0 &&
         EVP_DecryptUpdate(dec, plain, &n, p + 16, TEXT) > 0 &&
         EVP_CIPHER_CTX_ctrl(dec, EVP_CTRL_AEAD_SET_TAG, 16, p + 16 + TEXT) > 0 &&
         EVP_DecryptFinal_ex(dec, plain + n, &n) > 0);
}

static void floor_batch(void)
{
    for (int i = 0; i < BATCH; i++)
        floor_seal(packets[i]);
    for (int i = 0; i < BATCH; i++)
        floor_open(packets[i]);
}

/* --- ours --- */

static struct esp_out out;
static struct esp_in in;

static void our_batch(void)
{
    size_t len[BATCH];
    struct esp_packet got;
    for (int i = 0; i < BATCH; i++) {
        struct writer w = wr_init(packets[i], sizeof packets[i]);
        MUST(esp_seal(&out, NULL, span_of(inner, INNER), NEXT_IPV4, NULL, &w) == ERR_OK);
        len[i] = w.len;
    }
    for (int i = 0; i < BATCH; i++)
        MUST(esp_open(&in, packets[i], len[i], NULL, &got, NULL) == ERR_OK);
}

static void init(void)
{
    static const uint8_t key[36] = { 3 };
    struct suite s;
    enc = EVP_CIPHER_CTX_new();
    dec = EVP_CIPHER_CTX_new();
    MUST(EVP_EncryptInit_ex(enc, EVP_aes_256_gcm(), NULL, key, NULL) > 0);
    MUST(EVP_DecryptInit_ex(dec, EVP_aes_256_gcm(), NULL, key, NULL) > 0);
    MUST(suite_init(&s, 20, 256, 0) == ERR_OK);
    MUST(esp_out_init(&out, 0x1000, &s, span_of(key, 36), span_of(NULL, 0), false) == ERR_OK);
    MUST(esp_in_init(&in, 0x1000, &s, span_of(key, 36), span_of(NULL, 0), false, 64) == ERR_OK);
}

int main(void)
{
    init();
    return !at_least("esp", ratio("esp", floor_batch, our_batch, 15, BATCH), 0.85);
}

/* esp_bench.c - what a packet costs over the AEAD alone: AES-256-GCM, 1400 inner octets, sealed and
 * opened. Rounds alternate between ours and the floor, medians are compared. Prints figures and a
 * ratio line; exit 1 when below the limit. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/crypto/openssl.h"
#include "engine/esp/esp.h"

#define ROUNDS 401
#define BATCH  32
#define INNER  1400
#define TEXT   1404 /* inner, two pad octets, pad length, next header */
#define MUST(x)                                                                                    \
    do {                                                                                           \
        if (!(x)) {                                                                                \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                                \
            exit(2);                                                                               \
        }                                                                                          \
    } while (0)

static uint8_t inner[2048], packets[BATCH][2048], plain[2048];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others share the machine */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* --- the floor: header, nonce, AEAD, tag --------------------------------------------------------
 */

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

/* --- ours
 * ------------------------------------------------------------------------------------------ */

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

/* --- measuring
 * -------------------------------------------------------------------------------------- */

static double run(void (*f)(void))
{
    double t = now();
    for (int i = 0; i < 15; i++)
        f();
    return (now() - t) / (15 * BATCH);
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
    double f[ROUNDS], o[ROUNDS], r[ROUNDS];
    init();
    run(floor_batch);
    run(our_batch);
    for (int i = 0; i < ROUNDS; i++) {
        /* Who goes first changes, so that no other process falls into step with one of us. */
        if (i % 2 == 0)
            f[i] = run(floor_batch);
        o[i] = run(our_batch);
        if (i % 2 != 0)
            f[i] = run(floor_batch);
        r[i] = f[i] / o[i];
    }
    double ours = median(o), floor = median(f), ratio = median(r);
    printf("esp seal+open %d octets: ours %.0f ns (%.2f Gbit/s), AEAD alone %.0f ns\n", INNER,
           ours * 1e9, INNER * 8 / ours / 1e9, floor * 1e9);
    printf("esp-ratio %.3f (limit 0.85)\n", ratio);
    return ratio < 0.85;
}

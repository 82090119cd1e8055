/* keys_test.c - the key formulas against NIST's IKEv2 vectors and against a second, plain writing
 * of each. */
#include "engine/keys/keys.h"
#include "engine/base/addr.h"
#include "engine/crypto/kat.h"
#include "engine/crypto/openssl.h"

/* --- NIST CAVS, IKEv2 KDF (SP 800-135), SHA-1, 1024-bit g^ir, DKM of 132 octets ------------------
 */

#define NI "3651fef5c9c35e93"
#define NR "c09a8b90a3f04d59"
#define GIR                                                                                        \
    "d084a30166a50fb7325c3960874a839449ef9741c2f4f947d0201dd8c1269273"                             \
    "d79509f37e3ca3eb4fa2fe2a28254e289cd3f34dad4eb4df1a07685a4b8a94fa"                             \
    "61e2491f7598b3ce65547ff133b3f63d1ac4175eaa695033f3cedb026a6873a3"                             \
    "6455172a8540b8a5d23a0143bed0390ee49b168269d75fffee9fb62be965993c"
#define GIR_NEW                                                                                    \
    "52f00ab174c25d5b7139ae5ff4e8e9eddee5992d2e36adf8a559ffd90dab1442"                             \
    "e4fbe429d320c0f33552a17d1557fa41ea70e8fb916c4fa27ed52b5f8ebd8461"                             \
    "afa78f1159159a64055ac5f6319e29c28eae58cbc6847770f32c3fed1d047504"                             \
    "84f854790f95e9ec01bc5bc461f24966462e359511329305038e94deb6dd42c2"
#define SPI_I          0x8e5c3ae507221684
#define SPI_R          0xb1f201bb155c3acd
#define SKEYSEED       "cd2e8050137832245f1dbacc6e4f0a92f94d45d6"
#define SKEYSEED_REKEY "3b03bce748c96d5e8306918d2ff89b68f0648da3"
#define DKM                                                                                        \
    "6f1b12cad3cbe097b35430356d869d54cddb0198ec859174d53ceb92dddedbe2"                             \
    "436db69f60977c58fa63bbb667f8d36920b109baae8f6c61a9ac49feda018432"                             \
    "25d080ec5539d5881a25521ffb2a0a91874a9c0a27fcc2d717eb8963a9e3a89c"                             \
    "7ab264757284c28cf8c3ca40576f4220b052b1fb8e9ad60ba3c80557323331a8"                             \
    "cbb89f20"
#define DKM_CHILD                                                                                  \
    "4727dc0ef94eb326ce131cf282fb652faa638ad0ddae3786a11bcc0309876009"                             \
    "f8c485de011ad962c5b1ca8a41ff8145445749079c5686e26ffebbc342f06981"                             \
    "f3da745e11ca0976424d1f8caec623d59dc7186deb20a27b411d1dcb70a36544"                             \
    "0bf7de905088b0692e8addc094e18d1939bdb67e89798ca6b239e2ccb81c2409"                             \
    "dac0106c"
#define DKM_CHILD_PFS                                                                              \
    "b109c21ad4c0797768c1cec9e63554681e48f224bca7f23c20c4ea7041983451"                             \
    "e9aa1d5408656c8a975ff1b9d9a12c75ffeb64bdecb30174664cccb4e14f1c37"                             \
    "7b7f6d1525af77c7092aac3e47f917ebae8297fb5539d2008ce830823a09cc19"                             \
    "7361d4a289c72745f6ce9fefe812be5bf55b3200fbb82e41a4a40877d3fe106d"                             \
    "b909707b"

static struct octets sub(struct octets o, size_t at, size_t len)
{
    struct octets out = { .len = len };
    memcpy(out.b, o.b + at, len);
    return out;
}

static void test_nist(void **state)
{
    (void)state;
    struct octets ni = hex(NI), nr = hex(NR), gir = hex(GIR), gir_new = hex(GIR_NEW);
    struct nonces n = { octets_span(&ni), octets_span(&nr) };
    const struct prf *p = prf_by_id(2);
    struct secret seed = { 0 }, rekeyed = { 0 };
    struct ike_keys k = { 0 };
    struct suite s;
    assert_int_equal(skeyseed_init(p, n, octets_span(&gir), &seed), ERR_OK);
    assert_octets(secret_span(&seed), hex(SKEYSEED));
    /* 3DES and SHA-1: 20, 20, 20, 24, 24, 20, 20 octets, 16 more than the vector has */
    assert_int_equal(suite_init(&s, 3, 0, 2), ERR_OK);
    assert_int_equal(ike_keys_derive(p, &s, &seed, n, SPI_I, SPI_R, &k), ERR_OK);
    struct octets dkm = hex(DKM);
    assert_octets(secret_span(&k.d), sub(dkm, 0, 20));
    assert_octets(secret_span(&k.ai), sub(dkm, 20, 20));
    assert_octets(secret_span(&k.ar), sub(dkm, 40, 20));
    assert_octets(secret_span(&k.ei), sub(dkm, 60, 24));
    assert_octets(secret_span(&k.er), sub(dkm, 84, 24));
    assert_octets(secret_span(&k.pi), sub(dkm, 108, 20));
    assert_int_equal(k.pr.len, 20);
    assert_memory_equal(k.pr.b, dkm.b + 128, 4);

    struct child_keys c = { 0 };
    assert_int_equal(suite_init(&s, 12, 256, 2), ERR_OK);
    struct span none = { 0 };
    assert_int_equal(child_keys_derive(p, &s, secret_span(&k.d), none, n, &c), ERR_OK);
    dkm = hex(DKM_CHILD);
    assert_octets(secret_span(&c.encr_i), sub(dkm, 0, 32));
    assert_octets(secret_span(&c.integ_i), sub(dkm, 32, 20));
    assert_octets(secret_span(&c.encr_r), sub(dkm, 52, 32));
    assert_octets(secret_span(&c.integ_r), sub(dkm, 84, 20));
    assert_int_equal(child_keys_derive(p, &s, secret_span(&k.d), octets_span(&gir_new), n, &c),
                     ERR_OK);
    dkm = hex(DKM_CHILD_PFS);
    assert_octets(secret_span(&c.encr_i), sub(dkm, 0, 32));
    assert_octets(secret_span(&c.integ_r), sub(dkm, 84, 20));

    assert_int_equal(skeyseed_rekey(p, secret_span(&k.d), octets_span(&gir_new), n, &rekeyed),
                     ERR_OK);
    assert_octets(secret_span(&rekeyed), hex(SKEYSEED_REKEY));
    ike_keys_clear(&k);
    child_keys_clear(&c);
    for (size_t i = 0; i < sizeof k; i++)
        assert_int_equal(((uint8_t *)&k)[i], 0);
    ike_keys_clear(NULL);
    child_keys_clear(NULL);
}

/* --- a second writing of the formulas, over one-shot library calls
 * -------------------------------- */

struct way {
    uint16_t id;
    const char *mac, *sub; /* what EVP_Q_mac calls them */
};

static const struct way ways[] = {
    { 1, "HMAC", "MD5" },    { 2, "HMAC", "SHA1" },   { 5, "HMAC", "SHA256" },
    { 6, "HMAC", "SHA384" }, { 7, "HMAC", "SHA512" }, { 8, "CMAC", "AES-128-CBC" },
};
#define NUM_WAYS (sizeof ways / sizeof ways[0])

static struct octets cat(struct octets a, struct octets b)
{
    assert_true(a.len + b.len <= sizeof a.b);
    memcpy(a.b + a.len, b.b, b.len);
    a.len += b.len;
    return a;
}

static struct octets plain_prf(const struct way *w, struct octets key, struct octets text)
{
    struct octets out = { 0 };
    if (w->id == 8 && key.len != 16) { /* RFC 4615 3 */
        struct octets zero = octets_fill(0, 16);
        key = plain_prf(w, zero, key);
    }
    assert_non_null(EVP_Q_mac(NULL, w->mac, NULL, w->sub, NULL, key.b, key.len, text.b, text.len,
                              out.b, sizeof out.b, &out.len));
    return out;
}

static struct octets plain_plus(const struct way *w, struct octets key, struct octets seed,
                                size_t len)
{
    struct octets t = { 0 }, all = { 0 };
    for (uint8_t n = 1; all.len < len; n++) {
        t = plain_prf(w, key, cat(cat(t, seed), octets_fill(n, 1)));
        all = cat(all, t);
    }
    all.len = len;
    return all;
}

static struct octets up(uint8_t from, size_t len)
{
    struct octets o = { .len = len };
    for (size_t i = 0; i < len; i++)
        o.b[i] = (uint8_t)(from + i);
    return o;
}

static void compare(const struct way *w, const struct suite *s, size_t ni_len, size_t nr_len)
{
    const struct prf *p = prf_by_id(w->id);
    struct octets ni = up(1, ni_len), nr = up(100, nr_len), gir = up(50, 256);
    struct octets spis = up(0x10, 16);
    struct nonces n = { octets_span(&ni), octets_span(&nr) };
    struct secret seed = { 0 }, rekeyed = { 0 };
    struct ike_keys k = { 0 };
    struct child_keys c = { 0 };
    struct octets key = cat(ni, nr);
    if (w->id == 8) /* RFC 7296 2.14: 64 bits of each */
        key = cat(sub(ni, 0, 8), sub(nr, 0, 8));
    assert_int_equal(skeyseed_init(p, n, octets_span(&gir), &seed), ERR_OK);
    assert_octets(secret_span(&seed), plain_prf(w, key, gir));

    size_t a = s->integ_key_len, e = s->encr_key_len, d = p->key_len;
    struct octets all =
        plain_plus(w, plain_prf(w, key, gir), cat(cat(ni, nr), spis), 3 * d + 2 * a + 2 * e);
    assert_int_equal(ike_keys_derive(p, s, &seed, n, 0x1011121314151617, 0x18191a1b1c1d1e1f, &k),
                     ERR_OK);
    assert_octets(secret_span(&k.d), sub(all, 0, d));
    assert_octets(secret_span(&k.ai), sub(all, d, a));
    assert_octets(secret_span(&k.ar), sub(all, d + a, a));
    assert_octets(secret_span(&k.ei), sub(all, d + 2 * a, e));
    assert_octets(secret_span(&k.er), sub(all, d + 2 * a + e, e));
    assert_octets(secret_span(&k.pi), sub(all, d + 2 * a + 2 * e, d));
    assert_octets(secret_span(&k.pr), sub(all, 2 * d + 2 * a + 2 * e, d));

    struct octets sk_d = sub(all, 0, d);
    for (int pfs = 0; pfs < 2; pfs++) {
        struct octets share = pfs ? gir : (struct octets){ 0 };
        struct octets keymat = plain_plus(w, sk_d, cat(cat(share, ni), nr), 2 * a + 2 * e);
        assert_int_equal(child_keys_derive(p, s, octets_span(&sk_d), octets_span(&share), n, &c),
                         ERR_OK);
        assert_octets(secret_span(&c.encr_i), sub(keymat, 0, e));
        assert_octets(secret_span(&c.integ_i), sub(keymat, e, a));
        assert_octets(secret_span(&c.encr_r), sub(keymat, e + a, e));
        assert_octets(secret_span(&c.integ_r), sub(keymat, 2 * e + a, a));
    }
    assert_int_equal(skeyseed_rekey(p, octets_span(&sk_d), octets_span(&gir), n, &rekeyed), ERR_OK);
    assert_octets(secret_span(&rekeyed), plain_prf(w, sk_d, cat(cat(gir, ni), nr)));
}

static void test_formulas(void **state)
{
    (void)state;
    static const uint16_t suites[][3] = { { 3, 0, 1 },    { 12, 256, 14 }, { 13, 128, 12 },
                                          { 20, 256, 0 }, { 28, 0, 0 },    { 11, 0, 2 } };
    static const size_t nonce_lens[][2] = { { 16, 16 },  { 32, 32 },   { 8, 8 },
                                            { 16, 256 }, { 256, 256 }, { 17, 33 } };
    for (size_t i = 0; i < NUM_WAYS; i++) {
        for (size_t j = 0; j < 6; j++) {
            for (size_t k = 0; k < 6; k++) {
                struct suite s;
                assert_int_equal(suite_init(&s, suites[j][0], suites[j][1], suites[j][2]), ERR_OK);
                compare(&ways[i], &s, nonce_lens[k][0], nonce_lens[k][1]);
            }
        }
    }
}

/* A key of XCBC's length: the 64-bit rule must hold there as for CMAC. */
static void test_xcbc_rule(void **state)
{
    (void)state;
    const struct prf *p = prf_by_id(4);
    struct octets ni = up(1, 32), nr = up(100, 32), gir = up(50, 32);
    struct octets key = cat(sub(ni, 0, 8), sub(nr, 0, 8));
    struct nonces n = { octets_span(&ni), octets_span(&nr) };
    struct span in = octets_span(&gir);
    struct secret seed = { 0 };
    uint8_t want[PRF_MAX];
    assert_int_equal(skeyseed_init(p, n, in, &seed), ERR_OK);
    assert_int_equal(prf_run(p, octets_span(&key), &in, 1, want), ERR_OK);
    assert_int_equal(seed.len, 16);
    assert_memory_equal(seed.b, want, 16);
}

static void test_nonce_too_long(void **state)
{
    (void)state;
    struct octets ni = up(1, 300), nr = up(1, 300);
    struct nonces n = { octets_span(&ni), octets_span(&nr) };
    struct secret seed = { 0 };
    assert_int_equal(skeyseed_init(prf_by_id(5), n, n.i, &seed), ERR_LENGTH);
    assert_int_equal(seed.len, 0);
}

static void test_auth_psk(void **state)
{
    (void)state;
    struct octets message = up(3, 500), nonce = up(9, 32), sk_p = up(77, 32), id = up(1, 8);
    static const char pad[] = "Key Pad for IKEv2";
    struct octets pad_octets = { .len = 17 };
    memcpy(pad_octets.b, pad, 17);
    for (size_t i = 0; i < NUM_WAYS; i++) {
        const struct prf *p = prf_by_id(ways[i].id);
        for (size_t psk_len = 0; psk_len < 100; psk_len += 5) {
            struct octets psk = up(30, psk_len);
            uint8_t out[PRF_MAX];
            struct octets key = plain_prf(&ways[i], psk, pad_octets);
            struct octets maced = plain_prf(&ways[i], sk_p, id);
            assert_int_equal(auth_psk(p, octets_span(&psk), octets_span(&message),
                                      octets_span(&nonce), octets_span(&sk_p), octets_span(&id),
                                      out),
                             ERR_OK);
            assert_octets(span_of(out, p->out_len),
                          plain_prf(&ways[i], key, cat(cat(message, nonce), maced)));
        }
    }
}

static void test_natd(void **state)
{
    (void)state;
    struct addr v4, v6;
    uint8_t out[20];
    struct octets want = { .len = 20 };
    assert_true(addr_parse("192.0.2.1:500", &v4));
    assert_true(addr_parse("[2001:db8::1]:4500", &v6));
    struct octets in4 = hex("0102030405060708 1112131415161718 c0000201 01f4");
    struct octets in6 =
        hex("0102030405060708 0000000000000000 20010db8000000000000000000000001 1194");
    assert_true(EVP_Q_digest(NULL, "SHA1", NULL, in4.b, in4.len, want.b, NULL) > 0);
    assert_int_equal(natd_hash(0x0102030405060708, 0x1112131415161718, &v4, out), ERR_OK);
    assert_octets(span_of(out, 20), want);
    assert_true(EVP_Q_digest(NULL, "SHA1", NULL, in6.b, in6.len, want.b, NULL) > 0);
    assert_int_equal(natd_hash(0x0102030405060708, 0, &v6, out), ERR_OK);
    assert_octets(span_of(out, 20), want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nist),      cmocka_unit_test(test_formulas),
        cmocka_unit_test(test_xcbc_rule), cmocka_unit_test(test_nonce_too_long),
        cmocka_unit_test(test_auth_psk),  cmocka_unit_test(test_natd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* prf_test.c - PRFs against the vectors of their RFCs, prf+ against its definition. */
#include "engine/crypto/crypto.h"
#include "engine/crypto/kat.h"

struct kat {
    uint16_t id;
    const char *key, *text, *out;
};

#define KEY_0B16  "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define KEY_0B20  KEY_0B16 "0b0b0b0b"
#define KEY_AA16  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEY_AA131 KEY_AA16 KEY_AA16 KEY_AA16 KEY_AA16 KEY_AA16 KEY_AA16 KEY_AA16 KEY_AA16 "aaaaaa"
#define DD50                                                                                       \
    "dddddddddddddddddddddddddddddddddddddddddddddddddd"                                           \
    "dddddddddddddddddddddddddddddddddddddddddddddddddd"
#define HI_THERE "4869205468657265"
#define JEFE     "4a656665"
#define WHAT_DO  "7768617420646f2079612077616e7420666f72206e6f7468696e673f"
#define LARGER_KEY                                                                                 \
    "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a"                             \
    "65204b6579202d2048617368204b6579204669727374"
#define UP20 "000102030405060708090a0b0c0d0e0f10111213"

static const struct kat kats[] = {
    /* RFC 2202 2 */
    { 1, KEY_0B16, HI_THERE, "9294727a3638bb1c13f48ef8158bfc9d" },
    { 1, JEFE, WHAT_DO, "750c783e6ab0b503eaa86e310a5db738" },
    { 1, KEY_AA16, DD50, "56be34521d144c88dbb8c733f0e8b3f6" },
    /* RFC 2202 3 */
    { 2, KEY_0B20, HI_THERE, "b617318655057264e28bc0b6fb378c8ef146be00" },
    { 2, JEFE, WHAT_DO, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
    { 2, KEY_AA16 "aaaaaaaa", DD50, "125d7342b9ac11cd91a39af48aa17b4f63f175d3" },
    /* RFC 4231 4.2, 4.3, 4.4, 4.7 */
    { 5, KEY_0B20, HI_THERE, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { 5, JEFE, WHAT_DO, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
    { 5, KEY_AA16 "aaaaaaaa", DD50,
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
    { 5, KEY_AA131, LARGER_KEY,
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
    { 6, KEY_0B20, HI_THERE,
      "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
      "faea9ea9076ede7f4af152e8b2fa9cb6" },
    { 6, JEFE, WHAT_DO,
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
      "8e2240ca5e69e2c78b3239ecfab21649" },
    { 7, KEY_0B20, HI_THERE,
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
      "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854" },
    { 7, JEFE, WHAT_DO,
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
      "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737" },
    /* RFC 4434 3: keys of 16, 10 and 18 octets */
    { 4, "000102030405060708090a0b0c0d0e0f", UP20, "47f51b4564966215b8985c63055ed308" },
    { 4, "00010203040506070809", UP20, "0fa087af7d866e7653434e602fdde835" },
    { 4, "000102030405060708090a0b0c0d0e0fedcb", UP20, "8cd3c93ae598a9803006ffb67c40e9e4" },
    /* RFC 3566 5: no text, 3, 16, 32 and 34 octets */
    { 4, "000102030405060708090a0b0c0d0e0f", "", "75f0251d528ac01c4573dfd584d79f29" },
    { 4, "000102030405060708090a0b0c0d0e0f", "000102", "5b376580ae2f19afe7219ceef172756f" },
    { 4, "000102030405060708090a0b0c0d0e0f", "000102030405060708090a0b0c0d0e0f",
      "d2a246fa349b68a79998a4394ff7a263" },
    { 4, "000102030405060708090a0b0c0d0e0f",
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
      "f54f0ec8d2b9f3d36807734bd5283fd4" },
    { 4, "000102030405060708090a0b0c0d0e0f",
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021",
      "becbb3bccdb518a30677d5481fb6b4d8" },
    /* RFC 4493 4: no text, 16, 40 and 64 octets */
    { 8, "2b7e151628aed2a6abf7158809cf4f3c", "", "bb1d6929e95937287fa37d129b756746" },
    { 8, "2b7e151628aed2a6abf7158809cf4f3c", "6bc1bee22e409f96e93d7e117393172a",
      "070a16b46b4d4144f79bdd9dd04a287c" },
    { 8, "2b7e151628aed2a6abf7158809cf4f3c",
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
      "dfa66747de9ae63030ca32611497c827" },
    { 8, "2b7e151628aed2a6abf7158809cf4f3c",
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
      "51f0bebf7e3b9d92fc49741779363cfe" },
    /* RFC 4615 4: keys of 18, 16 and 10 octets */
    { 8, "000102030405060708090a0b0c0d0e0fedcb", UP20, "84a348a4a45d235babfffc0d2b4da09a" },
    { 8, "000102030405060708090a0b0c0d0e0f", UP20, "980ae87b5f4c9c5214f5b6a8455e4c2d" },
    { 8, "00010203040506070809", UP20, "290d9e112edb09ee141fcf64c0b72f3d" },
};

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kats / sizeof kats[0]; i++) {
        const struct prf *p = prf_by_id(kats[i].id);
        struct octets key = hex(kats[i].key), text = hex(kats[i].text);
        uint8_t out[PRF_MAX];
        assert_non_null(p);
        /* In one piece, and cut everywhere: the pieces must not matter. */
        for (size_t cut = 0; cut <= text.len; cut++) {
            struct span whole = octets_span(&text);
            struct span in[] = { span_part(whole, 0, cut), { 0 }, span_part(whole, cut, text.len) };
            assert_int_equal(prf_run(p, octets_span(&key), in, 3, out), ERR_OK);
            assert_octets(span_of(out, p->out_len), hex(kats[i].out));
        }
    }
}

/* RFC 3566 5, test case 7. */
static void test_xcbc_long(void **state)
{
    (void)state;
    struct octets key = hex("000102030405060708090a0b0c0d0e0f"), zeros = octets_fill(0, 1000);
    struct span in = octets_span(&zeros);
    uint8_t out[PRF_MAX];
    assert_int_equal(prf_run(prf_by_id(4), octets_span(&key), &in, 1, out), ERR_OK);
    assert_octets(span_of(out, 16), hex("f0dafee895db30253761103b5d84528f"));
}

static void test_ids(void **state)
{
    (void)state;
    static const uint16_t lens[][3] = { { 1, 16, 16 }, { 2, 20, 20 }, { 4, 16, 16 }, { 5, 32, 32 },
                                        { 6, 48, 48 }, { 7, 64, 64 }, { 8, 16, 16 } };
    for (size_t i = 0; i < 7; i++) {
        const struct prf *p = prf_by_id(lens[i][0]);
        assert_non_null(p);
        assert_int_equal(p->id, lens[i][0]);
        assert_int_equal(p->key_len, lens[i][1]);
        assert_int_equal(p->out_len, lens[i][2]);
        assert_int_equal(p->fixed_key, p->id == 4 || p->id == 8);
    }
    assert_null(prf_by_id(0));
    assert_null(prf_by_id(3)); /* TIGER */
    assert_null(prf_by_id(9));
    assert_null(prf_by_id(65535));
}

/* prf+ link by link, and every length is a prefix of the longest. */
static void test_plus(void **state)
{
    (void)state;
    static const uint16_t ids[] = { 1, 2, 4, 5, 6, 7, 8 };
    struct span key = span_str("some key"), seed[] = { span_str("Ni"), span_str("Nr") };
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct prf *p = prf_by_id(ids[i]);
        size_t max = 255u * p->out_len;
        uint8_t *all = malloc(max + 1), *part = malloc(max + 1), t[PRF_MAX];
        assert_int_equal(prf_plus(p, key, seed, 2, all, max), ERR_OK);
        for (unsigned n = 1; n <= 255; n++) {
            uint8_t count = (uint8_t)n;
            struct span in[] = { span_of(t, n > 1 ? p->out_len : 0), seed[0], seed[1],
                                 span_of(&count, 1) };
            assert_int_equal(prf_run(p, key, in, 4, t), ERR_OK);
            assert_memory_equal(all + (n - 1) * p->out_len, t, p->out_len);
        }
        for (size_t len = 0; len < 200; len++) {
            part[len] = 0xa5;
            assert_int_equal(prf_plus(p, key, seed, 2, part, len), ERR_OK);
            assert_memory_equal(part, all, len);
            assert_int_equal(part[len], 0xa5);
        }
        assert_int_equal(prf_plus(p, key, seed, 2, all, max + 1), ERR_LENGTH);
        free(all);
        free(part);
    }
}

static void test_digests(void **state)
{
    (void)state;
    uint8_t out[32];
    struct span abc[] = { span_str("a"), { 0 }, span_str("bc") };
    assert_int_equal(sha1_run(abc, 3, out), ERR_OK); /* FIPS 180-4 */
    assert_octets(span_of(out, 20), hex("a9993e364706816aba3e25717850c26c9cd0d89d"));
    assert_int_equal(sha1_run(NULL, 0, out), ERR_OK);
    assert_octets(span_of(out, 20), hex("da39a3ee5e6b4b0d3255bfef95601890afd80709"));
    struct span what = span_str("what do ya want for nothing?");
    assert_int_equal(hmac_sha256(span_str("Jefe"), &what, 1, out), ERR_OK);
    assert_octets(span_of(out, 32),
                  hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

/* An empty key is a key, not the one before. */
static void test_empty_key(void **state)
{
    (void)state;
    uint8_t before[PRF_MAX], out[PRF_MAX];
    struct span in = span_str("text");
    const struct prf *p = prf_by_id(5);
    assert_int_equal(prf_run(p, span_str("key"), &in, 1, before), ERR_OK);
    assert_int_equal(prf_run(p, (struct span){ 0 }, &in, 1, out), ERR_OK);
    assert_memory_not_equal(out, before, 32);
    uint8_t zero[64] = { 0 }; /* RFC 2104: short keys are padded with zeros to a block */
    assert_int_equal(prf_run(p, span_of(zero, 64), &in, 1, before), ERR_OK);
    assert_memory_equal(out, before, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_xcbc_long),
        cmocka_unit_test(test_ids),     cmocka_unit_test(test_plus),
        cmocka_unit_test(test_digests), cmocka_unit_test(test_empty_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

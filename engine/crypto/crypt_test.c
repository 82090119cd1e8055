/* crypt_test.c - ciphers, integrity algorithms and AEADs against published vectors; every suite
 * there and back, with every octet bent; which pairs make a suite. */
#include "engine/crypto/crypto.h"
#include "engine/crypto/kat.h"

/* key ends in the salt; seal must give out and icv (truncated to the suite's length). */
struct kat {
    uint16_t encr, key_bits, integ;
    const char *key, *integ_key, *aad, *iv, *text, *out, *icv;
};

#define GCM_KEY "feffe9928665731c6d6a8f9467308308"
#define GCM_TEXT                                                                                   \
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"                             \
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
#define GCM_AAD    "feedfacedeadbeeffeedfacedeadbeefabaddad2"
#define CHACHA_KEY "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
#define CCM_KEY    "7a182e4e3367194662d614bb11da11e86596f724204f48ff"
#define UP32       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_0B16   "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define HI_THERE   "4869205468657265"

static const struct kat aead_kats[] = {
    /* GCM specification (McGrew and Viega), test cases 4, 10 and 16: the first 4 octets of the
     * nonce are the salt. */
    { 20, 128, 0, GCM_KEY "cafebabe", "", GCM_AAD, "facedbaddecaf888", GCM_TEXT,
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
      "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
      "5bc94fbc3221a5db94fae95ae7121a47" },
    { 20, 192, 0, GCM_KEY "feffe9928665731ccafebabe", "", GCM_AAD, "facedbaddecaf888", GCM_TEXT,
      "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c"
      "7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710",
      "2519498e80f1478f37ba55bd6d27618c" },
    { 20, 256, 0, GCM_KEY GCM_KEY "cafebabe", "", GCM_AAD, "facedbaddecaf888", GCM_TEXT,
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
      "76fc6ece0f4e1768cddf8853bb2d551b" },
    /* Test cases 1 and 2: no AAD, without and with text. */
    { 20, 128, 0, "00000000000000000000000000000000 00000000", "", "", "0000000000000000", "", "",
      "58e2fccefa7e3061367f1d57a4e7455a" },
    { 20, 128, 0, "00000000000000000000000000000000 00000000", "", "", "0000000000000000",
      "00000000000000000000000000000000", "0388dace60b6a392f328c2b971b2fe78",
      "ab6e47d42cec13bdf53a67b21257bddf" },
    /* The same tag cut to 12 and 8 octets (RFC 4106 6). */
    { 19, 128, 0, GCM_KEY "cafebabe", "", GCM_AAD, "facedbaddecaf888", GCM_TEXT,
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
      "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
      "5bc94fbc3221a5db94fae95a" },
    { 18, 256, 0, GCM_KEY GCM_KEY "cafebabe", "", GCM_AAD, "facedbaddecaf888", GCM_TEXT,
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
      "76fc6ece0f4e1768" },
    /* RFC 8439 2.8.2 */
    { 28, 0, 0, CHACHA_KEY "07000000", "", "50515253c0c1c2c3c4c5c6c7", "4041424344454647",
      "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
      "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
      "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
      "637265656e20776f756c642062652069742e",
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
      "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
      "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
      "3ff4def08e4b7a9de576d26586cec64b6116",
      "1ae10b594f09e26a7e902ecbd0600691" },
    /* RFC 7634 appendix A, an ESP packet */
    { 28, 0, 0, CHACHA_KEY "a0a1a2a3", "", "0102030400000005", "1011121314151617",
      "45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10"
      "0007362708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"
      "2425262728292a2b2c2d2e2f303132333435363701020204",
      "24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c6"
      "14ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3"
      "cbec163fac469b502773f6fb94e664da9165b82829f641e0",
      "76aaa8266b7fb0f7b11b369907e1ad43" },
    /* RFC 7634 appendix B, an IKEv2 message */
    { 28, 0, 0, CHACHA_KEY "a0a1a2a3", "",
      "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029", "1011121314151617",
      "0000000c000040010000000a00", "610394701f8d017f7c12924889",
      "6b71bfe25236efd7cdc670669063 15b2" },
    /* NIST CAVS, CCM VNT192, Nlen 11 (RFC 4309's nonce length) */
    { 16, 192, 0, CCM_KEY "d3284d", "",
      "21214ac2314fdfe07bc4d066245a97b1a10470df2a6d6b926cdcbff07f5b61ef", "1de51559c1ddbfe6",
      "88a5c1c2ae4eb463a3283dc5c81f665b0f6d54495f6cc9d43aa8ee179d3950f8",
      "65ed1e3919d208e9e5267370b9cf9b1431ef0c584dd2cf057d243a03523ca756",
      "2a18840cac2199030c008741d74fb220" },
    { 16, 192, 0, CCM_KEY "50f7d1", "",
      "6389bbe519992fd98a97842ecc4d2b2569328c10bd3d93c09ffb6b4044e089c4", "82a3d5f0388465e4",
      "68e9cca19882c4b0c817d0645a97f74016b3f0ac133829eadb9c0e4bcad687a3",
      "72836a9a3c196e6c6e49b9a7808297d1bc2f0f02f018bb5418a4264215a9cadf",
      "691d71c18798554efcc028599a7d1e21" },
};

static const struct kat cipher_kats[] = {
    /* RFC 3602 4, cases 1 and 2 */
    { 12, 128, 2, "06a9214036b8a15b512e03d534120006", "", "", "3dafba429d9eb430b422da802c9fac41",
      "53696e676c6520626c6f636b206d7367", "e353779c1079aeb82708942dbe77181a", "" },
    { 12, 128, 2, "c286696d887c9aa0611bbb3e2025a45a", "", "", "562e17996d093d28ddb3ba695a2e6f58",
      UP32, "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1", "" },
    /* SP 800-38A F.2.3 and F.2.5, first block */
    { 12, 192, 2, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "", "",
      "000102030405060708090a0b0c0d0e0f", "6bc1bee22e409f96e93d7e117393172a",
      "4f021db243bc633d7178183a9fa071e8", "" },
    { 12, 256, 2, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "", "",
      "000102030405060708090a0b0c0d0e0f", "6bc1bee22e409f96e93d7e117393172a",
      "f58c4c04d6e5f1ba779eabfb5f7bfbd6", "" },
    /* RFC 3686 6, cases 1, 2, 4 and 7; the nonce is the salt */
    { 13, 128, 2, "ae6852f8121067cc4bf7a5765577f39e 00000030", "", "", "0000000000000000",
      "53696e676c6520626c6f636b206d7367", "e4095d4fb7a7b3792d6175a3261311b8", "" },
    { 13, 128, 2, "7e24067817fae0d743d6ce1f32539163 006cb6db", "", "", "c0543b59da48d90b", UP32,
      "5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28", "" },
    { 13, 192, 2, "16af5b145fc9f579c175f93e3bfb0eed863d06ccfdb78515 00000048", "", "",
      "36733c147d6d93cb", "53696e676c6520626c6f636b206d7367", "4b55384fe259c9c84e7935a003cbe928",
      "" },
    { 13, 256, 2, "776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104 00000060", "",
      "", "db5672c97aa8f0b2", "53696e676c6520626c6f636b206d7367",
      "145ad01dbf824ec7560863dc71e3e0c0", "" },
    /* SP 800-67 B.1: the first block, which CBC with a zero IV leaves as it is */
    { 3, 0, 2, "0123456789abcdef23456789abcdef01456789abcdef0123", "", "", "0000000000000000",
      "5468652071756663", "a826fd8ce53b855f", "" },
    /* RFC 3713 appendix A, likewise */
    { 23, 128, 2, "0123456789abcdeffedcba9876543210", "", "", "00000000000000000000000000000000",
      "0123456789abcdeffedcba9876543210", "67673138549669730857065648eabe43", "" },
    { 23, 192, 2, "0123456789abcdeffedcba98765432100011223344556677", "", "",
      "00000000000000000000000000000000", "0123456789abcdeffedcba9876543210",
      "b4993401b3e996f84ee5cee7d79b09b9", "" },
    { 23, 256, 2, "0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff", "", "",
      "00000000000000000000000000000000", "0123456789abcdeffedcba9876543210",
      "9acc237dff16d76c20ef7c919e3a7509", "" },
};

/* With NULL encryption: the ICV over "Hi There" and the like, cut into AAD, text and tail. */
static const struct kat integ_kats[] = {
    /* RFC 2202, cut to 96 bits */
    { 11, 0, 1, "", KEY_0B16, "", "", HI_THERE, HI_THERE, "9294727a3638bb1c13f48ef8" },
    { 11, 0, 2, "", KEY_0B16 "0b0b0b0b", "", "", HI_THERE, HI_THERE, "b617318655057264e28bc0b6" },
    /* RFC 3566 5, cases 2 and 6 */
    { 11, 0, 5, "", "000102030405060708090a0b0c0d0e0f", "", "", "000102", "000102",
      "5b376580ae2f19afe7219cee" },
    { 11, 0, 5, "", "000102030405060708090a0b0c0d0e0f", "", "", UP32 "2021", UP32 "2021",
      "becbb3bccdb518a30677d548" },
    /* RFC 4494 4 */
    { 11, 0, 8, "", "2b7e151628aed2a6abf7158809cf4f3c", "", "", "6bc1bee22e409f96e93d7e117393172a",
      "6bc1bee22e409f96e93d7e117393172a", "070a16b46b4d4144f79bdd9d" },
    /* RFC 4868 2.7.2.1 to 2.7.2.3, first cases */
    { 11, 0, 12, "", KEY_0B16 KEY_0B16, "", "", HI_THERE, HI_THERE,
      "198a607eb44bfbc69903a0f1cf2bbdc5" },
    { 11, 0, 13, "", KEY_0B16 KEY_0B16 KEY_0B16, "", "", HI_THERE, HI_THERE,
      "b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973" },
    { 11, 0, 14, "", KEY_0B16 KEY_0B16 KEY_0B16 KEY_0B16, "", "", HI_THERE, HI_THERE,
      "637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8" },
};

static struct crypt *load(const struct kat *k, struct suite *s)
{
    struct octets key = hex(k->key), integ_key = hex(k->integ_key);
    struct crypt *c = NULL;
    assert_int_equal(suite_init(s, k->encr, k->key_bits, k->integ), ERR_OK);
    if (integ_key.len == 0) /* a cipher vector brings none */
        integ_key = octets_fill(0x5a, s->integ_key_len);
    assert_int_equal(crypt_new(&c, s, octets_span(&key), octets_span(&integ_key)), ERR_OK);
    return c;
}

static void run_kat(const struct kat *k)
{
    struct suite s;
    struct crypt *c = load(k, &s);
    struct octets aad = hex(k->aad), iv = hex(k->iv), text = hex(k->text);
    uint8_t icv[ICV_MAX];
    assert_int_equal(iv.len, s.iv_len);
    struct crypt_op op = { octets_span(&aad), iv.b, text.b, text.len, icv, { 0 } };
    for (int again = 0; again < 2; again++) { /* contexts are kept: the second must be the same */
        assert_int_equal(crypt_seal(c, &op), ERR_OK);
        assert_octets(span_of(text.b, text.len), hex(k->out));
        if (k->icv[0] != '\0')
            assert_octets(span_of(icv, s.icv_len), hex(k->icv));
        assert_int_equal(crypt_open(c, &op), ERR_OK);
        assert_octets(span_of(text.b, text.len), hex(k->text));
    }
    crypt_free(c);
}

static void test_aead_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof aead_kats / sizeof aead_kats[0]; i++)
        run_kat(&aead_kats[i]);
}

static void test_cipher_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cipher_kats / sizeof cipher_kats[0]; i++)
        run_kat(&cipher_kats[i]);
}

static void test_integ_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof integ_kats / sizeof integ_kats[0]; i++) {
        const struct kat *k = &integ_kats[i];
        run_kat(k);
        /* What the ICV covers comes in four pieces; only their order matters. */
        struct suite s;
        struct crypt *c = load(k, &s);
        struct octets text = hex(k->text);
        struct span all = octets_span(&text);
        uint8_t icv[ICV_MAX];
        for (size_t a = 0; a <= text.len; a++) {
            for (size_t b = a; b <= text.len; b++) {
                struct crypt_op op = { span_part(all, 0, a),       NULL, text.b + a, b - a, icv,
                                       span_part(all, b, text.len) };
                assert_int_equal(crypt_seal(c, &op), ERR_OK);
                assert_octets(span_of(icv, s.icv_len), hex(k->icv));
            }
        }
        crypt_free(c);
    }
}

/* RFC 4543: the tag is that of AES-GCM without text and with aad | IV | text as its AAD. */
static void test_gmac(void **state)
{
    (void)state;
    struct octets key = hex(GCM_KEY GCM_KEY "cafebabe"), iv = hex("facedbaddecaf888");
    struct octets text = hex(GCM_TEXT), aad = hex("0000100000000001"),
                  all = hex("0000100000000001 facedbaddecaf888" GCM_TEXT);
    struct suite gcm, gmac;
    struct crypt *a = NULL, *b = NULL;
    uint8_t want[16], icv[16];
    assert_int_equal(suite_init(&gcm, 20, 256, 0), ERR_OK);
    assert_int_equal(suite_init(&gmac, 21, 256, 0), ERR_OK);
    assert_int_equal(crypt_new(&a, &gcm, octets_span(&key), span_of(NULL, 0)), ERR_OK);
    assert_int_equal(crypt_new(&b, &gmac, octets_span(&key), span_of(NULL, 0)), ERR_OK);
    struct crypt_op plain = { octets_span(&all), iv.b, NULL, 0, want, { 0 } };
    assert_int_equal(crypt_seal(a, &plain), ERR_OK);
    struct crypt_op op = { octets_span(&aad), iv.b, text.b, text.len, icv, { 0 } };
    assert_int_equal(crypt_seal(b, &op), ERR_OK);
    assert_memory_equal(icv, want, 16);
    assert_octets(octets_span(&text), hex(GCM_TEXT)); /* in the clear */
    assert_int_equal(crypt_open(b, &op), ERR_OK);
    crypt_free(a);
    crypt_free(b);
}

/* --- every suite -------------------------------------------------------------------------------
 */

#define MAX_SUITES 300

static size_t all_suites(struct suite *out)
{
    static const uint16_t bits[] = { 0, 128, 192, 256 };
    size_t n = 0;
    for (uint16_t encr = 0; encr < 40; encr++) {
        for (size_t k = 0; k < 4; k++) {
            for (uint16_t integ = 0; integ < 20; integ++) {
                assert_true(n < MAX_SUITES);
                if (suite_init(&out[n], encr, bits[k], integ) == ERR_OK)
                    n++;
            }
        }
    }
    return n;
}

static struct crypt *load_suite(const struct suite *s, uint8_t salt)
{
    struct octets key = octets_fill(0x11, s->encr_key_len);
    struct octets integ_key = octets_fill(0x22, s->integ_key_len);
    struct crypt *c = NULL;
    for (size_t i = 0; i < key.len; i++)
        key.b[i] = (uint8_t)(i * 7 + salt);
    assert_int_equal(crypt_new(&c, s, octets_span(&key), octets_span(&integ_key)), ERR_OK);
    return c;
}

/* Seals 64 octets of 0x33; any one bit bent must be noticed, the text must be gone after that,
 * and the unchecked opening must show it all the same. */
static void bend_suite(const struct suite *s)
{
    struct crypt *c = load_suite(s, 1);
    uint8_t aad[8] = "aadaada", iv[IV_MAX] = "iviviviviviviv", text[64], icv[ICV_MAX],
            tail[4] = "tai";
    bool held;
    memset(text, 0x33, sizeof text);
    size_t tail_len = s->aead ? 0 : sizeof tail;
    struct crypt_op op = { span_of(aad, 8), iv, text, 64, icv, span_of(tail, tail_len) };
    assert_int_equal(crypt_seal(c, &op), ERR_OK);
    uint8_t sealed[64];
    memcpy(sealed, text, 64);
    uint8_t *parts[] = { aad, iv, text, icv, tail };
    size_t lens[] = { 8, s->iv_len, 64, s->icv_len, tail_len };
    for (size_t p = 0; p < 5; p++) {
        for (size_t i = 0; i < lens[p]; i++) {
            memcpy(text, sealed, 64);
            parts[p][i] ^= 0x10;
            assert_int_equal(crypt_open(c, &op), ERR_INTEGRITY);
            for (size_t k = 0; k < 64; k++)
                assert_int_equal(text[k], 0);
            memcpy(text, sealed, 64);
            if (p == 2)
                text[i] ^= 0x10;
            held = true;
            assert_int_equal(crypt_open_unchecked(c, &op, &held), ERR_OK);
            assert_false(held);
            if (p != 1 && p != 2) {
                for (size_t k = 0; k < 64; k++)
                    assert_int_equal(text[k], 0x33);
            }
            if (p != 2)
                parts[p][i] ^= 0x10;
        }
    }
    memcpy(text, sealed, 64);
    assert_int_equal(crypt_open_unchecked(c, &op, &held), ERR_OK);
    assert_true(held);
    assert_int_equal(text[63], 0x33);
    memcpy(text, sealed, 64);
    assert_int_equal(crypt_open(c, &op), ERR_OK);
    assert_int_equal(text[63], 0x33);
    crypt_free(c);
}

static void test_every_suite(void **state)
{
    (void)state;
    static struct suite all[MAX_SUITES];
    size_t n = all_suites(all);
    /* 3DES, NULL, 3 AES-CBC, 3 CTR, 3 Camellia with 7 MACs each, and 9 CCM, 9 GCM, 3 GMAC, ChaCha
     */
    assert_int_equal(n, 11 * 7 + 22);
    for (size_t i = 0; i < n; i++)
        bend_suite(&all[i]);
}

/* Every length that the block allows, on contexts that keep state between packets. */
static void test_lengths(void **state)
{
    (void)state;
    static struct suite all[MAX_SUITES];
    static uint8_t text[300], want[300];
    size_t n = all_suites(all);
    for (size_t i = 0; i < n; i++) {
        struct crypt *out = load_suite(&all[i], 1), *in = load_suite(&all[i], 1);
        uint8_t iv[IV_MAX] = { 0 }, icv[ICV_MAX];
        for (size_t len = 0; len <= sizeof text; len++) {
            memset(want, (int)len, len);
            memcpy(text, want, len);
            iv[7] = (uint8_t)len;
            struct crypt_op op = { span_of(iv, 8), iv, text, len, icv, { 0 } };
            if (len % all[i].block != 0) {
                assert_int_equal(crypt_seal(out, &op), ERR_LENGTH);
                assert_int_equal(crypt_open(in, &op), ERR_LENGTH);
                continue;
            }
            assert_int_equal(crypt_seal(out, &op), ERR_OK);
            if (len >= 16 && all[i].encr != 11 && all[i].encr != 21)
                assert_memory_not_equal(text, want, len);
            assert_int_equal(crypt_open(in, &op), ERR_OK);
            assert_memory_equal(text, want, len);
        }
        crypt_free(out);
        crypt_free(in);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    struct suite s;
    assert_int_equal(suite_init(&s, 20, 256, 0), ERR_OK);
    assert_int_equal(s.encr_key_len, 36);
    assert_int_equal(s.integ_key_len, 0);
    assert_int_equal(s.salt_len, 4);
    assert_int_equal(s.iv_len, 8);
    assert_int_equal(s.block, 1);
    assert_int_equal(s.icv_len, 16);
    assert_true(s.aead && s.iv_counter);
    assert_int_equal(suite_init(&s, 14, 128, 0), ERR_OK);
    assert_int_equal(s.encr_key_len, 19);
    assert_int_equal(s.icv_len, 8);
    assert_int_equal(suite_init(&s, 12, 192, 14), ERR_OK);
    assert_int_equal(s.encr_key_len, 24);
    assert_int_equal(s.integ_key_len, 64);
    assert_int_equal(s.iv_len, 16);
    assert_int_equal(s.block, 16);
    assert_int_equal(s.icv_len, 32);
    assert_false(s.aead || s.iv_counter);
    assert_int_equal(suite_init(&s, 13, 128, 2), ERR_OK);
    assert_int_equal(s.encr_key_len, 20);
    assert_int_equal(s.block, 1);
    assert_true(!s.aead && s.iv_counter);
    assert_int_equal(suite_init(&s, 3, 0, 1), ERR_OK);
    assert_int_equal(s.encr_key_len, 24);
    assert_int_equal(s.block, 8);
    assert_int_equal(s.icv_len, 12);
    assert_int_equal(suite_init(&s, 11, 0, 12), ERR_OK);
    assert_int_equal(s.encr_key_len, 0);
    assert_int_equal(s.iv_len, 0);
    assert_false(s.iv_counter);
}

static void test_refused(void **state)
{
    (void)state;
    struct suite s;
    assert_int_equal(suite_init(&s, 0, 0, 2), ERR_UNSUPPORTED);
    assert_int_equal(suite_init(&s, 999, 0, 2), ERR_UNSUPPORTED);
    assert_int_equal(suite_init(&s, 12, 128, 3), ERR_UNSUPPORTED); /* DES-MAC */
    assert_int_equal(suite_init(&s, 12, 128, 99), ERR_UNSUPPORTED);
    assert_int_equal(suite_init(&s, 12, 0, 2), ERR_VALUE); /* AES needs a length */
    assert_int_equal(suite_init(&s, 12, 129, 2), ERR_VALUE);
    assert_int_equal(suite_init(&s, 28, 256, 0), ERR_VALUE); /* RFC 7634 4: must have none */
    assert_int_equal(suite_init(&s, 3, 192, 2), ERR_VALUE);
    assert_int_equal(suite_init(&s, 12, 128, 0), ERR_VALUE); /* nothing protects integrity */
    assert_int_equal(suite_init(&s, 11, 0, 0), ERR_VALUE);
    assert_int_equal(suite_init(&s, 20, 128, 2), ERR_VALUE); /* RFC 5282 8: not both */

    struct octets key = octets_fill(1, 64);
    struct crypt *c = NULL;
    assert_int_equal(suite_init(&s, 12, 128, 2), ERR_OK);
    for (size_t a = 0; a < 40; a++) {
        for (size_t b = 0; b < 40; b++) {
            enum err want = a == 16 && b == 20 ? ERR_OK : ERR_LENGTH;
            assert_int_equal(crypt_new(&c, &s, span_of(key.b, a), span_of(key.b, b)), want);
            if (want == ERR_OK)
                crypt_free(c);
        }
    }
    assert_int_equal(suite_init(&s, 20, 128, 0), ERR_OK);
    assert_int_equal(crypt_new(&c, &s, span_of(key.b, 16), span_of(NULL, 0)), ERR_LENGTH);
    assert_int_equal(crypt_new(&c, &s, span_of(key.b, 20), span_of(key.b, 1)), ERR_LENGTH);
    s.encr = 77;
    assert_int_equal(crypt_new(&c, &s, span_of(key.b, 20), span_of(NULL, 0)), ERR_UNSUPPORTED);
    crypt_free(NULL);
}

/* The same context may seal and open, and two keys do not mix. */
static void test_keys_apart(void **state)
{
    (void)state;
    static struct suite all[MAX_SUITES];
    size_t n = all_suites(all);
    for (size_t i = 0; i < n; i++) {
        if (all[i].encr == 11)
            continue;
        struct crypt *a = load_suite(&all[i], 1), *b = load_suite(&all[i], 99);
        uint8_t iv[IV_MAX] = { 9 }, x[32] = { 0 }, y[32] = { 0 }, icv[ICV_MAX], icv2[ICV_MAX];
        struct crypt_op op = { { 0 }, iv, x, 32, icv, { 0 } };
        struct crypt_op op2 = { { 0 }, iv, y, 32, icv2, { 0 } };
        assert_int_equal(crypt_seal(a, &op), ERR_OK);
        assert_int_equal(crypt_seal(b, &op2), ERR_OK);
        if (all[i].encr != 21)
            assert_memory_not_equal(x, y, 32);
        assert_memory_not_equal(icv, icv2, all[i].icv_len);
        assert_int_equal(crypt_open(a, &op), ERR_OK);
        assert_int_equal(crypt_open(b, &op2), ERR_OK);
        crypt_free(a);
        crypt_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aead_vectors),  cmocka_unit_test(test_cipher_vectors),
        cmocka_unit_test(test_integ_vectors), cmocka_unit_test(test_gmac),
        cmocka_unit_test(test_every_suite),   cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_sizes),         cmocka_unit_test(test_refused),
        cmocka_unit_test(test_keys_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

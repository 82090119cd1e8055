/* raw_key_test.c - SubjectPublicKeyInfo read and written: every type of key, the key of RFC 7670's
 * form by its octets, and what is none. */
#include "engine/crypto/raw_key.h"

#include "engine/crypto/made_test.h"

static void every_type_of_key(void **state)
{
    (void)state;
    static const char *const rows[][2] = { { "RSA", NULL },     { "EC", "P-256" },
                                           { "EC", "P-384" },   { "EC", "P-521" },
                                           { "ED25519", NULL }, { "ED448", NULL } };
    struct raw_key *last = NULL;
    for (size_t i = 0; i < 6; i++) {
        struct made m = { 0 }, ca = { 0 };
        struct sign_key *k = NULL;
        struct raw_key *own = NULL, *read = NULL;
        uint8_t sig[SIGN_MAX], more[1024];
        size_t len = 0;
        struct span text = span_str("what both ends have seen");
        make(&ca, "EC", "P-256", "ca", NULL, NULL, NULL);
        make(&m, rows[i][0], rows[i][1], "x", NULL, NULL, &ca);
        assert_int_equal(sign_key_load(&k, span_str(m.key)), ERR_OK);
        assert_int_equal(raw_key_of(&own, k), ERR_OK);
        struct span der = raw_key_der(own);
        assert_int_equal(raw_key_read(&read, der), ERR_OK);
        assert_true(span_eq(raw_key_der(read), der));
        assert_true(raw_key_same(own, read));
        if (last != NULL)
            assert_false(raw_key_same(last, read));
        /* it checks what its other half signs */
        bool eddsa = rows[i][1] == NULL && i > 0;
        struct sign_how how = { .method = 14, .hash = eddsa ? SIGN_IDENTITY : SIGN_SHA2_256 };
        assert_int_equal(sign_run(k, &how, text, sig, &len), ERR_OK);
        assert_int_equal(sign_check(raw_key_public(read), 14, 0x3e, text, span_of(sig, len), NULL),
                         ERR_OK);
        if (last != NULL)
            assert_int_not_equal(
                sign_check(raw_key_public(last), 14, 0x3e, text, span_of(sig, len), NULL), ERR_OK);
        /* each octet less, and one more */
        struct raw_key *none = NULL;
        for (size_t cut = 0; cut < der.len; cut++) {
            assert_int_equal(raw_key_read(&none, span_part(der, 0, cut)), ERR_VALUE);
            assert_null(none);
        }
        memcpy(more, der.p, der.len);
        more[der.len] = 0;
        assert_int_equal(raw_key_read(&none, span_of(more, der.len + 1)), ERR_VALUE);
        raw_key_free(last);
        last = read;
        raw_key_free(own);
        sign_key_free(k);
        made_free(&m);
        made_free(&ca);
    }
    raw_key_free(last);
}

/* RFC 8410 10.1: an Ed25519 key as SubjectPublicKeyInfo, in the PEM of that section. */
static void the_key_of_rfc_8410(void **state)
{
    (void)state;
    static const uint8_t der[] = {
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, 0x19, 0xbf, 0x44,
        0x09, 0x69, 0x84, 0xcd, 0xfe, 0x85, 0x41, 0xba, 0xc1, 0x67, 0xdc, 0x3b, 0x96, 0xc8, 0x50,
        0x86, 0xaa, 0x30, 0xb6, 0xb6, 0xcb, 0x0c, 0x5c, 0x38, 0xad, 0x70, 0x31, 0x66, 0xe1
    };
    static const char pem[] = "-----BEGIN PUBLIC KEY-----\n"
                              "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
                              "-----END PUBLIC KEY-----\n";
    struct raw_key *k = NULL;
    assert_int_equal(raw_key_load(&k, span_str(pem)), ERR_OK);
    assert_true(span_eq(raw_key_der(k), span_of(der, sizeof der)));
    raw_key_free(k);
    k = NULL;
    assert_int_equal(raw_key_load(&k, span_of(der, sizeof der)), ERR_OK);
    raw_key_free(k);
    k = NULL;
    /* what comes from the wire is DER and nothing else */
    assert_int_equal(raw_key_read(&k, span_str(pem)), ERR_VALUE);
}

static void what_is_none(void **state)
{
    (void)state;
    struct made m = { 0 };
    struct raw_key *k = NULL;
    make(&m, "RSA", NULL, "x", NULL, NULL, NULL);
    /* the RSAPublicKey of PKCS #1, which encoding 11 had */
    unsigned char *der = NULL;
    int len = i2d_PublicKey(m.k, &der);
    assert_true(len > 0);
    assert_int_equal(raw_key_read(&k, span_of(der, (size_t)len)), ERR_VALUE);
    OPENSSL_free(der);
    assert_int_equal(raw_key_load(&k, span_str(m.cert)), ERR_VALUE);
    assert_int_equal(raw_key_load(&k, (struct span){ 0 }), ERR_VALUE);
    made_free(&m);
    EVP_PKEY *dh = generate("X25519", NULL);
    der = NULL;
    len = i2d_PUBKEY(dh, &der);
    assert_int_equal(raw_key_read(&k, span_of(der, (size_t)len)), ERR_UNSUPPORTED);
    assert_null(k);
    OPENSSL_free(der);
    EVP_PKEY_free(dh);
    raw_key_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_of_key),
        cmocka_unit_test(the_key_of_rfc_8410),
        cmocka_unit_test(what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

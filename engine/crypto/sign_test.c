/* sign_test.c - signatures of every kind, the AlgorithmIdentifiers of RFC 7427 A, certificates made
 * here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/crypto/cert.h"
#include "engine/crypto/made_test.h"

static void each_kind_of_signature(void **state)
{
    (void)state;
    static const struct {
        const char *type, *group;
        struct sign_how how;
        size_t prefix;
    } rows[] = {
        { "RSA", NULL, { 1, 0, false }, 0 },
        { "RSA", NULL, { 14, SIGN_SHA2_256, false }, 16 },
        { "RSA", NULL, { 14, SIGN_SHA2_512, false }, 16 },
        { "RSA", NULL, { 14, SIGN_SHA2_256, true }, 68 },
        { "RSA", NULL, { 14, SIGN_SHA2_384, true }, 68 },
        { "EC", "P-256", { 9, 0, false }, 0 },
        { "EC", "P-384", { 10, 0, false }, 0 },
        { "EC", "P-521", { 11, 0, false }, 0 },
        { "EC", "P-256", { 14, SIGN_SHA2_256, false }, 13 },
        { "EC", "P-384", { 14, SIGN_SHA2_384, false }, 13 },
        { "EC", "P-521", { 14, SIGN_SHA2_512, false }, 13 },
        { "ED25519", NULL, { 14, SIGN_IDENTITY, false }, 8 },
        { "ED448", NULL, { 14, SIGN_IDENTITY, false }, 8 },
    };
    struct span text = span_str("what both ends have seen");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct made ca = { 0 }, m = { 0 };
        struct sign_key *k = NULL;
        struct cert *c = NULL;
        struct sign_how used;
        uint8_t sig[SIGN_MAX];
        size_t len = 0;
        make(&ca, "EC", "P-256", "ca", NULL, NULL, NULL);
        make(&m, rows[i].type, rows[i].group, "x", "DNS:x.lab", NULL, &ca);
        assert_int_equal(sign_key_load(&k, span_str(m.key)), ERR_OK);
        assert_int_equal(cert_load(&c, span_str(m.cert)), ERR_OK);
        assert_int_equal(sign_run(k, &rows[i].how, text, sig, &len), ERR_OK);
        if (rows[i].how.method == 14)
            assert_int_equal(sig[0] + 1, rows[i].prefix);
        for (int again = 0; again < 8; again++) { /* its length never depends on chance */
            uint8_t other[SIGN_MAX];
            size_t other_len = 0;
            assert_int_equal(sign_run(k, &rows[i].how, text, other, &other_len), ERR_OK);
            assert_int_equal(other_len, len);
        }
        const struct public_key *pub = cert_key(c);
        uint8_t method = rows[i].how.method;
        assert_int_equal(sign_check(pub, method, 0x3e, text, span_of(sig, len), &used), ERR_OK);
        assert_true(used.pss == rows[i].how.pss);
        assert_int_equal(sign_check(pub, method, 0x3e, span_str("other"), span_of(sig, len), NULL),
                         ERR_INTEGRITY);
        for (size_t cut = 0; cut < len; cut += cut < 80 ? 1 : 37) /* no truncation passes */
            assert_int_not_equal(sign_check(pub, method, 0x3e, text, span_of(sig, cut), NULL),
                                 ERR_OK);
        for (size_t at = 0; at < len; at += 3) {
            sig[at] ^= 1;
            assert_int_not_equal(sign_check(pub, method, 0x3e, text, span_of(sig, len), NULL),
                                 ERR_OK);
            sig[at] ^= 1;
        }
        if (method == 14)
            assert_int_equal(sign_check(pub, 14, 0, text, span_of(sig, len), NULL),
                             ERR_UNSUPPORTED);
        else
            assert_int_equal(sign_check(pub, 14, 0x3e, text, span_of(sig, len), NULL) == ERR_OK,
                             false);
        sign_key_free(k);
        cert_free(c);
        made_free(&m);
        made_free(&ca);
    }
}

/* RFC 7427 A.1.1, A.3.1, A.4.2 and RFC 8420 A: the octets that stand before the signature. */
static void algorithm_identifiers(void **state)
{
    (void)state;
    static const uint8_t rsa_sha256[] = { 15,   0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48,
                                          0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00 };
    static const uint8_t ecdsa_sha256[] = { 12,   0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                            0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };
    static const uint8_t pss_sha256[] = {
        67,   0x30, 0x41, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a,
        0x30, 0x34, 0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
        0x04, 0x02, 0x01, 0x05, 0x00, 0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48,
        0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
        0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0xa2, 0x03, 0x02, 0x01, 0x20
    };
    static const uint8_t ed25519[] = { 7, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70 };
    static const struct {
        const char *type, *group;
        struct sign_how how;
        const uint8_t *want;
        size_t len;
    } rows[] = {
        { "RSA", NULL, { 14, SIGN_SHA2_256, false }, rsa_sha256, sizeof rsa_sha256 },
        { "RSA", NULL, { 14, SIGN_SHA2_256, true }, pss_sha256, sizeof pss_sha256 },
        { "EC", "P-256", { 14, SIGN_SHA2_256, false }, ecdsa_sha256, sizeof ecdsa_sha256 },
        { "ED25519", NULL, { 14, SIGN_IDENTITY, false }, ed25519, sizeof ed25519 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct made m = { 0 };
        struct sign_key *k = NULL;
        uint8_t sig[SIGN_MAX];
        size_t len = 0;
        const char *own = strncmp(rows[i].type, "ED", 2) == 0 ? "EC" : rows[i].type;
        make(&m, own, strcmp(own, "EC") == 0 ? "P-256" : NULL, "x", NULL, NULL, NULL);
        if (own != rows[i].type) { /* Ed25519 cannot sign itself with SHA-256: the key alone */
            EVP_PKEY_free(m.k);
            m.k = generate(rows[i].type, NULL);
            to_pem(&m);
        }
        assert_int_equal(sign_key_load(&k, span_str(m.key)), ERR_OK);
        assert_int_equal(sign_run(k, &rows[i].how, span_str("x"), sig, &len), ERR_OK);
        assert_memory_equal(sig, rows[i].want, rows[i].len);
        sign_key_free(k);
        made_free(&m);
    }
}

static void chains_and_names(void **state)
{
    (void)state;
    struct made ca = { 0 }, other = { 0 }, leaf = { 0 }, enc = { 0 };
    make(&ca, "EC", "P-256", "ca", NULL, NULL, NULL);
    make(&other, "EC", "P-256", "other", NULL, NULL, NULL);
    make(&leaf, "RSA", NULL, "leaf", "DNS:Leaf.lab,IP:192.0.2.1,email:a@lab", NULL, &ca);
    make(&enc, "RSA", NULL, "enc", "DNS:enc.lab", "keyEncipherment", &ca);
    struct cert *c, *a, *o, *e;
    struct fault why;
    assert_int_equal(cert_load(&c, span_str(leaf.cert)), ERR_OK);
    assert_int_equal(cert_load(&a, span_str(ca.cert)), ERR_OK);
    assert_int_equal(cert_load(&o, span_str(other.cert)), ERR_OK);
    assert_int_equal(cert_load(&e, span_str(enc.cert)), ERR_OK);
    assert_int_equal(cert_chain(c, NULL, 0, &a, 1, 0, &why), ERR_OK);
    assert_int_equal(cert_chain(c, NULL, 0, &a, 1, 1500000000, &why), ERR_OK);
    assert_int_equal(cert_chain(c, NULL, 0, &a, 1, 2100000000, &why), ERR_VALUE); /* expired */
    assert_int_equal(cert_chain(c, NULL, 0, &a, 1, 900000000, &why), ERR_VALUE);
    assert_int_equal(cert_chain(c, NULL, 0, &o, 1, 0, &why), ERR_VALUE);
    assert_int_equal(cert_chain(e, NULL, 0, &a, 1, 0, &why), ERR_VALUE); /* key usage */
    uint8_t ip[4] = { 192, 0, 2, 1 };
    assert_true(cert_has_id(c, 2, span_str("leaf.lab")));
    assert_false(cert_has_id(c, 2, span_str("leaf.la")));
    assert_false(cert_has_id(c, 2, span_of("leaf.lab\0", 9)));
    assert_true(cert_has_id(c, 1, span_of(ip, 4)));
    assert_true(cert_has_id(c, 3, span_str("a@lab")));
    assert_false(cert_has_id(c, 11, span_str("leaf.lab")));
    unsigned char *dn = NULL;
    int n = i2d_X509_NAME(X509_get_subject_name(leaf.x), &dn);
    assert_true(cert_has_id(c, 9, span_of(dn, (size_t)n)));
    dn[n - 1] ^= 1;
    assert_false(cert_has_id(c, 9, span_of(dn, (size_t)n)));
    OPENSSL_free(dn);
    struct cert *bad = NULL;
    struct span der = cert_der(c);
    for (size_t cut = 0; cut < der.len; cut += 11)
        assert_int_equal(cert_load(&bad, span_part(der, 0, cut)), ERR_VALUE);
    cert_free(c);
    cert_free(a);
    cert_free(o);
    cert_free(e);
    made_free(&ca);
    made_free(&other);
    made_free(&leaf);
    made_free(&enc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_signature),
        cmocka_unit_test(algorithm_identifiers),
        cmocka_unit_test(chains_and_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

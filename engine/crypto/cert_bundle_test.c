/* cert_bundle_test.c - CertificateBundle: the octets that RFC 7296 3.6 asks for, and what is no bundle. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/crypto/made_test.h"

#include "engine/crypto/cert_bundle.h"

static struct made ca, leaf;
static struct cert *own[2];
static uint8_t good[8192];
static size_t good_len;

static void in_order(void **state)
{
    (void)state;
    struct cert *c[4] = { NULL };
    size_t num;
    /* SEQUENCE OF, each in an explicit [0] */
    assert_int_equal(good[0], 0x30);
    assert_int_equal(good[4], 0xa0);
    assert_int_equal(cert_bundle_read(span_of(good, good_len), c, 4, &num), ERR_OK);
    assert_int_equal(num, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(span_eq(cert_der(c[i]), cert_der(own[i])));
        cert_free(c[i]);
    }
    assert_int_equal(cert_bundle_read(span_of(good, good_len), c, 1, &num), ERR_SPACE);
    assert_int_equal(num, 0);
    uint8_t small[100];
    assert_int_equal(cert_bundle_write(own, 2, small, sizeof small, &num), ERR_SPACE);
}

static void lists_passed_over(void **state)
{
    (void)state;
    X509_CRL *crl = X509_CRL_new();
    assert_true(X509_CRL_set_version(crl, 1));
    assert_true(X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca.x)));
    ASN1_TIME *t = ASN1_TIME_set(NULL, 1500000000);
    assert_true(X509_CRL_set1_lastUpdate(crl, t) && X509_CRL_set1_nextUpdate(crl, t));
    ASN1_TIME_free(t);
    assert_true(X509_CRL_sign(crl, ca.k, EVP_sha256()) > 0);
    unsigned char *der = NULL;
    int n = i2d_X509_CRL(crl, &der);
    X509_CRL_free(crl);
    assert_true(n > 127 && n < 65000);
    /* crl [1], put in front of the two certificates */
    uint8_t whole[16384];
    size_t at = 4, body = good_len - 4, num;
    whole[at++] = 0xa1;
    whole[at++] = 0x82;
    whole[at++] = (uint8_t)(n >> 8);
    whole[at++] = (uint8_t)n;
    memcpy(whole + at, der, (size_t)n);
    at += (size_t)n;
    memcpy(whole + at, good + 4, body);
    at += body;
    memcpy(whole, (uint8_t[]){ 0x30, 0x82, (uint8_t)((at - 4) >> 8), (uint8_t)(at - 4) }, 4);
    OPENSSL_free(der);
    struct cert *c[2] = { NULL };
    assert_int_equal(cert_bundle_read(span_of(whole, at), c, 2, &num), ERR_OK);
    assert_int_equal(num, 2);
    cert_free(c[0]);
    cert_free(c[1]);
}

static void cut_and_flipped(void **state)
{
    (void)state;
    struct cert *c[4] = { NULL };
    size_t num;
    for (size_t len = 0; len < good_len; len++)
        assert_int_not_equal(cert_bundle_read(span_of(good, len), c, 4, &num), ERR_OK);
    uint8_t *copy = malloc(good_len + 1);
    for (size_t i = 0; i < good_len; i++) {
        memcpy(copy, good, good_len);
        copy[i] ^= 0x80;
        if (cert_bundle_read(span_of(copy, good_len), c, 4, &num) != ERR_OK)
            assert_int_equal(num, 0);
        while (num > 0)
            cert_free(c[--num]);
    }
    memcpy(copy, good, good_len);
    copy[good_len] = 0;
    assert_int_not_equal(cert_bundle_read(span_of(copy, good_len + 1), c, 4, &num), ERR_OK);
    free(copy);
    assert_int_not_equal(cert_bundle_read(cert_der(own[0]), c, 4, &num), ERR_OK);
    static const uint8_t empty[] = { 0x30, 0x00 };
    assert_int_equal(cert_bundle_read(span_of(empty, 2), c, 4, &num), ERR_OK);
    assert_int_equal(num, 0);
}

static int all(void **state)
{
    (void)state;
    make(&ca, "EC", "P-256", "lab ca", NULL, NULL, NULL);
    make(&leaf, "EC", "P-256", "a", "DNS:a.lab", NULL, &ca);
    bool ok = cert_load(&own[0], span_str(leaf.cert)) == ERR_OK &&
              cert_load(&own[1], span_str(ca.cert)) == ERR_OK &&
              cert_bundle_write(own, 2, good, sizeof good, &good_len) == ERR_OK;
    return ok ? 0 : -1;
}

static int none(void **state)
{
    (void)state;
    cert_free(own[0]);
    cert_free(own[1]);
    made_free(&leaf);
    made_free(&ca);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order),
        cmocka_unit_test(lists_passed_over),
        cmocka_unit_test(cut_and_flipped),
    };
    return cmocka_run_group_tests(tests, all, none);
}

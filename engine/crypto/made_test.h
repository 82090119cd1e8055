/* made_test.h - keys and certificates made on the spot, for tests. */
#ifndef ENGINE_CRYPTO_MADE_TEST_H
#define ENGINE_CRYPTO_MADE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/crypto/openssl.h"

struct made { /* a key with a certificate, as PEM */
    char key[8192], cert[8192];
    X509 *x;
    EVP_PKEY *k;
};

static inline EVP_PKEY *generate(const char *type, const char *group)
{
    EVP_PKEY *k = NULL;
    if (strcmp(type, "RSA") == 0)
        k = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
    else if (group != NULL)
        k = EVP_PKEY_Q_keygen(NULL, NULL, type, group);
    else
        k = EVP_PKEY_Q_keygen(NULL, NULL, type);
    assert_non_null(k);
    return k;
}

static inline void to_pem(struct made *m)
{
    BIO *b = BIO_new(BIO_s_mem());
    assert_true(PEM_write_bio_PrivateKey(b, m->k, NULL, NULL, 0, NULL, NULL));
    int n = BIO_read(b, m->key, sizeof m->key - 1);
    assert_true(n > 0);
    m->key[n] = '\0';
    assert_true(PEM_write_bio_X509(b, m->x));
    n = BIO_read(b, m->cert, sizeof m->cert - 1);
    assert_true(n > 0);
    m->cert[n] = '\0';
    BIO_free(b);
}

static inline void extension(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    assert_non_null(e);
    X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
}

/* issuer NULL: a CA that signs itself. */
static inline void make(struct made *m, const char *type, const char *group, const char *cn,
                 const char *san, const char *usage, struct made *issuer)
{
    static int serial = 1;
    m->k = generate(type, group);
    m->x = X509_new();
    X509_set_version(m->x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(m->x), serial++);
    ASN1_TIME_set(X509_getm_notBefore(m->x), 1000000000);
    ASN1_TIME_set(X509_getm_notAfter(m->x), 2000000000);
    X509_set_pubkey(m->x, m->k);
    X509_NAME *n = X509_get_subject_name(m->x);
    X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC, (const unsigned char *)cn, -1, -1, 0);
    X509 *by = issuer != NULL ? issuer->x : m->x;
    X509_set_issuer_name(m->x, X509_get_subject_name(by));
    if (issuer == NULL)
        extension(m->x, by, NID_basic_constraints, "critical,CA:TRUE");
    if (san != NULL)
        extension(m->x, by, NID_subject_alt_name, san);
    if (usage != NULL)
        extension(m->x, by, NID_key_usage, usage);
    assert_true(X509_sign(m->x, issuer != NULL ? issuer->k : m->k, EVP_sha256()) > 0);
    to_pem(m);
}

static inline void made_free(struct made *m)
{
    X509_free(m->x);
    EVP_PKEY_free(m->k);
}

#endif

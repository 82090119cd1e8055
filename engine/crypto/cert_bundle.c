/* cert_bundle.c - CertificateBundle through OpenSSL's ASN.1 templates. */
#include "engine/crypto/cert_bundle.h"

#include "engine/crypto/openssl.h"

/* RFC 7296 3.6, explicit tags: CertificateOrCRL ::= CHOICE { cert [0], crl [1] } */
typedef struct either_st {
    int type;
    union {
        X509 *cert;
        X509_CRL *crl;
    } d;
} EITHER;

DEFINE_STACK_OF(EITHER)

ASN1_CHOICE(EITHER) = {
    ASN1_EXP(EITHER, d.cert, X509, 0),
    ASN1_EXP(EITHER, d.crl, X509_CRL, 1),
} static_ASN1_CHOICE_END(EITHER)

/* CertificateBundle ::= SEQUENCE OF CertificateOrCRL */
ASN1_ITEM_TEMPLATE(BUNDLE) =
    ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SEQUENCE_OF, 0, bundle, EITHER)
static_ASN1_ITEM_TEMPLATE_END(BUNDLE)

static void either_free(EITHER *one)
{
    ASN1_item_free((ASN1_VALUE *)one, ASN1_ITEM_rptr(EITHER));
}

static enum err load(struct cert **out, X509 *x)
{
    unsigned char *der = NULL;
    int len = i2d_X509(x, &der);
    enum err rc = len > 0 ? cert_load(out, span_of(der, (size_t)len)) : ERR_CRYPTO;
    OPENSSL_free(der);
    return rc;
}

enum err cert_bundle_read(struct span der, struct cert **out, size_t cap, size_t *num)
{
    const unsigned char *p = der.p;
    STACK_OF(EITHER) *list =
        (STACK_OF(EITHER) *)ASN1_item_d2i(NULL, &p, (long)der.len, ASN1_ITEM_rptr(BUNDLE));
    enum err rc = list != NULL && p == der.p + der.len ? ERR_OK : ERR_VALUE;
    *num = 0;
    for (int i = 0; rc == ERR_OK && i < sk_EITHER_num(list); i++) {
        const EITHER *one = sk_EITHER_value(list, i);
        if (one->type != 0)
            continue;
        rc = *num < cap ? load(&out[*num], one->d.cert) : ERR_SPACE;
        *num += rc == ERR_OK;
    }
    while (rc != ERR_OK && *num > 0) {
        cert_free(out[--*num]);
        out[*num] = NULL;
    }
    sk_EITHER_pop_free(list, either_free);
    ERR_clear_error();
    return rc;
}

static bool push(STACK_OF(EITHER) *list, const struct cert *c)
{
    struct span der = cert_der(c);
    const unsigned char *p = der.p;
    EITHER *one = (EITHER *)ASN1_item_new(ASN1_ITEM_rptr(EITHER));
    if (one != NULL) {
        one->type = 0;
        one->d.cert = d2i_X509(NULL, &p, (long)der.len);
    }
    if (one != NULL && one->d.cert != NULL && sk_EITHER_push(list, one) > 0)
        return true;
    either_free(one);
    return false;
}

enum err cert_bundle_write(struct cert *const *certs, size_t num, uint8_t *out, size_t cap,
                           size_t *len)
{
    STACK_OF(EITHER) *list = sk_EITHER_new_null();
    unsigned char *der = NULL;
    enum err rc = list != NULL ? ERR_OK : ERR_MEMORY;
    for (size_t i = 0; rc == ERR_OK && i < num; i++)
        if (!push(list, certs[i]))
            rc = ERR_CRYPTO;
    int n = rc == ERR_OK ? ASN1_item_i2d((const ASN1_VALUE *)list, &der, ASN1_ITEM_rptr(BUNDLE)) : 0;
    if (rc == ERR_OK && n <= 0)
        rc = ERR_CRYPTO;
    if (rc == ERR_OK) {
        *len = (size_t)n;
        if (*len > cap)
            rc = ERR_SPACE;
        else
            memcpy(out, der, *len);
    }
    OPENSSL_free(der);
    sk_EITHER_pop_free(list, either_free);
    ERR_clear_error();
    return rc;
}

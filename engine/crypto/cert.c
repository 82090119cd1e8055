/* cert.c - certificates through OpenSSL's X.509 code. */
#include "engine/crypto/cert.h"

#include <stdlib.h>

#include "engine/crypto/openssl.h"
#include "engine/crypto/sign_key.h"

enum { ID_TYPE_IPV4 = 1, ID_TYPE_FQDN = 2, ID_TYPE_RFC822 = 3, ID_TYPE_IPV6 = 5, ID_TYPE_DN = 9 };

struct cert {
    X509 *x;
    unsigned char *der;
    size_t der_len;
    struct public_key key;
};

enum err cert_load(struct cert **out, struct span text)
{
    const unsigned char *p = text.p;
    BIO *b = BIO_new_mem_buf(text.p, (int)text.len);
    struct cert *c = calloc(1, sizeof *c);
    enum err rc = ERR_VALUE;
    if (c == NULL || b == NULL) {
        rc = ERR_MEMORY;
        goto out;
    }
    c->x = PEM_read_bio_X509(b, NULL, NULL, NULL);
    if (c->x == NULL) {
        c->x = d2i_X509(NULL, &p, (long)text.len);
        if (c->x == NULL || p != text.p + text.len)
            goto out;
    }
    int len = i2d_X509(c->x, &c->der);
    if (len <= 0)
        goto out;
    c->der_len = (size_t)len;
    c->key.key = X509_get0_pubkey(c->x);
    c->key.type = c->key.key != NULL ? evp_key_type(c->key.key) : KEY_NONE;
    *out = c;
    c = NULL;
    rc = ERR_OK;
out:
    cert_free(c);
    BIO_free(b);
    ERR_clear_error();
    return rc;
}

void cert_free(struct cert *c)
{
    if (c == NULL)
        return;
    X509_free(c->x);
    OPENSSL_free(c->der);
    free(c);
}

struct span cert_der(const struct cert *c)
{
    return span_of(c->der, c->der_len);
}

const struct public_key *cert_key(const struct cert *c)
{
    return &c->key;
}

enum err cert_key_hash(const struct cert *c, uint8_t out[20])
{
    unsigned char *der = NULL;
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(c->x), &der);
    struct span s = span_of(der, len > 0 ? (size_t)len : 0);
    enum err rc = len > 0 ? sha1_run(&s, 1, out) : ERR_CRYPTO;
    OPENSSL_free(der);
    return rc;
}

/* RFC 4945 5.1.3.12: an extended key usage, when there is one, names IKE or any. */
static bool extended_usage_fits(X509 *x)
{
    if (!(X509_get_extension_flags(x) & EXFLAG_XKUSAGE))
        return true;
    EXTENDED_KEY_USAGE *usage = X509_get_ext_d2i(x, NID_ext_key_usage, NULL, NULL);
    bool fits = false;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usage) && !fits; i++) {
        int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(usage, i));
        fits = nid == NID_ipsec_IKE || nid == NID_anyExtendedKeyUsage;
    }
    EXTENDED_KEY_USAGE_free(usage);
    return fits;
}

/* RFC 4945 5.1.3.9: a CA below the anchor says so by basicConstraints; OpenSSL would take a key usage
 * for certificates as well. */
static bool authorities_say_so(STACK_OF(X509) *path)
{
    for (int i = 1; i < sk_X509_num(path) - 1; i++)
        if (!(X509_get_extension_flags(sk_X509_value(path, i)) & EXFLAG_BCONS))
            return false;
    return true;
}

enum err cert_chain(const struct cert *leaf, struct cert *const *more, size_t num_more,
                    struct cert *const *anchors, size_t num_anchors, int64_t now, struct fault *why)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *chain = sk_X509_new_null();
    enum err rc = store != NULL && ctx != NULL && chain != NULL ? ERR_OK : ERR_MEMORY;
    for (size_t i = 0; rc == ERR_OK && i < num_anchors; i++)
        if (X509_STORE_add_cert(store, anchors[i]->x) <= 0)
            rc = ERR_CRYPTO;
    for (size_t i = 0; rc == ERR_OK && i < num_more; i++)
        if (sk_X509_push(chain, more[i]->x) <= 0)
            rc = ERR_MEMORY;
    if (rc == ERR_OK && X509_STORE_CTX_init(ctx, store, leaf->x, chain) <= 0)
        rc = ERR_CRYPTO;
    if (rc == ERR_OK) {
        X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(ctx);
        if (now != 0)
            X509_VERIFY_PARAM_set_time(p, (time_t)now);
        else
            X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_NO_CHECK_TIME);
        X509_VERIFY_PARAM_set_depth(p, 8);
        if (X509_verify_cert(ctx) != 1)
            rc = fault_set(why, ERR_VALUE, 0,
                           X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)), REQ_NONE);
    }
    if (rc == ERR_OK && !authorities_say_so(X509_STORE_CTX_get0_chain(ctx)))
        rc = fault_set(why, ERR_VALUE, 0, "CA without basicConstraints", REQ_NONE);
    /* RFC 4945 5.1.3.2: a key usage, when there is one, allows signing */
    if (rc == ERR_OK && X509_get_extension_flags(leaf->x) & EXFLAG_KUSAGE &&
        !(X509_get_key_usage(leaf->x) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
        rc = fault_set(why, ERR_VALUE, 0, "key usage does not allow signing", REQ_NONE);
    if (rc == ERR_OK && !extended_usage_fits(leaf->x))
        rc = fault_set(why, ERR_VALUE, 0, "extended key usage does not allow IKE", REQ_NONE);
    sk_X509_free(chain);
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    ERR_clear_error();
    return rc;
}

static bool name_matches(const GENERAL_NAME *n, uint8_t type, struct span data)
{
    const ASN1_STRING *s = NULL;
    if (type == ID_TYPE_FQDN && n->type == GEN_DNS)
        s = n->d.dNSName;
    else if (type == ID_TYPE_RFC822 && n->type == GEN_EMAIL)
        s = n->d.rfc822Name;
    else if ((type == ID_TYPE_IPV4 || type == ID_TYPE_IPV6) && n->type == GEN_IPADD)
        s = n->d.iPAddress;
    if (s == NULL || (size_t)ASN1_STRING_length(s) != data.len)
        return false;
    const unsigned char *p = ASN1_STRING_get0_data(s);
    if (type == ID_TYPE_IPV4 || type == ID_TYPE_IPV6)
        return memcmp(p, data.p, data.len) == 0;
    for (size_t i = 0; i < data.len; i++) { /* host names: letters of either case are the same */
        uint8_t a = p[i], b = data.p[i];
        if (a >= 'A' && a <= 'Z')
            a = (uint8_t)(a + 32);
        if (b >= 'A' && b <= 'Z')
            b = (uint8_t)(b + 32);
        if (a != b)
            return false;
    }
    return true;
}

bool cert_has_id(const struct cert *c, uint8_t type, struct span data)
{
    bool found = false;
    if (type == ID_TYPE_DN) {
        const unsigned char *p = data.p;
        X509_NAME *n = d2i_X509_NAME(NULL, &p, (long)data.len);
        found = n != NULL && p == data.p + data.len &&
                X509_NAME_cmp(n, X509_get_subject_name(c->x)) == 0;
        X509_NAME_free(n);
        ERR_clear_error();
        return found;
    }
    GENERAL_NAMES *names = X509_get_ext_d2i(c->x, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++)
        found = name_matches(sk_GENERAL_NAME_value(names, i), type, data);
    GENERAL_NAMES_free(names);
    ERR_clear_error();
    return found;
}

/* pki.c - keys and certificates through OpenSSL. */
#include "engine/crypto/pki.h"

#include <stdlib.h>

#include "engine/crypto/openssl.h"

static EVP_PKEY *read_key(const char *pem)
{
    BIO *b = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *k = b != NULL ? PEM_read_bio_PrivateKey(b, NULL, NULL, NULL) : NULL;
    BIO_free(b);
    return k;
}

static X509 *read_cert(const char *pem)
{
    BIO *b = BIO_new_mem_buf(pem, -1);
    X509 *x = b != NULL ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;
    BIO_free(b);
    return x;
}

/* What was written to b as a terminated text. */
static enum err take_text(BIO *b, char *out, size_t cap)
{
    int n = BIO_pending(b);
    if (n <= 0 || (size_t)n >= cap || BIO_read(b, out, n) != n)
        return ERR_SPACE;
    out[n] = '\0';
    return ERR_OK;
}

enum err pki_key(const char *kind, char *out, size_t cap)
{
    EVP_PKEY *k = NULL;
    enum err rc = ERR_VALUE;
    unsigned long bits = strncmp(kind, "rsa:", 4) == 0 ? strtoul(kind + 4, NULL, 10) : 0;
    if (bits >= 512 && bits <= 16384)
        k = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
    else if (strncmp(kind, "ec:", 3) == 0)
        k = EVP_PKEY_Q_keygen(NULL, NULL, "EC", kind + 3);
    else if (strcmp(kind, "ed25519") == 0)
        k = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    else if (strcmp(kind, "ed448") == 0)
        k = EVP_PKEY_Q_keygen(NULL, NULL, "ED448");
    BIO *b = BIO_new(BIO_s_secmem());
    if (k != NULL && b != NULL && PEM_write_bio_PKCS8PrivateKey(b, k, NULL, NULL, 0, NULL, NULL))
        rc = take_text(b, out, cap);
    BIO_free(b);
    EVP_PKEY_free(k);
    ERR_clear_error();
    return rc;
}

enum err pki_public(const char *key, char *out, size_t cap)
{
    EVP_PKEY *k = read_key(key);
    BIO *b = BIO_new(BIO_s_mem());
    enum err rc = ERR_VALUE;
    if (k != NULL && b != NULL && PEM_write_bio_PUBKEY(b, k))
        rc = take_text(b, out, cap);
    BIO_free(b);
    EVP_PKEY_free(k);
    ERR_clear_error();
    return rc;
}

/* "CN=a,O=lab" */
static bool set_subject(X509_NAME *n, const char *text)
{
    char part[256];
    while (*text != '\0') {
        size_t len = strcspn(text, ",");
        if (len >= sizeof part)
            return false;
        memcpy(part, text, len);
        part[len] = '\0';
        char *value = strchr(part, '=');
        if (value == NULL)
            return false;
        *value++ = '\0';
        if (!X509_NAME_add_entry_by_txt(n, part, MBSTRING_UTF8, (const unsigned char *)value, -1,
                                        -1, 0))
            return false;
        text += len + (text[len] == ',');
    }
    return true;
}

static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    if (value == NULL)
        return true;
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool ok = e != NULL && X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
    return ok;
}

static bool add_unknown(X509 *x, const char *oid)
{
    static const unsigned char null_der[] = { 0x05, 0x00 };
    if (oid == NULL)
        return true;
    ASN1_OBJECT *o = OBJ_txt2obj(oid, 1);
    ASN1_OCTET_STRING *v = ASN1_OCTET_STRING_new();
    X509_EXTENSION *e = NULL;
    bool ok = o != NULL && v != NULL && ASN1_OCTET_STRING_set(v, null_der, sizeof null_der) &&
              (e = X509_EXTENSION_create_by_OBJ(NULL, o, 1, v)) != NULL && X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
    ASN1_OCTET_STRING_free(v);
    ASN1_OBJECT_free(o);
    return ok;
}

/* "NAME=VALUE", NAME as OpenSSL calls the extension or its OID. */
static bool add_named(X509 *x, X509 *issuer, const char *text)
{
    X509V3_CTX ctx;
    char name[64];
    const char *sign = text != NULL ? strchr(text, '=') : NULL;
    if (text == NULL)
        return true;
    if (sign == NULL || (size_t)(sign - text) >= sizeof name)
        return false;
    memcpy(name, text, (size_t)(sign - text));
    name[sign - text] = '\0';
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf(NULL, &ctx, name, sign + 1);
    bool ok = e != NULL && X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
    return ok;
}

static const char *fill(X509 *x, X509 *by, EVP_PKEY *key, const struct pki_spec *s)
{
    const struct {
        int nid;
        const char *value, *name;
    } ext[] = {
        { NID_basic_constraints, s->constraint, "constraint" },
        { NID_subject_alt_name, s->san, "san" },
        { NID_key_usage, s->usage, "usage" },
        { NID_ext_key_usage, s->ext_usage, "ext_usage" },
        { NID_name_constraints, s->names, "names" },
    };
    if (!X509_set_version(x, 2) || !ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), s->serial))
        return "serial";
    if (ASN1_TIME_set(X509_getm_notBefore(x), (time_t)s->from) == NULL ||
        ASN1_TIME_set(X509_getm_notAfter(x), (time_t)s->to) == NULL)
        return "from";
    if (s->subject != NULL && !set_subject(X509_get_subject_name(x), s->subject))
        return "subject";
    if (!X509_set_issuer_name(x, X509_get_subject_name(by)) || !X509_set_pubkey(x, key))
        return "key";
    for (size_t i = 0; i < sizeof ext / sizeof ext[0]; i++)
        if (!add_extension(x, by, ext[i].nid, ext[i].value))
            return ext[i].name;
    if (!add_unknown(x, s->critical))
        return "critical";
    return add_named(x, by, s->more) ? NULL : "more";
}

enum err pki_cert(const struct pki_spec *s, const char *key_pem, const char *issuer_pem,
                  const char *issuer_key_pem, char *out, size_t cap, struct fault *why)
{
    EVP_PKEY *key = read_key(key_pem);
    EVP_PKEY *issuer_key = read_key(issuer_key_pem != NULL ? issuer_key_pem : key_pem);
    X509 *x = X509_new(), *issuer = issuer_pem != NULL ? read_cert(issuer_pem) : x;
    BIO *b = BIO_new(BIO_s_mem());
    enum err rc = ERR_VALUE;
    const char *bad = key == NULL          ? "key"
                      : issuer_key == NULL ? "issuer_key"
                      : issuer == NULL     ? "issuer"
                      : x == NULL          ? "memory"
                                           : fill(x, issuer, key, s);
    if (bad == NULL) {
        int id = EVP_PKEY_get_base_id(issuer_key);
        bool by_itself = id == EVP_PKEY_ED25519 || id == EVP_PKEY_ED448;
        const EVP_MD *md = by_itself ? NULL
                                     : EVP_get_digestbyname(s->digest != NULL ? s->digest
                                                                              : "SHA256");
        if ((!by_itself && md == NULL) || !X509_sign(x, issuer_key, md))
            bad = "digest";
        else if (b != NULL && PEM_write_bio_X509(b, x))
            rc = take_text(b, out, cap);
    }
    if (bad != NULL)
        rc = fault_set(why, ERR_VALUE, 0, bad, REQ_NONE);
    if (issuer != x)
        X509_free(issuer);
    X509_free(x);
    BIO_free(b);
    EVP_PKEY_free(key);
    EVP_PKEY_free(issuer_key);
    ERR_clear_error();
    return rc;
}

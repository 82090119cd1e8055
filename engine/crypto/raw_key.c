/* raw_key.c - SubjectPublicKeyInfo through OpenSSL. */
#include "engine/crypto/raw_key.h"

#include <stdlib.h>

#include "engine/crypto/openssl.h"
#include "engine/crypto/sign_key.h"

struct raw_key {
    struct public_key key; /* owned, unlike that of a certificate */
    unsigned char *der;
    size_t der_len;
};

/* Takes key over, whatever comes of it. */
static enum err keep(struct raw_key **out, EVP_PKEY *key)
{
    struct raw_key *k = NULL;
    enum err rc = ERR_VALUE;
    if (key == NULL)
        goto out;
    k = calloc(1, sizeof *k);
    if (k == NULL) {
        rc = ERR_MEMORY;
        goto out;
    }
    k->key = (struct public_key){ .key = key, .type = evp_key_type(key) };
    key = NULL;
    if (k->key.type == KEY_NONE) {
        rc = ERR_UNSUPPORTED;
        goto out;
    }
    int len = i2d_PUBKEY(k->key.key, &k->der);
    if (len <= 0) {
        rc = ERR_CRYPTO;
        goto out;
    }
    k->der_len = (size_t)len;
    *out = k;
    k = NULL;
    rc = ERR_OK;
out:
    EVP_PKEY_free(key);
    raw_key_free(k);
    ERR_clear_error();
    return rc;
}

enum err raw_key_read(struct raw_key **out, struct span der)
{
    const unsigned char *p = der.p;
    EVP_PKEY *key = der.len > 0 ? d2i_PUBKEY(NULL, &p, (long)der.len) : NULL;
    if (key != NULL && p != der.p + der.len) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return keep(out, key);
}

enum err raw_key_load(struct raw_key **out, struct span text)
{
    BIO *b = BIO_new_mem_buf(text.p, (int)text.len);
    EVP_PKEY *key = b != NULL ? PEM_read_bio_PUBKEY(b, NULL, NULL, NULL) : NULL;
    BIO_free(b);
    return key != NULL ? keep(out, key) : raw_key_read(out, text);
}

enum err raw_key_of(struct raw_key **out, const struct sign_key *k)
{
    unsigned char *der = NULL;
    int len = i2d_PUBKEY(k->key, &der);
    enum err rc = len > 0 ? raw_key_read(out, span_of(der, (size_t)len)) : ERR_CRYPTO;
    OPENSSL_free(der);
    return rc;
}

void raw_key_free(struct raw_key *k)
{
    if (k == NULL)
        return;
    EVP_PKEY_free(k->key.key);
    OPENSSL_free(k->der);
    free(k);
}

struct span raw_key_der(const struct raw_key *k)
{
    return span_of(k->der, k->der_len);
}

const struct public_key *raw_key_public(const struct raw_key *k)
{
    return &k->key;
}

bool raw_key_same(const struct raw_key *a, const struct raw_key *b)
{
    return EVP_PKEY_eq(a->key.key, b->key.key) == 1;
}

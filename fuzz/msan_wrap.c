/* msan_wrap.c - where libcrypto, which MemorySanitizer has not seen compiled, meets the engine:
 * what it writes counts as written, and what is given to it to encrypt, hash or sign must have
 * been. With other sanitizers, or none, this file is empty. */
#ifdef __has_feature
#if __has_feature(memory_sanitizer)

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sanitizer/msan_interface.h>
#include <stdlib.h>

/* The Makefile reads the names from these lines (LINK.msan). */
#define WRAP(type, name, ...)                                                                      \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

/* --- memory that libcrypto takes for itself
 * ---------------------------------------------------------- */

/* Not those that fuzz/heap.c counts. */
void *__real_malloc(size_t len);
void *__real_realloc(void *p, size_t len);
void __real_free(void *p);

static void *take(size_t len, const char *file, int line)
{
    void *p = __real_malloc(len);
    (void)file, (void)line;
    if (p != NULL)
        __msan_unpoison(p, len);
    return p;
}

static void *take_again(void *p, size_t len, const char *file, int line)
{
    void *to = __real_realloc(p, len);
    (void)file, (void)line;
    if (to != NULL)
        __msan_unpoison(to, len);
    return to;
}

static void give(void *p, const char *file, int line)
{
    (void)file, (void)line;
    __real_free(p);
}

__attribute__((constructor)) static void first(void)
{
    if (CRYPTO_set_mem_functions(take, take_again, give) != 1)
        abort();
}

/* --- what goes in
 * ------------------------------------------------------------------------------------ */

static void read_by(const void *p, size_t len)
{
    if (p != NULL && len > 0)
        __msan_check_mem_is_initialized(p, len);
}

/* --- what comes out
 * ---------------------------------------------------------------------------------- */

static void written(void *p, size_t len)
{
    if (p != NULL && len > 0)
        __msan_unpoison(p, len);
}

static int wrote_int(int rc, void *out, int *len)
{
    written(len, sizeof *len);
    if (rc > 0)
        written(out, (size_t)*len);
    return rc;
}

static int wrote_size(int rc, void *out, size_t *len)
{
    written(len, sizeof *len);
    if (rc > 0)
        written(out, *len);
    return rc;
}

WRAP(int, EVP_EncryptUpdate, EVP_CIPHER_CTX *c, unsigned char *out, int *len,
     const unsigned char *in, int in_len)
{
    read_by(in, (size_t)in_len);
    return wrote_int(__real_EVP_EncryptUpdate(c, out, len, in, in_len), out, len);
}

WRAP(int, EVP_DecryptUpdate, EVP_CIPHER_CTX *c, unsigned char *out, int *len,
     const unsigned char *in, int in_len)
{
    read_by(in, (size_t)in_len);
    return wrote_int(__real_EVP_DecryptUpdate(c, out, len, in, in_len), out, len);
}

WRAP(int, EVP_CipherUpdate, EVP_CIPHER_CTX *c, unsigned char *out, int *len,
     const unsigned char *in, int in_len)
{
    read_by(in, (size_t)in_len);
    return wrote_int(__real_EVP_CipherUpdate(c, out, len, in, in_len), out, len);
}

WRAP(int, EVP_EncryptFinal_ex, EVP_CIPHER_CTX *c, unsigned char *out, int *len)
{
    return wrote_int(__real_EVP_EncryptFinal_ex(c, out, len), out, len);
}

WRAP(int, EVP_DecryptFinal_ex, EVP_CIPHER_CTX *c, unsigned char *out, int *len)
{
    return wrote_int(__real_EVP_DecryptFinal_ex(c, out, len), out, len);
}

WRAP(int, EVP_CIPHER_CTX_ctrl, EVP_CIPHER_CTX *c, int type, int arg, void *p)
{
    int rc = __real_EVP_CIPHER_CTX_ctrl(c, type, arg, p);
    if (rc > 0 && type == EVP_CTRL_AEAD_GET_TAG)
        written(p, (size_t)arg);
    return rc;
}

WRAP(OSSL_PARAM, OSSL_PARAM_construct_octet_string, const char *key, void *p, size_t len)
{
    OSSL_PARAM one = __real_OSSL_PARAM_construct_octet_string(key, p, len);
    __msan_unpoison(&one, sizeof one);
    return one;
}

WRAP(OSSL_PARAM, OSSL_PARAM_construct_end, void)
{
    OSSL_PARAM one = __real_OSSL_PARAM_construct_end();
    __msan_unpoison(&one, sizeof one);
    return one;
}

WRAP(int, EVP_CIPHER_CTX_get_params, EVP_CIPHER_CTX *c, OSSL_PARAM *p)
{
    int rc = __real_EVP_CIPHER_CTX_get_params(c, p);
    for (; rc > 0 && p->key != NULL; p++)
        written(p->data, p->data_size);
    return rc;
}

WRAP(int, EVP_DigestUpdate, EVP_MD_CTX *c, const void *in, size_t len)
{
    read_by(in, len);
    return __real_EVP_DigestUpdate(c, in, len);
}

WRAP(int, EVP_DigestFinal_ex, EVP_MD_CTX *c, unsigned char *out, unsigned int *len)
{
    unsigned int n = 0;
    int rc = __real_EVP_DigestFinal_ex(c, out, &n);
    __msan_unpoison(&n, sizeof n);
    if (rc > 0)
        written(out, n);
    if (len != NULL)
        *len = n;
    return rc;
}

WRAP(int, EVP_MAC_update, EVP_MAC_CTX *c, const unsigned char *in, size_t len)
{
    read_by(in, len);
    return __real_EVP_MAC_update(c, in, len);
}

WRAP(int, EVP_MAC_final, EVP_MAC_CTX *c, unsigned char *out, size_t *len, size_t cap)
{
    return wrote_size(__real_EVP_MAC_final(c, out, len, cap), out, len);
}

WRAP(int, EVP_DigestSign, EVP_MD_CTX *c, unsigned char *sig, size_t *len, const unsigned char *in,
     size_t in_len)
{
    read_by(in, in_len);
    return wrote_size(__real_EVP_DigestSign(c, sig, len, in, in_len), sig, len);
}

WRAP(int, EVP_DigestVerify, EVP_MD_CTX *c, const unsigned char *sig, size_t len,
     const unsigned char *in, size_t in_len)
{
    read_by(sig, len);
    read_by(in, in_len);
    return __real_EVP_DigestVerify(c, sig, len, in, in_len);
}

WRAP(int, EVP_PKEY_derive, EVP_PKEY_CTX *c, unsigned char *key, size_t *len)
{
    return wrote_size(__real_EVP_PKEY_derive(c, key, len), key, len);
}

WRAP(int, EVP_PKEY_get_raw_public_key, const EVP_PKEY *k, unsigned char *out, size_t *len)
{
    return wrote_size(__real_EVP_PKEY_get_raw_public_key(k, out, len), out, len);
}

WRAP(size_t, EVP_PKEY_get1_encoded_public_key, EVP_PKEY *k, unsigned char **out)
{
    size_t len = __real_EVP_PKEY_get1_encoded_public_key(k, out);
    written(out, sizeof *out);
    return len;
}

WRAP(int, EVP_PKEY_get_bn_param, const EVP_PKEY *k, const char *name, BIGNUM **bn)
{
    int rc = __real_EVP_PKEY_get_bn_param(k, name, bn);
    written(bn, sizeof *bn);
    return rc;
}

WRAP(int, EVP_PKEY_get_group_name, const EVP_PKEY *k, char *name, size_t cap, size_t *len)
{
    int rc = __real_EVP_PKEY_get_group_name(k, name, cap, len);
    written(name, rc > 0 ? cap : 0);
    written(len, sizeof *len);
    return rc;
}

WRAP(int, BN_bn2binpad, const BIGNUM *n, unsigned char *out, int len)
{
    int rc = __real_BN_bn2binpad(n, out, len);
    written(out, rc > 0 ? (size_t)rc : 0);
    return rc;
}

WRAP(size_t, EC_POINT_point2oct, const EC_GROUP *g, const EC_POINT *p, point_conversion_form_t form,
     unsigned char *out, size_t cap, BN_CTX *ctx)
{
    size_t len = __real_EC_POINT_point2oct(g, p, form, out, cap, ctx);
    written(out, len);
    return len;
}

/* --- what libcrypto asks the C library about its own stack, which nobody has seen written ------ */

/* Declares got, which the call gives. */
#define ON_ITS_OWN(type, call)                                                                     \
    __msan_scoped_disable_interceptor_checks();                                                    \
    type got = call;                                                                               \
    __msan_scoped_enable_interceptor_checks()

WRAP(ASN1_TIME *, ASN1_TIME_set, ASN1_TIME *to, time_t t)
{
    ON_ITS_OWN(ASN1_TIME *, __real_ASN1_TIME_set(to, t));
    return got;
}

WRAP(int, EVP_DigestSignInit, EVP_MD_CTX *c, EVP_PKEY_CTX **p, const EVP_MD *md, ENGINE *e,
     EVP_PKEY *k)
{
    ON_ITS_OWN(int, __real_EVP_DigestSignInit(c, p, md, e, k));
    return got;
}

WRAP(int, EVP_DigestVerifyInit, EVP_MD_CTX *c, EVP_PKEY_CTX **p, const EVP_MD *md, ENGINE *e,
     EVP_PKEY *k)
{
    ON_ITS_OWN(int, __real_EVP_DigestVerifyInit(c, p, md, e, k));
    return got;
}

WRAP(X509 *, PEM_read_bio_X509, BIO *b, X509 **to, pem_password_cb *ask, void *u)
{
    ON_ITS_OWN(X509 *, __real_PEM_read_bio_X509(b, to, ask, u));
    return got;
}

WRAP(EVP_PKEY *, PEM_read_bio_PrivateKey, BIO *b, EVP_PKEY **to, pem_password_cb *ask, void *u)
{
    ON_ITS_OWN(EVP_PKEY *, __real_PEM_read_bio_PrivateKey(b, to, ask, u));
    return got;
}

WRAP(EVP_PKEY *, PEM_read_bio_PUBKEY, BIO *b, EVP_PKEY **to, pem_password_cb *ask, void *u)
{
    ON_ITS_OWN(EVP_PKEY *, __real_PEM_read_bio_PUBKEY(b, to, ask, u));
    return got;
}

WRAP(int, X509_verify_cert, X509_STORE_CTX *c)
{
    ON_ITS_OWN(int, __real_X509_verify_cert(c));
    return got;
}

WRAP(int, X509_sign, X509 *x, EVP_PKEY *k, const EVP_MD *md)
{
    ON_ITS_OWN(int, __real_X509_sign(x, k, md));
    return got;
}

WRAP(int, EVP_EncodeBlock, unsigned char *out, const unsigned char *in, int len)
{
    read_by(in, (size_t)len);
    int n = __real_EVP_EncodeBlock(out, in, len);
    written(out, (size_t)n + 1);
    return n;
}

WRAP(int, BIO_read, BIO *b, void *out, int cap)
{
    int rc = __real_BIO_read(b, out, cap);
    written(out, rc > 0 ? (size_t)rc : 0);
    return rc;
}

/* --- DER: from *in, which moves; to *out, which moves or is taken
 * ---------------------------------------- */

#define WRAP_DER(type, name)                                                                       \
    WRAP(type *, d2i_##name, type **to, const unsigned char **in, long len)                        \
    {                                                                                              \
        read_by(*in, (size_t)len);                                                                 \
        ON_ITS_OWN(type *, __real_d2i_##name(to, in, len));                                        \
        written(in, sizeof *in);                                                                   \
        return got;                                                                                \
    }                                                                                              \
    WRAP(int, i2d_##name, const type *from, unsigned char **out)                                   \
    {                                                                                              \
        unsigned char *before = out != NULL ? *out : NULL;                                         \
        int len = __real_i2d_##name(from, out);                                                    \
        if (out != NULL)                                                                           \
            written(out, sizeof *out);                                                             \
        written(before, len > 0 ? (size_t)len : 0);                                                \
        return len;                                                                                \
    }
WRAP_DER(X509, X509)
WRAP_DER(X509_NAME, X509_NAME)
WRAP_DER(X509_ALGOR, X509_ALGOR)
WRAP_DER(X509_PUBKEY, X509_PUBKEY)
WRAP_DER(EVP_PKEY, PUBKEY)
WRAP_DER(ECDSA_SIG, ECDSA_SIG)

WRAP(EVP_PKEY *, d2i_AutoPrivateKey, EVP_PKEY **to, const unsigned char **in, long len)
{
    ON_ITS_OWN(EVP_PKEY *, __real_d2i_AutoPrivateKey(to, in, len));
    written(in, sizeof *in);
    return got;
}

WRAP(int, i2d_PublicKey, const EVP_PKEY *from, unsigned char **out)
{
    unsigned char *before = out != NULL ? *out : NULL;
    int len = __real_i2d_PublicKey(from, out);
    if (out != NULL)
        written(out, sizeof *out);
    written(before, len > 0 ? (size_t)len : 0);
    return len;
}

WRAP(void, X509_ALGOR_get0, const ASN1_OBJECT **name, int *type, const void **value,
     const X509_ALGOR *from)
{
    __real_X509_ALGOR_get0(name, type, value, from);
    written(name, name != NULL ? sizeof *name : 0);
    written(type, type != NULL ? sizeof *type : 0);
    written(value, value != NULL ? sizeof *value : 0);
}

WRAP(ASN1_OCTET_STRING *, ASN1_item_pack, void *from, const ASN1_ITEM *it, ASN1_OCTET_STRING **out)
{
    ASN1_OCTET_STRING *got = __real_ASN1_item_pack(from, it, out);
    if (out != NULL)
        written(out, sizeof *out);
    return got;
}

#endif
#endif
typedef int msan_wrap_is_no_empty_file;

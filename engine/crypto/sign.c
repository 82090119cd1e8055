/* sign.c - signing and checking AUTH octets with EVP. */
#include "engine/crypto/sign.h"

#include <stdlib.h>

#include "engine/crypto/openssl.h"
#include "engine/crypto/sign_key.h"

#define METHOD_RSA       1
#define METHOD_SIGNATURE 14

/* Which hash a classic method uses with which key (RFC 7296 3.8, RFC 4754 7). */
static const struct {
    uint8_t method, key, hash, half; /* half: octets of r and of s, 0 = no ECDSA */
} classic[] = {
    { METHOD_RSA, KEY_RSA, SIGN_SHA1, 0 },
    { 9, KEY_ECDSA_P256, SIGN_SHA2_256, 32 },
    { 10, KEY_ECDSA_P384, SIGN_SHA2_384, 48 },
    { 11, KEY_ECDSA_P521, SIGN_SHA2_512, 66 },
};

static const EVP_MD *digest_of(uint8_t hash)
{
    switch (hash) {
    case SIGN_SHA1:
        return EVP_sha1();
    case SIGN_SHA2_256:
        return EVP_sha256();
    case SIGN_SHA2_384:
        return EVP_sha384();
    case SIGN_SHA2_512:
        return EVP_sha512();
    default:
        return NULL; /* SIGN_IDENTITY: EdDSA hashes by itself */
    }
}

static uint8_t hash_of_nid(int nid)
{
    switch (nid) {
    case NID_sha1:
        return SIGN_SHA1;
    case NID_sha256:
        return SIGN_SHA2_256;
    case NID_sha384:
        return SIGN_SHA2_384;
    case NID_sha512:
        return SIGN_SHA2_512;
    default:
        return 0;
    }
}

static bool is_ecdsa(enum key_type t)
{
    return t == KEY_ECDSA_P256 || t == KEY_ECDSA_P384 || t == KEY_ECDSA_P521;
}

static bool is_eddsa(enum key_type t)
{
    return t == KEY_ED25519 || t == KEY_ED448;
}

enum key_type evp_key_type(const EVP_PKEY *k)
{
    char group[40];
    size_t len;
    switch (EVP_PKEY_get_base_id(k)) {
    case EVP_PKEY_RSA:
        return KEY_RSA;
    case EVP_PKEY_ED25519:
        return KEY_ED25519;
    case EVP_PKEY_ED448:
        return KEY_ED448;
    case EVP_PKEY_EC:
        break;
    default:
        return KEY_NONE;
    }
    if (!EVP_PKEY_get_group_name(k, group, sizeof group, &len))
        return KEY_NONE;
    switch (OBJ_txt2nid(group)) {
    case NID_X9_62_prime256v1:
        return KEY_ECDSA_P256;
    case NID_secp384r1:
        return KEY_ECDSA_P384;
    case NID_secp521r1:
        return KEY_ECDSA_P521;
    default:
        return KEY_NONE;
    }
}

/* --- private keys
 * -------------------------------------------------------------------------------------- */

enum err sign_key_load(struct sign_key **out, struct span text)
{
    const unsigned char *p = text.p;
    BIO *b = BIO_new_mem_buf(text.p, (int)text.len);
    EVP_PKEY *key = b != NULL ? PEM_read_bio_PrivateKey(b, NULL, NULL, NULL) : NULL;
    struct sign_key *k = NULL;
    enum err rc = ERR_VALUE;
    if (key == NULL)
        key = d2i_AutoPrivateKey(NULL, &p, (long)text.len);
    if (key == NULL)
        goto out;
    rc = evp_key_type(key) == KEY_NONE ? ERR_UNSUPPORTED : ERR_OK;
    if (rc != ERR_OK)
        goto out;
    k = calloc(1, sizeof *k);
    if (k == NULL) {
        rc = ERR_MEMORY;
        goto out;
    }
    k->key = key;
    k->type = evp_key_type(key);
    key = NULL;
    *out = k;
out:
    EVP_PKEY_free(key);
    BIO_free(b);
    ERR_clear_error();
    return rc;
}

void sign_key_free(struct sign_key *k)
{
    if (k == NULL)
        return;
    EVP_PKEY_free(k->key);
    free(k);
}

enum key_type sign_key_type(const struct sign_key *k)
{
    return k->type;
}

/* --- AlgorithmIdentifiers (RFC 7427 A)
 * ------------------------------------------------------------------ */

static ASN1_STRING *pss_params(const EVP_MD *md)
{
    RSA_PSS_PARAMS *p = RSA_PSS_PARAMS_new();
    X509_ALGOR *inner = X509_ALGOR_new();
    ASN1_STRING *packed = NULL, *out = NULL;
    bool ok = p != NULL && inner != NULL;
    if (ok) {
        p->hashAlgorithm = X509_ALGOR_new();
        p->maskGenAlgorithm = X509_ALGOR_new();
        p->saltLength = ASN1_INTEGER_new();
        ok = p->hashAlgorithm != NULL && p->maskGenAlgorithm != NULL && p->saltLength != NULL;
    }
    if (ok) {
        /* with NULL parameters, as the octets of RFC 7427 A.4 have them */
        ASN1_OBJECT *hash = OBJ_nid2obj(EVP_MD_get_type(md));
        ok = X509_ALGOR_set0(p->hashAlgorithm, hash, V_ASN1_NULL, NULL) > 0 &&
             X509_ALGOR_set0(inner, hash, V_ASN1_NULL, NULL) > 0 &&
             ASN1_item_pack(inner, ASN1_ITEM_rptr(X509_ALGOR), &packed) != NULL &&
             X509_ALGOR_set0(p->maskGenAlgorithm, OBJ_nid2obj(NID_mgf1), V_ASN1_SEQUENCE, packed) >
                 0 &&
             ASN1_INTEGER_set(p->saltLength, EVP_MD_get_size(md)) > 0;
        if (ok)
            packed = NULL;
    }
    if (ok)
        out = ASN1_item_pack(p, ASN1_ITEM_rptr(RSA_PSS_PARAMS), NULL);
    ASN1_STRING_free(packed);
    X509_ALGOR_free(inner);
    RSA_PSS_PARAMS_free(p);
    return out;
}

/* Writes length octet and AlgorithmIdentifier; 0 on failure. */
static size_t put_algorithm(enum key_type type, const struct sign_how *how, uint8_t *out)
{
    const EVP_MD *md = digest_of(how->hash);
    X509_ALGOR *a = X509_ALGOR_new();
    unsigned char *der = NULL;
    int nid = NID_undef, params = V_ASN1_UNDEF, len = 0;
    ASN1_STRING *pss = NULL;
    if (type == KEY_RSA && how->pss) {
        nid = NID_rsassaPss;
        params = V_ASN1_SEQUENCE;
        pss = pss_params(md);
    } else if (type == KEY_RSA) {
        params = V_ASN1_NULL;
        OBJ_find_sigid_by_algs(&nid, EVP_MD_get_type(md), EVP_PKEY_RSA);
    } else if (is_ecdsa(type)) {
        OBJ_find_sigid_by_algs(&nid, EVP_MD_get_type(md), EVP_PKEY_EC);
    } else {
        nid = type == KEY_ED25519 ? NID_ED25519 : NID_ED448;
    }
    if (a != NULL && nid != NID_undef && X509_ALGOR_set0(a, OBJ_nid2obj(nid), params, pss) > 0) {
        pss = NULL;
        len = i2d_X509_ALGOR(a, &der);
    }
    if (len > 0 && len < 256) {
        out[0] = (uint8_t)len;
        memcpy(out + 1, der, (size_t)len);
    } else {
        len = -1;
    }
    OPENSSL_free(der);
    ASN1_STRING_free(pss);
    X509_ALGOR_free(a);
    return (size_t)(len + 1);
}

/* Hash and salt of RSASSA-PSS parameters: mask and message hash must be the same. */
static enum err get_pss(const X509_ALGOR *a, struct sign_how *how, int *salt)
{
    int kind;
    const void *v;
    X509_ALGOR_get0(NULL, &kind, &v, a);
    if (kind != V_ASN1_SEQUENCE)
        return ERR_VALUE;
    RSA_PSS_PARAMS *p = ASN1_item_unpack(v, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
    enum err rc = p != NULL ? ERR_OK : ERR_VALUE;
    int hash = NID_sha1, mask = NID_sha1; /* the defaults of RFC 4055 3.1 */
    const ASN1_OBJECT *o;
    if (rc == ERR_OK && p->hashAlgorithm != NULL) {
        X509_ALGOR_get0(&o, NULL, NULL, p->hashAlgorithm);
        hash = OBJ_obj2nid(o);
    }
    if (rc == ERR_OK && p->maskGenAlgorithm != NULL) {
        X509_ALGOR_get0(&o, &kind, &v, p->maskGenAlgorithm);
        X509_ALGOR *inner = OBJ_obj2nid(o) == NID_mgf1 && kind == V_ASN1_SEQUENCE
                                ? ASN1_item_unpack(v, ASN1_ITEM_rptr(X509_ALGOR))
                                : NULL;
        mask = NID_undef;
        if (inner != NULL) {
            X509_ALGOR_get0(&o, NULL, NULL, inner);
            mask = OBJ_obj2nid(o);
        }
        X509_ALGOR_free(inner);
    }
    if (rc == ERR_OK) {
        long s = p->saltLength != NULL ? ASN1_INTEGER_get(p->saltLength) : 20;
        bool trailer = p->trailerField == NULL || ASN1_INTEGER_get(p->trailerField) == 1;
        how->hash = hash_of_nid(hash);
        how->pss = true;
        *salt = (int)s;
        if (hash != mask || how->hash == 0 || s < 0 || s > 512 || !trailer)
            rc = ERR_VALUE;
    }
    RSA_PSS_PARAMS_free(p);
    return rc;
}

/* Reads the prefix of method 14. */
static enum err get_algorithm(struct reader *r, enum key_type type, struct sign_how *how, int *salt)
{
    size_t len = rd_u8(r);
    struct span der = rd_span(r, len);
    const unsigned char *p = der.p;
    const ASN1_OBJECT *o;
    int hash = NID_undef, key = NID_undef;
    if (r->err != ERR_OK || len == 0)
        return ERR_VALUE;
    X509_ALGOR *a = d2i_X509_ALGOR(NULL, &p, (long)der.len);
    enum err rc = a != NULL && p == der.p + der.len ? ERR_OK : ERR_VALUE;
    if (rc == ERR_OK) {
        X509_ALGOR_get0(&o, NULL, NULL, a);
        int nid = OBJ_obj2nid(o);
        if (nid == NID_rsassaPss) {
            rc = type == KEY_RSA ? get_pss(a, how, salt) : ERR_VALUE;
        } else if (nid == NID_ED25519 || nid == NID_ED448) {
            how->hash = SIGN_IDENTITY;
            rc = type == (nid == NID_ED25519 ? KEY_ED25519 : KEY_ED448) ? ERR_OK : ERR_VALUE;
        } else if (!OBJ_find_sigid_algs(nid, &hash, &key)) {
            rc = ERR_UNSUPPORTED;
        } else {
            how->hash = hash_of_nid(hash);
            bool fits =
                (key == EVP_PKEY_RSA && type == KEY_RSA) || (key == EVP_PKEY_EC && is_ecdsa(type));
            rc = how->hash == 0 ? ERR_UNSUPPORTED : fits ? ERR_OK : ERR_VALUE;
        }
    }
    X509_ALGOR_free(a);
    return rc;
}

/* --- signing
 * ---------------------------------------------------------------------------------------------- */

static bool set_padding(EVP_PKEY_CTX *ctx, enum key_type type, const struct sign_how *how, int salt)
{
    if (type != KEY_RSA)
        return true;
    if (!how->pss)
        return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
    return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt) > 0;
}

/* RFC 4754: r and s side by side, in place of DER. */
static enum err raw_from_der(uint8_t *sig, size_t *len, size_t half)
{
    const unsigned char *p = sig;
    ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &p, (long)*len);
    bool ok = s != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(s), sig, (int)half) > 0 &&
              BN_bn2binpad(ECDSA_SIG_get0_s(s), sig + half, (int)half) > 0;
    ECDSA_SIG_free(s);
    *len = 2 * half;
    return ok ? ERR_OK : ERR_CRYPTO;
}

static enum err resolve(uint8_t method, enum key_type type, struct sign_how *how, size_t *half)
{
    *half = 0;
    if (method == METHOD_SIGNATURE)
        return ERR_OK;
    for (size_t i = 0; i < sizeof classic / sizeof classic[0]; i++)
        if (classic[i].method == method && classic[i].key == (uint8_t)type) {
            how->hash = classic[i].hash;
            how->pss = false;
            *half = classic[i].half;
            return ERR_OK;
        }
    return ERR_VALUE;
}

static bool sign_once(const struct sign_key *k, const struct sign_how *how, struct span octets,
                      uint8_t *out, size_t *len)
{
    EVP_PKEY_CTX *pctx;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const EVP_MD *md = digest_of(how->hash);
    bool ok = ctx != NULL && EVP_DigestSignInit(ctx, &pctx, md, NULL, k->key) > 0 &&
              set_padding(pctx, k->type, how, md != NULL ? EVP_MD_get_size(md) : 0) &&
              EVP_DigestSign(ctx, out, len, octets.p, octets.len) > 0;
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
    return ok;
}

enum err sign_run(const struct sign_key *k, const struct sign_how *want, struct span octets,
                  uint8_t *out, size_t *len)
{
    struct sign_how how = *want;
    size_t half, prefix = 0, sig_len = 0;
    enum err rc = resolve(how.method, k->type, &how, &half);
    if (rc != ERR_OK)
        return rc;
    if (is_eddsa(k->type) != (how.hash == SIGN_IDENTITY) ||
        (digest_of(how.hash) == NULL && !is_eddsa(k->type)))
        return ERR_VALUE;
    if (how.method == METHOD_SIGNATURE) {
        prefix = put_algorithm(k->type, &how, out);
        if (prefix == 0)
            return ERR_CRYPTO;
    }
    /* A signature of r and s in DER is of many lengths, by chance. The longest is taken, so that no
     * length in a run depends on it; one in four is that long. */
    bool vary = is_ecdsa(k->type) && half == 0;
    for (int tries = 0; tries < 64; tries++) {
        sig_len = SIGN_MAX - prefix;
        if (!sign_once(k, &how, octets, out + prefix, &sig_len))
            return ERR_CRYPTO;
        if (!vary || sig_len >= (size_t)EVP_PKEY_get_size(k->key))
            break;
    }
    if (half > 0 && (rc = raw_from_der(out + prefix, &sig_len, half)) != ERR_OK)
        return rc;
    *len = prefix + sig_len;
    return ERR_OK;
}

/* --- checking
 * ---------------------------------------------------------------------------------------------- */

static size_t der_from_raw(struct span raw, size_t half, uint8_t *out)
{
    ECDSA_SIG *s = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw.p, (int)half, NULL), *t = BN_bin2bn(raw.p + half, (int)half, NULL);
    unsigned char *p = out;
    int len = 0;
    if (s != NULL && r != NULL && t != NULL && ECDSA_SIG_set0(s, r, t)) {
        r = t = NULL;
        len = i2d_ECDSA_SIG(s, &p);
    }
    BN_free(r);
    BN_free(t);
    ECDSA_SIG_free(s);
    return len > 0 ? (size_t)len : 0;
}

bool public_key_short(const struct public_key *k)
{
    return k->type == KEY_RSA && EVP_PKEY_get_bits(k->key) < 2048;
}

enum err sign_check(const struct public_key *k, uint8_t method, unsigned hashes, struct span octets,
                    struct span data, struct sign_how *used)
{
    struct sign_how how = { .method = method };
    enum key_type type = k->type;
    struct reader r = rd_init(data);
    uint8_t der[160];
    size_t half;
    int salt = 0;
    EVP_PKEY_CTX *pctx;
    enum err rc = resolve(method, type, &how, &half);
    if (rc == ERR_OK && method == METHOD_SIGNATURE) {
        rc = get_algorithm(&r, type, &how, &salt);
        if (rc == ERR_OK && !(hashes & 1u << how.hash))
            rc = ERR_UNSUPPORTED;
    }
    if (used != NULL)
        *used = how;
    if (rc != ERR_OK)
        return rc;
    struct span sig = rd_rest(&r);
    if (half > 0) {
        if (sig.len != 2 * half)
            return ERR_VALUE;
        sig = span_of(der, der_from_raw(sig, half, der));
    }
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ready = ctx != NULL && sig.len > 0 &&
                 EVP_DigestVerifyInit(ctx, &pctx, digest_of(how.hash), NULL, k->key) > 0 &&
                 set_padding(pctx, type, &how, salt);
    bool ok = ready && EVP_DigestVerify(ctx, sig.p, sig.len, octets.p, octets.len) == 1;
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
    return ok ? ERR_OK : ERR_INTEGRITY;
}

/* aead.c - AES-GCM, AES-CCM, ChaCha20-Poly1305 and AES-GMAC over one packet (RFC 4106, 4309, 7634,
 * 4543; RFC 5282 for IKE). */
#include "engine/crypto/crypt.h"
#include "engine/crypto/openssl.h"

/* Salt, then IV: 12 octets, or 11 for CCM. */
static void nonce_fill(const struct crypt *c, const struct crypt_op *op, uint8_t nonce[12])
{
    memcpy(nonce, c->key.b + c->row->key_len, c->row->salt_len);
    memcpy(nonce + c->row->salt_len, op->iv, c->row->iv_len);
}

static bool add(EVP_CIPHER_CTX *ctx, const uint8_t *p, size_t len)
{
    int n;
    return len == 0 || EVP_CipherUpdate(ctx, NULL, &n, p, (int)len) > 0;
}

/* Nonce, then what is only authenticated, then the text. */
static bool packet(struct crypt *c, EVP_CIPHER_CTX *ctx, const struct crypt_op *op, bool enc)
{
    uint8_t nonce[12];
    int n;
    nonce_fill(c, op, nonce);
    if (EVP_CipherInit_ex2(ctx, NULL, NULL, nonce, enc, NULL) <= 0)
        return false;
    if (c->row->mode == MODE_CCM && EVP_CipherUpdate(ctx, NULL, &n, NULL, (int)op->text_len) <= 0)
        return false;
    if (!add(ctx, op->aad.p, op->aad.len))
        return false;
    if (c->row->mode == MODE_GMAC) /* RFC 4543 3.5: the IV is part of what GMAC covers */
        return add(ctx, op->iv, c->row->iv_len) && add(ctx, op->text, op->text_len);
    /* A CCM text of no octets must be said aloud: its tag is made by the update. */
    return (op->text_len == 0 && c->row->mode != MODE_CCM) ||
           EVP_CipherUpdate(ctx, op->text, &n, op->text, (int)op->text_len) > 0;
}

static bool tag_move(EVP_CIPHER_CTX *ctx, const struct crypt *c, uint8_t *icv, bool get)
{
    OSSL_PARAM params[2] = { OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, icv,
                                                               c->row->icv_len),
                             OSSL_PARAM_END };
    return get ? EVP_CIPHER_CTX_get_params(ctx, params) > 0
               : EVP_CIPHER_CTX_set_params(ctx, params) > 0;
}

enum err aead_seal(struct crypt *c, const struct crypt_op *op)
{
    uint8_t none[16];
    int n;
    EVP_CIPHER_CTX *ctx = crypt_ctx(c, true);
    if (ctx != NULL && packet(c, ctx, op, true) && EVP_EncryptFinal_ex(ctx, none, &n) > 0 &&
        tag_move(ctx, c, op->icv, true))
        return ERR_OK;
    ERR_clear_error();
    return ERR_CRYPTO;
}

enum err aead_open(struct crypt *c, const struct crypt_op *op)
{
    uint8_t none[16];
    int n;
    EVP_CIPHER_CTX *ctx = crypt_ctx(c, false);
    if (ctx == NULL || !tag_move(ctx, c, op->icv, false)) {
        ERR_clear_error();
        return ERR_CRYPTO;
    }
    /* CCM rules in its update and has no final step. */
    if (packet(c, ctx, op, false) &&
        (c->row->mode == MODE_CCM || EVP_DecryptFinal_ex(ctx, none, &n) > 0))
        return ERR_OK;
    ERR_clear_error();
    return ERR_INTEGRITY;
}

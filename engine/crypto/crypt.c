/* crypt.c - keys of one direction, and packets protected by a cipher with a MAC over what it made
 * (RFC 7296 3.14, RFC 4303 3.3.2). */
#include "engine/crypto/crypt.h"
#include "engine/crypto/openssl.h"

#include <limits.h>

#define TEXT_MAX (1u << 24) /* far past any datagram, and safe as an int */

static enum err integ_load(struct crypt *c, struct span key)
{
    const struct integ_row *i = integ_row(c->suite.integ);
    if (i == NULL)
        return c->suite.aead && key.len == 0 ? ERR_OK : ERR_LENGTH;
    if (key.len != i->key_len)
        return ERR_LENGTH;
    enum err rc = mac_new(&c->mac, i->kind, i->provider);
    return rc == ERR_OK ? mac_key(c->mac, key) : rc;
}

enum err crypt_new(struct crypt **out, const struct suite *s, struct span encr_key,
                   struct span integ_key)
{
    const struct cipher_row *row = cipher_row(s->encr, s->key_bits);
    if (row == NULL || (row->mode != MODE_NONE && cipher_evp(row) == NULL))
        return ERR_UNSUPPORTED;
    if (encr_key.len != s->encr_key_len || encr_key.len != row->key_len + row->salt_len)
        return ERR_LENGTH;
    struct crypt *c = OPENSSL_zalloc(sizeof *c);
    if (c == NULL)
        return ERR_MEMORY;
    c->suite = *s;
    c->row = row;
    enum err rc = secret_copy(&c->key, encr_key);
    if (rc == ERR_OK)
        rc = integ_load(c, integ_key);
    if (rc != ERR_OK) {
        crypt_free(c);
        return rc;
    }
    *out = c;
    return ERR_OK;
}

void crypt_free(struct crypt *c)
{
    if (c == NULL)
        return;
    EVP_CIPHER_CTX_free(c->enc);
    EVP_CIPHER_CTX_free(c->dec);
    mac_free(c->mac);
    OPENSSL_clear_free(c, sizeof *c);
}

static bool ctx_load(struct crypt *c, EVP_CIPHER_CTX *ctx, bool enc)
{
    const EVP_CIPHER *evp = cipher_evp(c->row);
    /* No padding is said only to a cipher that pads: every later init would say it again. */
    if (c->row->mode != MODE_CCM)
        return EVP_CipherInit_ex2(ctx, evp, c->key.b, NULL, enc, NULL) > 0 &&
               (c->row->mode != MODE_CBC || EVP_CIPHER_CTX_set_padding(ctx, 0) > 0);
    /* CCM must know the lengths of nonce and tag before the key. */
    return EVP_CipherInit_ex2(ctx, evp, NULL, NULL, enc, NULL) > 0 &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, 11, NULL) > 0 &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, c->row->icv_len, NULL) > 0 &&
           EVP_CipherInit_ex2(ctx, NULL, c->key.b, NULL, enc, NULL) > 0;
}

EVP_CIPHER_CTX *crypt_ctx(struct crypt *c, bool enc)
{
    EVP_CIPHER_CTX **at = enc ? &c->enc : &c->dec;
    if (*at != NULL)
        return *at;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx != NULL && !ctx_load(c, ctx, enc)) {
        EVP_CIPHER_CTX_free(ctx);
        ERR_clear_error();
        ctx = NULL;
    }
    *at = ctx;
    return ctx;
}

/* The ICV covers aad | iv | text | mac_tail. */
static enum err mac_packet(struct crypt *c, const struct crypt_op *op, uint8_t out[MAC_MAX])
{
    const struct span parts[] = { op->aad, span_of(op->iv, c->suite.iv_len),
                                  span_of(op->text, op->text_len), op->mac_tail };
    enum err rc = mac_start(c->mac);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && rc == ERR_OK; i++)
        rc = mac_add(c->mac, parts[i]);
    return rc == ERR_OK ? mac_done(c->mac, out) : rc;
}

static enum err cipher_run(struct crypt *c, const struct crypt_op *op, bool enc)
{
    uint8_t block[16] = { 0 };
    const uint8_t *iv = op->iv;
    int n;
    if (c->row->mode == MODE_NONE || op->text_len == 0)
        return ERR_OK;
    if (c->row->mode == MODE_CTR) { /* RFC 3686 4: nonce | IV | 1 */
        memcpy(block, c->key.b + c->row->key_len, 4);
        memcpy(block + 4, op->iv, 8);
        block[15] = 1;
        iv = block;
        enc = true;
    }
    EVP_CIPHER_CTX *ctx = crypt_ctx(c, enc);
    if (ctx == NULL)
        return ERR_CRYPTO;
    if (EVP_CipherInit_ex2(ctx, NULL, NULL, iv, enc, NULL) > 0 &&
        EVP_CipherUpdate(ctx, op->text, &n, op->text, (int)op->text_len) > 0 &&
        (size_t)n == op->text_len)
        return ERR_OK;
    ERR_clear_error();
    return ERR_CRYPTO;
}

static enum err op_check(const struct crypt *c, const struct crypt_op *op)
{
    if (op->text_len > TEXT_MAX || op->text_len % c->suite.block != 0)
        return ERR_LENGTH;
    return ERR_OK;
}

enum err crypt_seal(struct crypt *c, const struct crypt_op *op)
{
    uint8_t icv[MAC_MAX];
    enum err rc = op_check(c, op);
    if (rc != ERR_OK)
        return rc;
    if (c->suite.aead)
        return aead_seal(c, op);
    rc = cipher_run(c, op, true);
    if (rc == ERR_OK)
        rc = mac_packet(c, op, icv);
    if (rc == ERR_OK)
        memcpy(op->icv, icv, c->suite.icv_len);
    return rc;
}

enum err crypt_open(struct crypt *c, const struct crypt_op *op)
{
    uint8_t icv[MAC_MAX];
    enum err rc = op_check(c, op);
    if (rc != ERR_OK)
        return rc;
    if (c->suite.aead) {
        rc = aead_open(c, op);
    } else {
        rc = mac_packet(c, op, icv);
        if (rc == ERR_OK &&
            !secret_equal(span_of(icv, c->suite.icv_len), span_of(op->icv, c->suite.icv_len)))
            rc = ERR_INTEGRITY;
        if (rc == ERR_OK)
            return cipher_run(c, op, false);
        wipe(icv, sizeof icv);
    }
    if (rc != ERR_OK)
        wipe(op->text, op->text_len);
    return rc;
}

/* Every AEAD here encrypts with a key stream, so sealing the ciphertext yields the text, and
 * sealing that again the ICV it should have come with. */
static enum err aead_reveal(struct crypt *c, const struct crypt_op *op, bool *held)
{
    uint8_t icv[ICV_MAX];
    struct crypt_op turn = *op;
    turn.icv = icv;
    enum err rc = ERR_OK;
    for (int i = 0; i < 3 && rc == ERR_OK; i++) {
        rc = aead_seal(c, &turn);
        if (i == 1)
            *held =
                secret_equal(span_of(icv, c->suite.icv_len), span_of(op->icv, c->suite.icv_len));
    }
    wipe(icv, sizeof icv);
    return rc;
}

enum err crypt_open_unchecked(struct crypt *c, const struct crypt_op *op, bool *held)
{
    uint8_t icv[MAC_MAX];
    enum err rc = op_check(c, op);
    if (rc != ERR_OK)
        return rc;
    if (c->suite.aead)
        return aead_reveal(c, op, held);
    rc = mac_packet(c, op, icv);
    if (rc != ERR_OK)
        return rc;
    *held = secret_equal(span_of(icv, c->suite.icv_len), span_of(op->icv, c->suite.icv_len));
    wipe(icv, sizeof icv);
    return cipher_run(c, op, false);
}

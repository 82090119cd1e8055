/* crypt.h - what suite.c, crypt.c and aead.c share: the cipher rows of algs.def and the loaded
 * keys. Internal to engine/crypto. */
#ifndef ENGINE_CRYPTO_CRYPT_H
#define ENGINE_CRYPTO_CRYPT_H

#include "engine/crypto/mac.h"

enum cipher_mode { MODE_NONE, MODE_CBC, MODE_CTR, MODE_CCM, MODE_AEAD, MODE_GMAC };

struct cipher_row {
    uint16_t id, key_bits;
    const char *provider;
    enum cipher_mode mode;
    uint16_t key_len, salt_len, iv_len, block, icv_len;
};

struct integ_row {
    uint16_t id;
    enum mac_kind kind;
    const char *provider;
    uint16_t key_len, icv_len;
};

/* The library's types by their tags, so that this header needs none of its headers. */
struct evp_cipher_st;
struct evp_cipher_ctx_st;

/* NULL when there is no such row. */
const struct cipher_row *cipher_row(uint16_t encr, uint16_t key_bits);
const struct integ_row *integ_row(uint16_t integ);
/* The provider's cipher, NULL when it lacks it. */
const struct evp_cipher_st *cipher_evp(const struct cipher_row *row);

struct crypt {
    struct suite suite;
    const struct cipher_row *row;
    struct evp_cipher_ctx_st *enc, *dec; /* made at first use: most keys go one way only */
    struct mac *mac;                     /* NULL for an AEAD */
    struct secret key;                   /* salt at the end (RFC 4106 8.1) */
};

/* The context of one direction with the key loaded; NULL when the provider refuses. */
struct evp_cipher_ctx_st *crypt_ctx(struct crypt *c, bool enc);

/* aead.c: text_len is checked. seal writes the ICV, open checks it. */
MUST_CHECK enum err aead_seal(struct crypt *c, const struct crypt_op *op);
MUST_CHECK enum err aead_open(struct crypt *c, const struct crypt_op *op);

#endif

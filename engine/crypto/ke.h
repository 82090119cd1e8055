/* ke.h - what ke.c and the three kinds of key exchange group share. Internal to engine/crypto. */
#ifndef ENGINE_CRYPTO_KE_H
#define ENGINE_CRYPTO_KE_H

#include "engine/crypto/crypto.h"

#define PUBLIC_MAX 1024u /* octets of KE data of MODP_8192 */

/* The library's types by their tags, so that this header needs none of its headers. */
struct bignum_st;
struct evp_pkey_st;

/* Where a group's parameters lie among those of its kind. */
enum {
#define MODP(id, name, source, octets, exponent) MODP_SLOT_##id,
#include "engine/crypto/algs.def"
    NUM_MODP
};
enum {
#define ECP(id, name, provider, octets) ECP_SLOT_##id,
#include "engine/crypto/algs.def"
    NUM_ECP
};
enum {
#define XDH(id, name, provider, octets) XDH_SLOT_##id,
#include "engine/crypto/algs.def"
    NUM_XDH
};

struct ke {
    const struct group *group;
    const struct ke_kind *kind;
    size_t slot;
    struct bignum_st *secret; /* MODP and ECP */
    struct evp_pkey_st *pkey; /* XDH */
    uint8_t pub[PUBLIC_MAX];
};

struct ke_kind {
    bool (*offered)(size_t slot);
    enum err (*make)(struct ke *k, const struct rng *rng); /* fills secret or pkey, and pub */
    /* peer has the group's length. ERR_VALUE when RFC 6989 or 7748 refuses it. */
    enum err (*shared)(const struct ke *k, const uint8_t *peer, uint8_t *out);
};
extern const struct ke_kind ke_modp, ke_ecp, ke_xdh;

#endif

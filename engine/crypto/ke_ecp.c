/* ke_ecp.c - Diffie-Hellman on the NIST and Brainpool curves (RFC 5903, RFC 6954): KE data is
 * x | y, the shared secret x alone. EVP of OpenSSL 3.0 does not compute the point that belongs to
 * a given scalar, so the multiplications are the library's own. */
#include "engine/crypto/ke.h"
#include "engine/crypto/openssl.h"

#include <threads.h>

#define COORD_MAX 66u
#define POINT_MAX (1 + 2 * COORD_MAX)

struct curve {
    const char *provider;
    size_t octets;
};

static const struct curve curves[NUM_ECP] = {
#define ECP(id, name, provider, octets) { provider, octets },
#include "engine/crypto/algs.def"
};

/* Made once per process and only read afterwards. */
static EC_GROUP *groups[NUM_ECP];
static once_flag made = ONCE_FLAG_INIT;

static void make_all(void)
{
    for (size_t i = 0; i < NUM_ECP; i++) {
        int nid = OBJ_txt2nid(curves[i].provider);
        groups[i] = nid != NID_undef ? EC_GROUP_new_by_curve_name(nid) : NULL;
    }
    ERR_clear_error();
}

static bool offered(size_t slot)
{
    call_once(&made, make_all);
    return groups[slot] != NULL;
}

/* A scalar in 1..n-1. Eight octets more than the order has make the reduction even. */
static bool scalar_draw(struct ke *k, const struct rng *rng, BN_CTX *ctx)
{
    uint8_t raw[COORD_MAX + 8];
    size_t n = curves[k->slot].octets + 8;
    rng_fill(rng, raw, n);
    BIGNUM *top = BN_dup(EC_GROUP_get0_order(groups[k->slot]));
    k->secret = BN_bin2bn(raw, (int)n, NULL);
    wipe(raw, sizeof raw);
    bool ok = k->secret != NULL && top != NULL && BN_sub_word(top, 1) &&
              BN_nnmod(k->secret, k->secret, top, ctx) && BN_add_word(k->secret, 1);
    if (ok)
        BN_set_flags(k->secret, BN_FLG_CONSTTIME);
    BN_free(top);
    return ok;
}

static enum err make(struct ke *k, const struct rng *rng)
{
    const EC_GROUP *g = groups[k->slot];
    uint8_t raw[POINT_MAX];
    size_t len = 2 * curves[k->slot].octets;
    BN_CTX *ctx = BN_CTX_new();
    EC_POINT *at = EC_POINT_new(g);
    bool ok =
        ctx != NULL && at != NULL && scalar_draw(k, rng, ctx) &&
        EC_POINT_mul(g, at, k->secret, NULL, NULL, ctx) > 0 &&
        EC_POINT_point2oct(g, at, POINT_CONVERSION_UNCOMPRESSED, raw, sizeof raw, ctx) == 1 + len;
    if (ok)
        memcpy(k->pub, raw + 1, len);
    EC_POINT_free(at);
    BN_CTX_free(ctx);
    return ok ? ERR_OK : ERR_CRYPTO;
}

/* RFC 6989 2.3: decoding refuses what is not on the curve, and infinity has no such form. */
static enum err peer_decode(const EC_GROUP *g, const uint8_t *peer, size_t len, EC_POINT *at,
                            BN_CTX *ctx)
{
    uint8_t raw[POINT_MAX];
    raw[0] = POINT_CONVERSION_UNCOMPRESSED;
    memcpy(raw + 1, peer, len);
    return EC_POINT_oct2point(g, at, raw, 1 + len, ctx) > 0 ? ERR_OK : ERR_VALUE;
}

static enum err shared(const struct ke *k, const uint8_t *peer, uint8_t *out)
{
    const EC_GROUP *g = groups[k->slot];
    size_t len = curves[k->slot].octets;
    BN_CTX *ctx = BN_CTX_new();
    EC_POINT *at = EC_POINT_new(g);
    BIGNUM *x = BN_new();
    enum err rc = ERR_MEMORY;
    if (ctx != NULL && at != NULL && x != NULL)
        rc = peer_decode(g, peer, 2 * len, at, ctx);
    if (rc == ERR_OK && !(EC_POINT_mul(g, at, NULL, at, k->secret, ctx) > 0 &&
                          EC_POINT_get_affine_coordinates(g, at, x, NULL, ctx) > 0 &&
                          BN_bn2binpad(x, out, (int)len) == (int)len))
        rc = ERR_CRYPTO;
    BN_clear_free(x);
    EC_POINT_clear_free(at);
    BN_CTX_free(ctx);
    return rc;
}

const struct ke_kind ke_ecp = { offered, make, shared };

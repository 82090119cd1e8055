/* ke_xdh.c - Curve25519 and Curve448 (RFC 8031, RFC 7748). */
#include "engine/crypto/ke.h"
#include "engine/crypto/openssl.h"

#include <threads.h>

#define XDH_MAX 56u

struct curve {
    const char *provider;
    size_t octets;
};

static const struct curve curves[NUM_XDH] = {
#define XDH(id, name, provider, octets) { provider, octets },
#include "engine/crypto/algs.def"
};

static bool there[NUM_XDH];
static once_flag asked = ONCE_FLAG_INIT;

static void ask(void)
{
    for (size_t i = 0; i < NUM_XDH; i++) {
        EVP_KEYEXCH *kex = EVP_KEYEXCH_fetch(NULL, curves[i].provider, NULL);
        there[i] = kex != NULL;
        EVP_KEYEXCH_free(kex);
    }
    ERR_clear_error();
}

static bool offered(size_t slot)
{
    call_once(&asked, ask);
    return there[slot];
}

static enum err make(struct ke *k, const struct rng *rng)
{
    const struct curve *c = &curves[k->slot];
    uint8_t raw[XDH_MAX];
    size_t len = sizeof k->pub;
    rng_fill(rng, raw, c->octets);
    k->pkey = EVP_PKEY_new_raw_private_key_ex(NULL, c->provider, NULL, raw, c->octets);
    wipe(raw, sizeof raw);
    bool ok = k->pkey != NULL && EVP_PKEY_get_raw_public_key(k->pkey, k->pub, &len) > 0 &&
              len == c->octets;
    return ok ? ERR_OK : ERR_CRYPTO;
}

/* RFC 8031 2.3 and RFC 7748 6.1: a shared secret of zeros means a point of small order. The
 * provider refuses it too, which is the only reason for which its derivation can fail here. */
static enum err shared(const struct ke *k, const uint8_t *peer, uint8_t *out)
{
    static const uint8_t zero[XDH_MAX];
    const struct curve *c = &curves[k->slot];
    size_t len = c->octets;
    EVP_PKEY *his = EVP_PKEY_new_raw_public_key_ex(NULL, c->provider, NULL, peer, c->octets);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
    enum err rc = ERR_CRYPTO;
    if (his != NULL && ctx != NULL && EVP_PKEY_derive_init(ctx) > 0 &&
        EVP_PKEY_derive_set_peer_ex(ctx, his, 0) > 0) {
        bool ok = EVP_PKEY_derive(ctx, out, &len) > 0 && len == c->octets;
        rc = ok && !secret_equal(span_of(out, len), span_of(zero, len)) ? ERR_OK : ERR_VALUE;
    }
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(his);
    return rc;
}

const struct ke_kind ke_xdh = { offered, make, shared };

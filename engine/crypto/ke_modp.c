/* ke_modp.c - Diffie-Hellman modulo a prime (RFC 2409 6, RFC 3526, RFC 5114). EVP of OpenSSL 3.0
 * takes a private key only together with its public value, so the powers are the library's
 * constant-time modular exponentiation itself. */
#include "engine/crypto/ke.h"
#include "engine/crypto/openssl.h"

#include <threads.h>

struct field {
    const char *source;
    size_t octets, exponent;
};

static const struct field fields[NUM_MODP] = {
#define MODP(id, name, source, octets, exponent) { source, octets, exponent },
#include "engine/crypto/algs.def"
};

/* Made once per process and only read afterwards. q is NULL for the safe primes. */
static struct params {
    BIGNUM *p, *g, *q, *top; /* top = p - 1 */
    BN_MONT_CTX *mont;
} params[NUM_MODP];
static once_flag made = ONCE_FLAG_INIT;

/* The groups that OpenSSL knows by name. */
static bool params_named(struct params *m, const char *name)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM want[2] = { OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                                            (char *)(uintptr_t)name, 0),
                           OSSL_PARAM_END };
    bool subgroup = name[0] == 'd';
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, subgroup ? "DHX" : "DH", NULL);
    bool ok = ctx != NULL && EVP_PKEY_paramgen_init(ctx) > 0 &&
              EVP_PKEY_CTX_set_params(ctx, want) > 0 && EVP_PKEY_generate(ctx, &key) > 0 &&
              EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_P, &m->p) > 0 &&
              EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_G, &m->g) > 0 &&
              (!subgroup || EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_Q, &m->q) > 0);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

static bool params_make(struct params *m, const struct field *f)
{
    bool ok;
    if (f->source[0] == 'r') { /* RFC 2409 6.1 and 6.2: generator 2 */
        m->p = f->octets == 96 ? BN_get_rfc2409_prime_768(NULL) : BN_get_rfc2409_prime_1024(NULL);
        m->g = BN_new();
        ok = m->p != NULL && m->g != NULL && BN_set_word(m->g, 2);
    } else {
        ok = params_named(m, f->source);
    }
    BN_CTX *ctx = BN_CTX_new();
    m->mont = BN_MONT_CTX_new();
    ok = ok && ctx != NULL && m->mont != NULL && BN_MONT_CTX_set(m->mont, m->p, ctx) &&
         (m->top = BN_dup(m->p)) != NULL && BN_sub_word(m->top, 1) &&
         (size_t)BN_num_bytes(m->p) == f->octets;
    BN_CTX_free(ctx);
    return ok;
}

static void make_all(void)
{
    for (size_t i = 0; i < NUM_MODP; i++) {
        if (params_make(&params[i], &fields[i]))
            continue;
        BN_free(params[i].p);
        BN_free(params[i].g);
        BN_free(params[i].q);
        BN_free(params[i].top);
        BN_MONT_CTX_free(params[i].mont);
        params[i] = (struct params){ 0 };
    }
    ERR_clear_error();
}

static bool offered(size_t slot)
{
    call_once(&made, make_all);
    return params[slot].mont != NULL;
}

/* A subgroup's exponent lies in 1..q-1; the others keep the whole of what was drawn. */
static bool exponent_draw(struct ke *k, const struct params *m, const struct rng *rng, BN_CTX *ctx)
{
    uint8_t raw[64];
    size_t n = fields[k->slot].exponent + (m->q != NULL ? 8 : 0);
    rng_fill(rng, raw, n);
    BIGNUM *q = m->q != NULL ? BN_dup(m->q) : NULL;
    k->secret = BN_bin2bn(raw, (int)n, NULL);
    wipe(raw, sizeof raw);
    bool ok = k->secret != NULL;
    if (ok && m->q != NULL)
        ok = q != NULL && BN_sub_word(q, 1) && BN_nnmod(k->secret, k->secret, q, ctx) &&
             BN_add_word(k->secret, 1);
    else if (ok && BN_is_zero(k->secret))
        ok = BN_one(k->secret);
    if (ok)
        BN_set_flags(k->secret, BN_FLG_CONSTTIME);
    BN_free(q);
    return ok;
}

static bool power(const struct params *m, const BIGNUM *base, const BIGNUM *exponent, BN_CTX *ctx,
                  uint8_t *out, size_t len)
{
    BIGNUM *r = BN_new();
    bool ok = r != NULL && BN_mod_exp_mont_consttime(r, base, exponent, m->p, ctx, m->mont) &&
              BN_bn2binpad(r, out, (int)len) == (int)len;
    BN_clear_free(r);
    return ok;
}

static enum err make(struct ke *k, const struct rng *rng)
{
    const struct params *m = &params[k->slot];
    BN_CTX *ctx = BN_CTX_new();
    bool ok = ctx != NULL && exponent_draw(k, m, rng, ctx) &&
              power(m, m->g, k->secret, ctx, k->pub, fields[k->slot].octets);
    BN_CTX_free(ctx);
    return ok ? ERR_OK : ERR_CRYPTO;
}

/* RFC 6989 2.1 and 2.2: 1 < y < p-1, and in the subgroup where there is a small one. */
static enum err peer_check(const struct params *m, const BIGNUM *y, BN_CTX *ctx)
{
    if (BN_cmp(y, BN_value_one()) <= 0 || BN_cmp(y, m->top) >= 0)
        return ERR_VALUE;
    if (m->q == NULL)
        return ERR_OK;
    BIGNUM *r = BN_new();
    enum err rc = ERR_CRYPTO;
    if (r != NULL && BN_mod_exp_mont(r, y, m->q, m->p, ctx, m->mont))
        rc = BN_is_one(r) ? ERR_OK : ERR_VALUE;
    BN_free(r);
    return rc;
}

static enum err shared(const struct ke *k, const uint8_t *peer, uint8_t *out)
{
    const struct params *m = &params[k->slot];
    size_t len = fields[k->slot].octets;
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *y = BN_bin2bn(peer, (int)len, NULL);
    enum err rc = ERR_MEMORY;
    if (ctx != NULL && y != NULL)
        rc = peer_check(m, y, ctx);
    if (rc == ERR_OK && !power(m, y, k->secret, ctx, out, len))
        rc = ERR_CRYPTO;
    BN_free(y);
    BN_CTX_free(ctx);
    return rc;
}

const struct ke_kind ke_modp = { offered, make, shared };

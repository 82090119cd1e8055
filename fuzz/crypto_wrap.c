/* crypto_wrap.c - key exchange from a pool, and stand-ins for what else costs time. */
#include "fuzz/crypto_wrap.h"

#include "engine/crypto/crypt.h"
#include "engine/crypto/ke.h"
#include "fuzz/heap.h"
#include "fuzz/must.h"

bool crypto_off;

/* --- key exchange
 * --------------------------------------------------------------------------------- */

#define POOL       8u
#define MOST_POOLS 40u

enum err __real_ke_new(struct ke **out, const struct group *g, const struct rng *rng);
enum err __wrap_ke_new(struct ke **out, const struct group *g, const struct rng *rng);
void __real_ke_free(struct ke *k);
void __wrap_ke_free(struct ke *k);
enum err __real_ke_shared(const struct ke *k, struct span peer, uint8_t *out, struct fault *why);
enum err __wrap_ke_shared(const struct ke *k, struct span peer, uint8_t *out, struct fault *why);

static struct pool {
    const struct group *group;
    struct ke *key[POOL];
    uint8_t *shared[POOL][POOL]; /* NULL: not known yet */
} pools[MOST_POOLS];

static struct pool *pool_of(const struct group *g)
{
    for (unsigned i = 0; i < MOST_POOLS; i++)
        if (pools[i].group == g || pools[i].group == NULL) {
            pools[i].group = g;
            return &pools[i];
        }
    return NULL;
}

static int place(const struct pool *p, const struct ke *k)
{
    for (unsigned i = 0; p != NULL && i < POOL; i++)
        if (p->key[i] == k)
            return (int)i;
    return -1;
}

/* One of a pool's keys, made when first asked for. */
static enum err pool_key(struct pool *p, unsigned which)
{
    static struct seeded_rng *source;
    if (p->key[which] != NULL)
        return ERR_OK;
    if (source == NULL)
        must(seeded_rng_new(&source, 1, "pool") == ERR_OK);
    struct rng r = seeded_rng_handle(source);
    return __real_ke_new(&p->key[which], p->group, &r);
}

enum err __wrap_ke_new(struct ke **out, const struct group *g, const struct rng *rng)
{
    struct pool *p = pool_of(g);
    uint8_t which;
    if (p == NULL)
        return __real_ke_new(out, g, rng);
    rng_fill(rng, &which, 1);
    which %= POOL;
    enum err rc = pool_key(p, which);
    *out = p->key[which];
    return rc;
}

void __wrap_ke_free(struct ke *k)
{
    for (unsigned i = 0; k != NULL && i < MOST_POOLS; i++)
        if (pools[i].group == k->group && place(&pools[i], k) >= 0)
            return;
    __real_ke_free(k);
}

enum err __wrap_ke_shared(const struct ke *k, struct span peer, uint8_t *out, struct fault *why)
{
    struct pool *p = pool_of(k->group);
    int own = place(p, k), other = -1;
    for (unsigned i = 0; own >= 0 && i < POOL; i++)
        if (p->key[i] != NULL && span_eq(ke_public(p->key[i]), peer))
            other = (int)i;
    if (other < 0)
        return __real_ke_shared(k, peer, out, why);
    uint8_t **known = &p->shared[own][other];
    if (*known == NULL) {
        *known = malloc(k->group->shared_len);
        must(*known != NULL);
        must(__real_ke_shared(k, peer, *known, why) == ERR_OK);
    }
    memcpy(out, *known, k->group->shared_len);
    heap_secret(span_of(out, k->group->shared_len));
    return ERR_OK;
}

void crypto_pool_fill(uint16_t group)
{
    static uint8_t out[PUBLIC_MAX];
    struct pool *p = pool_of(group_by_id(group));
    for (unsigned i = 0; i < POOL; i++)
        must(pool_key(p, i) == ERR_OK);
    for (unsigned i = 0; i < POOL * POOL; i++)
        must(__wrap_ke_shared(p->key[i / POOL], ke_public(p->key[i % POOL]), out, NULL) == ERR_OK);
}

/* --- hashes in place of PRF, digest and ICV
 * ---------------------------------------------------------- */

static uint64_t mix(uint64_t h, struct span s)
{
    size_t i = 0;
    h = (h ^ s.len) * 0x9e3779b97f4a7c15u;
    for (; i + 8 <= s.len; i += 8) {
        h = (h ^ get_u64(s.p + i)) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    for (; i < s.len; i++)
        h = (h ^ s.p[i]) * 0x100000001b3u;
    return h ^ h >> 31;
}

static uint64_t mix_all(uint64_t h, const struct span *in, size_t num)
{
    for (size_t i = 0; i < num; i++) /* as one text: where it is cut says nothing */
        for (size_t j = 0; j < in[i].len; j++)
            h = (h ^ in[i].p[j]) * 0x100000001b3u;
    return h ^ h >> 31;
}

static void spread(uint64_t h, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (i % 8 == 0) {
            h = (h + i) * 0xbf58476d1ce4e5b9u;
            h ^= h >> 30;
        }
        out[i] = (uint8_t)(h >> (i % 8 * 8));
    }
}

enum err __real_prf_run(const struct prf *p, struct span key, const struct span *in, size_t num,
                        uint8_t *out);
enum err __wrap_prf_run(const struct prf *p, struct span key, const struct span *in, size_t num,
                        uint8_t *out);
enum err __wrap_prf_run(const struct prf *p, struct span key, const struct span *in, size_t num,
                        uint8_t *out)
{
    if (!crypto_off)
        return __real_prf_run(p, key, in, num, out);
    spread(mix_all(mix(p->id, key), in, num), out, p->out_len);
    return ERR_OK;
}

enum err __real_prf_plus(const struct prf *p, struct span key, const struct span *seed, size_t num,
                         uint8_t *out, size_t out_len);
enum err __wrap_prf_plus(const struct prf *p, struct span key, const struct span *seed, size_t num,
                         uint8_t *out, size_t out_len);
enum err __wrap_prf_plus(const struct prf *p, struct span key, const struct span *seed, size_t num,
                         uint8_t *out, size_t out_len)
{
    enum err rc = ERR_OK;
    if (crypto_off)
        spread(mix_all(mix(p->id + 1u, key), seed, num), out, out_len);
    else
        rc = __real_prf_plus(p, key, seed, num, out, out_len);
    if (rc == ERR_OK)
        heap_secret(span_of(out, out_len));
    return rc;
}

enum err __real_sha1_run(const struct span *in, size_t num, uint8_t out[20]);
enum err __wrap_sha1_run(const struct span *in, size_t num, uint8_t out[20]);
enum err __wrap_sha1_run(const struct span *in, size_t num, uint8_t out[20])
{
    if (!crypto_off)
        return __real_sha1_run(in, num, out);
    spread(mix_all(3, in, num), out, 20);
    return ERR_OK;
}

enum err __real_hmac_sha256(struct span key, const struct span *in, size_t num, uint8_t out[32]);
enum err __wrap_hmac_sha256(struct span key, const struct span *in, size_t num, uint8_t out[32]);
enum err __wrap_hmac_sha256(struct span key, const struct span *in, size_t num, uint8_t out[32])
{
    if (!crypto_off)
        return __real_hmac_sha256(key, in, num, out);
    spread(mix_all(mix(4, key), in, num), out, 32);
    return ERR_OK;
}

/* The text stays as it is. */
static uint64_t icv_of(const struct crypt *c, const struct crypt_op *op)
{
    uint64_t h = mix(5, secret_span(&c->key));
    h = mix(mix(h, op->aad), span_of(op->iv, c->suite.iv_len));
    return mix(mix(h, span_of(op->text, op->text_len)), op->mac_tail);
}

enum err __real_crypt_seal(struct crypt *c, const struct crypt_op *op);
enum err __wrap_crypt_seal(struct crypt *c, const struct crypt_op *op);
enum err __wrap_crypt_seal(struct crypt *c, const struct crypt_op *op)
{
    if (!crypto_off)
        return __real_crypt_seal(c, op);
    spread(icv_of(c, op), op->icv, c->suite.icv_len);
    return ERR_OK;
}

enum err __real_crypt_open(struct crypt *c, const struct crypt_op *op);
enum err __wrap_crypt_open(struct crypt *c, const struct crypt_op *op);
enum err __wrap_crypt_open(struct crypt *c, const struct crypt_op *op)
{
    uint8_t icv[ICV_MAX];
    if (!crypto_off)
        return __real_crypt_open(c, op);
    if (c->suite.block > 1 && op->text_len % c->suite.block != 0)
        return ERR_INTEGRITY;
    spread(icv_of(c, op), icv, c->suite.icv_len);
    return memcmp(icv, op->icv, c->suite.icv_len) == 0 ? ERR_OK : ERR_INTEGRITY;
}

enum err __real_crypt_open_unchecked(struct crypt *c, const struct crypt_op *op, bool *held);
enum err __wrap_crypt_open_unchecked(struct crypt *c, const struct crypt_op *op, bool *held);
enum err __wrap_crypt_open_unchecked(struct crypt *c, const struct crypt_op *op, bool *held)
{
    if (!crypto_off)
        return __real_crypt_open_unchecked(c, op, held);
    *held = __wrap_crypt_open(c, op) == ERR_OK;
    return ERR_OK;
}

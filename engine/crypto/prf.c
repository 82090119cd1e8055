/* prf.c - the PRFs of RFC 7296 2.13 and prf+. */
#include "engine/crypto/mac.h"

#include <threads.h>

struct row {
    struct prf prf;
    enum mac_kind kind;
};

static const struct row rows[] = {
#define PRF(id, name, kind, provider, key, out)                                                    \
    { { id, key, out, MAC_##kind != MAC_HMAC, name, provider }, MAC_##kind },
#include "engine/crypto/algs.def"
};
#define NUM_ROWS (sizeof rows / sizeof rows[0])

static bool offered[NUM_ROWS];
static once_flag asked = ONCE_FLAG_INIT;

/* Keyed contexts are dear to make and cheap to key again: each thread keeps one per PRF. */
static _Thread_local struct mac *macs[NUM_ROWS];

static void ask(void)
{
    for (size_t i = 0; i < NUM_ROWS; i++)
        offered[i] = mac_offered(rows[i].kind, rows[i].prf.provider);
}

const struct prf *prf_by_id(uint16_t id)
{
    call_once(&asked, ask);
    for (size_t i = 0; i < NUM_ROWS; i++) {
        if (rows[i].prf.id == id && offered[i])
            return &rows[i].prf;
    }
    return NULL;
}

static enum err mac_of(const struct prf *p, struct mac **out)
{
    for (size_t i = 0; i < NUM_ROWS; i++) {
        if (rows[i].prf.id != p->id)
            continue;
        enum err rc = ERR_OK;
        if (macs[i] == NULL)
            rc = mac_new(&macs[i], rows[i].kind, rows[i].prf.provider);
        *out = macs[i];
        return rc;
    }
    return ERR_UNSUPPORTED;
}

/* Keys m with a key of any length: the AES PRFs bring theirs to 16 octets first. RFC 4434 2 pads a
 * short key with zeros and digests a long one; RFC 4615 3 digests both. */
static enum err key_any(struct mac *m, const struct prf *p, struct span key)
{
    uint8_t fit[MAC_MAX] = { 0 };
    if (!p->fixed_key || key.len == p->key_len)
        return mac_key(m, key);
    enum err rc = ERR_OK;
    if (mac_kind_of(m) == MAC_XCBC && key.len < p->key_len) {
        if (key.len > 0)
            memcpy(fit, key.p, key.len);
    } else {
        rc = mac_key(m, span_of(fit, p->key_len));
        if (rc == ERR_OK)
            rc = mac_add(m, key);
        if (rc == ERR_OK)
            rc = mac_done(m, fit);
    }
    if (rc == ERR_OK)
        rc = mac_key(m, span_of(fit, p->key_len));
    wipe(fit, sizeof fit);
    return rc;
}

static enum err add_all(struct mac *m, const struct span *in, size_t num_in)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; i < num_in && rc == ERR_OK; i++)
        rc = mac_add(m, in[i]);
    return rc;
}

static enum err done(struct mac *m, uint8_t *out, size_t len)
{
    uint8_t whole[MAC_MAX];
    enum err rc = mac_done(m, whole);
    if (rc == ERR_OK)
        memcpy(out, whole, len);
    wipe(whole, sizeof whole);
    return rc;
}

enum err prf_run(const struct prf *p, struct span key, const struct span *in, size_t num_in,
                 uint8_t *out)
{
    struct mac *m;
    enum err rc = mac_of(p, &m);
    if (rc != ERR_OK)
        return rc;
    rc = key_any(m, p, key);
    if (rc == ERR_OK)
        rc = add_all(m, in, num_in);
    if (rc == ERR_OK)
        rc = done(m, out, p->out_len);
    mac_forget(m);
    return rc;
}

/* One link of prf+: T(n) = prf(K, T(n-1) | S | n). */
static enum err link_run(struct mac *m, struct span before, const struct span *seed,
                         size_t num_seed, uint8_t n, uint8_t t[MAC_MAX])
{
    enum err rc = mac_add(m, before);
    if (rc == ERR_OK)
        rc = add_all(m, seed, num_seed);
    if (rc == ERR_OK)
        rc = mac_add(m, span_of(&n, 1));
    return rc == ERR_OK ? mac_done(m, t) : rc;
}

enum err prf_plus(const struct prf *p, struct span key, const struct span *seed, size_t num_seed,
                  uint8_t *out, size_t out_len)
{
    uint8_t t[MAC_MAX];
    size_t before = 0;
    struct mac *m;
    if (out_len > 255u * p->out_len) /* RFC 7296 2.13: the count is one octet */
        return ERR_LENGTH;
    enum err rc = mac_of(p, &m);
    if (rc != ERR_OK)
        return rc;
    rc = key_any(m, p, key);
    for (uint8_t n = 1; rc == ERR_OK && out_len > 0; n++) {
        if (n > 1)
            rc = mac_start(m);
        if (rc == ERR_OK)
            rc = link_run(m, span_of(t, before), seed, num_seed, n, t);
        if (rc != ERR_OK)
            break;
        before = p->out_len;
        size_t take = out_len < before ? out_len : before;
        memcpy(out, t, take);
        out += take;
        out_len -= take;
    }
    wipe(t, sizeof t);
    mac_forget(m);
    return rc;
}

/* ke.c - key exchange groups by id, and one private key of any of them. */
#include "engine/crypto/ke.h"
#include "engine/crypto/openssl.h"

static const struct row {
    struct group group;
    const struct ke_kind *kind;
    size_t slot;
} rows[] = {
#define MODP(id, name, source, octets, exponent)                                                   \
    { { id, octets, octets, name }, &ke_modp, MODP_SLOT_##id },
#define ECP(id, name, provider, octets)                                                            \
    { { id, 2 * (octets), octets, name }, &ke_ecp, ECP_SLOT_##id },
#define XDH(id, name, provider, octets) { { id, octets, octets, name }, &ke_xdh, XDH_SLOT_##id },
#include "engine/crypto/algs.def"
};
#define NUM_ROWS (sizeof rows / sizeof rows[0])

static const struct row *row_of(uint16_t id)
{
    for (size_t i = 0; i < NUM_ROWS; i++) {
        if (rows[i].group.id == id && rows[i].kind->offered(rows[i].slot))
            return &rows[i];
    }
    return NULL;
}

const struct group *group_by_id(uint16_t id)
{
    const struct row *row = row_of(id);
    return row != NULL ? &row->group : NULL;
}

enum err ke_new(struct ke **out, const struct group *g, const struct rng *rng)
{
    const struct row *row = row_of(g->id);
    if (row == NULL)
        return ERR_UNSUPPORTED;
    struct ke *k = OPENSSL_zalloc(sizeof *k);
    if (k == NULL)
        return ERR_MEMORY;
    k->group = &row->group;
    k->kind = row->kind;
    k->slot = row->slot;
    enum err rc = k->kind->make(k, rng);
    if (rc != ERR_OK) {
        ERR_clear_error();
        ke_free(k);
        return rc;
    }
    *out = k;
    return ERR_OK;
}

void ke_free(struct ke *k)
{
    if (k == NULL)
        return;
    BN_clear_free(k->secret);
    EVP_PKEY_free(k->pkey);
    OPENSSL_free(k);
}

struct span ke_public(const struct ke *k)
{
    return span_of(k->pub, k->group->public_len);
}

const struct group *ke_group(const struct ke *k)
{
    return k->group;
}

enum err ke_shared(const struct ke *k, struct span peer, uint8_t *out, struct fault *why)
{
    if (peer.len != k->group->public_len)
        return fault_set(why, ERR_LENGTH, 0, "KE.data", REQ_NONE);
    enum err rc = k->kind->shared(k, peer.p, out);
    if (rc == ERR_OK)
        return ERR_OK;
    ERR_clear_error();
    wipe(out, k->group->shared_len);
    return fault_set(why, rc, 0, "KE.data", REQ_NONE);
}

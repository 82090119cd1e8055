/* keymat.c - the keys of a Child SA (RFC 7296 2.17). */
#include "engine/keys/keys.h"

void child_keys_clear(struct child_keys *k)
{
    if (k != NULL)
        wipe(k, sizeof *k);
}

enum err child_keys_derive(const struct prf *p, const struct suite *s, struct span sk_d,
                           struct span shared, struct nonces n, struct child_keys *out)
{
    uint8_t all[sizeof(struct child_keys)];
    const struct span seed[] = { shared, n.i, n.r };
    /* The initiator's direction first, in each the cipher's key before the MAC's. */
    const struct {
        struct secret *to;
        size_t len;
    } parts[] = {
        { &out->encr_i, s->encr_key_len },
        { &out->integ_i, s->integ_key_len },
        { &out->encr_r, s->encr_key_len },
        { &out->integ_r, s->integ_key_len },
    };
    size_t num = sizeof parts / sizeof parts[0], len = 0, at = 0;
    for (size_t i = 0; i < num; i++)
        len += parts[i].len;
    enum err rc = prf_plus(p, sk_d, seed, 3, all, len);
    for (size_t i = 0; i < num && rc == ERR_OK; i++) {
        rc = secret_copy(parts[i].to, span_of(all + at, parts[i].len));
        at += parts[i].len;
    }
    wipe(all, sizeof all);
    return rc;
}

/* skeyseed.c - SKEYSEED and the seven keys of an IKE SA (RFC 7296 2.14, 2.18). */
#include "engine/keys/keys.h"

void ike_keys_clear(struct ike_keys *k)
{
    if (k != NULL)
        wipe(k, sizeof *k);
}

enum err skeyseed_init(const struct prf *p, struct nonces n, struct span shared, struct secret *out)
{
    uint8_t key[512];
    if (p->fixed_key) { /* RFC 7296 2.14: the first 64 bits of each nonce */
        n.i = span_part(n.i, 0, 8);
        n.r = span_part(n.r, 0, 8);
    }
    struct writer w = wr_init(key, sizeof key);
    wr_span(&w, n.i);
    wr_span(&w, n.r);
    if (w.err != ERR_OK)
        return ERR_LENGTH; /* RFC 7296 3.9: a nonce has 256 octets at most */
    enum err rc = prf_run(p, wr_done(&w), &shared, 1, out->b);
    out->len = rc == ERR_OK ? p->out_len : 0;
    return rc;
}

enum err skeyseed_rekey(const struct prf *old, struct span old_sk_d, struct span shared,
                        struct nonces n, struct secret *out)
{
    const struct span in[] = { shared, n.i, n.r };
    enum err rc = prf_run(old, old_sk_d, in, 3, out->b);
    out->len = rc == ERR_OK ? old->out_len : 0;
    return rc;
}

enum err ike_keys_derive(const struct prf *p, const struct suite *s, const struct secret *skeyseed,
                         struct nonces n, uint64_t spi_i, uint64_t spi_r, struct ike_keys *out)
{
    uint8_t spis[16], all[sizeof(struct ike_keys)];
    put_u64(spis, spi_i);
    put_u64(spis + 8, spi_r);
    const struct span seed[] = { n.i, n.r, span_of(spis, sizeof spis) };
    /* Taken in this order (RFC 7296 2.14). */
    const struct {
        struct secret *to;
        size_t len;
    } parts[] = {
        { &out->d, p->key_len },        { &out->ai, s->integ_key_len },
        { &out->ar, s->integ_key_len }, { &out->ei, s->encr_key_len },
        { &out->er, s->encr_key_len },  { &out->pi, p->key_len },
        { &out->pr, p->key_len },
    };
    size_t num = sizeof parts / sizeof parts[0], len = 0, at = 0;
    for (size_t i = 0; i < num; i++)
        len += parts[i].len;
    enum err rc = prf_plus(p, secret_span(skeyseed), seed, 3, all, len);
    for (size_t i = 0; i < num && rc == ERR_OK; i++) {
        rc = secret_copy(parts[i].to, span_of(all + at, parts[i].len));
        at += parts[i].len;
    }
    wipe(all, sizeof all);
    return rc;
}

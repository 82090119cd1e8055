/* look.c - looking at the engine without touching its state: open a datagram, list SAs, keys. */
#include "engine/sa/peer.h"
#include "engine/wire/encap.h"

static struct ike_sa *owner_of(const struct ike_engine *e, const struct message *m, bool response)
{
    uint64_t spi_i = node_num(m->hdr, HDR_SPI_I), spi_r = node_num(m->hdr, HDR_SPI_R);
    (void)response;
    return ike_sa_by_spi(e, spi_i, spi_r);
}

enum err ike_open(struct ike_engine *e, const struct ike_dgram *d, bool from_us, struct arena *a,
                  struct message *m, struct fault *why)
{
    struct span bytes = span_of(d->p, d->len), text;
    uint16_t port = from_us ? d->remote.port : d->local.port;
    if (port == IKE_PORT_NATT && encap_classify(bytes) == ENCAP_IKE)
        bytes = encap_strip(bytes);
    bytes = arena_copy(a, bytes); /* opening works in place */
    enum err rc = msg_decode(m, a, bytes, why);
    if (rc != ERR_OK)
        return rc;
    bool whole = payload_find(m->hdr, PAYLOAD_SK) != NULL;
    bool part = payload_find(m->hdr, PAYLOAD_SKF) != NULL;
    if (!whole && !part)
        return ERR_OK;
    const struct ike_sa *sa = owner_of(e, m, msg_is_response(m));
    if (sa == NULL || sa->open == NULL)
        return fault_set(why, ERR_NO_SA, 0, "HDR.spi", REQ_NONE);
    if (whole)
        return protect_open(sa, from_us, m, why);
    rc = protect_open_fragment(sa, from_us, m, &text, why);
    if (rc != ERR_OK)
        return rc;
    payload_find(m->hdr, PAYLOAD_SKF)->tail[0] = text;
    return fault_set(why, ERR_FRAGMENT, 0, "SKF", REQ_NONE);
}

/* One part decoded and decrypted: its node, and its text without padding (RFC 7296 3.14). */
static enum err open_part(const struct ike_lent *key, struct crypt *c, struct span bytes,
                          struct arena *a, struct message *m, struct node **sk, struct span *text,
                          struct fault *why)
{
    bool held;
    enum err rc = msg_decode(m, a, arena_copy(a, bytes), why);
    if (rc != ERR_OK)
        return rc;
    *sk = msg_sk(m);
    if (*sk == NULL)
        return fault_set(why, ERR_MISSING, HDR_LEN, "SK", REQ_NONE);
    rc = protect_decrypt(&key->suite, c, key->unchecked ? &held : NULL, m, *sk, text, why);
    if (rc != ERR_OK)
        return rc;
    size_t pad = text->p[text->len - 1];
    if (pad >= text->len)
        return fault_set(why, ERR_PADDING, HDR_LEN, "SK", REQ_PAD_BOUNDED);
    text->len -= pad + 1;
    return ERR_OK;
}

static enum err open_parts(const struct ike_lent *key, struct crypt *c, const struct span *parts,
                           size_t num, struct arena *a, struct message *m, struct fault *why)
{
    struct node *sk = NULL;
    struct span text;
    enum err rc = open_part(key, c, parts[0], a, m, &sk, &text, why);
    if (rc != ERR_OK)
        return rc;
    if (sk->type == PAYLOAD_SK) {
        if (num != 1)
            return fault_set(why, ERR_FRAGMENT, HDR_LEN, "SK", REQ_NONE);
        return chain_decode(m, sk, (uint8_t)node_num(sk, PL_NEXT), text, why);
    }
    uint8_t first = (uint8_t)node_num(sk, PL_NEXT);
    uint8_t *all = arena_take(a, MAX_DATAGRAM);
    if (all == NULL)
        return fault_set(why, ERR_SPACE, HDR_LEN, "SKF", REQ_NONE);
    struct writer w = wr_init(all, MAX_DATAGRAM);
    uint32_t mid = msg_mid(m);
    for (size_t i = 0;; i++) {
        if (sk->type != PAYLOAD_SKF || msg_mid(m) != mid || node_num(sk, SKF_NUMBER) != i + 1 ||
            node_num(sk, SKF_TOTAL) != num)
            return fault_set(why, ERR_FRAGMENT, HDR_LEN, "SKF", REQ_NONE);
        wr_span(&w, text);
        if (i + 1 == num)
            break;
        rc = open_part(key, c, parts[i + 1], a, m, &sk, &text, why);
        if (rc != ERR_OK)
            return rc;
    }
    if (w.err != ERR_OK)
        return fault_set(why, w.err, HDR_LEN, "SKF", REQ_NONE);
    return fragment_unfold(m, first, wr_done(&w), why);
}

enum err ike_open_lent(const struct ike_lent *key, const struct span *parts, size_t num,
                       struct arena *a, struct message *m, struct fault *why)
{
    struct crypt *c = NULL;
    if (num == 0)
        return fault_set(why, ERR_FRAGMENT, 0, "SKF", REQ_NONE);
    enum err rc = crypt_new(&c, &key->suite, key->encr, key->integ);
    if (rc != ERR_OK)
        return fault_set(why, rc, 0, "key", REQ_NONE);
    rc = open_parts(key, c, parts, num, a, m, why);
    crypt_free(c);
    return rc;
}

static void child_info(const struct child_sa *c, struct ike_child_info *out)
{
    *out = (struct ike_child_info){
        .spi_in = c->spi_in,
        .spi_out = c->spi_out,
        .live = !c->dead && !c->replaced && !c->deleting,
        .transport = c->transport,
        .esn = c->esn,
        .udp_encap = c->udp_encap,
        .chosen = c->chosen.p,
        .num_ts_local = c->num_ts_local,
        .num_ts_remote = c->num_ts_remote,
        .packets_in = c->in.packets,
        .packets_out = c->out.packets,
        .octets_in = c->in.octets,
        .octets_out = c->out.octets,
        .replayed = c->in.replayed,
        .bad_icv = c->in.bad_icv,
        .malformed = c->in.malformed,
        .seq_out = c->out.seq,
        .seq_in = c->in.replay.top,
        .made_us = c->made,
    };
    memcpy(out->ts_local, c->ts_local, sizeof out->ts_local);
    memcpy(out->ts_remote, c->ts_remote, sizeof out->ts_remote);
}

static void sa_info(const struct ike_sa *sa, struct ike_sa_info *out)
{
    *out = (struct ike_sa_info){
        .id = sa->id,
        .spi_i = sa->spi_i,
        .spi_r = sa->spi_r,
        .initiator = sa->initiator,
        .established = sa->established,
        .dead = sa->dead,
        .nat_local = sa->nat_local,
        .nat_remote = sa->nat_remote,
        .floated = sa->floated,
        .state = state_name(sa->state),
        .conn = sa->conn->c.name,
        .local = sa->local,
        .remote = sa->remote,
        .chosen = sa->chosen.p,
        .next_request = sa->out_next,
        .next_expected = sa->in_next,
        .window_own = sa->window_own,
        .window_peer = sa->window_peer,
        .made_us = sa->made,
    };
    for (const struct exchange *x = sa->exchanges; x != NULL; x = x->next) {
        out->outstanding += x->sent;
        out->queued += !x->sent;
    }
    for (const struct child_sa *c = sa->children; c != NULL; c = c->next)
        if (!c->dead && out->num_children < 16)
            child_info(c, &out->child[out->num_children++]);
}

bool ike_sa_at(const struct ike_engine *e, size_t i, struct ike_sa_info *out)
{
    for (const struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        if (i-- == 0) {
            sa_info(sa, out);
            return true;
        }
    return false;
}

bool ike_sa_get(const struct ike_engine *e, uint32_t id, struct ike_sa_info *out)
{
    const struct ike_sa *sa = ike_sa_by_id(e, id);
    if (sa != NULL)
        sa_info(sa, out);
    return sa != NULL;
}

const struct ike_keys *ike_sa_keys(const struct ike_engine *e, uint32_t id)
{
    const struct ike_sa *sa = ike_sa_by_id(e, id);
    return sa != NULL && sa->open != NULL ? &sa->keys : NULL;
}

bool ike_child_keys_at(const struct ike_engine *e, uint32_t id, size_t i,
                       struct ike_child_keys_info *out)
{
    const struct ike_sa *sa = ike_sa_by_id(e, id);
    for (const struct child_sa *c = sa != NULL ? sa->children : NULL; c != NULL; c = c->next) {
        if (c->keys.encr_i.len == 0 && c->keys.integ_i.len == 0)
            continue;
        if (i-- > 0)
            continue;
        const struct child_keys *k = &c->keys;
        *out = (struct ike_child_keys_info){
            .spi_in = c->spi_in,
            .spi_out = c->spi_out,
            .suite = c->suite,
            .esn = c->esn,
            .encr_in = c->keys_swapped ? k->encr_i : k->encr_r,
            .integ_in = c->keys_swapped ? k->integ_i : k->integ_r,
            .encr_out = c->keys_swapped ? k->encr_r : k->encr_i,
            .integ_out = c->keys_swapped ? k->integ_r : k->integ_i,
        };
        return true;
    }
    return false;
}

void ike_get_counters(const struct ike_engine *e, struct ike_counters *out)
{
    *out = e->counters;
    out->half_open = e->half_open;
    out->sas = out->children = 0;
    for (const struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next) {
        out->sas += !sa->dead;
        for (const struct child_sa *c = sa->children; c != NULL; c = c->next)
            out->children += !c->dead;
    }
}

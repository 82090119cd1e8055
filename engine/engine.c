/* engine.c - the front door: life, configuration, commands, data flow. */
#include "engine/engine.h"

#include <stdlib.h>

#include "engine/sa/peer.h"
#include "engine/wire/cfg.h"
#include "engine/wire/encap.h"

/* --- life ------------------------------------------------------------------------------------------- */

enum err ike_new(struct ike_engine **out, const struct ike_config *cfg)
{
    struct ike_engine *e = calloc(1, sizeof *e);
    if (e == NULL)
        return ERR_MEMORY;
    e->cfg = *cfg;
    e->in = malloc(MAX_DATAGRAM);
    e->wire = malloc(MAX_DATAGRAM);
    e->text = malloc(MAX_DATAGRAM);
    e->packet = malloc(MAX_DATAGRAM);
    e->reply = malloc(MAX_DATAGRAM);
    e->arena_in = arena_init(malloc(ARENA_OCTETS), ARENA_OCTETS);
    e->arena_out = arena_init(malloc(ARENA_OCTETS), ARENA_OCTETS);
    if (e->in == NULL || e->wire == NULL || e->text == NULL || e->packet == NULL ||
        e->reply == NULL || e->arena_in.p == NULL || e->arena_out.p == NULL) {
        ike_free(e);
        return ERR_MEMORY;
    }
    rng_fill(&e->cfg.rng, e->cookie_secret, sizeof e->cookie_secret);
    *out = e;
    return ERR_OK;
}

static void wipe_free(void *p, size_t len)
{
    if (p != NULL)
        wipe(p, len);
    free(p);
}

static void conn_free(struct conn *c)
{
    if (c == NULL)
        return;
    credentials_free(&c->k);
    wipe(c->store, c->mem.cap);
    free(c);
}

void ike_free(struct ike_engine *e)
{
    if (e == NULL)
        return;
    while (e->sas != NULL) {
        struct ike_sa *sa = e->sas;
        e->sas = sa->next;
        ike_sa_free(sa);
    }
    while (e->conns != NULL) {
        struct conn *c = e->conns;
        e->conns = c->next;
        conn_free(c);
    }
    for (size_t i = 0; i < e->out_num; i++)
        octets_free(&e->outq[e->out_head + i].bytes);
    for (size_t i = 0; i < e->ev_num; i++)
        free((void *)(uintptr_t)e->evq[e->ev_head + i].inner.p);
    free(e->outq);
    free(e->evq);
    octets_free(&e->drained);
    octets_free(&e->ev_inner_drained);
    wipe_free(e->in, MAX_DATAGRAM);
    wipe_free(e->wire, MAX_DATAGRAM);
    wipe_free(e->text, MAX_DATAGRAM);
    wipe_free(e->packet, MAX_DATAGRAM);
    wipe_free(e->reply, MAX_DATAGRAM);
    free(e->parts);
    wipe_free(e->arena_in.p, e->arena_in.top);
    wipe_free(e->arena_out.p, e->arena_out.top);
    wipe(e, sizeof *e);
    free(e);
}

/* --- configuration ------------------------------------------------------------------------------------ */

static void *copy(struct arena *a, const void *p, size_t len)
{
    void *at = len > 0 ? arena_take(a, len) : NULL;
    if (at != NULL)
        memcpy(at, p, len);
    return at;
}

static size_t room(size_t len)
{
    return len + 16;
}

static enum err conn_check(const struct ike_conn *c, struct fault *why)
{
    static const struct {
        const char *field;
        size_t at;
    } needed[] = { { "ike", offsetof(struct ike_conn, num_ike) },
                   { "id_local", offsetof(struct ike_conn, id_local) } };
    for (size_t i = 0; i < 2; i++)
        if (((const uint8_t *)c)[needed[i].at] == 0)
            return fault_set(why, ERR_CONFIG, 0, needed[i].field, REQ_NONE);
    if (!c->childless && (c->num_esp == 0 || c->num_ts_local == 0 || c->num_ts_remote == 0))
        return fault_set(why, ERR_CONFIG, 0, c->num_esp == 0 ? "esp" : "ts", REQ_NONE);
    if (c->nonce_len != 0 && c->nonce_len < 16)
        return fault_set(why, ERR_CONFIG, 0, "nonce_len", REQ_NONCE_SIZE);
    for (size_t i = 0; i < c->num_cfg_give; i++)
        if (!cfg_length_right(c->cfg_give[i].type, c->cfg_give[i].value.len))
            return fault_set(why, ERR_CONFIG, 0, "cfg_give", REQ_CFG_VALUE_LENGTH);
    for (size_t i = 0; i < c->num_ike; i++) {
        struct suite s;
        if (proposal_suite(&c->ike[i], &s) != ERR_OK)
            return fault_set(why, ERR_CONFIG, 0, "ike", REQ_NONE);
    }
    return ERR_OK;
}

enum err ike_add_conn(struct ike_engine *e, const struct ike_conn *c, struct fault *why)
{
    enum err rc = conn_check(c, why);
    if (rc != ERR_OK)
        return rc;
    size_t cap = 256 + room(c->id_local.data.len) + room(c->id_remote.data.len) +
                 room(c->psk_local.len) + room(c->psk_remote.len) + room(c->shared.len) + room(c->iv.len) +
                 room(c->num_ike * sizeof *c->ike) + room(c->num_esp * sizeof *c->esp) +
                 room(c->num_ike_rekey * sizeof *c->ike) +
                 room(c->num_ts_local * sizeof *c->ts_local) +
                 room(c->num_ts_remote * sizeof *c->ts_remote) +
                 room(c->num_cfg_ask * sizeof *c->cfg_ask) + room(c->num_pool * sizeof *c->pool) +
                 room(c->num_cfg_give * sizeof *c->cfg_give) +
                 room(c->num_extras * sizeof *c->extras);
    cap += room(c->num_cert_urls * sizeof *c->cert_urls) + room(c->bundle_url.len);
    for (size_t i = 0; i < c->num_cert_urls; i++)
        cap += room(c->cert_urls[i].len);
    for (size_t i = 0; i < c->num_cfg_give; i++)
        cap += room(c->cfg_give[i].value.len);
    for (size_t i = 0; i < c->num_extras; i++)
        cap += room(c->extras[i].body.len);
    struct conn *n = calloc(1, sizeof *n + cap);
    if (n == NULL)
        return fault_set(why, ERR_MEMORY, 0, NULL, REQ_NONE);
    struct arena *a = &n->mem;
    n->mem = arena_init(n->store, cap);
    n->c = *c;
    n->c.id_local.data = arena_copy(a, c->id_local.data);
    n->c.id_remote.data = arena_copy(a, c->id_remote.data);
    n->c.psk_local = arena_copy(a, c->psk_local);
    n->c.psk_remote = arena_copy(a, c->psk_remote);
    n->c.shared = arena_copy(a, c->shared);
    n->c.iv = arena_copy(a, c->iv);
    n->c.ike = copy(a, c->ike, c->num_ike * sizeof *c->ike);
    n->c.esp = copy(a, c->esp, c->num_esp * sizeof *c->esp);
    n->c.ike_rekey = copy(a, c->ike_rekey, c->num_ike_rekey * sizeof *c->ike);
    n->c.ts_local = copy(a, c->ts_local, c->num_ts_local * sizeof *c->ts_local);
    n->c.ts_remote = copy(a, c->ts_remote, c->num_ts_remote * sizeof *c->ts_remote);
    n->c.cfg_ask = copy(a, c->cfg_ask, c->num_cfg_ask * sizeof *c->cfg_ask);
    n->c.pool = copy(a, c->pool, c->num_pool * sizeof *c->pool);
    struct ike_cfg *given = copy(a, c->cfg_give, c->num_cfg_give * sizeof *c->cfg_give);
    for (size_t i = 0; i < c->num_cfg_give; i++)
        given[i].value = arena_copy(a, c->cfg_give[i].value);
    n->c.cfg_give = given;
    struct span *urls = copy(a, c->cert_urls, c->num_cert_urls * sizeof *c->cert_urls);
    for (size_t i = 0; i < c->num_cert_urls; i++)
        urls[i] = arena_copy(a, c->cert_urls[i]);
    n->c.cert_urls = urls;
    n->c.bundle_url = arena_copy(a, c->bundle_url);
    struct ike_extra *x = copy(a, c->extras, c->num_extras * sizeof *c->extras);
    for (size_t i = 0; i < c->num_extras; i++)
        x[i].body = arena_copy(a, c->extras[i].body);
    n->c.extras = x;
    rc = credentials_load(&n->k, c, why);
    if (rc != ERR_OK) {
        conn_free(n);
        return rc;
    }
    n->c.certs = n->c.anchors = n->c.peer_keys = NULL; /* what was in them is loaded */
    n->c.key = (struct span){ 0 };
    if (n->c.local.port == 0)
        n->c.local.port = IKE_PORT;
    if (n->c.remote.port == 0)
        n->c.remote.port = IKE_PORT;
    struct conn **at = &e->conns;
    while (*at != NULL && strcmp((*at)->c.name, c->name) != 0)
        at = &(*at)->next;
    if (*at != NULL) {
        /* replaced: SAs made with the former keep it, so it stays behind the new one */
        n->next = *at;
        for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
            if (sa->conn == *at)
                sa->conn = n;
        struct conn *old = *at;
        n->next = old->next;
        conn_free(old);
    }
    *at = n;
    return ERR_OK;
}

void ike_set_tap(struct ike_engine *e, ike_tap *tap, void *ctx)
{
    e->tap = tap;
    e->tap_ctx = ctx;
}

void ike_bend(struct ike_engine *e, enum req r, bool on)
{
    if (r > REQ_NONE && r < NUM_REQ)
        e->bent[r] = on;
}

bool ike_is_bent(const struct ike_engine *e, enum req r)
{
    return r > REQ_NONE && r < NUM_REQ && e->bent[r];
}

void ike_set_esp_habit(struct ike_engine *e, const struct esp_bend *habit)
{
    e->habit = *habit;
}

void ike_set_no_checksum(struct ike_engine *e, bool on)
{
    e->no_checksum = on;
}

void ike_set_nonce_bias(struct ike_engine *e, enum nonce_bias b)
{
    e->bias = b;
}

/* --- data flow ---------------------------------------------------------------------------------------- */

enum err ike_feed(struct ike_engine *e, const struct ike_dgram *d, usec_t now, struct fault *why)
{
    struct fault f = { 0 };
    if (why == NULL)
        why = &f;
    *why = (struct fault){ 0 };
    e->now = now;
    e->counters.datagrams_in++;
    if (d->len > MAX_DATAGRAM)
        return fault_set(why, ERR_SPACE, 0, "datagram", REQ_NONE);
    struct span bytes = span_of(d->p, d->len);
    if (d->protocol == 17 && d->local.port == IKE_PORT_NATT) {
        switch (encap_classify(bytes)) {
        case ENCAP_KEEPALIVE:
            if (!duty(e, NULL, REQ_KEEPALIVE_IGNORED) ||
                (!d->no_checksum && !duty(e, NULL, REQ_KEEPALIVE_CHECKSUM)))
                (void)out_push(e, &d->local, &d->remote, 17, bytes, 0, false);
            if (!duty(e, NULL, REQ_KEEPALIVE_NOT_LIVENESS))
                for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
                    if (addr_eq(&sa->remote, &d->remote))
                        sa->last_heard = now;
            return ERR_OK;
        case ENCAP_IKE:
            bytes = encap_strip(bytes);
            break;
        case ENCAP_ESP:
            if (d->no_checksum ? !duty(e, NULL, REQ_UDP_CHECKSUM_ZERO)
                               : !duty(e, NULL, REQ_UDP_CHECKSUM_ANY))
                return fault_set(why, ERR_DROPPED, 6, "UDP.checksum", REQ_NONE);
            if (!duty(e, NULL, REQ_UDP_ESP_TAKEN))
                return fault_set(why, ERR_DROPPED, 0, "ESP in UDP", REQ_UDP_ESP_TAKEN);
            memcpy(e->in, d->p, d->len);
            return inbound_esp(e, d, e->in, d->len, why);
        case ENCAP_SHORT:
            if (!duty(e, NULL, REQ_SHORT_ON_4500))
                (void)out_push(e, &d->local, &d->remote, 17, bytes, 0, false);
            fault_set(why, ERR_TRUNCATED, 0, "datagram", REQ_SHORT_ON_4500);
            dropped(e, NULL, why);
            return why->code;
        }
    } else if (d->protocol == 50) {
        memcpy(e->in, d->p, d->len);
        return inbound_esp(e, d, e->in, d->len, why);
    }
    return inbound_ike(e, d, bytes, why);
}

bool ike_drain(struct ike_engine *e, struct ike_dgram *out)
{
    if (e->out_num == 0)
        return false;
    struct queued_out *o = &e->outq[e->out_head];
    octets_free(&e->drained);
    e->drained = o->bytes;
    *out = o->d;
    out->p = e->drained.p;
    out->len = e->drained.len;
    e->out_head++;
    e->out_num--;
    e->out_octets -= out->len;
    return true;
}

bool ike_next_event(struct ike_engine *e, struct ike_event *out)
{
    if (e->ev_num == 0)
        return false;
    *out = e->evq[e->ev_head];
    octets_free(&e->ev_inner_drained);
    e->ev_inner_drained = (struct octets){ (uint8_t *)(uintptr_t)out->inner.p, out->inner.len };
    e->ev_head++;
    e->ev_num--;
    return true;
}

usec_t ike_deadline(const struct ike_engine *e)
{
    return timer_deadline(e);
}

void ike_tick(struct ike_engine *e, usec_t now)
{
    e->now = now;
    timer_tick(e);
}

/* --- commands ------------------------------------------------------------------------------------------ */

enum err ike_initiate(struct ike_engine *e, const char *conn, unsigned flags, usec_t now,
                      uint32_t *id, struct fault *why)
{
    struct conn *c = e->conns;
    e->now = now;
    while (c != NULL && strcmp(c->c.name, conn) != 0)
        c = c->next;
    if (c == NULL)
        return fault_set(why, ERR_CONFIG, 0, "conn", REQ_NONE);
    if (c->c.remote.family == 0 || c->c.local.family == 0) /* any: may only answer */
        return fault_set(why, ERR_CONFIG, 0, c->c.local.family == 0 ? "local" : "remote",
                         REQ_NONE);
    struct ike_sa *sa = ike_sa_new(e, c, true);
    if (sa == NULL)
        return fault_set(why, ERR_MEMORY, 0, NULL, REQ_NONE);
    sa->step = (flags & IKE_STEP) != 0;
    sa->local = c->c.local;
    sa->remote = c->c.remote;
    sa->spi_i = random_spi(e);
    struct exchange *x = exchange_new(sa, IKE_DO_INIT, EXCHANGE_IKE_SA_INIT, NULL);
    if (x == NULL) {
        ike_forget(e, sa->id);
        return fault_set(why, ERR_MEMORY, 0, NULL, REQ_NONE);
    }
    *id = sa->id;
    exchange_start(sa, x);
    return sa->dead ? fault_set(why, ERR_CONFIG, 0, "IKE_SA_INIT", REQ_NONE) : ERR_OK;
}

static uint8_t exchange_of(enum ike_do what)
{
    switch (what) {
    case IKE_DO_INIT: return EXCHANGE_IKE_SA_INIT;
    case IKE_DO_AUTH: return EXCHANGE_IKE_AUTH;
    case IKE_DO_NEW_CHILD:
    case IKE_DO_REKEY_CHILD:
    case IKE_DO_REKEY_IKE: return EXCHANGE_CREATE_CHILD_SA;
    case IKE_DO_DELETE_CHILD:
    case IKE_DO_DELETE_IKE:
    case IKE_DO_LIVENESS:
    case IKE_DO_INFO: return EXCHANGE_INFORMATIONAL;
    }
    return 0;
}

enum err ike_command(struct ike_engine *e, uint32_t id, enum ike_do what,
                     const struct ike_args *args, usec_t now, struct fault *why)
{
    struct ike_sa *sa = ike_sa_by_id(e, id);
    e->now = now;
    if (sa == NULL || sa->dead)
        return fault_set(why, ERR_NO_SA, 0, "sa", REQ_NONE);
    bool auth = what == IKE_DO_AUTH;
    if (what == IKE_DO_INIT || (auth ? sa->state != S_I_BLD_AUTH : !sa->established))
        return fault_set(why, ERR_STATE, 0, state_name(sa->state), REQ_NONE);
    if (what == IKE_DO_DELETE_IKE && sa->established && !duty(e, sa, REQ_CONTROL_UNDER_OWN))
        for (struct ike_sa *o = e->sas; o != NULL; o = o->next)
            if (o->conn == sa->conn && !o->dead && o->established) /* turned round: any will do */
                sa = o;
    if (sa->successor != 0 && what != IKE_DO_DELETE_IKE && what != IKE_DO_LIVENESS &&
        what != IKE_DO_INFO)
        return fault_set(why, ERR_STATE, 0, "rekeyed", REQ_NONE);
    bool forced = sa->manual || (args != NULL && args->no_window);
    if (sa->deleting && !forced && exchange_of(what) == EXCHANGE_CREATE_CHILD_SA)
        return fault_set(why, ERR_STATE, 0, "closing", REQ_NONE);
    if ((what == IKE_DO_REKEY_CHILD || what == IKE_DO_DELETE_CHILD) &&
        (args != NULL && args->child != 0 ? child_by_in(sa, args->child)
                                          : child_newest(sa)) == NULL)
        return fault_set(why, ERR_NO_SA, 0, "child", REQ_NONE);
    struct exchange *x = exchange_new(sa, what, exchange_of(what), args);
    if (x == NULL)
        return fault_set(why, ERR_MEMORY, 0, NULL, REQ_NONE);
    if (args != NULL)
        x->child = args->child;
    window_run(sa);
    return ERR_OK;
}

void ike_set_manual(struct ike_engine *e, uint32_t id, bool manual)
{
    struct ike_sa *sa = ike_sa_by_id(e, id);
    if (sa != NULL)
        sa->manual = manual;
}

void ike_forget(struct ike_engine *e, uint32_t id)
{
    struct ike_sa **at = &e->sas;
    while (*at != NULL && (*at)->id != id)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    struct ike_sa *sa = *at;
    half_open_done(sa);
    *at = sa->next;
    ike_sa_free(sa);
}

enum err ike_send_raw(struct ike_engine *e, const struct addr *local, const struct addr *remote,
                      uint8_t protocol, struct span bytes)
{
    return out_push(e, local, remote, protocol, bytes, 0, false);
}

enum err ike_resend(struct ike_engine *e, uint32_t id)
{
    struct ike_sa *sa = ike_sa_by_id(e, id);
    const struct packets *last = NULL;
    if (sa == NULL)
        return ERR_NO_SA;
    last = sa->last_out.num > 0 ? &sa->last_out : NULL;
    for (const struct exchange *x = sa->exchanges; x != NULL; x = x->next)
        if (x->sent)
            last = &x->out;
    if (last == NULL)
        return ERR_STATE;
    out_packets(sa, last, &sa->local, &sa->remote, true);
    return ERR_OK;
}

enum err ike_send_tree(struct ike_engine *e, uint32_t id, const struct message *m,
                       const struct ike_send *how, usec_t now, struct fault *why)
{
    static const struct ike_send honest = { 0 };
    struct ike_sa *sa = ike_sa_by_id(e, id);
    struct message out;
    struct packets p = { 0 };
    e->now = now;
    if (how == NULL)
        how = &honest;
    if (sa == NULL)
        return fault_set(why, ERR_NO_SA, 0, "sa", REQ_NONE);
    arena_reset(&e->arena_out);
    enum err rc = msg_copy(&out, &e->arena_out, m);
    bool response = rc == ERR_OK && msg_is_response(&out);
    uint32_t mid = how->mid_set ? how->mid : sa->out_next;
    if (rc == ERR_OK && !how->as_is) {
        uint8_t flags = (uint8_t)((sa->initiator ? FLAG_INITIATOR : 0) |
                                  (response ? FLAG_RESPONSE : 0));
        uint32_t set = out.hdr->set;
        const struct {
            unsigned field;
            uint64_t v;
        } head[] = { { HDR_SPI_I, sa->spi_i }, { HDR_SPI_R, sa->spi_r }, { HDR_MID, mid },
                     { HDR_FLAGS, flags } };
        for (size_t i = 0; i < 4 && rc == ERR_OK; i++)
            if (!(set & 1u << head[i].field))
                rc = node_set_num(&out, out.hdr, head[i].field, head[i].v);
        out.hdr->set = set;
    }
    /* payloads of a message that is to be protected go under an SK of its own */
    if (rc == ERR_OK && !how->clear && msg_sk(&out) == NULL) {
        struct node *first = out.hdr->child, *last = out.hdr->last_child;
        out.hdr->child = out.hdr->last_child = NULL;
        struct node *sk = payload_add(&out, out.hdr, PAYLOAD_SK);
        if (sk == NULL)
            rc = ERR_SPACE;
        else {
            sk->child = first;
            sk->last_child = last;
        }
    }
    if (rc == ERR_OK)
        rc = protect_send(sa, &out, how, &p);
    if (rc == ERR_OK) {
        out_packets(sa, &p, &sa->local, &sa->remote, false);
        if (how->count && !response)
            sa->out_next = mid + 1;
    }
    packets_free(&p);
    return rc == ERR_OK ? ERR_OK : fault_set(why, rc, 0, "message", REQ_NONE);
}

/* x_create_child.c - the CREATE_CHILD_SA exchange, both roles: a new Child SA, rekeying a Child
 * SA, rekeying the IKE SA (RFC 7296 1.3, 2.8, 2.17, 2.18). What happens when both ends do it at
 * once is in collide.c. */
#include "engine/sa/peer.h"
#include "engine/wire/rules.h"

static const struct ike_conn *conn_of(const struct run *r)
{
    return &r->sa->conn->c;
}

static bool rekeys_ike(const struct run *r)
{
    return (r->x != NULL ? r->x->what : r->kind) == IKE_DO_REKEY_IKE;
}

/* What this end offers or accepts, by kind. */
static const struct ike_proposal *own_offer(const struct run *r, size_t *num)
{
    const struct ike_conn *c = conn_of(r);
    if (!rekeys_ike(r)) {
        *num = c->num_esp;
        return c->esp;
    }
    bool rekey = c->num_ike_rekey > 0;
    *num = rekey ? c->num_ike_rekey : c->num_ike;
    return rekey ? c->ike_rekey : c->ike;
}

static struct choice_rules rules_of(const struct run *r, bool without_ke)
{
    bool ike = rekeys_ike(r);
    return (struct choice_rules){ .protocol = ike ? PROTOCOL_IKE : PROTOCOL_ESP,
                                  .spi_size = ike ? 8 : 4,
                                  .without_ke = !ike && without_ke };
}

/* --- initiator: building
 * ---------------------------------------------------------------------------- */

enum verdict cc_kind(struct run *r)
{
    struct exchange *x = r->x;
    if (x->what == IKE_DO_REKEY_CHILD) {
        struct child_sa *c = x->child != 0 ? child_by_in(r->sa, x->child) : child_newest(r->sa);
        if (c == NULL) {
            fault_set(r->why, ERR_NO_SA, 0, "child", REQ_NONE);
            return V_FAIL;
        }
        x->child = c->spi_in;
        if (!r->sa->manual && (c->replaced || c->deleting)) { /* done or undone while it waited */
            fault_set(r->why, ERR_STATE, 0, "child", REQ_NONE);
            return V_FAIL;
        }
        c->rekey = x;
    }
    if (rekeys_ike(r))
        go(r, S_CHILD_I_IKE, EV_REKEY_IKESA);
    else
        go(r, S_CHILD_I_IPSEC, x->what == IKE_DO_REKEY_CHILD ? EV_REKEY_IPSECSA : EV_NEW_IPSECSA);
    return V_NEXT;
}

enum verdict cc_make_ke(struct run *r)
{
    struct exchange *x = r->x;
    size_t num;
    const struct ike_proposal *p = own_offer(r, &num);
    if (x->group == 0)
        x->group = x->args.group;
    if (x->group == 0 && rekeys_ike(r) && proposals_offer(p, num, TRANSFORM_KE, r->sa->group))
        x->group = r->sa->group;
    if (x->group == 0 && (rekeys_ike(r) || !x->args.no_pfs))
        x->group = proposals_first(p, num, TRANSFORM_KE);
    if (x->group == 0)
        return V_NEXT;
    const struct group *g = group_by_id(x->group);
    ke_free(x->ke);
    x->ke = NULL;
    if (g == NULL || ke_new(&x->ke, g, &r->e->cfg.rng) != ERR_OK) {
        fault_set(r->why, ERR_UNSUPPORTED, 0, "KE.group", REQ_NONE);
        return V_FAIL;
    }
    return V_NEXT;
}

struct offered { /* selectors of this end's request */
    const struct ike_selector *local, *remote;
    size_t num_local, num_remote;
};

static struct offered offered_selectors(const struct run *r)
{
    const struct ike_conn *c = conn_of(r);
    const struct exchange *x = r->x;
    const struct child_sa *old = NULL;
    if (x->what == IKE_DO_REKEY_CHILD) /* dead or not: the peer may have closed it meanwhile */
        for (const struct child_sa *k = r->sa->children; k != NULL; k = k->next)
            if (k->spi_in == x->child)
                old = k;
    if (old != NULL) /* 2.9.2: a rekey asks for no less than what is in use */
        return (struct offered){ old->ts_local, old->ts_remote, old->num_ts_local,
                                 old->num_ts_remote };
    if (x->args.num_ts_i > 0 && x->args.num_ts_r > 0)
        return (struct offered){ x->args.ts_i, x->args.ts_r, x->args.num_ts_i, x->args.num_ts_r };
    return (struct offered){ c->ts_local, c->ts_remote, c->num_ts_local, c->num_ts_remote };
}

static bool add_selectors(struct run *r)
{
    struct offered o = offered_selectors(r);
    return build_ts(r, true, o.local, o.num_local) && build_ts(r, false, o.remote, o.num_remote);
}

static bool add_window(struct run *r)
{
    uint8_t w[4];
    put_u32(w, r->sa->window_own);
    return r->sa->window_own <= 1 || build_notify(r, N_SET_WINDOW_SIZE, span_of(w, 4));
}

enum verdict cc_build(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct exchange *x = r->x;
    struct message m;
    uint8_t spi[8];
    size_t num;
    const struct ike_proposal *p = own_offer(r, &num);
    bool ike = rekeys_ike(r), ok = true;
    r->out = &m;
    make_nonce(r->e, sa, true, x->args.nonce, x->nonce, &x->nonce_len);
    x->new_spi = ike ? random_spi(r->e) : 0;
    x->spi_in = ike ? 0 : random_child_spi(r->e);
    if (build_start(r, EXCHANGE_CREATE_CHILD_SA, false, sa->out_next, true) != ERR_OK)
        return V_FAIL;
    if (x->what == IKE_DO_REKEY_CHILD && duty(r->e, sa, REQ_REKEY_NOTIFY)) {
        put_u32(spi, x->child); /* 1.3.3: the SPI this end expects on inbound packets */
        ok = build_notify_spi(r, N_REKEY_SA, PROTOCOL_ESP, span_of(spi, 4), (struct span){ 0 });
    }
    if (!ike && conn_of(r)->transport)
        ok = ok && build_notify(r, N_USE_TRANSPORT_MODE, (struct span){ 0 });
    if (ike)
        put_u64(spi, x->new_spi);
    else
        put_u32(spi, x->spi_in);
    ok = ok && build_sa(r, p, num, ike ? PROTOCOL_IKE : PROTOCOL_ESP, span_of(spi, ike ? 8 : 4),
                        x->group == 0);
    ok = ok && build_nonce(r, span_of(x->nonce, x->nonce_len));
    if (ok && x->group != 0)
        ok = build_ke(r, x->group, ke_public(x->ke));
    if (ok && !ike)
        ok = add_selectors(r);
    ok = ok && add_window(r);
    if (!ok || build_send_request(r) != ERR_OK)
        return V_FAIL;
    build_nonce_sent(r, x->nonce, &x->nonce_len);
    return V_NEXT;
}

/* --- initiator: the response
 * --------------------------------------------------------------------------- */

/* Puts the request back into the queue to go out again under a new message id. */
static void again(struct run *r, usec_t not_before)
{
    struct exchange *x = r->x;
    packets_free(&x->out);
    ke_free(x->ke);
    x->ke = NULL;
    x->sent = false;
    x->due = TIME_NEVER;
    x->not_before = not_before;
    x->state = S_CHILD_I_INIT;
    r->x = NULL;
}

static enum verdict refused(struct run *r, const struct node *n, uint16_t type)
{
    struct ike_sa *sa = r->sa;
    struct exchange *x = r->x;
    if (type == N_INVALID_KE_PAYLOAD) { /* 1.3: repeat with the group named */
        size_t num;
        const struct ike_proposal *p = own_offer(r, &num);
        struct span v = node_bytes(n, NOTIFY_DATA);
        uint16_t group = v.len == 2 ? get_u16(v.p) : 0;
        bool offered = group != 0 && proposals_offer(p, num, TRANSFORM_KE, group);
        if (judge(r->e, sa, REQ_INVALID_KE_OFFERED, offered) && group != x->group &&
            x->ke_retries++ < 3 && duty(r->e, sa, REQ_INVALID_KE_RETRY)) {
            x->group = group;
            again(r, 0);
            return V_STOP;
        }
    }
    if (type == N_TEMPORARY_FAILURE && !sa->manual && !collide_noted(r) && x->ke_retries++ < 3) {
        bool wait = duty(r->e, sa, REQ_TEMPORARY_FAILURE_WAIT);
        /* both ends may have refused each other: then they must not come back together */
        usec_t s = rekeys_ike(r) ? 15 : 10;
        again(r, wait ? r->e->now + s * USEC_PER_S : 0);
        return V_STOP;
    }
    if (type == N_CHILD_SA_NOT_FOUND && x->what == IKE_DO_REKEY_CHILD && !collide_noted(r)) {
        struct child_sa *old = child_by_in(sa, x->child);
        if (old != NULL && !sa->manual && duty(r->e, sa, REQ_NOT_FOUND_REMAKES)) {
            /* 2.25: forget it, make a new one */
            child_die(sa, old);
            exchange_new(sa, IKE_DO_NEW_CHILD, EXCHANGE_CREATE_CHILD_SA, NULL);
        }
    }
    if (x->what == IKE_DO_REKEY_CHILD && !duty(r->e, sa, REQ_REFUSED_REKEY_KEEPS_OLD)) {
        struct child_sa *old = child_by_in(sa, x->child);
        if (old != NULL)
            child_die(sa, old);
    }
    fault_set(r->why, ERR_PEER, n->off, "N", REQ_NONE);
    if (x->what != IKE_DO_REKEY_IKE && !duty(r->e, sa, REQ_CHILD_ERROR_KEEPS_IKE)) {
        ike_sa_die(sa, "a Child SA was refused");
        r->x = NULL;
    }
    return V_FAIL;
}

enum verdict cc_check_notify(struct run *r)
{
    for (const struct node *n = payload_find(r->inner, PAYLOAD_NOTIFY); n != NULL;
         n = payload_next(n, PAYLOAD_NOTIFY)) {
        uint16_t type = (uint16_t)node_num(n, NOTIFY_TYPE);
        if (type >= 16384)
            continue;
        /* rfc7296/3.10.1/unknown-error-in-response-fails */
        if (name_of(&names_notify, type) == NULL && !duty(r->e, r->sa, REQ_ERROR_ENDS_REQUEST))
            continue;
        struct ike_event *ev = event_add(r->e, IKE_EV_NOTIFY, r->sa);
        if (ev != NULL)
            ev->num = type;
        const char *name = name_of(&names_notify, type);
        event_text(ev, "CREATE_CHILD_SA response carries N(%s)", name != NULL ? name : "?");
        return refused(r, n, type);
    }
    return V_NEXT;
}

/* Turned round: a Delete is heard here too. */
static void delete_misplaced(struct run *r)
{
    struct node *d = payload_find(r->inner, PAYLOAD_DELETE);
    if (d == NULL || duty(r->e, r->sa, REQ_RULES_DELETE))
        return;
    struct span spis = node_bytes(d, DELETE_SPIS);
    struct child_sa *c = spis.len >= 4 ? child_by_out(r->sa, get_u32(spis.p)) : NULL;
    if (c != NULL)
        child_die(r->sa, c);
    (void)node_remove(r->inner, d);
}

enum verdict cc_verify(struct run *r)
{
    delete_misplaced(r);
    enum err rc = rules_check(r->in, !r->sa->initiator == (r->x != NULL), r->why);
    const struct node *nonce = payload_find(r->inner, PAYLOAD_NONCE);
    size_t len = nonce != NULL ? node_bytes(nonce, NONCE_DATA).len : 0;
    if (rc == ERR_OK && !judge(r->e, r->sa, REQ_NONCE_SIZE, len >= 16 && len <= 256))
        rc = fault_set(r->why, ERR_LENGTH, nonce != NULL ? nonce->off : 0, "Nonce.data",
                       REQ_NONCE_SIZE);
    if (rc != ERR_OK || nonce == NULL || len > NONCE_MAX) {
        r->notify = N_INVALID_SYNTAX;
        return V_FAIL;
    }
    r->peer_nonce = node_bytes(nonce, NONCE_DATA);
    return V_NEXT;
}

static enum verdict bad(struct run *r, enum err rc, const struct node *n, const char *field,
                        enum req req)
{
    fault_set(r->why, rc, n != NULL ? n->off : 0, field, req);
    r->why->inside = 1;
    return V_FAIL;
}

/* The KE payload that goes with the chosen group. */
static enum verdict take_ke(struct run *r, uint16_t group)
{
    const struct node *ke = payload_find(r->inner, PAYLOAD_KE);
    r->group = group;
    if (group == 0)
        return V_NEXT;
    const struct group *g = group_by_id(group);
    if (ke == NULL && judge(r->e, r->sa, REQ_MISSING_KE_REFUSED, false)) {
        r->group = 0; /* turned round: keys of the nonces alone */
        return V_NEXT;
    }
    if (ke == NULL || node_num(ke, KE_GROUP) != group) {
        r->notify = N_INVALID_KE_PAYLOAD;
        put_u16(r->notify_data, group);
        r->notify_len = 2;
        return bad(r, ERR_VALUE, ke, "KE.group", REQ_INVALID_KE_SENT);
    }
    r->peer_ke = node_bytes(ke, KE_DATA);
    if (g == NULL || !ke_length(r, g, &r->peer_ke)) {
        r->notify = N_INVALID_SYNTAX;
        return bad(r, ERR_LENGTH, ke, "KE.data", REQ_KE_LENGTH);
    }
    return V_NEXT;
}

static uint16_t group_of(const struct chosen *c)
{
    const struct ike_transform *t = proposal_find(&c->p, TRANSFORM_KE);
    return t != NULL ? t->id : 0;
}

enum verdict cc_process(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct exchange *x = r->x;
    size_t num;
    const struct ike_proposal *p = own_offer(r, &num);
    struct choice_rules rules = rules_of(r, x->group == 0);
    const struct node *payload = payload_find(r->inner, PAYLOAD_SA);
    if (payload == NULL)
        return bad(r, ERR_MISSING, NULL, "SA", REQ_RESPONSE_CHECKED);
    if (propose_verify(r->e, sa, payload, p, num, &rules, &r->chosen) != ERR_OK)
        return bad(r, ERR_NO_PROPOSAL, payload, "SA", REQ_RESPONSE_CHECKED);
    if (group_of(&r->chosen) != x->group || r->chosen.spi == 0)
        return bad(r, ERR_VALUE, payload, "SA", REQ_RESPONSE_CHECKED);
    if (rekeys_ike(r))
        return take_ke(r, x->group);
    for (unsigned i = 0; i < x->num_closed && i < NUM_CLOSED; i++)
        if (x->closed[i] == r->chosen.spi) {
            if (x->what == IKE_DO_REKEY_CHILD)
                collide_child_closed(r);
            return bad(r, ERR_NO_SA, payload, "SA", REQ_NONE);
        }
    const struct node *tsi = payload_find(r->inner, PAYLOAD_TSi);
    const struct node *tsr = payload_find(r->inner, PAYLOAD_TSr);
    if (tsi == NULL || tsr == NULL)
        return bad(r, ERR_MISSING, NULL, "TS", REQ_TS_SUBSET);
    r->num_ts_local = selectors_read(tsi, r->ts_local, MAX_SELECTORS);
    r->num_ts_remote = selectors_read(tsr, r->ts_remote, MAX_SELECTORS);
    r->transport = conn_of(r)->transport && notify_find(r->inner, N_USE_TRANSPORT_MODE) != NULL;
    if (r->transport)
        selectors_as_seen(sa, r->ts_local, r->num_ts_local, r->ts_remote, r->num_ts_remote);
    struct offered o = offered_selectors(r);
    bool within = selectors_within(r->ts_local, r->num_ts_local, o.local, o.num_local) &&
                  selectors_within(r->ts_remote, r->num_ts_remote, o.remote, o.num_remote);
    if (!judge(r->e, sa, REQ_TS_SUBSET, within))
        return bad(r, ERR_VALUE, tsi, "TS", REQ_TS_SUBSET);
    return take_ke(r, x->group);
}

enum verdict cc_secret(struct run *r)
{
    struct ke *ke = r->x != NULL ? r->x->ke : r->ke;
    struct fault f = { 0 };
    if (r->group == 0)
        return V_NEXT;
    enum err rc = ke_shared(ke, r->peer_ke, r->shared, &f);
    if (rc == ERR_VALUE && judge(r->e, r->sa, REQ_KE_VALID, false)) {
        memset(r->shared, 0, ke_group(ke)->shared_len);
        rc = ERR_OK;
    }
    if (rc != ERR_OK) {
        r->notify = N_INVALID_SYNTAX;
        return bad(r, rc, NULL, "KE.data", REQ_KE_VALID);
    }
    r->shared_len = ke_group(ke)->shared_len;
    return V_NEXT;
}

/* --- both roles: what was agreed becomes an SA
 * ----------------------------------------------------------- */

static struct nonces nonces_of(const struct run *r)
{
    if (r->x != NULL)
        return (struct nonces){ span_of(r->x->nonce, r->x->nonce_len), r->peer_nonce };
    return (struct nonces){ r->peer_nonce, span_of(r->nonce, r->nonce_len) };
}

static struct nonces crossed(struct nonces n)
{
    return (struct nonces){ n.r, n.i };
}

static enum err make_ike(struct run *r)
{
    struct ike_sa *old = r->sa;
    struct nonces n = nonces_of(r);
    struct secret seed = { 0 };
    struct ike_sa *sa = ike_sa_new(r->e, old->conn, r->x != NULL);
    if (sa == NULL)
        return ERR_MEMORY;
    sa->spi_i = r->x != NULL ? r->x->new_spi : r->chosen.spi;
    sa->spi_r = r->x != NULL ? r->chosen.spi : r->new_spi;
    sa->chosen = r->chosen;
    sa->group = r->group;
    sa->local = old->local;
    sa->remote = old->remote;
    sa->nat_local = old->nat_local;
    sa->nat_remote = old->nat_remote;
    sa->floated = old->floated;
    if (!duty(r->e, old, REQ_PORTS_KEPT)) {
        sa->local.port = sa->remote.port = 500;
        sa->floated = false;
    }
    sa->frag = old->frag && duty(r->e, old, REQ_FRAG_AFTER_REKEY);
    sa->manual = old->manual;
    sa->window_own = old->window_own;
    if (!duty(r->e, old, REQ_WINDOW_ONE_AFTER_REKEY))
        sa->window_peer = old->window_peer;
    memcpy(sa->ni, n.i.p, n.i.len);
    memcpy(sa->nr, n.r.p, n.r.len);
    sa->ni_len = n.i.len;
    sa->nr_len = n.r.len;
    enum err rc = ike_sa_algorithms(sa);
    if (rc == ERR_OK) /* 2.18: with the old SA's PRF and SK_d */
        rc = skeyseed_rekey(old->prf, secret_span(&old->keys.d), span_of(r->shared, r->shared_len),
                            duty(r->e, old, REQ_IKE_REKEY_SKEYSEED) ? n : crossed(n), &seed);
    if (!duty(r->e, old, REQ_IKE_REKEY_NEW_PRF))
        sa->prf = old->prf;
    if (rc == ERR_OK)
        rc = ike_keys_load(sa, duty(r->e, old, REQ_OLD_KEYS_UNUSED) ? &seed : &old->keys.d);
    if (rc == ERR_OK)
        rc = octets_set(&sa->peer_id, octets_span(&old->peer_id));
    secret_clear(&seed);
    if (rc != ERR_OK) {
        ike_sa_die(sa, "keys cannot be made");
        return rc;
    }
    if (!duty(r->e, old, REQ_IDS_RESTART)) {
        sa->out_next = old->out_next;
        sa->in_next = old->in_next;
    }
    sa->state = S_READY;
    ike_sa_up(sa);
    r->made_ike = sa;
    struct run peek = *r;
    peek.sa = sa;
    window_take(&peek);
    return ERR_OK;
}

static enum err make_child(struct run *r)
{
    struct child_sa *c;
    uint32_t spi_in = r->x != NULL ? r->x->spi_in : r->spi_in;
    struct nonces n = nonces_of(r);
    enum err rc =
        child_make(r->sa, &r->chosen, spi_in, r->x != NULL, span_of(r->shared, r->shared_len),
                   duty(r->e, r->sa, REQ_KEYMAT) ? n : crossed(n), &c);
    if (rc != ERR_OK)
        return rc;
    memcpy(c->ts_local, r->ts_local, sizeof c->ts_local);
    memcpy(c->ts_remote, r->ts_remote, sizeof c->ts_remote);
    c->num_ts_local = (uint8_t)r->num_ts_local;
    c->num_ts_remote = (uint8_t)r->num_ts_remote;
    c->transport = r->transport;
    child_hear(c, conn_of(r), r->inner);
    r->made_child = c;
    return ERR_OK;
}

enum verdict cc_keys(struct run *r)
{
    enum err rc = rekeys_ike(r) ? make_ike(r) : make_child(r);
    wipe(r->shared, sizeof r->shared);
    if (rc != ERR_OK)
        return bad(r, rc, NULL, "KEYMAT", REQ_NONE);
    return V_NEXT;
}

enum verdict cc_activate(struct run *r)
{
    struct ike_event *ev;
    if (r->made_ike != NULL) {
        ev = event_add(r->e, IKE_EV_IKE_REKEYED, r->made_ike);
        if (ev != NULL)
            ev->other = r->sa->id;
    } else {
        child_up(r->sa, r->made_child);
        if (r->x != NULL && r->x->what == IKE_DO_REKEY_CHILD) {
            ev = event_add(r->e, IKE_EV_CHILD_REKEYED, r->sa);
            if (ev != NULL) {
                ev->child = r->made_child->spi_in;
                ev->other = r->x->child;
            }
        }
    }
    return V_NEXT;
}

enum verdict cc_dupe(struct run *r)
{
    if (r->made_ike != NULL)
        collide_ike_answered(r);
    else if (r->x->what == IKE_DO_REKEY_CHILD)
        collide_child_answered(r);
    exchange_done(r->sa, r->x, ERR_OK);
    r->x = NULL;
    return V_NEXT;
}

enum verdict cc_fail(struct run *r)
{
    if (r->x == NULL)
        return V_NEXT;
    struct ike_sa *sa = r->sa;
    uint32_t spi =
        r->x->sent && r->why->code != ERR_PEER && r->why->code != ERR_NO_SA ? r->x->spi_in : 0;
    dropped(r->e, sa, r->why);
    collide_failed(r);
    exchange_done(sa, r->x, r->why->code);
    r->x = NULL;
    if (spi != 0) /* the peer has made what this end does not take */
        child_disown(sa, spi);
    return V_NEXT;
}

/* --- responder
 * --------------------------------------------------------------------------------------- */

enum verdict cc_r_type(struct run *r)
{
    const struct node *payload = payload_find(r->inner, PAYLOAD_SA);
    const struct node *rekey = notify_find(r->inner, N_REKEY_SA);
    const struct node *prop = payload != NULL ? payload->child : NULL;
    if (prop == NULL) {
        r->notify = N_INVALID_SYNTAX;
        return bad(r, ERR_MISSING, NULL, "SA", REQ_NONE);
    }
    /* an IKE rekey has no selectors; so a wrong protocol number elsewhere stays a Child SA */
    bool ike = node_num(prop, PROP_PROTOCOL) == PROTOCOL_IKE &&
               payload_find(r->inner, PAYLOAD_TSi) == NULL;
    r->kind = ike ? IKE_DO_REKEY_IKE : rekey != NULL ? IKE_DO_REKEY_CHILD : IKE_DO_NEW_CHILD;
    if (!ike && (payload_find(r->inner, PAYLOAD_TSi) == NULL ||
                 payload_find(r->inner, PAYLOAD_TSr) == NULL)) {
        r->notify = N_INVALID_SYNTAX;
        return bad(r, ERR_MISSING, NULL, "TS", REQ_NONE);
    }
    enum verdict v = collide_request(r, rekey);
    if (v != V_NEXT)
        return v;
    go(r, ike ? S_CHILD_R_IKE : S_CHILD_R_IPSEC,
       ike             ? EV_REKEY_IKESA
       : rekey != NULL ? EV_REKEY_IPSECSA
                       : EV_NEW_IPSECSA);
    return V_NEXT;
}

enum verdict cc_r_process(struct run *r)
{
    size_t num;
    const struct ike_proposal *p = own_offer(r, &num);
    const struct node *payload = payload_find(r->inner, PAYLOAD_SA);
    const struct node *ke = payload_find(r->inner, PAYLOAD_KE);
    struct choice_rules rules = rules_of(r, false);
    rules.prefer_group = ke != NULL ? (uint16_t)node_num(ke, KE_GROUP) : 0;
    if (propose_choose(r->e, r->sa, payload, p, num, &rules, &r->chosen) != ERR_OK ||
        !judge(r->e, r->sa, REQ_PROPOSED_SPI, r->chosen.spi != 0)) {
        r->notify = N_NO_PROPOSAL_CHOSEN;
        return bad(r, ERR_NO_PROPOSAL, payload, "SA", REQ_NO_PROPOSAL_SENT);
    }
    enum verdict v = take_ke(r, group_of(&r->chosen));
    if (v != V_NEXT || rekeys_ike(r))
        return v;
    if (!child_room(r->sa)) {
        r->notify = N_NO_ADDITIONAL_SAS;
        return bad(r, ERR_SPACE, payload, "SA", REQ_NONE);
    }
    r->transport = conn_of(r)->transport && notify_find(r->inner, N_USE_TRANSPORT_MODE) != NULL;
    if (narrow_request(r) != ERR_OK) {
        r->notify = N_TS_UNACCEPTABLE;
        return bad(r, ERR_VALUE, payload_find(r->inner, PAYLOAD_TSi), "TS", REQ_TS_UNACCEPTABLE);
    }
    return V_NEXT;
}

enum verdict cc_r_ke(struct run *r)
{
    make_nonce(r->e, r->sa, true, NONCE_RANDOM, r->nonce, &r->nonce_len);
    r->spi_in = random_child_spi(r->e);
    r->new_spi = random_spi(r->e);
    if (r->group == 0)
        return V_NEXT;
    const struct group *g = group_by_id(r->group);
    r->notify = N_TEMPORARY_FAILURE;
    if (g == NULL || ke_new(&r->ke, g, &r->e->cfg.rng) != ERR_OK)
        return bad(r, ERR_CRYPTO, NULL, "KE", REQ_NONE);
    return V_NEXT;
}

enum verdict cc_r_build(struct run *r)
{
    struct message m;
    uint8_t spi[8];
    bool ike = rekeys_ike(r), ok = true;
    r->out = &m;
    if (build_start(r, EXCHANGE_CREATE_CHILD_SA, true, msg_mid(r->in), true) != ERR_OK)
        return V_FAIL;
    if (!ike && r->transport)
        ok = build_notify(r, N_USE_TRANSPORT_MODE, (struct span){ 0 });
    if (ike)
        put_u64(spi, r->new_spi);
    else
        put_u32(spi, r->spi_in);
    ok = ok &&
         build_chosen(r, &r->chosen, ike ? PROTOCOL_IKE : PROTOCOL_ESP, span_of(spi, ike ? 8 : 4));
    ok = ok && build_nonce(r, span_of(r->nonce, r->nonce_len));
    if (ok && r->group != 0)
        ok = build_ke(r, r->group, ke_public(r->ke));
    if (ok && !ike) /* the initiator's selectors are our remote ones */
        ok = build_ts(r, true, r->ts_remote, r->num_ts_remote) &&
             build_ts(r, false, r->ts_local, r->num_ts_local);
    ok = ok && add_window(r);
    if (!ok || build_send_response(r) != ERR_OK)
        return V_FAIL;
    build_nonce_sent(r, r->nonce, &r->nonce_len);
    return V_NEXT;
}

enum verdict cc_r_activate(struct run *r)
{
    enum verdict v = cc_activate(r);
    if (r->made_ike != NULL)
        collide_ike_made(r);
    else if (r->kind == IKE_DO_REKEY_CHILD)
        collide_child_made(r);
    else if (r->sa->children != r->made_child && !duty(r->e, r->sa, REQ_DUPLICATE_SELECTORS_KEPT)) {
        struct exchange *x = exchange_new(r->sa, IKE_DO_DELETE_CHILD, EXCHANGE_INFORMATIONAL, NULL);
        if (x != NULL)
            x->child = r->sa->children->spi_in;
    }
    return v;
}

enum verdict cc_r_fail(struct run *r)
{
    struct message m;
    bool fatal = r->notify == N_INVALID_SYNTAX;
    dropped(r->e, r->sa, r->why);
    if (r->notify == 0)
        return V_NEXT;
    r->out = &m;
    if (build_start(r, EXCHANGE_CREATE_CHILD_SA, true, msg_mid(r->in), true) != ERR_OK ||
        !build_notify(r, r->notify, span_of(r->notify_data, r->notify_len)))
        return V_STOP;
    if (r->notify == N_CHILD_SA_NOT_FOUND && notify_find(r->inner, N_REKEY_SA) != NULL) {
        /* 2.25: names the SA by the SPI of the request */
        struct node *mine = payload_find(r->body, PAYLOAD_NOTIFY);
        struct span spi = node_bytes(notify_find(r->inner, N_REKEY_SA), NOTIFY_SPI);
        /* one that named none gets none, and then no protocol: rfc7296/3.10/empty-spi-protocol-zero */
        if (spi.len > 0 && (node_set_num(&m, mine, NOTIFY_PROTOCOL, PROTOCOL_ESP) != ERR_OK ||
                            node_set_bytes(&m, mine, NOTIFY_SPI, spi) != ERR_OK))
            return V_STOP;
    }
    if (build_send_response(r) == ERR_OK && fatal && duty(r->e, r->sa, REQ_INVALID_SYNTAX_FATAL))
        ike_sa_die(r->sa, "INVALID_SYNTAX was answered");
    else if (r->kind != IKE_DO_REKEY_IKE && !duty(r->e, r->sa, REQ_CHILD_ERROR_KEEPS_IKE))
        ike_sa_die(r->sa, "a Child SA was refused");
    return V_NEXT;
}

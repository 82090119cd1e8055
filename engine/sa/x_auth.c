/* x_auth.c - the IKE_AUTH exchange, both roles, and the first Child SA (RFC 7296 1.2, 2.15, 2.21.2). */
#include "engine/sa/peer.h"
#include "engine/wire/rules.h"

static const struct ike_conn *conn_of(const struct run *r)
{
    return &r->sa->conn->c;
}

/* --- initiator: the request ---------------------------------------------------------------------
 */

/* RFC 7296 2.4: INITIAL_CONTACT says that there is no other IKE SA with that peer. */
static bool only_sa(const struct run *r)
{
    for (const struct ike_sa *o = r->e->sas; o != NULL; o = o->next)
        if (o != r->sa && !o->dead && o->established && o->conn == r->sa->conn &&
            duty(r->e, r->sa, REQ_INITIAL_CONTACT_ALONE))
            return false;
    return true;
}

static bool add_tail_notifies(struct run *r)
{
    const struct ike_conn *c = conn_of(r);
    struct ike_sa *sa = r->sa;
    bool ok = true;
    uint8_t window[4];
    if (sa->initiator && !c->no_initial_contact && !c->null_local && only_sa(r))
        ok = build_notify(r, N_INITIAL_CONTACT, (struct span){ 0 });
    put_u32(window, sa->window_own);
    if (ok && sa->window_own > 1)
        ok = build_notify(r, N_SET_WINDOW_SIZE, span_of(window, 4));
    /* 1.3.1: a responder only says it when it was asked */
    bool transport = sa->initiator ? c->transport && !c->childless
                                   : sa->pending_child != NULL && sa->pending_child->transport;
    if (ok && transport)
        ok = build_notify(r, N_USE_TRANSPORT_MODE, (struct span){ 0 });
    if (ok && c->tfc_not_supported)
        ok = build_notify(r, N_ESP_TFC_PADDING_NOT_SUPPORTED, (struct span){ 0 });
    if (ok && c->non_first_fragments)
        ok = build_notify(r, N_NON_FIRST_FRAGMENTS_ALSO, (struct span){ 0 });
    return ok;
}

static bool add_own_auth(struct run *r)
{
    /* build.c signs what really leaves */
    return build_auth(r, proof_method(r), (struct span){ 0 });
}

enum verdict auth_start(struct run *r)
{
    struct ike_sa *sa = r->sa;
    octets_free(&sa->auth_psk_override);
    if (r->x != NULL && r->x->args.psk.len > 0 &&
        octets_set(&sa->auth_psk_override, r->x->args.psk) != ERR_OK)
        return V_FAIL;
    return V_NEXT;
}

enum verdict auth_request(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    struct message m;
    uint8_t spi[4];
    r->out = &m;
    if (r->x->ke_retries == 0)
        r->x->spi_in = random_child_spi(r->e);
    put_u32(spi, r->x->spi_in);
    bool ok = build_start(r, EXCHANGE_IKE_AUTH, false, sa->out_next, true) == ERR_OK;
    ok = ok && build_id(r, true, &c->id_local) && proof_show(r) && lookup_announce(r) && proof_ask(r);
    if (ok && c->send_idr && c->id_remote.type != 0)
        ok = build_id(r, false, &c->id_remote);
    ok = ok && add_own_auth(r);
    bool first = duty(r->e, sa, REQ_CP_BEFORE_SA);
    ok = ok && (!first || config_ask(r));
    if (ok && !c->childless)
        ok = build_sa(r, c->esp, c->num_esp, PROTOCOL_ESP, span_of(spi, 4), true) &&
             build_ts(r, true, c->ts_local, c->num_ts_local) &&
             build_ts(r, false, c->ts_remote, c->num_ts_remote);
    ok = ok && (first || config_ask(r)) && add_tail_notifies(r);
    if (!ok || build_send_request(r) != ERR_OK)
        return V_FAIL;
    return V_NEXT;
}

/* --- what both roles check ---------------------------------------------------------------------
 */

enum verdict auth_check_notify(struct run *r)
{
    for (const struct node *n = payload_find(r->inner, PAYLOAD_NOTIFY); n != NULL;
         n = payload_next(n, PAYLOAD_NOTIFY)) {
        uint16_t type = (uint16_t)node_num(n, NOTIFY_TYPE);
        if (type >= 16384)
            continue;
        struct ike_event *ev = event_add(r->e, IKE_EV_NOTIFY, r->sa);
        if (ev != NULL)
            ev->num = type;
        const char *name = name_of(&names_notify, type);
        event_text(ev, "IKE_AUTH response carries N(%s)", name != NULL ? name : "?");
        /* 1.2: with IDr and AUTH beside it the error is about the Child SA alone */
        if (payload_find(r->inner, PAYLOAD_AUTH) != NULL &&
            duty(r->e, r->sa, REQ_CHILD_FAILURE_KEEPS_IKE))
            r->sa->child_error = type;
        else {
            fault_set(r->why, ERR_PEER, n->off, "N", REQ_NONE);
            return V_FAIL;
        }
    }
    return V_NEXT;
}

static uint8_t peer_id_type(const struct run *r)
{
    return r->sa->initiator ? PAYLOAD_IDr : PAYLOAD_IDi;
}

enum verdict auth_payloads(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct node *id = payload_find(r->inner, peer_id_type(r));
    const struct node *auth = payload_find(r->inner, PAYLOAD_AUTH);
    enum err rc = rules_check(r->in, !sa->initiator, r->why);
    bool whole = rc == ERR_OK && id != NULL && auth != NULL;
    if (!judge(r->e, sa, REQ_AUTH_REQUIRED_PAYLOADS, whole) || id == NULL || auth == NULL) {
        if (rc == ERR_OK)
            fault_set(r->why, ERR_MISSING, 0, id == NULL ? "ID" : "AUTH",
                      REQ_AUTH_REQUIRED_PAYLOADS);
        r->notify = N_INVALID_SYNTAX;
        return V_FAIL;
    }
    window_take(r);
    lookup_hear(r);
    return V_NEXT;
}

static bool id_fits_type(uint8_t type, size_t len)
{
    switch (type) {
    case ID_IPV4_ADDR:
        return len == 4;
    case ID_IPV6_ADDR:
        return len == 16;
    case ID_FQDN:
    case ID_RFC822_ADDR:
    case ID_DER_ASN1_DN:
    case ID_DER_ASN1_GN:
    case ID_KEY_ID:
        return len > 0;
    case ID_NULL: /* RFC 7619 2.2 */
        return len == 0;
    default:
        return false;
    }
}

/* RFC 7619 2.3: what an unproven peer calls itself says nothing about the SAs of others. */
static void others_die(const struct run *r)
{
    struct ike_sa *sa = r->sa;
    if (proof_of_nobody(sa) && duty(r->e, sa, REQ_NULL_CONTACT))
        return;
    for (struct ike_sa *o = r->e->sas; o != NULL; o = o->next)
        if (o != sa && !o->dead && o->established && o->conn == sa->conn &&
            span_eq(octets_span(&o->peer_id), octets_span(&sa->peer_id)))
            ike_sa_die(o, "INITIAL_CONTACT on a newer IKE SA");
}

enum verdict auth_peer_id(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    const struct node *id = payload_find(r->inner, peer_id_type(r));
    uint8_t type = (uint8_t)node_num(id, ID_TYPE);
    struct span data = node_bytes(id, ID_DATA);
    bool known = id_fits_type(type, data.len) && (type == ID_FQDN || duty(r->e, sa, REQ_ID_TYPES));
    bool wanted =
        c->id_remote.type == 0 || (c->id_remote.type == type && span_eq(c->id_remote.data, data));
    if (type == ID_KEY_ID && c->id_remote.type == type && !wanted &&
        !duty(r->e, sa, REQ_KEY_ID_EXACT)) /* turned round: the beginning will do */
        wanted = data.len > c->id_remote.data.len
                     ? span_eq(span_part(data, 0, c->id_remote.data.len), c->id_remote.data)
                     : span_eq(span_part(c->id_remote.data, 0, data.len), data);
    if (proof_of_nobody(sa)) /* RFC 7619 2.2: who proves nothing is measured by no name */
        wanted = true;
    if (!judge(r->e, sa, REQ_PEER_ID_CHECKED, known && wanted)) {
        fault_set(r->why, ERR_VALUE, id->off, "ID.data", REQ_PEER_ID_CHECKED);
        r->notify = N_AUTHENTICATION_FAILED;
        return V_FAIL;
    }
    /* the octets that AUTH covers: everything after the generic header. A tap may have changed the
     * payload, so that its parts no longer lie side by side. */
    uint8_t *body = arena_take(r->in->arena, 4 + data.len);
    if (body == NULL)
        return V_FAIL;
    memcpy(body, id->head + PAYLOAD_HDR_LEN, 4);
    if (data.len > 0)
        memcpy(body + 4, data.p, data.len);
    if (octets_set(&sa->peer_id, span_of(body, 4 + data.len)) != ERR_OK)
        return V_FAIL;
    if (notify_find(r->inner, N_INITIAL_CONTACT) != NULL &&
        !duty(r->e, sa, REQ_INITIAL_CONTACT_AUTH))
        others_die(r); /* turned round: before anything is proven */
    return V_NEXT;
}

enum verdict auth_verify(struct run *r)
{
    return proof_check(r);
}

/* RFC 7296 2.4: only once the identity is proven. That the others go is this end's choice (MAY). */
enum verdict auth_initial_contact(struct run *r)
{
    if (notify_find(r->inner, N_INITIAL_CONTACT) != NULL)
        others_die(r);
    return V_NEXT;
}

/* --- the first Child SA
 * ---------------------------------------------------------------------------- */

static struct nonces first_nonces(const struct ike_sa *sa)
{
    if (!duty(sa->e, sa, REQ_FIRST_CHILD_NONCES))
        return (struct nonces){ 0 };
    return (struct nonces){ span_of(sa->ni, sa->ni_len), span_of(sa->nr, sa->nr_len) };
}

enum verdict auth_child_response(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    const struct node *payload = payload_find(r->inner, PAYLOAD_SA);
    const struct node *tsi = payload_find(r->inner, PAYLOAD_TSi);
    const struct node *tsr = payload_find(r->inner, PAYLOAD_TSr);
    struct choice_rules rules = { .protocol = PROTOCOL_ESP, .spi_size = 4, .without_ke = true };
    struct chosen ch;
    struct child_sa *child;
    if (c->childless || payload == NULL || sa->child_error != 0)
        return V_NEXT; /* an IKE SA without Child SA */
    enum req broken = config_take(r) ? REQ_TS_SUBSET : REQ_CP_REPLY_MISSING;
    enum err rc = tsi != NULL && tsr != NULL && broken == REQ_TS_SUBSET ? ERR_OK : ERR_MISSING;
    if (rc == ERR_OK)
        rc = propose_verify(r->e, sa, payload, c->esp, c->num_esp, &rules, &ch);
    if (rc == ERR_OK)
        rc = child_make(sa, &ch, r->x->spi_in, true, (struct span){ 0 }, first_nonces(sa), &child);
    if (rc == ERR_OK) {
        child->num_ts_local = (uint8_t)selectors_read(tsi, child->ts_local, MAX_SELECTORS);
        child->num_ts_remote = (uint8_t)selectors_read(tsr, child->ts_remote, MAX_SELECTORS);
        child->transport =
            c->transport && (notify_find(r->inner, N_USE_TRANSPORT_MODE) != NULL ||
                             !duty(r->e, sa, REQ_DECLINED_IS_TUNNEL));
        child_hear(child, c, r->inner);
        if (child->transport)
            selectors_as_seen(sa, child->ts_local, child->num_ts_local, child->ts_remote,
                              child->num_ts_remote);
        bool within =
            selectors_within(child->ts_local, child->num_ts_local, c->ts_local, c->num_ts_local) &&
            selectors_within(child->ts_remote, child->num_ts_remote, c->ts_remote,
                             c->num_ts_remote);
        if (!judge(r->e, sa, REQ_TS_SUBSET, within)) {
            child_die(sa, child);
            rc = ERR_VALUE;
        } else {
            sa->pending_child = child;
        }
    }
    if (rc != ERR_OK) { /* the IKE SA lives; the peer is told by a Delete of what it made */
        struct fault f;
        fault_set(&f, rc, payload->off, "SA", broken);
        f.inside = 1;
        dropped(r->e, sa, &f);
        child_disown(sa, r->x->spi_in);
        sa->child_error = N_INVALID_SYNTAX;
    }
    return V_NEXT;
}

enum verdict auth_child_request(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    const struct node *payload = payload_find(r->inner, PAYLOAD_SA);
    struct choice_rules rules = { .protocol = PROTOCOL_ESP, .spi_size = 4, .without_ke = true };
    struct child_sa *child = NULL;
    struct chosen ch;
    if (payload == NULL)
        return V_NEXT;
    if (propose_choose(r->e, sa, payload, c->esp, c->num_esp, &rules, &ch) != ERR_OK ||
        !judge(r->e, sa, REQ_PROPOSED_SPI, ch.spi != 0)) {
        sa->child_error = N_NO_PROPOSAL_CHOSEN;
        goto refused;
    }
    sa->child_error = config_lease(r);
    if (sa->child_error != 0)
        goto refused;
    if (narrow_request(r) != ERR_OK) {
        sa->child_error = N_TS_UNACCEPTABLE;
        goto refused;
    }
    if (child_make(sa, &ch, random_child_spi(r->e), false, (struct span){ 0 }, first_nonces(sa),
                   &child) != ERR_OK) {
        sa->child_error = N_NO_ADDITIONAL_SAS;
        goto refused;
    }
    memcpy(child->ts_local, r->ts_local, sizeof child->ts_local);
    memcpy(child->ts_remote, r->ts_remote, sizeof child->ts_remote);
    child->num_ts_local = (uint8_t)r->num_ts_local;
    child->num_ts_remote = (uint8_t)r->num_ts_remote;
    child->transport = c->transport && notify_find(r->inner, N_USE_TRANSPORT_MODE) != NULL;
    child_hear(child, c, r->inner);
    sa->pending_child = child;
    return V_NEXT;
refused:
    /* RFC 7296 1.2: the failure of the Child SA does not touch the IKE SA */
    if (duty(r->e, sa, REQ_CHILD_FAILURE_KEEPS_IKE))
        return V_NEXT;
    r->notify = sa->child_error;
    return V_FAIL;
}

/* --- responder: the response
 * -------------------------------------------------------------------------- */

enum verdict auth_response(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    struct message m;
    uint8_t spi[4];
    r->out = &m;
    bool ok = build_start(r, EXCHANGE_IKE_AUTH, true, msg_mid(r->in), true) == ERR_OK;
    ok = ok && build_id(r, false, &c->id_local) && proof_show(r) && add_own_auth(r);
    const struct child_sa *child = sa->pending_child;
    if (ok && child != NULL) {
        put_u32(spi, child->spi_in);
        ok = config_answer(r) && build_chosen(r, &child->chosen, PROTOCOL_ESP, span_of(spi, 4)) &&
             build_ts(r, true, child->ts_remote, child->num_ts_remote) &&
             build_ts(r, false, child->ts_local, child->num_ts_local);
    } else if (ok && sa->child_error != 0) {
        ok = build_notify(r, sa->child_error, (struct span){ 0 });
    }
    ok = ok && add_tail_notifies(r);
    if (!ok || build_send_response(r) != ERR_OK)
        return V_FAIL;
    return V_NEXT;
}

/* --- done
 * -------------------------------------------------------------------------------------------- */

enum verdict auth_insert(struct run *r)
{
    struct ike_sa *sa = r->sa;
    ike_sa_up(sa);
    event_add(r->e, IKE_EV_IKE_UP, sa);
    return V_NEXT;
}

enum verdict auth_load_child(struct run *r)
{
    if (r->sa->pending_child != NULL)
        child_up(r->sa, r->sa->pending_child);
    r->sa->pending_child = NULL;
    return V_NEXT;
}

enum verdict auth_role(struct run *r)
{
    go(r, S_READY, r->sa->initiator ? EV_CHK_IKE_ONLY : EV_R_OK);
    return V_NEXT;
}

enum verdict auth_ready(struct run *r)
{
    struct ike_sa *sa = r->sa;
    octets_free(&sa->auth_psk_override);
    if (r->x != NULL && r->x->what == IKE_DO_AUTH) {
        exchange_done(sa, r->x, ERR_OK);
        r->x = NULL;
    }
    return V_NEXT;
}

/* The response does not prove who sent it, or refuses us. RFC 7296 2.21.2: an initiator that
 * cannot accept the responder tells it in an INFORMATIONAL exchange of its own. */
enum verdict auth_fail(struct run *r)
{
    struct ike_sa *sa = r->sa;
    bool told = r->why->code == ERR_PEER;
    uint8_t chain[8] = { 0, 0, 0, 8, 0, 0, 0, 0 };
    dropped(r->e, sa, r->why);
    if (r->x != NULL)
        exchange_done(sa, r->x, told ? ERR_PEER : ERR_INTEGRITY);
    r->x = NULL;
    if (told || sa->manual || !duty(r->e, sa, REQ_AUTH_FAILED_SENT)) {
        ike_sa_die(sa, told ? "refused by the peer" : "the peer's IKE_AUTH response is no good");
        return V_NEXT;
    }
    put_u16(chain + 6, r->notify != 0 ? r->notify : N_AUTHENTICATION_FAILED);
    struct ike_args args = { .first = PAYLOAD_NOTIFY, .payloads = span_of(chain, sizeof chain) };
    struct exchange *x = exchange_new(sa, IKE_DO_INFO, EXCHANGE_INFORMATIONAL, &args);
    if (x == NULL)
        return V_FAIL;
    x->kills = true;
    sa->state = S_DELETE;
    window_run(sa);
    return V_NEXT;
}

enum verdict auth_r_fail(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct message m;
    r->out = &m;
    dropped(r->e, sa, r->why);
    bool answer = r->notify != 0 &&
                  (r->notify != N_AUTHENTICATION_FAILED || duty(r->e, sa, REQ_AUTH_FAILED_SENT));
    if (answer && build_start(r, EXCHANGE_IKE_AUTH, true, msg_mid(r->in), true) == ERR_OK &&
        build_notify(r, r->notify, span_of(r->notify_data, r->notify_len)) &&
        build_send_response(r) != ERR_OK)
        answer = false;
    ike_sa_die(sa, "IKE_AUTH request refused");
    return V_NEXT;
}

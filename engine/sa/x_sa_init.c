/* x_sa_init.c - the IKE_SA_INIT exchange, both roles: cookies, INVALID_KE_PAYLOAD, NAT detection,
 * the first keys (RFC 7296 1.2, 2.6, 2.7, 2.14, 2.23). */
#include "engine/sa/peer.h"
#include "engine/wire/lint.h"
#include "engine/wire/rules.h"

#define MAX_COOKIE_TRIES 5u /* endless fresh cookies end the attempt */
#define MAX_KE_RETRIES   3u
#define COOKIE_LEN       32u

static const struct ike_conn *conn_of(const struct run *r)
{
    return &r->sa->conn->c;
}

enum verdict init_make_ke(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    if (sa->ke != NULL && ke_group(sa->ke)->id == sa->group)
        return V_NEXT; /* a retry with a cookie repeats the request (2.6) */
    if (sa->group == 0)
        sa->group = proposals_first(c->ike, c->num_ike, TRANSFORM_KE);
    const struct group *g = group_by_id(sa->group);
    if (g == NULL) {
        fault_set(r->why, ERR_UNSUPPORTED, 0, "KE.group", REQ_NONE);
        return V_FAIL;
    }
    ke_free(sa->ke);
    sa->ke = NULL;
    enum err rc = ke_new(&sa->ke, g, &r->e->cfg.rng);
    if (rc != ERR_OK) {
        fault_set(r->why, rc, 0, "KE", REQ_NONE);
        return V_FAIL;
    }
    return V_NEXT;
}

static bool add_natd(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    uint8_t src[20], dst[20];
    struct addr fake = sa->local;
    if (c->no_natd || !duty(r->e, sa, REQ_NATD_SENT))
        return true;
    if (c->force_natt) /* a source hash that cannot match makes both ends see a NAT */
        fake.port = 0;
    if (natd_hash(sa->spi_i, sa->spi_r, &fake, src) != ERR_OK ||
        natd_hash(sa->spi_i, sa->spi_r, &sa->remote, dst) != ERR_OK)
        return false;
    return build_notify(r, N_NAT_DETECTION_SOURCE_IP, span_of(src, 20)) &&
           build_notify(r, N_NAT_DETECTION_DESTINATION_IP, span_of(dst, 20));
}

static bool add_common(struct run *r, struct span nonce)
{
    const struct ike_conn *c = conn_of(r);
    if (!build_ke(r, r->sa->group, ke_public(r->sa->ke)) || !build_nonce(r, nonce) || !add_natd(r))
        return false;
    if (!r->sa->initiator && !(lookup_announce(r) && proof_ask(r))) /* the responder asks here, the initiator in IKE_AUTH */
        return false;
    if (c->fragmentation && (r->sa->initiator || r->sa->frag) &&
        !build_notify(r, N_IKEV2_FRAGMENTATION_SUPPORTED, (struct span){ 0 }))
        return false;
    return proof_announce(r);
}

enum verdict init_request(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    struct message m;
    r->out = &m;
    if (sa->ni_len == 0)
        make_nonce(r->e, sa, false, NONCE_RANDOM, sa->ni, &sa->ni_len);
    sa->out_next = 0; /* retries are id 0 again: the first exchange (2.6) */
    if (build_start(r, EXCHANGE_IKE_SA_INIT, false, 0, false) != ERR_OK)
        return V_FAIL;
    bool ok = true;
    bool first = duty(r->e, sa, REQ_COOKIE_FIRST);
    if (sa->cookie.p != NULL && first)
        ok = build_notify(r, N_COOKIE, octets_span(&sa->cookie));
    if (sa->cookie.p != NULL && !duty(r->e, sa, REQ_COOKIE_SAME_REQUEST))
        sa->ni[0] ^= 0xff;
    ok = ok && build_sa(r, c->ike, c->num_ike, PROTOCOL_IKE, (struct span){ 0 }, false);
    ok = ok && add_common(r, span_of(sa->ni, sa->ni_len));
    if (ok && sa->cookie.p != NULL && !first)
        ok = build_notify(r, N_COOKIE, octets_span(&sa->cookie));
    if (!ok || build_send_request(r) != ERR_OK)
        return V_FAIL;
    build_nonce_sent(r, sa->ni, &sa->ni_len);
    if (r->x->out.num > 0 && octets_set(&sa->init_sent, octets_span(&r->x->out.d[0])) != ERR_OK)
        return V_FAIL;
    return V_NEXT;
}

/* COOKIE and INVALID_KE_PAYLOAD lead to a changed request; other errors are only a hint. */
enum verdict init_check_notify(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    const struct node *cookie = notify_find(r->inner, N_COOKIE);
    const struct node *ke = notify_find(r->inner, N_INVALID_KE_PAYLOAD);
    const struct node *sa_payload = payload_find(r->inner, PAYLOAD_SA);
    if (cookie != NULL && sa_payload == NULL) {
        struct span v = node_bytes(cookie, NOTIFY_DATA);
        bool few = ++sa->cookie_tries <= MAX_COOKIE_TRIES;
        if (v.len < 1 || v.len > 64 || !judge(r->e, sa, REQ_COOKIE_LIMIT, few)) {
            fault_set(r->why, ERR_VALUE, cookie->off, "N(COOKIE)", REQ_COOKIE_ECHOED);
            return V_FAIL;
        }
        if (octets_set(&sa->cookie, v) != ERR_OK)
            return V_FAIL;
        if (!duty(r->e, sa, REQ_COOKIE_ECHOED))
            sa->cookie.p[sa->cookie.len - 1] ^= 1;
        go(r, S_I_BLD_INIT, EV_GEN_DH_KEY);
        return V_NEXT;
    }
    if (ke != NULL && sa_payload == NULL) {
        struct span v = node_bytes(ke, NOTIFY_DATA);
        uint16_t group = v.len == 2 ? get_u16(v.p) : 0;
        bool offered = proposals_offer(c->ike, c->num_ike, TRANSFORM_KE, group) && group != 0;
        if (v.len != 2 || !judge(r->e, sa, REQ_INVALID_KE_OFFERED, offered) ||
            !judge(r->e, sa, REQ_KE_LIMIT,
                   group != sa->group && ++sa->ke_retries <= MAX_KE_RETRIES) ||
            !duty(r->e, sa, REQ_INVALID_KE_RETRY)) {
            fault_set(r->why, ERR_VALUE, ke->off, "N(INVALID_KE_PAYLOAD)", REQ_INVALID_KE_OFFERED);
            return V_FAIL;
        }
        sa->group = group;
        go(r, S_I_BLD_INIT, EV_GEN_DH_KEY);
        return V_NEXT;
    }
    for (const struct node *n = payload_find(r->inner, PAYLOAD_NOTIFY); n != NULL;
         n = payload_next(n, PAYLOAD_NOTIFY)) {
        uint16_t type = (uint16_t)node_num(n, NOTIFY_TYPE);
        if (type >= 16384)
            continue;
        struct ike_event *ev = event_add(r->e, IKE_EV_NOTIFY, sa);
        if (ev != NULL)
            ev->num = type;
        const char *name = name_of(&names_notify, type);
        event_text(ev, "IKE_SA_INIT response carries N(%s)", name != NULL ? name : "?");
        if (!duty(r->e, sa, REQ_ERROR_ENDS_REQUEST))
            continue;
        /* RFC 7296 2.21.1: not authenticated, so go on trying for some time */
        fault_set(r->why, ERR_PEER, n->off, "N", REQ_NONE);
        return V_FAIL;
    }
    return V_NEXT;
}

/* Version, flags, critical payloads, occurrence; the same for both roles. */
enum verdict init_verify(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct node *bad = msg_unknown_critical(r->inner);
    if (bad != NULL && !judge(r->e, sa, REQ_UNKNOWN_CRITICAL, false)) {
        fault_set(r->why, ERR_CRITICAL, bad->off, NULL, REQ_UNKNOWN_CRITICAL);
        r->notify = N_UNSUPPORTED_CRITICAL_PAYLOAD;
        r->notify_data[0] = bad->type;
        r->notify_len = 1;
        return V_FAIL;
    }
    enum err rc = rules_check(r->in, !sa->initiator, r->why);
    if (rc != ERR_OK) {
        r->notify = N_INVALID_SYNTAX;
        return V_FAIL;
    }
    const struct node *nonce = payload_find(r->inner, PAYLOAD_NONCE);
    size_t len = node_bytes(nonce, NONCE_DATA).len;
    bool fits = len >= 16 && len <= 256;
    if (!judge(r->e, sa, REQ_NONCE_SIZE, fits) || len > NONCE_MAX) {
        fault_set(r->why, ERR_LENGTH, nonce->off, "Nonce.data", REQ_NONCE_SIZE);
        r->notify = N_INVALID_SYNTAX;
        return V_FAIL;
    }
    return V_NEXT;
}

bool ke_length(struct run *r, const struct group *g, struct span *data)
{
    bool fits = data->len == g->public_len;
    if (!judge(r->e, r->sa, REQ_KE_LENGTH, fits))
        return false;
    if (fits)
        return true;
    uint8_t *whole = arena_take(&r->e->arena_in, g->public_len);
    if (whole == NULL)
        return false;
    memset(whole, 0, g->public_len);
    if (data->len > 0)
        memcpy(whole, data->p, data->len < g->public_len ? data->len : g->public_len);
    *data = span_of(whole, g->public_len);
    return true;
}

/* Takes the KE payload; group is the one chosen. */
static enum verdict take_ke(struct run *r, uint16_t chosen)
{
    struct ike_sa *sa = r->sa;
    const struct node *ke = payload_find(r->inner, PAYLOAD_KE);
    struct span data = node_bytes(ke, KE_DATA);
    uint16_t group = (uint16_t)node_num(ke, KE_GROUP);
    if (group != chosen) {
        if (sa->initiator || !duty(r->e, sa, REQ_INVALID_KE_SENT)) {
            fault_set(r->why, ERR_VALUE, ke->off, "KE.group", REQ_INVALID_KE_SENT);
            return V_FAIL;
        }
        put_u16(r->notify_data, chosen);
        r->notify_len = 2;
        r->notify = N_INVALID_KE_PAYLOAD;
        fault_set(r->why, ERR_VALUE, ke->off, "KE.group", REQ_INVALID_KE_SENT);
        return V_FAIL;
    }
    const struct group *g = group_by_id(chosen);
    if (g == NULL || !ke_length(r, g, &data)) {
        fault_set(r->why, ERR_LENGTH, ke->off, "KE.data", REQ_KE_LENGTH);
        r->notify = N_INVALID_SYNTAX;
        return V_FAIL;
    }
    if (octets_set(&sa->peer_ke, data) != ERR_OK)
        return V_FAIL;
    sa->group = chosen;
    return V_NEXT;
}

static uint16_t chosen_group(const struct chosen *c)
{
    const struct ike_transform *t = proposal_find(&c->p, TRANSFORM_KE);
    return t != NULL ? t->id : 0;
}

static void take_nonce(struct run *r, uint8_t *out, size_t *len)
{
    struct span s = node_bytes(payload_find(r->inner, PAYLOAD_NONCE), NONCE_DATA);
    memcpy(out, s.p, s.len);
    *len = s.len;
}

enum verdict init_process_response(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    const struct choice_rules rules = { .protocol = PROTOCOL_IKE };
    const struct node *payload = payload_find(r->inner, PAYLOAD_SA);
    uint64_t spi_r = node_num(r->in->hdr, HDR_SPI_R);
    uint16_t own_group = sa->group;
    if (spi_r == 0) {
        fault_set(r->why, ERR_VALUE, 8, "HDR.spi_r", REQ_SPI_NOT_ZERO);
        return V_FAIL;
    }
    enum err rc = propose_verify(r->e, sa, payload, c->ike, c->num_ike, &rules, &sa->chosen);
    if (rc != ERR_OK) {
        fault_set(r->why, rc, payload->off, "SA", REQ_RESPONSE_CHECKED);
        return V_FAIL;
    }
    if (chosen_group(&sa->chosen) != own_group) {
        fault_set(r->why, ERR_VALUE, payload->off, "SA", REQ_RESPONSE_CHECKED);
        return V_FAIL;
    }
    enum verdict v = take_ke(r, own_group);
    if (v != V_NEXT)
        return v;
    take_nonce(r, sa->nr, &sa->nr_len);
    sa->spi_r = spi_r;
    return octets_set(&sa->init_received, r->raw) == ERR_OK ? V_NEXT : V_FAIL;
}

enum verdict init_process_request(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    const struct node *payload = payload_find(r->inner, PAYLOAD_SA);
    const struct node *ke = payload_find(r->inner, PAYLOAD_KE);
    struct choice_rules rules = { .protocol = PROTOCOL_IKE,
                                  .prefer_group = (uint16_t)node_num(ke, KE_GROUP) };
    enum err rc = propose_choose(r->e, sa, payload, c->ike, c->num_ike, &rules, &sa->chosen);
    if (rc != ERR_OK) {
        fault_set(r->why, rc, payload->off, "SA", REQ_NO_PROPOSAL_SENT);
        r->notify = duty(r->e, sa, REQ_NO_PROPOSAL_SENT) ? N_NO_PROPOSAL_CHOSEN : 0;
        return V_FAIL;
    }
    if (!duty(r->e, sa, REQ_CHOICE_FROM_OFFER))
        for (size_t i = 0; i < sa->chosen.p.num; i++)
            if (sa->chosen.p.t[i].type == TRANSFORM_PRF)
                sa->chosen.p.t[i].id =
                    sa->chosen.p.t[i].id == PRF_HMAC_SHA2_512 ? PRF_HMAC_SHA1 : PRF_HMAC_SHA2_512;
    enum verdict v = take_ke(r, chosen_group(&sa->chosen));
    if (v != V_NEXT)
        return v;
    take_nonce(r, sa->ni, &sa->ni_len);
    make_nonce(r->e, sa, false, NONCE_RANDOM, sa->nr, &sa->nr_len);
    if (notify_find(r->inner, N_INITIAL_CONTACT) != NULL &&
        !duty(r->e, sa, REQ_INITIAL_CONTACT_AUTH)) /* turned round: whoever sent it */
        for (struct ike_sa *o = r->e->sas; o != NULL; o = o->next)
            if (o != sa && o->established && o->conn == sa->conn)
                ike_sa_die(o, "INITIAL_CONTACT in clear");
    sa->frag = c->fragmentation && notify_find(r->inner, N_IKEV2_FRAGMENTATION_SUPPORTED) != NULL;
    return octets_set(&sa->init_received, r->raw) == ERR_OK ? V_NEXT : V_FAIL;
}

static bool natd_matches(struct run *r, uint16_t type, const struct addr *a, bool *present)
{
    uint8_t want[20];
    *present = false;
    if (natd_hash(node_num(r->in->hdr, HDR_SPI_I), node_num(r->in->hdr, HDR_SPI_R), a, want) !=
        ERR_OK)
        return true;
    for (const struct node *n = notify_find(r->inner, type); n != NULL; n = notify_next(n, type)) {
        *present = true;
        if (span_eq(node_bytes(n, NOTIFY_DATA), span_of(want, 20)))
            return true;
        if (!duty(r->e, r->sa, REQ_NATD_ANY_SOURCE))
            return false;
    }
    return false;
}

enum verdict init_detect_nat(struct run *r)
{
    struct ike_sa *sa = r->sa;
    proof_hear(r);
    lookup_hear(r);
    bool src, dst;
    bool src_ok = natd_matches(r, N_NAT_DETECTION_SOURCE_IP, &r->d->remote, &src);
    bool dst_ok = natd_matches(r, N_NAT_DETECTION_DESTINATION_IP, &r->d->local, &dst);
    if (sa->initiator)
        sa->frag = conn_of(r)->fragmentation &&
                   notify_find(r->inner, N_IKEV2_FRAGMENTATION_SUPPORTED) != NULL;
    if (!src || !dst || conn_of(r)->no_natd)
        return V_NEXT;
    sa->nat_remote = !src_ok;
    sa->nat_local = !dst_ok || conn_of(r)->force_natt;
    return V_NEXT;
}

/* RFC 7296 2.23: the initiator moves to port 4500 when there is a NAT. */
enum verdict init_float(struct run *r)
{
    struct ike_sa *sa = r->sa;
    if (!sa->initiator) {
        sa->local = r->d->local;
        sa->remote = r->d->remote;
        sa->floated = sa->local.port == IKE_PORT_NATT;
        return V_NEXT;
    }
    if ((sa->nat_local || sa->nat_remote) && duty(r->e, sa, REQ_NATD_FLOAT)) {
        sa->local.port = sa->remote.port = IKE_PORT_NATT;
        sa->floated = true;
    }
    return V_NEXT;
}

/* Another key pair, until the secret shared with the peer begins with a zero octet: one in 256
 * does (RFC 7296 2.14: it is padded). */
static enum err seek_zero_led(struct ike_sa *sa, struct fault *f)
{
    const struct group *g = ke_group(sa->ke);
    enum err rc = ke_shared(sa->ke, octets_span(&sa->peer_ke), sa->shared, f);
    for (unsigned tries = 0; rc == ERR_OK && sa->shared[0] != 0 && tries < 8192; tries++) {
        ke_free(sa->ke);
        sa->ke = NULL;
        rc = ke_new(&sa->ke, g, &sa->e->cfg.rng);
        if (rc == ERR_OK)
            rc = ke_shared(sa->ke, octets_span(&sa->peer_ke), sa->shared, f);
    }
    return rc;
}

enum verdict init_secret(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct fault f = { 0 };
    struct span known = conn_of(r)->shared;
    if (known.len > 0 && known.len == ke_group(sa->ke)->shared_len) {
        memcpy(sa->shared, known.p, known.len);
        sa->shared_len = known.len;
        return V_NEXT;
    }
    bool seek = conn_of(r)->secret_zero_led && !sa->initiator;
    enum err rc = seek ? seek_zero_led(sa, &f)
                       : ke_shared(sa->ke, octets_span(&sa->peer_ke), sa->shared, &f);
    if (rc == ERR_VALUE && judge(r->e, sa, REQ_KE_VALID, false)) {
        size_t len = ke_group(sa->ke)->shared_len; /* turned round: what 0 gives, or 1 */
        memset(sa->shared, 0, len);
        sa->shared[len - 1] = sa->peer_ke.p[sa->peer_ke.len - 1] == 1;
        rc = ERR_OK;
    }
    if (rc != ERR_OK) {
        fault_set(r->why, rc, 0, "KE.data", REQ_KE_VALID);
        r->notify = N_INVALID_SYNTAX;
        return V_FAIL;
    }
    sa->shared_len = ke_group(sa->ke)->shared_len;
    if (sa->shared[0] == 0 && !duty(r->e, sa, REQ_SECRET_PADDED))
        memmove(sa->shared, sa->shared + 1, --sa->shared_len); /* turned round: as a number */
    return V_NEXT;
}

/* Loads SK_* into the two directions. */
static enum err load_keys(struct ike_sa *sa)
{
    struct ike_keys *k = &sa->keys;
    crypt_free(sa->seal);
    crypt_free(sa->open);
    sa->seal = sa->open = NULL;
    struct secret *own_e = sa->initiator ? &k->ei : &k->er,
                  *own_a = sa->initiator ? &k->ai : &k->ar;
    struct secret *his_e = sa->initiator ? &k->er : &k->ei,
                  *his_a = sa->initiator ? &k->ar : &k->ai;
    enum err rc = crypt_new(&sa->seal, &sa->suite, secret_span(own_e), secret_span(own_a));
    return rc != ERR_OK ? rc
                        : crypt_new(&sa->open, &sa->suite, secret_span(his_e), secret_span(his_a));
}

enum err ike_keys_load(struct ike_sa *sa, const struct secret *skeyseed)
{
    struct nonces n = { span_of(sa->ni, sa->ni_len), span_of(sa->nr, sa->nr_len) };
    enum err rc =
        ike_keys_derive(sa->prf, &sa->suite, skeyseed, n, sa->spi_i, sa->spi_r, &sa->keys);
    if (!duty(sa->e, sa, REQ_SK_ORDER)) {
        struct secret ei = sa->keys.ei;
        sa->keys.ei = sa->keys.er;
        sa->keys.er = ei;
        wipe(&ei, sizeof ei);
    }
    if (!duty(sa->e, sa, REQ_PRF_KEY_SIZE)) /* turned round: 128 bits, whatever the PRF likes */
        sa->keys.pi.len = sa->keys.pr.len = 16;
    return rc != ERR_OK ? rc : load_keys(sa);
}

enum err ike_sa_algorithms(struct ike_sa *sa)
{
    const struct ike_transform *t = proposal_find(&sa->chosen.p, TRANSFORM_PRF);
    sa->prf = t != NULL ? prf_by_id(t->id) : NULL;
    if (sa->prf == NULL)
        return ERR_UNSUPPORTED;
    return proposal_suite(&sa->chosen.p, &sa->suite);
}

enum verdict init_keys(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct nonces n = { span_of(sa->ni, sa->ni_len), span_of(sa->nr, sa->nr_len) };
    struct secret seed = { 0 };
    enum err rc = ike_sa_algorithms(sa);
    if (!duty(r->e, sa, REQ_SKEYSEED))
        n = (struct nonces){ n.r, n.i };
    if (rc == ERR_OK && sa->prf->fixed_key && !duty(r->e, sa, REQ_FIXED_KEY_NONCES))
        n = (struct nonces){ span_part(n.i, n.i.len - 8, 8), span_part(n.r, n.r.len - 8, 8) };
    if (rc == ERR_OK)
        rc = skeyseed_init(sa->prf, n, span_of(sa->shared, sa->shared_len), &seed);
    if (rc == ERR_OK)
        rc = ike_keys_load(sa, &seed);
    secret_clear(&seed);
    if (rc != ERR_OK) {
        fault_set(r->why, rc, 0, "SKEYSEED", REQ_NONE);
        return V_FAIL;
    }
    return V_NEXT;
}

enum verdict init_response(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct message m;
    uint8_t before[NONCE_MAX];
    size_t before_len = sa->nr_len;
    memcpy(before, sa->nr, sa->nr_len);
    r->out = &m;
    if (build_start(r, EXCHANGE_IKE_SA_INIT, true, msg_mid(r->in), false) != ERR_OK)
        return V_FAIL;
    bool ok = build_chosen(r, &sa->chosen, PROTOCOL_IKE, (struct span){ 0 });
    ok = ok && add_common(r, span_of(sa->nr, sa->nr_len));
    if (!ok || build_send_response(r) != ERR_OK)
        return V_FAIL;
    struct answered *a = window_answered(sa, msg_mid(r->in));
    if (a != NULL && a->out.num > 0 &&
        octets_set(&sa->init_sent, octets_span(&a->out.d[0])) != ERR_OK)
        return V_FAIL;
    build_nonce_sent(r, sa->nr, &sa->nr_len);
    if (!span_eq(span_of(before, before_len), span_of(sa->nr, sa->nr_len)))
        return init_keys(r);
    return V_NEXT;
}

/* Where the exchange is over: the initiator goes on to IKE_AUTH unless it is stepped. */
enum verdict init_role(struct run *r)
{
    struct ike_sa *sa = r->sa;
    wipe(sa->shared, sizeof sa->shared);
    if (!sa->initiator) {
        go(r, S_INIT_DONE, EV_START_TMR);
        return V_NEXT;
    }
    ke_free(sa->ke);
    sa->ke = NULL;
    sa->out_next = 1;
    exchange_done(sa, r->x, ERR_OK);
    r->x = NULL;
    if (sa->step) {
        go(r, S_I_BLD_AUTH, EV_NONE);
        return V_NEXT;
    }
    r->x = exchange_new(sa, IKE_DO_AUTH, EXCHANGE_IKE_AUTH, &sa->auth_args);
    if (r->x == NULL)
        return V_FAIL;
    go(r, S_I_BLD_AUTH, EV_GET_CONFIG_MODE);
    return V_NEXT;
}

enum verdict init_half_open(struct run *r)
{
    struct ike_sa *sa = r->sa;
    uint32_t s = conn_of(r)->half_open_s != 0 ? conn_of(r)->half_open_s : 30;
    ke_free(sa->ke);
    sa->ke = NULL;
    if (!duty(r->e, sa, REQ_HALF_OPEN_EXPIRES))
        s = 24 * 60 * 60; /* turned round: as good as never */
    sa->expires = r->e->now + (usec_t)s * USEC_PER_S;
    return V_NEXT;
}

/* A response that cannot be used leaves the request outstanding, and nothing else: a good one may
 * still come (2.21.1). */
enum verdict init_i_fail(struct run *r)
{
    struct ike_sa *sa = r->sa;
    dropped(r->e, sa, r->why);
    sa->spi_r = 0;
    sa->nr_len = 0;
    sa->chosen = (struct chosen){ 0 };
    sa->frag = sa->nat_local = sa->nat_remote = sa->floated = false;
    sa->peer_hashes = 0;
    sa->local.port = conn_of(r)->local.port;
    sa->remote.port = conn_of(r)->remote.port;
    octets_free(&sa->init_received);
    octets_free(&sa->peer_ke);
    return V_NEXT;
}

enum verdict init_r_fail(struct run *r)
{
    (void)r; /* init_request_in answers and forgets */
    return V_NEXT;
}

void reply_clear(struct ike_engine *e, const struct message *m, const struct ike_dgram *d,
                 uint16_t notify, struct span data)
{
    struct message out;
    struct run r = { .e = e, .out = &out };
    uint64_t spi_i = node_num(m->hdr, HDR_SPI_I), spi_r = node_num(m->hdr, HDR_SPI_R);
    uint8_t flags = (uint8_t)(FLAG_RESPONSE | (msg_flags(m) & FLAG_INITIATOR ? 0 : FLAG_INITIATOR));
    if (!duty(e, NULL, REQ_HEADER_COPIED))
        spi_i = ~spi_i;
    arena_reset(&e->arena_out);
    if (msg_new(&out, &e->arena_out, msg_exchange(m), flags, msg_mid(m), spi_i, spi_r) != ERR_OK)
        return;
    r.body = out.hdr;
    if (!build_notify(&r, notify, data))
        return;
    struct ike_tap_point p = { .outbound = true,
                               .station = TAP_TREE,
                               .exchange = msg_exchange(m),
                               .response = true,
                               .mid = msg_mid(m),
                               .msg = &out };
    if (e->tap != NULL && e->tap(e->tap_ctx, &p) == TAP_DROP)
        return;
    struct writer w = wr_init(e->wire, MAX_DATAGRAM);
    struct addr to = d->remote;
    if (!duty(e, NULL, REQ_STRAY_ANSWER_COPIES))
        to.port = to.port == IKE_PORT ? IKE_PORT_NATT : IKE_PORT;
    if (d->local.port == IKE_PORT_NATT)
        wr_u32(&w, 0);
    if (msg_encode(&out, &w) == ERR_OK)
        (void)out_push(e, &d->local, &to, 17, wr_done(&w), 0, false);
}

/* --- responder: before there is any state ----------------------------------------------------- */

/* RFC 7296 2.6: a hash over what the initiator must come back with, keyed by our secret. */
static enum err cookie_make(struct ike_engine *e, const struct message *m,
                            const struct ike_dgram *d, uint8_t out[COOKIE_LEN])
{
    const struct node *nonce = payload_find(m->hdr, PAYLOAD_NONCE);
    uint8_t spi[8], port[2];
    put_u64(spi, node_num(m->hdr, HDR_SPI_I));
    put_u16(port, d->remote.port);
    struct span in[] = {
        nonce != NULL ? node_bytes(nonce, NONCE_DATA) : (struct span){ 0 },
        span_of(d->remote.ip, addr_len(&d->remote)),
        span_of(spi, sizeof spi),
    };
    return hmac_sha256(span_of(e->cookie_secret, sizeof e->cookie_secret), in, 3, out);
}

static bool cookie_wanted(const struct ike_engine *e)
{
    return !e->cfg.cookie_never && e->half_open >= e->cfg.cookie_threshold;
}

/* True when the request may go on; otherwise it was answered with a cookie. */
static bool cookie_passes(struct ike_engine *e, const struct message *m, const struct ike_dgram *d)
{
    uint8_t want[COOKIE_LEN];
    const struct node *first = m->hdr->child;
    const struct node *got = notify_find(m->hdr, N_COOKIE);
    if (!cookie_wanted(e) || !duty(e, NULL, REQ_COOKIE_ASKED) ||
        cookie_make(e, m, d, want) != ERR_OK)
        return true;
    if (got != NULL) {
        bool same = secret_equal(node_bytes(got, NOTIFY_DATA), span_of(want, sizeof want));
        if (judge(e, NULL, REQ_COOKIE_VERIFIED, same) &&
            judge(e, NULL, REQ_COOKIE_FIRST, got == first))
            return true;
    }
    e->counters.cookies_sent++;
    if (!duty(e, NULL, REQ_COOKIE_STATELESS)) { /* turned round: remembers, then never verifies */
        e->half_open++;
    }
    reply_clear(e, m, d, N_COOKIE, span_of(want, sizeof want));
    return false;
}

static struct conn *conn_for(const struct ike_engine *e, const struct ike_dgram *d)
{
    for (struct conn *c = e->conns; c != NULL; c = c->next) {
        if (c->c.local.family != 0 && !addr_same_host(&c->c.local, &d->local))
            continue;
        if (c->c.remote.family == 0 || addr_same_host(&c->c.remote, &d->remote))
            return c;
    }
    return NULL;
}

/* The SA that a repeated IKE_SA_INIT request belongs to: the whole message is compared (2.1). */
static struct ike_sa *repeated(const struct ike_engine *e, const struct ike_dgram *d,
                               struct span raw)
{
    for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        if (!sa->initiator && span_eq(octets_span(&sa->init_received), raw) &&
            addr_same_host(&sa->remote, &d->remote))
            return sa;
    return NULL;
}

static void forget(struct ike_engine *e, struct ike_sa *sa)
{
    struct ike_sa **at = &e->sas;
    while (*at != sa)
        at = &(*at)->next;
    *at = sa->next;
    ike_sa_free(sa);
}

void init_request_in(struct ike_engine *e, struct message *m, const struct ike_dgram *d,
                     struct span raw, struct fault *why)
{
    struct ike_sa *sa = repeated(e, d, raw);
    if (sa != NULL) {
        struct answered *a = window_answered(sa, 0);
        event_add(e, IKE_EV_DUPLICATE, sa);
        if (a != NULL && duty(e, sa, REQ_RESPONSE_REPEATED)) {
            out_packets(sa, &a->out, &a->from, &a->to, true);
            return;
        }
        if (duty(e, sa, REQ_RESPONSE_REPEATED))
            return;
    }
    if (!judge(e, NULL, REQ_SPI_NOT_ZERO, node_num(m->hdr, HDR_SPI_I) != 0)) {
        fault_set(why, ERR_VALUE, 0, "HDR.spi_i", REQ_SPI_NOT_ZERO);
        dropped(e, NULL, why);
        return;
    }
    struct conn *c = conn_for(e, d);
    if (c == NULL) {
        fault_set(why, ERR_CONFIG, 0, "no connection for this address", REQ_NONE);
        dropped(e, NULL, why);
        return;
    }
    if (!cookie_passes(e, m, d))
        return;
    uint32_t limit = e->cfg.max_half_open != 0 ? e->cfg.max_half_open : 1024;
    if (e->half_open >= limit) {
        fault_set(why, ERR_SPACE, 0, "half-open limit", REQ_NONE);
        dropped(e, NULL, why);
        return;
    }
    ike_sa_sweep(e);
    sa = ike_sa_new(e, c, false);
    if (sa == NULL)
        return;
    e->half_open++;
    sa->half_open = true;
    sa->spi_i = node_num(m->hdr, HDR_SPI_I);
    sa->local = d->local;
    sa->remote = d->remote;
    sa->spi_r = random_spi(e);
    struct run r;
    run_init(&r, sa, NULL);
    r.in = m;
    r.inner = m->hdr;
    r.d = d;
    r.raw = raw;
    r.why = why;
    if (step_post(&r, EV_RECV_INIT) == V_FAIL) {
        dropped(e, NULL, why);
        half_open_done(sa);
        forget(e, sa);
        if (r.notify != 0)
            reply_clear(e, m, d, r.notify, span_of(r.notify_data, r.notify_len));
    }
}

/* inbound.c - what happens to an IKE datagram: decoded, matched to an SA, admitted by the window,
 * opened, handed to a machine (RFC 7296 2.1 to 2.5, 2.21). */
#include <stdlib.h>

#include "engine/sa/peer.h"
#include "engine/wire/lint.h"

struct arrival {
    struct ike_engine *e;
    const struct ike_dgram *d;
    struct message *m;
    struct span raw; /* as it came, still sealed */
    struct fault *why;
};

static enum err drop(struct arrival *a, const struct ike_sa *sa, enum err rc, const char *field,
                     enum req req)
{
    fault_set(a->why, rc, 0, field, req);
    dropped(a->e, sa, a->why);
    return rc;
}

static enum ike_tap_ruling tap_tree(struct arrival *a, const struct ike_sa *sa)
{
    struct ike_engine *e = a->e;
    struct ike_tap_point p = {
        .station = TAP_TREE,
        .sa = sa != NULL ? sa->id : 0,
        .exchange = msg_exchange(a->m),
        .response = msg_is_response(a->m),
        .mid = msg_mid(a->m),
        .msg = a->m,
    };
    return e->tap != NULL ? e->tap(e->tap_ctx, &p) : TAP_PASS;
}

static bool reserved_set(const struct message *m)
{
    struct fault f[64];
    size_t num = lint(m, f, 64);
    for (size_t i = 0; i < num && i < 64; i++)
        if (f[i].req == REQ_RESERVED_ZERO)
            return true;
    return false;
}

/* Things that a receiver must put up with; false when this end, turned round, does not. */
static bool tolerated(struct arrival *a, const struct node *parent)
{
    struct ike_engine *e = a->e;
    if (e->bent[REQ_RESERVED_IGNORED] && reserved_set(a->m) && !duty(e, NULL, REQ_RESERVED_IGNORED))
        return false;
    for (const struct node *n = parent->child; n != NULL; n = n->next)
        if (n->shape == &shape_unknown && node_num(n, PL_CRITICAL) == 0 &&
            !duty(e, NULL, REQ_UNKNOWN_NONCRITICAL))
            return false;
    if (e->bent[REQ_UNKNOWN_STATUS_IGNORED] || e->bent[REQ_UNKNOWN_ERROR_IGNORED])
        for (const struct node *n = payload_find(parent, PAYLOAD_NOTIFY); n != NULL;
             n = payload_next(n, PAYLOAD_NOTIFY)) {
            uint32_t type = (uint32_t)node_num(n, NOTIFY_TYPE);
            if (name_of(&names_notify, type) == NULL &&
                !duty(e, NULL,
                      type >= 16384 ? REQ_UNKNOWN_STATUS_IGNORED : REQ_UNKNOWN_ERROR_IGNORED))
                return false;
        }
    return true;
}

/* --- requests
 * ------------------------------------------------------------------------------------------ */

static void answer_error(struct arrival *a, struct ike_sa *sa, uint16_t notify, struct span data)
{
    struct message out;
    struct run r;
    run_init(&r, sa, NULL);
    r.in = a->m;
    r.d = a->d;
    r.raw = a->raw;
    r.why = a->why;
    r.out = &out;
    if (build_start(&r, msg_exchange(a->m), true, msg_mid(a->m), true) != ERR_OK ||
        !build_notify(&r, notify, data) || build_send_response(&r) != ERR_OK)
        fault_set(a->why, ERR_SPACE, 0, "response", REQ_NONE);
}

/* A request that cannot be read, and that nobody has verified (3.10.1): no answer. Turned round, it
 * is believed, so that any stranger who saw the SPIs ends the IKE SA. */
static void unverified(struct arrival *a, struct ike_sa *sa)
{
    if (sa == NULL || sa->open == NULL || sa->dead || !sa->established || msg_is_response(a->m) ||
        window_admit(sa, msg_mid(a->m)) != ADMIT_NEW || duty(a->e, sa, REQ_INVALID_SYNTAX_VERIFIED))
        return;
    answer_error(a, sa, N_INVALID_SYNTAX, (struct span){ 0 });
    ike_sa_die(sa, "INVALID_SYNTAX was answered");
}

static bool first_part(const struct message *m)
{
    const struct node *skf = payload_find(m->hdr, PAYLOAD_SKF);
    return skf == NULL || node_num(skf, SKF_NUMBER) == 1;
}

/* A request that was answered before: the same response again, nothing else (2.1). */
static enum err repeat(struct arrival *a, struct ike_sa *sa)
{
    struct answered *was = window_answered(sa, msg_mid(a->m));
    bool same = span_eq(octets_span(&was->in), a->raw);
    if (!first_part(a->m) && duty(a->e, sa, REQ_FRAG_REPLY_ONCE))
        return ERR_OK; /* RFC 7383 2.6.1: only the first fragment brings the response back */
    if (!same) {       /* other octets under an old id: only from the peer itself */
        enum err rc;
        struct span text;
        if (payload_find(a->m->hdr, PAYLOAD_SKF) != NULL)
            rc = protect_open_fragment(sa, false, a->m, &text, a->why);
        else
            rc = protect_open(sa, false, a->m, a->why);
        if (rc != ERR_OK)
            return drop(a, sa, rc, "SK", REQ_ICV_CHECKED);
    }
    struct ike_event *ev = event_add(a->e, IKE_EV_DUPLICATE, sa);
    if (ev != NULL)
        ev->num = msg_mid(a->m);
    if (!duty(a->e, sa, REQ_REPLAY_PROVES_NOTHING))
        sa->last_heard = a->e->now;
    if (sa->nat_remote && !duty(a->e, sa, REQ_FOLLOW_NEW_ONLY)) {
        sa->local = a->d->local;
        sa->remote = a->d->remote;
    }
    if (duty(a->e, sa, REQ_RESPONSE_REPEATED))
        out_packets(sa, &was->out, &was->from, &was->to, true);
    return ERR_OK;
}

/* Turned round: an IV that does not look random is refused. */
static bool iv_taken(struct arrival *a, const struct ike_sa *sa)
{
    const struct node *sk = payload_find(a->m->hdr, PAYLOAD_SK);
    if (sk == NULL || sk->tail[0].len < 8 || duty(a->e, sa, REQ_IV_ANY))
        return true;
    const uint8_t *iv = sk->tail[0].p;
    return memcmp(iv, iv + 4, 4) != 0;
}

static bool malformed(enum err rc)
{
    return rc != ERR_OK && rc != ERR_INTEGRITY && rc != ERR_PADDING && rc != ERR_FRAGMENT;
}

/* Opens SK or SKF. ERR_FRAGMENT: wait for more. */
static enum err open_message(struct arrival *a, struct ike_sa *sa, struct node **inner)
{
    enum err rc;
    *inner = NULL;
    if (!iv_taken(a, sa))
        return drop(a, sa, ERR_VALUE, "SK.iv", REQ_IV_ANY);
    if (payload_find(a->m->hdr, PAYLOAD_SKF) != NULL)
        rc = fragment_feed(sa, a->m, a->why);
    else if (payload_find(a->m->hdr, PAYLOAD_SK) != NULL)
        rc = protect_open(sa, false, a->m, a->why);
    else if (judge(a->e, sa, REQ_CLEAR_NOT_TRUSTED, false)) {
        *inner = a->m->hdr; /* turned round: trusts what anybody could have sent */
        return ERR_OK;
    } else
        return drop(a, sa, ERR_MISPLACED, "no SK payload", REQ_CLEAR_NOT_TRUSTED);
    if (rc == ERR_FRAGMENT)
        return rc;
    if (rc == ERR_INTEGRITY)
        judge(a->e, sa, REQ_ICV_CHECKED, false);
    if (rc == ERR_INTEGRITY || rc == ERR_PADDING || !a->why->inside) {
        if (rc != ERR_OK) {
            dropped(a->e, sa, a->why);
            if (malformed(rc))
                unverified(a, sa);
            return rc;
        }
    }
    *inner = payload_find(a->m->hdr, PAYLOAD_SK);
    return rc;
}

static enum err dispatch_request(struct arrival *a, struct ike_sa *sa, struct node *inner)
{
    struct run r;
    enum state st = S_READY;
    run_init(&r, sa, NULL);
    r.in = a->m;
    r.inner = inner;
    r.d = a->d;
    r.raw = a->raw;
    r.why = a->why;
    switch (msg_exchange(a->m)) {
    case EXCHANGE_IKE_AUTH:
        if (sa->state != S_R_WAIT_AUTH) {
            answer_error(a, sa, N_INVALID_SYNTAX, (struct span){ 0 });
            return drop(a, sa, ERR_STATE, "HDR.exchange", REQ_NONE);
        }
        step_post(&r, EV_RECV_AUTH);
        break;
    case EXCHANGE_CREATE_CHILD_SA:
        r.state = &st;
        step_post(&r, EV_RECV_CREATE_CHILD);
        ke_free(r.ke);
        wipe(r.shared, sizeof r.shared);
        break;
    case EXCHANGE_INFORMATIONAL:
        r.state = &st;
        step_post(&r, EV_RECV_INFO_REQ);
        break;
    default:
        if (!duty(a->e, sa, REQ_ONLY_FATAL_ENDS_IKE))
            ike_sa_die(sa, "an exchange of unknown type");
        else /* authentic, so it is answered: its sender waits, and the window with it */
            answer_error(a, sa, N_INVALID_SYNTAX, (struct span){ 0 });
        return drop(a, sa, ERR_VALUE, "HDR.exchange", REQ_NONE);
    }
    return ERR_OK;
}

static struct exchange *outstanding(const struct ike_sa *sa)
{
    struct exchange *x = sa->exchanges;
    while (x != NULL && !x->sent)
        x = x->next;
    return x;
}

static enum err request_in(struct arrival *a, struct ike_sa *sa)
{
    struct ike_engine *e = a->e;
    struct node *inner;
    uint32_t mid = msg_mid(a->m);
    enum admit admit = window_admit(sa, mid);
    if (admit == ADMIT_REPEAT && duty(e, sa, REQ_SAME_ID_NOT_PROCESSED))
        return repeat(a, sa);
    if (sa->dead)
        return drop(a, sa, ERR_NO_SA, "the SA is gone", REQ_NONE);
    if (sa->parked != NULL)
        return drop(a, sa, ERR_STATE, "a certificate is being looked up", REQ_NONE);
    if (admit == ADMIT_OUTSIDE && !duty(e, sa, REQ_INVALID_MESSAGE_ID_NEVER_RESPONSE)) {
        uint8_t id[4];
        put_u32(id, mid);
        answer_error(a, sa, N_INVALID_MESSAGE_ID, span_of(id, 4));
    }
    if (admit == ADMIT_OUTSIDE && !judge(e, sa, REQ_WINDOW_RECEIVE, false))
        return drop(a, sa, ERR_REPLAY, "HDR.mid", REQ_WINDOW_RECEIVE);
    if (admit == ADMIT_NEW && outstanding(sa) != NULL && !duty(e, sa, REQ_REQUEST_WHILE_WAITING))
        return drop(a, sa, ERR_STATE, "a request of this end is outstanding",
                    REQ_REQUEST_WHILE_WAITING);
    if (admit == ADMIT_NEW && mid != sa->in_next && !duty(e, sa, REQ_WINDOW_OUT_OF_ORDER))
        return drop(a, sa, ERR_REPLAY, "HDR.mid", REQ_WINDOW_OUT_OF_ORDER);
    if (!sa->established && msg_exchange(a->m) != EXCHANGE_IKE_AUTH &&
        !judge(e, sa, REQ_AUTH_COMPLETES_NEXT, false))
        return drop(a, sa, ERR_STATE, "HDR.exchange", REQ_NONE);
    enum err rc = open_message(a, sa, &inner);
    if (rc == ERR_FRAGMENT || inner == NULL)
        return rc;
    sa->last_heard = e->now;
    if (sa->nat_remote && admit == ADMIT_NEW && duty(e, sa, REQ_FOLLOW_VALIDATED) &&
        !(sa->nat_local && duty(e, sa, REQ_BEHIND_NAT_NO_FOLLOW))) {
        sa->local = a->d->local; /* 2.23: the NAT may have moved the peer */
        sa->remote = a->d->remote;
    }
    if (malformed(rc)) { /* 2.21.3: authentic but broken is answered, and ends the SA */
        dropped(e, sa, a->why);
        if (duty(e, sa, REQ_INVALID_SYNTAX_SENT))
            answer_error(a, sa, N_INVALID_SYNTAX, (struct span){ 0 });
        if (duty(e, sa, REQ_INVALID_SYNTAX_FATAL))
            ike_sa_die(sa, "INVALID_SYNTAX was answered");
        return rc;
    }
    const struct node *unknown = msg_unknown_critical(inner);
    if (unknown != NULL && !judge(e, sa, REQ_UNKNOWN_CRITICAL, false)) {
        uint8_t type = unknown->type;
        answer_error(a, sa, N_UNSUPPORTED_CRITICAL_PAYLOAD, span_of(&type, 1));
        if (!sa->established)
            ike_sa_die(sa, "unknown critical payload in IKE_AUTH");
        return drop(a, sa, ERR_CRITICAL, NULL, REQ_UNKNOWN_CRITICAL);
    }
    if (!tolerated(a, inner)) {
        answer_error(a, sa, N_INVALID_SYNTAX, (struct span){ 0 });
        return drop(a, sa, ERR_VALUE, NULL, REQ_RESERVED_IGNORED);
    }
    if (tap_tree(a, sa) == TAP_DROP)
        return drop(a, sa, ERR_DROPPED, NULL, REQ_NONE);
    return dispatch_request(a, sa, inner);
}

/* --- responses
 * ------------------------------------------------------------------------------------------- */

static enum event answer_event(const struct exchange *x)
{
    switch (x->type) {
    case EXCHANGE_IKE_AUTH:
        return EV_RECV_AUTH;
    case EXCHANGE_CREATE_CHILD_SA:
        return EV_RECV_CREATE_CHILD;
    default:
        return EV_RECV_INFO_ACK;
    }
}

/* 2.21.3: INVALID_SYNTAX in the answer to a request is fatal in both peers: the other end has
 * forgotten the IKE SA already. That of IKE_AUTH comes before there is an SA (2.21.2). */
static bool answered_invalid_syntax(const struct arrival *a, struct ike_sa *sa,
                                    const struct node *inner)
{
    if (!sa->established || notify_find(inner, N_INVALID_SYNTAX) == NULL ||
        !duty(a->e, sa, REQ_INVALID_SYNTAX_FATAL))
        return false;
    struct ike_event *ev = event_add(a->e, IKE_EV_NOTIFY, sa);
    if (ev != NULL)
        ev->num = N_INVALID_SYNTAX;
    event_text(ev, "a response carries N(INVALID_SYNTAX)");
    ike_sa_die(sa, "INVALID_SYNTAX was received");
    return true;
}

static enum err response_in(struct arrival *a, struct ike_sa *sa)
{
    struct ike_engine *e = a->e;
    struct exchange *x = exchange_by_mid(sa, msg_mid(a->m));
    struct node *inner;
    bool asked = x != NULL && x->type == msg_exchange(a->m) && !sa->dead;
    if (!judge(e, sa, REQ_UNSOLICITED_RESPONSE, asked))
        return drop(a, sa, ERR_STATE, "no request waits for it", REQ_UNSOLICITED_RESPONSE);
    if (!asked) { /* turned round: any response will do, and one too many ends the SA */
        x = outstanding(sa);
        if (x == NULL) {
            ike_sa_die(sa, "a response that nobody asked for");
            return ERR_STATE;
        }
    }
    if (sa->parked != NULL)
        return drop(a, sa, ERR_STATE, "a certificate is being looked up", REQ_NONE);
    enum err rc = open_message(a, sa, &inner);
    if (rc != ERR_OK || inner == NULL) {
        if (malformed(rc) && inner != NULL)
            dropped(e, sa, a->why);
        return rc; /* the request stays outstanding */
    }
    sa->last_heard = e->now;
    const struct node *unknown = msg_unknown_critical(inner);
    bool refused = unknown != NULL && !judge(e, sa, REQ_UNKNOWN_CRITICAL, false);
    if (refused || !tolerated(a, inner)) {
        drop(a, sa, ERR_CRITICAL, NULL, REQ_UNKNOWN_CRITICAL);
        bool auth = x->what == IKE_DO_AUTH;
        uint32_t made = payload_find(inner, PAYLOAD_SA) != NULL && !auth ? x->spi_in : 0;
        struct run r;
        run_init(&r, sa, x);
        collide_failed(&r);
        exchange_done(sa, x, ERR_CRITICAL);
        if (auth)
            ike_sa_die(sa, "unknown critical payload in the IKE_AUTH response");
        else if (made != 0) /* the peer has made what this end does not take */
            child_disown(sa, made);
        return ERR_CRITICAL;
    }
    if (tap_tree(a, sa) == TAP_DROP)
        return drop(a, sa, ERR_DROPPED, NULL, REQ_NONE);
    if (answered_invalid_syntax(a, sa, inner))
        return ERR_OK;
    struct run r;
    run_init(&r, sa, x);
    r.in = a->m;
    r.inner = inner;
    r.d = a->d;
    r.raw = a->raw;
    r.why = a->why;
    enum state st = x->state;
    r.state = x->what == IKE_DO_AUTH ? &sa->state : &st;
    step_post(&r, answer_event(x));
    wipe(r.shared, sizeof r.shared);
    return a->why->code;
}

static enum err init_response_in(struct arrival *a)
{
    uint64_t spi_i = node_num(a->m->hdr, HDR_SPI_I);
    for (struct ike_sa *sa = a->e->sas; sa != NULL; sa = sa->next) {
        if (!sa->initiator || sa->spi_i != spi_i || sa->dead)
            continue;
        struct exchange *x = exchange_find(sa, IKE_DO_INIT);
        if (x == NULL || sa->state != S_I_WAIT_INIT ||
            !addr_same_host(&sa->remote, &a->d->remote)) {
            judge(a->e, sa, REQ_UNSOLICITED_RESPONSE, false);
            return drop(a, sa, ERR_STATE, "no request waits for it", REQ_UNSOLICITED_RESPONSE);
        }
        if (!tolerated(a, a->m->hdr))
            return drop(a, sa, ERR_VALUE, NULL, REQ_RESERVED_IGNORED);
        if (tap_tree(a, sa) == TAP_DROP)
            return drop(a, sa, ERR_DROPPED, NULL, REQ_NONE);
        struct run r;
        run_init(&r, sa, x);
        r.in = a->m;
        r.inner = a->m->hdr;
        r.d = a->d;
        r.raw = a->raw;
        r.why = a->why;
        step_post(&r, EV_RECV_INIT);
        if (!sa->dead)
            window_run(sa);
        return a->why->code;
    }
    return drop(a, NULL, ERR_NO_SA, "HDR.spi_i", REQ_NONE);
}

/* --- the way in
 * -------------------------------------------------------------------------------------------- */

/* Turned round: what anybody can say in clear ends the SA that it seems to be about. */
static void believe_clear(struct ike_engine *e, const struct node *n)
{
    struct span spi = node_bytes(n, NOTIFY_DATA);
    for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        if (!sa->dead && sa->established &&
            (spi.len != 4 || child_by_out(sa, get_u32(spi.p)) != NULL ||
             child_by_in(sa, get_u32(spi.p)) != NULL))
            ike_sa_die(sa, "somebody said in clear that it does not exist");
}

#define HINT_PAUSE (10 * (usec_t)USEC_PER_S)

/* RFC 7296 2.4, 2.21.4: a notify in clear from the address of a peer is a reason to check whether
 * the peer lives, now and then. */
static void hinted(struct arrival *a)
{
    struct ike_engine *e = a->e;
    for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next) {
        if (sa->dead || sa->deleting || !sa->established || !sa->conn->c.check_hints ||
            !addr_same_host(&sa->remote, &a->d->remote) || !duty(e, sa, REQ_HINT_LIVENESS))
            continue;
        bool lately = sa->hinted != 0 && e->now - sa->hinted < HINT_PAUSE;
        if ((lately || sa->exchanges != NULL) && duty(e, sa, REQ_LIVENESS_LIMITED))
            continue;
        sa->hinted = e->now > 0 ? e->now : 1;
        if (exchange_new(sa, IKE_DO_LIVENESS, EXCHANGE_INFORMATIONAL, NULL) != NULL)
            window_run(sa);
    }
}

static enum err no_sa(struct arrival *a)
{
    struct ike_engine *e = a->e;
    const struct node *notify = payload_find(a->m->hdr, PAYLOAD_NOTIFY);
    if (notify != NULL)
        hinted(a);
    bool request = !msg_is_response(a->m) || !duty(e, NULL, REQ_STRAY_RESPONSE_UNANSWERED);
    if (notify != NULL && !duty(e, NULL, REQ_CLEAR_NOTIFY_NO_STATE))
        believe_clear(e, notify);
    /* 1.5, 2.21.4: a notify in clear is a hint, never answered */
    if (notify != NULL && duty(e, NULL, REQ_CLEAR_NOTIFY_UNANSWERED))
        request = false;
    /* may be told, in clear, never about a response, and not often */
    if (request && msg_exchange(a->m) != EXCHANGE_IKE_SA_INIT &&
        (e->last_unknown_spi == 0 || e->now - e->last_unknown_spi >= USEC_PER_S ||
         !duty(e, NULL, REQ_CLEAR_ERRORS_LIMITED))) {
        e->last_unknown_spi = e->now > 0 ? e->now : 1;
        reply_clear(e, a->m, a->d, N_INVALID_IKE_SPI, (struct span){ 0 });
    }
    return drop(a, NULL, ERR_NO_SA, "HDR.spi", REQ_NONE);
}

static enum err new_sa_request(struct arrival *a)
{
    uint8_t flags = msg_flags(a->m);
    if (!(flags & FLAG_INITIATOR) || msg_mid(a->m) != 0)
        return drop(a, NULL, ERR_VALUE, "HDR", REQ_NONE);
    if (!tolerated(a, a->m->hdr))
        return drop(a, NULL, ERR_VALUE, NULL, REQ_RESERVED_IGNORED);
    if (tap_tree(a, NULL) == TAP_DROP)
        return drop(a, NULL, ERR_DROPPED, NULL, REQ_NONE);
    init_request_in(a->e, a->m, a->d, a->raw, a->why);
    return a->why->code;
}

static enum err dispatch(struct arrival *a)
{
    struct message *m = a->m;
    uint8_t flags = msg_flags(m);
    uint64_t spi_i = node_num(m->hdr, HDR_SPI_I), spi_r = node_num(m->hdr, HDR_SPI_R);
    if (node_num(m->hdr, HDR_MINOR) != 0 && !duty(a->e, NULL, REQ_MINOR_VERSION))
        return drop(a, NULL, ERR_VERSION, "HDR.minor", REQ_MINOR_VERSION);
    if (msg_exchange(m) == EXCHANGE_IKE_SA_INIT) {
        if (!(flags & FLAG_RESPONSE))
            return spi_r == 0 ? new_sa_request(a) : drop(a, NULL, ERR_VALUE, "HDR.spi_r", REQ_NONE);
        if (flags & FLAG_INITIATOR)
            return drop(a, NULL, ERR_VALUE, "HDR.flags.I", REQ_NONE);
        return init_response_in(a);
    }
    struct ike_sa *sa = ike_sa_by_spi(a->e, spi_i, spi_r);
    if (sa == NULL || sa->open == NULL)
        return no_sa(a);
    bool other_end = ((flags & FLAG_INITIATOR) != 0) != sa->initiator;
    if (!judge(a->e, sa, REQ_SPI_BY_FLAG, other_end))
        return drop(a, sa, ERR_VALUE, "HDR.flags.I", REQ_NONE);
    uint32_t id = sa->id;
    if (flags & FLAG_RESPONSE && payload_find(m->hdr, PAYLOAD_NOTIFY) != NULL)
        hinted(a);
    enum err rc = flags & FLAG_RESPONSE ? response_in(a, sa) : request_in(a, sa);
    sa = ike_sa_by_id(a->e, id);
    if (sa != NULL && !sa->dead) {
        children_sweep(sa);
        window_run(sa);
    }
    return rc;
}

enum err inbound_ike(struct ike_engine *e, const struct ike_dgram *d, struct span bytes,
                     struct fault *why)
{
    struct message m;
    struct octets raw = { 0 };
    size_t len = bytes.len;
    if (d->local.family == 6 && !duty(e, NULL, REQ_BOTH_FAMILIES))
        return fault_set(why, ERR_DROPPED, 0, NULL, REQ_BOTH_FAMILIES);
    arena_reset(&e->arena_in);
    memcpy(e->in, bytes.p, len);
    struct ike_tap_point p = {
        .station = TAP_WIRE, .bytes = e->in, .len = &len, .cap = MAX_DATAGRAM
    };
    if (len >= HDR_LEN) {
        p.exchange = e->in[18];
        p.response = (e->in[19] & FLAG_RESPONSE) != 0;
        p.mid = get_u32(e->in + 20);
    }
    if (e->tap != NULL && e->tap(e->tap_ctx, &p) == TAP_DROP)
        return fault_set(why, ERR_DROPPED, 0, NULL, REQ_NONE);
    enum err rc = msg_decode(&m, &e->arena_in, span_of(e->in, len), why);
    /* 2.5: a higher version is told what we speak, a lower one is dropped */
    bool higher = rc == ERR_VERSION && node_num(m.hdr, HDR_MAJOR) > 2;
    if (higher && !msg_is_response(&m) && duty(e, NULL, REQ_MAJOR_NOTIFIED))
        reply_clear(e, &m, d, N_INVALID_MAJOR_VERSION, (struct span){ 0 });
    struct arrival a = { .e = e, .d = d, .m = &m, .raw = span_of(e->in, len), .why = why };
    if (rc != ERR_OK) {
        dropped(e, NULL, why);
        if (m.hdr != NULL && malformed(rc) && !higher)
            unverified(&a,
                       ike_sa_by_spi(e, node_num(m.hdr, HDR_SPI_I), node_num(m.hdr, HDR_SPI_R)));
        return rc;
    }
    if (octets_set(&raw, span_of(e->in, len)) != ERR_OK)
        return ERR_MEMORY;
    a.raw = octets_span(&raw);
    rc = dispatch(&a);
    octets_free(&raw);
    return rc;
}

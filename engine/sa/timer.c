/* timer.c - what falls due: retransmission, giving up, half-open expiry, rekeying, liveness
 * (RFC 7296 2.1, 2.4, 2.8). */
#include "engine/sa/peer.h"

static void give_up(struct ike_sa *sa, struct exchange *x)
{
    event_add(sa->e, IKE_EV_GIVE_UP, sa);
    if (duty(sa->e, sa, REQ_FAILED_SA_DISCARDED))
        ike_sa_die(sa, "no answer");
    else
        x->due = TIME_NEVER;
}

static void retransmit(struct ike_sa *sa, struct exchange *x)
{
    struct ike_engine *e = sa->e;
    unsigned most = sa->conn->c.retransmit_tries != 0 ? sa->conn->c.retransmit_tries : 5;
    if (x->tries >= most) {
        give_up(sa, x);
        return;
    }
    x->tries++;
    if (duty(e, sa, REQ_RETRANSMIT_BACKOFF))
        x->wait *= 2;
    x->due = e->now + x->wait;
    struct ike_event *ev = event_add(e, IKE_EV_RETRANSMIT, sa);
    if (ev != NULL)
        ev->num = x->tries;
    if (duty(e, sa, REQ_RETRANSMIT_REQUEST))
        out_packets(sa, &x->out, &sa->local, &sa->remote, true);
}

/* The hard lifetime of a Child SA that nobody replaced is over: it is closed, and as its rekey failed
 * so is the IKE SA (RFC 7296 2.8). True when an exchange waits to be sent. */
static bool expire(struct ike_sa *sa, struct child_sa *c)
{
    c->rekey_at = c->expires_at = TIME_NEVER; /* both may have passed since the last tick */
    if (!duty(sa->e, sa, REQ_EXPIRED_NOT_USED))
        return false;
    c->deleting = true;
    if (duty(sa->e, sa, REQ_FAILED_REKEY_CLOSES)) {
        sa->deleting = true;
        return exchange_new(sa, IKE_DO_DELETE_IKE, EXCHANGE_INFORMATIONAL, NULL) != NULL;
    }
    struct exchange *x = exchange_new(sa, IKE_DO_DELETE_CHILD, EXCHANGE_INFORMATIONAL, NULL);
    if (x != NULL)
        x->child = c->spi_in;
    return x != NULL;
}

/* RFC 3948 4: when nothing else went to the peer for so long. */
static void keep_alive(struct ike_sa *sa)
{
    struct ike_engine *e = sa->e;
    static const uint8_t octets[2] = { 0xff, 0xff };
    usec_t every = (usec_t)sa->conn->c.keepalive_s * USEC_PER_S;
    if (e->now >= sa->last_sent + every) {
        struct addr local = sa->local, remote = sa->remote;
        sa->last_sent = e->now;
        if (!duty(e, sa, REQ_KEEPALIVE_PORTS))
            local.port = remote.port = IKE_PORT;
        size_t len = duty(e, sa, REQ_KEEPALIVE_OCTET) ? 1 : 2;
        if (duty(e, sa, REQ_KEEPALIVE_SENT))
            (void)out_push(e, &local, &remote, 17, span_of(octets, len), sa->id, false);
    }
    sa->keepalive_at = sa->last_sent + every;
}

static void tick_sa(struct ike_sa *sa)
{
    struct ike_engine *e = sa->e;
    bool queued = false;
    if (!sa->established && !sa->initiator && e->now >= sa->expires) {
        ike_sa_die(sa, "half-open for too long");
        return;
    }
    if (e->now >= lookup_due(sa)) {
        lookup_tick(sa);
        if (sa->dead)
            return;
    }
    for (struct exchange *x = sa->exchanges; x != NULL; x = x->next) {
        queued = queued || (!x->sent && x->not_before <= e->now);
        if (x->sent && e->now >= x->due) {
            retransmit(sa, x);
            if (sa->dead)
                return;
        }
    }
    if (e->now >= sa->rekey_at) {
        sa->rekey_at = TIME_NEVER;
        if (sa->successor == 0 && !sa->deleting)
            queued |= exchange_new(sa, IKE_DO_REKEY_IKE, EXCHANGE_CREATE_CHILD_SA, NULL) != NULL;
    }
    if (e->now >= sa->dpd_at) {
        usec_t every = (usec_t)sa->conn->c.dpd_s * USEC_PER_S;
        if (e->now - sa->last_heard >= every && sa->exchanges == NULL)
            queued |= exchange_new(sa, IKE_DO_LIVENESS, EXCHANGE_INFORMATIONAL, NULL) != NULL;
        sa->dpd_at = e->now + every;
    }
    if (e->now >= sa->keepalive_at)
        keep_alive(sa);
    for (struct child_sa *c = sa->children; c != NULL; c = c->next) {
        if (c->dead || c->replaced || c->deleting)
            continue;
        if (e->now >= c->expires_at) {
            queued |= expire(sa, c);
            continue;
        }
        if (e->now < c->rekey_at)
            continue;
        c->rekey_at = TIME_NEVER;
        struct exchange *x = exchange_new(sa, IKE_DO_REKEY_CHILD, EXCHANGE_CREATE_CHILD_SA, NULL);
        if (x != NULL) {
            x->child = c->spi_in;
            queued = true;
        }
    }
    if (queued)
        window_run(sa);
}

void timer_tick(struct ike_engine *e)
{
    uint32_t last = e->last_id; /* SAs made while ticking wait for the next tick */
    for (struct ike_sa *sa = e->sas; sa != NULL && sa->id <= last; sa = sa->next)
        if (!sa->dead)
            tick_sa(sa);
    ike_sa_sweep(e);
}

static void earlier(usec_t *best, usec_t t)
{
    if (t < *best)
        *best = t;
}

usec_t timer_deadline(const struct ike_engine *e)
{
    usec_t best = TIME_NEVER;
    for (const struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next) {
        if (sa->dead) {
            if (!e->cfg.keep_dead)
                earlier(&best, sa->expires);
            continue;
        }
        if (!sa->established && !sa->initiator)
            earlier(&best, sa->expires);
        for (const struct exchange *x = sa->exchanges; x != NULL; x = x->next) {
            if (x->sent)
                earlier(&best, x->due);
            else if (x->not_before > e->now) /* past: what it waits for now is the window */
                earlier(&best, x->not_before);
        }
        earlier(&best, lookup_due(sa));
        earlier(&best, sa->rekey_at);
        earlier(&best, sa->dpd_at);
        earlier(&best, sa->keepalive_at);
        for (const struct child_sa *c = sa->children; c != NULL; c = c->next)
            if (!c->dead && !c->replaced && !c->deleting) {
                earlier(&best, c->rekey_at);
                earlier(&best, c->expires_at);
            }
    }
    return best;
}

void exchange_start(struct ike_sa *sa, struct exchange *x)
{
    struct run r;
    struct fault why = { 0 };
    enum state st;
    run_init(&r, sa, x);
    r.why = &why;
    switch (x->what) {
    case IKE_DO_INIT:
        if (step_post(&r, EV_INIT_SA) == V_FAIL) {
            dropped(sa->e, sa, &why);
            ike_sa_die(sa, "IKE_SA_INIT cannot be built");
        }
        return;
    case IKE_DO_AUTH:
        step_post(&r, EV_GET_CONFIG_MODE);
        return;
    case IKE_DO_NEW_CHILD:
    case IKE_DO_REKEY_CHILD:
    case IKE_DO_REKEY_IKE:
        st = S_CHILD_I_INIT;
        r.state = &st;
        step_post(&r, EV_INIT_CREATE_CHILD);
        break;
    case IKE_DO_DELETE_CHILD:
    case IKE_DO_DELETE_IKE:
    case IKE_DO_LIVENESS:
    case IKE_DO_INFO:
        st = S_INFO_I_BLD_INFO;
        r.state = &st;
        step_post(&r, EV_SEND_INFO);
        break;
    }
    if (r.x != NULL && !sa->dead)
        r.x->state = st;
}

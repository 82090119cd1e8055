/* loop.c - moves datagrams and time. The only poll() and the only clock read of the program. */
#define _GNU_SOURCE 1
#include "harness/net/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "harness/net/peer.h"

#define SCRATCH_LEN       (8u << 20)
#define STEPS_PER_INSTANT 100000u /* more than that at one moment is an endless loop */
#define OUT_PER_FLUSH     100000u
#define IDLE_SLICE_US     10000u /* how long other work of the process may have to wait */
#define MAX_FDS           64u

static usec_t real_clock(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (usec_t)ts.tv_sec * USEC_PER_S + (usec_t)ts.tv_nsec / 1000;
}

usec_t world_now(const struct world *w)
{
    return w->is_virtual ? w->now : real_clock() - w->epoch;
}

struct world *world_new(bool is_virtual, uint64_t seed, const struct link *link)
{
    struct world *w = calloc(1, sizeof *w);
    void *scratch = malloc(SCRATCH_LEN);
    struct transport *t = is_virtual ? mem_new(seed, link) : udp_new();
    if (w == NULL || scratch == NULL || t == NULL) {
        if (t != NULL)
            t->ops->close(t, NULL);
        free(scratch);
        free(w);
        return NULL;
    }
    w->is_virtual = is_virtual;
    w->seed = seed;
    w->t = t;
    w->scratch = arena_init(scratch, SCRATCH_LEN);
    w->epoch = real_clock();
    return w;
}

void world_free(struct world *w)
{
    if (w == NULL)
        return;
    while (w->peers != NULL)
        peer_free(w->peers);
    w->t->ops->close(w->t, NULL);
    queue_clear(&w->later);
    free(w->scratch.p);
    free(w);
}

/* --- one datagram on its way
 * ------------------------------------------------------------------------ */

static void pass_out(struct peer *p, struct record *r, const struct ike_dgram *d)
{
    struct world *w = p->w;
    enum sent s = w->t->ops->send(w->t, p, d, world_now(w));
    if (s != SENT && r != NULL)
        r->fate = FATE_LOST;
}

static void pass_in(struct peer *p, struct record *r, const struct ike_dgram *d)
{
    struct fault why;
    p->feeding = r;
    p->inside++;
    enum err rc = ike_feed(p->e, d, world_now(p->w), &why);
    (void)rc; /* what it made of it comes as events */
    p->inside--;
    p->feeding = NULL;
}

static void pass(struct peer *p, struct record *r, const struct ike_dgram *d, bool in)
{
    if (in)
        pass_in(p, r, d);
    else
        pass_out(p, r, d);
}

static bool hold(struct peer *p, struct record *r)
{
    struct held *grown = realloc(p->held, (p->num_held + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    p->held = grown;
    p->held[p->num_held++] = (struct held){ .n = r->n, .in = r->in };
    return true;
}

static void apply(struct peer *p, struct record *r, struct verdict *v)
{
    struct world *w = p->w;
    struct ike_dgram d = r->d;
    switch (v->ruling) {
    case RULE_PASS:
        pass(p, r, &d, r->in);
        break;
    case RULE_DROP:
        r->fate = FATE_DROPPED;
        break;
    case RULE_HOLD:
        r->fate = hold(p, r) ? FATE_HELD : FATE_DROPPED;
        break;
    case RULE_DELAY:
        r->fate = FATE_DELAYED;
        if (!queue_push(&w->later, world_now(w) + v->delay, p, r->in, r->n, &d))
            r->fate = FATE_DROPPED;
        break;
    case RULE_REPEAT:
        r->fate = FATE_REPEATED;
        for (uint32_t i = 0; i <= v->times; i++)
            pass(p, r, &d, r->in);
        break;
    case RULE_PORT:
        r->fate = FATE_REPLACED;
        *(r->in ? &d.remote.port : &d.local.port) = v->port;
        pass(p, r, &d, r->in);
        break;
    case RULE_REPLACE:
        r->fate = FATE_REPLACED;
        d.p = v->bytes;
        d.len = v->len;
        pass(p, r, &d, r->in);
        break;
    }
    free(v->bytes);
}

static void handle(struct peer *p, const struct ike_dgram *d, bool in)
{
    struct world *w = p->w;
    struct verdict v = { .ruling = RULE_PASS };
    struct record *r = NULL;
    if (in && p->watch != NULL) {
        w->news++;
        if (p->watch(p->watch_ctx, d))
            pass(p, NULL, d, in);
        return;
    }
    if (!p->no_records)
        r = peer_keep(p, record_new(p->e, d, in, world_now(w), &w->scratch));
    if (r == NULL) {
        pass(p, NULL, d, in);
        return;
    }
    if (w->hooks.filter != NULL && !w->failed) {
        bool outer = w->in_hook;
        w->in_hook = true; /* this datagram comes before what the script makes engines say */
        if (!w->hooks.filter(w->hooks.ctx, p, r, &v))
            w->failed = true;
        w->in_hook = outer;
    }
    apply(p, r, &v);
}

bool peer_release(struct peer *p, uint32_t n)
{
    for (size_t i = 0; i < p->num_held; i++) {
        if (p->held[i].n != n)
            continue;
        struct record *r = peer_record(p, n);
        p->num_held--;
        for (size_t k = i; k < p->num_held; k++)
            p->held[k] = p->held[k + 1];
        r->fate = FATE_DELAYED;
        struct ike_dgram d = r->d;
        pass(p, r, &d, r->in);
        return true;
    }
    return false;
}

static void send_all(struct peer *p)
{
    struct ike_dgram out;
    p->inside++;
    for (unsigned i = 0; i < OUT_PER_FLUSH && !p->w->failed && ike_drain(p->e, &out); i++) {
        p->inside--;
        uint8_t *copy = p->no_records ? malloc(out.len + 1) : NULL;
        if (copy != NULL) { /* without a record nobody else keeps the octets */
            memcpy(copy, out.p, out.len);
            out.p = copy;
        }
        handle(p, &out, false);
        free(copy);
        p->inside++;
    }
    p->inside--;
}

static void flush_peer(struct peer *p)
{
    do
        send_all(p);
    while (peer_take_events(p));
}

void world_flush(struct world *w)
{
    if (w->in_hook)
        return;
    for (struct peer *p = w->peers; p != NULL; p = p->next)
        if (p->inside == 0)
            flush_peer(p);
}

/* --- time
 * -------------------------------------------------------------------------------------------- */

static bool deliver_one(struct world *w, usec_t now)
{
    struct parcel late;
    struct arrival a;
    if (queue_pop(&w->later, now, &late)) {
        struct peer *p = late.owner;
        pass(p, peer_record(p, late.record), &late.d, late.in);
        free(late.bytes);
        return true;
    }
    if (!w->t->ops->recv(w->t, now, &a))
        return false;
    handle(a.owner, &a.d, true);
    return true;
}

static bool tick_due(struct world *w, usec_t now)
{
    bool any = false;
    for (struct peer *p = w->peers; p != NULL; p = p->next) {
        if (ike_deadline(p->e) > now)
            continue;
        p->inside++;
        ike_tick(p->e, now);
        p->inside--;
        any = true;
    }
    return any;
}

static usec_t earlier(usec_t a, usec_t b)
{
    return a < b ? a : b;
}

static usec_t next_due(const struct world *w)
{
    usec_t next = earlier(w->t->ops->due(w->t), queue_due(&w->later));
    for (const struct peer *p = w->peers; p != NULL; p = p->next)
        next = earlier(next, ike_deadline(p->e));
    return next;
}

static void wait_real(struct world *w, usec_t now, usec_t until)
{
    struct pollfd fds[MAX_FDS];
    usec_t us = until > now ? until - now : 0;
    if (w->hooks.idle != NULL) {
        us = earlier(us, IDLE_SLICE_US);
        w->hooks.idle(w->hooks.ctx);
    }
    struct timespec ts = { .tv_sec = (time_t)(us / USEC_PER_S),
                           .tv_nsec = (long)(us % USEC_PER_S) * 1000 };
    nfds_t n = (nfds_t)w->t->ops->fds(w->t, fds, MAX_FDS);
    (void)ppoll(fds, n, &ts, NULL); /* a signal ends the wait; the loop looks at its flag */
}

static enum ending run(struct world *w, usec_t until, bool stop_on_news)
{
    usec_t instant = TIME_NEVER;
    unsigned steps = 0, done = 0;
    for (;;) {
        world_flush(w);
        usec_t now = world_now(w);
        if (w->failed)
            return END_FAILED;
        if (w->interrupted != NULL && *w->interrupted)
            return END_INTERRUPTED;
        if (stop_on_news && w->news != w->seen) {
            w->seen = w->news;
            return END_NEWS;
        }
        steps = w->is_virtual && now == instant ? steps + 1 : 0;
        instant = now;
        if (steps > STEPS_PER_INSTANT)
            return END_STUCK;
        /* A busy real link must not hold us past our time; what is there already counts. */
        if (!w->is_virtual && now >= until && done > (stop_on_news ? OUT_PER_FLUSH : 0))
            return END_TIME;
        if (deliver_one(w, now) || tick_due(w, now)) {
            done++;
            continue;
        }
        if (now >= until)
            return END_TIME;
        usec_t next = earlier(next_due(w), until);
        if (w->is_virtual)
            w->now = next;
        else
            wait_real(w, now, next);
    }
}

enum ending world_run(struct world *w, usec_t us, bool stop_on_news)
{
    usec_t now = world_now(w);
    usec_t until = us < TIME_NEVER - now ? now + us : TIME_NEVER - 1;
    if (w->running)
        return END_STUCK;
    w->running = true;
    enum ending e = run(w, until, stop_on_news);
    w->running = false;
    return e;
}

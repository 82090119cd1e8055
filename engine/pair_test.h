/* pair_test.h - two engines in one process over a virtual wire: what the engine's tests share. */
#ifndef ENGINE_PAIR_TEST_H
#define ENGINE_PAIR_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "engine/wire/print.h"

enum { A, B };

struct pair {
    struct ike_engine *e[2];
    struct seeded_rng *rng[2];
    usec_t now;
    unsigned events[2][32]; /* how many of each kind */
    uint32_t last_sa[2];    /* of the last IKE_UP or IKE_REKEYED */
    size_t num_sent;        /* datagrams that crossed */
    bool (*lose)(struct pair *p, int from, const struct ike_dgram *d);
    char chain[64][400];    /* one line per datagram, opened */
    size_t len[64];
    bool show, quiet;       /* quiet: events are left for the test to read */
    void (*event)(struct pair *p, int who, const struct ike_event *ev);
};

static inline struct ike_proposal prop(const uint16_t *t)
{
    struct ike_proposal p = { 0 };
    for (; t[0] != 0; t += 3)
        p.t[p.num++] = (struct ike_transform){ (uint8_t)t[0], t[1], t[2] };
    return p;
}

#define PROP(...) prop((const uint16_t[]){ __VA_ARGS__, 0 })

static inline struct ike_selector range4(const char *lo, const char *hi)
{
    struct ike_selector s = { .type = TS_IPV4_ADDR_RANGE, .port_hi = 65535 };
    struct addr a;
    assert_true(addr_parse(lo, &a));
    memcpy(s.lo, a.ip, 4);
    assert_true(addr_parse(hi, &a));
    memcpy(s.hi, a.ip, 4);
    return s;
}

/* The connection of one side; change what a test wants before pair_conn(). */
struct side {
    struct ike_conn c;
    struct ike_proposal ike[4], esp[4];
    struct ike_selector local, remote;
};

static inline void side_init(struct side *s, int who)
{
    *s = (struct side){ 0 };
    s->ike[0] = PROP(TRANSFORM_ENCR, ENCR_AES_GCM_16, 256, TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0,
                     TRANSFORM_KE, GROUP_CURVE25519, 0);
    s->esp[0] = PROP(TRANSFORM_ENCR, ENCR_AES_GCM_16, 256, TRANSFORM_ESN, ESN_NO, 0);
    s->local = who == A ? range4("10.1.0.0", "10.1.0.255") : range4("10.2.0.0", "10.2.0.255");
    s->remote = who == A ? range4("10.2.0.0", "10.2.0.255") : range4("10.1.0.0", "10.1.0.255");
    s->c = (struct ike_conn){ .name = "t", .num_ike = 1, .num_esp = 1, .num_ts_local = 1,
                              .num_ts_remote = 1, .echo = true, .fragmentation = true };
    assert_true(addr_parse(who == A ? "192.0.2.1" : "192.0.2.2", &s->c.local));
    assert_true(addr_parse(who == A ? "192.0.2.2" : "192.0.2.1", &s->c.remote));
    s->c.id_local = (struct ike_id){ ID_FQDN, span_str(who == A ? "a.lab" : "b.lab") };
    s->c.id_remote = (struct ike_id){ ID_FQDN, span_str(who == A ? "b.lab" : "a.lab") };
    s->c.psk_local = span_str("lab-psk-0123456789");
}

static inline void pair_conn(struct pair *p, int who, struct side *s)
{
    struct fault why = { 0 };
    char text[200];
    s->c.ike = s->ike;
    s->c.esp = s->esp;
    s->c.ts_local = &s->local;
    s->c.ts_remote = &s->remote;
    if (ike_add_conn(p->e[who], &s->c, &why) != ERR_OK) {
        fault_text(&why, text, sizeof text);
        fail_msg("connection: %s", text);
    }
}

static inline struct pair *pair_new(struct ike_config *ca, struct ike_config *cb)
{
    struct pair *p = calloc(1, sizeof *p);
    struct ike_config honest = { .cookie_never = true, .trace = true, .keep_dead = true };
    p->now = 1000;
    p->show = getenv("SHOW") != NULL;
    for (int i = 0; i < 2; i++) {
        struct ike_config c = i == A ? (ca ? *ca : honest) : (cb ? *cb : honest);
        assert_int_equal(seeded_rng_new(&p->rng[i], 7, i == A ? "a" : "b"), ERR_OK);
        c.rng = seeded_rng_handle(p->rng[i]);
        assert_int_equal(ike_new(&p->e[i], &c), ERR_OK);
    }
    return p;
}

static inline void pair_free(struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        ike_free(p->e[i]);
        seeded_rng_free(p->rng[i]);
    }
    free(p);
}

static inline void pair_honest(struct pair *p)
{
    struct side a, b;
    side_init(&a, A);
    side_init(&b, B);
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
}

static inline void pair_events(struct pair *p, int who)
{
    struct ike_event ev;
    while (!p->quiet && ike_next_event(p->e[who], &ev)) {
        p->events[who][ev.kind]++;
        if (ev.kind == IKE_EV_IKE_UP || ev.kind == IKE_EV_IKE_REKEYED)
            p->last_sa[who] = ev.sa;
        if (p->event != NULL)
            p->event(p, who, &ev);
        if (p->show)
            printf("%c %8.3f kind %d sa %u num %u %s\n", "AB"[who], (double)ev.at / 1e6, ev.kind,
                   ev.sa, ev.num, ev.text);
    }
}

static inline void note(struct pair *p, int from, const struct ike_dgram *d)
{
    static uint8_t store[256 * 1024];
    struct arena a = arena_init(store, sizeof store);
    struct message m = { 0 };
    struct fault why;
    size_t i = p->num_sent++ % 64;
    enum err rc = ike_open(p->e[from], d, true, &a, &m, &why);
    if (rc == ERR_OK || rc == ERR_FRAGMENT)
        print_line(&m, p->chain[i], sizeof p->chain[i]);
    else
        snprintf(p->chain[i], sizeof p->chain[i], "(%s)", err_name(rc));
    p->len[i] = d->len;
    if (p->show)
        printf("%c > %s  %zu\n", "AB"[from], p->chain[i], d->len);
}

/* Carries everything that waits, both ways, until both are silent. */
static inline void pair_settle(struct pair *p)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < 2; i++) {
            struct ike_dgram d, in;
            while (ike_drain(p->e[i], &d)) {
                moved = true;
                note(p, i, &d);
                if (p->lose != NULL && p->lose(p, i, &d))
                    continue;
                in = d;
                in.local = d.remote;
                in.remote = d.local;
                uint8_t *copy = malloc(d.len + 1);
                memcpy(copy, d.p, d.len);
                in.p = copy;
                if (ike_feed(p->e[!i], &in, p->now, NULL) != ERR_OK) {
                } /* what it thinks of it shows in its events */
                free(copy);
                pair_events(p, !i);
            }
            pair_events(p, i);
        }
    }
}

/* Lets time pass, with every deadline met on the way. */
static inline void pair_wait(struct pair *p, usec_t us)
{
    usec_t end = p->now + us;
    pair_settle(p);
    for (;;) {
        usec_t t = ike_deadline(p->e[A]), u = ike_deadline(p->e[B]);
        if (u < t)
            t = u;
        if (t > end)
            break;
        if (t > p->now)
            p->now = t;
        ike_tick(p->e[A], p->now);
        ike_tick(p->e[B], p->now);
        pair_settle(p);
    }
    p->now = end;
}

static inline uint32_t pair_up(struct pair *p)
{
    struct fault why = { 0 };
    uint32_t sa = 0;
    assert_int_equal(ike_initiate(p->e[A], "t", 0, p->now, &sa, &why), ERR_OK);
    pair_settle(p);
    return sa;
}

static inline void do_ok(struct pair *p, int who, uint32_t sa, enum ike_do what, const struct ike_args *a)
{
    struct fault why = { 0 };
    enum err rc = ike_command(p->e[who], sa, what, a, p->now, &why);
    if (rc != ERR_OK)
        fail_msg("command %d: %s %s", what, err_name(rc), why.field ? why.field : "");
}

static inline struct ike_sa_info info_of(struct pair *p, int who, uint32_t sa)
{
    struct ike_sa_info i = { 0 };
    assert_true(ike_sa_get(p->e[who], sa, &i));
    return i;
}

#endif

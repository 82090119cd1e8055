/* cross_test.c - both ends act at once: every pair of exchanges, each datagram lost, late or doubled
 * in turn, and both ends must come to hold the same SAs (RFC 7296 2.8, 2.25). */
#include "engine/esp/inner.h"
#include "engine/pair_test.h"

#define LATENCY (10 * USEC_PER_MS)
#define MAX_FLIGHT 256

/* A wire with latency. What happens to the n-th datagram after the start is the trial's matter. */
struct flight {
    usec_t at;
    int to;
    struct ike_dgram d;
    uint8_t *octets;
    bool gone;
};

enum mishap { NONE, LOST, LATE, DOUBLED, TWO_LOST, NUM_MISHAPS };

struct trial {
    enum ike_do what[2];
    usec_t lag; /* B begins so much later */
    enum nonce_bias bias[2];
    enum mishap mishap;
    unsigned which;
    uint32_t window;
    bool keep_dead;
};

struct wire {
    struct pair *p;
    struct trial t;
    struct flight f[MAX_FLIGHT];
    size_t num;
    unsigned sent; /* datagrams since the start */
    bool started, storm;
};

static uint32_t dice(uint32_t n);

static void fly(struct wire *w, int from, const struct ike_dgram *d, usec_t at)
{
    assert_true(w->num < MAX_FLIGHT);
    struct flight *f = &w->f[w->num++];
    *f = (struct flight){ .at = at, .to = !from, .d = *d, .octets = malloc(d->len + 1) };
    memcpy(f->octets, d->p, d->len);
    f->d.p = f->octets;
    f->d.local = d->remote;
    f->d.remote = d->local;
}

static void launch(struct wire *w, int from, const struct ike_dgram *d)
{
    unsigned n = w->started ? w->sent++ : UINT32_MAX;
    usec_t at = w->p->now + LATENCY;
    if (w->storm && w->started && dice(4) == 0) {
        switch (dice(3)) {
        case 0: return;
        case 1: fly(w, from, d, at + dice(2000) * USEC_PER_MS); break;
        default: at += dice(2000) * USEC_PER_MS;
        }
    }
    bool hit = n == w->t.which || (w->t.mishap == TWO_LOST && n == w->t.which + 1);
    if (w->p->show)
        note(w->p, from, d);
    if (hit && (w->t.mishap == LOST || w->t.mishap == TWO_LOST))
        return;
    if (hit && w->t.mishap == LATE)
        at += 3 * USEC_PER_S;
    fly(w, from, d, at);
    if (w->started && w->t.mishap == DOUBLED)
        fly(w, from, d, at + (w->t.which & 1 ? 300 * USEC_PER_MS : 0));
}

static void pump(struct wire *w)
{
    for (int i = 0; i < 2; i++) {
        struct ike_dgram d;
        pair_events(w->p, i);
        while (ike_drain(w->p->e[i], &d))
            launch(w, i, &d);
    }
}

/* The earliest in flight, the one sent first among equals. */
static size_t next_flight(const struct wire *w)
{
    size_t best = w->num;
    for (size_t i = 0; i < w->num; i++)
        if (best == w->num || w->f[i].at < w->f[best].at)
            best = i;
    return best;
}

static void land(struct wire *w, size_t i)
{
    struct flight f = w->f[i];
    memmove(&w->f[i], &w->f[i + 1], (--w->num - i) * sizeof w->f[0]);
    if (ike_feed(w->p->e[f.to], &f.d, w->p->now, NULL) != ERR_OK) {
    } /* it shows in the events */
    free(f.octets);
}

static void pass(struct wire *w, usec_t us)
{
    usec_t end = w->p->now + us;
    pump(w);
    for (;;) {
        usec_t t = ike_deadline(w->p->e[A]), u = ike_deadline(w->p->e[B]);
        size_t n = next_flight(w);
        if (u < t)
            t = u;
        if (n < w->num && w->f[n].at <= t) {
            if (w->f[n].at > end)
                break;
            w->p->now = w->f[n].at > w->p->now ? w->f[n].at : w->p->now;
            land(w, n);
        } else {
            if (t > end)
                break;
            w->p->now = t > w->p->now ? t : w->p->now;
            ike_tick(w->p->e[A], w->p->now);
            ike_tick(w->p->e[B], w->p->now);
        }
        pump(w);
    }
    w->p->now = end;
}

/* --- what must be true in the end -------------------------------------------------------------- */

static const struct ike_child_info *twin(const struct ike_sa_info *sa,
                                         const struct ike_child_info *c)
{
    for (size_t i = 0; i < sa->num_children; i++)
        if (sa->child[i].spi_in == c->spi_out && sa->child[i].spi_out == c->spi_in)
            return &sa->child[i];
    return NULL;
}

static bool find_sa(struct pair *p, int who, uint64_t spi_i, uint64_t spi_r,
                    struct ike_sa_info *out)
{
    for (size_t k = 0; ike_sa_at(p->e[who], k, out); k++)
        if (!out->dead && out->spi_i == spi_i && out->spi_r == spi_r)
            return true;
    return false;
}

static const char *check_end(struct pair *p, int who, unsigned *sas, unsigned *children)
{
    struct ike_sa_info i, o;
    *sas = *children = 0;
    for (size_t k = 0; ike_sa_at(p->e[who], k, &i); k++) {
        if (i.dead)
            continue;
        ++*sas;
        if (i.outstanding + i.queued != 0)
            return "something is outstanding";
        if (!find_sa(p, !who, i.spi_i, i.spi_r, &o))
            return "an IKE SA that only one end has";
        if (i.next_request != o.next_expected)
            return "message ids that do not meet";
        for (size_t c = 0; c < i.num_children; c++) {
            ++*children;
            if (twin(&o, &i.child[c]) == NULL)
                return "a Child SA that only one end has";
            if (!i.child[c].live)
                return "a Child SA that nobody closes";
        }
    }
    return NULL;
}

static bool echo_flows(struct wire *w, int who)
{
    uint8_t buf[256];
    struct pair *p = w->p;
    struct writer wr = wr_init(buf, sizeof buf);
    struct addr src, dst;
    struct ike_sa_info i;
    unsigned before = p->events[who][IKE_EV_INNER];
    assert_true(addr_parse(who == A ? "10.1.0.1" : "10.2.0.1", &src));
    assert_true(addr_parse(who == A ? "10.2.0.1" : "10.1.0.1", &dst));
    assert_int_equal(inner_echo(&wr, &src, &dst, false, 7, 1, span_str("ping")), ERR_OK);
    for (size_t k = 0; ike_sa_at(p->e[who], k, &i); k++)
        if (!i.dead && i.num_children > 0) {
            if (ike_esp_send(p->e[who], i.id, 0, wr_done(&wr), NEXT_IPV4, NULL, NULL) != ERR_OK)
                return false;
            pass(w, 2 * LATENCY);
            return p->events[who][IKE_EV_INNER] == before + 1;
        }
    return false;
}

static unsigned times(const struct trial *t, enum ike_do what)
{
    return (t->what[A] == what) + (t->what[B] == what);
}

/* How many Child SAs are to be left: the first one unless somebody deletes it, and new ones. A new
 * Child SA that meets the rekey of the IKE SA is put off, not lost. A late Delete may name the SA
 * that was rekeyed just before. */
static bool children_right(const struct trial *t, unsigned num)
{
    unsigned want = (times(t, IKE_DO_DELETE_CHILD) == 0) + times(t, IKE_DO_NEW_CHILD);
    bool late = t->lag > 0 && t->what[A] == IKE_DO_REKEY_CHILD &&
                t->what[B] == IKE_DO_DELETE_CHILD;
    return num == want || (late && num == 1);
}

static const char *const names[] = {
    [IKE_DO_NEW_CHILD] = "new Child SA", [IKE_DO_REKEY_CHILD] = "rekey Child SA",
    [IKE_DO_REKEY_IKE] = "rekey IKE SA", [IKE_DO_DELETE_CHILD] = "delete Child SA",
    [IKE_DO_DELETE_IKE] = "delete IKE SA", [IKE_DO_LIVENESS] = "liveness",
};

static const char *judge_end(struct wire *w)
{
    unsigned sas[2], children[2];
    for (int i = 0; i < 2; i++) {
        const char *bad = check_end(w->p, i, &sas[i], &children[i]);
        if (bad != NULL)
            return bad;
    }
    bool gone = times(&w->t, IKE_DO_DELETE_IKE) > 0;
    bool late = w->t.lag > 0 && w->t.what[A] == IKE_DO_REKEY_IKE; /* only the old one is deleted */
    if (gone && late && sas[A] == 1 && sas[B] == 1)
        gone = false;
    if (sas[A] != !gone || sas[B] != !gone)
        return "wrong number of IKE SAs";
    if (gone)
        return NULL;
    if (!children_right(&w->t, children[A]))
        return "wrong number of Child SAs";
    if (children[A] > 0 && (!echo_flows(w, A) || !echo_flows(w, B)))
        return "no echo";
    return NULL;
}

static void begin(struct wire *w, int who, uint32_t sa, uint32_t child)
{
    enum ike_do what = w->t.what[who];
    bool about = what == IKE_DO_REKEY_CHILD || what == IKE_DO_DELETE_CHILD;
    struct ike_args args = { .child = about ? child : 0 };
    if (ike_command(w->p->e[who], sa, what, &args, w->p->now, NULL) != ERR_OK) {
        assert_true(w->t.lag > 0); /* the other end was faster */
        w->t.what[who] = IKE_DO_LIVENESS;
    }
    pump(w);
}

static unsigned failures, trials;

static void try(const struct trial *t)
{
    struct ike_config cfg = { .cookie_never = true, .keep_dead = t->keep_dead };
    struct wire w = { .p = pair_new(&cfg, &cfg), .t = *t };
    struct pair *p = w.p;
    for (int i = 0; i < 2; i++) {
        struct side s;
        side_init(&s, i);
        s.c.dpd_s = 40;
        s.c.window = t->window;
        pair_conn(p, i, &s);
    }
    uint32_t sa[2] = { 0 }, child[2] = { 0 };
    assert_int_equal(ike_initiate(p->e[A], "t", 0, p->now, &sa[A], NULL), ERR_OK);
    pass(&w, USEC_PER_S);
    for (int i = 0; i < 2; i++) {
        struct ike_sa_info info;
        assert_true(ike_sa_at(p->e[i], 0, &info) && info.established);
        sa[i] = info.id;
        child[i] = info.child[0].spi_in;
        ike_set_nonce_bias(p->e[i], t->bias[i]);
    }
    w.started = true;
    begin(&w, A, sa[A], child[A]);
    if (t->lag > 0)
        pass(&w, t->lag);
    begin(&w, B, sa[B], child[B]);
    pass(&w, 300 * USEC_PER_S);
    const char *bad = judge_end(&w);
    trials++;
    if (bad != NULL) {
        static const char *const words[] = { "nothing", "lost", "late", "doubled", "two lost" };
        failures++;
        print_error("%s | %s +%u ms, nonces %d %d, %s %u, window %u: %s\n", names[t->what[A]],
                    names[t->what[B]], (unsigned)(t->lag / USEC_PER_MS), t->bias[A], t->bias[B],
                    words[t->mishap], t->which, t->window, bad);
    }
    for (size_t i = 0; i < w.num; i++)
        free(w.f[i].octets);
    pair_free(p);
}

/* --- storms --------------------------------------------------------------------------------------- */

static uint32_t dice_state;

static uint32_t dice(uint32_t n)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (dice_state >> 8) % n;
}

static const enum ike_do menu[] = { IKE_DO_REKEY_IKE,    IKE_DO_REKEY_CHILD, IKE_DO_NEW_CHILD,
                                    IKE_DO_DELETE_CHILD, IKE_DO_DELETE_IKE,  IKE_DO_LIVENESS };
#define NUM_MENU (sizeof menu / sizeof menu[0])

/* One trial, given as numbers in TRIAL, to look at with SHOW=1. */
static bool chosen_trial(struct trial *t)
{
    const char *s = getenv("TRIAL");
    unsigned v[9];
    if (s == NULL || sscanf(s, "%u %u %u %u %u %u %u %u %u", &v[0], &v[1], &v[2], &v[3], &v[4],
                            &v[5], &v[6], &v[7], &v[8]) != 9)
        return false;
    *t = (struct trial){ .what = { menu[v[0]], menu[v[1]] }, .lag = v[2] * USEC_PER_MS,
                         .bias = { v[3], v[4] }, .mishap = v[5], .which = v[6], .window = v[7],
                         .keep_dead = v[8] };
    return true;
}

static void all_pairs(enum mishap mishap, unsigned num, uint32_t window)
{
    static const usec_t lags[] = { 0, 15 * USEC_PER_MS };
    static const enum nonce_bias bias[][2] = { { NONCE_LOWEST, NONCE_HIGHEST },
                                               { NONCE_HIGHEST, NONCE_LOWEST } };
    struct trial one;
    failures = 0;
    if (chosen_trial(&one)) {
        try(&one);
        return;
    }
    for (size_t a = 0; a < NUM_MENU; a++)
        for (size_t b = 0; b < NUM_MENU; b++)
            for (size_t l = 0; l < 2; l++)
                for (size_t n = 0; n < 2; n++)
                    for (unsigned which = 0; which < num; which++)
                        try(&(struct trial){ .what = { menu[a], menu[b] },
                                             .lag = lags[l],
                                             .bias = { bias[n][0], bias[n][1] },
                                             .mishap = mishap,
                                             .which = which,
                                             .window = window });
    assert_int_equal(failures, 0);
}

static void undisturbed(void **state)
{
    (void)state;
    all_pairs(NONE, 1, 0);
}

static void each_lost(void **state)
{
    (void)state;
    all_pairs(LOST, 8, 0);
}

static void two_lost(void **state)
{
    (void)state;
    all_pairs(TWO_LOST, 6, 0);
}

static void each_late(void **state)
{
    (void)state;
    all_pairs(LATE, 8, 0);
}

static void all_doubled(void **state)
{
    (void)state;
    all_pairs(DOUBLED, 2, 0);
}

static void wide_window(void **state)
{
    (void)state;
    all_pairs(NONE, 1, 5);
    all_pairs(LATE, 4, 5);
}

/* Whatever both ends do in whatever weather, they agree when it is over. */
static void storm(uint32_t seed, uint32_t window)
{
    struct ike_config cfg = { .cookie_never = true };
    struct wire w = { .p = pair_new(&cfg, &cfg), .storm = true };
    struct pair *p = w.p;
    dice_state = seed;
    for (int i = 0; i < 2; i++) {
        struct side s;
        side_init(&s, i);
        s.c.dpd_s = 40;
        s.c.window = window;
        s.c.retransmit_tries = 8;
        pair_conn(p, i, &s);
    }
    uint32_t sa;
    assert_int_equal(ike_initiate(p->e[A], "t", 0, p->now, &sa, NULL), ERR_OK);
    pass(&w, USEC_PER_S);
    w.started = true;
    w.t.which = UINT32_MAX - 8;
    for (unsigned k = 0; k < 8; k++) {
        int who = (int)dice(2);
        struct ike_sa_info i;
        for (size_t n = 0; ike_sa_at(p->e[who], n, &i); n++)
            if (!i.dead && i.established &&
                ike_command(p->e[who], i.id, menu[dice(8) == 0 ? 3 : dice(3)], NULL, p->now,
                            NULL) == ERR_OK)
                break;
        pass(&w, dice(3) * 7 * USEC_PER_MS);
    }
    pass(&w, 20 * USEC_PER_S);
    w.started = false;
    pass(&w, 600 * USEC_PER_S);
    unsigned sas[2], children[2];
    for (int i = 0; i < 2; i++) {
        const char *bad = check_end(p, i, &sas[i], &children[i]);
        if (bad == NULL && sas[i] != 1)
            bad = "wrong number of IKE SAs";
        if (bad != NULL) {
            failures++;
            print_error("seed %u, window %u: %s\n", seed, window, bad);
            break;
        }
    }
    for (size_t i = 0; i < w.num; i++)
        free(w.f[i].octets);
    pair_free(p);
}

static void storms(void **state)
{
    (void)state;
    failures = 0;
    const char *one = getenv("SEED");
    for (uint32_t seed = 1; seed <= 120; seed++)
        for (uint32_t window = 1; window <= 5; window += 4)
            if (one == NULL || strtoul(one, NULL, 0) == seed * 10 + window)
                storm(seed, window);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undisturbed), cmocka_unit_test(each_lost),   cmocka_unit_test(two_lost),
        cmocka_unit_test(each_late),   cmocka_unit_test(all_doubled), cmocka_unit_test(wide_window),
        cmocka_unit_test(storms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

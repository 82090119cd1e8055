/* window_test.c - message ids and windows: what is new, what is repeated, what must wait
 * (RFC 7296 2.1 to 2.3). */
#include "engine/pair_test.h"
#include "engine/sa/peer.h"

static struct ike_sa *up(struct pair **p, uint32_t window)
{
    *p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.c.window = window;
        pair_conn(*p, who, &s);
    }
    return ike_sa_by_id((*p)->e[A], pair_up(*p));
}

static void answer(struct ike_sa *sa, uint32_t mid)
{
    struct answered *a = window_file(sa, mid);
    assert_int_equal(packets_add(&a->out, span_str("response")), ERR_OK);
}

static void admits(void **state)
{
    (void)state;
    struct pair *p;
    struct ike_sa *sa = up(&p, 3); /* an initiator: the peer's first request is 0 */
    assert_int_equal(sa->in_next, 0);
    for (uint32_t mid = 0; mid < 3; mid++)
        assert_int_equal(window_admit(sa, mid), ADMIT_NEW);
    assert_int_equal(window_admit(sa, 3), ADMIT_OUTSIDE);
    assert_int_equal(window_admit(sa, UINT32_MAX), ADMIT_OUTSIDE);
    answer(sa, 2);
    answer(sa, 1);
    assert_int_equal(sa->in_next, 0); /* 0 is missing: the window stands */
    assert_int_equal(window_admit(sa, 2), ADMIT_REPEAT);
    assert_int_equal(window_admit(sa, 3), ADMIT_OUTSIDE);
    answer(sa, 0);
    assert_int_equal(sa->in_next, 3);
    assert_int_equal(window_admit(sa, 0), ADMIT_REPEAT);
    assert_int_equal(window_admit(sa, 5), ADMIT_NEW);
    assert_int_equal(window_admit(sa, 6), ADMIT_OUTSIDE);
    /* 2.3: responses are kept for one window of requests, not longer */
    answer(sa, 3);
    assert_int_equal(window_admit(sa, 0), ADMIT_OUTSIDE);
    assert_null(window_answered(sa, 0));
    assert_non_null(window_answered(sa, 1));
    pair_free(p);
}

static void kept_responses_are_bounded(void **state)
{
    (void)state;
    struct pair *p;
    struct ike_sa *sa = up(&p, 64);
    for (uint32_t mid = 0; mid < 1000; mid++)
        answer(sa, mid);
    size_t kept = 0;
    for (size_t i = 0; i < sa->num_answered; i++)
        kept += sa->answered[i].out.num;
    assert_int_equal(kept, 64);
    pair_free(p);
}

/* 2.2: an id is never used twice; the peer's ids do not wrap either. */
static void no_wrap_in(void **state)
{
    (void)state;
    struct pair *p;
    struct ike_sa *sa = up(&p, 2);
    sa->in_next = UINT32_MAX - 1;
    assert_int_equal(window_admit(sa, UINT32_MAX), ADMIT_NEW);
    assert_int_equal(window_admit(sa, 0), ADMIT_OUTSIDE);
    answer(sa, UINT32_MAX - 1);
    answer(sa, UINT32_MAX);
    assert_int_equal(window_admit(sa, UINT32_MAX), ADMIT_REPEAT);
    assert_int_equal(window_admit(sa, 0), ADMIT_OUTSIDE);
    assert_int_equal(window_admit(sa, 1), ADMIT_OUTSIDE);
    pair_free(p);
}

static void no_wrap_out(void **state)
{
    (void)state;
    struct pair *p;
    struct ike_sa *sa = up(&p, 1);
    struct ike_sa *peer = ike_sa_by_id(p->e[B], 1);
    uint32_t id = sa->id;
    sa->out_next = peer->in_next = UINT32_MAX - 1;
    do_ok(p, A, id, IKE_DO_LIVENESS, NULL);
    pair_settle(p);
    assert_int_equal(info_of(p, A, id).next_request, UINT32_MAX);
    assert_false(info_of(p, A, id).dead);
    do_ok(p, A, id, IKE_DO_LIVENESS, NULL);
    pair_settle(p);
    assert_true(info_of(p, A, id).dead);
    pair_free(p);
}

static bool lose_all(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    (void)from;
    (void)d;
    return true;
}

/* What was put off and goes out later is not the oldest, although it stands first. */
static void room_counts_from_the_lowest(void **state)
{
    (void)state;
    struct pair *p;
    struct ike_sa *sa = up(&p, 3);
    p->lose = lose_all;
    sa->window_peer = 3;
    struct exchange *late = exchange_new(sa, IKE_DO_LIVENESS, EXCHANGE_INFORMATIONAL, NULL);
    late->not_before = p->now + 1000;
    do_ok(p, A, sa->id, IKE_DO_LIVENESS, NULL);
    p->now += 2000;
    do_ok(p, A, sa->id, IKE_DO_LIVENESS, NULL); /* and `late` with it */
    assert_int_equal(info_of(p, A, sa->id).outstanding, 3);
    assert_false(window_has_room(sa));
    do_ok(p, A, sa->id, IKE_DO_LIVENESS, NULL);
    assert_int_equal(info_of(p, A, sa->id).outstanding, 3);
    assert_int_equal(info_of(p, A, sa->id).queued, 1);
    pair_free(p);
}

/* What is put off while the window is full must not be a deadline in the past: the owner would
 * spin. */
static void deadline_lies_ahead(void **state)
{
    (void)state;
    struct pair *p;
    struct ike_sa *sa = up(&p, 1);
    p->lose = lose_all;
    do_ok(p, A, sa->id, IKE_DO_LIVENESS, NULL);
    struct exchange *late = exchange_new(sa, IKE_DO_LIVENESS, EXCHANGE_INFORMATIONAL, NULL);
    late->not_before = p->now + 10;
    pair_settle(p);
    p->now += 20;
    ike_tick(p->e[A], p->now);
    assert_true(ike_deadline(p->e[A]) > p->now);
    pair_free(p);
}

/* With a window of five: the rekey of the IKE SA and work on its Child SAs wait for each other. */
static void children_wait_for_ike_rekey(void **state)
{
    (void)state;
    struct pair *p;
    struct ike_sa *sa = up(&p, 5);
    do_ok(p, A, sa->id, IKE_DO_REKEY_IKE, NULL);
    do_ok(p, A, sa->id, IKE_DO_REKEY_CHILD, NULL);
    do_ok(p, A, sa->id, IKE_DO_LIVENESS, NULL);
    assert_int_equal(info_of(p, A, sa->id).outstanding, 2);
    assert_int_equal(info_of(p, A, sa->id).queued, 1);
    pair_settle(p);
    assert_true(info_of(p, A, sa->id).dead);
    assert_int_equal(p->events[A][IKE_EV_CHILD_REKEYED],
                     1); /* under the new IKE SA, without a tick */
    pair_free(p);
}

/* More selectors than an exchange can hold are cut, not read from beyond. */
static void arguments_are_cut(void **state)
{
    (void)state;
    struct pair *p;
    struct ike_sa *sa = up(&p, 1);
    struct ike_selector many[40];
    for (size_t i = 0; i < 40; i++)
        many[i] = range4("10.1.0.0", "10.1.0.255");
    struct ike_args args = { .ts_i = many, .num_ts_i = 40, .ts_r = many, .num_ts_r = 40 };
    struct exchange *x = exchange_new(sa, IKE_DO_NEW_CHILD, EXCHANGE_CREATE_CHILD_SA, &args);
    assert_int_equal(x->args.num_ts_i, MAX_SELECTORS);
    assert_int_equal(x->args.num_ts_r, MAX_SELECTORS);
    exchange_free(sa, x);
    pair_free(p);
}

/* 2.1: a retransmission is the same octets, from and to the same ports. */
static struct ike_dgram first_copy;
static uint8_t first_octets[2048];
static unsigned num_copies;

static bool compare(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    if (from != A)
        return true;
    if (num_copies++ == 0) {
        first_copy = *d;
        memcpy(first_octets, d->p, d->len);
        assert_false(d->retransmit);
    } else {
        assert_true(d->retransmit);
        assert_int_equal(d->len, first_copy.len);
        assert_memory_equal(d->p, first_octets, d->len);
        assert_memory_equal(&d->local, &first_copy.local, sizeof d->local);
        assert_memory_equal(&d->remote, &first_copy.remote, sizeof d->remote);
    }
    return true;
}

static void retransmissions_are_identical(void **state)
{
    (void)state;
    struct pair *p;
    struct ike_sa *sa = up(&p, 1);
    static const enum ike_do what[] = { IKE_DO_LIVENESS, IKE_DO_REKEY_IKE, IKE_DO_NEW_CHILD };
    for (size_t i = 0; i < 3; i++) {
        num_copies = 0;
        p->lose = compare;
        do_ok(p, A, sa->id, what[i], NULL);
        pair_wait(p, 3 * USEC_PER_S);
        assert_int_equal(num_copies, 3); /* at 0, 0.5 and 1.5 s */
        p->lose = NULL;
        pair_wait(p, 10 * USEC_PER_S);
        sa = ike_sa_by_id(p->e[A], p->last_sa[A]);
    }
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(admits),
        cmocka_unit_test(kept_responses_are_bounded),
        cmocka_unit_test(no_wrap_in),
        cmocka_unit_test(no_wrap_out),
        cmocka_unit_test(room_counts_from_the_lowest),
        cmocka_unit_test(deadline_lies_ahead),
        cmocka_unit_test(children_wait_for_ike_rekey),
        cmocka_unit_test(arguments_are_cut),
        cmocka_unit_test(retransmissions_are_identical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

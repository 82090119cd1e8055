/* fragment_test.c - fragments in any order, twice, lying, and from nobody (RFC 7383 2.5, 2.6). */
#include "engine/pair_test.h"
#include "engine/sa/peer.h"

#define MAX_PIECES 64

static struct ike_dgram piece[MAX_PIECES];
static uint8_t octets[MAX_PIECES][2048];
static unsigned num_pieces;
static bool holding;

/* Holds what A sends, so that a test can deliver it as it likes. */
static bool hold(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    if (from != A || !holding)
        return false;
    assert_true(num_pieces < MAX_PIECES && d->len <= 2048);
    piece[num_pieces] = *d;
    piece[num_pieces].local = d->remote;
    piece[num_pieces].remote = d->local;
    memcpy(octets[num_pieces], d->p, d->len);
    piece[num_pieces].p = octets[num_pieces];
    num_pieces++;
    return true;
}

static struct ike_sa *b_of(struct pair *p)
{
    return ike_sa_by_id(p->e[B], 1);
}

/* A's request of several fragments, held. */
static struct pair *held(uint32_t *sa)
{
    struct pair *p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.c.fragment_size = 120;
        pair_conn(p, who, &s);
    }
    *sa = pair_up(p);
    num_pieces = 0;
    holding = true;
    p->lose = hold;
    do_ok(p, A, *sa, IKE_DO_REKEY_CHILD, NULL);
    pair_settle(p);
    assert_true(num_pieces >= 3);
    holding = false;
    return p;
}

static enum err deliver(struct pair *p, unsigned i)
{
    return ike_feed(p->e[B], &piece[i], p->now, NULL);
}

static void finished(struct pair *p, uint32_t sa)
{
    assert_null(b_of(p)->frags[0]);
    pair_settle(p);
    assert_int_equal(info_of(p, A, sa).outstanding, 0);
    assert_int_equal(info_of(p, A, sa).num_children, 1);
    assert_int_equal(info_of(p, B, 1).num_children, 1);
    pair_free(p);
}

static void any_order(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 3; first++) {
        uint32_t sa;
        struct pair *p = held(&sa);
        for (unsigned k = 0; k < num_pieces; k++) {
            unsigned i = (first + num_pieces - k) % num_pieces;
            enum err rc = deliver(p, i);
            assert_int_equal(rc, k + 1 < num_pieces ? ERR_FRAGMENT : ERR_OK);
        }
        finished(p, sa);
    }
}

static void doubled(void **state)
{
    (void)state;
    uint32_t sa;
    struct pair *p = held(&sa);
    for (unsigned k = 0; k < num_pieces; k++)
        for (unsigned n = 0; n < 3; n++) {
            bool last = k + 1 == num_pieces;
            enum err rc = deliver(p, k);
            assert_int_equal(rc, last ? ERR_OK : ERR_FRAGMENT);
        }
    finished(p, sa);
}

/* A fragment that does not verify changes nothing (2.6). */
static void forged(void **state)
{
    (void)state;
    uint32_t sa;
    struct pair *p = held(&sa);
    for (unsigned k = 0; k < num_pieces; k++) {
        octets[k][piece[k].len - 1] ^= 1;
        assert_int_equal(deliver(p, k), ERR_INTEGRITY);
        octets[k][piece[k].len - 1] ^= 1;
        enum err rc = deliver(p, k);
        assert_int_equal(rc, k + 1 < num_pieces ? ERR_FRAGMENT : ERR_OK);
    }
    finished(p, sa);
}

/* 2.6.1: of a whole repetition only the first fragment brings the response again. */
static void repeated(void **state)
{
    (void)state;
    uint32_t sa;
    struct pair *p = held(&sa);
    struct ike_dgram d;
    for (unsigned k = 0; k < num_pieces; k++)
        if (deliver(p, k) != ERR_OK) {
        }
    unsigned answers = 0;
    while (ike_drain(p->e[B], &d))
        answers++;
    for (unsigned k = num_pieces; k-- > 0;) {
        unsigned again = 0;
        assert_int_equal(deliver(p, k), ERR_OK);
        while (ike_drain(p->e[B], &d))
            again++;
        assert_int_equal(again, k == 0 ? answers : 0);
    }
    pair_wait(p, 2 * USEC_PER_S); /* A asks again and gets it */
    finished(p, sa);
}

/* Hostile numbers, from a peer that has the keys. */
static void lying(void **state)
{
    (void)state;
    static const uint16_t bad[][2] = { { 0, 3 }, { 4, 3 },   { 1, 0 },
                                       { 0, 0 }, { 1, 256 }, { 65535, 65535 } };
    static uint8_t store[65536];
    uint32_t sa;
    struct pair *p = held(&sa);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        assert_int_equal(msg_new(&m, &a, EXCHANGE_INFORMATIONAL, 0, 0, 0, 0), ERR_OK);
        struct ike_send how = { .fragment_size = 200,
                                .frag_number_set = true,
                                .frag_total_set = true,
                                .frag_number = bad[i][0],
                                .frag_total = bad[i][1],
                                .mid_set = true,
                                .mid = 2 };
        assert_int_equal(ike_send_tree(p->e[A], sa, &m, &how, p->now, NULL), ERR_OK);
        pair_settle(p);
        assert_null(b_of(p)->frags[0]);
    }
    for (unsigned k = 0; k < num_pieces; k++)
        if (deliver(p, k) != ERR_OK) {
        }
    finished(p, sa);
}

/* One fragment of a message of total, text octets long, as A would send it under id 2. */
static void one(struct pair *p, uint32_t sa, uint16_t number, uint16_t total, size_t text)
{
    static uint8_t store[300000], data[60000];
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    assert_int_equal(msg_new(&m, &a, EXCHANGE_INFORMATIONAL, 0, 0, 0, 0), ERR_OK);
    struct node *sk = payload_add(&m, m.hdr, PAYLOAD_SK);
    struct node *vid = payload_add(&m, sk, PAYLOAD_VID);
    assert_int_equal(node_set_bytes(&m, vid, VID_DATA, span_of(data, text)), ERR_OK);
    struct ike_send how = { .fragment_size = 65000,
                            .frag_number_set = true,
                            .frag_total_set = true,
                            .frag_number = number,
                            .frag_total = total,
                            .mid_set = true,
                            .mid = 2 };
    assert_int_equal(ike_send_tree(p->e[A], sa, &m, &how, p->now, NULL), ERR_OK);
    pair_settle(p);
}

/* 2.5.2, 2.6: a larger total starts anew, a smaller one is of an older attempt. What is collected
 * stays within one datagram. */
static void totals_and_bounds(void **state)
{
    (void)state;
    uint32_t sa;
    struct pair *p = held(&sa);
    one(p, sa, 1, 3, 100);
    assert_int_equal(b_of(p)->frags[0]->total, 3);
    one(p, sa, 2, 5, 100);
    assert_int_equal(b_of(p)->frags[0]->total, 5);
    assert_int_equal(b_of(p)->frags[0]->have, 1);
    one(p, sa, 3, 4, 100);
    assert_int_equal(b_of(p)->frags[0]->total, 5);
    assert_int_equal(b_of(p)->frags[0]->have, 1);
    for (uint16_t n = 3; n <= 5; n++)
        one(p, sa, n, 5, 50000);
    assert_true(b_of(p)->frags[0]->octets <= MAX_DATAGRAM);
    assert_int_equal(b_of(p)->frags[0]->have, 2);
    assert_false(b_of(p)->dead);
    for (unsigned k = 0; k < num_pieces; k++) /* the honest message, of more fragments or fewer */
        if (deliver(p, k) != ERR_OK) {
        }
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order), cmocka_unit_test(doubled), cmocka_unit_test(forged),
        cmocka_unit_test(repeated),  cmocka_unit_test(lying),   cmocka_unit_test(totals_and_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* hostile_test.c - what a hostile, broken or vanished peer cannot do: take memory without end,
 * leave traces of what was refused, be trusted without proof. */
#include "engine/esp/inner.h"
#include "engine/pair_test.h"
#include "engine/sa/peer.h"

static const struct ike_config plain = { .cookie_never = true };

static struct pair *pair_plain(void)
{
    struct ike_config a = plain, b = plain;
    return pair_new(&a, &b);
}

static struct ike_sa *sa_of(struct pair *p, int who, uint32_t id)
{
    struct ike_sa *sa = ike_sa_by_id(p->e[who], id);
    assert_non_null(sa);
    return sa;
}

/* Where a payload of that type begins in an unprotected message; 0 = it has none. */
static size_t payload_at(const uint8_t *b, size_t len, uint8_t type)
{
    uint8_t next = b[16];
    for (size_t at = HDR_LEN; next != 0 && at + 4 <= len; at += get_u16(b + at + 2)) {
        if (next == type)
            return at;
        next = b[at];
    }
    return 0;
}

/* --- IKE_SA_INIT responses that are no good ------------------------------------------------------
 */

static unsigned forged;

/* Before the good response, one from another port with a public value of zeros. */
static bool forge_response(struct pair *p, int from, const struct ike_dgram *d)
{
    if (from != B || forged++ > 0)
        return false;
    uint8_t b[2048];
    struct ike_dgram in = *d;
    assert_true(d->len < sizeof b);
    memcpy(b, d->p, d->len);
    size_t ke = payload_at(b, d->len, PAYLOAD_KE), nonce = payload_at(b, d->len, PAYLOAD_NONCE);
    assert_true(ke > 0 && nonce > 0);
    memset(b + ke + 8, 0, get_u16(b + ke + 2) - 8);
    b[nonce + 4] ^= 0xff;
    b[8] ^= 0xff; /* another SPI */
    in.p = b;
    in.local = d->remote;
    in.remote = d->local;
    in.remote.port = 4711; /* as if behind a NAT */
    assert_int_not_equal(ike_feed(p->e[A], &in, p->now, NULL), ERR_OK);
    struct ike_sa_info i = info_of(p, A, 1);
    assert_string_equal(i.state, "I_WAIT_INIT");
    assert_int_equal(i.spi_r, 0);
    assert_int_equal(i.local.port, 500);
    assert_int_equal(i.remote.port, 500);
    assert_false(i.floated || i.nat_local || i.nat_remote);
    assert_int_equal(i.outstanding, 1);
    assert_false(sa_of(p, A, 1)->frag);
    return false;
}

static void bad_init_response_leaves_no_trace(void **state)
{
    (void)state;
    struct pair *p = pair_plain();
    pair_honest(p);
    forged = 0;
    p->lose = forge_response;
    uint32_t sa = pair_up(p);
    assert_int_equal(forged, 2);
    struct ike_sa_info i = info_of(p, A, sa);
    assert_true(i.established);
    assert_false(i.floated);
    assert_int_equal(i.num_children, 1);
    pair_free(p);
}

/* --- half-open SAs
 * ---------------------------------------------------------------------------------- */

static uint32_t half_open(struct pair *p, int who)
{
    struct ike_counters c;
    ike_get_counters(p->e[who], &c);
    return c.half_open;
}

static bool only_init(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    (void)from;
    return d->len >= 20 && d->p[18] != EXCHANGE_IKE_SA_INIT;
}

static bool lose_answers(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    (void)d;
    return from == B;
}

/* Counted while they are half-open, once, whatever else is made or rekeyed meanwhile. */
static void half_open_is_counted(void **state)
{
    (void)state;
    struct pair *p = pair_plain();
    pair_honest(p);
    uint32_t good = pair_up(p);
    assert_int_equal(half_open(p, B), 0);
    p->lose = only_init;
    for (uint32_t k = 1; k <= 5; k++) {
        pair_up(p);
        assert_int_equal(half_open(p, B), k);
    }
    p->lose = NULL;
    do_ok(p, A, good, IKE_DO_REKEY_IKE, NULL); /* B makes an SA as responder: not a half-open one */
    pair_settle(p);
    assert_int_equal(half_open(p, B), 5);
    p->lose = lose_answers;
    pair_wait(p, 40 * USEC_PER_S);
    assert_int_equal(half_open(p, B), 0);
    pair_free(p);
}

/* A peer that comes, proves nothing and comes again leaves a bounded number of dead SAs. */
static void failed_peers_are_forgotten(void **state)
{
    (void)state;
    for (int keep = 0; keep < 2; keep++) {
        struct ike_config ca = plain, cb = plain;
        cb.keep_dead = keep;
        struct pair *p = pair_new(&ca, &cb);
        struct side a, b;
        side_init(&a, A);
        side_init(&b, B);
        a.c.psk_local = span_str("not the secret");
        pair_conn(p, A, &a);
        pair_conn(p, B, &b);
        for (unsigned k = 0; k < 2300; k++) {
            uint32_t sa = pair_up(p);
            ike_forget(p->e[A], sa);
        }
        struct ike_sa_info i;
        size_t num = 0;
        while (ike_sa_at(p->e[B], num, &i))
            num++;
        assert_in_range(num, 1, 2100);
        assert_int_equal(half_open(p, B), 0);
        if (!keep) {
            ike_tick(p->e[B], p->now + 60 * USEC_PER_S);
            assert_false(ike_sa_at(p->e[B], 0, &i));
        }
        pair_free(p);
    }
}

/* --- Child SAs
 * -------------------------------------------------------------------------------------- */

static size_t children_in_memory(const struct ike_sa *sa)
{
    size_t num = 0;
    for (const struct child_sa *c = sa->children; c != NULL; c = c->next)
        num++;
    return num;
}

static void rekeyed_children_are_freed(void **state)
{
    (void)state;
    struct pair *p = pair_plain();
    pair_honest(p);
    uint32_t sa = pair_up(p);
    for (int k = 0; k < 40; k++) {
        do_ok(p, A, sa, IKE_DO_REKEY_CHILD, NULL);
        pair_settle(p);
    }
    assert_in_range(children_in_memory(sa_of(p, A, sa)), 1, 2);
    assert_in_range(children_in_memory(sa_of(p, B, 1)), 1, 2);
    pair_free(p);
}

/* RFC 7296 1.3: refused with NO_ADDITIONAL_SAS, before anything is promised. */
static void too_many_children(void **state)
{
    (void)state;
    struct pair *p = pair_plain();
    pair_honest(p);
    uint32_t sa = pair_up(p);
    for (unsigned k = 1; k < MAX_CHILDREN; k++) {
        do_ok(p, A, sa, IKE_DO_NEW_CHILD, NULL);
        pair_settle(p);
    }
    struct ike_counters c;
    ike_get_counters(p->e[B], &c);
    assert_int_equal(c.children, MAX_CHILDREN);
    struct child_sa *last = sa_of(p, A, sa)->children;
    child_die(sa_of(p, A, sa), last); /* so that A itself has room */
    do_ok(p, A, sa, IKE_DO_NEW_CHILD, NULL);
    pair_settle(p);
    assert_non_null(strstr(p->chain[(p->num_sent - 1) % 64], "N(NO_ADDITIONAL_SAS)"));
    ike_get_counters(p->e[B], &c);
    assert_int_equal(c.children, MAX_CHILDREN);
    assert_false(info_of(p, A, sa).dead);
    pair_free(p);
}

/* B answers with wider selectors than it was asked for: A takes no such Child SA and tells B. */
static enum ike_tap_ruling widen(void *ctx, struct ike_tap_point *t)
{
    const uint8_t *exchange = ctx;
    if (!t->outbound || !t->response || t->station != TAP_TREE || t->exchange != *exchange)
        return TAP_PASS;
    struct node *ts = payload_find(msg_payloads(t->msg), PAYLOAD_TSr);
    static const uint8_t low[] = { 10, 2, 0, 0 };
    if (ts != NULL)
        assert_int_equal(node_set_bytes(t->msg, ts->child, SEL_ADDR_LO, span_of(low, 4)), ERR_OK);
    return TAP_PASS;
}

static void wider_than_asked(void **state)
{
    (void)state;
    static const uint8_t exchanges[] = { EXCHANGE_IKE_AUTH, EXCHANGE_CREATE_CHILD_SA };
    for (size_t k = 0; k < 2; k++) {
        struct pair *p = pair_plain();
        struct side a, b;
        side_init(&a, A);
        side_init(&b, B);
        a.remote = b.local = range4("10.2.0.7", "10.2.0.9");
        pair_conn(p, A, &a);
        pair_conn(p, B, &b);
        uint8_t exchange = exchanges[k];
        ike_set_tap(p->e[B], widen, &exchange);
        uint32_t sa = pair_up(p);
        if (exchange == EXCHANGE_CREATE_CHILD_SA) {
            do_ok(p, A, sa, IKE_DO_NEW_CHILD, NULL);
            pair_settle(p);
        }
        assert_true(info_of(p, A, sa).established);
        assert_int_equal(info_of(p, A, sa).num_children, k);
        assert_int_equal(info_of(p, B, 1).num_children, k);
        assert_int_equal(info_of(p, A, sa).outstanding + info_of(p, A, sa).queued, 0);
        pair_free(p);
    }
}

/* --- proof
 * ------------------------------------------------------------------------------------------ */

static void no_key_proves_nothing(void **state)
{
    (void)state;
    struct pair *p = pair_plain();
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.c.psk_local = s.c.psk_remote = (struct span){ 0 };
        pair_conn(p, who, &s);
    }
    uint32_t sa = pair_up(p);
    assert_false(info_of(p, A, sa).established);
    assert_int_equal(p->events[B][IKE_EV_IKE_UP], 0);
    pair_free(p);
}

/* An ID that a tap put in place on the way in lies elsewhere than its header. */
static enum ike_tap_ruling other_id(void *ctx, struct ike_tap_point *t)
{
    (void)ctx;
    if (t->outbound || t->station != TAP_TREE || t->exchange != EXCHANGE_IKE_AUTH || t->response)
        return TAP_PASS;
    struct node *id = payload_find(msg_payloads(t->msg), PAYLOAD_IDi);
    assert_non_null(id);
    assert_int_equal(node_set_num(t->msg, id, ID_TYPE, ID_FQDN), ERR_OK);
    assert_int_equal(node_set_bytes(t->msg, id, ID_DATA, span_str("a.lab")), ERR_OK);
    return TAP_PASS;
}

static void tapped_id(void **state)
{
    (void)state;
    struct pair *p = pair_plain();
    pair_honest(p);
    ike_set_tap(p->e[B], other_id, NULL);
    uint32_t sa = pair_up(p);
    assert_true(info_of(p, A, sa).established); /* the same octets as A signed */
    struct ike_sa *b = sa_of(p, B, 1);
    assert_int_equal(b->peer_id.len, 4 + 5);
    assert_memory_equal(b->peer_id.p + 4, "a.lab", 5);
    pair_free(p);
}

/* --- messages
 * ----------------------------------------------------------------------------------------- */

/* A's requests leave it broken: CREATE_CHILD_SA without nonce, INFORMATIONAL with a payload shorter
 * than its header. */
static enum ike_tap_ruling broken(void *ctx, struct ike_tap_point *t)
{
    (void)ctx;
    if (!t->outbound || t->response)
        return TAP_PASS;
    if (t->exchange == EXCHANGE_CREATE_CHILD_SA && t->station == TAP_TREE)
        assert_true(
            node_remove(msg_payloads(t->msg), payload_find(msg_payloads(t->msg), PAYLOAD_NONCE)));
    if (t->exchange == EXCHANGE_INFORMATIONAL && t->station == TAP_PLAIN)
        t->bytes[3] = 3;
    return TAP_PASS;
}

/* RFC 7296 2.21.3: INVALID_SYNTAX ends the IKE SA at the end that hears it, too, and at once. */
static void invalid_syntax_is_fatal_for_both(void **state)
{
    (void)state;
    static const enum ike_do acts[] = { IKE_DO_NEW_CHILD, IKE_DO_REKEY_CHILD, IKE_DO_REKEY_IKE,
                                        IKE_DO_INFO };
    static const uint8_t chain[8] = { 0, 0, 0, 8, 0, 0, 0x9c, 0x40 }; /* N(40000) */
    for (size_t k = 0; k < sizeof acts / sizeof acts[0]; k++)
        for (int bent = 0; bent < 2; bent++) {
            struct pair *p = pair_plain();
            struct ike_args args = { 0 };
            pair_honest(p);
            uint32_t sa = pair_up(p);
            ike_set_tap(p->e[A], broken, NULL);
            if (bent)
                ike_bend(p->e[A], REQ_INVALID_SYNTAX_FATAL, true);
            if (acts[k] == IKE_DO_INFO)
                args = (struct ike_args){ .first = PAYLOAD_NOTIFY,
                                          .payloads = span_of(chain, sizeof chain) };
            do_ok(p, A, sa, acts[k], &args);
            pair_settle(p);
            assert_non_null(strstr(p->chain[(p->num_sent - 1) % 64], "N(INVALID_SYNTAX)"));
            assert_true(info_of(p, B, 1).dead);
            assert_int_equal(info_of(p, A, sa).dead, !bent);
            assert_int_equal(info_of(p, A, sa).outstanding + info_of(p, A, sa).queued, 0);
            pair_free(p);
        }
}

/* Authentic, but of an exchange type that nobody knows: answered, so that the window moves on. */
static void unknown_exchange_is_answered(void **state)
{
    (void)state;
    static uint8_t store[16384];
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct pair *p = pair_plain();
    pair_honest(p);
    uint32_t sa = pair_up(p);
    assert_int_equal(msg_new(&m, &a, 99, 0, 0, 0, 0), ERR_OK);
    struct ike_send how = { .count = true };
    assert_int_equal(ike_send_tree(p->e[A], sa, &m, &how, p->now, NULL), ERR_OK);
    pair_settle(p);
    assert_false(info_of(p, B, 1).dead);
    do_ok(p, A, sa, IKE_DO_LIVENESS, NULL);
    pair_settle(p);
    assert_int_equal(info_of(p, A, sa).outstanding, 0);
    pair_free(p);
}

/* Fragments that never become whole do not outlive their SA. */
static void fragments_end_with_their_sa(void **state)
{
    (void)state;
    static uint8_t store[16384];
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct pair *p = pair_new(NULL, NULL); /* keeps dead SAs */
    pair_honest(p);
    uint32_t sa = pair_up(p);
    assert_int_equal(msg_new(&m, &a, EXCHANGE_INFORMATIONAL, 0, 0, 0, 0), ERR_OK);
    struct ike_send how = { .fragment_size = 200, .frag_total_set = true, .frag_total = 9 };
    assert_int_equal(ike_send_tree(p->e[A], sa, &m, &how, p->now, NULL), ERR_OK);
    pair_settle(p);
    struct ike_sa *b = sa_of(p, B, 1);
    assert_non_null(b->frags[0]);
    do_ok(p, B, 1, IKE_DO_DELETE_IKE, NULL);
    pair_settle(p);
    assert_true(b->dead);
    assert_null(b->frags[0]);
    pair_free(p);
}

/* The initiator refuses the responder's AUTH and says so; until that is answered it is going away.
 */
static bool lose_info(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    (void)from;
    return d->len >= 20 && d->p[18] == EXCHANGE_INFORMATIONAL;
}

static void refused_responder(void **state)
{
    (void)state;
    struct pair *p = pair_plain();
    struct side a, b;
    side_init(&a, A);
    side_init(&b, B);
    b.c.psk_local = span_str("not the secret");
    b.c.psk_remote = a.c.psk_local;
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
    p->lose = lose_info;
    uint32_t sa = pair_up(p);
    struct ike_sa_info i = info_of(p, A, sa);
    assert_string_equal(i.state, "DELETE");
    assert_false(i.established);
    assert_int_equal(i.outstanding, 1);
    p->lose = NULL;
    pair_wait(p, 2 * USEC_PER_S);
    assert_true(info_of(p, A, sa).dead);
    assert_true(info_of(p, B, 1).dead);
    pair_free(p);
}

/* --- evidence
 * --------------------------------------------------------------------------------------- */

static struct ike_dgram kept[64];
static uint8_t kept_octets[64][2048];
static unsigned num_kept;

static bool keep(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    if (from == A && num_kept < 64 && d->len <= 2048) {
        kept[num_kept] = *d;
        memcpy(kept_octets[num_kept], d->p, d->len);
        kept[num_kept].p = kept_octets[num_kept];
        num_kept++;
    }
    return false;
}

/* Whatever A sent can be opened after everything is deleted, ESP with extended numbers as well. */
static void dead_keys_open(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.esp[0].t[1].id = ESN_YES;
        pair_conn(p, who, &s);
    }
    num_kept = 0;
    p->lose = keep;
    uint32_t sa = pair_up(p);
    uint64_t high = 5ull << 32;
    sa_of(p, A, sa)->children->out.seq = high;
    sa_of(p, B, 1)->children->in.replay.top = high;
    uint8_t buf[2048];
    struct writer w = wr_init(buf, sizeof buf);
    struct addr src, dst;
    assert_true(addr_parse("10.1.0.1", &src));
    assert_true(addr_parse("10.2.0.1", &dst));
    assert_int_equal(inner_echo(&w, &src, &dst, false, 7, 1, span_str("ping")), ERR_OK);
    assert_int_equal(ike_esp_send(p->e[A], sa, 0, wr_done(&w), NEXT_IPV4, NULL, NULL), ERR_OK);
    pair_settle(p);
    assert_int_equal(p->events[A][IKE_EV_INNER], 1); /* the echo came back */
    do_ok(p, A, sa, IKE_DO_DELETE_IKE, NULL);
    pair_settle(p);
    assert_true(info_of(p, A, sa).dead && info_of(p, B, 1).dead);
    static uint8_t store[256 * 1024];
    unsigned esp = 0;
    for (unsigned i = 0; i < num_kept; i++) {
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        if (kept[i].protocol == 50) {
            struct esp_packet pkt;
            assert_int_equal(ike_esp_open(p->e[A], &kept[i], true, buf, sizeof buf, &pkt, NULL),
                             ERR_OK);
            assert_true(pkt.seq == high + 1);
            struct ike_dgram in = kept[i];
            assert_int_equal(ike_esp_open(p->e[B], &in, false, buf, sizeof buf, &pkt, NULL),
                             ERR_OK);
            esp++;
            continue;
        }
        assert_int_equal(ike_open(p->e[A], &kept[i], true, &a, &m, NULL), ERR_OK);
    }
    assert_int_equal(esp, 1);
    assert_true(num_kept >= 4);
    pair_free(p);
}

/* --- both ends begin at once
 * -------------------------------------------------------------------------- */

static void two_handshakes_cross(void **state)
{
    (void)state;
    struct pair *p = pair_plain();
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.c.dpd_s = 20;
        pair_conn(p, who, &s);
    }
    uint32_t sa[2];
    for (int who = 0; who < 2; who++)
        assert_int_equal(ike_initiate(p->e[who], "t", 0, p->now, &sa[who], NULL), ERR_OK);
    pair_wait(p, 200 * USEC_PER_S);
    struct ike_counters a, b;
    ike_get_counters(p->e[A], &a);
    ike_get_counters(p->e[B], &b);
    assert_in_range(a.sas, 1, 2);
    assert_int_equal(a.sas, b.sas);
    assert_int_equal(a.children, b.children);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_init_response_leaves_no_trace),
        cmocka_unit_test(half_open_is_counted),
        cmocka_unit_test(failed_peers_are_forgotten),
        cmocka_unit_test(rekeyed_children_are_freed),
        cmocka_unit_test(too_many_children),
        cmocka_unit_test(wider_than_asked),
        cmocka_unit_test(no_key_proves_nothing),
        cmocka_unit_test(tapped_id),
        cmocka_unit_test(invalid_syntax_is_fatal_for_both),
        cmocka_unit_test(unknown_exchange_is_answered),
        cmocka_unit_test(fragments_end_with_their_sa),
        cmocka_unit_test(refused_responder),
        cmocka_unit_test(dead_keys_open),
        cmocka_unit_test(two_handshakes_cross),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

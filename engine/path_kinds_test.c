/* path_kinds_test.c - the same life over other paths: IPv6, transport mode, ESP in UDP, extended
 * sequence numbers, padding that hides lengths. */
#include "engine/esp/inner.h"
#include "engine/pair_test.h"

static struct ike_selector range6(const char *lo, const char *hi)
{
    struct ike_selector s = { .type = TS_IPV6_ADDR_RANGE, .port_hi = 65535 };
    struct addr a;
    assert_true(addr_parse(lo, &a));
    memcpy(s.lo, a.ip, 16);
    assert_true(addr_parse(hi, &a));
    memcpy(s.hi, a.ip, 16);
    return s;
}

static struct span echo_packet(uint8_t *buf, size_t cap, bool v6)
{
    struct writer w = wr_init(buf, cap);
    struct addr src, dst;
    assert_true(addr_parse(v6 ? "2001:db8:1::1" : "10.1.0.1", &src));
    assert_true(addr_parse(v6 ? "2001:db8:2::1" : "10.2.0.1", &dst));
    assert_int_equal(inner_echo(&w, &src, &dst, false, 7, 1, span_str("ping")), ERR_OK);
    return wr_done(&w);
}

static bool echoes(struct pair *p, uint32_t sa, bool v6, const struct esp_bend *bend)
{
    uint8_t buf[256];
    unsigned before = p->events[A][IKE_EV_INNER];
    struct span packet = echo_packet(buf, sizeof buf, v6);
    assert_int_equal(ike_esp_send(p->e[A], sa, 0, packet, v6 ? NEXT_IPV6 : NEXT_IPV4, bend, NULL),
                     ERR_OK);
    pair_settle(p);
    return p->events[A][IKE_EV_INNER] == before + 1;
}

static void life(struct pair *p, bool v6)
{
    uint32_t sa = pair_up(p);
    assert_true(info_of(p, A, sa).established);
    assert_true(echoes(p, sa, v6, NULL));
    do_ok(p, A, sa, IKE_DO_REKEY_CHILD, NULL);
    pair_settle(p);
    assert_true(echoes(p, sa, v6, NULL));
    do_ok(p, B, p->last_sa[B], IKE_DO_REKEY_IKE, NULL);
    pair_settle(p);
    assert_true(echoes(p, p->last_sa[A], v6, NULL));
    assert_int_equal(info_of(p, A, p->last_sa[A]).num_children, 1);
    do_ok(p, A, p->last_sa[A], IKE_DO_DELETE_IKE, NULL);
    pair_settle(p);
    struct ike_counters a, b;
    ike_get_counters(p->e[A], &a);
    ike_get_counters(p->e[B], &b);
    assert_int_equal(a.sas + b.sas + a.children + b.children, 0);
}

static void ipv6(void **state)
{
    (void)state;
    struct ike_config cb = { .cookie_threshold = 0 };
    struct pair *p = pair_new(NULL, &cb);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        assert_true(addr_parse(who == A ? "2001:db8::1" : "2001:db8::2", &s.c.local));
        assert_true(addr_parse(who == A ? "2001:db8::2" : "2001:db8::1", &s.c.remote));
        s.local = who == A ? range6("2001:db8:1::", "2001:db8:1::ffff")
                           : range6("2001:db8:2::", "2001:db8:2::ffff");
        s.remote = who == A ? range6("2001:db8:2::", "2001:db8:2::ffff")
                            : range6("2001:db8:1::", "2001:db8:1::ffff");
        pair_conn(p, who, &s);
    }
    life(p, true);
    pair_free(p);
}

/* IPv4 inside, IPv6 outside, and a packet of the wrong family inside is refused. */
static void mixed_families(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        assert_true(addr_parse(who == A ? "2001:db8::1" : "2001:db8::2", &s.c.local));
        assert_true(addr_parse(who == A ? "2001:db8::2" : "2001:db8::1", &s.c.remote));
        pair_conn(p, who, &s);
    }
    uint32_t sa = pair_up(p);
    assert_true(echoes(p, sa, false, NULL));
    assert_false(echoes(p, sa, true, NULL));
    assert_int_equal(p->events[B][IKE_EV_ESP_DROPPED], 1);
    pair_free(p);
}

static void transport_mode(void **state)
{
    (void)state;
    for (int both = 0; both < 2; both++) {
        struct pair *p = pair_new(NULL, NULL);
        for (int who = 0; who < 2; who++) {
            struct side s;
            side_init(&s, who);
            s.local = who == A ? range4("192.0.2.1", "192.0.2.1") : range4("192.0.2.2", "192.0.2.2");
            s.remote = who == A ? range4("192.0.2.2", "192.0.2.2") : range4("192.0.2.1", "192.0.2.1");
            s.c.transport = who == A || both;
            pair_conn(p, who, &s);
        }
        uint32_t sa = pair_up(p);
        /* 1.3.1: when the responder does not agree, it is tunnel mode */
        assert_int_equal(info_of(p, A, sa).child[0].transport, both);
        assert_int_equal(info_of(p, B, 1).child[0].transport, both);
        do_ok(p, A, sa, IKE_DO_REKEY_CHILD, NULL);
        pair_settle(p);
        assert_int_equal(info_of(p, A, sa).child[0].transport, both);
        assert_int_equal(info_of(p, B, 1).child[0].transport, both);
        if (both) {
            static const uint8_t datagram[12] = { 0, 7, 0, 9, 0, 12, 0, 0, 'p', 'i', 'n', 'g' };
            assert_int_equal(ike_esp_send(p->e[A], sa, 0, span_of(datagram, sizeof datagram), 17,
                                          NULL, NULL), ERR_OK);
            pair_settle(p);
            assert_int_equal(p->events[B][IKE_EV_INNER], 1);
        }
        pair_free(p);
    }
}

static unsigned udp, raw;

static bool count_kinds(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    (void)from;
    if (d->protocol == 50)
        raw++;
    else if (d->local.port == 4500 && d->len > 4 && get_u32(d->p) != 0)
        udp++;
    return false;
}

static void esp_in_udp(void **state)
{
    (void)state;
    for (int natt = 0; natt < 2; natt++) {
        struct pair *p = pair_new(NULL, NULL);
        for (int who = 0; who < 2; who++) {
            struct side s;
            side_init(&s, who);
            s.c.force_natt = who == A && natt;
            s.esp[0].t[1].id = ESN_YES;
            pair_conn(p, who, &s);
        }
        udp = raw = 0;
        p->lose = count_kinds;
        life(p, false);
        assert_int_equal(udp, natt ? 6 : 0); /* three echoes and their answers */
        assert_int_equal(raw, natt ? 0 : 6);
        pair_free(p);
    }
}

/* RFC 4303 2.6, 2.7: dummies vanish, padding behind the inner packet is cut off. */
static void hidden_lengths(void **state)
{
    (void)state;
    static const uint16_t suites[][3] = { { ENCR_AES_GCM_16, 256, 0 },
                                          { ENCR_AES_CBC, 128, AUTH_HMAC_SHA2_256_128 },
                                          { ENCR_NULL, 0, AUTH_HMAC_SHA2_256_128 } };
    for (size_t i = 0; i < 3; i++) {
        struct pair *p = pair_new(NULL, NULL);
        for (int who = 0; who < 2; who++) {
            struct side s;
            side_init(&s, who);
            s.esp[0] = PROP(TRANSFORM_ENCR, suites[i][0], suites[i][1], TRANSFORM_ESN, ESN_NO, 0);
            if (suites[i][2] != 0)
                s.esp[0].t[s.esp[0].num++] = (struct ike_transform){ TRANSFORM_INTEG, suites[i][2],
                                                                     0 };
            pair_conn(p, who, &s);
        }
        uint32_t sa = pair_up(p);
        assert_true(echoes(p, sa, false, &(struct esp_bend){ .tfc = 300 }));
        unsigned before = p->events[B][IKE_EV_INNER], dropped = p->events[B][IKE_EV_ESP_DROPPED];
        assert_int_equal(ike_esp_send(p->e[A], sa, 0, span_str("nothing"), NEXT_DUMMY, NULL, NULL),
                         ERR_OK);
        assert_int_equal(ike_esp_send(p->e[A], sa, 0, (struct span){ 0 }, NEXT_DUMMY, NULL, NULL),
                         ERR_OK);
        pair_settle(p);
        assert_int_equal(p->events[B][IKE_EV_INNER], before);
        assert_int_equal(p->events[B][IKE_EV_ESP_DROPPED], dropped);
        assert_true(echoes(p, sa, false, NULL));
        pair_free(p);
    }
}

/* RFC 4303 3.3.3: the counter never wraps; what cannot be numbered is not sent. */
static void last_sequence_number(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    uint32_t sa = pair_up(p);
    uint8_t buf[256];
    struct span packet = echo_packet(buf, sizeof buf, false);
    struct esp_bend last = { .seq_set = true, .seq = UINT32_MAX };
    assert_true(echoes(p, sa, false, &last)); /* the number itself is good */
    struct ike_sa_info i = info_of(p, B, 1);
    assert_int_equal(i.child[0].seq_in, UINT32_MAX);
    assert_int_equal(ike_esp_send(p->e[A], sa, 0, packet, NEXT_IPV4, NULL, NULL), ERR_OK);
    pair_settle(p);
    assert_int_equal(p->events[B][IKE_EV_ESP_DROPPED], 1); /* far left of the window */
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv6),           cmocka_unit_test(mixed_families),
        cmocka_unit_test(transport_mode), cmocka_unit_test(esp_in_udp),
        cmocka_unit_test(hidden_lengths), cmocka_unit_test(last_sequence_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

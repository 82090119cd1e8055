/* datapath_test.c - the built-in device behind its Child SAs: the host that answers, transport mode,
 * fragments, dummies and TFC padding, keepalives, and SAs replaced before they are used up. */
#include "engine/esp/inner.h"
#include "engine/pair_test.h"

static struct addr at(const char *text)
{
    struct addr a;
    assert_true(addr_parse(text, &a));
    return a;
}

static struct pair *up(void (*change)(struct side *s, int who))
{
    struct pair *p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.c.echo = who == B;
        change(&s, who);
        pair_conn(p, who, &s);
    }
    uint32_t sa = pair_up(p);
    assert_true(info_of(p, A, sa).established);
    return p;
}

static void as_it_is(struct side *s, int who)
{
    (void)s, (void)who;
}

static unsigned answers(struct pair *p, uint8_t next, struct span inner)
{
    unsigned before = p->events[A][IKE_EV_INNER];
    assert_int_equal(ike_esp_send(p->e[A], 1, 0, inner, next, &(struct esp_bend){ 0 }, NULL),
                     ERR_OK);
    pair_settle(p);
    return p->events[A][IKE_EV_INNER] - before;
}

static struct span echo(uint8_t *buf, size_t cap, size_t payload)
{
    static uint8_t data[4000];
    struct writer w = wr_init(buf, cap);
    struct addr src = at("10.1.0.1"), dst = at("10.2.0.1");
    assert_int_equal(inner_echo(&w, &src, &dst, false, 7, 1, span_of(data, payload)), ERR_OK);
    return wr_done(&w);
}

static void host_answers(void **state)
{
    (void)state;
    uint8_t buf[5000];
    struct addr src = at("10.1.0.1:1000"), dst = at("10.2.0.1:9");
    struct pair *p = up(as_it_is);
    assert_int_equal(answers(p, NEXT_IPV4, echo(buf, sizeof buf, 4)), 1);
    assert_int_equal(answers(p, NEXT_IPV4, echo(buf, sizeof buf, 4000)), 1);
    assert_int_equal(answers(p, NEXT_IPV6, echo(buf, sizeof buf, 4)), 0); /* it is not IPv6 */
    assert_int_equal(answers(p, 1, span_part(echo(buf, sizeof buf, 4), 20, 5000)), 0);
    struct writer w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_tcp(&w, &src, &dst, TCP_SYN, 1, 0, span_str("data")), ERR_OK);
    assert_int_equal(answers(p, NEXT_IPV4, wr_done(&w)), 1);
    buf[w.len - 1] ^= 1; /* a wrong checksum */
    assert_int_equal(answers(p, NEXT_IPV4, wr_done(&w)), 0);
    w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_tcp(&w, &src, &dst, TCP_ACK, 1, 0, span_str("data")), ERR_OK);
    assert_int_equal(answers(p, NEXT_IPV4, wr_done(&w)), 0);
    pair_free(p);
}

static void fragments(void **state)
{
    (void)state;
    uint8_t buf[300], one[300], two[300];
    struct pair *p = up(as_it_is);
    struct span whole = echo(buf, sizeof buf, 200);
    struct writer a = wr_init(one, sizeof one), b = wr_init(two, sizeof two);
    assert_int_equal(inner_fragment(&a, whole, 0, 80), ERR_OK);
    assert_int_equal(inner_fragment(&b, whole, 80, 300), ERR_OK);
    assert_int_equal(answers(p, NEXT_IPV4, wr_done(&b)), 0);
    assert_int_equal(answers(p, NEXT_IPV4, wr_done(&a)), 1);
    pair_free(p);
}

static void certain_ports(struct side *s, int who)
{
    s->local.protocol = s->remote.protocol = 6;
    struct ike_selector *device = who == B ? &s->local : &s->remote;
    device->port_lo = device->port_hi = 9;
}

/* RFC 4301 7.3 */
static void fragments_need_agreement(void **state)
{
    (void)state;
    uint8_t buf[300], one[300], two[300];
    struct addr src = at("10.1.0.1:1000"), dst = at("10.2.0.1:9");
    static const uint8_t data[100];
    struct pair *p = up(certain_ports);
    struct writer w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_tcp(&w, &src, &dst, TCP_SYN, 1, 0, span_of(data, 100)), ERR_OK);
    assert_int_equal(answers(p, NEXT_IPV4, wr_done(&w)), 1);
    struct writer a = wr_init(one, sizeof one), b = wr_init(two, sizeof two);
    assert_int_equal(inner_fragment(&a, wr_done(&w), 0, 80), ERR_OK);
    assert_int_equal(inner_fragment(&b, wr_done(&w), 80, 300), ERR_OK);
    assert_int_equal(answers(p, NEXT_IPV4, wr_done(&a)), 0);
    assert_int_equal(answers(p, NEXT_IPV4, wr_done(&b)), 0);
    pair_free(p);
}

static void transport(struct side *s, int who)
{
    s->local = who == A ? range4("192.0.2.1", "192.0.2.1") : range4("192.0.2.2", "192.0.2.2");
    s->remote = who == B ? range4("192.0.2.1", "192.0.2.1") : range4("192.0.2.2", "192.0.2.2");
    s->c.transport = true;
    s->c.esp_tfc = 500; /* there is no inner length that could tell it from data */
}

static size_t esp_len[8], num_esp;
static uint16_t local_port[8];

static bool lengths(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    bool esp = d->protocol == 50 ||
               (d->local.port == IKE_PORT_NATT && d->len >= 4 && get_u32(d->p) != 0);
    if (from == B && (esp || d->len == 1) && num_esp < 8) {
        local_port[num_esp] = d->local.port;
        esp_len[num_esp++] = d->len;
    }
    return false;
}

static void transport_mode(void **state)
{
    (void)state;
    uint8_t buf[300];
    struct pair *p = up(transport);
    p->lose = lengths;
    num_esp = 0;
    assert_int_equal(answers(p, 1, span_part(echo(buf, sizeof buf, 16), 20, 300)), 1);
    assert_int_equal(num_esp, 1);
    assert_int_equal(esp_len[0], 8 + 8 + 24 + 2 + 2 + 16); /* the ICMP message alone */
    assert_int_equal(answers(p, NEXT_IPV4, echo(buf, sizeof buf, 16)), 0);
    pair_free(p);
}

static void hides(struct side *s, int who)
{
    s->c.esp_tfc = who == B ? 400 : 0;
    s->c.esp_dummies = who == B;
}

static void shows(struct side *s, int who)
{
    hides(s, who);
    s->c.tfc_not_supported = who == A;
}

static void tfc_and_dummies(void **state)
{
    (void)state;
    uint8_t buf[300];
    for (int refused = 0; refused < 2; refused++) {
        struct pair *p = up(refused ? shows : hides);
        p->lose = lengths;
        num_esp = 0;
        assert_int_equal(answers(p, NEXT_IPV4, echo(buf, sizeof buf, 16)), 1); /* dummies do not show */
        assert_int_equal(num_esp, 2);
        assert_int_equal(esp_len[0], 8 + 8 + (refused ? 44 : 400) + 2 + 2 + 16);
        assert_int_equal(esp_len[1], 8 + 8 + 24 + 2 + 2 + 16);
        pair_free(p);
    }
}

static void keepalives(void **state)
{
    (void)state;
    uint8_t buf[300];
    struct pair *p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.c.force_natt = true; /* each end takes itself for one behind a NAT */
        s.c.keepalive_s = who == B ? 20 : 0;
        pair_conn(p, who, &s);
    }
    uint32_t sa = pair_up(p);
    assert_true(info_of(p, B, 1).nat_local);
    p->lose = lengths;
    num_esp = 0;
    pair_wait(p, 15 * USEC_PER_S);
    assert_int_equal(answers(p, NEXT_IPV4, echo(buf, sizeof buf, 4)), 1);
    assert_int_equal(num_esp, 1); /* the answer */
    pair_wait(p, 19 * USEC_PER_S);
    assert_int_equal(num_esp, 1); /* it counts: nothing is needed yet */
    pair_wait(p, 2 * USEC_PER_S);
    assert_int_equal(num_esp, 2);
    assert_int_equal(esp_len[1], 1);
    assert_int_equal(local_port[1], IKE_PORT_NATT);
    pair_wait(p, 40 * USEC_PER_S);
    assert_int_equal(num_esp, 4);
    assert_true(info_of(p, A, sa).established);
    pair_free(p);
}

static void by_octets(struct side *s, int who)
{
    s->c.child_rekey_octets = who == B ? 1000 : 0;
}

static void by_number(struct side *s, int who)
{
    s->c.esp_start = who == B ? UINT32_MAX - 12 : 0;
}

static void replaced_in_time(void **state)
{
    (void)state;
    uint8_t buf[300];
    for (int number = 0; number < 2; number++) {
        struct pair *p = up(number ? by_number : by_octets);
        uint32_t spi = info_of(p, A, 1).child[0].spi_in;
        for (int i = 0; i < 3; i++) {
            assert_int_equal(answers(p, NEXT_IPV4, echo(buf, sizeof buf, 100)), 1);
            pair_wait(p, USEC_PER_S);
            assert_int_equal(info_of(p, A, 1).child[0].spi_in, spi);
        }
        assert_int_equal(answers(p, NEXT_IPV4, echo(buf, sizeof buf, 200)), 1);
        pair_wait(p, USEC_PER_S);
        assert_int_equal(info_of(p, A, 1).num_children, 1);
        assert_int_not_equal(info_of(p, A, 1).child[0].spi_in, spi);
        pair_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_answers),   cmocka_unit_test(fragments),
        cmocka_unit_test(transport_mode), cmocka_unit_test(fragments_need_agreement),
        cmocka_unit_test(keepalives),     cmocka_unit_test(tfc_and_dummies),
        cmocka_unit_test(replaced_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

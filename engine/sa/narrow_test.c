/* narrow_test.c - traffic selectors: read, intersected, compared, matched. */
#include "engine/pair_test.h"
#include "engine/sa/peer.h"

static struct ike_selector sel(const char *lo, const char *hi, uint8_t protocol, uint16_t port_lo,
                               uint16_t port_hi)
{
    struct addr a, b;
    assert_true(addr_parse(lo, &a));
    assert_true(addr_parse(hi, &b));
    struct ike_selector s = { .type = a.family == 6 ? TS_IPV6_ADDR_RANGE : TS_IPV4_ADDR_RANGE,
                              .protocol = protocol,
                              .port_lo = port_lo,
                              .port_hi = port_hi };
    memcpy(s.lo, a.ip, addr_len(&a));
    memcpy(s.hi, b.ip, addr_len(&b));
    return s;
}

static bool meets(struct ike_selector a, struct ike_selector b, struct ike_selector want)
{
    struct ike_selector out[1], back[1];
    if (selectors_intersect(&a, 1, &b, 1, out, 1) != 1 ||
        selectors_intersect(&b, 1, &a, 1, back, 1) != 1)
        return false;
    assert_memory_equal(out, back, sizeof out[0]); /* either way round */
    return memcmp(&out[0], &want, sizeof want) == 0;
}

static bool apart(struct ike_selector a, struct ike_selector b)
{
    struct ike_selector out[1];
    return selectors_intersect(&a, 1, &b, 1, out, 1) == 0 &&
           selectors_intersect(&b, 1, &a, 1, out, 1) == 0;
}

static void addresses(void **state)
{
    (void)state;
    assert_true(meets(sel("10.0.0.0", "10.0.0.99", 0, 0, 65535),
                      sel("10.0.0.50", "10.0.1.0", 0, 0, 65535),
                      sel("10.0.0.50", "10.0.0.99", 0, 0, 65535)));
    assert_true(meets(sel("2001:db8::", "2001:db8::ffff", 0, 0, 65535),
                      sel("2001:db8::7", "2001:db8::7", 0, 0, 65535),
                      sel("2001:db8::7", "2001:db8::7", 0, 0, 65535)));
    assert_true(apart(sel("10.0.0.0", "10.0.0.9", 0, 0, 65535),
                      sel("10.0.0.10", "10.0.0.20", 0, 0, 65535)));
    assert_true(apart(sel("0.0.0.0", "255.255.255.255", 0, 0, 65535),
                      sel("::", "ffff:ffff::", 0, 0, 65535)));
    /* a range that runs backwards holds nothing */
    assert_true(apart(sel("10.0.0.9", "10.0.0.1", 0, 0, 65535),
                      sel("10.0.0.0", "10.0.0.255", 0, 0, 65535)));
}

static void protocols_and_ports(void **state)
{
    (void)state;
    const char *a = "10.0.0.1";
    assert_true(meets(sel(a, a, 0, 0, 65535), sel(a, a, 17, 53, 53), sel(a, a, 17, 53, 53)));
    assert_true(meets(sel(a, a, 6, 10, 90), sel(a, a, 6, 80, 443), sel(a, a, 6, 80, 90)));
    assert_true(apart(sel(a, a, 6, 0, 65535), sel(a, a, 17, 0, 65535)));
    assert_true(apart(sel(a, a, 6, 1, 9), sel(a, a, 6, 10, 20)));
}

/* RFC 7296 3.13.1, RFC 4301 4.4.1.1: OPAQUE is 65535 to 0, and ANY includes it. */
static void opaque_ports(void **state)
{
    (void)state;
    const char *a = "10.0.0.1";
    struct addr one;
    struct ike_selector o = sel(a, a, 6, 65535, 0);
    assert_true(meets(o, o, o));
    assert_true(meets(o, sel(a, a, 6, 0, 65535), o));
    assert_true(apart(o, sel(a, a, 6, 80, 80)));
    assert_true(apart(sel(a, a, 6, 90, 80), sel(a, a, 6, 0, 65535))); /* just backwards */
    struct ike_selector any = sel(a, a, 6, 0, 65535);
    assert_true(selectors_within(&o, 1, &any, 1));
    assert_false(selectors_within(&any, 1, &o, 1));
    assert_true(addr_parse(a, &one));
    assert_false(selectors_match(&o, 1, &one, 6, 80));
}

/* 2.9: the packet's own selector may come first; what it lies in comes after. */
static void lists(void **state)
{
    (void)state;
    struct ike_selector asked[] = { sel("10.0.0.7", "10.0.0.7", 17, 53, 53),
                                    sel("10.0.0.0", "10.0.0.255", 0, 0, 65535),
                                    sel("10.0.0.8", "10.0.0.8", 0, 0, 65535) };
    struct ike_selector own[] = { sel("10.0.0.0", "10.0.0.127", 0, 0, 65535),
                                  sel("10.9.0.0", "10.9.0.1", 0, 0, 65535) };
    struct ike_selector out[8];
    assert_int_equal(selectors_intersect(asked, 3, own, 2, out, 8), 2);
    assert_memory_equal(&out[0], &asked[0], sizeof out[0]);
    assert_memory_equal(&out[1], &own[0], sizeof out[0]);
    assert_int_equal(selectors_intersect(asked, 3, own, 2, out, 1), 1); /* no more than fits */
    assert_true(selectors_within(out, 1, own, 2));
    assert_false(selectors_within(asked, 3, own, 2));
    assert_false(selectors_within(asked, 0, own, 2)); /* nothing is no part */
}

static void matching(void **state)
{
    (void)state;
    struct ike_selector s[] = { sel("10.0.0.1", "10.0.0.9", 17, 53, 53),
                                sel("2001:db8::1", "2001:db8::2", 0, 0, 65535) };
    struct addr a;
    assert_true(addr_parse("10.0.0.9", &a));
    assert_true(selectors_match(s, 2, &a, 17, 53));
    assert_false(selectors_match(s, 2, &a, 17, 54));
    assert_false(selectors_match(s, 2, &a, 6, 53));
    assert_true(addr_parse("10.0.0.10", &a));
    assert_false(selectors_match(s, 2, &a, 17, 53));
    assert_true(addr_parse("2001:db8::2", &a));
    assert_true(selectors_match(s, 2, &a, 58, 0));
    assert_true(addr_parse("2001:db8::3", &a));
    assert_false(selectors_match(s, 2, &a, 58, 0));
}

/* From the wire: unknown types are passed over, a missing payload is an empty list. */
static void reading(void **state)
{
    (void)state;
    static uint8_t store[16384];
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    static const uint8_t chain[] = {
        0,   0,  0, 40, 3, 0,  0, 0,                               /* three selectors */
        200, 0,  0, 16, 1, 2,  3, 4,  5,  6, 7, 8, 9,  10, 11, 12, /* unknown type */
        7,   17, 0, 16, 0, 53, 0, 53, 10, 0, 0, 1, 10, 0,  0,  9,
    };
    uint8_t two[sizeof chain];
    memcpy(two, chain, sizeof chain);
    two[4] = 2;
    assert_int_equal(msg_new(&m, &a, EXCHANGE_IKE_AUTH, 0, 1, 1, 2), ERR_OK);
    struct node *sk = payload_add(&m, m.hdr, PAYLOAD_SK);
    assert_int_equal(chain_decode(&m, sk, PAYLOAD_TSi, span_of(two, sizeof two), NULL), ERR_OK);
    struct ike_selector out[4];
    assert_int_equal(selectors_read(payload_find(sk, PAYLOAD_TSi), out, 4), 1);
    assert_int_equal(out[0].protocol, 17);
    assert_int_equal(out[0].port_hi, 53);
    assert_int_equal(out[0].hi[3], 9);
    assert_int_equal(selectors_read(payload_find(sk, PAYLOAD_TSi), out, 0), 0);
    assert_int_equal(selectors_read(NULL, out, 4), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),    cmocka_unit_test(protocols_and_ports),
        cmocka_unit_test(opaque_ports), cmocka_unit_test(lists),
        cmocka_unit_test(matching),     cmocka_unit_test(reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

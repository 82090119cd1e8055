/* queue_test.c - what leaves the engine: order kept, memory bounded, nothing lost on the way. */
#include "engine/pair_test.h"
#include "engine/sa/peer.h"

static struct ike_engine *engine(struct seeded_rng **rng)
{
    struct ike_engine *e;
    struct ike_config c = { 0 };
    assert_int_equal(seeded_rng_new(rng, 1, "queue"), ERR_OK);
    c.rng = seeded_rng_handle(*rng);
    assert_int_equal(ike_new(&e, &c), ERR_OK);
    return e;
}

/* Datagrams come out in the order in which they went in, however full the queue is in between. */
static void order(void **state)
{
    (void)state;
    struct seeded_rng *rng;
    struct ike_engine *e = engine(&rng);
    struct addr a = { .family = 4 };
    uint32_t in = 0, out = 0;
    for (unsigned round = 0; round < 2000; round++) {
        for (unsigned k = 0; k < round % 7 + 1; k++) {
            uint8_t b[4];
            put_u32(b, in++);
            assert_int_equal(out_push(e, &a, &a, 17, span_of(b, 4), 0, false), ERR_OK);
        }
        for (unsigned k = 0; k < round % 5 + 1 || (round == 1999 && out < in); k++) {
            struct ike_dgram d;
            if (!ike_drain(e, &d))
                break;
            assert_int_equal(d.len, 4);
            assert_int_equal(get_u32(d.p), out++);
        }
    }
    assert_int_equal(in, out);
    ike_free(e);
    seeded_rng_free(rng);
}

static void events_in_order(void **state)
{
    (void)state;
    struct seeded_rng *rng;
    struct ike_engine *e = engine(&rng);
    struct ike_event ev;
    uint32_t in = 0, out = 0;
    for (unsigned round = 0; round < 500; round++) {
        for (unsigned k = 0; k < 3; k++)
            event_add(e, IKE_EV_DONE, NULL)->num = in++;
        for (unsigned k = 0; k < 2; k++) {
            assert_true(ike_next_event(e, &ev));
            assert_int_equal(ev.num, out++);
            assert_int_equal(ev.text[0], 0);
        }
    }
    while (ike_next_event(e, &ev))
        assert_int_equal(ev.num, out++);
    assert_int_equal(in, out);
    ike_free(e);
    seeded_rng_free(rng);
}

/* Nobody drains: both queues stop growing, and work again once somebody does. */
static void bounded(void **state)
{
    (void)state;
    struct seeded_rng *rng;
    struct ike_engine *e = engine(&rng);
    static uint8_t big[60000];
    struct addr a = { .family = 4 };
    struct ike_event ev;
    struct ike_dgram d;
    struct ike_counters c;
    unsigned num = 0;
    while (num < 5000 && out_push(e, &a, &a, 17, span_of(big, sizeof big), 0, false) == ERR_OK)
        num++;
    assert_in_range(num, 500, 2000);
    assert_true(ike_drain(e, &d));
    assert_int_equal(out_push(e, &a, &a, 17, span_of(big, sizeof big), 0, false), ERR_OK);
    num = 0;
    while (num < 200000 && event_add(e, IKE_EV_DUPLICATE, NULL) != NULL)
        num++;
    assert_in_range(num, 1000, 100000);
    dropped(e, NULL, &(struct fault){ .code = ERR_VALUE }); /* no room: no harm */
    ike_get_counters(e, &c);
    assert_int_equal(c.events_lost, 2);
    assert_true(ike_next_event(e, &ev));
    assert_non_null(event_add(e, IKE_EV_DUPLICATE, NULL));
    ike_free(e);
    seeded_rng_free(rng);
}

static void owned_octets(void **state)
{
    (void)state;
    struct octets o = { 0 };
    struct packets p = { 0 };
    octets_free(&o);
    assert_int_equal(octets_set(&o, span_str("one")), ERR_OK);
    assert_int_equal(octets_set(&o, octets_span(&o)), ERR_OK); /* from itself */
    assert_memory_equal(o.p, "one", 3);
    assert_int_equal(octets_set(&o, (struct span){ 0 }), ERR_OK);
    assert_non_null(o.p);
    assert_int_equal(o.len, 0);
    octets_free(&o);
    assert_null(o.p);
    for (int i = 0; i < 5; i++)
        assert_int_equal(packets_add(&p, span_str("two")), ERR_OK);
    assert_int_equal(p.num, 5);
    packets_free(&p);
    packets_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order),
        cmocka_unit_test(events_in_order),
        cmocka_unit_test(bounded),
        cmocka_unit_test(owned_octets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* engine_test.c - two engines, seeded entropy, virtual clock: every exchange, lost and crossed. */
#include "engine/pair_test.h"

static void handshake(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    uint32_t sa = pair_up(p);
    struct ike_sa_info i = info_of(p, A, sa);
    assert_true(i.established);
    assert_string_equal(i.state, "READY");
    assert_int_equal(i.num_children, 1);
    assert_int_equal(p->events[A][IKE_EV_IKE_UP], 1);
    assert_int_equal(p->events[B][IKE_EV_IKE_UP], 1);
    assert_int_equal(p->events[B][IKE_EV_CHILD_UP], 1);
    assert_int_equal(p->num_sent, 4);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

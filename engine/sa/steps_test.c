/* steps_test.c - the machine: names, events that do not fit, the trace of a handshake. */
#include "engine/pair_test.h"
#include "engine/sa/peer.h"

static void names(void **state)
{
    (void)state;
    for (int s = 0; s < NUM_STATES; s++)
        assert_non_null(state_name((enum state)s));
    for (int e = 0; e < NUM_EVENTS; e++)
        assert_non_null(event_name((enum event)e));
    assert_string_equal(state_name(S_I_WAIT_INIT), "I_WAIT_INIT");
    assert_string_equal(event_name(EV_RECV_AUTH), "EV_RECV_AUTH");
}

/* Any event in any state: what no row expects is a fault, never a crash, and moves nothing. */
static void events_that_do_not_fit(void **state)
{
    (void)state;
    static const enum event outer[] = { EV_RECV_INIT, EV_RECV_AUTH, EV_RECV_CREATE_CHILD,
                                        EV_RECV_INFO_ACK, EV_RECV_INFO_REQ };
    static const enum state deaf[] = { S_IDLE, S_I_BLD_AUTH, S_DELETE, S_EXIT, S_AUTH_DONE };
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    struct ike_sa *sa = ike_sa_by_id(p->e[A], pair_up(p));
    for (size_t s = 0; s < sizeof deaf / sizeof deaf[0]; s++)
        for (size_t e = 0; e < sizeof outer / sizeof outer[0]; e++) {
            struct run r;
            struct fault why = { 0 };
            enum state at = deaf[s];
            if (at == S_IDLE && outer[e] == EV_RECV_INIT)
                continue; /* that is how a responder begins */
            run_init(&r, sa, NULL);
            r.why = &why;
            r.state = &at;
            assert_int_equal(step_post(&r, outer[e]), V_FAIL);
            assert_int_equal(why.code, ERR_STATE);
            assert_int_equal(at, deaf[s]);
        }
    assert_string_equal(info_of(p, A, sa->id).state, "READY");
    pair_free(p);
}

/* The states that an initiator passes, in their order. */
static void trace_of_a_handshake(void **state)
{
    (void)state;
    static const char *const order[] = {
        "CurState: IDLE Event: EV_INIT_SA",          "CurState: I_BLD_INIT Event: EV_BLD_MSG",
        "CurState: I_WAIT_INIT Event: EV_RECV_INIT", "CurState: INIT_DONE Event: EV_GEN_SKEYID",
        "CurState: I_BLD_AUTH Event: EV_SEND_AUTH",  "CurState: I_WAIT_AUTH Event: EV_RECV_AUTH",
        "CurState: AUTH_DONE Event: EV_INSERT_IKE",  "CurState: READY Event: EV_I_OK",
    };
    struct pair *p = pair_new(NULL, NULL);
    struct ike_event ev;
    size_t at = 0;
    p->quiet = true;
    pair_honest(p);
    pair_up(p);
    while (ike_next_event(p->e[A], &ev))
        if (ev.kind == IKE_EV_STATE && at < sizeof order / sizeof order[0] &&
            strstr(ev.text, order[at]) != NULL)
            at++;
    assert_int_equal(at, sizeof order / sizeof order[0]);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(events_that_do_not_fit),
        cmocka_unit_test(trace_of_a_handshake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

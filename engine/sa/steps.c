/* steps.c - the machines as one table: in which state which event runs what and goes where.
 * Handlers never assign the state. `make states` draws the picture from these rows. */
#include "engine/sa/peer.h"

static const char *const state_names[NUM_STATES] = {
#define STATE(name) [S_##name] = #name,
#include "engine/sa/state.def"
#undef STATE
};

static const char *const event_names[NUM_EVENTS] = {
#define EVENT(name) [name] = #name,
#include "engine/sa/event.def"
#undef EVENT
};

const char *state_name(enum state s)
{
    return state_names[s];
}

const char *event_name(enum event ev)
{
    return event_names[ev];
}

struct step {
    enum state at;
    enum event on;
    enum verdict (*run)(struct run *r);
    enum state to;
    enum event then; /* EV_NONE: wait */
};

#define STAY(state, event, run, then)                                                              \
    {                                                                                              \
        S_##state, event, run, S_##state, then                                                     \
    }
#define MOVE(state, event, run, to, then)                                                          \
    {                                                                                              \
        S_##state, event, run, S_##to, then                                                        \
    }

/* Rows of one state stand together. */
static const struct step steps[] = {
    MOVE(IDLE, EV_INIT_SA, NULL, I_BLD_INIT, EV_GET_IKE_POLICY),
    MOVE(IDLE, EV_RECV_INIT, NULL, R_INIT, EV_VERIFY_MSG),

    /* IKE_SA_INIT, initiator (RFC 7296 1.2, 2.6, 2.7) */
    STAY(I_BLD_INIT, EV_GET_IKE_POLICY, NULL, EV_SET_POLICY),
    STAY(I_BLD_INIT, EV_SET_POLICY, NULL, EV_CHK_AUTH4PKI),
    STAY(I_BLD_INIT, EV_CHK_AUTH4PKI, NULL, EV_GEN_DH_KEY),
    STAY(I_BLD_INIT, EV_GEN_DH_KEY, init_make_ke, EV_OK_RECD_DH_PUBKEY_RESP),
    STAY(I_BLD_INIT, EV_OK_RECD_DH_PUBKEY_RESP, NULL, EV_GET_CONFIG_MODE),
    STAY(I_BLD_INIT, EV_GET_CONFIG_MODE, NULL, EV_BLD_MSG),
    MOVE(I_BLD_INIT, EV_BLD_MSG, init_request, I_WAIT_INIT, EV_NONE),
    MOVE(I_BLD_INIT, EV_FAIL, init_r_fail, EXIT, EV_NONE),
    MOVE(I_WAIT_INIT, EV_RECV_INIT, NULL, I_PROC_INIT, EV_CHK4_NOTIFY),
    STAY(I_PROC_INIT, EV_CHK4_NOTIFY, init_check_notify, EV_VERIFY_MSG),
    STAY(I_PROC_INIT, EV_VERIFY_MSG, init_verify, EV_PROC_MSG),
    STAY(I_PROC_INIT, EV_PROC_MSG, init_process_response, EV_DETECT_NAT),
    STAY(I_PROC_INIT, EV_DETECT_NAT, init_detect_nat, EV_CHK_NAT_T),
    STAY(I_PROC_INIT, EV_CHK_NAT_T, init_float, EV_CHK_CONFIG_MODE),
    MOVE(I_PROC_INIT, EV_CHK_CONFIG_MODE, NULL, INIT_DONE, EV_GEN_DH_SECRET),
    MOVE(I_PROC_INIT, EV_FAIL, init_i_fail, I_WAIT_INIT, EV_NONE),
    STAY(INIT_DONE, EV_GEN_DH_SECRET, init_secret, EV_OK_RECD_DH_SECRET_RESP),
    STAY(INIT_DONE, EV_OK_RECD_DH_SECRET_RESP, NULL, EV_GEN_SKEYID),
    STAY(INIT_DONE, EV_GEN_SKEYID, init_keys, EV_DONE),
    STAY(INIT_DONE, EV_DONE, NULL, EV_CHK4_ROLE),
    STAY(INIT_DONE, EV_CHK4_ROLE, init_role, EV_NONE), /* goes on by role */
    MOVE(INIT_DONE, EV_START_TMR, init_half_open, R_WAIT_AUTH, EV_NONE),
    MOVE(INIT_DONE, EV_FAIL, init_i_fail, I_WAIT_INIT, EV_NONE),

    /* IKE_SA_INIT, responder */
    STAY(R_INIT, EV_VERIFY_MSG, init_verify, EV_INSERT_SA),
    STAY(R_INIT, EV_INSERT_SA, NULL, EV_GET_IKE_POLICY),
    STAY(R_INIT, EV_GET_IKE_POLICY, NULL, EV_PROC_MSG),
    STAY(R_INIT, EV_PROC_MSG, init_process_request, EV_DETECT_NAT),
    STAY(R_INIT, EV_DETECT_NAT, init_detect_nat, EV_CHK_CONFIG_MODE),
    MOVE(R_INIT, EV_CHK_CONFIG_MODE, NULL, R_BLD_INIT, EV_SET_POLICY),
    MOVE(R_INIT, EV_FAIL, init_r_fail, EXIT, EV_NONE),
    STAY(R_BLD_INIT, EV_SET_POLICY, NULL, EV_CHK_AUTH4PKI),
    STAY(R_BLD_INIT, EV_CHK_AUTH4PKI, NULL, EV_PKI_SESH_OPEN),
    STAY(R_BLD_INIT, EV_PKI_SESH_OPEN, NULL, EV_GEN_DH_KEY),
    STAY(R_BLD_INIT, EV_GEN_DH_KEY, init_make_ke, EV_OK_RECD_DH_PUBKEY_RESP),
    STAY(R_BLD_INIT, EV_OK_RECD_DH_PUBKEY_RESP, NULL, EV_GEN_DH_SECRET),
    STAY(R_BLD_INIT, EV_GEN_DH_SECRET, init_secret, EV_OK_RECD_DH_SECRET_RESP),
    STAY(R_BLD_INIT, EV_OK_RECD_DH_SECRET_RESP, NULL, EV_GEN_SKEYID),
    STAY(R_BLD_INIT, EV_GEN_SKEYID, init_keys, EV_GET_CONFIG_MODE),
    STAY(R_BLD_INIT, EV_GET_CONFIG_MODE, NULL, EV_BLD_MSG),
    MOVE(R_BLD_INIT, EV_BLD_MSG, init_response, INIT_DONE, EV_DONE),
    MOVE(R_BLD_INIT, EV_FAIL, init_r_fail, EXIT, EV_NONE),

    /* IKE_AUTH, initiator (1.2, 2.15) */
    STAY(I_BLD_AUTH, EV_GET_CONFIG_MODE, auth_start, EV_CHK_EAP),
    STAY(I_BLD_AUTH, EV_CHK_EAP, NULL, EV_GEN_AUTH),
    STAY(I_BLD_AUTH, EV_GEN_AUTH, NULL, EV_CHK_AUTH_TYPE),
    STAY(I_BLD_AUTH, EV_CHK_AUTH_TYPE, NULL, EV_OK_AUTH_GEN),
    STAY(I_BLD_AUTH, EV_OK_AUTH_GEN, NULL, EV_SEND_AUTH),
    MOVE(I_BLD_AUTH, EV_SEND_AUTH, auth_request, I_WAIT_AUTH, EV_NONE),
    MOVE(I_BLD_AUTH, EV_FAIL, auth_fail, EXIT, EV_NONE),
    MOVE(I_WAIT_AUTH, EV_RECV_AUTH, NULL, I_PROC_AUTH, EV_CHK4_NOTIFY),
    STAY(I_PROC_AUTH, EV_CHK4_NOTIFY, auth_check_notify, EV_PROC_MSG),
    STAY(I_PROC_AUTH, EV_PROC_MSG, auth_payloads,
         EV_CHK_IF_PEER_CERT_NEEDS_TO_BE_FETCHED_FOR_PROF_SEL),
    STAY(I_PROC_AUTH, EV_CHK_IF_PEER_CERT_NEEDS_TO_BE_FETCHED_FOR_PROF_SEL, lookup_certs,
         EV_GET_POLICY_BY_PEERID),
    STAY(I_PROC_AUTH, EV_GET_POLICY_BY_PEERID, auth_peer_id, EV_VERIFY_POLICY_BY_PEERID),
    STAY(I_PROC_AUTH, EV_VERIFY_POLICY_BY_PEERID, NULL, EV_CHK_AUTH_TYPE),
    STAY(I_PROC_AUTH, EV_CHK_AUTH_TYPE, NULL, EV_GET_PRESHR_KEY),
    STAY(I_PROC_AUTH, EV_GET_PRESHR_KEY, NULL, EV_VERIFY_AUTH),
    STAY(I_PROC_AUTH, EV_VERIFY_AUTH, auth_verify, EV_CHK_EAP),
    STAY(I_PROC_AUTH, EV_CHK_EAP, NULL, EV_NOTIFY_AUTH_DONE),
    STAY(I_PROC_AUTH, EV_NOTIFY_AUTH_DONE, NULL, EV_CHK_CONFIG_MODE),
    STAY(I_PROC_AUTH, EV_CHK_CONFIG_MODE, NULL, EV_CHK4_IC),
    STAY(I_PROC_AUTH, EV_CHK4_IC, NULL, EV_CHK_IKE_ONLY),
    STAY(I_PROC_AUTH, EV_CHK_IKE_ONLY, NULL, EV_PROC_SA_TS),
    MOVE(I_PROC_AUTH, EV_PROC_SA_TS, auth_child_response, AUTH_DONE, EV_OK),
    MOVE(I_PROC_AUTH, EV_FAIL, auth_fail, DELETE, EV_NONE),

    /* IKE_AUTH, responder */
    STAY(R_WAIT_AUTH, EV_RECV_AUTH, NULL, EV_CHK_NAT_T),
    STAY(R_WAIT_AUTH, EV_CHK_NAT_T, init_float, EV_PROC_ID),
    STAY(R_WAIT_AUTH, EV_PROC_ID, auth_payloads,
         EV_CHK_IF_PEER_CERT_NEEDS_TO_BE_FETCHED_FOR_PROF_SEL),
    STAY(R_WAIT_AUTH, EV_CHK_IF_PEER_CERT_NEEDS_TO_BE_FETCHED_FOR_PROF_SEL, lookup_certs,
         EV_GET_POLICY_BY_PEERID),
    STAY(R_WAIT_AUTH, EV_GET_POLICY_BY_PEERID, auth_peer_id, EV_SET_POLICY),
    STAY(R_WAIT_AUTH, EV_SET_POLICY, NULL, EV_VERIFY_POLICY_BY_PEERID),
    STAY(R_WAIT_AUTH, EV_VERIFY_POLICY_BY_PEERID, NULL, EV_CHK_AUTH4EAP),
    STAY(R_WAIT_AUTH, EV_CHK_AUTH4EAP, NULL, EV_CHK_POLREQEAP),
    MOVE(R_WAIT_AUTH, EV_CHK_POLREQEAP, NULL, R_VERIFY_AUTH, EV_CHK_AUTH_TYPE),
    MOVE(R_WAIT_AUTH, EV_FAIL, auth_r_fail, EXIT, EV_NONE),
    STAY(R_VERIFY_AUTH, EV_CHK_AUTH_TYPE, NULL, EV_GET_PRESHR_KEY),
    STAY(R_VERIFY_AUTH, EV_GET_PRESHR_KEY, NULL, EV_VERIFY_AUTH),
    STAY(R_VERIFY_AUTH, EV_VERIFY_AUTH, auth_verify, EV_CHK4_IC),
    STAY(R_VERIFY_AUTH, EV_CHK4_IC, auth_initial_contact, EV_CHK_REDIRECT),
    STAY(R_VERIFY_AUTH, EV_CHK_REDIRECT, NULL, EV_NOTIFY_AUTH_DONE),
    STAY(R_VERIFY_AUTH, EV_NOTIFY_AUTH_DONE, NULL, EV_CHK_CONFIG_MODE),
    STAY(R_VERIFY_AUTH, EV_CHK_CONFIG_MODE, NULL, EV_SET_RECD_CONFIG_MODE),
    STAY(R_VERIFY_AUTH, EV_SET_RECD_CONFIG_MODE, NULL, EV_PROC_SA_TS),
    STAY(R_VERIFY_AUTH, EV_PROC_SA_TS, auth_child_request, EV_GET_CONFIG_MODE),
    MOVE(R_VERIFY_AUTH, EV_GET_CONFIG_MODE, NULL, R_BLD_AUTH, EV_MY_AUTH_METHOD),
    MOVE(R_VERIFY_AUTH, EV_FAIL, auth_r_fail, EXIT, EV_NONE),
    STAY(R_BLD_AUTH, EV_MY_AUTH_METHOD, NULL, EV_GET_PRESHR_KEY),
    STAY(R_BLD_AUTH, EV_GET_PRESHR_KEY, NULL, EV_GEN_AUTH),
    STAY(R_BLD_AUTH, EV_GEN_AUTH, NULL, EV_CHK4_SIGN),
    STAY(R_BLD_AUTH, EV_CHK4_SIGN, NULL, EV_OK_AUTH_GEN),
    STAY(R_BLD_AUTH, EV_OK_AUTH_GEN, NULL, EV_SEND_AUTH),
    MOVE(R_BLD_AUTH, EV_SEND_AUTH, auth_response, AUTH_DONE, EV_OK),
    MOVE(R_BLD_AUTH, EV_FAIL, auth_r_fail, EXIT, EV_NONE),

    STAY(AUTH_DONE, EV_OK, NULL, EV_PKI_SESH_CLOSE),
    STAY(AUTH_DONE, EV_PKI_SESH_CLOSE, NULL, EV_UPDATE_CAC_STATS),
    STAY(AUTH_DONE, EV_UPDATE_CAC_STATS, NULL, EV_INSERT_IKE),
    STAY(AUTH_DONE, EV_INSERT_IKE, auth_insert, EV_GEN_LOAD_IPSEC),
    STAY(AUTH_DONE, EV_GEN_LOAD_IPSEC, NULL, EV_OK_RECD_LOAD_IPSEC),
    STAY(AUTH_DONE, EV_OK_RECD_LOAD_IPSEC, auth_load_child, EV_START_ACCT),
    STAY(AUTH_DONE, EV_START_ACCT, NULL, EV_CHECK_DUPE),
    STAY(AUTH_DONE, EV_CHECK_DUPE, NULL, EV_CHK4_ROLE),
    STAY(AUTH_DONE, EV_CHK4_ROLE, auth_role, EV_NONE),
    STAY(READY, EV_CHK_IKE_ONLY, NULL, EV_I_OK),
    STAY(READY, EV_I_OK, auth_ready, EV_NONE),
    STAY(READY, EV_R_OK, auth_ready, EV_NONE),

    /* CREATE_CHILD_SA, initiator (1.3, 2.8) */
    STAY(CHILD_I_INIT, EV_INIT_CREATE_CHILD, cc_kind, EV_NONE), /* goes on by kind */
    STAY(CHILD_I_IKE, EV_REKEY_IKESA, NULL, EV_GET_IKE_POLICY),
    STAY(CHILD_I_IKE, EV_GET_IKE_POLICY, NULL, EV_SET_POLICY),
    MOVE(CHILD_I_IKE, EV_SET_POLICY, NULL, CHILD_I_BLD_MSG, EV_GEN_DH_KEY),
    STAY(CHILD_I_IPSEC, EV_REKEY_IPSECSA, NULL, EV_SET_POLICY),
    STAY(CHILD_I_IPSEC, EV_NEW_IPSECSA, NULL, EV_SET_POLICY),
    MOVE(CHILD_I_IPSEC, EV_SET_POLICY, NULL, CHILD_I_BLD_MSG, EV_GEN_DH_KEY),
    STAY(CHILD_I_BLD_MSG, EV_GEN_DH_KEY, cc_make_ke, EV_OK_RECD_DH_PUBKEY_RESP),
    STAY(CHILD_I_BLD_MSG, EV_OK_RECD_DH_PUBKEY_RESP, NULL, EV_BLD_MSG),
    MOVE(CHILD_I_BLD_MSG, EV_BLD_MSG, cc_build, CHILD_I_WAIT, EV_NONE),
    MOVE(CHILD_I_WAIT, EV_RECV_CREATE_CHILD, NULL, CHILD_I_PROC, EV_CHK4_NOTIFY),
    STAY(CHILD_I_PROC, EV_CHK4_NOTIFY, cc_check_notify, EV_VERIFY_MSG),
    STAY(CHILD_I_PROC, EV_VERIFY_MSG, cc_verify, EV_PROC_MSG),
    STAY(CHILD_I_PROC, EV_PROC_MSG, cc_process, EV_CHK4_PFS),
    STAY(CHILD_I_PROC, EV_CHK4_PFS, NULL, EV_GEN_DH_SECRET),
    STAY(CHILD_I_PROC, EV_GEN_DH_SECRET, cc_secret, EV_CHK_IKE_REKEY),
    STAY(CHILD_I_PROC, EV_CHK_IKE_REKEY, NULL, EV_GEN_SKEYID),
    MOVE(CHILD_I_PROC, EV_GEN_SKEYID, cc_keys, CHILD_I_DONE, EV_ACTIVATE_NEW_SA),
    STAY(CHILD_I_DONE, EV_ACTIVATE_NEW_SA, cc_activate, EV_CHECK_DUPE),
    STAY(CHILD_I_DONE, EV_CHECK_DUPE, cc_dupe, EV_OK),
    MOVE(CHILD_I_DONE, EV_OK, NULL, EXIT, EV_CHK_PENDING),
    MOVE(CHILD_I_INIT, EV_FAIL, cc_fail, EXIT, EV_CHK_PENDING),
    MOVE(CHILD_I_BLD_MSG, EV_FAIL, cc_fail, EXIT, EV_CHK_PENDING),
    MOVE(CHILD_I_PROC, EV_FAIL, cc_fail, EXIT, EV_CHK_PENDING),
    MOVE(CHILD_I_DONE, EV_FAIL, cc_fail, EXIT, EV_CHK_PENDING),

    /* CREATE_CHILD_SA, responder */
    MOVE(READY, EV_RECV_CREATE_CHILD, NULL, CHILD_R_INIT, EV_RECV_CREATE_CHILD),
    STAY(CHILD_R_INIT, EV_RECV_CREATE_CHILD, NULL, EV_VERIFY_MSG),
    STAY(CHILD_R_INIT, EV_VERIFY_MSG, cc_verify, EV_CHK_CC_TYPE),
    STAY(CHILD_R_INIT, EV_CHK_CC_TYPE, cc_r_type, EV_NONE), /* goes on by kind */
    STAY(CHILD_R_IKE, EV_REKEY_IKESA, NULL, EV_GET_IKE_POLICY),
    STAY(CHILD_R_IKE, EV_GET_IKE_POLICY, NULL, EV_PROC_MSG),
    STAY(CHILD_R_IKE, EV_PROC_MSG, cc_r_process, EV_SET_POLICY),
    MOVE(CHILD_R_IKE, EV_SET_POLICY, NULL, CHILD_R_BLD_MSG, EV_GEN_DH_KEY),
    STAY(CHILD_R_IPSEC, EV_REKEY_IPSECSA, NULL, EV_PROC_MSG),
    STAY(CHILD_R_IPSEC, EV_NEW_IPSECSA, NULL, EV_PROC_MSG),
    STAY(CHILD_R_IPSEC, EV_PROC_MSG, cc_r_process, EV_SET_POLICY),
    MOVE(CHILD_R_IPSEC, EV_SET_POLICY, NULL, CHILD_R_BLD_MSG, EV_GEN_DH_KEY),
    STAY(CHILD_R_BLD_MSG, EV_GEN_DH_KEY, cc_r_ke, EV_GEN_DH_SECRET),
    STAY(CHILD_R_BLD_MSG, EV_GEN_DH_SECRET, cc_secret, EV_BLD_MSG),
    STAY(CHILD_R_BLD_MSG, EV_BLD_MSG, cc_r_build, EV_CHK_IKE_REKEY),
    STAY(CHILD_R_BLD_MSG, EV_CHK_IKE_REKEY, NULL, EV_GEN_SKEYID),
    MOVE(CHILD_R_BLD_MSG, EV_GEN_SKEYID, cc_keys, CHILD_R_DONE, EV_ACTIVATE_NEW_SA),
    STAY(CHILD_R_DONE, EV_ACTIVATE_NEW_SA, cc_r_activate, EV_UPDATE_CAC_STATS),
    STAY(CHILD_R_DONE, EV_UPDATE_CAC_STATS, NULL, EV_CHECK_DUPE),
    STAY(CHILD_R_DONE, EV_CHECK_DUPE, NULL, EV_OK),
    STAY(CHILD_R_DONE, EV_OK, NULL, EV_START_DEL_NEG_TMR),
    MOVE(CHILD_R_DONE, EV_START_DEL_NEG_TMR, NULL, EXIT, EV_CHK_PENDING),
    MOVE(CHILD_R_INIT, EV_FAIL, cc_r_fail, EXIT, EV_CHK_PENDING),
    MOVE(CHILD_R_IKE, EV_FAIL, cc_r_fail, EXIT, EV_CHK_PENDING),
    MOVE(CHILD_R_IPSEC, EV_FAIL, cc_r_fail, EXIT, EV_CHK_PENDING),
    MOVE(CHILD_R_BLD_MSG, EV_FAIL, cc_r_fail, EXIT, EV_CHK_PENDING),
    STAY(EXIT, EV_CHK_PENDING, NULL, EV_NONE),

    /* INFORMATIONAL (1.4) */
    MOVE(INFO_I_BLD_INFO, EV_SEND_INFO, info_build, INFO_I_WAIT, EV_NONE),
    MOVE(INFO_I_BLD_INFO, EV_FAIL, cc_fail, EXIT, EV_CHK_PENDING),
    MOVE(INFO_I_WAIT, EV_RECV_INFO_ACK, info_answered, EXIT, EV_CHK_PENDING),
    MOVE(READY, EV_RECV_INFO_REQ, NULL, INFO_R, EV_CHK_INFO_TYPE),
    MOVE(INFO_R, EV_CHK_INFO_TYPE, info_request, EXIT, EV_CHK_PENDING),
};

bool step_pair(size_t i, enum state *at, enum event *on)
{
    if (i >= sizeof steps / sizeof steps[0])
        return false;
    *at = steps[i].at;
    *on = steps[i].on;
    return true;
}

static const struct step *find(enum state at, enum event on)
{
    static uint16_t first[NUM_STATES + 1]; /* filled once; same values whoever does it */
    static bool filled;
    const size_t num = sizeof steps / sizeof steps[0];
    if (!filled) {
        for (size_t i = num; i-- > 0;)
            first[steps[i].at] = (uint16_t)i;
        filled = true;
    }
    for (size_t i = first[at]; i < num; i++)
        if (steps[i].at == at && steps[i].on == on)
            return &steps[i];
    return NULL;
}

void trace(struct run *r, enum state s, enum event ev)
{
    const struct ike_sa *sa = r->sa;
    if (!r->e->cfg.trace)
        return;
    uint32_t mid = r->x != NULL ? r->x->mid : r->in != NULL ? msg_mid(r->in) : 0;
    event_text(event_add(r->e, IKE_EV_STATE, sa),
               "SM Trace-> SA: I_SPI=%016llX R_SPI=%016llX (%c) MsgID = %08X CurState: %s "
               "Event: %s",
               (unsigned long long)sa->spi_i, (unsigned long long)sa->spi_r,
               sa->initiator ? 'I' : 'R', (unsigned)mid, state_name(s), event_name(ev));
}

void run_init(struct run *r, struct ike_sa *sa, struct exchange *x)
{
    static struct fault nowhere;
    memset(r, 0, sizeof *r);
    r->e = sa->e;
    r->sa = sa;
    r->x = x;
    r->why = &nowhere;
    r->state = &sa->state;
}

enum verdict step_post(struct run *r, enum event ev)
{
    enum verdict last = V_NEXT;
    while (ev != EV_NONE) {
        const struct step *s = find(*r->state, ev);
        trace(r, *r->state, ev);
        if (s == NULL) {
            fault_set(r->why, ERR_STATE, 0, event_name(ev), REQ_NONE);
            return V_FAIL;
        }
        r->redirected = false;
        enum verdict v = s->run != NULL ? s->run(r) : V_NEXT;
        if (v == V_STOP)
            return V_STOP;
        if (v == V_FAIL) {
            if (ev == EV_FAIL)
                return V_FAIL;
            last = V_FAIL;
            ev = EV_FAIL;
            continue;
        }
        /* a handler that ended the SA or the exchange has the last word */
        if (!r->sa->dead || r->state != &r->sa->state)
            *r->state = r->redirected ? r->to : s->to;
        ev = r->redirected ? r->then : s->then;
    }
    return last;
}

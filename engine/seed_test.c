/* seed_test.c - the reference exchange of two IOS routers, played from both ends: the payload
 * chains and lengths of each message, and the order of states and events. */
#include "engine/pair_test.h"

#define CHAIN_MAX 24

/* What one message must be: payload types with their lengths, inside SK where it has one. */
struct expected {
    int from;
    uint8_t exchange;
    uint32_t mid;
    uint8_t flags;
    size_t len, sealed; /* datagram; SK payload, 0 = none */
    struct {
        uint8_t type;
        uint16_t len;
    } p[CHAIN_MAX];
};

static const struct expected played[] = {
    { A, EXCHANGE_IKE_SA_INIT, 0, FLAG_INITIATOR, 344, 0,
      { { PAYLOAD_SA, 56 }, { PAYLOAD_KE, 136 }, { PAYLOAD_NONCE, 24 }, { PAYLOAD_VID, 23 },
        { PAYLOAD_VID, 21 }, { PAYLOAD_NOTIFY, 28 }, { PAYLOAD_NOTIFY, 28 } } },
    { B, EXCHANGE_IKE_SA_INIT, 0, FLAG_RESPONSE, 449, 0,
      { { PAYLOAD_SA, 48 }, { PAYLOAD_KE, 136 }, { PAYLOAD_NONCE, 24 }, { PAYLOAD_VID, 23 },
        { PAYLOAD_VID, 21 }, { PAYLOAD_NOTIFY, 28 }, { PAYLOAD_NOTIFY, 28 },
        { PAYLOAD_CERTREQ, 105 }, { PAYLOAD_NOTIFY, 8 } } },
    { A, EXCHANGE_IKE_AUTH, 1, FLAG_INITIATOR, 556, 528,
      { { PAYLOAD_VID, 20 }, { PAYLOAD_IDi, 12 }, { PAYLOAD_AUTH, 28 }, { PAYLOAD_CP, 309 },
        { PAYLOAD_SA, 40 }, { PAYLOAD_TSi, 24 }, { PAYLOAD_TSr, 24 }, { PAYLOAD_NOTIFY, 8 },
        { PAYLOAD_NOTIFY, 12 }, { PAYLOAD_NOTIFY, 8 }, { PAYLOAD_NOTIFY, 8 } } },
    { B, EXCHANGE_IKE_AUTH, 1, FLAG_RESPONSE, 252, 224,
      { { PAYLOAD_VID, 20 }, { PAYLOAD_IDr, 12 }, { PAYLOAD_AUTH, 28 }, { PAYLOAD_SA, 40 },
        { PAYLOAD_TSi, 24 }, { PAYLOAD_TSr, 24 }, { PAYLOAD_NOTIFY, 12 }, { PAYLOAD_NOTIFY, 8 },
        { PAYLOAD_NOTIFY, 8 } } },
    { A, EXCHANGE_INFORMATIONAL, 2, FLAG_INITIATOR, 76, 48, { { 0, 0 } } },
    { B, EXCHANGE_INFORMATIONAL, 2, FLAG_RESPONSE, 76, 48, { { 0, 0 } } },
    { A, EXCHANGE_CREATE_CHILD_SA, 3, FLAG_INITIATOR, 396, 368,
      { { PAYLOAD_SA, 152 }, { PAYLOAD_NONCE, 24 }, { PAYLOAD_KE, 136 },
        { PAYLOAD_NOTIFY, 12 } } },
    { B, EXCHANGE_CREATE_CHILD_SA, 3, FLAG_RESPONSE, 300, 272,
      { { PAYLOAD_SA, 56 }, { PAYLOAD_NONCE, 24 }, { PAYLOAD_KE, 136 },
        { PAYLOAD_NOTIFY, 12 } } },
};

/* State and event of the trace, in order; other steps may stand between. */
static const char *const initiator_trace[] = {
    "IDLE Event: EV_INIT_SA", "I_BLD_INIT Event: EV_GET_IKE_POLICY",
    "I_BLD_INIT Event: EV_SET_POLICY", "I_BLD_INIT Event: EV_CHK_AUTH4PKI",
    "I_BLD_INIT Event: EV_GEN_DH_KEY", "I_BLD_INIT Event: EV_OK_RECD_DH_PUBKEY_RESP",
    "I_BLD_INIT Event: EV_GET_CONFIG_MODE", "I_BLD_INIT Event: EV_BLD_MSG",
    "I_WAIT_INIT Event: EV_RECV_INIT", "I_PROC_INIT Event: EV_CHK4_NOTIFY",
    "I_PROC_INIT Event: EV_VERIFY_MSG", "I_PROC_INIT Event: EV_PROC_MSG",
    "I_PROC_INIT Event: EV_DETECT_NAT", "I_PROC_INIT Event: EV_CHK_NAT_T",
    "I_PROC_INIT Event: EV_CHK_CONFIG_MODE", "INIT_DONE Event: EV_GEN_DH_SECRET",
    "INIT_DONE Event: EV_OK_RECD_DH_SECRET_RESP", "INIT_DONE Event: EV_GEN_SKEYID",
    "INIT_DONE Event: EV_DONE", "INIT_DONE Event: EV_CHK4_ROLE",
    "I_BLD_AUTH Event: EV_GET_CONFIG_MODE", "I_BLD_AUTH Event: EV_CHK_EAP",
    "I_BLD_AUTH Event: EV_GEN_AUTH", "I_BLD_AUTH Event: EV_CHK_AUTH_TYPE",
    "I_BLD_AUTH Event: EV_OK_AUTH_GEN", "I_BLD_AUTH Event: EV_SEND_AUTH",
    "I_WAIT_AUTH Event: EV_RECV_AUTH", "I_PROC_AUTH Event: EV_CHK4_NOTIFY",
    "I_PROC_AUTH Event: EV_PROC_MSG", "I_PROC_AUTH Event: EV_GET_POLICY_BY_PEERID",
    "I_PROC_AUTH Event: EV_VERIFY_POLICY_BY_PEERID", "I_PROC_AUTH Event: EV_CHK_AUTH_TYPE",
    "I_PROC_AUTH Event: EV_GET_PRESHR_KEY", "I_PROC_AUTH Event: EV_VERIFY_AUTH",
    "I_PROC_AUTH Event: EV_CHK_EAP", "I_PROC_AUTH Event: EV_NOTIFY_AUTH_DONE",
    "I_PROC_AUTH Event: EV_CHK_CONFIG_MODE", "I_PROC_AUTH Event: EV_CHK4_IC",
    "I_PROC_AUTH Event: EV_CHK_IKE_ONLY", "I_PROC_AUTH Event: EV_PROC_SA_TS",
    "AUTH_DONE Event: EV_OK", "AUTH_DONE Event: EV_PKI_SESH_CLOSE",
    "AUTH_DONE Event: EV_UPDATE_CAC_STATS", "AUTH_DONE Event: EV_INSERT_IKE",
    "AUTH_DONE Event: EV_GEN_LOAD_IPSEC", "AUTH_DONE Event: EV_OK_RECD_LOAD_IPSEC",
    "AUTH_DONE Event: EV_START_ACCT", "AUTH_DONE Event: EV_CHECK_DUPE",
    "AUTH_DONE Event: EV_CHK4_ROLE", "READY Event: EV_CHK_IKE_ONLY", "READY Event: EV_I_OK",
    "CHILD_I_WAIT Event: EV_RECV_CREATE_CHILD", "CHILD_I_PROC Event: EV_CHK4_NOTIFY",
    "CHILD_I_PROC Event: EV_VERIFY_MSG", "CHILD_I_PROC Event: EV_PROC_MSG",
    "CHILD_I_PROC Event: EV_CHK4_PFS", "CHILD_I_PROC Event: EV_GEN_DH_SECRET",
    "CHILD_I_PROC Event: EV_CHK_IKE_REKEY", "CHILD_I_PROC Event: EV_GEN_SKEYID",
    "CHILD_I_DONE Event: EV_ACTIVATE_NEW_SA", "CHILD_I_DONE Event: EV_CHECK_DUPE",
    "CHILD_I_DONE Event: EV_OK", "EXIT Event: EV_CHK_PENDING",
};

static const char *const responder_trace[] = {
    "IDLE Event: EV_RECV_INIT", "R_INIT Event: EV_VERIFY_MSG", "R_INIT Event: EV_INSERT_SA",
    "R_INIT Event: EV_GET_IKE_POLICY", "R_INIT Event: EV_PROC_MSG",
    "R_INIT Event: EV_DETECT_NAT", "R_INIT Event: EV_CHK_CONFIG_MODE",
    "R_BLD_INIT Event: EV_SET_POLICY", "R_BLD_INIT Event: EV_CHK_AUTH4PKI",
    "R_BLD_INIT Event: EV_PKI_SESH_OPEN", "R_BLD_INIT Event: EV_GEN_DH_KEY",
    "R_BLD_INIT Event: EV_OK_RECD_DH_PUBKEY_RESP", "R_BLD_INIT Event: EV_GEN_DH_SECRET",
    "R_BLD_INIT Event: EV_OK_RECD_DH_SECRET_RESP", "R_BLD_INIT Event: EV_GEN_SKEYID",
    "R_BLD_INIT Event: EV_GET_CONFIG_MODE", "R_BLD_INIT Event: EV_BLD_MSG",
    "INIT_DONE Event: EV_DONE", "INIT_DONE Event: EV_CHK4_ROLE",
    "INIT_DONE Event: EV_START_TMR", "R_WAIT_AUTH Event: EV_RECV_AUTH",
    "R_WAIT_AUTH Event: EV_CHK_NAT_T", "R_WAIT_AUTH Event: EV_PROC_ID",
    "R_WAIT_AUTH Event: EV_CHK_AUTH4EAP", "R_WAIT_AUTH Event: EV_CHK_POLREQEAP",
    "R_VERIFY_AUTH Event: EV_CHK_AUTH_TYPE", "R_VERIFY_AUTH Event: EV_GET_PRESHR_KEY",
    "R_VERIFY_AUTH Event: EV_VERIFY_AUTH", "R_VERIFY_AUTH Event: EV_CHK4_IC",
    "R_VERIFY_AUTH Event: EV_CHK_REDIRECT", "R_VERIFY_AUTH Event: EV_NOTIFY_AUTH_DONE",
    "R_VERIFY_AUTH Event: EV_CHK_CONFIG_MODE", "R_VERIFY_AUTH Event: EV_SET_RECD_CONFIG_MODE",
    "R_VERIFY_AUTH Event: EV_PROC_SA_TS", "R_VERIFY_AUTH Event: EV_GET_CONFIG_MODE",
    "R_BLD_AUTH Event: EV_MY_AUTH_METHOD", "R_BLD_AUTH Event: EV_GET_PRESHR_KEY",
    "R_BLD_AUTH Event: EV_GEN_AUTH", "R_BLD_AUTH Event: EV_CHK4_SIGN",
    "R_BLD_AUTH Event: EV_OK_AUTH_GEN", "R_BLD_AUTH Event: EV_SEND_AUTH",
    "AUTH_DONE Event: EV_OK", "READY Event: EV_R_OK", "READY Event: EV_RECV_CREATE_CHILD",
    "CHILD_R_INIT Event: EV_RECV_CREATE_CHILD", "CHILD_R_INIT Event: EV_VERIFY_MSG",
    "CHILD_R_INIT Event: EV_CHK_CC_TYPE", "CHILD_R_IKE Event: EV_REKEY_IKESA",
    "CHILD_R_IKE Event: EV_GET_IKE_POLICY", "CHILD_R_IKE Event: EV_PROC_MSG",
    "CHILD_R_IKE Event: EV_SET_POLICY", "CHILD_R_BLD_MSG Event: EV_GEN_DH_KEY",
    "CHILD_R_BLD_MSG Event: EV_GEN_DH_SECRET", "CHILD_R_BLD_MSG Event: EV_BLD_MSG",
    "CHILD_R_BLD_MSG Event: EV_CHK_IKE_REKEY", "CHILD_R_BLD_MSG Event: EV_GEN_SKEYID",
    "CHILD_R_DONE Event: EV_ACTIVATE_NEW_SA", "CHILD_R_DONE Event: EV_UPDATE_CAC_STATS",
    "CHILD_R_DONE Event: EV_CHECK_DUPE", "CHILD_R_DONE Event: EV_OK",
    "CHILD_R_DONE Event: EV_START_DEL_NEG_TMR", "EXIT Event: EV_CHK_PENDING",
};

/* --- the two routers ------------------------------------------------------------------------------ */

static const uint8_t vid_custom[17] = "ikespec-seed-vid1", vid_auth[16] = "ikespec-seed-vid";
static const uint8_t app_version[257] = "ikespec";

static struct span config_request(void)
{
    static uint8_t b[320];
    static const uint16_t before[] = { CFG_ATTR_INTERNAL_IP4_DNS, CFG_ATTR_INTERNAL_IP4_DNS,
                                       CFG_ATTR_INTERNAL_IP4_NBNS, CFG_ATTR_INTERNAL_IP4_NBNS,
                                       CFG_ATTR_INTERNAL_IP4_SUBNET };
    static const uint16_t after[] = { 28675, 28672, 28692, 28681, 28674 };
    struct writer w = wr_init(b, sizeof b);
    wr_u8(&w, CFG_REQUEST);
    wr_zero(&w, 3);
    for (size_t i = 0; i < 5; i++) {
        wr_u16(&w, before[i]);
        wr_u16(&w, 0);
    }
    wr_u16(&w, CFG_ATTR_APPLICATION_VERSION);
    wr_u16(&w, sizeof app_version);
    wr_bytes(&w, app_version, sizeof app_version);
    for (size_t i = 0; i < 5; i++) {
        wr_u16(&w, after[i]);
        wr_u16(&w, 0);
    }
    return wr_done(&w);
}

static void router(struct pair *p, int who)
{
    static const uint8_t http[4] = { 0, 0, N_HTTP_CERT_LOOKUP_SUPPORTED >> 8,
                                     N_HTTP_CERT_LOOKUP_SUPPORTED & 0xff };
    static uint8_t certreq[101];
    struct side s;
    struct addr own;
    certreq[0] = 12; /* hash and URL of an X.509 certificate; five key hashes follow */
    struct span delete_reason = span_str("CISCO-DELETE-REASON");
    struct ike_extra x[8];
    uint8_t n = 0;
    for (int response = 0; response < 2; response++) {
        x[n++] = (struct ike_extra){ EXCHANGE_IKE_SA_INIT, response, PAYLOAD_VID, PAYLOAD_NONCE,
                                     delete_reason };
        x[n++] = (struct ike_extra){ EXCHANGE_IKE_SA_INIT, response, PAYLOAD_VID, PAYLOAD_VID,
                                     span_of(vid_custom, sizeof vid_custom) };
        x[n++] = (struct ike_extra){ EXCHANGE_IKE_AUTH, response, PAYLOAD_VID, 0,
                                     span_of(vid_auth, sizeof vid_auth) };
    }
    if (who == A) {
        x[n++] = (struct ike_extra){ EXCHANGE_IKE_AUTH, false, PAYLOAD_CP, PAYLOAD_AUTH,
                                     config_request() };
    } else {
        x[n++] = (struct ike_extra){ EXCHANGE_IKE_SA_INIT, true, PAYLOAD_CERTREQ, PAYLOAD_NOTIFY,
                                     span_of(certreq, sizeof certreq) };
        x[n++] = (struct ike_extra){ EXCHANGE_IKE_SA_INIT, true, PAYLOAD_NOTIFY, PAYLOAD_CERTREQ,
                                     span_of(http, sizeof http) };
    }
    side_init(&s, who);
    struct ike_proposal policy =
        PROP(TRANSFORM_ENCR, ENCR_3DES, 0, TRANSFORM_ENCR, ENCR_AES_CBC, 128, TRANSFORM_PRF,
             PRF_HMAC_SHA1, 0, TRANSFORM_INTEG, AUTH_HMAC_SHA1_96, 0, TRANSFORM_KE,
             GROUP_MODP_1024, 0);
    struct ike_proposal prefers_aes =
        PROP(TRANSFORM_ENCR, ENCR_AES_CBC, 128, TRANSFORM_PRF, PRF_HMAC_SHA1, 0, TRANSFORM_INTEG,
             AUTH_HMAC_SHA1_96, 0, TRANSFORM_KE, GROUP_MODP_1024, 0);
    struct ike_proposal smart_default =
        PROP(TRANSFORM_ENCR, ENCR_AES_CBC, 256, TRANSFORM_ENCR, ENCR_AES_CBC, 192, TRANSFORM_ENCR,
             ENCR_AES_CBC, 128, TRANSFORM_PRF, PRF_HMAC_SHA2_512, 0, TRANSFORM_PRF,
             PRF_HMAC_SHA2_384, 0, TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0, TRANSFORM_PRF,
             PRF_HMAC_SHA1, 0, TRANSFORM_PRF, PRF_HMAC_MD5, 0, TRANSFORM_INTEG,
             AUTH_HMAC_SHA2_512_256, 0, TRANSFORM_INTEG, AUTH_HMAC_SHA2_384_192, 0,
             TRANSFORM_INTEG, AUTH_HMAC_SHA2_256_128, 0, TRANSFORM_INTEG, AUTH_HMAC_SHA1_96, 0,
             TRANSFORM_INTEG, AUTH_HMAC_MD5_96, 0, TRANSFORM_KE, GROUP_MODP_1536, 0,
             TRANSFORM_KE, GROUP_MODP_1024, 0);
    assert_int_equal(smart_default.num, 15);
    s.ike[0] = who == A ? policy : prefers_aes;
    if (who == A) {
        s.c.ike_rekey = &smart_default;
        s.c.num_ike_rekey = 1;
    }
    s.esp[0] = PROP(TRANSFORM_ENCR, ENCR_3DES, 0, TRANSFORM_INTEG, AUTH_HMAC_SHA1_96, 0,
                    TRANSFORM_ESN, ESN_NO, 0);
    s.local = s.remote = range4("0.0.0.0", "255.255.255.255");
    assert_true(addr_parse(who == A ? "10.0.0.1" : "10.0.0.2", &s.c.local));
    assert_true(addr_parse(who == A ? "10.0.0.2" : "10.0.0.1", &s.c.remote));
    own = s.c.local;
    s.c.id_local = (struct ike_id){ ID_IPV4_ADDR, span_of(own.ip, 4) };
    s.c.id_remote = (struct ike_id){ 0 };
    s.c.psk_local = span_str("cisco");
    s.c.nonce_len = 20;
    s.c.window = 5;
    s.c.fragmentation = false;
    s.c.tfc_not_supported = s.c.non_first_fragments = true;
    s.c.extras = x;
    s.c.num_extras = n;
    pair_conn(p, who, &s);
}

/* --- watching it ------------------------------------------------------------------------------------ */

static size_t at_message, at_trace[2];

static bool watch(struct pair *p, int from, const struct ike_dgram *d)
{
    static uint8_t store[256 * 1024];
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct fault why;
    if (at_message >= sizeof played / sizeof played[0])
        return false;
    const struct expected *x = &played[at_message++];
    assert_int_equal(ike_open(p->e[!from], &(struct ike_dgram){ .local = d->remote,
                                                                .remote = d->local,
                                                                .protocol = 17,
                                                                .p = d->p,
                                                                .len = d->len },
                              false, &a, &m, &why),
                     ERR_OK);
    assert_int_equal(from, x->from);
    assert_int_equal(msg_exchange(&m), x->exchange);
    assert_int_equal(msg_mid(&m), x->mid);
    assert_int_equal(msg_flags(&m), x->flags);
    assert_int_equal(d->len, x->len);
    const struct node *sk = msg_sk(&m);
    if (x->sealed != 0)
        assert_int_equal(node_num(sk, PL_LENGTH), x->sealed);
    const struct node *n = (x->sealed != 0 ? sk : m.hdr)->child;
    for (size_t i = 0; x->p[i].type != 0; i++, n = n->next) {
        assert_non_null(n);
        assert_int_equal(n->type, x->p[i].type);
        assert_int_equal(node_num(n, PL_LENGTH), x->p[i].len);
    }
    assert_null(n);
    return false;
}

static void follow(struct pair *p, int who)
{
    static const char *const *const want[2] = { initiator_trace, responder_trace };
    static const size_t num[2] = { sizeof initiator_trace / sizeof initiator_trace[0],
                                   sizeof responder_trace / sizeof responder_trace[0] };
    struct ike_event ev;
    while (ike_next_event(p->e[who], &ev)) {
        const char *at = strstr(ev.text, "CurState: ");
        if (ev.kind == IKE_EV_STATE && at != NULL && at_trace[who] < num[who] &&
            strcmp(at + 10, want[who][at_trace[who]]) == 0)
            at_trace[who]++;
    }
    if (at_trace[who] < num[who])
        fail_msg("%c: not seen: %s", "AB"[who], want[who][at_trace[who]]);
}

static void seed_exchange(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    router(p, A);
    router(p, B);
    struct fault why;
    uint32_t sa = 0;
    p->quiet = true;
    p->lose = watch;
    assert_int_equal(ike_initiate(p->e[A], "t", 0, p->now, &sa, &why), ERR_OK);
    pair_settle(p);
    do_ok(p, A, sa, IKE_DO_LIVENESS, NULL);
    pair_settle(p);
    do_ok(p, A, sa, IKE_DO_REKEY_IKE, NULL);
    pair_settle(p);
    assert_int_equal(at_message, sizeof played / sizeof played[0]);
    struct ike_sa_info i = info_of(p, A, sa);
    assert_int_equal(i.window_peer, 5);
    follow(p, A);
    follow(p, B);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seed_exchange),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

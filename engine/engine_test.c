/* engine_test.c - two engines, seeded entropy, virtual clock: every exchange, also lost, doubled,
 * crossed and bent. */
#include "engine/esp/inner.h"
#include "engine/pair_test.h"

static size_t live_sas(struct pair *p, int who)
{
    struct ike_counters c;
    ike_get_counters(p->e[who], &c);
    return c.sas;
}

static size_t live_children(struct pair *p, int who)
{
    struct ike_counters c;
    ike_get_counters(p->e[who], &c);
    return c.children;
}

/* The live IKE SA of one end; fails unless there is exactly one. */
static struct ike_sa_info only_sa(struct pair *p, int who)
{
    struct ike_sa_info i, found = { 0 };
    size_t num = 0;
    for (size_t k = 0; ike_sa_at(p->e[who], k, &i); k++)
        if (!i.dead) {
            found = i;
            num++;
        }
    assert_int_equal(num, 1);
    return found;
}

static bool echoes(struct pair *p)
{
    uint8_t buf[256];
    struct writer w = wr_init(buf, sizeof buf);
    struct addr src, dst;
    struct fault why;
    unsigned before = p->events[A][IKE_EV_INNER];
    assert_true(addr_parse("10.1.0.1", &src));
    assert_true(addr_parse("10.2.0.1", &dst));
    assert_int_equal(inner_echo(&w, &src, &dst, false, 7, 1, span_str("ping")), ERR_OK);
    struct ike_sa_info sa = only_sa(p, A);
    if (ike_esp_send(p->e[A], sa.id, 0, wr_done(&w), NEXT_IPV4, NULL, &why) != ERR_OK)
        return false;
    pair_settle(p);
    return p->events[A][IKE_EV_INNER] == before + 1;
}

/* One IKE SA and one Child SA at each end, the same ones, and traffic flows. */
static void assert_settled(struct pair *p)
{
    struct ike_sa_info a = only_sa(p, A), b = only_sa(p, B);
    assert_int_equal(a.spi_i, b.spi_i);
    assert_int_equal(a.spi_r, b.spi_r);
    assert_int_equal(a.num_children, 1);
    assert_int_equal(b.num_children, 1);
    assert_int_equal(a.child[0].spi_in, b.child[0].spi_out);
    assert_int_equal(a.child[0].spi_out, b.child[0].spi_in);
    assert_int_equal(a.outstanding + a.queued + b.outstanding + b.queued, 0);
    assert_true(echoes(p));
}

static void handshake(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    uint32_t sa = pair_up(p);
    struct ike_sa_info i = info_of(p, A, sa);
    assert_true(i.established);
    assert_string_equal(i.state, "READY");
    assert_int_equal(p->events[A][IKE_EV_IKE_UP], 1);
    assert_int_equal(p->events[B][IKE_EV_IKE_UP], 1);
    assert_int_equal(p->num_sent, 4);
    assert_settled(p);
    pair_free(p);
}

/* Every suite and group that the provider has carries a handshake, an echo and a rekey. */
static void algorithms(void **state)
{
    (void)state;
    static const uint16_t rows[][4] = {
        /* encr, bits, integ, prf */
        { ENCR_3DES, 0, AUTH_HMAC_SHA1_96, PRF_HMAC_SHA1 },
        { ENCR_AES_CBC, 128, AUTH_HMAC_MD5_96, PRF_HMAC_MD5 },
        { ENCR_AES_CBC, 128, AUTH_HMAC_SHA2_256_128, PRF_HMAC_SHA2_256 },
        { ENCR_AES_CBC, 256, AUTH_HMAC_SHA2_512_256, PRF_HMAC_SHA2_512 },
        { ENCR_AES_CBC, 192, AUTH_HMAC_SHA2_384_192, PRF_HMAC_SHA2_384 },
        { ENCR_AES_CBC, 128, AUTH_AES_XCBC_96, PRF_AES128_XCBC },
        { ENCR_AES_CBC, 128, AUTH_AES_CMAC_96, PRF_AES128_CMAC },
        { ENCR_AES_CTR, 256, AUTH_HMAC_SHA2_256_128, PRF_HMAC_SHA2_256 },
        { ENCR_AES_GCM_8, 128, 0, PRF_HMAC_SHA2_256 },
        { ENCR_AES_GCM_12, 192, 0, PRF_HMAC_SHA2_256 },
        { ENCR_AES_GCM_16, 256, 0, PRF_HMAC_SHA2_384 },
        { ENCR_AES_CCM_8, 128, 0, PRF_HMAC_SHA2_256 },
        { ENCR_AES_CCM_12, 128, 0, PRF_HMAC_SHA2_256 },
        { ENCR_AES_CCM_16, 256, 0, PRF_HMAC_SHA2_256 },
        { ENCR_CHACHA20_POLY1305, 0, 0, PRF_HMAC_SHA2_256 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint16_t *r = rows[i];
        struct pair *p = pair_new(NULL, NULL);
        for (int who = 0; who < 2; who++) {
            struct side s;
            side_init(&s, who);
            struct ike_proposal *ike = &s.ike[0], *esp = &s.esp[0];
            *ike = PROP(TRANSFORM_ENCR, r[0], r[1], TRANSFORM_PRF, r[3], 0, TRANSFORM_KE,
                        GROUP_CURVE25519, 0);
            *esp = PROP(TRANSFORM_ENCR, r[0], r[1], TRANSFORM_ESN, ESN_NO, 0);
            if (r[2] != 0) {
                ike->t[ike->num++] = (struct ike_transform){ TRANSFORM_INTEG, r[2], 0 };
                esp->t[esp->num++] = (struct ike_transform){ TRANSFORM_INTEG, r[2], 0 };
            }
            pair_conn(p, who, &s);
        }
        uint32_t sa = pair_up(p);
        assert_settled(p);
        do_ok(p, A, sa, IKE_DO_REKEY_IKE, NULL);
        pair_settle(p);
        assert_settled(p);
        pair_free(p);
    }
}

static void groups(void **state)
{
    (void)state;
    static const uint16_t groups[] = { 1, 2, 5, 14, 15, 19, 20, 21, 22, 23, 24, 27, 28, 29, 30, 31,
                                       32 };
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        struct pair *p = pair_new(NULL, NULL);
        for (int who = 0; who < 2; who++) {
            struct side s;
            side_init(&s, who);
            s.ike[0].t[2].id = groups[i];
            s.esp[0].t[s.esp[0].num++] = (struct ike_transform){ TRANSFORM_KE, groups[i], 0 };
            pair_conn(p, who, &s);
        }
        uint32_t sa = pair_up(p);
        do_ok(p, A, sa, IKE_DO_REKEY_CHILD, NULL); /* with PFS */
        pair_settle(p);
        assert_settled(p);
        pair_free(p);
    }
}

static void wrong_psk(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    struct side a, b;
    side_init(&a, A);
    side_init(&b, B);
    a.c.psk_local = span_str("not the secret");
    a.c.psk_remote = span_str("lab-psk-0123456789");
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
    pair_up(p);
    assert_int_equal(live_sas(p, A), 0);
    assert_int_equal(live_sas(p, B), 0);
    assert_non_null(strstr(p->chain[3], "N(AUTHENTICATION_FAILED)"));
    pair_free(p);
}

/* RFC 7296 2.21.2: the initiator tells a responder that it cannot verify. */
static void wrong_psk_of_responder(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    struct side a, b;
    side_init(&a, A);
    side_init(&b, B);
    b.c.psk_local = span_str("not the secret");
    b.c.psk_remote = span_str("lab-psk-0123456789");
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
    pair_up(p);
    assert_int_equal(live_sas(p, A), 0);
    assert_int_equal(live_sas(p, B), 0);
    assert_non_null(strstr(p->chain[4], "N(AUTHENTICATION_FAILED)"));
    pair_free(p);
}

static void cookie(void **state)
{
    (void)state;
    struct ike_config cb = { .cookie_threshold = 0, .trace = true };
    struct pair *p = pair_new(NULL, &cb);
    pair_honest(p);
    pair_up(p);
    assert_string_equal(p->chain[1], "IKE_SA_INIT response 0 [ N(COOKIE) ]");
    assert_non_null(strstr(p->chain[2], "[ N(COOKIE) SA"));
    assert_int_equal(p->num_sent, 6);
    assert_settled(p);
    pair_free(p);
}

/* The initiator's first group is not the responder's: INVALID_KE_PAYLOAD, with a cookie before. */
static void invalid_ke_and_cookie(void **state)
{
    (void)state;
    struct ike_config cb = { .cookie_threshold = 0, .trace = true };
    struct pair *p = pair_new(NULL, &cb);
    struct side a, b;
    side_init(&a, A);
    side_init(&b, B);
    a.ike[0].t[a.ike[0].num++] = (struct ike_transform){ TRANSFORM_KE, GROUP_ECP_256, 0 };
    b.ike[0].t[2].id = GROUP_ECP_256;
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
    pair_up(p);
    assert_non_null(strstr(p->chain[3], "N(INVALID_KE_PAYLOAD)"));
    assert_settled(p);
    pair_free(p);
}

static void no_proposal(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    struct side a, b;
    side_init(&a, A);
    side_init(&b, B);
    b.ike[0].t[0].key_bits = 128;
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
    uint32_t sa = pair_up(p);
    assert_string_equal(p->chain[1], "IKE_SA_INIT response 0 [ N(NO_PROPOSAL_CHOSEN) ]");
    assert_int_equal(live_sas(p, B), 0);
    /* 2.21.1: not authenticated, so the initiator keeps trying before it gives up */
    assert_false(info_of(p, A, sa).dead);
    pair_wait(p, 60 * USEC_PER_S);
    assert_true(info_of(p, A, sa).dead);
    pair_free(p);
}

static void child_refused(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    struct side a, b;
    side_init(&a, A);
    side_init(&b, B);
    b.remote = range4("10.9.0.0", "10.9.0.255");
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
    pair_up(p);
    assert_int_equal(live_sas(p, A), 1);
    assert_int_equal(live_sas(p, B), 1);
    assert_int_equal(live_children(p, A), 0);
    assert_int_equal(live_children(p, B), 0);
    assert_non_null(strstr(p->chain[3], "IDr AUTH N(TS_UNACCEPTABLE)"));
    pair_free(p);
}

static void narrowing(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    struct side a, b;
    side_init(&a, A);
    side_init(&b, B);
    a.remote = range4("10.0.0.0", "10.255.255.255");
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
    pair_up(p);
    struct ike_sa_info i = only_sa(p, A);
    assert_memory_equal(i.child[0].ts_remote[0].lo, b.local.lo, 4);
    assert_memory_equal(i.child[0].ts_remote[0].hi, b.local.hi, 4);
    assert_settled(p);
    pair_free(p);
}

static void rekeys(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    pair_up(p);
    for (int who = 0; who < 2; who++)
        for (int k = 0; k < 3; k++) {
            uint32_t old = only_sa(p, who).child[0].spi_in;
            do_ok(p, who, only_sa(p, who).id, IKE_DO_REKEY_CHILD, NULL);
            pair_settle(p);
            assert_settled(p);
            assert_int_not_equal(only_sa(p, who).child[0].spi_in, old);
            uint64_t spi = only_sa(p, who).spi_i;
            uint32_t child = only_sa(p, who).child[0].spi_in;
            do_ok(p, who, only_sa(p, who).id, IKE_DO_REKEY_IKE, NULL);
            pair_settle(p);
            assert_settled(p);
            assert_true(only_sa(p, who).spi_i != spi);
            assert_int_equal(only_sa(p, who).child[0].spi_in, child); /* inherited */
            assert_int_equal(only_sa(p, who).next_request, 0);
            do_ok(p, who, only_sa(p, who).id, IKE_DO_LIVENESS, NULL);
            pair_settle(p);
        }
    pair_free(p);
}

static void new_child_and_deletes(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    pair_up(p);
    uint32_t sa = only_sa(p, B).id;
    do_ok(p, B, sa, IKE_DO_NEW_CHILD, NULL);
    pair_settle(p);
    assert_int_equal(live_children(p, A), 2);
    do_ok(p, B, sa, IKE_DO_DELETE_CHILD, NULL);
    pair_settle(p);
    assert_int_equal(live_children(p, A), 1);
    assert_int_equal(live_children(p, B), 1);
    assert_settled(p);
    do_ok(p, A, only_sa(p, A).id, IKE_DO_DELETE_IKE, NULL);
    pair_settle(p);
    assert_int_equal(live_sas(p, A) + live_sas(p, B), 0);
    assert_int_equal(live_children(p, A) + live_children(p, B), 0);
    pair_free(p);
}

/* --- both at once ------------------------------------------------------------------------------ */

/* Both ends start `what` before either hears of the other. */
static void cross(struct pair *p, enum ike_do a, enum ike_do b)
{
    do_ok(p, A, only_sa(p, A).id, a, NULL);
    do_ok(p, B, only_sa(p, B).id, b, NULL);
    pair_wait(p, 30 * USEC_PER_S);
}

static void crossed(enum ike_do a, enum ike_do b)
{
    static const enum nonce_bias bias[][2] = { { NONCE_RANDOM, NONCE_RANDOM },
                                               { NONCE_LOWEST, NONCE_HIGHEST },
                                               { NONCE_HIGHEST, NONCE_LOWEST } };
    for (size_t i = 0; i < 3; i++) {
        struct pair *p = pair_new(NULL, NULL);
        pair_honest(p);
        pair_up(p);
        ike_set_nonce_bias(p->e[A], bias[i][0]);
        ike_set_nonce_bias(p->e[B], bias[i][1]);
        cross(p, a, b);
        assert_settled(p);
        pair_free(p);
    }
}

static void crossed_child_rekeys(void **state)
{
    (void)state;
    crossed(IKE_DO_REKEY_CHILD, IKE_DO_REKEY_CHILD);
}

static void crossed_ike_rekeys(void **state)
{
    (void)state;
    crossed(IKE_DO_REKEY_IKE, IKE_DO_REKEY_IKE);
}

static void crossed_ike_and_child_rekeys(void **state)
{
    (void)state;
    crossed(IKE_DO_REKEY_IKE, IKE_DO_REKEY_CHILD);
    crossed(IKE_DO_REKEY_CHILD, IKE_DO_REKEY_IKE);
}

static void crossed_deletes(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    pair_up(p);
    cross(p, IKE_DO_DELETE_CHILD, IKE_DO_DELETE_CHILD);
    assert_int_equal(live_children(p, A) + live_children(p, B), 0);
    cross(p, IKE_DO_DELETE_IKE, IKE_DO_DELETE_IKE);
    assert_int_equal(live_sas(p, A) + live_sas(p, B), 0);
    pair_free(p);
}

/* Random commands from both ends under loss, doubling and delay end in one state. */
static uint32_t dice_state;

static uint32_t dice(uint32_t n)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (dice_state >> 8) % n;
}

static bool lose_some(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    (void)from;
    (void)d;
    return dice(100) < 20;
}

static void storms(void **state)
{
    (void)state;
    static const enum ike_do menu[] = { IKE_DO_REKEY_CHILD, IKE_DO_REKEY_IKE, IKE_DO_LIVENESS,
                                        IKE_DO_REKEY_CHILD, IKE_DO_REKEY_IKE };
    for (uint32_t seed = 1; seed <= 60; seed++) {
        struct pair *p = pair_new(NULL, NULL);
        for (int who = 0; who < 2; who++) {
            struct side s;
            side_init(&s, who);
            s.c.dpd_s = 20; /* so that an end whose peer gave up notices */
            pair_conn(p, who, &s);
        }
        pair_up(p);
        dice_state = seed;
        p->lose = lose_some;
        for (int k = 0; k < 6; k++) {
            for (int who = 0; who < 2; who++) {
                struct ike_sa_info i;
                struct fault why;
                for (size_t n = 0; ike_sa_at(p->e[who], n, &i); n++)
                    if (!i.dead && i.established && dice(2) &&
                        ike_command(p->e[who], i.id, menu[dice(5)], NULL, p->now, &why) == ERR_OK)
                        break;
            }
            pair_wait(p, dice(3) * USEC_PER_S);
        }
        p->lose = NULL;
        pair_wait(p, 120 * USEC_PER_S);
        if (live_sas(p, A) == 0 && live_sas(p, B) == 0) { /* 20 % loss may well end the SA */
            pair_free(p);
            continue;
        }
        if (live_sas(p, A) != 1 || live_sas(p, B) != 1)
            print_error("seed %u: %zu and %zu IKE SAs\n", seed, live_sas(p, A), live_sas(p, B));
        assert_int_equal(live_sas(p, A), live_sas(p, B));
        assert_int_equal(live_children(p, A), live_children(p, B));
        pair_free(p);
    }
}

/* --- loss, repetition, windows ----------------------------------------------------------------------- */

static size_t to_lose;

static bool lose_first(struct pair *p, int from, const struct ike_dgram *d)
{
    (void)p;
    (void)from;
    (void)d;
    if (to_lose == 0)
        return false;
    to_lose--;
    return true;
}

/* Whichever datagram of handshake and rekeys is lost, everything ends well. */
static void each_datagram_lost(void **state)
{
    (void)state;
    for (size_t skip = 0; skip < 12; skip++) {
        struct pair *p = pair_new(NULL, NULL);
        pair_honest(p);
        if (skip < 4) {
            to_lose = skip + 1;
            p->lose = lose_first;
        }
        pair_up(p);
        pair_wait(p, 10 * USEC_PER_S);
        to_lose = skip;
        p->lose = lose_first;
        do_ok(p, A, only_sa(p, A).id, IKE_DO_REKEY_CHILD, NULL);
        pair_wait(p, 90 * USEC_PER_S);
        if (live_sas(p, A) == 1) {
            p->lose = NULL;
            assert_settled(p);
        }
        pair_free(p);
    }
}

static void give_up(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    uint32_t sa = pair_up(p);
    to_lose = 1000;
    p->lose = lose_first;
    do_ok(p, A, sa, IKE_DO_LIVENESS, NULL);
    pair_wait(p, 100 * USEC_PER_S);
    assert_int_equal(p->events[A][IKE_EV_RETRANSMIT], 5);
    assert_int_equal(p->events[A][IKE_EV_GIVE_UP], 1);
    assert_true(info_of(p, A, sa).dead);
    pair_free(p);
}

static void window_of_five(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    struct side a, b;
    side_init(&a, A);
    side_init(&b, B);
    a.c.window = b.c.window = 5;
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
    uint32_t sa = pair_up(p);
    assert_int_equal(info_of(p, A, sa).window_peer, 5);
    for (int i = 0; i < 8; i++)
        do_ok(p, A, sa, IKE_DO_LIVENESS, NULL);
    assert_int_equal(info_of(p, A, sa).outstanding, 5);
    assert_int_equal(info_of(p, A, sa).queued, 3);
    pair_settle(p);
    assert_int_equal(info_of(p, A, sa).outstanding, 0);
    assert_int_equal(only_sa(p, B).next_expected, 10);
    assert_settled(p);
    pair_free(p);
}

static void nat_and_fragments(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.c.force_natt = who == A;
        s.c.fragment_size = 120;
        pair_conn(p, who, &s);
    }
    uint32_t sa = pair_up(p);
    assert_true(info_of(p, A, sa).floated);
    assert_int_equal(info_of(p, A, sa).remote.port, 4500);
    assert_true(info_of(p, A, sa).child[0].udp_encap);
    assert_true(p->num_sent > 6);
    assert_settled(p);
    do_ok(p, B, only_sa(p, B).id, IKE_DO_REKEY_IKE, NULL);
    pair_settle(p);
    assert_settled(p);
    pair_free(p);
}

/* Octets from nowhere: nothing crashes, no SA ends, no state grows. */
static void noise(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    pair_up(p);
    struct ike_sa_info i = only_sa(p, B);
    uint8_t b[200];
    dice_state = 5;
    for (int k = 0; k < 20000; k++) {
        size_t len = dice(sizeof b);
        for (size_t n = 0; n < len; n++)
            b[n] = (uint8_t)dice(256);
        if (len >= 28 && dice(2)) {
            put_u64(b, i.spi_i);
            put_u64(b + 8, dice(4) ? i.spi_r : 0);
            b[16] = (uint8_t)(33 + dice(22));
            b[17] = 0x20;
            b[18] = (uint8_t)(34 + dice(4));
            b[19] = (uint8_t)(dice(8) << 3);
            put_u32(b + 20, dice(4));
            put_u32(b + 24, (uint32_t)len);
        }
        struct ike_dgram d = { .local = i.local, .remote = i.remote, .protocol = 17, .p = b,
                               .len = len };
        d.local.port = dice(4) ? 500 : 4500;
        if (ike_feed(p->e[B], &d, p->now, NULL) == ERR_OK) {
        }
        while (ike_drain(p->e[B], &d)) {
        }
        pair_events(p, B);
    }
    assert_settled(p);
    pair_free(p);
}

/* The same seeds give the same octets. */
static void deterministic(void **state)
{
    (void)state;
    char first[4][400];
    for (int k = 0; k < 2; k++) {
        struct pair *p = pair_new(NULL, NULL);
        pair_honest(p);
        pair_up(p);
        struct ike_sa_info i = only_sa(p, A);
        snprintf(first[k], sizeof first[k], "%llx %llx %x %x", (unsigned long long)i.spi_i,
                 (unsigned long long)i.spi_r, i.child[0].spi_in, i.child[0].spi_out);
        pair_free(p);
    }
    assert_string_equal(first[0], first[1]);
}

static void rekey_by_time_and_dpd(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.c.child_rekey_s = 20;
        s.c.ike_rekey_s = 60;
        s.c.dpd_s = 7;
        pair_conn(p, who, &s);
    }
    pair_up(p);
    pair_wait(p, 300 * USEC_PER_S);
    assert_settled(p);
    assert_true(p->events[A][IKE_EV_IKE_REKEYED] + p->events[B][IKE_EV_IKE_REKEYED] >= 8);
    pair_free(p);
}

static void initial_contact(void **state)
{
    (void)state;
    struct pair *p = pair_new(NULL, NULL);
    pair_honest(p);
    uint32_t sa = pair_up(p);
    ike_forget(p->e[A], sa); /* A has crashed */
    pair_up(p);
    assert_settled(p);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshake),
        cmocka_unit_test(algorithms),
        cmocka_unit_test(groups),
        cmocka_unit_test(wrong_psk),
        cmocka_unit_test(wrong_psk_of_responder),
        cmocka_unit_test(cookie),
        cmocka_unit_test(invalid_ke_and_cookie),
        cmocka_unit_test(no_proposal),
        cmocka_unit_test(child_refused),
        cmocka_unit_test(narrowing),
        cmocka_unit_test(rekeys),
        cmocka_unit_test(new_child_and_deletes),
        cmocka_unit_test(crossed_child_rekeys),
        cmocka_unit_test(crossed_ike_rekeys),
        cmocka_unit_test(crossed_ike_and_child_rekeys),
        cmocka_unit_test(crossed_deletes),
        cmocka_unit_test(storms),
        cmocka_unit_test(each_datagram_lost),
        cmocka_unit_test(give_up),
        cmocka_unit_test(window_of_five),
        cmocka_unit_test(nat_and_fragments),
        cmocka_unit_test(noise),
        cmocka_unit_test(deterministic),
        cmocka_unit_test(rekey_by_time_and_dpd),
        cmocka_unit_test(initial_contact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

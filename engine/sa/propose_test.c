/* propose_test.c - choosing among proposals and checking a choice (RFC 7296 2.7, 3.3). */
#include "engine/pair_test.h"
#include "engine/sa/peer.h"

struct bench {
    struct ike_engine *e;
    struct seeded_rng *rng;
    struct message m;
    struct arena a;
    struct run r;
};

static uint8_t store[65536];

static struct bench open_bench(void)
{
    struct bench b = { 0 };
    struct ike_config c = { 0 };
    assert_int_equal(seeded_rng_new(&b.rng, 1, "propose"), ERR_OK);
    c.rng = seeded_rng_handle(b.rng);
    assert_int_equal(ike_new(&b.e, &c), ERR_OK);
    return b;
}

static void close_bench(struct bench *b)
{
    ike_free(b->e);
    seeded_rng_free(b->rng);
}

/* An SA payload as it would arrive: made, encoded, decoded. */
static struct node *offer(struct bench *b, const struct ike_proposal *p, size_t num,
                          uint8_t protocol, struct span spi)
{
    static uint8_t wire[8192];
    b->a = arena_init(store, sizeof store);
    assert_int_equal(msg_new(&b->m, &b->a, EXCHANGE_IKE_SA_INIT, 0, 0, 1, 0), ERR_OK);
    b->r = (struct run){ .e = b->e, .out = &b->m, .body = b->m.hdr };
    assert_true(build_sa(&b->r, p, num, protocol, spi, false));
    struct writer w = wr_init(wire, sizeof wire);
    assert_int_equal(msg_encode(&b->m, &w), ERR_OK);
    assert_int_equal(msg_decode(&b->m, &b->a, wr_done(&w), NULL), ERR_OK);
    return payload_find(b->m.hdr, PAYLOAD_SA);
}

static const struct choice_rules ike_rules = { .protocol = PROTOCOL_IKE };
static const struct choice_rules esp_rules = { .protocol = PROTOCOL_ESP, .spi_size = 4 };

#define GCM(bits) TRANSFORM_ENCR, ENCR_AES_GCM_16, bits
#define CBC(bits) TRANSFORM_ENCR, ENCR_AES_CBC, bits
#define SHA2      TRANSFORM_INTEG, AUTH_HMAC_SHA2_256_128, 0
#define PRF       TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0
#define X25519    TRANSFORM_KE, GROUP_CURVE25519, 0
#define P256      TRANSFORM_KE, GROUP_ECP_256, 0
#define NO_ESN    TRANSFORM_ESN, ESN_NO, 0

static uint16_t id_of(const struct chosen *c, uint8_t type)
{
    const struct ike_transform *t = proposal_find(&c->p, type);
    return t != NULL ? t->id : 0;
}

static void first_acceptable(void **state)
{
    (void)state;
    struct bench b = open_bench();
    struct ike_proposal theirs[] = { PROP(CBC(128), SHA2, PRF, X25519),
                                     PROP(GCM(128), GCM(256), PRF, P256, X25519) };
    struct ike_proposal ours[] = { PROP(GCM(256), PRF, X25519, P256) };
    struct chosen c;
    struct node *sa = offer(&b, theirs, 2, PROTOCOL_IKE, (struct span){ 0 });
    assert_int_equal(propose_choose(b.e, NULL, sa, ours, 1, &ike_rules, &c), ERR_OK);
    assert_int_equal(c.number, 2);
    assert_int_equal(c.p.num, 3);
    assert_int_equal(proposal_find(&c.p, TRANSFORM_ENCR)->key_bits, 256);
    assert_int_equal(id_of(&c, TRANSFORM_KE), GROUP_ECP_256); /* the peer's order */
    /* 2.7: rather the group of the KE payload, when it is acceptable */
    struct choice_rules prefer = ike_rules;
    prefer.prefer_group = GROUP_CURVE25519;
    assert_int_equal(propose_choose(b.e, NULL, sa, ours, 1, &prefer, &c), ERR_OK);
    assert_int_equal(id_of(&c, TRANSFORM_KE), GROUP_CURVE25519);
    assert_int_equal(c.p.num, 3);
    prefer.prefer_group = GROUP_ECP_384; /* not offered: as if it were not there */
    assert_int_equal(propose_choose(b.e, NULL, sa, ours, 1, &prefer, &c), ERR_OK);
    assert_int_equal(id_of(&c, TRANSFORM_KE), GROUP_ECP_256);
    close_bench(&b);
}

static enum err choose(struct ike_proposal theirs, struct ike_proposal ours,
                       const struct choice_rules *rules, struct span spi)
{
    struct bench b = open_bench();
    struct chosen c;
    struct node *sa = offer(&b, &theirs, 1, rules->protocol, spi);
    enum err rc = propose_choose(b.e, NULL, sa, &ours, 1, rules, &c);
    close_bench(&b);
    return rc;
}

static void refusals(void **state)
{
    (void)state;
    struct span none = { 0 }, spi = span_str("\1\2\3\4");
    struct ike_proposal ours = PROP(GCM(256), PRF, X25519);
    struct ike_proposal esp = PROP(GCM(256), NO_ESN);
    assert_int_equal(choose(PROP(GCM(128), PRF, X25519), ours, &ike_rules, none), ERR_NO_PROPOSAL);
    assert_int_equal(choose(PROP(GCM(256), PRF, P256), ours, &ike_rules, none), ERR_NO_PROPOSAL);
    assert_int_equal(choose(PROP(GCM(256), PRF), ours, &ike_rules, none), ERR_NO_PROPOSAL);
    assert_int_equal(choose(PROP(GCM(256), X25519), ours, &ike_rules, none), ERR_NO_PROPOSAL);
    /* a type of theirs that is none of ours */
    assert_int_equal(choose(PROP(GCM(256), PRF, X25519, SHA2), ours, &ike_rules, none),
                     ERR_NO_PROPOSAL);
    /* 3.3.6: a type that nobody knows spoils the proposal */
    assert_int_equal(choose(PROP(GCM(256), PRF, X25519, 200, 1, 0), ours, &ike_rules, none),
                     ERR_NO_PROPOSAL);
    /* 3.3.1: SPI sizes by protocol */
    assert_int_equal(choose(PROP(GCM(256), PRF, X25519), ours, &ike_rules, spi), ERR_NO_PROPOSAL);
    assert_int_equal(choose(PROP(GCM(256), NO_ESN), esp, &esp_rules, none), ERR_NO_PROPOSAL);
    assert_int_equal(choose(PROP(GCM(256), NO_ESN), esp, &esp_rules, spi), ERR_OK);
    /* INTEG NONE beside a combined cipher says nothing; a KE transform where none counts neither */
    assert_int_equal(choose(PROP(GCM(256), TRANSFORM_INTEG, 0, 0, NO_ESN), esp, &esp_rules, spi),
                     ERR_OK);
    struct choice_rules first = esp_rules;
    first.without_ke = true;
    assert_int_equal(choose(PROP(GCM(256), X25519, NO_ESN), esp, &first, spi), ERR_OK);
    assert_int_equal(choose(PROP(GCM(256), X25519, NO_ESN), esp, &esp_rules, spi), ERR_NO_PROPOSAL);
}

static enum err verify(struct ike_proposal *answer, size_t num, uint8_t number,
                       const struct ike_proposal *ours, size_t num_ours, struct chosen *c)
{
    struct bench b = open_bench();
    struct node *sa = offer(&b, answer, num, PROTOCOL_IKE, (struct span){ 0 });
    assert_int_equal(node_set_num(&b.m, sa->child, PROP_NUMBER, number), ERR_OK);
    enum err rc = propose_verify(b.e, NULL, sa, ours, num_ours, &ike_rules, c);
    close_bench(&b);
    return rc;
}

/* 2.7: one proposal, its number, one transform of each type offered under it. */
static void answers(void **state)
{
    (void)state;
    struct chosen c;
    struct ike_proposal ours[] = { PROP(CBC(128), CBC(256), SHA2, PRF, X25519),
                                   PROP(GCM(256), PRF, X25519) };
    struct ike_proposal good = PROP(GCM(256), PRF, X25519);
    assert_int_equal(verify(&good, 1, 2, ours, 2, &c), ERR_OK);
    assert_int_equal(c.number, 2);
    assert_int_equal(verify(&good, 1, 1, ours, 2, &c), ERR_NO_PROPOSAL); /* another's number */
    assert_int_equal(verify(&good, 1, 0, ours, 2, &c), ERR_NO_PROPOSAL);
    assert_int_equal(verify(&good, 1, 3, ours, 2, &c), ERR_NO_PROPOSAL);
    struct ike_proposal both[] = { good, good };
    assert_int_equal(verify(both, 2, 1, ours, 2, &c), ERR_NO_PROPOSAL);
    struct ike_proposal twice = PROP(CBC(128), CBC(256), SHA2, PRF, X25519);
    assert_int_equal(verify(&twice, 1, 1, ours, 2, &c), ERR_NO_PROPOSAL);
    struct ike_proposal lacking = PROP(CBC(128), PRF, X25519);
    assert_int_equal(verify(&lacking, 1, 1, ours, 2, &c), ERR_NO_PROPOSAL);
    struct ike_proposal weaker = PROP(CBC(192), SHA2, PRF, X25519);
    assert_int_equal(verify(&weaker, 1, 1, ours, 2, &c), ERR_NO_PROPOSAL);
}

/* Every possible transform of every possible type in one proposal: no overflow, a clean refusal. */
static void crowded(void **state)
{
    (void)state;
    struct bench b = open_bench();
    struct ike_proposal ours = PROP(GCM(256), PRF, X25519);
    struct chosen c;
    static uint8_t big[256 * 8 + 200];
    static uint8_t nodes[256 * 1024];
    struct writer w = wr_init(big, sizeof big);
    struct arena a = arena_init(nodes, sizeof nodes);
    struct message m;
    wr_u8(&w, 0);
    wr_u8(&w, 0);
    wr_u16(&w, 4 + 8 + 255 * 8);
    wr_u8(&w, 0);
    wr_u8(&w, 0);
    wr_u16(&w, 8 + 255 * 8);
    wr_u8(&w, 1);
    wr_u8(&w, PROTOCOL_IKE);
    wr_u8(&w, 0);
    wr_u8(&w, 255);
    for (unsigned i = 0; i < 255; i++) {
        wr_u8(&w, i < 254 ? 3 : 0);
        wr_u8(&w, 0);
        wr_u16(&w, 8);
        wr_u8(&w, (uint8_t)(i + 1));
        wr_u8(&w, 0);
        wr_u16(&w, (uint16_t)i);
    }
    assert_int_equal(msg_new(&m, &a, EXCHANGE_IKE_SA_INIT, 0, 0, 1, 0), ERR_OK);
    assert_int_equal(chain_decode(&m, m.hdr, PAYLOAD_SA, wr_done(&w), NULL), ERR_OK);
    struct node *sa = payload_find(m.hdr, PAYLOAD_SA);
    assert_int_equal(propose_choose(b.e, NULL, sa, &ours, 1, &ike_rules, &c), ERR_NO_PROPOSAL);
    ike_bend(b.e, REQ_UNKNOWN_TRANSFORM_TYPE, true);
    ike_bend(b.e, REQ_RESPONSE_CHECKED, true);
    assert_int_equal(propose_choose(b.e, NULL, sa, &ours, 1, &ike_rules, &c), ERR_NO_PROPOSAL);
    assert_int_not_equal(propose_verify(b.e, NULL, sa, &ours, 1, &ike_rules, &c), ERR_OK);
    close_bench(&b);
}

static void helpers(void **state)
{
    (void)state;
    struct ike_proposal p[] = { PROP(GCM(256), PRF), PROP(CBC(128), SHA2, PRF, P256, X25519) };
    struct suite s;
    assert_int_equal(proposals_first(p, 2, TRANSFORM_KE), GROUP_ECP_256);
    assert_int_equal(proposals_first(p, 1, TRANSFORM_KE), 0);
    assert_true(proposals_offer(p, 2, TRANSFORM_KE, GROUP_CURVE25519));
    assert_false(proposals_offer(p, 2, TRANSFORM_KE, GROUP_ECP_384));
    assert_int_equal(proposal_suite(&p[0], &s), ERR_OK);
    assert_true(s.aead);
    struct ike_proposal none = { 0 };
    assert_int_equal(proposal_suite(&none, &s), ERR_NO_PROPOSAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_acceptable), cmocka_unit_test(refusals), cmocka_unit_test(answers),
        cmocka_unit_test(crowded),          cmocka_unit_test(helpers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

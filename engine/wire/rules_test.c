/* rules_test.c - messages written as chains of payload names, and what the table says of them. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "engine/wire/rules.h"
#include "engine/wire/samples.h"

static alignas(16) uint8_t store[1 << 18];

struct row {
    uint8_t exchange, flags, mid;
    const char *chain; /* SK: what follows goes inside; SAi an SA with an IKE proposal;
                          N! an error notify, Nc COOKIE */
    enum err err;
    uint8_t payload;
};

static void add(struct message *m, struct node *parent, const char *word)
{
    if (strcmp(word, "SAi") == 0) {
        sample_proposal(m, payload_add(m, parent, PAYLOAD_SA), PROTOCOL_IKE, 8);
    } else if (word[0] == 'N' && (word[1] == '!' || word[1] == 'c' || word[1] == '\0')) {
        uint16_t type = word[1] == '!'   ? N_NO_PROPOSAL_CHOSEN
                        : word[1] == 'c' ? N_COOKIE
                                         : N_MOBIKE_SUPPORTED;
        sample_notify(m, parent, type, 0, 0, 0);
    } else {
        int64_t type = name_num(&names_payload, word);
        assert_true(type > 0 && type < 256);
        payload_add(m, parent, (uint8_t)type);
    }
}

static void build(struct message *m, struct arena *a, const struct row *r)
{
    char chain[128];
    SAMPLE_OK(msg_new(m, a, r->exchange, r->flags, r->mid, 1, 2));
    struct node *parent = m->hdr;
    snprintf(chain, sizeof chain, "%s", r->chain);
    for (char *w = strtok(chain, " "); w != NULL; w = strtok(NULL, " ")) {
        if (strcmp(w, "sealed") == 0)
            msg_sk(m)->set |= NODE_SEALED;
        else if (strcmp(w, "out") == 0)
            parent = m->hdr;
        else
            add(m, parent, w);
        if (strcmp(w, "SK") == 0 && parent == m->hdr)
            parent = m->hdr->last_child;
    }
}

enum {
    INIT = EXCHANGE_IKE_SA_INIT,
    AUTH = EXCHANGE_IKE_AUTH,
    CHILD = EXCHANGE_CREATE_CHILD_SA,
    INFO = EXCHANGE_INFORMATIONAL,
    I = FLAG_INITIATOR,
    R = FLAG_RESPONSE
};

static void test_rows(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { INIT, I, 0, "SA KE Nonce", ERR_OK, 0 },
        { INIT, I, 0, "Nc SA KE Nonce N N V 200", ERR_OK, 0 },
        { INIT, I, 0, "V KE Nonce N SA", ERR_OK, 0 }, /* any order: RFC 7296 2.5 */
        { INIT, I, 0, "KE Nonce", ERR_MISSING, PAYLOAD_SA },
        { INIT, I, 0, "SA Nonce", ERR_MISSING, PAYLOAD_KE },
        { INIT, I, 0, "SA KE", ERR_MISSING, PAYLOAD_NONCE },
        { INIT, I, 0, "N!", ERR_MISSING, PAYLOAD_SA },
        { INIT, I, 0, "", ERR_MISSING, PAYLOAD_SA },
        { INIT, I, 0, "SA SA KE Nonce", ERR_DUPLICATE, PAYLOAD_SA },
        { INIT, I, 0, "SA KE KE Nonce", ERR_DUPLICATE, PAYLOAD_KE },
        { INIT, I, 0, "SA KE Nonce Nonce", ERR_DUPLICATE, PAYLOAD_NONCE },
        { INIT, I, 0, "SA KE Nonce TSi", ERR_MISPLACED, PAYLOAD_TSi },
        { INIT, I, 0, "SA KE Nonce AUTH", ERR_MISPLACED, PAYLOAD_AUTH },
        { INIT, I, 0, "SA KE Nonce CERTREQ", ERR_MISPLACED, PAYLOAD_CERTREQ },
        { INIT, I, 0, "SA KE Nonce SK", ERR_MISPLACED, PAYLOAD_SK },
        { INIT, R, 0, "SA KE Nonce CERTREQ CERTREQ N", ERR_OK, 0 },
        { INIT, R, 0, "N!", ERR_OK, 0 },
        { INIT, R, 0, "Nc", ERR_OK, 0 },
        { INIT, R, 0, "N", ERR_MISSING, PAYLOAD_SA },
        { INIT, R, 0, "N! D", ERR_MISPLACED, PAYLOAD_DELETE },
        { AUTH, I, 1, "SK IDi AUTH SA TSi TSr", ERR_OK, 0 },
        { AUTH, I, 1, "SK IDi CERT CERT CERTREQ IDr AUTH CP SA TSi TSr N V", ERR_OK, 0 },
        { AUTH, I, 1, "SK IDi SA TSi TSr", ERR_OK, 0 }, /* asks for EAP */
        { AUTH, I, 1, "SK IDi AUTH", ERR_OK, 0 },       /* childless */
        { AUTH, I, 1, "SK IDi AUTH SA TSi", ERR_MISSING, PAYLOAD_TSr },
        { AUTH, I, 1, "SK IDi AUTH TSi TSr", ERR_MISSING, PAYLOAD_SA },
        { AUTH, I, 1, "SK AUTH SA TSi TSr", ERR_MISSING, PAYLOAD_IDi },
        { AUTH, I, 1, "SK IDi IDi AUTH SA TSi TSr", ERR_DUPLICATE, PAYLOAD_IDi },
        { AUTH, I, 1, "SK IDi AUTH AUTH SA TSi TSr", ERR_DUPLICATE, PAYLOAD_AUTH },
        { AUTH, I, 1, "SK IDi AUTH SA TSi TSi TSr", ERR_DUPLICATE, PAYLOAD_TSi },
        { AUTH, I, 1, "SK IDi AUTH SA TSi TSr KE", ERR_MISPLACED, PAYLOAD_KE },
        { AUTH, I, 1, "IDi AUTH SA TSi TSr", ERR_MISSING, PAYLOAD_SK },
        { AUTH, I, 1, "SK sealed", ERR_OK, 0 },
        { AUTH, I, 1, "IDi SK sealed", ERR_MISPLACED, PAYLOAD_IDi },
        { AUTH, I, 1, "V SK sealed", ERR_OK, 0 },
        { AUTH, I, 1, "SK sealed out SK", ERR_DUPLICATE, PAYLOAD_SK },
        { AUTH, I, 1, "SK IDi AUTH SK", ERR_MISPLACED, PAYLOAD_SK },
        { AUTH, I, 2, "SK EAP", ERR_OK, 0 },
        { AUTH, I, 2, "SK EAP SA", ERR_MISPLACED, PAYLOAD_SA },
        { AUTH, I, 4, "SK AUTH", ERR_OK, 0 },
        { AUTH, I, 4, "SK", ERR_MISSING, PAYLOAD_AUTH },
        { AUTH, R, 1, "SK IDr AUTH SA TSi TSr", ERR_OK, 0 },
        { AUTH, R, 1, "SK IDr CERT AUTH CP SA TSi TSr N", ERR_OK, 0 },
        { AUTH, R, 1, "SK IDr AUTH N!", ERR_OK, 0 },
        { AUTH, R, 1, "SK N!", ERR_OK, 0 },
        { AUTH, R, 1, "N!", ERR_OK, 0 }, /* unprotected error: a hint, but lawful */
        { AUTH, R, 1, "SK AUTH SA TSi TSr", ERR_MISSING, PAYLOAD_IDr },
        { AUTH, R, 1, "SK IDr SA TSi TSr", ERR_MISSING, PAYLOAD_AUTH },
        { AUTH, R, 1, "SK IDr AUTH SA TSr", ERR_MISSING, PAYLOAD_TSi },
        { AUTH, R, 1, "SK IDr AUTH EAP", ERR_OK, 0 },
        { AUTH, R, 1, "SK EAP", ERR_MISSING, PAYLOAD_IDr },
        { AUTH, R, 3, "SK EAP", ERR_OK, 0 },
        { AUTH, R, 4, "SK AUTH SA TSi TSr", ERR_OK, 0 },
        { CHILD, I, 2, "SK SA Nonce TSi TSr", ERR_OK, 0 },
        { CHILD, I, 2, "SK N SA Nonce KE TSi TSr", ERR_OK, 0 },
        { CHILD, I, 2, "SK SA Nonce TSi", ERR_MISSING, PAYLOAD_TSr },
        { CHILD, I, 2, "SK SA TSi TSr", ERR_MISSING, PAYLOAD_NONCE },
        { CHILD, I, 2, "SK SAi Nonce KE", ERR_OK, 0 },
        { CHILD, I, 2, "SK SAi Nonce", ERR_MISSING, PAYLOAD_KE },
        { CHILD, I, 2, "SK SAi Nonce KE TSi TSr", ERR_MISPLACED, PAYLOAD_TSi },
        { CHILD, R, 2, "SK N!", ERR_OK, 0 },
        { CHILD, 0, 2, "SK SA Nonce TSi TSr", ERR_OK, 0 },
        { CHILD, I, 2, "SA Nonce TSi TSr", ERR_MISSING, PAYLOAD_SK },
        { CHILD, I, 2, "SK SA Nonce TSi TSr D", ERR_MISPLACED, PAYLOAD_DELETE },
        { INFO, I, 3, "SK", ERR_OK, 0 },
        { INFO, I, 3, "SK D D N CP", ERR_OK, 0 },
        { INFO, I, 3, "SK CP CP", ERR_DUPLICATE, PAYLOAD_CP },
        { INFO, I, 3, "SK AUTH", ERR_MISPLACED, PAYLOAD_AUTH },
        { INFO, I, 3, "D", ERR_MISSING, PAYLOAD_SK },
        { INFO, I, 3, "", ERR_MISSING, PAYLOAD_SK },
        { INFO, I, 3, "N!", ERR_OK, 0 },
        { EXCHANGE_IKE_INTERMEDIATE, I, 1, "SK KE", ERR_OK, 0 },
        { EXCHANGE_IKE_INTERMEDIATE, I, 1, "SK SA", ERR_MISPLACED, PAYLOAD_SA },
        { EXCHANGE_IKE_FOLLOWUP_KE, I, 1, "SK N", ERR_MISSING, PAYLOAD_KE },
        { EXCHANGE_IKE_SESSION_RESUME, I, 0, "Nonce N", ERR_OK, 0 },
        { 250, I, 0, "SA SA D", ERR_OK, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        struct fault why = { 0 };
        build(&m, &a, &rows[i]);
        bool from_initiator = (rows[i].flags & R) == 0;
        enum err e = rules_check(&m, from_initiator, &why);
        if (e != rows[i].err || (e != ERR_OK && why.payload != rows[i].payload))
            fail_msg("exchange %u flags %u [%s]: %s %u", rows[i].exchange, rows[i].flags,
                     rows[i].chain, err_name(e), why.payload);
        assert_int_equal(rules_check(&m, from_initiator, NULL), e);
    }
}

/* IKE_SA_INIT and IKE_AUTH requests come from the initiator only. */
static void test_direction(void **state)
{
    (void)state;
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    build(&m, &a, &(struct row){ .exchange = INIT, .chain = "SA KE Nonce" });
    assert_int_equal(rules_check(&m, false, NULL), ERR_MISPLACED);
    build(&m, &a, &(struct row){ .exchange = INIT, .flags = R, .chain = "SA KE Nonce" });
    assert_int_equal(rules_check(&m, true, NULL), ERR_MISPLACED);
    build(&m, &a, &(struct row){ .exchange = CHILD, .chain = "SK SA Nonce TSi TSr" });
    assert_int_equal(rules_check(&m, false, NULL), ERR_OK);
}

static void test_req(void **state)
{
    (void)state;
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct fault why;
    build(&m, &a, &(struct row){ .exchange = AUTH, .mid = 1, .chain = "SK IDi IDi AUTH" });
    assert_int_equal(rules_check(&m, true, &why), ERR_DUPLICATE);
    assert_int_equal(why.inside, 1);
    assert_int_equal(why.req, REQ_RULES_DUPLICATE);
    assert_string_equal(why.field, "IDi");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_direction),
        cmocka_unit_test(test_req),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

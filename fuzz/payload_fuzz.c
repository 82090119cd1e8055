/* payload_fuzz.c - each payload with its lists, as those read it who decide by it: proposals are
 * chosen and verified, traffic selectors narrowed, findings and prints made. What comes out of that
 * was in what went in. */
#include <stdalign.h>

#include "engine/wire/lint.h"
#include "engine/wire/print.h"
#include "engine/wire/rules.h"
#include "fuzz/fixed_sa.h"
#include "fuzz/must.h"

static alignas(16) uint8_t store[1 << 20];
static uint8_t alone[70000];
static char text[1 << 14];

static const struct ike_proposal own[] = {
    { .t = { { TRANSFORM_ENCR, ENCR_AES_GCM_16, 256 },
             { TRANSFORM_ENCR, ENCR_AES_GCM_16, 128 },
             { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 },
             { TRANSFORM_KE, GROUP_CURVE25519, 0 },
             { TRANSFORM_KE, GROUP_ECP_256, 0 } },
      .num = 5 },
    { .t = { { TRANSFORM_ENCR, ENCR_AES_CBC, 128 },
             { TRANSFORM_ENCR, ENCR_AES_CBC, 256 },
             { TRANSFORM_INTEG, AUTH_HMAC_SHA2_256_128, 0 },
             { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 },
             { TRANSFORM_KE, GROUP_MODP_2048, 0 } },
      .num = 5 },
    { .t = { { TRANSFORM_ENCR, ENCR_AES_GCM_16, 256 }, { TRANSFORM_ESN, ESN_NO, 0 } }, .num = 2 },
    { .t = { { TRANSFORM_ENCR, ENCR_AES_CBC, 128 },
             { TRANSFORM_INTEG, AUTH_HMAC_SHA2_256_128, 0 },
             { TRANSFORM_ESN, ESN_YES, 0 },
             { TRANSFORM_ESN, ESN_NO, 0 } },
      .num = 4 },
};
#define NUM_OWN (sizeof own / sizeof own[0])

static bool has_transform(const struct node *prop, const struct ike_transform *t)
{
    for (const struct node *n = prop->child; n != NULL; n = n->next)
        if (node_num(n, TRANS_TYPE) == t->type && node_num(n, TRANS_ID) == t->id &&
            transform_key_bits(n) == t->key_bits)
            return true;
    return false;
}

static bool same(const struct ike_transform *a, const struct ike_transform *b)
{
    return a->type == b->type && a->id == b->id && a->key_bits == b->key_bits;
}

/* RFC 7296 3.3: one transform of each type, all of one proposal of theirs and one of ours. */
static void check_chosen(const struct node *payload, const struct chosen *c)
{
    bool ours = false, theirs = false;
    for (size_t i = 0; i < c->p.num; i++)
        for (size_t j = 0; j < i; j++)
            must(c->p.t[i].type != c->p.t[j].type);
    for (const struct node *p = payload->child; p != NULL && !theirs; p = p->next) {
        theirs = node_num(p, PROP_NUMBER) == c->number;
        for (size_t i = 0; i < c->p.num; i++)
            theirs = theirs && has_transform(p, &c->p.t[i]);
    }
    for (size_t o = 0; o < NUM_OWN && !ours; o++) {
        ours = true;
        for (size_t i = 0; i < c->p.num; i++) {
            bool in = c->p.t[i].id == 0 && proposal_find(&own[o], c->p.t[i].type) == NULL;
            for (size_t j = 0; j < own[o].num; j++)
                in = in || same(&own[o].t[j], &c->p.t[i]);
            ours = ours && in;
        }
    }
    must(theirs);
    must(ours);
}

static void proposals(struct ike_sa *sa, const struct node *payload)
{
    static const struct choice_rules rules[] = {
        { PROTOCOL_IKE, 0, GROUP_ECP_256, false },
        { PROTOCOL_IKE, 8, 0, false },
        { PROTOCOL_ESP, 4, 0, true },
        { PROTOCOL_ESP, 4, GROUP_CURVE25519, false },
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct chosen c;
        struct suite s;
        if (propose_choose(sa->e, sa, payload, own, NUM_OWN, &rules[i], &c) == ERR_OK) {
            check_chosen(payload, &c);
            must(proposal_suite(&c.p, &s) == ERR_OK);
        }
        if (propose_verify(sa->e, sa, payload, own, NUM_OWN, &rules[i], &c) == ERR_OK) {
            must(payload->child != NULL && payload->child->next == NULL);
            check_chosen(payload, &c);
        }
    }
}

static bool opaque(const struct ike_selector *s)
{
    return s->port_lo == 65535 && s->port_hi == 0;
}

/* RFC 7296 3.13.1: no port, which is in OPAQUE and in ANY only; or the ports of a range. */
static bool ports_in(const struct ike_selector *s, const struct ike_selector *of)
{
    bool any = of->port_lo == 0 && of->port_hi == 65535;
    if (opaque(s) || opaque(of))
        return opaque(s) && (opaque(of) || any);
    return s->port_lo >= of->port_lo && s->port_hi <= of->port_hi;
}

static bool ports_meet(const struct ike_selector *a, const struct ike_selector *b)
{
    if (opaque(a) || opaque(b))
        return ports_in(a, b) || ports_in(b, a);
    return (a->port_lo > b->port_lo ? a->port_lo : b->port_lo) <=
           (a->port_hi < b->port_hi ? a->port_hi : b->port_hi);
}

/* By itself: selectors_within rests on the code that it would have to judge. */
static bool in_one_of(const struct ike_selector *s, const struct ike_selector *of, size_t num)
{
    size_t len = s->type == TS_IPV4_ADDR_RANGE ? 4 : 16;
    for (size_t i = 0; i < num; i++)
        if (s->type == of[i].type && (of[i].protocol == 0 || s->protocol == of[i].protocol) &&
            ports_in(s, &of[i]) &&
            memcmp(s->lo, of[i].lo, len) >= 0 && memcmp(s->hi, of[i].hi, len) <= 0 &&
            memcmp(s->lo, s->hi, len) <= 0)
            return true;
    return false;
}

/* Whether some packet falls into both. */
static bool overlap(const struct ike_selector *a, const struct ike_selector *b)
{
    size_t len = a->type == TS_IPV4_ADDR_RANGE ? 4 : 16;
    return a->type == b->type &&
           (a->protocol == b->protocol || a->protocol == 0 || b->protocol == 0) &&
           ports_meet(a, b) && memcmp(a->lo, b->hi, len) <= 0 && memcmp(b->lo, a->hi, len) <= 0 &&
           memcmp(a->lo, a->hi, len) <= 0;
}

static void selectors(const struct node *payload)
{
    static const struct ike_selector allowed[2] = {
        { .type = TS_IPV4_ADDR_RANGE, .port_hi = 65535, .lo = { 10 }, .hi = { 10, 0, 255, 255 } },
        { .type = TS_IPV6_ADDR_RANGE, .protocol = 17, .port_lo = 53, .port_hi = 5000,
          .lo = { 0x20 }, .hi = { 0x20, 255, 255 } },
    };
    struct ike_selector have[MAX_SELECTORS], both[MAX_SELECTORS];
    size_t num = selectors_read(payload, have, MAX_SELECTORS);
    must(num <= MAX_SELECTORS);
    size_t n = selectors_intersect(have, num, allowed, 2, both, MAX_SELECTORS);
    must(n <= MAX_SELECTORS);
    bool meet = false;
    for (size_t i = 0; i < n; i++) /* RFC 7296 2.9: a subset of either */
        must(in_one_of(&both[i], allowed, 2) && in_one_of(&both[i], have, num));
    for (size_t i = 0; i < num; i++)
        for (size_t j = 0; j < 2; j++)
            meet = meet || overlap(&have[i], &allowed[j]);
    must(meet == (n > 0));
    must(n == 0 || (selectors_within(both, n, allowed, 2) && selectors_within(both, n, have, num)));
    for (size_t i = 0; i < num; i++) {
        struct addr a = { .family = have[i].type == TS_IPV4_ADDR_RANGE ? 4 : 6 };
        memcpy(a.ip, have[i].lo, sizeof a.ip);
        (void)selectors_match(have, num, &a, have[i].protocol, have[i].port_lo);
    }
}

/* A payload goes into a message of its own and comes out of it the same. */
static void by_itself(struct message *m, struct node *n)
{
    struct message one, back;
    struct fault why;
    size_t mark = m->arena->used;
    struct node *c = node_clone(m, n);
    struct writer w = wr_init(alone, sizeof alone);
    if (c != NULL && msg_new(&one, m->arena, msg_exchange(m), 0, 1, 1, 2) == ERR_OK) {
        node_insert(one.hdr, c, NULL);
        must(msg_encode(&one, &w) == ERR_OK);
        must(msg_decode(&back, m->arena, wr_done(&w), &why) == ERR_OK);
        must(back.hdr->child->type == n->type && back.hdr->child->next == NULL);
        for (unsigned t = 0; t < n->shape->tails; t++)
            must(span_eq(n->tail[t], back.hdr->child->tail[t]));
    }
    m->arena->used = mark;
}

static void look(struct ike_sa *sa, struct message *m)
{
    struct fault found[8];
    for (struct node *n = m->hdr->child; n != NULL; n = n->next) {
        if (n->type == PAYLOAD_SA)
            proposals(sa, n);
        if (n->type == PAYLOAD_TSi || n->type == PAYLOAD_TSr)
            selectors(n);
        if (n->type == PAYLOAD_NOTIFY)
            must(notify_find(m->hdr, (uint16_t)node_num(n, NOTIFY_TYPE)) != NULL);
        print_payload(n, text, sizeof text);
        if (n->type != PAYLOAD_SK && n->type != PAYLOAD_SKF)
            by_itself(m, n);
    }
    must(lint(m, found, 8) <= MAX_NODES * 16);
    (void)!rules_check(m, (msg_flags(m) & FLAG_INITIATOR) != 0, found);
    print_tree(m, 16, text, sizeof text);
    print_line(m, text, sizeof text);
    const struct node *odd = msg_unknown_critical(m->hdr);
    must(odd == NULL || (node_num(odd, PL_CRITICAL) == 1 && shape_of(odd->type) == &shape_unknown));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct fault why;
    struct ike_sa *sa = fixed_sa(SEALING_GCM);
    if (msg_decode(&m, &a, span_of(data, size), &why) == ERR_OK)
        look(sa, &m);
    fixed_sa_rest(sa);
    return 0;
}

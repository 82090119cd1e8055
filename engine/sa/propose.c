/* propose.c - choosing a proposal and checking the peer's choice (RFC 7296 2.7, 3.3). */
#include "engine/sa/peer.h"

const struct ike_transform *proposal_find(const struct ike_proposal *p, uint8_t type)
{
    for (size_t i = 0; i < p->num; i++)
        if (p->t[i].type == type)
            return &p->t[i];
    return NULL;
}

bool proposals_offer(const struct ike_proposal *p, size_t num, uint8_t type, uint16_t id)
{
    for (size_t i = 0; i < num; i++)
        for (size_t j = 0; j < p[i].num; j++)
            if (p[i].t[j].type == type && p[i].t[j].id == id)
                return true;
    return false;
}

uint16_t proposals_first(const struct ike_proposal *p, size_t num, uint8_t type)
{
    for (size_t i = 0; i < num; i++) {
        const struct ike_transform *t = proposal_find(&p[i], type);
        if (t != NULL && t->id != 0)
            return t->id;
    }
    return 0;
}

enum err proposal_suite(const struct ike_proposal *p, struct suite *s)
{
    const struct ike_transform *encr = proposal_find(p, TRANSFORM_ENCR);
    const struct ike_transform *integ = proposal_find(p, TRANSFORM_INTEG);
    if (encr == NULL)
        return ERR_NO_PROPOSAL;
    return suite_init(s, encr->id, encr->key_bits, integ != NULL ? integ->id : 0);
}

/* Reads one transform of the wire. False when an attribute that is not known stands on it: such
 * a transform cannot be chosen (RFC 7296 3.3.6). */
static bool transform_read(struct ike_engine *e, const struct ike_sa *sa, const struct node *t,
                           struct ike_transform *out)
{
    *out = (struct ike_transform){
        .type = (uint8_t)node_num(t, TRANS_TYPE),
        .id = (uint16_t)node_num(t, TRANS_ID),
    };
    unsigned num_length = 0;
    bool known = true;
    for (const struct node *a = t->child; a != NULL; a = a->next) {
        if (node_num(a, ATTR_TYPE) == ATTRIBUTE_KEY_LENGTH && node_num(a, ATTR_AF) == 1) {
            out->key_bits = (uint16_t)node_num(a, ATTR_VALUE);
            num_length++;
        } else {
            known = false;
        }
    }
    if (!known && !judge(e, sa, REQ_UNKNOWN_ATTRIBUTE, false))
        return false;
    return num_length < 2;
}

static bool acceptable(struct ike_engine *e, const struct ike_sa *sa, struct ike_transform *offered,
                       const struct ike_proposal *own)
{
    for (size_t i = 0; i < own->num; i++) {
        if (own->t[i].type != offered->type || own->t[i].id != offered->id)
            continue;
        if (own->t[i].key_bits == offered->key_bits)
            return true;
    }
    /* RFC 7296 3.3.5: a key length that the cipher does not have, or one that is missing */
    bool odd = offered->key_bits != 128 && offered->key_bits != 192 && offered->key_bits != 256;
    for (size_t i = 0; odd && i < own->num; i++)
        if (own->t[i].type == offered->type && own->t[i].id == offered->id &&
            judge(e, sa, REQ_KEY_LENGTH, false)) {
            offered->key_bits = own->t[i].key_bits;
            return true;
        }
    return offered->id == 0 && proposal_find(own, offered->type) == NULL &&
           (offered->type == TRANSFORM_INTEG || offered->type == TRANSFORM_KE);
}

static bool known_type(uint8_t type)
{
    return type >= TRANSFORM_ENCR && type <= TRANSFORM_ESN;
}

/* Tries one offered proposal against one of ours. */
static bool match(struct ike_engine *e, const struct ike_sa *sa, const struct node *prop,
                  const struct ike_proposal *own, const struct choice_rules *rules,
                  struct chosen *out)
{
    *out = (struct chosen){ .number = (uint8_t)node_num(prop, PROP_NUMBER) };
    bool offered[256] = { false };
    const struct ike_transform *taken[256] = { NULL };
    for (const struct node *t = prop->child; t != NULL; t = t->next) {
        struct ike_transform x;
        uint8_t type = (uint8_t)node_num(t, TRANS_TYPE);
        if (rules->without_ke && type == TRANSFORM_KE)
            continue;
        if (!known_type(type)) {
            /* RFC 7296 3.3.6: a proposal with a transform type not known is not chosen */
            if (!judge(e, sa, REQ_UNKNOWN_TRANSFORM_TYPE, false))
                return false;
            continue;
        }
        offered[type] = true;
        if (!transform_read(e, sa, t, &x))
            continue;
        bool better = type == TRANSFORM_KE && rules->prefer_group != 0 &&
                      x.id == rules->prefer_group && taken[type] != NULL && taken[type]->id != x.id;
        if ((taken[type] != NULL && !better) || !acceptable(e, sa, &x, own))
            continue;
        if (better) {
            out->p.t[taken[type] - out->p.t] = x;
            continue;
        }
        if (out->p.num == sizeof out->p.t / sizeof out->p.t[0])
            return false;
        out->p.t[out->p.num] = x;
        taken[type] = &out->p.t[out->p.num++];
    }
    for (unsigned type = 0; type < 256; type++)
        if (offered[type] && taken[type] == NULL)
            return false;
    for (size_t i = 0; i < own->num; i++) { /* every type of ours must be there */
        uint8_t type = own->t[i].type;
        bool optional = (rules->without_ke && type == TRANSFORM_KE) ||
                        (own->t[i].id == 0 && (type == TRANSFORM_INTEG || type == TRANSFORM_KE));
        if (taken[type] == NULL && !optional) {
            bool has_none = false;
            for (size_t j = 0; j < own->num; j++)
                has_none = has_none ||
                           (own->t[j].type == type && own->t[j].id == 0 && type != TRANSFORM_ESN);
            if (!has_none)
                return false;
        }
    }
    struct suite s;
    if (proposal_suite(&out->p, &s) != ERR_OK)
        return false;
    return true;
}

/* Protocol and SPI of a proposal (RFC 7296 3.3.1). */
static bool fits(struct ike_engine *e, const struct ike_sa *sa, const struct node *prop,
                 const struct choice_rules *rules)
{
    bool protocol = node_num(prop, PROP_PROTOCOL) == rules->protocol;
    bool size = node_bytes(prop, PROP_SPI).len == rules->spi_size;
    return judge(e, sa, REQ_PROPOSAL_PROTOCOL, protocol) && judge(e, sa, REQ_SPI_SIZE, size);
}

static uint64_t spi_value(const struct node *prop)
{
    struct span s = node_bytes(prop, PROP_SPI);
    return s.len == 4 ? get_u32(s.p) : s.len == 8 ? get_u64(s.p) : 0;
}

enum err propose_choose(struct ike_engine *e, const struct ike_sa *sa, const struct node *payload,
                        const struct ike_proposal *own, size_t num_own,
                        const struct choice_rules *rules, struct chosen *out)
{
    for (const struct node *p = payload->child; p != NULL; p = p->next) {
        if (!fits(e, sa, p, rules))
            continue;
        for (size_t i = 0; i < num_own; i++)
            if (match(e, sa, p, &own[i], rules, out)) {
                out->spi = spi_value(p);
                return ERR_OK;
            }
    }
    return ERR_NO_PROPOSAL;
}

enum err propose_verify(struct ike_engine *e, const struct ike_sa *sa, const struct node *payload,
                        const struct ike_proposal *own, size_t num_own,
                        const struct choice_rules *rules, struct chosen *out)
{
    const struct node *p = payload->child;
    if (p == NULL || !judge(e, sa, REQ_RESPONSE_CHECKED, p->next == NULL))
        return ERR_NO_PROPOSAL;
    if (!fits(e, sa, p, rules))
        return ERR_NO_PROPOSAL;
    unsigned seen[256] = { 0 };
    for (const struct node *t = p->child; t != NULL; t = t->next) {
        uint64_t type = node_num(t, TRANS_TYPE);
        if (!judge(e, sa, REQ_ONE_TRANSFORM_EACH, seen[type & 0xff]++ == 0))
            return ERR_NO_PROPOSAL;
        /* RFC 7296 1.2: no group was offered in IKE_AUTH */
        if (rules->without_ke && type == TRANSFORM_KE && node_num(t, TRANS_ID) != 0 &&
            !judge(e, sa, REQ_RESPONSE_CHECKED, false))
            return ERR_NO_PROPOSAL;
    }
    size_t number = node_num(p, PROP_NUMBER);
    bool known = number >= 1 && number <= num_own;
    if (!judge(e, sa, REQ_PROPOSAL_NUMBER, known))
        return ERR_NO_PROPOSAL;
    if (known && match(e, sa, p, &own[number - 1], rules, out)) {
        out->spi = spi_value(p);
        return ERR_OK;
    }
    if (!judge(e, sa, REQ_RESPONSE_CHECKED, false))
        return ERR_NO_PROPOSAL;
    /* turned round: takes whatever the provider can do */
    *out = (struct chosen){ .number = (uint8_t)number, .spi = spi_value(p) };
    for (const struct node *t = p->child; t != NULL && out->p.num < 40; t = t->next)
        if (!transform_read(e, sa, t, &out->p.t[out->p.num++]))
            return ERR_NO_PROPOSAL;
    struct suite s;
    return proposal_suite(&out->p, &s);
}

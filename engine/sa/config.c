/* config.c - the configuration payload, both roles (RFC 7296 2.19, 3.15): inner addresses are
 * leased from the connection's pool for the life of the IKE SA, and asked for by the attribute
 * types of the connection. A connection without pool passes over what it is asked. Of a family
 * there is one address however often it is asked for: 3.15.1 lets a client ask for several and
 * bounds the answer from above only, 3.15.4 forbids to refuse for those that are missing, and
 * 2.19 calls one address the usual. */
#include "engine/sa/peer.h"
#include "engine/wire/cfg.h"

/* What this end answers, and from where: values of the connection's cfg_give come first. */
enum source {
    LEASED,    /* the address of this IKE SA */
    HOST_MASK, /* no link but the tunnel itself */
    GIVEN,     /* nothing of its own */
    VERSION,
    PROTECTED, /* the networks behind this end */
    TYPES      /* this table */
};
static const struct answer {
    uint16_t type;
    uint8_t source, family;
} answers[] = {
    { CFG_ATTR_INTERNAL_IP4_ADDRESS, LEASED, 0 },
    { CFG_ATTR_INTERNAL_IP4_NETMASK, HOST_MASK, 0 },
    { CFG_ATTR_INTERNAL_IP4_DNS, GIVEN, 0 },
    { CFG_ATTR_INTERNAL_IP4_NBNS, GIVEN, 0 },
    { CFG_ATTR_INTERNAL_IP4_DHCP, GIVEN, 0 },
    { CFG_ATTR_APPLICATION_VERSION, VERSION, 0 },
    { CFG_ATTR_INTERNAL_IP6_ADDRESS, LEASED, 1 },
    { CFG_ATTR_INTERNAL_IP6_DNS, GIVEN, 1 },
    { CFG_ATTR_INTERNAL_IP6_DHCP, GIVEN, 1 },
    { CFG_ATTR_INTERNAL_IP4_SUBNET, PROTECTED, 0 },
    { CFG_ATTR_SUPPORTED_ATTRIBUTES, TYPES, 0 },
    { CFG_ATTR_INTERNAL_IP6_SUBNET, PROTECTED, 1 },
};
enum { NUM_ANSWERS = sizeof answers / sizeof answers[0] };

static const uint8_t ts_type[NUM_FAMILIES] = { TS_IPV4_ADDR_RANGE, TS_IPV6_ADDR_RANGE };
static const uint8_t ip_octets[NUM_FAMILIES] = { 4, 16 };
static const uint16_t address_type[NUM_FAMILIES] = { CFG_ATTR_INTERNAL_IP4_ADDRESS,
                                                     CFG_ATTR_INTERNAL_IP6_ADDRESS };

static struct node *add_cp(struct run *r, enum cfg_type type)
{
    struct node *n = payload_add(r->out, r->body, PAYLOAD_CP);
    return n != NULL && node_set_num(r->out, n, CP_TYPE, type) == ERR_OK ? n : NULL;
}

static bool add(struct run *r, struct node *cp, uint16_t type, struct span value)
{
    struct node *n = child_add(r->out, cp, &shape_cfg_attribute);
    if (value.len > 0 && cfg_form(type) != CFG_FORM_TEXT &&
        !duty(r->e, r->sa, REQ_CFG_VALUE_LENGTH))
        value.len--; /* turned round: an octet is missing */
    return n != NULL && node_set_num(r->out, n, CFG_TYPE, type) == ERR_OK &&
           (value.len == 0 || node_set_bytes(r->out, n, CFG_VALUE, value) == ERR_OK);
}

/* The CP payload of this type at hand; NULL when there is none. */
static const struct node *find_cp(const struct run *r, enum cfg_type type)
{
    const struct node *n = payload_find(r->inner, PAYLOAD_CP);
    while (n != NULL && node_num(n, CP_TYPE) != type)
        n = payload_next(n, PAYLOAD_CP);
    return n;
}

static const struct node *find_attribute(const struct node *cp, uint16_t type)
{
    const struct node *n = cp->child;
    while (n != NULL && node_num(n, CFG_TYPE) != type)
        n = n->next;
    return n;
}

static size_t num_attributes(const struct node *cp, uint16_t type)
{
    size_t num = 0;
    for (const struct node *n = cp != NULL ? cp->child : NULL; n != NULL; n = n->next)
        num += node_num(n, CFG_TYPE) == type;
    return num;
}

/* The place of a type in the table; NUM_ANSWERS when it has none. */
static size_t place(uint16_t type)
{
    size_t i = 0;
    while (i < NUM_ANSWERS && answers[i].type != type)
        i++;
    return i;
}

/* --- initiator ---------------------------------------------------------------------------------
 */

static bool is_address(uint16_t type)
{
    return type == address_type[0] || type == address_type[1];
}

bool config_ask(struct run *r)
{
    static const uint8_t some[4] = { 255, 255, 255, 0 };
    const struct ike_conn *c = &r->sa->conn->c;
    if (c->num_cfg_ask == 0 || !duty(r->e, r->sa, REQ_CP_IN_FIRST_AUTH))
        return true;
    struct node *cp = add_cp(r, CFG_REQUEST);
    bool ok = cp != NULL;
    for (size_t i = 0; ok && i < c->num_cfg_ask; i++) {
        uint16_t type = c->cfg_ask[i];
        struct span value = { 0 };
        if (is_address(type) && !duty(r->e, r->sa, REQ_CP_HAS_ADDRESS))
            continue;
        if ((type == CFG_ATTR_INTERNAL_IP4_NETMASK &&
             !duty(r->e, r->sa, REQ_NETMASK_REQUEST_EMPTY)) ||
            (type == CFG_ATTR_SUPPORTED_ATTRIBUTES && !duty(r->e, r->sa, REQ_SUPPORTED_EMPTY)))
            value = span_of(some, sizeof some);
        ok = add(r, cp, type, value);
    }
    return ok;
}

static bool asked_for(const struct ike_conn *c, uint16_t type)
{
    for (size_t i = 0; i < c->num_cfg_ask; i++)
        if (c->cfg_ask[i] == type)
            return true;
    return false;
}

/* 3.15.1: unknown attributes are ignored in replies too. 3.15.4: who needs an address and gets none
 * treats that as an error. */
bool config_take(struct run *r)
{
    const struct ike_conn *c = &r->sa->conn->c;
    const struct node *cp = c->num_cfg_ask > 0 ? find_cp(r, CFG_REPLY) : NULL;
    bool held = false;
    for (const struct node *n = cp != NULL ? cp->child : NULL; n != NULL; n = n->next)
        if (place((uint16_t)node_num(n, CFG_TYPE)) == NUM_ANSWERS &&
            !duty(r->e, r->sa, REQ_CP_UNKNOWN_ATTRIBUTE))
            return false;
    for (size_t f = 0; f < NUM_FAMILIES && cp != NULL; f++) {
        const struct node *n = asked_for(c, address_type[f]) ? find_attribute(cp, address_type[f])
                                                             : NULL;
        struct span v = n != NULL ? node_bytes(n, CFG_VALUE) : (struct span){ 0 };
        if (v.len == 0 || !cfg_length_right(address_type[f], v.len))
            continue;
        memcpy(r->sa->lease[f].ip, v.p, ip_octets[f]);
        r->sa->lease[f].held = held = true;
    }
    return held || !c->cfg_required || !duty(r->e, r->sa, REQ_CP_REPLY_MISSING);
}

/* --- responder ---------------------------------------------------------------------------------
 */

/* 3.15.1: an address stays with its IKE SA and those that follow it by rekeying. */
static bool is_free(const struct run *r, size_t family, const uint8_t *ip)
{
    if (!duty(r->e, r->sa, REQ_LEASE_ALONE))
        return true;
    for (const struct ike_sa *o = r->e->sas; o != NULL; o = o->next)
        if (o != r->sa && !o->dead && o->conn == r->sa->conn && o->lease[family].held &&
            memcmp(o->lease[family].ip, ip, ip_octets[family]) == 0)
            return false;
    return true;
}

static void next_address(uint8_t *ip, size_t len)
{
    while (len-- > 0 && ++ip[len] == 0)
        continue;
}

static bool take(struct run *r, size_t family, const uint8_t *ip)
{
    if (!is_free(r, family, ip))
        return false;
    memcpy(r->sa->lease[family].ip, ip, ip_octets[family]);
    r->sa->lease[family].held = true;
    return true;
}

/* A free address of the pool: the one that is wished for, or the lowest. The search is bounded by
 * the number of SAs, as each holds one address at most. */
static bool lease(struct run *r, size_t family, struct span wish)
{
    const struct ike_conn *c = &r->sa->conn->c;
    size_t len = ip_octets[family];
    if (r->sa->lease[family].held)
        return true;
    for (size_t i = 0; i < c->num_pool; i++) {
        const struct ike_selector *p = &c->pool[i];
        if (p->type == ts_type[family] && wish.len >= len && memcmp(wish.p, p->lo, len) >= 0 &&
            memcmp(wish.p, p->hi, len) <= 0 && take(r, family, wish.p))
            return true;
    }
    for (size_t i = 0; i < c->num_pool; i++) {
        uint8_t ip[16];
        memcpy(ip, c->pool[i].lo, sizeof ip);
        if (c->pool[i].type != ts_type[family])
            continue;
        for (;;) {
            if (take(r, family, ip))
                return true;
            if (memcmp(ip, c->pool[i].hi, len) >= 0)
                break;
            next_address(ip, len);
        }
    }
    return false;
}

uint16_t config_lease(struct run *r)
{
    const struct node *cp = find_cp(r, CFG_REQUEST);
    size_t asked = 0, given = 0, wanted = 0;
    if (r->sa->conn->c.num_pool == 0)
        return 0;
    for (const struct node *n = cp != NULL ? cp->child : NULL; n != NULL; n = n->next) {
        uint16_t type = (uint16_t)node_num(n, CFG_TYPE);
        if (place(type) == NUM_ANSWERS && !duty(r->e, r->sa, REQ_CP_UNKNOWN_ATTRIBUTE))
            return N_INTERNAL_ADDRESS_FAILURE;
        wanted += is_address(type);
    }
    for (size_t f = 0; f < NUM_FAMILIES; f++) {
        const struct node *n = cp != NULL ? find_attribute(cp, address_type[f]) : NULL;
        if (n == NULL)
            continue;
        asked++;
        given += lease(r, f, node_bytes(n, CFG_VALUE));
    }
    if (asked == 0) /* 2.19: policy wants it */
        return duty(r->e, r->sa, REQ_FAILED_CP_REQUIRED) ? N_FAILED_CP_REQUIRED : 0;
    if (given == 0 && duty(r->e, r->sa, REQ_ADDRESS_FAILURE))
        return N_INTERNAL_ADDRESS_FAILURE;
    /* 3.15.4: some are better than none */
    if (given > 0 && given < wanted && !duty(r->e, r->sa, REQ_FAILURE_IF_NONE))
        return N_INTERNAL_ADDRESS_FAILURE;
    return 0;
}

size_t config_selectors(const struct ike_sa *sa, struct ike_selector *out)
{
    size_t num = 0;
    for (size_t f = 0; f < NUM_FAMILIES; f++) {
        if (!sa->lease[f].held)
            continue;
        out[num] = (struct ike_selector){ .type = ts_type[f], .port_hi = 65535 };
        memcpy(out[num].lo, sa->lease[f].ip, ip_octets[f]);
        memcpy(out[num].hi, sa->lease[f].ip, ip_octets[f]);
        num++;
    }
    return num;
}

/* The prefix length of a range; -1 when it is no prefix. */
static int prefix_of(const struct ike_selector *s, size_t len)
{
    int bits = 0;
    size_t at = 0;
    for (; at < len * 8; at++, bits++)
        if (((s->lo[at / 8] ^ s->hi[at / 8]) >> (7 - at % 8) & 1) != 0)
            break;
    for (; at < len * 8; at++) {
        unsigned shift = 7 - at % 8;
        if ((s->lo[at / 8] >> shift & 1) != 0 || (s->hi[at / 8] >> shift & 1) == 0)
            return -1;
    }
    return bits;
}

/* What this end protects, one attribute per prefix (3.15.2). */
static bool add_subnets(struct run *r, struct node *cp, size_t family, uint16_t type)
{
    const struct ike_conn *c = &r->sa->conn->c;
    size_t len = ip_octets[family];
    bool ok = true;
    for (size_t i = 0; ok && i < c->num_ts_local; i++) {
        const struct ike_selector *s = &c->ts_local[i];
        uint8_t value[17];
        int bits = s->type == ts_type[family] ? prefix_of(s, len) : -1;
        if (bits < 0)
            continue;
        memcpy(value, s->lo, len);
        if (family == 0)
            put_u32(value + 4, bits == 0 ? 0 : UINT32_MAX << (32 - bits));
        else
            value[16] = (uint8_t)bits;
        ok = add(r, cp, type, span_of(value, family == 0 ? 8 : 17));
    }
    return ok;
}

/* 3.15.1: an IPv6 address has its prefix length behind it, here that of a host. */
static bool add_lease(struct run *r, struct node *cp, size_t family, uint16_t type)
{
    const struct lease *l = &r->sa->lease[family];
    uint8_t value[17];
    memcpy(value, l->ip, 16);
    value[16] = 128;
    struct span v = span_of(value, family == 0 ? 4 : 17);
    bool ok = !l->held || add(r, cp, type, v);
    if (ok && l->held && !duty(r->e, r->sa, REQ_ADDRESS_COUNT)) { /* turned round: one too many */
        size_t asked = num_attributes(find_cp(r, CFG_REQUEST), type);
        do {
            next_address(value, ip_octets[family]);
            ok = add(r, cp, type, v);
        } while (ok && asked-- > 1);
    }
    return ok;
}

static bool add_version(struct run *r, struct node *cp, uint16_t type)
{
    /* printable, and no zero at the end */
    return add(r, cp, type, span_of("ikespec", duty(r->e, r->sa, REQ_VERSION_PRINTABLE) ? 7 : 8));
}

/* A set: each type once. */
static bool add_types(struct run *r, struct node *cp, uint16_t type)
{
    uint8_t value[2 * NUM_ANSWERS];
    for (size_t i = 0; i < NUM_ANSWERS; i++)
        put_u16(value + 2 * i, answers[i].type);
    if (!duty(r->e, r->sa, REQ_SUPPORTED_LIST))
        put_u16(value, answers[1].type);
    return add(r, cp, type, span_of(value, sizeof value));
}

static bool answer_one(struct run *r, struct node *cp, const struct answer *a)
{
    const struct ike_conn *c = &r->sa->conn->c;
    static const uint8_t host_mask[4] = { 255, 255, 255, 255 };
    size_t num = 0;
    bool ok = true;
    /* 3.15.1: a mask never without an address */
    if (a->source == HOST_MASK && !r->sa->lease[a->family].held &&
        duty(r->e, r->sa, REQ_NETMASK_NEEDS_ADDRESS))
        return true;
    for (size_t i = 0; ok && i < c->num_cfg_give; i++) {
        if (c->cfg_give[i].type != a->type || a->source == LEASED || a->source == TYPES)
            continue;
        num++;
        ok = add(r, cp, a->type, c->cfg_give[i].value);
    }
    if (!ok || num > 0)
        return ok;
    switch ((enum source)a->source) {
    case LEASED:
        return add_lease(r, cp, a->family, a->type);
    case HOST_MASK:
        return add(r, cp, a->type, span_of(host_mask, 4));
    case VERSION:
        return add_version(r, cp, a->type);
    case PROTECTED:
        return add_subnets(r, cp, a->family, a->type);
    case TYPES:
        return add_types(r, cp, a->type);
    case GIVEN:
        break;
    }
    return true;
}

bool config_answer(struct run *r)
{
    const struct node *request = find_cp(r, CFG_REQUEST);
    if (r->sa->conn->c.num_pool == 0)
        return true;
    if (find_cp(r, CFG_SET) != NULL) /* 3.15.1: nothing of it was accepted */
        return add_cp(r, CFG_ACK) != NULL;
    if (request == NULL && duty(r->e, r->sa, REQ_NO_UNASKED_REPLY))
        return true;
    if (!duty(r->e, r->sa, REQ_LEASES_ADDRESS))
        return true;
    struct node *cp = add_cp(r, CFG_REPLY);
    bool ok = cp != NULL, answered[NUM_ANSWERS + 1] = { false };
    answered[NUM_ANSWERS] = true; /* 3.15.1: what is not known is ignored */
    for (const struct node *n = request != NULL ? request->child : NULL; ok && n != NULL;
         n = n->next) {
        size_t i = place((uint16_t)node_num(n, CFG_TYPE));
        if (!answered[i]) /* however often it is asked for */
            ok = answer_one(r, cp, &answers[i]);
        answered[i] = true;
    }
    return ok;
}

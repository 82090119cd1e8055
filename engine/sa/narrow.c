/* narrow.c - traffic selectors: reading, intersecting, matching (RFC 7296 2.9, 3.13). */
#include "engine/sa/peer.h"

static size_t ip_len(uint8_t type)
{
    return type == TS_IPV4_ADDR_RANGE ? 4 : type == TS_IPV6_ADDR_RANGE ? 16 : 0;
}

size_t selectors_read(const struct node *ts, struct ike_selector *out, size_t cap)
{
    size_t num = 0;
    for (const struct node *n = ts != NULL ? ts->child : NULL; n != NULL && num < cap;
         n = n->next) {
        struct ike_selector *s = &out[num];
        *s = (struct ike_selector){
            .type = (uint8_t)node_num(n, SEL_TYPE),
            .protocol = (uint8_t)node_num(n, SEL_PROTOCOL),
            .port_lo = (uint16_t)node_num(n, SEL_PORT_LO),
            .port_hi = (uint16_t)node_num(n, SEL_PORT_HI),
        };
        struct span lo = node_bytes(n, SEL_ADDR_LO), hi = node_bytes(n, SEL_ADDR_HI);
        size_t len = ip_len(s->type);
        if (len == 0 || lo.len != len || hi.len != len)
            continue; /* unknown selector types are passed over */
        memcpy(s->lo, lo.p, len);
        memcpy(s->hi, hi.p, len);
        num++;
    }
    return num;
}

/* RFC 7296 3.13.1: ports 65535-0 are OPAQUE, and 0-65535, which is ANY, includes that. */
static bool opaque(const struct ike_selector *s)
{
    return s->port_lo == 65535 && s->port_hi == 0;
}

static bool any_port(const struct ike_selector *s)
{
    return s->port_lo == 0 && s->port_hi == 65535;
}

static bool intersect(const struct ike_selector *a, const struct ike_selector *b,
                      struct ike_selector *out)
{
    size_t len = ip_len(a->type);
    if (a->type != b->type || len == 0)
        return false;
    if (a->protocol != 0 && b->protocol != 0 && a->protocol != b->protocol)
        return false;
    *out = *a;
    if (out->protocol == 0)
        out->protocol = b->protocol;
    if (opaque(a) || opaque(b)) { /* it meets itself and any port, nothing between */
        if (!(opaque(a) || any_port(a)) || !(opaque(b) || any_port(b)))
            return false;
        out->port_lo = 65535;
        out->port_hi = 0;
    } else {
        out->port_lo = a->port_lo > b->port_lo ? a->port_lo : b->port_lo;
        out->port_hi = a->port_hi < b->port_hi ? a->port_hi : b->port_hi;
        if (out->port_lo > out->port_hi)
            return false;
    }
    if (memcmp(b->lo, a->lo, len) > 0)
        memcpy(out->lo, b->lo, len);
    if (memcmp(b->hi, a->hi, len) < 0)
        memcpy(out->hi, b->hi, len);
    return memcmp(out->lo, out->hi, len) <= 0;
}

size_t selectors_intersect(const struct ike_selector *a, size_t num_a, const struct ike_selector *b,
                           size_t num_b, struct ike_selector *out, size_t cap)
{
    size_t num = 0;
    for (size_t i = 0; i < num_a; i++)
        for (size_t j = 0; j < num_b && num < cap; j++) {
            if (!intersect(&a[i], &b[j], &out[num]))
                continue;
            bool known = false; /* a list may hold the packet's own selector first (2.9) */
            for (size_t k = 0; k < num; k++)
                known = known || selectors_within(&out[num], 1, &out[k], 1);
            if (!known)
                num++;
        }
    return num;
}

static void put_address(struct ike_selector *s, size_t num, const struct addr *a)
{
    for (size_t i = 0; i < num; i++)
        if (ip_len(s[i].type) == addr_len(a)) {
            memcpy(s[i].lo, a->ip, addr_len(a));
            memcpy(s[i].hi, a->ip, addr_len(a));
        }
}

void selectors_as_seen(const struct ike_sa *sa, struct ike_selector *local, size_t num_local,
                       struct ike_selector *remote, size_t num_remote)
{
    if (sa->nat_local)
        put_address(local, num_local, &sa->local);
    if (sa->nat_remote)
        put_address(remote, num_remote, &sa->remote);
}

enum err narrow_request(struct run *r)
{
    const struct ike_conn *c = &r->sa->conn->c;
    struct ike_selector wi[MAX_SELECTORS], wr[MAX_SELECTORS];
    size_t ni = selectors_read(payload_find(r->inner, PAYLOAD_TSi), wi, MAX_SELECTORS);
    size_t nr = selectors_read(payload_find(r->inner, PAYLOAD_TSr), wr, MAX_SELECTORS);
    bool transport = c->transport && notify_find(r->inner, N_USE_TRANSPORT_MODE) != NULL;
    if (transport && duty(r->e, r->sa, REQ_TRANSPORT_SUBSTITUTED))
        selectors_as_seen(r->sa, wr, nr, wi, ni);
    /* 2.19: who was given an address has that one and no other */
    struct ike_selector leased[NUM_FAMILIES];
    size_t num_leased = config_selectors(r->sa, leased);
    bool host = c->num_pool > 0 && num_leased > 0;
    r->num_ts_remote =
        selectors_intersect(wi, ni, host ? leased : c->ts_remote,
                            host ? num_leased : c->num_ts_remote, r->ts_remote, MAX_SELECTORS);
    r->num_ts_local =
        selectors_intersect(wr, nr, c->ts_local, c->num_ts_local, r->ts_local, MAX_SELECTORS);
    if (!duty(r->e, r->sa, REQ_TS_NARROWED)) { /* turned round: takes what it is asked for */
        memcpy(r->ts_remote, wi, sizeof wi);
        memcpy(r->ts_local, wr, sizeof wr);
        r->num_ts_remote = ni;
        r->num_ts_local = nr;
    }
    if (r->num_ts_local > 0 && r->num_ts_remote > 0)
        return ERR_OK;
    if (duty(r->e, r->sa, REQ_TS_UNACCEPTABLE))
        return ERR_VALUE;
    r->ts_remote[0] = c->ts_remote[0]; /* turned round: gives what nobody asked for */
    r->ts_local[0] = c->ts_local[0];
    r->num_ts_remote = r->num_ts_local = 1;
    return ERR_OK;
}

bool selectors_within(const struct ike_selector *part, size_t num_part,
                      const struct ike_selector *whole, size_t num_whole)
{
    for (size_t i = 0; i < num_part; i++) {
        bool in = false;
        for (size_t j = 0; j < num_whole && !in; j++) {
            struct ike_selector x;
            in = intersect(&part[i], &whole[j], &x) && x.protocol == part[i].protocol &&
                 x.port_lo == part[i].port_lo && x.port_hi == part[i].port_hi &&
                 memcmp(x.lo, part[i].lo, ip_len(x.type)) == 0 &&
                 memcmp(x.hi, part[i].hi, ip_len(x.type)) == 0;
        }
        if (!in)
            return false;
    }
    return num_part > 0;
}

static bool covers(const struct ike_selector *s, const struct addr *a, uint8_t protocol)
{
    size_t len = ip_len(s->type);
    return len == addr_len(a) && memcmp(a->ip, s->lo, len) >= 0 && memcmp(a->ip, s->hi, len) <= 0 &&
           (s->protocol == 0 || s->protocol == protocol);
}

bool selectors_match(const struct ike_selector *s, size_t num, const struct addr *a,
                     uint8_t protocol, uint16_t port)
{
    for (size_t i = 0; i < num; i++)
        if (covers(&s[i], a, protocol) && port >= s[i].port_lo && port <= s[i].port_hi)
            return true;
    return false;
}

bool selectors_match_portless(const struct ike_selector *s, size_t num, const struct addr *a,
                              uint8_t protocol, bool *all_ports)
{
    bool found = false;
    *all_ports = false;
    for (size_t i = 0; i < num; i++)
        if (covers(&s[i], a, protocol)) {
            found = true;
            *all_ports = *all_ports || any_port(&s[i]);
        }
    return found;
}

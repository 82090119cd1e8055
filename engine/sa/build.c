/* build.c - the payloads of honest messages, and sending a message as request or response. */
#include "engine/sa/peer.h"

enum err build_start(struct run *r, uint8_t exchange, bool response, uint32_t mid, bool sealed)
{
    struct ike_sa *sa = r->sa;
    uint8_t flags =
        (uint8_t)((sa->initiator ? FLAG_INITIATOR : 0) | (response ? FLAG_RESPONSE : 0));
    if (!duty(r->e, sa, REQ_IDS_IN_ORDER) && sealed && !response)
        mid++;
    arena_reset(&r->e->arena_out);
    enum err rc = msg_new(r->out, &r->e->arena_out, exchange, flags, mid, sa->spi_i, sa->spi_r);
    if (rc != ERR_OK)
        return rc;
    r->body = r->out->hdr;
    if (sealed)
        r->body = payload_add(r->out, r->out->hdr, PAYLOAD_SK);
    return r->body != NULL ? ERR_OK : ERR_SPACE;
}

static bool set(struct run *r, struct node *n, unsigned field, uint64_t v)
{
    return node_set_num(r->out, n, field, v) == ERR_OK;
}

static bool set_bytes(struct run *r, struct node *n, unsigned field, struct span v)
{
    return node_set_bytes(r->out, n, field, v) == ERR_OK;
}

static bool add_transform(struct run *r, struct node *prop, const struct ike_transform *t)
{
    struct node *n = child_add(r->out, prop, &shape_transform);
    if (n == NULL || !set(r, n, TRANS_TYPE, t->type) || !set(r, n, TRANS_ID, t->id))
        return false;
    if (t->key_bits == 0)
        return true;
    struct node *a = child_add(r->out, n, &shape_attribute);
    return a != NULL && set(r, a, ATTR_AF, 1) && set(r, a, ATTR_TYPE, ATTRIBUTE_KEY_LENGTH) &&
           set(r, a, ATTR_VALUE, t->key_bits);
}

static struct node *add_proposal(struct run *r, struct node *payload, uint8_t number,
                                 uint8_t protocol, struct span spi)
{
    struct node *p = child_add(r->out, payload, &shape_proposal);
    if (p == NULL || !set(r, p, PROP_NUMBER, number) || !set(r, p, PROP_PROTOCOL, protocol) ||
        (spi.len > 0 && !set_bytes(r, p, PROP_SPI, spi)))
        return NULL;
    return p;
}

bool build_sa(struct run *r, const struct ike_proposal *p, size_t num, uint8_t protocol,
              struct span spi, bool without_ke)
{
    struct node *payload = payload_add(r->out, r->body, PAYLOAD_SA);
    if (payload == NULL)
        return false;
    for (size_t i = 0; i < num; i++) {
        struct node *prop = add_proposal(r, payload, (uint8_t)(i + 1), protocol, spi);
        if (prop == NULL)
            return false;
        for (size_t j = 0; j < p[i].num; j++)
            if (!(without_ke && p[i].t[j].type == TRANSFORM_KE) &&
                !add_transform(r, prop, &p[i].t[j]))
                return false;
    }
    return true;
}

bool build_chosen(struct run *r, const struct chosen *c, uint8_t protocol, struct span spi)
{
    struct node *payload = payload_add(r->out, r->body, PAYLOAD_SA);
    uint8_t number = c->number;
    if (!duty(r->e, r->sa, REQ_PROPOSAL_NUMBER))
        number++;
    struct node *prop = payload != NULL ? add_proposal(r, payload, number, protocol, spi) : NULL;
    if (prop == NULL)
        return false;
    for (size_t j = 0; j < c->p.num; j++)
        if (!add_transform(r, prop, &c->p.t[j]))
            return false;
    if (!duty(r->e, r->sa, REQ_ONE_TRANSFORM_EACH) && c->p.num > 0)
        return add_transform(r, prop, &c->p.t[0]);
    return true;
}

bool build_ke(struct run *r, uint16_t group, struct span data)
{
    struct node *n = payload_add(r->out, r->body, PAYLOAD_KE);
    return n != NULL && set(r, n, KE_GROUP, group) && set_bytes(r, n, KE_DATA, data);
}

bool build_nonce(struct run *r, struct span data)
{
    struct node *n = payload_add(r->out, r->body, PAYLOAD_NONCE);
    return n != NULL && set_bytes(r, n, NONCE_DATA, data);
}

void build_nonce_sent(const struct run *r, uint8_t *nonce, size_t *len)
{
    const struct node *n = payload_find(r->body, PAYLOAD_NONCE);
    struct span s = n != NULL ? node_bytes(n, NONCE_DATA) : (struct span){ 0 };
    if (s.len > 0 && s.len <= NONCE_MAX) {
        memcpy(nonce, s.p, s.len);
        *len = s.len;
    }
}

bool build_notify_spi(struct run *r, uint16_t type, uint8_t protocol, struct span spi,
                      struct span data)
{
    struct node *n = payload_add(r->out, r->body, PAYLOAD_NOTIFY);
    return n != NULL && set(r, n, NOTIFY_TYPE, type) && set(r, n, NOTIFY_PROTOCOL, protocol) &&
           (spi.len == 0 || set_bytes(r, n, NOTIFY_SPI, spi)) &&
           (data.len == 0 || set_bytes(r, n, NOTIFY_DATA, data));
}

bool build_notify(struct run *r, uint16_t type, struct span data)
{
    return build_notify_spi(r, type, 0, (struct span){ 0 }, data);
}

bool build_id(struct run *r, bool initiator, const struct ike_id *id)
{
    struct node *n = payload_add(r->out, r->body, initiator ? PAYLOAD_IDi : PAYLOAD_IDr);
    return n != NULL && set(r, n, ID_TYPE, id->type) && set_bytes(r, n, ID_DATA, id->data);
}

bool build_auth(struct run *r, uint8_t method, struct span data)
{
    struct node *n = payload_add(r->out, r->body, PAYLOAD_AUTH);
    return n != NULL && set(r, n, AUTH_METHOD, method) && set_bytes(r, n, AUTH_DATA, data);
}

bool build_ts(struct run *r, bool initiator, const struct ike_selector *s, size_t num)
{
    struct node *n = payload_add(r->out, r->body, initiator ? PAYLOAD_TSi : PAYLOAD_TSr);
    if (n == NULL)
        return false;
    for (size_t i = 0; i < num; i++) {
        struct node *t = child_add(r->out, n, &shape_selector);
        size_t len = s[i].type == TS_IPV4_ADDR_RANGE ? 4 : 16;
        if (t == NULL || !set(r, t, SEL_TYPE, s[i].type) ||
            !set(r, t, SEL_PROTOCOL, s[i].protocol) || !set(r, t, SEL_PORT_LO, s[i].port_lo) ||
            !set(r, t, SEL_PORT_HI, s[i].port_hi) ||
            !set_bytes(r, t, SEL_ADDR_LO, span_of(s[i].lo, len)) ||
            !set_bytes(r, t, SEL_ADDR_HI, span_of(s[i].hi, len)))
            return false;
    }
    return true;
}

bool build_delete(struct run *r, uint8_t protocol, struct span spis, uint8_t spi_size)
{
    struct node *n = payload_add(r->out, r->body, PAYLOAD_DELETE);
    if (n == NULL || !set(r, n, DELETE_PROTOCOL, protocol))
        return false;
    if (spi_size == 0)
        return true;
    return set(r, n, DELETE_SPI_SIZE, spi_size) &&
           set(r, n, DELETE_NUM_SPIS, spis.len / spi_size) && set_bytes(r, n, DELETE_SPIS, spis);
}

void build_extras(struct run *r)
{
    const struct ike_conn *c = &r->sa->conn->c;
    for (size_t i = 0; i < c->num_extras; i++) {
        const struct ike_extra *x = &c->extras[i];
        if (x->exchange != msg_exchange(r->out) || x->response != msg_is_response(r->out))
            continue;
        struct node *before = r->body->child;
        if (x->after != 0) {
            struct node *at = NULL;
            for (struct node *n = r->body->child; n != NULL; n = n->next)
                if (n->type == x->after)
                    at = n;
            before = at != NULL ? at->next : NULL;
        }
        /* read by the payload's own table, so that taps see its fields */
        uint8_t *p = arena_take(r->out->arena, x->body.len + PAYLOAD_HDR_LEN);
        if (p == NULL)
            return;
        p[0] = PAYLOAD_NONE;
        p[1] = 0;
        put_u16(p + 2, (uint16_t)(x->body.len + PAYLOAD_HDR_LEN));
        if (x->body.len > 0)
            memcpy(p + PAYLOAD_HDR_LEN, x->body.p, x->body.len);
        struct span one = span_of(p, x->body.len + PAYLOAD_HDR_LEN);
        struct node holder = { .shape = &shape_hdr };
        if (chain_decode(r->out, &holder, x->type, one, NULL) != ERR_OK)
            continue;
        struct node *n = holder.child;
        if (n != NULL && node_remove(&holder, n))
            node_insert(r->body, n, before);
    }
}

static enum ike_tap_ruling tap_tree(struct run *r)
{
    struct ike_tap_point p = {
        .outbound = true,
        .station = TAP_TREE,
        .sa = r->sa->id,
        .exchange = msg_exchange(r->out),
        .response = msg_is_response(r->out),
        .mid = msg_mid(r->out),
        .msg = r->out,
    };
    return r->e->tap != NULL ? r->e->tap(r->e->tap_ctx, &p) : TAP_PASS;
}

/* Octets of a payload after its generic header. */
static struct span payload_body(struct run *r, const struct node *n, uint8_t *buf, size_t cap)
{
    struct node one = *n,
                parent = { .shape = r->out->hdr->shape, .child = &one, .last_child = &one };
    one.next = NULL;
    struct writer w = wr_init(buf, cap);
    if (chain_encode(&parent, &w) != ERR_OK || w.len < PAYLOAD_HDR_LEN)
        return (struct span){ 0 };
    return span_of(buf + PAYLOAD_HDR_LEN, w.len - PAYLOAD_HDR_LEN);
}

/* The ID payload of this end, by its octets; empty when the message has none. */
static struct span own_id(struct run *r, uint8_t *buf, size_t cap)
{
    const struct node *id = payload_find(r->body, r->sa->initiator ? PAYLOAD_IDi : PAYLOAD_IDr);
    return id != NULL ? payload_body(r, id, buf, cap) : (struct span){ 0 };
}

static enum err sign(struct run *r, struct span id)
{
    struct node *auth = payload_find(r->body, PAYLOAD_AUTH);
    uint8_t data[SIGN_MAX];
    size_t len = 0;
    if (id.len == 0 || auth == NULL || r->sa->prf == NULL)
        return ERR_OK;
    enum err rc = proof_make(r, id, data, &len);
    return rc != ERR_OK ? rc : node_set_bytes(r->out, auth, AUTH_DATA, span_of(data, len));
}

static const uint8_t *auth_octets(const struct run *r)
{
    const struct node *a = payload_find(r->body, PAYLOAD_AUTH);
    return a != NULL ? a->tail[0].p : NULL;
}

/* AUTH covers the ID payload as it leaves: it is made before the tree tap, so that a case can
 * look at it and change it, and once more when the tap changed the ID but left AUTH alone. */
static enum err send(struct run *r, struct packets *out)
{
    struct ike_sa *sa = r->sa;
    build_extras(r);
    if (msg_exchange(r->out) != EXCHANGE_IKE_AUTH)
        return tap_tree(r) == TAP_DROP ? ERR_OK : protect_send(sa, r->out, NULL, out);
    struct span before = arena_copy(r->out->arena, own_id(r, r->e->text, MAX_DATAGRAM));
    enum err rc = sign(r, before);
    if (rc != ERR_OK)
        return rc;
    const uint8_t *made = auth_octets(r);
    if (tap_tree(r) == TAP_DROP)
        return ERR_OK;
    struct span after = own_id(r, r->e->text, MAX_DATAGRAM);
    if (auth_octets(r) == made && !span_eq(before, after))
        rc = sign(r, after);
    return rc != ERR_OK ? rc : protect_send(sa, r->out, NULL, out);
}

enum err build_send_request(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct exchange *x = r->x;
    packets_free(&x->out);
    x->mid = sa->out_next;
    enum err rc = send(r, &x->out);
    if (rc != ERR_OK)
        return rc;
    exchange_sent(sa, x);
    sa->out_next = x->mid + 1;
    out_packets(sa, &x->out, &sa->local, &sa->remote, false);
    return ERR_OK;
}

enum err build_send_response(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct answered *a = window_file(sa, msg_mid(r->in));
    packets_free(&a->out);
    enum err rc = send(r, &a->out);
    if (rc != ERR_OK)
        return rc;
    /* RFC 7296 2.11: to where the request came from */
    a->from = r->d->local;
    a->to = r->d->remote;
    if (!duty(r->e, sa, REQ_ANSWER_FROM_RECEIVER))
        a->from.port = a->from.port == IKE_PORT ? IKE_PORT_NATT : IKE_PORT;
    if (!duty(r->e, sa, REQ_REPLY_TO_SOURCE))
        a->to.port = IKE_PORT;
    if (a->in.p == NULL)
        rc = octets_set(&a->in, r->raw);
    out_packets(sa, &a->out, &a->from, &a->to, false);
    if (!duty(r->e, sa, REQ_RESPONSE_ONLY_ONCE))
        out_packets(sa, &a->out, &a->from, &a->to, true);
    return rc;
}

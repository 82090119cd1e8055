/* decode.c - datagram to tree: structure only, every length checked, no copies.
 *
 * This is the engine's hottest path and the one place beside bytes.h that indexes octets by hand:
 * nodes are bumped off the arena without per-node arithmetic and each structure has its own inner
 * loop. The fixed sizes are those of the tables in payload_*.c (decode_test.c holds them
 * together). */
#include "engine/wire/message.h"

struct dec {
    const uint8_t *p; /* the whole text; offsets count from here */
    struct node *free, *end;
    struct fault fault;
};

static __attribute__((cold, noinline)) enum err fail(struct dec *d, enum err code, size_t off,
                                                     const char *field)
{
    d->fault.code = code;
    d->fault.off = (uint32_t)off;
    d->fault.field = field;
    return code;
}

/* The next free node, everything empty but what is given; NULL when memory is used up. */
static inline struct node *take(struct dec *d, const struct shape *shape, size_t off)
{
    struct node *n = d->free;
    if (n == d->end)
        return NULL;
    d->free = n + 1;
    *n = (struct node){ .shape = shape,
                        .head = (uint8_t *)(uintptr_t)(d->p + off),
                        .off = (uint16_t)off };
    return n;
}

static inline void hang(struct node *parent, struct node ***link, struct node *n)
{
    **link = n;
    *link = &n->next;
    parent->last_child = n;
}

static inline enum err attributes(struct dec *d, struct node *trans, size_t at, size_t end)
{
    struct node **link = &trans->child;
    while (at < end) {
        if (end - at < 4)
            return fail(d, ERR_TRUNCATED, at, "attribute");
        size_t len = (d->p[at] & 0x80) != 0 ? 0 : get_u16(d->p + at + 2);
        if (len > end - at - 4)
            return fail(d, ERR_TRUNCATED, at + 2, "attribute.length");
        struct node *n = take(d, &shape_attribute, at);
        if (n == NULL)
            return fail(d, ERR_SPACE, at, "attribute");
        n->tail[0] = span_of(d->p + at + 4, len);
        hang(trans, &link, n);
        at += 4 + len;
    }
    return ERR_OK;
}

static inline enum err transforms(struct dec *d, struct node *prop, size_t at, size_t end)
{
    struct node **link = &prop->child;
    unsigned left = prop->head[7];
    size_t count_at = (size_t)prop->off + 7;
    while (at < end) {
        if (end - at < 8)
            return fail(d, ERR_TRUNCATED, at, "transform");
        const uint8_t *h = d->p + at;
        size_t len = get_u16(h + 2);
        if (len < 8)
            return fail(d, ERR_LENGTH, at + 2, "transform.length");
        if (len > end - at)
            return fail(d, ERR_TRUNCATED, at + 2, "transform.length");
        if (h[0] != (len < end - at ? 3 : 0))
            return fail(d, ERR_VALUE, at, "transform.more");
        if (left-- == 0)
            return fail(d, ERR_COUNT, count_at, "proposal.num_transforms");
        struct node *n = take(d, &shape_transform, at);
        if (n == NULL)
            return fail(d, ERR_SPACE, at, "transform");
        hang(prop, &link, n);
        if (len > 8) {
            enum err e = attributes(d, n, at + 8, at + len);
            if (e != ERR_OK)
                return e;
        }
        at += len;
    }
    return left == 0 ? ERR_OK : fail(d, ERR_COUNT, count_at, "proposal.num_transforms");
}

static inline enum err proposals(struct dec *d, struct node *sa, size_t at, size_t end)
{
    struct node **link = &sa->child;
    uint8_t index = 0;
    while (at < end) {
        if (end - at < 8)
            return fail(d, ERR_TRUNCATED, at, "proposal");
        const uint8_t *h = d->p + at;
        size_t len = get_u16(h + 2), spi = h[6];
        if (len < 8)
            return fail(d, ERR_LENGTH, at + 2, "proposal.length");
        if (len > end - at)
            return fail(d, ERR_TRUNCATED, at + 2, "proposal.length");
        if (spi > len - 8)
            return fail(d, ERR_LENGTH, at + 6, "proposal.spi_size");
        if (h[0] != (len < end - at ? 2 : 0))
            return fail(d, ERR_VALUE, at, "proposal.more");
        struct node *n = take(d, &shape_proposal, at);
        if (n == NULL)
            return fail(d, ERR_SPACE, at, "proposal");
        n->tail[0] = span_of(h + 8, spi);
        if (h[4] != ++index) /* any number is read; it goes out as it came in */
            n->set = 1u << PROP_NUMBER;
        hang(sa, &link, n);
        enum err e = transforms(d, n, at + 8 + spi, at + len);
        if (e != ERR_OK)
            return e;
        at += len;
    }
    return ERR_OK;
}

static enum err selectors(struct dec *d, struct node *ts, size_t at, size_t end)
{
    struct node **link = &ts->child;
    unsigned left = ts->head[4];
    while (at < end) {
        if (end - at < 8)
            return fail(d, ERR_TRUNCATED, at, "selector");
        const uint8_t *h = d->p + at;
        size_t len = get_u16(h + 2);
        size_t addr = h[0] == TS_IPV4_ADDR_RANGE ? 4 : h[0] == TS_IPV6_ADDR_RANGE ? 16 : 0;
        if (len < 8 || (addr != 0 && len != 8 + 2 * addr))
            return fail(d, ERR_LENGTH, at + 2, "selector.length");
        if (len > end - at)
            return fail(d, ERR_TRUNCATED, at + 2, "selector.length");
        if (left-- == 0)
            return fail(d, ERR_COUNT, (size_t)ts->off + 4, "count");
        struct node *n = take(d, &shape_selector, at);
        if (n == NULL)
            return fail(d, ERR_SPACE, at, "selector");
        size_t lo = addr != 0 ? addr : len - 8;
        n->tail[0] = span_of(h + 8, lo);
        n->tail[1] = span_of(h + 8 + lo, len - 8 - lo);
        hang(ts, &link, n);
        at += len;
    }
    return left == 0 ? ERR_OK : fail(d, ERR_COUNT, (size_t)ts->off + 4, "count");
}

static enum err cfg_attributes(struct dec *d, struct node *cp, size_t at, size_t end)
{
    struct node **link = &cp->child;
    while (at < end) {
        if (end - at < 4)
            return fail(d, ERR_TRUNCATED, at, "attribute");
        size_t len = get_u16(d->p + at + 2);
        if (len > end - at - 4)
            return fail(d, ERR_TRUNCATED, at + 2, "attribute.length");
        struct node *n = take(d, &shape_cfg_attribute, at);
        if (n == NULL)
            return fail(d, ERR_SPACE, at, "attribute");
        n->tail[0] = span_of(d->p + at + 4, len);
        hang(cp, &link, n);
        at += 4 + len;
    }
    return ERR_OK;
}

/* Number of SPIs times their size fills the payload (RFC 7296 3.11). */
static enum err delete_body(struct dec *d, struct node *n)
{
    size_t size = n->head[5], num = get_u16(n->head + 6);
    if (size * num != n->tail[0].len)
        return fail(d, ERR_COUNT, (size_t)n->off + 6, "num_spis");
    if (size == 0 && num != 0)
        n->set = 1u << DELETE_NUM_SPIS;
    return ERR_OK;
}

static enum err chain(struct dec *d, struct node *parent, unsigned type, size_t at, size_t end)
{
    struct node **link = &parent->child;
    while (type != PAYLOAD_NONE) {
        d->fault.payload = (uint8_t)type;
        if (end - at < PAYLOAD_HDR_LEN)
            return fail(d, ERR_TRUNCATED, at, "payload");
        const uint8_t *h = d->p + at;
        size_t len = get_u16(h + 2);
        const struct shape *shape = shape_of((uint8_t)type);
        size_t fixed = shape->head_len;
        if (len > end - at)
            return fail(d, ERR_TRUNCATED, at + 2, "length");
        if (len < fixed)
            return fail(d, ERR_LENGTH, at + 2, "length");
        struct node *n = take(d, shape, at);
        if (n == NULL)
            return fail(d, ERR_SPACE, at, "payload");
        n->type = (uint8_t)type;
        n->tail[0] = span_of(h + fixed, len - fixed);
        hang(parent, &link, n);

        enum err e = ERR_OK;
        switch (type) {
        case PAYLOAD_SA:
            e = proposals(d, n, at + 4, at + len);
            break;
        case PAYLOAD_NOTIFY:
            if (h[5] > len - 8)
                return fail(d, ERR_LENGTH, at + 5, "spi_size");
            n->tail[0].len = h[5];
            n->tail[1] = span_of(h + 8 + h[5], len - 8 - h[5]);
            break;
        case PAYLOAD_DELETE:
            e = delete_body(d, n);
            break;
        case PAYLOAD_TSi:
        case PAYLOAD_TSr:
            e = selectors(d, n, at + 8, at + len);
            break;
        case PAYLOAD_CP:
            e = cfg_attributes(d, n, at + 8, at + len);
            break;
        case PAYLOAD_EAP:
            if (get_u16(h + 6) != len - 4)
                return fail(d, ERR_LENGTH, at + 6, "eap_length");
            break;
        case PAYLOAD_SK:
        case PAYLOAD_SKF:
            /* RFC 7296 3.14, RFC 7383 2.5: comes last; its link names the first payload inside */
            n->set = NODE_SEALED;
            return len == end - at ? ERR_OK : fail(d, ERR_TRAILING, at + len, NULL);
        default:
            break;
        }
        if (e != ERR_OK)
            return e;
        type = h[0];
        at += len;
    }
    d->fault.payload = 0;
    return at == end ? ERR_OK : fail(d, ERR_TRAILING, at, NULL);
}

/* Takes what is free in the arena for nodes; dec_done gives back what was not used. */
static struct dec dec_init(struct arena *a, const uint8_t *p)
{
    size_t at = (a->used + 15) & ~(size_t)15;
    size_t room = at < a->cap ? (a->cap - at) / sizeof(struct node) : 0;
    struct node *first = room > 0 ? (struct node *)(void *)(a->p + at) : NULL;
    if (room > MAX_NODES)
        room = MAX_NODES;
    return (struct dec){ .p = p, .free = first, .end = room > 0 ? first + room : NULL };
}

static void dec_done(const struct dec *d, struct arena *a)
{
    if (d->free != NULL)
        arena_grow(a, (size_t)((uint8_t *)d->free - a->p));
}

static enum err header(struct dec *d, struct message *m)
{
    if (m->raw.len < HDR_LEN)
        return fail(d, ERR_TRUNCATED, m->raw.len, "HDR");
    m->hdr = take(d, &shape_hdr, 0);
    if (m->hdr == NULL)
        return fail(d, ERR_SPACE, 0, "HDR");
    if (d->p[17] >> 4 != 2) /* what follows may be laid out differently: RFC 7296 2.5 */
        return fail(d, ERR_VERSION, 17, "HDR.major");
    uint32_t len = get_u32(d->p + 24);
    if (len < HDR_LEN || m->raw.len > UINT16_MAX)
        return fail(d, ERR_LENGTH, 24, "HDR.length");
    if (len > m->raw.len)
        return fail(d, ERR_TRUNCATED, 24, "HDR.length");
    if (len < m->raw.len)
        return fail(d, ERR_TRAILING, len, "HDR.length");
    return ERR_OK;
}

enum err msg_decode(struct message *m, struct arena *a, struct span datagram, struct fault *why)
{
    struct dec d = dec_init(a, datagram.p);
    *m = (struct message){ .arena = a, .raw = datagram };
    enum err e = header(&d, m);
    if (e == ERR_OK)
        e = chain(&d, m->hdr, m->hdr->head[16], HDR_LEN, datagram.len);
    dec_done(&d, a);
    if (e != ERR_OK && why != NULL)
        *why = d.fault;
    return e;
}

enum err chain_decode(struct message *m, struct node *parent, uint8_t first, struct span text,
                      struct fault *why)
{
    struct dec d = dec_init(m->arena, text.p);
    parent->child = parent->last_child = NULL;
    enum err e = text.len <= UINT16_MAX ? chain(&d, parent, first, 0, text.len)
                                        : fail(&d, ERR_LENGTH, 0, NULL);
    dec_done(&d, m->arena);
    if (e == ERR_OK && parent->shape->type != 0) {
        parent->set &= ~NODE_SEALED;
        if (parent->head[0] != first) /* e.g. the last fragment stands for the whole message */
            parent->set |= 1u << PL_NEXT;
    }
    if (e != ERR_OK && why != NULL) {
        *why = d.fault;
        why->inside = parent != m->hdr;
    }
    return e;
}

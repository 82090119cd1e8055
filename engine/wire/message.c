/* message.c - making, changing and looking through the tree of an IKE message. */
#include "engine/wire/message.h"

/* Deepest clone; trees have six levels. */
#define MAX_DEPTH 12

static bool is_sk(const struct node *n)
{
    return n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF;
}

static struct node *node_new(struct arena *a, const struct shape *shape, uint8_t type)
{
    struct node *n = arena_take(a, sizeof *n);
    uint8_t *head = n != NULL ? arena_take(a, shape->head_len) : NULL;
    if (head == NULL)
        return NULL;
    memset(head, 0, shape->head_len);
    *n = (struct node){ .shape = shape, .head = head, .type = type, .owned = true };
    return n;
}

enum err msg_new(struct message *m, struct arena *a, uint8_t exchange, uint8_t flags, uint32_t mid,
                 uint64_t spi_i, uint64_t spi_r)
{
    *m = (struct message){ .arena = a, .hdr = node_new(a, &shape_hdr, 0) };
    if (m->hdr == NULL)
        return ERR_SPACE;
    put_u64(m->hdr->head, spi_i);
    put_u64(m->hdr->head + 8, spi_r);
    m->hdr->head[17] = 0x20;
    m->hdr->head[18] = exchange;
    m->hdr->head[19] = flags;
    put_u32(m->hdr->head + 20, mid);
    return ERR_OK;
}

struct node *payload_add(struct message *m, struct node *parent, uint8_t type)
{
    struct node *n = node_new(m->arena, shape_of(type), type);
    if (n != NULL)
        node_insert(parent, n, NULL);
    return n;
}

struct node *child_add(struct message *m, struct node *parent, const struct shape *shape)
{
    struct node *n = node_new(m->arena, shape, shape->type);
    if (n != NULL)
        node_insert(parent, n, NULL);
    return n;
}

void node_insert(struct node *parent, struct node *n, struct node *before)
{
    struct node **at = &parent->child;
    while (*at != NULL && *at != before)
        at = &(*at)->next;
    n->next = *at;
    *at = n;
    if (n->next == NULL)
        parent->last_child = n;
}

bool node_remove(struct node *parent, struct node *n)
{
    struct node *prev = NULL;
    for (struct node *c = parent->child; c != NULL; prev = c, c = c->next) {
        if (c != n)
            continue;
        if (prev != NULL)
            prev->next = n->next;
        else
            parent->child = n->next;
        if (parent->last_child == n)
            parent->last_child = prev;
        n->next = NULL;
        return true;
    }
    return false;
}

static bool copy_span(struct arena *a, struct span *dst, struct span src)
{
    *dst = arena_copy(a, src);
    return dst->len == src.len;
}

static struct node *clone(struct arena *a, const struct node *n, unsigned depth)
{
    struct node *c = depth < MAX_DEPTH ? node_new(a, n->shape, n->type) : NULL;
    if (c == NULL)
        return NULL;
    memcpy(c->head, n->head, n->shape->head_len);
    c->set = n->set;
    c->off = n->off;
    for (unsigned i = 0; i < n->shape->tails; i++)
        if (!copy_span(a, &c->tail[i], n->tail[i]))
            return NULL;
    for (const struct node *k = n->child; k != NULL; k = k->next) {
        struct node *kid = clone(a, k, depth + 1);
        if (kid == NULL)
            return NULL;
        if (c->last_child != NULL)
            c->last_child->next = kid;
        else
            c->child = kid;
        c->last_child = kid;
    }
    return c;
}

struct node *node_clone(struct message *m, const struct node *n)
{
    return clone(m->arena, n, 0);
}

enum err msg_copy(struct message *dst, struct arena *a, const struct message *src)
{
    *dst = (struct message){ .arena = a, .hdr = clone(a, src->hdr, 0) };
    if (dst->hdr == NULL || !copy_span(a, &dst->raw, src->raw))
        return ERR_SPACE;
    return ERR_OK;
}

static const struct field *field_of(const struct node *n, unsigned field)
{
    return field < n->shape->num_fields ? &n->shape->fields[field] : NULL;
}

static bool is_number(const struct field *f)
{
    return f != NULL && (f->kind == F_NUM || f->kind == F_FLAG || f->kind == F_ZERO);
}

uint64_t node_num(const struct node *n, unsigned field)
{
    const struct field *f = field_of(n, field);
    return is_number(f) ? field_get(n->head, f) : 0;
}

struct span node_bytes(const struct node *n, unsigned field)
{
    const struct field *f = field_of(n, field);
    if (f == NULL || f->kind == F_LIST)
        return (struct span){ 0 };
    if (f->kind == F_TAIL0 || f->kind == F_TAIL1)
        return n->tail[f->kind - F_TAIL0];
    if (f->bit % 8 != 0 || f->bits % 8 != 0)
        return (struct span){ 0 };
    return span_of(n->head + f->bit / 8, f->bits / 8);
}

/* Moves a borrowed fixed part into the arena before it is written to. */
static enum err own_head(struct message *m, struct node *n)
{
    if (n->owned)
        return ERR_OK;
    struct span head = arena_copy(m->arena, span_of(n->head, n->shape->head_len));
    if (head.p == NULL)
        return ERR_SPACE;
    n->head = m->arena->p + (head.p - m->arena->p);
    n->owned = true;
    return ERR_OK;
}

enum err node_set_num(struct message *m, struct node *n, unsigned field, uint64_t v)
{
    const struct field *f = field_of(n, field);
    if (!is_number(f))
        return ERR_NO_PATH;
    if (f->bits < 64 && v >> f->bits != 0)
        return ERR_VALUE;
    enum err e = own_head(m, n);
    if (e != ERR_OK)
        return e;
    field_put(n->head, f, v);
    if (f->derive != D_NONE)
        n->set |= 1u << field;
    return ERR_OK;
}

void node_unset(struct node *n, unsigned field)
{
    if (field < n->shape->num_fields)
        n->set &= ~(1u << field);
}

enum err node_set_bytes(struct message *m, struct node *n, unsigned field, struct span v)
{
    const struct field *f = field_of(n, field);
    if (f == NULL || f->kind == F_LIST)
        return ERR_NO_PATH;
    if (f->kind == F_TAIL0 || f->kind == F_TAIL1) {
        struct span copy;
        if (!copy_span(m->arena, &copy, v))
            return ERR_SPACE;
        n->tail[f->kind - F_TAIL0] = copy;
        return ERR_OK;
    }
    if (f->bit % 8 != 0 || f->bits % 8 != 0)
        return ERR_NO_PATH;
    if (v.len != f->bits / 8u)
        return ERR_LENGTH;
    enum err e = own_head(m, n);
    if (e != ERR_OK)
        return e;
    memcpy(n->head + f->bit / 8, v.p, v.len);
    if (f->derive != D_NONE)
        n->set |= 1u << field;
    return ERR_OK;
}

const struct names *node_names(const struct node *n, unsigned field)
{
    const struct field *f = field_of(n, field);
    if (n->shape == &shape_transform && field == TRANS_ID)
        return names_of_transform(n->head[4]);
    return f != NULL ? f->names : NULL;
}

static struct node *find_type(struct node *n, uint8_t type)
{
    while (n != NULL && n->type != type)
        n = n->next;
    return n;
}

struct node *payload_find(const struct node *parent, uint8_t type)
{
    return find_type(parent->child, type);
}

struct node *payload_next(const struct node *n, uint8_t type)
{
    return find_type(n->next, type);
}

static struct node *find_notify(struct node *n, uint16_t type)
{
    while (n != NULL && (n->type != PAYLOAD_NOTIFY || get_u16(n->head + 6) != type))
        n = n->next;
    return n;
}

struct node *notify_find(const struct node *parent, uint16_t type)
{
    return find_notify(parent->child, type);
}

struct node *notify_next(const struct node *n, uint16_t type)
{
    return find_notify(n->next, type);
}

struct node *msg_sk(const struct message *m)
{
    struct node *n = m->hdr->child;
    while (n != NULL && !is_sk(n))
        n = n->next;
    return n;
}

struct node *msg_payloads(const struct message *m)
{
    struct node *sk = msg_sk(m);
    return sk != NULL && (sk->child != NULL || (sk->set & NODE_SEALED) == 0) ? sk : m->hdr;
}

const struct node *msg_unknown_critical(const struct node *parent)
{
    for (const struct node *n = parent->child; n != NULL; n = n->next)
        if (n->shape == &shape_unknown && (n->head[1] & 0x80) != 0)
            return n;
    return NULL;
}

uint16_t transform_key_bits(const struct node *transform)
{
    for (const struct node *a = transform->child; a != NULL; a = a->next)
        if ((get_u16(a->head) & 0x7fff) == ATTRIBUTE_KEY_LENGTH && (a->head[0] & 0x80) != 0)
            return get_u16(a->head + 2);
    return 0;
}

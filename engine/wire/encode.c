/* encode.c - tree to datagram: copies fixed parts and tails, then computes each derived field
 * that nobody set. */
#include "engine/wire/message.h"

/* Deepest tree: header, SK, SA, proposal, transform, attribute. */
#define MAX_DEPTH 12

/* Where a node stands, as far as its derived fields need to know. */
struct place {
    uint8_t next;   /* payload type of what follows in the chain */
    unsigned index; /* among its siblings, from 1 */
    unsigned depth;
    bool last;
    bool clear; /* the children of an opened SK go out in its place */
};

static unsigned num_children(const struct node *n)
{
    unsigned num = 0;
    for (const struct node *c = n->child; c != NULL; c = c->next)
        num++;
    return num;
}

static bool is_sk(const struct node *n)
{
    return n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF;
}

/* Whether in clear mode n's children take its place. */
static bool dissolves(const struct node *n)
{
    return is_sk(n) && (n->child != NULL || (n->set & NODE_SEALED) == 0);
}

/* Type of the first payload that n and its followers put on the wire. */
static uint8_t first_type(const struct node *n, bool clear)
{
    for (; n != NULL; n = n->next) {
        if (!clear || !dissolves(n))
            return n->type;
        if (n->child != NULL)
            return n->child->type;
    }
    return PAYLOAD_NONE;
}

static bool applies(const struct node *n, const struct field *f)
{
    if (f->derive == D_LENGTH_VALUE && f->arg == 1)
        return (n->head[0] & 0x80) == 0;
    if (f->derive == D_NEXT && (n->set & NODE_SEALED) != 0)
        return false;
    return f->derive != D_NONE;
}

bool node_derived(const struct node *n, unsigned field)
{
    return field < n->shape->num_fields && (n->set >> field & 1) == 0 &&
           applies(n, &n->shape->fields[field]);
}

static uint64_t derive(const struct node *n, const struct field *f, const struct place *pl,
                       size_t len)
{
    switch ((enum derive)f->derive) {
    case D_NONE:
        break;
    case D_LENGTH:
        return len - f->arg;
    case D_LENGTH_VALUE:
    case D_SPI_SIZE:
        return n->tail[0].len;
    case D_NEXT:
        if (n->type == 0)
            return first_type(n->child, pl->clear);
        return is_sk(n) ? first_type(n->child, false) : pl->next;
    case D_MORE:
        return pl->last ? 0 : f->arg;
    case D_COUNT:
        return num_children(n);
    case D_SPI_COUNT:
        return n->head[5] != 0 ? n->tail[0].len / n->head[5] : 0;
    case D_INDEX:
        return pl->index & 0xff;
    case D_TOTAL:
        return len;
    }
    return 0;
}

static void encode_children(const struct node *parent, struct place pl, struct writer *w);

static void encode_node(const struct node *n, struct place pl, struct writer *w)
{
    size_t start = w->len;
    if (pl.depth > MAX_DEPTH) {
        w->err = ERR_SPACE;
        return;
    }
    wr_bytes(w, n->head, n->shape->head_len);
    for (unsigned i = 0; i < n->shape->tails; i++)
        wr_span(w, n->tail[i]);
    if (!is_sk(n))
        encode_children(n, pl, w);
    if (w->err != ERR_OK)
        return;
    for (unsigned i = 0; i < n->shape->num_fields; i++) {
        const struct field *f = &n->shape->fields[i];
        if ((n->set >> i & 1) != 0 || !applies(n, f))
            continue;
        uint64_t v = derive(n, f, &pl, w->len - start);
        if (f->bits < 64 && v >> f->bits != 0) {
            w->err = f->derive == D_COUNT || f->derive == D_SPI_COUNT ? ERR_COUNT : ERR_LENGTH;
            return;
        }
        field_put(w->p + start, f, v);
    }
}

/* Children of parent in order; pl.next is what follows the last of them. */
static void encode_children(const struct node *parent, struct place pl, struct writer *w)
{
    uint8_t after = parent->type == PAYLOAD_NONE || is_sk(parent) ? pl.next : PAYLOAD_NONE;
    unsigned index = 0;
    for (const struct node *c = parent->child; c != NULL && w->err == ERR_OK; c = c->next) {
        struct place at = {
            .index = ++index, .depth = pl.depth + 1, .last = c->next == NULL, .clear = pl.clear
        };
        at.next = first_type(c->next, pl.clear);
        if (at.next == PAYLOAD_NONE)
            at.next = after;
        if (pl.clear && dissolves(c)) {
            at.clear = false; /* an SK inside SK stays as it is */
            encode_children(c, at, w);
        } else {
            encode_node(c, at, w);
        }
    }
}

/* --- what a derived field would be ------------------------------------------------------------ */

/* Octets of n on the wire; false while an SK in it waits for its sealed text. */
static bool size_of(const struct node *n, unsigned depth, size_t *size)
{
    *size = n->shape->head_len;
    for (unsigned i = 0; i < n->shape->tails; i++)
        *size += n->tail[i].len;
    if (is_sk(n))
        return n->tail[0].len > 0;
    for (const struct node *c = n->child; c != NULL; c = c->next) {
        size_t more;
        if (depth > MAX_DEPTH || !size_of(c, depth + 1, &more))
            return false;
        *size += more;
    }
    return true;
}

bool node_value(const struct node *parent, const struct node *n, unsigned field, uint64_t *out)
{
    struct place pl = { .index = 1, .last = n->next == NULL };
    size_t len = 0;
    if (!node_derived(n, field)) {
        *out = node_num(n, field);
        return true;
    }
    const struct field *f = &n->shape->fields[field];
    if ((f->derive == D_LENGTH || f->derive == D_TOTAL) && !size_of(n, 0, &len))
        return false;
    for (const struct node *c = parent != NULL ? parent->child : n; c != NULL && c != n;
         c = c->next)
        pl.index++;
    pl.next = first_type(n->next, false);
    *out = derive(n, f, &pl, len);
    return f->bits >= 64 || *out >> f->bits == 0;
}

enum err msg_encode(const struct message *m, struct writer *w)
{
    encode_node(m->hdr, (struct place){ 0 }, w);
    return w->err;
}

enum err msg_encode_clear(const struct message *m, struct writer *w)
{
    encode_node(m->hdr, (struct place){ .clear = true }, w);
    return w->err;
}

enum err chain_encode(const struct node *parent, struct writer *w)
{
    encode_children(parent, (struct place){ 0 }, w);
    return w->err;
}

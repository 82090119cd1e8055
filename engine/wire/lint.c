/* lint.c - the walk that calls each structure's check, and the checks that all share. */
#include "engine/wire/lint.h"

#define MAX_DEPTH 12

void lint_add(struct lint *l, const struct node *n, unsigned field, enum req req)
{
    const struct field *f = field < n->shape->num_fields ? &n->shape->fields[field] : NULL;
    if (l->num < l->cap) {
        size_t off = n->off;
        if (f != NULL && f->kind <= F_OCTETS)
            off += f->bit / 8;
        else if (f != NULL && f->kind != F_LIST)
            off += n->shape->head_len + (f->kind == F_TAIL1 ? n->tail[0].len : 0);
        l->out[l->num] = (struct fault){ .code = ERR_VALUE,
                                         .off = (uint32_t)off,
                                         .field = f != NULL ? f->name : n->shape->name,
                                         .req = req,
                                         .payload = l->payload,
                                         .inside = l->inside };
    }
    l->num++;
}

static void walk(struct lint *l, const struct node *n, unsigned depth)
{
    if (n->type != 0)
        l->payload = n->type;
    if (n->type != 0 && n->shape != &shape_unknown && node_num(n, PL_CRITICAL) != 0)
        lint_add(l, n, PL_CRITICAL,
                 msg_is_response(l->m) ? REQ_LINT_CRITICAL_RESPONSE : REQ_LINT_CRITICAL);
    /* octets of payloads we have no table for are not ours to judge, their header is */
    for (unsigned i = 0; i < n->shape->num_fields; i++)
        if (n->shape->fields[i].kind == F_ZERO && node_num(n, i) != 0)
            lint_add(l, n, i, n->shape->fields[i].req);
    if (n->shape->check != NULL)
        n->shape->check(n, l);
    bool sk = n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF;
    if (sk && l->inside)
        lint_add(l, n, PL_FIELDS, REQ_LINT_NESTED_SK);
    bool inside = l->inside;
    l->inside = inside || sk;
    for (const struct node *c = n->child; c != NULL && depth < MAX_DEPTH; c = c->next)
        walk(l, c, depth + 1);
    l->inside = inside;
}

size_t lint(const struct message *m, struct fault *out, size_t cap)
{
    struct lint l = { .m = m, .out = out, .cap = cap };
    if (m->hdr != NULL)
        walk(&l, m->hdr, 0);
    return l.num;
}

/* print.c - messages as text for people. */
#include "engine/wire/print.h"

#include "engine/base/addr.h"
#include "engine/wire/text.h"

/* Deepest tree shown; six levels are in use. */
#define MAX_DEPTH 12

static bool is_sk(const struct node *n)
{
    return n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF;
}

static bool opened(const struct node *n)
{
    return is_sk(n) && (n->child != NULL || (n->set & NODE_SEALED) == 0);
}

static void payload_text(struct text *t, const struct node *n)
{
    const char *name = name_of(&names_payload, n->type);
    if (name == NULL)
        text_fmt(t, "payload(%u)", n->type);
    else
        text_str(t, name);
    if (n->type == PAYLOAD_NOTIFY) {
        uint32_t type = (uint32_t)node_num(n, NOTIFY_TYPE);
        const char *notify = name_of(&names_notify, type);
        if (notify != NULL)
            text_fmt(t, "(%s)", notify);
        else
            text_fmt(t, "(%u)", type);
    }
    if (n->type == PAYLOAD_SKF)
        text_fmt(t, "(%u/%u)", (unsigned)node_num(n, SKF_NUMBER), (unsigned)node_num(n, SKF_TOTAL));
}

static void chain_text(struct text *t, const struct node *parent, bool *first, unsigned depth)
{
    for (const struct node *n = parent->child; n != NULL; n = n->next) {
        if (opened(n) && depth < 2) {
            chain_text(t, n, first, depth + 1);
            continue;
        }
        if (!*first)
            text_char(t, ' ');
        *first = false;
        payload_text(t, n);
    }
}

static void title_text(struct text *t, const struct message *m)
{
    const char *name = name_of(&names_exchange, msg_exchange(m));
    if (name != NULL)
        text_str(t, name);
    else
        text_fmt(t, "exchange(%u)", msg_exchange(m));
    text_fmt(t, " %s %u", msg_is_response(m) ? "response" : "request", (unsigned)msg_mid(m));
}

size_t print_payload(const struct node *n, char *buf, size_t cap)
{
    struct text t = text_init(buf, cap);
    payload_text(&t, n);
    return t.len;
}

size_t print_chain(const struct message *m, char *buf, size_t cap)
{
    struct text t = text_init(buf, cap);
    bool first = true;
    if (m->hdr != NULL)
        chain_text(&t, m->hdr, &first, 0);
    return t.len;
}

size_t print_line(const struct message *m, char *buf, size_t cap)
{
    struct text t = text_init(buf, cap);
    bool first = true;
    if (m->hdr == NULL) {
        text_str(&t, "no header");
        return t.len;
    }
    title_text(&t, m);
    text_str(&t, " [ ");
    chain_text(&t, m->hdr, &first, 0);
    text_str(&t, first ? "]" : " ]");
    return t.len;
}

/* The address in a byte field, when its node says that one is there. */
static bool address(const struct node *n, unsigned field, struct addr *a)
{
    struct span s = node_bytes(n, field);
    uint64_t type = 0;
    if (n->shape == &shape_selector && (field == SEL_ADDR_LO || field == SEL_ADDR_HI))
        type = node_num(n, SEL_TYPE);
    else if ((n->shape == &shape_idi || n->shape == &shape_idr) && field == ID_DATA)
        type = node_num(n, ID_TYPE) == ID_IPV4_ADDR   ? TS_IPV4_ADDR_RANGE
               : node_num(n, ID_TYPE) == ID_IPV6_ADDR ? TS_IPV6_ADDR_RANGE
                                                      : 0;
    *a = (struct addr){ .family = type == TS_IPV4_ADDR_RANGE   ? 4
                                  : type == TS_IPV6_ADDR_RANGE ? 6
                                                               : 0 };
    if (a->family == 0 || s.len != addr_len(a))
        return false;
    memcpy(a->ip, s.p, s.len);
    return true;
}

static void number_text(struct text *t, const struct node *n, unsigned field, uint64_t v)
{
    const char *name = v <= UINT32_MAX ? name_of(node_names(n, field), (uint32_t)v) : NULL;
    if (name != NULL)
        text_str(t, name);
    else if (n->shape->fields[field].bits >= 64)
        text_fmt(t, "0x%016llx", (unsigned long long)v);
    else
        text_fmt(t, "%llu", (unsigned long long)v);
}

static void field_text(struct text *t, const struct node *n, unsigned field, size_t max)
{
    const struct field *f = &n->shape->fields[field];
    struct addr a;
    char buf[64];
    if (f->kind == F_LIST)
        return;
    if (n->owned && node_derived(n, field)) {
        text_str(t, "auto"); /* computed when encoded */
        return;
    }
    if (address(n, field, &a)) {
        addr_text(&a, buf, sizeof buf);
        text_str(t, buf);
    } else if (f->kind == F_TAIL0 || f->kind == F_TAIL1 || f->kind == F_OCTETS) {
        text_str(t, "0x");
        text_hex(t, node_bytes(n, field), max);
    } else {
        number_text(t, n, field, node_num(n, field));
    }
}

size_t print_field(const struct node *n, unsigned field, size_t max_octets, char *buf, size_t cap)
{
    struct text t = text_init(buf, cap);
    if (field < n->shape->num_fields)
        field_text(&t, n, field, max_octets);
    return t.len;
}

size_t print_number(const struct node *n, unsigned field, uint64_t v, char *buf, size_t cap)
{
    struct text t = text_init(buf, cap);
    if (field < n->shape->num_fields)
        number_text(&t, n, field, v);
    return t.len;
}

/* Byte fields that hold text more often than not. */
static bool texty(const struct node *n, unsigned field)
{
    if (n->shape == &shape_vid)
        return true;
    return (n->shape == &shape_idi || n->shape == &shape_idr) && field == ID_DATA &&
           (node_num(n, ID_TYPE) == ID_FQDN || node_num(n, ID_TYPE) == ID_RFC822_ADDR ||
            node_num(n, ID_TYPE) == ID_KEY_ID);
}

static bool printable(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] < 0x20 || s.p[i] > 0x7e)
            return false;
    return s.len > 0;
}

static void node_text(struct text *t, const struct node *n, unsigned depth, size_t max)
{
    text_fmt(t, "%*s", (int)(2 * depth), "");
    if (n->type != 0)
        payload_text(t, n);
    else
        text_str(t, n->shape->name);
    if (!n->owned)
        text_fmt(t, " @%u", n->off);
    text_char(t, '\n');
    for (unsigned i = 0; i < n->shape->num_fields; i++) {
        const struct field *f = &n->shape->fields[i];
        if (f->kind == F_LIST)
            continue;
        text_fmt(t, "%*s%-14s ", (int)(2 * depth + 2), "", f->name);
        field_text(t, n, i, max);
        if (f->kind <= F_ZERO && !(n->owned && node_derived(n, i)) && node_names(n, i) != NULL &&
            name_of(node_names(n, i), (uint32_t)node_num(n, i)) != NULL)
            text_fmt(t, " (%u)", (unsigned)node_num(n, i));
        if ((f->kind == F_TAIL0 || f->kind == F_TAIL1) && texty(n, i) &&
            printable(node_bytes(n, i))) {
            text_char(t, ' ');
            text_quoted(t, node_bytes(n, i), max);
        }
        text_char(t, '\n');
    }
    for (const struct node *c = n->child; c != NULL && depth < MAX_DEPTH; c = c->next)
        node_text(t, c, depth + 1, max);
}

size_t print_tree(const struct message *m, size_t max_octets, char *buf, size_t cap)
{
    struct text t = text_init(buf, cap);
    if (m->hdr == NULL) {
        text_str(&t, "no header\n");
        return t.len;
    }
    title_text(&t, m);
    text_char(&t, '\n');
    node_text(&t, m->hdr, 0, max_octets);
    return t.len;
}

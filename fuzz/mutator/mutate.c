/* mutate.c - the mutator over the message tree: some operators, then repair, in a few cases a lie,
 * then the seal. */
#include "fuzz/mutator/mutate.h"

#include <stdalign.h>

#include "fuzz/records.h"
#include "fuzz/sealing.h"

#define MAX_SITES 600u
#define MAX_TEXT  65535u

struct site {
    struct node *n, *parent;
};

struct mut {
    struct message m, other;
    struct node *sk; /* lies open: sealed again in the end */
    bool sealed;     /* ... really, under the fixed keys */
    bool piece;      /* a fragment: its text is in the tail, not a chain */
    int surplus;     /* octets more, or less, than the tree makes, at its very end */
    uint8_t iv[IV_MAX];
    struct site *site; /* sites: to clear them each time would cost more than a decode */
    unsigned num_sites;
    uint64_t rng;
    size_t cap;
};

static alignas(16) uint8_t store[3 << 20];
static struct site sites[MAX_SITES];
static uint8_t input[MAX_TEXT], other_input[MAX_TEXT], plain[MAX_TEXT], encoded[MAX_TEXT];

/* --- chance ------------------------------------------------------------------------------------ */

static uint64_t draw(struct mut *u)
{
    u->rng ^= u->rng >> 12;
    u->rng ^= u->rng << 25;
    u->rng ^= u->rng >> 27;
    return u->rng * 0x2545f4914f6cdd1du >> 16;
}

static unsigned below(struct mut *u, size_t n)
{
    return n > 0 ? (unsigned)(draw(u) % n) : 0;
}

static bool one_in(struct mut *u, unsigned n)
{
    return below(u, n) == 0;
}

/* --- looking around ---------------------------------------------------------------------------- */

static bool is_payload(const struct node *n)
{
    return n->shape->num_fields >= PL_FIELDS && n->shape->fields[0].derive == D_NEXT;
}

static bool is_sk(const struct node *n)
{
    return n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF;
}

/* Shape of the children a node may have; NULL: payloads, or none at all. */
static const struct shape *list_of(const struct node *n)
{
    for (unsigned i = 0; i < n->shape->num_fields; i++)
        if (n->shape->fields[i].kind == F_LIST)
            return n->shape->fields[i].child;
    return NULL;
}

static bool holds_payloads(const struct mut *u, const struct node *n)
{
    return n == u->m.hdr || (n == u->sk && !u->piece);
}

static bool may_hold(const struct mut *u, const struct node *parent, const struct node *n)
{
    return is_payload(n) ? holds_payloads(u, parent) : list_of(parent) == n->shape;
}

static void gather(struct mut *u, struct node *parent, struct node *n)
{
    for (; n != NULL && u->num_sites < MAX_SITES; n = n->next) {
        u->site[u->num_sites++] = (struct site){ n, parent };
        gather(u, n, n->child);
    }
}

/* All nodes, the header too. */
static void look(struct mut *u)
{
    u->num_sites = 0;
    gather(u, NULL, u->m.hdr);
}

/* Some node from that place on; one kind of structure as often as the other, else a message of many
 * transforms would hardly ever be changed elsewhere. NULL: there is none. */
static struct site *any_from(struct mut *u, unsigned first)
{
    const struct shape *kind[32];
    unsigned num = 0, of_kind = 0;
    if (u->num_sites <= first)
        return NULL;
    for (unsigned i = first; i < u->num_sites && num < 32; i++) {
        unsigned k = 0;
        while (k < num && kind[k] != u->site[i].n->shape)
            k++;
        kind[k] = u->site[i].n->shape;
        num += k == num;
    }
    const struct shape *chosen = kind[below(u, num)];
    for (unsigned i = first; i < u->num_sites; i++)
        of_kind += u->site[i].n->shape == chosen;
    unsigned left = below(u, of_kind);
    for (unsigned i = first;; i++)
        if (u->site[i].n->shape == chosen && left-- == 0)
            return &u->site[i];
}

/* Some node that hangs somewhere; NULL in an empty message. */
static struct site *any_site(struct mut *u)
{
    return any_from(u, 1);
}

/* Some node that may have n, or with n == NULL anything, as a child; NULL when there is none. */
static struct node *any_parent(struct mut *u, const struct node *n)
{
    unsigned from = below(u, u->num_sites);
    for (unsigned i = 0; i < u->num_sites; i++) {
        struct node *p = u->site[(from + i) % u->num_sites].n;
        if (n != NULL ? may_hold(u, p, n) : holds_payloads(u, p) || list_of(p) != NULL)
            return p;
    }
    return NULL;
}

static unsigned num_children(const struct node *n)
{
    unsigned num = 0;
    for (const struct node *c = n->child; c != NULL; c = c->next)
        num++;
    return num;
}

static struct node *child_at(const struct node *n, unsigned i)
{
    struct node *c = n->child;
    while (i-- > 0 && c != NULL)
        c = c->next;
    return c;
}

static void put_somewhere(struct mut *u, struct node *parent, struct node *n)
{
    node_insert(parent, n, child_at(parent, below(u, num_children(parent) + 1)));
}

/* --- values ------------------------------------------------------------------------------------ */

static uint64_t boundary(struct mut *u, const struct node *n, unsigned field)
{
    const struct field *f = &n->shape->fields[field];
    const struct names *names = node_names(n, field);
    uint64_t max = f->bits >= 64 ? UINT64_MAX : ((uint64_t)1 << f->bits) - 1;
    uint64_t now = node_num(n, field);
    if (names != NULL && names->num_rows > 0 && !one_in(u, 3))
        return names->rows[below(u, names->num_rows)].num;
    switch (below(u, 9)) {
    case 0:
        return 0;
    case 1:
        return 1;
    case 2:
        return max;
    case 3:
        return max - 1;
    case 4:
        return (max >> 1) + below(u, 2);
    case 5:
        return now + 1;
    case 6:
        return now - 1;
    case 7:
        return (uint64_t)1 << below(u, f->bits);
    default:
        return draw(u) & max;
    }
}

static bool is_number(const struct field *f)
{
    return f->kind == F_NUM || f->kind == F_FLAG || f->kind == F_ZERO;
}

static bool set_num(struct mut *u, struct node *n, unsigned field, uint64_t v)
{
    const struct field *f = &n->shape->fields[field];
    if (f->bits < 64)
        v &= ((uint64_t)1 << f->bits) - 1;
    return node_set_num(&u->m, n, field, v) == ERR_OK;
}

/* Octets of a tail with another length or content. */
static struct span changed(struct mut *u, struct span s)
{
    static const uint16_t lengths[] = { 0, 1, 3, 4, 7, 8, 15, 16, 20, 31, 32, 33, 64, 255, 256,
                                        257, 1024 };
    size_t len = s.len;
    unsigned how = below(u, 6);
    if (how == 0)
        len = lengths[below(u, sizeof lengths / sizeof *lengths)];
    else if (how == 1)
        len = s.len + 1 + below(u, 4);
    else if (how == 2)
        len = below(u, s.len + 1);
    uint8_t *p = arena_take(u->m.arena, len > 0 ? len : 1);
    if (p == NULL)
        return s;
    uint8_t fill = one_in(u, 2) ? (uint8_t)draw(u) : (uint8_t)(0 - below(u, 2));
    memset(p, fill, len);
    if (s.len > 0)
        memcpy(p, s.p, s.len < len ? s.len : len);
    if (how == 3)
        memset(p, fill, len);
    else if (len > 0 && how > 3)
        p[below(u, len)] ^= (uint8_t)(how == 4 ? 1u << below(u, 8) : draw(u));
    return span_of(p, len);
}

/* A node of our making gets what its kind usually has, and children. */
static void fill(struct mut *u, struct node *n)
{
    const struct shape *list = list_of(n);
    for (unsigned i = is_payload(n) ? PL_FIELDS : 0; i < n->shape->num_fields; i++) {
        const struct field *f = &n->shape->fields[i];
        if (f->kind == F_NUM && f->derive == D_NONE)
            (void)!set_num(u, n, i, boundary(u, n, i));
    }
    if (n->shape == &shape_attribute)
        (void)!set_num(u, n, ATTR_AF, below(u, 2));
    for (unsigned t = 0; t < n->shape->tails; t++)
        n->tail[t] = changed(u, n->tail[t]);
    for (unsigned num = list != NULL ? 1 + below(u, 2) : 0; num > 0; num--) {
        struct node *c = child_add(&u->m, n, list);
        if (c == NULL)
            return;
        fill(u, c);
    }
}

static uint8_t any_type(struct mut *u)
{
    for (;;) {
        uint8_t type = one_in(u, 8)
                           ? (uint8_t)draw(u)
                           : (uint8_t)names_payload.rows[below(u, names_payload.num_rows)].num;
        bool sk = type == PAYLOAD_SK || type == PAYLOAD_SKF;
        if (type != PAYLOAD_NONE && (!sk || one_in(u, 16)))
            return type;
    }
}

/* --- the operators: each says whether it did anything ------------------------------------------- */

static bool insert(struct mut *u)
{
    struct node *parent = any_parent(u, NULL);
    if (parent == NULL)
        return false;
    struct node *n = holds_payloads(u, parent) ? payload_add(&u->m, parent, any_type(u))
                                               : child_add(&u->m, parent, list_of(parent));
    if (n == NULL)
        return false;
    fill(u, n);
    if (node_remove(parent, n))
        put_somewhere(u, parent, n);
    return true;
}

/* A node, or all that is in it. */
static bool take_out(struct mut *u)
{
    struct site *s = any_site(u);
    if (s != NULL && s->n->child != NULL && s->n != u->sk && one_in(u, 3)) {
        s->n->child = s->n->last_child = NULL;
        return true;
    }
    return s != NULL && s->n != u->sk && node_remove(s->parent, s->n);
}

static bool swap(struct mut *u)
{
    struct site *s = any_site(u);
    if (s == NULL || num_children(s->parent) < 2 || !node_remove(s->parent, s->n))
        return false;
    put_somewhere(u, s->parent, s->n);
    return true;
}

static bool duplicate(struct mut *u)
{
    struct site *s = any_site(u);
    struct node *c = s != NULL && s->n != u->sk ? node_clone(&u->m, s->n) : NULL;
    if (c == NULL)
        return false;
    put_somewhere(u, s->parent, c);
    return true;
}

static bool move(struct mut *u)
{
    struct site *s = any_site(u);
    struct node *to = s != NULL && s->n != u->sk ? any_parent(u, s->n) : NULL;
    if (to == NULL || to == s->parent || !node_remove(s->parent, s->n))
        return false;
    put_somewhere(u, to, s->n);
    return true;
}

static struct node *any_of(struct mut *u, struct node *n)
{
    while (n->child != NULL) {
        n = child_at(n, below(u, num_children(n)));
        if (one_in(u, 3))
            break;
    }
    return n;
}

static bool splice(struct mut *u)
{
    if (u->other.hdr == NULL || u->other.hdr->child == NULL)
        return false;
    struct node *n = any_of(u, u->other.hdr), *to = any_parent(u, n);
    struct node *c = to != NULL && !is_sk(n) ? node_clone(&u->m, n) : NULL;
    if (c == NULL)
        return false;
    put_somewhere(u, to, c);
    return true;
}

/* The same octets as a payload of another type. */
static bool retype(struct mut *u)
{
    struct site *s = any_site(u);
    if (s == NULL || !is_payload(s->n) || is_sk(s->n))
        return false;
    struct node *old = s->n, *n = payload_add(&u->m, s->parent, any_type(u));
    if (n == NULL)
        return false;
    for (unsigned i = PL_FIELDS; i < n->shape->num_fields && i < old->shape->num_fields; i++) {
        const struct field *f = &n->shape->fields[i];
        if (is_number(f) && f->derive == D_NONE && is_number(&old->shape->fields[i]))
            (void)!set_num(u, n, i, node_num(old, i));
    }
    if (n->shape->tails > 0)
        n->tail[n->shape->tails - 1] = old->tail[old->shape->tails > 1];
    if (list_of(n) != NULL && list_of(n) == list_of(old)) {
        n->child = old->child;
        n->last_child = old->last_child;
    }
    if (!node_remove(s->parent, n) || !node_remove(s->parent, old))
        return false;
    put_somewhere(u, s->parent, n);
    return true;
}

static bool at_boundary(struct mut *u)
{
    struct site *s = any_from(u, 0);
    unsigned from = below(u, s->n->shape->num_fields);
    /* half of the time what a registry names: most code hangs on those few */
    for (unsigned named = below(u, 2);; named = 0) {
        for (unsigned i = 0; i < s->n->shape->num_fields; i++) {
            unsigned at = (from + i) % s->n->shape->num_fields;
            const struct field *f = &s->n->shape->fields[at];
            if (is_number(f) && !node_derived(s->n, at) && f->derive != D_NEXT &&
                (named == 0 || node_names(s->n, at) != NULL))
                return set_num(u, s->n, at, boundary(u, s->n, at));
        }
        if (named == 0)
            return false;
    }
}

static bool octets(struct mut *u)
{
    struct site *s = any_site(u);
    if (s == NULL || s->n->shape->tails == 0)
        return false;
    unsigned t = below(u, s->n->shape->tails);
    s->n->tail[t] = changed(u, s->n->tail[t]);
    return true;
}

/* Copies of a child up to what the count can hold, and one more. */
static bool grow(struct mut *u)
{
    static const uint16_t limits[] = { 8, 9, 16, 17, 32, 64, 254, 255, 255, 256 };
    struct node *parent = any_parent(u, NULL);
    if (parent == NULL || parent->child == NULL)
        return false;
    struct node *child = child_at(parent, below(u, num_children(parent)));
    if (child == u->sk)
        return false;
    size_t size = child->shape->head_len + child->tail[0].len + child->tail[1].len + 1;
    unsigned want = limits[below(u, sizeof limits / sizeof *limits)], num = num_children(parent);
    for (size_t room = u->cap / 2; num < want && room > size; num++, room -= size) {
        struct node *c = node_clone(&u->m, child);
        if (c == NULL)
            return false;
        node_insert(parent, c, child);
    }
    return true;
}

/* A value that is computed becomes another one: near the truth, a power of two off it, or at a
 * boundary. */
static bool untrue(struct mut *u, const struct site *s, unsigned i)
{
    static const int8_t by[] = { -1, 1, -4, 4, -8, 8 };
    uint64_t v = 0;
    (void)!node_value(s->parent, s->n, i, &v);
    switch (below(u, 4)) {
    case 0:
        v = boundary(u, s->n, i);
        break;
    case 1:
        v += (uint64_t)1 << below(u, s->n->shape->fields[i].bits);
        break;
    default:
        v += (uint64_t)(int64_t)by[below(u, sizeof by)];
        break;
    }
    return set_num(u, s->n, i, v);
}

/* One such value of a structure, or several of them at once: a length that lies is often seen
 * through by the count beside it. */
static bool lie(struct mut *u)
{
    struct site *s = any_from(u, 0);
    unsigned num = 0;
    bool several = one_in(u, 4), done = false;
    for (unsigned i = 0; i < s->n->shape->num_fields; i++)
        num += node_derived(s->n, i);
    unsigned left = below(u, num);
    for (unsigned i = 0; num > 0 && i < s->n->shape->num_fields; i++) {
        if (!node_derived(s->n, i))
            continue;
        if (!several && left-- == 0)
            return untrue(u, s, i);
        if (several && one_in(u, 3)) /* little, as of something that ends where it begins */
            done |= set_num(u, s->n, i, one_in(u, 2) ? 0 : below(u, 9));
        else if (several && one_in(u, 4))
            done |= untrue(u, s, i);
    }
    return done;
}

static struct node *parent_of(struct mut *u, const struct node *n)
{
    for (unsigned i = 0; i < u->num_sites; i++)
        if (u->site[i].n == n)
            return u->site[i].parent;
    return NULL;
}

/* The message ends within a structure, or goes on after it, and all that encloses the structure
 * knows, only it itself does not: what trusts an inner length leaves the box it is in. */
static bool cut(struct mut *u)
{
    struct site *s = any_site(u);
    uint64_t size = 0;
    unsigned length = 0;
    if (s == NULL || is_sk(s->n) || (u->sk != NULL && u->piece))
        return false;
    struct node *n = s->n, *root = n;
    while (root != NULL && !holds_payloads(u, root))
        root = parent_of(u, root);
    if (root != (u->sk != NULL ? u->sk : u->m.hdr)) /* the end is elsewhere */
        return false;
    while (length < n->shape->num_fields && n->shape->fields[length].derive != D_LENGTH)
        length++;
    if (length < n->shape->num_fields)
        (void)!node_value(s->parent, n, length, &size);
    size_t last = n->last_child != NULL ? n->last_child->shape->head_len : 4;
    int by = one_in(u, 2) ? (int)last : 1 + (int)below(u, size > 0 ? (size_t)size : 8);
    if (one_in(u, 3))
        by = -by;
    for (struct node *c = n, *p = s->parent;; c = p, p = parent_of(u, p)) {
        c->next = NULL;
        p->last_child = c;
        for (unsigned i = 0; i < p->shape->num_fields; i++) {
            uint8_t how = p->shape->fields[i].derive;
            uint64_t v;
            if (p != u->sk && (how == D_LENGTH || how == D_TOTAL) && node_derived(p, i) &&
                node_value(parent_of(u, p), p, i, &v))
                (void)!set_num(u, p, i, v - (uint64_t)(int64_t)by);
        }
        if (p == root)
            break;
    }
    u->surplus = -by;
    return true;
}

static bool (*const operators[MUTATE_LIE])(struct mut *) = {
    [MUTATE_INSERT] = insert,     [MUTATE_DELETE] = take_out,      [MUTATE_SWAP] = swap,
    [MUTATE_DUPLICATE] = duplicate, [MUTATE_MOVE] = move,          [MUTATE_SPLICE] = splice,
    [MUTATE_RETYPE] = retype,     [MUTATE_BOUNDARY] = at_boundary, [MUTATE_OCTETS] = octets,
    [MUTATE_GROW] = grow,
};

/* --- repair ------------------------------------------------------------------------------------ */

static void fit(struct mut *u, struct node *n, unsigned t, size_t len)
{
    if (n->tail[t].len == len)
        return;
    uint8_t *p = arena_take(u->m.arena, len > 0 ? len : 1);
    if (p == NULL)
        return;
    memset(p, 0, len);
    if (n->tail[t].len > 0)
        memcpy(p, n->tail[t].p, n->tail[t].len < len ? n->tail[t].len : len);
    n->tail[t] = span_of(p, len);
}

static void at_most(struct node *n, unsigned t, size_t len)
{
    n->tail[t] = span_part(n->tail[t], 0, len);
}

/* What the decoder insists on beyond the derived fields. */
static void repair_node(struct mut *u, struct node *n)
{
    n->set &= NODE_SEALED;
    if (n->shape == &shape_hdr) {
        (void)!set_num(u, n, HDR_MAJOR, 2);
    } else if (n->shape == &shape_selector) {
        uint64_t type = node_num(n, SEL_TYPE);
        if (type == TS_IPV4_ADDR_RANGE || type == TS_IPV6_ADDR_RANGE)
            for (unsigned t = 0; t < 2; t++)
                fit(u, n, t, type == TS_IPV4_ADDR_RANGE ? 4 : 16);
    } else if (n->shape == &shape_attribute) {
        if (node_num(n, ATTR_AF) != 0)
            at_most(n, 0, 0);
    } else if (n->shape == &shape_proposal || n->type == PAYLOAD_NOTIFY) {
        at_most(n, 0, 255);
    } else if (n->type == PAYLOAD_DELETE) {
        size_t size = (size_t)node_num(n, DELETE_SPI_SIZE);
        at_most(n, 0, size > 0 ? n->tail[0].len / size * size : 0);
    }
    if (list_of(n) != NULL && list_of(n) != &shape_attribute && list_of(n) != &shape_cfg_attribute)
        while (num_children(n) > 255 && node_remove(n, n->child))
            ;
}

static void repair(struct mut *u, struct node *n)
{
    for (; n != NULL; n = n->next) {
        repair_node(u, n);
        struct node *sealed = NULL; /* RFC 7296 3.14: comes last */
        for (struct node *c = n->child, *next; c != NULL; c = next) {
            next = c->next;
            if (!is_sk(c))
                continue;
            node_remove(n, c);
            if (sealed == NULL || sealed != u->sk)
                sealed = c;
        }
        if (sealed != NULL)
            node_insert(n, sealed, NULL);
        repair(u, n->child);
    }
}

/* --- from octets and back ------------------------------------------------------------------------ */

/* What lies in SK becomes a part of the tree, by the keys or as it stands. */
static void unfold(struct mut *u, uint8_t *in)
{
    struct node *sk = msg_sk(&u->m);
    struct span text;
    struct fault why;
    if (sk == NULL || sk->next != NULL)
        return;
    size_t len = u->m.raw.len;
    struct span kept = arena_copy(u->m.arena, u->m.raw);
    if (kept.p == NULL)
        return;
    size_t iv_len = sealing_suite(sealing_of(&u->m))->iv_len;
    uint8_t *body = (uint8_t *)(uintptr_t)sk->tail[0].p;
    if (sk->tail[0].len >= iv_len)
        memcpy(u->iv, body, iv_len);
    u->sealed = sealing_open(&u->m, sk, &text) == ERR_OK;
    if (!u->sealed) {
        memcpy(in, kept.p, len); /* what failed to open was wiped */
        text = sk->tail[0];
    }
    u->piece = sk->type == PAYLOAD_SKF;
    if (u->piece) {
        if (u->sealed) {
            sk->tail[0] = text;
            u->sk = sk;
        }
        return;
    }
    enum err rc = chain_decode(&u->m, sk, (uint8_t)node_num(sk, PL_NEXT), text, &why);
    if (rc == ERR_OK || u->sealed) { /* sealed: what was read up to the fault will do */
        u->sk = sk;
        sk->set &= ~NODE_SEALED;
    } else {
        sk->child = sk->last_child = NULL;
        sk->set = NODE_SEALED;
    }
}

static bool load(struct mut *u, struct arena *a, struct span in)
{
    struct fault why;
    if (in.len < HDR_LEN || in.len > MAX_TEXT)
        return false;
    memcpy(input, in.p, in.len);
    if (msg_decode(&u->m, a, span_of(input, in.len), &why) != ERR_OK && u->m.hdr == NULL)
        return false;
    if (u->m.hdr->child != NULL)
        unfold(u, input);
    return true;
}

static void load_other(struct mut *u, struct arena *a, struct span other)
{
    struct mut o = { .rng = 1 };
    struct fault why;
    if (other.len < HDR_LEN || other.len > MAX_TEXT)
        return;
    memcpy(other_input, other.p, other.len);
    if (msg_decode(&o.m, a, span_of(other_input, other.len), &why) != ERR_OK || o.m.hdr == NULL)
        return;
    unfold(&o, other_input);
    u->other = o.m;
}

/* The text with its surplus. */
static void at_the_end(struct mut *u, struct writer *w)
{
    static const uint8_t more[256] = { 0, 0, 0, 8, 0, 0, 0, 4 };
    if (w->err == ERR_OK && u->surplus < 0)
        w->len -= (size_t)-u->surplus < w->len ? (size_t)-u->surplus : w->len;
    else if (u->surplus > 0)
        wr_bytes(w, more, (size_t)u->surplus < sizeof more ? (size_t)u->surplus : sizeof more);
}

/* Encodes the tree, sealed if it was; 0 when it does not fit. */
static size_t unload(struct mut *u, uint8_t *out)
{
    struct writer w = wr_init(encoded, u->cap < MAX_TEXT ? u->cap : MAX_TEXT);
    struct writer text = wr_init(plain, sizeof plain);
    enum err rc = ERR_OK;
    if (u->sk != NULL && !u->piece)
        rc = chain_encode(u->sk, &text);
    if (u->sk != NULL && rc == ERR_OK)
        at_the_end(u, &text);
    struct span inside = u->piece && u->sk != NULL ? u->sk->tail[0] : wr_done(&text);
    if (rc != ERR_OK)
        return 0;
    if (u->sealed && u->sk != NULL) {
        uint8_t pad = one_in(u, 2) ? (uint8_t)(inside.len + below(u, 3)) : (uint8_t)draw(u);
        rc = sealing_seal(&u->m, u->sk, u->iv, one_in(u, 40) ? &pad : NULL, inside, &w);
    } else {
        if (u->sk != NULL)
            u->sk->tail[0] = inside;
        rc = msg_encode(&u->m, &w);
        if (u->sk == NULL && rc == ERR_OK)
            at_the_end(u, &w);
    }
    if (rc != ERR_OK || w.err != ERR_OK)
        return 0;
    memcpy(out, w.p, w.len);
    return w.len;
}

static size_t mutate_datagram(struct span in, struct span other, uint64_t seed, uint8_t *out,
                              size_t cap, struct mutate_count *count)
{
    struct arena a = arena_init(store, sizeof store);
    struct mut u = { .rng = (seed + 1) * 0x9e3779b97f4a7c15u | 1, .cap = cap, .site = sites };
    struct mutate_count here = { 0 };
    if (!load(&u, &a, in))
        return 0;
    load_other(&u, &a, other);
    unsigned num = 1u + below(&u, 3), lies = one_in(&u, 10) ? 1 + below(&u, 6) / 5 : 0;
    bool cuts = lies == 0 && one_in(&u, 20);
    for (unsigned done = 0, tries = 0; done < num && tries < 20; tries++) {
        unsigned op = tries == 0 && other.len > 0 && one_in(&u, 2) ? (unsigned)MUTATE_SPLICE
                                                                   : below(&u, MUTATE_LIE);
        if (op == MUTATE_GROW && !one_in(&u, 4))
            continue;
        look(&u);
        if (!operators[op](&u))
            continue;
        here.done[op]++;
        done++;
    }
    if (!one_in(&u, 40))
        repair(&u, u.m.hdr);
    look(&u);
    for (; lies > 0; lies--)
        here.done[MUTATE_LIE] += lie(&u);
    if (cuts)
        here.done[MUTATE_CUT] += cut(&u);
    size_t len = unload(&u, out);
    for (unsigned i = 0; count != NULL && len > 0 && i < NUM_MUTATE_OPS; i++)
        count->done[i] += here.done[i];
    return len;
}

/* --- sequences ----------------------------------------------------------------------------------- */

#define MAX_RECORDS 64u

static bool looks_like_message(struct span s)
{
    return s.len >= HDR_LEN && s.p[17] >> 4 == 2;
}

/* The datagrams of a sequence; 0 when it is none. */
static unsigned split(struct span in, struct span *rec)
{
    struct reader r = rd_init(in);
    unsigned num = 0;
    if (in.len < 2 || get_u16(in.p) > in.len - 2 ||
        (looks_like_message(in) && get_u32(in.p + 24) == in.len))
        return 0;
    while (num < MAX_RECORDS && record_next(&r, &rec[num]))
        num++;
    return num > 0 && !rd_more(&r) && looks_like_message(rec[0]) ? num : 0;
}

static size_t mutate_records(struct span *rec, unsigned num, struct span other, uint64_t seed,
                             uint8_t *out, size_t cap, struct mutate_count *count)
{
    static uint8_t made[MAX_TEXT], whole[1 << 20];
    struct span others[MAX_RECORDS];
    struct mut u = { .rng = (seed + 7) * 0x9e3779b97f4a7c15u | 1 };
    struct writer w = wr_init(whole, sizeof whole < cap ? sizeof whole : cap);
    unsigned i = below(&u, num), j = below(&u, num), num_other = split(other, others);
    struct span kept = rec[i], extra = { 0 };
    size_t len = 0;
    if (num_other > 0)
        other = others[below(&u, num_other)];
    switch (below(&u, 8)) {
    case 0: /* dropped */
        memmove(rec + i, rec + i + 1, (num - i - 1) * sizeof *rec);
        num -= num > 1;
        break;
    case 1: /* twice */
        extra = kept;
        break;
    case 2: /* elsewhere */
        rec[i] = rec[j];
        rec[j] = kept;
        break;
    case 3: /* cut */
        rec[i].len = below(&u, kept.len + 1);
        break;
    case 4: /* once more, otherwise; or one of the other's */
        if (num_other > 0 && one_in(&u, 2)) {
            extra = other;
            break;
        }
        len = mutate_datagram(kept, other, draw(&u), made, sizeof made, count);
        extra = span_of(made, len);
        break;
    default:
        len = mutate_datagram(kept, other, draw(&u), made, sizeof made, count);
        if (len == 0)
            return 0;
        rec[i] = span_of(made, len);
        break;
    }
    if (len == 0 && count != NULL)
        count->done[MUTATE_RECORDS]++;
    for (unsigned k = 0; k < num; k++) {
        if (extra.len > 0 && k == j)
            record_add(&w, extra);
        record_add(&w, rec[k]);
    }
    if (w.err != ERR_OK)
        return 0;
    memcpy(out, whole, w.len);
    return w.len;
}

size_t mutate(struct span in, struct span other, uint64_t seed, uint8_t *out, size_t cap,
              struct mutate_count *count)
{
    struct span rec[MAX_RECORDS];
    unsigned num = split(in, rec);
    if (num > 0)
        return mutate_records(rec, num, other, seed, out, cap, count);
    if (!looks_like_message(in))
        return 0;
    return mutate_datagram(in, other, seed, out, cap, count);
}

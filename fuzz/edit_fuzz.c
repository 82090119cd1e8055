/* edit_fuzz.c - a message built and edited as the input says, with as much memory as it says: what was
 * written is read back, what is refused changes nothing, and what encodes and decodes is the same
 * message. First octets: memory (16 bits, times 16), exchange, flags; then actions. */
#include <stdalign.h>

#include "engine/wire/lint.h"
#include "engine/wire/print.h"
#include "fuzz/must.h"

#define MOST_ACTIONS 120u
#define MOST_NODES   200u

enum op { ADD_PAYLOAD, ADD_CHILD, SET_NUM, SET_BYTES, REMOVE, DUPLICATE, UNSET, CHAIN, NUM_OPS };

struct place {
    struct node *n, *parent;
};

static alignas(16) uint8_t store[1 << 20], other[1 << 20];
static uint8_t wire[70000], again[70000];
static char text[4096];

static struct edited {
    struct message m;
    struct place all[MOST_NODES];
    unsigned num;
} w;

static void gather(struct node *parent, struct node *n)
{
    for (; n != NULL && w.num < MOST_NODES; n = n->next) {
        w.all[w.num++] = (struct place){ n, parent };
        gather(n, n->child);
    }
}

static struct place any(struct reader *in)
{
    w.num = 0;
    gather(NULL, w.m.hdr);
    return w.all[rd_u8(in) % w.num];
}

static void add(struct reader *in, enum op op)
{
    struct node *p = any(in).n, *n = NULL, *last = p->last_child;
    uint8_t type = rd_u8(in);
    bool chain = p == w.m.hdr || p->type == PAYLOAD_SK || p->type == PAYLOAD_SKF;
    if (op == ADD_PAYLOAD && chain)
        n = payload_add(&w.m, p, type);
    for (unsigned i = 0; op == ADD_CHILD && i < p->shape->num_fields; i++)
        for (unsigned num = type == 255 ? 300 : 1; num > 0 && p->shape->fields[i].kind == F_LIST; num--)
            if ((n = child_add(&w.m, p, p->shape->fields[i].child)) != NULL)
                last = n;
    must(p->last_child == (n != NULL ? n : last));
}

static void set_num(struct reader *in)
{
    struct node *n = any(in).n;
    unsigned field = rd_u8(in) % 24;
    uint8_t len = rd_u8(in) % 9;
    uint64_t v = 0, before = node_num(n, field);
    for (uint8_t i = 0; i < len; i++)
        v = v << 8 | rd_u8(in);
    enum err rc = node_set_num(&w.m, n, field, v);
    must(node_num(n, field) == (rc == ERR_OK ? v : before));
    must(rc != ERR_NO_PATH || before == 0);
    (void)node_names(n, field);
}

static void set_bytes(struct reader *in)
{
    static uint8_t octets[1024];
    struct node *n = any(in).n;
    unsigned field = rd_u8(in) % 24;
    size_t len = rd_u16(in) % sizeof octets;
    memset(octets, (int)len, sizeof octets);
    struct span v = span_of(octets, len), before = node_bytes(n, field);
    enum err rc = node_set_bytes(&w.m, n, field, v);
    must(span_eq(node_bytes(n, field), rc == ERR_OK ? v : before));
    must(rc != ERR_LENGTH || before.len != len);
}

static void duplicate(struct reader *in)
{
    struct place p = any(in);
    struct node *c = p.parent != NULL ? node_clone(&w.m, p.n) : NULL;
    if (c == NULL)
        return;
    node_insert(p.parent, c, (rd_u8(in) & 1) != 0 ? p.n : NULL);
    must(node_remove(p.parent, c) && !node_remove(p.parent, c));
    node_insert(p.parent, c, NULL);
    must(p.parent->last_child == c);
}

/* The chain of an SK goes out alone and comes in again. */
static void chain(struct reader *in)
{
    struct node *n = any(in).n;
    struct writer t = wr_init(again, rd_u16(in));
    struct fault why = { 0 };
    if ((n->type != PAYLOAD_SK && n->type != PAYLOAD_SKF) || chain_encode(n, &t) != ERR_OK)
        return;
    struct span s = arena_copy(w.m.arena, wr_done(&t));
    if (s.len == t.len && n->child != NULL &&
        chain_decode(&w.m, n, n->child->type, s, (s.len & 1) != 0 ? &why : NULL) == ERR_OK) {
        t = wr_init(wire, sizeof wire);
        must(chain_encode(n, &t) == ERR_OK && span_eq(wr_done(&t), s));
    }
}

static void act(struct reader *in)
{
    enum op op = rd_u8(in) % NUM_OPS;
    struct place p;
    switch (op) {
    case ADD_PAYLOAD:
    case ADD_CHILD:
        add(in, op);
        break;
    case SET_NUM:
        set_num(in);
        break;
    case SET_BYTES:
        set_bytes(in);
        break;
    case REMOVE:
        p = any(in);
        must(p.parent == NULL || node_remove(p.parent, p.n));
        break;
    case DUPLICATE:
        duplicate(in);
        break;
    case UNSET:
        p = any(in);
        node_unset(p.n, rd_u8(in) % 40);
        break;
    case CHAIN:
        chain(in);
        break;
    case NUM_OPS:
        break;
    }
}

/* Nothing that is computed was set, so no length or count can lie. */
static bool honest(const struct node *n)
{
    for (; n != NULL; n = n->next)
        if ((n->set & ~NODE_SEALED) != 0 || !honest(n->child))
            return false;
    return true;
}

/* What stands in the octets is what the tree said would stand there. */
static void foretold(struct node *parent, const struct node *n, const struct node *got)
{
    for (; n != NULL && got != NULL; n = n->next, got = got->next) {
        if (n->shape != got->shape || n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF)
            return;
        for (unsigned i = 0; i < n->shape->num_fields; i++) {
            uint64_t v;
            const struct field *f = &n->shape->fields[i];
            if ((f->kind == F_NUM || f->kind == F_FLAG) && node_value(parent, n, i, &v))
                must(v == node_num(got, i));
        }
        foretold((struct node *)(uintptr_t)n, n->child, got->child);
    }
}

static unsigned depth_of(const struct node *n)
{
    unsigned most = 0;
    for (const struct node *c = n->child; c != NULL; c = c->next)
        most = depth_of(c) > most ? depth_of(c) : most;
    return most + 1;
}

static void check(size_t cap)
{
    struct arena b = arena_init(other, sizeof other);
    struct writer t = wr_init(wire, cap), u = wr_init(again, sizeof again);
    struct message back, copy;
    struct fault found[4], why = { 0 };
    for (unsigned i = 0; i < w.num; i++)
        print_field(w.all[i].n, i % 24, 8, text, i % 200 + 1);
    print_tree(&w.m, 8, text, sizeof text);
    lint(&w.m, found, 4);
    if (msg_encode(&w.m, &t) != ERR_OK)
        return;
    if (msg_copy(&copy, &b, &w.m) != ERR_OK) {
        must(depth_of(w.m.hdr) > 12);
        return;
    }
    must(msg_encode(&copy, &u) == ERR_OK && span_eq(wr_done(&u), wr_done(&t)));
    if (msg_decode(&back, &b, wr_done(&t), &why) != ERR_OK)
        return;
    u = wr_init(again, sizeof again);
    must(msg_encode(&back, &u) == ERR_OK && span_eq(wr_done(&u), wr_done(&t)));
    if (honest(w.m.hdr))
        foretold(NULL, w.m.hdr, back.hdr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = rd_init(span_of(data, size));
    size_t room = rd_u16(&in) * (size_t)16;
    struct arena a = arena_init(store, room);
    uint8_t exchange = rd_u8(&in), flags = rd_u8(&in);
    if (msg_new(&w.m, &a, exchange, flags, 1, 2, 3) != ERR_OK) {
        must(room < 128 && w.m.hdr == NULL);
        return 0;
    }
    for (unsigned i = 0; i < MOST_ACTIONS && rd_more(&in); i++)
        act(&in);
    check(room % 7 == 0 ? room / 100 : sizeof wire);
    return 0;
}

/* message_fuzz.c - any datagram: decode, and whatever decodes must encode back the same, copy the
 * same, print, list its paths and lead back from them; SK bodies are taken for plain text. */
#include <stdalign.h>
#include <stdlib.h>

#include "engine/wire/encap.h"
#include "engine/wire/lint.h"
#include "engine/wire/path.h"
#include "engine/wire/print.h"
#include "engine/wire/rules.h"
#include "fuzz/bound.h"
#include "fuzz/must.h"

static alignas(16) uint8_t store[1 << 20], other[1 << 20];
static uint8_t wire[70000], again[70000];
static char text[1 << 16], part[512];

/* Looking up a path costs more than all the rest of a run: of a long message every so-manieth. */
#define MOST_VISITS 24u
struct visit {
    struct message *m;
    unsigned step, until, left;
};

/* Each path leads back to its field, and writing what was read changes nothing. */
static void visit(void *ctx, const char *path, struct node *n, unsigned field)
{
    struct visit *v = ctx;
    struct path_ref ref;
    if (v->left == 0 || v->until-- > 0)
        return;
    v->until = v->step - 1;
    v->left--;
    must(path_find(v->m, path, &ref, NULL) == ERR_OK);
    must(ref.node == n && ref.field == (int)field);
    must(shape_field(n->shape, n->shape->fields[field].name) == (int)field);
    if (path_get(v->m, path, text, sizeof text, NULL) == ERR_OK)
        must(path_set(v->m, path, text, NULL) == ERR_OK);
}

static struct span encoded(const struct message *m, uint8_t *buf)
{
    struct writer w = wr_init(buf, sizeof wire);
    must(msg_encode(m, &w) == ERR_OK);
    return wr_done(&w);
}

typedef size_t print(const struct message *m, char *buf, size_t cap);

static size_t tree(const struct message *m, char *buf, size_t cap)
{
    return print_tree(m, 32, buf, cap);
}

/* As much as there is room for, terminated, and the length that it would have; cap > 0. */
static void printed(print *how, const struct message *m, size_t cap)
{
    size_t whole = how(m, text, sizeof text);
    must(strlen(text) == (whole < sizeof text ? whole : sizeof text - 1));
    memset(part, 'x', sizeof part);
    must(how(m, part, cap) == whole);
    must(strlen(part) == (whole < cap ? whole : cap - 1));
    must(memcmp(part, text, strlen(part)) == 0 && (cap == sizeof part || part[cap] == 'x'));
}

/* Whoever walks from one payload of a type to the next meets each of them. */
static void findable(const struct node *parent)
{
    const struct node *n = parent->child, *f;
    for (unsigned i = 0; i < 24 && n != NULL; i++, n = n->next) {
        for (f = payload_find(parent, n->type); f != n; f = payload_next(f, n->type))
            must(f != NULL && f->type == n->type);
        uint16_t type = (uint16_t)(n->type == PAYLOAD_NOTIFY ? node_num(n, NOTIFY_TYPE) : 0);
        for (f = notify_find(parent, type); n->type == PAYLOAD_NOTIFY && f != n;
             f = notify_next(f, type))
            must(f != NULL && node_num(f, NOTIFY_TYPE) == type);
    }
}

/* Findings are the same whether there is room for them or not. */
static void look(const struct message *m)
{
    struct fault f[16], few[2];
    size_t room = m->raw.len % sizeof part;
    printed(print_line, m, room + 1);
    printed(print_chain, m, room / 16 + 1);
    printed(tree, m, room + 1);
    size_t num = lint(m, f, 16);
    must(lint(m, few, num % 3) == num && lint(m, NULL, 0) == num);
    if (m->hdr == NULL)
        return;
    for (int initiator = 0; initiator < 2; initiator++)
        must(rules_check(m, initiator, f) == rules_check(m, initiator, NULL));
    msg_unknown_critical(msg_payloads(m));
    findable(msg_payloads(m));
}

/* What does not fit is refused, and nothing is written past the end. */
static void short_of_room(const struct message *m, size_t len)
{
    size_t cap = sum_of(m->raw) % len;
    struct writer w = wr_init(again, cap);
    again[cap] = 0x5a;
    must(msg_encode(m, &w) == ERR_SPACE);
    must(w.len <= cap && again[cap] == 0x5a);
}

/* Inside of SK as if the cipher were none: the same octets come back from the tree. */
static void open_sk(struct message *m, struct node *sk)
{
    struct span body = node_bytes(sk, sk->type == PAYLOAD_SK ? SK_DATA : SKF_DATA);
    struct fault why;
    if (chain_decode(m, sk, (uint8_t)node_num(sk, PL_NEXT), body, &why) != ERR_OK) {
        look(m);
        return;
    }
    struct writer w = wr_init(again, sizeof again);
    must(chain_encode(sk, &w) == ERR_OK);
    must(span_eq(wr_done(&w), body));
    must(span_eq(encoded(m, again), m->raw));
    w = wr_init(again, sizeof again);
    must(msg_encode_clear(m, &w) == ERR_OK);
    struct arena b = arena_init(other, sizeof other);
    struct message clear;
    /* the limits of one message hold what was inside and what stood before it together */
    must(msg_decode(&clear, &b, wr_done(&w), &why) == ERR_OK || why.code == ERR_SPACE);
    look(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = arena_init(store, sizeof store), b = arena_init(other, sizeof other);
    struct message m, copy;
    struct fault why = { 0 };
    struct span s = span_of(data, size);
    if (encap_classify(s) == ENCAP_IKE)
        s = encap_strip(s);
    enum err rc = msg_decode(&m, &a, s, &why);
    must_be_bounded(&a, 1, s.len, 16);
    if (rc != ERR_OK) {
        must(why.code != ERR_OK && why.off <= s.len);
        fault_text(&why, text, sizeof text);
        look(&m);
        return 0;
    }
    must(span_eq(encoded(&m, wire), s));
    must(msg_copy(&copy, &b, &m) == ERR_OK || b.used > sizeof other / 2);
    if (copy.hdr != NULL)
        must(span_eq(encoded(&copy, again), s));
    look(&m);
    short_of_room(&m, s.len);
    struct node *sk = msg_sk(&m);
    if (sk != NULL)
        open_sk(&m, sk);
    unsigned step = 1 + (unsigned)s.len / 64;
    struct visit v = { &m, step, sum_of(s) % step, MOST_VISITS };
    path_list(&m, visit, &v);
    must(span_eq(encoded(&m, again), s));
    return 0;
}

/* roundtrip_fuzz.c - what decodes encodes to the same octets: as it stands, copied, with every
 * structure cloned, and with every computed field computed anew. */
#include <stdalign.h>

#include "engine/wire/message.h"
#include "fuzz/must.h"

static alignas(16) uint8_t store[1 << 20], other[1 << 20];
static uint8_t wire[70000];

static void same(const struct message *m, struct span s)
{
    struct writer w = wr_init(wire, sizeof wire);
    must(msg_encode(m, &w) == ERR_OK);
    must(span_eq(wr_done(&w), s));
}

/* What node_value foretells of a computed field is what stood there, and stays so when it is set. */
static void foretold(struct message *m, struct node *parent, struct node *n)
{
    for (; n != NULL; n = n->next) {
        for (unsigned i = 0; i < n->shape->num_fields; i++) {
            uint64_t v;
            if (node_derived(n, i) && node_value(parent, n, i, &v))
                must(v == node_num(n, i));
        }
        foretold(m, n, n->child);
    }
}

static void clones(struct message *m)
{
    struct node *old = m->hdr->child;
    struct node *all[64];
    unsigned num = 0;
    for (struct node *n = old; n != NULL && num < 64; n = n->next)
        all[num++] = n;
    for (unsigned i = 0; i < num; i++) {
        struct node *c = node_clone(m, all[i]);
        if (c == NULL)
            return;
        node_insert(m->hdr, c, all[i]);
        must(node_remove(m->hdr, all[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = arena_init(store, sizeof store), b = arena_init(other, sizeof other);
    struct message m, copy;
    struct fault why = { 0 };
    struct span s = span_of(data, size);
    if (msg_decode(&m, &a, s, &why) != ERR_OK)
        return 0;
    same(&m, s);
    foretold(&m, NULL, m.hdr);
    must(msg_copy(&copy, &b, &m) == ERR_OK || b.used > sizeof other / 2);
    if (copy.hdr != NULL && b.used < sizeof other / 2) {
        same(&copy, s);
        clones(&copy);
        same(&copy, s);
    }
    return 0;
}

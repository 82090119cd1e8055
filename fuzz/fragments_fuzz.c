/* fragments_fuzz.c - a sequence of datagrams, most of them SKF, into reassembly: out of order,
 * twice, overlapping, of changing totals. A plain model says what each must come to (RFC 7383 2.6).
 */
#include <stdalign.h>

#include "fuzz/fixed_sa.h"
#include "fuzz/must.h"
#include "fuzz/records.h"

#define MOST_RECORDS 600u

static alignas(16) uint8_t store[1 << 20], other[1 << 20];
static uint8_t wire[65536], second[65536], joined[65536 * 2], text[65536];

static struct model { /* what was collected of one message */
    bool used;
    uint32_t mid;
    unsigned total, have;
    uint8_t first;
    size_t octets;
    struct octets part[MAX_FRAGMENTS + 1];
} model[2];

static void forget(struct model *q)
{
    for (unsigned i = 0; i <= MAX_FRAGMENTS; i++)
        octets_free(&q->part[i]);
    *q = (struct model){ 0 };
}

/* What must come of a fragment with that text. */
static enum err expect(struct model *q, uint32_t mid, unsigned number, unsigned total,
                       struct span part, uint8_t first)
{
    if (q->used && (q->mid != mid || total > q->total))
        forget(q);
    if (!q->used)
        q->used = true, q->mid = mid, q->total = total;
    if (total < q->total)
        return ERR_VALUE;
    if (q->part[number].p != NULL)
        return ERR_FRAGMENT;
    if (q->octets + part.len > MAX_DATAGRAM)
        return ERR_SPACE;
    static const uint8_t nothing;
    must(octets_set(&q->part[number], part.len > 0 ? part : span_of(&nothing, 0)) == ERR_OK);
    q->octets += part.len;
    q->have++;
    if (number == 1)
        q->first = first;
    return q->have < q->total ? ERR_FRAGMENT : ERR_OK;
}

/* All of it in order. */
static struct span whole_of(const struct model *q)
{
    struct writer w = wr_init(joined, sizeof joined);
    for (unsigned i = 1; i <= q->total; i++)
        wr_span(&w, octets_span(&q->part[i]));
    must(w.err == ERR_OK);
    return wr_done(&w);
}

static void same_state(const struct reassembly *r, const struct model *q)
{
    size_t octets = 0, have = 0;
    must((r != NULL) == q->used);
    if (r == NULL)
        return;
    for (unsigned i = 0; i < MAX_FRAGMENTS; i++) {
        have += r->part[i].p != NULL;
        octets += r->part[i].len;
        must(span_eq(octets_span(&r->part[i]), octets_span(&q->part[i + 1])));
    }
    must(r->mid == q->mid && r->total == q->total);
    must(have == r->have && octets == r->octets && octets <= MAX_DATAGRAM);
    must(r->have == q->have && r->octets == q->octets);
}

static void one(struct ike_sa *sa, struct span s)
{
    struct arena a = arena_init(store, sizeof store), b = arena_init(other, sizeof other);
    struct message m, n;
    struct fault why = { 0 };
    struct span part;
    memcpy(wire, s.p, s.len);
    memcpy(second, s.p, s.len);
    if (msg_decode(&m, &a, span_of(wire, s.len), &why) != ERR_OK ||
        msg_decode(&n, &b, span_of(second, s.len), &why) != ERR_OK)
        return;
    struct node *skf = payload_find(m.hdr, PAYLOAD_SKF);
    if (skf == NULL)
        return;
    bool response = msg_is_response(&m);
    unsigned number = (unsigned)node_num(skf, SKF_NUMBER),
             total = (unsigned)node_num(skf, SKF_TOTAL);
    uint8_t first = (uint8_t)node_num(skf, PL_NEXT);
    struct model *q = &model[response];
    enum err rc = fragment_feed(sa, &m, &why), want;
    if (number < 1 || number > total || total > MAX_FRAGMENTS) {
        want = ERR_VALUE;
    } else {
        want = sealing_open(&n, msg_sk(&n), &part);
        if (want == ERR_OK)
            want = expect(q, msg_mid(&m), number, total, part, first);
    }
    if (want != ERR_OK) {
        must(rc == want);
    } else {
        struct span all = whole_of(q);
        struct node *sk = payload_find(m.hdr, PAYLOAD_SK);
        struct writer w = wr_init(text, sizeof text);
        must(sk != NULL && payload_find(m.hdr, PAYLOAD_SKF) == NULL);
        if (rc == ERR_OK) {
            must(chain_encode(sk, &w) == ERR_OK);
            must(span_eq(wr_done(&w), all));
            must((sk->child != NULL ? sk->child->type : PAYLOAD_NONE) == q->first);
        }
        /* read from the first payload's type on, as any other text */
        enum err plain = chain_decode(&n, msg_sk(&n), q->first, all, &why);
        must(rc == plain || rc == ERR_SPACE || plain == ERR_SPACE);
        forget(q);
    }
    same_state(sa->frags[response], q);
}

/* A record of five octets stands for a fragment that is sealed here, with more octets than an input
 * should be long: message id, number, total, length (16 bits). Anything else is what it is. */
static struct span made_up(enum sealing which, struct span s)
{
    static uint8_t big[65536];
    static const uint8_t iv[IV_MAX], zeros[60000];
    struct arena a = arena_init(other, sizeof other);
    struct reader in = rd_init(s);
    struct writer w = wr_init(big, sizeof big);
    struct message m;
    if (s.len != 5)
        return s;
    uint8_t mid = rd_u8(&in), number = rd_u8(&in), total = rd_u8(&in);
    size_t len = rd_u16(&in) % sizeof zeros;
    must(msg_new(&m, &a, EXCHANGE_IKE_AUTH, FLAG_INITIATOR, mid,
                 which == SEALING_CBC ? SEALING_SPI_CBC : SEALING_SPI_GCM,
                 SEALING_SPI_R) == ERR_OK);
    struct node *skf = payload_add(&m, m.hdr, PAYLOAD_SKF);
    must(skf != NULL && node_set_num(&m, skf, SKF_NUMBER, number) == ERR_OK &&
         node_set_num(&m, skf, SKF_TOTAL, total) == ERR_OK);
    must(sealing_seal(&m, skf, iv, NULL, span_of(zeros, len), &w) == ERR_OK);
    return wr_done(&w);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fixed_sa_warm();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = rd_init(span_of(data, size));
    struct span s;
    enum sealing which = SEALING_GCM;
    if (size >= 10 && get_u64(data + 2) == SEALING_SPI_CBC) /* of the first datagram */
        which = SEALING_CBC;
    struct ike_sa *sa = fixed_sa(which);
    for (unsigned i = 0; i < MOST_RECORDS && record_next(&in, &s); i++) {
        s = made_up(which, s);
        if (s.len >= HDR_LEN && (get_u64(s.p) == SEALING_SPI_CBC) == (which == SEALING_CBC))
            one(sa, s);
    }
    for (int i = 0; i < 2; i++) {
        fragment_clear(&sa->frags[i]);
        forget(&model[i]);
    }
    fixed_sa_rest(sa);
    return 0;
}

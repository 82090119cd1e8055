/* lookup_fuzz.c - CERT payloads that are hash and URL (RFC 7296 3.6), from somebody who has proven
 * nothing, against a plain model: which of them the host is asked for, and what is taken of what it found.
 * The input is pairs of records: encoding and data of a CERT; 128 more than the encoding: the hash is put
 * right, 64 more: its last octet is changed; then what is behind the URL, empty: nothing. */
#include <stdalign.h>

#include "fuzz/fixed_sa.h"
#include "fuzz/must.h"
#include "fuzz/records.h"

#define MOST_CERTS 12u

static alignas(16) uint8_t store[1 << 20];
static uint8_t patched[1 << 20];
static struct conn conn = { .c = { .http_cert_lookup = true, .num_anchors = 1 } };

static struct page {
    struct span data, found;
    uint8_t encoding;
    const struct node *cert;
} page[MOST_CERTS];

/* RFC 7296 3.6 names HTTP; what may be in a URL is RFC 3986 2. */
static bool to_be_asked(const struct page *p)
{
    static const char http[] = "HTTP://";
    if ((p->encoding != 12 && p->encoding != 13) || p->data.len < 20 + 8 ||
        p->data.len > 20 + 1024)
        return false;
    for (size_t i = 20; i < p->data.len; i++) {
        uint8_t c = p->data.p[i];
        if (c < 0x21 || c > 0x7e)
            return false;
        if (i < 27 && (c >= 'a' && c <= 'z' ? c - 32 : c) != http[i - 20])
            return false;
    }
    return true;
}

static bool has_hash(const struct page *p)
{
    uint8_t hash[20];
    must(sha1_run(&p->found, 1, hash) == ERR_OK);
    return p->data.len >= 20 && memcmp(hash, p->data.p, 20) == 0;
}

static size_t read_pages(struct span input)
{
    struct reader in = rd_init(input);
    struct span one;
    size_t num = 0, at = 0;
    while (num < MOST_CERTS && record_next(&in, &one) && one.len > 0) {
        struct page *p = &page[num++];
        uint8_t *copy = patched + at;
        *p = (struct page){ .encoding = one.p[0] & 0x3f };
        memcpy(copy, one.p + 1, one.len - 1);
        p->data = span_of(copy, one.len - 1);
        at += one.len;
        if (!record_next(&in, &p->found) || at > sizeof patched - 70000)
            break;
        if (one.p[0] & 0x80 && p->data.len >= 20)
            must(sha1_run(&p->found, 1, copy) == ERR_OK);
        if (one.p[0] & 0x40 && p->data.len >= 20)
            copy[19] ^= 1;
    }
    return num;
}

static bool compose(struct message *m, struct arena *a, size_t num)
{
    struct node *sk;
    if (msg_new(m, a, EXCHANGE_IKE_AUTH, FLAG_INITIATOR, 1, 1, 2) != ERR_OK ||
        (sk = payload_add(m, m->hdr, PAYLOAD_SK)) == NULL)
        return false;
    for (size_t i = 0; i < num; i++) {
        struct node *n = payload_add(m, sk, PAYLOAD_CERT);
        if (n == NULL || node_set_num(m, n, CERT_ENCODING, page[i].encoding) != ERR_OK ||
            node_set_bytes(m, n, CERT_DATA, page[i].data) != ERR_OK)
            return false;
    }
    return true;
}

static size_t check_asked(struct ike_sa *sa, size_t num)
{
    struct ike_event ev;
    size_t asked = 0, i = 0;
    for (const struct node *n = payload_find(msg_payloads(&sa->parked->m), PAYLOAD_CERT);
         n != NULL; n = payload_next(n, PAYLOAD_CERT))
        page[i++].cert = n;
    must(i == num);
    for (i = 0; i < num && asked < IKE_MAX_CERTS; i++) {
        if (!to_be_asked(&page[i]))
            continue;
        do
            must(ike_next_event(sa->e, &ev));
        while (ev.kind != IKE_EV_LOOKUP);
        struct lookup *l = &sa->parked->lookup[asked++];
        must(span_eq(ev.inner, span_part(page[i].data, 20, page[i].data.len - 20)));
        must(l->num == ev.num && l->waiting && l->cert == page[i].cert);
        l->waiting = false;
        l->found = page[i].found.len > 0;
        must(octets_set(&l->octets, page[i].found) == ERR_OK);
    }
    while (ike_next_event(sa->e, &ev))
        must(ev.kind != IKE_EV_LOOKUP);
    must(sa->parked->num == asked);
    return asked;
}

/* No event of this run is left, nor the URL of the last one. */
static void rest(struct ike_sa *sa)
{
    must(event_add(sa->e, IKE_EV_STATE, sa) != NULL);
    fixed_sa_rest(sa);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    uint8_t hash[20];
    struct span none = { 0 };
    (void)argc, (void)argv;
    must(sha1_run(&none, 1, hash) == ERR_OK);
    fixed_sa_warm();
    struct ike_sa *sa = fixed_sa(SEALING_GCM);
    for (unsigned i = 0; i < 40; i++) /* room for all that a run can say */
        must(event_add(sa->e, IKE_EV_STATE, sa) != NULL);
    rest(sa);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ike_sa *sa = fixed_sa(SEALING_GCM);
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct ike_dgram d = { .protocol = 17 };
    struct fault why = { 0 };
    struct run r;
    size_t num = read_pages(span_of(data, size)), wanted = 0;
    sa->conn = &conn;
    if (num == 0 || !compose(&m, &a, num))
        return 0;
    run_init(&r, sa, NULL);
    r.in = &m;
    r.inner = msg_payloads(&m);
    r.d = &d;
    r.raw = span_of(data, size < MAX_DATAGRAM ? size : MAX_DATAGRAM);
    r.why = &why;
    for (size_t i = 0; i < num; i++)
        wanted += to_be_asked(&page[i]);
    enum verdict v = lookup_certs(&r);
    must((v == V_STOP) == (sa->parked != NULL));
    if (v != V_STOP) {
        rest(sa);
        must(wanted == 0 || m.arena->used > ARENA_OCTETS / 2); /* else it has room */
        return 0;
    }
    size_t asked = check_asked(sa, num);
    must(asked == (wanted < IKE_MAX_CERTS ? wanted : IKE_MAX_CERTS) && asked > 0);
    for (size_t i = 0; i < num; i++) {
        struct span got = lookup_octets(&r, page[i].cert);
        bool taken = to_be_asked(&page[i]) && page[i].found.len > 0 && has_hash(&page[i]);
        if (got.len > 0 || wanted <= IKE_MAX_CERTS)
            must(span_eq(got, taken ? page[i].found : (struct span){ 0 }));
    }
    lookup_forget(sa);
    must(sa->parked == NULL);
    rest(sa);
    return 0;
}

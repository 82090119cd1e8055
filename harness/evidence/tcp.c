/* tcp.c - reassembly, one direction of a connection at a time. */
#include "harness/evidence/tcp.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/wire/stream.h"

#define NUM_BUCKETS 4096u
#define MOST_HELD   1024u /* segments that wait for one that is missing */

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_ACK = 0x10 };

/* A segment that came before its turn, in the order of sequence numbers. */
struct held {
    struct held *next;
    uint64_t t_us;
    uint32_t seq;
    size_t len;
    uint8_t p[];
};

struct half {
    struct half *same_bucket, *later;
    struct addr from, to;
    uint64_t t_us;  /* of its latest segment */
    uint32_t first; /* sequence number of its first octet */
    uint32_t next;  /* ... and of the one that comes next */
    bool begun;     /* ... which are known */
    bool over;      /* no more of it is read */
    struct stream stream;
    uint8_t *p; /* octets that are in order and not yet a message */
    size_t len, cap;
    struct held *held;
    unsigned num_held;
};

struct tcp {
    capture_datagram *each;
    void *ctx;
    struct half *bucket[NUM_BUCKETS], *first, **last;
};

struct tcp *tcp_new(capture_datagram *each, void *ctx)
{
    struct tcp *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    t->each = each;
    t->ctx = ctx;
    t->last = &t->first;
    return t;
}

static unsigned bucket_of(const struct addr *from, const struct addr *to)
{
    uint32_t h = (uint32_t)from->port << 16 ^ to->port;
    for (size_t i = 0; i < sizeof from->ip; i++)
        h = (h ^ from->ip[i] ^ (uint32_t)to->ip[i] << 8) * 16777619u;
    return (h ^ h >> 15) % NUM_BUCKETS;
}

/* The direction from one end to the other; NULL when out of memory. */
static struct half *half_of(struct tcp *t, const struct addr *from, const struct addr *to)
{
    struct half **bucket = &t->bucket[bucket_of(from, to)];
    for (struct half *h = *bucket; h != NULL; h = h->same_bucket)
        if (addr_eq(&h->from, from) && addr_eq(&h->to, to))
            return h;
    struct half *h = calloc(1, sizeof *h);
    if (h == NULL)
        return NULL;
    *h = (struct half){ .same_bucket = *bucket, .from = *from, .to = *to };
    *bucket = *t->last = h;
    t->last = &h->later;
    return h;
}

static void tell(struct tcp *t, const struct half *h, uint64_t t_us, struct span body,
                 const char *note)
{
    struct ike_dgram d = { .local = h->from, .remote = h->to, .protocol = TCP_PROTOCOL };
    d.p = body.p;
    d.len = body.len;
    t->each(t->ctx, t_us, &d, note);
}

static void let_go(struct half *h)
{
    while (h->held != NULL) {
        struct held *next = h->held->next;
        free(h->held);
        h->held = next;
    }
    free(h->p);
    h->num_held = 0;
    h->p = NULL;
    h->len = h->cap = 0;
}

/* No more of this direction, and why. */
static void give_up(struct tcp *t, struct half *h, const char *note)
{
    tell(t, h, h->t_us, (struct span){ 0 }, note);
    let_go(h);
    h->over = true;
}

static size_t held_octets(const struct half *h)
{
    size_t sum = 0;
    for (const struct held *s = h->held; s != NULL; s = s->next)
        sum += s->len;
    return sum;
}

static void say_gap(struct tcp *t, struct half *h)
{
    char note[160];
    snprintf(note, sizeof note,
             "%u octets of the stream are missing here: what comes after them, %zu octets and "
             "more, is not read",
             h->held->seq - h->next, held_octets(h));
    give_up(t, h, note);
}

/* The connection is over, or the capture: is anything incomplete? */
static void finish(struct tcp *t, struct half *h)
{
    char note[96];
    bool open = h->begun && !h->over;
    if (open && h->held != NULL) {
        say_gap(t, h);
    } else if (open && h->len > 0) {
        if (h->stream.prefix)
            snprintf(note, sizeof note, "the stream ends within its prefix");
        else if (h->len < STREAM_LENGTH_LEN)
            snprintf(note, sizeof note, "the stream ends within a length");
        else
            snprintf(note, sizeof note, "the stream ends within a message: %zu of %u octets",
                     h->len, get_u16(h->p));
        give_up(t, h, note);
    }
    let_go(h);
    h->over = true;
}

static bool append(struct half *h, struct span s)
{
    if (s.len > h->cap - h->len) {
        size_t cap = h->cap > 0 ? h->cap : 512;
        while (cap - h->len < s.len)
            cap *= 2;
        uint8_t *p = realloc(h->p, cap);
        if (p == NULL)
            return false;
        h->p = p;
        h->cap = cap;
    }
    memcpy(h->p + h->len, s.p, s.len);
    h->len += s.len;
    return true;
}

/* Octets that are next in order. */
static void take(struct tcp *t, struct half *h, uint64_t t_us, struct span s)
{
    struct span body;
    enum stream_state got;
    char note[96];
    if (s.len == 0)
        return;
    if (!append(h, s)) {
        give_up(t, h, "out of memory");
        return;
    }
    h->next += (uint32_t)s.len;
    struct reader in = rd_init(span_of(h->p, h->len));
    while ((got = stream_next(&h->stream, &in, &body)) == STREAM_MESSAGE)
        tell(t, h, t_us, body, NULL);
    if (got == STREAM_BROKEN) {
        if (in.err == ERR_VALUE)
            snprintf(note, sizeof note, "a stream that does not begin with %s (RFC 9329 4)",
                     STREAM_PREFIX);
        else
            snprintf(note, sizeof note, "a message length of %u, which no message has (RFC 9329 3)",
                     get_u16(h->p + in.err_off));
        give_up(t, h, note);
        return;
    }
    memmove(h->p, in.p, in.len);
    h->len = in.len;
}

/* Kept until what is missing before it comes. */
static void hold(struct tcp *t, struct half *h, uint64_t t_us, uint32_t seq, struct span s)
{
    struct held **at = &h->held, *new = malloc(sizeof *new + s.len);
    if (new == NULL) {
        give_up(t, h, "out of memory");
        return;
    }
    while (*at != NULL && (*at)->seq - h->next <= seq - h->next)
        at = &(*at)->next;
    *new = (struct held){ .next = *at, .t_us = t_us, .seq = seq, .len = s.len };
    if (s.len > 0)
        memcpy(new->p, s.p, s.len);
    *at = new;
    if (++h->num_held >= MOST_HELD)
        say_gap(t, h);
}

/* How far seq lies behind what comes next; octets of s that were there before are cut off. */
static int32_t ahead(const struct half *h, uint32_t seq, struct span *s)
{
    int32_t by = (int32_t)(seq - h->next);
    if (by < 0)
        *s = span_part(*s, (size_t) - (int64_t)by, s->len);
    return by;
}

/* Those held back whose turn it is. */
static void catch_up(struct tcp *t, struct half *h)
{
    while (!h->over && h->held != NULL && (int32_t)(h->held->seq - h->next) <= 0) {
        struct held *first = h->held;
        struct span s = span_of(first->p, first->len);
        h->held = first->next;
        h->num_held--;
        (void)ahead(h, first->seq, &s);
        take(t, h, first->t_us, s);
        free(first);
    }
}

/* A SYN begins a direction; one more of another connection between the same ports ends the first.
 */
static void begin(struct tcp *t, struct half *h, uint32_t first, bool originator)
{
    if (h->begun && h->first == first) /* the same once more */
        return;
    finish(t, h);
    h->begun = true;
    h->over = false;
    h->first = h->next = first;
    h->stream = (struct stream){ .prefix = originator };
}

void tcp_segment(struct tcp *t, uint64_t t_us, const struct ike_dgram *at, struct span segment)
{
    if (segment.len < 20)
        return;
    size_t header = (size_t)(segment.p[12] >> 4) * 4;
    uint8_t flags = segment.p[13];
    uint32_t seq = get_u32(segment.p + 4);
    struct addr from = at->local, to = at->remote;
    from.port = get_u16(segment.p);
    to.port = get_u16(segment.p + 2);
    if (header < 20 || header > segment.len ||
        (from.port != TCP_PORT_IKE && to.port != TCP_PORT_IKE))
        return;
    struct span s = span_part(segment, header, segment.len);
    struct half *h = half_of(t, &from, &to);
    if (h == NULL)
        return;
    h->t_us = t_us;
    if ((flags & TCP_SYN) != 0)
        begin(t, h, ++seq, (flags & TCP_ACK) == 0);
    if (!h->begun && s.len >= STREAM_PREFIX_LEN &&
        span_eq(span_part(s, 0, STREAM_PREFIX_LEN), span_str(STREAM_PREFIX)))
        begin(t, h, seq, true); /* it says itself that it begins */
    if (!h->begun && s.len > 0) {
        h->begun = true;
        h->first = seq;
        give_up(t, h, "begins before the capture does: where its messages start is not known");
    }
    if (!h->begun || h->over)
        return;
    int32_t by = ahead(h, seq, &s);
    if (by > 0 && (s.len > 0 || (flags & TCP_FIN) != 0))
        hold(t, h, t_us, seq, s);
    else if (by <= 0)
        take(t, h, t_us, s);
    catch_up(t, h);
}

void tcp_free(struct tcp *t)
{
    while (t != NULL && t->first != NULL) {
        struct half *h = t->first;
        t->first = h->later;
        finish(t, h);
        free(h);
    }
    free(t);
}

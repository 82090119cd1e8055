/* world.c - two engines on a virtual wire, and the rules that no input may break. */
#include "fuzz/world.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/esp/inner.h"
#include "engine/sa/peer.h"
#include "engine/wire/encap.h"
#include "engine/wire/print.h"
#include "fuzz/heap.h"
#include "fuzz/identity.h"

#define MEMO 4096u /* what was said before; a power of two */

#define AMPLIFICATION 3u                 /* octets out for one octet in that nobody vouches for */
#define MOST_MEMORY   ((size_t)16 << 20) /* of both engines and the wire */

static struct memo {
    uint64_t key, said;
} memo[MEMO];
static unsigned num_memo;
static bool show; /* SHOW=1 in the environment: tell what happens */

void world_broken(const char *rule)
{
    fprintf(stderr, "broken: %s\n", rule);
    abort();
}

#define TEXT_OF(x)  #x
#define LINE_OF(x)  TEXT_OF(x)
#define must(holds) ((holds) ? (void)0 : world_broken("world.c:" LINE_OF(__LINE__) ": " #holds))

/* --- what was said before ------------------------------------------------------------------- */

static uint64_t mix(uint64_t h, struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ s.p[i]) * 0x100000001b3u;
    return h;
}

static uint64_t mix_num(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

/* The first to say something under a key decides what everybody later must say. */
static void same_as_before(uint64_t key, struct span s, const char *rule)
{
    uint64_t said = mix(0xcbf29ce484222325u, s);
    if (num_memo > MEMO / 2)
        return;
    size_t at = key & (MEMO - 1);
    while (memo[at].key != 0 && memo[at].key != key)
        at = (at + 1) & (MEMO - 1);
    if (memo[at].key == 0) {
        memo[at] = (struct memo){ key, said };
        num_memo++;
    }
    if (memo[at].said != said)
        world_broken(rule);
}

static const char one_packet[] = "an ESP number is used once (RFC 4303 3.3.3)";
static const char one_message[] = "a message id is one set of octets (RFC 7296 2.1)";
static const char one_iv[] = "an IV of a counter mode protects one text (RFC 5282 3.1)";

static void check_said(const struct world *w, int who, const struct ike_dgram *d)
{
    struct span s = span_of(d->p, d->len);
    uint8_t from[2] = { (uint8_t)who, 0 };
    bool gcm = (w->setup & WORLD_CBC) == 0;
    if (d->local.port == IKE_PORT_NATT && d->protocol != 50) {
        if (encap_classify(s) == ENCAP_ESP) {
            from[1] = 1;
            same_as_before(mix(mix(1, span_of(from, 2)), span_part(s, 0, 8)), s, one_packet);
            return;
        }
        if (encap_classify(s) != ENCAP_IKE)
            return;
        s = encap_strip(s);
    }
    if (d->protocol == 50) {
        from[1] = 1;
        same_as_before(mix(mix(1, span_of(from, 2)), span_part(s, 0, 8)), s, one_packet);
        return;
    }
    bool sk = s.len >= 40 && s.p[16] == PAYLOAD_SK, skf = s.len >= 44 && s.p[16] == PAYLOAD_SKF;
    if (!sk && !skf)
        return;
    uint64_t spis = mix(mix(2, span_of(from, 2)), span_part(s, 0, 16));
    uint64_t id = mix(mix(spis, span_part(s, 19, 5)), span_part(s, skf ? 32 : 0, skf ? 4 : 0));
    same_as_before(id, s, one_message);
    from[1] =
        2 | (s.p[19] & FLAG_INITIATOR); /* each role has its key, and an end may meet itself */
    if (gcm)
        same_as_before(mix(mix(spis, span_of(from, 2)), span_part(s, sk ? 32 : 36, 8)), s, one_iv);
}

/* --- the wire ------------------------------------------------------------------------------- */

void flight_free(struct flight *f)
{
    free(f->p);
    f->p = NULL;
}

static struct flight flight_copy(const struct flight *f)
{
    struct flight c = *f;
    c.p = malloc(f->len); /* malloc(0) is a block of its own too: reading it is seen */
    must(c.p != NULL || f->len == 0);
    if (f->len > 0)
        memcpy(c.p, f->p, f->len);
    return c;
}

bool world_take(struct world *w, int from, unsigned n, struct flight *out)
{
    if (w->num_wire[from] == 0)
        return false;
    n %= w->num_wire[from];
    *out = w->wire[from][n];
    w->num_wire[from]--;
    memmove(&w->wire[from][n], &w->wire[from][n + 1],
            (w->num_wire[from] - n) * sizeof *w->wire[from]);
    return true;
}

/* Blocks of the heap that lie on the wire. */
static size_t wire_blocks(const struct world *w)
{
    size_t num = w->num_wire[A] + w->num_wire[B];
    return num + (w->num_past < WORLD_PAST ? w->num_past : WORLD_PAST);
}

static void put_on_wire(struct world *w, int from, const struct flight *f)
{
    struct flight lost;
    struct flight *past = &w->past[w->num_past++ % WORLD_PAST];
    flight_free(past);
    *past = flight_copy(f);
    if (w->num_wire[from] == WORLD_WIRE && world_take(w, from, 0, &lost))
        flight_free(&lost);
    w->wire[from][w->num_wire[from]++] = flight_copy(f);
}

static double seconds(const struct world *w)
{
    usec_t us = w->now;
    return (double)us / 1e6;
}

/* What left can be opened again with the keys that sealed it, and printed. */
static void look(struct world *w, int who, const struct ike_dgram *d)
{
    static _Alignas(16) uint8_t store[128 * 1024];
    static char text[4096];
    struct arena a = arena_init(store, sizeof store);
    struct message m = { 0 };
    struct fault why;
    enum err rc = ike_open(w->e[who], d, true, &a, &m, &why);
    if (rc == ERR_OK || rc == ERR_FRAGMENT)
        print_line(&m, text, sizeof text);
    else
        strcpy(text, err_name(rc));
    if (show)
        fprintf(stderr, "%c %10.3f > %s\n", 'A' + who, seconds(w), text);
    must(rc != ERR_INTEGRITY || w->lies[who]);
}

/* --- pairs of state and event --------------------------------------------------------------- */

static bool pairs; /* PAIRS=1 in the environment: count them */
static bool seen[NUM_STATES][NUM_EVENTS];

/* A line of the trace: "... CurState: READY Event: EV_RECV_INFO_REQ". */
static void met(const char *line)
{
    char state[64], event[96];
    const char *at = strstr(line, "CurState: ");
    must(at != NULL && sscanf(at, "CurState: %63s Event: %95s", state, event) == 2);
    for (int s = 0; s < NUM_STATES; s++)
        for (int e = 0; e < NUM_EVENTS && strcmp(state_name((enum state)s), state) == 0; e++)
            if (strcmp(event_name((enum event)e), event) == 0)
                seen[s][e] = true;
}

void world_pairs(void)
{
    enum state s;
    enum event e;
    unsigned have = 0, num = 0;
    for (; step_pair(num, &s, &e); num++) {
        have += seen[s][e];
        if (pairs && !seen[s][e])
            printf("never: %s %s\n", state_name(s), event_name(e));
    }
    if (pairs)
        printf("%u of %u pairs of state and event\n", have, num);
}

/* --- inner addresses ------------------------------------------------------------------------ */

/* What B leases: two IPv4 addresses, of which the first is that of world_inner(), one IPv6 address.
 */
enum { POOL_V4 = 2, POOL_V6 = 1 };
static const struct ike_selector pool[] = {
    { .type = TS_IPV4_ADDR_RANGE, .lo = { 10, 1, 0, 5 }, .hi = { 10, 1, 0, 6 } },
    { .type = TS_IPV6_ADDR_RANGE,
      .lo = { 0x20, 1, 0xd, 0xb8, [6] = 1, [15] = 5 },
      .hi = { 0x20, 1, 0xd, 0xb8, [6] = 1, [15] = 5 } },
};
static const size_t pool_octets[NUM_FAMILIES] = { 4, 16 };

/* Who holds this address beside it; what it holds is of the pool. */
static void check_lease(const struct world *w, const struct ike_sa *sa, size_t family)
{
    const uint8_t *ip = sa->lease[family].ip;
    size_t len = pool_octets[family];
    must(memcmp(ip, pool[family].lo, len) >= 0 && memcmp(ip, pool[family].hi, len) <= 0);
    for (const struct ike_sa *o = w->e[B]->sas; o != NULL; o = o->next)
        must(o == sa || o->dead || !o->lease[family].held ||
             memcmp(o->lease[family].ip, ip, len) != 0);
}

/* The other end's view of the same SA. */
static const struct ike_sa *same_sa(const struct world *w, int who, const struct ike_sa *sa)
{
    const struct ike_sa *o = w->e[who]->sas;
    while (o != NULL && (o->spi_i != sa->spi_i || o->spi_r != sa->spi_r))
        o = o->next;
    return o;
}

/* An inner address comes from the pool and belongs to one IKE SA (RFC 7296 3.15.1), and both ends
 * of that one name the same. */
static void check_leases(const struct world *w)
{
    if ((w->setup & WORLD_POOL) == 0 || w->lies[A] || w->lies[B])
        return;
    for (const struct ike_sa *sa = w->e[B]->sas; sa != NULL; sa = sa->next) {
        const struct ike_sa *other = same_sa(w, A, sa);
        for (size_t f = 0; f < NUM_FAMILIES; f++) {
            if (sa->dead || !sa->lease[f].held)
                continue;
            check_lease(w, sa, f);
            must(other == NULL || other->dead || !other->lease[f].held || w->edited ||
                 memcmp(other->lease[f].ip, sa->lease[f].ip, pool_octets[f]) == 0);
        }
    }
}

/* Who asks gets an address as long as one is free: that of an IKE SA that is gone has been given
 * back. */
static void check_given(const struct world *w, uint32_t id)
{
    static const unsigned most[NUM_FAMILIES] = { POOL_V4, POOL_V6 };
    if ((w->setup & WORLD_POOL) == 0 || w->lies[A] || w->lies[B] || w->edited)
        return;
    for (size_t f = 0; f < NUM_FAMILIES; f++) {
        unsigned held = 0;
        bool given = false;
        for (const struct ike_sa *sa = w->e[B]->sas; sa != NULL; sa = sa->next) {
            held += !sa->dead && sa->lease[f].held;
            given = given || (sa->id == id && sa->lease[f].held);
        }
        must(given || held == most[f]);
    }
}

/* --- certificates ---------------------------------------------------------------------------- */

static const char url_of_a[] = "http://b.lab/a";

/* All that is on the web of this world. Of other URLs nothing is ever heard. */
static void look_up(struct world *w, int who, const struct ike_event *ev)
{
    if (span_eq(ev->inner, span_str(url_of_a)))
        must(ike_found(w->e[who], ev->num, identity_der(IDENTITY_A), w->now) == ERR_OK);
}

static void heard(struct world *w, int who, const struct ike_event *ev)
{
    must(memchr(ev->text, 0, sizeof ev->text) != NULL);
    if (show)
        fprintf(stderr, "%c %10.3f   event %d sa %u child %08x num %u %s %s\n", 'A' + who,
                seconds(w), ev->kind, ev->sa, ev->child, ev->num, ev->text,
                ev->fault.code != ERR_OK ? err_name(ev->fault.code) : "");
    if (ev->kind == IKE_EV_STATE)
        met(ev->text);
    if (ev->kind == IKE_EV_IKE_UP) {
        must((w->setup & WORLD_PSKS_DIFFER) == 0);
        w->up[who] = true;
        if (who == B)
            check_given(w, ev->sa);
    }
    if (ev->kind == IKE_EV_LOOKUP)
        look_up(w, who, ev);
    if (ev->kind != IKE_EV_INNER || w->lies[A] || w->lies[B])
        return;
    /* Only what the other end sent comes out, octet for octet, and once. */
    struct span s = ev->inner;
    must(ev->next == NEXT_IPV4 && s.len == 20 + 8 + 8 && s.p[9] == 17);
    uint32_t number = get_u32(s.p + 28);
    must(number < w->sent && get_u32(s.p + 32) == (uint32_t)!who);
    must(!w->came[number]);
    w->came[number] = true;
}

void world_collect(struct world *w, int who)
{
    struct ike_dgram d;
    struct ike_event ev;
    struct ike_counters c;
    unsigned num = 0;
    for (bool more = true; more;) { /* what an event is answered by may say something, too */
        more = false;
        while (ike_drain(w->e[who], &d)) {
            must(++num < 2000);
            w->said += d.len;
            look(w, who, &d);
            if (!w->lies[who])
                check_said(w, who, &d);
            struct flight f = { (uint8_t *)(uintptr_t)d.p, d.len, d.local, d.remote, d.protocol };
            put_on_wire(w, who, &f);
        }
        while (ike_next_event(w->e[who], &ev)) {
            heard(w, who, &ev);
            more = true;
        }
    }
    check_leases(w);
    ike_get_counters(w->e[who], &c);
    must(c.half_open <= WORLD_MAX_HALF_OPEN || w->lies[who]);
    must(heap.octets < w->memory + MOST_MEMORY);
}

/* A request for an IKE message that is not protected: anybody could have sent it. */
static bool anybodys_request(const struct flight *f)
{
    struct span s = span_of(f->p, f->len);
    if (f->to.port == IKE_PORT_NATT)
        s = encap_strip(s);
    return f->protocol != 50 && s.len >= HDR_LEN && (s.p[19] & FLAG_RESPONSE) == 0 &&
           s.p[16] != PAYLOAD_SK && s.p[16] != PAYLOAD_SKF;
}

/* Who is asked for a cookie leaves nothing behind (RFC 7296 2.6): no SA, no memory but what a queue
 * grows by once. */
static void check_cookie(struct world *w, int who, const struct ike_counters *before, size_t blocks)
{
    struct ike_counters c;
    ike_get_counters(w->e[who], &c);
    if (c.cookies_sent == before->cookies_sent || w->lies[who])
        return;
    must(c.sas == before->sas && c.half_open == before->half_open);
    w->cookie_memory[who] += heap.blocks > blocks ? heap.blocks - blocks : 0;
    must(w->cookie_memory[who] <= 4);
}

void world_feed(struct world *w, int to, const struct flight *f)
{
    struct flight c = flight_copy(f);
    struct ike_dgram d = { .local = f->to, .remote = f->from, .protocol = f->protocol };
    struct fault why = { 0 };
    struct ike_counters before;
    char text[200];
    size_t said = w->said, blocks = heap.blocks, most = AMPLIFICATION * f->len;
    bool anybodys = anybodys_request(f); /* f may be gone when the answer is on the wire */
    d.p = c.p;
    d.len = c.len;
    ike_get_counters(w->e[to], &before);
    if (ike_feed(w->e[to], &d, w->now, &why) != ERR_OK)
        fault_text(&why, text, sizeof text);
    flight_free(&c);
    size_t wire = wire_blocks(w);
    world_collect(w, to);
    check_cookie(w, to, &before, blocks + wire_blocks(w) - wire);
    must(w->said - said <= most || !anybodys || w->lies[to]);
}

/* All that a message may change. */
static uint64_t state_of(const struct world *w, int who)
{
    static struct ike_sa_info info;
    struct ike_counters c;
    uint64_t h = 7;
    ike_get_counters(w->e[who], &c);
    h = mix_num(mix_num(mix_num(h, c.sas), c.half_open), c.children);
    for (size_t n = 0; ike_sa_at(w->e[who], n, &info); n++) {
        h = mix(mix_num(h, info.id), span_str(info.state));
        h = mix_num(mix_num(h, info.spi_i), info.spi_r);
        h = mix_num(h, (uint64_t)info.established << 1 | info.dead);
        h = mix_num(mix(h, span_of(info.remote.ip, 16)), info.remote.port);
        h = mix_num(mix_num(h, info.next_request), info.next_expected);
        h = mix_num(mix_num(h, info.outstanding), info.queued);
        for (unsigned i = 0; i < info.num_children; i++) {
            const struct ike_child_info *k = &info.child[i];
            h = mix_num(mix_num(h, k->spi_in), k->spi_out);
            h = mix_num(mix_num(h, k->live), k->packets_in);
            h = mix_num(mix_num(h, k->seq_in), k->seq_out);
        }
    }
    return h;
}

/* Whether a living SA, or Child SA, of that end has the SPIs: it alone can tell that the rest is
 * not authentic. Others answer in clear that they do not know them (RFC 7296 2.21.4). */
static bool knows(const struct world *w, int who, const struct flight *f)
{
    static struct ike_sa_info info;
    struct span s = span_of(f->p, f->len);
    bool esp = f->protocol == 50 || (f->to.port == IKE_PORT_NATT && encap_classify(s) == ENCAP_ESP);
    if (!esp && f->to.port == IKE_PORT_NATT)
        s = encap_strip(s);
    for (size_t n = 0; s.len >= 16 && ike_sa_at(w->e[who], n, &info); n++) {
        if (!esp && !info.dead && info.spi_i == get_u64(s.p) && info.spi_r == get_u64(s.p + 8))
            return true;
        for (unsigned i = 0; esp && i < info.num_children; i++)
            if (info.child[i].spi_in == get_u32(s.p))
                return true;
    }
    return false;
}

void world_feed_forged(struct world *w, int to, const struct flight *f)
{
    uint64_t before = state_of(w, to);
    size_t said = w->said;
    bool known = knows(w, to, f);
    world_feed(w, to, f);
    if (w->lies[to] || !known)
        return;
    if (w->said != said)
        world_broken("what is not authentic is not answered");
    if (state_of(w, to) != before)
        world_broken("what is not authentic changes nothing");
}

void world_settle(struct world *w, unsigned most)
{
    struct flight f;
    for (bool moved = true; moved;) {
        moved = false;
        for (int from = A; from <= B; from++)
            while (most > 0 && world_take(w, from, 0, &f)) {
                world_feed(w, !from, &f);
                flight_free(&f);
                moved = true;
                most--;
            }
    }
}

/* --- time ----------------------------------------------------------------------------------- */

void world_tick(struct world *w, usec_t later)
{
    w->now += later;
    for (int i = A; i <= B; i++) {
        ike_tick(w->e[i], w->now);
        /* What was due has been done: a caller that sleeps until the deadline does not spin. */
        must(ike_deadline(w->e[i]) > w->now);
        world_collect(w, i);
    }
}

void world_deadline(struct world *w)
{
    usec_t a = ike_deadline(w->e[A]), b = ike_deadline(w->e[B]), t = a < b ? a : b;
    if (t != TIME_NEVER)
        world_tick(w, t > w->now ? t - w->now : 0);
}

/* --- life ----------------------------------------------------------------------------------- */

static struct ike_proposal proposal(const uint16_t (*t)[3])
{
    struct ike_proposal p = { 0 };
    for (; (*t)[0] != 0; t++)
        p.t[p.num++] = (struct ike_transform){ (uint8_t)(*t)[0], (*t)[1], (*t)[2] };
    return p;
}

static void share_key(const struct world *w, int who, struct ike_conn *c)
{
    c->psk_local = span_str((w->setup & WORLD_PSKS_DIFFER) != 0 && who == A ? "a key of its own"
                                                                            : "the key of both");
    heap_secret(c->psk_local);
}

/* A shows a certificate, B its public key. Where keys differ, both sign with another one. */
static void sign(const struct world *w, int who, struct ike_conn *c)
{
    static struct span cert, anchor, peer, url;
    cert = identity_cert(IDENTITY_A);
    anchor = identity_cert(IDENTITY_CA);
    peer = identity_public(IDENTITY_B);
    url = span_str(url_of_a);
    if (who == A) {
        c->certs = &cert;
        c->num_certs = 1;
        c->peer_keys = &peer;
        c->num_peer_keys = 1;
        c->cert_urls = &url;
        c->num_cert_urls = (w->setup & WORLD_URL) != 0;
    } else {
        c->raw_key = c->http_cert_lookup = true;
        c->anchors = &anchor;
        c->num_anchors = 1;
    }
    c->key = identity_key((w->setup & WORLD_PSKS_DIFFER) != 0 ? IDENTITY_STRANGER
                          : who == A                          ? IDENTITY_A
                                                              : IDENTITY_B);
    heap_secret(identity_secret(c->key));
}

static void connect(struct world *w, int who)
{
    static const uint16_t gcm[][3] = { { TRANSFORM_ENCR, ENCR_AES_GCM_16, 256 },
                                       { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 },
                                       { TRANSFORM_KE, GROUP_CURVE25519, 0 },
                                       { TRANSFORM_KE, GROUP_ECP_256, 0 },
                                       { 0 } };
    static const uint16_t cbc[][3] = { { TRANSFORM_ENCR, ENCR_AES_CBC, 128 },
                                       { TRANSFORM_INTEG, AUTH_HMAC_SHA2_256_128, 0 },
                                       { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 },
                                       { TRANSFORM_KE, GROUP_CURVE25519, 0 },
                                       { 0 } };
    static const uint16_t esp_gcm[][3] = { { TRANSFORM_ENCR, ENCR_AES_GCM_16, 256 },
                                           { TRANSFORM_ESN, ESN_NO, 0 },
                                           { 0 } };
    static const uint16_t esp_cbc[][3] = { { TRANSFORM_ENCR, ENCR_AES_CBC, 128 },
                                           { TRANSFORM_INTEG, AUTH_HMAC_SHA2_256_128, 0 },
                                           { TRANSFORM_ESN, ESN_YES, 0 },
                                           { 0 } };
    static const struct ike_selector ts[2][2] = {
        { { .type = TS_IPV4_ADDR_RANGE,
            .port_hi = 65535,
            .lo = { 10, 1 },
            .hi = { 10, 1, 0, 255 } },
          { .type = TS_IPV6_ADDR_RANGE,
            .port_hi = 65535,
            .lo = { 0x20, 1, 0xd, 0xb8, [6] = 1 },
            .hi = { 0x20, 1, 0xd, 0xb8, [6] = 1, [14] = 255, [15] = 255 } } },
        { { .type = TS_IPV4_ADDR_RANGE,
            .port_hi = 65535,
            .lo = { 10, 2 },
            .hi = { 10, 2, 0, 255 } },
          { .type = TS_IPV6_ADDR_RANGE,
            .port_hi = 65535,
            .lo = { 0x20, 1, 0xd, 0xb8, [6] = 2 },
            .hi = { 0x20, 1, 0xd, 0xb8, [6] = 2, [14] = 255, [15] = 255 } } },
    };
    static const uint16_t ask[] = { CFG_ATTR_INTERNAL_IP4_ADDRESS, CFG_ATTR_INTERNAL_IP6_ADDRESS,
                                    CFG_ATTR_INTERNAL_IP4_NETMASK, CFG_ATTR_INTERNAL_IP4_DNS,
                                    CFG_ATTR_INTERNAL_IP4_NBNS,    CFG_ATTR_INTERNAL_IP4_SUBNET,
                                    CFG_ATTR_INTERNAL_IP6_SUBNET,  CFG_ATTR_APPLICATION_VERSION,
                                    CFG_ATTR_SUPPORTED_ATTRIBUTES };
    static const uint8_t dns[] = { 10, 2, 0, 53 };
    const struct ike_cfg give[] = { { CFG_ATTR_INTERNAL_IP4_DNS, span_of(dns, 4) },
                                    { CFG_ATTR_INTERNAL_IP4_DNS, span_of(dns, 4) } };
    static const char *const name[2] = { "a.lab", "b.lab" };
    bool is_cbc = (w->setup & WORLD_CBC) != 0, timers = (w->setup & WORLD_TIMERS) != 0;
    bool pooled = (w->setup & WORLD_POOL) != 0;
    struct ike_proposal ike = proposal(is_cbc ? cbc : gcm);
    struct ike_proposal esp = proposal(is_cbc ? esp_cbc : esp_gcm);
    struct ike_conn c = { .name = "t",
                          .ike = &ike,
                          .num_ike = 1,
                          .esp = &esp,
                          .num_esp = 1,
                          .ts_local = ts[who],
                          .num_ts_local = pooled ? 2 : 1,
                          .ts_remote = ts[!who],
                          .num_ts_remote = pooled ? 2 : 1,
                          .no_initial_contact = pooled,
                          .fragmentation = true };
    struct fault why;
    c.local = w->addr[who];
    c.remote = w->addr[!who];
    if (who == B)
        c.remote = (struct addr){ 0 }; /* takes anybody */
    c.id_local = (struct ike_id){ ID_FQDN, span_str(name[who]) };
    c.id_remote = (struct ike_id){ ID_FQDN, span_str(name[!who]) };
    ((w->setup & WORLD_SIGNED) != 0 ? sign : share_key)(w, who, &c);
    c.window = (w->setup & WORLD_WINDOW) != 0 ? 5 : 1;
    c.fragment_size = (w->setup & WORLD_FRAGMENTS) != 0 ? 180 : 0;
    c.force_natt = (w->setup & WORLD_NATT) != 0 && who == A;
    c.ike_rekey_s = timers ? 120 : 0;
    c.child_rekey_s = timers ? 50 : 0;
    c.dpd_s = timers ? 20 : 0;
    if (pooled && who == A) {
        c.cfg_ask = ask;
        c.num_cfg_ask = sizeof ask / sizeof *ask;
        c.cfg_required = true;
    } else if (pooled) {
        c.pool = pool;
        c.num_pool = sizeof pool / sizeof *pool;
        c.cfg_give = give;
        c.num_cfg_give = sizeof give / sizeof *give;
    }
    must(ike_add_conn(w->e[who], &c, &why) == ERR_OK);
}

static enum ike_tap_ruling tap(void *ctx, struct ike_tap_point *p)
{
    struct edit *d = ctx;
    if (!p->outbound || p->station != TAP_PLAIN || !d->waits)
        return TAP_PASS;
    d->waits = false;
    if (d->len > 0 && d->len <= p->cap) {
        if (d->len > *p->len)
            memset(p->bytes + *p->len, d->flip, d->len - *p->len);
        *p->len = d->len;
    }
    if (*p->len > 0)
        p->bytes[d->at % *p->len] ^= d->flip;
    return TAP_PASS;
}

void world_init(struct world *w, unsigned setup)
{
    *w = (struct world){ .setup = setup, .now = USEC_PER_S, .memory = heap.octets };
    memset(memo, 0, sizeof memo);
    num_memo = 0;
    show = getenv("SHOW") != NULL;
    pairs = getenv("PAIRS") != NULL;
    for (int i = A; i <= B; i++) {
        struct ike_config c = { .max_half_open = WORLD_MAX_HALF_OPEN };
        must(seeded_rng_new(&w->rng[i], 1, i == A ? "a" : "b") == ERR_OK);
        w->addr[i] = (struct addr){ .family = 4, .ip = { 192, 0, 2, (uint8_t)(i + 1) } };
        c.rng = seeded_rng_handle(w->rng[i]);
        c.cookie_never = (setup & WORLD_COOKIES) == 0;
        c.keep_dead = (setup & WORLD_KEEP_DEAD) != 0;
        c.trace = pairs;
        must(ike_new(&w->e[i], &c) == ERR_OK);
    }
    for (int i = A; i <= B; i++) {
        connect(w, i);
        ike_set_tap(w->e[i], tap, &w->edit[i]);
    }
}

void world_initiate(struct world *w, int who, unsigned flags)
{
    uint32_t sa = 0;
    struct fault why;
    if (who == A) /* B does not know where to */
        (void)!ike_initiate(w->e[A], "t", flags, w->now, &sa, &why);
    world_collect(w, who);
}

bool world_sa(struct world *w, int who, unsigned n, struct ike_sa_info *out)
{
    return ike_sa_at(w->e[who], n, out) || ike_sa_at(w->e[who], 0, out);
}

void world_inner(struct world *w, int who, uint32_t sa, uint32_t child)
{
    uint8_t buf[64], body[8];
    struct addr src = { .family = 4, .ip = { 10, (uint8_t)(1 + who), 0, 5 }, .port = 7 };
    struct addr dst = { .family = 4, .ip = { 10, (uint8_t)(2 - who), 0, 5 }, .port = 7 };
    struct writer p = wr_init(buf, sizeof buf);
    struct fault why;
    if (w->sent == sizeof w->came)
        return;
    put_u32(body, w->sent);
    put_u32(body + 4, (uint32_t)who);
    must(inner_udp(&p, &src, &dst, span_of(body, sizeof body)) == ERR_OK);
    if (ike_esp_send(w->e[who], sa, child, wr_done(&p), NEXT_IPV4, NULL, &why) == ERR_OK)
        w->sent++;
    world_collect(w, who);
}

/* An SA that nobody with keys tried to end is still there, with its Child SA. While one end is not
 * up, whoever forged an IKE_SA_INIT response may have made it refuse the other's AUTH. */
static void check_alive(const struct world *w)
{
    static struct ike_sa_info info;
    for (int i = A; i <= B; i++) {
        bool alive = !w->up[A] || !w->up[B];
        for (size_t n = 0; !alive && ike_sa_at(w->e[i], n, &info); n++)
            alive = info.established && !info.dead && info.num_children == 1 && info.child[0].live;
        must(alive);
    }
}

/* When all SAs are gone, so are all leases: as many peers as there are addresses get one each, the
 * next one none. */
static void check_given_back(struct world *w)
{
    static struct ike_sa_info info;
    unsigned held = 0;
    if ((w->setup & (WORLD_POOL | WORLD_PSKS_DIFFER)) != WORLD_POOL || w->lies[A] || w->lies[B])
        return;
    for (int i = A; i <= B; i++) {
        struct flight f;
        while (ike_sa_at(w->e[i], 0, &info))
            ike_forget(w->e[i], info.id);
        while (world_take(w, i, 0, &f))
            flight_free(&f);
        w->edit[i].waits = false;
    }
    w->edited = false;
    for (unsigned n = 0; n <= POOL_V4; n++) {
        world_initiate(w, A, 0);
        world_settle(w, WORLD_WIRE);
    }
    for (const struct ike_sa *sa = w->e[B]->sas; sa != NULL; sa = sa->next)
        held += sa->established && !sa->dead && sa->lease[0].held;
    must(held == POOL_V4);
}

void world_finish(struct world *w)
{
    static struct ike_sa_info info;
    struct ike_counters c;
    if (!w->disturbed)
        check_alive(w);
    /* Nobody answers any more: half-open SAs and unanswered requests come to their end. */
    for (unsigned i = 0; i < 60; i++) {
        world_tick(w, 60 * USEC_PER_S);
        for (unsigned n = 0; n < 200 && ike_deadline(w->e[A]) < w->now + USEC_PER_S; n++)
            world_deadline(w);
    }
    for (int i = A; i <= B; i++) {
        ike_get_counters(w->e[i], &c);
        must(c.half_open == 0 || w->lies[i]);
        for (size_t n = 0; ike_sa_at(w->e[i], n, &info); n++) {
            must(info.established || info.dead || w->waits || w->lies[i]);
            must(!info.established || (w->setup & WORLD_PSKS_DIFFER) == 0);
            must(info.dead || info.outstanding == 0 || w->lies[i]);
        }
    }
    check_given_back(w);
    for (int i = A; i <= B; i++) {
        ike_free(w->e[i]);
        seeded_rng_free(w->rng[i]);
        for (unsigned n = 0; n < w->num_wire[i]; n++)
            flight_free(&w->wire[i][n]);
    }
    for (unsigned n = 0; n < WORLD_PAST; n++)
        flight_free(&w->past[n]);
}

/* lookup.c - certificates that the peer names by hash and URL (RFC 7296 3.6, encodings 12 and 13).
 *
 * The engine has no sockets: it asks its host for what is behind a URL by an event, and IKE_AUTH is
 * parked, as it was opened, until the host has answered or has taken too long. All of this comes from
 * somebody who has proven nothing yet, so everything has a bound: what a URL looks like, how many
 * there are in a message, how much is taken, how many messages wait, and for how long. What cannot be
 * had, or has another hash, is a certificate that is missing; proof.c rules on that. */
#include <stdlib.h>

#include "engine/crypto/crypto.h"
#include "engine/sa/peer.h"

#define HASH_LEN   20u
#define URL_MAX    1024u
#define MAX_PARKED 16u

/* --- what is said ------------------------------------------------------------------------------ */

bool lookup_announce(struct run *r)
{
    return !r->sa->conn->c.http_cert_lookup ||
           build_notify(r, N_HTTP_CERT_LOOKUP_SUPPORTED, (struct span){ 0 });
}

/* 3.7: in any message that may have a CERTREQ. */
void lookup_hear(struct run *r)
{
    if (notify_find(r->inner, N_HTTP_CERT_LOOKUP_SUPPORTED) != NULL)
        r->sa->peer_looks_up = true;
}

bool lookup_sends(const struct run *r)
{
    const struct ike_conn *c = &r->sa->conn->c;
    if (c->num_cert_urls == 0 && c->bundle_url.len == 0)
        return false;
    return r->sa->peer_looks_up ? duty(r->e, r->sa, REQ_HASH_AND_URL)
                                : !duty(r->e, r->sa, REQ_URL_ANNOUNCED);
}

struct span lookup_data(struct run *r, struct span octets, struct span url)
{
    uint8_t *data = arena_take(r->out->arena, HASH_LEN + url.len);
    if (data == NULL || url.len == 0 || sha1_run(&octets, 1, data) != ERR_OK)
        return (struct span){ 0 };
    memcpy(data + HASH_LEN, url.p, url.len);
    if (!duty(r->e, r->sa, REQ_URL_METHODS) && url.len >= 4)
        memcpy(data + HASH_LEN, "ftp:", 4); /* turned round: of a method nobody specified */
    return span_of(data, HASH_LEN + url.len);
}

/* --- what is heard ----------------------------------------------------------------------------- */

static bool is_url(const struct node *n)
{
    uint64_t encoding = node_num(n, CERT_ENCODING);
    return encoding == CERT_HASH_URL_CERT || encoding == CERT_HASH_URL_BUNDLE;
}

static struct span hash_of(const struct node *n)
{
    return span_part(node_bytes(n, CERT_DATA), 0, HASH_LEN);
}

static struct span url_of(const struct node *n)
{
    struct span data = node_bytes(n, CERT_DATA);
    return data.len <= HASH_LEN ? (struct span){ 0 }
                                : span_part(data, HASH_LEN, data.len - HASH_LEN);
}

/* HTTP alone is specified (3.6); nothing that could mean something else to whoever fetches: no space, no
 * control character, nothing outside of ASCII (RFC 3986 2). */
static bool url_usable(struct span url)
{
    static const char scheme[] = "http://";
    if (url.len < sizeof scheme || url.len > URL_MAX)
        return false;
    for (size_t i = 0; i < url.len; i++) {
        bool letter = url.p[i] >= 'A' && url.p[i] <= 'Z';
        uint8_t low = letter ? (uint8_t)(url.p[i] + 32) : url.p[i];
        if (url.p[i] <= ' ' || url.p[i] > '~')
            return false;
        if (i < sizeof scheme - 1 && low != (uint8_t)scheme[i])
            return false;
    }
    return true;
}

static bool wanted(const struct run *r)
{
    if (!r->sa->conn->c.http_cert_lookup || !proof_by_certificate(r->sa))
        return false;
    for (const struct node *n = payload_find(r->inner, PAYLOAD_CERT); n != NULL;
         n = payload_next(n, PAYLOAD_CERT))
        if (is_url(n) && url_usable(url_of(n)))
            return duty(r->e, r->sa, REQ_HTTP_LOOKUP);
    return false;
}

static size_t parked_messages(const struct ike_engine *e)
{
    size_t num = 0;
    for (const struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        num += sa->parked != NULL;
    return num;
}

void lookup_forget(struct ike_sa *sa)
{
    struct parked *p = sa->parked;
    if (p == NULL || p->going_on) /* whoever runs its handlers does it after them */
        return;
    for (size_t i = 0; i < p->num; i++)
        octets_free(&p->lookup[i].octets);
    octets_free(&p->raw);
    if (p->mem.p != NULL)
        wipe(p->mem.p, p->mem.top);
    free(p->mem.p);
    wipe(p, sizeof *p);
    free(p);
    sa->parked = NULL;
}

static bool keep(struct ike_sa *sa, const struct run *r)
{
    struct parked *p = calloc(1, sizeof *p);
    sa->parked = p;
    if (p == NULL)
        return false;
    p->mem = arena_init(malloc(ARENA_OCTETS), ARENA_OCTETS);
    p->mid = msg_mid(r->in);
    p->until = sa->e->now + LOOKUP_WAIT_S * (usec_t)USEC_PER_S;
    p->d = *r->d;
    p->d.p = NULL; /* the octets were the caller's */
    p->d.len = 0;
    if (p->mem.p != NULL && msg_copy(&p->m, &p->mem, r->in) == ERR_OK &&
        octets_set(&p->raw, r->raw) == ERR_OK)
        return true;
    lookup_forget(sa);
    return false;
}

/* Tells the host what to fetch. */
static bool ask(struct ike_sa *sa, const struct node *cert)
{
    struct parked *p = sa->parked;
    struct octets url = { 0 };
    if (octets_set(&url, url_of(cert)) != ERR_OK)
        return false;
    struct ike_event *ev = event_add(sa->e, IKE_EV_LOOKUP, sa);
    if (ev == NULL) {
        octets_free(&url);
        return false;
    }
    ev->num = ++sa->e->last_lookup;
    ev->inner = octets_span(&url); /* the event's from now on */
    p->lookup[p->num++] = (struct lookup){ .cert = cert, .num = ev->num, .waiting = true };
    return true;
}

enum verdict lookup_certs(struct run *r)
{
    struct ike_sa *sa = r->sa;
    if (sa->parked != NULL || !wanted(r) || parked_messages(r->e) >= MAX_PARKED || !keep(sa, r))
        return V_NEXT;
    struct parked *p = sa->parked;
    const struct node *inner = msg_payloads(&p->m);
    for (const struct node *n = payload_find(inner, PAYLOAD_CERT);
         n != NULL && p->num < IKE_MAX_CERTS; n = payload_next(n, PAYLOAD_CERT))
        if (is_url(n) && url_usable(url_of(n)) && !ask(sa, n))
            break;
    if (p->num == 0) {
        lookup_forget(sa);
        return V_NEXT;
    }
    if (r->x != NULL)
        r->x->due = TIME_NEVER; /* it is answered */
    return V_STOP;
}

struct span lookup_octets(struct run *r, const struct node *n)
{
    const struct parked *p = r->sa->parked;
    uint8_t hash[HASH_LEN];
    for (size_t i = 0; p != NULL && i < p->num; i++) {
        const struct lookup *l = &p->lookup[i];
        if (l->cert != n || !l->found)
            continue;
        struct span octets = octets_span(&l->octets);
        bool same = sha1_run(&octets, 1, hash) == ERR_OK &&
                    span_eq(span_of(hash, HASH_LEN), hash_of(n));
        return judge(r->e, r->sa, REQ_URL_HASH, same) ? octets : (struct span){ 0 };
    }
    return (struct span){ 0 };
}

/* --- going on ---------------------------------------------------------------------------------- */

static void go_on(struct ike_sa *sa)
{
    struct parked *p = sa->parked;
    struct fault why = { 0 };
    struct run r;
    run_init(&r, sa, sa->initiator ? exchange_by_mid(sa, p->mid) : NULL);
    r.in = &p->m;
    r.inner = msg_payloads(&p->m);
    r.d = &p->d;
    r.raw = octets_span(&p->raw);
    r.why = &why;
    p->going_on = true;
    step_post(&r, EV_CHK_IF_PEER_CERT_NEEDS_TO_BE_FETCHED_FOR_PROF_SEL);
    wipe(r.shared, sizeof r.shared);
    p->going_on = false;
    lookup_forget(sa);
    if (sa->dead)
        return;
    children_sweep(sa);
    window_run(sa);
}

usec_t lookup_due(const struct ike_sa *sa)
{
    return sa->parked != NULL ? sa->parked->until : TIME_NEVER;
}

void lookup_tick(struct ike_sa *sa)
{
    if (sa->parked != NULL)
        go_on(sa);
}

static struct lookup *awaited(struct ike_engine *e, uint32_t num, struct ike_sa **whose)
{
    for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        for (size_t i = 0; sa->parked != NULL && i < sa->parked->num; i++) {
            struct lookup *l = &sa->parked->lookup[i];
            if (l->num == num && l->waiting) {
                *whose = sa;
                return l;
            }
        }
    return NULL;
}

enum err ike_found(struct ike_engine *e, uint32_t num, struct span octets, usec_t now)
{
    struct ike_sa *sa = NULL;
    struct lookup *l = awaited(e, num, &sa);
    e->now = now;
    if (l == NULL)
        return ERR_STATE;
    l->waiting = false;
    l->found = octets.p != NULL && octets.len <= LOOKUP_MAX &&
               octets_set(&l->octets, octets) == ERR_OK;
    for (size_t i = 0; i < sa->parked->num; i++)
        if (sa->parked->lookup[i].waiting)
            return ERR_OK;
    go_on(sa);
    return ERR_OK;
}

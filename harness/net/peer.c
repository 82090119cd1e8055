/* peer.c - one engine in the world: its entropy, addresses, records and events. */
#include "harness/net/peer.h"

#include <stdlib.h>

struct record *peer_keep(struct peer *p, struct record *r)
{
    if (r == NULL)
        return NULL;
    if (p->num_records == p->cap_records) {
        size_t cap = p->cap_records > 0 ? p->cap_records * 2 : 64;
        struct record **grown = realloc(p->record, cap * sizeof(struct record *));
        if (grown == NULL) {
            record_free(r);
            return NULL;
        }
        p->record = grown;
        p->cap_records = cap;
    }
    p->record[p->num_records++] = r;
    r->n = (uint32_t)p->num_records;
    p->w->news++;
    return r;
}

static enum ike_tap_ruling tapped(void *ctx, struct ike_tap_point *at)
{
    struct peer *p = ctx;
    struct world *w = p->w;
    enum ike_tap_ruling ruling = TAP_PASS;
    bool joined = !at->outbound && at->station == TAP_TREE && p->feeding != NULL &&
                  !p->feeding->opened && p->feeding->fault.code == ERR_FRAGMENT;
    if (joined)
        peer_keep(p, record_reassembled(p->feeding, at->msg, world_now(w)));
    if (w->hooks.tap != NULL && !w->failed && !w->hooks.tap(w->hooks.ctx, p, at, &ruling))
        w->failed = true;
    return ruling;
}

enum err peer_new(struct world *w, const struct peer_config *cfg, struct peer **out,
                  struct fault *why)
{
    if (peer_find(w, cfg->name) != NULL)
        return fault_set(why, ERR_DUPLICATE, 0, "name", REQ_NONE);
    struct peer *p = calloc(1, sizeof *p);
    if (p == NULL)
        return fault_set(why, ERR_MEMORY, 0, NULL, REQ_NONE);
    p->w = w;
    p->ports = cfg->ports;
    p->no_records = cfg->no_records;
    strncpy(p->name, cfg->name, sizeof p->name - 1);
    enum err rc = seeded_rng_new(&p->entropy, w->seed, cfg->label);
    if (rc == ERR_OK) {
        struct ike_config engine = cfg->engine;
        engine.rng = seeded_rng_handle(p->entropy);
        rc = ike_new(&p->e, &engine);
    }
    if (rc != ERR_OK) {
        seeded_rng_free(p->entropy);
        free(p);
        return fault_set(why, rc, 0, cfg->name, REQ_NONE);
    }
    ike_set_tap(p->e, tapped, p);
    if (w->last_peer != NULL)
        w->last_peer->next = p;
    else
        w->peers = p;
    w->last_peer = p;
    *out = p;
    return ERR_OK;
}

static void unlink_peer(struct peer *p)
{
    struct world *w = p->w;
    struct peer *before = NULL;
    for (struct peer *q = w->peers; q != NULL; before = q, q = q->next) {
        if (q != p)
            continue;
        if (before != NULL)
            before->next = p->next;
        else
            w->peers = p->next;
        if (w->last_peer == p)
            w->last_peer = before;
        return;
    }
}

void peer_free(struct peer *p)
{
    if (p == NULL)
        return;
    struct world *w = p->w;
    unlink_peer(p);
    w->t->ops->close(w->t, p);
    queue_forget(&w->later, p);
    for (struct event *ev; (ev = peer_event(p)) != NULL;)
        free(ev);
    for (size_t i = 0; i < p->num_records; i++) {
        if (w->hooks.forget != NULL)
            w->hooks.forget(w->hooks.ctx, p->record[i]);
        record_free(p->record[i]);
    }
    free(p->record);
    free(p->held);
    ike_free(p->e);
    seeded_rng_free(p->entropy);
    free(p);
}

struct peer *peer_find(const struct world *w, const char *name)
{
    for (struct peer *p = w->peers; p != NULL; p = p->next)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

enum err peer_open(struct peer *p, const struct addr *local, struct fault *why)
{
    for (size_t i = 0; i < p->num_places; i++)
        if (addr_same_host(&p->place[i], local))
            return ERR_OK;
    if (p->num_places == PEER_PLACES)
        return fault_set(why, ERR_SPACE, 0, "local", REQ_NONE);
    enum err rc = p->w->t->ops->open(p->w->t, p, local, &p->ports, why);
    if (rc == ERR_OK)
        p->place[p->num_places++] = *local;
    return rc;
}

struct record *peer_record(const struct peer *p, uint32_t n)
{
    return n >= 1 && n <= p->num_records ? p->record[n - 1] : NULL;
}

struct event *peer_event(struct peer *p)
{
    struct event *ev = p->events;
    if (ev == NULL)
        return NULL;
    p->events = ev->next;
    if (p->events == NULL)
        p->last_event = NULL;
    return ev;
}

static void look_up(struct peer *p, const struct ike_event *ev)
{
    struct world *w = p->w;
    bool outer = w->in_hook;
    if (w->hooks.lookup == NULL || w->failed)
        return; /* the engine does not wait for ever */
    w->in_hook = true;
    if (!w->hooks.lookup(w->hooks.ctx, p, ev))
        w->failed = true;
    w->in_hook = outer;
}

bool peer_take_events(struct peer *p)
{
    struct ike_event ev;
    bool asked = false;
    while (ike_next_event(p->e, &ev)) {
        struct event *copy = malloc(sizeof *copy + ev.inner.len);
        if (copy == NULL)
            return asked;
        copy->next = NULL;
        copy->ev = ev;
        if (ev.inner.len > 0)
            memcpy(copy->inner, ev.inner.p, ev.inner.len);
        copy->ev.inner = span_of(copy->inner, ev.inner.len);
        if (p->last_event != NULL)
            p->last_event->next = copy;
        else
            p->events = copy;
        p->last_event = copy;
        if (!p->no_records) /* nobody looks at what this one does */
            p->w->news++;
        if (ev.kind == IKE_EV_LOOKUP) {
            asked = true;
            look_up(p, &copy->ev); /* the engine's own is gone with its next event */
        }
    }
    return asked;
}

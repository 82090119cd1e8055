/* queue.c - owned octets, and the queues of datagrams and events that leave the engine. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/sa/peer.h"

/* Bounds for an owner that does not look: hostile datagrams must not fill the memory. */
#define MAX_EVENTS     65536u
#define MAX_OUT        65536u
#define MAX_OUT_OCTETS (64u * 1024 * 1024)

void octets_free(struct octets *o)
{
    if (o->p != NULL)
        wipe(o->p, o->len);
    free(o->p);
    *o = (struct octets){ 0 };
}

enum err octets_set(struct octets *o, struct span s)
{
    uint8_t *p = malloc(s.len > 0 ? s.len : 1);
    if (p == NULL)
        return ERR_MEMORY;
    if (s.len > 0)
        memcpy(p, s.p, s.len);
    octets_free(o);
    *o = (struct octets){ .p = p, .len = s.len };
    return ERR_OK;
}

void packets_free(struct packets *p)
{
    for (size_t i = 0; i < p->num; i++)
        octets_free(&p->d[i]);
    free(p->d);
    *p = (struct packets){ 0 };
}

enum err packets_add(struct packets *p, struct span s)
{
    struct octets *d = realloc(p->d, (p->num + 1) * sizeof *d);
    if (d == NULL)
        return ERR_MEMORY;
    p->d = d;
    p->d[p->num] = (struct octets){ 0 };
    enum err rc = octets_set(&p->d[p->num], s);
    if (rc == ERR_OK)
        p->num++;
    return rc;
}

/* Room for one more element of a ring kept as a growing array with a moving head. */
static void *ring_room(void **q, size_t size, size_t *head, size_t num, size_t *cap)
{
    if (num == 0)
        *head = 0;
    if (*head + num == *cap) {
        if (*head > *cap / 2) { /* else moving would cost more than it gains */
            memmove(*q, (uint8_t *)*q + *head * size, num * size);
            *head = 0;
        } else {
            size_t want = *cap > 0 ? *cap * 2 : 16;
            void *p = realloc(*q, want * size);
            if (p == NULL)
                return NULL;
            *q = p;
            *cap = want;
        }
    }
    return (uint8_t *)*q + (*head + num) * size;
}

struct ike_event *event_add(struct ike_engine *e, enum ike_event_kind kind, const struct ike_sa *sa)
{
    void *q = e->evq;
    if (e->ev_num >= MAX_EVENTS) { /* nobody reads them */
        e->counters.events_lost++;
        return NULL;
    }
    struct ike_event *ev = ring_room(&q, sizeof *ev, &e->ev_head, e->ev_num, &e->ev_cap);
    e->evq = q;
    if (ev == NULL)
        return NULL;
    e->ev_num++;
    memset(ev, 0, offsetof(struct ike_event, text) + 1);
    ev->next = 0;
    ev->inner = (struct span){ 0 };
    ev->kind = kind;
    ev->at = e->now;
    ev->sa = sa != NULL ? sa->id : 0;
    return ev;
}

void event_text(struct ike_event *ev, const char *fmt, ...)
{
    va_list ap;
    if (ev == NULL)
        return;
    va_start(ap, fmt);
    vsnprintf(ev->text, sizeof ev->text, fmt, ap);
    va_end(ap);
}

void dropped(struct ike_engine *e, const struct ike_sa *sa, const struct fault *f)
{
    e->counters.dropped++;
    struct ike_event *ev = event_add(e, IKE_EV_DROPPED, sa);
    if (ev == NULL)
        return;
    ev->fault = *f;
    ev->req = f->req;
    fault_text(f, ev->text, sizeof ev->text);
}

enum err out_push(struct ike_engine *e, const struct addr *local, const struct addr *remote,
                  uint8_t protocol, struct span bytes, uint32_t sa, bool retransmit)
{
    void *q = e->outq;
    if (e->out_octets + bytes.len > MAX_OUT_OCTETS || e->out_num >= MAX_OUT)
        return ERR_SPACE; /* nobody drains; the network loses datagrams, too */
    struct queued_out *o = ring_room(&q, sizeof *o, &e->out_head, e->out_num, &e->out_cap);
    e->outq = q;
    if (o == NULL)
        return ERR_MEMORY;
    *o = (struct queued_out){ .d = { .local = *local,
                                     .remote = *remote,
                                     .protocol = protocol,
                                     .sa = sa,
                                     .no_checksum = protocol == 17 && e->no_checksum,
                                     .retransmit = retransmit } };
    enum err rc = octets_set(&o->bytes, bytes);
    if (rc != ERR_OK)
        return rc;
    o->d.p = o->bytes.p;
    o->d.len = o->bytes.len;
    e->out_num++;
    e->out_octets += bytes.len;
    e->counters.datagrams_out++;
    return ERR_OK;
}

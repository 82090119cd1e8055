/* mem.c - a network without a kernel: datagrams wait in a queue, and a seeded generator decides
 * which get lost, doubled, late or out of order. Same seed and same sends, same deliveries. */
#include <stdlib.h>
#include <string.h>

#include "harness/net/queue.h"
#include "harness/net/transport.h"

#define MEM_PLACES 128u
#define MEM_LINKS  64u

struct place { /* who answers at an address */
    void *owner;
    struct addr addr; /* addr_is_any: those that nobody else has */
};

struct mem {
    struct transport base;
    struct queue queue;
    struct seeded_rng *dice;
    struct place place[MEM_PLACES];
    size_t num_places;
    struct link link;
    struct {
        void *owner;
        struct link link;
    } own[MEM_LINKS];
    size_t num_own;
    uint8_t *last; /* octets of the datagram handed out last */
};

static struct mem *mem_of(struct transport *t)
{
    return (struct mem *)t;
}

static const struct mem *mem_of_const(const struct transport *t)
{
    return (const struct mem *)t;
}

static enum err mem_open(struct transport *t, void *owner, const struct addr *local,
                         const struct port_map *map, struct fault *why)
{
    struct mem *m = mem_of(t);
    (void)map;
    for (size_t i = 0; i < m->num_places; i++) {
        struct place *p = &m->place[i];
        if (!addr_same_host(&p->addr, local) || (addr_is_any(local) && p->owner != owner))
            continue;
        if (p->owner == owner)
            return ERR_OK;
        return fault_set(why, ERR_DUPLICATE, 0, "local", REQ_NONE);
    }
    if (m->num_places == MEM_PLACES)
        return fault_set(why, ERR_SPACE, 0, "local", REQ_NONE);
    m->place[m->num_places++] = (struct place){ .owner = owner, .addr = *local };
    return ERR_OK;
}

static void *owner_at(const struct mem *m, const struct addr *to, const void *from)
{
    for (size_t i = 0; i < m->num_places; i++)
        if (!addr_is_any(&m->place[i].addr) && addr_same_host(&m->place[i].addr, to))
            return m->place[i].owner;
    for (size_t i = 0; i < m->num_places; i++)
        if (addr_is_any(&m->place[i].addr) && m->place[i].owner != from)
            return m->place[i].owner;
    return NULL;
}

/* 0 <= x < 1 */
static double dice_unit(struct mem *m)
{
    struct rng rng = seeded_rng_handle(m->dice);
    uint8_t b[4];
    rng_fill(&rng, b, sizeof b);
    return get_u32(b) / 4294967296.0;
}

struct link mem_get_link(const struct transport *t, void *owner)
{
    const struct mem *m = mem_of_const(t);
    for (size_t i = 0; i < m->num_own; i++)
        if (m->own[i].owner == owner)
            return m->own[i].link;
    return m->link;
}

bool mem_set_link(struct transport *t, void *owner, const struct link *link)
{
    struct mem *m = mem_of(t);
    if (owner == NULL) {
        m->link = *link;
        return true;
    }
    for (size_t i = 0; i < m->num_own; i++)
        if (m->own[i].owner == owner) {
            m->own[i].link = *link;
            return true;
        }
    if (m->num_own == MEM_LINKS)
        return false;
    m->own[m->num_own].owner = owner;
    m->own[m->num_own++].link = *link;
    return true;
}

static enum sent mem_send(struct transport *t, void *owner, const struct ike_dgram *d, usec_t now)
{
    struct mem *m = mem_of(t);
    struct link l = mem_get_link(t, owner);
    void *to = owner_at(m, &d->remote, owner);
    /* All dice are thrown for each datagram, so that one setting does not shift the others. */
    bool lost = dice_unit(m) * 100 < l.loss;
    bool twice = dice_unit(m) * 100 < l.dup;
    bool late = dice_unit(m) * 100 < l.reorder;
    usec_t due = now + l.delay_us + (usec_t)(dice_unit(m) * (double)l.jitter_us);
    usec_t second = now + l.delay_us + (usec_t)(dice_unit(m) * (double)l.jitter_us);
    if (late) /* long enough for an answer-free follower to overtake it */
        due += 2 * l.delay_us + USEC_PER_MS;
    if (lost || to == NULL)
        return SENT_LOST;
    struct ike_dgram in = *d;
    in.local = d->remote;
    in.remote = d->local;
    in.sa = 0;
    in.retransmit = false;
    if (!queue_push(&m->queue, due, to, true, 0, &in) ||
        (twice && !queue_push(&m->queue, second, to, true, 0, &in)))
        return SENT_FAILED;
    return SENT;
}

static bool mem_recv(struct transport *t, usec_t now, struct arrival *out)
{
    struct mem *m = mem_of(t);
    struct parcel p;
    if (!queue_pop(&m->queue, now, &p))
        return false;
    free(m->last);
    m->last = p.bytes;
    *out = (struct arrival){ .owner = p.owner, .d = p.d };
    return true;
}

static void forget_owner(struct mem *m, void *owner)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->num_places; i++)
        if (m->place[i].owner != owner)
            m->place[kept++] = m->place[i];
    m->num_places = kept;
    queue_forget(&m->queue, owner);
}

static void mem_close(struct transport *t, void *owner)
{
    struct mem *m = mem_of(t);
    if (owner != NULL) {
        forget_owner(m, owner);
        return;
    }
    queue_clear(&m->queue);
    seeded_rng_free(m->dice);
    free(m->last);
    free(m);
}

static usec_t mem_due(const struct transport *t)
{
    return queue_due(&mem_of_const(t)->queue);
}

static size_t mem_fds(const struct transport *t, struct pollfd *out, size_t cap)
{
    (void)t, (void)out, (void)cap;
    return 0;
}

static const struct transport_ops mem_ops = {
    .open = mem_open,
    .send = mem_send,
    .recv = mem_recv,
    .close = mem_close,
    .due = mem_due,
    .fds = mem_fds,
};

struct transport *mem_new(uint64_t seed, const struct link *link)
{
    struct mem *m = calloc(1, sizeof *m);
    if (m == NULL)
        return NULL;
    m->base.ops = &mem_ops;
    m->link = *link;
    if (seeded_rng_new(&m->dice, seed, "link") != ERR_OK) {
        free(m);
        return NULL;
    }
    return &m->base;
}

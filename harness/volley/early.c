/* early.c - a volley before keys: an IKE_SA_INIT request each, many under way, told apart by their
 * SPIs. An SA that one of them leaves half-open is closed as a wrong secret closes it, so the
 * device is left as it was. */
#include "harness/volley/shot.h"

#define GRACE_US (2 * USEC_PER_MS)

static void finish(struct volley *v, struct shot *s)
{
    if (s->up)
        volley_drop(v, s->sa);
    else
        ike_forget(v->p->e, s->sa);
    s->at = SHOT_DONE;
}

static void start(struct volley *v, struct shot *s)
{
    struct ike_sa_info info;
    v->armed = s;
    v->p->inside++;
    enum err rc = ike_initiate(v->p->e, v->plan->conn, IKE_STEP, world_now(v->w), &s->sa, NULL);
    v->p->inside--;
    v->armed = NULL;
    s->when = world_now(v->w);
    s->due = s->when + volley_patience(v);
    s->at = SHOT_WAITING;
    s->drops = volley_silent(v, s);
    if (ike_sa_get(v->p->e, s->sa, &info))
        s->spi = info.spi_i;
    world_flush(v->w);
    if (rc != ERR_OK || s->out == 0) { /* the edits made of it more than a datagram holds */
        s->out = 0;
        finish(v, s);
    }
}

static struct shot *belongs(struct volley *v, const struct answer_head *h)
{
    struct shot *late = NULL;
    for (size_t i = 0; i < v->current; i++) {
        struct shot *s = &v->shot[i];
        if ((s->at == SHOT_WAITING && !s->came && s->sent.spi_i == h->spi_i) ||
            (s->at == SHOT_CLOSING && s->spi == h->spi_i && h->exchange == EXCHANGE_IKE_AUTH))
            return s;
        if (s->sent.spi_i == h->spi_i && s->out > 0)
            late = s;
    }
    return late;
}

bool early_watch(void *ctx, const struct ike_dgram *d)
{
    struct volley *v = ctx;
    struct answer_head h;
    struct span body;
    struct shot *s = answer_head(d, &body, &h) && h.response ? belongs(v, &h) : NULL;
    if (s == NULL) {
        v->out->strays++;
        return false;
    }
    if (s->at == SHOT_CLOSING && h.exchange == EXCHANGE_IKE_AUTH) {
        s->closed = true;
        return true;
    }
    s->in += d->len;
    s->num_in++;
    if (s->came)
        return false;
    volley_answer(v, s, d);
    bool open = s->a.accepts;
    s->fed = open && s->at == SHOT_WAITING && h.spi_i == s->spi;
    if (open && !s->fed)
        v->out->left++;
    return s->fed;
}

static bool shut(struct volley *v, struct shot *s)
{
    struct ike_args args = { .psk = v->plan->wrong_psk };
    v->p->inside++;
    enum err rc = ike_command(v->p->e, s->sa, IKE_DO_AUTH, &args, world_now(v->w), NULL);
    v->p->inside--;
    world_flush(v->w);
    return rc == ERR_OK;
}

/* Goes on with a shot as far as it goes. */
static void step(struct volley *v, struct shot *s)
{
    usec_t now = world_now(v->w);
    if (s->at == SHOT_WAITING) {
        if (!s->came && now < s->due)
            return;
        volley_remember(v, s, !s->came);
        if (s->fed) {
            s->at = SHOT_CLOSING;
            s->due = now + 2 * volley_patience(v);
            if (shut(v, s))
                return;
            v->out->left++;
        }
    } else if (s->at == SHOT_CLOSING) {
        if (!s->closed && now < s->due)
            return;
        v->out->left += !s->closed;
    }
    if (s->at != SHOT_DONE)
        finish(v, s);
}

/* How long a shot may take its place among those under way. */
static usec_t place_us(const struct volley *v)
{
    usec_t us = v->wait / 2;
    return v->srtt > 0 && 2 * v->srtt < us ? 2 * v->srtt : us;
}

/* Does a shot still count as under way? One that is most likely silent is only listened for. */
static bool under_way(const struct volley *v, const struct shot *s, usec_t now)
{
    return s->at == SHOT_CLOSING ||
           (s->at == SHOT_WAITING && !s->drops && now < s->when + place_us(v) && now < s->due);
}

/* When something is due of the shots from first on; *flying: how many count as under way. */
static usec_t look(const struct volley *v, size_t first, size_t next, unsigned *flying)
{
    usec_t due = TIME_NEVER - 1, now = world_now(v->w);
    *flying = 0;
    for (size_t i = first; i < next; i++) {
        const struct shot *s = &v->shot[i];
        if (s->at == SHOT_DONE)
            continue;
        bool counts = under_way(v, s, now);
        usec_t at = s->at == SHOT_WAITING && s->came  ? 0
                    : counts && s->at == SHOT_WAITING ? s->when + place_us(v)
                                                      : s->due;
        due = at < due ? at : due;
        *flying += counts;
    }
    return due;
}

/* Goes on with the shots from first on, of which those before next have begun, and begins those
 * before to. Leaves when all are over, or, in a hurry, when nothing counts as under way. */
static void fly(struct volley *v, size_t first, size_t next, size_t to, unsigned flight, bool hurry)
{
    unsigned flying = 0;
    for (;;) {
        while (first < next && v->shot[first].at == SHOT_DONE)
            first++;
        if (first == next && next == to)
            return;
        usec_t due = look(v, first, next, &flying);
        if (next < to && flying < flight) {
            v->current = next + 1;
            start(v, &v->shot[next++]);
            continue;
        }
        if ((hurry && next == to && flying == 0) || !volley_wait(v, due))
            return;
        for (size_t i = first; i < next; i++)
            if (v->shot[i].at != SHOT_DONE)
                step(v, &v->shot[i]);
    }
}

/* An honest one behind the others: when it is answered, the device has got to those before it. What
 * it has not answered until shortly after that is silence. */
static bool control(struct volley *v)
{
    v->patience = VOLLEY_PATIENCE;
    for (size_t i = v->num; i < v->num + VOLLEY_CONTROLS && !volley_broken(v); i++) {
        fly(v, i, i, i + 1, 1, false);
        if (v->shot[i].came)
            return true;
    }
    return false;
}

void early_run(struct volley *v)
{
    fly(v, 0, 0, v->num, v->plan->flight > 0 ? v->plan->flight : 1, true);
    usec_t until = volley_broken(v) ? 0 : control(v);
    v->patience = 1;
    v->out->lost = until == 0 && !volley_broken(v);
    for (size_t i = 0; i < v->num; i++)
        if (v->shot[i].at == SHOT_WAITING && v->shot[i].due > until)
            v->shot[i].due = until;
    if (!volley_broken(v))
        fly(v, 0, v->num, v->num, 1, false);
}

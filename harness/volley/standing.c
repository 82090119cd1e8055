/* standing.c - a volley on an established SA, in lock step: an answer to a request uses its message
 * id up, and no answer leaves it to the next (RFC 7296 2.2). Whether a request was dropped is shown
 * by a valid one with the same id behind it, and what a device is known to drop need not be waited
 * for: the valid one follows at once. Whose the answer is that comes then shows in the repetition
 * (2.1): some devices answer whatever bears the last id, so that an answer to each of the two means
 * that the first one was not dropped; others only the same octets, so that the valid one, sent once
 * more, is answered again if it was the one that counted. */
#include "harness/volley/shot.h"

#define SA_USES   4096u /* exchanges that one SA is used for */
#define UP_US     (3 * USEC_PER_S)
#define LOOK_BACK 8u

static bool stands(const struct volley *v, struct ike_sa_info *info)
{
    return v->out->sa != 0 && ike_sa_get(v->p->e, v->out->sa, info) && info->established &&
           !info->dead;
}

static void end_sa(struct volley *v)
{
    if (v->out->sa != 0)
        volley_drop(v, v->out->sa);
    v->out->sa = 0;
}

/* A new SA in place of the old one. */
static bool fresh(struct volley *v)
{
    struct ike_sa_info info = { 0 };
    end_sa(v);
    for (unsigned try = 0; try < VOLLEY_CONTROLS && !volley_broken(v); try++) {
        uint32_t sa = 0;
        v->p->inside++;
        enum err rc = ike_initiate(v->p->e, v->plan->conn, 0, world_now(v->w), &sa, NULL);
        v->p->inside--;
        world_flush(v->w);
        usec_t until = world_now(v->w) + UP_US;
        v->out->sas++;
        while (rc == ERR_OK && ike_sa_get(v->p->e, sa, &info) && !info.established && !info.dead &&
               world_now(v->w) < until && volley_wait(v, until))
            continue;
        if (rc == ERR_OK && ike_sa_get(v->p->e, sa, &info) && info.established && !info.dead) {
            v->out->sa = sa;
            return true;
        }
        ike_forget(v->p->e, sa);
    }
    v->out->lost = !volley_broken(v);
    return false;
}

/* --- what comes
 * ------------------------------------------------------------------------------------------ */

static struct shot *belongs(struct volley *v, const struct answer_head *h)
{
    struct shot *s = &v->shot[v->current];
    if (s->at == SHOT_WAITING && (h->spi_i == s->spi || h->spi_i == s->sent.spi_i) &&
        (h->mid == s->mid || h->mid == s->sent.mid))
        return s;
    for (size_t back = 0; back < LOOK_BACK && back < v->current; back++) {
        s = &v->shot[v->current - 1 - back];
        if (s->at == SHOT_DONE && h->spi_i == s->spi && h->mid == s->mid)
            return s;
    }
    return NULL;
}

static bool sealed(struct span body)
{
    return body.p[16] == PAYLOAD_SK || body.p[16] == PAYLOAD_SKF;
}

bool standing_watch(void *ctx, const struct ike_dgram *d)
{
    struct volley *v = ctx;
    struct answer_head h;
    struct span body;
    if (!answer_head(d, &body, &h) || !h.response)
        return true; /* its own requests, and ESP */
    struct ike_sa_info info;
    struct shot *s = belongs(v, &h);
    if (s == NULL) {
        bool making = v->out->sa == 0 || !stands(v, &info);
        v->out->strays += !making;
        return true;
    }
    s->in += d->len;
    s->num_in++;
    if (!s->came) {
        s->after_probe = s->probed;
        volley_answer(v, s, d);
        s->real = !s->a.sealed; /* what comes in clear is no answer to the valid request */
        s->answers += s->a.sealed;
    } else if (sealed(body)) {
        s->answers++;
        s->real = s->real || (v->out->any_again && s->after_probe && s->answers > 1);
    }
    return true;
}

/* --- one exchange
 * ----------------------------------------------------------------------------------------- */

static bool await(struct volley *v, struct shot *s, unsigned answers, usec_t us)
{
    usec_t until = world_now(v->w) + us;
    while (s->answers < answers && world_now(v->w) < until)
        if (!volley_wait(v, until))
            return false;
    return s->answers >= answers;
}

/* Waits for whatever comes first. */
static void await_any(struct volley *v, const struct shot *s)
{
    usec_t until = world_now(v->w) + volley_patience(v);
    while (!s->came && world_now(v->w) < until && volley_wait(v, until))
        continue;
}

static bool probe(struct volley *v, struct shot *s, unsigned answers)
{
    s->probed = true;
    s->when = world_now(v->w);
    return volley_send(v, s->sa, s->mid, false) && await(v, s, answers, volley_patience(v));
}

/* Is the valid request, once more, answered once more? */
static bool again(struct volley *v, struct shot *s)
{
    return volley_repeat(v, s->sa) && await(v, s, s->answers + 1, volley_patience(v));
}

static void exchange(struct volley *v, struct shot *s, const struct ike_sa_info *info,
                     enum ike_do what, const struct ike_args *args)
{
    s->sa = info->id;
    s->spi = info->spi_i;
    s->mid = info->next_request;
    v->armed = s;
    v->p->inside++;
    enum err rc = ike_command(v->p->e, s->sa, what, args, world_now(v->w), NULL);
    v->p->inside--;
    v->armed = NULL;
    s->when = world_now(v->w);
    s->at = SHOT_WAITING;
    if (rc != ERR_OK || s->out == 0) { /* the edits made of it more than a datagram holds */
        s->out = 0;
        s->at = SHOT_DONE;
        end_sa(v);
        return;
    }
    world_flush(v->w);
}

/* After an answer, or after the device lived on without one: is the SA still good for the next
 * exchange? */
static bool goes_on(struct volley *v, struct shot *s)
{
    struct ike_sa_info info;
    if (!stands(v, &info))
        return false;
    if (info.outstanding == 0)
        return info.next_request < SA_USES;
    /* an answer that the engine could not take for one: its id is used up for the device, perhaps
     */
    return !s->probed && probe(v, s, s->answers + 1) && stands(v, &info) && info.outstanding == 0;
}

static void shoot(struct volley *v, struct shot *s, enum ike_do what, const struct ike_args *args)
{
    struct ike_sa_info info;
    if (!stands(v, &info) && (!fresh(v) || !stands(v, &info)))
        return;
    exchange(v, s, &info, what, args);
    if (s->at == SHOT_DONE)
        return;
    bool drops = (v->out->any_again || v->out->same_again) && volley_silent(v, s);
    if (!drops)
        await_any(v, s);
    if (volley_broken(v))
        return;
    if (s->answers == 0) {
        (void)probe(v, s, 1);
        if (drops && s->answers > 0 && !s->real && !v->out->any_again)
            s->real = !again(v, s);
        if (volley_broken(v))
            return;
    }
    if (!goes_on(v, s))
        end_sa(v);
    s->at = SHOT_DONE;
    if (!drops)
        volley_remember(v, s, s->after_probe || s->answers == 0);
    if (s->real)
        volley_remember(v, s, false);
}

/* What the device does about ids that it has answered, shown by an honest exchange with other
 * octets and the same behind it. */
static void learn(struct volley *v, struct shot *s)
{
    const struct ike_args none = { 0 };
    struct ike_sa_info info;
    shoot(v, s, IKE_DO_LIVENESS, &none);
    if (volley_broken(v) || s->answers != 1 || v->out->sa != s->sa || !stands(v, &info))
        return;
    s->at = SHOT_WAITING;
    bool any = volley_send(v, s->sa, s->mid, false) && await(v, s, 2, volley_patience(v));
    s->at = SHOT_DONE;
    v->out->any_again = any;
    if (any || volley_broken(v))
        return;
    /* a request that cannot be verified, the valid one, and that one again */
    static const struct program spoilt = { .num = 1,
                                           .edit = { { .kind = EDIT_WIRE_FLIP, .bit = -1 } } };
    struct shot *second = &v->shot[v->num + 1];
    v->current = v->num + 1;
    second->program = spoilt;
    exchange(v, second, &info, IKE_DO_LIVENESS, &none);
    if (second->at == SHOT_WAITING && probe(v, second, 1))
        v->out->same_again = again(v, second);
    if (!goes_on(v, second))
        end_sa(v);
    second->at = SHOT_DONE;
}

void standing_run(struct volley *v)
{
    v->current = v->num;
    v->patience = VOLLEY_PATIENCE;
    if (!v->plan->lone)
        learn(v, &v->shot[v->num]);
    v->patience = 1;
    for (v->current = 0; v->current < v->num && !v->out->lost && !volley_broken(v); v->current++)
        shoot(v, &v->shot[v->current], v->plan->what, &v->plan->args);
    if (volley_broken(v) || v->out->lost)
        return;
    const struct ike_args none = { 0 };
    v->patience = VOLLEY_PATIENCE;
    v->current = v->num; /* what the last ones are still owed comes before this answer */
    v->shot[v->num] = (struct shot){ .honest = true };
    shoot(v, &v->shot[v->num], IKE_DO_LIVENESS, &none);
}

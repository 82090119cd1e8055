/* standing.c - a volley on established SAs, in lock step on each of them: an answer to a request
 * uses its message id up, and no answer leaves it to the next (RFC 7296 2.2). Whether a request was
 * dropped is shown by a valid one with the same id behind it, and what a device is known to drop
 * need not be waited for: the valid one follows at once. Whose the answer is that comes then it
 * says itself, as the valid one has a mark that its answer names (2.5). A device that does not
 * answer so shows it in the repetition (2.1): some answer whatever bears the last id, so that an
 * answer to each of the two means that the first one was not dropped; others only the same octets,
 * so that the valid one, sent once more, is answered again if it was the one that counted.
 *
 * Many an attempt ends its SA, and some wait for nothing. So a lane, an SA with the shot that is
 * under way on it, is one of several: each takes the next shot when it is free, and makes its next
 * SA by itself. What goes on in a lane is a machine (enum lane_at); nothing but learn() stands
 * still. */
#include "harness/volley/shot.h"

#define SA_USES        4096u /* exchanges that one SA is used for */
#define UP_US          (3 * USEC_PER_S)
#define LEARN_PATIENCE 12u
#define LOOK_BACK      8u /* shots of a lane whose late answers are theirs */
/* So often a valid request is sent at most (2.1): it may be lost, or dropped as the one before it with
 * the same id is still being looked at. */
#define PROBES 3u

/* A lane goes over to something else. */
static void enter(struct volley *v, struct lane *l, enum lane_at at)
{
    usec_t now = world_now(v->w), spent = now - l->since;
    usec_t *sum = v->out->spent_us;
    switch (l->at) {
    case LANE_INIT:
    case LANE_AUTH:
        sum[SPENT_MAKING] += spent;
        break;
    case LANE_ANSWER:
        sum[l->s->came ? SPENT_ANSWER : SPENT_SILENCE] += spent;
        break;
    case LANE_PROBE:
    case LANE_SETTLE:
        sum[SPENT_PROBE] += spent;
        break;
    case LANE_AGAIN:
        sum[SPENT_AGAIN] += spent;
        break;
    case LANE_EMPTY:
    case LANE_IDLE:
    case LANE_OFF:
        break;
    }
    l->at = at;
    l->since = now;
}

static bool stands(const struct volley *v, const struct lane *l, struct ike_sa_info *info)
{
    return l->sa != 0 && ike_sa_get(v->p->e, l->sa, info) && info->established && !info->dead;
}

static void end_sa(struct volley *v, struct lane *l)
{
    if (l->sa != 0)
        volley_drop(v, l->sa);
    l->sa = 0;
    enter(v, l, LANE_EMPTY);
}

/* --- a new SA
 * ------------------------------------------------------------------------------------------ */

static void gone(struct volley *v, struct lane *l)
{
    ike_forget(v->p->e, l->sa);
    l->sa = 0;
    enter(v, l, ++l->tries < VOLLEY_CONTROLS ? LANE_EMPTY : LANE_OFF);
}

/* INITIAL_CONTACT (2.4) in the IKE_AUTH request of one lane would end the SA of another that is
 * coming up: the engine leaves it out while an SA stands, and where none does they go one by one.
 */
static bool may_auth(const struct volley *v)
{
    struct ike_sa_info info;
    bool alone = true;
    for (size_t i = 0; i < v->num_lanes; i++) {
        if (stands(v, &v->lane[i], &info))
            return true;
        alone = alone && v->lane[i].at != LANE_AUTH;
    }
    return alone;
}

static void make_sa(struct volley *v, struct lane *l)
{
    v->p->inside++;
    enum err rc = ike_initiate(v->p->e, v->plan->conn, IKE_STEP, world_now(v->w), &l->sa, NULL);
    v->p->inside--;
    enter(v, l, LANE_INIT);
    l->due = l->since + UP_US;
    world_flush(v->w);
    if (rc != ERR_OK)
        gone(v, l);
}

/* Goes on to IKE_AUTH once the answer to IKE_SA_INIT is there. */
static void authenticate(struct volley *v, struct lane *l)
{
    const struct ike_args none = { 0 };
    if (!may_auth(v))
        return;
    v->p->inside++;
    enum err rc = ike_command(v->p->e, l->sa, IKE_DO_AUTH, &none, world_now(v->w), NULL);
    v->p->inside--;
    if (rc != ERR_OK) /* not yet */
        return;
    enter(v, l, LANE_AUTH);
    world_flush(v->w);
}

static void make_more(struct volley *v, struct lane *l)
{
    struct ike_sa_info info;
    if (stands(v, l, &info)) {
        l->tries = 0;
        enter(v, l, LANE_IDLE);
        v->out->sas++;
    } else if (world_now(v->w) >= l->due || !ike_sa_get(v->p->e, l->sa, &info) || info.dead) {
        gone(v, l);
    } else if (l->at == LANE_INIT) {
        authenticate(v, l);
    }
}

/* --- what comes
 * ------------------------------------------------------------------------------------------ */

static struct shot *belongs(struct volley *v, const struct answer_head *h)
{
    for (size_t i = 0; i < v->num_lanes; i++) {
        struct shot *s = v->lane[i].s;
        if (s != NULL && s->at == SHOT_WAITING &&
            (h->spi_i == s->spi || h->spi_i == s->sent.spi_i) &&
            (h->mid == s->mid || h->mid == s->sent.mid))
            return s;
    }
    for (size_t back = 1; back <= LOOK_BACK * v->num_lanes && back <= v->current; back++) {
        struct shot *s = &v->shot[v->current - back];
        if (s->at == SHOT_DONE && h->spi_i == s->spi && h->mid == s->mid)
            return s;
    }
    return NULL;
}

/* An answer within the making of an SA. */
static bool makes(const struct volley *v, uint64_t spi_i)
{
    struct ike_sa_info info;
    for (size_t i = 0; i < v->num_lanes; i++) {
        const struct lane *l = &v->lane[i];
        if ((l->at == LANE_INIT || l->at == LANE_AUTH) && ike_sa_get(v->p->e, l->sa, &info) &&
            info.spi_i == spi_i)
            return true;
    }
    return false;
}

static bool sealed(struct span body)
{
    return body.p[16] == PAYLOAD_SK || body.p[16] == PAYLOAD_SKF;
}

/* More than one answer: the one that is not the valid request's may be the later one. */
static void another(struct volley *v, struct shot *s, const struct ike_dgram *d)
{
    const struct volley_habits *h = &v->out->habits;
    struct answer late;
    s->answers++;
    if (!s->after_probe || s->real)
        return;
    if (h->marks) {
        answer_read(v->p->e, d, &s->sent, &v->arena, &late);
        if (late.opened && !late.marked) {
            s->a = late;
            s->real = true;
        }
    }
    s->real = s->real || (h->any_again && s->answers > s->probes);
}

bool standing_watch(void *ctx, const struct ike_dgram *d)
{
    struct volley *v = ctx;
    struct answer_head h;
    struct span body;
    if (!answer_head(d, &body, &h) || !h.response)
        return true; /* its own requests, and ESP */
    struct shot *s = belongs(v, &h);
    if (s == NULL) {
        v->out->strays += !makes(v, h.spi_i);
        return true;
    }
    s->in += d->len;
    s->num_in++;
    if (!s->came) {
        s->after_probe = s->probes > 0;
        volley_answer(v, s, d);
        /* what comes in clear, or does not name the mark, is no answer to the valid request */
        s->real = !s->a.sealed || (v->out->habits.marks && s->after_probe && !s->a.marked);
        s->answers += s->a.sealed;
    } else if (sealed(body)) {
        another(v, s, d);
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

/* A valid request with the id of the shot; false when it cannot be sent. */
static bool send_probe(struct volley *v, struct lane *l, bool mark)
{
    l->s->probes = 1;
    l->probe_len = 0;
    l->s->when = world_now(v->w);
    v->kept = l;
    bool ok = volley_send(v, l->sa, l->s->mid, mark ? SEND_MARK : SEND_EMPTY);
    v->kept = NULL;
    return ok;
}

/* The valid request once more: the same octets. */
static bool repeat_probe(struct volley *v, struct lane *l)
{
    static const uint8_t marker[4];
    uint8_t octets[sizeof marker + LANE_PROBE_OCTETS];
    struct writer w = wr_init(octets, sizeof octets);
    struct ike_sa_info info;
    if (l->probe_len == 0 || !ike_sa_get(v->p->e, l->sa, &info))
        return false;
    if (info.local.port == IKE_PORT_NATT)
        wr_bytes(&w, marker, sizeof marker);
    wr_bytes(&w, l->probe, l->probe_len);
    l->s->probes++;
    enum err rc = ike_send_raw(v->p->e, &info.local, &info.remote, 17, wr_done(&w));
    world_flush(v->w);
    return rc == ERR_OK;
}

/* A valid request until there are so many answers, or it was sent often enough. */
static bool ask(struct volley *v, struct lane *l, bool mark, unsigned answers)
{
    bool sent = send_probe(v, l, mark);
    while (sent && !await(v, l->s, answers, volley_patience(v)))
        sent = !volley_broken(v) && l->s->probes < PROBES && repeat_probe(v, l);
    return sent;
}

/* The shot goes out: by its edits, or what a control is. */
static void exchange(struct volley *v, struct lane *l, const struct ike_sa_info *info)
{
    const struct ike_args none = { 0 };
    struct shot *s = l->s;
    bool control = s >= &v->shot[v->num];
    s->sa = l->sa;
    s->spi = info->spi_i;
    s->mid = info->next_request;
    v->armed = s;
    v->p->inside++;
    enum err rc = ike_command(v->p->e, s->sa, control ? IKE_DO_LIVENESS : v->plan->what,
                              control ? &none : &v->plan->args, world_now(v->w), NULL);
    v->p->inside--;
    v->armed = NULL;
    s->when = world_now(v->w);
    s->at = SHOT_WAITING;
    if (rc != ERR_OK)
        s->out = 0;
    if (s->out > 0)
        world_flush(v->w);
}

/* Can it be told whose an answer is that comes after the valid request? */
static bool can_tell(const struct volley *v)
{
    return v->out->habits.marks || v->out->habits.any_again || v->out->habits.same_again;
}

/* How long to wait where more can be done when nothing comes: what comes late all the same is told
 * from the answer to the valid request. */
static usec_t quick(const struct volley *v, unsigned times)
{
    usec_t us = volley_patience(v);
    return can_tell(v) && v->patience == 1 && v->quick > 0 && times * v->quick < us
               ? times * v->quick
               : us;
}

static void wait_for(struct volley *v, struct lane *l, enum lane_at at, unsigned answers)
{
    usec_t us = at == LANE_AGAIN ? volley_patience(v) : quick(v, 1);
    enter(v, l, at);
    l->want = answers;
    l->due = l->since + us;
}

/* The shot is over; good: the SA takes the next one. */
static void finish(struct volley *v, struct lane *l, bool good)
{
    struct shot *s = l->s;
    struct ike_sa_info info;
    enter(v, l, LANE_IDLE);
    l->s = NULL;
    if (!good || !stands(v, l, &info)) {
        s->ended = s->out > 0;
        end_sa(v, l);
    } else if (info.next_request >= SA_USES) {
        end_sa(v, l);
    }
    s->at = SHOT_DONE;
    if (s->out == 0)
        return;
    if (!s->drops)
        volley_remember(v, s, s->after_probe || s->answers == 0);
    if (s->real)
        volley_remember(v, s, false);
}

static void probe(struct volley *v, struct lane *l, enum lane_at at, unsigned answers)
{
    wait_for(v, l, at, answers);
    if (!send_probe(v, l, v->out->habits.marks))
        l->due = 0;
}

/* After an answer, or after the device lived on without one: is the SA still good for the next
 * exchange? */
static void settle(struct volley *v, struct lane *l)
{
    struct ike_sa_info info;
    bool good = stands(v, l, &info);
    /* an answer that the engine could not take for one: its id is used up for the device, perhaps
     */
    if (good && info.outstanding > 0 && l->s->probes == 0)
        probe(v, l, LANE_SETTLE, l->s->answers + 1);
    else
        finish(v, l, good && info.outstanding == 0);
}

static void begin(struct volley *v, struct lane *l, struct shot *s)
{
    struct ike_sa_info info;
    if (!stands(v, l, &info)) { /* the device ended it by itself */
        end_sa(v, l);
        return;
    }
    l->s = s;
    v->current = (size_t)(s - v->shot) + 1;
    exchange(v, l, &info);
    if (s->out == 0) { /* the edits made of it more than a datagram holds */
        finish(v, l, false);
        return;
    }
    s->drops = can_tell(v) && volley_silent(v, s);
    if (s->drops)
        probe(v, l, LANE_PROBE, 1);
    else
        wait_for(v, l, LANE_ANSWER, 1);
}

/* The valid request once more, where no answer came and it can help; the last one has the whole
 * patience. */
static bool insist(struct volley *v, struct lane *l)
{
    struct ike_sa_info info;
    if (l->s->probes == 0 || l->s->probes >= PROBES || !stands(v, l, &info) || !repeat_probe(v, l))
        return false;
    l->due = world_now(v->w) + (l->s->probes < PROBES ? quick(v, 2) : volley_patience(v));
    return true;
}

/* Goes on with the shot as far as it goes. */
static void step(struct volley *v, struct lane *l)
{
    struct shot *s = l->s;
    bool late = world_now(v->w) >= l->due, there = s->answers >= l->want;
    switch (l->at) {
    case LANE_ANSWER:
        if (there)
            settle(v, l);
        else if (s->came || late)
            probe(v, l, LANE_PROBE, 1);
        break;
    case LANE_PROBE:
        if (!there && (!late || insist(v, l)))
            break;
        if (there && s->after_probe && !s->real && v->out->habits.same_again) {
            wait_for(v, l, LANE_AGAIN, s->answers + 1);
            if (repeat_probe(v, l))
                break;
        }
        settle(v, l);
        break;
    case LANE_AGAIN:
        if (!there && (!late || insist(v, l)))
            break;
        s->real = !there;
        settle(v, l);
        break;
    case LANE_SETTLE:
        if (there || (late && !insist(v, l)))
            settle(v, l);
        break;
    case LANE_EMPTY:
    case LANE_INIT:
    case LANE_AUTH:
    case LANE_IDLE:
    case LANE_OFF:
        break;
    }
}

/* --- all lanes
 * -------------------------------------------------------------------------------------------- */

/* Does what a lane can do now; whether it waits for something then. */
static bool work(struct volley *v, struct lane *l, size_t end)
{
    if (l->at == LANE_INIT || l->at == LANE_AUTH)
        make_more(v, l);
    else if (l->s != NULL)
        step(v, l);
    while (v->current < end && (l->at == LANE_IDLE || l->at == LANE_EMPTY)) {
        if (l->at == LANE_IDLE)
            begin(v, l, &v->shot[v->current]);
        else
            make_sa(v, l);
    }
    return l->at != LANE_IDLE && l->at != LANE_EMPTY && l->at != LANE_OFF;
}

/* Has the shots from v->current to end done, on the first lanes. */
static void run_to(struct volley *v, size_t end, size_t lanes)
{
    for (;;) {
        usec_t due = TIME_NEVER - 1;
        bool busy = false;
        for (size_t i = 0; i < lanes; i++) {
            if (!work(v, &v->lane[i], end))
                continue;
            busy = true;
            due = v->lane[i].due < due ? v->lane[i].due : due;
        }
        if (!busy)
            break;
        if (!volley_wait(v, due))
            return;
    }
    v->out->lost = v->current < end; /* no lane has an SA */
}

/* An honest exchange on the first lane. */
static void control(struct volley *v, size_t n)
{
    unsigned patience = v->patience;
    v->patience = patience > VOLLEY_PATIENCE ? patience : VOLLEY_PATIENCE;
    v->current = v->num + n;
    v->shot[v->current] = (struct shot){ .honest = true };
    run_to(v, v->current + 1, 1);
    v->patience = patience;
}

static bool usable(const struct volley *v)
{
    return !v->out->lost && !volley_broken(v);
}

/* A request that cannot be verified, and a valid one behind it: answered? */
static bool spoil(struct volley *v, struct shot *s, bool mark)
{
    static const struct program spoilt = { .num = 1,
                                           .edit = { { .kind = EDIT_WIRE_FLIP, .bit = -1 } } };
    struct ike_sa_info info;
    struct lane *l = &v->lane[0];
    if (!stands(v, l, &info))
        return false;
    *s = (struct shot){ .honest = true, .program = spoilt };
    v->current = (size_t)(s - v->shot) + 1;
    l->s = s;
    exchange(v, l, &info);
    return s->out > 0 && ask(v, l, mark, 1);
}

static void spoilt(struct volley *v)
{
    if (v->lane[0].s == NULL)
        return;
    wait_for(v, &v->lane[0], LANE_SETTLE, 0);
    settle(v, &v->lane[0]);
}

/* Does the device refuse the mark, and is its SA as good as before? */
static bool learn_mark(struct volley *v)
{
    struct shot *s = &v->shot[v->num];
    struct lane *l = &v->lane[0];
    uint32_t sa = l->sa;
    bool marked = spoil(v, s + 1, true) && s[1].a.marked;
    spoilt(v);
    if (!marked || volley_broken(v))
        return false;
    control(v, 0);
    return usable(v) && s->answers == 1 && l->sa == sa;
}

/* What the device does about ids that it has answered, shown by an honest exchange with other
 * octets and the same behind it; false when it could not be shown. */
static bool learn_ids(struct volley *v)
{
    struct ike_sa_info info;
    struct lane *l = &v->lane[0];
    struct shot *s = &v->shot[v->num];
    control(v, 0);
    if (!usable(v) || s->answers != 1 || !stands(v, l, &info))
        return false;
    s->at = SHOT_WAITING;
    l->s = s;
    v->out->habits.any_again = ask(v, l, false, 2);
    s->at = SHOT_DONE;
    l->s = NULL;
    if (v->out->habits.any_again || volley_broken(v))
        return v->out->habits.any_again;
    /* the valid one behind another, and that one again */
    bool answered = spoil(v, s + 1, false);
    for (unsigned n = 0; answered && !v->out->habits.same_again && n < PROBES; n++)
        v->out->habits.same_again =
            repeat_probe(v, l) && await(v, s + 1, 2, volley_patience(v));
    spoilt(v);
    return answered;
}

/* Some devices hold one IKE SA with a peer and end it for the next. */
static void learn_alone(struct volley *v)
{
    struct ike_sa_info info;
    struct lane *second = &v->lane[1];
    uint32_t first = v->lane[0].sa;
    usec_t until = world_now(v->w) + UP_US;
    if (second->at == LANE_EMPTY)
        make_sa(v, second);
    while ((second->at == LANE_INIT || second->at == LANE_AUTH) && volley_wait(v, until))
        make_more(v, second);
    if (volley_broken(v))
        return;
    control(v, 0);
    if (!usable(v))
        return;
    v->out->habits.alone =
        second->at != LANE_IDLE || v->lane[0].sa != first || !stands(v, &v->lane[0], &info);
}

static void learn(struct volley *v)
{
    v->patience = LEARN_PATIENCE; /* it is done once, and holds for all that follows */
    control(v, 0);                /* an SA comes up, and how long an answer takes is seen */
    v->out->habits.marks = usable(v) && learn_mark(v);
    bool ids = usable(v) && (v->out->habits.marks || learn_ids(v));
    if (usable(v) && v->num_lanes > 1)
        learn_alone(v);
    v->out->habits.known = ids && usable(v);
    v->patience = 1;
}

/* The SAs of the plan that still stand, each in a lane. */
static void take_over(struct volley *v)
{
    const struct volley_plan *p = v->plan;
    size_t n = 0;
    for (size_t i = 0; i < p->num_sas; i++) {
        struct ike_sa_info info;
        struct lane l = { .sa = p->sa[i], .at = LANE_IDLE };
        if (n < VOLLEY_LANES && stands(v, &l, &info))
            v->lane[n++] = l;
        else
            volley_drop(v, p->sa[i]);
    }
    v->num_lanes = p->lanes > 0 ? p->lanes : 1;
    if (v->num_lanes > VOLLEY_LANES)
        v->num_lanes = VOLLEY_LANES;
    v->num_lanes = n > v->num_lanes ? n : v->num_lanes;
}

/* Lanes that are not wanted any more lose their SAs. */
static void keep_lanes(struct volley *v, size_t num)
{
    for (size_t i = num; i < v->num_lanes; i++)
        end_sa(v, &v->lane[i]);
    v->num_lanes = num < v->num_lanes ? num : v->num_lanes;
}

static void give_back(struct volley *v)
{
    struct ike_sa_info info;
    for (size_t i = 0; i < v->num_lanes; i++)
        if (stands(v, &v->lane[i], &info))
            v->out->sa[v->out->num_sas++] = v->lane[i].sa;
}

/* One that stands comes first. */
static void sort_lanes(struct volley *v)
{
    struct ike_sa_info info;
    for (size_t i = 0; i < v->num_lanes; i++) {
        struct lane l = v->lane[i];
        if (!stands(v, &l, &info))
            continue;
        v->lane[i] = v->lane[0];
        v->lane[0] = l;
        return;
    }
}

void standing_run(struct volley *v)
{
    size_t lanes = v->plan->lanes > 0 ? v->plan->lanes : 1;
    take_over(v);
    if (!v->plan->habits.known && !v->plan->lone)
        learn(v);
    keep_lanes(v, v->out->habits.alone ? 1 : lanes);
    v->current = 0;
    if (usable(v))
        run_to(v, v->num, v->num_lanes);
    sort_lanes(v);
    if (usable(v))
        control(v, 0); /* what the last ones are still owed comes before this answer */
    if (!volley_broken(v))
        give_back(v);
}

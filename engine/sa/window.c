/* window.c - message ids, what is outstanding, what was answered (RFC 7296 2.1 to 2.3). */
#include <stdlib.h>

#include "engine/sa/peer.h"

struct exchange *exchange_new(struct ike_sa *sa, enum ike_do what, uint8_t type,
                              const struct ike_args *args)
{
    struct exchange *x = calloc(1, sizeof *x), **at = &sa->exchanges;
    if (x == NULL)
        return NULL;
    x->what = what;
    x->type = type;
    x->due = TIME_NEVER;
    if (args != NULL) {
        x->args = *args;
        if (octets_set(&x->held[0], args->psk) != ERR_OK ||
            octets_set(&x->held[1], args->payloads) != ERR_OK) {
            octets_free(&x->held[0]);
            free(x);
            return NULL;
        }
        x->args.psk = octets_span(&x->held[0]);
        x->args.payloads = octets_span(&x->held[1]);
        if (x->args.num_ts_i > MAX_SELECTORS)
            x->args.num_ts_i = MAX_SELECTORS;
        if (x->args.num_ts_r > MAX_SELECTORS)
            x->args.num_ts_r = MAX_SELECTORS;
        for (size_t i = 0; i < x->args.num_ts_i; i++)
            x->args_ts[0][i] = args->ts_i[i];
        for (size_t i = 0; i < x->args.num_ts_r; i++)
            x->args_ts[1][i] = args->ts_r[i];
        x->args.ts_i = x->args_ts[0];
        x->args.ts_r = x->args_ts[1];
    }
    while (*at != NULL)
        at = &(*at)->next;
    *at = x;
    return x;
}

void exchange_free(struct ike_sa *sa, struct exchange *x)
{
    struct exchange **at = &sa->exchanges;
    while (*at != NULL && *at != x)
        at = &(*at)->next;
    if (*at == x)
        *at = x->next;
    for (struct child_sa *c = sa->children; c != NULL; c = c->next)
        if (c->rekey == x)
            c->rekey = NULL;
    if (x->sent) { /* ike_resend may want it again */
        packets_free(&sa->last_out);
        sa->last_out = x->out;
        x->out = (struct packets){ 0 };
    }
    packets_free(&x->out);
    octets_free(&x->held[0]);
    octets_free(&x->held[1]);
    ke_free(x->ke);
    wipe(x, sizeof *x);
    free(x);
}

struct exchange *exchange_by_mid(const struct ike_sa *sa, uint32_t mid)
{
    for (struct exchange *x = sa->exchanges; x != NULL; x = x->next)
        if (x->sent && x->mid == mid)
            return x;
    return NULL;
}

struct exchange *exchange_find(const struct ike_sa *sa, enum ike_do what)
{
    for (struct exchange *x = sa->exchanges; x != NULL; x = x->next)
        if (x->what == what)
            return x;
    return NULL;
}

bool window_has_room(const struct ike_sa *sa)
{
    uint32_t ahead = 0; /* of the lowest id that is not answered; one sent anew is not the oldest */
    for (const struct exchange *x = sa->exchanges; x != NULL; x = x->next)
        if (x->sent && sa->out_next - x->mid > ahead)
            ahead = sa->out_next - x->mid;
    return ahead < sa->window_peer;
}

static bool about_child(const struct exchange *x)
{
    return x->what == IKE_DO_NEW_CHILD || x->what == IKE_DO_REKEY_CHILD ||
           x->what == IKE_DO_DELETE_CHILD;
}

/* Both rekey or close the same Child SA; 0 is the newest, whichever that will be. */
static bool same_child(const struct exchange *x, const struct exchange *o)
{
    return about_child(x) && about_child(o) && x->what != IKE_DO_NEW_CHILD &&
           o->what != IKE_DO_NEW_CHILD && (x->child == 0 || x->child == o->child);
}

/* Whether x must wait for another request of this end, although the window has room: what is done
 * to Child SAs would miss them when they move to the next IKE SA meanwhile, and a Child SA is not
 * rekeyed twice. */
static bool must_wait(const struct ike_sa *sa, const struct exchange *x)
{
    for (const struct exchange *o = sa->exchanges; o != NULL; o = o->next) {
        if (!o->sent)
            continue;
        bool moves = (o->what == IKE_DO_REKEY_IKE && (about_child(x) || x->what == o->what)) ||
                     (x->what == IKE_DO_REKEY_IKE && about_child(o));
        bool rules = x->what != IKE_DO_NEW_CHILD || duty(sa->e, sa, REQ_NO_CHILD_WHILE_IKE);
        if ((moves && rules) || same_child(x, o))
            return true;
    }
    return false;
}

void window_run(struct ike_sa *sa)
{
    for (bool again = true; again && !sa->dead;) {
        again = false;
        for (struct exchange *x = sa->exchanges; x != NULL; x = x->next) {
            if (x->sent || x->not_before > sa->e->now)
                continue;
            if (!x->args.no_window && must_wait(sa, x))
                continue;
            if (sa->out_next == UINT32_MAX) { /* 2.2: ids never wrap */
                ike_sa_die(sa, "message ids are used up");
                return;
            }
            if (!x->args.no_window && !window_has_room(sa) && duty(sa->e, sa, REQ_WINDOW_SEND))
                continue;
            exchange_start(sa, x);
            again = true;
            break; /* the list may have changed */
        }
    }
}

enum admit window_admit(const struct ike_sa *sa, uint32_t mid)
{
    const struct answered *a = &sa->answered[mid % sa->num_answered];
    if (a->used && a->mid == mid)
        return ADMIT_REPEAT;
    /* 2.2: ids never wrap */
    return mid >= sa->in_next && mid - sa->in_next < sa->window_own ? ADMIT_NEW : ADMIT_OUTSIDE;
}

struct answered *window_answered(struct ike_sa *sa, uint32_t mid)
{
    struct answered *a = &sa->answered[mid % sa->num_answered];
    return a->used && a->mid == mid ? a : NULL;
}

struct answered *window_file(struct ike_sa *sa, uint32_t mid)
{
    struct answered *a = &sa->answered[mid % sa->num_answered];
    if (!(a->used && a->mid == mid)) {
        packets_free(&a->out);
        octets_free(&a->in);
        *a = (struct answered){ .used = true, .mid = mid };
    }
    while (sa->in_next != UINT32_MAX && window_answered(sa, sa->in_next) != NULL) {
        sa->in_next++;
        /* RFC 7296 2.3: responses are kept for the last window of requests */
        if (sa->in_next > sa->window_own) {
            struct answered *old = window_answered(sa, sa->in_next - 1 - sa->window_own);
            if (old != NULL) {
                packets_free(&old->out);
                octets_free(&old->in);
                old->used = false;
            }
        }
    }
    return a;
}

void exchange_sent(struct ike_sa *sa, struct exchange *x)
{
    uint32_t ms = sa->conn->c.retransmit_ms != 0 ? sa->conn->c.retransmit_ms : 500;
    x->sent = true;
    x->wait = (usec_t)ms * USEC_PER_MS;
    x->due = sa->e->now + x->wait;
    x->tries = 0;
}

void exchange_done(struct ike_sa *sa, struct exchange *x, enum err code)
{
    struct ike_event *ev = event_add(sa->e, IKE_EV_DONE, sa);
    if (ev != NULL) {
        ev->num = (uint32_t)x->what;
        ev->child = x->child;
        ev->fault.code = code;
        event_text(ev, "%s", err_text(code));
    }
    if (x->sent && !duty(sa->e, sa, REQ_RETRANSMIT_STOPS))
        out_packets(sa, &x->out, &sa->local, &sa->remote, true);
    exchange_free(sa, x);
}

void window_take(struct run *r)
{
    const struct node *n = notify_find(r->inner, N_SET_WINDOW_SIZE);
    struct span v = n != NULL ? node_bytes(n, NOTIFY_DATA) : (struct span){ 0 };
    /* RFC 7296 2.3: four octets; never smaller than before */
    if (v.len == 4 && get_u32(v.p) > 0 &&
        (get_u32(v.p) > r->sa->window_peer || !duty(r->e, r->sa, REQ_WINDOW_NEVER_SHRINKS)))
        r->sa->window_peer = get_u32(v.p);
}

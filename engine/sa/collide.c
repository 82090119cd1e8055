/* collide.c - both ends touch the same SA at once: who keeps what, who deletes what
 * (RFC 7296 2.8.1, 2.8.2, 2.25.1, 2.25.2). */
#include "engine/sa/peer.h"

/* The lower of two nonces (2.8.1). Turned round: the shorter one, as if they were numbers. */
static int compare(struct run *r, struct span a, struct span b)
{
    if (a.len != b.len && !duty(r->e, r->sa, REQ_NONCES_BY_OCTET))
        return a.len < b.len ? -1 : 1;
    return nonce_compare(a, b);
}

static struct span lower(struct run *r, struct span a, struct span b)
{
    return compare(r, a, b) <= 0 ? a : b;
}

static void set_rival(struct run *r, uint8_t *out, size_t *len)
{
    struct span low = lower(r, r->peer_nonce, span_of(r->nonce, r->nonce_len));
    memcpy(out, low.p, low.len);
    *len = low.len;
}

/* True when the exchange of ours holds the lowest of the four. */
static bool own_is_lowest(struct run *r, enum req rule, const uint8_t *rival, size_t rival_len)
{
    struct span own = lower(r, span_of(r->x->nonce, r->x->nonce_len), r->peer_nonce);
    bool lowest = compare(r, own, span_of(rival, rival_len)) < 0;
    return duty(r->e, r->sa, rule) ? lowest : !lowest;
}

bool collide_noted(const struct run *r)
{
    if (r->x->what == IKE_DO_REKEY_IKE)
        return r->sa->rival != 0;
    for (const struct child_sa *c = r->sa->children; c != NULL; c = c->next)
        if (c->spi_in == r->x->child)
            return c->rival != 0 || c->dead;
    return r->x->what == IKE_DO_REKEY_CHILD; /* it is gone already */
}

/* --- requests of the peer that meet something of ours
 * ------------------------------------------------- */

static enum verdict answer(struct run *r, uint16_t notify, enum req req)
{
    r->notify = notify;
    fault_set(r->why, ERR_STATE, 0, "CREATE_CHILD_SA", req);
    return V_FAIL;
}

static bool child_work_outstanding(const struct ike_sa *sa)
{
    for (const struct exchange *x = sa->exchanges; x != NULL; x = x->next)
        if (x->sent && (x->what == IKE_DO_NEW_CHILD || x->what == IKE_DO_REKEY_CHILD ||
                        x->what == IKE_DO_DELETE_CHILD))
            return true;
    return false;
}

static bool child_being_made(const struct ike_sa *sa)
{
    for (const struct exchange *x = sa->exchanges; x != NULL; x = x->next)
        if (x->sent && (x->what == IKE_DO_NEW_CHILD || x->what == IKE_DO_REKEY_CHILD))
            return true;
    return false;
}

static bool ike_rekey_outstanding(const struct ike_sa *sa)
{
    for (const struct exchange *x = sa->exchanges; x != NULL; x = x->next)
        if (x->sent && x->what == IKE_DO_REKEY_IKE)
            return true;
    return false;
}

enum verdict collide_request(struct run *r, const struct node *rekey)
{
    struct ike_sa *sa = r->sa;
    if (sa->deleting || sa->successor != 0)
        if (duty(r->e, sa, REQ_IKE_CLOSING))
            return answer(r, N_TEMPORARY_FAILURE, REQ_IKE_CLOSING);
    collide_used(sa);
    if (r->kind == IKE_DO_REKEY_IKE) {
        /* 2.25.1: a Child SA is being made, rekeyed or closed */
        if (child_work_outstanding(sa) && duty(r->e, sa, REQ_IKE_REKEY_WHILE_CHILD))
            return answer(r, N_TEMPORARY_FAILURE, REQ_IKE_REKEY_WHILE_CHILD);
        if (ike_rekey_outstanding(sa) && !duty(r->e, sa, REQ_IKE_REKEY_WHILE_REKEYING))
            return answer(r, N_TEMPORARY_FAILURE, REQ_IKE_REKEY_WHILE_REKEYING);
        return V_NEXT;
    }
    if (ike_rekey_outstanding(sa) && duty(r->e, sa, REQ_CHILD_WHILE_IKE_REKEY))
        return answer(r, N_TEMPORARY_FAILURE, REQ_CHILD_WHILE_IKE_REKEY);
    if (r->kind != IKE_DO_REKEY_CHILD)
        return V_NEXT;
    struct span spi = node_bytes(rekey, NOTIFY_SPI);
    r->old_child = spi.len == 4 ? child_by_out(sa, get_u32(spi.p)) : NULL;
    if (r->old_child == NULL) {
        /* it may be what the response to our own request, still on its way, tells us about */
        if (child_being_made(sa))
            return answer(r, N_TEMPORARY_FAILURE, REQ_CHILD_NOT_FOUND);
        if (duty(r->e, sa, REQ_CHILD_NOT_FOUND))
            return answer(r, N_CHILD_SA_NOT_FOUND, REQ_CHILD_NOT_FOUND);
        return V_NEXT;
    }
    if (r->old_child->deleting && duty(r->e, sa, REQ_CHILD_CLOSING))
        return answer(r, N_TEMPORARY_FAILURE, REQ_CHILD_CLOSING);
    if (r->old_child->rekey != NULL && !duty(r->e, sa, REQ_REKEY_WHILE_REKEYING))
        return answer(r, N_TEMPORARY_FAILURE, REQ_REKEY_WHILE_REKEYING);
    return V_NEXT;
}

/* We answered the peer's rekey of a Child SA. */
void collide_child_made(struct run *r)
{
    struct child_sa *old = r->old_child;
    if (old == NULL)
        return;
    if (old->rekey != NULL && old->rekey->sent) {
        old->rival = r->made_child->spi_in;
        set_rival(r, old->rival_nonce, &old->rival_nonce_len);
    } else {
        old->replaced = true;
    }
}

/* The IKE SA that stands at the end of the rekeys after the one named; NULL when it is dead. */
static struct ike_sa *living(const struct ike_engine *e, uint32_t id)
{
    struct ike_sa *sa = id != 0 ? ike_sa_by_id(e, id) : NULL;
    for (unsigned k = 0; k < 64 && sa != NULL && sa->successor != 0; k++) {
        struct ike_sa *next = ike_sa_by_id(e, sa->successor);
        if (next == NULL)
            break;
        sa = next;
    }
    return sa != NULL && !sa->dead ? sa : NULL;
}

/* to, or what replaced it meanwhile, takes over from `from`: its Child SAs, and what was waiting to
 * be done under it. */
static void inherit(struct ike_sa *from, struct ike_sa *to)
{
    struct ike_sa *last = living(from->e, to->id);
    if (last != NULL && last != from)
        to = last;
    if (duty(from->e, from, REQ_IKE_INHERITS))
        children_move(from, to);
    from->successor = to->id;
    for (struct exchange **at = &from->exchanges; *at != NULL;) {
        struct exchange *x = *at, **end = &to->exchanges;
        if (x->sent || x->what == IKE_DO_DELETE_IKE) {
            at = &x->next;
            continue;
        }
        *at = x->next;
        x->next = NULL;
        while (*end != NULL)
            end = &(*end)->next;
        *end = x;
    }
    window_run(to);
}

/* The IKE SA that came of the peer's rekey of this one, while it lives. */
static struct ike_sa *living_rival(const struct ike_sa *sa)
{
    return living(sa->e, sa->rival);
}

/* The peer works with the Child SAs of an IKE SA that its own rekey made, while our rekey of the
 * old one is still outstanding: it has decided, and so this SA is the one that inherits. */
void collide_used(struct ike_sa *sa)
{
    for (struct ike_sa *old = sa->e->sas; old != NULL; old = old->next)
        if (old->rival == sa->id && old->successor == 0 && !old->dead)
            inherit(old, sa);
}

/* We answered the peer's rekey of the IKE SA. */
void collide_ike_made(struct run *r)
{
    struct ike_sa *sa = r->sa;
    if (ike_rekey_outstanding(sa)) {
        sa->rival = r->made_ike->id;
        set_rival(r, sa->rival_nonce, &sa->rival_nonce_len);
        return;
    }
    inherit(sa, r->made_ike);
}

/* --- responses to our own requests
 * -------------------------------------------------------------------- */

static void delete_child(struct ike_sa *sa, struct child_sa *c, enum req rule)
{
    if (c == NULL || c->dead || sa->manual || !duty(sa->e, sa, rule))
        return;
    struct exchange *x = exchange_new(sa, IKE_DO_DELETE_CHILD, EXCHANGE_INFORMATIONAL, NULL);
    if (x == NULL)
        return;
    x->child = c->spi_in;
    c->deleting = true;
}

void collide_child_answered(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct child_sa *old = NULL, *rival;
    for (struct child_sa *c = sa->children; c != NULL; c = c->next)
        if (c->spi_in == r->x->child)
            old = c;
    if (old == NULL)
        return;
    old->rekey = NULL;
    rival = child_by_in(sa, old->rival); /* may be gone: deleted, or rekeyed once more */
    if (old->rival == 0) {
        old->replaced = true;
        delete_child(sa, old, REQ_OLD_CHILD_DELETED);
        return;
    }
    if (own_is_lowest(r, REQ_LOWEST_NONCE_LOSES, old->rival_nonce, old->rival_nonce_len)) {
        r->made_child->replaced = true;
        old->replaced = true;
        delete_child(sa, r->made_child, REQ_LOSER_CLOSES);
    } else {
        if (rival != NULL)
            rival->replaced = true;
        old->replaced = true;
        delete_child(sa, old, REQ_SURVIVOR_DELETES_OLD);
    }
}

/* The peer rekeyed and at once closed what our exchange was to make: the old SA goes, too. */
void collide_child_closed(struct run *r)
{
    delete_child(r->sa, child_by_in(r->sa, r->x->child), REQ_OLD_CHILD_DELETED);
}

static void delete_ike(struct ike_sa *sa, enum req rule)
{
    if (sa->manual || !duty(sa->e, sa, rule))
        return;
    if (exchange_new(sa, IKE_DO_DELETE_IKE, EXCHANGE_INFORMATIONAL, NULL) != NULL)
        sa->deleting = true;
    struct ike_args more = { .no_window = true };
    if (!duty(sa->e, sa, REQ_DELETE_LAST)) /* turned round: one more request behind it */
        (void)exchange_new(sa, IKE_DO_LIVENESS, EXCHANGE_INFORMATIONAL, &more);
}

void collide_ike_answered(struct run *r)
{
    struct ike_sa *sa = r->sa, *made = r->made_ike;
    struct ike_sa *rival = living_rival(sa);
    if (rival == NULL) {
        inherit(sa, made);
        delete_ike(sa, REQ_OLD_IKE_DELETED);
        return;
    }
    if (own_is_lowest(r, REQ_IKE_LOWEST_NONCE, sa->rival_nonce, sa->rival_nonce_len)) {
        inherit(sa, duty(r->e, sa, REQ_IKE_SURVIVOR_INHERITS) ? rival : made);
        delete_ike(made, REQ_IKE_LOWEST_NONCE_CLOSED);
        window_run(made);
    } else {
        if (sa->successor == rival->id) /* the peer took the other one for the survivor */
            inherit(rival, made);
        inherit(sa, made);
        delete_ike(sa, REQ_OLD_IKE_DELETED);
    }
}

/* Our request failed or is forgotten: what the peer's exchange made is what remains. */
void collide_failed(struct run *r)
{
    struct ike_sa *sa = r->sa;
    if (r->x->what == IKE_DO_REKEY_IKE && sa->rival != 0) {
        struct ike_sa *rival = living_rival(sa);
        if (rival != NULL && sa->successor == 0)
            inherit(sa, rival);
    } else if (r->x->what == IKE_DO_REKEY_CHILD) {
        struct child_sa *old = child_by_in(sa, r->x->child);
        if (old != NULL && old->rival != 0)
            old->replaced = true;
        if (old != NULL)
            old->rekey = NULL;
    }
}

/* The peer closes the IKE SA that we are rekeying (2.25.2): our request is forgotten. */
void collide_ike_deleted(struct ike_sa *sa)
{
    struct ike_sa *rival = living_rival(sa);
    if (rival != NULL && sa->successor == 0)
        inherit(sa, rival);
}

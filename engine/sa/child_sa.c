/* child_sa.c - a Child SA's life: made from KEYMAT, up, dead, moved to the IKE SA's successor. */
#include <stdlib.h>

#include "engine/sa/peer.h"

#define MAX_DEAD_CHILDREN 1024u

struct child_sa *child_by_in(const struct ike_sa *sa, uint32_t spi_in)
{
    for (struct child_sa *c = sa->children; c != NULL; c = c->next)
        if (c->spi_in == spi_in && !c->dead)
            return c;
    return NULL;
}

struct child_sa *child_by_out(const struct ike_sa *sa, uint32_t spi_out)
{
    for (struct child_sa *c = sa->children; c != NULL; c = c->next)
        if (c->spi_out == spi_out && !c->dead)
            return c;
    return NULL;
}

struct child_sa *child_newest(const struct ike_sa *sa)
{
    struct child_sa *best = NULL;
    for (struct child_sa *c = sa->children; c != NULL; c = c->next)
        if (!c->dead && !c->replaced && !c->deleting)
            best = c;
    return best;
}

void child_free(struct child_sa *c)
{
    if (c == NULL)
        return;
    esp_in_clear(&c->in);
    esp_out_clear(&c->out);
    child_keys_clear(&c->keys);
    wipe(c, sizeof *c);
    free(c);
}

/* Live Child SAs are bounded (RFC 7296 1.3: NO_ADDITIONAL_SAS). */
bool child_room(const struct ike_sa *sa)
{
    size_t count = 0;
    for (const struct child_sa *c = sa->children; c != NULL; c = c->next)
        count += !c->dead;
    return count < MAX_CHILDREN;
}

/* Turned round: the integrity key is taken before that of the cipher. */
static void integrity_first(struct secret *encr, struct secret *integ)
{
    uint8_t all[sizeof encr->b + sizeof integ->b];
    memcpy(all, encr->b, encr->len);
    memcpy(all + encr->len, integ->b, integ->len);
    memcpy(integ->b, all, integ->len);
    memcpy(encr->b, all + integ->len, encr->len);
    wipe(all, sizeof all);
}

enum err child_make(struct ike_sa *sa, const struct chosen *ch, uint32_t spi_in, bool initiator,
                    struct span shared, struct nonces n, struct child_sa **out)
{
    struct child_sa **at = &sa->children;
    if (!child_room(sa))
        return ERR_SPACE;
    while (*at != NULL)
        at = &(*at)->next;
    struct child_sa *c = calloc(1, sizeof *c);
    if (c == NULL)
        return ERR_MEMORY;
    c->spi_in = spi_in;
    c->spi_out = (uint32_t)ch->spi;
    c->chosen = *ch;
    c->made = sa->e->now;
    c->rekey_at = c->expires_at = TIME_NEVER;
    c->keys_swapped = !initiator;
    const struct ike_transform *esn = proposal_find(&ch->p, TRANSFORM_ESN);
    c->esn = esn != NULL && esn->id == ESN_YES;
    c->udp_encap = sa->floated;
    struct span sk_d = secret_span(&sa->keys.d);
    enum err rc = proposal_suite(&ch->p, &c->suite);
    if (rc == ERR_OK)
        rc = child_keys_derive(sa->prf, &c->suite, sk_d, shared, n, &c->keys);
    if (!duty(sa->e, sa, REQ_KEYMAT_CIPHER_FIRST)) {
        integrity_first(&c->keys.encr_i, &c->keys.integ_i);
        integrity_first(&c->keys.encr_r, &c->keys.integ_r);
    }
    if (!duty(sa->e, sa, REQ_KEYMAT_DIRECTIONS))
        initiator = !initiator;
    const struct secret *ei = &c->keys.encr_i, *ai = &c->keys.integ_i;
    const struct secret *er = &c->keys.encr_r, *ar = &c->keys.integ_r;
    uint32_t window = sa->conn->c.replay_window != 0 ? sa->conn->c.replay_window : 64;
    if (!duty(sa->e, sa, REQ_ESP_WINDOW_32))
        window = 16;
    else if (!duty(sa->e, sa, REQ_ESP_WINDOW_64))
        window = 32;
    if (rc == ERR_OK)
        rc = esp_in_init(&c->in, spi_in, &c->suite, secret_span(initiator ? er : ei),
                         secret_span(initiator ? ar : ai), c->esn, window);
    if (rc == ERR_OK)
        rc = esp_out_init(&c->out, c->spi_out, &c->suite, secret_span(initiator ? ei : er),
                          secret_span(initiator ? ai : ar), c->esn);
    if (rc != ERR_OK) {
        child_free(c);
        return rc;
    }
    if (!sa->e->cfg.keep_dead)
        child_keys_clear(&c->keys);
    if (!duty(sa->e, sa, REQ_ESP_FIRST_SEQ))
        c->out.seq = 1;
    if (sa->conn->c.esp_start > 0)
        c->out.seq = sa->conn->c.esp_start;
    if (!duty(sa->e, sa, REQ_ESP_ESN_LOW))
        c->out.esn = false; /* turned round: the upper half does not enter the ICV */
    if (!duty(sa->e, sa, REQ_ESP_COUNTER_ZERO))
        c->in.replay.top = 1000;
    *at = c;
    *out = c;
    return ERR_OK;
}

void child_hear(struct child_sa *c, const struct ike_conn *own, const struct node *inner)
{
    c->tfc_refused = notify_find(inner, N_ESP_TFC_PADDING_NOT_SUPPORTED) != NULL;
    c->fragments_too =
        own->non_first_fragments && notify_find(inner, N_NON_FIRST_FRAGMENTS_ALSO) != NULL;
}

void child_up(struct ike_sa *sa, struct child_sa *c)
{
    struct ike_event *ev = event_add(sa->e, IKE_EV_CHILD_UP, sa);
    if (ev != NULL)
        ev->child = c->spi_in;
    usec_t life = (usec_t)sa->conn->c.child_rekey_s * USEC_PER_S;
    if (life == 0)
        return;
    c->rekey_at = sa->e->now + life;
    c->expires_at = c->rekey_at + life / 2; /* the hard lifetime is half as long again as the soft one */
}

void child_die(struct ike_sa *sa, struct child_sa *c)
{
    if (c->dead)
        return;
    c->dead = true;
    c->rekey_at = TIME_NEVER;
    if (!sa->e->cfg.keep_dead)
        child_keys_clear(&c->keys);
    uint64_t top = c->in.replay.top, seq = c->out.seq;
    esp_in_clear(&c->in);
    esp_out_clear(&c->out);
    c->in.replay.top = top; /* tells the high halves of extended numbers to who looks later */
    c->out.seq = seq;
    struct ike_event *ev = event_add(sa->e, IKE_EV_CHILD_DOWN, sa);
    if (ev != NULL)
        ev->child = c->spi_in;
}

/* Frees dead Child SAs; kept as evidence they are bounded, the oldest goes first. */
void children_sweep(struct ike_sa *sa)
{
    size_t dead = 0, keep = sa->e->cfg.keep_dead ? MAX_DEAD_CHILDREN : 0;
    for (const struct child_sa *c = sa->children; c != NULL; c = c->next)
        dead += c->dead;
    for (struct child_sa **at = &sa->children; dead > keep && *at != NULL;) {
        struct child_sa *c = *at;
        if (!c->dead || c->rekey != NULL) { /* the end of a collision may still ask for it */
            at = &c->next;
            continue;
        }
        *at = c->next;
        child_free(c);
        dead--;
    }
}

void children_move(struct ike_sa *from, struct ike_sa *to)
{
    struct child_sa **at = &to->children;
    while (*at != NULL)
        at = &(*at)->next;
    *at = from->children;
    from->children = NULL;
    memcpy(to->lease, from->lease, sizeof to->lease); /* inner addresses live as long as their tunnel */
    memset(from->lease, 0, sizeof from->lease);
    for (struct child_sa *c = to->children; c != NULL; c = c->next)
        c->rekey = NULL;
}

/* ike_sa.c - an IKE SA's life: made, up, dead, forgotten; look-ups; SPIs and nonces. */
#include <stdlib.h>

#include "engine/sa/peer.h"

#define MAX_DEAD  2048u
#define LINGER_US (30ull * USEC_PER_S) /* a dead SA answers retransmissions that long */

uint64_t random_spi(struct ike_engine *e)
{
    uint8_t b[8];
    uint64_t spi;
    do { /* RFC 7296 2.6: never zero */
        rng_fill(&e->cfg.rng, b, sizeof b);
        spi = get_u64(b);
    } while (spi == 0);
    return spi;
}

static bool child_spi_used(const struct ike_engine *e, uint32_t spi)
{
    for (const struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        if (child_by_in(sa, spi) != NULL)
            return true;
    return false;
}

uint32_t random_child_spi(struct ike_engine *e)
{
    uint8_t b[4];
    uint32_t spi;
    do { /* RFC 4303 2.1: 1 to 255 are reserved */
        rng_fill(&e->cfg.rng, b, sizeof b);
        spi = get_u32(b);
    } while (spi < 256 || child_spi_used(e, spi));
    return spi;
}

void make_nonce(struct ike_engine *e, const struct ike_sa *sa, bool biased, enum nonce_bias own,
                uint8_t *out, size_t *len)
{
    enum nonce_bias bias = own != NONCE_RANDOM ? own : e->bias;
    size_t n = sa->conn->c.nonce_len != 0 ? sa->conn->c.nonce_len : 32;
    rng_fill(&e->cfg.rng, out, n);
    if (biased && bias != NONCE_RANDOM)
        memset(out, bias == NONCE_LOWEST ? 0x00 : 0xff, n / 2);
    *len = n;
}

int nonce_compare(struct span a, struct span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n > 0 ? memcmp(a.p, b.p, n) : 0;
    if (c != 0)
        return c < 0 ? -1 : 1;
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

struct ike_sa *ike_sa_new(struct ike_engine *e, struct conn *c, bool initiator)
{
    struct ike_sa *sa = calloc(1, sizeof *sa), **at = &e->sas;
    if (sa == NULL)
        return NULL;
    sa->e = e;
    sa->id = ++e->last_id;
    sa->conn = c;
    sa->initiator = initiator;
    sa->window_own = c->c.window > 0 ? c->c.window : 1;
    if (sa->window_own > MAX_WINDOW)
        sa->window_own = MAX_WINDOW;
    sa->window_peer = 1;
    sa->num_answered = 2 * sa->window_own;
    sa->answered = calloc(sa->num_answered, sizeof *sa->answered);
    if (sa->answered == NULL) {
        free(sa);
        return NULL;
    }
    sa->made = sa->last_heard = e->now;
    sa->expires = sa->rekey_at = sa->dpd_at = sa->keepalive_at = TIME_NEVER;
    while (*at != NULL)
        at = &(*at)->next;
    *at = sa;
    return sa;
}

static void keys_clear(struct ike_sa *sa)
{
    ike_keys_clear(&sa->keys);
    crypt_free(sa->seal);
    crypt_free(sa->open);
    sa->seal = sa->open = NULL;
}

void ike_sa_free(struct ike_sa *sa)
{
    if (sa == NULL)
        return;
    while (sa->exchanges != NULL)
        exchange_free(sa, sa->exchanges);
    while (sa->children != NULL) {
        struct child_sa *c = sa->children;
        sa->children = c->next;
        child_free(c);
    }
    for (size_t i = 0; i < sa->num_answered; i++) {
        packets_free(&sa->answered[i].out);
        octets_free(&sa->answered[i].in);
    }
    free(sa->answered);
    fragment_clear(&sa->frags[0]);
    fragment_clear(&sa->frags[1]);
    lookup_forget(sa);
    packets_free(&sa->last_out);
    octets_free(&sa->init_sent);
    octets_free(&sa->init_received);
    octets_free(&sa->peer_ke);
    octets_free(&sa->cookie);
    octets_free(&sa->peer_id);
    octets_free(&sa->auth_psk_override);
    ke_free(sa->ke);
    keys_clear(sa);
    wipe(sa, sizeof *sa);
    free(sa);
}

struct ike_sa *ike_sa_by_id(const struct ike_engine *e, uint32_t id)
{
    for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        if (sa->id == id)
            return sa;
    return NULL;
}

struct ike_sa *ike_sa_by_spi(const struct ike_engine *e, uint64_t spi_i, uint64_t spi_r)
{
    for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        if (sa->spi_i == spi_i && sa->spi_r == spi_r)
            return sa;
    return NULL;
}

void half_open_done(struct ike_sa *sa)
{
    if (sa->half_open && sa->e->half_open > 0)
        sa->e->half_open--;
    sa->half_open = false;
}

void ike_sa_up(struct ike_sa *sa)
{
    const struct ike_conn *c = &sa->conn->c;
    half_open_done(sa);
    sa->established = true;
    sa->expires = TIME_NEVER;
    sa->last_heard = sa->e->now;
    if (c->ike_rekey_s > 0)
        sa->rekey_at = sa->e->now + (usec_t)c->ike_rekey_s * USEC_PER_S;
    if (c->dpd_s > 0)
        sa->dpd_at = sa->e->now + (usec_t)c->dpd_s * USEC_PER_S;
    /* RFC 3948 4: an end behind a NAT keeps the mapping alive */
    sa->last_sent = sa->e->now;
    if (c->keepalive_s > 0 && sa->nat_local && sa->floated)
        sa->keepalive_at = sa->e->now + (usec_t)c->keepalive_s * USEC_PER_S;
}

void ike_sa_die(struct ike_sa *sa, const char *why)
{
    struct ike_engine *e = sa->e;
    if (sa->dead)
        return;
    half_open_done(sa);
    sa->dead = true;
    sa->state = S_EXIT;
    while (sa->exchanges != NULL)
        exchange_free(sa, sa->exchanges);
    for (struct child_sa *c = sa->children; c != NULL; c = c->next)
        if (duty(e, sa, REQ_IKE_DELETE_CLOSES_CHILDREN))
            child_die(sa, c);
    fragment_clear(&sa->frags[0]);
    fragment_clear(&sa->frags[1]);
    lookup_forget(sa);
    sa->rekey_at = sa->dpd_at = sa->keepalive_at = TIME_NEVER;
    sa->expires = e->now + LINGER_US;
    event_text(event_add(e, IKE_EV_IKE_DOWN, sa), "%s", why);
}

/* Frees what is dead and no longer needed. A hostile peer can make things die, too: so there is a
 * bound on what lingers, and the oldest goes first. */
void ike_sa_sweep(struct ike_engine *e)
{
    struct ike_sa **at = &e->sas;
    size_t dead = 0;
    for (const struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        dead += sa->dead;
    while (*at != NULL) {
        struct ike_sa *sa = *at;
        if (sa->dead && (dead > MAX_DEAD || (!e->cfg.keep_dead && e->now >= sa->expires))) {
            *at = sa->next;
            ike_sa_free(sa);
            dead--;
        } else {
            children_sweep(sa);
            at = &sa->next;
        }
    }
}

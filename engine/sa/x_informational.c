/* x_informational.c - the INFORMATIONAL exchange, both roles: Delete, liveness, notifies
 * (RFC 7296 1.4, 1.4.1, 2.4, 2.21.2). */
#include "engine/sa/peer.h"

/* Another live IKE SA with the same peer, for those who mix them up. */
static struct ike_sa *other_sa(const struct ike_sa *sa)
{
    for (struct ike_sa *o = sa->e->sas; o != NULL; o = o->next)
        if (o != sa && !o->dead && o->established && o->conn == sa->conn)
            return o;
    return NULL;
}

enum verdict info_build(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct exchange *x = r->x;
    struct message m;
    uint8_t spi[4];
    bool ok = true;
    r->out = &m;
    if (build_start(r, EXCHANGE_INFORMATIONAL, false, sa->out_next, true) != ERR_OK)
        return V_FAIL;
    if (x->what == IKE_DO_DELETE_CHILD) {
        struct child_sa *c = x->child != 0 ? child_by_in(sa, x->child) : child_newest(sa);
        if (c == NULL) { /* the peer was faster */
            fault_set(r->why, ERR_NO_SA, 0, "child", REQ_NONE);
            return V_FAIL;
        }
        x->child = c->spi_in;
        c->deleting = true;
        put_u32(spi, c->spi_in);
        struct ike_sa *o = other_sa(sa);
        if (o != NULL && o->children != NULL && !duty(r->e, sa, REQ_CONTROL_UNDER_PARENT))
            put_u32(spi, o->children->spi_in);
        ok = build_delete(r, PROTOCOL_ESP, span_of(spi, 4), 4);
    } else if (x->what == IKE_DO_DELETE_IKE) {
        sa->deleting = true;
        x->kills = true;
        ok = build_delete(r, PROTOCOL_IKE, (struct span){ 0 }, 0);
    } else if (x->what == IKE_DO_INFO) {
        ok = chain_decode(&m, r->body, x->args.first, x->args.payloads, r->why) == ERR_OK;
        r->body->set &= ~(1u << PL_NEXT); /* of our making: computed from what stands inside */
    }
    if (!ok || build_send_request(r) != ERR_OK)
        return V_FAIL;
    if (sa->state == S_READY && x->kills)
        sa->state = S_DELETE;
    return V_NEXT;
}

enum verdict info_answered(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct exchange *x = r->x;
    bool kills = x->kills;
    if (x->what == IKE_DO_DELETE_CHILD) {
        struct child_sa *c = child_by_in(sa, x->child);
        if (c != NULL && duty(r->e, sa, REQ_CLOSE_OWN_INCOMING))
            child_die(sa, c);
        else if (c != NULL)
            c->deleting = false; /* turned round: as if nothing had been said */
    }
    exchange_done(sa, x, ERR_OK);
    r->x = NULL;
    if (kills)
        ike_sa_die(sa, "deleted by this end");
    return V_NEXT;
}

/* Closes, at the peer, a Child SA that this end did not make although the peer has: spi_in is the
 * SPI that this end offered for it. */
void child_disown(struct ike_sa *sa, uint32_t spi_in)
{
    uint8_t chain[12] = { 0, 0, 0, 12, PROTOCOL_ESP, 4, 0, 1 };
    struct ike_args args = { .first = PAYLOAD_DELETE, .payloads = span_of(chain, sizeof chain) };
    put_u32(chain + 8, spi_in);
    if (!sa->manual && !sa->dead && duty(sa->e, sa, REQ_LOSER_CLOSES))
        (void)exchange_new(sa, IKE_DO_INFO, EXCHANGE_INFORMATIONAL, &args);
    if (!sa->manual && !sa->dead && !duty(sa->e, sa, REQ_NO_ERROR_FOR_RESPONSE)) {
        uint8_t error[8] = { 0, 0, 0, 8, 0, 0, 0, N_INVALID_SYNTAX };
        args = (struct ike_args){ .first = PAYLOAD_NOTIFY, .payloads = span_of(error, 8) };
        (void)exchange_new(sa, IKE_DO_INFO, EXCHANGE_INFORMATIONAL, &args);
    }
}

/* A Child SA that is closed before the response that makes it here has come. */
static void close_unmade(struct ike_sa *sa, uint32_t spi_out)
{
    for (struct exchange *x = sa->exchanges; x != NULL; x = x->next)
        if (x->sent && x->type == EXCHANGE_CREATE_CHILD_SA)
            x->closed[x->num_closed++ % NUM_CLOSED] = spi_out;
}

/* The SPIs to answer with: ours of each pair that the peer closes (1.4.1). */
static size_t close_children(struct run *r, const struct node *d, uint8_t *out, size_t cap)
{
    struct ike_sa *sa = r->sa;
    struct span spis = node_bytes(d, DELETE_SPIS);
    size_t len = 0;
    collide_used(sa);
    for (size_t at = 0; at + 4 <= spis.len; at += 4) {
        struct child_sa *c = child_by_out(sa, get_u32(spis.p + at));
        if (c == NULL) {
            close_unmade(sa, get_u32(spis.p + at));
            if (!duty(r->e, sa, REQ_DELETE_UNKNOWN_SPI) && len + 4 <= cap) {
                memcpy(out + len, spis.p + at, 4); /* turned round: names what it never had */
                len += 4;
            }
            continue;
        }
        /* 2.25.1: a pair that we are closing ourselves is not named again */
        bool name = !c->deleting || !duty(r->e, sa, REQ_DELETE_CLOSING_CHILD);
        if (name && duty(r->e, sa, REQ_DELETE_CHILD_PAIR) && len + 4 <= cap) {
            put_u32(out + len, c->spi_in);
            len += 4;
        }
        if (duty(r->e, sa, REQ_DELETE_CLOSES_NAMED))
            child_die(sa, c);
        if (!duty(r->e, sa, REQ_SEVERAL_SPIS))
            break;
    }
    return len;
}

static bool tells_of_failed_auth(const struct run *r)
{
    /* 2.21.2: in an exchange of its own right after IKE_AUTH */
    static const uint16_t types[] = { N_AUTHENTICATION_FAILED, N_UNSUPPORTED_CRITICAL_PAYLOAD,
                                      N_INVALID_SYNTAX };
    uint32_t first = r->sa->initiator ? 0 : 2;
    for (size_t i = 0; i < 3; i++)
        if (notify_find(r->inner, types[i]) != NULL)
            return types[i] == N_AUTHENTICATION_FAILED || msg_mid(r->in) == first;
    return false;
}

enum verdict info_request(struct run *r)
{
    struct ike_sa *sa = r->sa;
    struct message m;
    uint8_t spis[4 * MAX_CHILDREN];
    size_t len = 0;
    bool gone = tells_of_failed_auth(r) && duty(r->e, sa, REQ_FATAL_IN_AUTH);
    window_take(r);
    for (const struct node *d = payload_find(r->inner, PAYLOAD_DELETE); d != NULL;
         d = payload_next(d, PAYLOAD_DELETE)) {
        uint64_t protocol = node_num(d, DELETE_PROTOCOL);
        if (protocol == PROTOCOL_IKE)
            gone = true;
        else if (protocol == PROTOCOL_ESP && node_num(d, DELETE_SPI_SIZE) == 4)
            len += close_children(r, d, spis + len, sizeof spis - len);
    }
    r->out = &m;
    if (build_start(r, EXCHANGE_INFORMATIONAL, true, msg_mid(r->in), true) != ERR_OK)
        return V_FAIL;
    if (len > 0 && !build_delete(r, PROTOCOL_ESP, span_of(spis, len), 4))
        return V_FAIL;
    if (!config_answer(r))
        return V_FAIL;
    bool quiet = gone ? !duty(r->e, sa, REQ_DELETE_IKE_ANSWERED)
                      : r->inner->child == NULL && !duty(r->e, sa, REQ_LIVENESS_ANSWERED);
    if (!quiet && build_send_response(r) != ERR_OK)
        return V_FAIL;
    if (gone) {
        collide_ike_deleted(sa);
        ike_sa_die(sa, "deleted by the peer");
    }
    return V_NEXT;
}

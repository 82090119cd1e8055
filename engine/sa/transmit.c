/* transmit.c - an exchange's packets on their way out: marker and ports, and what is to be otherwise about those sent again. */
#include "engine/sa/peer.h"

/* A fragment that is sent again, turned round: left out, of a coarser split than before, or smaller
 * with the total as it was. */
static void fragment_bend(struct ike_sa *sa, struct writer *w, size_t at, size_t i)
{
    struct ike_engine *e = sa->e;
    if (w->len < at + HDR_LEN + 8)
        return;
    if (!duty(e, sa, REQ_FRAG_SIZE_NOT_GROWN))
        put_u16(w->p + at + HDR_LEN + 6, (uint16_t)(get_u16(w->p + at + HDR_LEN + 6) - 1));
    if (!duty(e, sa, REQ_FRAG_TOTAL_GROWS))
        w->len -= 16;
    if (i > 0 && !duty(e, sa, REQ_FRAG_RETRANSMIT_ALL))
        w->len = 0;
}

void out_packets(struct ike_sa *sa, const struct packets *p, const struct addr *local,
                 const struct addr *remote, bool retransmit)
{
    struct ike_engine *e = sa->e;
    sa->last_sent = e->now;
    for (size_t i = 0; i < p->num; i++) {
        struct writer w = wr_init(e->wire, MAX_DATAGRAM);
        /* RFC 3948 2.2: four zero octets tell IKE from ESP on port 4500 */
        if (local->port == IKE_PORT_NATT && duty(e, sa, REQ_NON_ESP_MARKER))
            wr_u32(&w, 0);
        wr_span(&w, octets_span(&p->d[i]));
        if (w.err != ERR_OK)
            continue;
        if (retransmit && !duty(e, sa, REQ_RETRANSMIT_IDENTICAL) && w.len > 0)
            w.p[w.len - 1] ^= 1;
        if (retransmit && !duty(e, sa, REQ_RETRANSMIT_SAME_ID) && w.len >= HDR_LEN)
            w.p[w.len - p->d[i].len + 23] ^= 1;
        if (retransmit && !duty(e, sa, REQ_INIT_COMPLETES) && w.len >= HDR_LEN)
            w.p[w.len - p->d[i].len + 18] = EXCHANGE_INFORMATIONAL;
        if (retransmit && p->num > 1) /* RFC 7383 2.6.1, 2.5.2 */
            fragment_bend(sa, &w, w.len - p->d[i].len, i);
        struct addr from = *local; /* RFC 7296 2.23: 500 or 4500 */
        if (!duty(e, sa, REQ_SEND_PORTS))
            from.port = 5000;
        if (w.len == 0)
            continue;
        if (out_push(e, &from, remote, 17, wr_done(&w), sa->id, retransmit) != ERR_OK)
            return;
    }
}

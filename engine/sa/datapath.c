/* datapath.c - ESP under the engine's Child SAs: in, out, echo (RFC 4303, RFC 4301 5). */
#include <stdlib.h>

#include "engine/esp/inner.h"
#include "engine/sa/peer.h"

static struct child_sa *find(struct ike_engine *e, uint32_t spi, struct ike_sa **owner)
{
    for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next) {
        struct child_sa *c = child_by_in(sa, spi);
        if (c != NULL && c->in.crypt != NULL) {
            *owner = sa;
            return c;
        }
    }
    return NULL;
}

static enum err drop(struct ike_engine *e, const struct ike_sa *sa, uint32_t child,
                     struct fault *why)
{
    struct ike_event *ev = event_add(e, IKE_EV_ESP_DROPPED, sa);
    if (ev != NULL) {
        ev->child = child;
        ev->fault = *why;
        ev->req = why->req;
        fault_text(why, ev->text, sizeof ev->text);
    }
    return why->code;
}

/* The newest Child SA that this packet of the host behind may take. */
static struct child_sa *child_for(struct ike_sa *sa, const struct addr *src, const struct addr *dst,
                                  uint8_t protocol)
{
    struct child_sa *best = NULL;
    bool all;
    for (struct child_sa *c = sa->children; c != NULL; c = c->next)
        if (!c->dead && !c->replaced && !c->deleting &&
            selectors_match_portless(c->ts_local, c->num_ts_local, src, protocol, &all) &&
            selectors_match_portless(c->ts_remote, c->num_ts_remote, dst, protocol, &all))
            best = c;
    return best != NULL ? best : child_newest(sa);
}

/* Sends what the host behind the gateway says; in transport mode the IP header is the outer one. */
static void reply(struct ike_sa *sa, const struct inner *in, struct span packet)
{
    struct ike_engine *e = sa->e;
    struct fault f;
    struct child_sa *c = child_for(sa, &in->dst, &in->src, in->protocol);
    if (sa->children != NULL && !duty(e, sa, REQ_SWITCHES_ON_PROOF))
        c = sa->children; /* turned round: it stays on the oldest */
    uint32_t spi = c != NULL ? c->spi_in : 0;
    uint8_t next = in->src.family == 6 ? NEXT_IPV6 : NEXT_IPV4;
    if (c != NULL && c->transport && duty(e, sa, REQ_ESP_TRANSPORT)) {
        packet = span_part(packet, in->src.family == 6 ? 40 : 20, packet.len);
        next = in->protocol;
    }
    enum err rc = ERR_OK;
    if (c != NULL && c->transport && packet.len > 1400 && !duty(e, sa, REQ_ESP_WHOLE)) {
        /* turned round: cut first, sealed afterwards */
        rc = ike_esp_send(e, sa->id, spi, span_part(packet, 0, 1400), next, NULL, &f);
        packet = span_part(packet, 1400, packet.len);
    }
    if (rc == ERR_OK)
        rc = ike_esp_send(e, sa->id, spi, packet, next, NULL, &f);
    if (rc != ERR_OK)
        event_text(event_add(e, IKE_EV_ESP_DROPPED, sa), "a reply could not be sent");
}

/* The host behind the gateway: it answers echo requests, and TCP by a reset, as nobody listens. */
static void host(struct ike_sa *sa, const struct inner *in)
{
    struct writer w = wr_init(sa->e->reply, MAX_DATAGRAM);
    enum err rc = ERR_UNSUPPORTED;
    if (in->echo_request)
        rc = inner_echo(&w, &in->dst, &in->src, true, in->id, in->seq, in->payload);
    else if ((in->tcp_flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_SYN)
        rc = inner_tcp(&w, &in->dst, &in->src, TCP_RST | TCP_ACK, 0,
                       in->tcp_seq + 1 + (uint32_t)in->payload.len, (struct span){ 0 });
    if (rc == ERR_OK)
        reply(sa, in, wr_done(&w));
}

static bool selected(const struct child_sa *c, const struct inner *in)
{
    return selectors_match(c->ts_remote, c->num_ts_remote, &in->src, in->protocol, in->src.port) &&
           selectors_match(c->ts_local, c->num_ts_local, &in->dst, in->protocol, in->dst.port);
}

/* RFC 4301 7: what has no ports passes an SA for all ports, and one for certain ports only where
 * both ends agreed to it. */
static bool fragment_selected(struct ike_engine *e, const struct ike_sa *sa,
                              const struct child_sa *c, const struct inner *in)
{
    bool far, near;
    if (!selectors_match_portless(c->ts_remote, c->num_ts_remote, &in->src, in->protocol, &far) ||
        !selectors_match_portless(c->ts_local, c->num_ts_local, &in->dst, in->protocol, &near))
        return judge(e, sa, REQ_ESP_SELECTORS, false);
    return judge(e, sa, REQ_INNER_FRAGMENTS_AGREED, (far && near) || c->fragments_too);
}

static enum err refuse(struct ike_engine *e, struct ike_sa *sa, struct child_sa *c, enum err rc,
                       enum req req, struct fault *why)
{
    fault_set(why, rc, 0, "inner packet", req);
    return drop(e, sa, c->spi_in, why);
}

/* The IP packet that a Child SA carried: in transport mode it gets back the header that stood
 * outside. Its TFC padding is off. */
static enum err unwrap(struct ike_engine *e, struct ike_sa *sa, struct child_sa *c,
                       const struct ike_dgram *d, const struct esp_packet *pkt,
                       struct span *packet, struct inner *in, struct fault *why)
{
    *packet = pkt->inner;
    bool tunnel = pkt->next == NEXT_IPV4 || pkt->next == NEXT_IPV6 || pkt->next == NEXT_DUMMY;
    if (c->transport || !tunnel) {
        struct writer w = wr_init(e->packet, MAX_DATAGRAM);
        if (!c->transport && !judge(e, sa, REQ_ESP_NEXT_HEADER, false))
            return refuse(e, sa, c, ERR_VALUE, REQ_ESP_NEXT_HEADER, why);
        if (inner_wrap(&w, &d->remote, &d->local, pkt->next, pkt->inner) != ERR_OK)
            return refuse(e, sa, c, ERR_LENGTH, REQ_NONE, why);
        *packet = wr_done(&w);
    }
    if (inner_parse(*packet, in, why) != ERR_OK) {
        if (judge(e, sa, REQ_ESP_INNER, false)) /* turned round: it ends the SA */
            child_die(sa, c);
        return drop(e, sa, c->spi_in, why);
    }
    if (c->transport)
        return ERR_OK;
    bool fits = !tunnel || pkt->next == NEXT_DUMMY ||
                pkt->next == (in->src.family == 6 ? NEXT_IPV6 : NEXT_IPV4);
    if (!judge(e, sa, REQ_ESP_NEXT_HEADER, fits))
        return refuse(e, sa, c, ERR_VALUE, REQ_ESP_NEXT_HEADER, why);
    if (in->src.family != d->remote.family && !duty(e, sa, REQ_ESP_MIXED))
        return refuse(e, sa, c, ERR_VALUE, REQ_ESP_MIXED, why);
    if (duty(e, sa, REQ_ESP_TFC)) /* 2.7: what lies behind the inner length is padding */
        *packet = span_part(*packet, 0, in->total);
    else if (packet->len > in->total)
        return refuse(e, sa, c, ERR_TRAILING, REQ_ESP_TFC, why);
    return ERR_OK;
}

/* A fragment waits for the others; ERR_OK: the datagram is whole, and read again. */
static enum err reassemble(struct ike_engine *e, struct ike_sa *sa, struct child_sa *c,
                           struct span *packet, struct inner *in, struct fault *why)
{
    if (!duty(e, sa, REQ_INNER_FRAGMENTS))
        return refuse(e, sa, c, ERR_FRAGMENT, REQ_INNER_FRAGMENTS, why);
    if (e->parts == NULL)
        e->parts = calloc(1, sizeof *e->parts);
    if (e->parts == NULL)
        return ERR_MEMORY;
    enum err rc = parts_add(e->parts, c->spi_in, *packet, packet, why);
    return rc == ERR_OK ? inner_parse(*packet, in, why) : rc;
}

static enum err deliver(struct ike_engine *e, struct ike_sa *sa, struct child_sa *c,
                        const struct ike_dgram *d, const struct esp_packet *pkt, struct fault *why)
{
    struct inner in;
    struct span packet;
    if (pkt->next == NEXT_DUMMY && duty(e, sa, REQ_ESP_DUMMY))
        return ERR_OK; /* RFC 4303 2.6: silently */
    enum err rc = unwrap(e, sa, c, d, pkt, &packet, &in, why);
    if (rc != ERR_OK)
        return rc;
    bool fits = in.later_fragment ? fragment_selected(e, sa, c, &in)
                                  : judge(e, sa, REQ_ESP_SELECTORS, selected(c, &in));
    if (!fits)
        return refuse(e, sa, c, ERR_VALUE, REQ_ESP_SELECTORS, why);
    struct ike_event *ev = event_add(e, IKE_EV_INNER, sa);
    if (ev != NULL) {
        struct octets keep = { 0 };
        ev->child = c->spi_in;
        ev->next = pkt->next;
        if (octets_set(&keep, c->transport ? pkt->inner : packet) == ERR_OK)
            ev->inner = octets_span(&keep); /* freed when the event is handed out */
    }
    if (!sa->conn->c.echo)
        return ERR_OK;
    if (in.fragment && in.src.family == 4) {
        rc = reassemble(e, sa, c, &packet, &in, why);
        if (rc != ERR_OK)
            return rc == ERR_FRAGMENT ? ERR_OK : rc;
    }
    if (!judge(e, sa, REQ_INNER_CHECKSUM, in.checksum_held))
        return refuse(e, sa, c, ERR_VALUE, REQ_INNER_CHECKSUM, why);
    host(sa, &in);
    return ERR_OK;
}

/* A Child SA whose numbers or octets are nearly used up is replaced before it has to stop (RFC 4303
 * 2.2, RFC 4301 4.4.2.1). */
static void spent(struct ike_sa *sa, struct child_sa *c)
{
    uint32_t octets = sa->conn->c.child_rekey_octets;
    if (c->used_up || c->dead || sa->manual)
        return;
    bool numbers = !c->out.esn && c->out.seq >= UINT32_MAX - 8;
    bool volume = octets != 0 && c->in.octets + c->out.octets >= octets;
    if (!(numbers && duty(sa->e, sa, REQ_ESP_NEW_SA)) &&
        !(volume && duty(sa->e, sa, REQ_LIFETIME_BOTH)))
        return;
    c->used_up = true;
    c->rekey_at = sa->e->now;
}

enum err inbound_esp(struct ike_engine *e, const struct ike_dgram *d, uint8_t *p, size_t len,
                     struct fault *why)
{
    struct ike_sa *sa = NULL;
    uint32_t spi = esp_spi(span_of(p, len));
    struct child_sa *c = find(e, spi, &sa);
    struct esp_packet pkt;
    if (c != NULL && (d->protocol == 17) != c->udp_encap && !duty(e, sa, REQ_BOTH_ESP_FORMS))
        c = NULL; /* turned round: the other form of ESP is nobody's */
    if (c != NULL && !duty(e, sa, REQ_ESP_SPI_LOOKUP)) /* turned round: there is only one */
        c = child_newest(sa) != NULL ? child_newest(sa) : c;
    if (c == NULL && e->bent[REQ_ESP_UNKNOWN_SPI])
        for (sa = e->sas; sa != NULL && c == NULL; sa = c == NULL ? sa->next : sa)
            c = judge(e, sa, REQ_ESP_UNKNOWN_SPI, false) ? child_newest(sa) : NULL;
    if (c == NULL) {
        fault_set(why, ERR_NO_SA, 0, "ESP.spi", REQ_ESP_UNKNOWN_SPI);
        return drop(e, NULL, spi, why);
    }
    /* turned round: the packets of an SA that it just answered for come too early */
    if (c->keys_swapped && e->now - c->made < USEC_PER_S && c != sa->children &&
        !duty(e, sa, REQ_RECEIVES_EARLY))
        return fault_set(why, ERR_STATE, 0, "ESP.spi", REQ_RECEIVES_EARLY);
    if (c->replaced && !duty(e, sa, REQ_BOTH_SAS_RECEIVE)) {
        fault_set(why, ERR_STATE, 0, "ESP.spi", REQ_BOTH_SAS_RECEIVE);
        return drop(e, sa, spi, why);
    }
    if (!c->replaced && c != child_newest(sa) && !duty(e, sa, REQ_ESP_PARALLEL)) {
        fault_set(why, ERR_STATE, 0, "ESP.spi", REQ_ESP_PARALLEL);
        return drop(e, sa, spi, why);
    }
    if (len > 1480 && !duty(e, sa, REQ_ESP_REASSEMBLED)) { /* came in more than one IP packet */
        fault_set(why, ERR_FRAGMENT, 0, "ESP", REQ_ESP_REASSEMBLED);
        return drop(e, sa, spi, why);
    }
    uint64_t before = c->in.replay.top;
    uint32_t seq32 = len >= ESP_HDR_LEN ? get_u32(p + 4) : 0;
    bool zero = e->bent[REQ_ESP_SEQ_ZERO] && seq32 == 0;
    bool left =
        e->bent[REQ_ESP_LEFT_OF_WINDOW] && !c->in.esn && seq32 + c->in.replay.size <= before;
    bool unchecked = e->bent[REQ_ESP_REPLAY] || (zero && !duty(e, sa, REQ_ESP_SEQ_ZERO)) ||
                     (left && !duty(e, sa, REQ_ESP_LEFT_OF_WINDOW));
    struct esp_check check = { .replay = !unchecked,
                               .integrity = !e->bent[REQ_ESP_ICV],
                               .padding = !e->bent[REQ_ESP_PADDING] };
    enum err rc = esp_open(&c->in, p, len, &check, &pkt, why);
    if (rc == ERR_OK && e->bent[REQ_ESP_REORDER] && pkt.seq < before &&
        !duty(e, sa, REQ_ESP_REORDER))
        rc = fault_set(why, ERR_REPLAY, 4, "ESP.seq", REQ_ESP_REORDER);
    if (rc == ERR_INTEGRITY) {
        judge(e, sa, REQ_ESP_ICV, false);
        /* turned round: the number of a packet nobody verified moves the window */
        if (len >= ESP_HDR_LEN && !duty(e, sa, REQ_ESP_WINDOW_AFTER_ICV)) {
            uint64_t seq = c->in.esn ? esn_guess(&c->in.replay, get_u32(p + 4)) : get_u32(p + 4);
            if (replay_check(&c->in.replay, seq) == ERR_OK)
                replay_accept(&c->in.replay, seq);
        }
    } else if (rc == ERR_REPLAY) {
        judge(e, sa, REQ_ESP_REPLAY, false);
    } else if (rc == ERR_PADDING) {
        judge(e, sa, REQ_ESP_PADDING, false);
    } else if (rc == ERR_LENGTH) { /* turned round: one such packet is the end of the SA */
        enum req r = why->field != NULL && strcmp(why->field, "ESP") == 0 ? REQ_ESP_SHORT
                                                                          : REQ_ESP_PAD_LENGTH;
        if (judge(e, sa, r, false))
            child_die(sa, c);
    }
    if (rc == ERR_OK && pkt.pad_len > c->in.suite.block && pkt.pad_len > 3 &&
        !duty(e, sa, REQ_ESP_PAD_ANY))
        rc = fault_set(why, ERR_PADDING, 0, "ESP.pad", REQ_ESP_PAD_ANY);
    if (rc == ERR_OK && pkt.pad_len > 0 && !duty(e, sa, REQ_ESP_PAD_SUPPORTED))
        rc = fault_set(why, ERR_PADDING, 0, "ESP.pad", REQ_ESP_PAD_SUPPORTED);
    if (rc != ERR_OK)
        return drop(e, sa, spi, why);
    spent(sa, c);
    return deliver(e, sa, c, d, &pkt, why);
}

/* Bare, or in UDP behind a NAT. */
static enum err push(struct ike_sa *sa, const struct child_sa *c, struct span packet)
{
    struct addr local = sa->local, remote = sa->remote;
    bool udp = c->udp_encap && duty(sa->e, sa, REQ_NATD_UDP_ESP);
    if (!duty(sa->e, sa, REQ_NO_UDP_ESP_ON_500)) {
        udp = true;
        local.port = remote.port = IKE_PORT;
    }
    if (!udp)
        local.port = remote.port = 0;
    sa->last_sent = sa->e->now;
    return out_push(sa->e, &local, &remote, udp ? 17 : 50, packet, sa->id, false);
}

/* Turned round: TFC padding is made part of the IP packet. */
static struct span lengthened(struct ike_engine *e, struct span inner, size_t more)
{
    struct inner in;
    struct writer w = wr_init(e->packet, MAX_DATAGRAM);
    struct span body = span_part(inner, 20, inner.len);
    if (inner_parse(inner, &in, NULL) != ERR_OK || in.src.family != 4)
        return inner;
    if (body.len > 0)
        memcpy(e->text, body.p, body.len);
    memset(e->text + body.len, 0, more);
    if (inner_wrap(&w, &in.src, &in.dst, in.protocol, span_of(e->text, body.len + more)) != ERR_OK)
        return inner;
    return wr_done(&w);
}

enum err ike_esp_send(struct ike_engine *e, uint32_t id, uint32_t child, struct span inner,
                      uint8_t next, const struct esp_bend *bend, struct fault *why)
{
    struct ike_sa *sa = ike_sa_by_id(e, id);
    struct child_sa *c = sa == NULL ? NULL : child != 0 ? child_by_in(sa, child) : child_newest(sa);
    struct writer w = wr_init(e->wire, MAX_DATAGRAM);
    if (c == NULL)
        return fault_set(why, ERR_NO_SA, 0, "child", REQ_NONE);
    if (c->out.exhausted && !duty(e, sa, REQ_ESP_NO_WRAP)) {
        c->out.exhausted = false;
        c->out.seq = 0;
    }
    struct esp_bend own = e->habit;
    bool honest = bend == NULL;
    if (honest) {
        bool allowed = !c->tfc_refused || !duty(e, sa, REQ_ESP_TFC_AGREED);
        if (!c->transport && allowed && duty(e, sa, REQ_ESP_TFC_SENT))
            own.tfc = (uint16_t)(own.tfc + tfc_fill(inner.len, sa->conn->c.esp_tfc));
        if (own.tfc > 0 && !duty(e, sa, REQ_ESP_TFC_LENGTH)) {
            inner = lengthened(e, inner, own.tfc);
            own.tfc = 0;
        }
        bend = &own;
    }
    enum err rc = esp_seal(&c->out, &e->cfg.rng, inner, next, bend, &w);
    if (rc != ERR_OK)
        return fault_set(why, rc, 0, "ESP", REQ_ESP_NO_WRAP);
    rc = push(sa, c, wr_done(&w));
    if (rc == ERR_OK && honest && sa->conn->c.esp_dummies && duty(e, sa, REQ_ESP_DUMMY_SENT)) {
        static const uint8_t nothing[24];
        w = wr_init(e->wire, MAX_DATAGRAM);
        next = duty(e, sa, REQ_ESP_DUMMY_MARKED) ? NEXT_DUMMY : NEXT_IPV4;
        rc = esp_seal(&c->out, &e->cfg.rng, span_of(nothing, sizeof nothing), next, NULL, &w);
        if (rc == ERR_OK)
            rc = push(sa, c, wr_done(&w));
    }
    spent(sa, c);
    return rc;
}

enum err ike_esp_open(struct ike_engine *e, const struct ike_dgram *d, bool from_us, uint8_t *buf,
                      size_t cap, struct esp_packet *out, struct fault *why)
{
    uint32_t spi = esp_spi(span_of(d->p, d->len));
    if (d->len > cap)
        return fault_set(why, ERR_SPACE, 0, "ESP", REQ_NONE);
    for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        for (struct child_sa *c = sa->children; c != NULL; c = c->next) {
            bool keys = c->keys.encr_i.len + c->keys.integ_i.len > 0; /* NULL has the latter only */
            if ((from_us ? c->spi_out : c->spi_in) != spi || !keys)
                continue;
            bool i = from_us != c->keys_swapped;
            const struct secret *ek = i ? &c->keys.encr_i : &c->keys.encr_r;
            const struct secret *ak = i ? &c->keys.integ_i : &c->keys.integ_r;
            struct esp_in look = { 0 };
            struct esp_check check = { .integrity = true };
            enum err rc =
                esp_in_init(&look, spi, &c->suite, secret_span(ek), secret_span(ak), c->esn, 0);
            if (rc == ERR_OK && c->esn)
                look.replay.top = from_us ? c->out.seq : c->in.replay.top;
            memcpy(buf, d->p, d->len);
            if (rc == ERR_OK)
                rc = esp_open(&look, buf, d->len, &check, out, why);
            esp_in_clear(&look);
            return rc;
        }
    return fault_set(why, ERR_NO_SA, 0, "ESP.spi", REQ_NONE);
}

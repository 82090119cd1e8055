/* datapath.c - ESP under the engine's Child SAs: in, out, echo (RFC 4303, RFC 4301 5). */
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

/* Answers an echo request inside the tunnel, as a host behind the gateway would. */
static void echo(struct ike_sa *sa, const struct inner *in)
{
    uint8_t buf[2048];
    struct writer w = wr_init(buf, sizeof buf);
    struct fault f;
    uint32_t out = 0; /* the newest, unless turned round */
    if (sa->children != NULL && !duty(sa->e, sa, REQ_SWITCHES_ON_PROOF))
        out = sa->children->spi_in;
    uint8_t next = in->src.family == 6 ? NEXT_IPV6 : NEXT_IPV4;
    if (inner_echo(&w, &in->dst, &in->src, true, in->id, in->seq, in->payload) != ERR_OK ||
        ike_esp_send(sa->e, sa->id, out, wr_done(&w), next, NULL, &f) != ERR_OK)
        event_text(event_add(sa->e, IKE_EV_ESP_DROPPED, sa), "echo reply could not be sent");
}

static bool selected(const struct child_sa *c, const struct inner *in)
{
    return selectors_match(c->ts_remote, c->num_ts_remote, &in->src, in->protocol, in->src.port) &&
           selectors_match(c->ts_local, c->num_ts_local, &in->dst, in->protocol, in->dst.port);
}

static enum err deliver(struct ike_engine *e, struct ike_sa *sa, struct child_sa *c,
                        const struct esp_packet *pkt, struct fault *why)
{
    struct inner in;
    struct span inner = pkt->inner;
    if (pkt->next == NEXT_DUMMY && duty(e, sa, REQ_ESP_DUMMY))
        return ERR_OK; /* RFC 4303 2.6: silently */
    bool ip = pkt->next == NEXT_IPV4 || pkt->next == NEXT_IPV6 || pkt->next == NEXT_DUMMY;
    if (ip && !c->transport) {
        if (inner_parse(inner, &in, why) != ERR_OK) {
            if (judge(e, sa, REQ_ESP_INNER, false)) /* turned round: it ends the SA */
                child_die(sa, c);
            return drop(e, sa, c->spi_in, why);
        }
        if (duty(e, sa, REQ_ESP_TFC)) /* 2.7: what lies behind the inner length is padding */
            inner = span_part(inner, 0, in.total);
        else if (inner.len > in.total) {
            fault_set(why, ERR_TRAILING, 0, "inner packet", REQ_ESP_TFC);
            return drop(e, sa, c->spi_in, why);
        }
        if (!judge(e, sa, REQ_ESP_SELECTORS, selected(c, &in))) {
            fault_set(why, ERR_VALUE, 0, "inner packet", REQ_ESP_SELECTORS);
            return drop(e, sa, c->spi_in, why);
        }
    }
    struct ike_event *ev = event_add(e, IKE_EV_INNER, sa);
    if (ev != NULL) {
        struct octets keep = { 0 };
        ev->child = c->spi_in;
        ev->next = pkt->next;
        if (octets_set(&keep, inner) == ERR_OK)
            ev->inner = octets_span(&keep); /* freed when the event is handed out */
    }
    if (ip && !c->transport && sa->conn->c.echo && in.echo_request)
        echo(sa, &in);
    return ERR_OK;
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
    if (rc != ERR_OK)
        return drop(e, sa, spi, why);
    return deliver(e, sa, c, &pkt, why);
}

enum err ike_esp_send(struct ike_engine *e, uint32_t id, uint32_t child, struct span inner,
                      uint8_t next, const struct esp_bend *bend, struct fault *why)
{
    struct ike_sa *sa = ike_sa_by_id(e, id);
    struct child_sa *c = sa == NULL ? NULL : child != 0 ? child_by_in(sa, child) : child_newest(sa);
    struct writer w = wr_init(e->wire, MAX_DATAGRAM);
    struct addr local, remote;
    if (c == NULL)
        return fault_set(why, ERR_NO_SA, 0, "child", REQ_NONE);
    if (c->out.exhausted && !duty(e, sa, REQ_ESP_NO_WRAP)) {
        c->out.exhausted = false;
        c->out.seq = 0;
    }
    enum err rc = esp_seal(&c->out, &e->cfg.rng, inner, next, bend, &w);
    if (rc != ERR_OK)
        return fault_set(why, rc, 0, "ESP", REQ_ESP_NO_WRAP);
    local = sa->local;
    remote = sa->remote;
    bool udp = c->udp_encap && duty(e, sa, REQ_NATD_UDP_ESP);
    if (!duty(e, sa, REQ_NO_UDP_ESP_ON_500)) {
        udp = true;
        local.port = remote.port = IKE_PORT;
    }
    if (!udp)
        local.port = remote.port = 0;
    return out_push(e, &local, &remote, udp ? 17 : 50, wr_done(&w), sa->id, false);
}

enum err ike_esp_open(struct ike_engine *e, const struct ike_dgram *d, bool from_us, uint8_t *buf,
                      size_t cap, struct esp_packet *out, struct fault *why)
{
    uint32_t spi = esp_spi(span_of(d->p, d->len));
    if (d->len > cap)
        return fault_set(why, ERR_SPACE, 0, "ESP", REQ_NONE);
    for (struct ike_sa *sa = e->sas; sa != NULL; sa = sa->next)
        for (struct child_sa *c = sa->children; c != NULL; c = c->next) {
            if ((from_us ? c->spi_out : c->spi_in) != spi || c->keys.encr_i.len == 0)
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

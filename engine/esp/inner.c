/* inner.c - the IP packets inside a tunnel: echo and UDP made, and any packet read as far as a
 * selector needs (RFC 791, 792, 768, 8200, 4443; checksums RFC 1071). */
#include "engine/esp/inner.h"

enum { PROTO_HOP = 0, PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ROUTE = 43 };
enum { PROTO_FRAGMENT = 44, PROTO_ICMPV6 = 58, PROTO_DEST = 60 };
enum { ICMP_REPLY = 0, ICMP_REQUEST = 8, ICMPV6_REQUEST = 128, ICMPV6_REPLY = 129 };

#define HDR4_LEN 20u
#define HDR6_LEN 40u
#define HDR_TCP_LEN 20u
#define TTL      64u

/* --- checksums ------------------------------------------------------------------------------- */

/* Adds octets to a sum of 16-bit words. Only the last span of a sum may have an odd length. */
static uint64_t sum_add(uint64_t sum, struct span s)
{
    size_t i = 0;
    for (; i + 1 < s.len; i += 2)
        sum += get_u16(s.p + i);
    if (i < s.len) {
        const uint8_t last[2] = { s.p[i], 0 };
        sum += get_u16(last);
    }
    return sum;
}

static uint16_t sum_fold(uint64_t sum)
{
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* The pseudo header of UDP and ICMPv6 (RFC 8200 8.1); for IPv4 its fields are the same words. */
static uint64_t sum_pseudo(const struct addr *src, const struct addr *dst, uint8_t protocol,
                           size_t len)
{
    uint64_t sum = sum_add(0, span_of(src->ip, addr_len(src)));
    return sum_add(sum, span_of(dst->ip, addr_len(dst))) + protocol + len;
}

/* --- writing --------------------------------------------------------------------------------- */

/* IP header and room for len octets after it; NULL when w failed. */
static uint8_t *ip_open(struct writer *w, const struct addr *src, const struct addr *dst,
                        uint8_t protocol, size_t len)
{
    size_t head = src->family == 4 ? HDR4_LEN : HDR6_LEN;
    size_t counted = src->family == 4 ? HDR4_LEN + len : len;
    if (src->family != dst->family || addr_len(src) == 0) {
        w->err = w->err == ERR_OK ? ERR_VALUE : w->err;
        return NULL;
    }
    if (counted > 0xffff) {
        w->err = w->err == ERR_OK ? ERR_LENGTH : w->err;
        return NULL;
    }
    uint8_t *p = wr_room(w, head + len);
    if (p == NULL)
        return NULL;
    memset(p, 0, head);
    if (src->family == 4) {
        p[0] = 0x45;
        put_u16(p + 2, (uint16_t)counted);
        p[8] = TTL;
        p[9] = protocol;
        memcpy(p + 12, src->ip, 4);
        memcpy(p + 16, dst->ip, 4);
        put_u16(p + 10, sum_fold(sum_add(0, span_of(p, HDR4_LEN))));
    } else {
        p[0] = 0x60;
        put_u16(p + 4, (uint16_t)counted);
        p[6] = protocol;
        p[7] = TTL;
        memcpy(p + 8, src->ip, 16);
        memcpy(p + 24, dst->ip, 16);
    }
    return p + head;
}

enum err inner_echo(struct writer *w, const struct addr *src, const struct addr *dst, bool reply,
                    uint16_t id, uint16_t seq, struct span payload)
{
    bool v4 = src->family == 4;
    uint8_t type =
        v4 ? (reply ? ICMP_REPLY : ICMP_REQUEST) : (reply ? ICMPV6_REPLY : ICMPV6_REQUEST);
    uint8_t protocol = v4 ? PROTO_ICMP : PROTO_ICMPV6;
    size_t len = 8 + payload.len;
    uint8_t *p = ip_open(w, src, dst, protocol, len);
    if (p == NULL)
        return w->err;
    memset(p, 0, 8);
    p[0] = type;
    put_u16(p + 4, id);
    put_u16(p + 6, seq);
    if (payload.len > 0)
        memcpy(p + 8, payload.p, payload.len);
    uint64_t pseudo = v4 ? 0 : sum_pseudo(src, dst, protocol, len);
    put_u16(p + 2, sum_fold(sum_add(pseudo, span_of(p, len))));
    return w->err;
}

enum err inner_udp(struct writer *w, const struct addr *src, const struct addr *dst,
                   struct span payload)
{
    size_t len = 8 + payload.len;
    uint8_t *p = ip_open(w, src, dst, PROTO_UDP, len);
    if (p == NULL)
        return w->err;
    put_u16(p, src->port);
    put_u16(p + 2, dst->port);
    put_u16(p + 4, (uint16_t)len);
    put_u16(p + 6, 0);
    if (payload.len > 0)
        memcpy(p + 8, payload.p, payload.len);
    uint16_t sum = sum_fold(sum_add(sum_pseudo(src, dst, PROTO_UDP, len), span_of(p, len)));
    put_u16(p + 6, sum != 0 ? sum : 0xffff); /* RFC 768: zero would mean none */
    return w->err;
}

enum err inner_tcp(struct writer *w, const struct addr *src, const struct addr *dst, uint8_t flags,
                   uint32_t seq, uint32_t ack, struct span payload)
{
    size_t len = HDR_TCP_LEN + payload.len;
    uint8_t *p = ip_open(w, src, dst, PROTO_TCP, len);
    if (p == NULL)
        return w->err;
    memset(p, 0, HDR_TCP_LEN);
    put_u16(p, src->port);
    put_u16(p + 2, dst->port);
    put_u32(p + 4, seq);
    put_u32(p + 8, ack);
    p[12] = HDR_TCP_LEN / 4 << 4;
    p[13] = flags;
    put_u16(p + 14, 1024);
    if (payload.len > 0)
        memcpy(p + HDR_TCP_LEN, payload.p, payload.len);
    uint64_t sum = sum_add(sum_pseudo(src, dst, PROTO_TCP, len), span_of(p, len));
    put_u16(p + 16, sum_fold(sum));
    return w->err;
}

enum err inner_wrap(struct writer *w, const struct addr *src, const struct addr *dst,
                    uint8_t protocol, struct span payload)
{
    uint8_t *p = ip_open(w, src, dst, protocol, payload.len);
    if (p != NULL && payload.len > 0)
        memcpy(p, payload.p, payload.len);
    return w->err;
}

enum err inner_fragment(struct writer *w, struct span pkt, size_t at, size_t len)
{
    bool plain = pkt.len >= HDR4_LEN && pkt.p[0] == 0x45 && get_u16(pkt.p + 2) == pkt.len;
    size_t have = plain ? pkt.len - HDR4_LEN : 0;
    if (!plain || at % 8 != 0 || at >= have)
        return ERR_VALUE;
    bool last = len >= have - at;
    if (last)
        len = have - at;
    else if (len == 0 || len % 8 != 0)
        return ERR_VALUE;
    uint8_t *p = wr_room(w, HDR4_LEN + len);
    if (p == NULL)
        return w->err;
    memcpy(p, pkt.p, HDR4_LEN);
    memcpy(p + HDR4_LEN, pkt.p + HDR4_LEN + at, len);
    put_u16(p + 2, (uint16_t)(HDR4_LEN + len));
    put_u16(p + 6, (uint16_t)(at / 8 | (last ? 0 : 0x2000)));
    put_u16(p + 10, 0);
    put_u16(p + 10, sum_fold(sum_add(0, span_of(p, HDR4_LEN))));
    return w->err;
}

/* --- reading --------------------------------------------------------------------------------- */

/* What follows the IP headers. */
struct body {
    struct span octets;
    bool first; /* it starts with the transport header: not a later fragment */
    bool whole; /* not a fragment at all, so that checksums can be verified */
};

static enum err v4_parse(struct span pkt, struct inner *out, struct body *body, struct fault *why)
{
    if (pkt.len < HDR4_LEN)
        return fault_set(why, ERR_TRUNCATED, (uint32_t)pkt.len, "IP", REQ_NONE);
    size_t head = 4u * (pkt.p[0] & 0x0f);
    size_t total = get_u16(pkt.p + 2);
    if (head < HDR4_LEN || total < head)
        return fault_set(why, ERR_LENGTH, 2, "IP.length", REQ_NONE);
    if (total > pkt.len)
        return fault_set(why, ERR_TRUNCATED, 2, "IP.length", REQ_NONE);
    if (sum_fold(sum_add(0, span_of(pkt.p, head))) != 0)
        return fault_set(why, ERR_VALUE, 10, "IP.checksum", REQ_NONE);
    uint16_t fragment = get_u16(pkt.p + 6);
    out->protocol = pkt.p[9];
    memcpy(out->src.ip, pkt.p + 12, 4);
    memcpy(out->dst.ip, pkt.p + 16, 4);
    out->total = total;
    *body = (struct body){ .octets = span_part(pkt, head, total - head),
                           .first = (fragment & 0x1fff) == 0,
                           .whole = (fragment & 0x3fff) == 0 };
    return ERR_OK;
}

static bool is_extension(uint8_t protocol)
{
    return protocol == PROTO_HOP || protocol == PROTO_ROUTE || protocol == PROTO_DEST ||
           protocol == PROTO_FRAGMENT;
}

/* Steps over extension headers; each takes at least 8 octets, which bounds the loop. */
static enum err v6_extensions(struct inner *out, struct body *body, struct fault *why)
{
    while (is_extension(out->protocol) && body->first) {
        struct span s = body->octets;
        size_t len = 8;
        if (s.len >= 8 && out->protocol != PROTO_FRAGMENT)
            len = 8u * (s.p[1] + 1u);
        if (s.len < len)
            return fault_set(why, ERR_TRUNCATED, (uint32_t)(out->total - s.len), "IP.extension",
                             REQ_NONE);
        if (out->protocol == PROTO_FRAGMENT) {
            uint16_t fragment = get_u16(s.p + 2);
            body->first = (fragment & 0xfff8) == 0;
            body->whole = (fragment & 0xfff9) == 0;
        }
        out->protocol = s.p[0];
        body->octets = span_part(s, len, s.len);
    }
    return ERR_OK;
}

static enum err v6_parse(struct span pkt, struct inner *out, struct body *body, struct fault *why)
{
    if (pkt.len < HDR6_LEN)
        return fault_set(why, ERR_TRUNCATED, (uint32_t)pkt.len, "IP", REQ_NONE);
    out->total = HDR6_LEN + get_u16(pkt.p + 4);
    if (out->total > pkt.len)
        return fault_set(why, ERR_TRUNCATED, 4, "IP.length", REQ_NONE);
    out->protocol = pkt.p[6];
    memcpy(out->src.ip, pkt.p + 8, 16);
    memcpy(out->dst.ip, pkt.p + 24, 16);
    *body = (struct body){ .octets = span_part(pkt, HDR6_LEN, out->total - HDR6_LEN),
                           .first = true,
                           .whole = true };
    return v6_extensions(out, body, why);
}

static enum err icmp_parse(struct inner *out, const struct body *body, uint32_t at,
                           struct fault *why)
{
    struct span s = body->octets;
    bool v6 = out->protocol == PROTO_ICMPV6;
    if (s.len < 8)
        return fault_set(why, ERR_TRUNCATED, at, "ICMP", REQ_NONE);
    uint64_t pseudo = v6 ? sum_pseudo(&out->src, &out->dst, PROTO_ICMPV6, s.len) : 0;
    if (body->whole && sum_fold(sum_add(pseudo, s)) != 0)
        return fault_set(why, ERR_VALUE, at + 2, "ICMP.checksum", REQ_NONE);
    out->icmp_type = s.p[0];
    out->icmp_code = s.p[1];
    out->src.port = get_u16(s.p); /* RFC 4301 4.4.1.1: type above code */
    out->echo_request = s.p[0] == (v6 ? ICMPV6_REQUEST : ICMP_REQUEST) && s.p[1] == 0;
    out->echo_reply = s.p[0] == (v6 ? ICMPV6_REPLY : ICMP_REPLY) && s.p[1] == 0;
    if (out->echo_request || out->echo_reply) {
        out->id = get_u16(s.p + 4);
        out->seq = get_u16(s.p + 6);
    }
    out->payload = span_part(s, 8, s.len);
    return ERR_OK;
}

static enum err ports_parse(struct inner *out, const struct body *body, uint32_t at,
                            struct fault *why)
{
    struct span s = body->octets;
    bool udp = out->protocol == PROTO_UDP;
    if (s.len < (udp ? 8 : 20))
        return fault_set(why, ERR_TRUNCATED, at, udp ? "UDP" : "TCP", REQ_NONE);
    size_t head = udp ? 8 : 4u * (s.p[12] >> 4);
    size_t end = udp && body->whole ? get_u16(s.p + 4) : s.len;
    if (head < 8 || (!udp && head < 20) || end < head || end > s.len)
        return fault_set(why, ERR_LENGTH, at, udp ? "UDP.length" : "TCP.offset", REQ_NONE);
    out->src.port = get_u16(s.p);
    out->dst.port = get_u16(s.p + 2);
    out->payload = span_part(s, head, end - head);
    if (!body->whole)
        return ERR_OK;
    if (!udp) {
        out->tcp_seq = get_u32(s.p + 4);
        out->tcp_flags = s.p[13];
    }
    /* RFC 768: over IPv4 a datagram may do without */
    if (udp && out->src.family == 4 && get_u16(s.p + 6) == 0)
        return ERR_OK;
    uint64_t sum = sum_pseudo(&out->src, &out->dst, out->protocol, end);
    out->checksum_held = sum_fold(sum_add(sum, span_part(s, 0, end))) == 0;
    return ERR_OK;
}

enum err inner_parse(struct span pkt, struct inner *out, struct fault *why)
{
    struct body body = { .first = true };
    *out = (struct inner){ .checksum_held = true };
    if (pkt.len == 0)
        return fault_set(why, ERR_TRUNCATED, 0, "IP", REQ_NONE);
    uint8_t version = pkt.p[0] >> 4;
    if (version != 4 && version != 6)
        return fault_set(why, ERR_VALUE, 0, "IP.version", REQ_NONE);
    out->src.family = out->dst.family = version;
    enum err rc = version == 4 ? v4_parse(pkt, out, &body, why) : v6_parse(pkt, out, &body, why);
    if (rc != ERR_OK)
        return rc;
    out->payload = body.octets;
    out->fragment = !body.whole;
    out->later_fragment = !body.first;
    if (!body.first)
        return ERR_OK;
    uint32_t at = (uint32_t)(out->total - body.octets.len);
    if (out->protocol == (version == 4 ? PROTO_ICMP : PROTO_ICMPV6))
        return icmp_parse(out, &body, at, why);
    if (out->protocol == PROTO_UDP || out->protocol == PROTO_TCP)
        return ports_parse(out, &body, at, why);
    return ERR_OK;
}

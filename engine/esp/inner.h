/* inner.h - the little IP that a tunnel carries in a case: ICMP echo over IPv4 and IPv6, and
 * enough parsing to strip TFC padding and to match selectors. */
#ifndef ENGINE_ESP_INNER_H
#define ENGINE_ESP_INNER_H

#include "engine/base/addr.h"
#include "engine/base/bytes.h"
#include "engine/base/err.h"

struct inner {
    struct addr src, dst; /* ports filled for UDP, TCP, ICMP type/code in src.port (4301 4.4.1.1) */
    uint8_t protocol;     /* 1 ICMP, 58 ICMPv6, 17 UDP, 6 TCP, ... */
    uint8_t icmp_type, icmp_code;
    uint16_t id, seq;    /* of an echo */
    struct span payload; /* after the transport header */
    size_t total;        /* octets by the IP header's own length; the rest is TFC padding */
    bool echo_request, echo_reply;
    uint8_t tcp_flags; /* of a whole TCP segment */
    uint32_t tcp_seq;
    bool checksum_held;  /* false: a whole TCP segment or UDP datagram whose checksum is wrong */
    bool fragment;       /* not the whole of an IP datagram */
    bool later_fragment; /* it does not begin with the transport header, so it has no ports */
};
enum { TCP_SYN = 0x02, TCP_RST = 0x04, TCP_ACK = 0x10 };
/* Reads an IP packet (checksums of IPv4 header and ICMP are verified). */
MUST_CHECK enum err inner_parse(struct span pkt, struct inner *out, struct fault *why);
/* Appends an ICMP or ICMPv6 echo request or reply with correct checksums. */
MUST_CHECK enum err inner_echo(struct writer *w, const struct addr *src, const struct addr *dst,
                               bool reply, uint16_t id, uint16_t seq, struct span payload);
/* Appends a UDP datagram in IP. */
MUST_CHECK enum err inner_udp(struct writer *w, const struct addr *src, const struct addr *dst,
                              struct span payload);
/* Appends a TCP segment in IP. */
MUST_CHECK enum err inner_tcp(struct writer *w, const struct addr *src, const struct addr *dst,
                              uint8_t flags, uint32_t seq, uint32_t ack, struct span payload);
/* Appends an IP packet whose payload has that protocol: what a packet in transport mode was. */
MUST_CHECK enum err inner_wrap(struct writer *w, const struct addr *src, const struct addr *dst,
                               uint8_t protocol, struct span payload);
/* Appends the fragment of an IPv4 packet without options that holds len octets of its payload from
 * at on; at and, but for the last one, len are multiples of 8. */
MUST_CHECK enum err inner_fragment(struct writer *w, struct span pkt, size_t at, size_t len);
#endif

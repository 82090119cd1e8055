/* encap.h - what shares UDP port 4500: IKE behind the non-ESP marker, ESP, keepalives
 * (RFC 3948 section 2). */
#ifndef ENGINE_WIRE_ENCAP_H
#define ENGINE_WIRE_ENCAP_H

#include "engine/base/bytes.h"

#define ENCAP_MARKER_LEN 4u

enum encap_kind {
    ENCAP_SHORT,     /* too short to be any of these */
    ENCAP_KEEPALIVE, /* the single octet 0xff */
    ENCAP_IKE,       /* four zero octets, then an IKE message */
    ENCAP_ESP
};

/* What a datagram from port 4500 is. */
enum encap_kind encap_classify(struct span datagram);
/* The IKE message behind the marker; empty when the datagram is none. */
struct span encap_strip(struct span datagram);
/* Appends marker and message. */
MUST_CHECK enum err encap_add(struct span message, struct writer *w);

#endif

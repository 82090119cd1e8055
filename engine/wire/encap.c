/* encap.c - the non-ESP marker (RFC 3948 2.2) and keepalives (2.3). */
#include "engine/wire/encap.h"

enum encap_kind encap_classify(struct span datagram)
{
    if (datagram.len == 1 && datagram.p[0] == 0xff)
        return ENCAP_KEEPALIVE;
    if (datagram.len < ENCAP_MARKER_LEN)
        return ENCAP_SHORT;
    if (get_u32(datagram.p) == 0)
        return ENCAP_IKE;
    return datagram.len < 8 ? ENCAP_SHORT : ENCAP_ESP; /* SPI and sequence number at least */
}

struct span encap_strip(struct span datagram)
{
    if (encap_classify(datagram) != ENCAP_IKE)
        return (struct span){ 0 };
    return span_part(datagram, ENCAP_MARKER_LEN, datagram.len);
}

enum err encap_add(struct span message, struct writer *w)
{
    wr_zero(w, ENCAP_MARKER_LEN);
    wr_span(w, message);
    return w->err;
}

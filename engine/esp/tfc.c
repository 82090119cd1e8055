/* tfc.c - traffic flow confidentiality padding behind the inner packet (RFC 4303 2.7). */
#include "engine/esp/esp.h"

struct span tfc_strip(struct span inner, uint8_t next)
{
    size_t total = inner.len;
    if (next == NEXT_IPV4 && inner.len >= 20)
        total = get_u16(inner.p + 2);
    else if (next == NEXT_IPV6 && inner.len >= 40)
        total = 40u + get_u16(inner.p + 4);
    return total >= 20 && total <= inner.len ? span_part(inner, 0, total) : inner;
}

uint16_t tfc_fill(size_t len, size_t size)
{
    size_t n = size > len ? size - len : 0;
    return (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
}

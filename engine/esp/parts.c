/* parts.c - fragments of one IPv4 datagram, put together in the order of their offsets (RFC 791 3.2). */
#include "engine/esp/parts.h"

#define HDR_LEN 20u /* options are left out: nothing here reads them */

static uint16_t header_sum(const uint8_t *p)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < HDR_LEN; i += 2)
        sum += get_u16(p + i);
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void key_of(const uint8_t *p, uint8_t *key)
{
    memcpy(key, p + 12, 8);
    memcpy(key + 8, p + 4, 2);
    key[10] = p[9];
}

static enum err refuse(struct parts *p, struct fault *why, enum err code)
{
    p->used = false;
    return fault_set(why, code, 6, "IP.fragment", REQ_NONE);
}

/* Marks the units of a stretch; false when one of them was there. */
static bool take_units(struct parts *p, size_t at, size_t len)
{
    for (size_t u = at / 8; u < (at + len + 7) / 8; u++) {
        if (p->unit[u / 8] & 1u << u % 8)
            return false;
        p->unit[u / 8] |= (uint8_t)(1u << u % 8);
    }
    return true;
}

static enum err finish(struct parts *p, struct span *whole)
{
    uint8_t *h = p->datagram;
    h[0] = 0x45;
    put_u16(h + 2, (uint16_t)(HDR_LEN + p->end));
    put_u16(h + 6, 0);
    put_u16(h + 10, 0);
    put_u16(h + 10, header_sum(h));
    p->used = false;
    *whole = span_of(h, HDR_LEN + p->end);
    return ERR_OK;
}

enum err parts_add(struct parts *p, uint32_t spi, struct span pkt, struct span *whole,
                   struct fault *why)
{
    uint8_t key[sizeof p->key];
    size_t head = pkt.len >= HDR_LEN ? 4u * (pkt.p[0] & 0x0f) : 0;
    if (head < HDR_LEN || pkt.p[0] >> 4 != 4 || get_u16(pkt.p + 2) != pkt.len || head > pkt.len)
        return fault_set(why, ERR_LENGTH, 2, "IP.length", REQ_NONE);
    uint16_t field = get_u16(pkt.p + 6);
    size_t at = 8u * (field & 0x1fff), len = pkt.len - head;
    bool more = (field & 0x2000) != 0;
    key_of(pkt.p, key);
    if (!p->used || p->spi != spi || memcmp(key, p->key, sizeof key) != 0) {
        /* room for one: the newer datagram takes it */
        p->spi = spi;
        memcpy(p->key, key, sizeof key);
        memset(p->unit, 0, sizeof p->unit);
        p->end = p->have = 0;
        p->used = true;
    }
    if (len == 0 || (more && len % 8 != 0) || HDR_LEN + at + len > PARTS_MAX)
        return refuse(p, why, ERR_LENGTH);
    if (p->end != 0 && (!more || at + len > p->end))
        return refuse(p, why, ERR_VALUE); /* a second end, or something behind it */
    if (!take_units(p, at, len))
        return refuse(p, why, ERR_DUPLICATE);
    if (at == 0)
        memcpy(p->datagram, pkt.p, HDR_LEN);
    memcpy(p->datagram + HDR_LEN + at, pkt.p + head, len);
    p->have += len;
    if (!more)
        p->end = at + len;
    if (p->end != 0 && p->have > p->end)
        return refuse(p, why, ERR_VALUE);
    if (p->end != 0 && p->have == p->end)
        return finish(p, whole);
    return ERR_FRAGMENT;
}

/* floor_bench.h - the least that any parser of IKE messages must do: offsets into fixed arrays, no tree,
 * no names, no findings. What our own costs is told as a ratio of this. */
#ifndef ENGINE_WIRE_FLOOR_BENCH_H
#define ENGINE_WIRE_FLOOR_BENCH_H

#include <stdbool.h>

#include "engine/base/bytes.h"
#include "engine/wire/registry.h"

struct floor {
    uint32_t len, mid;
    uint8_t exchange, flags;
    unsigned num_payloads, num_proposals, num_transforms;
    struct {
        uint8_t type, critical;
        uint16_t off, len;
    } payload[64];
    struct {
        uint8_t number, protocol, spi_len, num_transforms;
        uint16_t spi, first;
    } proposal[32];
    struct {
        uint8_t type;
        uint16_t id, bits;
    } transform[256];
};

static inline bool floor_transforms(struct floor *f, const uint8_t *b, unsigned at, unsigned end,
                             unsigned left)
{
    while (left-- > 0) {
        if (end - at < 8 || f->num_transforms == 256)
            return false;
        unsigned len = get_u16(b + at + 2), stop = at + len;
        if (len < 8 || len > end - at || b[at] != (left > 0 ? 3 : 0))
            return false;
        unsigned i = f->num_transforms++;
        f->transform[i].type = b[at + 4];
        f->transform[i].id = get_u16(b + at + 6);
        f->transform[i].bits = 0;
        for (at += 8; at < stop;) {
            if (stop - at < 4)
                return false;
            unsigned type = get_u16(b + at), value = get_u16(b + at + 2);
            if (type == (0x8000 | ATTRIBUTE_KEY_LENGTH))
                f->transform[i].bits = (uint16_t)value;
            if ((type & 0x8000) == 0 && value > stop - at - 4)
                return false;
            at += 4 + ((type & 0x8000) == 0 ? value : 0);
        }
    }
    return at == end;
}

static inline bool floor_proposals(struct floor *f, const uint8_t *b, unsigned at, unsigned end)
{
    bool more = true;
    while (more) {
        if (end - at < 8 || f->num_proposals == 32)
            return false;
        unsigned len = get_u16(b + at + 2);
        more = b[at] == 2;
        if ((b[at] != 0 && !more) || len < 8u + b[at + 6] || len > end - at)
            return false;
        unsigned i = f->num_proposals++;
        f->proposal[i].number = b[at + 4];
        f->proposal[i].protocol = b[at + 5];
        f->proposal[i].spi_len = b[at + 6];
        f->proposal[i].num_transforms = b[at + 7];
        f->proposal[i].spi = (uint16_t)(at + 8);
        f->proposal[i].first = (uint16_t)f->num_transforms;
        if (!floor_transforms(f, b, at + 8 + b[at + 6], at + len, b[at + 7]))
            return false;
        at += len;
    }
    return at == end;
}

static inline bool floor_selectors(const uint8_t *b, unsigned at, unsigned end)
{
    if (end - at < 4)
        return false;
    unsigned left = b[at];
    for (at += 4; left > 0; left--) {
        if (end - at < 8)
            return false;
        unsigned type = b[at], len = get_u16(b + at + 2);
        if (len < 8 || len > end - at || (type == TS_IPV4_ADDR_RANGE && len != 16) ||
            (type == TS_IPV6_ADDR_RANGE && len != 40))
            return false;
        at += len;
    }
    return at == end;
}

static inline bool floor_attributes(const uint8_t *b, unsigned at, unsigned end)
{
    if (end - at < 4)
        return false;
    for (at += 4; at < end;) {
        if (end - at < 4 || get_u16(b + at + 2) > end - at - 4)
            return false;
        at += 4u + get_u16(b + at + 2);
    }
    return true;
}

/* The payload whose generic header is at `at` and whose length is len. */
static inline bool floor_payload(struct floor *f, const uint8_t *b, unsigned type, unsigned at,
                          unsigned len)
{
    const uint8_t *body = b + at + 4;
    switch (type) {
    case PAYLOAD_SA:
        return floor_proposals(f, b, at + 4, at + len);
    case PAYLOAD_KE:
    case PAYLOAD_IDi:
    case PAYLOAD_IDr:
    case PAYLOAD_AUTH:
        return len >= 9;
    case PAYLOAD_CERT:
    case PAYLOAD_CERTREQ:
        return len >= 5;
    case PAYLOAD_NONCE:
        return len >= 20 && len <= 260;
    case PAYLOAD_NOTIFY:
        return len >= 8 && len >= 8u + body[1];
    case PAYLOAD_DELETE:
        return len >= 8 && len - 8 == (unsigned)body[1] * get_u16(body + 2);
    case PAYLOAD_TSi:
    case PAYLOAD_TSr:
        return floor_selectors(b, at + 4, at + len);
    case PAYLOAD_CP:
        return floor_attributes(b, at + 4, at + len);
    default:
        return (b[at + 1] & 0x80) == 0 || (type >= PAYLOAD_SA && type <= PAYLOAD_SKF);
    }
}

static __attribute__((noinline, unused)) bool floor_decode(struct floor *f, struct span s)
{
    const uint8_t *b = s.p;
    if (s.len < 28 || s.len > 65535)
        return false;
    f->exchange = b[18];
    f->flags = b[19];
    f->mid = get_u32(b + 20);
    f->len = get_u32(b + 24);
    f->num_payloads = f->num_proposals = f->num_transforms = 0;
    if (b[17] >> 4 != 2 || f->len != s.len)
        return false;
    unsigned at = 28, end = (unsigned)s.len;
    for (unsigned type = b[16]; type != 0;) {
        if (end - at < 4 || f->num_payloads == 64)
            return false;
        unsigned len = get_u16(b + at + 2);
        if (len < 4 || len > end - at)
            return false;
        unsigned i = f->num_payloads++;
        f->payload[i].type = (uint8_t)type;
        f->payload[i].critical = b[at + 1] >> 7;
        f->payload[i].off = (uint16_t)(at + 4);
        f->payload[i].len = (uint16_t)(len - 4);
        if (type == PAYLOAD_SK || type == PAYLOAD_SKF)
            return at + len == end;
        if (!floor_payload(f, b, type, at, len))
            return false;
        type = b[at];
        at += len;
    }
    return at == end;
}

#endif

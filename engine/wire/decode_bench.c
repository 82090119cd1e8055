/* decode_bench.c - what decoding an IKE_SA_INIT request costs beside the least that any parser
 * must do: both are timed in alternating rounds on one core, the fastest round of each counts. */
#define _POSIX_C_SOURCE 200809L

#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "engine/wire/samples.h"

#define LIMIT     3.0
#define ROUNDS    40
#define PER_ROUND 50000

/* --- the floor: offsets into fixed arrays, no tree, no names, no findings ------------------- */

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

static bool floor_transforms(struct floor *f, const uint8_t *b, unsigned at, unsigned end,
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

static bool floor_proposals(struct floor *f, const uint8_t *b, unsigned at, unsigned end)
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

static __attribute__((noinline)) bool floor_decode(struct floor *f, struct span s)
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
        switch (type) {
        case PAYLOAD_SA:
            if (!floor_proposals(f, b, at + 4, at + len))
                return false;
            break;
        case PAYLOAD_KE:
            if (len < 9)
                return false;
            break;
        case PAYLOAD_NONCE:
            if (len < 20 || len > 260)
                return false;
            break;
        case PAYLOAD_NOTIFY:
            if (len < 8 || len < 8u + b[at + 5])
                return false;
            break;
        default:
            if (f->payload[i].critical)
                return false;
        }
        type = b[at];
        at += len;
    }
    return at == end;
}

/* --- timing ---------------------------------------------------------------------------------- */

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static alignas(64) uint8_t store[65536], made[65536];

static double round_ours(struct span s)
{
    double t0 = now_ns();
    for (int i = 0; i < PER_ROUND; i++) {
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        struct fault why;
        __asm__ volatile("" : : "r"(s.p) : "memory");
        if (msg_decode(&m, &a, s, &why) != ERR_OK)
            abort();
        __asm__ volatile("" : : "r"(&m), "r"(store) : "memory");
    }
    return (now_ns() - t0) / PER_ROUND;
}

static double round_floor(struct span s)
{
    static struct floor f;
    double t0 = now_ns();
    for (int i = 0; i < PER_ROUND; i++) {
        __asm__ volatile("" : : "r"(s.p) : "memory");
        if (!floor_decode(&f, s))
            abort();
        __asm__ volatile("" : : "r"(&f) : "memory");
    }
    return (now_ns() - t0) / PER_ROUND;
}

int main(void)
{
    uint8_t wire[2048];
    struct arena a = arena_init(made, sizeof made);
    struct writer w = wr_init(wire, sizeof wire);
    struct message m;
    sample_make(0, &m, &a);
    SAMPLE_OK(msg_encode(&m, &w));
    struct span s = wr_done(&w);
    double ours = 1e9, floor = 1e9;
    for (int r = 0; r < ROUNDS; r++) {
        double f = round_floor(s), o = round_ours(s);
        floor = f < floor ? f : floor;
        ours = o < ours ? o : ours;
    }
    printf("decode       %zu octets: %.1f ns per message (%.2f M/s)\n", s.len, ours, 1e3 / ours);
    printf("decode-floor %zu octets: %.1f ns per message\n", s.len, floor);
    printf("decode-ratio %.2f (limit %.1f)\n", ours / floor, LIMIT);
    return ours / floor <= LIMIT ? 0 : 1;
}

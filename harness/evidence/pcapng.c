/* pcapng.c - the pcapng blocks we need (draft-ietf-opsawg-pcapng): section header, interface,
 * enhanced packet. All numbers are big-endian here; the byte-order magic says so. */
#define _GNU_SOURCE 1
#include "harness/evidence/pcapng.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_SHB = 0x0a0d0d0a, BLOCK_IDB = 1, BLOCK_EPB = 6 };
enum { OPT_END = 0, OPT_COMMENT = 1, OPT_SHB_USERAPPL = 4, OPT_IF_TSRESOL = 9 };
enum { LINKTYPE_RAW = 101 };

#define BLOCK_MAX   (70u << 10)
#define COMMENT_MAX 4000u
#define PACKET_MAX  65535u

/* --- blocks
 * -------------------------------------------------------------------------------------------- */

static void pad4(struct writer *w)
{
    wr_zero(w, (4 - w->len % 4) % 4);
}

static void option(struct writer *w, uint16_t code, const void *p, size_t len)
{
    wr_u16(w, code);
    wr_u16(w, (uint16_t)len);
    wr_bytes(w, p, len);
    pad4(w);
}

static size_t block_open(struct writer *w, uint32_t type)
{
    wr_u32(w, type);
    wr_u32(w, 0);
    return 4;
}

static bool block_close(struct pcapng *p, struct writer *w)
{
    wr_u32(w, (uint32_t)(w->len + 4));
    if (w->err != ERR_OK)
        return false;
    put_u32(w->p + 4, (uint32_t)w->len);
    return fwrite(w->p, 1, w->len, p->f) == w->len;
}

bool pcapng_open(struct pcapng *p, const char *path, const char *application)
{
    uint8_t room[512];
    struct writer w = wr_init(room, sizeof room);
    p->f = fopen(path, "wbe");
    if (p->f == NULL)
        return false;
    block_open(&w, BLOCK_SHB);
    wr_u32(&w, 0x1a2b3c4d);
    wr_u16(&w, 1);
    wr_u16(&w, 0);
    wr_u64(&w, UINT64_MAX); /* section length: not said */
    option(&w, OPT_SHB_USERAPPL, application, strlen(application));
    wr_u32(&w, OPT_END);
    bool ok = block_close(p, &w);
    w = wr_init(room, sizeof room);
    block_open(&w, BLOCK_IDB);
    wr_u16(&w, LINKTYPE_RAW);
    wr_u16(&w, 0);
    wr_u32(&w, 0); /* no limit on the length kept */
    option(&w, OPT_IF_TSRESOL, "\x06", 1);
    wr_u32(&w, OPT_END);
    return block_close(p, &w) && ok;
}

bool pcapng_packet(struct pcapng *p, uint64_t t_us, struct span packet, const char *comment)
{
    uint8_t *room = malloc(BLOCK_MAX + packet.len);
    if (room == NULL)
        return false;
    struct writer w = wr_init(room, BLOCK_MAX + packet.len);
    block_open(&w, BLOCK_EPB);
    wr_u32(&w, 0); /* interface */
    wr_u64(&w, t_us);
    wr_u32(&w, (uint32_t)packet.len);
    wr_u32(&w, (uint32_t)packet.len);
    wr_span(&w, packet);
    pad4(&w);
    if (comment != NULL && comment[0] != '\0') {
        option(&w, OPT_COMMENT, comment, strnlen(comment, COMMENT_MAX));
        wr_u32(&w, OPT_END);
    }
    bool ok = block_close(p, &w);
    free(room);
    return ok;
}

bool pcapng_close(struct pcapng *p)
{
    if (p->f == NULL)
        return false;
    bool ok = ferror(p->f) == 0;
    ok = fclose(p->f) == 0 && ok;
    p->f = NULL;
    return ok;
}

/* --- headers
 * ------------------------------------------------------------------------------------------- */

/* One's complement sum (RFC 1071) of s on top of sum. */
static uint32_t sum_add(uint32_t sum, struct span s)
{
    for (size_t i = 0; i + 1 < s.len; i += 2)
        sum += get_u16(s.p + i);
    if (s.len % 2 != 0)
        sum += (uint32_t)s.p[s.len - 1] << 8;
    return sum;
}

static uint16_t sum_fold(uint32_t sum)
{
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void ip_header(struct writer *w, const struct addr *src, const struct addr *dst,
                      uint8_t protocol, size_t len)
{
    size_t at = w->len;
    if (src->family == 6) {
        wr_u32(w, 0x60000000);
        wr_u16(w, (uint16_t)len);
        wr_u8(w, protocol);
        wr_u8(w, 64);
        wr_bytes(w, src->ip, 16);
        wr_bytes(w, dst->ip, 16);
        return;
    }
    wr_u16(w, 0x4500);
    wr_u16(w, (uint16_t)(len + 20));
    wr_u32(w, 0); /* identification, fragment */
    wr_u8(w, 64);
    wr_u8(w, protocol);
    wr_u16(w, 0);
    wr_bytes(w, src->ip, 4);
    wr_bytes(w, dst->ip, 4);
    if (w->err == ERR_OK)
        put_u16(w->p + at + 10, sum_fold(sum_add(0, span_of(w->p + at, 20))));
}

static uint16_t udp_sum(const struct addr *src, const struct addr *dst, struct span udp)
{
    uint32_t sum = 17 + (uint32_t)udp.len;
    sum = sum_add(sum, span_of(src->ip, addr_len(src)));
    sum = sum_add(sum, span_of(dst->ip, addr_len(dst)));
    uint16_t folded = sum_fold(sum_add(sum, udp));
    return folded == 0 ? 0xffff : folded; /* RFC 768: zero would mean none */
}

enum err packet_wrap(struct writer *w, const struct addr *src, const struct addr *dst,
                     uint8_t protocol, struct span body)
{
    struct addr none4 = { .family = 4 }, none6 = { .family = 6 };
    bool v6 = src->family == 6 || dst->family == 6;
    if (src->family == 0)
        src = v6 ? &none6 : &none4;
    if (dst->family != src->family)
        dst = v6 ? &none6 : &none4;
    size_t udp = protocol == 17 ? 8 : 0, most = v6 ? PACKET_MAX - udp : PACKET_MAX - 20 - udp;
    if (body.len > most)
        return ERR_LENGTH;
    ip_header(w, src, dst, protocol, body.len + udp);
    size_t at = w->len;
    if (udp > 0) {
        wr_u16(w, src->port);
        wr_u16(w, dst->port);
        wr_u16(w, (uint16_t)(body.len + udp));
        wr_u16(w, 0);
    }
    wr_span(w, body);
    if (w->err == ERR_OK && udp > 0)
        put_u16(w->p + at + 6, udp_sum(src, dst, span_of(w->p + at, w->len - at)));
    return w->err;
}

bool pcapng_datagram(struct pcapng *p, uint64_t t_us, const struct addr *src,
                     const struct addr *dst, uint8_t protocol, struct span body,
                     const char *comment)
{
    uint8_t *room = malloc(PACKET_MAX + 64);
    if (room == NULL)
        return false;
    struct writer w = wr_init(room, PACKET_MAX + 64);
    bool ok = packet_wrap(&w, src, dst, protocol, body) == ERR_OK &&
              pcapng_packet(p, t_us, wr_done(&w), comment);
    free(room);
    return ok;
}

/* inner_fuzz.c - IP packets as they come out of the tunnel: read, their fragments put together, TFC
 * padding taken off. Nothing points outside of the packet; what was split comes together again. */
#include "engine/esp/esp.h"
#include "engine/esp/inner.h"
#include "engine/esp/parts.h"
#include "fuzz/must.h"
#include "fuzz/records.h"

static struct parts parts, again;
static uint8_t piece[70000];

static bool within(struct span part, struct span whole)
{
    return part.len == 0 || (part.p >= whole.p && part.p + part.len <= whole.p + whole.len);
}

/* An IPv4 packet without options in two pieces, the later one first. */
static void split(struct span pkt, size_t at)
{
    struct span whole;
    struct fault why;
    size_t body = pkt.len - 20;
    at = at % body / 8 * 8;
    if (at == 0)
        return;
    for (int i = 0; i < 2; i++) {
        struct writer w = wr_init(piece, sizeof piece);
        must(inner_fragment(&w, pkt, i == 0 ? at : 0, i == 0 ? body - at : at) == ERR_OK);
        enum err rc = parts_add(&again, 7, wr_done(&w), &whole, &why);
        must(rc == (i == 0 ? ERR_FRAGMENT : ERR_OK));
    }
    must(whole.len == pkt.len);
    must(memcmp(whole.p + 20, pkt.p + 20, body) == 0);
    must(memcmp(whole.p + 12, pkt.p + 12, 8) == 0);
}

static void one(struct span s, uint32_t sum)
{
    struct inner got = { 0 };
    struct fault why = { 0 };
    struct span whole = { 0 };
    for (unsigned next = 0; next < 2; next++) {
        struct span bare = tfc_strip(s, next == 0 ? NEXT_IPV4 : NEXT_IPV6);
        must(bare.len <= s.len && bare.p == s.p);
    }
    if (inner_parse(s, &got, &why) == ERR_OK) {
        must(got.total <= s.len);
        must(within(got.payload, span_part(s, 0, got.total)));
        if (!got.fragment && s.p[0] == 0x45 && got.total == s.len && s.len > 28)
            split(s, sum);
    } else {
        must(why.off <= s.len);
    }
    if (parts_add(&parts, sum & 1, s, &whole, &why) == ERR_OK) {
        must(whole.len >= 20 && whole.len <= PARTS_MAX && get_u16(whole.p + 2) == whole.len);
        must((get_u16(whole.p + 6) & 0x3fff) == 0);
        (void)!inner_parse(whole, &got, &why);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = rd_init(span_of(data, size));
    struct span s;
    parts.used = again.used = false;
    while (record_next(&in, &s))
        one(s, sum_of(span_part(s, 0, 64)));
    return 0;
}

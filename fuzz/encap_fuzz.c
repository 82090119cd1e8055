/* encap_fuzz.c - what shares UDP port 4500 falls into exactly one of its kinds, and what goes in
 * behind the marker comes out again (RFC 3948 2). The same in a TCP stream (RFC 9329): the messages
 * come out as they went in, and any octets mean the same however they come in pieces. */
#include "engine/wire/encap.h"
#include "engine/wire/stream.h"
#include "fuzz/must.h"
#include "fuzz/records.h"

#define MOST_BODIES 64u

static uint8_t with[2 * 65536];

static void one(struct span s)
{
    struct writer w = wr_init(with, sizeof with);
    enum encap_kind kind = encap_classify(s);
    bool zeros = s.len >= 4 && s.p[0] == 0 && s.p[1] == 0 && s.p[2] == 0 && s.p[3] == 0;
    must((kind == ENCAP_IKE) == zeros);
    must((kind == ENCAP_KEEPALIVE) == (s.len == 1 && s.p[0] == 0xff));
    must((kind == ENCAP_ESP) == (s.len >= 8 && !zeros));
    struct span ike = encap_strip(s);
    must(ike.len == (zeros ? s.len - 4 : 0));
    must(encap_add(s, &w) == ERR_OK);
    must(w.len == s.len + 4 && encap_classify(wr_done(&w)) == ENCAP_IKE);
    must(span_eq(encap_strip(wr_done(&w)), s));
}

/* What a stream holds, read in pieces of step octets (0: at once). */
struct content {
    struct span body[MOST_BODIES];
    unsigned num;
    enum stream_state end;
    enum err why;
    size_t off, left; /* where the reader stood; octets not taken */
};

static struct content read_stream(struct span s, bool prefix, size_t step)
{
    struct content c = { .end = STREAM_MORE };
    struct stream st = { prefix };
    size_t taken = 0;
    for (size_t have = step > 0 && step < s.len ? step : s.len;; have += step) {
        if (have > s.len)
            have = s.len;
        struct reader in = rd_init(span_part(s, taken, have - taken));
        struct span body;
        size_t before = in.len;
        while (c.num < MOST_BODIES && (c.end = stream_next(&st, &in, &body)) == STREAM_MESSAGE)
            c.body[c.num++] = body;
        if (c.end == STREAM_BROKEN) {
            c.why = in.err;
            c.off = taken + in.err_off;
            c.left = 0;
            must(in.err == ERR_VALUE || in.err == ERR_LENGTH);
            must(stream_next(&st, &in, &body) == STREAM_BROKEN);
            return c;
        }
        taken += before - in.len;
        c.off = taken;
        c.left = s.len - taken;
        if (have == s.len || c.num == MOST_BODIES)
            return c;
    }
}

static void in_pieces(struct span s, bool prefix)
{
    struct content whole = read_stream(s, prefix, 0);
    struct content cut = read_stream(s, prefix, 1 + sum_of(s) % 7);
    size_t sum = whole.end == STREAM_BROKEN || s.len < 6 || !prefix ? 0 : STREAM_PREFIX_LEN;
    must(whole.num == cut.num && whole.why == cut.why && whole.off == cut.off);
    must(whole.num == MOST_BODIES || (whole.end == cut.end && whole.left == cut.left));
    for (unsigned i = 0; i < whole.num; i++) {
        must(span_eq(whole.body[i], cut.body[i]) && whole.body[i].p == cut.body[i].p);
        sum += whole.body[i].len + STREAM_LENGTH_LEN;
    }
    must(whole.end == STREAM_BROKEN ? whole.off >= sum && whole.off <= s.len
                                    : sum + whole.left == s.len && whole.off == sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = rd_init(span_of(data, size));
    struct span s, added[MOST_BODIES];
    unsigned num = 0;
    in_pieces(span_of(data, size), false);
    in_pieces(span_of(data, size), true);
    for (unsigned i = 0; record_next(&in, &s); i++) {
        one(s);
        if (num < MOST_BODIES)
            added[num++] = s;
    }
    struct writer w = wr_init(with, sizeof with);
    must(stream_add(span_of(with, STREAM_MESSAGE_MAX + 1), &w) == ERR_LENGTH && w.len == 0);
    wr_span(&w, span_str(STREAM_PREFIX));
    unsigned fit = 0;
    while (fit < num && stream_add(added[fit], &w) == ERR_OK)
        fit++;
    must(fit == num || added[fit].len > STREAM_MESSAGE_MAX || w.err == ERR_SPACE);
    struct content c = read_stream(wr_done(&w), true, 1 + size % 5);
    must(w.err != ERR_OK || (c.num == fit && c.end != STREAM_BROKEN && c.left == 0));
    for (unsigned i = 0; i < c.num; i++)
        must(span_eq(c.body[i], added[i]));
    return 0;
}

/* encap_fuzz.c - what shares UDP port 4500 falls into exactly one of its kinds, and what goes in
 * behind the marker comes out again (RFC 3948 2). */
#include "engine/wire/encap.h"
#include "fuzz/must.h"
#include "fuzz/records.h"

static void one(struct span s)
{
    static uint8_t with[65536 + 8];
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = rd_init(span_of(data, size));
    struct span s;
    while (record_next(&in, &s))
        one(s);
    return 0;
}

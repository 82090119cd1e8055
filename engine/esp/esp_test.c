/* esp_test.c - packets there and back with every suite, each rule of RFC 4303 3.3 and 3.4, every
 * bend, and packets that came from elsewhere. */
#include "engine/esp/esp.h"
#include "engine/crypto/kat.h"

struct pair {
    struct suite suite;
    struct esp_out out;
    struct esp_in in;
    struct script script;
    struct rng rng;
};

static void pair_open(struct pair *p, uint16_t encr, uint16_t bits, uint16_t integ, bool esn)
{
    memset(p, 0, sizeof *p);
    assert_int_equal(suite_init(&p->suite, encr, bits, integ), ERR_OK);
    struct octets key = octets_fill(0x42, p->suite.encr_key_len);
    struct octets integ_key = octets_fill(0x24, p->suite.integ_key_len);
    for (size_t i = 0; i < key.len; i++)
        key.b[i] = (uint8_t)(i * 3); /* 3DES would not mind equal parts, but they say little */
    assert_int_equal(
        esp_out_init(&p->out, 0x1000, &p->suite, octets_span(&key), octets_span(&integ_key), esn),
        ERR_OK);
    assert_int_equal(
        esp_in_init(&p->in, 0x1000, &p->suite, octets_span(&key), octets_span(&integ_key), esn, 64),
        ERR_OK);
    for (size_t i = 0; i < sizeof p->script.o.b; i++)
        p->script.o.b[i] = (uint8_t)(i * 31 + 7);
    p->script.o.len = sizeof p->script.o.b;
    p->rng = (struct rng){ script_fill, &p->script };
}

static void pair_close(struct pair *p)
{
    esp_out_clear(&p->out);
    esp_in_clear(&p->in);
}

struct packet {
    size_t len;
    uint8_t b[3000];
};

static struct packet seal(struct pair *p, struct span inner, uint8_t next,
                          const struct esp_bend *bend)
{
    struct packet k;
    struct writer w = wr_init(k.b, sizeof k.b);
    assert_int_equal(esp_seal(&p->out, &p->rng, inner, next, bend, &w), ERR_OK);
    k.len = w.len;
    return k;
}

static enum err open_packet(struct pair *p, struct packet *k, struct esp_packet *got)
{
    struct fault why = { 0 };
    enum err rc = esp_open(&p->in, k->b, k->len, NULL, got, &why);
    assert_int_equal(why.code, rc);
    return rc;
}

static const uint16_t suites[][3] = {
    { 3, 0, 1 },     { 3, 0, 2 },     { 11, 0, 2 },    { 11, 0, 12 },  { 12, 128, 2 },
    { 12, 256, 14 }, { 12, 128, 5 },  { 12, 192, 13 }, { 12, 128, 8 }, { 13, 128, 12 },
    { 14, 128, 0 },  { 16, 256, 0 },  { 18, 128, 0 },  { 19, 192, 0 }, { 20, 256, 0 },
    { 21, 128, 0 },  { 23, 256, 12 }, { 28, 0, 0 },
};
#define NUM_SUITES (sizeof suites / sizeof suites[0])

static void test_there_and_back(void **state)
{
    (void)state;
    static uint8_t inner[1400];
    for (size_t i = 0; i < sizeof inner; i++)
        inner[i] = (uint8_t)(i * 13);
    for (size_t i = 0; i < 2 * NUM_SUITES; i++) {
        struct pair p;
        const uint16_t *s = suites[i / 2];
        pair_open(&p, s[0], s[1], s[2], i % 2 == 1);
        uint64_t n = 0;
        for (size_t len = 0; len <= sizeof inner; len += len < 70 ? 1 : 133) {
            struct packet k = seal(&p, span_of(inner, len), NEXT_IPV4, NULL);
            struct esp_packet got;
            n++;
            assert_int_equal(esp_spi(span_of(k.b, k.len)), 0x1000);
            assert_int_equal(get_u32(k.b + 4), n);
            size_t text = k.len - 8 - p.suite.iv_len - p.suite.icv_len;
            assert_int_equal(text % (p.suite.block > 4 ? p.suite.block : 4), 0);
            assert_true(text - len - 2 < (p.suite.block > 4 ? p.suite.block : 4));
            assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
            assert_int_equal(got.seq, n);
            assert_int_equal(got.next, NEXT_IPV4);
            assert_int_equal(got.inner.len, len);
            assert_memory_equal(got.inner.p, inner, len);
            assert_true(got.replay_held && got.integrity_held && got.padding_held);
        }
        assert_int_equal(p.out.packets, n);
        assert_int_equal(p.in.packets, n);
        assert_int_equal(p.in.octets, p.out.octets);
        assert_int_equal(p.in.malformed + p.in.replayed + p.in.bad_icv, 0);
        pair_close(&p);
    }
}

/* RFC 7634 appendix A: a packet made elsewhere. */
static void test_rfc7634(void **state)
{
    (void)state;
    struct octets key = hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
                            "a0a1a2a3");
    struct octets packet = hex("0102030400000005 1011121314151617"
                               "24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c6"
                               "14ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3"
                               "cbec163fac469b502773f6fb94e664da9165b82829f641e0"
                               "76aaa8266b7fb0f7b11b369907e1ad43");
    struct octets inner = hex("45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10"
                              "0007362708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"
                              "2425262728292a2b2c2d2e2f3031323334353637");
    struct suite s;
    struct esp_in in;
    struct esp_packet got;
    assert_int_equal(suite_init(&s, 28, 0, 0), ERR_OK);
    assert_int_equal(
        esp_in_init(&in, 0x01020304, &s, octets_span(&key), span_of(NULL, 0), false, 32), ERR_OK);
    assert_int_equal(esp_open(&in, packet.b, packet.len, NULL, &got, NULL), ERR_OK);
    assert_octets(got.inner, inner);
    assert_int_equal(got.pad_len, 2);
    assert_int_equal(got.next, 4);
    assert_int_equal(got.seq, 5);
    assert_int_equal(in.replay.top, 5);
    esp_in_clear(&in);
}

/* draft-mcgrew-gcm-test-01, case 1: AES-GCM with an extended number, whose high half is not on the
 * wire. */
static void test_gcm_esn(void **state)
{
    (void)state;
    struct octets key = hex("4c80cdefbb5d10da906ac73c3613a634 2e443b68");
    struct octets packet = hex("0000432100000000 4956ed7e3b244cfe"
                               "fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34"
                               "cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce"
                               "61bc17d768fd9732"
                               "459018148f6cbe722fd04796562dfdb4");
    struct suite s;
    struct esp_in in;
    struct esp_packet got;
    assert_int_equal(suite_init(&s, 20, 128, 0), ERR_OK);
    assert_int_equal(esp_in_init(&in, 0x4321, &s, octets_span(&key), span_of(NULL, 0), true, 64),
                     ERR_OK);
    in.replay.top = 0x87654320fffffff0;
    assert_int_equal(esp_open(&in, packet.b, packet.len, NULL, &got, NULL), ERR_OK);
    assert_int_equal(got.seq, 0x8765432100000000);
    assert_octets(span_part(got.inner, 0, 12), hex("45000048699a000080114db7"));
    assert_int_equal(got.inner.len, 68);
    esp_in_clear(&in);
}

/* An own packet, taken apart by hand: layout, padding, and what the ICV covers with and without the
 * high half. */
static void test_layout(void **state)
{
    (void)state;
    for (int esn = 0; esn < 2; esn++) {
        struct pair p;
        pair_open(&p, 11, 0, 2, esn == 1);
        p.out.seq = esn ? 0x500000007 : 7;
        struct packet k = seal(&p, span_str("abcd"), NEXT_IPV6, NULL);
        assert_int_equal(k.len, 8 + 4 + 2 + 2 + 12);
        assert_octets(span_of(k.b, 16), hex("00001000 00000008 61626364 0102 02 29"));
        struct octets key = octets_fill(0x24, 20), high = hex("00000005");
        struct span in[] = { span_of(k.b, 16), span_of(high.b, esn ? 4 : 0) };
        uint8_t mac[PRF_MAX];
        assert_int_equal(prf_run(prf_by_id(2), octets_span(&key), in, 2, mac), ERR_OK);
        assert_memory_equal(k.b + 16, mac, 12);
        pair_close(&p);
    }
}

/* IVs: drawn for CBC, counted for the others, and never the same twice even where a case repeats
 * a number. */
static void test_ivs(void **state)
{
    (void)state;
    struct pair p;
    pair_open(&p, 12, 128, 2, false);
    struct packet a = seal(&p, span_str("x"), 4, NULL), b = seal(&p, span_str("x"), 4, NULL);
    assert_memory_equal(a.b + 8, p.script.o.b, 16);
    assert_memory_equal(b.b + 8, p.script.o.b + 16, 16);
    pair_close(&p);
    pair_open(&p, 20, 128, 0, false);
    struct esp_bend again = { .seq_set = true, .seq = 1, .no_count = true };
    a = seal(&p, span_str("x"), 4, NULL);
    b = seal(&p, span_str("y"), 4, &again);
    assert_octets(span_of(a.b + 4, 12), hex("00000001 0000000000000001"));
    assert_octets(span_of(b.b + 4, 12), hex("00000001 0000000000000002"));
    b = seal(&p, span_str("z"), 4, &again);
    assert_octets(span_of(b.b + 4, 12), hex("00000001 0000000000000003"));
    assert_int_equal(p.script.at, 0);
    pair_close(&p);
}

static void test_replay(void **state)
{
    (void)state;
    struct pair p;
    struct esp_packet got;
    pair_open(&p, 20, 256, 0, false);
    struct packet k[100];
    for (size_t i = 0; i < 100; i++)
        k[i] = seal(&p, span_str("data"), 4, NULL);
    struct packet copy = k[50];
    assert_int_equal(open_packet(&p, &k[50], &got), ERR_OK);
    k[50] = copy;
    assert_int_equal(open_packet(&p, &k[50], &got), ERR_REPLAY);
    assert_false(got.replay_held);
    assert_memory_equal(k[50].b, copy.b, copy.len); /* untouched, so it may be opened after all */
    struct esp_check lax = { .replay = false, .integrity = true, .padding = true };
    assert_int_equal(esp_open(&p.in, k[50].b, k[50].len, &lax, &got, NULL), ERR_OK);
    assert_false(got.replay_held);
    assert_true(got.integrity_held);
    assert_int_equal(open_packet(&p, &k[99], &got), ERR_OK);
    assert_int_equal(open_packet(&p, &k[99 - 64], &got), ERR_REPLAY); /* too old by one */
    assert_int_equal(open_packet(&p, &k[99 - 63], &got), ERR_OK);
    assert_int_equal(p.in.replayed, 2);
    assert_int_equal(p.in.packets, 4);
    pair_close(&p);
}

/* RFC 4303 3.4.3: a forged packet must not move the window. */
static void test_forged(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair p;
        struct esp_packet got;
        pair_open(&p, suites[i][0], suites[i][1], suites[i][2], false);
        struct packet k = seal(&p, span_str("data"), 4, NULL);
        for (size_t at = 0; at < k.len; at++) {
            struct packet bad = k;
            struct replay before = p.in.replay;
            bad.b[at] ^= 0x40;
            assert_int_equal(open_packet(&p, &bad, &got), ERR_INTEGRITY);
            assert_memory_equal(&before, &p.in.replay, sizeof before);
        }
        assert_int_equal(p.in.bad_icv, k.len);
        assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
        pair_close(&p);
    }
}

static void test_cut_and_long(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair p;
        struct esp_packet got;
        struct fault why;
        pair_open(&p, suites[i][0], suites[i][1], suites[i][2], i % 2 == 0);
        struct packet k = seal(&p, span_str("some text to carry"), 4, NULL);
        for (size_t len = 0; len < k.len + 20; len++) {
            /* exactly sized heap copy: a read past it would show */
            uint8_t *copy = calloc(1, len + 1);
            memcpy(copy, k.b, len < k.len ? len : k.len);
            enum err rc = esp_open(&p.in, copy, len, NULL, &got, &why);
            if (len == k.len)
                assert_int_equal(rc, ERR_OK);
            else
                assert_true(rc == ERR_LENGTH || rc == ERR_INTEGRITY || rc == ERR_REPLAY);
            free(copy);
        }
        assert_int_equal(esp_open(&p.in, k.b, 70000, NULL, &got, NULL), ERR_LENGTH);
        pair_close(&p);
    }
    uint8_t short_packet[7] = { 1, 2, 3, 4, 5, 6, 7 };
    assert_int_equal(esp_spi(span_of(short_packet, 7)), 0);
    assert_int_equal(esp_spi((struct span){ 0 }), 0);
}

static void test_exhausted(void **state)
{
    (void)state;
    for (int esn = 0; esn < 2; esn++) {
        struct pair p;
        uint8_t buf[100];
        struct esp_packet got;
        struct esp_bend set = { .seq_set = true, .seq = 3 };
        uint64_t last = esn ? UINT64_MAX : UINT32_MAX;
        pair_open(&p, 20, 128, 0, esn == 1);
        p.out.seq = last - 2;
        p.in.replay.top = last - 5;
        struct packet k = seal(&p, span_str("a"), 4, NULL);
        assert_false(p.out.exhausted);
        assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
        k = seal(&p, span_str("b"), 4, NULL);
        assert_true(p.out.exhausted);
        assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
        assert_int_equal(got.seq, last);
        for (int i = 0; i < 3; i++) {
            struct writer w = wr_init(buf, sizeof buf);
            assert_int_equal(esp_seal(&p.out, &p.rng, span_str("c"), 4, NULL, &w), ERR_STATE);
            assert_int_equal(w.len, 0);
        }
        (void)seal(&p, span_str("d"), 4, &set); /* a case may send what a peer may not */
        assert_int_equal(p.out.seq, last);
        pair_close(&p);
    }
}

/* Without ESN the high half must not count; with it, both ends carry it over the wrap. */
static void test_esn_wrap(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair p;
        struct esp_packet got;
        pair_open(&p, suites[i][0], suites[i][1], suites[i][2], true);
        p.out.seq = 0xfffffff0;
        p.in.replay.top = 0xfffffff0;
        struct packet late = seal(&p, span_str("late"), 4, NULL);
        for (int n = 0; n < 40; n++) {
            struct packet k = seal(&p, span_str("data"), 4, NULL);
            assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
            assert_int_equal(got.seq, 0xfffffff2 + (uint64_t)n);
        }
        assert_int_equal(open_packet(&p, &late, &got), ERR_OK); /* from before the wrap */
        assert_int_equal(got.seq, 0xfffffff1);
        pair_close(&p);
        /* A receiver whose high half is another refuses. */
        pair_open(&p, suites[i][0], suites[i][1], suites[i][2], true);
        p.out.seq = 0x100000000;
        struct packet k = seal(&p, span_str("data"), 4, NULL);
        assert_int_equal(open_packet(&p, &k, &got), ERR_INTEGRITY);
        pair_close(&p);
    }
}

/* --- bends ---------------------------------------------------------------------------------------
 */

static void test_bend_numbers(void **state)
{
    (void)state;
    struct pair p;
    struct esp_packet got;
    pair_open(&p, 12, 128, 12, false);
    struct esp_bend ahead = { .seq_set = true, .seq = 40 };
    struct packet k = seal(&p, span_str("a"), 4, &ahead);
    assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
    assert_int_equal(got.seq, 40);
    assert_int_equal(p.out.seq, 1); /* counted all the same */
    k = seal(&p, span_str("b"), 4, NULL);
    assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
    assert_int_equal(got.seq, 2);
    struct esp_bend uncounted = { .no_count = true };
    k = seal(&p, span_str("c"), 4, &uncounted);
    assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
    assert_int_equal(p.out.seq, 2);
    k = seal(&p, span_str("d"), 4, NULL);
    assert_int_equal(open_packet(&p, &k, &got), ERR_REPLAY); /* three again */
    struct esp_bend spi = { .spi_set = true, .spi = 0xdeadbeef };
    k = seal(&p, span_str("e"), 4, &spi);
    assert_int_equal(esp_spi(span_of(k.b, k.len)), 0xdeadbeef);
    pair_close(&p);
}

static void test_bend_padding(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair p;
        struct esp_packet got;
        pair_open(&p, suites[i][0], suites[i][1], suites[i][2], false);
        size_t align = p.suite.block > 4 ? p.suite.block : 4;
        /* Wrong octets, whatever the inner length asks for. */
        for (size_t len = 0; len < 20; len++) {
            struct esp_bend bad = { .pad_bad = true };
            struct packet k = seal(&p, span_of("12345678901234567890", len), 4, &bad);
            struct packet copy = k;
            uint64_t seen = p.in.packets;
            assert_int_equal(open_packet(&p, &k, &got), ERR_PADDING);
            assert_true(got.integrity_held && !got.padding_held);
            assert_int_equal(got.inner.len, len); /* filled all the same */
            assert_int_equal(p.in.packets, seen);
            assert_int_equal(open_packet(&p, &copy, &got), ERR_REPLAY); /* it did count */
            struct esp_check lax = { true, true, false };
            k = seal(&p, span_of("12345678901234567890", len), 4, &bad);
            assert_int_equal(esp_open(&p.in, k.b, k.len, &lax, &got, NULL), ERR_OK);
            assert_int_equal(got.inner.len, len);
        }
        /* As much padding as one octet can say (RFC 4303 2.4 lets a sender add any). */
        struct esp_bend longest = { .pad_len_set = true };
        size_t len = align - (255 + 2) % align;
        longest.pad_len = 255;
        struct packet k = seal(&p, span_of("12345678901234567890", len), 4, &longest);
        assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
        assert_int_equal(got.pad_len, 255);
        assert_int_equal(got.inner.len, len);
        /* A length that does not align only lies: here far past the text. */
        longest.pad_len = 254;
        k = seal(&p, span_of("12345678901234567890", len), 4, &longest);
        assert_true(k.len < 100);
        assert_int_equal(open_packet(&p, &k, &got), ERR_LENGTH);
        pair_close(&p);
    }
}

/* Each pad octet counts, not only the last: bent one by one in a packet whose ICV holds. */
static void test_pad_octets(void **state)
{
    (void)state;
    struct pair p;
    struct esp_packet got;
    struct esp_bend longest = { .pad_len_set = true, .pad_len = 254 };
    struct octets key = octets_fill(0x24, 20);
    pair_open(&p, 11, 0, 2, false);
    for (size_t i = 0; i <= 254; i++) {
        struct packet k = seal(&p, span_str("abcd"), 4, &longest);
        size_t icv = k.len - 12;
        uint8_t mac[PRF_MAX];
        if (i < 254)
            k.b[8 + 4 + i] ^= 0x80;
        struct span in = span_of(k.b, icv);
        assert_int_equal(prf_run(prf_by_id(2), octets_span(&key), &in, 1, mac), ERR_OK);
        memcpy(k.b + icv, mac, 12);
        assert_int_equal(open_packet(&p, &k, &got), i < 254 ? ERR_PADDING : ERR_OK);
        assert_int_equal(got.pad_len, 254);
    }
    pair_close(&p);
}

/* What is not covered can be changed on the way; a pad length that counts TFC padding says too much. */
static void test_bend_coverage(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair p;
        struct esp_packet got;
        struct esp_bend open_number = { .uncovered = 4 }, nothing = { .uncovered = 255 };
        pair_open(&p, suites[i][0], suites[i][1], suites[i][2], i % 2 == 0);
        struct packet k = seal(&p, span_str("data"), 4, &open_number);
        assert_int_equal(open_packet(&p, &k, &got), ERR_INTEGRITY);
        k = seal(&p, span_str("data"), 4, &nothing);
        assert_int_equal(open_packet(&p, &k, &got), ERR_INTEGRITY);
        struct esp_bend tfc = { .tfc = 40, .pad_tfc = true };
        k = seal(&p, span_str("data"), 4, &tfc);
        assert_int_equal(open_packet(&p, &k, &got), ERR_PADDING);
        assert_int_equal(got.inner.len, 4);
        assert_in_range(got.pad_len, 40, 40 + 15);
        pair_close(&p);
    }
}

static void test_bend_icv_and_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair p;
        struct esp_packet got;
        pair_open(&p, suites[i][0], suites[i][1], suites[i][2], false);
        struct esp_bend flip = { .icv_flip = 1 };
        struct packet k = seal(&p, span_str("data"), 4, &flip), copy = k;
        assert_int_equal(open_packet(&p, &k, &got), ERR_INTEGRITY);
        assert_false(got.integrity_held);
        /* A bent device takes it, and still sees what it should have seen. */
        struct esp_check lax = { true, false, true };
        assert_int_equal(esp_open(&p.in, copy.b, copy.len, &lax, &got, NULL), ERR_OK);
        assert_false(got.integrity_held);
        assert_true(got.padding_held);
        assert_octets(got.inner, hex("64617461"));
        k = seal(&p, span_str("data"), 4, NULL);
        assert_int_equal(esp_open(&p.in, k.b, k.len, &lax, &got, NULL), ERR_OK);
        assert_true(got.integrity_held);
        struct esp_bend cut = { .cut = 5 }, all = { .cut = 60000 };
        size_t whole = k.len;
        k = seal(&p, span_str("data"), 4, &cut);
        assert_int_equal(k.len, whole - 5);
        assert_true(open_packet(&p, &k, &got) != ERR_OK);
        k = seal(&p, span_str("data"), 4, &all);
        assert_int_equal(k.len, 0);
        pair_close(&p);
    }
}

static void test_tfc(void **state)
{
    (void)state;
    struct pair p;
    struct esp_packet got;
    struct octets ip = hex("45000016 00000000 40110000 c0000201 c0000202 abcd");
    pair_open(&p, 20, 128, 0, false);
    struct esp_bend tfc = { .tfc = tfc_fill(ip.len, 1000) };
    struct packet k = seal(&p, octets_span(&ip), NEXT_IPV4, &tfc);
    assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
    assert_int_equal(got.inner.len, 1000);
    for (size_t i = ip.len; i < 1000; i++)
        assert_int_equal(got.inner.p[i], 0);
    assert_octets(tfc_strip(got.inner, got.next), ip);
    assert_int_equal(tfc_fill(1000, 1000), 0);
    assert_int_equal(tfc_fill(1001, 1000), 0);
    assert_int_equal(tfc_fill(0, 100000), 65535);
    /* A dummy packet (RFC 4303 2.6) carries anything. */
    k = seal(&p, span_str("junk"), NEXT_DUMMY, NULL);
    assert_int_equal(open_packet(&p, &k, &got), ERR_OK);
    assert_int_equal(got.next, NEXT_DUMMY);
    assert_int_equal(tfc_strip(got.inner, got.next).len, 4);
    /* What claims more than there is, or less than a header, stays whole. */
    ip.b[3] = 23;
    assert_int_equal(tfc_strip(octets_span(&ip), NEXT_IPV4).len, 22);
    ip.b[3] = 19;
    assert_int_equal(tfc_strip(octets_span(&ip), NEXT_IPV4).len, 22);
    assert_int_equal(tfc_strip(span_of(ip.b, 19), NEXT_IPV4).len, 19);
    struct octets v6 = octets_fill(0, 60);
    v6.b[0] = 0x60;
    v6.b[5] = 10;
    assert_int_equal(tfc_strip(octets_span(&v6), NEXT_IPV6).len, 50);
    v6.b[5] = 21;
    assert_int_equal(tfc_strip(octets_span(&v6), NEXT_IPV6).len, 60);
    pair_close(&p);
}

/* Any buffer too small leaves nothing behind and uses up no number; the writer may hold something
 * already. */
static void test_space(void **state)
{
    (void)state;
    struct pair p;
    uint8_t buf[200];
    struct esp_packet got;
    pair_open(&p, 12, 128, 12, false);
    size_t need = 8 + 16 + 16 + 16;
    for (size_t cap = 0; cap < need; cap++) {
        struct writer w = wr_init(buf, cap);
        assert_int_equal(esp_seal(&p.out, &p.rng, span_str("abc"), 4, NULL, &w), ERR_SPACE);
        assert_int_equal(p.out.seq, 0);
    }
    struct writer w = wr_init(buf, 4 + need);
    wr_u32(&w, 0); /* as in UDP encapsulation */
    assert_int_equal(esp_seal(&p.out, &p.rng, span_str("abc"), 4, NULL, &w), ERR_OK);
    assert_int_equal(w.len, 4 + need);
    assert_int_equal(esp_open(&p.in, buf + 4, need, NULL, &got, NULL), ERR_OK);
    assert_octets(got.inner, hex("616263"));
    static uint8_t huge[70000];
    w = wr_init(huge, sizeof huge);
    assert_int_equal(esp_seal(&p.out, &p.rng, span_of(huge, 65536), 4, NULL, &w), ERR_LENGTH);
    pair_close(&p);
}

static void test_empty_states(void **state)
{
    (void)state;
    struct esp_out out = { 0 };
    struct esp_in in = { 0 };
    struct esp_packet got;
    uint8_t buf[100] = { 0 };
    struct writer w = wr_init(buf, sizeof buf);
    assert_int_equal(esp_seal(&out, NULL, span_str("a"), 4, NULL, &w), ERR_STATE);
    assert_int_equal(esp_open(&in, buf, 100, NULL, &got, NULL), ERR_STATE);
    esp_out_clear(&out);
    esp_in_clear(&in);
    esp_out_clear(NULL);
    esp_in_clear(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_rfc7634),
        cmocka_unit_test(test_gcm_esn),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_ivs),
        cmocka_unit_test(test_replay),
        cmocka_unit_test(test_forged),
        cmocka_unit_test(test_cut_and_long),
        cmocka_unit_test(test_exhausted),
        cmocka_unit_test(test_esn_wrap),
        cmocka_unit_test(test_bend_numbers),
        cmocka_unit_test(test_bend_padding),
        cmocka_unit_test(test_bend_icv_and_cut),
        cmocka_unit_test(test_bend_coverage),
        cmocka_unit_test(test_pad_octets),
        cmocka_unit_test(test_tfc),
        cmocka_unit_test(test_space),
        cmocka_unit_test(test_empty_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

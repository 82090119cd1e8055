/* decode_test.c - what decodes, what does not, and that whatever decodes is encoded back as it
 * was. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/wire/print.h"
#include "engine/wire/samples.h"

static alignas(16) uint8_t store[MAX_NODES * sizeof(struct node) + 65536], made[1 << 18];
static uint8_t wire[4096], again[4096];

static struct span sample(unsigned i)
{
    struct arena a = arena_init(made, sizeof made);
    struct message m;
    struct writer w = wr_init(wire, sizeof wire);
    sample_make(i, &m, &a);
    SAMPLE_OK(msg_encode(&m, &w));
    return wr_done(&w);
}

/* Decodes; on success the encoding must be the same octets. Printing never fails. */
static enum err decode(struct span s, struct fault *why)
{
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    char text[300];
    enum err e = msg_decode(&m, &a, s, why);
    memset(text, 'x', sizeof text);
    print_tree(&m, 16, text, sizeof text);
    assert_non_null(memchr(text, 0, sizeof text));
    if (e == ERR_OK) {
        struct writer w = wr_init(again, sizeof again);
        assert_int_equal(msg_encode(&m, &w), ERR_OK);
        assert_true(span_eq(wr_done(&w), s));
    } else if (why != NULL) {
        assert_int_equal(why->code, e);
        assert_true(why->off <= s.len);
    }
    return e;
}

static void test_truncations(void **state)
{
    (void)state;
    for (unsigned i = 0; i < NUM_SAMPLES; i++) {
        struct span s = sample(i);
        for (size_t n = 0; n < s.len; n++) {
            struct fault why = { 0 };
            uint8_t *exact = malloc(n > 0 ? n : 1); /* so that a read past the end is seen */
            assert_non_null(exact);
            memcpy(exact, s.p, n);
            assert_int_equal(decode(span_of(exact, n), &why), ERR_TRUNCATED);
            if (n >= HDR_LEN) { /* the same with a header length that fits */
                put_u32(exact + 24, (uint32_t)n);
                enum err e = decode(span_of(exact, n), &why);
                assert_int_not_equal(e, ERR_OK);
            }
            free(exact);
        }
        assert_int_equal(decode(s, NULL), ERR_OK);
        uint8_t longer[4096];
        memcpy(longer, s.p, s.len);
        longer[s.len] = 0;
        assert_int_equal(decode(span_of(longer, s.len + 1), NULL), ERR_TRAILING);
        put_u32(longer + 24, (uint32_t)s.len + 1);
        assert_int_equal(decode(span_of(longer, s.len + 1), NULL), ERR_TRAILING);
    }
}

/* Every octet of every sample: off by one both ways, zero, largest. Whatever is accepted is
 * encoded back as it was (checked in decode()). */
static void test_each_octet(void **state)
{
    (void)state;
    unsigned accepted = 0, refused = 0;
    for (unsigned i = 0; i < NUM_SAMPLES; i++) {
        struct span s = sample(i);
        for (size_t at = 16; at < s.len; at++) {
            uint8_t old = wire[at];
            const uint8_t values[] = { (uint8_t)(old + 1), (uint8_t)(old - 1), 0, 255 };
            for (size_t v = 0; v < 4; v++) {
                wire[at] = values[v];
                struct fault why;
                if (decode(s, &why) == ERR_OK)
                    accepted++;
                else
                    refused++;
            }
            wire[at] = old;
        }
    }
    assert_true(accepted > 1000 && refused > 1000);
}

static void test_random_flips(void **state)
{
    (void)state;
    uint32_t x = 1;
    unsigned accepted = 0;
    for (unsigned round = 0; round < 100000; round++) {
        struct span s = round % 500 == 0 ? sample(round / 500 % NUM_SAMPLES)
                                         : span_of(wire, get_u32(wire + 24));
        static uint8_t keep[4096];
        memcpy(keep, wire, s.len);
        unsigned flips = 1 + round % 3;
        for (unsigned f = 0; f < flips; f++) {
            x = x * 1664525u + 1013904223u;
            wire[(x >> 8) % s.len] ^= (uint8_t)(1u << (x >> 4) % 8);
        }
        struct fault why;
        accepted += decode(s, &why) == ERR_OK;
        memcpy(wire, keep, s.len);
    }
    assert_true(accepted > 1000);
}

struct row {
    const char *what;
    unsigned sample;
    size_t at;
    uint8_t value;
    enum err err;
    uint32_t off;
    uint8_t payload;
};

/* One octet changed in a good message: which fault, where. */
static void test_faults(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "header length 27", 7, 27, 27, ERR_LENGTH, 24, 0 },
        { "header length 29", 7, 27, 29, ERR_TRUNCATED, 24, 0 },
        { "header length short", 3, 27, 28, ERR_TRAILING, 28, 0 },
        { "major version 3", 7, 17, 0x30, ERR_VERSION, 17, 0 },
        { "major version 1", 7, 17, 0x10, ERR_VERSION, 17, 0 },
        { "minor version 15", 7, 17, 0x2f, ERR_OK, 0, 0 },
        { "chain ends early", 7, 16, 33, ERR_TRUNCATED, 28, 33 },
        { "next 0 too early", 0, 16, 0, ERR_TRAILING, 28, 0 },
        { "payload length 3", 3, 31, 3, ERR_LENGTH, 30, 41 },
        { "payload length 0", 3, 31, 0, ERR_LENGTH, 30, 41 },
        { "payload past end", 3, 31, 33, ERR_TRUNCATED, 30, 41 },
        { "payload one short", 3, 31, 31, ERR_TRAILING, 59, 0 },
        { "notify SPI past end", 3, 33, 25, ERR_LENGTH, 33, 41 },
        { "notify SPI fills it", 3, 33, 24, ERR_OK, 0, 0 },
        { "unknown critical", 6, 29, 0xff, ERR_OK, 0, 0 },
        { "proposal last mark", 0, 32, 2, ERR_VALUE, 32, 33 },
        { "proposal length 7", 0, 35, 7, ERR_LENGTH, 34, 33 },
        { "proposal SPI size", 0, 38, 137, ERR_LENGTH, 38, 33 },
        { "one transform less", 0, 39, 14, ERR_COUNT, 39, 33 },
        { "one transform more", 0, 39, 16, ERR_COUNT, 39, 33 },
        { "transform mark", 0, 40, 0, ERR_VALUE, 40, 33 },
        { "transform length 7", 0, 43, 7, ERR_LENGTH, 42, 33 },
        { "transform length 11", 0, 43, 11, ERR_TRUNCATED, 48, 33 },
        { "attribute turned TLV", 0, 48, 0, ERR_TRUNCATED, 50, 33 },
        { "proposal number", 0, 36, 9, ERR_OK, 0, 0 },
        { "delete count", 20, 35, 4, ERR_COUNT, 34, 42 },
        { "delete size", 20, 33, 3, ERR_COUNT, 34, 42 },
        { "delete IKE count", 21, 35, 7, ERR_OK, 0, 0 },
        { "TS count less", 19, 32, 1, ERR_COUNT, 32, 44 },
        { "TS count more", 19, 32, 3, ERR_COUNT, 32, 44 },
        { "TS type of 16 octets", 19, 36, 8, ERR_LENGTH, 38, 44 },
        { "TS unknown type", 19, 36, 99, ERR_OK, 0, 0 },
        { "TS length 17", 19, 39, 17, ERR_LENGTH, 38, 44 },
        { "EAP length", 11, 35, 5, ERR_LENGTH, 34, 48 },
        { "CP attribute length", 15, 39, 1, ERR_TRUNCATED, 43, 47 },
        { "CP attribute past end", 15, 38, 9, ERR_TRUNCATED, 38, 47 },
        { "SK one short", 12, 31, 203, ERR_TRAILING, 231, 46 },
        { "SK one long", 12, 31, 205, ERR_TRUNCATED, 30, 46 },
        { "SK names anything", 12, 28, 255, ERR_OK, 0, 0 },
        { "SKF number", 13, 33, 99, ERR_OK, 0, 0 },
        { "label too short", 25, 39, 7, ERR_LENGTH, 38, 45 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *r = &rows[i];
        struct span s = sample(r->sample);
        struct fault why = { 0 };
        wire[r->at] = r->value;
        enum err e = decode(s, &why);
        if (e != r->err || (e != ERR_OK && (why.off != r->off || why.payload != r->payload)))
            fail_msg("%s: %s at %u payload %u, want %s at %u payload %u", r->what, err_name(e),
                     why.off, why.payload, err_name(r->err), r->off, r->payload);
    }
}

/* A reply to another major version needs the header only. */
static void test_version_header(void **state)
{
    (void)state;
    struct span s = sample(0);
    wire[17] = 0x31;
    wire[30] = 0xff;
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    assert_int_equal(msg_decode(&m, &a, s, NULL), ERR_VERSION);
    assert_int_equal(node_num(m.hdr, HDR_MAJOR), 3);
    assert_int_equal(node_num(m.hdr, HDR_SPI_I), 0x0102030405060708u);
    assert_null(m.hdr->child);
}

/* What stands before the fault can be looked at. */
static void test_partial(void **state)
{
    (void)state;
    struct span s = sample(1);
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    wire[s.len - 17] = 99; /* length of the last vendor id */
    assert_int_equal(msg_decode(&m, &a, s, NULL), ERR_TRUNCATED);
    assert_non_null(payload_find(m.hdr, PAYLOAD_NONCE));
    assert_non_null(payload_find(m.hdr, PAYLOAD_VID));
    assert_null(payload_next(payload_find(m.hdr, PAYLOAD_VID), PAYLOAD_VID));
}

/* A datagram of the smallest payloads reaches the limit of nodes, not the end of memory. */
static void test_many_nodes(void **state)
{
    (void)state;
    static uint8_t big[HDR_LEN + 4 * 3000];
    memset(big, 0, sizeof big);
    for (unsigned n = MAX_NODES - 1; n <= MAX_NODES; n++) {
        size_t len = HDR_LEN + 4 * n;
        big[16] = PAYLOAD_VID;
        big[17] = 0x20;
        put_u32(big + 24, (uint32_t)len);
        for (unsigned i = 0; i < n; i++) {
            big[HDR_LEN + 4 * i] = i + 1 < n ? PAYLOAD_VID : 0;
            big[HDR_LEN + 4 * i + 3] = 4;
        }
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        assert_int_equal(msg_decode(&m, &a, span_of(big, len), NULL),
                         n == MAX_NODES ? ERR_SPACE : ERR_OK);
        assert_true(a.used <= MAX_NODES * sizeof(struct node));
    }
    static uint8_t huge[65536];
    memcpy(huge, big, sizeof big);
    put_u32(huge + 24, 65536);
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    assert_int_equal(msg_decode(&m, &a, span_of(huge, 65536), NULL), ERR_LENGTH);
}

static void test_node_size(void **state)
{
    (void)state;
    assert_true(sizeof(struct node) <= 80);        /* the speed of decode rests on it */
    assert_int_equal(sizeof(struct node) % 16, 0); /* bumped without alignment */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncations),    cmocka_unit_test(test_each_octet),
        cmocka_unit_test(test_random_flips),   cmocka_unit_test(test_faults),
        cmocka_unit_test(test_version_header), cmocka_unit_test(test_partial),
        cmocka_unit_test(test_many_nodes),     cmocka_unit_test(test_node_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

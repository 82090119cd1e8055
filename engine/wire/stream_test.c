/* stream_test.c - messages in a TCP stream, however it comes in pieces. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/wire/encap.h"
#include "engine/wire/stream.h"

/* IKE behind its marker, nothing at all, a keepalive, three octets, ESP. */
static const struct {
    const char *octets;
    size_t len;
    enum encap_kind kind;
} messages[] = {
    { "\0\0\0\0message", 11, ENCAP_IKE }, { "", 0, ENCAP_SHORT },
    { "\xff", 1, ENCAP_KEEPALIVE },       { "\0\0\0", 3, ENCAP_SHORT },
    { "\0\0\0\0", 4, ENCAP_IKE },         { "\1\2\3\4\0\0\0\1x", 9, ENCAP_ESP },
};
#define NUM_MESSAGES (sizeof messages / sizeof messages[0])

static struct span whole(uint8_t *buf, size_t cap, bool prefix)
{
    struct writer w = wr_init(buf, cap);
    if (prefix)
        wr_span(&w, span_str(STREAM_PREFIX));
    for (size_t i = 0; i < NUM_MESSAGES; i++)
        assert_int_equal(stream_add(span_of(messages[i].octets, messages[i].len), &w), ERR_OK);
    return wr_done(&w);
}

/* What came so far, in a block of its own so that reading past it is seen. */
struct end {
    struct stream s;
    uint8_t *kept;
    size_t len, seen;
};

static void feed(struct end *e, struct span more)
{
    uint8_t *all = malloc(e->len + more.len + 1);
    assert_non_null(all);
    if (e->len > 0)
        memcpy(all, e->kept, e->len);
    if (more.len > 0)
        memcpy(all + e->len, more.p, more.len);
    free(e->kept);
    struct reader in = rd_init(span_of(all, e->len + more.len));
    struct span body;
    enum stream_state got;
    while ((got = stream_next(&e->s, &in, &body)) == STREAM_MESSAGE) {
        assert_in_range(e->seen, 0, NUM_MESSAGES - 1);
        assert_true(span_eq(body, span_of(messages[e->seen].octets, messages[e->seen].len)));
        assert_int_equal(encap_classify(body), messages[e->seen].kind);
        e->seen++;
    }
    assert_int_equal(got, STREAM_MORE);
    e->len = in.len;
    e->kept = malloc(in.len + 1);
    assert_non_null(e->kept);
    if (in.len > 0)
        memcpy(e->kept, in.p, in.len);
    free(all);
}

static void done(struct end *e)
{
    assert_int_equal(e->seen, NUM_MESSAGES);
    assert_int_equal(e->len, 0);
    assert_false(e->s.prefix);
    free(e->kept);
}

/* Cut in three at every two places, and octet by octet. */
static void test_splits(void **state)
{
    (void)state;
    for (int prefix = 0; prefix < 2; prefix++) {
        uint8_t buf[128];
        struct span all = whole(buf, sizeof buf, prefix != 0);
        for (size_t a = 0; a <= all.len; a++)
            for (size_t b = a; b <= all.len; b++) {
                struct end e = { .s = { .prefix = prefix != 0 } };
                feed(&e, span_part(all, 0, a));
                feed(&e, span_part(all, a, b - a));
                feed(&e, span_part(all, b, all.len));
                done(&e);
            }
        struct end e = { .s = { .prefix = prefix != 0 } };
        for (size_t i = 0; i < all.len; i++)
            feed(&e, span_part(all, i, 1));
        done(&e);
    }
}

static void expect_broken(struct span octets, bool prefix, enum err why, uint32_t off)
{
    struct stream s = { .prefix = prefix };
    struct reader in = rd_init(octets);
    struct span body;
    assert_int_equal(stream_next(&s, &in, &body), STREAM_BROKEN);
    assert_int_equal(in.err, why);
    assert_int_equal(in.err_off, off);
    assert_int_equal(stream_next(&s, &in, &body), STREAM_BROKEN); /* and so it stays */
}

static void test_broken(void **state)
{
    (void)state;
    struct stream s = { 0 };
    struct span body;
    expect_broken(span_of("\0\0", 2), false, ERR_LENGTH, 0);
    expect_broken(span_of("\0\1\0\0", 4), false, ERR_LENGTH, 0);
    expect_broken(span_of("IKETCP\0\1", 8), true, ERR_LENGTH, 6);
    for (uint32_t i = 0; i < STREAM_PREFIX_LEN; i++) {
        uint8_t bent[STREAM_PREFIX_LEN];
        memcpy(bent, STREAM_PREFIX, sizeof bent);
        bent[i] ^= 0x20;
        expect_broken(span_of(bent, i + 1), true, ERR_VALUE, i); /* nothing behind it is needed */
    }
    /* the other end sends no prefix: there these octets are a length and what it counts */
    struct reader in = rd_init(span_str(STREAM_PREFIX));
    assert_int_equal(stream_next(&s, &in, &body), STREAM_MORE);
    /* whole messages before the breach count */
    in = rd_init(span_of("\0\3\xff\0\1", 5));
    assert_int_equal(stream_next(&s, &in, &body), STREAM_MESSAGE);
    assert_int_equal(encap_classify(body), ENCAP_KEEPALIVE);
    assert_int_equal(stream_next(&s, &in, &body), STREAM_BROKEN);
    assert_int_equal(in.err_off, 3);
}

static void test_longest(void **state)
{
    (void)state;
    static uint8_t buf[0x10000], message[0x10000];
    struct stream s = { 0 };
    struct span body;
    struct writer w = wr_init(buf, sizeof buf);
    assert_int_equal(stream_add(span_of(message, STREAM_MESSAGE_MAX + 1), &w), ERR_LENGTH);
    assert_int_equal(w.len, 0);
    assert_int_equal(stream_add(span_of(message, STREAM_MESSAGE_MAX), &w), ERR_OK);
    assert_int_equal(w.len, 0xffff);
    struct reader in = rd_init(span_of(buf, w.len - 1));
    assert_int_equal(stream_next(&s, &in, &body), STREAM_MORE);
    in = rd_init(wr_done(&w));
    assert_int_equal(stream_next(&s, &in, &body), STREAM_MESSAGE);
    assert_int_equal(body.len, STREAM_MESSAGE_MAX);
    w = wr_init(buf, 5);
    assert_int_equal(stream_add(span_of(message, 4), &w), ERR_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

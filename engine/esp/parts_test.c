/* parts_test.c - datagrams cut and put together again in any order; what overlaps, lies or belongs to
 * another is refused. */
#include "engine/esp/parts.h"
#include "engine/crypto/kat.h"
#include "engine/esp/inner.h"

static struct parts p;

struct cut {
    uint8_t b[2000];
    size_t len;
};

static struct cut packet(size_t payload)
{
    struct cut c;
    uint8_t data[1600];
    struct addr src, dst;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + 3);
    assert_true(addr_parse("10.1.0.1", &src));
    assert_true(addr_parse("10.2.0.1", &dst));
    struct writer w = wr_init(c.b, sizeof c.b);
    assert_int_equal(inner_echo(&w, &src, &dst, false, 7, 1, span_of(data, payload)), ERR_OK);
    c.len = w.len;
    return c;
}

static struct cut piece(const struct cut *whole, size_t at, size_t len)
{
    struct cut c;
    struct writer w = wr_init(c.b, sizeof c.b);
    assert_int_equal(inner_fragment(&w, span_of(whole->b, whole->len), at, len), ERR_OK);
    c.len = w.len;
    return c;
}

static enum err add(uint32_t spi, const struct cut *c, struct span *out)
{
    return parts_add(&p, spi, span_of(c->b, c->len), out, NULL);
}

static void test_any_order(void **state)
{
    (void)state;
    static const size_t order[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                       { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
    struct cut whole = packet(1200);
    struct cut three[3] = { piece(&whole, 0, 400), piece(&whole, 400, 400),
                            piece(&whole, 800, 2000) };
    for (size_t i = 0; i < 6; i++) {
        struct span got;
        assert_int_equal(add(1, &three[order[i][0]], &got), ERR_FRAGMENT);
        assert_int_equal(add(1, &three[order[i][1]], &got), ERR_FRAGMENT);
        assert_int_equal(add(1, &three[order[i][2]], &got), ERR_OK);
        assert_int_equal(got.len, whole.len);
        assert_memory_equal(got.p, whole.b, whole.len);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    for (size_t n = 1; n < 100; n++) {
        struct cut whole = packet(n);
        struct cut a = piece(&whole, 0, 8), b = piece(&whole, 8, 2000);
        struct span got;
        assert_int_equal(add(1, &b, &got), ERR_FRAGMENT);
        assert_int_equal(add(1, &a, &got), ERR_OK);
        assert_int_equal(got.len, whole.len);
        assert_memory_equal(got.p, whole.b, whole.len);
    }
}

static void test_apart(void **state)
{
    (void)state;
    struct cut whole = packet(64), a = piece(&whole, 0, 40), b = piece(&whole, 40, 2000);
    struct span got;
    assert_int_equal(add(1, &a, &got), ERR_FRAGMENT);
    assert_int_equal(add(2, &b, &got), ERR_FRAGMENT); /* of another Child SA */
    assert_int_equal(add(1, &b, &got), ERR_FRAGMENT);
    struct cut other = a;
    other.b[5] ^= 1; /* another identification */
    assert_int_equal(add(1, &other, &got), ERR_FRAGMENT);
    assert_int_equal(add(1, &b, &got), ERR_FRAGMENT);
    assert_int_equal(add(1, &a, &got), ERR_OK);
}

static void test_refused(void **state)
{
    (void)state;
    struct cut whole = packet(64), a = piece(&whole, 0, 40), b = piece(&whole, 40, 2000);
    struct cut over = piece(&whole, 32, 8), beyond = piece(&whole, 40, 24);
    struct span got;
    p = (struct parts){ 0 };
    assert_int_equal(add(1, &a, &got), ERR_FRAGMENT);
    assert_int_equal(add(1, &over, &got), ERR_DUPLICATE); /* overlaps: all of it is gone */
    assert_int_equal(add(1, &b, &got), ERR_FRAGMENT);
    p = (struct parts){ 0 };
    assert_int_equal(add(1, &b, &got), ERR_FRAGMENT);
    assert_int_equal(add(1, &b, &got), ERR_VALUE); /* a second end */
    p = (struct parts){ 0 };
    put_u16(b.b + 6, 40 / 8 - 2);
    assert_int_equal(add(1, &b, &got), ERR_FRAGMENT);
    assert_int_equal(add(1, &beyond, &got), ERR_VALUE); /* behind the end */
    p = (struct parts){ 0 };
    struct cut odd = a;
    put_u16(odd.b + 2, (uint16_t)--odd.len);
    assert_int_equal(add(1, &odd, &got), ERR_LENGTH); /* more follows, but not of whole units */
    put_u16(a.b + 6, 0x1fff);
    assert_int_equal(add(1, &a, &got), ERR_LENGTH); /* longer than IP can be */
    for (size_t len = 0; len < 20; len++)
        assert_int_equal(parts_add(&p, 1, span_of(whole.b, len), &got, NULL), ERR_LENGTH);
    whole.b[0] = 0x41;
    assert_int_equal(add(1, &whole, &got), ERR_LENGTH);
    whole.b[0] = 0x65;
    assert_int_equal(add(1, &whole, &got), ERR_LENGTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_apart),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

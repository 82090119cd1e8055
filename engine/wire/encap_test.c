/* encap_test.c - what a datagram on port 4500 is taken for. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/wire/encap.h"

static void test_classify(void **state)
{
    (void)state;
    assert_int_equal(encap_classify(span_of("\xff", 1)), ENCAP_KEEPALIVE);
    assert_int_equal(encap_classify(span_of("\xfe", 1)), ENCAP_SHORT);
    assert_int_equal(encap_classify(span_of("\xff\xff", 2)), ENCAP_SHORT);
    assert_int_equal(encap_classify((struct span){ 0 }), ENCAP_SHORT);
    assert_int_equal(encap_classify(span_of("\0\0\0", 3)), ENCAP_SHORT);
    assert_int_equal(encap_classify(span_of("\0\0\0\0", 4)), ENCAP_IKE);
    assert_int_equal(encap_classify(span_of("\0\0\0\1\0\0\0\1", 8)), ENCAP_ESP);
    assert_int_equal(encap_classify(span_of("\0\0\0\1\0\0\0", 7)), ENCAP_SHORT);
}

static void test_marker(void **state)
{
    (void)state;
    uint8_t buf[16];
    struct writer w = wr_init(buf, sizeof buf);
    assert_int_equal(encap_add(span_of("message", 7), &w), ERR_OK);
    assert_int_equal(w.len, 11);
    assert_true(span_eq(encap_strip(wr_done(&w)), span_of("message", 7)));
    assert_int_equal(encap_strip(span_of("message", 7)).len, 0);
    w = wr_init(buf, 10);
    assert_int_equal(encap_add(span_of("message", 7), &w), ERR_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classify),
        cmocka_unit_test(test_marker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* cfg_test.c - the table of RFC 7296 3.15.1: each attribute takes its length and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/wire/cfg.h"
#include "engine/wire/registry.h"

static void lengths(void **state)
{
    (void)state;
    static const struct {
        uint16_t type;
        size_t len;
    } rows[] = {
        { CFG_ATTR_INTERNAL_IP4_ADDRESS, 4 }, { CFG_ATTR_INTERNAL_IP4_NETMASK, 4 },
        { CFG_ATTR_INTERNAL_IP4_DNS, 4 },     { CFG_ATTR_INTERNAL_IP4_NBNS, 4 },
        { CFG_ATTR_INTERNAL_IP4_DHCP, 4 },    { CFG_ATTR_INTERNAL_IP6_ADDRESS, 17 },
        { CFG_ATTR_INTERNAL_IP6_DNS, 16 },    { CFG_ATTR_INTERNAL_IP6_DHCP, 16 },
        { CFG_ATTR_INTERNAL_IP4_SUBNET, 8 },  { CFG_ATTR_INTERNAL_IP6_SUBNET, 17 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t len = 0; len <= 64; len++)
            assert_int_equal(cfg_length_right(rows[i].type, len), len == 0 || len == rows[i].len);
    for (size_t len = 0; len <= 64; len++) {
        assert_int_equal(cfg_length_right(CFG_ATTR_SUPPORTED_ATTRIBUTES, len), len % 2 == 0);
        assert_true(cfg_length_right(CFG_ATTR_APPLICATION_VERSION, len));
        assert_true(cfg_length_right(CFG_ATTR_P_CSCF_IP4_ADDRESS, len)); /* not for us to say */
        assert_true(cfg_length_right(0x7fff, len));
    }
}

static void forms(void **state)
{
    (void)state;
    assert_int_equal(cfg_form(CFG_ATTR_INTERNAL_IP6_SUBNET), CFG_FORM_IP6_PREFIX);
    assert_int_equal(cfg_form(CFG_ATTR_APPLICATION_VERSION), CFG_FORM_TEXT);
    assert_int_equal(cfg_form(5), CFG_FORM_OPAQUE); /* removed by RFC 7296 1.7 */
    assert_int_equal(cfg_form_len(CFG_FORM_OPAQUE), 0);
    assert_int_equal(cfg_form_len(CFG_FORM_TEXT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(lengths), cmocka_unit_test(forms) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

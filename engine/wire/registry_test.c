/* registry_test.c - numbers, names and prefixes of the registries. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/wire/registry.h"

static const struct names *const all[] = {
    &names_exchange, &names_payload,   &names_protocol,    &names_transform, &names_encr,
    &names_prf,      &names_integ,     &names_group,       &names_esn,       &names_notify,
    &names_id,       &names_auth,      &names_cert,        &names_ts,        &names_cfg,
    &names_cfg_attr, &names_attribute, &names_ip_protocol, &names_eap_code,  &names_hash,
};

/* Binary search needs ascending numbers; every name leads back to its number. */
static void test_rows(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof all / sizeof all[0]; r++) {
        for (size_t i = 0; i < all[r]->num_rows; i++) {
            const struct name *row = &all[r]->rows[i];
            assert_true(i == 0 || row->num > row[-1].num);
            assert_string_equal(name_of(all[r], row->num), row->name);
            assert_int_equal(name_num(all[r], row->name), row->num);
            assert_true(row->ref[0] != '\0');
        }
        assert_null(name_of(all[r], 0xfffffff0u));
    }
}

/* Spot checks against the published registries. */
static void test_numbers(void **state)
{
    (void)state;
    assert_int_equal(EXCHANGE_IKE_INTERMEDIATE, 43);
    assert_int_equal(PAYLOAD_SKF, 53);
    assert_int_equal(ENCR_CHACHA20_POLY1305, 28);
    assert_int_equal(PRF_HMAC_SHA2_512, 7);
    assert_int_equal(AUTH_HMAC_SHA2_512_256, 14);
    assert_int_equal(GROUP_CURVE448, 32);
    assert_int_equal(GROUP_ML_KEM_768, 36);
    assert_int_equal(N_SIGNATURE_HASH_ALGORITHMS, 16431);
    assert_int_equal(N_ADDITIONAL_KEY_EXCHANGE, 16441);
    assert_int_equal(AUTH_METHOD_SIGNATURE, 14);
    assert_int_equal(CFG_ATTR_INTERNAL_DNS_DOMAIN, 25);
}

static void test_names(void **state)
{
    (void)state;
    assert_int_equal(name_num(&names_encr, "aes_cbc"), 12);
    assert_int_equal(name_num(&names_encr, "ENCR_AES_CBC"), 12);
    assert_int_equal(name_num(&names_encr, "ENCR_NULL"), 11);
    assert_int_equal(name_num(&names_encr, "3DES"), 3);
    assert_int_equal(name_num(&names_prf, "hmac-sha2-256"), 5);
    assert_int_equal(name_num(&names_integ, "AUTH_HMAC_SHA1_96"), 2);
    assert_int_equal(name_num(&names_integ, "HMAC_SHA1_96"), 2);
    assert_int_equal(name_num(&names_integ, "NONE"), 0);
    assert_int_equal(name_num(&names_group, "GROUP_MODP_2048"), 14);
    assert_int_equal(name_num(&names_group, "MODP_2048"), 14);
    assert_int_equal(name_num(&names_group, "0x1f"), 31);
    assert_int_equal(name_num(&names_notify, "N_COOKIE"), 16390);
    assert_int_equal(name_num(&names_notify, "cookie"), 16390);
    assert_int_equal(name_num(&names_notify, "40000"), 40000);
    assert_int_equal(name_num(&names_ts, "IPV4_ADDR_RANGE"), 7);
    assert_int_equal(name_num(&names_notify, "N_"), -1);
    assert_int_equal(name_num(&names_notify, "COOKI"), -1);
    assert_int_equal(name_num(&names_notify, "COOKIE3"), -1);
    assert_int_equal(name_num(&names_notify, ""), -1);
    assert_int_equal(name_num(&names_notify, "0x"), -1);
    assert_int_equal(name_num(&names_notify, "12a"), -1);
    assert_int_equal(name_num(&names_notify, "-1"), -1);
    assert_int_equal(name_num(NULL, "4294967295"), 4294967295);
    assert_int_equal(name_num(NULL, "4294967296"), -1);
    assert_null(name_of(NULL, 1));
    assert_ptr_equal(names_of_transform(TRANSFORM_ADDKE7), &names_group);
    assert_null(names_of_transform(13));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

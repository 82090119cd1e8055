/* lint_test.c - each finding with the message that has just it. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/wire/lint.h"
#include "engine/wire/path.h"
#include "engine/wire/samples.h"

static alignas(16) uint8_t store[1 << 18];

static void test_clean(void **state)
{
    (void)state;
    static const unsigned clean[] = { 0,  1,  2,  3,  4,  7,  8,  9,  10, 11, 12, 13,
                                      14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25 };
    for (size_t i = 0; i < sizeof clean / sizeof clean[0]; i++) {
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        struct fault f[8];
        const char *name = sample_make(clean[i], &m, &a);
        if (lint(&m, f, 8) != 0)
            fail_msg("%s: %s %s", name, f[0].field, req_id(f[0].req));
    }
}

struct row {
    unsigned sample;
    const char *path, *value;
    enum req req;
};

static void test_rows(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { 0, "HDR.flags", "0x09", REQ_LINT_FLAG_BITS },
        { 0, "HDR.flags", "0x88", REQ_LINT_FLAG_BITS },
        { 0, "HDR.flags.V", "1", REQ_LINT_VERSION_FLAG },
        { 0, "HDR.minor", "1", REQ_LINT_MINOR_VERSION },
        { 0, "HDR.exchange", "99", REQ_LINT_EXCHANGE_TYPE },
        { 0, "HDR.spi_i", "0", REQ_LINT_SPI_I },
        { 0, "KE.critical", "1", REQ_LINT_CRITICAL },
        { 9, "AUTH.critical", "1", REQ_LINT_CRITICAL_RESPONSE },
        { 0, "KE.reserved", "1", REQ_RESERVED_ZERO },
        { 0, "KE.reserved2", "1", REQ_RESERVED_ZERO },
        { 0, "SA.1.reserved", "1", REQ_RESERVED_ZERO },
        { 0, "SA.1.2.reserved2", "1", REQ_RESERVED_ZERO },
        { 8, "CP.1.reserved", "1", REQ_RESERVED_ZERO },
        { 0, "KE.data", "0x01", REQ_LINT_MODP_PADDED },
        { 0, "Nonce.data", "0x000102030405060708090a0b0c0d0e", REQ_NONCE_SIZE },
        { 0, "SA.1.number", "2", REQ_LINT_FIRST_NUMBER },
        { 8, "SA.2.number", "3", REQ_LINT_NUMBERS_ASCEND },
        { 0, "SA.1.spi", "0x0102030405060708", REQ_LINT_SPI_SIZE_INITIAL },
        { 8, "SA.1.spi", "0x0102030405060708", REQ_LINT_SPI_SIZE },
        { 17, "SA.1.spi", "0x01020304", REQ_LINT_SPI_SIZE },
        { 0, "SA.1.PRF.keylen", "128", REQ_LINT_KEY_LENGTH_FIXED },
        { 0, "SA.1.ENCR.id", "3DES", REQ_LINT_KEY_LENGTH_FIXED },
        { 0, "SA.1.ENCR.KEY_LENGTH.type", "15", REQ_LINT_KEY_LENGTH_PRESENT },
        { 0, "SA.1.ENCR[3].id", "AES_GCM_16", REQ_LINT_COMBINED_INTEG },
        { 8, "SA.1.ESN.type", "PRF", REQ_LINT_ESP_TYPES },
        { 17, "SA.1.protocol", "ESP", REQ_LINT_ESP_TYPES },
        { 1, "KE.group", "1025", REQ_LINT_KE_GROUP },
        { 8, "IDi.data", "hex:6100", REQ_LINT_FQDN_TERMINATOR },
        { 8, "IDr.data", "hex:610a", REQ_LINT_EMAIL_TERMINATOR },
        { 9, "IDr.data", "str:abcde", REQ_LINT_ID_LENGTH },
        { 8, "CERTREQ.data", "0x01", REQ_LINT_CA_HASHES },
        { 0, "N.protocol", "ESP", REQ_LINT_NOTIFY_PROTOCOL },
        { 0, "N.spi", "0x01", REQ_LINT_NOTIFY_SPI },
        { 3, "N.data", "", REQ_LINT_COOKIE_LENGTH },
        { 4, "N.data", "0x00", REQ_LINT_INVALID_KE_DATA },
        { 16, "N.data", "0x00", REQ_LINT_REKEY_DATA },
        { 16, "N.protocol", "IKE", REQ_LINT_REKEY_PROTOCOL },
        { 20, "D.spi_size", "8", REQ_LINT_DELETE_SPI_SIZE },
        { 21, "D.spi_size", "8", REQ_LINT_DELETE_SPI_SIZE },
        { 8, "TSi.1.port_lo", "100", REQ_NONE },
        { 8, "TSi.1.port_hi", "0", REQ_NONE },
        { 8, "TSi.1.addr_lo", "10.1.0.0", REQ_LINT_TS_RANGE },
        { 8, "CP.attribute[1].value", "0x010203", REQ_CFG_VALUE_LENGTH }, /* INTERNAL_IP4_DNS */
        { 8, "CP.attribute[1].value", "", REQ_NONE },
        { 8, "CP.attribute[3].value", "str:any", REQ_NONE }, /* APPLICATION_VERSION */
        { 8, "CP.attribute[7].value", "0x01020304", REQ_CFG_VALUE_LENGTH },
        { 11, "EAP.data", "0x01", REQ_LINT_EAP_SUCCESS },
        { 13, "SKF.number", "3", REQ_FRAG_NUMBER_VALID },
        { 13, "SKF.number", "0", REQ_FRAG_NUMBER_VALID },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        struct fault f[16];
        bool found = false;
        sample_make(rows[i].sample, &m, &a);
        assert_int_equal(path_set(&m, rows[i].path, rows[i].value, NULL), ERR_OK);
        size_t n = lint(&m, f, 16);
        for (size_t k = 0; k < n && k < 16; k++)
            found = found || f[k].req == rows[i].req;
        if (rows[i].req == REQ_NONE ? n != 0 : !found)
            fail_msg("%s = %s: %zu findings, first %s", rows[i].path, rows[i].value, n,
                     n > 0 ? req_id(f[0].req) : "none");
    }
}

/* 16 and 256 octets are the bounds of a nonce (RFC 7296 3.9). */
static void test_nonce_bounds(void **state)
{
    (void)state;
    static const size_t lens[] = { 15, 16, 256, 257 };
    for (size_t i = 0; i < 4; i++) {
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        SAMPLE_OK(msg_new(&m, &a, EXCHANGE_IKE_SA_INIT, 8, 0, 1, 0));
        sample_nonce(&m, m.hdr, lens[i]);
        assert_int_equal(lint(&m, NULL, 0), lens[i] < 16 || lens[i] > 256);
    }
}

static void test_nested_and_empty(void **state)
{
    (void)state;
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct fault f[4];
    assert_int_equal(msg_new(&m, &a, EXCHANGE_INFORMATIONAL, 8, 2, 1, 2), ERR_OK);
    struct node *sk = payload_add(&m, m.hdr, PAYLOAD_SK);
    payload_add(&m, sk, PAYLOAD_SK);
    payload_add(&m, sk, PAYLOAD_TSi);
    assert_int_equal(lint(&m, f, 4), 2);
    assert_int_equal(f[0].req, REQ_LINT_NESTED_SK);
    assert_int_equal(f[1].req, REQ_LINT_TS_COUNT);
    assert_int_equal(f[1].inside, 1);
    assert_int_equal(f[1].payload, PAYLOAD_TSi);
    assert_int_equal(lint(&m, f, 0), 2); /* counts even without room */
    assert_int_equal(lint(&m, NULL, 0), 2);
}

/* Where the finding lies: the octet in the datagram. */
static void test_offset(void **state)
{
    (void)state;
    uint8_t wire[1024];
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct fault f[4];
    sample_make(0, &m, &a);
    struct writer w = wr_init(wire, sizeof wire);
    SAMPLE_OK(msg_encode(&m, &w));
    wire[28 + 148 + 6] = 1; /* reserved of KE */
    SAMPLE_OK(msg_decode(&m, &a, wr_done(&w), NULL));
    assert_int_equal(lint(&m, f, 4), 1);
    assert_int_equal(f[0].off, 28 + 148 + 6);
    assert_string_equal(f[0].field, "reserved2");
    assert_int_equal(f[0].payload, PAYLOAD_KE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_nonce_bounds), cmocka_unit_test(test_nested_and_empty),
        cmocka_unit_test(test_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* path_test.c - the path grammar: tables of paths, values and mistakes. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "engine/wire/path.h"
#include "engine/wire/samples.h"

static alignas(16) uint8_t store[1 << 20];
static struct arena arena;
static struct message msg;

static void use(unsigned i)
{
    arena = arena_init(store, sizeof store);
    sample_make(i, &msg, &arena);
}

static const char *get(const char *path)
{
    static char buf[4096];
    struct path_fault why = { 0 };
    enum err e = path_get(&msg, path, buf, sizeof buf, &why);
    if (e != ERR_OK)
        snprintf(buf, sizeof buf, "%s at %zu", err_name(e), why.at);
    return buf;
}

static void test_get(void **state)
{
    (void)state;
    static const struct {
        unsigned sample;
        const char *path, *value;
    } rows[] = {
        { 0, "HDR.flags.R", "0" },
        { 0, "HDR.flags.I", "1" },
        { 0, "hdr.FLAGS", "8" },
        { 0, "HDR.mid", "0" },
        { 0, "HDR.major", "2" },
        { 0, "HDR.spi_i", "0x0102030405060708" },
        { 0, "HDR.exchange", "IKE_SA_INIT" },
        { 0, "HDR.length", "596" },
        { 0, "HDR.next", "SA" },
        { 0, "SA.next", "KE" },
        { 0, "V[1].next", "NONE" },
        { 0, "KE.length", "264" },
        { 0, "SA.1.more", "0" },
        { 0, "SA.1.1.more", "3" },
        { 0, "SA.1.spi_size", "0" },
        { 0, "KE.group", "MODP_2048" },
        { 0, "2.group", "MODP_2048" },
        { 0, "HDR.KE.group", "MODP_2048" },
        { 0, "N(COOKIE).data", "NO_PATH at 0" },
        { 0, "N(SIGNATURE_HASH_ALGORITHMS).type", "SIGNATURE_HASH_ALGORITHMS" },
        { 0, "N(16431).protocol", "NONE" },
        { 0, "N[1].type", "NAT_DETECTION_DESTINATION_IP" },
        { 0, "NOTIFY[1].type", "NAT_DETECTION_DESTINATION_IP" },
        { 0, "N[9].type", "NO_PATH at 0" },
        { 0, "V[1].critical", "0" },
        { 0, "VID.reserved", "0" },
        { 0, "SA.1.protocol", "IKE" },
        { 0, "SA.proposal[0].number", "1" },
        { 0, "SA.1.1.id", "ENCR_AES_CBC" },
        { 0, "SA.1.transform.ENCR.keylen", "256" },
        { 0, "SA.1.ENCR.keylen", "256" },
        { 0, "SA.1.ENCR[1].keylen", "192" },
        { 0, "SA.1.transform[2].keylen", "128" },
        { 0, "SA.1.transform.3.keylen", "128" },
        { 0, "SA.1.transform(PRF)[2].id", "PRF_HMAC_SHA2_512" },
        { 0, "SA.1.PRF.id", "PRF_HMAC_SHA2_256" },
        { 0, "SA.1.INTEG.id", "AUTH_HMAC_SHA2_256_128" },
        { 0, "SA.1.DH.id", "CURVE25519" },
        { 0, "SA.1.KE[4].id", "MODP_3072" },
        { 0, "SA.1.KE[5].id", "NO_PATH at 5" },
        { 0, "SA.1.transform.id", "ENCR_AES_CBC" },
        { 0, "SA.1.ENCR.KEY_LENGTH.value", "256" },
        { 0, "SA.1.ENCR.attribute.value", "256" },
        { 0, "SA.1.PRF.keylen", "0" },
        { 0, "SA.2.protocol", "NO_PATH at 3" },
        { 0, "SA.0.protocol", "NO_PATH at 3" },
        { 0, "KE", "KE" },
        { 0, "N(COOKIE)", "NO_PATH at 0" },
        { 0, "SA.1", "proposal" },
        { 0, "KE.grop", "NO_PATH at 3" },
        { 0, "", "NO_PATH at 0" },
        { 0, ".", "NO_PATH at 0" },
        { 0, "KE.", "NO_PATH at 0" },
        { 0, "KE..group", "NO_PATH at 3" },
        { 0, "KE[", "NO_PATH at 0" },
        { 0, "KE[1", "NO_PATH at 0" },
        { 0, "KE[x].group", "NO_PATH at 0" },
        { 0, "N(COOKIE", "NO_PATH at 0" },
        { 0, "KE.group.group", "NO_PATH at 3" },
        { 0, "KE[99999999999999999999].group", "NO_PATH at 0" },
        { 6, "payload(200).critical", "1" },
        { 6, "payload(201).data", "0x" },
        { 8, "IDi.data", "0x636c69656e742e6578616d706c65" },
        { 8, "IDi.type", "ID_FQDN" },
        { 8, "TSi.1.port_lo", "0" },
        { 8, "TSi.1.port_hi", "65535" },
        { 8, "TSi.1.addr_lo", "10.0.0.1" },
        { 8, "TSr.2.addr_hi", "a00:ff::" },
        { 8, "TSr.selector[1].type", "TS_IPV6_ADDR_RANGE" },
        { 8, "CP.1.type", "INTERNAL_IP4_ADDRESS" },
        { 8, "CP.INTERNAL_IP4_DNS.value", "0x" },
        { 8, "CP.type", "CFG_REQUEST" },
        { 8, "SA.2.spi", "0x" },
        { 8, "AUTH.method", "SIGNATURE" },
        { 9, "IDr.data", "10.1.1.1" },
        { 20, "D.num_spis", "3" },
        { 20, "D.spis", "0x" },
        { 24, "SA.1.transform(77).id", "999" },
        { 24, "SA.1.1.attribute(99).af", "0" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        use(rows[i].sample);
        const char *v = get(rows[i].path);
        bool prefix = strcmp(rows[i].value, "0x") == 0; /* any octets */
        if (prefix ? strncmp(v, "0x", 2) != 0 : strcmp(v, rows[i].value) != 0)
            fail_msg("%s is %s, want %s", rows[i].path, v, rows[i].value);
        assert_int_equal(path_has(&msg, rows[i].path),
                         strncmp(v, "NO_PATH", 7) != 0 && strcmp(rows[i].path, "SA.1.PRF.keylen"));
    }
}

static void test_set(void **state)
{
    (void)state;
    static const struct {
        unsigned sample;
        const char *path, *value, *get;
        enum err err;
    } rows[] = {
        { 0, "KE.group", "31", "CURVE25519", ERR_OK },
        { 0, "KE.group", "0x1f", "CURVE25519", ERR_OK },
        { 0, "KE.group", "ecp-384", "ECP_384", ERR_OK },
        { 0, "KE.group", "65535", "65535", ERR_OK },
        { 0, "KE.group", "65536", "MODP_2048", ERR_VALUE },
        { 0, "KE.group", "MODP_204", "MODP_2048", ERR_VALUE },
        { 0, "KE.group", "", "MODP_2048", ERR_VALUE },
        { 0, "KE.group", "auto", "MODP_2048", ERR_VALUE },
        { 0, "KE.critical", "1", "1", ERR_OK },
        { 0, "KE.reserved", "0x7f", "127", ERR_OK },
        { 0, "KE.reserved", "128", "0", ERR_VALUE },
        { 0, "KE.length", "3", "3", ERR_OK },
        { 0, "KE.next", "Nonce", "Nonce", ERR_OK },
        { 0, "KE.data", "0x00ff", "0x00ff", ERR_OK },
        { 0, "KE.data", "hex:00 ff:12", "0x00ff12", ERR_OK },
        { 0, "KE.data", "str:ab", "0x6162", ERR_OK },
        { 0, "KE.data", "", "0x", ERR_OK },
        { 0, "HDR.flags", "0xff", "255", ERR_OK },
        { 0, "HDR.flags.R", "1", "1", ERR_OK },
        { 0, "HDR.spi_r", "0xffffffffffffffff", "0xffffffffffffffff", ERR_OK },
        { 0, "HDR.spi_r", "0x1ffffffffffffffff", "0x0000000000000000", ERR_VALUE },
        { 0, "HDR.exchange", "IKE_AUTH", "IKE_AUTH", ERR_OK },
        { 0, "HDR.length", "12", "12", ERR_OK },
        { 0, "SA.1.ENCR.keylen", "13", "13", ERR_OK },
        { 0, "SA.1.PRF.keylen", "256", "256", ERR_OK },
        { 0, "SA.1.ENCR.keylen", "65536", "256", ERR_VALUE },
        { 0, "SA.1.ENCR.id", "AES_GCM_16", "ENCR_AES_GCM_16", ERR_OK },
        { 0, "SA.1.number", "7", "7", ERR_OK },
        { 0, "SA.1", "7", "proposal", ERR_NO_PATH },
        { 8, "TSi.1.addr_lo", "192.0.2.9", "192.0.2.9", ERR_OK },
        { 8, "TSr.2.addr_lo", "2001:db8::1", "2001:db8::1", ERR_OK },
        { 8, "TSi.1.addr_lo", "192.0.2.9:500", "10.0.0.1", ERR_VALUE },
        { 8, "TSi.1.addr_lo", "0x0102", "0x0102", ERR_OK },
        { 8, "TSi.1.addr_lo", "0x010", "10.0.0.1", ERR_VALUE },
        { 8, "IDr.data", "str:x", "0x78", ERR_OK },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        use(rows[i].sample);
        struct path_fault why = { 0 };
        enum err e = path_set(&msg, rows[i].path, rows[i].value, &why);
        const char *v = get(rows[i].path);
        if (e != rows[i].err || strcmp(v, rows[i].get) != 0)
            fail_msg("%s = %s: %s, is %s", rows[i].path, rows[i].value, err_name(e), v);
        assert_int_equal(e, e == ERR_OK ? ERR_OK : why.code);
    }
    use(0);
    assert_int_equal(path_set(&msg, "KE.length", "3", NULL), ERR_OK);
    assert_int_equal(path_set(&msg, "KE.length", "auto", NULL), ERR_OK);
    assert_string_equal(get("KE.length"), "264");
}

/* A set field is what goes out. */
static void test_set_is_sent(void **state)
{
    (void)state;
    uint8_t wire[1024];
    use(0);
    assert_int_equal(path_set(&msg, "HDR.flags.X2", "5", NULL), ERR_OK);
    assert_int_equal(path_set(&msg, "SA.1.PRF.keylen", "77", NULL), ERR_OK);
    assert_int_equal(path_set(&msg, "Nonce.length", "9", NULL), ERR_OK);
    struct writer w = wr_init(wire, sizeof wire);
    assert_int_equal(msg_encode(&msg, &w), ERR_OK);
    assert_int_equal(w.len, 600);
    assert_int_equal(wire[19], 0x0d);
    assert_int_equal(get_u16(wire + 28 + 148 + 4 + 264 + 2), 9);
}

static void test_sk(void **state)
{
    (void)state;
    arena = arena_init(store, sizeof store);
    assert_int_equal(msg_new(&msg, &arena, EXCHANGE_IKE_AUTH, 8, 1, 1, 2), ERR_OK);
    sample_vid(&msg, msg.hdr, 1);
    struct node *sk = payload_add(&msg, msg.hdr, PAYLOAD_SK);
    sample_vid(&msg, sk, 2);
    sample_id(&msg, sk, PAYLOAD_IDi, ID_FQDN, "x");
    assert_string_equal(get("IDi.data"), "0x78");
    assert_string_equal(get("SK.IDi.data"), "0x78");
    assert_string_equal(get("SK.critical"), "0");
    assert_int_equal(strlen(get("V.data")), 6);
    assert_int_equal(strlen(get("HDR.V.data")), 4);
    assert_int_equal(strlen(get("SK.V.data")), 6);
}

static void test_faults(void **state)
{
    (void)state;
    struct path_fault why;
    const char *names[64];
    char text[512], value[8];
    use(0);
    assert_int_equal(path_get(&msg, "KE.grop", value, sizeof value, &why), ERR_NO_PATH);
    assert_true(path_allowed(&why, "KE.grop", names, 64) >= 6);
    assert_string_equal(names[0], "group");
    path_fault_text(&why, "KE.grop", NULL, text, sizeof text);
    assert_non_null(strstr(text, "character 4: no such field; allowed: group"));

    assert_int_equal(path_get(&msg, "SA.1.ENC.id", value, sizeof value, &why), ERR_NO_PATH);
    assert_true(path_allowed(&why, "SA.1.ENC.id", names, 64) > 6);
    assert_string_equal(names[0], "ENCR");

    assert_int_equal(path_get(&msg, "Nonse.data", value, sizeof value, &why), ERR_NO_PATH);
    assert_true(path_allowed(&why, "Nonse.data", names, 2) == 2);
    assert_string_equal(names[0], "Nonce");

    assert_int_equal(path_set(&msg, "KE.group", "MODP2048", &why), ERR_VALUE);
    path_fault_text(&why, "KE.group", "MODP2048", text, sizeof text);
    assert_non_null(strstr(text, "allowed: MODP_2048"));
    path_fault_text(&why, "KE.group", "MODP2048", text, 10);
    assert_int_equal(strlen(text), 9);
    assert_int_equal(path_get(&msg, "KE.data", value, sizeof value, &why), ERR_SPACE);
    assert_int_equal(strlen(value), 7);
}

/* Derived fields follow what the message holds; only what sealing decides has no value yet. */
static void test_derived(void **state)
{
    (void)state;
    use(0);
    struct node *sa = msg.hdr->child, *p = sa->child;
    assert_non_null(child_add(&msg, sa, &shape_proposal));
    assert_string_equal(get("SA.1.more"), "2");
    assert_string_equal(get("SA.2.number"), "2");
    assert_string_equal(get("SA.2.num_transforms"), "0");
    assert_true(node_remove(sa, p));
    assert_string_equal(get("SA.1.number"), "1");
    assert_string_equal(get("SA.1.length"), "8");
    assert_string_equal(get("SA.length"), "12");
    assert_int_equal(path_set(&msg, "V.next", "SA", NULL), ERR_OK);
    assert_string_equal(get("V.next"), "SA");
    assert_int_equal(path_set(&msg, "Nonce.data", "", NULL), ERR_OK);
    assert_string_equal(get("Nonce.length"), "4");

    arena = arena_init(store, sizeof store);
    assert_int_equal(msg_new(&msg, &arena, EXCHANGE_INFORMATIONAL, 8, 1, 1, 2), ERR_OK);
    struct node *sk = payload_add(&msg, msg.hdr, PAYLOAD_SK);
    assert_string_equal(get("SK.next"), "NONE");
    sample_vid(&msg, sk, 2);
    sample_id(&msg, sk, PAYLOAD_IDi, ID_FQDN, "x");
    assert_string_equal(get("SK.next"), "V");
    assert_string_equal(get("V.next"), "IDi");
    assert_string_equal(get("IDi.next"), "NONE");
    assert_string_equal(get("IDi.length"), "9");
    assert_string_equal(get("HDR.next"), "SK");
    assert_string_equal(get("SK.length"), "auto");
    assert_string_equal(get("HDR.length"), "auto");
    assert_int_equal(node_set_bytes(&msg, sk, SK_DATA, span_str("sealed")), ERR_OK);
    assert_string_equal(get("SK.length"), "10");
    assert_string_equal(get("HDR.length"), "38");
}

struct listing {
    unsigned num;
};

static void check_path(void *ctx, const char *path, struct node *n, unsigned field)
{
    struct path_ref ref;
    struct listing *l = ctx;
    l->num++;
    if (path_find(&msg, path, &ref, NULL) != ERR_OK || ref.node != n || ref.field != (int)field)
        fail_msg("%s leads elsewhere", path);
}

/* Every listed path leads back to its field, and what get says can be set. */
static void test_list(void **state)
{
    (void)state;
    for (unsigned i = 0; i < NUM_SAMPLES; i++) {
        struct listing l = { 0 };
        use(i);
        path_list(&msg, check_path, &l);
        assert_true(l.num >= 14);
    }
    arena = arena_init(store, sizeof store);
    assert_int_equal(msg_new(&msg, &arena, EXCHANGE_IKE_AUTH, 8, 1, 1, 2), ERR_OK);
    struct listing l = { 0 };
    sample_vid(&msg, msg.hdr, 1);
    struct node *sk = payload_add(&msg, msg.hdr, PAYLOAD_SK);
    sample_vid(&msg, sk, 2);
    sample_notify(&msg, sk, 40000, 0, 0, 0);
    sample_notify(&msg, sk, 40000, 0, 0, 0);
    sample_sa_esp(&msg, sk);
    payload_add(&msg, sk, PAYLOAD_SK);
    payload_add(&msg, sk, 222);
    path_list(&msg, check_path, &l);
    assert_true(l.num > 60);
}

static uint8_t wire[4096];
static char value[8192];

static void get_set(void *ctx, const char *path, struct node *n, unsigned field)
{
    (void)ctx;
    (void)n;
    (void)field;
    assert_int_equal(path_get(&msg, path, value, sizeof value, NULL), ERR_OK);
    enum err e = path_set(&msg, path, value, NULL);
    if (e != ERR_OK)
        fail_msg("%s = %s: %s", path, value, err_name(e));
}

static void test_get_then_set(void **state)
{
    (void)state;
    for (unsigned i = 0; i < NUM_SAMPLES; i++) {
        static alignas(16) uint8_t more[1 << 20];
        uint8_t again[4096];
        use(i);
        struct writer w = wr_init(wire, sizeof wire), v = wr_init(again, sizeof again);
        assert_int_equal(msg_encode(&msg, &w), ERR_OK);
        arena = arena_init(more, sizeof more);
        assert_int_equal(msg_decode(&msg, &arena, wr_done(&w), NULL), ERR_OK);
        path_list(&msg, get_set, NULL);
        assert_int_equal(msg_encode(&msg, &v), ERR_OK);
        assert_true(span_eq(wr_done(&v), wr_done(&w)));
    }
}

static struct message came, copied;

/* The same value in a message of our making, in what came of it, and in a copy of that. */
static void get_alike(void *ctx, const char *path, struct node *n, unsigned field)
{
    static char other[8192];
    (void)ctx;
    assert_int_equal(path_get(&came, path, value, sizeof value, NULL), ERR_OK);
    assert_int_equal(path_get(&copied, path, other, sizeof other, NULL), ERR_OK);
    if (strcmp(value, other) != 0)
        fail_msg("%s is %s, in a copy %s", path, value, other);
    assert_int_equal(path_get(&msg, path, other, sizeof other, NULL), ERR_OK);
    if (strcmp(value, other) != 0 && strcmp(other, "auto") != 0)
        fail_msg("%s is %s, before it was sent %s", path, value, other);
    if (strcmp(other, "auto") == 0)
        assert_true(n == msg.hdr ? field == HDR_LENGTH : msg_sk(&msg) == n && field == PL_LENGTH);
}

static void test_get_alike(void **state)
{
    (void)state;
    for (unsigned i = 0; i < NUM_SAMPLES; i++) {
        static alignas(16) uint8_t more[1 << 20], third[1 << 20];
        struct arena a = arena_init(more, sizeof more), b = arena_init(third, sizeof third);
        use(i);
        struct writer w = wr_init(wire, sizeof wire);
        assert_int_equal(msg_encode(&msg, &w), ERR_OK);
        assert_int_equal(msg_decode(&came, &a, wr_done(&w), NULL), ERR_OK);
        assert_int_equal(msg_copy(&copied, &b, &came), ERR_OK);
        path_list(&msg, get_alike, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_get),          cmocka_unit_test(test_set),
        cmocka_unit_test(test_set_is_sent),  cmocka_unit_test(test_sk),
        cmocka_unit_test(test_faults),       cmocka_unit_test(test_list),
        cmocka_unit_test(test_get_then_set), cmocka_unit_test(test_derived),
        cmocka_unit_test(test_get_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

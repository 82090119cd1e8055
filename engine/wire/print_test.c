/* print_test.c - the one-line form, the tree, and that neither ever fails. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/wire/print.h"
#include "engine/wire/samples.h"

static alignas(16) uint8_t store[1 << 20];
static struct arena arena;
static struct message msg;
static char text[65536];

static void use(unsigned i)
{
    arena = arena_init(store, sizeof store);
    sample_make(i, &msg, &arena);
}

static void test_line(void **state)
{
    (void)state;
    static const struct {
        unsigned sample;
        const char *line;
    } rows[] = {
        { 1, "IKE_SA_INIT request 0 [ SA KE Nonce N(NAT_DETECTION_SOURCE_IP) "
             "N(NAT_DETECTION_DESTINATION_IP) N(IKEV2_FRAGMENTATION_SUPPORTED) "
             "N(SIGNATURE_HASH_ALGORITHMS) V V ]" },
        { 3, "IKE_SA_INIT response 0 [ N(COOKIE) ]" },
        { 6, "IKE_SA_INIT request 0 [ payload(200) payload(201) ]" },
        { 7, "IKE_SA_INIT request 0 [ ]" },
        { 9, "IKE_AUTH response 9 [ IDr AUTH SA TSi TSr ]" },
        { 12, "IKE_AUTH request 12 [ SK ]" },
        { 13, "IKE_AUTH request 13 [ SKF(1/2) ]" },
        { 20, "INFORMATIONAL request 20 [ D ]" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        use(rows[i].sample);
        if (rows[i].sample == 12 || rows[i].sample == 13) { /* as it comes off the wire */
            static uint8_t wire[512];
            struct writer w = wr_init(wire, sizeof wire);
            assert_int_equal(msg_encode(&msg, &w), ERR_OK);
            assert_int_equal(msg_decode(&msg, &arena, wr_done(&w), NULL), ERR_OK);
        }
        assert_int_equal(print_line(&msg, text, sizeof text), strlen(rows[i].line));
        assert_string_equal(text, rows[i].line);
    }
    use(9);
    print_chain(&msg, text, sizeof text);
    assert_string_equal(text, "IDr AUTH SA TSi TSr");
    sample_num(&msg, msg.hdr, HDR_EXCHANGE, 250);
    sample_notify(&msg, msg.hdr, 40000, 0, 0, 0);
    print_line(&msg, text, sizeof text);
    assert_string_equal(text, "exchange(250) response 9 [ IDr AUTH SA TSi TSr N(40000) ]");
}

static void test_opened_sk(void **state)
{
    (void)state;
    arena = arena_init(store, sizeof store);
    assert_int_equal(msg_new(&msg, &arena, EXCHANGE_INFORMATIONAL, FLAG_RESPONSE, 7, 1, 2), ERR_OK);
    struct node *sk = payload_add(&msg, msg.hdr, PAYLOAD_SK);
    print_line(&msg, text, sizeof text);
    assert_string_equal(text, "INFORMATIONAL response 7 [ ]");
    sample_delete(&msg, sk, PROTOCOL_ESP, 4, 1);
    print_line(&msg, text, sizeof text);
    assert_string_equal(text, "INFORMATIONAL response 7 [ D ]");
}

static void test_tree(void **state)
{
    (void)state;
    static uint8_t wire[1024];
    use(8);
    struct writer w = wr_init(wire, sizeof wire);
    assert_int_equal(msg_encode(&msg, &w), ERR_OK);
    assert_int_equal(msg_decode(&msg, &arena, wr_done(&w), NULL), ERR_OK);
    assert_true(print_tree(&msg, 8, text, sizeof text) < sizeof text);
    static const char *const parts[] = {
        "IKE_AUTH request 8\n",
        "HDR @0\n",
        "  IDi @28\n",
        "type           ID_FQDN (2)\n",
        "0x636c69656e742e65..(14) \"client.e..\"\n",
        "    proposal @",
        "id             ENCR_AES_GCM_16 (20)\n",
        "addr_lo        10.0.0.1\n",
        "N(INITIAL_CONTACT)",
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strstr(text, parts[i]) == NULL)
            fail_msg("no %s in\n%s", parts[i], text);
}

/* Any buffer size: terminated, never over the end, and what fits is the beginning of the whole. */
static void test_cut(void **state)
{
    (void)state;
    static char whole[65536];
    use(0);
    size_t len = print_tree(&msg, PRINT_ALL, whole, sizeof whole);
    assert_int_equal(strlen(whole), len);
    for (size_t cap = 0; cap < 600; cap++) {
        memset(text, 'x', cap + 8);
        assert_int_equal(print_tree(&msg, PRINT_ALL, text, cap), len);
        assert_int_equal(text[cap], 'x');
        if (cap > 0) {
            assert_int_equal(strlen(text), cap - 1);
            assert_memory_equal(text, whole, cap - 1);
        }
    }
    struct message none = { 0 };
    assert_int_equal(print_line(&none, text, sizeof text), 9);
    assert_string_equal(text, "no header");
    assert_int_equal(print_chain(&none, text, sizeof text), 0);
}

/* Control characters and bytes above ASCII never reach the terminal. */
static void test_escaped(void **state)
{
    (void)state;
    arena = arena_init(store, sizeof store);
    assert_int_equal(msg_new(&msg, &arena, 34, 0, 0, 1, 2), ERR_OK);
    for (unsigned c = 0; c < 256; c++) {
        uint8_t bytes[3] = { 'a', (uint8_t)c, 'b' };
        struct node *v = payload_add(&msg, msg.hdr, PAYLOAD_VID);
        SAMPLE_OK(node_set_bytes(&msg, v, VID_DATA, span_of(bytes, 3)));
        struct node *id = payload_add(&msg, msg.hdr, PAYLOAD_IDi);
        sample_num(&msg, id, ID_TYPE, ID_FQDN);
        SAMPLE_OK(node_set_bytes(&msg, id, ID_DATA, span_of(bytes, 3)));
    }
    static char big[1 << 18];
    assert_true(print_tree(&msg, PRINT_ALL, big, sizeof big) < sizeof big);
    for (const char *p = big; *p != '\0'; p++)
        assert_true(*p == '\n' || (*p >= 0x20 && *p < 0x7f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line), cmocka_unit_test(test_opened_sk), cmocka_unit_test(test_tree),
        cmocka_unit_test(test_cut),  cmocka_unit_test(test_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

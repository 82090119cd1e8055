/* message_test.c - making, changing, copying and encoding trees. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/wire/samples.h"

static alignas(16) uint8_t store[1 << 20], other[1 << 20];
static uint8_t wire[70000], again[70000];

static struct span encode(const struct message *m, uint8_t *buf)
{
    struct writer w = wr_init(buf, sizeof wire);
    assert_int_equal(msg_encode(m, &w), ERR_OK);
    return wr_done(&w);
}

static struct span sample(unsigned i)
{
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    sample_make(i, &m, &a);
    return encode(&m, wire);
}

static void test_round_trip(void **state)
{
    (void)state;
    for (unsigned i = 0; i < NUM_SAMPLES; i++) {
        struct span s = sample(i);
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        struct fault why = { 0 };
        assert_int_equal(msg_decode(&m, &a, s, &why), ERR_OK);
        assert_true(span_eq(encode(&m, again), s));
        struct arena b = arena_init(other, sizeof other);
        struct message copy;
        assert_int_equal(msg_copy(&copy, &b, &m), ERR_OK);
        memset(store, 0xee, sizeof store);
        assert_true(span_eq(encode(&copy, again), s));
    }
}

static void test_init_bytes(void **state)
{
    (void)state;
    struct span s = sample(0);
    assert_int_equal(s.len, 596);
    assert_int_equal(get_u64(s.p), 0x0102030405060708u);
    assert_int_equal(s.p[16], PAYLOAD_SA);
    assert_int_equal(s.p[17], 0x20);
    assert_int_equal(s.p[18], EXCHANGE_IKE_SA_INIT);
    assert_int_equal(s.p[19], FLAG_INITIATOR);
    assert_int_equal(get_u32(s.p + 24), 596);
    static const uint8_t sa[] = { 34, 0, 0, 148, 0, 0, 0, 144, 1,    1,  0, 15,
                                  3,  0, 0, 12,  1, 0, 0, 12,  0x80, 14, 1, 0 };
    assert_memory_equal(s.p + 28, sa, sizeof sa);
}

static void test_derived_and_set(void **state)
{
    (void)state;
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    assert_int_equal(msg_new(&m, &a, EXCHANGE_IKE_SA_INIT, 0, 0, 1, 2), ERR_OK);
    struct node *n = sample_notify(&m, m.hdr, N_COOKIE, 0, 2, 3);
    struct node *ke = payload_add(&m, m.hdr, PAYLOAD_KE);
    assert_true(node_derived(n, PL_LENGTH));
    struct span s = encode(&m, wire);
    assert_int_equal(s.len, 28 + 13 + 8);
    assert_int_equal(s.p[28], PAYLOAD_KE);
    assert_int_equal(get_u16(s.p + 30), 13);
    assert_int_equal(s.p[33], 2); /* SPI size */

    sample_num(&m, n, PL_NEXT, 200);
    sample_num(&m, n, PL_LENGTH, 3);
    sample_num(&m, n, NOTIFY_SPI_SIZE, 77);
    sample_num(&m, m.hdr, HDR_LENGTH, 0xfffffff0u);
    assert_false(node_derived(n, PL_LENGTH));
    s = encode(&m, wire);
    assert_int_equal(s.p[28], 200);
    assert_int_equal(get_u16(s.p + 30), 3);
    assert_int_equal(s.p[33], 77);
    assert_int_equal(get_u32(s.p + 24), 0xfffffff0u);
    node_unset(n, PL_NEXT);
    assert_int_equal(encode(&m, wire).p[28], PAYLOAD_KE);

    assert_int_equal(node_set_num(&m, ke, KE_GROUP, 0x10000), ERR_VALUE);
    assert_int_equal(node_set_num(&m, ke, KE_DATA, 1), ERR_NO_PATH);
    assert_int_equal(node_set_num(&m, ke, 40, 1), ERR_NO_PATH);
    assert_int_equal(node_set_bytes(&m, ke, KE_GROUP, span_of("abc", 3)), ERR_LENGTH);
    assert_int_equal(node_set_bytes(&m, ke, KE_GROUP, span_of("\0\x1f", 2)), ERR_OK);
    assert_int_equal(node_num(ke, KE_GROUP), GROUP_CURVE25519);
    assert_int_equal(node_num(ke, KE_DATA), 0);
}

static void test_too_long(void **state)
{
    (void)state;
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    assert_int_equal(msg_new(&m, &a, 34, 0, 0, 1, 2), ERR_OK);
    struct node *n = payload_add(&m, m.hdr, PAYLOAD_VID);
    assert_int_equal(node_set_bytes(&m, n, VID_DATA, span_of(other, 65536)), ERR_OK);
    struct writer w = wr_init(wire, sizeof wire);
    assert_int_equal(msg_encode(&m, &w), ERR_LENGTH);
    sample_num(&m, n, PL_LENGTH, 4); /* on purpose: goes out */
    w = wr_init(wire, sizeof wire);
    assert_int_equal(msg_encode(&m, &w), ERR_OK);
    w = wr_init(wire, 1000);
    assert_int_equal(msg_encode(&m, &w), ERR_SPACE);

    struct node *sa = payload_add(&m, m.hdr, PAYLOAD_SA);
    struct node *p = child_add(&m, sa, &shape_proposal);
    for (int i = 0; i < 256; i++)
        child_add(&m, p, &shape_transform);
    w = wr_init(wire, sizeof wire);
    node_remove(m.hdr, n);
    assert_int_equal(msg_encode(&m, &w), ERR_COUNT);
}

static void test_insert_remove_clone(void **state)
{
    (void)state;
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    assert_int_equal(msg_new(&m, &a, 34, 0, 0, 1, 2), ERR_OK);
    struct node *x = payload_add(&m, m.hdr, PAYLOAD_VID), *y = payload_add(&m, m.hdr, PAYLOAD_KE);
    struct node *z = node_clone(&m, x);
    assert_non_null(z);
    node_insert(m.hdr, z, y);
    assert_ptr_equal(x->next, z);
    assert_ptr_equal(z->next, y);
    assert_ptr_equal(m.hdr->last_child, y);
    assert_true(node_remove(m.hdr, y));
    assert_false(node_remove(m.hdr, y));
    assert_ptr_equal(m.hdr->last_child, z);
    assert_true(node_remove(m.hdr, x));
    assert_ptr_equal(m.hdr->child, z);
    assert_true(node_remove(m.hdr, z));
    assert_null(m.hdr->child);
    assert_null(m.hdr->last_child);
    node_insert(m.hdr, y, x); /* x hangs nowhere: appended */
    assert_ptr_equal(m.hdr->last_child, y);
    assert_ptr_equal(payload_find(m.hdr, PAYLOAD_KE), y);
    assert_null(payload_next(y, PAYLOAD_KE));
}

/* The inner text of SK: next of SK names the first payload, clear copies leave SK out. */
static void test_sk(void **state)
{
    (void)state;
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    assert_int_equal(msg_new(&m, &a, EXCHANGE_IKE_AUTH, FLAG_INITIATOR, 1, 1, 2), ERR_OK);
    sample_vid(&m, m.hdr, 4);
    struct node *sk = payload_add(&m, m.hdr, PAYLOAD_SK);
    assert_ptr_equal(msg_payloads(&m), sk); /* ours, nothing in it yet */
    sample_id(&m, sk, PAYLOAD_IDi, ID_FQDN, "x");
    sample_nonce(&m, sk, 16);
    struct writer w = wr_init(again, sizeof again);
    assert_int_equal(chain_encode(sk, &w), ERR_OK);
    struct span inner = wr_done(&w);
    assert_int_equal(inner.len, 9 + 20);
    assert_int_equal(inner.p[0], PAYLOAD_NONCE);
    assert_int_equal(node_set_bytes(&m, sk, SK_DATA, inner), ERR_OK); /* a very weak cipher */
    struct span s = encode(&m, wire);
    assert_int_equal(s.len, 28 + 8 + 4 + 29);
    assert_int_equal(s.p[28], PAYLOAD_SK);
    assert_int_equal(s.p[36], PAYLOAD_IDi);

    struct message in;
    assert_int_equal(msg_decode(&in, &a, s, NULL), ERR_OK);
    sk = msg_sk(&in);
    assert_ptr_equal(msg_payloads(&in), in.hdr); /* still sealed */
    assert_int_equal(node_num(sk, PL_NEXT), PAYLOAD_IDi);
    assert_false(node_derived(sk, PL_NEXT));
    assert_int_equal(
        chain_decode(&in, sk, (uint8_t)node_num(sk, PL_NEXT), node_bytes(sk, SK_DATA), NULL),
        ERR_OK);
    assert_ptr_equal(msg_payloads(&in), sk);
    assert_true(node_derived(sk, PL_NEXT));
    uint8_t buf[200];
    w = wr_init(buf, sizeof buf);
    assert_int_equal(msg_encode(&in, &w), ERR_OK);
    assert_true(span_eq(wr_done(&w), s));

    w = wr_init(buf, sizeof buf);
    assert_int_equal(msg_encode_clear(&in, &w), ERR_OK);
    assert_int_equal(w.len, 28 + 8 + 29);
    assert_int_equal(buf[28], PAYLOAD_IDi);
    struct message clear;
    assert_int_equal(msg_decode(&clear, &a, wr_done(&w), NULL), ERR_OK);
    assert_non_null(payload_find(clear.hdr, PAYLOAD_NONCE));

    /* an SK with nothing inside, opened: the clear copy is a bare header */
    assert_int_equal(msg_new(&m, &a, EXCHANGE_INFORMATIONAL, 0, 1, 1, 2), ERR_OK);
    payload_add(&m, m.hdr, PAYLOAD_SK);
    w = wr_init(buf, sizeof buf);
    assert_int_equal(msg_encode_clear(&m, &w), ERR_OK);
    assert_int_equal(w.len, 28);
    assert_int_equal(buf[16], 0);

    /* inner faults say so */
    struct fault why = { 0 };
    assert_int_equal(chain_decode(&in, sk, PAYLOAD_IDi, span_of("\0\0\0", 3), &why), ERR_TRUNCATED);
    assert_int_equal(why.inside, 1);
    assert_int_equal(why.payload, PAYLOAD_IDi);
}

static void test_finders(void **state)
{
    (void)state;
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    sample_make(0, &m, &a);
    struct node *n = notify_find(m.hdr, N_SIGNATURE_HASH_ALGORITHMS);
    assert_non_null(n);
    assert_int_equal(node_bytes(n, NOTIFY_DATA).len, 8);
    assert_null(notify_next(n, N_SIGNATURE_HASH_ALGORITHMS));
    assert_null(notify_find(m.hdr, N_COOKIE));
    struct node *t = payload_find(m.hdr, PAYLOAD_SA)->child->child;
    assert_int_equal(transform_key_bits(t), 256);
    assert_int_equal(transform_key_bits(t->next), 192);
    assert_int_equal(transform_key_bits(payload_find(m.hdr, PAYLOAD_SA)->child->last_child), 0);
    assert_ptr_equal(node_names(t, TRANS_ID), &names_encr);
    assert_null(msg_unknown_critical(m.hdr));
    sample_make(6, &m, &a);
    assert_int_equal(msg_unknown_critical(m.hdr)->type, 200);
}

/* A decoded node is copied before it is written: the datagram stays as it was. */
static void test_datagram_untouched(void **state)
{
    (void)state;
    struct span s = sample(1);
    memcpy(again, wire, s.len);
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    assert_int_equal(msg_decode(&m, &a, s, NULL), ERR_OK);
    struct node *ke = payload_find(m.hdr, PAYLOAD_KE);
    sample_num(&m, ke, KE_GROUP, 5);
    sample_num(&m, m.hdr, HDR_FLAG_R, 1);
    assert_memory_equal(wire, again, s.len);
    assert_int_equal(msg_is_response(&m), true);
    struct span t = encode(&m, again);
    assert_int_equal(t.len, s.len);
    assert_int_equal(t.p[19], FLAG_INITIATOR | FLAG_RESPONSE);
}

static void test_arena_full(void **state)
{
    (void)state;
    struct span s = sample(0);
    for (size_t cap = 0; cap < 29 * sizeof(struct node); cap += 8) {
        struct arena a = arena_init(store, cap);
        struct message m;
        assert_int_equal(msg_decode(&m, &a, s, NULL), ERR_SPACE);
    }
    for (size_t cap = 0; cap < 200; cap++) {
        struct arena a = arena_init(store, cap);
        struct message m;
        if (msg_new(&m, &a, 34, 0, 0, 1, 2) != ERR_OK)
            continue;
        struct node *n = payload_add(&m, m.hdr, PAYLOAD_VID);
        assert_true(n != NULL || m.hdr->child == NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_init_bytes),
        cmocka_unit_test(test_derived_and_set),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_insert_remove_clone),
        cmocka_unit_test(test_sk),
        cmocka_unit_test(test_finders),
        cmocka_unit_test(test_datagram_untouched),
        cmocka_unit_test(test_arena_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

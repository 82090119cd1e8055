/* field_test.c - tables against each other: bits, tails and what decode and encode assume. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/wire/message.h"

static const struct shape *const all[] = {
    &shape_hdr,       &shape_sa,
    &shape_proposal,  &shape_transform,
    &shape_attribute, &shape_ke,
    &shape_idi,       &shape_idr,
    &shape_cert,      &shape_certreq,
    &shape_auth,      &shape_nonce,
    &shape_notify,    &shape_delete,
    &shape_vid,       &shape_tsi,
    &shape_tsr,       &shape_selector,
    &shape_sk,        &shape_skf,
    &shape_cp,        &shape_cfg_attribute,
    &shape_eap,       &shape_unknown,
};

/* Fixed fields lie side by side and fill the fixed part (the header's single flag bits lie on top
 * of its flags octet); tails are as many as the shape says. */
static void test_layout(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof all / sizeof all[0]; s++) {
        unsigned bit = 0, tails = 0;
        assert_true(all[s]->num_fields <= 31); /* bit 31 of node.set is NODE_SEALED */
        for (unsigned i = 0; i < all[s]->num_fields; i++) {
            const struct field *f = &all[s]->fields[i];
            assert_non_null(f->name);
            if (f->kind == F_TAIL0 || f->kind == F_TAIL1)
                assert_int_equal(f->kind - F_TAIL0, tails++);
            else if (f->kind == F_LIST)
                assert_non_null(f->child);
            else if (all[s] != &shape_hdr || i < HDR_FLAG_X1) {
                assert_int_equal(f->bit, bit);
                bit += f->bits;
            }
            assert_int_equal(shape_field(all[s], f->name), i);
        }
        assert_int_equal(bit, 8u * all[s]->head_len);
        assert_int_equal(tails, all[s]->tails);
        assert_int_equal(shape_field(all[s], "no such"), -1);
    }
}

/* The octets that decode.c and the inline functions of message.h read by hand. */
static void test_hand_read(void **state)
{
    (void)state;
    const struct {
        const struct shape *shape;
        unsigned field, octet, octets;
    } rows[] = {
        { &shape_hdr, HDR_NEXT, 16, 1 },          { &shape_hdr, HDR_EXCHANGE, 18, 1 },
        { &shape_hdr, HDR_FLAGS, 19, 1 },         { &shape_hdr, HDR_MID, 20, 4 },
        { &shape_hdr, HDR_LENGTH, 24, 4 },        { &shape_proposal, PROP_MORE, 0, 1 },
        { &shape_proposal, PROP_LENGTH, 2, 2 },   { &shape_proposal, PROP_NUMBER, 4, 1 },
        { &shape_proposal, PROP_SPI_SIZE, 6, 1 }, { &shape_proposal, PROP_NUM_TRANSFORMS, 7, 1 },
        { &shape_transform, TRANS_MORE, 0, 1 },   { &shape_transform, TRANS_LENGTH, 2, 2 },
        { &shape_transform, TRANS_TYPE, 4, 1 },   { &shape_attribute, ATTR_VALUE, 2, 2 },
        { &shape_notify, NOTIFY_SPI_SIZE, 5, 1 }, { &shape_notify, NOTIFY_TYPE, 6, 2 },
        { &shape_delete, DELETE_SPI_SIZE, 5, 1 }, { &shape_delete, DELETE_NUM_SPIS, 6, 2 },
        { &shape_tsi, TS_COUNT, 4, 1 },           { &shape_selector, SEL_TYPE, 0, 1 },
        { &shape_selector, SEL_LENGTH, 2, 2 },    { &shape_cfg_attribute, CFG_LENGTH, 2, 2 },
        { &shape_eap, EAP_LENGTH, 6, 2 },         { &shape_unknown, PL_NEXT, 0, 1 },
        { &shape_unknown, PL_LENGTH, 2, 2 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct field *f = &rows[i].shape->fields[rows[i].field];
        assert_int_equal(f->bit, 8 * rows[i].octet);
        assert_int_equal(f->bits, 8 * rows[i].octets);
    }
    const uint8_t heads[][2] = { { PAYLOAD_SA, 4 }, { PAYLOAD_TSi, 8 },    { PAYLOAD_TSr, 8 },
                                 { PAYLOAD_CP, 8 }, { PAYLOAD_NOTIFY, 8 }, { PAYLOAD_DELETE, 8 },
                                 { PAYLOAD_EAP, 8 } };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        assert_int_equal(shape_of(heads[i][0])->head_len, heads[i][1]);
    assert_int_equal(shape_proposal.head_len, 8);
    assert_int_equal(shape_transform.head_len, 8);
    assert_int_equal(shape_attribute.head_len, 4);
    assert_int_equal(shape_selector.head_len, 8);
    assert_int_equal(shape_cfg_attribute.head_len, 4);
}

static void test_shape_of(void **state)
{
    (void)state;
    for (unsigned t = 0; t < 256; t++) {
        const struct shape *s = shape_of((uint8_t)t);
        assert_true(s == &shape_unknown || s->type == t);
        assert_true(s->head_len >= 4);
    }
    assert_ptr_equal(shape_of(PAYLOAD_SKF), &shape_skf);
    assert_ptr_equal(shape_of(PAYLOAD_GSPM), &shape_unknown);
}

/* Every field of every shape keeps its value and leaves its neighbours alone. */
static void test_bits(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof all / sizeof all[0]; s++) {
        for (unsigned i = 0; i < all[s]->num_fields; i++) {
            const struct field *f = &all[s]->fields[i];
            if (f->kind > F_ZERO)
                continue;
            uint64_t max = f->bits == 64 ? UINT64_MAX : ((uint64_t)1 << f->bits) - 1;
            const uint64_t values[] = { 0, 1, max, max / 3, max / 2 + 1 };
            for (size_t v = 0; v < 5; v++) {
                uint8_t head[32], back[32];
                memset(head, 0xa5, sizeof head);
                field_put(head, f, values[v]);
                assert_int_equal(field_get(head, f), values[v]);
                memset(back, 0xa5, sizeof back);
                field_put(head, f, field_get(back, f));
                assert_memory_equal(head, back, sizeof back);
            }
        }
    }
    uint8_t head[28] = { 0 };
    field_put(head, &shape_hdr.fields[HDR_FLAG_R], 1);
    assert_int_equal(head[19], FLAG_RESPONSE);
    field_put(head, &shape_hdr.fields[HDR_FLAG_I], 1);
    assert_int_equal(head[19], FLAG_RESPONSE | FLAG_INITIATOR);
    field_put(head, &shape_hdr.fields[HDR_FLAG_V], 1);
    assert_int_equal(head[19], FLAG_RESPONSE | FLAG_INITIATOR | FLAG_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_hand_read),
        cmocka_unit_test(test_shape_of),
        cmocka_unit_test(test_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

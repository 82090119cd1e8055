/* replay_test.c - the window against a plain model, at its edges and over jumps; the high half of
 * extended numbers in both directions across the wrap. */
#include "engine/crypto/kat.h"
#include "engine/esp/esp.h"

static const uint32_t sizes[] = { 1, 31, 32, 33, 63, 64, 65, 100, 128, 512, 1023, 1024 };
#define NUM_SIZES (sizeof sizes / sizeof sizes[0])

static enum err offer(struct replay *r, uint64_t seq)
{
    enum err rc = replay_check(r, seq);
    if (rc == ERR_OK)
        replay_accept(r, seq);
    return rc;
}

static void test_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SIZES; i++) {
        uint64_t w = sizes[i];
        struct replay r;
        replay_init(&r, sizes[i]);
        assert_int_equal(offer(&r, 0), ERR_REPLAY); /* numbers start at one */
        assert_int_equal(offer(&r, 1), ERR_OK);
        assert_int_equal(offer(&r, 1), ERR_REPLAY);
        assert_int_equal(offer(&r, 5000), ERR_OK);
        assert_int_equal(offer(&r, 5000), ERR_REPLAY);
        assert_int_equal(offer(&r, 5000 - w), ERR_REPLAY); /* just left */
        assert_int_equal(r.top, 5000);
        if (w > 1) {
            assert_int_equal(offer(&r, 5000 - w + 1), ERR_OK); /* just inside */
            assert_int_equal(offer(&r, 5000 - w + 1), ERR_REPLAY);
        }
        assert_int_equal(offer(&r, 5001), ERR_OK);
        assert_int_equal(offer(&r, 5001 - w), ERR_REPLAY);
        assert_int_equal(r.top, 5001);
    }
}

/* A check alone must change nothing (RFC 4303 3.4.3: the window moves after the ICV held). */
static void test_check_is_pure(void **state)
{
    (void)state;
    struct replay r, before;
    replay_init(&r, 64);
    replay_accept(&r, 10);
    before = r;
    for (uint64_t s = 0; s < 300; s++)
        (void)!replay_check(&r, s);
    assert_memory_equal(&r, &before, sizeof r);
}

static void test_off(void **state)
{
    (void)state;
    struct replay r;
    replay_init(&r, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(offer(&r, 7), ERR_OK);
    assert_int_equal(offer(&r, 0), ERR_OK);
    assert_int_equal(r.top, 7);
    replay_init(&r, 5000);
    assert_int_equal(r.size, REPLAY_WINDOW_MAX);
}

static uint32_t random_next(uint32_t *s)
{
    *s = *s * 1664525u + 1013904223u;
    return *s >> 8;
}

#define MODEL 70000u

/* The model remembers everything it ever took. */
static void model_run(uint32_t size, uint32_t seed, uint32_t spread)
{
    static uint8_t taken[MODEL];
    struct replay r;
    uint64_t top = 0;
    memset(taken, 0, sizeof taken);
    replay_init(&r, size);
    for (int i = 0; i < 20000; i++) {
        uint64_t low = top > spread ? top - spread : 0;
        uint64_t seq = low + random_next(&seed) % (2 * spread);
        if (random_next(&seed) % 1000 == 0)
            seq += random_next(&seed) % 5000; /* a jump */
        if (seq >= MODEL)
            break;
        bool want = seq != 0 && !taken[seq] && (seq > top || top - seq < size);
        assert_int_equal(offer(&r, seq), want ? ERR_OK : ERR_REPLAY);
        if (want) {
            taken[seq] = 1;
            top = seq > top ? seq : top;
        }
        assert_int_equal(r.top, top);
    }
}

static void test_model(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SIZES; i++) {
        for (uint32_t seed = 1; seed <= 5; seed++) {
            model_run(sizes[i], seed, 4);
            model_run(sizes[i], seed * 77, sizes[i] + 2);
            model_run(sizes[i], seed * 99, 2 * sizes[i] + 10);
        }
    }
}

/* Jumps that land on the same bit of the ring, and on its neighbours. */
static void test_jumps(void **state)
{
    (void)state;
    for (uint64_t jump = 1; jump < 3 * REPLAY_WINDOW_MAX; jump++) {
        struct replay r;
        replay_init(&r, 1024);
        for (uint64_t s = 1; s <= 1100; s++)
            assert_int_equal(offer(&r, s), ERR_OK);
        assert_int_equal(offer(&r, 1100 + jump), ERR_OK);
        for (uint64_t s = 1; s < 1100 + jump; s++) {
            bool want = s > 1100 && 1100 + jump - s < 1024;
            assert_int_equal(replay_check(&r, s), want ? ERR_OK : ERR_REPLAY);
        }
    }
}

static void test_accept_unchecked(void **state)
{
    (void)state;
    struct replay r;
    replay_init(&r, 32);
    replay_accept(&r, 5000);
    replay_accept(&r, 5000);
    replay_accept(&r, 5000 - REPLAY_WINDOW_MAX); /* would share a bit with 5000 */
    replay_accept(&r, 3);
    assert_int_equal(r.top, 5000);
    assert_int_equal(replay_check(&r, 4999), ERR_OK);
    assert_int_equal(replay_check(&r, 5000), ERR_REPLAY);
}

/* --- extended numbers ----------------------------------------------------------------------------
 */

/* Of the numbers with this low half, the one within the window or else the next above it. */
static uint64_t esn_model(uint64_t top, uint32_t size, uint32_t low)
{
    uint64_t bottom = top >= size - 1 ? top - size + 1 : 0;
    uint64_t seq = (bottom & ~(uint64_t)UINT32_MAX) | low;
    return seq >= bottom ? seq : seq + ((uint64_t)1 << 32);
}

static void test_esn(void **state)
{
    (void)state;
    static const uint32_t near[] = { 0, 1, 2, 31, 32, 63, 64, 1022, 1023, 1024, 1025, 5000 };
    static const uint64_t highs[] = { 0, 1, 2, 0x7fffffff, 0xfffffffe };
    for (size_t s = 0; s < NUM_SIZES; s++) {
        for (size_t h = 0; h < 5; h++) {
            for (size_t t = 0; t < 24; t++) {
                uint32_t top_low = t < 12 ? near[t] : 0u - near[t - 12];
                struct replay r;
                replay_init(&r, sizes[s]);
                r.top = highs[h] << 32 | top_low;
                for (size_t l = 0; l < 24; l++) {
                    for (uint32_t d = 0; d < 3; d++) {
                        uint32_t low = (l < 12 ? near[l] : 0u - near[l - 12]) + d + top_low;
                        assert_int_equal(esn_guess(&r, low), esn_model(r.top, sizes[s], low));
                        low -= top_low;
                        assert_int_equal(esn_guess(&r, low), esn_model(r.top, sizes[s], low));
                    }
                }
            }
        }
    }
}

/* Numbers that run over the wrap, out of order: each must be found and taken just once. */
static void test_esn_wrap(void **state)
{
    (void)state;
    for (size_t s = 0; s < NUM_SIZES; s++) {
        struct replay r;
        replay_init(&r, sizes[s]);
        r.top = 0x1fffff000;
        uint32_t back = sizes[s] / 2;
        for (uint64_t seq = 0x1fffff100; seq < 0x200001000; seq++) {
            /* every odd one comes late */
            uint64_t now = seq % 2 == 0 ? seq : seq - back / 2 * 2;
            uint64_t got = esn_guess(&r, (uint32_t)now);
            assert_int_equal(got, now);
            assert_int_equal(offer(&r, got), ERR_OK);
            assert_int_equal(offer(&r, got), ERR_REPLAY);
        }
    }
}

static void test_esn_ends(void **state)
{
    (void)state;
    struct replay r;
    replay_init(&r, 64);
    /* In the first subspace nothing lies below: a large number is far ahead, not negative. */
    assert_int_equal(esn_guess(&r, 0xfffffff0), 0xfffffff0);
    r.top = UINT64_MAX - 10; /* and in the last, nothing above */
    assert_int_equal(esn_guess(&r, 5), 0xffffffff00000005);
    assert_int_equal(replay_check(&r, esn_guess(&r, 5)), ERR_REPLAY);
    assert_int_equal(esn_guess(&r, 0xffffffff), UINT64_MAX);
    assert_int_equal(offer(&r, UINT64_MAX), ERR_OK);
    assert_int_equal(offer(&r, UINT64_MAX), ERR_REPLAY);
    replay_init(&r, 0); /* without a window, a number still goes on from the last */
    r.top = 0x1fffffff0;
    assert_int_equal(esn_guess(&r, 3), 0x200000003);
    assert_int_equal(esn_guess(&r, 0xfffffff5), 0x1fffffff5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),    cmocka_unit_test(test_check_is_pure),
        cmocka_unit_test(test_off),      cmocka_unit_test(test_model),
        cmocka_unit_test(test_jumps),    cmocka_unit_test(test_accept_unchecked),
        cmocka_unit_test(test_esn),      cmocka_unit_test(test_esn_wrap),
        cmocka_unit_test(test_esn_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

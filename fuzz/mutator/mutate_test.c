/* mutate_test.c - the mutator's own proof: most of what it makes decodes, behind the seal too, every
 * operator gets its turn, lies do come, and one seed makes one result. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fuzz/mutator/mutate.h"
#include "fuzz/records.h"
#include "fuzz/sealed_samples.h"

#define ROUNDS 400u

static alignas(16) uint8_t store[1 << 20], other_store[1 << 18];
static uint8_t out[65535], again[65535];

enum how { OPEN, GCM, CBC };

/* Sample i as octets: as it is, or all of it inside a sealed SK. */
static struct span sample(unsigned i, enum how how, uint8_t *buf, size_t cap)
{
    struct arena a = arena_init(other_store, sizeof other_store);
    struct message m;
    struct writer w = wr_init(buf, cap);
    if (how == OPEN) {
        sample_make(i, &m, &a);
        assert_int_equal(msg_encode(&m, &w), ERR_OK);
        return wr_done(&w);
    }
    return sealed_sample(i, how == GCM ? SEALING_GCM : SEALING_CBC, buf, cap);
}

/* Whether it decodes as a whole, what is sealed too. */
static bool decodes(struct span s, bool sealed)
{
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct fault why;
    struct span text;
    if (msg_decode(&m, &a, s, &why) != ERR_OK)
        return false;
    if (!sealed)
        return true;
    struct node *sk = msg_sk(&m);
    return sk != NULL && sealing_open(&m, sk, &text) == ERR_OK &&
           (sk->type == PAYLOAD_SKF ||
            chain_decode(&m, sk, (uint8_t)node_num(sk, PL_NEXT), text, &why) == ERR_OK);
}

/* Of a hundred results, how many decode; all of them differ from nothing. */
static unsigned share(enum how how, struct mutate_count *count)
{
    static uint8_t in[16384], other[16384];
    unsigned good = 0, made = 0;
    for (unsigned i = 0; i < NUM_SAMPLES; i++) {
        struct span s = sample(i, how, in, sizeof in);
        struct span o = sample((i + 9) % NUM_SAMPLES, OPEN, other, sizeof other);
        if (how != OPEN && i >= 12 && i <= 13)
            continue; /* sealed octets inside of a seal: nothing that decodes */
        for (unsigned seed = 0; seed < ROUNDS; seed++) {
            size_t len =
                mutate(s, seed % 2 ? o : (struct span){ 0 }, seed, out, sizeof out, count);
            if (len == 0)
                continue;
            made++;
            good += decodes(span_of(out, len), how != OPEN);
        }
    }
    assert_true(made > NUM_SAMPLES * ROUNDS * 8 / 10);
    return good * 100 / made;
}

static void most_results_decode(void **state)
{
    (void)state;
    for (enum how how = OPEN; how <= CBC; how++) {
        struct mutate_count count = { { 0 } };
        unsigned percent = share(how, &count);
        print_message("%s: %u %% decode\n", how == OPEN ? "clear" : how == GCM ? "GCM" : "CBC",
                      percent);
        assert_in_range(percent, 80, 98); /* and some lie */
        for (unsigned op = 0; op < MUTATE_RECORDS; op++)
            assert_true(count.done[op] > 100);
    }
}

static void one_seed_one_result(void **state)
{
    static uint8_t in[16384], other[16384];
    (void)state;
    struct span s = sample(8, GCM, in, sizeof in), o = sample(16, OPEN, other, sizeof other);
    unsigned differ = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        size_t a = mutate(s, o, seed, out, sizeof out, NULL);
        size_t b = mutate(s, o, seed, again, sizeof again, NULL);
        assert_int_equal(a, b);
        assert_memory_equal(out, again, a);
        b = mutate(s, o, seed + 1000, again, sizeof again, NULL);
        differ += !span_eq(span_of(out, a), span_of(again, b));
    }
    assert_true(differ > 190);
}

static void sequences_stay_sequences(void **state)
{
    static uint8_t in[16384], seq[32768];
    (void)state;
    struct writer w = wr_init(seq, sizeof seq);
    for (unsigned i = 0; i < 4; i++)
        record_add(&w, sample(8 + i, GCM, in, sizeof in));
    struct mutate_count count = { { 0 } };
    unsigned whole = 0, made = 0;
    for (uint64_t seed = 0; seed < 500; seed++) {
        size_t len = mutate(wr_done(&w), (struct span){ 0 }, seed, out, sizeof out, &count);
        struct reader r = rd_init(span_of(out, len));
        struct span one;
        unsigned num = 0;
        while (record_next(&r, &one))
            num++;
        made += len > 0;
        whole += num >= 3 && num <= 5 && r.err == ERR_OK;
    }
    assert_true(made > 450);
    assert_int_equal(whole, made);
    assert_true(count.done[MUTATE_RECORDS] > 100);
}

static void hostile_inputs(void **state)
{
    (void)state;
    static uint8_t noise[2048];
    uint32_t x = 1;
    for (unsigned round = 0; round < 20000; round++) {
        size_t len = round % sizeof noise;
        for (size_t i = 0; i < len && i < 64 + round % 7 * 100; i++)
            noise[i] = (uint8_t)((x = x * 1664525u + 1013904223u) >> 24);
        if (len > 17)
            noise[17] = 0x20;
        if (len > 28)
            put_u32(noise + 24, (uint32_t)len);
        size_t cap = round % 300;
        assert_true(mutate(span_of(noise, len), span_of(noise, len / 2), round, out, cap, NULL) <=
                    cap);
    }
    assert_int_equal(mutate((struct span){ 0 }, (struct span){ 0 }, 1, out, sizeof out, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_results_decode),
        cmocka_unit_test(one_seed_one_result),
        cmocka_unit_test(sequences_stay_sequences),
        cmocka_unit_test(hostile_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

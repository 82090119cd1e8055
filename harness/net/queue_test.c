/* queue_test.c - order of parcels, and what is dropped with an owner. */
#include "harness/net/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void push(struct queue *q, usec_t due, void *owner, uint32_t record)
{
    struct ike_dgram d = { .p = (const uint8_t *)"abc", .len = 3 };
    assert_true(queue_push(q, due, owner, true, record, &d));
}

static void by_time_then_arrival(void **state)
{
    struct queue q = { 0 };
    struct parcel p;
    usec_t last = 0;
    uint32_t last_record = 0, num = 0;
    (void)state;
    for (uint32_t i = 0; i < 1000; i++)
        push(&q, (i * 7919) % 50, NULL, i + 1);
    while (queue_pop(&q, TIME_NEVER, &p)) {
        assert_true(p.due >= last);
        assert_true(p.due > last || p.record > last_record); /* stable where times are equal */
        last = p.due;
        last_record = p.record;
        num++;
        assert_memory_equal(p.bytes, "abc", 3);
        free(p.bytes);
    }
    assert_int_equal(num, 1000);
    assert_true(queue_due(&q) == TIME_NEVER);
    queue_clear(&q);
}

static void not_before_its_time(void **state)
{
    struct queue q = { 0 };
    struct parcel p;
    (void)state;
    push(&q, 10, NULL, 1);
    assert_int_equal(queue_due(&q), 10);
    assert_false(queue_pop(&q, 9, &p));
    assert_true(queue_pop(&q, 10, &p));
    free(p.bytes);
    queue_clear(&q);
}

static void owner_forgotten(void **state)
{
    struct queue q = { 0 };
    struct parcel p;
    int a, b;
    (void)state;
    for (uint32_t i = 0; i < 20; i++)
        push(&q, 5, i % 2 == 0 ? &a : &b, i);
    queue_forget(&q, &a);
    for (uint32_t i = 1; i < 20; i += 2) {
        assert_true(queue_pop(&q, 5, &p));
        assert_int_equal(p.record, i);
        assert_ptr_equal(p.owner, &b);
        free(p.bytes);
    }
    assert_false(queue_pop(&q, 5, &p));
    queue_clear(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_time_then_arrival),
        cmocka_unit_test(not_before_its_time),
        cmocka_unit_test(owner_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* mem_test.c - the virtual link: delivery, addresses, loss and its kin, the same from one seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/net/transport.h"

#include <cmocka.h>

static int alice, bob;

static struct addr at(const char *text)
{
    struct addr a;
    assert_true(addr_parse(text, &a));
    return a;
}

static struct transport *world(uint64_t seed, struct link link)
{
    struct transport *t = mem_new(seed, &link);
    struct addr a = at("192.0.2.1"), b = at("192.0.2.2");
    assert_non_null(t);
    assert_int_equal(t->ops->open(t, &alice, &a, NULL, NULL), ERR_OK);
    assert_int_equal(t->ops->open(t, &bob, &b, NULL, NULL), ERR_OK);
    return t;
}

static enum sent send_one(struct transport *t, const char *to, uint8_t n, usec_t now)
{
    struct ike_dgram d = {
        .local = at("192.0.2.1:500"), .remote = at(to), .protocol = 17, .p = &n, .len = 1
    };
    return t->ops->send(t, &alice, &d, now);
}

static void delivered_with_ends_swapped(void **state)
{
    struct transport *t = world(1, (struct link){ .delay_us = 1000 });
    struct arrival a;
    char local[64], remote[64];
    (void)state;
    assert_int_equal(send_one(t, "192.0.2.2:4500", 9, 50), SENT);
    assert_false(t->ops->recv(t, 1049, &a));
    assert_int_equal(t->ops->due(t), 1050);
    assert_true(t->ops->recv(t, 1050, &a));
    assert_ptr_equal(a.owner, &bob);
    addr_text(&a.d.local, local, sizeof local);
    addr_text(&a.d.remote, remote, sizeof remote);
    assert_string_equal(local, "192.0.2.2:4500");
    assert_string_equal(remote, "192.0.2.1:500");
    assert_int_equal(a.d.p[0], 9);
    t->ops->close(t, NULL);
}

static void nobody_there(void **state)
{
    struct transport *t = world(1, (struct link){ 0 });
    (void)state;
    assert_int_equal(send_one(t, "192.0.2.77:500", 1, 0), SENT_LOST);
    t->ops->close(t, &bob);
    assert_int_equal(send_one(t, "192.0.2.2:500", 1, 0), SENT_LOST);
    t->ops->close(t, NULL);
}

static void one_owner_per_address(void **state)
{
    struct transport *t = world(1, (struct link){ 0 });
    struct addr a = at("192.0.2.1");
    (void)state;
    assert_int_equal(t->ops->open(t, &alice, &a, NULL, NULL), ERR_OK);
    assert_int_equal(t->ops->open(t, &bob, &a, NULL, NULL), ERR_DUPLICATE);
    t->ops->close(t, NULL);
}

/* The story of 200 datagrams as text. */
static void story(uint64_t seed, struct link link, char *out, size_t cap)
{
    struct transport *t = world(seed, link);
    struct arrival a;
    size_t used = 0;
    for (unsigned i = 0; i < 200; i++)
        (void)send_one(t, "192.0.2.2:500", (uint8_t)i, i * 100);
    while (t->ops->due(t) != TIME_NEVER) {
        usec_t now = t->ops->due(t);
        assert_true(t->ops->recv(t, now, &a));
        used += (size_t)snprintf(out + used, cap - used, "%u@%u ", a.d.p[0], (unsigned)now);
    }
    t->ops->close(t, NULL);
}

static void same_seed_same_story(void **state)
{
    static char one[8192], two[8192], other[8192];
    struct link bad = { .loss = 20, .dup = 20, .reorder = 20, .delay_us = 1000, .jitter_us = 500 };
    (void)state;
    story(5, bad, one, sizeof one);
    story(5, bad, two, sizeof two);
    story(6, bad, other, sizeof other);
    assert_string_equal(one, two);
    assert_string_not_equal(one, other);
}

static unsigned arrived(struct link link)
{
    struct transport *t = world(3, link);
    struct arrival a;
    unsigned n = 0;
    for (unsigned i = 0; i < 1000; i++)
        (void)send_one(t, "192.0.2.2:500", 0, i);
    while (t->ops->recv(t, TIME_NEVER, &a))
        n++;
    t->ops->close(t, NULL);
    return n;
}

static void percentages(void **state)
{
    (void)state;
    assert_int_equal(arrived((struct link){ 0 }), 1000);
    assert_int_equal(arrived((struct link){ .loss = 100 }), 0);
    assert_int_equal(arrived((struct link){ .dup = 100 }), 2000);
    assert_in_range(arrived((struct link){ .loss = 30 }), 630, 770);
}

static void one_direction(void **state)
{
    struct transport *t = world(1, (struct link){ 0 });
    struct link dead = { .loss = 100 };
    struct ike_dgram back = { .local = at("192.0.2.2:500"),
                              .remote = at("192.0.2.1:500"),
                              .protocol = 17 };
    (void)state;
    assert_true(mem_set_link(t, &alice, &dead));
    assert_int_equal(send_one(t, "192.0.2.2:500", 0, 0), SENT_LOST);
    assert_int_equal(t->ops->send(t, &bob, &back, 0), SENT);
    t->ops->close(t, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delivered_with_ends_swapped),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(one_owner_per_address),
        cmocka_unit_test(same_seed_same_story),
        cmocka_unit_test(percentages),
        cmocka_unit_test(one_direction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* edit_test.c - edits on octets and trees at their limits, and programs by chance: the same for a
 * seed, of the target, never more than a program holds, and made of every kind there is. */
#include "harness/edit/edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "harness/edit/graft.h"
#include "harness/edit/menu.h"

static _Alignas(16) uint8_t store[1 << 20];
static struct arena arena;

/* A request with a payload twice, a list, a number, octets, and nothing in one of the fields. */
static void sample(struct message *m)
{
    struct node *n;
    arena = arena_init(store, sizeof store);
    assert_int_equal(msg_new(m, &arena, EXCHANGE_IKE_SA_INIT, FLAG_INITIATOR, 0, 7, 0), ERR_OK);
    for (unsigned i = 0; i < 2; i++) {
        n = payload_add(m, m->hdr, PAYLOAD_NOTIFY);
        assert_non_null(n);
        assert_int_equal(node_set_num(m, n, NOTIFY_TYPE, N_COOKIE), ERR_OK);
        assert_int_equal(node_set_bytes(m, n, NOTIFY_DATA, span_of((const uint8_t *)"abcd", 4 * i)),
                         ERR_OK);
    }
    n = payload_add(m, m->hdr, PAYLOAD_NONCE);
    assert_int_equal(
        node_set_bytes(m, n, NONCE_DATA, span_of((const uint8_t *)"0123456789abcdef", 16)), ERR_OK);
}

static void octets_at_their_limits(void **state)
{
    (void)state;
    uint8_t buf[8] = { 1, 2, 3, 4 };
    size_t len = 4;
    /* bits count round, from the end too; 64 bits of them */
    static const struct {
        int64_t bit;
        size_t at;
        uint8_t mask;
    } flips[] = { { 0, 0, 0x80 },   { 31, 3, 1 },  { 32, 0, 0x80 },     { -1, 3, 1 },
                  { -32, 0, 0x80 }, { -33, 3, 1 }, { INT64_MAX, 3, 1 }, { INT64_MIN, 0, 0x80 } };
    for (size_t i = 0; i < sizeof flips / sizeof flips[0]; i++) {
        uint8_t now[4];
        memcpy(now, buf, 4);
        const struct edit e = { .kind = EDIT_FLIP, .bit = flips[i].bit };
        assert_int_equal(edit_octets(&e, now, &len, 4), ERR_OK);
        for (size_t k = 0; k < 4; k++)
            assert_int_equal(now[k] ^ buf[k], k == flips[i].at ? flips[i].mask : 0);
    }
    const struct edit cut = { .kind = EDIT_CUT, .a = 4 }, less = { .kind = EDIT_CUT, .a = 2 };
    assert_int_equal(edit_octets(&cut, buf, &len, sizeof buf), ERR_OK);
    assert_int_equal(len, 4);
    assert_int_equal(edit_octets(&less, buf, &len, sizeof buf), ERR_OK);
    assert_int_equal(len, 2);
    const struct edit grow = { .kind = EDIT_GROW, .a = 6, .b = 0xee };
    const struct edit more = { .kind = EDIT_GROW, .a = 1 },
                      wrap = { .kind = EDIT_GROW, .a = UINT64_MAX };
    assert_int_equal(edit_octets(&wrap, buf, &len, sizeof buf), ERR_SPACE);
    assert_int_equal(edit_octets(&grow, buf, &len, sizeof buf), ERR_OK);
    assert_int_equal(len, 8);
    assert_int_equal(buf[2] & buf[7], 0xee);
    assert_int_equal(edit_octets(&more, buf, &len, sizeof buf), ERR_SPACE);
    assert_int_equal(len, 8);
    const struct edit tree = { .kind = EDIT_REMOVE };
    assert_int_equal(edit_octets(&tree, buf, &len, sizeof buf), ERR_STATE);
}

/* A program works on the octets of its station alone; what comes of it is taken as a whole or not
 * at all. */
static void programs_on_octets(void **state)
{
    (void)state;
    static uint8_t buf[EDIT_DATAGRAM];
    size_t len = 100;
    struct program pr = { .num = 3,
                          .edit = { { .kind = EDIT_WIRE_GROW, .a = 4000, .b = 1 },
                                    { .kind = EDIT_PLAIN_CUT, .a = 1 },
                                    { .kind = EDIT_WIRE_GROW, .a = 96, .b = 2 } } };
    assert_int_equal(program_octets(&pr, EDIT_WIRE, buf, &len, sizeof buf), 5);
    assert_int_equal(len, 100 + EDIT_MORE);
    len = 100;
    pr.edit[2].a++; /* an octet more than a datagram may gain */
    assert_int_equal(program_octets(&pr, EDIT_WIRE, buf, &len, sizeof buf), 0);
    assert_int_equal(len, 100);
    assert_int_equal(program_octets(&pr, EDIT_WIRE, buf, &len, 1000),
                     4); /* the first has no room */
    assert_int_equal(len, 197);
    pr.edit[1].a = 0;
    len = 100;
    assert_int_equal(program_octets(&pr, EDIT_PLAIN, buf, &len, sizeof buf), 0); /* nothing left */
    assert_int_equal(len, 100);
    struct program twice = { .num = 2,
                             .edit = { { .kind = EDIT_WIRE_FLIP, .bit = 9 },
                                       { .kind = EDIT_WIRE_FLIP, .bit = 9 } } };
    assert_int_equal(program_octets(&twice, EDIT_WIRE, buf, &len, sizeof buf), 0); /* as it was */
}

static void trees(void **state)
{
    (void)state;
    struct message m;
    static const struct {
        struct edit e;
        enum err rc;
        const char *left; /* types of the payloads then */
    } rows[] = {
        { { .kind = EDIT_REMOVE, .path = "N(COOKIE)[1]" }, ERR_OK, "\x29\x28" },
        { { .kind = EDIT_REMOVE, .path = "N(COOKIE)[2]" }, ERR_NO_PATH, "\x29\x29\x28" },
        { { .kind = EDIT_REMOVE, .path = "Nonce.data" }, ERR_NO_PATH, "\x29\x29\x28" },
        { { .kind = EDIT_DOUBLE, .path = "Ni", .a = 2 }, ERR_OK, "\x29\x29\x28\x28\x28" },
        { { .kind = EDIT_MOVE, .path = "Nonce", .mark = "N(COOKIE)", .a = 1 },
          ERR_OK,
          "\x29\x28\x29" },
        { { .kind = EDIT_MOVE, .path = "Nonce", .mark = "Nonce" }, ERR_OK, "\x29\x29\x28" },
        { { .kind = EDIT_MOVE, .path = "Nonce", .mark = "KE" }, ERR_NO_PATH, "\x29\x29\x28" },
        { { .kind = EDIT_INSERT, .a = 200, .b = 1, .octets = "x", .len = 1 },
          ERR_OK,
          "\x29\x29\x28\xc8" },
        { { .kind = EDIT_NOTIFY, .a = 65000 }, ERR_OK, "\x29\x29\x28\x29" },
        { { .kind = EDIT_GROW, .path = "Nonce.data", .a = 65520 }, ERR_SPACE, "\x29\x29\x28" },
        { { .kind = EDIT_CUT, .path = "N(COOKIE).type" }, ERR_NO_PATH, "\x29\x29\x28" },
        { { .kind = EDIT_WIRE_CUT }, ERR_STATE, "\x29\x29\x28" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t n = 0;
        sample(&m);
        enum err rc = edit_tree(&m, &rows[i].e);
        assert_int_equal(rc, rows[i].rc);
        for (const struct node *p = m.hdr->child; p != NULL; p = p->next, n++)
            assert_int_equal(p->type, (uint8_t)rows[i].left[n]);
        assert_int_equal(n, strlen(rows[i].left));
    }
}

static void names(void **state)
{
    (void)state;
    static const char *const classes[][2] = { { "SA.proposal[0].transform[12].id",
                                                "SA.proposal.transform.id" },
                                              { "SA.1.2.id", "SA.id" },
                                              { "N(COOKIE)[1].data", "N(COOKIE).data" },
                                              { "payload(200)[x].a", "payload(200)[x].a" },
                                              { "a.1b.[", "a.1b.[" } };
    char buf[2 * EDIT_PATH];
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        edit_class(classes[i][0], buf);
        assert_string_equal(buf, classes[i][1]);
    }
    struct edit e = { .kind = EDIT_SET };
    memset(e.path, 'p', sizeof e.path - 1);
    assert_int_equal(edit_about(&e, buf, 10), 9); /* as much as there is room for */
    assert_string_equal(buf, "set-ppppp");
    assert_int_equal(edit_about(&e, buf, sizeof buf), 4 + EDIT_PATH - 1);
}

/* Whatever target and seed: the same program twice, its first edit of the target, and in the end
 * every kind of edit was made. */
static void programs_by_chance(void **state)
{
    (void)state;
    static uint8_t buf[1 << 17];
    struct message m;
    struct menu menu;
    unsigned made[NUM_EDIT_KINDS] = { 0 }, applied = 0, runs = 0, alone = 0, encodes = 0;
    sample(&m);
    assert_int_equal(menu_read(&menu, &m, true), ERR_OK);
    assert_true(menu_fits(&menu, &m));
    for (size_t t = 0; t < menu.num_targets; t++) {
        for (uint64_t seed = 1; seed <= 200; seed++, runs++) {
            static struct program a, b;
            char class[EDIT_PATH];
            sample(&m);
            menu_program(&menu, &m, menu.target[t], seed, &a);
            menu_program(&menu, &m, menu.target[t], seed, &b);
            assert_in_range(a.num, 1, EDITS_MAX);
            assert_int_equal(a.num, b.num);
            for (size_t i = 0; i < a.num; i++) {
                assert_memory_equal(&a.edit[i], &b.edit[i], sizeof a.edit[i]);
                assert_true(edit_room(&a.edit[i]) > 0);
                made[a.edit[i].kind]++;
            }
            alone += a.num == 1;
            if (a.edit[0].path[0] != '\0') { /* a field's class, or a payload's and the colon */
                size_t len = strcspn(menu.target[t], ":");
                edit_class(a.edit[0].path, class);
                assert_int_equal(strncmp(class, menu.target[t], len), 0);
            }
            applied += program_tree(&a, &m) != 0;
            struct writer w = wr_init(buf, sizeof buf);
            encodes += msg_encode(&m, &w) == ERR_OK; /* an SPI of 256 octets cannot be */
        }
    }
    for (size_t k = 0; k < NUM_EDIT_KINDS; k++)
        assert_int_not_equal(made[k], 0);
    assert_in_range(alone, runs * 4 / 10,
                    runs * 6 / 10); /* half of them: those are judged sharply */
    assert_true(applied > runs / 2);
    assert_true(encodes > runs * 9 / 10);
    /* a message with other payloads needs another menu */
    sample(&m);
    assert_non_null(payload_add(&m, m.hdr, PAYLOAD_KE));
    assert_false(menu_fits(&menu, &m));
    static struct program none;
    menu_program(&menu, &m, "TSi.number", 1, &none);
    for (size_t i = 0; i < none.num; i++) /* others may stand behind the one that is not there */
        assert_int_not_equal(strncmp(none.edit[i].path, "TSi", 3), 0);
    menu_clear(&menu);
    menu_clear(&menu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(octets_at_their_limits),
        cmocka_unit_test(programs_on_octets),
        cmocka_unit_test(trees),
        cmocka_unit_test(names),
        cmocka_unit_test(programs_by_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* pcapng_test.c - what the writer wrote, read back through libpcap; headers and checksums. */
#define _GNU_SOURCE 1
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/evidence/capture.h"
#include "harness/evidence/pcapng.h"

#include <cmocka.h>

static struct addr at(const char *text)
{
    struct addr a;
    assert_true(addr_parse(text, &a));
    return a;
}

static unsigned sum16(const uint8_t *p, size_t len)
{
    unsigned long s = 0;
    for (size_t i = 0; i < len; i++)
        s += i % 2 == 0 ? (unsigned long)p[i] << 8 : p[i];
    while (s >> 16 != 0)
        s = (s & 0xffff) + (s >> 16);
    return (unsigned)s;
}

/* A header checksum is right when the sum over everything, itself included, is all ones. */
static void checksums(void **state)
{
    struct addr src = at("192.0.2.1:500"), dst = at("192.0.2.2:4500");
    uint8_t room[128], pseudo[128] = { 0 };
    (void)state;
    for (size_t len = 0; len < 40; len++) { /* odd lengths too */
        struct writer w = wr_init(room, sizeof room);
        uint8_t body[40];
        memset(body, (int)(len * 37), sizeof body);
        assert_int_equal(packet_wrap(&w, &src, &dst, 17, span_of(body, len)), ERR_OK);
        assert_int_equal(w.len, 28 + len);
        assert_int_equal(sum16(room, 20), 0xffff);
        memcpy(pseudo, room + 12, 8);
        pseudo[8] = 0;
        pseudo[9] = 17;
        put_u16(pseudo + 10, (uint16_t)(8 + len));
        memcpy(pseudo + 12, room + 20, 8 + len);
        assert_int_equal(sum16(pseudo, 20 + len), 0xffff);
    }
}

static void too_long(void **state)
{
    struct addr src = at("192.0.2.1:500"), dst = at("192.0.2.2:500");
    uint8_t *room = malloc(70000), *body = calloc(1, 70000);
    (void)state;
    struct writer w = wr_init(room, 70000);
    assert_int_equal(packet_wrap(&w, &src, &dst, 17, span_of(body, 65507)), ERR_OK);
    w = wr_init(room, 70000);
    assert_int_equal(packet_wrap(&w, &src, &dst, 17, span_of(body, 65508)), ERR_LENGTH);
    free(room);
    free(body);
}

struct seen {
    unsigned num;
    uint64_t t_us[8];
    struct ike_dgram d[8];
    uint8_t first[8];
};

static void see(void *ctx, uint64_t t_us, const struct ike_dgram *d, const char *note)
{
    struct seen *s = ctx;
    assert_null(note);
    assert_true(s->num < 8);
    s->t_us[s->num] = t_us;
    s->first[s->num] = d->len > 0 ? d->p[0] : 0;
    s->d[s->num++] = *d;
}

static void read_back(void **state)
{
    char path[] = "/tmp/pcapng_testXXXXXX", why[300] = "";
    struct addr a4 = at("192.0.2.1:500"), b4 = at("192.0.2.2:4500");
    struct addr a6 = at("[2001:db8::1]:500"), b6 = at("[2001:db8::2]:500");
    struct pcapng f;
    struct seen s = { 0 };
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(pcapng_open(&f, path, "test"));
    assert_true(pcapng_datagram(&f, 5000000001u, &a4, &b4, 17, span_str("x1"), "one"));
    assert_true(pcapng_datagram(&f, 5000000002u, &a6, &b6, 17, span_str("yy2"), NULL));
    assert_true(pcapng_datagram(&f, 5000000003u, &a4, &b4, 50, span_str("zzz3"), ""));
    assert_true(pcapng_close(&f));
    assert_true(capture_read(path, see, &s, why, sizeof why));
    unlink(path);
    assert_int_equal(s.num, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(s.t_us[i] == 5000000001u + i);
        assert_int_equal(s.d[i].len, 2 + i);
        assert_int_equal(s.first[i], 'x' + (int)i);
    }
    assert_true(addr_eq(&s.d[0].local, &a4) && addr_eq(&s.d[0].remote, &b4));
    assert_true(addr_eq(&s.d[1].local, &a6) && addr_eq(&s.d[1].remote, &b6));
    assert_int_equal(s.d[2].protocol, 50);
}

/* Every truncation of a good file is read up to the cut, or refused with words; never worse. */
static void truncated_files(void **state)
{
    char path[] = "/tmp/pcapng_testXXXXXX", why[300];
    struct addr a = at("192.0.2.1:500"), b = at("192.0.2.2:500");
    struct pcapng f;
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_true(pcapng_open(&f, path, "test"));
    assert_true(pcapng_datagram(&f, 1, &a, &b, 17, span_str("abcdef"), "comment"));
    assert_true(pcapng_close(&f));
    for (off_t len = lseek(fd, 0, SEEK_END) - 1; len >= 0; len--) {
        struct seen s = { 0 };
        assert_int_equal(ftruncate(fd, len), 0);
        if (!capture_read(path, see, &s, why, sizeof why))
            assert_true(why[0] != '\0');
        assert_true(s.num == 0);
    }
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checksums),
        cmocka_unit_test(too_long),
        cmocka_unit_test(read_back),
        cmocka_unit_test(truncated_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

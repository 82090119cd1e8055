/* inner_test.c - inner packets made and read back, a packet made elsewhere, and packets that are
 * cut or lie about their lengths. */
#include "engine/esp/inner.h"
#include "engine/crypto/kat.h"

static struct addr at(const char *text)
{
    struct addr a;
    assert_true(addr_parse(text, &a));
    return a;
}

/* The echo request inside RFC 7634 appendix A. */
#define ECHO                                                                                       \
    "45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10"                             \
    "0007362708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"                             \
    "2425262728292a2b2c2d2e2f3031323334353637"

static void test_known(void **state)
{
    (void)state;
    struct octets p = hex(ECHO);
    struct inner in;
    struct addr src = at("198.51.100.5"), dst = at("192.0.2.5");
    assert_int_equal(inner_parse(octets_span(&p), &in, NULL), ERR_OK);
    src.port = 0x0800;
    assert_true(addr_eq(&in.src, &src));
    assert_true(addr_eq(&in.dst, &dst));
    assert_int_equal(in.protocol, 1);
    assert_true(in.echo_request && !in.echo_reply);
    assert_int_equal(in.id, 0x3a08);
    assert_int_equal(in.seq, 0);
    assert_int_equal(in.total, 84);
    assert_int_equal(in.payload.len, 56);
    /* Made again by us: only identification and with it the header checksum differ. */
    uint8_t buf[100];
    struct writer w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_echo(&w, &src, &dst, false, in.id, in.seq, in.payload), ERR_OK);
    assert_int_equal(w.len, 84);
    assert_memory_equal(buf + 20, p.b + 20, 64); /* ICMP checksum included */
    assert_memory_equal(buf, p.b, 4);
    assert_memory_equal(buf + 12, p.b + 12, 8);
}

static void test_echo(void **state)
{
    (void)state;
    static const char *const ends[][2] = { { "10.0.0.1", "10.0.0.2" },
                                           { "2001:db8::1", "2001:db8:1::2" } };
    uint8_t buf[600], data[400];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 11 + 255);
    for (size_t v = 0; v < 4; v++) {
        struct addr src = at(ends[v / 2][0]), dst = at(ends[v / 2][1]);
        bool reply = v % 2 == 1;
        for (size_t len = 0; len <= sizeof data; len++) {
            struct writer w = wr_init(buf, sizeof buf);
            struct inner in;
            assert_int_equal(
                inner_echo(&w, &src, &dst, reply, 0x1234, (uint16_t)len, span_of(data, len)),
                ERR_OK);
            size_t whole = w.len;
            wr_zero(&w, 100); /* TFC padding */
            assert_int_equal(inner_parse(wr_done(&w), &in, NULL), ERR_OK);
            assert_int_equal(in.total, whole);
            assert_int_equal(in.echo_reply, reply);
            assert_int_equal(in.echo_request, !reply);
            assert_int_equal(in.id, 0x1234);
            assert_int_equal(in.seq, len);
            assert_int_equal(in.icmp_code, 0);
            assert_int_equal(in.src.port, in.icmp_type << 8);
            assert_true(addr_same_host(&in.src, &src) && addr_same_host(&in.dst, &dst));
            assert_true(span_eq(in.payload, span_of(data, len)));
        }
    }
}

static void test_udp(void **state)
{
    (void)state;
    static const char *const ends[][2] = { { "10.0.0.1:4000", "10.0.0.2:53" },
                                           { "[2001:db8::1]:4000", "[2001:db8::2]:53" } };
    uint8_t buf[300], data[200];
    memset(data, 0xee, sizeof data);
    for (size_t v = 0; v < 2; v++) {
        struct addr src = at(ends[v][0]), dst = at(ends[v][1]);
        for (size_t len = 0; len < 200; len++) {
            struct writer w = wr_init(buf, sizeof buf);
            struct inner in;
            assert_int_equal(inner_udp(&w, &src, &dst, span_of(data, len)), ERR_OK);
            assert_int_equal(inner_parse(wr_done(&w), &in, NULL), ERR_OK);
            assert_int_equal(in.protocol, 17);
            assert_true(addr_eq(&in.src, &src) && addr_eq(&in.dst, &dst));
            assert_true(span_eq(in.payload, span_of(data, len)));
            assert_false(in.echo_request || in.echo_reply);
        }
    }
    /* RFC 768's sum over a packet small enough to add by hand: 0a00+0001+0a00+0002+0011+000a
     * +0fa0+0035+000a+6869 = 8c66 + 0 carries, hence 7399. */
    struct addr src = at(ends[0][0]), dst = at(ends[0][1]);
    struct writer w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_udp(&w, &src, &dst, span_str("hi")), ERR_OK);
    assert_octets(span_of(buf + 20, 10), hex("0fa00035000a 7399 6869"));
    struct octets zero = hex("dc02"); /* adds up to a checksum of zero, which is sent as ffff */
    w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_udp(&w, &src, &dst, octets_span(&zero)), ERR_OK);
    assert_octets(span_of(buf + 26, 2), hex("ffff"));
}

static void test_refused_writing(void **state)
{
    (void)state;
    uint8_t buf[60];
    static uint8_t big[66000];
    struct addr v4 = at("10.0.0.1"), v6 = at("2001:db8::1"), none = { 0 };
    struct writer w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_echo(&w, &v4, &v6, false, 1, 1, span_str("x")), ERR_VALUE);
    w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_udp(&w, &none, &none, span_str("x")), ERR_VALUE);
    for (size_t cap = 0; cap < 29; cap++) {
        w = wr_init(buf, cap);
        assert_int_equal(inner_echo(&w, &v4, &v4, false, 1, 1, span_str("x")), ERR_SPACE);
        assert_int_equal(w.len, 0);
    }
    w = wr_init(big, sizeof big);
    assert_int_equal(inner_udp(&w, &v4, &v4, span_of(big, 65508)), ERR_LENGTH);
    w = wr_init(big, sizeof big);
    assert_int_equal(inner_echo(&w, &v6, &v6, false, 1, 1, span_of(big, 65528)), ERR_LENGTH);
}

static void test_checksums(void **state)
{
    (void)state;
    struct octets p = hex(ECHO);
    struct fault why;
    struct inner in;
    for (size_t i = 1; i < p.len; i++) {
        struct octets bad = p;
        bad.b[i] ^= 0x04;
        if (i == 2 || i == 3)
            continue; /* lengths fail in other ways */
        assert_int_equal(inner_parse(octets_span(&bad), &in, &why), ERR_VALUE);
        assert_string_equal(why.field, i < 20 ? "IP.checksum" : "ICMP.checksum");
    }
}

/* Every truncation, read from a block of just that size. */
static void test_truncated(void **state)
{
    (void)state;
    uint8_t buf[2][200];
    struct addr v6 = at("[2001:db8::1]:7");
    struct octets p = hex(ECHO);
    struct writer w = wr_init(buf[0], 200), u = wr_init(buf[1], 200);
    assert_int_equal(inner_echo(&w, &v6, &v6, false, 1, 1, span_str("abc")), ERR_OK);
    assert_int_equal(inner_udp(&u, &v6, &v6, span_str("abc")), ERR_OK);
    struct span all[] = { octets_span(&p), wr_done(&w), wr_done(&u) };
    for (size_t k = 0; k < 3; k++) {
        for (size_t len = 0; len < all[k].len; len++) {
            struct inner in;
            uint8_t *copy = malloc(len + (len == 0));
            memcpy(copy, all[k].p, len);
            assert_int_equal(inner_parse(span_of(copy, len), &in, NULL), ERR_TRUNCATED);
            free(copy);
        }
    }
}

static uint16_t sum(const uint8_t *p, size_t len)
{
    uint32_t s = 0;
    for (size_t i = 0; i < len; i += 2)
        s += (uint32_t)p[i] << 8 | p[i + 1];
    while (s > 0xffff)
        s = (s & 0xffff) + (s >> 16);
    return (uint16_t)~s;
}

static void test_lies(void **state)
{
    (void)state;
    struct inner in;
    struct fault why;
    struct octets p = hex(ECHO);
    uint8_t v = 0x55;
    assert_int_equal(inner_parse(span_of(&v, 1), &in, &why), ERR_VALUE);
    p.b[0] = 0x44; /* header shorter than a header */
    assert_int_equal(inner_parse(octets_span(&p), &in, &why), ERR_LENGTH);
    p = hex(ECHO);
    p.b[0] = 0x4f; /* options that are not there pass as long as the checksum holds */
    put_u16(p.b + 10, 0);
    put_u16(p.b + 10, sum(p.b, 60));
    p.b[61] ^= 1; /* and then the ICMP one fails */
    assert_int_equal(inner_parse(octets_span(&p), &in, &why), ERR_VALUE);
    p = hex(ECHO);
    put_u16(p.b + 2, 19);
    assert_int_equal(inner_parse(octets_span(&p), &in, &why), ERR_LENGTH);
    put_u16(p.b + 2, 24); /* four octets of ICMP */
    put_u16(p.b + 10, 0);
    put_u16(p.b + 10, sum(p.b, 20));
    assert_int_equal(inner_parse(octets_span(&p), &in, &why), ERR_TRUNCATED);
    assert_string_equal(why.field, "ICMP");
    /* UDP length past the packet, and under eight */
    struct addr a = at("10.0.0.1:1");
    uint8_t buf[60];
    static const uint16_t lens[] = { 0, 7, 12, 65535 };
    for (size_t i = 0; i < 4; i++) {
        struct writer w = wr_init(buf, sizeof buf);
        assert_int_equal(inner_udp(&w, &a, &a, span_str("abc")), ERR_OK);
        put_u16(buf + 24, lens[i]);
        assert_int_equal(inner_parse(wr_done(&w), &in, &why), ERR_LENGTH);
    }
}

static void test_tcp_and_others(void **state)
{
    (void)state;
    struct inner in;
    struct octets tcp = hex("6000000000180640"
                            "20010db8000000000000000000000001 20010db8000000000000000000000002"
                            "01bb 1f90 00000001 00000002 6012 1000 0000 0000 02040578");
    assert_int_equal(inner_parse(octets_span(&tcp), &in, NULL), ERR_OK);
    assert_int_equal(in.protocol, 6);
    assert_int_equal(in.src.port, 443);
    assert_int_equal(in.dst.port, 8080);
    assert_int_equal(in.payload.len, 0);
    tcp.b[40 + 12] = 0x70; /* an offset past the end */
    assert_int_equal(inner_parse(octets_span(&tcp), &in, NULL), ERR_LENGTH);
    tcp.b[40 + 12] = 0x40; /* and one inside the fixed part */
    assert_int_equal(inner_parse(octets_span(&tcp), &in, NULL), ERR_LENGTH);
    struct octets ospf = hex("6000000000045940"
                             "20010db8000000000000000000000001 20010db8000000000000000000000002"
                             "03010000");
    assert_int_equal(inner_parse(octets_span(&ospf), &in, NULL), ERR_OK);
    assert_int_equal(in.protocol, 0x59);
    assert_int_equal(in.src.port, 0);
    assert_int_equal(in.payload.len, 4);
}

static void test_extensions(void **state)
{
    (void)state;
    struct inner in;
    /* hop by hop (8), destination options (16), then UDP */
    struct octets p = hex("6000000000220040"
                          "20010db8000000000000000000000001 20010db8000000000000000000000002"
                          "3c00010400000000 1101010c000000000000000000000000"
                          "0001 0002 000a 0000 6869");
    assert_int_equal(inner_parse(octets_span(&p), &in, NULL), ERR_OK);
    assert_int_equal(in.protocol, 17);
    assert_int_equal(in.dst.port, 2);
    assert_int_equal(in.payload.len, 2);
    for (size_t len = 40; len < p.len; len++) {
        struct octets cut = p;
        put_u16(cut.b + 4, (uint16_t)(len - 40));
        assert_true(inner_parse(span_of(cut.b, len), &in, NULL) != ERR_OK);
    }
    p.b[49] = 255; /* an option header longer than all */
    assert_int_equal(inner_parse(octets_span(&p), &in, NULL), ERR_TRUNCATED);
    /* a first fragment is read, but not summed; a later one has no ports */
    p = hex("6000000000102c40"
            "20010db8000000000000000000000001 20010db8000000000000000000000002"
            "1100 0001 00000007 0001 0002 00ff 0000");
    assert_int_equal(inner_parse(octets_span(&p), &in, NULL), ERR_OK);
    assert_int_equal(in.src.port, 1);
    put_u16(p.b + 42, 8);
    assert_int_equal(inner_parse(octets_span(&p), &in, NULL), ERR_OK);
    assert_int_equal(in.protocol, 17);
    assert_int_equal(in.src.port, 0);
    assert_int_equal(in.payload.len, 8);
    p = hex(ECHO); /* IPv4: a later fragment */
    put_u16(p.b + 6, 0x0010);
    put_u16(p.b + 10, 0);
    put_u16(p.b + 10, sum(p.b, 20));
    assert_int_equal(inner_parse(octets_span(&p), &in, NULL), ERR_OK);
    assert_false(in.echo_request);
    assert_int_equal(in.payload.len, 64);
}

static void test_tcp_made(void **state)
{
    (void)state;
    static const char *const ends[][2] = { { "10.0.0.1:9", "10.0.0.2:80" },
                                           { "[2001:db8::1]:9", "[2001:db8::2]:80" } };
    for (size_t v = 0; v < 2; v++)
        for (size_t len = 0; len < 9; len++) {
            uint8_t buf[100];
            struct inner in;
            struct writer w = wr_init(buf, sizeof buf);
            struct addr src = at(ends[v][0]), dst = at(ends[v][1]);
            assert_int_equal(
                inner_tcp(&w, &src, &dst, TCP_SYN, 0x01020304, 5, span_of("eightoct", len)), ERR_OK);
            assert_int_equal(inner_parse(wr_done(&w), &in, NULL), ERR_OK);
            assert_true(addr_eq(&in.src, &src) && addr_eq(&in.dst, &dst));
            assert_int_equal(in.tcp_flags, TCP_SYN);
            assert_int_equal(in.tcp_seq, 0x01020304);
            assert_int_equal(in.payload.len, len);
            assert_true(in.checksum_held && !in.fragment && !in.later_fragment);
            buf[w.len - 1] ^= 1;
            assert_int_equal(inner_parse(wr_done(&w), &in, NULL), ERR_OK);
            assert_false(in.checksum_held);
        }
}

/* What a packet in transport mode was: header and payload are those of the packet. */
static void test_wrapped(void **state)
{
    (void)state;
    struct octets p = hex(ECHO);
    struct addr src = at("198.51.100.5"), dst = at("192.0.2.5");
    uint8_t buf[100];
    struct inner in;
    struct writer w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_wrap(&w, &src, &dst, 1, span_of(p.b + 20, 64)), ERR_OK);
    assert_int_equal(w.len, 84);
    assert_memory_equal(buf + 20, p.b + 20, 64);
    assert_int_equal(inner_parse(wr_done(&w), &in, NULL), ERR_OK);
    assert_true(in.echo_request && in.id == 0x3a08);
    w = wr_init(buf, 40);
    assert_int_equal(inner_wrap(&w, &src, &dst, 1, span_of(p.b + 20, 64)), ERR_SPACE);
}

static void test_fragments_made(void **state)
{
    (void)state;
    struct octets p = hex(ECHO);
    uint8_t buf[100];
    struct inner in;
    struct writer w = wr_init(buf, sizeof buf);
    put_u16(p.b + 6, 0);
    assert_int_equal(inner_fragment(&w, octets_span(&p), 0, 40), ERR_OK);
    assert_int_equal(w.len, 60);
    assert_int_equal(get_u16(buf + 6), 0x2000);
    assert_int_equal(inner_parse(wr_done(&w), &in, NULL), ERR_OK);
    assert_true(in.fragment && !in.later_fragment && in.echo_request);
    w = wr_init(buf, sizeof buf);
    assert_int_equal(inner_fragment(&w, octets_span(&p), 40, 40), ERR_OK);
    assert_int_equal(w.len, 44);
    assert_int_equal(get_u16(buf + 6), 5);
    assert_memory_equal(buf + 20, p.b + 60, 24);
    assert_int_equal(inner_parse(wr_done(&w), &in, NULL), ERR_OK);
    assert_true(in.fragment && in.later_fragment && !in.echo_request);
    assert_int_equal(inner_fragment(&w, octets_span(&p), 4, 8), ERR_VALUE);
    assert_int_equal(inner_fragment(&w, octets_span(&p), 0, 12), ERR_VALUE);
    assert_int_equal(inner_fragment(&w, octets_span(&p), 64, 8), ERR_VALUE);
    assert_int_equal(inner_fragment(&w, span_of(p.b, 83), 0, 8), ERR_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),      cmocka_unit_test(test_echo),
        cmocka_unit_test(test_udp),        cmocka_unit_test(test_refused_writing),
        cmocka_unit_test(test_checksums),  cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_lies),       cmocka_unit_test(test_tcp_and_others),
        cmocka_unit_test(test_extensions), cmocka_unit_test(test_tcp_made),
        cmocka_unit_test(test_wrapped),    cmocka_unit_test(test_fragments_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* config_test.c - the configuration payload: what is leased and taken back, what each request gets,
 * and attributes of every length that a hostile peer may give them. */
#include "engine/pair_test.h"
#include "engine/sa/peer.h"

/* One end with a pool, a request as it came, and the answer to it. */
struct desk {
    struct pair *p;
    struct side s;
    struct run r;
    struct fault why;
    struct message in, out;
    struct arena in_arena, out_arena;
    uint8_t in_store[1 << 18], out_store[1 << 14];
};

static struct ike_selector addresses(const char *lo, const char *hi)
{
    struct addr a, b;
    assert_true(addr_parse(lo, &a));
    assert_true(addr_parse(hi, &b));
    struct ike_selector s = { .type = a.family == 6 ? TS_IPV6_ADDR_RANGE : TS_IPV4_ADDR_RANGE,
                              .port_hi = 65535 };
    memcpy(s.lo, a.ip, addr_len(&a));
    memcpy(s.hi, b.ip, addr_len(&b));
    return s;
}

#define OCTETS(text) { (const uint8_t *)(text), sizeof(text) - 1 }
static const struct ike_cfg given_values[] = {
    { CFG_ATTR_INTERNAL_IP4_DNS, OCTETS("\12\2\0\65") },
    { CFG_ATTR_INTERNAL_IP4_DNS, OCTETS("\12\2\0\66") },
    { CFG_ATTR_INTERNAL_IP6_DHCP, OCTETS("0123456789abcdef") },
    { CFG_ATTR_INTERNAL_IP4_ADDRESS, OCTETS("\1\2\3\4") }, /* only the pool gives these */
};

/* pool: num ranges; 0 and num_ask types: an end that asks. */
static struct desk *desk_new(const struct ike_selector *pool, uint8_t num, const uint16_t *ask,
                             uint8_t num_ask)
{
    struct desk *d = calloc(1, sizeof *d);
    assert_non_null(d);
    d->p = pair_new(NULL, NULL);
    side_init(&d->s, B);
    d->s.c.pool = pool;
    d->s.c.num_pool = num;
    d->s.c.cfg_ask = ask;
    d->s.c.num_cfg_ask = num_ask;
    d->s.c.cfg_required = num_ask > 0;
    d->s.c.cfg_give = given_values;
    d->s.c.num_cfg_give = sizeof given_values / sizeof given_values[0];
    pair_conn(d->p, B, &d->s);
    return d;
}

static void desk_free(struct desk *d)
{
    pair_free(d->p);
    free(d);
}

/* The next peer at this desk. */
static struct ike_sa *peer(struct desk *d)
{
    struct ike_sa *sa = ike_sa_new(d->p->e[B], d->p->e[B]->conns, false);
    assert_non_null(sa);
    run_init(&d->r, sa, NULL);
    d->r.why = &d->why;
    return sa;
}

/* A chain of payloads that came; false when it cannot be read. An answer is begun, too. */
static bool comes(struct desk *d, struct span chain)
{
    d->in_arena = arena_init(d->in_store, sizeof d->in_store);
    d->out_arena = arena_init(d->out_store, sizeof d->out_store);
    assert_int_equal(msg_new(&d->in, &d->in_arena, EXCHANGE_IKE_AUTH, FLAG_INITIATOR, 1, 1, 2),
                     ERR_OK);
    assert_int_equal(msg_new(&d->out, &d->out_arena, EXCHANGE_IKE_AUTH, FLAG_RESPONSE, 1, 1, 2),
                     ERR_OK);
    d->r.in = &d->in;
    d->r.inner = d->in.hdr;
    d->r.out = &d->out;
    d->r.body = d->out.hdr;
    return chain_decode(&d->in, d->in.hdr, chain.len > 0 ? PAYLOAD_CP : 0, chain, &d->why) ==
           ERR_OK;
}

/* A CP payload of this type with these attributes: type, length, then so many octets of `value`. */
struct attribute {
    uint16_t type, len;
    const uint8_t *value; /* NULL: octets of 0xa5 */
};

static bool asks(struct desk *d, uint8_t cfg_type, const struct attribute *a, size_t num)
{
    static uint8_t chain[1 << 16];
    size_t at = 8;
    memset(chain, 0, 8);
    chain[4] = cfg_type;
    for (size_t i = 0; i < num; i++) {
        assert_true(at + 4 + a[i].len <= sizeof chain);
        put_u16(chain + at, a[i].type);
        put_u16(chain + at + 2, a[i].len);
        if (a[i].value != NULL)
            memcpy(chain + at + 4, a[i].value, a[i].len);
        else
            memset(chain + at + 4, 0xa5, a[i].len);
        at += 4u + a[i].len;
    }
    put_u16(chain + 2, (uint16_t)at);
    return comes(d, span_of(chain, at));
}

#define ASKS(d, type, ...)                                                                         \
    asks(d, type, (const struct attribute[]){ __VA_ARGS__ },                                       \
         sizeof((const struct attribute[]){ __VA_ARGS__ }) / sizeof(struct attribute))

static const struct node *answer(const struct desk *d)
{
    return payload_find(d->out.hdr, PAYLOAD_CP);
}

/* How many attributes of this type the answer has; the value of the first goes to *v. */
static size_t given(const struct desk *d, uint16_t type, struct span *v)
{
    size_t num = 0;
    const struct node *cp = answer(d);
    for (const struct node *n = cp != NULL ? cp->child : NULL; n != NULL; n = n->next)
        if (node_num(n, CFG_TYPE) == type && num++ == 0 && v != NULL)
            *v = node_bytes(n, CFG_VALUE);
    return num;
}

static void assert_value(const struct desk *d, uint16_t type, const void *want, size_t len)
{
    struct span v = { 0 };
    assert_int_equal(given(d, type, &v), 1);
    assert_int_equal(v.len, len);
    assert_memory_equal(v.p, want, len);
}

/* --- responder
 * ------------------------------------------------------------------------------------------- */

/* Each peer has its own address, the lowest that is free; one that left makes room. */
static void leases(void **state)
{
    (void)state;
    struct ike_selector pool[2] = { addresses("10.9.0.254", "10.9.1.1"),
                                    addresses("2001:db8::7", "2001:db8::8") };
    static const uint8_t want[4][4] = {
        { 10, 9, 0, 254 }, { 10, 9, 0, 255 }, { 10, 9, 1, 0 }, { 10, 9, 1, 1 }
    };
    struct desk *d = desk_new(pool, 2, NULL, 0);
    struct ike_sa *sa[5];
    for (size_t i = 0; i < 5; i++) {
        sa[i] = peer(d);
        assert_true(ASKS(d, CFG_REQUEST, { CFG_ATTR_INTERNAL_IP4_ADDRESS, 0, NULL },
                         { CFG_ATTR_INTERNAL_IP6_ADDRESS, 0, NULL }));
        /* one family is enough; with neither left there is a notify */
        assert_int_equal(config_lease(&d->r), i < 4 ? 0 : N_INTERNAL_ADDRESS_FAILURE);
        assert_int_equal(sa[i]->lease[0].held, i < 4);
        assert_int_equal(sa[i]->lease[1].held, i < 2);
        struct ike_selector s[NUM_FAMILIES];
        assert_int_equal(config_selectors(sa[i], s), (i < 4) + (i < 2));
        if (i < 4) {
            assert_memory_equal(sa[i]->lease[0].ip, want[i], 4);
            assert_memory_equal(s[0].lo, want[i], 4);
            assert_memory_equal(s[0].hi, want[i], 4);
        }
        assert_int_equal(config_lease(&d->r), i < 4 ? 0 : N_INTERNAL_ADDRESS_FAILURE); /* again */
    }
    ike_sa_die(sa[2], "leaves");
    peer(d);
    assert_true(ASKS(d, CFG_REQUEST, { CFG_ATTR_INTERNAL_IP4_ADDRESS, 0, NULL }));
    assert_int_equal(config_lease(&d->r), 0);
    assert_memory_equal(d->r.sa->lease[0].ip, want[2], 4);
    desk_free(d);
}

/* A wish is granted when it is in the pool, free, and long enough to be read; else any other
 * address is. */
static void wishes(void **state)
{
    (void)state;
    struct ike_selector pool[2] = { addresses("10.9.0.1", "10.9.0.200"),
                                    addresses("2001:db8::1", "2001:db8::ff") };
    static const uint8_t in4[20] = { 10, 9, 0, 77, 1, 2, 3 }, out4[4] = { 10, 9, 1, 77 };
    uint8_t in6[20] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 0x55, [16] = 64 };
    for (uint16_t len = 0; len <= 20; len++) {
        struct desk *d = desk_new(pool, 2, NULL, 0);
        struct ike_sa *sa = peer(d);
        assert_true(ASKS(d, CFG_REQUEST, { CFG_ATTR_INTERNAL_IP4_ADDRESS, len, in4 },
                         { CFG_ATTR_INTERNAL_IP6_ADDRESS, len, in6 }));
        assert_int_equal(config_lease(&d->r), 0);
        assert_int_equal(sa->lease[0].ip[3], len >= 4 ? 77 : 1);
        assert_int_equal(sa->lease[1].ip[15], len >= 16 ? 0x55 : 1);
        sa = peer(d); /* taken already */
        assert_true(ASKS(d, CFG_REQUEST, { CFG_ATTR_INTERNAL_IP4_ADDRESS, len, in4 }));
        assert_int_equal(config_lease(&d->r), 0);
        assert_int_equal(sa->lease[0].ip[3], len >= 4 ? 1 : 2);
        sa = peer(d); /* not ours to give */
        assert_true(ASKS(d, CFG_REQUEST, { CFG_ATTR_INTERNAL_IP4_ADDRESS, 4, out4 }));
        assert_int_equal(config_lease(&d->r), 0);
        assert_int_equal(sa->lease[0].ip[2], 0);
        desk_free(d);
    }
}

static void answers(void **state)
{
    (void)state;
    struct ike_selector pool[2] = { addresses("10.9.0.5", "10.9.0.5"),
                                    addresses("2001:db8::5", "2001:db8::5") };
    static const uint8_t ip6[17] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 5, [16] = 128 };
    static const uint8_t subnet[8] = { 10, 2, 0, 0, 255, 255, 255, 0 };
    struct desk *d = desk_new(pool, 2, NULL, 0);
    peer(d);
    assert_true(
        ASKS(d, CFG_REQUEST, { CFG_ATTR_INTERNAL_IP4_ADDRESS, 0, NULL },
             { CFG_ATTR_INTERNAL_IP4_NETMASK, 0, NULL },
             { CFG_ATTR_INTERNAL_IP4_ADDRESS, 0, NULL }, /* once, although asked twice */
             { CFG_ATTR_INTERNAL_IP6_ADDRESS, 0, NULL }, { CFG_ATTR_INTERNAL_IP4_SUBNET, 0, NULL },
             { CFG_ATTR_INTERNAL_IP6_SUBNET, 0, NULL }, { CFG_ATTR_INTERNAL_IP4_DNS, 0, NULL },
             { CFG_ATTR_INTERNAL_IP4_NBNS, 0, NULL }, { CFG_ATTR_INTERNAL_IP6_DHCP, 0, NULL },
             { CFG_ATTR_APPLICATION_VERSION, 3, NULL },
             { CFG_ATTR_SUPPORTED_ATTRIBUTES, 0, NULL }, { 32000, 5, NULL }));
    assert_int_equal(config_lease(&d->r), 0);
    assert_true(config_answer(&d->r));
    assert_int_equal(node_num(answer(d), CP_TYPE), CFG_REPLY);
    assert_value(d, CFG_ATTR_INTERNAL_IP4_ADDRESS, "\12\11\0\5", 4);
    assert_value(d, CFG_ATTR_INTERNAL_IP4_NETMASK, "\377\377\377\377", 4);
    assert_value(d, CFG_ATTR_INTERNAL_IP6_ADDRESS, ip6, sizeof ip6);
    assert_value(d, CFG_ATTR_INTERNAL_IP4_SUBNET, subnet, sizeof subnet);
    assert_int_equal(given(d, CFG_ATTR_INTERNAL_IP6_SUBNET, NULL), 0); /* none is protected */
    assert_value(d, CFG_ATTR_APPLICATION_VERSION, "ikespec", 7);
    struct span dns;
    assert_int_equal(given(d, CFG_ATTR_INTERNAL_IP4_DNS, &dns), 2); /* all that it has */
    assert_memory_equal(dns.p, "\12\2\0\65", 4);
    assert_int_equal(given(d, CFG_ATTR_INTERNAL_IP4_NBNS, NULL), 0);
    assert_value(d, CFG_ATTR_INTERNAL_IP6_DHCP, "0123456789abcdef", 16);
    assert_int_equal(given(d, 32000, NULL), 0);
    struct span v = { 0 };
    assert_int_equal(given(d, CFG_ATTR_SUPPORTED_ATTRIBUTES, &v), 1);
    assert_int_equal(v.len % 2, 0); /* 3.15.1 */
    bool itself = false;
    for (size_t i = 0; i < v.len; i += 2)
        itself = itself || get_u16(v.p + i) == CFG_ATTR_SUPPORTED_ATTRIBUTES;
    assert_true(itself);
    /* nobody asked: no reply; CFG_SET: an acknowledgement of nothing; a reply or a type of none: no
     * answer */
    assert_true(comes(d, (struct span){ 0 }));
    assert_true(config_answer(&d->r));
    assert_null(answer(d));
    assert_true(ASKS(d, CFG_SET, { CFG_ATTR_INTERNAL_IP4_ADDRESS, 4, NULL }));
    assert_true(config_answer(&d->r));
    assert_int_equal(node_num(answer(d), CP_TYPE), CFG_ACK);
    assert_null(answer(d)->child);
    static const uint8_t others[] = { 0, CFG_REPLY, CFG_ACK, 5, 200, 255 };
    for (size_t i = 0; i < sizeof others; i++) {
        assert_true(ASKS(d, others[i], { CFG_ATTR_INTERNAL_IP4_ADDRESS, 0, NULL }));
        assert_true(config_answer(&d->r));
        assert_null(answer(d));
    }
    desk_free(d);
}

/* 3.15.1: no netmask without an address. 2.19: policy wants to be asked. */
static void refusals(void **state)
{
    (void)state;
    struct ike_selector pool[1] = { addresses("10.9.0.5", "10.9.0.5") };
    struct desk *d = desk_new(pool, 1, NULL, 0);
    peer(d);
    assert_true(ASKS(d, CFG_REQUEST, { CFG_ATTR_INTERNAL_IP6_ADDRESS, 0, NULL },
                     { CFG_ATTR_INTERNAL_IP4_NETMASK, 0, NULL }));
    assert_int_equal(config_lease(&d->r), N_INTERNAL_ADDRESS_FAILURE);
    assert_true(config_answer(&d->r));
    assert_null(answer(d)->child);
    assert_true(comes(d, (struct span){ 0 }));
    assert_int_equal(config_lease(&d->r), N_FAILED_CP_REQUIRED);
    assert_true(ASKS(d, CFG_REQUEST, { CFG_ATTR_APPLICATION_VERSION, 0, NULL }));
    assert_int_equal(config_lease(&d->r), N_FAILED_CP_REQUIRED);
    desk_free(d);
    d = desk_new(NULL, 0, NULL, 0); /* an end without pool passes over all of it */
    peer(d);
    assert_true(ASKS(d, CFG_REQUEST, { CFG_ATTR_INTERNAL_IP4_ADDRESS, 0, NULL }));
    assert_int_equal(config_lease(&d->r), 0);
    assert_true(config_answer(&d->r));
    assert_null(answer(d));
    desk_free(d);
}

/* --- initiator
 * ------------------------------------------------------------------------------------------- */

/* Addresses are taken in the one form that they have, and in no other. */
static void taken(void **state)
{
    (void)state;
    static const uint16_t ask[] = { CFG_ATTR_INTERNAL_IP4_ADDRESS, CFG_ATTR_INTERNAL_IP6_ADDRESS };
    for (uint16_t len = 0; len <= 40; len++)
        for (int asking = 0; asking < 2; asking++) {
            struct desk *d = desk_new(NULL, 0, ask, asking ? 2 : 0);
            struct ike_sa *sa = peer(d);
            assert_true(ASKS(d, CFG_REPLY, { CFG_ATTR_INTERNAL_IP4_ADDRESS, len, NULL },
                             { CFG_ATTR_INTERNAL_IP6_ADDRESS, len, NULL }));
            assert_int_equal(config_take(&d->r), !asking || len == 4 || len == 17);
            assert_int_equal(sa->lease[0].held, asking && len == 4);
            assert_int_equal(sa->lease[1].held, asking && len == 17);
            desk_free(d);
        }
    struct desk *d = desk_new(NULL, 0, ask, 2);
    struct ike_sa *sa = peer(d);
    assert_true(comes(d, (struct span){ 0 }));
    assert_true(config_ask(&d->r));
    assert_int_equal(node_num(answer(d), CP_TYPE), CFG_REQUEST);
    assert_value(d, ask[0], "", 0);
    assert_value(d, ask[1], "", 0);
    assert_true(ASKS(d, CFG_REQUEST, { CFG_ATTR_INTERNAL_IP4_ADDRESS, 4, NULL }));
    assert_false(config_take(&d->r)); /* no reply: an address was needed */
    assert_false(sa->lease[0].held);
    desk_free(d);
}

/* --- hostile
 * --------------------------------------------------------------------------------------------- */

/* Attributes cut at every octet, lengths off by one and past the end: read whole or refused, never
 * more than came. */
static void lengths(void **state)
{
    (void)state;
    struct ike_selector pool[1] = { addresses("10.9.0.0", "10.9.0.255") };
    static const uint8_t good[] = { 0,           0,
                                    0,           24,
                                    CFG_REQUEST, 0,
                                    0,           0,
                                    0,           CFG_ATTR_INTERNAL_IP4_ADDRESS,
                                    0,           4,
                                    10,          9,
                                    0,           9,
                                    0,           CFG_ATTR_APPLICATION_VERSION,
                                    0,           4,
                                    'a',         'b',
                                    'c',         'd' };
    struct desk *d = desk_new(pool, 1, NULL, 0);
    peer(d);
    for (size_t len = 1; len <= sizeof good; len++) { /* the payload ends there, and says so */
        uint8_t *cut = malloc(len);
        memcpy(cut, good, len);
        if (len >= 4)
            put_u16(cut + 2, (uint16_t)len);
        bool whole = len == 8 || len == 16 || len == 24;
        assert_int_equal(comes(d, span_of(cut, len)), whole);
        free(cut);
    }
    for (unsigned said = 0; said <= 0xffff; said = said < 40 ? said + 1 : said * 2 + 1) {
        uint8_t *lie = malloc(sizeof good); /* the first attribute's length lies */
        memcpy(lie, good, sizeof good);
        put_u16(lie + 10, (uint16_t)said);
        bool fits = comes(d, span_of(lie, sizeof good));
        assert_true(fits || said != 4);
        if (said > 12)
            assert_false(fits);
        if (fits) {
            assert_int_equal(config_lease(&d->r), 0);
            assert_true(config_answer(&d->r));
        }
        free(lie);
    }
    desk_free(d);
}

/* As many attributes as a payload holds: each type is answered once, the rest passed over. */
static void many(void **state)
{
    (void)state;
    enum { NUM = 1000 };
    static struct attribute a[NUM];
    struct ike_selector pool[1] = { addresses("10.9.0.0", "10.9.0.255") };
    struct desk *d = desk_new(pool, 1, NULL, 0);
    peer(d);
    for (size_t i = 0; i < NUM; i++)
        a[i].type = i < NUM / 2 ? (uint16_t)(1000 + i)
                    : i % 2     ? CFG_ATTR_INTERNAL_IP4_ADDRESS
                                : CFG_ATTR_APPLICATION_VERSION;
    assert_true(asks(d, CFG_REQUEST, a, NUM));
    assert_int_equal(config_lease(&d->r), 0);
    assert_true(config_answer(&d->r));
    assert_int_equal(given(d, CFG_ATTR_INTERNAL_IP4_ADDRESS, NULL), 1);
    assert_int_equal(given(d, CFG_ATTR_APPLICATION_VERSION, NULL), 1);
    desk_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leases),   cmocka_unit_test(wishes), cmocka_unit_test(answers),
        cmocka_unit_test(refusals), cmocka_unit_test(taken),  cmocka_unit_test(lengths),
        cmocka_unit_test(many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

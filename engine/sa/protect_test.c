/* protect_test.c - SK: what is sealed opens, what was touched does not, whatever the length
 * (RFC 7296 3.14). */
#include "engine/pair_test.h"
#include "engine/sa/peer.h"

static uint8_t store[2][262144];

/* A pair whose IKE SA uses that suite, and a sealed INFORMATIONAL request of A. */
static struct pair *up(uint16_t encr, uint16_t bits, uint16_t integ)
{
    struct pair *p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        struct side s;
        side_init(&s, who);
        s.ike[0] = PROP(TRANSFORM_ENCR, encr, bits, TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0,
                        TRANSFORM_KE, GROUP_CURVE25519, 0);
        if (integ != 0)
            s.ike[0].t[s.ike[0].num++] = (struct ike_transform){ TRANSFORM_INTEG, integ, 0 };
        pair_conn(p, who, &s);
    }
    pair_up(p);
    return p;
}

static struct ike_sa *end(struct pair *p, int who)
{
    return ike_sa_by_id(p->e[who], 1);
}

static void seal(struct pair *p, size_t text, const struct ike_send *how, struct packets *out)
{
    static const uint8_t data[4096];
    struct ike_sa *sa = end(p, A);
    struct arena a = arena_init(store[0], sizeof store[0]);
    struct message m;
    assert_int_equal(
        msg_new(&m, &a, EXCHANGE_INFORMATIONAL, FLAG_INITIATOR, 2, sa->spi_i, sa->spi_r), ERR_OK);
    struct node *sk = payload_add(&m, m.hdr, PAYLOAD_SK);
    if (text >= 4) {
        struct node *vid = payload_add(&m, sk, PAYLOAD_VID);
        assert_int_equal(node_set_bytes(&m, vid, VID_DATA, span_of(data, text - 4)), ERR_OK);
    }
    assert_int_equal(protect_send(sa, &m, how, out), ERR_OK);
}

static enum err open_as(struct ike_sa *sa, bool from_us, const uint8_t *b, size_t len,
                        struct message *m)
{
    static uint8_t copy[8192];
    struct arena a = arena_init(store[1], sizeof store[1]);
    struct fault why = { 0 };
    assert_true(len <= sizeof copy);
    memcpy(copy, b, len);
    enum err rc = msg_decode(m, &a, span_of(copy, len), &why);
    return rc != ERR_OK ? rc : protect_open(sa, from_us, m, &why);
}

static const uint16_t suites[][3] = {
    { ENCR_AES_GCM_16, 256, 0 },         { ENCR_AES_CCM_8, 128, 0 },
    { ENCR_CHACHA20_POLY1305, 0, 0 },    { ENCR_AES_CBC, 128, AUTH_HMAC_SHA2_256_128 },
    { ENCR_3DES, 0, AUTH_HMAC_SHA1_96 }, { ENCR_AES_CTR, 128, AUTH_AES_XCBC_96 },
};
#define NUM_SUITES (sizeof suites / sizeof suites[0])

static void opens_at_either_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair *p = up(suites[i][0], suites[i][1], suites[i][2]);
        for (size_t text = 0; text < 70; text += text == 0 ? 4 : 1) {
            struct packets out = { 0 };
            struct message m;
            seal(p, text, NULL, &out);
            assert_int_equal(out.num, 1);
            const struct octets *d = &out.d[0];
            assert_int_equal(open_as(end(p, B), false, d->p, d->len, &m), ERR_OK);
            const struct node *sk = payload_find(m.hdr, PAYLOAD_SK);
            assert_true((sk->child != NULL) == (text > 0));
            if (text > 0)
                assert_int_equal(node_bytes(sk->child, VID_DATA).len, text - 4);
            assert_int_equal(open_as(end(p, A), true, d->p, d->len, &m), ERR_OK);
            assert_int_not_equal(open_as(end(p, A), false, d->p, d->len, &m), ERR_OK);
            packets_free(&out);
        }
        pair_free(p);
    }
}

/* Each bit counts, header included; each length but the true one is refused. */
static void touched(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair *p = up(suites[i][0], suites[i][1], suites[i][2]);
        struct packets out = { 0 };
        struct message m;
        uint8_t b[512];
        seal(p, 24, NULL, &out);
        size_t len = out.d[0].len;
        for (size_t bit = 0; bit < 8 * len; bit++) {
            memcpy(b, out.d[0].p, len);
            b[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_not_equal(open_as(end(p, B), false, b, len, &m), ERR_OK);
        }
        for (size_t cut = HDR_LEN + 4; cut < len; cut++) {
            memcpy(b, out.d[0].p, cut);
            put_u32(b + 24, (uint32_t)cut);
            put_u16(b + HDR_LEN + 2, (uint16_t)(cut - HDR_LEN));
            assert_int_not_equal(open_as(end(p, B), false, b, cut, &m), ERR_OK);
        }
        packets_free(&out);
        pair_free(p);
    }
}

/* 3.14: any padding that fits is taken, and none that does not. */
static void padding(void **state)
{
    (void)state;
    struct pair *p = up(ENCR_AES_GCM_16, 256, 0);
    for (unsigned pad = 0; pad < 256; pad++) {
        struct packets out = { 0 };
        struct message m;
        struct ike_send how = { .pad_set = true, .pad_len = (uint8_t)pad, .pad_fill = 0xa5 };
        seal(p, 20, &how, &out);
        assert_int_equal(open_as(end(p, B), false, out.d[0].p, out.d[0].len, &m), ERR_OK);
        packets_free(&out);
        how.pad_field_set = true;
        how.pad_field = 255; /* more than there is */
        how.pad_len = 3;
        seal(p, 20, &how, &out);
        assert_int_equal(open_as(end(p, B), false, out.d[0].p, out.d[0].len, &m), ERR_PADDING);
        packets_free(&out);
    }
    pair_free(p);
}

/* An IV is never used twice under one key. */
static void fresh_ivs(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair *p = up(suites[i][0], suites[i][1], suites[i][2]);
        uint8_t seen[64][16] = { { 0 } };
        size_t iv = end(p, A)->suite.iv_len;
        for (size_t k = 0; k < 64; k++) {
            struct packets out = { 0 };
            seal(p, 8, NULL, &out);
            memcpy(seen[k], out.d[0].p + HDR_LEN + 4, iv);
            for (size_t n = 0; n < k; n++)
                assert_memory_not_equal(seen[n], seen[k], iv);
            packets_free(&out);
        }
        pair_free(p);
    }
}

static enum err lend(const struct ike_lent *key, const struct span *parts, size_t num,
                     struct message *m)
{
    struct arena a = arena_init(store[1], sizeof store[1]);
    struct fault why = { 0 };
    return ike_open_lent(key, parts, num, &a, m, &why);
}

/* ike_open_lent: the keys alone open what was sealed, whole or in fragments; others do not. */
static void lent_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SUITES; i++) {
        struct pair *p = up(suites[i][0], suites[i][1], suites[i][2]);
        const struct ike_sa *sa = end(p, A);
        struct ike_lent key = { .suite = sa->suite,
                                .encr = secret_span(&sa->keys.ei),
                                .integ = secret_span(&sa->keys.ai) };
        for (int split = 0; split < 2; split++) {
            struct ike_send how = { .fragment_size = split ? 200 : 0 };
            struct packets out = { 0 };
            struct span part[64];
            struct message m;
            seal(p, 1004, &how, &out);
            assert_true(split ? out.num > 2 : out.num == 1);
            for (size_t k = 0; k < out.num; k++)
                part[k] = span_of(out.d[k].p, out.d[k].len);
            assert_int_equal(lend(&key, part, out.num, &m), ERR_OK);
            const struct node *sk = payload_find(m.hdr, PAYLOAD_SK);
            assert_int_equal(node_bytes(sk->child, VID_DATA).len, 1000);
            assert_null(sk->child->next);
            struct ike_lent other = key; /* the other direction's */
            other.encr = secret_span(&sa->keys.er);
            other.integ = secret_span(&sa->keys.ar);
            assert_int_equal(lend(&other, part, out.num, &m), ERR_INTEGRITY);
            other.unchecked = !sa->suite.aead; /* the ICV of an AEAD is in its key */
            if (other.unchecked) {
                other.encr = key.encr;
                assert_int_equal(lend(&other, part, out.num, &m), ERR_OK);
            }
            other = key;
            other.encr.len--;
            assert_int_not_equal(lend(&other, part, out.num, &m), ERR_OK);
            assert_int_equal(lend(&key, part, 0, &m), ERR_FRAGMENT);
            if (split) { /* too few, and in another order */
                assert_int_equal(lend(&key, part, out.num - 1, &m), ERR_FRAGMENT);
                assert_int_equal(lend(&key, part + 1, out.num - 1, &m), ERR_FRAGMENT);
                struct span first = part[0];
                part[0] = part[1];
                part[1] = first;
                assert_int_equal(lend(&key, part, out.num, &m), ERR_FRAGMENT);
            } else { /* a whole message is no fragment */
                part[1] = part[0];
                assert_int_equal(lend(&key, part, 2, &m), ERR_FRAGMENT);
            }
            packets_free(&out);
        }
        pair_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_at_either_end),
        cmocka_unit_test(touched),
        cmocka_unit_test(padding),
        cmocka_unit_test(fresh_ivs),
        cmocka_unit_test(lent_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

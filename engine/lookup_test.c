/* lookup_test.c - certificates by hash and URL (RFC 7296 3.6): announced, sent, fetched by a host that
 * answers at once, late, wrongly, too much or never. */
#include "engine/pair_test.h"

#include "engine/crypto/cert_bundle.h"
#include "engine/crypto/made_test.h"

static struct made ca, middle, leaf[2], under;

static struct span der_of(const struct made *m)
{
    unsigned char *p = NULL;
    int n = i2d_X509(m->x, &p);
    assert_true(n > 0);
    return span_of(p, (size_t)n);
}

/* What the host of either end does with a URL. */
static struct host {
    enum { AT_ONCE, MISSING, OTHER, HUGE_ONE, LATER, BUNDLE } how;
    unsigned asked;
    uint32_t last[64];
    char url[1100];
} host;

static const uint8_t *huge(void)
{
    static uint8_t p[LOOKUP_MAX + 1];
    return p;
}

static enum err answer(struct pair *p, int who, uint32_t num, const struct made *m)
{
    struct span der = der_of(m);
    enum err rc = ike_found(p->e[who], num, der, p->now);
    OPENSSL_free((void *)(uintptr_t)der.p);
    return rc;
}

static void bundle(struct pair *p, int who, uint32_t num)
{
    struct cert *c[2] = { NULL };
    uint8_t der[8192];
    size_t len;
    assert_int_equal(cert_load(&c[0], span_str(under.cert)), ERR_OK);
    assert_int_equal(cert_load(&c[1], span_str(middle.cert)), ERR_OK);
    assert_int_equal(cert_bundle_write(c, 2, der, sizeof der, &len), ERR_OK);
    assert_int_equal(ike_found(p->e[who], num, span_of(der, len), p->now), ERR_OK);
    cert_free(c[0]);
    cert_free(c[1]);
}

/* The certificate is named by the last letter of the URL. */
static const struct made *named(const char *url)
{
    switch (url[strlen(url) - 1]) {
    case 'a':
        return &leaf[A];
    case 'b':
        return &leaf[B];
    case 'u':
        return &under;
    default:
        return &middle;
    }
}

static void fetch(struct pair *p, int who, const struct ike_event *ev)
{
    struct span none = { 0 };
    if (ev->kind != IKE_EV_LOOKUP)
        return;
    assert_true(ev->inner.len < sizeof host.url);
    memcpy(host.url, ev->inner.p, ev->inner.len);
    host.url[ev->inner.len] = '\0';
    host.last[host.asked++ % 64] = ev->num;
    switch (host.how) {
    case AT_ONCE:
        assert_int_equal(answer(p, who, ev->num, named(host.url)), ERR_OK);
        break;
    case MISSING:
        assert_int_equal(ike_found(p->e[who], ev->num, none, p->now), ERR_OK);
        break;
    case OTHER:
        assert_int_equal(answer(p, who, ev->num, &middle), ERR_OK);
        break;
    case HUGE_ONE:
        assert_int_equal(ike_found(p->e[who], ev->num, span_of(huge(), LOOKUP_MAX + 1), p->now),
                         ERR_OK);
        break;
    case BUNDLE:
        bundle(p, who, ev->num);
        break;
    case LATER:
        break;
    }
}

struct setup {
    struct span certs[2][2], anchors[2], urls[2][2];
    struct side s[2];
    struct pair *p;
};

static void begin(struct setup *u, int how)
{
    *u = (struct setup){ .p = pair_new(NULL, NULL) };
    host = (struct host){ .how = how };
    u->p->event = fetch;
    for (int who = 0; who < 2; who++) {
        struct ike_conn *c = &u->s[who].c;
        side_init(&u->s[who], who);
        u->certs[who][0] = span_str(leaf[who].cert);
        u->anchors[who] = span_str(ca.cert);
        u->urls[who][0] = span_str(who == A ? "http://a.lab/a" : "HTTP://b.lab:8080/b");
        c->psk_local = (struct span){ 0 };
        c->certs = u->certs[who];
        c->num_certs = 1;
        c->key = span_str(leaf[who].key);
        c->anchors = &u->anchors[who];
        c->num_anchors = 1;
        c->cert_time = 1500000000;
        c->http_cert_lookup = true;
        c->cert_urls = u->urls[who];
        c->num_cert_urls = 1;
    }
}

/* a has a certificate of the middle CA, and shows that, too. */
static void two_certificates(struct setup *u)
{
    struct ike_conn *c = &u->s[A].c;
    u->certs[A][0] = span_str(under.cert);
    u->certs[A][1] = span_str(middle.cert);
    u->urls[A][0] = span_str("http://a.lab/u");
    u->urls[A][1] = span_str("http://a.lab/m");
    c->key = span_str(under.key);
    c->num_certs = c->num_cert_urls = 2;
}

static void start(struct setup *u)
{
    for (int who = 0; who < 2; who++)
        pair_conn(u->p, who, &u->s[who]);
    pair_up(u->p);
}

static bool is_up(const struct setup *u)
{
    struct ike_counters a, b;
    ike_get_counters(u->p->e[A], &a);
    ike_get_counters(u->p->e[B], &b);
    assert_int_equal(a.children, b.children);
    return a.children == 1;
}

static void end(struct setup *u)
{
    pair_free(u->p);
}

static void both_by_url(void **state)
{
    (void)state;
    struct setup u;
    begin(&u, AT_ONCE);
    start(&u);
    assert_true(is_up(&u));
    assert_int_equal(host.asked, 2);
    assert_non_null(strstr(u.p->chain[1], "N(HTTP_CERT_LOOKUP_SUPPORTED) CERTREQ"));
    assert_non_null(strstr(u.p->chain[2], "CERT N(HTTP_CERT_LOOKUP_SUPPORTED) CERTREQ"));
    assert_null(strstr(u.p->chain[3], "HTTP_CERT_LOOKUP"));
    assert_string_equal(host.url, "HTTP://b.lab:8080/b");
    end(&u);
}

static void inline_unless_announced(void **state)
{
    (void)state;
    for (int deaf = 0; deaf < 2; deaf++) {
        struct setup u;
        begin(&u, AT_ONCE);
        u.s[deaf].c.http_cert_lookup = false;
        start(&u);
        assert_true(is_up(&u));
        assert_int_equal(host.asked, 1);
        end(&u);
        begin(&u, AT_ONCE); /* it gets one all the same, and does not understand it */
        u.s[deaf].c.http_cert_lookup = false;
        ike_bend(u.p->e[!deaf], REQ_URL_ANNOUNCED, true);
        start(&u);
        assert_false(is_up(&u));
        assert_true(host.asked <= 1);
        end(&u);
    }
}

static void paths_and_bundles(void **state)
{
    (void)state;
    struct setup u;
    begin(&u, AT_ONCE);
    two_certificates(&u);
    start(&u);
    assert_true(is_up(&u));
    assert_int_equal(host.asked, 3);
    end(&u);
    begin(&u, BUNDLE);
    two_certificates(&u);
    u.s[A].c.bundle_url = span_str("http://a.lab/bundle");
    u.s[B].c.num_cert_urls = 0;
    start(&u);
    assert_true(is_up(&u));
    assert_int_equal(host.asked, 1);
    end(&u);
    begin(&u, AT_ONCE); /* a certificate is no bundle: the hash is another already */
    two_certificates(&u);
    u.s[A].c.bundle_url = span_str("http://a.lab/u");
    ike_bend(u.p->e[B], REQ_URL_HASH, true);
    start(&u);
    assert_false(is_up(&u));
    end(&u);
}

static void not_to_be_had(void **state)
{
    (void)state;
    static const int ways[] = { MISSING, OTHER, HUGE_ONE, LATER };
    for (size_t i = 0; i < 4; i++)
        for (int who = 0; who < 2; who++) {
            struct setup u;
            begin(&u, ways[i]);
            u.s[!who].c.num_cert_urls = 0;
            start(&u);
            if (ways[i] == LATER) {
                struct ike_sa_info info;
                assert_true(ike_sa_at(u.p->e[!who], 0, &info));
                assert_false(info.established);
                assert_false(info.dead);
                pair_wait(u.p, (LOOKUP_WAIT_S + 1) * (usec_t)USEC_PER_S);
                assert_int_equal(answer(u.p, !who, host.last[0], &leaf[who]), ERR_STATE);
            }
            assert_int_equal(host.asked, 1);
            assert_false(is_up(&u));
            bool told = false;
            for (size_t k = 2; k < u.p->num_sent && k < 64; k++)
                told = told || strstr(u.p->chain[k], "N(AUTHENTICATION_FAILED)") != NULL;
            assert_true(told);
            end(&u);
        }
}

static void late_and_repeated(void **state)
{
    (void)state;
    for (int who = 0; who < 2; who++) {
        struct setup u;
        begin(&u, LATER);
        u.s[!who].c.num_cert_urls = 0;
        start(&u);
        pair_wait(u.p, 4 * (usec_t)USEC_PER_S); /* the peer repeats its request meanwhile */
        assert_int_equal(host.asked, 1);
        if (who == A)
            assert_true(u.p->events[A][IKE_EV_RETRANSMIT] > 0);
        else /* an answer has come, so nothing is repeated */
            assert_int_equal(u.p->events[A][IKE_EV_RETRANSMIT], 0);
        assert_int_equal(answer(u.p, !who, host.last[0] + 1, &leaf[who]), ERR_STATE);
        assert_int_equal(answer(u.p, !who, host.last[0], &leaf[who]), ERR_OK);
        assert_int_equal(answer(u.p, !who, host.last[0], &leaf[who]), ERR_STATE);
        pair_settle(u.p);
        assert_true(is_up(&u));
        end(&u);
    }
}

static void odd_urls_not_asked_for(void **state)
{
    (void)state;
    static char longest[1026];
    memset(longest, 'x', sizeof longest - 1);
    memcpy(longest, "http://", 7);
    const char *const odd[] = { "ftp://a.lab/a", "file:///a",        "https://a.lab/a", "http:/a.lab/a",
                                "http://",       "http://a.lab/ a", "http://a.lab/\x01", "x",
                                "http://a.lab/\xc3\xa4", longest };
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        struct setup u;
        begin(&u, AT_ONCE);
        u.urls[A][0] = span_str(odd[i]);
        start(&u);
        assert_int_equal(host.asked, 0);
        assert_false(is_up(&u));
        end(&u);
    }
    struct setup u; /* one octet less is no longer too long */
    longest[1024] = '\0';
    longest[1023] = 'a';
    begin(&u, AT_ONCE);
    u.urls[A][0] = span_str(longest);
    start(&u);
    assert_true(is_up(&u));
    end(&u);
}

static enum ike_tap_ruling cut_tap(void *ctx, struct ike_tap_point *at)
{
    const size_t *len = ctx;
    struct node *n;
    if (!at->outbound || at->station != TAP_TREE || at->exchange != EXCHANGE_IKE_AUTH)
        return TAP_PASS;
    n = payload_find(msg_payloads(at->msg), PAYLOAD_CERT);
    assert_int_equal(node_set_bytes(at->msg, n, CERT_DATA,
                                    span_part(node_bytes(n, CERT_DATA), 0, *len)),
                     ERR_OK);
    return TAP_PASS;
}

static void cut_anywhere(void **state)
{
    (void)state;
    for (size_t len = 0; len < 20 + 14; len++) {
        struct setup u;
        begin(&u, MISSING);
        ike_set_tap(u.p->e[A], cut_tap, &len);
        start(&u);
        assert_false(is_up(&u));
        assert_int_equal(host.asked, len > 20 + strlen("http://") ? 1 : 0);
        end(&u);
    }
}

static void forgotten_while_waiting(void **state)
{
    (void)state;
    struct setup u;
    begin(&u, LATER); /* freed with the engine */
    start(&u);
    end(&u);
    begin(&u, LATER);
    start(&u);
    ike_forget(u.p->e[B], 1);
    assert_int_equal(answer(u.p, B, host.last[0], &leaf[A]), ERR_STATE);
    ike_tick(u.p->e[B], u.p->now + 20 * (usec_t)USEC_PER_S);
    end(&u);
}

static void many_wait(void **state)
{
    (void)state;
    struct setup u;
    begin(&u, LATER);
    for (int who = 0; who < 2; who++)
        pair_conn(u.p, who, &u.s[who]);
    for (int i = 0; i < 20; i++)
        pair_up(u.p);
    assert_int_equal(host.asked, 16); /* the others have no certificate */
    end(&u);
}

static void turned_round(void **state)
{
    (void)state;
    struct setup u;
    begin(&u, AT_ONCE);
    ike_bend(u.p->e[A], REQ_HASH_AND_URL, true);
    start(&u);
    assert_true(is_up(&u));
    assert_int_equal(host.asked, 1); /* b's alone */
    end(&u);
    begin(&u, AT_ONCE);
    ike_bend(u.p->e[B], REQ_HTTP_LOOKUP, true);
    start(&u);
    assert_false(is_up(&u));
    assert_int_equal(host.asked, 0);
    end(&u);
    begin(&u, AT_ONCE);
    ike_bend(u.p->e[A], REQ_URL_METHODS, true);
    start(&u);
    assert_false(is_up(&u));
    end(&u);
    begin(&u, OTHER); /* what is there is a good certificate, though not a's */
    ike_bend(u.p->e[B], REQ_URL_HASH, true);
    ike_bend(u.p->e[B], REQ_CERT_ID, true);
    ike_bend(u.p->e[B], REQ_AUTH_VERIFIED, true);
    u.s[B].c.num_cert_urls = 0;
    start(&u);
    assert_true(is_up(&u));
    end(&u);
}

static int all(void **state)
{
    (void)state;
    make(&ca, "EC", "P-256", "lab ca", NULL, NULL, NULL);
    make(&middle, "EC", "P-256", "middle", NULL, NULL, &ca);
    extension(middle.x, ca.x, NID_basic_constraints, "critical,CA:TRUE");
    assert_true(X509_sign(middle.x, ca.k, EVP_sha256()) > 0);
    to_pem(&middle);
    make(&leaf[A], "EC", "P-256", "a", "DNS:a.lab", NULL, &ca);
    make(&leaf[B], "EC", "P-256", "b", "DNS:b.lab", NULL, &ca);
    make(&under, "EC", "P-256", "a", "DNS:a.lab", NULL, &middle);
    return 0;
}

static int none(void **state)
{
    (void)state;
    made_free(&under);
    made_free(&leaf[A]);
    made_free(&leaf[B]);
    made_free(&middle);
    made_free(&ca);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_by_url),
        cmocka_unit_test(inline_unless_announced),
        cmocka_unit_test(paths_and_bundles),
        cmocka_unit_test(not_to_be_had),
        cmocka_unit_test(late_and_repeated),
        cmocka_unit_test(odd_urls_not_asked_for),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(forgotten_while_waiting),
        cmocka_unit_test(many_wait),
        cmocka_unit_test(turned_round),
    };
    return cmocka_run_group_tests(tests, all, none);
}

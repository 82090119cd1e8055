/* cert_auth_test.c - IKE_AUTH with signatures: every key type, classic and RFC 7427, mixed with shared
 * keys, and each way a certificate or signature can be wrong. */
#include "engine/pair_test.h"

#include "engine/crypto/made_test.h"

static struct made ca, other_ca;

static void authorities(void)
{
    if (ca.x != NULL)
        return;
    make(&ca, "EC", "P-256", "lab ca", NULL, NULL, NULL);
    make(&other_ca, "EC", "P-256", "other ca", NULL, NULL, NULL);
}

struct setup {
    struct made leaf[2];
    struct span certs[2], anchors[2];
    struct side s[2];
    struct pair *p;
};

static void begin(struct setup *u, const char *type, const char *group)
{
    *u = (struct setup){ 0 };
    authorities();
    u->p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        make(&u->leaf[who], type, group, who == A ? "a" : "b",
             who == A ? "DNS:a.lab" : "DNS:b.lab", NULL, &ca);
        side_init(&u->s[who], who);
        u->certs[who] = span_str(u->leaf[who].cert);
        u->anchors[who] = span_str(ca.cert);
        struct ike_conn *c = &u->s[who].c;
        c->psk_local = (struct span){ 0 };
        c->certs = &u->certs[who];
        c->num_certs = 1;
        c->key = span_str(u->leaf[who].key);
        c->anchors = &u->anchors[who];
        c->num_anchors = 1;
        c->cert_time = 1500000000;
    }
}

static bool up(struct setup *u)
{
    struct ike_counters a, b;
    for (int who = 0; who < 2; who++)
        pair_conn(u->p, who, &u->s[who]);
    pair_up(u->p);
    ike_get_counters(u->p->e[A], &a);
    ike_get_counters(u->p->e[B], &b);
    assert_int_equal(a.sas, b.sas);
    assert_int_equal(a.children, b.children);
    return a.sas == 1 && a.children == 1;
}

static void end(struct setup *u)
{
    pair_free(u->p);
    made_free(&u->leaf[0]);
    made_free(&u->leaf[1]);
}

static void every_key_type(void **state)
{
    (void)state;
    static const char *const rows[][2] = { { "RSA", NULL }, { "EC", "P-256" }, { "EC", "P-384" },
                                           { "EC", "P-521" }, { "ED25519", NULL },
                                           { "ED448", NULL } };
    for (size_t i = 0; i < 6; i++)
        for (int variant = 0; variant < 3; variant++) {
            struct setup u;
            if (rows[i][1] == NULL && rows[i][0][0] == 'E' && variant == 1)
                continue; /* EdDSA has no classic method */
            begin(&u, rows[i][0], rows[i][1]);
            u.s[A].c.no_signature_auth = u.s[B].c.no_signature_auth = variant == 1;
            u.s[A].c.rsa_pss = u.s[B].c.rsa_pss = variant == 2;
            assert_true(up(&u));
            assert_non_null(strstr(u.p->chain[2], "IDi CERT CERTREQ AUTH"));
            assert_non_null(strstr(u.p->chain[3], "IDr CERT AUTH"));
            assert_non_null(strstr(u.p->chain[1], "CERTREQ"));
            end(&u);
        }
}

static void mixed_with_shared_key(void **state)
{
    (void)state;
    struct setup u;
    begin(&u, "EC", "P-256");
    u.s[A].c.num_certs = 0; /* the initiator has a secret, the responder a certificate */
    u.s[A].c.psk_local = span_str("lab-psk");
    u.s[B].c.num_anchors = 0;
    u.s[B].c.psk_remote = span_str("lab-psk");
    assert_true(up(&u));
    end(&u);
}

static void wrong_ones_refused(void **state)
{
    (void)state;
    for (int fault = 0; fault < 6; fault++) {
        struct setup u;
        begin(&u, "EC", "P-256");
        struct made stranger = { 0 };
        struct span anchor = span_str(other_ca.cert);
        switch (fault) {
        case 0: /* unknown authority */
            u.s[B].c.anchors = &anchor;
            break;
        case 1: /* the certificate names somebody else */
            u.s[A].c.id_local.data = span_str("c.lab");
            u.s[B].c.id_remote.type = 0;
            break;
        case 2: /* signed with a key other than the certificate's */
            make(&stranger, "EC", "P-256", "x", NULL, NULL, NULL);
            u.s[A].c.key = span_str(stranger.key);
            break;
        case 3: /* expired */
            u.s[B].c.cert_time = 2100000000;
            break;
        case 4: /* a shared key where a signature is wanted */
            u.s[A].c.num_certs = 0;
            u.s[A].c.psk_local = span_str("guess");
            break;
        case 5: /* the hash is not allowed */
            u.s[A].c.sig_hashes = 1u << SIGN_SHA1;
            u.s[B].c.sig_hashes = 1u << SIGN_SHA1;
            u.s[A].c.num_certs = 1;
            break;
        }
        if (fault == 5) {
            assert_true(up(&u)); /* both want SHA-1: allowed because configured */
        } else {
            assert_false(up(&u));
            assert_non_null(strstr(u.p->chain[3], "N(AUTHENTICATION_FAILED)"));
        }
        if (stranger.x != NULL)
            made_free(&stranger);
        end(&u);
    }
}

static void bent_accepts(void **state)
{
    (void)state;
    struct setup u;
    struct span anchor = span_str(other_ca.cert);
    begin(&u, "EC", "P-256");
    u.s[B].c.anchors = &anchor;
    ike_bend(u.p->e[B], REQ_CERT_CHAIN, true);
    assert_true(up(&u));
    end(&u);
}

static int done(void **state)
{
    (void)state;
    if (ca.x != NULL) {
        made_free(&ca);
        made_free(&other_ca);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_type),
        cmocka_unit_test(mixed_with_shared_key),
        cmocka_unit_test(wrong_ones_refused),
        cmocka_unit_test(bent_accepts),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}

/* kinds_auth_test.c - IKE_AUTH with each kind of proof on either side: shared key, certificate, raw
 * public key (RFC 7670), none (RFC 7619); what each refuses, and what a peer without proof cannot
 * do to others. */
#include "engine/pair_test.h"

#include "engine/crypto/made_test.h"

enum kind { PSK, NONE, CERT, RAW, KINDS };

static struct made ca, made_of[2], stranger;
static char raw_of[2][2048], raw_stranger[2048];

static void public_half(EVP_PKEY *k, char *out, size_t cap)
{
    BIO *b = BIO_new(BIO_s_mem());
    assert_true(PEM_write_bio_PUBKEY(b, k));
    int n = BIO_read(b, out, (int)cap - 1);
    assert_true(n > 0);
    out[n] = '\0';
    BIO_free(b);
}

static void keys_of(const char *type, const char *group)
{
    for (int who = 0; who < 2; who++) {
        made_free(&made_of[who]);
        make(&made_of[who], type, group, who == A ? "a" : "b", who == A ? "DNS:a.lab" : "DNS:b.lab",
             NULL, &ca);
        public_half(made_of[who].k, raw_of[who], sizeof raw_of[who]);
    }
}

static int begin(void **state)
{
    (void)state;
    make(&ca, "EC", "P-256", "lab ca", NULL, NULL, NULL);
    make(&stranger, "EC", "P-256", "stranger", "DNS:a.lab", NULL, &ca);
    public_half(stranger.k, raw_stranger, sizeof raw_stranger);
    keys_of("EC", "P-256");
    return 0;
}

static int done(void **state)
{
    (void)state;
    made_free(&ca);
    made_free(&stranger);
    made_free(&made_of[A]);
    made_free(&made_of[B]);
    return 0;
}

struct setup {
    struct side s[2];
    struct span certs[2], anchor, keys[2];
    struct pair *p;
};

/* The one says how `who` proves itself, the other how that is checked. */
static void proves(struct setup *u, int who, enum kind kind)
{
    struct ike_conn *own = &u->s[who].c, *other = &u->s[!who].c;
    switch (kind) {
    case PSK:
        own->psk_local = other->psk_remote = span_str(who == A ? "secret of a" : "secret of b");
        break;
    case NONE:
        own->null_local = other->null_remote = true;
        own->id_local = (struct ike_id){ .type = ID_NULL };
        other->id_remote = own->id_local;
        break;
    case CERT:
        u->certs[who] = span_str(made_of[who].cert);
        own->certs = &u->certs[who];
        own->num_certs = 1;
        own->key = span_str(made_of[who].key);
        u->anchor = span_str(ca.cert);
        other->anchors = &u->anchor;
        other->num_anchors = 1;
        break;
    case RAW:
        own->raw_key = true;
        own->key = span_str(made_of[who].key);
        u->keys[who] = span_str(raw_of[who]);
        other->peer_keys = &u->keys[who];
        other->num_peer_keys = 1;
        break;
    case KINDS:
        break;
    }
}

static void set_up(struct setup *u, enum kind a, enum kind b)
{
    *u = (struct setup){ 0 };
    u->p = pair_new(NULL, NULL);
    for (int who = 0; who < 2; who++) {
        side_init(&u->s[who], who);
        u->s[who].c.psk_local = (struct span){ 0 };
        u->s[who].c.cert_time = 1500000000;
    }
    proves(u, A, a);
    proves(u, B, b);
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

static void each_kind_with_each(void **state)
{
    (void)state;
    for (int a = PSK; a < KINDS; a++)
        for (int b = PSK; b < KINDS; b++) {
            struct setup u;
            set_up(&u, (enum kind)a, (enum kind)b);
            if (!up(&u))
                fail_msg("kinds %d and %d: no SA", a, b);
            const char *const *c =
                (const char *const[]){ u.p->chain[1], u.p->chain[2], u.p->chain[3] };
            /* CERT by who signs, CERTREQ by who wants a signature, hashes by either */
            assert_true((strstr(c[1], "IDi CERT ") != NULL) == (a >= CERT));
            assert_true((strstr(c[2], "IDr CERT ") != NULL) == (b >= CERT));
            assert_true((strstr(c[0], "CERTREQ") != NULL) == (a >= CERT));
            assert_true((strstr(c[1], "CERTREQ") != NULL) == (b >= CERT));
            assert_true((strstr(c[0], "N(SIGNATURE_HASH_ALGORITHMS)") != NULL) ==
                        (a >= CERT || b >= CERT));
            pair_free(u.p);
        }
}

/* One kind of proof is never taken for another. */
static void other_kind_refused(void **state)
{
    (void)state;
    for (int is = PSK; is < KINDS; is++)
        for (int wanted = PSK; wanted < KINDS; wanted++) {
            struct setup u, w;
            if (is == wanted)
                continue;
            set_up(&u, (enum kind)is, PSK);
            set_up(&w, (enum kind)wanted, PSK);
            w.s[B].c.id_remote.type = 0; /* any name: it is the proof that is missing */
            pair_conn(u.p, A, &u.s[A]);
            pair_conn(u.p, B, &w.s[B]);
            pair_up(u.p);
            struct ike_counters b;
            ike_get_counters(u.p->e[B], &b);
            /* a raw key that is wanted need not be shown: the certificate's owner has that key */
            bool same_key = is == CERT && wanted == RAW;
            if (b.sas != (same_key ? 1u : 0u))
                fail_msg("kind %d where %d is wanted: %u SAs", is, wanted, b.sas);
            pair_free(u.p);
            pair_free(w.p);
        }
}

static void raw_keys_of_every_type(void **state)
{
    (void)state;
    static const char *const rows[][2] = { { "RSA", NULL },     { "EC", "P-256" },
                                           { "EC", "P-384" },   { "EC", "P-521" },
                                           { "ED25519", NULL }, { "ED448", NULL } };
    for (size_t i = 0; i < 6; i++) {
        keys_of(rows[i][0], rows[i][1]);
        for (int variant = 0; variant < 3; variant++) {
            struct setup u;
            if (rows[i][1] == NULL && i > 0 && variant == 1)
                continue; /* EdDSA has no classic method */
            set_up(&u, RAW, RAW);
            u.s[A].c.no_signature_auth = u.s[B].c.no_signature_auth = variant == 1;
            u.s[A].c.rsa_pss = u.s[B].c.rsa_pss = variant == 2;
            assert_true(up(&u));
            pair_free(u.p);
        }
    }
    keys_of("EC", "P-256");
}

static bool tap_outbound(struct ike_tap_point *t)
{
    return t->outbound && t->station == TAP_TREE && t->exchange == EXCHANGE_IKE_AUTH &&
           !t->response;
}

/* The CERT of the initiator: left out, under encoding 11, or cut at the end. */
static enum ike_tap_ruling change_cert(void *ctx, struct ike_tap_point *t)
{
    int how = *(int *)ctx;
    struct node *sk = tap_outbound(t) ? payload_find(t->msg->hdr, PAYLOAD_SK) : NULL;
    struct node *cert = sk != NULL ? payload_find(sk, PAYLOAD_CERT) : NULL;
    if (cert == NULL)
        return TAP_PASS;
    struct span der = node_bytes(cert, CERT_DATA);
    if (how == 0)
        assert_true(node_remove(sk, cert));
    else if (how == 1)
        assert_int_equal(node_set_num(t->msg, cert, CERT_ENCODING, CERT_RAW_RSA_KEY), ERR_OK);
    else
        assert_int_equal(node_set_bytes(t->msg, cert, CERT_DATA, span_part(der, 0, der.len - 1)),
                         ERR_OK);
    return TAP_PASS;
}

static void raw_keys_shown_and_hidden(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++)
        for (int wrong = 0; wrong < 2; wrong++) {
            struct setup u;
            set_up(&u, RAW, RAW);
            if (wrong)
                u.s[A].c.key = span_str(stranger.key);
            /* the second of the peer's keys will do as well as the first */
            struct span two[2] = { span_str(raw_of[B]), span_str(raw_of[A]) };
            u.s[B].c.peer_keys = two;
            u.s[B].c.num_peer_keys = 2;
            ike_set_tap(u.p->e[A], change_cert, &how);
            /* whoever shows no raw key is known by his signature; what is no key is refused */
            assert_true(up(&u) == (!wrong && how < 2));
            pair_free(u.p);
        }
}

static void unknown_raw_key_refused(void **state)
{
    (void)state;
    for (int bent = 0; bent < 2; bent++) {
        struct setup u;
        set_up(&u, RAW, RAW);
        u.s[A].c.key = span_str(stranger.key);
        ike_bend(u.p->e[B], REQ_RAW_KEY_KNOWN, bent);
        assert_true(up(&u) == (bent == 1));
        if (!bent)
            assert_non_null(strstr(u.p->chain[3], "N(AUTHENTICATION_FAILED)"));
        pair_free(u.p);
    }
}

static void configuration_refused(void **state)
{
    (void)state;
    struct setup u;
    struct fault why = { 0 };
    struct span bad = span_str("no key");
    set_up(&u, RAW, RAW);
    pair_conn(u.p, A, &u.s[A]); /* it is good as it stands */
    u.s[A].c.peer_keys = &bad;
    assert_int_equal(ike_add_conn(u.p->e[A], &u.s[A].c, &why), ERR_CONFIG);
    assert_string_equal(why.field, "peer_keys");
    u.s[A].c.peer_keys = &u.keys[B];
    u.s[A].c.key = (struct span){ 0 };
    assert_int_equal(ike_add_conn(u.p->e[A], &u.s[A].c, &why), ERR_CONFIG);
    assert_string_equal(why.field, "key");
    pair_free(u.p);
}

/* RFC 7619 2.1: AUTH is no matter of form. */
static enum ike_tap_ruling change_auth(void *ctx, struct ike_tap_point *t)
{
    (void)ctx;
    struct node *sk = tap_outbound(t) ? payload_find(t->msg->hdr, PAYLOAD_SK) : NULL;
    struct node *auth = sk != NULL ? payload_find(sk, PAYLOAD_AUTH) : NULL;
    static const uint8_t zeros[32];
    if (auth != NULL)
        assert_int_equal(node_set_bytes(t->msg, auth, AUTH_DATA, span_of(zeros, 32)), ERR_OK);
    return TAP_PASS;
}

static void wrong_value_without_proof(void **state)
{
    (void)state;
    for (int bent = 0; bent < 2; bent++) {
        struct setup u;
        set_up(&u, NONE, CERT);
        ike_set_tap(u.p->e[A], change_auth, NULL);
        ike_bend(u.p->e[B], REQ_NULL_AUTH, bent);
        assert_true(up(&u) == (bent == 1));
        pair_free(u.p);
    }
}

/* RFC 7619 2.2: the name of a peer without proof is no more than a remark. */
static void name_without_proof(void **state)
{
    (void)state;
    for (int wrong = 0; wrong < 2; wrong++) { /* ID_NULL has no data, though */
        struct setup u;
        set_up(&u, NONE, PSK);
        u.s[A].c.id_local = (struct ike_id){ wrong ? ID_NULL : ID_FQDN, span_str("root.lab") };
        assert_true(up(&u) == (wrong == 0));
        pair_free(u.p);
    }
}

static void add_initial_contact(struct setup *u)
{
    static const struct ike_extra contact = { .exchange = EXCHANGE_IKE_AUTH,
                                              .type = PAYLOAD_NOTIFY,
                                              .after = PAYLOAD_IDi };
    static const uint8_t body[] = { 0, 0, 16384 >> 8, 16384 & 0xff };
    static struct ike_extra x;
    x = contact;
    x.body = span_of(body, 4);
    u->s[A].c.extras = &x;
    u->s[A].c.num_extras = 1;
}

/* RFC 7619 2.3: INITIAL_CONTACT of such a peer ends nobody's SA. */
static void contact_without_proof(void **state)
{
    (void)state;
    for (int bent = 0; bent < 2; bent++) {
        struct setup u;
        struct ike_counters b;
        set_up(&u, NONE, PSK);
        ike_bend(u.p->e[B], REQ_NULL_CONTACT, bent);
        assert_true(up(&u));
        assert_null(strstr(u.p->chain[2], "INITIAL_CONTACT")); /* it says none by itself */
        add_initial_contact(&u);
        pair_conn(u.p, A, &u.s[A]);
        pair_up(u.p);
        ike_get_counters(u.p->e[B], &b);
        assert_int_equal(b.sas, bent ? 1 : 2);
        pair_free(u.p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_with_each),       cmocka_unit_test(other_kind_refused),
        cmocka_unit_test(raw_keys_of_every_type),    cmocka_unit_test(raw_keys_shown_and_hidden),
        cmocka_unit_test(unknown_raw_key_refused),   cmocka_unit_test(configuration_refused),
        cmocka_unit_test(wrong_value_without_proof), cmocka_unit_test(name_without_proof),
        cmocka_unit_test(contact_without_proof),
    };
    return cmocka_run_group_tests(tests, begin, done);
}

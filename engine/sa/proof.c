/* proof.c - how an end proves who it is in IKE_AUTH and checks the other: shared key, signature
 * with certificates or raw public keys, or not at all (RFC 7296 2.15, 3.6 to 3.8, RFC 7427, 7670,
 * 7619). */
#include <stdlib.h>

#include "engine/crypto/cert_bundle.h"
#include "engine/crypto/raw_key.h"
#include "engine/sa/peer.h"

#define HASHES_DEFAULT                                                                             \
    (1u << SIGN_SHA2_256 | 1u << SIGN_SHA2_384 | 1u << SIGN_SHA2_512 | 1u << SIGN_IDENTITY)

static const struct ike_conn *conn_of(const struct run *r)
{
    return &r->sa->conn->c;
}

enum kind { KIND_PSK, KIND_NULL, KIND_CERT, KIND_RAW };

struct check { /* what a peer's AUTH is checked over */
    const struct node *auth;
    struct span nonce, id;
    const struct secret *sk_p;
};

static enum verdict check_shared_key(struct run *r, const struct check *k);
static enum verdict check_nobody(struct run *r, const struct check *k);
static enum verdict check_certificate(struct run *r, const struct check *k);
static enum verdict check_raw_key(struct run *r, const struct check *k);

/* The kinds of proof, any of them on either side. */
static const struct {
    uint8_t method;   /* AUTH method; 0 = a signature, by the type of the key */
    uint8_t encoding; /* of CERT and CERTREQ; 0 = neither is sent */
    enum verdict (*check)(struct run *r, const struct check *k);
} kinds[] = {
    [KIND_PSK] = { AUTH_METHOD_PSK, 0, check_shared_key },
    [KIND_NULL] = { AUTH_METHOD_NULL, 0, check_nobody },
    [KIND_CERT] = { 0, CERT_X509_SIGNATURE, check_certificate },
    [KIND_RAW] = { 0, CERT_RAW_PUBLIC_KEY, check_raw_key },
};

static enum kind own_kind(const struct ike_conn *c)
{
    return c->null_local      ? KIND_NULL
           : c->raw_key       ? KIND_RAW
           : c->num_certs > 0 ? KIND_CERT
                              : KIND_PSK;
}

static enum kind peer_kind(const struct ike_conn *c)
{
    return c->null_remote         ? KIND_NULL
           : c->num_peer_keys > 0 ? KIND_RAW
           : c->num_anchors > 0   ? KIND_CERT
                                  : KIND_PSK;
}

static bool signs(const struct ike_conn *c)
{
    return kinds[own_kind(c)].method == 0;
}

static bool wants_signature(const struct ike_conn *c)
{
    return kinds[peer_kind(c)].method == 0;
}

bool proof_of_nobody(const struct ike_sa *sa)
{
    return peer_kind(&sa->conn->c) == KIND_NULL;
}

bool proof_by_certificate(const struct ike_sa *sa)
{
    return peer_kind(&sa->conn->c) == KIND_CERT;
}

static unsigned own_hashes(const struct ike_conn *c)
{
    return c->sig_hashes != 0 ? c->sig_hashes : HASHES_DEFAULT;
}

/* --- credentials of a connection ---------------------------------------------------------------
 */

void credentials_free(struct credentials *k)
{
    for (size_t i = 0; i < IKE_MAX_CERTS; i++) {
        cert_free(k->own[i]);
        cert_free(k->anchors[i]);
        raw_key_free(k->peer_raw[i]);
    }
    raw_key_free(k->own_raw);
    sign_key_free(k->key);
    *k = (struct credentials){ 0 };
}

enum err credentials_load(struct credentials *k, const struct ike_conn *c, struct fault *why)
{
    if (c->num_certs > IKE_MAX_CERTS || c->num_anchors > IKE_MAX_CERTS ||
        c->num_peer_keys > IKE_MAX_CERTS)
        return fault_set(why, ERR_CONFIG, 0, "certs, anchors, peer_keys: at most 8", REQ_NONE);
    for (size_t i = 0; i < c->num_certs; i++)
        if (cert_load(&k->own[i], c->certs[i]) != ERR_OK)
            return fault_set(why, ERR_CONFIG, (uint32_t)i, "certs", REQ_NONE);
    for (size_t i = 0; i < c->num_anchors; i++)
        if (cert_load(&k->anchors[i], c->anchors[i]) != ERR_OK)
            return fault_set(why, ERR_CONFIG, (uint32_t)i, "anchors", REQ_NONE);
    for (size_t i = 0; i < c->num_peer_keys; i++)
        if (raw_key_load(&k->peer_raw[i], c->peer_keys[i]) != ERR_OK)
            return fault_set(why, ERR_CONFIG, (uint32_t)i, "peer_keys", REQ_NONE);
    if (signs(c) && sign_key_load(&k->key, c->key) != ERR_OK)
        return fault_set(why, ERR_CONFIG, 0, "key", REQ_NONE);
    if (own_kind(c) == KIND_RAW && raw_key_of(&k->own_raw, k->key) != ERR_OK)
        return fault_set(why, ERR_CONFIG, 0, "key", REQ_NONE);
    return ERR_OK;
}

/* --- what goes out -------------------------------------------------------------------------------
 */

/* RFC 7427 4: the hashes that this end can check. */
bool proof_announce(struct run *r)
{
    const struct ike_conn *c = conn_of(r);
    uint8_t list[2 * 8];
    size_t len = 0;
    if ((!signs(c) && !wants_signature(c)) || c->no_signature_auth)
        return true;
    for (uint16_t h = SIGN_SHA1; h <= SIGN_IDENTITY; h++)
        if (own_hashes(c) & 1u << h) {
            put_u16(list + len, h);
            len += 2;
        }
    return build_notify(r, N_SIGNATURE_HASH_ALGORITHMS, span_of(list, len));
}

void proof_hear(struct run *r)
{
    const struct node *n = notify_find(r->inner, N_SIGNATURE_HASH_ALGORITHMS);
    struct span v = n != NULL ? node_bytes(n, NOTIFY_DATA) : (struct span){ 0 };
    r->sa->peer_hashes = 0;
    for (size_t at = 0; at + 2 <= v.len; at += 2) {
        uint16_t h = get_u16(v.p + at);
        if (h >= SIGN_SHA1 && h <= SIGN_IDENTITY)
            r->sa->peer_hashes |= 1u << h;
    }
}

/* A CERT or CERTREQ. */
static bool add_cert(struct run *r, uint8_t payload, uint8_t encoding, struct span data)
{
    struct node *n = payload_add(r->out, r->body, payload);
    return n != NULL && node_set_num(r->out, n, CERT_ENCODING, encoding) == ERR_OK &&
           node_set_bytes(r->out, n, CERT_DATA, data) == ERR_OK;
}

bool proof_ask(struct run *r)
{
    const struct ike_conn *c = conn_of(r);
    const struct credentials *k = &r->sa->conn->k;
    uint8_t hashes[20 * IKE_MAX_CERTS], encoding = kinds[peer_kind(c)].encoding;
    size_t len = 0;
    if (encoding == 0)
        return true;
    /* RFC 7670 3: nobody vouches for raw keys, so no authority is named */
    for (size_t i = 0; encoding == CERT_X509_SIGNATURE && i < c->num_anchors; i++, len += 20)
        if (cert_key_hash(k->anchors[i], hashes + len) != ERR_OK)
            return false;
    return add_cert(r, PAYLOAD_CERTREQ, encoding, span_of(hashes, len));
}

/* 3.6: the octets' hash and where they are to be had, in place of them. */
static bool add_url(struct run *r, uint8_t encoding, struct span octets, struct span url)
{
    struct span data = lookup_data(r, octets, url);
    return data.len > 0 && add_cert(r, PAYLOAD_CERT, encoding, data);
}

static bool show_bundle(struct run *r)
{
    const struct ike_conn *c = conn_of(r);
    uint8_t *der = arena_take(r->out->arena, LOOKUP_MAX);
    size_t len = 0;
    return der != NULL &&
           cert_bundle_write(r->sa->conn->k.own, c->num_certs, der, LOOKUP_MAX, &len) == ERR_OK &&
           add_url(r, CERT_HASH_URL_BUNDLE, span_of(der, len), c->bundle_url);
}

/* 3.6: the end entity first, then what leads to an anchor. */
bool proof_show(struct run *r)
{
    const struct ike_conn *c = conn_of(r);
    const struct credentials *k = &r->sa->conn->k;
    uint8_t encoding = kinds[own_kind(c)].encoding;
    if (encoding == CERT_RAW_PUBLIC_KEY)
        return add_cert(r, PAYLOAD_CERT, encoding, raw_key_der(k->own_raw));
    bool urls = encoding != 0 && lookup_sends(r);
    if (urls && c->bundle_url.len > 0)
        return show_bundle(r);
    for (size_t i = 0; encoding != 0 && i < c->num_certs; i++) {
        struct span der = cert_der(k->own[i]);
        bool url = urls && i < c->num_cert_urls && c->cert_urls[i].len > 0;
        if (!(url ? add_url(r, CERT_HASH_URL_CERT, der, c->cert_urls[i])
                  : add_cert(r, PAYLOAD_CERT, encoding, der)))
            return false;
    }
    return true;
}

/* The method that this end signs with: RFC 7427 when both announced it, else the classic one. */
static struct sign_how own_how(const struct run *r)
{
    const struct ike_sa *sa = r->sa;
    const struct ike_conn *c = &sa->conn->c;
    enum key_type type = sign_key_type(sa->conn->k.key);
    struct sign_how how = { .method = 14, .pss = c->rsa_pss };
    unsigned allowed = c->sig_hashes != 0 ? c->sig_hashes : ~0u;
    unsigned common = sa->peer_hashes & allowed;
    /* RFC 7427 4: a hash that the peer listed, and method 14 only when it listed any */
    if (sa->peer_hashes == 0 ? !duty(r->e, sa, REQ_SIG_NEEDS_LIST)
                             : !duty(r->e, sa, REQ_SIG_HASH_LISTED))
        common = ~sa->peer_hashes;
    if (!c->no_signature_auth && common != 0) {
        static const uint8_t order[][4] = {
            [KEY_RSA] = { SIGN_SHA2_256, SIGN_SHA2_384, SIGN_SHA2_512, SIGN_SHA1 },
            [KEY_ECDSA_P256] = { SIGN_SHA2_256, SIGN_SHA2_384, SIGN_SHA2_512, SIGN_SHA1 },
            [KEY_ECDSA_P384] = { SIGN_SHA2_384, SIGN_SHA2_512, SIGN_SHA2_256, SIGN_SHA1 },
            [KEY_ECDSA_P521] = { SIGN_SHA2_512, SIGN_SHA2_384, SIGN_SHA2_256, SIGN_SHA1 },
            [KEY_ED25519] = { SIGN_IDENTITY },
            [KEY_ED448] = { SIGN_IDENTITY },
        };
        bool strong = duty(r->e, sa, REQ_HASH_STRENGTH); /* turned round: the other way through */
        for (size_t i = 0; i < 4; i++) {
            uint8_t hash = order[type][strong || i == 3 ? i : 2 - i];
            if (hash != 0 && common & 1u << hash) {
                how.hash = hash;
                return how;
            }
        }
    }
    static const uint8_t classic[] = {
        [KEY_RSA] = 1,         [KEY_ECDSA_P256] = 9, [KEY_ECDSA_P384] = 10,
        [KEY_ECDSA_P521] = 11, [KEY_ED25519] = 14,   [KEY_ED448] = 14
    };
    how.method = classic[type];
    how.hash = how.method == 14 ? SIGN_IDENTITY : 0;
    how.pss = false;
    return how;
}

uint8_t proof_method(const struct run *r)
{
    return signs(conn_of(r)) ? own_how(r).method : kinds[own_kind(conn_of(r))].method;
}

/* message | nonce | prf(SK_p, id): what a signature covers (2.15). */
static enum err octets_of(struct arena *a, const struct prf *p, struct span message,
                          struct span nonce, const struct secret *sk_p, struct span id,
                          struct span *out)
{
    size_t len = message.len + nonce.len + p->out_len;
    uint8_t *b = arena_take(a, len);
    if (b == NULL)
        return ERR_SPACE;
    memcpy(b, message.p, message.len);
    memcpy(b + message.len, nonce.p, nonce.len);
    *out = span_of(b, len);
    return prf_run(p, secret_span(sk_p), &id, 1, b + message.len + nonce.len);
}

enum err proof_make(struct run *r, struct span id, uint8_t *out, size_t *len)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    struct span nonce = sa->initiator ? span_of(sa->nr, sa->nr_len) : span_of(sa->ni, sa->ni_len);
    const struct secret *sk_p = sa->initiator ? &sa->keys.pi : &sa->keys.pr;
    struct span message = octets_span(&sa->init_sent), text;
    if (!signs(c)) {
        /* RFC 7619 2.1: who has no secret takes SK_p in its place */
        struct span psk = sa->auth_psk_override.p != NULL ? octets_span(&sa->auth_psk_override)
                          : own_kind(c) == KIND_NULL      ? secret_span(sk_p)
                                                          : c->psk_local;
        *len = sa->prf->out_len;
        return auth_psk(sa->prf, psk, message, nonce, secret_span(sk_p), id, out);
    }
    struct sign_how how = own_how(r);
    enum err rc = octets_of(r->out->arena, sa->prf, message, nonce, sk_p, id, &text);
    return rc != ERR_OK ? rc : sign_run(sa->conn->k.key, &how, text, out, len);
}

/* --- what comes in
 * ------------------------------------------------------------------------------------ */

static enum verdict refuse(struct run *r, enum err code, const struct node *n, const char *field,
                           enum req req)
{
    fault_set(r->why, code, n != NULL ? n->off : 0, field, req);
    r->why->inside = 1;
    r->notify = N_AUTHENTICATION_FAILED;
    return V_FAIL;
}

/* AUTH as the shared key methods make it, of a key that is there. */
static enum verdict check_mac(struct run *r, const struct check *k, struct span key, enum req req)
{
    struct ike_sa *sa = r->sa;
    uint8_t mac[PRF_MAX];
    enum err rc = auth_psk(sa->prf, key, octets_span(&sa->init_received), k->nonce,
                           secret_span(k->sk_p), k->id, mac);
    /* where there is no key, nobody is proven by it */
    bool same = rc == ERR_OK && key.len > 0 &&
                secret_equal(node_bytes(k->auth, AUTH_DATA), span_of(mac, sa->prf->out_len));
    wipe(mac, sizeof mac);
    if (!judge(r->e, sa, req, same))
        return refuse(r, ERR_INTEGRITY, k->auth, "AUTH.data", req);
    return V_NEXT;
}

static enum verdict check_shared_key(struct run *r, const struct check *k)
{
    const struct ike_conn *c = conn_of(r);
    return check_mac(r, k, c->psk_remote.len > 0 ? c->psk_remote : c->psk_local, REQ_AUTH_VERIFIED);
}

/* RFC 7619 2.1: it still binds IKE_AUTH to IKE_SA_INIT. */
static enum verdict check_nobody(struct run *r, const struct check *k)
{
    return check_mac(r, k, secret_span(k->sk_p), REQ_NULL_AUTH);
}

static bool signed_by(struct run *r, const struct check *k, const struct public_key *key,
                      enum err *why)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    struct span text;
    *why = octets_of(r->in->arena, sa->prf, octets_span(&sa->init_received), k->nonce, k->sk_p,
                     k->id, &text);
    if (*why == ERR_OK)
        *why = sign_check(key, (uint8_t)node_num(k->auth, AUTH_METHOD),
                          c->no_signature_auth ? 0 : own_hashes(c), text,
                          node_bytes(k->auth, AUTH_DATA), NULL);
    return *why == ERR_OK;
}

/* AUTH against the key that the peer showed in the payload first. */
static enum verdict check_signature(struct run *r, const struct check *k,
                                    const struct public_key *key, const struct node *first)
{
    enum err rc;
    if (!judge(r->e, r->sa, REQ_RSA_SHORT, !public_key_short(key)))
        return refuse(r, ERR_VALUE, first, "RSA key", REQ_RSA_SHORT);
    if (!judge(r->e, r->sa, REQ_AUTH_VERIFIED, signed_by(r, k, key, &rc)))
        return refuse(r, rc, k->auth, "AUTH.data", REQ_AUTH_VERIFIED);
    return V_NEXT;
}

/* The certificates of one CERT, at most room of them; an encoding that is not understood (3.6: or not
 * asked for) has none and is no error. */
static enum err read_cert(struct run *r, const struct node *n, struct cert **out, size_t room,
                          size_t *num)
{
    uint64_t encoding = node_num(n, CERT_ENCODING);
    bool url = encoding == CERT_HASH_URL_CERT || encoding == CERT_HASH_URL_BUNDLE;
    *num = 0;
    if (encoding != CERT_X509_SIGNATURE && !(url && conn_of(r)->http_cert_lookup))
        return ERR_OK;
    struct span der = url ? lookup_octets(r, n) : node_bytes(n, CERT_DATA);
    if (encoding == CERT_HASH_URL_BUNDLE)
        return duty(r->e, r->sa, REQ_URL_BUNDLE) ? cert_bundle_read(der, out, room, num) : ERR_OK;
    enum err rc = cert_load(out, der);
    *num = rc == ERR_OK;
    return rc;
}

/* The certificates of the message: the first is the end entity's. */
static size_t read_certs(struct run *r, struct cert **out)
{
    size_t num = 0, more;
    for (const struct node *n = payload_find(r->inner, PAYLOAD_CERT);
         n != NULL && num < IKE_MAX_CERTS; n = payload_next(n, PAYLOAD_CERT)) {
        enum err rc = read_cert(r, n, out + num, IKE_MAX_CERTS - num, &more);
        if (rc != ERR_OK && num == 0)
            return 0; /* the first must be readable */
        num += more;
    }
    return num;
}

static enum verdict check_certificate(struct run *r, const struct check *k)
{
    struct ike_sa *sa = r->sa;
    const struct ike_conn *c = conn_of(r);
    struct cert *certs[IKE_MAX_CERTS] = { NULL };
    size_t num = read_certs(r, certs);
    enum verdict v = V_NEXT;
    struct fault why = { 0 };
    const struct node *first = payload_find(r->inner, PAYLOAD_CERT);
    if (num == 0) {
        if (!judge(r->e, sa, REQ_CERT_CHAIN, false))
            v = refuse(r, ERR_MISSING, first, "CERT", REQ_CERT_CHAIN);
        goto out;
    }
    bool chained = cert_chain(certs[0], certs + 1, num - 1, sa->conn->k.anchors, c->num_anchors,
                              c->cert_time, &why) == ERR_OK;
    if (!judge(r->e, sa, REQ_CERT_CHAIN, chained)) {
        v = refuse(r, ERR_VALUE, first, why.field, REQ_CERT_CHAIN);
        goto out;
    }
    /* the identity is proven by the certificate (RFC 4945 3.1) */
    bool named =
        k->id.len >= 4 && cert_has_id(certs[0], k->id.p[0], span_part(k->id, 4, k->id.len - 4));
    if (!judge(r->e, sa, REQ_CERT_ID, named)) {
        v = refuse(r, ERR_VALUE, first, "ID.data", REQ_CERT_ID);
        goto out;
    }
    v = check_signature(r, k, cert_key(certs[0]), first);
out:
    for (size_t i = 0; i < IKE_MAX_CERTS; i++)
        cert_free(certs[i]);
    return v;
}

/* The one of the peer's keys that made AUTH; the first where none did. */
static const struct raw_key *key_by_signature(struct run *r, const struct check *k)
{
    const struct credentials *own = &r->sa->conn->k;
    enum err rc;
    for (size_t i = 0; i < conn_of(r)->num_peer_keys; i++)
        if (signed_by(r, k, raw_key_public(own->peer_raw[i]), &rc))
            return own->peer_raw[i];
    return own->peer_raw[0];
}

static bool key_known(const struct run *r, const struct raw_key *shown)
{
    for (size_t i = 0; i < conn_of(r)->num_peer_keys; i++)
        if (raw_key_same(r->sa->conn->k.peer_raw[i], shown))
            return true;
    return false;
}

/* RFC 7670 5: a raw key proves nobody whom it was not known to belong to before. It need not be
 * shown (RFC 7296 3.6 makes CERT optional); other encodings are passed over. */
static enum verdict check_raw_key(struct run *r, const struct check *k)
{
    struct raw_key *shown = NULL;
    const struct node *n = payload_find(r->inner, PAYLOAD_CERT);
    while (n != NULL && node_num(n, CERT_ENCODING) != CERT_RAW_PUBLIC_KEY)
        n = payload_next(n, PAYLOAD_CERT);
    if (n == NULL)
        return check_signature(r, k, raw_key_public(key_by_signature(r, k)), NULL);
    enum err rc = raw_key_read(&shown, node_bytes(n, CERT_DATA));
    bool known = rc == ERR_OK && key_known(r, shown);
    enum verdict v;
    if (!judge(r->e, r->sa, REQ_RAW_KEY_KNOWN, known))
        v = refuse(r, rc != ERR_OK ? rc : ERR_VALUE, n, "CERT.data", REQ_RAW_KEY_KNOWN);
    else
        v = check_signature(r, k, raw_key_public(shown != NULL ? shown : key_by_signature(r, k)),
                            n);
    raw_key_free(shown);
    return v;
}

enum verdict proof_check(struct run *r)
{
    struct ike_sa *sa = r->sa;
    const struct node *auth = payload_find(r->inner, PAYLOAD_AUTH);
    uint8_t method = (uint8_t)node_num(auth, AUTH_METHOD);
    enum kind kind = peer_kind(conn_of(r));
    bool signature = method == AUTH_METHOD_RSA || (method >= 9 && method <= 11) ||
                     method == AUTH_METHOD_SIGNATURE;
    bool wanted = kinds[kind].method == 0 ? signature : method == kinds[kind].method;
    if (!judge(r->e, sa, REQ_AUTH_METHOD, wanted))
        return refuse(r, ERR_UNSUPPORTED, auth, "AUTH.method", REQ_AUTH_METHOD);
    struct check k = {
        .auth = auth,
        .nonce = sa->initiator ? span_of(sa->ni, sa->ni_len) : span_of(sa->nr, sa->nr_len),
        .id = octets_span(&sa->peer_id),
        .sk_p = sa->initiator ? &sa->keys.pr : &sa->keys.pi,
    };
    return kinds[kind].check(r, &k);
}

/* cert_fuzz.c - what reaches OpenSSL from the network: a certificate, an identity compared with it,
 * AUTH data checked with its key, a path built over it; a raw public key (RFC 7670) likewise; a bundle. First octet: the kind of identity; second:
 * the AUTH method; then the identity and the AUTH data, each with a length of 16 bits; the rest is
 * the certificate or key. */
#include "engine/crypto/cert_bundle.h"
#include "engine/crypto/raw_key.h"
#include "fuzz/must.h"

static struct span field(struct reader *in)
{
    size_t len = rd_u16(in);
    return rd_span(in, len < in->len ? len : in->len);
}

static void look(struct cert *c, uint8_t type, struct span id, uint8_t method, struct span auth)
{
    static const char octets[] = "what is signed";
    uint8_t hash[20], same[20];
    struct cert *back = NULL;
    struct fault why = { 0 };
    struct sign_how used;
    must(cert_load(&back, cert_der(c)) == ERR_OK);
    must(span_eq(cert_der(back), cert_der(c)));
    if (cert_key_hash(c, hash) == ERR_OK)
        must(cert_key_hash(back, same) == ERR_OK && memcmp(hash, same, 20) == 0);
    must(cert_has_id(c, type, id) == cert_has_id(back, type, id));
    (void)!cert_chain(c, &back, 1, &c, 1, 0, &why);
    /* nobody signed these octets with any key that an input could name */
    enum err rc =
        sign_check(cert_key(c), method, 0x3e, span_str(octets), auth, &used);
    must(rc != ERR_OK || auth.len > 0);
    cert_free(back);
}

static void look_raw(struct raw_key *k, uint8_t method, struct span auth)
{
    struct raw_key *back = NULL;
    struct sign_how used;
    must(raw_key_read(&back, raw_key_der(k)) == ERR_OK);
    must(raw_key_same(back, k) && span_eq(raw_key_der(back), raw_key_der(k)));
    enum err rc = sign_check(raw_key_public(k), method, 0x3e, span_str("x"), auth, &used);
    must(rc != ERR_OK || auth.len > 0);
    raw_key_free(back);
}

/* What was read of a bundle, written again, is read as the same. */
static void look_bundle(struct span text)
{
    static uint8_t der[1 << 20];
    struct cert *c[4] = { NULL }, *again[4] = { NULL };
    size_t num = 0, same = 0, len = 0;
    if (cert_bundle_read(text, c, 4, &num) != ERR_OK) {
        must(num == 0 && c[0] == NULL);
        return;
    }
    must(cert_bundle_write(c, num, der, sizeof der, &len) == ERR_OK);
    must(cert_bundle_read(span_of(der, len), again, 4, &same) == ERR_OK && same == num);
    for (size_t i = 0; i < num; i++) {
        must(span_eq(cert_der(c[i]), cert_der(again[i])));
        cert_free(c[i]);
        cert_free(again[i]);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    uint8_t hash[20];
    struct span none = { 0 };
    (void)argc, (void)argv;
    must(sha1_run(&none, 1, hash) == ERR_OK);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader in = rd_init(span_of(data, size));
    struct cert *c = NULL;
    uint8_t type = rd_u8(&in), method = rd_u8(&in);
    struct span id = field(&in), auth = field(&in), text = rd_rest(&in);
    if (cert_load(&c, text) == ERR_OK) {
        look(c, type, id, method, auth);
        cert_free(c);
    } else {
        must(c == NULL);
    }
    look_bundle(text);
    struct raw_key *k = NULL;
    if (raw_key_read(&k, text) == ERR_OK) {
        look_raw(k, method, auth);
        raw_key_free(k);
    } else {
        must(k == NULL);
    }
    return 0;
}

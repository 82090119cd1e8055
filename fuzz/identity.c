/* identity.c - made when first asked for; their keys are read once, which takes longer than a
 * handshake (the linker's --wrap, as in crypto_wrap.h). */
#include "fuzz/identity.h"

#include <stdio.h>

#include "engine/crypto/openssl.h"
#include "engine/crypto/pki.h"
#include "engine/crypto/raw_key.h"
#include "fuzz/must.h"

#define SEED_LEN 32
#define BEGIN    "-----BEGIN PRIVATE KEY-----\n"

static struct made {
    char key[200], public[200], cert[1024];
    struct cert *x;
    struct sign_key *sign;
    struct raw_key *raw;
} made[NUM_IDENTITIES];

/* PKCS#8 of an Ed25519 key (RFC 8410 7): what stands before the seed is the same for each. */
static void make_key(struct made *m, uint8_t seed)
{
    static const uint8_t head[] = { 0x30, 0x2e, 2,    1,    0, 0x30, 5, 6,
                                    3,    0x2b, 0x65, 0x70, 4, 0x22, 4, SEED_LEN };
    uint8_t der[sizeof head + SEED_LEN], text[80];
    memcpy(der, head, sizeof head);
    memset(der + sizeof head, seed, SEED_LEN);
    must(EVP_EncodeBlock(text, der, sizeof der) > 0);
    snprintf(m->key, sizeof m->key, BEGIN "%s\n-----END PRIVATE KEY-----\n", (const char *)text);
    must(pki_public(m->key, m->public, sizeof m->public) == ERR_OK);
}

static void make_cert(enum identity who)
{
    static const char *const subject[] = { "CN=ca", "CN=a", "CN=b", "CN=a" };
    static const char *const san[] = { NULL, "DNS:a.lab", "DNS:b.lab", "DNS:a.lab" };
    bool ca = who == IDENTITY_CA;
    struct pki_spec s = { .subject = subject[who],
                          .san = san[who],
                          .constraint = ca ? "critical,CA:TRUE" : NULL,
                          .from = 1000000000,
                          .to = 2000000000,
                          .serial = 1u + who };
    struct fault why;
    must(pki_cert(&s, made[who].key, ca ? NULL : made[IDENTITY_CA].cert,
                  ca ? NULL : made[IDENTITY_CA].key, made[who].cert, sizeof made[who].cert,
                  &why) == ERR_OK);
    must(cert_load(&made[who].x, span_str(made[who].cert)) == ERR_OK);
}

static const struct made *get(enum identity who)
{
    for (enum identity i = 0; made[NUM_IDENTITIES - 1].cert[0] == '\0' && i < NUM_IDENTITIES; i++) {
        make_key(&made[i], (uint8_t)(1 + i));
        make_cert(i);
    }
    return &made[who];
}

struct span identity_key(enum identity who)
{
    return span_str(get(who)->key);
}

struct span identity_secret(struct span key)
{
    size_t at = sizeof BEGIN - 1 +
                24; /* Base64 makes four of three: 22 of 16, and the next depends on both */
    return span_part(key, at, 40);
}

struct span identity_public(enum identity who)
{
    return span_str(get(who)->public);
}

struct span identity_cert(enum identity who)
{
    return span_str(get(who)->cert);
}

struct span identity_der(enum identity who)
{
    return cert_der(get(who)->x);
}

/* --- what the engine loads of them ----------------------------------------------------------- */

enum err __real_sign_key_load(struct sign_key **out, struct span text);
enum err __wrap_sign_key_load(struct sign_key **out, struct span text);
void __real_sign_key_free(struct sign_key *k);
void __wrap_sign_key_free(struct sign_key *k);
enum err __real_raw_key_load(struct raw_key **out, struct span text);
enum err __wrap_raw_key_load(struct raw_key **out, struct span text);
void __real_raw_key_free(struct raw_key *k);
void __wrap_raw_key_free(struct raw_key *k);

/* Whose text it is, which stands at this place of it; NULL: nobody's here. */
static struct made *owner(struct span text, size_t place)
{
    for (size_t i = 0; i < NUM_IDENTITIES; i++)
        if (text.p == (const uint8_t *)&made[i] + place)
            return &made[i];
    return NULL;
}

enum err __wrap_sign_key_load(struct sign_key **out, struct span text)
{
    struct made *m = owner(text, offsetof(struct made, key));
    if (m == NULL)
        return __real_sign_key_load(out, text);
    enum err rc = m->sign != NULL ? ERR_OK : __real_sign_key_load(&m->sign, text);
    *out = m->sign;
    return rc;
}

void __wrap_sign_key_free(struct sign_key *k)
{
    for (size_t i = 0; i < NUM_IDENTITIES; i++)
        if (k == made[i].sign)
            return;
    __real_sign_key_free(k);
}

enum err __wrap_raw_key_load(struct raw_key **out, struct span text)
{
    struct made *m = owner(text, offsetof(struct made, public));
    if (m == NULL)
        return __real_raw_key_load(out, text);
    enum err rc = m->raw != NULL ? ERR_OK : __real_raw_key_load(&m->raw, text);
    *out = m->raw;
    return rc;
}

void __wrap_raw_key_free(struct raw_key *k)
{
    for (size_t i = 0; i < NUM_IDENTITIES; i++)
        if (k == made[i].raw)
            return;
    __real_raw_key_free(k);
}

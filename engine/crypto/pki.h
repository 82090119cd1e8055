/* pki.h - making keys and certificates, good and bad, for test runs: nothing that expires is kept. */
#ifndef ENGINE_CRYPTO_PKI_H
#define ENGINE_CRYPTO_PKI_H

#include "engine/crypto/cert_bundle.h"

#define PKI_TEXT_MAX 16384u

/* kind: "rsa:2048", "ec:P-256", "ed25519", "ed448". PEM (PKCS#8) into out, terminated. ERR_VALUE for
 * an unknown kind. The key comes from the provider's own generator, not from a seed. */
MUST_CHECK enum err pki_key(const char *kind, char *out, size_t cap);

/* The public half of a private key (PEM): SubjectPublicKeyInfo in PEM into out, terminated. */
MUST_CHECK enum err pki_public(const char *key, char *out, size_t cap);

struct pki_spec {         /* texts may be NULL */
    const char *subject;  /* "CN=a,O=lab": one RDN a part, in order; NULL: an empty name */
    const char *san;      /* "DNS:a.lab,IP:192.0.2.1,email:a@lab" */
    const char *usage;    /* "digitalSignature,keyCertSign" */
    const char *ext_usage;/* "serverAuth" or OIDs */
    const char *constraint;   /* basicConstraints: "critical,CA:TRUE,pathlen:0" */
    const char *names;    /* nameConstraints: "permitted;DNS:.lab" */
    int64_t from, to;     /* validity, seconds since 1970 */
    uint64_t serial;
    const char *digest;   /* "SHA256" (default), "SHA1", ...; ignored for EdDSA */
    const char *critical; /* OID of an unknown extension that is marked critical */
    const char *more;     /* any other extension, "NAME or OID=VALUE": "2.5.29.16=DER:3000" */
};
/* A certificate for the public half of key, signed by issuer_key under issuer's subject; issuer NULL:
 * self-signed. All PEM. why->field names the part that is no good. */
MUST_CHECK enum err pki_cert(const struct pki_spec *s, const char *key, const char *issuer,
                             const char *issuer_key, char *out, size_t cap, struct fault *why);

#endif

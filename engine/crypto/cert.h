/* cert.h - X.509 certificates as IKEv2 uses them: loaded, chained to a trust anchor, compared with an
 * identity (RFC 7296 3.5 to 3.7, RFC 4945 3, RFC 5280 through OpenSSL). */
#ifndef ENGINE_CRYPTO_CERT_H
#define ENGINE_CRYPTO_CERT_H

#include "engine/crypto/sign.h"

struct cert; /* heap */
/* PEM or DER; trailing octets are a fault (ERR_VALUE). */
MUST_CHECK enum err cert_load(struct cert **out, struct span text);
void cert_free(struct cert *c);
struct span cert_der(const struct cert *c); /* borrowed from c */
const struct public_key *cert_key(const struct cert *c);
/* SHA-1 of the SubjectPublicKeyInfo: what CERTREQ carries (RFC 7296 3.7). */
MUST_CHECK enum err cert_key_hash(const struct cert *c, uint8_t out[20]);
/* A path from leaf over more[] to one of anchors[], valid at the time given (seconds since 1970; 0 = time
 * is not checked), with a key usage that allows signing (RFC 4945 5.1.3.2). why->field says what is
 * wrong in OpenSSL's words. */
MUST_CHECK enum err cert_chain(const struct cert *leaf, struct cert *const *more, size_t num_more,
                               struct cert *const *anchors, size_t num_anchors, int64_t now,
                               struct fault *why);
/* Whether the identity is in the certificate: subjectAltName by type, subject for
 * ID_DER_ASN1_DN (RFC 4945 3.1). type: enum id_type. */
bool cert_has_id(const struct cert *c, uint8_t type, struct span data);

#endif

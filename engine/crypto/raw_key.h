/* raw_key.h - a public key without a certificate around it, as SubjectPublicKeyInfo (RFC 7670 3). */
#ifndef ENGINE_CRYPTO_RAW_KEY_H
#define ENGINE_CRYPTO_RAW_KEY_H

#include "engine/crypto/sign.h"

struct raw_key; /* heap */
/* SubjectPublicKeyInfo in DER, as CERT carries it. ERR_VALUE when it is none or octets follow it,
 * ERR_UNSUPPORTED for key types that IKEv2 has no method for. */
MUST_CHECK enum err raw_key_read(struct raw_key **out, struct span der);
/* The same in PEM or DER: what people configure. */
MUST_CHECK enum err raw_key_load(struct raw_key **out, struct span text);
/* The public half of k. */
MUST_CHECK enum err raw_key_of(struct raw_key **out, const struct sign_key *k);
void raw_key_free(struct raw_key *k);
struct span raw_key_der(const struct raw_key *k); /* borrowed from k */
const struct public_key *raw_key_public(const struct raw_key *k);
/* The keys are compared, not the octets: an encoder may write the parameters of a key in its own way. */
bool raw_key_same(const struct raw_key *a, const struct raw_key *b);

#endif

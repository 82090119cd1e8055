/* sign.h - signatures in AUTH payloads: RSA and ECDSA of RFC 7296 3.8 and RFC 4754, any algorithm by
 * AlgorithmIdentifier (RFC 7427), EdDSA (RFC 8420). */
#ifndef ENGINE_CRYPTO_SIGN_H
#define ENGINE_CRYPTO_SIGN_H

#include "engine/crypto/crypto.h"

enum key_type { KEY_NONE, KEY_RSA, KEY_ECDSA_P256, KEY_ECDSA_P384, KEY_ECDSA_P521, KEY_ED25519,
                KEY_ED448 };

/* Hash algorithms of RFC 7427 7 and RFC 8420, as SIGNATURE_HASH_ALGORITHMS names them. */
enum sign_hash { SIGN_SHA1 = 1, SIGN_SHA2_256, SIGN_SHA2_384, SIGN_SHA2_512, SIGN_IDENTITY };

#define SIGN_MAX 1200u /* octets of the longest AUTH data that we make: RSA-8192 and its prefix */

struct sign_key; /* a private key; heap */
/* PEM (PKCS#8 or traditional, not encrypted) or DER. ERR_VALUE when it cannot be read, ERR_UNSUPPORTED
 * for key types that IKEv2 has no use for. */
MUST_CHECK enum err sign_key_load(struct sign_key **out, struct span text);
void sign_key_free(struct sign_key *k); /* wipes */
enum key_type sign_key_type(const struct sign_key *k);

struct sign_how {
    uint8_t method; /* 1, 9, 10, 11 or 14 */
    uint8_t hash;   /* enum sign_hash; method 14 only */
    bool pss;       /* RSASSA-PSS with a salt as long as the hash; method 14 only */
};
/* The AUTH data over octets (RFC 7296 2.15); method 14 begins with the AlgorithmIdentifier. out has
 * SIGN_MAX octets. ERR_VALUE when key and method do not fit. */
MUST_CHECK enum err sign_run(const struct sign_key *k, const struct sign_how *how,
                             struct span octets, uint8_t *out, size_t *len);

struct public_key; /* inside a certificate (cert.h), or raw (raw_key.h) */
/* An RSA key of fewer than 2048 bits (RFC 8247 3.1.1). */
bool public_key_short(const struct public_key *k);
/* Checks AUTH data. hashes: bit (1 << enum sign_hash) for each that is allowed with method 14.
 * ERR_INTEGRITY: wrong signature; ERR_VALUE: malformed, or an algorithm unlike the key;
 * ERR_UNSUPPORTED: a hash or algorithm that is not allowed. used (may be NULL) is filled. */
MUST_CHECK enum err sign_check(const struct public_key *k, uint8_t method, unsigned hashes,
                               struct span octets, struct span data, struct sign_how *used);

#endif

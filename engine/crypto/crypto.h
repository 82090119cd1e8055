/* crypto.h - what the engine needs of cryptography, on top of OpenSSL 3. Only the .c files of this
 * folder include OpenSSL. Algorithms are named by IANA transform ids; their sizes and provider
 * names are rows of algs.def. They are fetched once per process; PRF and digest contexts are kept
 * per thread, and an object (ke, crypt, seeded_rng) belongs to one thread at a time. */
#ifndef ENGINE_CRYPTO_CRYPTO_H
#define ENGINE_CRYPTO_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/bytes.h"
#include "engine/base/err.h"
#include "engine/base/rng.h"

#define PRF_MAX    64u   /* octets of the longest PRF output */
#define SECRET_MAX 2048u /* octets of the longest key text (8192-bit MODP and more) */
#define ICV_MAX    32u
#define IV_MAX     16u

/* Octets that must not outlive their use: cleared with explicit_bzero. */
struct secret {
    size_t len;
    uint8_t b[128];
};
void secret_clear(struct secret *s);
MUST_CHECK enum err secret_copy(struct secret *dst, struct span src);
static inline struct span secret_span(const struct secret *s)
{
    return span_of(s->b, s->len);
}
/* Wipes any octets so that the compiler cannot leave it out. */
void wipe(void *p, size_t len);
/* Comparison in constant time; lengths are not secret. */
bool secret_equal(struct span a, struct span b);

/* --- PRF (RFC 7296 2.13) --------------------------------------------------------------------- */
struct prf {
    uint16_t id;
    uint16_t key_len; /* preferred key octets: the length of SK_d, SK_pi, SK_pr */
    uint16_t out_len;
    bool fixed_key; /* AES-XCBC and AES-CMAC: key used as RFC 4434 and 4615 say */
    const char *name;
    const char *provider; /* EVP digest or cipher name */
};
/* NULL when unknown or not offered by the provider. */
const struct prf *prf_by_id(uint16_t id);
/* out gets prf->out_len octets of prf(key, in[0] | in[1] | ...). */
MUST_CHECK enum err prf_run(const struct prf *p, struct span key, const struct span *in,
                            size_t num_in, uint8_t *out);
/* prf+ (RFC 7296 2.13): out_len octets, at most 255 * out_len of the PRF. */
MUST_CHECK enum err prf_plus(const struct prf *p, struct span key, const struct span *seed,
                             size_t num_seed, uint8_t *out, size_t out_len);

/* --- key exchange (RFC 7296 3.4; RFC 8031; RFC 5903; RFC 6954) -------------------------------- */
struct group {
    uint16_t id;
    uint16_t public_len; /* octets of KE data */
    uint16_t shared_len; /* octets of the shared secret */
    const char *name;
};
const struct group *group_by_id(uint16_t id);
struct ke; /* one private key; heap */
/* A fresh private key whose octets come from rng, so that one seed gives one key. */
MUST_CHECK enum err ke_new(struct ke **out, const struct group *g, const struct rng *rng);
void ke_free(struct ke *k);
/* KE data: padded to the group's length (RFC 7296 3.4), borrowed from k. */
struct span ke_public(const struct ke *k);
const struct group *ke_group(const struct ke *k);
/* Checks the peer's value as RFC 6989 wants (ERR_VALUE) and computes the shared secret,
 * shared_len octets with leading zeros kept. */
MUST_CHECK enum err ke_shared(const struct ke *k, struct span peer, uint8_t *out,
                              struct fault *why);

/* --- protection of SK, SKF and ESP: encryption plus integrity, or one AEAD -------------------- */
struct suite { /* a pair of transforms, resolved; plain data, copy freely */
    uint16_t encr, key_bits, integ;
    uint16_t encr_key_len; /* octets taken from KEYMAT, salt included (RFC 5282, 4106) */
    uint16_t integ_key_len;
    uint16_t salt_len;
    uint16_t iv_len;
    uint16_t block; /* text is padded to a multiple of this: cipher block, 1 for streams */
    uint16_t icv_len;
    bool aead;
    bool iv_counter; /* IV must only be unique (CTR, AEAD), not unpredictable (CBC) */
};
/* key_bits 0 = the algorithm has a fixed key. ERR_UNSUPPORTED when the provider lacks it,
 * ERR_VALUE for a key length that the cipher does not have. ENCR_NULL is allowed. */
MUST_CHECK enum err suite_init(struct suite *s, uint16_t encr, uint16_t key_bits, uint16_t integ);

struct crypt; /* one direction, keys loaded; heap */
MUST_CHECK enum err crypt_new(struct crypt **out, const struct suite *s, struct span encr_key,
                              struct span integ_key);
void crypt_free(struct crypt *c); /* wipes */

/* One packet. text is transformed in place. AEAD: aad is authenticated as it is. Otherwise the
 * ICV covers aad | iv | text | mac_tail (mac_tail: ESN high half in ESP, else empty). */
struct crypt_op {
    struct span aad;
    const uint8_t *iv; /* suite.iv_len octets */
    uint8_t *text;
    size_t text_len;
    uint8_t *icv; /* suite.icv_len octets: written by seal, checked by open */
    struct span mac_tail;
};
MUST_CHECK enum err crypt_seal(struct crypt *c, const struct crypt_op *op);
/* ERR_INTEGRITY leaves text undefined but wiped. */
MUST_CHECK enum err crypt_open(struct crypt *c, const struct crypt_op *op);
/* For bent devices: reveals the text whatever the ICV says; *held tells whether it was right. */
MUST_CHECK enum err crypt_open_unchecked(struct crypt *c, const struct crypt_op *op, bool *held);

/* --- digests and deterministic entropy -------------------------------------------------------- */
MUST_CHECK enum err sha1_run(const struct span *in, size_t num_in, uint8_t out[20]); /* NAT-D */
MUST_CHECK enum err hmac_sha256(struct span key, const struct span *in, size_t num_in,
                                uint8_t out[32]); /* cookies */

/* ChaCha20 key stream of SHA-256(seed | label): same seed and label, same octets. */
struct seeded_rng;
MUST_CHECK enum err seeded_rng_new(struct seeded_rng **out, uint64_t seed, const char *label);
void seeded_rng_free(struct seeded_rng *r);
struct rng seeded_rng_handle(struct seeded_rng *r);

#endif

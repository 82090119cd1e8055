/* cert_bundle.h - several certificates in one structure, as "Hash and URL of X.509 bundle" names them
 * (RFC 7296 3.6, CertificateBundle). */
#ifndef ENGINE_CRYPTO_CERT_BUNDLE_H
#define ENGINE_CRYPTO_CERT_BUNDLE_H

#include "engine/crypto/cert.h"

/* The certificates of a bundle in its order, revocation lists passed over: at most cap, *num of them, the
 * caller's. ERR_VALUE: no bundle, or octets behind it; ERR_SPACE: more than cap. On an error there are none. */
MUST_CHECK enum err cert_bundle_read(struct span der, struct cert **out, size_t cap, size_t *num);
/* A bundle of certs into out, *len octets; ERR_SPACE: more than cap. */
MUST_CHECK enum err cert_bundle_write(struct cert *const *certs, size_t num, uint8_t *out,
                                      size_t cap, size_t *len);

#endif

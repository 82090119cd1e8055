/* identity.h - whom the ends of a fuzzed world can prove to be, but by a shared key. The same
 * octets in each process: Ed25519 keys of fixed seeds, whose signatures are a function of the text
 * (RFC 8032 5.1.6), and certificates of a fixed day. */
#ifndef FUZZ_IDENTITY_H
#define FUZZ_IDENTITY_H

#include "engine/base/bytes.h"

enum identity { IDENTITY_CA, IDENTITY_A, IDENTITY_B, IDENTITY_STRANGER, NUM_IDENTITIES };

/* PEM, valid for ever. The certificate is of the CA, for the DNS names a.lab, b.lab and, with the
 * stranger's key, a.lab. */
struct span identity_key(enum identity who);
/* Of such a key, what is not in everybody's. */
struct span identity_secret(struct span key);
struct span identity_public(enum identity who);
struct span identity_cert(enum identity who);
/* The certificate in DER. */
struct span identity_der(enum identity who);

#endif

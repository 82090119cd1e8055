/* mac.h - one keyed MAC over pieces, shared by the PRFs and the integrity algorithms. Internal to
 * engine/crypto. */
#ifndef ENGINE_CRYPTO_MAC_H
#define ENGINE_CRYPTO_MAC_H

#include "engine/crypto/crypto.h"

#define MAC_MAX 64u /* octets of the longest MAC before truncation */

enum mac_kind { MAC_HMAC, MAC_CMAC, MAC_XCBC };

struct mac; /* heap; may be keyed again and again */
MUST_CHECK enum err mac_new(struct mac **out, enum mac_kind kind, const char *provider);
void mac_free(struct mac *m); /* wipes */
enum mac_kind mac_kind_of(const struct mac *m);
/* True when the provider has the algorithm. */
bool mac_offered(enum mac_kind kind, const char *provider);

/* Takes key and starts. CMAC and XCBC want 16 octets. */
MUST_CHECK enum err mac_key(struct mac *m, struct span key);
/* Starts over with the key that is there. */
MUST_CHECK enum err mac_start(struct mac *m);
MUST_CHECK enum err mac_add(struct mac *m, struct span in);
/* The whole MAC into out, which has room for MAC_MAX octets. */
MUST_CHECK enum err mac_done(struct mac *m, uint8_t out[MAC_MAX]);
/* Drops the key. */
void mac_forget(struct mac *m);

#endif

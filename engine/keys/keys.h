/* keys.h - the key formulas of RFC 7296 2.14, 2.15, 2.17, 2.18. */
#ifndef ENGINE_KEYS_KEYS_H
#define ENGINE_KEYS_KEYS_H

#include "engine/crypto/crypto.h"

struct ike_keys { /* SK_*; clear with ike_keys_clear */
    struct secret d, ai, ar, ei, er, pi, pr;
};
void ike_keys_clear(struct ike_keys *k);

struct nonces {
    struct span i, r;
};

/* SKEYSEED = prf(Ni | Nr, g^ir), RFC 7296 2.14 (with the 64-bit rule for fixed-key PRFs). */
MUST_CHECK enum err skeyseed_init(const struct prf *p, struct nonces n, struct span shared,
                                  struct secret *out);
/* Rekey (2.18): prf(SK_d(old), g^ir(new) | Ni | Nr), with the old SA's PRF. */
MUST_CHECK enum err skeyseed_rekey(const struct prf *old, struct span old_sk_d, struct span shared,
                                   struct nonces n, struct secret *out);
/* SK_* from SKEYSEED: prf+(SKEYSEED, Ni | Nr | SPIi | SPIr). */
MUST_CHECK enum err ike_keys_derive(const struct prf *p, const struct suite *s,
                                    const struct secret *skeyseed, struct nonces n, uint64_t spi_i,
                                    uint64_t spi_r, struct ike_keys *out);

struct child_keys { /* i: protects what the exchange's initiator sends; r: the responder's */
    struct secret encr_i, integ_i, encr_r, integ_r;
};
void child_keys_clear(struct child_keys *k);
/* KEYMAT = prf+(SK_d, [g^ir |] Ni | Nr), 2.17. shared is empty without PFS. */
MUST_CHECK enum err child_keys_derive(const struct prf *p, const struct suite *s, struct span sk_d,
                                      struct span shared, struct nonces n, struct child_keys *out);

/* AUTH data of the shared key methods (2.15): prf(prf(psk, "Key Pad for IKEv2"),
 * message | nonce | prf(SK_p, id)). message is the SA_INIT message that this end sent, nonce
 * the other end's, id the octets of the ID payload after its generic header. out: p->out_len. */
MUST_CHECK enum err auth_psk(const struct prf *p, struct span psk, struct span message,
                             struct span nonce, struct span sk_p, struct span id, uint8_t *out);

/* NAT_DETECTION_*_IP data (2.23): SHA-1(SPIi | SPIr | address | port). */
struct addr;
MUST_CHECK enum err natd_hash(uint64_t spi_i, uint64_t spi_r, const struct addr *a,
                              uint8_t out[20]);
#endif

/* auth_octets.c - what AUTH of the shared key methods is computed from (RFC 7296 2.15). */
#include "engine/keys/keys.h"

enum err auth_psk(const struct prf *p, struct span psk, struct span message, struct span nonce,
                  struct span sk_p, struct span id, uint8_t *out)
{
    uint8_t key[PRF_MAX], maced_id[PRF_MAX];
    const struct span pad = span_str("Key Pad for IKEv2"); /* without its NUL */
    enum err rc = prf_run(p, psk, &pad, 1, key);
    if (rc == ERR_OK)
        rc = prf_run(p, sk_p, &id, 1, maced_id);
    if (rc == ERR_OK) {
        const struct span in[] = { message, nonce, span_of(maced_id, p->out_len) };
        rc = prf_run(p, span_of(key, p->out_len), in, 3, out);
    }
    wipe(key, sizeof key);
    wipe(maced_id, sizeof maced_id);
    return rc;
}

/* secrets.h - a Wireshark profile that opens our captures: keys and preferences, 0600. */
#ifndef HARNESS_EVIDENCE_SECRETS_H
#define HARNESS_EVIDENCE_SECRETS_H

#include "engine/engine.h"

/* Writes DIR/ikev2_decryption_table, DIR/esp_sa and DIR/preferences from all keys that e knows.
 * Use as WIRESHARK_CONFIG_DIR=X tshark -C NAME with DIR = X/profiles/NAME. false: errno says why.
 */
bool secrets_write(const struct ike_engine *e, const char *dir);

/* The names under which Wireshark knows an algorithm, NULL where it has none: one unknown name
 * makes it drop the rest of the table. */
const char *ikev2_encr_name(const struct suite *s);
const char *ikev2_integ_name(const struct suite *s);
const char *esp_encr_name(const struct suite *s);
const char *esp_integ_name(const struct suite *s);

/* The other way round: the suite of a row of ikev2_decryption_table, or of esp_sa, whose encryption key
 * (salt included) has that many octets. *unchecked: the row has no integrity key, any of
 * out->integ_key_len will do, and the ICV is not to be checked. false: we cannot open it. */
bool secrets_suite(bool esp, const char *encr, const char *integ, size_t encr_key_len,
                   struct suite *out, bool *unchecked);

#endif

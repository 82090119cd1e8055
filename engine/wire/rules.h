/* rules.h - how often each payload may occur in each message, and whether inside SK. */
#ifndef ENGINE_WIRE_RULES_H
#define ENGINE_WIRE_RULES_H

#include "engine/wire/message.h"

/* Checks the payloads of m against the occurrence table (RFC 7296 1.2-1.5, 2.5, appendix C):
 * ERR_MISSING, ERR_DUPLICATE or ERR_MISPLACED. Payloads without a table, notifies and vendor ids
 * may stand anywhere. A message whose SK is still sealed is checked outside only; exchanges that
 * have no rows are not checked. A response that carries an error notify (or COOKIE, REDIRECT) may
 * leave out everything else. What depends on state (childless, EAP rounds, which exchange may
 * come now) is the caller's to judge. */
MUST_CHECK enum err rules_check(const struct message *m, bool from_original_initiator,
                                struct fault *why);

#endif

/* lint.h - findings over a decoded message: it can be read, but its sender broke a rule. */
#ifndef ENGINE_WIRE_LINT_H
#define ENGINE_WIRE_LINT_H

#include "engine/wire/message.h"

/* Collects findings; the payload files add theirs through lint_add. */
struct lint {
    const struct message *m;
    struct fault *out;
    size_t cap, num;
    uint8_t payload; /* payload type being looked at */
    bool inside;
};

/* Walks the whole tree and writes up to cap findings to out, each with its requirement. Returns
 * how many there are, which may be more than cap. */
size_t lint(const struct message *m, struct fault *out, size_t cap);

/* For the checks of payload_*.c: a finding about a field of n. */
void lint_add(struct lint *l, const struct node *n, unsigned field, enum req req);

/* Octets of a public value of the group as an initiator sends it, and as a responder does (they
 * differ for KEMs); 0 for groups that we do not know. */
size_t ke_size(uint16_t group, bool response);

#endif

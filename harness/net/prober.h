/* prober.h - the least that a lock-step prober does: one request octet for octet, with a new
 * initiator's SPI each time, and a wait for its answer. What fuzzing before keys is measured
 * against. */
#ifndef HARNESS_NET_PROBER_H
#define HARNESS_NET_PROBER_H

#include "engine/base/addr.h"
#include "engine/base/bytes.h"
#include "engine/base/clock.h"
#include "engine/base/err.h"

struct prober {
    unsigned answered, lost; /* requests */
    usec_t took_us;
};
/* Probes remote (its port, 0 = 500) for us microseconds from a socket of its own. ERR_STATE: the
 * socket failed. */
MUST_CHECK enum err prober_run(const struct addr *remote, struct span request, usec_t us,
                               struct prober *out);

#endif

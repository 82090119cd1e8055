/* fixed_sa.h - an IKE SA that no exchange made, with the keys of sealing.h in both directions, for
 * targets that drive one part of engine/sa alone. */
#ifndef FUZZ_FIXED_SA_H
#define FUZZ_FIXED_SA_H

#include "engine/sa/peer.h"
#include "fuzz/sealing.h"

/* As new: nothing collected, nothing answered. The caller clears what it makes grow. */
struct ike_sa *fixed_sa(enum sealing s);
/* Makes what all of them share, for LLVMFuzzerInitialize. */
void fixed_sa_warm(void);
/* Takes the events that rulings made: they would pile up. */
void fixed_sa_rest(struct ike_sa *sa);

#endif

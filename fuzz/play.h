/* play.h - an input of the engine targets, played (engine_ops.h). */
#ifndef FUZZ_PLAY_H
#define FUZZ_PLAY_H

#include "engine/base/bytes.h"

void play(struct span input);
/* Makes what is made once: the pool of keys, and whatever a first handshake of either kind leaves for
 * the others. For LLVMFuzzerInitialize. */
void play_warm(void);

#endif

/* play.h - an input of the engine targets, played (engine_ops.h). */
#ifndef FUZZ_PLAY_H
#define FUZZ_PLAY_H

#include "engine/base/bytes.h"

void play(struct span input);

#endif

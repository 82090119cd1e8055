/* req.h - the requirements the engine itself rules on or notes, by the ids of cases/requirements/.
 * Rows live in req.def; `make lint` checks each against the registry. */
#ifndef ENGINE_BASE_REQ_H
#define ENGINE_BASE_REQ_H

#include <stdbool.h>

enum req {
    REQ_NONE,
#define REQ(name, id)   REQ_##name,
#define NOTED(name, id) REQ_##name,
#include "engine/base/req.def"
#undef NOTED
#undef REQ
    NUM_REQ
};

/* The worded id, e.g. "rfc7296/2.15/auth-verified"; "" for REQ_NONE. */
const char *req_id(enum req r);
/* The enum of a worded id; also accepts its last word ("auth-verified"). REQ_NONE if unknown. */
enum req req_find(const char *id);
/* Is it one that judge() or duty() rules on? The others are only named in findings. */
bool req_is_ruling(enum req r);

#endif

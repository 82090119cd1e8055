/* req.c - requirement ids to numbers and back. */
#include "engine/base/req.h"

#include <string.h>

static const char *const ids[NUM_REQ] = {
    [REQ_NONE] = "",
#define REQ(name, id)   [REQ_##name] = id,
#define NOTED(name, id) [REQ_##name] = id,
#include "engine/base/req.def"
#undef NOTED
#undef REQ
};

static const bool rulings[NUM_REQ] = {
#define REQ(name, id) [REQ_##name] = true,
#define NOTED(name, id)
#include "engine/base/req.def"
#undef NOTED
#undef REQ
};

const char *req_id(enum req r)
{
    return (unsigned)r < NUM_REQ ? ids[r] : "";
}

enum req req_find(const char *id)
{
    for (int r = 1; r < NUM_REQ; r++) {
        const char *last = strrchr(ids[r], '/');
        if (strcmp(ids[r], id) == 0 || (last != NULL && strcmp(last + 1, id) == 0))
            return (enum req)r;
    }
    return REQ_NONE;
}

bool req_is_ruling(enum req r)
{
    return (unsigned)r < NUM_REQ && rulings[r];
}

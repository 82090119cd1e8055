/* esn.c - the high half of an extended sequence number, which is never sent (RFC 4303 A2.2). */
#include "engine/esp/esp.h"

uint64_t esn_guess(const struct replay *r, uint32_t low)
{
    /* Without a window the largest one serves: some span must tell late from early. */
    uint32_t size = r->size != 0 ? r->size : REPLAY_WINDOW_MAX;
    uint32_t top_low = (uint32_t)r->top;
    uint32_t high = (uint32_t)(r->top >> 32);
    uint32_t bottom = top_low - size + 1; /* wraps where the window spans two subspaces */
    if (top_low >= size - 1) {
        /* The window lies in one subspace: what is below it belongs to the next. The last subspace
         * has no next, and what is below the window there is just old. */
        if (low < bottom && high != UINT32_MAX)
            high++;
    } else if (low >= bottom && high > 0) {
        /* It began in the subspace before. The first has none before it, so there such a number
         * is a long way ahead. */
        high--;
    }
    return (uint64_t)high << 32 | low;
}

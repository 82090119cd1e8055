/* replay.c - the anti-replay window (RFC 4303 3.4.3): a ring of bits, one for each of the numbers
 * up to the highest. */
#include "engine/esp/esp.h"

static uint64_t bit(uint64_t seq)
{
    return (uint64_t)1 << (seq % 64);
}

static size_t word(uint64_t seq)
{
    return seq / 64 % (REPLAY_WINDOW_MAX / 64);
}

void replay_init(struct replay *r, uint32_t size)
{
    *r = (struct replay){ .size = size < REPLAY_WINDOW_MAX ? size : REPLAY_WINDOW_MAX };
}

enum err replay_check(const struct replay *r, uint64_t seq)
{
    if (r->size == 0)
        return ERR_OK;
    if (seq == 0) /* RFC 4303 3.3.3: the first packet has number one */
        return ERR_REPLAY;
    if (seq > r->top)
        return ERR_OK;
    if (r->top - seq >= r->size || (r->bits[word(seq)] & bit(seq)) != 0)
        return ERR_REPLAY;
    return ERR_OK;
}

void replay_accept(struct replay *r, uint64_t seq)
{
    if (seq > r->top) {
        if (seq - r->top >= REPLAY_WINDOW_MAX) {
            memset(r->bits, 0, sizeof r->bits);
        } else {
            for (uint64_t s = r->top + 1; s != seq; s++)
                r->bits[word(s)] &= ~bit(s);
        }
        r->top = seq;
    } else if (r->top - seq >= REPLAY_WINDOW_MAX) {
        return; /* accepted without a check, and older than the ring */
    }
    r->bits[word(seq)] |= bit(seq);
}

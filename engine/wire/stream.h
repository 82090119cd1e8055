/* stream.h - IKE and ESP in one TCP stream (RFC 9329 sections 3 and 4): six octets that say so, from
 * the end that opened the connection and once, then messages with their length before them. What a
 * message holds is what a datagram on UDP port 4500 would: encap.h. */
#ifndef ENGINE_WIRE_STREAM_H
#define ENGINE_WIRE_STREAM_H

#include "engine/base/bytes.h"

#define STREAM_PREFIX      "IKETCP"
#define STREAM_PREFIX_LEN  6u
#define STREAM_LENGTH_LEN  2u /* counted by the length itself */
#define STREAM_MESSAGE_MAX (0xffffu - STREAM_LENGTH_LEN)

/* One direction of a connection. */
struct stream {
    bool prefix; /* still to come: true at first for what the end sends that opened the connection */
};

enum stream_state {
    STREAM_MORE,    /* not whole yet: nothing taken but, it may be, the prefix */
    STREAM_MESSAGE, /* one message taken; *body borrows from the octets of in */
    STREAM_BROKEN   /* no such stream, the connection has to end: in->err, in->err_off say why, where */
};

/* The next message at the front of in, which holds all octets that came and were not taken. Those
 * that it leaves are to be there again, with more behind them, at the next call.
 * ERR_VALUE: not the prefix; ERR_LENGTH: a length of 0 or 1. */
enum stream_state stream_next(struct stream *s, struct reader *in, struct span *body);
/* Appends a message of at most STREAM_MESSAGE_MAX octets with its length; else ERR_LENGTH. */
MUST_CHECK enum err stream_add(struct span body, struct writer *w);

#endif

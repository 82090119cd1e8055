/* stream.c - messages out of the octets of a TCP stream, and into them (RFC 9329). */
#include "engine/wire/stream.h"

static enum stream_state broken(struct reader *in, size_t at, enum err why)
{
    rd_span(in, at);
    rd_fail(in, why);
    return STREAM_BROKEN;
}

enum stream_state stream_next(struct stream *s, struct reader *in, struct span *body)
{
    if (in->err != ERR_OK)
        return STREAM_BROKEN;
    if (s->prefix) {
        /* RFC 9329 4: what differs is seen at once, not when six octets are there */
        for (size_t i = 0; i < STREAM_PREFIX_LEN && i < in->len; i++)
            if (in->p[i] != (uint8_t)STREAM_PREFIX[i])
                return broken(in, i, ERR_VALUE);
        if (in->len < STREAM_PREFIX_LEN)
            return STREAM_MORE;
        rd_span(in, STREAM_PREFIX_LEN);
        s->prefix = false;
    }
    if (in->len < STREAM_LENGTH_LEN)
        return STREAM_MORE;
    size_t len = get_u16(in->p);
    /* RFC 9329 3: no message is shorter than its length field, and there is no way on from there */
    if (len < STREAM_LENGTH_LEN)
        return broken(in, 0, ERR_LENGTH);
    if (in->len < len)
        return STREAM_MORE;
    *body = span_part(rd_span(in, len), STREAM_LENGTH_LEN, len);
    return STREAM_MESSAGE;
}

enum err stream_add(struct span body, struct writer *w)
{
    if (body.len > STREAM_MESSAGE_MAX)
        return ERR_LENGTH;
    wr_u16(w, (uint16_t)(body.len + STREAM_LENGTH_LEN));
    wr_span(w, body);
    return w->err;
}

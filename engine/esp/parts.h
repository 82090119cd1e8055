/* parts.h - an IPv4 datagram out of its fragments (RFC 791), one at a time: enough for the host behind
 * the tunnel of a case, and of a bounded size whatever comes. */
#ifndef ENGINE_ESP_PARTS_H
#define ENGINE_ESP_PARTS_H

#include "engine/base/bytes.h"
#include "engine/base/err.h"

#define PARTS_MAX 65535u

struct parts { /* all zero = empty */
    uint32_t spi; /* fragments of different Child SAs never meet (RFC 4301 7) */
    uint8_t key[11]; /* source, destination, identification, protocol */
    bool used;
    size_t end;      /* octets of payload once the last fragment told, 0 before */
    size_t have;     /* octets of payload that came */
    uint8_t unit[PARTS_MAX / 64 + 1]; /* one bit for eight octets */
    uint8_t datagram[PARTS_MAX];
};
/* Adds a fragment. ERR_OK: *whole is the datagram (inside p, until the next call); ERR_FRAGMENT: more
 * is wanted. What overlaps or cannot be ends all that came of its datagram. */
MUST_CHECK enum err parts_add(struct parts *p, uint32_t spi, struct span pkt, struct span *whole,
                              struct fault *why);
#endif

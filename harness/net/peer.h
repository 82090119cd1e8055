/* peer.h - what loop.c needs of peer.c and nobody else does. */
#ifndef HARNESS_NET_PEER_H
#define HARNESS_NET_PEER_H

#include "harness/net/loop.h"

/* Numbers r and keeps it; NULL when out of memory or r is NULL. */
struct record *peer_keep(struct peer *p, struct record *r);
/* Copies all events of the engine into the peer's list. */
bool peer_take_events(struct peer *p);

#endif

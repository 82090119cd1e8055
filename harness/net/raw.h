/* raw.h - ESP as IP protocol 50, for peers without NAT; wants the right to open raw sockets. */
#ifndef HARNESS_NET_RAW_H
#define HARNESS_NET_RAW_H

#include "engine/engine.h"

/* A descriptor bound to local, or -1 where we have no right to it. */
int raw_open(const struct addr *local);
bool raw_send(int fd, const struct addr *remote, struct span packet);
/* One ESP packet into buf; fills d->p, len and remote. */
bool raw_recv(int fd, bool v6, uint8_t *buf, size_t cap, struct ike_dgram *d);

#endif

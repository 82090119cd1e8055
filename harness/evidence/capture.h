/* capture.h - datagrams out of capture files, through libpcap. */
#ifndef HARNESS_EVIDENCE_CAPTURE_H
#define HARNESS_EVIDENCE_CAPTURE_H

#include "engine/engine.h"

/* d->local is where it came from, d->remote where it went; octets are those of UDP or ESP. */
typedef void capture_datagram(void *ctx, uint64_t t_us, const struct ike_dgram *d);

/* All UDP and ESP datagrams of a pcap or pcapng file, IP fragments left out. false with the
 * reason in why. */
bool capture_read(const char *path, capture_datagram *each, void *ctx, char *why, size_t cap);

#endif

/* capture.h - datagrams out of capture files, through libpcap. */
#ifndef HARNESS_EVIDENCE_CAPTURE_H
#define HARNESS_EVIDENCE_CAPTURE_H

#include "engine/engine.h"

/* d->local is where it came from, d->remote where it went; octets are those of UDP or ESP, or, with
 * protocol 6, one message of a TCP stream (tcp.h). note: NULL, or with no octets what is wrong with
 * that stream. */
typedef void capture_datagram(void *ctx, uint64_t t_us, const struct ike_dgram *d,
                              const char *note);

/* All UDP and ESP datagrams of a pcap or pcapng file, and the messages of TCP port 4500; IP
 * fragments left out. false with the reason in why. */
bool capture_read(const char *path, capture_datagram *each, void *ctx, char *why, size_t cap);

/* A frame with no capture around it (a dump in text): the UDP or ESP datagram of an IP packet, or of
 * Ethernet around one. false when it begins with no such headers, or their lengths do not fit. */
bool capture_frame(struct span frame, struct ike_dgram *d);

#endif

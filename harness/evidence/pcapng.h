/* pcapng.h - our own capture writer: sections, packets with comments, IP and UDP headers around
 * what peers exchanged. */
#ifndef HARNESS_EVIDENCE_PCAPNG_H
#define HARNESS_EVIDENCE_PCAPNG_H

#include <stdio.h>

#include "engine/engine.h"

struct pcapng {
    FILE *f;
};

/* Starts a file of bare IP packets (link type RAW, microseconds). errno says why when false. */
bool pcapng_open(struct pcapng *p, const char *path, const char *application);
/* One IP packet as it stands; comment may be NULL. */
bool pcapng_packet(struct pcapng *p, uint64_t t_us, struct span packet, const char *comment);
/* One datagram of UDP or ESP from src to dst with headers and checksums put around it. */
bool pcapng_datagram(struct pcapng *p, uint64_t t_us, const struct addr *src,
                     const struct addr *dst, uint8_t protocol, struct span body,
                     const char *comment);
/* false when anything since pcapng_open could not be written. */
bool pcapng_close(struct pcapng *p);

/* The packet that pcapng_datagram writes, appended to w. */
MUST_CHECK enum err packet_wrap(struct writer *w, const struct addr *src, const struct addr *dst,
                                uint8_t protocol, struct span body);

#endif

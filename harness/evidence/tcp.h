/* tcp.h - TCP segments of a capture put in order, each direction for itself, and the IKE and ESP
 * messages in them (RFC 9329). Nothing is guessed: where a direction begins has been seen, or it is
 * not read; where octets are missing, it ends. */
#ifndef HARNESS_EVIDENCE_TCP_H
#define HARNESS_EVIDENCE_TCP_H

#include "harness/evidence/capture.h"

#define TCP_PROTOCOL 6u
#define TCP_PORT_IKE 4500u /* RFC 9329 2 */

struct tcp;

/* What is found goes to each: protocol 6 and the octets of one message, marker included, at the
 * time of the segment that made it whole; or no octets and a note, why no more of that direction
 * comes. NULL when out of memory. */
struct tcp *tcp_new(capture_datagram *each, void *ctx);
/* One segment, header included; at has the addresses of its IP packet. What is not from or to port
 * 4500 is passed over. */
void tcp_segment(struct tcp *t, uint64_t t_us, const struct ike_dgram *at, struct span segment);
/* Says what is still incomplete, then frees; NULL does nothing. */
void tcp_free(struct tcp *t);

#endif

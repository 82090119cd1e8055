/* record.h - one datagram as a peer saw it: octets, times, what was read in it, what became of
 * it. Reading touches no state of the engine. */
#ifndef HARNESS_NET_RECORD_H
#define HARNESS_NET_RECORD_H

#include "engine/engine.h"
#include "harness/net/box.h"

enum record_kind { REC_IKE, REC_ESP, REC_KEEPALIVE };

enum fate {
    FATE_PASSED,
    FATE_DROPPED, /* by a filter */
    FATE_HELD,    /* waits for a release */
    FATE_DELAYED,
    FATE_LOST, /* by the link, or nobody lives there */
    FATE_REPEATED,
    FATE_REPLACED, /* it went on with other octets, or from another port */
    NUM_FATE
};
const char *fate_name(enum fate f);
const char *record_kind_name(enum record_kind k);

struct record {
    uint32_t n; /* from 1 */
    usec_t t;
    bool in;
    bool reassembled;   /* made from fragments: bytes are those of the last one */
    struct ike_dgram d; /* d.p is the record's own */
    enum record_kind kind;
    enum fate fate;

    struct box *box; /* the message, NULL when it could not be read */
    bool sealed, opened; /* opened: something was sealed, and could be opened */
    struct fault fault; /* why it could not be read or opened; code 0 = none */

    uint32_t spi; /* ESP */
    struct esp_packet esp;
    uint8_t *plain; /* what esp.inner, or piece, lies in */
    struct span piece; /* of a fragment that we sent: its part of the inner payloads */

    char handle[16]; /* its message's Tcl name, once somebody asked */
};

/* Octets of the IKE message or ESP packet inside the UDP payload (marker taken off). */
struct span record_body(const struct record *r);
/* Reads d with whatever keys e has. NULL when out of memory. scratch: work space. */
struct record *record_new(struct ike_engine *e, const struct ike_dgram *d, bool in, usec_t now,
                          struct arena *scratch);
/* A record of a message put together from fragments, the last of which is from. */
struct record *record_reassembled(const struct record *from, const struct message *m, usec_t now);
void record_free(struct record *r);

#endif

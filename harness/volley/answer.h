/* answer.h - what an answer is, in facts that two answers of the same kind share. No rule is
 * applied to them here. */
#ifndef HARNESS_VOLLEY_ANSWER_H
#define HARNESS_VOLLEY_ANSWER_H

#include "engine/engine.h"

#define ANSWER_TEXT 512u
/* A payload that nobody knows, and critical: the answer to a request with it names it (RFC
 * 7296 2.5), so it is told from the answer to any other. */
#define ANSWER_MARK 250u

struct answer {
    /* A dict: sealed opened readable error chain lint other. error: the first error notify, "" for
     * none; lint: requirements that it breaks; other: what of its header (exchange mid spi_i)
     * differs from the request's. */
    char text[ANSWER_TEXT];
    bool sealed, opened;
    bool marked;  /* refuses ANSWER_MARK */
    bool accepts; /* SA and KE and no error: an IKE_SA_INIT that went through */
};

/* The message id, exchange and initiator's SPI of a datagram's IKE header; false when it is too
 * short for one. *body: without the non-ESP marker. */
struct answer_head {
    uint64_t spi_i;
    uint32_t mid;
    uint8_t exchange;
    bool response;
};
bool answer_head(const struct ike_dgram *d, struct span *body, struct answer_head *out);

/* Reads d with whatever keys e has; scratch is reset. request: the header that was sent. */
void answer_read(struct ike_engine *e, const struct ike_dgram *d, const struct answer_head *request,
                 struct arena *scratch, struct answer *out);

#endif

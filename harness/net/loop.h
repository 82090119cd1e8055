/* loop.h - the world of one run: its peers, its transport, its clock, and the only loop that
 * moves datagrams and time. Nothing here knows Tcl: scripts come in through hooks. */
#ifndef HARNESS_NET_LOOP_H
#define HARNESS_NET_LOOP_H

#include <signal.h>

#include "harness/net/queue.h"
#include "harness/net/record.h"
#include "harness/net/transport.h"

#define PEER_PLACES 8u

struct world;

struct event { /* a copy of what the engine said */
    struct event *next;
    struct ike_event ev; /* ev.inner lies behind */
    uint8_t inner[];
};

struct held { /* a datagram that waits for a release */
    uint32_t n;
    bool in;
};

struct peer {
    struct peer *next;
    struct world *w;
    char name[32];
    struct ike_engine *e;
    struct seeded_rng *entropy;
    struct port_map ports;
    struct addr place[PEER_PLACES]; /* addresses it lives at */
    size_t num_places;

    struct record **record; /* record[i]->n == i + 1 */
    size_t num_records, cap_records;
    struct event *events, *last_event;
    struct held *held;
    size_t num_held;

    unsigned inside;        /* > 0: the engine is running, it must not be called */
    struct record *feeding; /* what the engine is being fed */
    bool no_records;        /* load runs: keep nothing */
    /* Sees first what comes in, of which no record is kept then; false: the engine does not get it.
     */
    bool (*watch)(void *ctx, const struct ike_dgram *d);
    void *watch_ctx;
};

/* What a filter said about one datagram. */
enum ruling {
    RULE_PASS,
    RULE_DROP,
    RULE_HOLD,
    RULE_DELAY,
    RULE_REPEAT,
    RULE_PORT,
    RULE_REPLACE
};
struct verdict {
    enum ruling ruling;
    usec_t delay;
    uint32_t times; /* REPEAT: extra copies */
    uint16_t port;  /* PORT: where it comes from, as a NAT would have it */
    uint8_t *bytes; /* REPLACE: heap, taken over */
    size_t len;
};

struct hooks { /* each may be NULL; a false return stops the loop with END_FAILED */
    void *ctx;
    bool (*filter)(void *ctx, struct peer *p, const struct record *r, struct verdict *out);
    /* A tap of p's engine. */
    bool (*tap)(void *ctx, struct peer *p, struct ike_tap_point *at, enum ike_tap_ruling *out);
    /* p's engine wants what is behind a URL (IKE_EV_LOOKUP): ike_found(), now or later. */
    bool (*lookup)(void *ctx, struct peer *p, const struct ike_event *ev);
    /* Real time only: something else may want to run for a moment. */
    void (*idle)(void *ctx);
    /* A record is about to go. */
    void (*forget)(void *ctx, struct record *r);
};

struct world {
    bool is_virtual;
    usec_t now;   /* virtual time */
    usec_t epoch; /* real clock when the world was made */
    uint64_t seed;
    struct transport *t;
    struct queue later; /* datagrams that a filter delayed */
    struct peer *peers, *last_peer;
    struct hooks hooks;
    const volatile sig_atomic_t *interrupted;
    struct arena scratch;
    uint64_t news, seen; /* records and events so far; of those, when the loop last reported */
    bool failed;         /* a hook said so */
    bool running;        /* the loop is in the stack */
    bool in_hook;        /* a script is: what engines want to send waits */
};

/* virtual time on mem transport, or the real clock on sockets. NULL when out of memory. */
struct world *world_new(bool is_virtual, uint64_t seed, const struct link *link);
void world_free(struct world *w);
usec_t world_now(const struct world *w);

struct peer_config {
    const char *name;
    const char *label; /* of its entropy */
    struct port_map ports;
    struct ike_config engine; /* rng is filled in here */
    bool no_records;
};
MUST_CHECK enum err peer_new(struct world *w, const struct peer_config *cfg, struct peer **out,
                             struct fault *why);
void peer_free(struct peer *p);
struct peer *peer_find(const struct world *w, const char *name);
/* The peer lives at this address. */
MUST_CHECK enum err peer_open(struct peer *p, const struct addr *local, struct fault *why);
struct record *peer_record(const struct peer *p, uint32_t n);
/* Takes what engines want to send and say: after each command. */
void world_flush(struct world *w);
/* The first event, NULL when there is none; the caller frees it. */
struct event *peer_event(struct peer *p);
/* Lets a held datagram go on; false when record n is not held. */
bool peer_release(struct peer *p, uint32_t n);

enum ending { END_TIME, END_NEWS, END_INTERRUPTED, END_FAILED, END_STUCK };
/* Runs for us microseconds; with stop_on_news only until a new record or event is there. */
enum ending world_run(struct world *w, usec_t us, bool stop_on_news);

#endif

/* world.h - two engines on a virtual wire for fuzz targets, and what must hold whatever is done to
 * them. A rule that is broken aborts. */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include "engine/engine.h"

enum { A, B };

/* How the two are configured, one bit each. */
enum {
    WORLD_PSKS_DIFFER = 1, /* and so do private keys: nobody may ever be authenticated */
    WORLD_COOKIES = 2,
    WORLD_WINDOW = 4,    /* window of 5 in place of 1 */
    WORLD_FRAGMENTS = 8, /* small datagrams */
    WORLD_CBC = 16,      /* AES-CBC and HMAC in place of AES-GCM */
    WORLD_TIMERS = 32,   /* rekeys and liveness checks of their own */
    WORLD_NATT = 64,     /* port 4500, ESP inside UDP */
    WORLD_KEEP_DEAD = 128,
    WORLD_URL = 256,    /* with WORLD_SIGNED: A names where its certificate is to be had */
    WORLD_SIGNED = 512, /* A proves itself by a certificate, B by a raw public key */
    WORLD_POOL = 1024,  /* A asks for inner addresses, of which B has few; SAs stand side by side */
};

#define WORLD_MAX_HALF_OPEN 8u
#define WORLD_WIRE          64u /* datagrams on their way, in each direction */
#define WORLD_PAST          32u /* datagrams that an attacker has recorded */

struct flight { /* a datagram on the wire; its octets lie alone in their block */
    uint8_t *p;
    size_t len;
    struct addr from, to;
    uint8_t protocol;
};

struct edit { /* to be made by the tap on the next message that an engine seals */
    bool waits;
    uint32_t at;
    uint8_t flip;
    uint16_t len; /* what the plain text is cut or filled up to, 0 = as it is */
};

struct world {
    struct ike_engine *e[2];
    struct seeded_rng *rng[2];
    struct addr addr[2];
    usec_t now;
    unsigned setup;
    struct flight wire[2][WORLD_WIRE]; /* by sender, oldest first */
    unsigned num_wire[2];
    struct flight past[WORLD_PAST];
    unsigned num_past; /* ever recorded */
    struct edit edit[2];
    bool lies[2];   /* this engine's rulings or messages were bent: the other may complain */
    bool waits;     /* an SA was begun in steps: it may wait for the next for ever */
    bool disturbed; /* something happened that may rightly end an SA */
    bool edited;    /* an end with keys said what it did not mean */
    bool up[2];
    uint32_t sent; /* inner packets sent, by number */
    bool came[256];
    size_t memory;           /* octets of the heap that were taken before */
    size_t said;             /* octets that left an engine, ever */
    size_t cookie_memory[2]; /* blocks that asking for cookies has cost */
};

void world_init(struct world *w, unsigned setup);
/* Checks what must hold in the end, an hour of silence later too; frees everything. */
void world_finish(struct world *w);

void world_initiate(struct world *w, int who, unsigned flags);
/* Carries what waits on the wire, both ways, at most so many datagrams. */
void world_settle(struct world *w, unsigned most);
/* Hands a datagram to an engine, from a copy of its very size. */
void world_feed(struct world *w, int to, const struct flight *f);
/* The same for one in which something that is authenticated was changed (RFC 7296 2.21.2, 2.21.4;
 * RFC 4303 3.4.4): silence, and everything stays as it was. */
void world_feed_forged(struct world *w, int to, const struct flight *f);
/* Takes the n-th datagram off the wire (its octets are the caller's), or looks at it. */
bool world_take(struct world *w, int from, unsigned n, struct flight *out);
void world_tick(struct world *w, usec_t later);
/* Goes on to the next thing that one of the engines wants to do. */
void world_deadline(struct world *w);
/* Everything the engine has to say: datagrams to the wire, events to the rules. */
void world_collect(struct world *w, int who);
/* The n-th of the engine's SAs, counted round; false without any. */
bool world_sa(struct world *w, int who, unsigned n, struct ike_sa_info *out);
/* A numbered UDP packet through the newest Child SA of that SA. */
void world_inner(struct world *w, int who, uint32_t sa, uint32_t child);
/* With PAIRS=1 in the environment: prints which pairs of state and event were never met. */
void world_pairs(void);
_Noreturn void world_broken(const char *rule);
void flight_free(struct flight *f);

#endif

/* shot.h - what the files of a volley share: one attempt, and what goes on around it. */
#ifndef HARNESS_VOLLEY_SHOT_H
#define HARNESS_VOLLEY_SHOT_H

#include "harness/edit/menu.h"
#include "harness/volley/volley.h"

enum shot_at { SHOT_NEW, SHOT_WAITING, SHOT_CLOSING, SHOT_DONE };

#define VOLLEY_PATIENCE 4u
#define VOLLEY_CONTROLS                                                                            \
    3u /* honest exchanges in a row without an answer say that the device is lost */

struct shot {
    size_t part;
    uint64_t seed;
    bool honest; /* no edits */
    enum shot_at at;
    uint32_t sa;
    uint64_t spi;            /* of its SA */
    struct answer_head sent; /* what left, edits included */
    uint32_t mid;            /* what should have left */
    struct program program;
    uint32_t applied; /* bit i: edit i did something */
    bool drops;       /* the device is known to let the like of it drop */
    size_t out, in;   /* octets */
    unsigned num_in;
    usec_t when, due, took;   /* until the answer */
    bool came;                /* there is an answer in a */
    bool fed;                 /* which the engine got too */
    unsigned probes;          /* valid requests that followed */
    bool after_probe;         /* the answer came only then */
    unsigned answers;         /* with its message id */
    bool real; /* of an answer that came only then: it is the shot's own all the same */
    bool alive, closed, up;
    bool ended; /* its SA is no good any more */
    struct answer a;
};

enum lane_at {
    LANE_EMPTY,  /* no SA */
    LANE_INIT,   /* IKE_SA_INIT went out */
    LANE_AUTH,   /* and IKE_AUTH */
    LANE_IDLE,   /* the SA waits for a shot */
    LANE_ANSWER, /* the shot went out: whatever comes first */
    LANE_PROBE,  /* a valid request with its id behind it */
    LANE_AGAIN,  /* that one once more, octet for octet */
    LANE_SETTLE, /* a valid request, as the answer was none for the engine */
    LANE_OFF     /* no SA can be made */
};

#define LANE_PROBE_OCTETS 256u

struct lane { /* a standing SA and what goes on on it */
    enum lane_at at;
    uint32_t sa;
    struct shot *s;                       /* under way */
    unsigned want;                        /* answers that are waited for */
    unsigned tries;                       /* SAs in a row that did not come up */
    usec_t since, due;                    /* it is where it is since then, and until then at most */
    uint8_t probe[LANE_PROBE_OCTETS];     /* the last valid request */
    size_t probe_len;                     /* without a marker */
};

struct volley {
    struct peer *p;
    struct world *w;
    const struct volley_plan *plan;
    struct volley_memory *memory;
    struct volley_result *out;
    struct hooks hooks; /* those of the world, which go on for other peers */
    struct menu menu;
    bool has_menu;
    struct arena arena;
    struct shot *shot;
    size_t num;                     /* without the honest ones behind */
    struct shot *armed;             /* whose message the tap bends next */
    struct lane *kept;              /* who keeps the octets of the next message */
    size_t current;                 /* the shots before this one have begun */
    struct lane lane[VOLLEY_LANES]; /* standing */
    size_t num_lanes;
    usec_t srtt, var, wait;
    usec_t quick;      /* the wait where silence need not be told from lateness */
    unsigned patience; /* times the wait: who looks whether the device lives waits longer */
    enum ending ending;
};

static inline usec_t volley_patience(const struct volley *v)
{
    usec_t us = v->wait * v->patience;
    return us < v->plan->most_us ? us : v->plan->most_us;
}

/* Where the volley is over before its end: the loop was interrupted, or failed. */
static inline bool volley_broken(const struct volley *v)
{
    return v->ending != END_NEWS && v->ending != END_TIME;
}

/* Lets the world go on until something comes or `until`; false when the volley is broken. */
bool volley_wait(struct volley *v, usec_t until);
/* The answer to s is there: how long it took says how long to wait. */
void volley_took(struct volley *v, struct shot *s);
/* Reads d as the answer to s. */
void volley_answer(struct volley *v, struct shot *s, const struct ike_dgram *d);
/* A request of our own making, not in the engine's books: an INFORMATIONAL. */
enum volley_what { SEND_EMPTY, SEND_MARK /* ANSWER_MARK */, SEND_DELETE /* of the IKE SA */ };
bool volley_send(struct volley *v, uint32_t sa, uint32_t mid, enum volley_what what);
/* Ends an SA on both ends, whichever message id the device expects, without waiting. */
void volley_drop(struct volley *v, uint32_t sa);
/* Has the device let edits like those of s go unanswered? */
bool volley_silent(const struct volley *v, const struct shot *s);
void volley_remember(struct volley *v, const struct shot *s, bool silent);

/* early.c: before keys. */
void early_run(struct volley *v);
bool early_watch(void *ctx, const struct ike_dgram *d);
/* standing.c: on an SA. */
void standing_run(struct volley *v);
bool standing_watch(void *ctx, const struct ike_dgram *d);

#endif

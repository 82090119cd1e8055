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
    size_t out, in;   /* octets */
    unsigned num_in;
    usec_t when, due;
    bool came;                /* there is an answer in a */
    bool fed;                 /* which the engine got too */
    bool probed, after_probe; /* a valid request followed; the answer came only then */
    unsigned answers;         /* with its message id */
    bool real; /* of an answer that came only then: it is the shot's own all the same */
    bool alive, closed, up;
    struct answer a;
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
    size_t num;         /* without the honest ones behind */
    struct shot *armed; /* whose message the tap bends next */
    size_t current;     /* standing: the shot under way */
    uint8_t *last;      /* the last datagram of volley_send(), without a marker */
    size_t last_len;
    usec_t srtt, var, wait;
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
void volley_took(struct volley *v, const struct shot *s);
/* Reads d as the answer to s. */
void volley_answer(struct volley *v, struct shot *s, const struct ike_dgram *d);
/* A request of our own making, not in the engine's books: an empty INFORMATIONAL, or a Delete of
 * the IKE SA. */
bool volley_send(struct volley *v, uint32_t sa, uint32_t mid, bool delete_ike);
/* The last one of these once more, octet for octet. */
bool volley_repeat(struct volley *v, uint32_t sa);
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

/* volley.h - many attempts on a live device at once, without a script between them: each makes its
 * program from its seed, bends the engine's own message by it, seals, sends, and tells the answer
 * from silence. Before keys each attempt has an SPI of its own, so many may be under way; on a
 * standing SA they go in lock step, as the window wants it. What comes back are kinds of attempt
 * (what was edited, what came) with how many there were and the seed of the first: who judges does
 * it once for a kind. */
#ifndef HARNESS_VOLLEY_VOLLEY_H
#define HARNESS_VOLLEY_VOLLEY_H

#include "harness/edit/edit.h"
#include "harness/net/loop.h"
#include "harness/volley/answer.h"

#define VOLLEY_MAX   2048u /* attempts of one volley */
#define VOLLEY_ABOUT 256u

/* What the device did with edits of a kind before: only a hint where to wait. All zero: nothing
 * known. */
struct volley_memory {
    uint32_t silent[1024]; /* hash of what an edit is about, 0 = none */
};

struct volley_part { /* attempts with seeds seed .. seed + num - 1 */
    const char *target;
    uint64_t seed;
    unsigned num;
};

struct volley_plan {
    const char *conn; /* the tester's connection */
    bool before_keys; /* IKE_SA_INIT of fresh SAs; else exchanges on an established one */
    uint32_t sa;      /* the standing SA, 0 = make one */
    enum ike_do what; /* on it */
    struct ike_args args;
    struct span wrong_psk;    /* what closes an SA that an IKE_SA_INIT left half-open */
    bool lone;                /* honest messages: no edits */
    unsigned flight;          /* before keys: so many under way at most */
    usec_t wait_us;           /* how long an answer is waited for to begin with; 0 = not known */
    usec_t floor_us, most_us; /* and at least and at most */
    /* edits that matter in company, as globs over what they are about */
    const char *const *telling;
    size_t num_telling;
    /* more than this for an IKE_SA_INIT is a fact worth noting */
    unsigned amplify_times, amplify_more, amplify_datagrams;
    const struct volley_part *part;
    size_t num_parts;
};

struct volley_kind {
    size_t part;
    uint64_t seed; /* of the first */
    unsigned num;
    char about[VOLLEY_ABOUT];
    char facts[ANSWER_TEXT +
               64]; /* a dict: answer (of answer.h, or "silence") answered up amplified */
};

struct volley_result {
    struct volley_kind *kind; /* heap, volley_result_clear() */
    size_t num_kinds;
    unsigned done;     /* attempts */
    unsigned sas;      /* SAs that had to be made */
    unsigned left;     /* half-open SAs that nothing closed */
    unsigned strays;   /* datagrams that belong to no attempt */
    bool lost;         /* an honest exchange got no answer */
    bool any_again;    /* what bears the id of the last request gets its answer again */
    bool same_again;   /* only the same octets do */
    uint32_t sa;       /* the standing SA, 0 = none */
    usec_t wait_us;    /* for the next volley */
    usec_t took_us;    /* all of it */
    usec_t awaited_us; /* of that: from sending to the answer, summed up over answered attempts */
    unsigned answered;
};

/* ending: END_NEWS when it went through, else what ended the loop. */
MUST_CHECK enum err volley_run(struct peer *p, const struct volley_plan *plan,
                               struct volley_memory *memory, struct volley_result *out,
                               enum ending *ending, struct fault *why);
void volley_result_clear(struct volley_result *r);

#endif

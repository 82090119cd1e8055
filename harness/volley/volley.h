/* volley.h - many attempts on a live device at once, without a script between them: each makes its
 * program from its seed, bends the engine's own message by it, seals, sends, and tells the answer
 * from silence. Before keys each attempt has an SPI of its own, so many may be under way; on a
 * standing SA they go in lock step, as the window wants it, on several SAs side by side, so that
 * the others go on while one is made anew or waits. What comes back are kinds of attempt (what was
 * edited, what came) with how many there were and the seed of the first: who judges does it once
 * for a kind. */
#ifndef HARNESS_VOLLEY_VOLLEY_H
#define HARNESS_VOLLEY_VOLLEY_H

#include "harness/edit/edit.h"
#include "harness/net/loop.h"
#include "harness/volley/answer.h"

#define VOLLEY_MAX   2048u /* attempts of one volley */
#define VOLLEY_LANES 16u   /* SAs side by side */
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

/* What a device does about SAs and message ids, as far as a volley has to know; a volley that is
 * not told finds out. */
struct volley_habits {
    bool known;
    bool marks;      /* a request with ANSWER_MARK is answered as it should be, and ends nothing */
    bool any_again;  /* what bears the id of the last request gets its answer again */
    bool same_again; /* only the same octets do */
    bool alone;      /* a new SA of the same peer ends the one before */
};

struct volley_plan {
    const char *conn;   /* the tester's connection */
    bool before_keys;   /* IKE_SA_INIT of fresh SAs; else exchanges on established ones */
    const uint32_t *sa; /* standing SAs to use; what is missing is made */
    size_t num_sas;
    unsigned lanes; /* so many SAs side by side at most; 0 = 1 */
    struct volley_habits habits;
    enum ike_do what; /* on them */
    struct ike_args args;
    struct span wrong_psk;    /* what closes an SA that an IKE_SA_INIT left half-open */
    bool lone;                /* honest messages: no edits */
    unsigned flight;          /* before keys: so many under way at most */
    usec_t wait_us;           /* how long an answer is waited for to begin with; 0 = not known */
    usec_t quick_us;          /* and where it can be told whose a late one is; 0 = not known */
    usec_t floor_us, most_us; /* and at least and at most */
    /* edits that matter in company, as globs over what they are about */
    const char *const *telling;
    size_t num_telling;
    /* more than this for an IKE_SA_INIT is a fact worth noting */
    unsigned amplify_times, amplify_more, amplify_datagrams;
    const struct volley_part *part;
    size_t num_parts;
};

/* What the lanes of a standing volley spend their time with, summed up over them. */
enum volley_spent {
    SPENT_MAKING,  /* a new SA */
    SPENT_ANSWER,  /* until the answer came */
    SPENT_SILENCE, /* until it was given up */
    SPENT_PROBE,   /* a valid request behind it */
    SPENT_AGAIN,   /* the same once more, where the answer does not tell */
    NUM_SPENT
};

struct volley_kind {
    size_t part;
    uint64_t seed; /* of the first */
    unsigned num;
    unsigned ended; /* of these, so many took their SA with them */
    char about[VOLLEY_ABOUT];
    char facts[ANSWER_TEXT +
               64]; /* a dict: answer (of answer.h, or "silence") answered up amplified */
};

struct volley_result {
    struct volley_kind *kind; /* heap, volley_result_clear() */
    size_t num_kinds;
    unsigned done;  /* attempts */
    unsigned ended; /* of these, so many took their SA with them */
    unsigned sas;   /* SAs that were made */
    usec_t spent_us[NUM_SPENT];
    unsigned left;   /* half-open SAs that nothing closed */
    unsigned strays; /* datagrams that belong to no attempt */
    bool lost;       /* an honest exchange got no answer */
    struct volley_habits habits;
    uint32_t sa[VOLLEY_LANES]; /* the SAs that stand in the end */
    size_t num_sas;
    usec_t wait_us, quick_us; /* for the next volley */
    usec_t took_us;           /* all of it */
    usec_t awaited_us; /* of that: from sending to the answer, summed up over answered attempts */
    unsigned answered;
};

/* ending: END_NEWS when it went through, else what ended the loop. */
MUST_CHECK enum err volley_run(struct peer *p, const struct volley_plan *plan,
                               struct volley_memory *memory, struct volley_result *out,
                               enum ending *ending, struct fault *why);
void volley_result_clear(struct volley_result *r);

#endif

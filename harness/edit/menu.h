/* menu.h - what can be edited in a message, asked from its tables, so a payload gets fuzzed because
 * it has a table; and programs of edits made of it by chance.
 *
 * A target is what guidance weighs: a class of fields (SA.proposal.transform.id), a payload (KE:),
 * plain, wire, and what can be put in: +critical +unknown (payloads that nobody knows) +status
 * +error (notifies so) +notify +payload (known ones). */
#ifndef HARNESS_EDIT_MENU_H
#define HARNESS_EDIT_MENU_H

#include "harness/edit/chance.h"
#include "harness/edit/edit.h"

struct menu_field { /* the same in each message of a state; values are read when an edit is made */
    char path[EDIT_PATH], class[EDIT_PATH];
    const struct field *f;
};
struct menu {
    struct menu_field *field;
    size_t num_fields, cap_fields;
    char (*payload)[EDIT_PATH]; /* notations */
    size_t num_payloads;
    char (*target)[EDIT_PATH];
    size_t num_targets;
};

/* The menu of m; sealed: it has octets inside SK. ERR_MEMORY. Cleared with menu_clear(), whatever
 * came of it. */
MUST_CHECK enum err menu_read(struct menu *menu, const struct message *m, bool sealed);
void menu_clear(struct menu *menu);
/* Whether what it says of payloads still holds for m. */
bool menu_fits(const struct menu *menu, const struct message *m);

/* The program that seed makes for target and the message m, whose menu it is: one edit of the
 * target first, sometimes more behind it. Empty when nothing of m is the target. */
void menu_program(const struct menu *menu, const struct message *m, const char *target,
                  uint64_t seed, struct program *out);

#endif

/* edit.h - programs of edits on a message before it is sealed. Edits are relative (flip, cut,
 * grow): the same program fits a message with other keys and nonces, which is what lets a finding
 * be replayed, shortened, and kept over nights. */
#ifndef HARNESS_EDIT_EDIT_H
#define HARNESS_EDIT_EDIT_H

#include "engine/base/err.h"
#include "engine/wire/message.h"

enum edit_kind {
    EDIT_SET,        /* path = value */
    EDIT_FLIP,       /* path: bit a */
    EDIT_CUT,        /* path: a octets are left */
    EDIT_GROW,       /* path: a octets of value b more */
    EDIT_FILL,       /* path: every octet is a */
    EDIT_REMOVE,     /* payload path */
    EDIT_DOUBLE,     /* payload path, a times more */
    EDIT_MOVE,       /* payload path to before (a 0) or after (a 1) payload mark */
    EDIT_INSERT,     /* a payload of type a, critical b, with that body, at the end */
    EDIT_NOTIFY,     /* a notify of type a with that data, at the end */
    EDIT_PLAIN_FLIP, /* octets inside SK before sealing */
    EDIT_PLAIN_CUT,
    EDIT_PLAIN_GROW,
    EDIT_WIRE_FLIP, /* octets of the datagram */
    EDIT_WIRE_CUT,
    EDIT_WIRE_GROW,
    NUM_EDIT_KINDS
};
/* As programs spell them: "set", "plain-flip", ... ended by NULL. */
extern const char *const edit_names[NUM_EDIT_KINDS + 1];

enum edit_station { EDIT_TREE, EDIT_PLAIN, EDIT_WIRE };

#define EDIT_PATH     160u
#define EDIT_OCTETS   64u /* of a body that chance makes; programs by hand may bring more */
#define EDITS_MAX     16u
#define EDIT_MORE     4096u
#define EDIT_DATAGRAM 65536u

struct edit {
    enum edit_kind kind;
    char path[EDIT_PATH], mark[EDIT_PATH];
    char value[EDIT_PATH];
    uint64_t a, b;
    int64_t bit; /* FLIP: counted round; below 0 from the end, where the checksum is */
    uint8_t octets[EDIT_OCTETS];
    size_t len;
};
struct program {
    struct edit edit[EDITS_MAX];
    size_t num;
};

enum edit_station edit_station(const struct edit *e);
/* Arena octets that the edit may take. */
size_t edit_room(const struct edit *e);
/* Does a tree edit. Any error: it does not fit this message (any more), and did nothing or not all.
 */
MUST_CHECK enum err edit_tree(struct message *m, const struct edit *e);
/* Does an edit on octets in place: FLIP, CUT, GROW and FILL of any station. ERR_SPACE: more than
 * cap. */
MUST_CHECK enum err edit_octets(const struct edit *e, uint8_t *p, size_t *len, size_t cap);
/* Does a program's edits of a station (PLAIN or WIRE) in place: a bit for each that was done. What
 * would leave nothing, or EDIT_MORE octets more than there was, is left alone as a whole. */
uint32_t program_octets(const struct program *pr, enum edit_station station, uint8_t *p,
                        size_t *len, size_t cap);
/* Does a program's edits on the tree, as far as the arena has room: a bit for each that was done.
 */
uint32_t program_tree(const struct program *pr, struct message *m);
/* What an edit is about, without values or positions: the part of a finding's name that stays the
 * same over nights. */
size_t edit_about(const struct edit *e, char *buf, size_t cap);
/* A path without the positions that tell payloads of a kind apart: SA.proposal.transform.id. buf
 * takes EDIT_PATH. */
void edit_class(const char *path, char *buf);

#endif

/* path.h - one grammar to name any field of any message: set, get, has, print and mutation.
 *
 *   path    = step *( "." step )               HDR.flags.R   KE.group   SA.1.ENCR.keylen
 *   step    = name [ "(" key ")" ] [ "[" index "]" ]   |   number
 *
 * The first step names HDR or a payload by its notation (SA KE IDi ... N D V; also NOTIFY, DELETE,
 * VID) or payload(TYPE); N(COOKIE) a notify of that type. Payloads of an opened SK are found
 * without prefix; SK. and HDR. restrict the search. A number is the child at that place, from 1;
 * [index] the one of several that fit, from 0. Below, a name is a field, else the kind of a child
 * (proposal, transform, attribute, selector), else the value that tells children apart
 * (ENCR, KEY_LENGTH, INTERNAL_IP4_ADDRESS). The pseudo field keylen of a transform is its
 * KEY_LENGTH attribute; setting it makes one. */
#ifndef ENGINE_WIRE_PATH_H
#define ENGINE_WIRE_PATH_H

#include "engine/wire/message.h"

enum { PATH_NODE = -1, PATH_KEYLEN = -2 };

struct path_ref {
    struct node *parent; /* NULL for HDR */
    struct node *node;
    int field; /* index in the node's shape, or PATH_NODE, or PATH_KEYLEN */
};

/* Where a path or value went wrong, and what could have stood there. */
struct path_fault {
    enum err code;
    size_t at, len; /* octets of the path */
    const struct message *m;
    const struct node *parent;  /* whose fields and children are allowed at that point, or NULL */
    const struct node *node;    /* the field below belongs to it */
    const struct names *values; /* the registry that a value may come from, or NULL */
    bool in_value;              /* the path is right, the value is not */
};

/* ERR_NO_PATH when there is nothing of that name. why may be NULL everywhere. */
MUST_CHECK enum err path_find(const struct message *m, const char *path, struct path_ref *out,
                              struct path_fault *why);
bool path_has(const struct message *m, const char *path);
/* The value as text that path_set() reads; for a node its notation. ERR_SPACE when buf is short.
 * A derived field has the value that encoding would give it now, "auto" while only sealing can
 * tell (lengths around an SK of our making). */
MUST_CHECK enum err path_get(const struct message *m, const char *path, char *buf, size_t cap,
                             struct path_fault *why);
/* Numbers: a name of the field's registry, decimal or 0x. Byte fields: 0x or hex: and digits
 * (spaces and colons allowed), str:text, ip:address or, where one belongs, a bare address.
 * "auto" lets a derived field be computed again. */
MUST_CHECK enum err path_set(struct message *m, const char *path, const char *value,
                             struct path_fault *why);

/* Names allowed where why points, the likeliest first; returns how many were written to out. */
size_t path_allowed(const struct path_fault *why, const char *path, const char **out, size_t cap);
/* One sentence: what is wrong, where, the nearest names. */
void path_fault_text(const struct path_fault *why, const char *path, const char *value, char *buf,
                     size_t cap);

/* Calls visit with the path of every field of the message, in wire order. */
typedef void path_visit(void *ctx, const char *path, struct node *n, unsigned field);
void path_list(const struct message *m, path_visit *visit, void *ctx);

#endif

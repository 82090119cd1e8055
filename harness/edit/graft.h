/* graft.h - payloads put into a tree: from octets, and once more. */
#ifndef HARNESS_EDIT_GRAFT_H
#define HARNESS_EDIT_GRAFT_H

#include "engine/wire/message.h"
#include "engine/wire/path.h"

/* Appends a payload with that body to parent, unfolded when the octets have the shape of its type,
 * else as bare octets. NULL when the arena is full or body is longer than a payload can be. */
struct node *graft_payload(struct message *m, struct node *parent, uint8_t type, struct span body);
/* A copy of the payload right behind it; ERR_SPACE when the arena is full. */
MUST_CHECK enum err graft_double(struct message *m, const struct path_ref *ref);
/* The notation that paths know: Ni, Nr and KEi, KEr are Nonce and KE. */
const char *graft_notation(const char *word);
/* The payload (or structure) of a notation; ERR_NO_PATH also when it names a field. */
MUST_CHECK enum err graft_find(const struct message *m, const char *notation, struct path_ref *out,
                               struct path_fault *why);

#endif

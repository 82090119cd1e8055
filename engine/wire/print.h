/* print.h - messages as text for people, into the caller's buffer: cut when it is full, always
 * terminated, control characters escaped. Each returns the length that the whole text has. */
#ifndef ENGINE_WIRE_PRINT_H
#define ENGINE_WIRE_PRINT_H

#include "engine/wire/message.h"

/* Everything, for max_octets. */
#define PRINT_ALL SIZE_MAX

/* One line as ladders show it: "IKE_AUTH request 1 [ IDi AUTH SA TSi TSr N(INITIAL_CONTACT) ]".
 * The payloads of an opened SK stand in its place; a sealed one is "SK". */
size_t print_line(const struct message *m, char *buf, size_t cap);
/* The part in brackets alone: "IDi AUTH SA". */
size_t print_chain(const struct message *m, char *buf, size_t cap);
/* A payload in the notation of ladders: "N(COOKIE)", "SA", "payload(200)". */
size_t print_payload(const struct node *n, char *buf, size_t cap);
/* The whole tree, one field a line; byte fields show at most max_octets. */
size_t print_tree(const struct message *m, size_t max_octets, char *buf, size_t cap);
/* The value of one field as path_set() reads it: a registry name, a number, 0x..., an address,
 * or "auto" for a derived field of a node of our making that is yet to be computed. */
size_t print_field(const struct node *n, unsigned field, size_t max_octets, char *buf, size_t cap);
/* The number v as that field shows it. */
size_t print_number(const struct node *n, unsigned field, uint64_t v, char *buf, size_t cap);

#endif

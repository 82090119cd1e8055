/* message.h - an IKE message as a lossless tree of nodes described by tables (field.h).
 *
 * A node is one structure of the wire: the IKE header, a payload, a proposal, a transform, an
 * attribute, a traffic selector, a configuration attribute. Its fixed part stays where it came
 * from (the datagram, or the arena for nodes that we make) and fields are read from it through
 * the table of its shape; only structure is unfolded at decode time. Hence
 * encode(decode(x)) == x for every x that decodes, reserved bits included.
 *
 * Derived fields (lengths, next payload, counts, last-substructure marks, SPI sizes) are computed
 * at encode time unless somebody set them: bit i of node.set says that field i is to go out as it
 * stands. Setting a derived field by path sets the bit.
 *
 * Ownership: nodes and owned octets live in the message's arena; decoded nodes borrow from the
 * datagram, which must outlive the message. Nothing here calls the heap. */
#ifndef ENGINE_WIRE_MESSAGE_H
#define ENGINE_WIRE_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/bytes.h"
#include "engine/base/err.h"
#include "engine/wire/field.h"
#include "engine/wire/registry.h"

#define HDR_LEN         28u
#define PAYLOAD_HDR_LEN 4u

enum { FLAG_INITIATOR = 0x08, FLAG_VERSION = 0x10, FLAG_RESPONSE = 0x20 };

/* Bit of node.set on SK and SKF payloads that nobody opened yet: their next-payload link, which
 * names the first payload inside, goes out as it stands. */
#define NODE_SEALED (1u << 31)

/* Most nodes that one decode makes. */
#define MAX_NODES 2048u

/* One structure of the tree. Payload nodes begin with the four octets of the generic payload
 * header: every payload shape's first fields are PL_NEXT, PL_CRITICAL, PL_RESERVED, PL_LENGTH. */
struct node {
    const struct shape *shape;
    uint8_t *head;       /* fixed part, shape->head_len octets; written only when owned */
    struct span tail[2]; /* variable octets in the order of the table, see shape->tails */
    struct node *next;   /* sibling */
    struct node *child, *last_child;
    uint32_t set; /* bit per field index: goes out as it stands */
    uint16_t off; /* where it began in the datagram or inner text, for faults and prints */
    uint8_t type; /* payload type for payload nodes (33 = SA ...), else 0 */
    bool owned;   /* head lies in the arena */
};

struct message {
    struct arena *arena;
    struct node *hdr; /* shape_hdr; its children are the payload chain as on the wire */
    struct span raw;  /* what was decoded, empty for messages that we make */
};

/* --- decode and encode ------------------------------------------------------------------- */

/* Decodes one datagram without non-ESP marker. Faults: header, chain and structure (RFC 7296
 * 3.1-3.16). An SK or SKF payload's body stays sealed in its tail. On failure *m holds what was
 * read up to the fault, so that it can be printed. why may be NULL. */
MUST_CHECK enum err msg_decode(struct message *m, struct arena *a, struct span datagram,
                               struct fault *why);

/* Decodes a chain of payloads (the text inside SK) as children of parent; first is the payload
 * type of the first one. text must outlive the message. */
MUST_CHECK enum err chain_decode(struct message *m, struct node *parent, uint8_t first,
                                 struct span text, struct fault *why);

/* Appends header and chain. An SK payload goes out as next-payload of its first child (unless
 * set) and its tail octets: whoever seals puts them there first (sa/protect.h). */
MUST_CHECK enum err msg_encode(const struct message *m, struct writer *w);

/* Appends the payloads that are children of parent, as they stand inside SK. */
MUST_CHECK enum err chain_encode(const struct node *parent, struct writer *w);

/* As msg_encode with the children of an opened SK in its place: a copy to read without keys. */
MUST_CHECK enum err msg_encode_clear(const struct message *m, struct writer *w);

/* A deep copy into arena a: nothing of it borrows from src any more. */
MUST_CHECK enum err msg_copy(struct message *dst, struct arena *a, const struct message *src);

/* --- making ------------------------------------------------------------------------------- */

/* An empty message: version 2.0, everything else zero. ERR_SPACE when the arena is full. */
MUST_CHECK enum err msg_new(struct message *m, struct arena *a, uint8_t exchange, uint8_t flags,
                            uint32_t mid, uint64_t spi_i, uint64_t spi_r);

/* Appends a payload to parent (m->hdr or an SK node); NULL when the arena is full. Types without
 * a table get shape_unknown. */
struct node *payload_add(struct message *m, struct node *parent, uint8_t type);
/* Appends a child structure of the given shape (proposal in SA, transform in proposal, ...). */
struct node *child_add(struct message *m, struct node *parent, const struct shape *shape);
/* Puts n before `before` (NULL: at the end) under parent; n must not hang anywhere. */
void node_insert(struct node *parent, struct node *n, struct node *before);
/* Takes n out of parent; false when it is no child of it. */
bool node_remove(struct node *parent, struct node *n);
/* A deep copy of n (without siblings), not yet hung anywhere; NULL when the arena is full. */
struct node *node_clone(struct message *m, const struct node *n);

/* --- reading and writing fields ------------------------------------------------------------ */

/* field is the index enum of the node's shape (KE_GROUP, ...). Numbers up to 64 bits. */
uint64_t node_num(const struct node *n, unsigned field);
/* Octets of a byte field (fixed or tail). */
struct span node_bytes(const struct node *n, unsigned field);
/* Sets a number and, for derived fields, marks it as set. */
MUST_CHECK enum err node_set_num(struct message *m, struct node *n, unsigned field, uint64_t v);
/* Copies octets into the arena and sets them. A fixed byte field must get its exact size. */
MUST_CHECK enum err node_set_bytes(struct message *m, struct node *n, unsigned field,
                                   struct span v);

/* The registry that names a field's values here, e.g. of a transform's id by its type; or NULL. */
const struct names *node_names(const struct node *n, unsigned field);
/* Whether a field is computed at encode time as things stand (derived, applicable, not set). */
bool node_derived(const struct node *n, unsigned field);
/* The number in a field of n, which hangs under parent (NULL: the header): what stands there or,
 * for a derived field, what encoding would put there. False while that is open: the length of an
 * SK that is not sealed yet, and what does not fit the field. */
bool node_value(const struct node *parent, const struct node *n, unsigned field, uint64_t *out);
/* Lets a derived field be computed again. */
void node_unset(struct node *n, unsigned field);

/* --- looking around ------------------------------------------------------------------------ */

/* First payload of that type under parent, then the next one after n; NULL when there is none. */
struct node *payload_find(const struct node *parent, uint8_t type);
struct node *payload_next(const struct node *n, uint8_t type);
/* First notify of that type under parent, then the next after n. */
struct node *notify_find(const struct node *parent, uint16_t type);
struct node *notify_next(const struct node *n, uint16_t type);
/* Where the payloads that matter are: the SK node when the message has an opened one (it has
 * children or was opened empty), else the header. */
struct node *msg_payloads(const struct message *m);
/* The SK or SKF payload, NULL if none. */
struct node *msg_sk(const struct message *m);
/* First payload under parent that has the critical bit and a type we do not know; NULL if none. */
const struct node *msg_unknown_critical(const struct node *parent);
/* The transform's KEY_LENGTH attribute in bits, 0 when it has none. */
uint16_t transform_key_bits(const struct node *transform);

static inline uint8_t msg_exchange(const struct message *m)
{
    return m->hdr->head[18];
}

static inline uint8_t msg_flags(const struct message *m)
{
    return m->hdr->head[19];
}

static inline uint32_t msg_mid(const struct message *m)
{
    return get_u32(m->hdr->head + 20);
}

static inline bool msg_is_response(const struct message *m)
{
    return (msg_flags(m) & FLAG_RESPONSE) != 0;
}

#endif

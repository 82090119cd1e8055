/* box.h - a message together with the storage it lives in. */
#ifndef HARNESS_NET_BOX_H
#define HARNESS_NET_BOX_H

#include "engine/wire/message.h"

struct box {
    struct message *m; /* &own, or somebody else's while a tap runs */
    struct message own;
    struct arena arena;
    uint8_t *store; /* the arena's; heap */
    uint8_t *bytes; /* the datagram that own was decoded from; heap */
    bool kept;      /* somebody besides its handle owns it */
};

/* An empty box with room for cap octets of tree; NULL when out of memory. */
struct box *box_new(size_t cap);
/* A box around a message that belongs to somebody else. */
struct box *box_borrow(struct message *m);
/* A copy of m that borrows from nobody; NULL when out of memory. */
struct box *box_copy(const struct message *m, size_t spare);
/* Makes sure that `need` more octets of tree fit; false when they do not. */
bool box_room(struct box *b, size_t need);
void box_free(struct box *b);

#endif

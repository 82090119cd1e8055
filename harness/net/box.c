/* box.c - messages with storage of their own. */
#include "harness/net/box.h"

#include <stdlib.h>

#include "engine/engine.h"

#define BOX_MAX (64u << 20)

struct box *box_new(size_t cap)
{
    struct box *b = calloc(1, sizeof *b);
    if (b == NULL)
        return NULL;
    b->store = malloc(cap);
    if (b->store == NULL) {
        free(b);
        return NULL;
    }
    b->m = &b->own;
    b->arena = arena_init(b->store, cap);
    return b;
}

struct box *box_borrow(struct message *m)
{
    struct box *b = calloc(1, sizeof *b);
    if (b != NULL)
        b->m = m;
    return b;
}

/* How much a copy takes is known only by making it. */
struct box *box_copy(const struct message *m, size_t spare)
{
    for (size_t cap = 4096; cap <= BOX_MAX; cap *= 2) {
        struct box *b = box_new(cap + spare);
        if (b == NULL)
            return NULL;
        b->arena.cap = cap; /* the spare octets are for later */
        if (msg_copy(&b->own, &b->arena, m) == ERR_OK) {
            b->arena.cap = cap + spare;
            return b;
        }
        box_free(b);
    }
    return NULL;
}

bool box_room(struct box *b, size_t need)
{
    if (b->m != &b->own)
        return need <= b->m->arena->cap - b->m->arena->used;
    if (need <= b->arena.cap - b->arena.used)
        return true;
    struct box *bigger = box_copy(&b->own, need + b->arena.cap);
    if (bigger == NULL)
        return false;
    free(b->store);
    free(b->bytes);
    b->bytes = NULL;
    b->store = bigger->store;
    b->arena = bigger->arena;
    b->own = bigger->own;
    b->own.arena = &b->arena;
    free(bigger);
    return true;
}

void box_free(struct box *b)
{
    if (b == NULL)
        return;
    if (b->store != NULL) /* may hold opened text */
        wipe(b->store, b->arena.used);
    free(b->store);
    free(b->bytes);
    free(b);
}

/* chain_fuzz.c - header and clear chain, decoded and nothing else: the fastest way to the parser.
 * The nodes that it takes are bounded by the octets that came, and with less memory than it needs it
 * says so. */
#include <stdalign.h>

#include "engine/wire/message.h"
#include "fuzz/bound.h"
#include "fuzz/must.h"

static alignas(16) uint8_t store[MAX_NODES * sizeof(struct node) + 64];

/* Once more with too little memory, which ends where the store does. */
static void tight(struct span s, size_t used, uint32_t by)
{
    size_t cap = (by % 2 == 0 ? by / 2 % used : used - 1) & ~(size_t)15;
    struct arena a = arena_init(store + sizeof store - cap, cap);
    struct message m;
    must(msg_decode(&m, &a, s, NULL) == ERR_SPACE);
    must(a.used <= cap && (m.hdr != NULL) == (cap >= sizeof(struct node)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct fault why = { 0 };
    enum err rc = msg_decode(&m, &a, span_of(data, size), &why);
    must(rc == ERR_OK ? size >= HDR_LEN : why.code == rc && why.off <= size);
    must_be_bounded(&a, 1, size, 16);
    uint32_t now_and_then = rc == ERR_OK ? (uint32_t)size * 2654435761u >> 8 ^ get_u32(data + 20) : 1;
    if (now_and_then % 16 == 0)
        tight(span_of(data, size), a.used, now_and_then / 16);
    return 0;
}

/* chain_fuzz.c - header and clear chain, decoded and nothing else: the fastest way to the parser.
 * The nodes that it takes are bounded by the octets that came. */
#include <stdalign.h>

#include "engine/wire/message.h"
#include "fuzz/must.h"

static alignas(16) uint8_t store[MAX_NODES * sizeof(struct node) + 64];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = arena_init(store, sizeof store);
    struct message m;
    struct fault why = { 0 };
    enum err rc = msg_decode(&m, &a, span_of(data, size), &why);
    must(rc == ERR_OK ? size >= HDR_LEN : why.code == rc && why.off <= size);
    /* the least structure has four octets */
    must(a.used <= (1 + size / 4) * sizeof(struct node) + 16);
    return 0;
}

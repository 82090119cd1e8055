/* edge.c - what stands behind a text that is decoded is out of bounds for as long as that lasts. An
 * opened message has padding and ICV there, and the rest of a buffer that is as long as a datagram
 * can be: AddressSanitizer takes all of it for one thing. */
#include <sanitizer/asan_interface.h>

#include "engine/wire/message.h"

#define BEHIND 64u /* octets; more than any field is long */

enum err __real_chain_decode(struct message *m, struct node *parent, uint8_t first,
                             struct span text, struct fault *why);
enum err __wrap_chain_decode(struct message *m, struct node *parent, uint8_t first,
                             struct span text, struct fault *why);

#if defined(__SANITIZE_ADDRESS__) || (defined(__has_feature) && __has_feature(address_sanitizer))
/* How many octets from p on may be touched now, at most BEHIND. */
static size_t open_to(const uint8_t *p)
{
    const uint8_t *first = __asan_region_is_poisoned((void *)(uintptr_t)p, BEHIND);
    return first != NULL ? (size_t)(first - p) : BEHIND;
}
#else
static size_t open_to(const uint8_t *p)
{
    (void)p;
    return 0;
}
#endif

enum err __wrap_chain_decode(struct message *m, struct node *parent, uint8_t first,
                             struct span text, struct fault *why)
{
    const uint8_t *end = text.len > 0 ? text.p + text.len : NULL;
    /* (behind a text that stands in the arena come the nodes that are made of it) */
    bool own = end >= m->arena->p && end < m->arena->p + m->arena->cap;
    size_t n = end != NULL && !own ? open_to(end) : 0;
    if (n > 0)
        ASAN_POISON_MEMORY_REGION(end, n);
    enum err rc = __real_chain_decode(m, parent, first, text, why);
    if (n > 0)
        ASAN_UNPOISON_MEMORY_REGION(end, n);
    return rc;
}

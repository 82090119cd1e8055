/* heap.c - see heap.h. */
#define _DEFAULT_SOURCE

#include "fuzz/heap.h"

#include <malloc.h>

#include "fuzz/must.h"

#define WINDOW 8u          /* octets that are compared */
#define TABLE  (1u << 16)  /* a power of two */
#define MOST   (TABLE / 2)

struct heap heap;

static uint64_t table[TABLE]; /* every window of every secret; 0: free */
static uint32_t taken[MOST], num_taken;
static bool watching;

void *__real_malloc(size_t len);
void *__wrap_malloc(size_t len);
void *__real_calloc(size_t num, size_t len);
void *__wrap_calloc(size_t num, size_t len);
void *__real_realloc(void *p, size_t len);
void *__wrap_realloc(void *p, size_t len);
void __real_free(void *p);
void __wrap_free(void *p);

static uint64_t window_at(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Where v stands, or the free place for it. */
static uint32_t place(uint64_t v)
{
    uint32_t at = (uint32_t)(v * 0x9e3779b97f4a7c15u >> 48) & (TABLE - 1);
    while (table[at] != 0 && table[at] != v)
        at = (at + 1) & (TABLE - 1);
    return at;
}

void heap_watch(bool on)
{
    for (uint32_t i = 0; i < num_taken; i++)
        table[taken[i]] = 0;
    num_taken = 0;
    watching = on;
}

void heap_secret(struct span s)
{
    for (size_t i = 0; watching && i + WINDOW <= s.len; i++) {
        uint64_t v = window_at(s.p + i);
        uint32_t at = place(v);
        if (v == 0 || table[at] == v || num_taken == MOST)
            continue;
        table[at] = v;
        taken[num_taken++] = at;
    }
}

/* (what is given back need not have been written) */
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
__attribute__((no_sanitize("memory")))
#endif
#endif
static bool holds_secret(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i + WINDOW <= len; i += 4) {
        uint64_t v = window_at(p + i);
        if (v == 0)
            i += 4; /* the next window that is not all zeros begins in its second half at most */
        else if (table[place(v)] == v)
            return true;
    }
    return false;
}

static void *came(void *p)
{
    if (p != NULL) {
        heap.blocks++;
        heap.octets += malloc_usable_size(p);
    }
    return p;
}

static void goes(void *p)
{
    size_t len = malloc_usable_size(p);
    heap.blocks--;
    heap.octets -= len;
    if (watching && num_taken > 0)
        must(!holds_secret(p, len)); /* what is given back has no key in it */
}

void *__wrap_malloc(size_t len)
{
    return came(__real_malloc(len));
}

void *__wrap_calloc(size_t num, size_t len)
{
    return came(__real_calloc(num, len));
}

/* As if it always moved: the block that was is looked at. */
void *__wrap_realloc(void *p, size_t len)
{
    if (p != NULL)
        goes(p);
    return came(__real_realloc(p, len));
}

void __wrap_free(void *p)
{
    if (p != NULL)
        goes(p);
    __real_free(p);
}

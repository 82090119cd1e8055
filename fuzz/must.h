/* must.h - a rule of a fuzz target that does not hold ends the run, with its words. */
#ifndef FUZZ_MUST_H
#define FUZZ_MUST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/bytes.h"

#define MUST_TEXT(x) #x
#define MUST_LINE(x) MUST_TEXT(x)
#define must(holds)  ((holds) ? (void)0 : must_broken(__FILE__ ":" MUST_LINE(__LINE__) ": " #holds))

_Noreturn static inline void must_broken(const char *rule)
{
    fprintf(stderr, "broken: %s\n", rule);
    abort();
}

/* A number that stands for the octets: what a target decides "now and then" hangs on it alone. */
static inline uint32_t sum_of(struct span s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ s.p[i]) * 16777619u;
    return h ^ h >> 15;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* A target may have these: what is made once and then kept, so that every run takes the same way (called
 * before the first one); what it has to say after a replay. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
void fuzz_report(void);

#endif

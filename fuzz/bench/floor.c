/* floor.c - the least parser as a fuzz target, to hold the others against. */
#include "engine/wire/floor_bench.h"
#include "fuzz/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct floor f;
    return size > UINT16_MAX || floor_decode(&f, span_of(data, size)) ? 0 : 0;
}

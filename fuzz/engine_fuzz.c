/* engine_fuzz.c - two engines do what the input says (play.c), with the real cryptography but for the
 * key exchange, whose keys come from a pool. */
#include "fuzz/must.h"
#include "fuzz/play.h"
#include "fuzz/world.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    play_warm();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    play(span_of(data, size));
    return 0;
}

void fuzz_report(void)
{
    world_pairs();
}

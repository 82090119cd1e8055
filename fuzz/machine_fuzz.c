/* machine_fuzz.c - two engines do what the input says (play.c), without cryptography: more plays in
 * the same time. */
#include "fuzz/crypto_wrap.h"
#include "fuzz/must.h"
#include "fuzz/play.h"
#include "fuzz/world.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    crypto_off = true;
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

/* empty.c - a target that looks at nothing: as fast as AFL++ can go. */
#include "fuzz/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return data == NULL && size > 0;
}

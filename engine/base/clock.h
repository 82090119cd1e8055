/* clock.h - time is a parameter: microseconds since an epoch of the caller's choice, never read
 * from the system here. */
#ifndef ENGINE_BASE_CLOCK_H
#define ENGINE_BASE_CLOCK_H

#include <stdint.h>

typedef uint64_t usec_t;

#define USEC_PER_MS 1000u
#define USEC_PER_S  1000000u
#define TIME_NEVER  UINT64_MAX

#endif

/* bench.h - measuring ours against a floor in one process: rounds alternate and the median of their
 * ratios counts, so that a noisy machine hits both alike; and the one form in which a bench prints
 * its result and limit (harness/build/bench reads it). A bench exits 0 within its limits, 1 over.
 *
 * The floors were compared once with programs of their own that share nothing with ours. On one
 * machine (their wall clock, our CPU time): walking a message of 596 octets 69-75 ns there, 60-87
 * ns here; the cryptography of a handshake 212-224 us there, 194-201 us here, as HMAC's digest is
 * set once and not at each call; AES-256-GCM seal and open of 1400 octets 1.20 us there, 1.13-1.26
 * us here, with the ESP header around it 1.58 us there, 1.11-1.17 us here. */
#ifndef ENGINE_BASE_BENCH_H
#define ENGINE_BASE_BENCH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 201
#define MUST(x)                                                                                    \
    do {                                                                                           \
        if (!(x)) {                                                                                \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                                \
            exit(2);                                                                               \
        }                                                                                          \
    } while (0)

static inline double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others share the machine */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline double median(double *v)
{
    qsort(v, ROUNDS, sizeof *v, by_value);
    return v[ROUNDS / 2];
}

static inline double run(void (*f)(void), int n)
{
    double t = now();
    for (int i = 0; i < n; i++)
        f();
    return (now() - t) / n;
}

/* The floor's time over ours: 1 is no cost at all. One call of floor or ours does `each` pieces of
 * work, a round is n calls. */
static inline double ratio(const char *name, void (*floor)(void), void (*ours)(void), int n,
                           int each)
{
    double f[ROUNDS], o[ROUNDS], r[ROUNDS];
    run(floor, n);
    run(ours, n);
    for (int i = 0; i < ROUNDS; i++) {
        /* Who goes first changes, so that no other process falls into step with one of us. */
        if (i % 2 == 0)
            f[i] = run(floor, n);
        o[i] = run(ours, n);
        if (i % 2 != 0)
            f[i] = run(floor, n);
        r[i] = f[i] / o[i];
    }
    double ours_s = median(o) / each, floor_s = median(f) / each;
    printf("%-16s ours %9.3f us (%.0f/s), floor %9.3f us (%.0f/s)\n", name, ours_s * 1e6,
           1 / ours_s, floor_s * 1e6, 1 / floor_s);
    return median(r);
}

/* Says the result in the one form; true when it is held. */
static inline bool at_least(const char *name, double r, double limit)
{
    printf("%s-ratio %.3f (at least %.2f)\n", name, r, limit);
    return r >= limit;
}

static inline bool at_most(const char *name, double r, double limit)
{
    printf("%s-ratio %.3f (at most %.2f)\n", name, r, limit);
    return r <= limit;
}

#endif

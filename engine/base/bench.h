/* bench.h - measuring ours against a floor in one process: rounds alternate, medians are compared,
 * so that a noisy machine hits both alike. */
#ifndef ENGINE_BASE_BENCH_H
#define ENGINE_BASE_BENCH_H

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

/* The floor's time over ours: 1 is no cost at all. */
static inline double ratio(const char *name, void (*floor)(void), void (*ours)(void), int n, int each)
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
    printf("%-10s ours %9.2f us (%.0f/s), raw EVP %9.2f us (%.0f/s)\n", name, ours_s * 1e6,
           1 / ours_s, floor_s * 1e6, 1 / floor_s);
    return median(r);
}

#endif

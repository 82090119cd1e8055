/* decode_bench.c - what decoding an IKE_SA_INIT request costs beside the least that any parser must
 * do: walk and check every length of every payload, and note where things lie. */
#define _POSIX_C_SOURCE 200809L
#include <stdalign.h>

#include "engine/base/bench.h"
#include "engine/wire/floor_bench.h"
#include "engine/wire/samples.h"

#define EACH 500

/* --- both, over one message --- */

static alignas(64) uint8_t store[65536], made[65536];
static uint8_t wire[2048];
static struct span message;

static void our_turn(void)
{
    for (int i = 0; i < EACH; i++) {
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        struct fault why;
        __asm__ volatile("" : : "r"(message.p) : "memory");
        MUST(msg_decode(&m, &a, message, &why) == ERR_OK);
        __asm__ volatile("" : : "r"(&m), "r"(store) : "memory");
    }
}

static void floor_turn(void)
{
    static struct floor f;
    for (int i = 0; i < EACH; i++) {
        __asm__ volatile("" : : "r"(message.p) : "memory");
        MUST(floor_decode(&f, message));
        __asm__ volatile("" : : "r"(&f) : "memory");
    }
}

int main(void)
{
    struct arena a = arena_init(made, sizeof made);
    struct writer w = wr_init(wire, sizeof wire);
    struct message m;
    sample_make(0, &m, &a);
    SAMPLE_OK(msg_encode(&m, &w));
    message = wr_done(&w);
    /* Lower is better here: how many times the floor's time we take. */
    return !at_most("decode", 1 / ratio("decode", floor_turn, our_turn, 4, EACH), 3.0);
}

/* engine_bench.c - whole PSK handshakes with Curve25519, both ends on one core, against the
 * cryptography alone that they need. */
#define _POSIX_C_SOURCE 200809L
#include "engine/crypto/floor_bench.h"
#include "engine/pair_test.h"

static struct pair *p;

static void carry(void)
{
    struct ike_dgram d;
    struct ike_event ev;
    for (bool moved = true; moved;) {
        moved = false;
        for (int i = 0; i < 2; i++) {
            while (ike_drain(p->e[i], &d)) {
                struct addr from = d.local;
                moved = true;
                d.local = d.remote;
                d.remote = from;
                MUST(ike_feed(p->e[!i], &d, p->now, NULL) == ERR_OK);
            }
            while (ike_next_event(p->e[i], &ev)) {
            }
        }
    }
}

static void handshake(void)
{
    uint32_t sa = 0;
    struct ike_sa_info a, b;
    MUST(ike_initiate(p->e[A], "t", 0, p->now, &sa, NULL) == ERR_OK);
    carry();
    MUST(ike_sa_get(p->e[A], sa, &a) && a.established && a.num_children == 1);
    MUST(ike_sa_at(p->e[B], 0, &b) && b.established && b.num_children == 1);
    ike_forget(p->e[A], sa);
    ike_forget(p->e[B], b.id);
}

int main(void)
{
    struct ike_config cfg = { .cookie_never = true };
    struct side a, b;
    floor_init();
    p = pair_new(&cfg, &cfg);
    side_init(&a, A);
    side_init(&b, B);
    a.c.no_initial_contact = b.c.no_initial_contact = true;
    pair_conn(p, A, &a);
    pair_conn(p, B, &b);
    double r = ratio("handshake", floor_handshake, handshake, 5, 1);
    pair_free(p);
    return !at_least("handshake", r, 0.80);
}

/* fixed_sa.c - see fixed_sa.h. */
#include "fuzz/fixed_sa.h"

#include "fuzz/must.h"

enum { MOST_EVENTS = 600 }; /* one for each datagram of fragments_fuzz.c */

static struct ike_engine *engine(void)
{
    static struct ike_engine *e;
    static struct seeded_rng *rng;
    if (e == NULL) {
        must(seeded_rng_new(&rng, 1, "fixed") == ERR_OK);
        struct ike_config c = { .rng = seeded_rng_handle(rng) };
        must(ike_new(&e, &c) == ERR_OK);
    }
    return e;
}

struct ike_sa *fixed_sa(enum sealing s)
{
    static struct ike_sa sa;
    memset(&sa, 0, sizeof sa);
    sa.e = engine();
    sa.id = 1;
    sa.spi_i = s == SEALING_CBC ? SEALING_SPI_CBC : SEALING_SPI_GCM;
    sa.spi_r = SEALING_SPI_R;
    sa.established = sa.frag = true;
    sa.suite = *sealing_suite(s);
    sa.seal = sa.open = sealing_crypt(s);
    return &sa;
}

void fixed_sa_warm(void)
{
    for (enum sealing s = SEALING_GCM; s < NUM_SEALINGS; s++) {
        struct ike_sa *sa = fixed_sa(s);
        sealing_warm(sa->seal, sa->open);
        /* the list of events is as long as an input makes it from the start: that it grows once is
         * a path of its own, and AFL++ calls the first input that takes it unstable */
        for (int i = 0; i < MOST_EVENTS; i++)
            must(event_add(sa->e, IKE_EV_DROPPED, sa) != NULL);
        fixed_sa_rest(sa);
    }
}

void fixed_sa_rest(struct ike_sa *sa)
{
    struct ike_event ev;
    while (ike_next_event(sa->e, &ev))
        ;
}

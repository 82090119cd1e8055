/* fixed_sa.c - see fixed_sa.h. */
#include "fuzz/fixed_sa.h"

#include "fuzz/must.h"

enum { MOST_EVENTS = 600 }; /* one for each datagram of fragments_fuzz.c */

/* Not by ike_new, which brings the whole engine along: libFuzzer looks through the counters of all that is
 * linked after each run. What the parts under test use is here. */
static struct ike_engine *engine(void)
{
    static struct ike_engine e;
    static struct seeded_rng *rng;
    static uint8_t wire[MAX_DATAGRAM], text[MAX_DATAGRAM];
    if (rng == NULL) {
        must(seeded_rng_new(&rng, 1, "fixed") == ERR_OK);
        e.cfg.rng = seeded_rng_handle(rng);
        e.wire = wire;
        e.text = text;
    }
    return &e;
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
    struct ike_engine *e = sa->e;
    for (; e->ev_num > 0; e->ev_num--) {
        must(e->evq[e->ev_head].inner.len == 0); /* no packet comes out of these parts */
        e->ev_head++;
    }
}

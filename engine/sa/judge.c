/* judge.c - the one choke point: every acceptance, refusal and duty that rests on a requirement
 * passes here, is counted, and can be turned round (design, decision 5). */
#include "engine/sa/peer.h"

static void finding(struct ike_engine *e, const struct ike_sa *sa, enum req r, bool holds,
                    const char *what)
{
    struct ike_event *ev = event_add(e, IKE_EV_FINDING, sa);
    if (ev == NULL)
        return;
    ev->req = r;
    ev->holds = holds;
    event_text(ev, "%s: %s%s", req_id(r), what, e->bent[r] ? " (turned round)" : "");
}

bool judge(struct ike_engine *e, const struct ike_sa *sa, enum req r, bool holds)
{
    e->counters.rulings++;
    if (!holds)
        finding(e, sa, r, holds, "not met by the peer");
    return holds || e->bent[r];
}

bool duty(struct ike_engine *e, const struct ike_sa *sa, enum req r)
{
    e->counters.rulings++;
    if (e->bent[r])
        finding(e, sa, r, true, "not done here");
    return !e->bent[r];
}

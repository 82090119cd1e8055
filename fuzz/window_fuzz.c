/* window_fuzz.c - message ids against a plain model: what is new, what was answered and is answered
 * with the same octets, what is outside (RFC 7296 2.1 to 2.3). */
#include <stdlib.h>

#include "fuzz/fixed_sa.h"
#include "fuzz/must.h"

#define SPAN 1024u /* ids that one input can reach */
#define MOST 500u

static struct {
    bool answered[SPAN];
    uint32_t base, next; /* next: lowest id from base on that was not answered */
} model;

static enum admit expect(uint32_t mid, uint32_t window)
{
    uint32_t at = mid - model.base;
    if (mid < model.base || at >= SPAN)
        return ADMIT_OUTSIDE;
    if (model.answered[at]) /* 2.3: one window of responses is kept */
        return at + window >= model.next ? ADMIT_REPEAT : ADMIT_OUTSIDE;
    return at >= model.next && at - model.next < window ? ADMIT_NEW : ADMIT_OUTSIDE;
}

static void receive(struct ike_sa *sa, uint32_t mid)
{
    uint8_t octets[4];
    enum admit got = window_admit(sa, mid), want = expect(mid, sa->window_own);
    put_u32(octets, mid);
    must(got == want);
    struct answered *a = window_answered(sa, mid);
    must((a != NULL) == (got == ADMIT_REPEAT));
    if (a != NULL) {
        must(a->out.num == 1 && span_eq(octets_span(a->out.d), span_of(octets, 4)));
    } else if (got == ADMIT_NEW && mid != UINT32_MAX) {
        a = window_file(sa, mid);
        must(packets_add(&a->out, span_of(octets, 4)) == ERR_OK);
        model.answered[mid - model.base] = true;
        while (model.next < SPAN && model.answered[model.next])
            model.next++;
        must(sa->in_next == model.base + model.next);
    }
}

/* The first of our requests that waits, or a new one. */
static struct exchange *waiting(struct ike_sa *sa)
{
    for (struct exchange *x = sa->exchanges; x != NULL; x = x->next)
        if (!x->sent)
            return x;
    return exchange_new(sa, IKE_DO_INFO, EXCHANGE_INFORMATIONAL, NULL);
}

/* Our own requests: never more outstanding, from the oldest on, than the peer's window. One that
 * had to wait stands before others in the list and has a higher id than theirs. */
static void request(struct ike_sa *sa, bool waits, bool waited)
{
    uint32_t oldest = sa->out_next;
    unsigned num = 0;
    for (const struct exchange *x = sa->exchanges; x != NULL; x = x->next, num++)
        if (x->sent && x->mid < oldest)
            oldest = x->mid;
    must(window_has_room(sa) == (sa->out_next - oldest < sa->window_peer));
    if (num > 80 || (!waits && (!window_has_room(sa) || sa->out_next == UINT32_MAX)))
        return;
    struct exchange *x =
        waited ? waiting(sa) : exchange_new(sa, IKE_DO_INFO, EXCHANGE_INFORMATIONAL, NULL);
    must(x != NULL);
    if (waits)
        return;
    x->mid = sa->out_next++;
    x->sent = true;
    must(exchange_by_mid(sa, x->mid) == x);
}

static void response(struct ike_sa *sa, uint32_t back)
{
    struct exchange *x = exchange_by_mid(sa, sa->out_next - 1 - back);
    uint32_t mid = sa->out_next - 1 - back;
    if (x == NULL)
        return;
    must(x->sent && x->mid == mid);
    exchange_free(sa, x);
    must(exchange_by_mid(sa, mid) == NULL);
}

static void act(struct ike_sa *sa, struct reader *in)
{
    uint8_t op = rd_u8(in), by = rd_u8(in);
    switch (op & 7) {
    case 0:
        receive(sa, rd_u32(in));
        break;
    case 1:
        receive(sa, sa->in_next - 1 - by);
        break;
    case 2:
        receive(sa, sa->in_next);
        break;
    case 3:
        receive(sa, sa->in_next + by);
        break;
    case 4:
        receive(sa, sa->in_next + by % (sa->window_own + 1));
        break;
    case 5:
        request(sa, (op & 8) != 0, (op & 16) != 0);
        break;
    default:
        response(sa, by % 80);
        break;
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fixed_sa_warm();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t bases[] = { 0, 1, 0x7ffffff0, UINT32_MAX - 200, UINT32_MAX - 2 };
    struct reader in = rd_init(span_of(data, size));
    struct ike_sa *sa = fixed_sa(SEALING_GCM);
    memset(&model, 0, sizeof model);
    sa->window_own = 1 + rd_u8(&in) % MAX_WINDOW;
    sa->window_peer = 1 + rd_u8(&in) % MAX_WINDOW;
    sa->num_answered = 2 * sa->window_own;
    sa->answered = calloc(sa->num_answered, sizeof *sa->answered);
    must(sa->answered != NULL);
    model.base = sa->in_next = sa->out_next = bases[rd_u8(&in) % 5];
    for (unsigned i = 0; i < MOST && rd_more(&in); i++)
        act(sa, &in);
    size_t kept = 0;
    for (uint32_t i = 0; i < sa->num_answered; i++) {
        kept += sa->answered[i].used;
        packets_free(&sa->answered[i].out);
        octets_free(&sa->answered[i].in);
    }
    must(kept <= 2 * sa->window_own);
    free(sa->answered);
    while (sa->exchanges != NULL)
        exchange_free(sa, sa->exchanges);
    packets_free(&sa->last_out);
    fixed_sa_rest(sa);
    return 0;
}

/* fragment.c - putting IKE fragments together again (RFC 7383 2.6). */
#include <stdlib.h>

#include "engine/sa/peer.h"

void fragment_clear(struct reassembly **r)
{
    if (*r == NULL)
        return;
    for (size_t i = 0; i < MAX_FRAGMENTS; i++)
        octets_free(&(*r)->part[i]);
    free(*r);
    *r = NULL;
}

static struct reassembly *queue_for(struct ike_sa *sa, uint32_t mid, bool response, uint16_t total)
{
    struct reassembly **slot = &sa->frags[response];
    if (*slot != NULL && (*slot)->mid != mid && duty(sa->e, sa, REQ_FRAG_IDS_APART))
        fragment_clear(slot);
    /* a larger total starts anew: the sender has found a smaller path MTU (2.5.2, 2.6) */
    if (*slot != NULL && total > (*slot)->total && duty(sa->e, sa, REQ_FRAG_TOTAL_LARGER))
        fragment_clear(slot);
    if (*slot == NULL) {
        *slot = calloc(1, sizeof **slot);
        if (*slot == NULL)
            return NULL;
        (*slot)->mid = mid;
        (*slot)->response = response;
        (*slot)->total = total;
    }
    return *slot;
}

/* Makes an SK node out of the collected parts. */
static enum err join(struct message *m, struct reassembly *q, struct fault *why)
{
    uint8_t *p = arena_take(m->arena, q->octets > 0 ? q->octets : 1);
    size_t at = 0;
    if (p == NULL)
        return fault_set(why, ERR_SPACE, HDR_LEN, "SKF", REQ_NONE);
    for (size_t i = 0; i < q->total; i++) {
        if (q->part[i].len > 0)
            memcpy(p + at, q->part[i].p, q->part[i].len);
        at += q->part[i].len;
    }
    return fragment_unfold(m, q->first, span_of(p, at), why);
}

enum err fragment_unfold(struct message *m, uint8_t first, struct span text, struct fault *why)
{
    struct node *skf = payload_find(m->hdr, PAYLOAD_SKF);
    if (skf == NULL || !node_remove(m->hdr, skf))
        return fault_set(why, ERR_MISSING, HDR_LEN, "SKF", REQ_NONE);
    struct node *sk = payload_add(m, m->hdr, PAYLOAD_SK);
    if (sk == NULL)
        return fault_set(why, ERR_SPACE, HDR_LEN, "SK", REQ_NONE);
    enum err rc = chain_decode(m, sk, first, text, why);
    if (rc != ERR_OK && why != NULL)
        why->inside = 1;
    return rc;
}

enum err fragment_feed(struct ike_sa *sa, struct message *m, struct fault *why)
{
    struct ike_engine *e = sa->e;
    struct node *skf = payload_find(m->hdr, PAYLOAD_SKF);
    uint16_t number = (uint16_t)node_num(skf, SKF_NUMBER);
    uint16_t total = (uint16_t)node_num(skf, SKF_TOTAL);
    if (!judge(e, sa, REQ_FRAG_ONLY_NEGOTIATED, sa->frag))
        return fault_set(why, ERR_MISPLACED, HDR_LEN, "SKF", REQ_FRAG_ONLY_NEGOTIATED);
    bool valid = number >= 1 && number <= total && total >= 1 && total <= MAX_FRAGMENTS;
    if (!judge(e, sa, REQ_FRAG_NUMBER_VALID, valid))
        return fault_set(why, ERR_VALUE, HDR_LEN, "SKF", REQ_FRAG_NUMBER_VALID);
    if (number > 1 && node_num(skf, PL_NEXT) != 0 && !duty(e, sa, REQ_FRAG_LATER_NEXT))
        return fault_set(why, ERR_VALUE, HDR_LEN, "SKF", REQ_FRAG_LATER_NEXT);
    if (!valid) /* turned round: as if it were the only one */
        number = total = 1;
    struct span text;
    enum err rc = protect_open_fragment(sa, false, m, &text, why);
    if (rc == ERR_INTEGRITY && judge(e, sa, REQ_FRAG_ICV, false))
        fragment_clear(&sa->frags[msg_is_response(m)]); /* turned round: it spoils the rest */
    if (rc != ERR_OK)
        return rc;
    struct reassembly *q = queue_for(sa, msg_mid(m), msg_is_response(m), total);
    if (q == NULL)
        return fault_set(why, ERR_MEMORY, HDR_LEN, "SKF", REQ_NONE);
    if (total < q->total) { /* older fragments of a message that was split anew since */
        if (!judge(e, sa, REQ_FRAG_TOTAL_SMALLER, false))
            return fault_set(why, ERR_VALUE, HDR_LEN, "SKF", REQ_FRAG_TOTAL_SMALLER);
        fragment_clear(&sa->frags[msg_is_response(m)]);
        q = queue_for(sa, msg_mid(m), msg_is_response(m), total);
        if (q == NULL)
            return fault_set(why, ERR_MEMORY, HDR_LEN, "SKF", REQ_NONE);
    }
    if (q->total != total)
        q->total = total;
    if (q->part[number - 1].p != NULL) {
        if (duty(e, sa, REQ_FRAG_DUPLICATE))
            return fault_set(why, ERR_FRAGMENT, HDR_LEN, "SKF", REQ_FRAG_DUPLICATE);
        q->octets -= q->part[number - 1].len;
        q->have--;
    }
    if (number != q->have + 1 && !duty(e, sa, REQ_FRAG_OUT_OF_ORDER))
        return fault_set(why, ERR_FRAGMENT, HDR_LEN, "SKF", REQ_FRAG_OUT_OF_ORDER);
    if (q->octets + text.len > MAX_DATAGRAM)
        return fault_set(why, ERR_SPACE, HDR_LEN, "SKF", REQ_NONE);
    if (octets_set(&q->part[number - 1], text) != ERR_OK)
        return fault_set(why, ERR_MEMORY, HDR_LEN, "SKF", REQ_NONE);
    q->octets += text.len;
    q->have++;
    if (number == 1)
        q->first = (uint8_t)node_num(skf, PL_NEXT);
    if (q->have < q->total)
        return fault_set(why, ERR_FRAGMENT, HDR_LEN, "SKF", REQ_NONE);
    rc = join(m, q, why);
    fragment_clear(&sa->frags[msg_is_response(m)]);
    return rc;
}

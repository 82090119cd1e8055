/* answer.c - what an answer is, in facts. */
#include "harness/volley/answer.h"

#include <stdio.h>
#include <string.h>

#include "engine/wire/encap.h"
#include "engine/wire/lint.h"
#include "engine/wire/print.h"

#define LINTS 32u

bool answer_head(const struct ike_dgram *d, struct span *body, struct answer_head *out)
{
    *body = span_of(d->p, d->len);
    if (d->protocol != 17 || (d->local.port == IKE_PORT_NATT && (d->len < 4 || get_u32(d->p) != 0)))
        return false;
    if (d->local.port == IKE_PORT_NATT)
        *body = span_part(*body, 4, body->len);
    if (body->len < HDR_LEN)
        return false;
    *out = (struct answer_head){ .spi_i = get_u64(body->p),
                                 .exchange = body->p[18],
                                 .response = (body->p[19] & FLAG_RESPONSE) != 0,
                                 .mid = get_u32(body->p + 20) };
    return true;
}

static const struct node *first_error(const struct message *m)
{
    const struct node *n = payload_find(msg_payloads(m), PAYLOAD_NOTIFY);
    while (n != NULL && node_num(n, NOTIFY_TYPE) >= 16384)
        n = payload_next(n, PAYLOAD_NOTIFY);
    return n;
}

static bool refuses_mark(const struct node *n)
{
    struct span data = n != NULL ? node_bytes(n, NOTIFY_DATA) : (struct span){ 0 };
    return data.len == 1 && data.p[0] == ANSWER_MARK &&
           node_num(n, NOTIFY_TYPE) == N_UNSUPPORTED_CRITICAL_PAYLOAD;
}

static void error_text(const struct node *n, char *buf, size_t cap)
{
    buf[0] = '\0';
    if (n == NULL)
        return;
    const char *name = name_of(&names_notify, (uint32_t)node_num(n, NOTIFY_TYPE));
    if (name != NULL)
        snprintf(buf, cap, "%s", name);
    else
        snprintf(buf, cap, "%u", (unsigned)node_num(n, NOTIFY_TYPE));
}

static void lint_text(const struct message *m, char *buf, size_t cap)
{
    struct fault found[LINTS];
    size_t num = lint(m, found, LINTS), at = 0;
    buf[0] = '\0';
    for (size_t i = 0; i < num && i < LINTS; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || (found[k].req == found[i].req && found[k].payload == found[i].payload);
        if (!again && at < cap)
            at += (size_t)snprintf(buf + at, cap - at, "%s%s@%u", at > 0 ? " " : "",
                                   req_id(found[i].req), found[i].payload);
    }
}

void answer_read(struct ike_engine *e, const struct ike_dgram *d, const struct answer_head *request,
                 struct arena *scratch, struct answer *out)
{
    struct message m = { 0 }, open = { 0 };
    struct answer_head head = { 0 };
    struct span body;
    char chain[160] = "", error[64] = "", lints[160] = "";
    *out = (struct answer){ 0 };
    arena_reset(scratch);
    bool sealed = false, opened = false;
    bool readable = answer_head(d, &body, &head) && msg_decode(&m, scratch, body, NULL) == ERR_OK;
    if (readable && msg_sk(&m) != NULL) {
        sealed = true;
        opened = ike_open(e, d, false, scratch, &open, NULL) == ERR_OK;
    }
    if (readable) {
        const struct message *seen = opened ? &open : &m;
        const struct node *bad = first_error(seen);
        print_chain(seen, chain, sizeof chain);
        error_text(bad, error, sizeof error);
        lint_text(seen, lints, sizeof lints);
        out->marked = opened && refuses_mark(bad);
        out->accepts = bad == NULL && payload_find(m.hdr, PAYLOAD_SA) != NULL &&
                       payload_find(m.hdr, PAYLOAD_KE) != NULL;
    }
    out->sealed = sealed;
    out->opened = opened;
    snprintf(out->text, sizeof out->text,
             "sealed %d opened %d readable %d error {%s} chain {%s} lint {%s} other {%s%s%s}",
             sealed, opened, readable, error, chain, lints,
             head.exchange != request->exchange ? "exchange " : "",
             head.mid != request->mid ? "mid " : "", head.spi_i != request->spi_i ? "spi_i" : "");
    wipe(scratch->p, scratch->used);
}

/* record.c - reads a datagram into a record. */
#include "harness/net/record.h"

#include <stdlib.h>

#define MARKER_LEN 4u

static const char *const fate_names[NUM_FATE] = {
    [FATE_PASSED] = "passed",     [FATE_DROPPED] = "dropped", [FATE_HELD] = "held",
    [FATE_DELAYED] = "delayed",   [FATE_LOST] = "lost",       [FATE_REPEATED] = "repeated",
    [FATE_REPLACED] = "replaced",
};

const char *fate_name(enum fate f)
{
    return fate_names[f];
}

const char *record_kind_name(enum record_kind k)
{
    switch (k) {
    case REC_IKE:
        return "ike";
    case REC_ESP:
        return "esp";
    case REC_KEEPALIVE:
        return "keepalive";
    }
    return "";
}

static bool encapsulated(const struct ike_dgram *d)
{
    return d->protocol == 17 && d->local.port == IKE_PORT_NATT;
}

/* RFC 3948 2: on port 4500 four zero octets mark IKE, one octet 0xff is a keepalive. */
static enum record_kind kind_of(const struct ike_dgram *d)
{
    if (d->protocol == 50)
        return REC_ESP;
    if (!encapsulated(d))
        return REC_IKE;
    if (d->len == 1 && d->p[0] == 0xff)
        return REC_KEEPALIVE;
    return d->len >= MARKER_LEN && get_u32(d->p) == 0 ? REC_IKE : REC_ESP;
}

struct span record_body(const struct record *r)
{
    struct span s = span_of(r->d.p, r->d.len);
    if (r->kind == REC_IKE && encapsulated(&r->d))
        return span_part(s, MARKER_LEN, s.len);
    return s;
}

static struct record *record_alloc(const struct ike_dgram *d, bool in, usec_t now)
{
    struct record *r = calloc(1, sizeof *r);
    uint8_t *bytes = malloc(d->len > 0 ? d->len : 1);
    if (r == NULL || bytes == NULL) {
        free(r);
        free(bytes);
        return NULL;
    }
    if (d->len > 0)
        memcpy(bytes, d->p, d->len);
    r->t = now;
    r->in = in;
    r->d = *d;
    r->d.p = bytes;
    r->kind = kind_of(&r->d);
    return r;
}

static void keep_piece(struct record *r, struct span text)
{
    r->plain = malloc(r->d.len);
    if (r->plain == NULL || text.len > r->d.len)
        return;
    if (text.len > 0)
        memcpy(r->plain, text.p, text.len);
    r->piece = span_of(r->plain, text.len);
}

static void read_ike(struct record *r, struct ike_engine *e, struct arena *scratch)
{
    struct message m = { 0 };
    struct fault outer = { 0 };
    arena_reset(scratch);
    if (msg_decode(&m, scratch, record_body(r), &outer) != ERR_OK) {
        r->fault = outer;
        return;
    }
    r->sealed = msg_sk(&m) != NULL;
    if (!r->sealed) {
        r->box = box_copy(&m, 0);
        return;
    }
    struct message open = { 0 };
    if (ike_open(e, &r->d, !r->in, scratch, &open, &r->fault) == ERR_OK) {
        r->opened = true;
        r->fault = (struct fault){ 0 };
        r->box = box_copy(&open, 0);
    } else {
        if (!r->in && r->fault.code == ERR_FRAGMENT)
            keep_piece(r, payload_find(open.hdr, PAYLOAD_SKF)->tail[0]);
        r->box = box_copy(&m, 0);
    }
    wipe(scratch->p, scratch->used);
}

static void read_esp(struct record *r, struct ike_engine *e)
{
    r->sealed = true;
    r->spi = esp_spi(record_body(r));
    r->plain = malloc(r->d.len + 1);
    if (r->plain == NULL)
        return;
    r->opened =
        ike_esp_open(e, &r->d, !r->in, r->plain, r->d.len + 1, &r->esp, &r->fault) == ERR_OK;
    if (r->opened)
        r->fault = (struct fault){ 0 };
    else
        r->esp = (struct esp_packet){ 0 };
}

struct record *record_new(struct ike_engine *e, const struct ike_dgram *d, bool in, usec_t now,
                          struct arena *scratch)
{
    struct record *r = record_alloc(d, in, now);
    if (r == NULL)
        return NULL;
    if (r->kind == REC_IKE)
        read_ike(r, e, scratch);
    else if (r->kind == REC_ESP)
        read_esp(r, e);
    return r;
}

struct record *record_reassembled(const struct record *from, const struct message *m, usec_t now)
{
    struct record *r = record_alloc(&from->d, from->in, now);
    if (r == NULL)
        return NULL;
    r->reassembled = true;
    r->sealed = r->opened = true;
    r->box = box_copy(m, 0);
    return r;
}

void record_free(struct record *r)
{
    if (r == NULL)
        return;
    box_free(r->box);
    if (r->plain != NULL)
        wipe(r->plain, r->d.len);
    free(r->plain);
    free((void *)(uintptr_t)r->d.p);
    free(r);
}

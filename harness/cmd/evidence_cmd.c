/* evidence_cmd.c - ::ike::peer evidence: captures and keys of all that a peer saw. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "engine/wire/encap.h"
#include "engine/wire/print.h"
#include "harness/cmd/app.h"
#include "harness/evidence/pcapng.h"
#include "harness/evidence/secrets.h"

#define PATH_ROOM    4096u
#define COMMENT_ROOM 2048u
#define CLEAR_ROOM   (256u << 10)

static bool make_dir(const char *base, const char *name, char out[PATH_ROOM])
{
    if ((size_t)snprintf(out, PATH_ROOM, "%s%s", base, name) >= PATH_ROOM) {
        errno = ENAMETOOLONG;
        return false;
    }
    return mkdir(out, 0755) == 0 || errno == EEXIST;
}

/* One line on what the datagram was and what became of it, and what the case says of it. */
static void comment_of(const struct record *r, Tcl_Obj *said, char out[COMMENT_ROOM])
{
    char line[COMMENT_ROOM / 2] = "";
    if (r->box != NULL)
        print_line(r->box->m, line, sizeof line);
    else if (r->fault.code != ERR_OK)
        fault_text(&r->fault, line, sizeof line);
    snprintf(out, COMMENT_ROOM, "#%u %s %s%s%s%s%s%s%s", (unsigned)r->n, r->in ? "in" : "out",
             fate_name(r->fate), r->d.retransmit ? ", retransmission" : "",
             r->reassembled ? ", reassembled" : "", line[0] != '\0' ? ": " : "", line,
             said != NULL ? " -- " : "", said != NULL ? Tcl_GetString(said) : "");
}

static void ends(const struct record *r, const struct addr **src, const struct addr **dst)
{
    *src = r->in ? &r->d.remote : &r->d.local;
    *dst = r->in ? &r->d.local : &r->d.remote;
}

static bool write_wire(struct pcapng *f, const struct peer *p, const struct record *r,
                       const char *comment)
{
    const struct addr *src, *dst;
    (void)p;
    if (r->reassembled) /* its fragments are there */
        return true;
    ends(r, &src, &dst);
    return pcapng_datagram(f, r->t, src, dst, r->d.protocol, span_of(r->d.p, r->d.len), comment);
}

static bool write_clear_ike(struct pcapng *f, const struct record *r, const char *comment)
{
    const struct addr *src, *dst;
    uint8_t *room = malloc(CLEAR_ROOM);
    ends(r, &src, &dst);
    if (room == NULL)
        return false;
    struct writer w = wr_init(room, CLEAR_ROOM);
    if (r->d.len > record_body(r).len) /* it had a marker */
        wr_zero(&w, ENCAP_MARKER_LEN);
    bool ok;
    if (msg_encode_clear(r->box->m, &w) == ERR_OK && w.err == ERR_OK && w.len <= 65000)
        ok = pcapng_datagram(f, r->t, src, dst, r->d.protocol, wr_done(&w), comment);
    else
        ok = write_wire(f, NULL, r, comment);
    free(room);
    return ok;
}

/* Of a fragment that we sent: the record of fragment `number` of its message, sent before r or r
 * itself. */
static const struct record *sibling(const struct peer *p, const struct record *r, uint64_t number)
{
    const struct message *want = r->box->m;
    for (size_t i = r->n; i-- > 0;) {
        const struct record *s = p->record[i];
        if (s->in || s->piece.p == NULL || s->box == NULL || s->d.retransmit)
            continue;
        const struct message *m = s->box->m;
        const struct node *skf = payload_find(m->hdr, PAYLOAD_SKF);
        if (msg_mid(m) == msg_mid(want) && msg_is_response(m) == msg_is_response(want) &&
            memcmp(record_body(s).p, record_body(r).p, 16) == 0 &&
            node_num(skf, SKF_TOTAL) == node_num(payload_find(want->hdr, PAYLOAD_SKF), SKF_TOTAL) &&
            node_num(skf, SKF_NUMBER) == number)
            return s;
    }
    return NULL;
}

/* What is received in fragments has a record of the whole; what is sent has its pieces only. With
 * the last of them: the header and, in place of SKF, the inner payloads (RFC 7383 2.6: the type of
 * the first is in fragment 1). */
static bool write_joined(struct pcapng *f, const struct peer *p, const struct record *r)
{
    const struct addr *src, *dst;
    const struct record *s = sibling(p, r, 1);
    uint64_t total = node_num(payload_find(r->box->m->hdr, PAYLOAD_SKF), SKF_TOTAL);
    uint8_t *room = malloc(CLEAR_ROOM);
    if (room == NULL)
        return false;
    struct writer w = wr_init(room, CLEAR_ROOM);
    size_t marker = r->d.len - record_body(r).len;
    wr_zero(&w, marker);
    wr_span(&w, span_part(record_body(r), 0, HDR_LEN));
    if (s != NULL && w.err == ERR_OK)
        room[marker + 16] = record_body(s).p[HDR_LEN];
    for (uint64_t n = 1; n <= total && (s = sibling(p, r, n)) != NULL; n++)
        wr_span(&w, s->piece);
    bool ok = true;
    if (s != NULL && w.err == ERR_OK && w.len <= 65000) {
        put_u32(room + marker + 24, (uint32_t)(w.len - marker));
        ends(r, &src, &dst);
        ok = pcapng_datagram(f, r->t, src, dst, r->d.protocol, wr_done(&w),
                             "put together from the fragments sent");
    }
    wipe(room, CLEAR_ROOM);
    free(room);
    return ok;
}

static bool write_clear(struct pcapng *f, const struct peer *p, const struct record *r,
                        const char *comment)
{
    bool ip = r->esp.next == NEXT_IPV4 || r->esp.next == NEXT_IPV6;
    if (r->box != NULL && r->opened && r->sealed)
        return write_clear_ike(f, r, comment);
    if (r->kind == REC_ESP && r->opened && ip && r->esp.inner.len > 0)
        return pcapng_packet(f, r->t, r->esp.inner, comment);
    if (!write_wire(f, p, r, comment))
        return false;
    return r->piece.p == NULL || r->box == NULL || r->d.retransmit || write_joined(f, p, r);
}

typedef bool write_record(struct pcapng *f, const struct peer *p, const struct record *r,
                          const char *comment);

static bool write_file(const struct peer *p, const char *dir, const char *name, Tcl_Obj *comments,
                       write_record *write)
{
    char path[PATH_ROOM], comment[COMMENT_ROOM];
    struct pcapng f;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) >= sizeof path ||
        !pcapng_open(&f, path, "ikespec"))
        return false;
    for (size_t i = 0; i < p->num_records; i++) {
        Tcl_Obj *said = NULL, *key = Tcl_NewWideIntObj((Tcl_WideInt)i + 1);
        Tcl_IncrRefCount(key);
        if (comments != NULL)
            (void)Tcl_DictObjGet(NULL, comments, key, &said);
        Tcl_DecrRefCount(key);
        comment_of(p->record[i], said, comment);
        if (!write(&f, p, p->record[i], comment))
            break;
        if (i + 1 == p->num_records)
            return pcapng_close(&f);
    }
    (void)pcapng_close(&f);
    return p->num_records == 0;
}

int peer_evidence_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(ctx, ip, objv[0]);
    const char *dir = Tcl_GetString(objv[1]);
    char sub[PATH_ROOM], profile[PATH_ROOM], path[PATH_ROOM];
    Tcl_Obj *comments = NULL;
    int size;
    const struct opt opts[] = { { "-comments", OPT_OBJ, &comments, NULL }, { 0 } };
    if (p == NULL || cmd_options(ip, objc - 2, objv + 2, opts) != TCL_OK)
        return TCL_ERROR;
    if (comments != NULL && Tcl_DictObjSize(NULL, comments, &size) != TCL_OK)
        return cmd_fail(ip, ERR_CONFIG, "comments", "comments: a list {N TEXT ...}");
    errno = 0;
    /* The same three files twice: as configuration folder, and as profile `ikespec` in it. */
    bool ok = make_dir(dir, "", path) && make_dir(dir, "/wireshark", sub) &&
              make_dir(dir, "/wireshark/profiles", path) &&
              make_dir(dir, "/wireshark/profiles/ikespec", profile) && secrets_write(p->e, sub) &&
              secrets_write(p->e, profile) &&
              write_file(p, dir, "wire.pcapng", comments, write_wire) &&
              write_file(p, dir, "clear.pcapng", comments, write_clear);
    if (!ok)
        return cmd_fail(ip, ERR_STATE, "evidence", "%s: evidence could not be written: %s", dir,
                        Tcl_ErrnoMsg(errno));
    return TCL_OK;
}

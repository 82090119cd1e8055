/* send_cmd.c - ::ike::peer send, raw and esp: what a case composed itself. */
#include <stdlib.h>

#include "harness/cmd/app.h"

int peer_send_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_idle_peer(app, ip, objv[0]);
    struct box *b = p != NULL ? app_box(app, ip, objv[2]) : NULL;
    struct ike_send how = { 0 };
    struct fault why = { 0 };
    bool pad_set = false;
    uint64_t sa;
    const struct opt opts[] = { { "-pad-fill", OPT_U8, &how.pad_fill, NULL },
                                { "-pad-field", OPT_U8, &how.pad_field, &how.pad_field_set },
                                { "-frag-number", OPT_U16, &how.frag_number, &how.frag_number_set },
                                { "-frag-next", OPT_U8, &how.frag_next, NULL },
                                { "-frag-total", OPT_U16, &how.frag_total, &how.frag_total_set },
                                { "-clear", OPT_FLAG, &how.clear, NULL },
                                { "-mid", OPT_U32, &how.mid, &how.mid_set },
                                { "-count", OPT_FLAG, &how.count, NULL },
                                { "-as-is", OPT_FLAG, &how.as_is, NULL },
                                { "-icv-flip", OPT_U8, &how.icv_flip, NULL },
                                { "-pad", OPT_U8, &how.pad_len, &pad_set },
                                { "-fragment", OPT_U16, &how.fragment_size, NULL },
                                { 0 } };
    if (b == NULL || cmd_u64(ip, "sa", objv[1], UINT32_MAX, &sa) != TCL_OK ||
        cmd_options(ip, objc - 3, objv + 3, opts) != TCL_OK)
        return TCL_ERROR;
    how.pad_set = pad_set;
    p->inside++;
    enum err rc = ike_send_tree(p->e, (uint32_t)sa, b->m, &how, world_now(app->w), &why);
    p->inside--;
    if (rc != ERR_OK) {
        why.code = rc;
        return cmd_fault(ip, &why);
    }
    return app_flush(app, ip);
}

/* Where datagrams of this peer go from and to when nobody says: as those of its newest SA. */
static void usual_ends(const struct peer *p, struct addr *local, struct addr *remote)
{
    struct ike_sa_info info;
    for (size_t i = 0; ike_sa_at(p->e, i, &info); i++) {
        *local = info.local;
        *remote = info.remote;
    }
    if (local->family == 0 && p->num_places > 0)
        *local = p->place[0];
    for (size_t i = 0; remote->family == 0 && i < p->num_records; i++)
        *remote = p->record[i]->d.remote;
}

int peer_raw_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_idle_peer(app, ip, objv[0]);
    Tcl_Obj *to = NULL, *from = NULL;
    uint16_t port = 0;
    uint8_t proto = 17;
    struct addr local = { 0 }, remote = { 0 };
    const struct opt opts[] = { { "-port", OPT_U16, &port, NULL },
                                { "-to", OPT_OBJ, &to, NULL },
                                { "-from", OPT_OBJ, &from, NULL },
                                { "-proto", OPT_U8, &proto, NULL },
                                { 0 } };
    if (p == NULL || cmd_options(ip, objc - 2, objv + 2, opts) != TCL_OK)
        return TCL_ERROR;
    usual_ends(p, &local, &remote);
    if ((to != NULL && cmd_addr(ip, "to", to, &remote) != TCL_OK) ||
        (from != NULL && cmd_addr(ip, "from", from, &local) != TCL_OK))
        return TCL_ERROR;
    if (remote.family == 0)
        return cmd_fail(ip, ERR_CONFIG, "to", "raw: nobody to send to yet, name it with -to");
    if (port != 0)
        local.port = remote.port = port;
    if (local.port == 0)
        local.port = IKE_PORT;
    if (remote.port == 0)
        remote.port = IKE_PORT;
    p->inside++;
    enum err rc = ike_send_raw(p->e, &local, &remote, proto, cmd_bytes(objv[1]));
    p->inside--;
    if (rc != ERR_OK)
        return cmd_fail(ip, rc, "raw", "raw: %s", err_text(rc));
    return app_flush(app, ip);
}

static int read_spi(Tcl_Interp *ip, const char *field, const char *text, uint32_t *out)
{
    char *end;
    unsigned long long v = strtoull(text, &end, 16);
    if (*text == '\0' || *end != '\0' || v > UINT32_MAX)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: \"%.40s\" is no SPI of 8 hex digits", field,
                        text);
    *out = (uint32_t)v;
    return TCL_OK;
}

/* How the packets of a peer look that it sends by itself: a bent device. */
int peer_esp_habit_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(ctx, ip, objv[0]);
    struct esp_bend bend = { 0 };
    const struct opt opts[] = { { "-seq", OPT_U64, &bend.seq, &bend.seq_set },
                                { "-pad-bad", OPT_FLAG, &bend.pad_bad, NULL },
                                { "-tfc", OPT_U16, &bend.tfc, NULL },
                                { "-pad-tfc", OPT_FLAG, &bend.pad_tfc, NULL },
                                { "-uncovered", OPT_U8, &bend.uncovered, NULL },
                                { 0 } };
    if (p == NULL || cmd_options(ip, objc - 1, objv + 1, opts) != TCL_OK)
        return TCL_ERROR;
    ike_set_esp_habit(p->e, &bend);
    return TCL_OK;
}

int peer_checksum_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(ctx, ip, objv[0]);
    bool on;
    (void)objc;
    if (p == NULL || cmd_bool(ip, "checksum", objv[1], &on) != TCL_OK)
        return TCL_ERROR;
    ike_set_no_checksum(p->e, !on);
    return TCL_OK;
}

int peer_esp_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_idle_peer(app, ip, objv[0]);
    struct esp_bend bend = { 0 };
    struct fault why = { 0 };
    const char *child_text = "0", *spi_text = "0";
    struct span inner = { 0 };
    uint32_t child;
    uint64_t sa;
    uint8_t next = 0;
    bool next_set = false;
    const struct opt opts[] = { { "-child", OPT_STR, &child_text, NULL },
                                { "-inner", OPT_BYTES, &inner, NULL },
                                { "-next", OPT_U8, &next, &next_set },
                                { "-seq", OPT_U64, &bend.seq, &bend.seq_set },
                                { "-spi", OPT_STR, &spi_text, &bend.spi_set },
                                { "-pad-len", OPT_U8, &bend.pad_len, &bend.pad_len_set },
                                { "-pad-bad", OPT_FLAG, &bend.pad_bad, NULL },
                                { "-icv-flip", OPT_U8, &bend.icv_flip, NULL },
                                { "-tfc", OPT_U16, &bend.tfc, NULL },
                                { "-cut", OPT_U16, &bend.cut, NULL },
                                { "-no-count", OPT_FLAG, &bend.no_count, NULL },
                                { 0 } };
    if (p == NULL || cmd_u64(ip, "sa", objv[1], UINT32_MAX, &sa) != TCL_OK ||
        cmd_options(ip, objc - 2, objv + 2, opts) != TCL_OK ||
        read_spi(ip, "child", child_text, &child) != TCL_OK ||
        read_spi(ip, "spi", spi_text, &bend.spi) != TCL_OK)
        return TCL_ERROR;
    if (!next_set)
        next = inner.len == 0 ? NEXT_DUMMY : inner.p[0] >> 4 == 6 ? NEXT_IPV6 : NEXT_IPV4;
    p->inside++;
    enum err rc = ike_esp_send(p->e, (uint32_t)sa, child, inner, next, &bend, &why);
    p->inside--;
    if (rc != ERR_OK) {
        why.code = rc;
        return cmd_fault(ip, &why);
    }
    return app_flush(app, ip);
}

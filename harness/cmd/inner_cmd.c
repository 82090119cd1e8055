/* inner_cmd.c - ::ike::inner: the little IP that goes through a tunnel. */
#include "engine/esp/inner.h"
#include "harness/cmd/app.h"

#define INNER_MAX 65535u

static int inner_echo_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static uint8_t room[INNER_MAX];
    struct addr src, dst;
    uint64_t id, seq;
    bool reply = false;
    int at = 4;
    (void)ctx;
    if (cmd_addr(ip, "src", objv[0], &src) != TCL_OK ||
        cmd_addr(ip, "dst", objv[1], &dst) != TCL_OK ||
        cmd_u64(ip, "id", objv[2], UINT16_MAX, &id) != TCL_OK ||
        cmd_u64(ip, "seq", objv[3], UINT16_MAX, &seq) != TCL_OK)
        return TCL_ERROR;
    if (at + 1 < objc && strcmp(Tcl_GetString(objv[at]), "-reply") == 0) {
        if (cmd_bool(ip, "-reply", objv[at + 1], &reply) != TCL_OK)
            return TCL_ERROR;
        at += 2;
    }
    if (objc > at + 1)
        return cmd_fail_code(ip, "USAGE", "echo",
                             "usage: inner echo SRC DST ID SEQ ?-reply 1? ?PAYLOAD?");
    struct span payload = at < objc ? cmd_bytes(objv[at]) : span_str("ikespec");
    struct writer w = wr_init(room, sizeof room);
    enum err rc = inner_echo(&w, &src, &dst, reply, (uint16_t)id, (uint16_t)seq, payload);
    if (rc != ERR_OK || w.err != ERR_OK)
        return cmd_fail(ip, rc != ERR_OK ? rc : w.err, "echo", "echo: %s",
                        err_text(rc != ERR_OK ? rc : w.err));
    Tcl_SetObjResult(ip, obj_bytes(wr_done(&w)));
    return TCL_OK;
}

static int inner_udp_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static uint8_t room[INNER_MAX];
    struct addr src, dst;
    (void)ctx, (void)objc;
    if (cmd_addr(ip, "src", objv[0], &src) != TCL_OK ||
        cmd_addr(ip, "dst", objv[1], &dst) != TCL_OK)
        return TCL_ERROR;
    struct writer w = wr_init(room, sizeof room);
    enum err rc = inner_udp(&w, &src, &dst, cmd_bytes(objv[2]));
    if (rc != ERR_OK || w.err != ERR_OK)
        return cmd_fail(ip, rc != ERR_OK ? rc : w.err, "udp", "udp: %s",
                        err_text(rc != ERR_OK ? rc : w.err));
    Tcl_SetObjResult(ip, obj_bytes(wr_done(&w)));
    return TCL_OK;
}

static int inner_tcp_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static uint8_t room[INNER_MAX];
    struct addr src, dst;
    uint64_t flags, seq;
    (void)ctx;
    if (cmd_addr(ip, "src", objv[0], &src) != TCL_OK ||
        cmd_addr(ip, "dst", objv[1], &dst) != TCL_OK ||
        cmd_u64(ip, "flags", objv[2], UINT8_MAX, &flags) != TCL_OK ||
        cmd_u64(ip, "seq", objv[3], UINT32_MAX, &seq) != TCL_OK)
        return TCL_ERROR;
    struct writer w = wr_init(room, sizeof room);
    struct span payload = objc > 4 ? cmd_bytes(objv[4]) : (struct span){ 0 };
    enum err rc = inner_tcp(&w, &src, &dst, (uint8_t)flags, (uint32_t)seq, 0, payload);
    if (rc != ERR_OK)
        return cmd_fail(ip, rc, "tcp", "tcp: %s", err_text(rc));
    Tcl_SetObjResult(ip, obj_bytes(wr_done(&w)));
    return TCL_OK;
}

/* A list of the IPv4 fragments of a packet, each with so many octets of its payload. */
static int inner_fragments_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static uint8_t room[INNER_MAX];
    struct span packet = cmd_bytes(objv[0]);
    uint64_t size;
    (void)ctx, (void)objc;
    if (cmd_u64(ip, "size", objv[1], UINT16_MAX, &size) != TCL_OK)
        return TCL_ERROR;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t at = 0; at == 0 || at + 20 < packet.len; at += size) {
        struct writer w = wr_init(room, sizeof room);
        enum err rc = size > 0 ? inner_fragment(&w, packet, at, size) : ERR_VALUE;
        if (rc != ERR_OK) {
            Tcl_DecrRefCount(list);
            return cmd_fail(ip, rc, "fragments",
                            "fragments: an IPv4 packet without options, and a multiple of 8");
        }
        Tcl_ListObjAppendElement(NULL, list, obj_bytes(wr_done(&w)));
    }
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

static int inner_parse_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct inner in = { 0 };
    struct fault why = { 0 };
    (void)ctx, (void)objc;
    enum err rc = inner_parse(cmd_bytes(objv[0]), &in, &why);
    if (rc != ERR_OK) {
        why.code = rc;
        return cmd_fault(ip, &why);
    }
    Tcl_Obj *d = Tcl_NewDictObj();
    struct addr src = in.src, dst = in.dst;
    src.port = dst.port = 0;
    dict_put(d, "src", obj_addr(&src));
    dict_put(d, "dst", obj_addr(&dst));
    dict_put(d, "protocol", Tcl_NewIntObj(in.protocol));
    dict_put(d, "src_port", Tcl_NewIntObj(in.src.port));
    dict_put(d, "dst_port", Tcl_NewIntObj(in.dst.port));
    dict_put(d, "icmp_type", Tcl_NewIntObj(in.icmp_type));
    dict_put(d, "icmp_code", Tcl_NewIntObj(in.icmp_code));
    dict_put(d, "echo_request", Tcl_NewIntObj(in.echo_request));
    dict_put(d, "echo_reply", Tcl_NewIntObj(in.echo_reply));
    dict_put(d, "id", Tcl_NewIntObj(in.id));
    dict_put(d, "seq", Tcl_NewIntObj(in.seq));
    dict_put(d, "tcp_flags", Tcl_NewIntObj(in.tcp_flags));
    dict_put(d, "checksum_held", Tcl_NewIntObj(in.checksum_held));
    dict_put(d, "fragment", Tcl_NewIntObj(in.fragment));
    dict_put(d, "total", obj_u64(in.total));
    dict_put(d, "payload", obj_bytes(in.payload));
    Tcl_SetObjResult(ip, d);
    return TCL_OK;
}

static const struct cmd inner_cmds[] = {
    { "echo", inner_echo_cmd, 4, 7, "SRC DST ID SEQ ?-reply 1? ?PAYLOAD?" },
    { "udp", inner_udp_cmd, 3, 3, "SRC:PORT DST:PORT PAYLOAD" },
    { "tcp", inner_tcp_cmd, 4, 5, "SRC:PORT DST:PORT FLAGS SEQ ?PAYLOAD?" },
    { "fragments", inner_fragments_cmd, 2, 2, "PACKET SIZE" },
    { "parse", inner_parse_cmd, 1, 1, "BYTES" },
    { 0 },
};

void inner_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::inner", inner_cmds, app);
}

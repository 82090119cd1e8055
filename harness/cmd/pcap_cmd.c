/* pcap_cmd.c - ::ike::pcap: captures read through libpcap. */
#include "harness/cmd/app.h"
#include "harness/evidence/capture.h"

static Tcl_Obj *datagram(const struct ike_dgram *d)
{
    Tcl_Obj *one = Tcl_NewDictObj();
    dict_put(one, "local", obj_addr(&d->local));
    dict_put(one, "remote", obj_addr(&d->remote));
    dict_put(one, "proto", Tcl_NewIntObj(d->protocol));
    dict_put(one, "bytes", obj_bytes(span_of(d->p, d->len)));
    return one;
}

static void add_datagram(void *ctx, uint64_t t_us, const struct ike_dgram *d, const char *note)
{
    Tcl_Obj *one = datagram(d);
    dict_put(one, "t_us", obj_u64(t_us));
    if (note != NULL)
        dict_put(one, "note", obj_text(note));
    Tcl_ListObjAppendElement(NULL, ctx, one);
}

/* Of a capture that is damaged what came before is read, and WHYVAR says where it ends ("" when it
 * is whole). */
static int pcap_read(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    char why[300] = "";
    int len = 0;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    (void)ctx;
    Tcl_IncrRefCount(list);
    bool whole = capture_read(Tcl_GetString(objv[0]), add_datagram, list, why, sizeof why);
    int rc = Tcl_ListObjLength(ip, list, &len);
    if (!whole && (len == 0 || objc < 2))
        rc = cmd_fail(ip, ERR_CONFIG, "file", "%s", why);
    else if (objc > 1 && Tcl_ObjSetVar2(ip, objv[1], NULL, obj_text(whole ? "" : why),
                                        TCL_LEAVE_ERR_MSG) == NULL)
        rc = TCL_ERROR;
    if (rc == TCL_OK)
        Tcl_SetObjResult(ip, list);
    Tcl_DecrRefCount(list);
    return rc;
}

static int pcap_frame(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    int len;
    struct ike_dgram d;
    const unsigned char *octets = Tcl_GetByteArrayFromObj(objv[0], &len);
    (void)ctx, (void)objc;
    Tcl_SetObjResult(ip,
                     capture_frame(span_of(octets, (size_t)len), &d) ? datagram(&d) : Tcl_NewObj());
    return TCL_OK;
}

static const struct cmd pcap_cmds[] = {
    { "read", pcap_read, 1, 2, "FILE ?WHYVAR?" },
    { "frame", pcap_frame, 1, 1, "OCTETS" },
    { 0 },
};

void pcap_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::pcap", pcap_cmds, app);
}

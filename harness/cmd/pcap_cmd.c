/* pcap_cmd.c - ::ike::pcap: captures read through libpcap. */
#include "harness/cmd/app.h"
#include "harness/evidence/capture.h"

static void add_datagram(void *ctx, uint64_t t_us, const struct ike_dgram *d, const char *note)
{
    Tcl_Obj *one = Tcl_NewDictObj();
    dict_put(one, "t_us", obj_u64(t_us));
    dict_put(one, "local", obj_addr(&d->local));
    dict_put(one, "remote", obj_addr(&d->remote));
    dict_put(one, "proto", Tcl_NewIntObj(d->protocol));
    dict_put(one, "bytes", obj_bytes(span_of(d->p, d->len)));
    if (note != NULL)
        dict_put(one, "note", obj_text(note));
    Tcl_ListObjAppendElement(NULL, ctx, one);
}

/* Of a capture that is damaged what came before is read; the last element then has no octets, protocol 0 and a note that says
 * where it ends. */
static int pcap_read(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    char why[300];
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    (void)ctx, (void)objc;
    if (!capture_read(Tcl_GetString(objv[0]), add_datagram, list, why, sizeof why)) {
        const struct ike_dgram none = { 0 };
        int len = 0;
        if (Tcl_ListObjLength(ip, list, &len) != TCL_OK || len == 0) {
            Tcl_DecrRefCount(list);
            return cmd_fail(ip, ERR_CONFIG, "file", "%s", why);
        }
        add_datagram(list, 0, &none, why);
    }
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

static const struct cmd pcap_cmds[] = {
    { "read", pcap_read, 1, 1, "FILE" },
    { 0 },
};

void pcap_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::pcap", pcap_cmds, app);
}

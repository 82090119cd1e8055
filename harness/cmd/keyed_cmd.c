/* keyed_cmd.c - ::ike::keyed: messages and packets of anybody's SAs, opened with keys as Wireshark's
 * tables have them. */
#include <stdlib.h>

#include "engine/engine.h"
#include "engine/esp/esp.h"
#include "harness/cmd/app.h"
#include "harness/cmd/msg_cmd.h"
#include "harness/evidence/secrets.h"

#define MSG_ROOM (256u << 10)

static const uint8_t no_key[64];

/* ENCR INTEG KEY INTEG_KEY, as the row has them. */
static int key_of(Tcl_Interp *ip, bool esp, Tcl_Obj *const objv[], struct ike_lent *out)
{
    const char *encr = Tcl_GetString(objv[0]), *integ = Tcl_GetString(objv[1]);
    out->encr = cmd_bytes(objv[2]);
    out->integ = cmd_bytes(objv[3]);
    if (!secrets_suite(esp, encr, integ, out->encr.len, &out->suite, &out->unchecked))
        return cmd_fail(ip, ERR_UNSUPPORTED, "key",
                        "\"%.80s\" and \"%.80s\" with a key of %zu octets: not known", encr, integ,
                        out->encr.len);
    if (out->unchecked)
        out->integ = span_of(no_key, out->suite.integ_key_len);
    return TCL_OK;
}

static int keyed_message_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct ike_lent key = { 0 };
    struct fault why = { 0 };
    Tcl_Obj **item;
    int num;
    (void)objc;
    if (Tcl_ListObjGetElements(ip, objv[0], &num, &item) != TCL_OK ||
        key_of(ip, false, objv + 1, &key) != TCL_OK)
        return TCL_ERROR;
    struct span *parts = calloc((size_t)num + 1, sizeof *parts);
    size_t octets = 0;
    for (int i = 0; parts != NULL && i < num; i++) {
        parts[i] = cmd_bytes(item[i]);
        octets += parts[i].len;
    }
    struct box *b = box_new(MSG_ROOM + 64 * octets);
    if (b == NULL || parts == NULL) {
        free(parts);
        box_free(b);
        return msg_memory_fail(ip);
    }
    enum err rc = ike_open_lent(&key, parts, (size_t)num, &b->arena, &b->own, &why);
    free(parts);
    if (rc != ERR_OK) {
        why.code = rc;
        box_free(b);
        return cmd_fault(ip, &why);
    }
    char handle[16];
    Tcl_SetObjResult(ip, Tcl_NewStringObj(app_handle(ctx, b, handle), -1));
    return TCL_OK;
}

static int opened_packet(Tcl_Interp *ip, const struct ike_lent *key, uint8_t *pkt, size_t len)
{
    struct esp_check check = { .integrity = !key->unchecked, .padding = true };
    struct esp_packet p = { 0 };
    struct fault why = { 0 };
    struct esp_in in;
    enum err rc = esp_in_init(&in, esp_spi(span_of(pkt, len)), &key->suite, key->encr, key->integ,
                              false, 0);
    if (rc != ERR_OK)
        return cmd_fail(ip, rc, "key", "%s", err_text(rc));
    rc = esp_open(&in, pkt, len, &check, &p, &why);
    esp_in_clear(&in);
    if (rc != ERR_OK) {
        why.code = rc;
        return cmd_fault(ip, &why);
    }
    Tcl_Obj *d = Tcl_NewDictObj();
    dict_put(d, "seq", obj_u64(p.seq));
    dict_put(d, "next", Tcl_NewIntObj(p.next));
    dict_put(d, "pad_len", Tcl_NewIntObj(p.pad_len));
    dict_put(d, "inner", obj_bytes(tfc_strip(p.inner, p.next)));
    dict_put(d, "tfc", obj_u64(p.inner.len - tfc_strip(p.inner, p.next).len));
    Tcl_SetObjResult(ip, d);
    return TCL_OK;
}

static int keyed_packet_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct ike_lent key = { 0 };
    struct span in = cmd_bytes(objv[0]);
    (void)ctx, (void)objc;
    if (key_of(ip, true, objv + 1, &key) != TCL_OK)
        return TCL_ERROR;
    uint8_t *pkt = malloc(in.len + 1); /* it is opened in place */
    if (pkt == NULL)
        return msg_memory_fail(ip);
    if (in.len > 0)
        memcpy(pkt, in.p, in.len);
    int rc = opened_packet(ip, &key, pkt, in.len);
    free(pkt);
    return rc;
}

static const struct cmd keyed_cmds[] = {
    { "message", keyed_message_cmd, 5, 5, "{DATAGRAM ...} ENCR INTEG KEY INTEG_KEY" },
    { "packet", keyed_packet_cmd, 5, 5, "ESP ENCR INTEG KEY INTEG_KEY" },
    { 0 },
};

void keyed_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::keyed", keyed_cmds, app);
}

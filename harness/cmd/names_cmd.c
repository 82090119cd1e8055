/* names_cmd.c - ::ike::names: the IANA registries. */
#include "harness/cmd/app.h"
#include "harness/cmd/conn_cmd.h"

static const struct {
    const char *name;
    const struct names *r;
} registries[] = {
    { "exchange", &names_exchange },
    { "payload", &names_payload },
    { "protocol", &names_protocol },
    { "transform", &names_transform },
    { "encr", &names_encr },
    { "prf", &names_prf },
    { "integ", &names_integ },
    { "group", &names_group },
    { "esn", &names_esn },
    { "notify", &names_notify },
    { "id", &names_id },
    { "auth", &names_auth },
    { "cert", &names_cert },
    { "ts", &names_ts },
    { "cfg", &names_cfg },
    { "cfg_attr", &names_cfg_attr },
    { "ip_protocol", &names_ip_protocol },
    { "attribute", &names_attribute },
    { "eap_code", &names_eap_code },
};
#define NUM_REGISTRIES (sizeof registries / sizeof registries[0])

static const char *registry_at(const void *ctx, size_t i)
{
    (void)ctx;
    return i < NUM_REGISTRIES ? registries[i].name : NULL;
}

const char *registry_name(const struct names *r)
{
    for (size_t i = 0; i < NUM_REGISTRIES; i++)
        if (registries[i].r == r)
            return registries[i].name;
    return "";
}

static Tcl_Obj *rows(const struct names *r)
{
    Tcl_Obj *d = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; i < r->num_rows; i++) {
        Tcl_ListObjAppendElement(NULL, d, Tcl_NewStringObj(r->rows[i].name, -1));
        Tcl_ListObjAppendElement(NULL, d, Tcl_NewWideIntObj(r->rows[i].num));
    }
    return d;
}

static int names_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct names *r = NULL;
    uint64_t num;
    uint32_t by_name = 0;
    (void)ctx;
    for (size_t i = 0; i < NUM_REGISTRIES; i++)
        if (strcmp(registries[i].name, Tcl_GetString(objv[0])) == 0)
            r = registries[i].r;
    if (r == NULL)
        return cmd_unknown(ip, "registry", Tcl_GetString(objv[0]), registry_at, NULL);
    if (objc == 1) {
        Tcl_SetObjResult(ip, rows(r));
        return TCL_OK;
    }
    if (cmd_u64(ip, "number", objv[1], UINT32_MAX, &num) == TCL_OK) { /* number -> name or "" */
        const char *name = name_of(r, (uint32_t)num);
        Tcl_SetObjResult(ip, Tcl_NewStringObj(name != NULL ? name : "", -1));
        return TCL_OK;
    }
    Tcl_ResetResult(ip);
    if (registry_number(ip, Tcl_GetString(objv[0]), r, Tcl_GetString(objv[1]), UINT32_MAX,
                        &by_name) != TCL_OK)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, Tcl_NewWideIntObj(by_name));
    return TCL_OK;
}

static const struct cmd names_row = { "names", names_cmd, 1, 2, "REGISTRY ?NAME|NUMBER?" };

void names_cmd_init(struct app *app)
{
    cmd_single(app->ip, "::ike::names", &names_row, app);
}

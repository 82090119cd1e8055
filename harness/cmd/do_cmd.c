/* do_cmd.c - ::ike::peer do: starts an exchange on an SA. */
#include <stdlib.h>

#include "harness/cmd/app.h"
#include "harness/cmd/conn_cmd.h"

#define DO_ROOM   65536u
#define CHAIN_MAX 65000u

static const char *const do_words[] = { "auth",      "new-child",    "rekey-child",
                                        "rekey-ike", "delete-child", "delete-ike",
                                        "liveness",  "info",         NULL };
static const char *const do_keys[] = { "child",     "psk",   "psk_bytes", "payloads",
                                       "no_window", "nonce", "no_pfs",    "group",
                                       "ts_i",      "ts_r",  NULL };
static const char *const biases[] = { "random", "lowest", "highest", NULL };

/* The payloads of a message handle, encoded as they stand inside SK. */
static int read_payloads(struct app *app, Tcl_Interp *ip, Tcl_Obj *handle, struct arena *a,
                         struct ike_args *args)
{
    struct box *b = app_box(app, ip, handle);
    if (b == NULL)
        return TCL_ERROR;
    uint8_t *room = arena_take(a, CHAIN_MAX);
    if (room == NULL)
        return cmd_fail(ip, ERR_SPACE, "payloads", "payloads: too long");
    struct writer w = wr_init(room, CHAIN_MAX);
    const struct node *parent = msg_payloads(b->m);
    enum err rc = chain_encode(parent, &w);
    if (rc != ERR_OK || w.err != ERR_OK)
        return cmd_fail(ip, rc != ERR_OK ? rc : w.err, "payloads", "payloads: %s",
                        err_text(rc != ERR_OK ? rc : w.err));
    args->first = parent->child != NULL ? parent->child->type : 0;
    args->payloads = wr_done(&w);
    return TCL_OK;
}

static int read_text(Tcl_Interp *ip, const char *key, Tcl_Obj *value, struct arena *a,
                     struct span *out)
{
    *out = arena_copy(a, span_str(Tcl_GetString(value)));
    if (out->len != strlen(Tcl_GetString(value)))
        return cmd_fail(ip, ERR_SPACE, key, "%s: too long", key);
    return TCL_OK;
}

static int read_child(Tcl_Interp *ip, Tcl_Obj *value, uint32_t *out)
{
    const char *text = Tcl_GetString(value);
    char *end;
    unsigned long long v = strtoull(text, &end, 16); /* SPIs are written as hex everywhere */
    if (*text == '\0' || *end != '\0' || v > UINT32_MAX)
        return cmd_fail(ip, ERR_CONFIG, "child", "child: \"%.40s\" is no SPI of 8 hex digits",
                        text);
    *out = (uint32_t)v;
    return TCL_OK;
}

static int read_arg(struct app *app, Tcl_Interp *ip, Tcl_Obj *key, Tcl_Obj *value, struct arena *a,
                    struct ike_args *args)
{
    int which = cmd_word(ip, "argument", key, do_keys), bias;
    switch (which) {
    case 0:
        return read_child(ip, value, &args->child);
    case 1:
        return read_text(ip, "psk", value, a, &args->psk);
    case 2:
        args->psk = arena_copy(a, cmd_bytes(value));
        return TCL_OK;
    case 3:
        return read_payloads(app, ip, value, a, args);
    case 4:
        return cmd_bool(ip, "no_window", value, &args->no_window);
    case 5:
        bias = cmd_word(ip, "nonce bias", value, biases);
        args->nonce = bias >= 0 ? (enum nonce_bias)bias : NONCE_RANDOM;
        return bias >= 0 ? TCL_OK : TCL_ERROR;
    case 6:
        return cmd_bool(ip, "no_pfs", value, &args->no_pfs);
    case 7:
        return group_from_obj(ip, "group", value, &args->group);
    case 8:
        return selectors_from_obj(ip, "ts_i", value, a, &args->ts_i, &args->num_ts_i);
    case 9:
        return selectors_from_obj(ip, "ts_r", value, a, &args->ts_r, &args->num_ts_r);
    default:
        return TCL_ERROR;
    }
}

static int do_with(struct app *app, Tcl_Interp *ip, struct peer *p, int objc, Tcl_Obj *const objv[],
                   struct arena *a)
{
    struct ike_args args = { 0 };
    struct fault why = { 0 };
    uint64_t sa;
    int n = 0;
    Tcl_Obj **word = NULL;
    if (cmd_u64(ip, "sa", objv[1], UINT32_MAX, &sa) != TCL_OK)
        return TCL_ERROR;
    int what = cmd_word(ip, "exchange to do", objv[2], do_words);
    if (what < 0)
        return TCL_ERROR;
    if (objc == 4 && (Tcl_ListObjGetElements(NULL, objv[3], &n, &word) != TCL_OK || n % 2 != 0))
        return cmd_fail_code(ip, "USAGE", "args", "arguments are a list of keys and values");
    for (int i = 0; i < n; i += 2)
        if (read_arg(app, ip, word[i], word[i + 1], a, &args) != TCL_OK)
            return TCL_ERROR;
    p->inside++;
    enum err rc = ike_command(p->e, (uint32_t)sa, (enum ike_do)(what + IKE_DO_AUTH), &args,
                              world_now(app->w), &why);
    p->inside--;
    if (rc != ERR_OK) {
        why.code = rc;
        return cmd_fault(ip, &why);
    }
    return app_flush(app, ip);
}

int peer_do_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_idle_peer(app, ip, objv[0]);
    void *room = malloc(DO_ROOM * 2);
    int rc = TCL_ERROR;
    if (p != NULL && room != NULL) {
        struct arena a = arena_init(room, DO_ROOM * 2);
        rc = do_with(app, ip, p, objc, objv, &a);
        wipe(room, a.used); /* may hold a key */
    }
    free(room);
    return rc;
}

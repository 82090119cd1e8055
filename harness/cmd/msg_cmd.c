/* msg_cmd.c - ::ike::msg: messages as trees that scripts compose, read and bend. */
#include "harness/cmd/msg_cmd.h"

#include <stdlib.h>

#include "engine/wire/encap.h"
#include "harness/cmd/conn_cmd.h"

#define MSG_ROOM   (256u << 10) /* tree of a composed message; grows when full */
#define OCTETS_MAX (256u << 10)

/* --- shared
 * ------------------------------------------------------------------------------------------- */

int msg_path_fail(Tcl_Interp *ip, const struct path_fault *why, const char *path, const char *value)
{
    char text[500];
    path_fault_text(why, path, value, text, sizeof text);
    return cmd_fail(ip, why->code, path, "%s", text);
}

int msg_err_fail(Tcl_Interp *ip, enum err rc, const char *what)
{
    return cmd_fail(ip, rc, what, "%s: %s", what, err_text(rc));
}

int msg_memory_fail(Tcl_Interp *ip)
{
    return msg_err_fail(ip, ERR_MEMORY, "msg");
}

static int set_handle(struct app *app, Tcl_Interp *ip, struct box *b)
{
    char handle[16];
    if (b == NULL)
        return msg_memory_fail(ip);
    Tcl_SetObjResult(ip, Tcl_NewStringObj(app_handle(app, b, handle), -1));
    return TCL_OK;
}

/* --- making and going
 * ------------------------------------------------------------------------------------ */

static int msg_new_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static const char *const kinds[] = { "request", "response", NULL };
    uint32_t exchange = 0;
    int kind = objc == 2 ? cmd_word(ip, "kind of message", objv[1], kinds) : 0;
    if (kind < 0 || registry_number(ip, "exchange", &names_exchange, Tcl_GetString(objv[0]), 255,
                                    &exchange) != TCL_OK)
        return TCL_ERROR;
    struct box *b = box_new(MSG_ROOM);
    if (b == NULL)
        return msg_memory_fail(ip);
    enum err rc = msg_new(&b->own, &b->arena, (uint8_t)exchange,
                          kind == 1 ? FLAG_RESPONSE : FLAG_INITIATOR, 0, 0, 0);
    if (rc != ERR_OK) {
        box_free(b);
        return msg_err_fail(ip, rc, "msg");
    }
    return set_handle(ctx, ip, b);
}

static int msg_decode_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    bool marker = false;
    const struct opt opts[] = { { "-marker", OPT_FLAG, &marker, NULL }, { 0 } };
    struct fault why = { 0 };
    if (cmd_options(ip, objc - 1, objv + 1, opts) != TCL_OK)
        return TCL_ERROR;
    struct span in = cmd_bytes(objv[0]);
    if (marker)
        in = encap_strip(in);
    struct box *b = box_new(MSG_ROOM + 64 * in.len);
    if (b == NULL || (b->bytes = malloc(in.len + 1)) == NULL) {
        box_free(b);
        return msg_memory_fail(ip);
    }
    if (in.len > 0)
        memcpy(b->bytes, in.p, in.len);
    enum err rc = msg_decode(&b->own, &b->arena, span_of(b->bytes, in.len), &why);
    if (rc != ERR_OK) {
        why.code = rc;
        box_free(b);
        return cmd_fault(ip, &why);
    }
    return set_handle(ctx, ip, b);
}

static int msg_copy_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    (void)objc;
    return b != NULL ? set_handle(ctx, ip, box_copy(b->m, MSG_ROOM)) : TCL_ERROR;
}

static int msg_free_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct box *b = app_box(app, ip, objv[0]);
    (void)objc;
    if (b == NULL)
        return TCL_ERROR;
    if (b->m != &b->own || b->kept)
        return TCL_OK; /* a tap's and a record's message go with their owner */
    app_unhandle(app, Tcl_GetString(objv[0]));
    box_free(b);
    return TCL_OK;
}

static int encode_with(void *ctx, Tcl_Interp *ip, Tcl_Obj *handle,
                       enum err (*encode)(const struct message *, struct writer *))
{
    const struct box *b = app_box(ctx, ip, handle);
    if (b == NULL)
        return TCL_ERROR;
    uint8_t *room = malloc(OCTETS_MAX);
    if (room == NULL)
        return msg_memory_fail(ip);
    struct writer w = wr_init(room, OCTETS_MAX);
    enum err rc = encode(b->m, &w);
    if (rc == ERR_OK)
        rc = w.err;
    if (rc == ERR_OK)
        Tcl_SetObjResult(ip, obj_bytes(wr_done(&w)));
    free(room);
    return rc == ERR_OK ? TCL_OK : msg_err_fail(ip, rc, "encode");
}

static int msg_encode_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)objc;
    return encode_with(ctx, ip, objv[0], msg_encode);
}

static int msg_encode_clear_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)objc;
    return encode_with(ctx, ip, objv[0], msg_encode_clear);
}

static const struct cmd msg_cmds[] = {
    { "new", msg_new_cmd, 1, 2, "EXCHANGE ?request|response?" },
    { "decode", msg_decode_cmd, 1, 3, "BYTES ?-marker 1?" },
    { "copy", msg_copy_cmd, 1, 1, "H" },
    { "free", msg_free_cmd, 1, 1, "H" },
    { "encode", msg_encode_cmd, 1, 1, "H" },
    { "encode-clear", msg_encode_clear_cmd, 1, 1, "H" },
    { "get", msg_get_cmd, 2, 2, "H PATH" },
    { "set", msg_set_cmd, 3, -1, "H PATH VALUE ?PATH VALUE ...?" },
    { "has", msg_has_cmd, 2, 2, "H NOTATION|PATH=VALUE" },
    { "exists", msg_exists_cmd, 2, 2, "H PATH" },
    { "add", msg_add_cmd, 2, -1,
      "H PAYLOAD|N(TYPE) ?-before NOTATION? ?-after NOTATION? ?-critical 1? ?-body BYTES? "
      "?FIELD VALUE ...?" },
    { "remove", msg_remove_cmd, 2, 2, "H NOTATION" },
    { "move", msg_move_cmd, 4, 4, "H NOTATION before|after NOTATION" },
    { "double", msg_double_cmd, 2, 2, "H NOTATION" },
    { "config", msg_config_cmd, 2, -1, "H REQUEST|REPLY|SET|ACK ?ATTRIBUTE|ATTRIBUTE=VALUE ...?" },
    { "chain", msg_chain_cmd, 1, 1, "H" },
    { "tree", msg_tree_cmd, 1, 3, "H ?-octets N? ?-all 1?" },
    { "payloads", msg_payloads_cmd, 1, 1, "H" },
    { "paths", msg_paths_cmd, 1, 1, "H" },
    { "fields", msg_fields_cmd, 1, 1, "H" },
    { "header", msg_header_cmd, 1, 1, "H" },
    { "lint", msg_lint_cmd, 1, 1, "H" },
    { "rules", msg_rules_cmd, 1, 2, "H ?FROM_INITIATOR?" },
    { 0 },
};

void msg_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::msg", msg_cmds, app);
}

/* msg_read.c - what a message holds: fields, payloads, text, findings. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/wire/lint.h"
#include "engine/wire/print.h"
#include "engine/wire/rules.h"
#include "harness/cmd/conn_cmd.h"
#include "harness/cmd/msg_cmd.h"
#include "harness/edit/graft.h"

#define LINT_MAX 64u

/* --- reading
 * -----------------------------------------------------------------------------------------------
 */

static int get_text(Tcl_Interp *ip, const struct message *m, const char *path, char *buf,
                    struct path_fault *why)
{
    if (path_get(m, path, buf, MSG_TEXT_MAX, why) != ERR_OK)
        return msg_path_fail(ip, why, path, NULL);
    return TCL_OK;
}

int msg_get_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    char *buf = b != NULL ? malloc(MSG_TEXT_MAX) : NULL;
    struct path_fault why = { 0 };
    int rc = TCL_ERROR;
    (void)objc;
    if (buf != NULL)
        rc = get_text(ip, b->m, Tcl_GetString(objv[1]), buf, &why);
    if (rc == TCL_OK)
        Tcl_SetObjResult(ip, Tcl_NewStringObj(buf, -1));
    free(buf);
    return rc;
}

/* Same value: as text, or after the value went through the field itself (a name and a number). */
static bool value_is(const struct message *m, const char *path, const char *value, char *buf)
{
    if (path_get(m, path, buf, MSG_TEXT_MAX, NULL) != ERR_OK)
        return false;
    if (strcasecmp(buf, value) == 0)
        return true;
    struct box *copy = box_copy(m, MSG_EDIT_ROOM + 2 * strlen(value));
    char *other = malloc(MSG_TEXT_MAX);
    bool same =
        copy != NULL && other != NULL && path_set(&copy->own, path, value, NULL) == ERR_OK &&
        path_get(&copy->own, path, other, MSG_TEXT_MAX, NULL) == ERR_OK && strcmp(buf, other) == 0;
    box_free(copy);
    free(other);
    return same;
}

int msg_has_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    const char *pattern = Tcl_GetString(objv[1]), *equals = strchr(pattern, '=');
    bool has;
    (void)objc;
    if (b == NULL)
        return TCL_ERROR;
    if (equals == NULL) {
        has = path_has(b->m, graft_notation(pattern));
    } else {
        char path[MSG_PATH_MAX];
        size_t len = (size_t)(equals - pattern);
        char *buf = malloc(MSG_TEXT_MAX);
        if (len >= sizeof path || buf == NULL) {
            free(buf);
            return cmd_fail(ip, ERR_NO_PATH, "pattern", "pattern too long");
        }
        memcpy(path, pattern, len);
        path[len] = '\0';
        has = value_is(b->m, path, equals + 1 + (equals[1] == '='), buf);
        free(buf);
    }
    Tcl_SetObjResult(ip, Tcl_NewIntObj(has));
    return TCL_OK;
}

int msg_exists_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    (void)objc;
    if (b == NULL)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, Tcl_NewIntObj(path_has(b->m, Tcl_GetString(objv[1]))));
    return TCL_OK;
}

static int print_with(void *ctx, Tcl_Interp *ip, Tcl_Obj *handle, size_t max_octets,
                      size_t (*print)(const struct message *, size_t, char *, size_t))
{
    const struct box *b = app_box(ctx, ip, handle);
    char *buf = b != NULL ? malloc(MSG_TEXT_MAX) : NULL;
    if (buf == NULL)
        return b != NULL ? msg_memory_fail(ip) : TCL_ERROR;
    print(b->m, max_octets, buf, MSG_TEXT_MAX);
    Tcl_SetObjResult(ip, Tcl_NewStringObj(buf, -1));
    free(buf);
    return TCL_OK;
}

static size_t print_line_of(const struct message *m, size_t max_octets, char *buf, size_t cap)
{
    (void)max_octets;
    return print_line(m, buf, cap);
}

int msg_chain_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)objc;
    return print_with(ctx, ip, objv[0], 0, print_line_of);
}

int msg_tree_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    uint64_t max = 32;
    bool all = false;
    const struct opt opts[] = { { "-octets", OPT_U64, &max, NULL },
                                { "-all", OPT_FLAG, &all, NULL },
                                { 0 } };
    if (cmd_options(ip, objc - 1, objv + 1, opts) != TCL_OK)
        return TCL_ERROR;
    return print_with(ctx, ip, objv[0], all ? PRINT_ALL : (size_t)max, print_tree);
}

static void add_notations(Tcl_Obj *list, const struct node *parent)
{
    char text[128];
    for (const struct node *n = parent->child; n != NULL; n = n->next) {
        print_payload(n, text, sizeof text);
        Tcl_ListObjAppendElement(NULL, list, Tcl_NewStringObj(text, -1));
        if (n->type == PAYLOAD_SK)
            add_notations(list, n);
    }
}

int msg_payloads_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    (void)objc;
    if (b == NULL)
        return TCL_ERROR;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    add_notations(list, b->m->hdr);
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

struct listing {
    Tcl_Obj *list;
    char *buf;
};

/* The result: a list of what `visit` makes of each field of the message H. */
static int list_each(struct app *app, Tcl_Interp *ip, Tcl_Obj *handle,
                     void (*visit)(void *ctx, const char *path, struct node *n, unsigned field))
{
    const struct box *b = app_box(app, ip, handle);
    if (b == NULL)
        return TCL_ERROR;
    struct listing l = { .list = Tcl_NewListObj(0, NULL), .buf = malloc(MSG_TEXT_MAX) };
    if (l.buf != NULL)
        path_list(b->m, visit, &l);
    free(l.buf);
    Tcl_SetObjResult(ip, l.list);
    return TCL_OK;
}

static void list_path(void *ctx, const char *path, struct node *n, unsigned field)
{
    struct listing *l = ctx;
    print_field(n, field, PRINT_ALL, l->buf, MSG_TEXT_MAX);
    Tcl_Obj *pair[2] = { Tcl_NewStringObj(path, -1), Tcl_NewStringObj(l->buf, -1) };
    Tcl_ListObjAppendElement(NULL, l->list, Tcl_NewListObj(2, pair));
}

int msg_paths_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)objc;
    return list_each(ctx, ip, objv[0], list_path);
}

/* What the tables say of one field, as a dict: path, kind, bits (of a number or of reserved room; octets * 8 of what
 * is as long as its content), derive, registry (of names for its values), value (octets: how many). Sweeps over
 * boundary values and edits of the fuzzer are made from it. */
static void list_field(void *ctx, const char *path, struct node *n, unsigned field)
{
    static const char *const kinds[] = {
        [F_NUM] = "number", [F_FLAG] = "flag",  [F_ZERO] = "reserved", [F_OCTETS] = "octets",
        [F_TAIL0] = "tail", [F_TAIL1] = "tail", [F_LIST] = "list",
    };
    static const char *const derives[] = {
        [D_NONE] = "",           [D_LENGTH] = "length",   [D_LENGTH_VALUE] = "length",
        [D_NEXT] = "next",       [D_MORE] = "more",       [D_COUNT] = "count",
        [D_SPI_SIZE] = "length", [D_SPI_COUNT] = "count", [D_INDEX] = "index",
        [D_TOTAL] = "length",
    };
    struct listing *l = ctx;
    const struct field *f = &n->shape->fields[field];
    bool tail = f->kind >= F_TAIL0 && f->kind <= F_TAIL1;
    size_t bits = tail ? 8 * node_bytes(n, field).len : f->bits;
    Tcl_Obj *d = Tcl_NewDictObj();
    print_field(n, field, PRINT_ALL, l->buf, MSG_TEXT_MAX);
    dict_put(d, "path", Tcl_NewStringObj(path, -1));
    dict_put(d, "kind", Tcl_NewStringObj(kinds[f->kind], -1));
    dict_put(d, "bits", obj_u64(bits));
    dict_put(d, "derive", Tcl_NewStringObj(derives[f->derive], -1));
    dict_put(d, "registry",
             Tcl_NewStringObj(f->names != NULL ? registry_name(f->names) : "", -1));
    dict_put(d, "value", tail || f->kind == F_OCTETS ? obj_u64(bits / 8)
                                                     : Tcl_NewStringObj(l->buf, -1));
    Tcl_ListObjAppendElement(NULL, l->list, d);
}

int msg_fields_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)objc;
    return list_each(ctx, ip, objv[0], list_field);
}

int msg_header_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    (void)objc;
    if (b == NULL)
        return TCL_ERROR;
    const struct node *h = b->m->hdr;
    const char *exchange = name_of(&names_exchange, msg_exchange(b->m));
    Tcl_Obj *d = Tcl_NewDictObj();
    dict_put(d, "spi_i", obj_hex(node_num(h, HDR_SPI_I), 16));
    dict_put(d, "spi_r", obj_hex(node_num(h, HDR_SPI_R), 16));
    dict_put(d, "major", obj_u64(node_num(h, HDR_MAJOR)));
    dict_put(d, "minor", obj_u64(node_num(h, HDR_MINOR)));
    dict_put(d, "exchange",
             exchange != NULL ? Tcl_NewStringObj(exchange, -1) : obj_u64(msg_exchange(b->m)));
    dict_put(d, "flags", obj_hex(msg_flags(b->m), 2));
    dict_put(d, "initiator", Tcl_NewIntObj((msg_flags(b->m) & FLAG_INITIATOR) != 0));
    dict_put(d, "kind", Tcl_NewStringObj(msg_is_response(b->m) ? "response" : "request", -1));
    dict_put(d, "mid", Tcl_NewWideIntObj(msg_mid(b->m)));
    dict_put(d, "next", obj_u64(node_num(h, HDR_NEXT)));
    dict_put(d, "length", obj_u64(node_num(h, HDR_LENGTH)));
    Tcl_SetObjResult(ip, d);
    return TCL_OK;
}

/* --- judging
 * ------------------------------------------------------------------------------------------------
 */

int msg_lint_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static struct fault found[LINT_MAX];
    const struct box *b = app_box(ctx, ip, objv[0]);
    (void)objc;
    if (b == NULL)
        return TCL_ERROR;
    size_t num = lint(b->m, found, LINT_MAX);
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; i < num && i < LINT_MAX; i++) {
        const struct fault *f = &found[i];
        const char *payload = name_of(&names_payload, f->payload);
        char text[300];
        fault_text(f, text, sizeof text);
        Tcl_Obj *d = Tcl_NewDictObj();
        dict_put(d, "req", Tcl_NewStringObj(req_id(f->req), -1));
        dict_put(d, "text", obj_text(text));
        dict_put(d, "path",
                 Tcl_ObjPrintf("%s.%s",
                               f->payload == 0   ? "HDR"
                               : payload != NULL ? payload
                                                 : "payload",
                               f->field != NULL ? f->field : ""));
        dict_put(d, "off", Tcl_NewWideIntObj(f->off));
        Tcl_ListObjAppendElement(NULL, list, d);
    }
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

int msg_rules_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    bool from_initiator = b != NULL && (msg_flags(b->m) & FLAG_INITIATOR) != 0;
    struct fault why = { 0 };
    char text[300] = "";
    if (b == NULL ||
        (objc == 2 && cmd_bool(ip, "from-initiator", objv[1], &from_initiator) != TCL_OK))
        return TCL_ERROR;
    enum err rc = rules_check(b->m, from_initiator, &why);
    if (rc != ERR_OK) {
        why.code = rc;
        fault_text(&why, text, sizeof text);
    }
    Tcl_SetObjResult(ip, obj_text(text));
    return TCL_OK;
}

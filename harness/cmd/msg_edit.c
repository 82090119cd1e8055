/* msg_edit.c - fields set, payloads added, taken out, moved and doubled. */
#include <stdio.h>

#include "harness/cmd/conn_cmd.h"
#include "harness/cmd/msg_cmd.h"
#include "harness/edit/graft.h"

/* --- editing
 * ------------------------------------------------------------------------------------------------
 */

struct box *msg_editable(struct app *app, Tcl_Interp *ip, Tcl_Obj *handle, size_t more)
{
    struct box *b = app_box(app, ip, handle);
    if (b != NULL && !box_room(b, MSG_EDIT_ROOM + 2 * more)) {
        msg_err_fail(ip, ERR_SPACE, Tcl_GetString(handle));
        return NULL;
    }
    return b;
}

int msg_set_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    if (objc % 2 != 1)
        return cmd_fail_code(ip, "USAGE", "set", "usage: msg set H PATH VALUE ?PATH VALUE ...?");
    for (int i = 1; i < objc; i += 2) {
        const char *path = Tcl_GetString(objv[i]), *value = Tcl_GetString(objv[i + 1]);
        struct box *b = msg_editable(ctx, ip, objv[0], strlen(value));
        struct path_fault why = { 0 };
        if (b == NULL)
            return TCL_ERROR;
        enum err rc = path_set(b->m, path, value, &why);
        if (rc != ERR_OK) {
            why.code = rc;
            return msg_path_fail(ip, &why, path, value);
        }
    }
    Tcl_SetObjResult(ip, objv[0]);
    return TCL_OK;
}

/* The payload (or structure) that a notation names. */
static int find_node(Tcl_Interp *ip, const struct message *m, const char *notation,
                     struct path_ref *out)
{
    struct path_fault why = { 0 };
    enum err rc = graft_find(m, notation, out, &why);
    if (rc == ERR_OK)
        return TCL_OK;
    if (path_has(m, graft_notation(notation)))
        return cmd_fail(ip, rc, notation, "%s names a field, not a payload", notation);
    return msg_path_fail(ip, &why, graft_notation(notation), NULL);
}

/* What to add: the type of the payload and, for a notify, of the notify. */
struct kind {
    uint8_t payload;
    bool notify;
    uint16_t notify_type;
};

static int read_kind(Tcl_Interp *ip, const char *word, struct kind *out)
{
    uint32_t v = 0;
    char name[80];
    int used = 0;
    *out = (struct kind){ 0 };
    if (sscanf(word, "N(%79[^)])%n", name, &used) == 1 && used > 0 && word[used] == '\0') {
        if (registry_number(ip, "notify type", &names_notify, name, 65535, &v) != TCL_OK)
            return TCL_ERROR;
        *out =
            (struct kind){ .payload = PAYLOAD_NOTIFY, .notify = true, .notify_type = (uint16_t)v };
        return TCL_OK;
    }
    if (sscanf(word, "payload(%79[^)])%n", name, &used) == 1 && used > 0 && word[used] == '\0')
        word = name;
    if (strcmp(word, "NOTIFY") == 0 || strcmp(word, "DELETE") == 0 || strcmp(word, "VID") == 0)
        word = word[0] == 'N' ? "N" : word[0] == 'D' ? "D" : "V";
    if (registry_number(ip, "payload type", &names_payload, graft_notation(word), 255, &v) !=
        TCL_OK)
        return TCL_ERROR;
    out->payload = (uint8_t)v;
    return TCL_OK;
}

struct adding {
    struct node *node;
    Tcl_Obj *before, *after;
};

static int set_field(Tcl_Interp *ip, struct message *m, struct node *parent, struct node *n,
                     const char *name, Tcl_Obj *value)
{
    /* The node's own path: a step by position works for every payload, in SK or outside. */
    size_t at = 1;
    char path[MSG_PATH_MAX];
    struct path_fault why = { 0 };
    for (const struct node *c = parent->child; c != n; c = c->next)
        at++;
    if (snprintf(path, sizeof path, "%s.%zu.%s", parent->type == PAYLOAD_SK ? "SK" : "HDR", at,
                 name) >= (int)sizeof path)
        return cmd_fail(ip, ERR_NO_PATH, name, "field name too long");
    enum err rc = path_set(m, path, Tcl_GetString(value), &why);
    if (rc == ERR_OK)
        return TCL_OK;
    why.code = rc;
    return msg_path_fail(ip, &why, path, Tcl_GetString(value));
}

static int add_options(Tcl_Interp *ip, struct message *m, struct node *parent, struct adding *a,
                       int objc, Tcl_Obj *const objv[])
{
    bool critical;
    for (int i = 0; i + 1 < objc; i += 2) {
        const char *name = Tcl_GetString(objv[i]);
        if (strcmp(name, "-before") == 0)
            a->before = objv[i + 1];
        else if (strcmp(name, "-after") == 0)
            a->after = objv[i + 1];
        else if (strcmp(name, "-body") == 0)
            continue; /* was read first */
        else if (strcmp(name, "-critical") == 0) {
            if (cmd_bool(ip, name, objv[i + 1], &critical) != TCL_OK)
                return TCL_ERROR;
            if (node_set_num(m, a->node, PL_CRITICAL, critical) != ERR_OK)
                return msg_err_fail(ip, ERR_SPACE, name);
        } else if (name[0] == '-') {
            static const char *const options[] = { "-before", "-after", "-body", "-critical",
                                                   NULL };
            return cmd_word(ip, "option", objv[i], options) < 0 ? TCL_ERROR : TCL_OK;
        } else if (set_field(ip, m, parent, a->node, name, objv[i + 1]) != TCL_OK) {
            return TCL_ERROR;
        }
    }
    return TCL_OK;
}

static int place(Tcl_Interp *ip, struct message *m, struct node *parent, struct node *n,
                 Tcl_Obj *mark, bool after)
{
    struct path_ref ref;
    (void)parent;
    if (find_node(ip, m, Tcl_GetString(mark), &ref) != TCL_OK)
        return TCL_ERROR;
    if (ref.node == n)
        return TCL_OK;
    node_insert(ref.parent, n, after ? ref.node->next : ref.node);
    return TCL_OK;
}

static int add_payload(Tcl_Interp *ip, struct message *m, const struct kind *k, int objc,
                       Tcl_Obj *const objv[])
{
    struct node *parent = msg_payloads(m);
    struct adding a = { 0 };
    Tcl_Obj *body = NULL;
    for (int i = 0; i + 1 < objc; i += 2)
        if (strcmp(Tcl_GetString(objv[i]), "-body") == 0)
            body = objv[i + 1];
    a.node = body != NULL ? graft_payload(m, parent, k->payload, cmd_bytes(body))
                          : payload_add(m, parent, k->payload);
    if (a.node == NULL)
        return msg_err_fail(ip, ERR_SPACE, "add");
    int rc = TCL_OK;
    if (k->notify && body == NULL && node_set_num(m, a.node, NOTIFY_TYPE, k->notify_type) != ERR_OK)
        rc = msg_err_fail(ip, ERR_SPACE, "add");
    if (rc == TCL_OK)
        rc = add_options(ip, m, parent, &a, objc, objv);
    Tcl_Obj *mark = a.before != NULL ? a.before : a.after;
    if (rc == TCL_OK && mark == NULL)
        return TCL_OK;
    node_remove(parent, a.node);
    return rc == TCL_OK ? place(ip, m, parent, a.node, mark, a.before == NULL) : rc;
}

int msg_add_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct kind k;
    size_t more = 0;
    if (objc % 2 != 0)
        return cmd_fail_code(ip, "USAGE", "add", "add: options and fields come in pairs");
    for (int i = 2; i < objc; i++)
        more += (size_t)Tcl_GetCharLength(objv[i]);
    struct box *b = msg_editable(ctx, ip, objv[0], 128 * more);
    if (b == NULL || read_kind(ip, Tcl_GetString(objv[1]), &k) != TCL_OK ||
        add_payload(ip, b->m, &k, objc - 2, objv + 2) != TCL_OK)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, objv[0]);
    return TCL_OK;
}

int msg_remove_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct box *b = app_box(ctx, ip, objv[0]);
    struct path_ref ref;
    (void)objc;
    if (b == NULL || find_node(ip, b->m, Tcl_GetString(objv[1]), &ref) != TCL_OK)
        return TCL_ERROR;
    node_remove(ref.parent, ref.node);
    Tcl_SetObjResult(ip, objv[0]);
    return TCL_OK;
}

int msg_move_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static const char *const where[] = { "before", "after", NULL };
    struct box *b = app_box(ctx, ip, objv[0]);
    struct path_ref ref, mark;
    int side = b != NULL ? cmd_word(ip, "place", objv[2], where) : -1;
    (void)objc;
    if (side < 0 || find_node(ip, b->m, Tcl_GetString(objv[1]), &ref) != TCL_OK ||
        find_node(ip, b->m, Tcl_GetString(objv[3]), &mark) != TCL_OK)
        return TCL_ERROR;
    if (ref.node->type == PAYLOAD_SK || ref.parent->type != mark.parent->type)
        return cmd_fail(ip, ERR_MISPLACED, "move", "move: both must be in the same chain");
    if (mark.node != ref.node) {
        node_remove(ref.parent, ref.node);
        node_insert(mark.parent, ref.node, side == 1 ? mark.node->next : mark.node);
    }
    Tcl_SetObjResult(ip, objv[0]);
    return TCL_OK;
}

int msg_double_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct box *b = msg_editable(ctx, ip, objv[0], 65536);
    struct path_ref ref;
    (void)objc;
    if (b == NULL || find_node(ip, b->m, Tcl_GetString(objv[1]), &ref) != TCL_OK)
        return TCL_ERROR;
    enum err rc = graft_double(b->m, &ref);
    if (rc != ERR_OK)
        return msg_err_fail(ip, rc, "double");
    Tcl_SetObjResult(ip, objv[0]);
    return TCL_OK;
}

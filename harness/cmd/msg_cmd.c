/* msg_cmd.c - ::ike::msg: messages as trees that scripts compose, read and bend. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "engine/wire/encap.h"
#include "engine/wire/lint.h"
#include "engine/wire/path.h"
#include "engine/wire/print.h"
#include "engine/wire/rules.h"
#include "harness/cmd/app.h"
#include "harness/cmd/conn_cmd.h"

#define MSG_ROOM (256u << 10)  /* tree of a composed message; grows when full */
#define EDIT_ROOM 8192u        /* what one edit may take besides its value */
#define OCTETS_MAX (256u << 10)
#define TEXT_MAX (1u << 20)
#define PATH_TEXT_MAX 400u
#define LINT_MAX 64u

/* --- failures ------------------------------------------------------------------------------------------- */

static int path_fail(Tcl_Interp *ip, const struct path_fault *why, const char *path,
                     const char *value)
{
    char text[500];
    path_fault_text(why, path, value, text, sizeof text);
    return cmd_fail(ip, why->code, path, "%s", text);
}

static int err_fail(Tcl_Interp *ip, enum err rc, const char *what)
{
    return cmd_fail(ip, rc, what, "%s: %s", what, err_text(rc));
}

static int memory_fail(Tcl_Interp *ip)
{
    return err_fail(ip, ERR_MEMORY, "msg");
}

static int set_handle(struct app *app, Tcl_Interp *ip, struct box *b)
{
    char handle[16];
    if (b == NULL)
        return memory_fail(ip);
    Tcl_SetObjResult(ip, Tcl_NewStringObj(app_handle(app, b, handle), -1));
    return TCL_OK;
}

/* --- making and going ------------------------------------------------------------------------------------ */

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
        return memory_fail(ip);
    enum err rc = msg_new(&b->own, &b->arena, (uint8_t)exchange,
                          kind == 1 ? FLAG_RESPONSE : FLAG_INITIATOR, 0, 0, 0);
    if (rc != ERR_OK) {
        box_free(b);
        return err_fail(ip, rc, "msg");
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
        return memory_fail(ip);
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

static bool is_record(const struct app *app, const struct box *b)
{
    for (const struct peer *p = app->w != NULL ? app->w->peers : NULL; p != NULL; p = p->next)
        for (size_t i = 0; i < p->num_records; i++)
            if (p->record[i]->box == b)
                return true;
    return false;
}

static int msg_free_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct box *b = app_box(app, ip, objv[0]);
    (void)objc;
    if (b == NULL)
        return TCL_ERROR;
    if (b->m != &b->own || is_record(app, b))
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
        return memory_fail(ip);
    struct writer w = wr_init(room, OCTETS_MAX);
    enum err rc = encode(b->m, &w);
    if (rc == ERR_OK)
        rc = w.err;
    if (rc == ERR_OK)
        Tcl_SetObjResult(ip, obj_bytes(wr_done(&w)));
    free(room);
    return rc == ERR_OK ? TCL_OK : err_fail(ip, rc, "encode");
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

/* --- reading ----------------------------------------------------------------------------------------------- */

static int get_text(Tcl_Interp *ip, const struct message *m, const char *path, char *buf,
                    struct path_fault *why)
{
    if (path_get(m, path, buf, TEXT_MAX, why) != ERR_OK)
        return path_fail(ip, why, path, NULL);
    return TCL_OK;
}

static int msg_get_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    char *buf = b != NULL ? malloc(TEXT_MAX) : NULL;
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

/* Ladders write the nonce by who sent it. */
static const char *plain_notation(const char *word)
{
    return strcmp(word, "Ni") == 0 || strcmp(word, "Nr") == 0   ? "Nonce"
           : strcmp(word, "KEi") == 0 || strcmp(word, "KEr") == 0 ? "KE"
                                                                   : word;
}

/* Same value: as text, or after the value went through the field itself (a name and a number). */
static bool value_is(const struct message *m, const char *path, const char *value, char *buf)
{
    if (path_get(m, path, buf, TEXT_MAX, NULL) != ERR_OK)
        return false;
    if (strcasecmp(buf, value) == 0)
        return true;
    struct box *copy = box_copy(m, EDIT_ROOM + 2 * strlen(value));
    char *other = malloc(TEXT_MAX);
    bool same = copy != NULL && other != NULL &&
                path_set(&copy->own, path, value, NULL) == ERR_OK &&
                path_get(&copy->own, path, other, TEXT_MAX, NULL) == ERR_OK &&
                strcmp(buf, other) == 0;
    box_free(copy);
    free(other);
    return same;
}

static int msg_has_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    const char *pattern = Tcl_GetString(objv[1]), *equals = strchr(pattern, '=');
    bool has;
    (void)objc;
    if (b == NULL)
        return TCL_ERROR;
    if (equals == NULL) {
        has = path_has(b->m, plain_notation(pattern));
    } else {
        char path[PATH_TEXT_MAX];
        size_t len = (size_t)(equals - pattern);
        char *buf = malloc(TEXT_MAX);
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

static int msg_exists_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
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
    char *buf = b != NULL ? malloc(TEXT_MAX) : NULL;
    if (buf == NULL)
        return b != NULL ? memory_fail(ip) : TCL_ERROR;
    print(b->m, max_octets, buf, TEXT_MAX);
    Tcl_SetObjResult(ip, Tcl_NewStringObj(buf, -1));
    free(buf);
    return TCL_OK;
}

static size_t print_line_of(const struct message *m, size_t max_octets, char *buf, size_t cap)
{
    (void)max_octets;
    return print_line(m, buf, cap);
}

static int msg_chain_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)objc;
    return print_with(ctx, ip, objv[0], 0, print_line_of);
}

static int msg_tree_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
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

static int msg_payloads_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
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

static void list_path(void *ctx, const char *path, struct node *n, unsigned field)
{
    struct listing *l = ctx;
    print_field(n, field, PRINT_ALL, l->buf, TEXT_MAX);
    Tcl_Obj *pair[2] = { Tcl_NewStringObj(path, -1), Tcl_NewStringObj(l->buf, -1) };
    Tcl_ListObjAppendElement(NULL, l->list, Tcl_NewListObj(2, pair));
}

static int msg_paths_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    (void)objc;
    if (b == NULL)
        return TCL_ERROR;
    struct listing l = { .list = Tcl_NewListObj(0, NULL), .buf = malloc(TEXT_MAX) };
    if (l.buf != NULL)
        path_list(b->m, list_path, &l);
    free(l.buf);
    Tcl_SetObjResult(ip, l.list);
    return TCL_OK;
}

static int msg_header_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
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

/* --- judging ------------------------------------------------------------------------------------------------ */

static int msg_lint_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
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
        dict_put(d, "path", Tcl_ObjPrintf("%s.%s",
                                          f->payload == 0     ? "HDR"
                                          : payload != NULL ? payload
                                                            : "payload",
                                          f->field != NULL ? f->field : ""));
        dict_put(d, "off", Tcl_NewWideIntObj(f->off));
        Tcl_ListObjAppendElement(NULL, list, d);
    }
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

static int msg_rules_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct box *b = app_box(ctx, ip, objv[0]);
    bool from_initiator = b != NULL && (msg_flags(b->m) & FLAG_INITIATOR) != 0;
    struct fault why = { 0 };
    char text[300] = "";
    if (b == NULL || (objc == 2 && cmd_bool(ip, "from-initiator", objv[1], &from_initiator) !=
                                       TCL_OK))
        return TCL_ERROR;
    enum err rc = rules_check(b->m, from_initiator, &why);
    if (rc != ERR_OK) {
        why.code = rc;
        fault_text(&why, text, sizeof text);
    }
    Tcl_SetObjResult(ip, obj_text(text));
    return TCL_OK;
}

/* --- editing ------------------------------------------------------------------------------------------------ */

/* The box with room for an edit that brings `more` octets. */
static struct box *editable(struct app *app, Tcl_Interp *ip, Tcl_Obj *handle, size_t more)
{
    struct box *b = app_box(app, ip, handle);
    if (b != NULL && !box_room(b, EDIT_ROOM + 2 * more)) {
        err_fail(ip, ERR_SPACE, Tcl_GetString(handle));
        return NULL;
    }
    return b;
}

static int msg_set_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    if (objc % 2 != 1)
        return cmd_fail_code(ip, "USAGE", "set", "usage: msg set H PATH VALUE ?PATH VALUE ...?");
    for (int i = 1; i < objc; i += 2) {
        const char *path = Tcl_GetString(objv[i]), *value = Tcl_GetString(objv[i + 1]);
        struct box *b = editable(ctx, ip, objv[0], strlen(value));
        struct path_fault why = { 0 };
        if (b == NULL)
            return TCL_ERROR;
        enum err rc = path_set(b->m, path, value, &why);
        if (rc != ERR_OK) {
            why.code = rc;
            return path_fail(ip, &why, path, value);
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
    const char *path = plain_notation(notation);
    if (path_find(m, path, out, &why) != ERR_OK)
        return path_fail(ip, &why, path, NULL);
    if (out->field != PATH_NODE || out->parent == NULL)
        return cmd_fail(ip, ERR_NO_PATH, notation, "%s names a field, not a payload", notation);
    return TCL_OK;
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
        *out = (struct kind){ .payload = PAYLOAD_NOTIFY, .notify = true,
                              .notify_type = (uint16_t)v };
        return TCL_OK;
    }
    if (sscanf(word, "payload(%79[^)])%n", name, &used) == 1 && used > 0 && word[used] == '\0')
        word = name;
    if (strcmp(word, "NOTIFY") == 0 || strcmp(word, "DELETE") == 0 || strcmp(word, "VID") == 0)
        word = word[0] == 'N' ? "N" : word[0] == 'D' ? "D" : "V";
    if (registry_number(ip, "payload type", &names_payload, plain_notation(word), 255, &v) !=
        TCL_OK)
        return TCL_ERROR;
    out->payload = (uint8_t)v;
    return TCL_OK;
}

/* The payload of that type whose octets after the generic header are body, unfolded when they have
 * the shape of its type; NULL when they have not. Decoding replaces the children of a node, so it
 * works below one that is thrown away. */
static struct node *unfold(struct message *m, uint8_t type, struct span body)
{
    uint8_t head[HDR_LEN] = { 0 };
    struct node above = { .shape = &shape_hdr, .head = head };
    uint8_t *text = arena_take(m->arena, body.len + PAYLOAD_HDR_LEN);
    if (text == NULL)
        return NULL;
    text[0] = text[1] = 0;
    put_u16(text + 2, (uint16_t)(body.len + PAYLOAD_HDR_LEN));
    if (body.len > 0)
        memcpy(text + PAYLOAD_HDR_LEN, body.p, body.len);
    if (chain_decode(m, &above, type, span_of(text, body.len + PAYLOAD_HDR_LEN), NULL) != ERR_OK)
        return NULL;
    struct node *n = above.child;
    node_remove(&above, n);
    n->set &= ~(1u << PL_NEXT); /* it will stand before another one */
    return n;
}

/* Appends a payload with that body, as bare octets when nothing else fits. */
static struct node *add_body(struct message *m, struct node *parent, uint8_t type,
                             struct span body)
{
    bool sealed = type == PAYLOAD_SK || type == PAYLOAD_SKF;
    if (body.len > UINT16_MAX - PAYLOAD_HDR_LEN)
        return NULL;
    struct node *n = sealed ? NULL : unfold(m, type, body);
    if (n != NULL) {
        node_insert(parent, n, NULL);
        return n;
    }
    n = payload_add(m, parent, sealed ? type : 0);
    if (n == NULL)
        return NULL;
    n->type = type;
    unsigned data = type == PAYLOAD_SK    ? SK_DATA
                    : type == PAYLOAD_SKF ? SKF_DATA
                                          : UNKNOWN_DATA;
    return node_set_bytes(m, n, data, body) == ERR_OK ? n : NULL;
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
    char path[PATH_TEXT_MAX];
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
    return path_fail(ip, &why, path, Tcl_GetString(value));
}

static int add_options(Tcl_Interp *ip, struct message *m, struct node *parent,
                       struct adding *a, int objc, Tcl_Obj *const objv[])
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
                return err_fail(ip, ERR_SPACE, name);
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
    a.node = body != NULL ? add_body(m, parent, k->payload, cmd_bytes(body))
                          : payload_add(m, parent, k->payload);
    if (a.node == NULL)
        return err_fail(ip, ERR_SPACE, "add");
    int rc = TCL_OK;
    if (k->notify && body == NULL &&
        node_set_num(m, a.node, NOTIFY_TYPE, k->notify_type) != ERR_OK)
        rc = err_fail(ip, ERR_SPACE, "add");
    if (rc == TCL_OK)
        rc = add_options(ip, m, parent, &a, objc, objv);
    Tcl_Obj *mark = a.before != NULL ? a.before : a.after;
    if (rc == TCL_OK && mark == NULL)
        return TCL_OK;
    node_remove(parent, a.node);
    return rc == TCL_OK ? place(ip, m, parent, a.node, mark, a.before == NULL) : rc;
}

static int msg_add_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct kind k;
    size_t more = 0;
    if (objc % 2 != 0)
        return cmd_fail_code(ip, "USAGE", "add", "add: options and fields come in pairs");
    for (int i = 2; i < objc; i++)
        more += (size_t)Tcl_GetCharLength(objv[i]);
    struct box *b = editable(ctx, ip, objv[0], 128 * more);
    if (b == NULL || read_kind(ip, Tcl_GetString(objv[1]), &k) != TCL_OK ||
        add_payload(ip, b->m, &k, objc - 2, objv + 2) != TCL_OK)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, objv[0]);
    return TCL_OK;
}

static int msg_remove_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
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

static int msg_move_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
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

static int msg_double_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct box *b = editable(ctx, ip, objv[0], 65536);
    struct path_ref ref;
    (void)objc;
    if (b == NULL || find_node(ip, b->m, Tcl_GetString(objv[1]), &ref) != TCL_OK)
        return TCL_ERROR;
    struct node *n = node_clone(b->m, ref.node);
    if (n == NULL)
        return err_fail(ip, ERR_SPACE, "double");
    n->set &= ~(1u << PL_NEXT);
    node_insert(ref.parent, n, ref.node->next);
    Tcl_SetObjResult(ip, objv[0]);
    return TCL_OK;
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
    { "chain", msg_chain_cmd, 1, 1, "H" },
    { "tree", msg_tree_cmd, 1, 3, "H ?-octets N? ?-all 1?" },
    { "payloads", msg_payloads_cmd, 1, 1, "H" },
    { "paths", msg_paths_cmd, 1, 1, "H" },
    { "header", msg_header_cmd, 1, 1, "H" },
    { "lint", msg_lint_cmd, 1, 1, "H" },
    { "rules", msg_rules_cmd, 1, 2, "H ?FROM_INITIATOR?" },
    { 0 },
};

void msg_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::msg", msg_cmds, app);
}

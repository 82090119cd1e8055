/* edit_cmd.c - ::ike::edit: programs of edits on messages and octets (harness/edit/edit.h), as
 * lists:
 *
 *   {set PATH VALUE} {flip PATH BIT} {cut PATH N} {grow PATH N OCTET} {fill PATH OCTET}      a
 * field {remove P} {double P N} {move P before|after Q} {insert TYPE CRITICAL HEX} {notify TYPE
 * HEX}      payloads {plain-flip BIT} {plain-cut N} {plain-grow N OCTET}      octets inside SK
 * before sealing {wire-flip BIT} {wire-cut N} {wire-grow N OCTET}         octets of the datagram */
#include "harness/cmd/edit_cmd.h"

#include <stdlib.h>

#include "harness/cmd/app.h"
#include "harness/edit/menu.h"

/* What the words of an edit are: p a path, v a value, a and b its numbers, i a bit, w before or
 * after, m a payload, x octets in hex. */
static const char *const words_of[NUM_EDIT_KINDS] = {
    [EDIT_SET] = "pv",        [EDIT_FLIP] = "pi",      [EDIT_CUT] = "pa",
    [EDIT_GROW] = "pab",      [EDIT_FILL] = "pa",      [EDIT_REMOVE] = "p",
    [EDIT_DOUBLE] = "pa",     [EDIT_MOVE] = "pwm",     [EDIT_INSERT] = "abx",
    [EDIT_NOTIFY] = "ax",     [EDIT_PLAIN_FLIP] = "i", [EDIT_PLAIN_CUT] = "a",
    [EDIT_PLAIN_GROW] = "ab", [EDIT_WIRE_FLIP] = "i",  [EDIT_WIRE_CUT] = "a",
    [EDIT_WIRE_GROW] = "ab",
};
static const char *const wheres[] = { "before", "after", NULL };

/* --- words
 * -------------------------------------------------------------------------------------------- */

static int read_text_word(Tcl_Interp *ip, Tcl_Obj *o, char out[EDIT_PATH])
{
    const char *s = Tcl_GetString(o);
    if (strlen(s) >= EDIT_PATH)
        return cmd_fail(ip, ERR_SPACE, "edit", "\"%.40s...\" is longer than %u octets", s,
                        EDIT_PATH - 1);
    strcpy(out, s);
    return TCL_OK;
}

static int read_hex_word(Tcl_Interp *ip, Tcl_Obj *o, struct edit *e)
{
    const char *s = Tcl_GetString(o);
    size_t digits = strlen(s);
    if (digits % 2 != 0 || digits / 2 > EDIT_OCTETS ||
        strspn(s, "0123456789abcdefABCDEF") != digits)
        return cmd_fail(ip, ERR_CONFIG, "edit", "\"%.40s\" should be at most %u octets in hex", s,
                        EDIT_OCTETS);
    for (e->len = 0; e->len < digits / 2; e->len++) {
        const char two[3] = { s[2 * e->len], s[2 * e->len + 1], '\0' };
        e->octets[e->len] = (uint8_t)strtoul(two, NULL, 16);
    }
    return TCL_OK;
}

static int read_word(Tcl_Interp *ip, char what, Tcl_Obj *o, struct edit *e)
{
    Tcl_WideInt bit;
    int where;
    switch (what) {
    case 'p':
        return read_text_word(ip, o, e->path);
    case 'm':
        return read_text_word(ip, o, e->mark);
    case 'v':
        return read_text_word(ip, o, e->value);
    case 'x':
        return read_hex_word(ip, o, e);
    case 'w':
        where = cmd_word(ip, "place", o, wheres);
        e->a = where > 0;
        return where < 0 ? TCL_ERROR : TCL_OK;
    case 'i':
        if (Tcl_GetWideIntFromObj(ip, o, &bit) != TCL_OK)
            return TCL_ERROR;
        e->bit = bit;
        return TCL_OK;
    default:
        return cmd_u64(ip, edit_names[e->kind], o, 65535, what == 'a' ? &e->a : &e->b);
    }
}

int edit_from_obj(Tcl_Interp *ip, Tcl_Obj *o, struct edit *out)
{
    Tcl_Obj **word;
    int num, kind;
    *out = (struct edit){ 0 };
    if (Tcl_ListObjGetElements(ip, o, &num, &word) != TCL_OK)
        return TCL_ERROR;
    if (num == 0)
        return cmd_fail_code(ip, "USAGE", "edit",
                             "an edit is a word and what it needs, such as {remove KE}");
    kind = cmd_word(ip, "edit", word[0], edit_names);
    if (kind < 0)
        return TCL_ERROR;
    out->kind = (enum edit_kind)kind;
    const char *what = words_of[kind];
    if ((size_t)num != strlen(what) + 1)
        return cmd_fail_code(ip, "USAGE", edit_names[kind], "the edit %s has %zu words, not %d",
                             edit_names[kind], strlen(what) + 1, num);
    for (int i = 1; i < num; i++)
        if (read_word(ip, what[i - 1], word[i], out) != TCL_OK)
            return TCL_ERROR;
    return TCL_OK;
}

int program_from_obj(Tcl_Interp *ip, Tcl_Obj *o, struct program *out)
{
    Tcl_Obj **op;
    int num;
    out->num = 0;
    if (Tcl_ListObjGetElements(ip, o, &num, &op) != TCL_OK)
        return TCL_ERROR;
    if ((unsigned)num > EDITS_MAX)
        return cmd_fail(ip, ERR_SPACE, "program", "a program has at most %u edits", EDITS_MAX);
    for (int i = 0; i < num; i++)
        if (edit_from_obj(ip, op[i], &out->edit[out->num++]) != TCL_OK)
            return TCL_ERROR;
    return TCL_OK;
}

Tcl_Obj *obj_edit(const struct edit *e)
{
    char hex[2 * EDIT_OCTETS + 1] = "";
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    Tcl_ListObjAppendElement(NULL, list, Tcl_NewStringObj(edit_names[e->kind], -1));
    for (size_t i = 0; i < e->len; i++)
        snprintf(hex + 2 * i, 3, "%02x", e->octets[i]);
    for (const char *what = words_of[e->kind]; *what != '\0'; what++) {
        Tcl_Obj *o = *what == 'p'   ? Tcl_NewStringObj(e->path, -1)
                     : *what == 'm' ? Tcl_NewStringObj(e->mark, -1)
                     : *what == 'v' ? Tcl_NewStringObj(e->value, -1)
                     : *what == 'x' ? Tcl_NewStringObj(hex, -1)
                     : *what == 'w' ? Tcl_NewStringObj(wheres[e->a], -1)
                     : *what == 'i' ? Tcl_NewWideIntObj(e->bit)
                                    : obj_u64(*what == 'a' ? e->a : e->b);
        Tcl_ListObjAppendElement(NULL, list, o);
    }
    return list;
}

/* --- what can be edited
 * ------------------------------------------------------------------------------- */

static int menu_of(struct app *app, Tcl_Interp *ip, Tcl_Obj *const objv[], struct box **box,
                   struct menu *out)
{
    bool sealed;
    *out = (struct menu){ 0 };
    *box = app_box(app, ip, objv[0]);
    if (*box == NULL || cmd_bool(ip, "sealed", objv[1], &sealed) != TCL_OK)
        return TCL_ERROR;
    enum err rc = menu_read(out, (*box)->m, sealed);
    if (rc == ERR_OK)
        return TCL_OK;
    menu_clear(out);
    return cmd_fail(ip, rc, "edit", "edit: %s", err_text(rc));
}

static int edit_targets(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct menu menu;
    struct box *b;
    (void)objc;
    if (menu_of(ctx, ip, objv, &b, &menu) != TCL_OK)
        return TCL_ERROR;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; i < menu.num_targets; i++)
        Tcl_ListObjAppendElement(NULL, list, Tcl_NewStringObj(menu.target[i], -1));
    menu_clear(&menu);
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

static int edit_program(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct program made;
    struct menu menu;
    struct box *b;
    uint64_t seed;
    (void)objc;
    if (cmd_u64(ip, "seed", objv[3], UINT64_MAX, &seed) != TCL_OK ||
        menu_of(ctx, ip, objv, &b, &menu) != TCL_OK)
        return TCL_ERROR;
    menu_program(&menu, b->m, Tcl_GetString(objv[2]), seed, &made);
    menu_clear(&menu);
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; i < made.num; i++)
        Tcl_ListObjAppendElement(NULL, list, obj_edit(&made.edit[i]));
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

/* --- doing it
 * ------------------------------------------------------------------------------------------- */

/* The edits that done has a bit for. */
static Tcl_Obj *those(const struct program *pr, uint32_t done)
{
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; i < pr->num; i++)
        if (done & 1u << i)
            Tcl_ListObjAppendElement(NULL, list, obj_edit(&pr->edit[i]));
    return list;
}

static int edit_apply(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct box *b = app_box(ctx, ip, objv[0]);
    struct program pr;
    size_t need = 0;
    (void)objc;
    if (b == NULL || program_from_obj(ip, objv[1], &pr) != TCL_OK)
        return TCL_ERROR;
    for (size_t i = 0; i < pr.num; i++)
        need += edit_room(&pr.edit[i]);
    (void)box_room(b, need); /* a borrowed one has what it has */
    Tcl_SetObjResult(ip, those(&pr, program_tree(&pr, b->m)));
    return TCL_OK;
}

static int edit_octets_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static const char *const stations[] = { "tree", "plain", "wire", NULL };
    int station = cmd_word(ip, "station", objv[0], stations);
    struct span in = cmd_bytes(objv[1]);
    struct program pr;
    (void)ctx, (void)objc;
    if (station < 0 || program_from_obj(ip, objv[2], &pr) != TCL_OK)
        return TCL_ERROR;
    if (in.len > EDIT_DATAGRAM)
        return cmd_fail(ip, ERR_SPACE, "octets", "octets: more than %u", EDIT_DATAGRAM);
    uint8_t *room = malloc(EDIT_DATAGRAM);
    if (room == NULL)
        return cmd_fail(ip, ERR_MEMORY, "octets", "octets: %s", err_text(ERR_MEMORY));
    size_t len = in.len;
    if (len > 0)
        memcpy(room, in.p, len);
    uint32_t done = program_octets(&pr, (enum edit_station)station, room, &len, EDIT_DATAGRAM);
    Tcl_Obj *pair[2] = { obj_bytes(span_of(room, len)), those(&pr, done) };
    Tcl_SetObjResult(ip, Tcl_NewListObj(2, pair));
    wipe(room, len);
    free(room);
    return TCL_OK;
}

static int edit_about_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    char text[2 * EDIT_PATH];
    struct edit e;
    (void)ctx, (void)objc;
    if (edit_from_obj(ip, objv[0], &e) != TCL_OK)
        return TCL_ERROR;
    edit_about(&e, text, sizeof text);
    Tcl_SetObjResult(ip, Tcl_NewStringObj(text, -1));
    return TCL_OK;
}

static int edit_class_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    char path[EDIT_PATH], class[EDIT_PATH];
    (void)ctx, (void)objc;
    if (read_text_word(ip, objv[0], path) != TCL_OK)
        return TCL_ERROR;
    edit_class(path, class);
    Tcl_SetObjResult(ip, Tcl_NewStringObj(class, -1));
    return TCL_OK;
}

static int edit_chance(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct chance c;
    (void)ctx, (void)objc;
    if (cmd_u64(ip, "state", objv[0], UINT64_MAX, &c.x) != TCL_OK)
        return TCL_ERROR;
    uint64_t drawn = chance_next(&c);
    Tcl_Obj *pair[2] = { obj_u64(c.x), obj_u64(drawn) };
    Tcl_SetObjResult(ip, Tcl_NewListObj(2, pair));
    return TCL_OK;
}

static const struct cmd edit_cmds[] = {
    { "targets", edit_targets, 2, 2, "MSG SEALED" },
    { "program", edit_program, 4, 4, "MSG SEALED TARGET SEED" },
    { "apply", edit_apply, 2, 2, "MSG PROGRAM" },
    { "octets", edit_octets_cmd, 3, 3, "tree|plain|wire BYTES PROGRAM" },
    { "about", edit_about_cmd, 1, 1, "EDIT" },
    { "class", edit_class_cmd, 1, 1, "PATH" },
    { "chance", edit_chance, 1, 1, "STATE" },
    { 0 },
};

void edit_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::edit", edit_cmds, app);
}

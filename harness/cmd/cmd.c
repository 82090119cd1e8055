/* cmd.c - tables to Tcl commands, options, values and the errors they share. */
#define _GNU_SOURCE 1
#include "harness/cmd/cmd.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 64u

/* --- failures -----------------------------------------------------------------------------------
 */

static int fail_with(Tcl_Interp *ip, const char *code, uint32_t off, const char *field,
                     const char *text)
{
    Tcl_Obj *parts[4] = { Tcl_NewStringObj("IKE", -1), Tcl_NewStringObj(code, -1),
                          Tcl_NewWideIntObj(off), obj_text(field != NULL ? field : "") };
    Tcl_SetObjResult(ip, obj_text(text));
    Tcl_SetObjErrorCode(ip, Tcl_NewListObj(4, parts));
    return TCL_ERROR;
}

int cmd_fault(Tcl_Interp *ip, const struct fault *why)
{
    char text[300];
    fault_text(why, text, sizeof text);
    return fail_with(ip, err_name(why->code), why->off, why->field, text);
}

int cmd_fail(Tcl_Interp *ip, enum err code, const char *field, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return fail_with(ip, err_name(code), 0, field, text);
}

int cmd_fail_code(Tcl_Interp *ip, const char *code, const char *field, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return fail_with(ip, code, 0, field, text);
}

/* --- words --------------------------------------------------------------------------------------
 */

size_t word_distance(const char *a, const char *b)
{
    size_t la = strnlen(a, WORD_MAX), lb = strnlen(b, WORD_MAX);
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            size_t best = diagonal + (same ? 0 : 1);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[lb];
}

const char *word_nearest(const char *word, word_at *at, const void *ctx)
{
    const char *best = NULL;
    size_t least = strnlen(word, WORD_MAX) / 3 + 2; /* farther than this is another word */
    for (size_t i = 0; at(ctx, i) != NULL; i++) {
        size_t d = word_distance(word, at(ctx, i));
        if (d < least) {
            least = d;
            best = at(ctx, i);
        }
    }
    return best;
}

int cmd_unknown(Tcl_Interp *ip, const char *what, const char *word, word_at *at, const void *ctx)
{
    const char *near = word_nearest(word, at, ctx);
    char allowed[300] = "";
    size_t used = 0;
    for (size_t i = 0; at(ctx, i) != NULL; i++) {
        int n =
            snprintf(allowed + used, sizeof allowed - used, "%s%s", i > 0 ? ", " : "", at(ctx, i));
        if (n < 0 || (size_t)n >= sizeof allowed - used) {
            allowed[0] = '\0'; /* too many to list */
            break;
        }
        used += (size_t)n;
    }
    return cmd_fail(ip, ERR_CONFIG, word, "unknown %s \"%.80s\"%s%s%s%s%s", what, word,
                    near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                    near != NULL ? "?" : "", allowed[0] != '\0' ? "; allowed: " : "", allowed);
}

static const char *list_at(const void *ctx, size_t i)
{
    return ((const char *const *)ctx)[i];
}

int cmd_word(Tcl_Interp *ip, const char *what, Tcl_Obj *word, const char *const *list)
{
    const char *w = Tcl_GetString(word);
    for (int i = 0; list[i] != NULL; i++)
        if (strcmp(w, list[i]) == 0)
            return i;
    cmd_unknown(ip, what, w, list_at, list);
    return -1;
}

/* --- commands
 * ------------------------------------------------------------------------------------- */

struct ensemble {
    const struct cmd *table;
    void *ctx;
    bool single;
};

static const char *cmd_at(const void *ctx, size_t i)
{
    return ((const struct cmd *)ctx)[i].name;
}

static int usage_fail(Tcl_Interp *ip, const char *cmd, const char *sub, const char *usage)
{
    return cmd_fail_code(ip, "USAGE", sub, "usage: %s%s%s%s%s", cmd, sub[0] != '\0' ? " " : "", sub,
                         usage[0] != '\0' ? " " : "", usage);
}

static int ensemble_run(ClientData data, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct ensemble *e = data;
    const char *cmd = Tcl_GetString(objv[0]);
    const struct cmd *row = e->table;
    int skip = 1;
    if (!e->single) {
        if (objc < 2)
            return usage_fail(ip, cmd, "", "subcommand ?arg ...?");
        skip = 2;
        const char *sub = Tcl_GetString(objv[1]);
        while (row->name != NULL && strcmp(row->name, sub) != 0)
            row++;
        if (row->name == NULL)
            return cmd_unknown(ip, "subcommand", sub, cmd_at, e->table);
    }
    int n = objc - skip;
    if (n < row->min || (row->max >= 0 && n > row->max))
        return usage_fail(ip, cmd, e->single ? "" : row->name, row->usage);
    return row->run(e->ctx, ip, n, objv + skip);
}

static void ensemble_free(ClientData data)
{
    ckfree(data);
}

static void make_command(Tcl_Interp *ip, const char *name, const struct cmd *table, void *ctx,
                         bool single)
{
    struct ensemble *e = (struct ensemble *)ckalloc(sizeof *e);
    *e = (struct ensemble){ .table = table, .ctx = ctx, .single = single };
    Tcl_CreateObjCommand(ip, name, ensemble_run, e, ensemble_free);
}

void cmd_ensemble(Tcl_Interp *ip, const char *name, const struct cmd *table, void *ctx)
{
    make_command(ip, name, table, ctx, false);
}

void cmd_single(Tcl_Interp *ip, const char *name, const struct cmd *row, void *ctx)
{
    make_command(ip, name, row, ctx, true);
}

/* --- values
 * --------------------------------------------------------------------------------------- */

int cmd_u64(Tcl_Interp *ip, const char *field, Tcl_Obj *o, uint64_t max, uint64_t *out)
{
    const char *s = Tcl_GetString(o);
    char *end;
    errno = 0;
    uint64_t v = isdigit((unsigned char)s[0]) ? strtoull(s, &end, 0) : 0;
    if (!isdigit((unsigned char)s[0]) || *end != '\0' || errno != 0 || v > max)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: \"%.80s\" is no number from 0 to %" PRIu64,
                        field, s, max);
    *out = v;
    return TCL_OK;
}

int cmd_bool(Tcl_Interp *ip, const char *field, Tcl_Obj *o, bool *out)
{
    int v;
    if (Tcl_GetBooleanFromObj(NULL, o, &v) != TCL_OK)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: \"%.80s\" is neither 0 nor 1", field,
                        Tcl_GetString(o));
    *out = v != 0;
    return TCL_OK;
}

int cmd_ms(Tcl_Interp *ip, const char *field, Tcl_Obj *o, uint64_t *out_us)
{
    double ms;
    if (Tcl_GetDoubleFromObj(NULL, o, &ms) != TCL_OK || !(ms >= 0 && ms <= 1e12))
        return cmd_fail(ip, ERR_CONFIG, field, "%s: \"%.80s\" is no number of milliseconds", field,
                        Tcl_GetString(o));
    *out_us = (uint64_t)(ms * 1000.0 + 0.5);
    return TCL_OK;
}

static int cmd_pct(Tcl_Interp *ip, const char *field, Tcl_Obj *o, double *out)
{
    double v;
    if (Tcl_GetDoubleFromObj(NULL, o, &v) != TCL_OK || !(v >= 0 && v <= 100))
        return cmd_fail(ip, ERR_CONFIG, field, "%s: \"%.80s\" is no percentage", field,
                        Tcl_GetString(o));
    *out = v;
    return TCL_OK;
}

int cmd_addr(Tcl_Interp *ip, const char *field, Tcl_Obj *o, struct addr *out)
{
    if (!addr_parse(Tcl_GetString(o), out))
        return cmd_fail(ip, ERR_CONFIG, field,
                        "%s: \"%.80s\" is no address such as 192.0.2.1 or [2001:db8::1]:500", field,
                        Tcl_GetString(o));
    return TCL_OK;
}

struct span cmd_bytes(Tcl_Obj *o)
{
    int len;
    const uint8_t *p = Tcl_GetByteArrayFromObj(o, &len);
    return span_of(p, (size_t)len);
}

Tcl_Obj *obj_bytes(struct span s)
{
    return Tcl_NewByteArrayObj(s.p, (int)s.len);
}

Tcl_Obj *obj_text(const char *s)
{
    Tcl_Obj *o = Tcl_NewObj();
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if ((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t')
            Tcl_AppendToObj(o, s, 1);
        else
            Tcl_AppendPrintfToObj(o, "\\x%02x", c);
    }
    return o;
}

Tcl_Obj *obj_u64(uint64_t v)
{
    char text[24];
    if (v <= INT64_MAX)
        return Tcl_NewWideIntObj((Tcl_WideInt)v);
    snprintf(text, sizeof text, "%" PRIu64, v);
    return Tcl_NewStringObj(text, -1);
}

Tcl_Obj *obj_hex(uint64_t v, int digits)
{
    char text[24];
    snprintf(text, sizeof text, "%0*" PRIx64, digits, v);
    return Tcl_NewStringObj(text, -1);
}

Tcl_Obj *obj_addr(const struct addr *a)
{
    char text[64];
    if (a->family == 0)
        return Tcl_NewObj();
    addr_text(a, text, sizeof text);
    return Tcl_NewStringObj(text, -1);
}

void dict_put(Tcl_Obj *dict, const char *key, Tcl_Obj *value)
{
    Tcl_DictObjPut(NULL, dict, Tcl_NewStringObj(key, -1), value);
}

/* --- options
 * ---------------------------------------------------------------------------------------- */

static const char *opt_at(const void *ctx, size_t i)
{
    return ((const struct opt *)ctx)[i].name;
}

static int opt_number(Tcl_Interp *ip, const struct opt *o, Tcl_Obj *value)
{
    uint64_t v, max = o->kind == OPT_U8    ? UINT8_MAX
                      : o->kind == OPT_U16 ? UINT16_MAX
                      : o->kind == OPT_U32 ? UINT32_MAX
                                           : UINT64_MAX;
    if (cmd_u64(ip, o->name, value, max, &v) != TCL_OK)
        return TCL_ERROR;
    if (o->kind == OPT_U8)
        *(uint8_t *)o->to = (uint8_t)v;
    else if (o->kind == OPT_U16)
        *(uint16_t *)o->to = (uint16_t)v;
    else if (o->kind == OPT_U32)
        *(uint32_t *)o->to = (uint32_t)v;
    else
        *(uint64_t *)o->to = v;
    return TCL_OK;
}

static int opt_read(Tcl_Interp *ip, const struct opt *o, Tcl_Obj *value)
{
    switch (o->kind) {
    case OPT_FLAG:
        return cmd_bool(ip, o->name, value, o->to);
    case OPT_U8:
    case OPT_U16:
    case OPT_U32:
    case OPT_U64:
        return opt_number(ip, o, value);
    case OPT_MS:
        return cmd_ms(ip, o->name, value, o->to);
    case OPT_PCT:
        return cmd_pct(ip, o->name, value, o->to);
    case OPT_STR:
        *(const char **)o->to = Tcl_GetString(value);
        return TCL_OK;
    case OPT_BYTES:
        *(struct span *)o->to = cmd_bytes(value);
        return TCL_OK;
    case OPT_OBJ:
        *(Tcl_Obj **)o->to = value;
        return TCL_OK;
    }
    return TCL_ERROR;
}

int cmd_options(Tcl_Interp *ip, int objc, Tcl_Obj *const objv[], const struct opt *opts)
{
    for (int i = 0; i < objc; i++) {
        const char *name = Tcl_GetString(objv[i]);
        const struct opt *o = opts;
        while (o->name != NULL && strcmp(o->name, name) != 0)
            o++;
        if (o->name == NULL)
            return cmd_unknown(ip, "option", name, opt_at, opts);
        if (o->seen != NULL)
            *o->seen = true;
        bool bare = i + 1 == objc || Tcl_GetString(objv[i + 1])[0] == '-';
        if (o->kind == OPT_FLAG && bare) {
            *(bool *)o->to = true;
            continue;
        }
        if (i + 1 == objc)
            return cmd_fail_code(ip, "USAGE", name, "option %s wants a value", name);
        if (opt_read(ip, o, objv[++i]) != TCL_OK)
            return TCL_ERROR;
    }
    return TCL_OK;
}

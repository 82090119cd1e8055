/* tap_cmd.c - scripts at the engine's taps, at the edge of the transport, and where an engine wants
 * something fetched. */
#include <stdlib.h>

#include "harness/cmd/app.h"

static const char *const stations[] = { "tree", "plain", "wire", NULL };

/* Calls {*}prefix args...; words of the result in *result (owned by the caller's reference).
 * false: the error is kept for whoever runs the loop. */
static bool call(struct app *app, Tcl_Obj *prefix, Tcl_Obj *args, Tcl_Obj **result)
{
    Tcl_Obj *line = Tcl_DuplicateObj(prefix);
    int n;
    Tcl_Obj **word;
    int rc = Tcl_ListObjAppendList(app->ip, line, args);
    Tcl_IncrRefCount(line);
    Tcl_IncrRefCount(args);
    if (rc == TCL_OK && (rc = Tcl_ListObjGetElements(app->ip, line, &n, &word)) == TCL_OK)
        rc = Tcl_EvalObjv(app->ip, n, word, TCL_EVAL_GLOBAL);
    Tcl_DecrRefCount(args);
    Tcl_DecrRefCount(line);
    if (rc != TCL_OK && rc != TCL_RETURN) {
        if (app->failed != NULL)
            Tcl_DiscardInterpState(app->failed);
        app->failed = Tcl_SaveInterpState(app->ip, TCL_ERROR);
        return false;
    }
    *result = Tcl_GetObjResult(app->ip);
    Tcl_IncrRefCount(*result);
    Tcl_ResetResult(app->ip);
    return true;
}

static bool keep_error(struct app *app)
{
    if (app->failed != NULL)
        Tcl_DiscardInterpState(app->failed);
    app->failed = Tcl_SaveInterpState(app->ip, TCL_ERROR);
    return false;
}

static void add(Tcl_Obj *list, Tcl_Obj *word)
{
    Tcl_ListObjAppendElement(NULL, list, word);
}

static void add_text(Tcl_Obj *list, const char *word)
{
    add(list, Tcl_NewStringObj(word, -1));
}

/* --- taps
 * ------------------------------------------------------------------------------------------- */

static Tcl_Obj *tap_words(const struct ike_tap_point *at)
{
    Tcl_Obj *words = Tcl_NewListObj(0, NULL);
    const char *exchange = name_of(&names_exchange, at->exchange);
    add_text(words, at->outbound ? "out" : "in");
    add_text(words, stations[at->station]);
    add(words, Tcl_NewWideIntObj(at->sa));
    add(words, exchange != NULL ? Tcl_NewStringObj(exchange, -1) : Tcl_NewIntObj(at->exchange));
    add_text(words, at->response ? "response" : "request");
    add(words, Tcl_NewWideIntObj(at->mid));
    add(words, Tcl_NewIntObj(at->retransmit));
    return words;
}

static bool tap_result(struct app *app, struct ike_tap_point *at, Tcl_Obj *result,
                       enum ike_tap_ruling *out)
{
    static const char *const words[] = { "", "pass", "drop", "replace", NULL };
    int n;
    Tcl_Obj **word;
    if (Tcl_ListObjGetElements(app->ip, result, &n, &word) != TCL_OK)
        return keep_error(app);
    int which = n == 0 ? 0 : cmd_word(app->ip, "answer of a tap", word[0], words);
    if (which < 0)
        return keep_error(app);
    if (which == 2)
        *out = TAP_DROP;
    if (which != 3)
        return true;
    struct span bytes = n == 2 ? cmd_bytes(word[1]) : (struct span){ 0 };
    if (n != 2 || at->station == TAP_TREE || bytes.len > at->cap) {
        cmd_fail(app->ip, ERR_SPACE, "replace",
                 "a tap may replace plain or wire octets by up to %zu others", at->cap);
        return keep_error(app);
    }
    if (bytes.len > 0)
        memcpy(at->bytes, bytes.p, bytes.len);
    *at->len = bytes.len;
    return true;
}

/* A tree tap whose last word was a msg verb returns the handle: that passes too. */
static bool tap_hook(void *ctx, struct peer *p, struct ike_tap_point *at, enum ike_tap_ruling *out)
{
    struct app *app = ctx;
    const struct script *s = app_script(app, p);
    char handle[16] = "";
    struct box *borrowed = NULL;
    Tcl_Obj *result = NULL;
    if (s->tap == NULL || !s->station[at->station])
        return true;
    Tcl_Obj *words = tap_words(at);
    if (at->station == TAP_TREE) {
        borrowed = box_borrow(at->msg);
        add_text(words, borrowed != NULL ? app_handle(app, borrowed, handle) : "");
    } else {
        add(words, obj_bytes(span_of(at->bytes, *at->len)));
    }
    bool ok = call(app, s->tap, words, &result);
    if (ok)
        ok = strcmp(Tcl_GetString(result), handle) == 0 || tap_result(app, at, result, out);
    if (result != NULL)
        Tcl_DecrRefCount(result);
    if (borrowed != NULL) {
        app_unhandle(app, handle);
        box_free(borrowed);
    }
    return ok;
}

int peer_tap_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_peer(app, ip, objv[0]);
    int n;
    Tcl_Obj **word;
    if (p == NULL)
        return TCL_ERROR;
    bool on[3] = { true, true, true };
    if (objc == 3) {
        on[0] = on[1] = on[2] = false;
        if (Tcl_ListObjGetElements(ip, objv[2], &n, &word) != TCL_OK)
            return TCL_ERROR;
        for (int i = 0; i < n; i++) {
            int which = cmd_word(ip, "station", word[i], stations);
            if (which < 0)
                return TCL_ERROR;
            on[which] = true;
        }
    }
    struct script *s = app_script(app, p);
    memcpy(s->station, on, sizeof on);
    app_script_set(&s->tap, objv[1]);
    return TCL_OK;
}

/* --- filters
 * ---------------------------------------------------------------------------------------- */

static bool filter_detail(struct app *app, enum ruling ruling, Tcl_Obj *arg, struct verdict *out)
{
    uint64_t n;
    if (ruling == RULE_DELAY)
        return cmd_ms(app->ip, "delay", arg, &out->delay) == TCL_OK;
    if (ruling == RULE_PORT) {
        if (cmd_u64(app->ip, "port", arg, UINT16_MAX, &n) != TCL_OK)
            return false;
        out->port = (uint16_t)n;
        return true;
    }
    if (ruling == RULE_REPEAT) {
        if (cmd_u64(app->ip, "repeat", arg, 10000, &n) != TCL_OK)
            return false;
        out->times = (uint32_t)n;
        return true;
    }
    struct span bytes = cmd_bytes(arg);
    out->bytes = malloc(bytes.len + 1);
    if (out->bytes == NULL)
        return false;
    if (bytes.len > 0)
        memcpy(out->bytes, bytes.p, bytes.len);
    out->len = bytes.len;
    return true;
}

static bool filter_result(struct app *app, Tcl_Obj *result, struct verdict *out)
{
    static const char *const words[] = {
        "pass", "drop", "hold", "delay", "repeat", "port", "replace", NULL
    };
    int n;
    Tcl_Obj **word;
    if (Tcl_ListObjGetElements(app->ip, result, &n, &word) != TCL_OK)
        return keep_error(app);
    if (n == 0 || (n == 1 && Tcl_GetCharLength(word[0]) == 0))
        return true;
    int which = cmd_word(app->ip, "answer of a filter", word[0], words);
    if (which < 0)
        return keep_error(app);
    bool wants = which >= RULE_DELAY;
    if (n != (wants ? 2 : 1)) {
        cmd_fail_code(app->ip, "USAGE", words[which],
                      "a filter answers pass, drop, hold, "
                      "{delay MS}, {repeat N}, {port N} or {replace BYTES}");
        return keep_error(app);
    }
    if (wants && !filter_detail(app, (enum ruling)which, word[1], out))
        return keep_error(app);
    out->ruling = (enum ruling)which;
    return true;
}

static bool filter_hook(void *ctx, struct peer *p, const struct record *r, struct verdict *out)
{
    struct app *app = ctx;
    const struct script *s = app_script(app, p);
    Tcl_Obj *result = NULL;
    if (s->filter == NULL)
        return true;
    Tcl_Obj *words = Tcl_NewListObj(0, NULL);
    add_text(words, r->in ? "in" : "out");
    add(words, Tcl_NewWideIntObj(r->n));
    if (!call(app, s->filter, words, &result))
        return false;
    bool ok = filter_result(app, result, out);
    Tcl_DecrRefCount(result);
    return ok;
}

int peer_filter_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_peer(app, ip, objv[0]);
    (void)objc;
    if (p == NULL)
        return TCL_ERROR;
    app_script_set(&app_script(app, p)->filter, objv[1]);
    return TCL_OK;
}

/* --- look-ups
 * --------------------------------------------------------------------------------------- */

/* {*}script PEER NUM URL; what it returns does not matter. */
static bool lookup_hook(void *ctx, struct peer *p, const struct ike_event *ev)
{
    struct app *app = ctx;
    const struct script *s = app_script(app, p);
    Tcl_Obj *result = NULL;
    if (s->lookup == NULL)
        return true;
    Tcl_Obj *words = Tcl_NewListObj(0, NULL);
    add_text(words, p->name);
    add(words, Tcl_NewWideIntObj(ev->num));
    add(words, Tcl_NewStringObj((const char *)ev->inner.p, (int)ev->inner.len)); /* ASCII */
    if (!call(app, s->lookup, words, &result))
        return false;
    Tcl_DecrRefCount(result);
    return true;
}

int peer_lookup_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_peer(app, ip, objv[0]);
    (void)objc;
    if (p == NULL)
        return TCL_ERROR;
    app_script_set(&app_script(app, p)->lookup, objv[1]);
    return TCL_OK;
}

/* 1: somebody waited for it. */
int peer_found_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_idle_peer(app, ip, objv[0]);
    uint64_t num;
    if (p == NULL || cmd_u64(ip, "look-up", objv[1], UINT32_MAX, &num) != TCL_OK)
        return TCL_ERROR;
    struct span octets = objc == 3 ? cmd_bytes(objv[2]) : (struct span){ 0 };
    p->inside++;
    enum err rc = ike_found(p->e, (uint32_t)num, octets, world_now(app->w));
    p->inside--;
    if (app_flush(app, ip) != TCL_OK)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, Tcl_NewIntObj(rc == ERR_OK));
    return TCL_OK;
}

/* --- the rest of the hooks
 * ---------------------------------------------------------------------------- */

static void idle_hook(void *ctx)
{
    (void)ctx;
    for (int i = 0; i < 100 && Tcl_DoOneEvent(TCL_ALL_EVENTS | TCL_DONT_WAIT); i++)
        continue;
}

static void forget_hook(void *ctx, struct record *r)
{
    if (r->handle[0] != '\0')
        app_unhandle(ctx, r->handle);
}

void app_hook(struct app *app)
{
    app->w->interrupted = &app_interrupted;
    app->w->hooks = (struct hooks){
        .ctx = app, .filter = filter_hook, .tap = tap_hook, .lookup = lookup_hook,
        .idle = idle_hook, .forget = forget_hook
    };
}

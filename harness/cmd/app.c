/* app.c - the state behind the commands, and the handles of messages. */
#include "harness/cmd/app.h"

#include <stdio.h>
#include <stdlib.h>

volatile sig_atomic_t app_interrupted;

static const char *peer_at(const void *ctx, size_t i)
{
    const struct peer *p = ((const struct world *)ctx)->peers;
    while (p != NULL && i-- > 0)
        p = p->next;
    return p != NULL ? p->name : NULL;
}

struct world *app_world(struct app *app, Tcl_Interp *ip)
{
    if (app->w == NULL)
        cmd_fail(ip, ERR_STATE, "net", "there is no world: net create mem or net create udp first");
    return app->w;
}

struct peer *app_peer(struct app *app, Tcl_Interp *ip, Tcl_Obj *name)
{
    if (app_world(app, ip) == NULL)
        return NULL;
    struct peer *p = peer_find(app->w, Tcl_GetString(name));
    if (p == NULL)
        cmd_unknown(ip, "peer", Tcl_GetString(name), peer_at, app->w);
    return p;
}

struct peer *app_idle_peer(struct app *app, Tcl_Interp *ip, Tcl_Obj *name)
{
    struct peer *p = app_peer(app, ip, name);
    if (p != NULL && p->inside > 0) {
        cmd_fail(ip, ERR_STATE, p->name, "%s: not from inside a tap of the same peer", p->name);
        return NULL;
    }
    return p;
}

int app_failure(struct app *app, Tcl_Interp *ip)
{
    app->w->failed = false;
    if (app->failed == NULL)
        return cmd_fail(ip, ERR_STATE, "script", "a tap or filter failed");
    (void)Tcl_RestoreInterpState(ip, app->failed);
    app->failed = NULL;
    return TCL_ERROR;
}

int app_flush(struct app *app, Tcl_Interp *ip)
{
    world_flush(app->w);
    return app->w->failed ? app_failure(app, ip) : TCL_OK;
}

/* --- handles
 * ----------------------------------------------------------------------------------------- */

const char *app_handle(struct app *app, struct box *b, char out[16])
{
    int fresh;
    snprintf(out, 16, "msg%u", ++app->num_handles);
    Tcl_SetHashValue(Tcl_CreateHashEntry(&app->boxes, out, &fresh), b);
    return out;
}

struct box *app_box(struct app *app, Tcl_Interp *ip, Tcl_Obj *handle)
{
    Tcl_HashEntry *e = Tcl_FindHashEntry(&app->boxes, Tcl_GetString(handle));
    if (e == NULL) {
        cmd_fail(ip, ERR_STATE, Tcl_GetString(handle),
                 "\"%.40s\" is no message: handles look like msg7 and end with msg free, with "
                 "their tap, or with the world",
                 Tcl_GetString(handle));
        return NULL;
    }
    return Tcl_GetHashValue(e);
}

void app_unhandle(struct app *app, const char *handle)
{
    Tcl_HashEntry *e = Tcl_FindHashEntry(&app->boxes, handle);
    if (e != NULL)
        Tcl_DeleteHashEntry(e);
}

/* --- scripts
 * ----------------------------------------------------------------------------------------- */

struct script *app_script(struct app *app, const struct peer *p)
{
    for (struct script *s = app->scripts; s != NULL; s = s->next)
        if (s->peer == p)
            return s;
    struct script *s = (struct script *)ckalloc(sizeof *s);
    *s = (struct script){ .next = app->scripts, .peer = p };
    app->scripts = s;
    return s;
}

void app_script_set(Tcl_Obj **slot, Tcl_Obj *value)
{
    Tcl_Obj *old = *slot;
    *slot = value != NULL && Tcl_GetCharLength(value) > 0 ? value : NULL;
    if (*slot != NULL)
        Tcl_IncrRefCount(*slot);
    if (old != NULL)
        Tcl_DecrRefCount(old);
}

void app_forget_scripts(struct app *app, const struct peer *p)
{
    struct script **at = &app->scripts;
    while (*at != NULL) {
        struct script *s = *at;
        if (p != NULL && s->peer != p) {
            at = &s->next;
            continue;
        }
        *at = s->next;
        app_script_set(&s->tap, NULL);
        app_script_set(&s->filter, NULL);
        app_script_set(&s->lookup, NULL);
        ckfree((char *)s);
    }
}

/* --- life
 * --------------------------------------------------------------------------------------------- */

static void app_gone(ClientData data, Tcl_Interp *ip)
{
    struct app *app = data;
    (void)ip;
    Tcl_HashSearch at;
    world_free(app->w);
    app->w = NULL;
    app_forget_scripts(app, NULL);
    if (app->failed != NULL)
        Tcl_DiscardInterpState(app->failed);
    for (Tcl_HashEntry *e = Tcl_FirstHashEntry(&app->boxes, &at); e != NULL;
         e = Tcl_NextHashEntry(&at))
        box_free(Tcl_GetHashValue(e));
    Tcl_DeleteHashTable(&app->boxes);
    ckfree((char *)app);
}

struct app *app_new(Tcl_Interp *ip)
{
    struct app *app = (struct app *)ckalloc(sizeof *app);
    *app = (struct app){ .ip = ip };
    Tcl_InitHashTable(&app->boxes, TCL_STRING_KEYS);
    (void)Tcl_Eval(ip, "namespace eval ::ike {}");
    Tcl_ResetResult(ip);
    Tcl_CallWhenDeleted(ip, app_gone, app);
    return app;
}

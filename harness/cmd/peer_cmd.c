/* peer_cmd.c - ::ike::peer: engines in the world, their connections, records and events. */
#include <stdlib.h>

#include "harness/cmd/app.h"
#include "harness/cmd/conn_cmd.h"

#define CONN_ROOM (1u << 20)

static int fault_fail(Tcl_Interp *ip, enum err rc, struct fault *why)
{
    why->code = rc;
    return cmd_fault(ip, why);
}

/* --- making
 * ------------------------------------------------------------------------------------------ */

static int read_cookie(Tcl_Interp *ip, const char *text, struct ike_config *c)
{
    uint64_t n;
    if (strcmp(text, "never") == 0) {
        c->cookie_never = true;
        return TCL_OK;
    }
    if (strcmp(text, "always") == 0) {
        c->cookie_threshold = 0;
        return TCL_OK;
    }
    Tcl_Obj *o = Tcl_NewStringObj(text, -1);
    Tcl_IncrRefCount(o);
    int rc = cmd_u64(ip, "cookie", o, UINT32_MAX, &n);
    Tcl_DecrRefCount(o);
    if (rc != TCL_OK)
        return cmd_fail(ip, ERR_CONFIG, "cookie",
                        "cookie: never, always or a number of half-open SAs, not \"%.40s\"", text);
    c->cookie_threshold = (uint32_t)n;
    return TCL_OK;
}

static int open_place(Tcl_Interp *ip, struct peer *p, const struct addr *a)
{
    struct fault why = { 0 };
    struct addr host = *a;
    char text[64];
    host.port = 0;
    p->w->t->sys_error = 0;
    enum err rc = peer_open(p, &host, &why);
    if (rc == ERR_OK)
        return TCL_OK;
    addr_text(&host, text, sizeof text);
    return cmd_fail(ip, rc, "local", "%s: cannot use address %s: %s", p->name, text,
                    rc == ERR_DUPLICATE       ? "another peer has it"
                    : p->w->t->sys_error != 0 ? Tcl_ErrnoMsg(p->w->t->sys_error)
                                              : err_text(rc));
}

static int make(struct app *app, Tcl_Interp *ip, const struct peer_config *cfg, Tcl_Obj *address)
{
    struct fault why = { 0 };
    struct peer *p;
    struct addr a;
    if (address != NULL && cmd_addr(ip, "address", address, &a) != TCL_OK)
        return TCL_ERROR;
    enum err rc = peer_new(app->w, cfg, &p, &why);
    if (rc == ERR_DUPLICATE)
        return cmd_fail(ip, rc, cfg->name, "there is a peer \"%s\" already", cfg->name);
    if (rc != ERR_OK)
        return fault_fail(ip, rc, &why);
    if (address != NULL && open_place(ip, p, &a) != TCL_OK) {
        peer_free(p);
        return TCL_ERROR;
    }
    return TCL_OK;
}

static int peer_new_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    const char *name = Tcl_GetString(objv[0]), *label = name, *cookie = "10";
    Tcl_Obj *address = NULL;
    struct peer_config cfg = { .name = name, .engine = { .keep_dead = true } };
    bool keep_records = true;
    const struct opt opts[] = { { "-seed", OPT_STR, &label, NULL },
                                { "-cookie", OPT_STR, &cookie, NULL },
                                { "-keep-dead", OPT_FLAG, &cfg.engine.keep_dead, NULL },
                                { "-trace", OPT_FLAG, &cfg.engine.trace, NULL },
                                { "-max-half-open", OPT_U32, &cfg.engine.max_half_open, NULL },
                                { "-port-base", OPT_U16, &cfg.ports.local_base, NULL },
                                { "-remote-port-base", OPT_U16, &cfg.ports.remote_base, NULL },
                                { "-address", OPT_OBJ, &address, NULL },
                                { "-records", OPT_FLAG, &keep_records, NULL },
                                { 0 } };
    if (app_world(app, ip) == NULL || cmd_options(ip, objc - 1, objv + 1, opts) != TCL_OK ||
        read_cookie(ip, cookie, &cfg.engine) != TCL_OK)
        return TCL_ERROR;
    if (name[0] == '\0' || strlen(name) >= 32)
        return cmd_fail(ip, ERR_CONFIG, "name", "a peer's name has 1 to 31 octets");
    if (cfg.ports.local_base > 61000 || cfg.ports.remote_base > 61000)
        return cmd_fail(ip, ERR_CONFIG, "port-base", "a port base is at most 61000");
    cfg.label = label;
    cfg.no_records = !keep_records;
    return make(app, ip, &cfg, address);
}

static int peer_free_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_idle_peer(app, ip, objv[0]);
    (void)objc;
    if (p == NULL)
        return TCL_ERROR;
    if (app->w->running)
        return cmd_fail(ip, ERR_STATE, p->name, "not from inside a running net pump");
    app_forget_scripts(app, p);
    peer_free(p);
    return TCL_OK;
}

static int add_conn(struct app *app, Tcl_Interp *ip, struct peer *p, Tcl_Obj *dict, struct arena *a)
{
    struct ike_conn conn;
    struct fault why = { 0 };
    if (conn_from_dict(ip, dict, a, &conn) != TCL_OK)
        return TCL_ERROR;
    /* NAT detection covers the address, so an initiator must know which one it sends from. */
    if (!app->w->is_virtual && addr_is_any(&conn.local) && !addr_is_any(&conn.remote))
        (void)udp_source(&conn.remote, &conn.local);
    if (open_place(ip, p, &conn.local) != TCL_OK)
        return TCL_ERROR;
    enum err rc = ike_add_conn(p->e, &conn, &why);
    return rc == ERR_OK ? TCL_OK : fault_fail(ip, rc, &why);
}

static int peer_conn(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_idle_peer(app, ip, objv[0]);
    void *room = malloc(CONN_ROOM);
    int rc = TCL_ERROR;
    (void)objc;
    if (p != NULL && room != NULL) {
        struct arena a = arena_init(room, CONN_ROOM);
        rc = add_conn(app, ip, p, objv[1], &a);
        wipe(room, a.used); /* held the pre-shared key */
    }
    free(room);
    return rc;
}

/* --- commands to the engine
 * ---------------------------------------------------------------------------- */

static int peer_initiate(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_idle_peer(app, ip, objv[0]);
    bool step = false;
    const struct opt opts[] = { { "-step", OPT_FLAG, &step, NULL }, { 0 } };
    struct fault why = { 0 };
    uint32_t sa = 0;
    if (p == NULL || cmd_options(ip, objc - 2, objv + 2, opts) != TCL_OK)
        return TCL_ERROR;
    p->inside++;
    enum err rc = ike_initiate(p->e, Tcl_GetString(objv[1]), step ? IKE_STEP : 0, world_now(app->w),
                               &sa, &why);
    p->inside--;
    if (rc != ERR_OK)
        return fault_fail(ip, rc, &why);
    if (app_flush(app, ip) != TCL_OK)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, Tcl_NewWideIntObj(sa));
    return TCL_OK;
}

static int peer_bias(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static const char *const words[] = { "random", "lowest", "highest", NULL };
    struct peer *p = app_peer(ctx, ip, objv[0]);
    int which = p != NULL ? cmd_word(ip, "nonce bias", objv[1], words) : -1;
    (void)objc;
    if (which < 0)
        return TCL_ERROR;
    ike_set_nonce_bias(p->e, (enum nonce_bias)which);
    return TCL_OK;
}

static int read_sa(Tcl_Interp *ip, struct peer *p, Tcl_Obj *o, uint32_t *out)
{
    uint64_t sa;
    struct ike_sa_info info;
    if (cmd_u64(ip, "sa", o, UINT32_MAX, &sa) != TCL_OK)
        return TCL_ERROR;
    *out = (uint32_t)sa;
    if (!ike_sa_get(p->e, *out, &info))
        return cmd_fail(ip, ERR_NO_SA, "sa", "%s has no SA %u", p->name, *out);
    return TCL_OK;
}

static int peer_manual(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_idle_peer(ctx, ip, objv[0]);
    uint32_t sa;
    bool on;
    (void)objc;
    if (p == NULL || read_sa(ip, p, objv[1], &sa) != TCL_OK ||
        cmd_bool(ip, "manual", objv[2], &on) != TCL_OK)
        return TCL_ERROR;
    ike_set_manual(p->e, sa, on);
    return TCL_OK;
}

static int peer_forget(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_idle_peer(ctx, ip, objv[0]);
    uint32_t sa;
    (void)objc;
    if (p == NULL || read_sa(ip, p, objv[1], &sa) != TCL_OK)
        return TCL_ERROR;
    p->inside++;
    ike_forget(p->e, sa);
    p->inside--;
    return app_flush(ctx, ip);
}

static int peer_resend(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_idle_peer(ctx, ip, objv[0]);
    uint32_t sa;
    (void)objc;
    if (p == NULL || read_sa(ip, p, objv[1], &sa) != TCL_OK)
        return TCL_ERROR;
    p->inside++;
    enum err rc = ike_resend(p->e, sa);
    p->inside--;
    if (rc != ERR_OK)
        return cmd_fail(ip, rc, "sa", "SA %u: %s", sa, err_text(rc));
    return app_flush(ctx, ip);
}

/* The rulings that can be turned round, in the order of req.def. */
static const char *req_at(const void *ctx, size_t i)
{
    (void)ctx;
    for (int r = 1; r < NUM_REQ; r++)
        if (req_is_ruling((enum req)r) && i-- == 0)
            return req_id((enum req)r);
    return NULL;
}

/* The last words of the ids are what people type. */
static const char *req_word_at(const void *ctx, size_t i)
{
    const char *id = req_at(ctx, i), *slash = id != NULL ? strrchr(id, '/') : NULL;
    return slash != NULL ? slash + 1 : id;
}

static int peer_bend(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(ctx, ip, objv[0]);
    const char *word = Tcl_GetString(objv[1]);
    bool on = true;
    if (p == NULL || (objc == 3 && cmd_bool(ip, "bend", objv[2], &on) != TCL_OK))
        return TCL_ERROR;
    enum req r = req_find(word);
    if (!req_is_ruling(r))
        return cmd_unknown(ip, "requirement the engine rules on", word,
                           strchr(word, '/') != NULL ? req_at : req_word_at, NULL);
    ike_bend(p->e, r, on);
    return TCL_OK;
}

static int peer_bends(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    (void)ctx, (void)objc, (void)objv;
    for (size_t i = 0; req_at(NULL, i) != NULL; i++)
        Tcl_ListObjAppendElement(NULL, list, Tcl_NewStringObj(req_at(NULL, i), -1));
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

/* --- looking
 * --------------------------------------------------------------------------------------------- */

static int peer_list(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    (void)objc, (void)objv;
    for (const struct peer *p = app->w != NULL ? app->w->peers : NULL; p != NULL; p = p->next)
        Tcl_ListObjAppendElement(NULL, list, Tcl_NewStringObj(p->name, -1));
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

static int peer_sas(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(ctx, ip, objv[0]);
    struct ike_sa_info info;
    (void)objc;
    if (p == NULL)
        return TCL_ERROR;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; ike_sa_at(p->e, i, &info); i++)
        Tcl_ListObjAppendElement(NULL, list, sa_dict(&info));
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

static int peer_sa(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(ctx, ip, objv[0]);
    struct ike_sa_info info;
    uint32_t sa;
    (void)objc;
    if (p == NULL || read_sa(ip, p, objv[1], &sa) != TCL_OK || !ike_sa_get(p->e, sa, &info))
        return TCL_ERROR;
    Tcl_SetObjResult(ip, sa_dict(&info));
    return TCL_OK;
}

static int peer_counters(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(ctx, ip, objv[0]);
    struct ike_counters c;
    (void)objc;
    if (p == NULL)
        return TCL_ERROR;
    Tcl_Obj *d = Tcl_NewDictObj();
    ike_get_counters(p->e, &c);
    dict_put(d, "sas", Tcl_NewWideIntObj(c.sas));
    dict_put(d, "half_open", Tcl_NewWideIntObj(c.half_open));
    dict_put(d, "children", Tcl_NewWideIntObj(c.children));
    dict_put(d, "datagrams_in", obj_u64(c.datagrams_in));
    dict_put(d, "datagrams_out", obj_u64(c.datagrams_out));
    dict_put(d, "dropped", obj_u64(c.dropped));
    dict_put(d, "cookies_sent", obj_u64(c.cookies_sent));
    dict_put(d, "rulings", obj_u64(c.rulings));
    Tcl_SetObjResult(ip, d);
    return TCL_OK;
}

static int peer_events(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_peer(app, ip, objv[0]);
    (void)objc;
    if (p == NULL || (p->inside == 0 && app_flush(app, ip) != TCL_OK))
        return TCL_ERROR;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (struct event *ev; (ev = peer_event(p)) != NULL;) {
        Tcl_ListObjAppendElement(NULL, list, event_dict(ev));
        free(ev);
    }
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

/* --- records
 * ---------------------------------------------------------------------------------------------- */

static int peer_records(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(ctx, ip, objv[0]);
    uint64_t from = 1;
    if (p == NULL || (objc == 2 && cmd_u64(ip, "from", objv[1], UINT32_MAX, &from) != TCL_OK))
        return TCL_ERROR;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t n = from > 0 ? from : 1; n <= p->num_records; n++)
        Tcl_ListObjAppendElement(NULL, list, Tcl_NewWideIntObj((Tcl_WideInt)n));
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

static struct record *read_record(struct app *app, Tcl_Interp *ip, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(app, ip, objv[0]);
    uint64_t n;
    if (p == NULL || cmd_u64(ip, "record", objv[1], UINT32_MAX, &n) != TCL_OK)
        return NULL;
    struct record *r = peer_record(p, (uint32_t)n);
    if (r == NULL)
        cmd_fail(ip, ERR_STATE, "record", "%s has records 1 to %zu, no %s", p->name, p->num_records,
                 Tcl_GetString(objv[1]));
    return r;
}

static int peer_record_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct record *r = read_record(ctx, ip, objv);
    (void)objc;
    if (r == NULL)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, record_dict(ctx, r));
    return TCL_OK;
}

static int peer_bytes(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const struct record *r = read_record(ctx, ip, objv);
    (void)objc;
    if (r == NULL)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, obj_bytes(span_of(r->d.p, r->d.len)));
    return TCL_OK;
}

static int peer_held(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct peer *p = app_peer(ctx, ip, objv[0]);
    (void)objc;
    if (p == NULL)
        return TCL_ERROR;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; i < p->num_held; i++)
        Tcl_ListObjAppendElement(NULL, list, Tcl_NewWideIntObj(p->held[i].n));
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

static int peer_release_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    struct peer *p = app_idle_peer(app, ip, objv[0]);
    uint64_t n;
    if (p == NULL)
        return TCL_ERROR;
    if (app->w->running)
        return cmd_fail(ip, ERR_STATE, p->name, "not from inside a running net pump");
    for (size_t left = objc == 1 ? p->num_held : 0; left > 0; left--)
        (void)peer_release(p, p->held[0].n);
    for (int i = 1; i < objc; i++) {
        if (cmd_u64(ip, "record", objv[i], UINT32_MAX, &n) != TCL_OK)
            return TCL_ERROR;
        if (!peer_release(p, (uint32_t)n))
            return cmd_fail(ip, ERR_STATE, "record", "record %u of %s is not held", (unsigned)n,
                            p->name);
    }
    return app_flush(app, ip);
}

static const struct cmd peer_cmds[] = {
    { "new", peer_new_cmd, 1, -1,
      "NAME ?-seed LABEL? ?-cookie never|always|N? ?-keep-dead 1? ?-trace 1? ?-max-half-open N? "
      "?-port-base P? ?-remote-port-base P? ?-address A? ?-records 0?" },
    { "free", peer_free_cmd, 1, 1, "NAME" },
    { "list", peer_list, 0, 0, "" },
    { "conn", peer_conn, 2, 2, "NAME DICT" },
    { "initiate", peer_initiate, 2, 4, "NAME CONN ?-step 1?" },
    { "do", peer_do_cmd, 3, 4, "NAME SA WHAT ?ARGS?" },
    { "bias", peer_bias, 2, 2, "NAME random|lowest|highest" },
    { "manual", peer_manual, 3, 3, "NAME SA 0|1" },
    { "forget", peer_forget, 2, 2, "NAME SA" },
    { "resend", peer_resend, 2, 2, "NAME SA" },
    { "bend", peer_bend, 2, 3, "NAME REQUIREMENT ?0|1?" },
    { "bends", peer_bends, 0, 1, "" },
    { "sas", peer_sas, 1, 1, "NAME" },
    { "sa", peer_sa, 2, 2, "NAME SA" },
    { "counters", peer_counters, 1, 1, "NAME" },
    { "send", peer_send_cmd, 3, -1,
      "NAME SA MSG ?-clear 1? ?-mid N? ?-count 1? ?-as-is 1? ?-icv-flip X? ?-pad N? "
      "?-fragment N?" },
    { "raw", peer_raw_cmd, 2, -1, "NAME BYTES ?-port 500? ?-to ADDR? ?-from ADDR? ?-proto 17|50?" },
    { "esp", peer_esp_cmd, 2, -1,
      "NAME SA ?-child SPI? ?-inner BYTES? ?-next N? ?-seq N? ?-spi X? ?-pad-len N? ?-pad-bad 1? "
      "?-icv-flip X? ?-tfc N? ?-cut N? ?-no-count 1?" },
    { "esp-habit", peer_esp_habit_cmd, 1, -1,
      "NAME ?-seq N? ?-pad-bad 1? ?-tfc N? ?-pad-tfc 1? ?-uncovered N?" },
    { "checksum", peer_checksum_cmd, 2, 2, "NAME 0|1" },
    { "tap", peer_tap_cmd, 2, 3, "NAME SCRIPT ?STATIONS?" },
    { "filter", peer_filter_cmd, 2, 2, "NAME SCRIPT" },
    { "lookup", peer_lookup_cmd, 2, 2, "NAME SCRIPT" },
    { "found", peer_found_cmd, 2, 3, "NAME NUM ?BYTES?" },
    { "held", peer_held, 1, 1, "NAME" },
    { "release", peer_release_cmd, 1, -1, "NAME ?RECORD ...?" },
    { "records", peer_records, 1, 2, "NAME ?FROM?" },
    { "record", peer_record_cmd, 2, 2, "NAME N" },
    { "bytes", peer_bytes, 2, 2, "NAME N" },
    { "events", peer_events, 1, 1, "NAME" },
    { "evidence", peer_evidence_cmd, 2, -1, "NAME DIR ?-comments {N TEXT ...}?" },
    { 0 },
};

void peer_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::peer", peer_cmds, app);
}

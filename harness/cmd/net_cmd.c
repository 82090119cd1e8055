/* net_cmd.c - ::ike::net: the one current world, its link and its clock. */
#include "harness/cmd/app.h"
#include "harness/net/prober.h"

#define DEFAULT_DELAY_US 1000u

static int net_busy(struct app *app, Tcl_Interp *ip)
{
    if (app->w == NULL)
        return TCL_OK;
    for (const struct peer *p = app->w->peers; p != NULL; p = p->next)
        if (p->inside > 0)
            return cmd_fail(ip, ERR_STATE, "net", "not from inside a tap");
    if (app->w->running)
        return cmd_fail(ip, ERR_STATE, "net", "not from inside a running net pump");
    return TCL_OK;
}

static void destroy(struct app *app)
{
    world_free(app->w);
    app->w = NULL;
    app_forget_scripts(app, NULL);
}

static int net_create(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    static const char *const kinds[] = { "mem", "udp", NULL };
    struct app *app = ctx;
    uint64_t seed = 0;
    struct link link = { .delay_us = DEFAULT_DELAY_US };
    const struct opt opts[] = { { "-seed", OPT_U64, &seed, NULL },
                                { "-delay", OPT_MS, &link.delay_us, NULL },
                                { 0 } };
    int kind = cmd_word(ip, "kind of world", objv[0], kinds);
    if (kind < 0 || cmd_options(ip, objc - 1, objv + 1, opts) != TCL_OK ||
        net_busy(app, ip) != TCL_OK)
        return TCL_ERROR;
    destroy(app);
    app->w = world_new(kind == 0, seed, &link);
    if (app->w == NULL)
        return cmd_fail(ip, ERR_MEMORY, "net", "no world: out of memory");
    app_hook(app);
    return TCL_OK;
}

static int net_link(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    Tcl_Obj *from = NULL;
    struct link ignored = { 0 };
    const struct opt find[] = { { "-from", OPT_OBJ, &from, NULL },
                                { "-loss", OPT_PCT, &ignored.loss, NULL },
                                { "-dup", OPT_PCT, &ignored.dup, NULL },
                                { "-reorder", OPT_PCT, &ignored.reorder, NULL },
                                { "-delay", OPT_MS, &ignored.delay_us, NULL },
                                { "-jitter", OPT_MS, &ignored.jitter_us, NULL },
                                { 0 } };
    if (app_world(app, ip) == NULL || cmd_options(ip, objc, objv, find) != TCL_OK)
        return TCL_ERROR;
    if (!app->w->is_virtual)
        return cmd_fail(ip, ERR_STATE, "net", "only the link of net create mem can be shaped");
    struct peer *p = from != NULL ? app_peer(app, ip, from) : NULL;
    if (from != NULL && p == NULL)
        return TCL_ERROR;
    struct link link = mem_get_link(app->w->t, p); /* what is not named stays as it is */
    const struct opt opts[] = { { "-from", OPT_OBJ, &from, NULL },
                                { "-loss", OPT_PCT, &link.loss, NULL },
                                { "-dup", OPT_PCT, &link.dup, NULL },
                                { "-reorder", OPT_PCT, &link.reorder, NULL },
                                { "-delay", OPT_MS, &link.delay_us, NULL },
                                { "-jitter", OPT_MS, &link.jitter_us, NULL },
                                { 0 } };
    if (cmd_options(ip, objc, objv, opts) != TCL_OK)
        return TCL_ERROR;
    if (!mem_set_link(app->w->t, p, &link))
        return cmd_fail(ip, ERR_SPACE, "net", "too many links");
    return TCL_OK;
}

static int net_now(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct app *app = ctx;
    (void)objc, (void)objv;
    if (app_world(app, ip) == NULL)
        return TCL_ERROR;
    Tcl_SetObjResult(ip, obj_u64(world_now(app->w)));
    return TCL_OK;
}

static int net_destroy(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)objc, (void)objv;
    if (net_busy(ctx, ip) != TCL_OK)
        return TCL_ERROR;
    destroy(ctx);
    return TCL_OK;
}

static int run(struct app *app, Tcl_Interp *ip, Tcl_Obj *ms, bool stop_on_news)
{
    uint64_t us;
    if (app_world(app, ip) == NULL || net_busy(app, ip) != TCL_OK ||
        cmd_ms(ip, "time", ms, &us) != TCL_OK)
        return TCL_ERROR;
    enum ending e = world_run(app->w, us, stop_on_news);
    switch (e) {
    case END_TIME:
    case END_NEWS:
        if (stop_on_news)
            Tcl_SetObjResult(ip, Tcl_NewIntObj(e == END_NEWS));
        return TCL_OK;
    case END_INTERRUPTED:
        app_interrupted = 0;
        return cmd_fail_code(ip, "INTERRUPTED", "signal", "interrupted");
    case END_FAILED:
        return app_failure(app, ip);
    case END_STUCK:
        return cmd_fail(ip, ERR_STATE, "net",
                        "the world does not get past %llu us: endless traffic or deadlines",
                        (unsigned long long)world_now(app->w));
    }
    return TCL_ERROR;
}

static int net_pump(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)objc;
    return run(ctx, ip, objv[0], true);
}

static int net_quiet(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)objc;
    return run(ctx, ip, objv[0], false);
}

/* What a lock-step prober of its own socket gets out of a device: {answered N lost N us N}. */
static int net_probe(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct prober r;
    struct addr to;
    uint64_t us;
    (void)ctx, (void)objc;
    if (cmd_addr(ip, "to", objv[0], &to) != TCL_OK || cmd_ms(ip, "time", objv[2], &us) != TCL_OK)
        return TCL_ERROR;
    enum err rc = prober_run(&to, cmd_bytes(objv[1]), us, &r);
    if (rc != ERR_OK)
        return cmd_fail(ip, rc, "probe", "probe: %s", err_text(rc));
    Tcl_Obj *d = Tcl_NewDictObj();
    dict_put(d, "answered", obj_u64(r.answered));
    dict_put(d, "lost", obj_u64(r.lost));
    dict_put(d, "us", obj_u64(r.took_us));
    Tcl_SetObjResult(ip, d);
    return TCL_OK;
}

static const struct cmd net_cmds[] = {
    { "create", net_create, 1, 5, "mem|udp ?-seed N? ?-delay MS?" },
    { "link", net_link, 0, -1,
      "?-loss PCT? ?-dup PCT? ?-reorder PCT? ?-delay MS? ?-jitter MS? ?-from PEER?" },
    { "now", net_now, 0, 0, "" },
    { "pump", net_pump, 1, 1, "MS" },
    { "quiet", net_quiet, 1, 1, "MS" },
    { "probe", net_probe, 3, 3, "ADDR BYTES MS" },
    { "destroy", net_destroy, 0, 0, "" },
    { 0 },
};

void net_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::net", net_cmds, app);
}

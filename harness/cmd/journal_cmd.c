/* journal_cmd.c - ::ike::journal: one line per event, on disk before the next one is written. */
#include "harness/cmd/app.h"
#include "harness/evidence/runlog.h"

static struct runlog journal; /* of the process: a run has one */

static int runlog_fail(Tcl_Interp *ip, const char *what)
{
    int error = Tcl_GetErrno();
    return cmd_fail(ip, ERR_STATE, "journal", "%s: %s", what, Tcl_ErrnoMsg(error));
}

static int journal_open(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    bool sync = false;
    const struct opt opts[] = { { "-sync", OPT_FLAG, &sync, NULL }, { 0 } };
    (void)ctx;
    if (cmd_options(ip, objc - 1, objv + 1, opts) != TCL_OK)
        return TCL_ERROR;
    runlog_close(&journal);
    if (!runlog_open(&journal, Tcl_GetString(objv[0]), sync))
        return runlog_fail(ip, Tcl_GetString(objv[0]));
    return TCL_OK;
}

static int journal_write(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    const char *line = Tcl_GetString(objv[0]);
    (void)ctx, (void)objc;
    if (strchr(line, '\n') != NULL)
        return cmd_fail(ip, ERR_VALUE, "line", "a journal line has no line break inside");
    if (!runlog_write(&journal, span_str(line)))
        return runlog_fail(ip, "the journal could not be written");
    return TCL_OK;
}

static int journal_close(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)ctx, (void)ip, (void)objc, (void)objv;
    runlog_close(&journal);
    return TCL_OK;
}

static const struct cmd journal_cmds[] = {
    { "open", journal_open, 1, 3, "FILE ?-sync 1?" },
    { "write", journal_write, 1, 1, "LINE" },
    { "close", journal_close, 0, 0, "" },
    { 0 },
};

void journal_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::journal", journal_cmds, app);
}

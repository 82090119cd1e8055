/* interrupt_cmd.c - ::ike::on-interrupt SCRIPT: as soon as a signal came that interrupts, the script
 * runs between any two commands, and its error is the error of what was going on; again every few
 * milliseconds, as that may have put up with it, until there is another SCRIPT. For work that no loop
 * of ours sees. While there is a script, no further signal ends the program, as what the first one
 * stopped is being put away. An empty SCRIPT: as before. */
#define _GNU_SOURCE 1
#include <sys/time.h>

#include "harness/cmd/app.h"

#define AGAIN_US 10000

static struct {
    Tcl_AsyncHandler handler; /* NULL until there was a script */
    Tcl_Interp *ip;
    Tcl_Obj *script;
    volatile sig_atomic_t on;
} on_interrupt;

/* From the signal handler: true when that is all there is to do. */
bool app_signalled(void)
{
    if (on_interrupt.on)
        Tcl_AsyncMark(on_interrupt.handler);
    return on_interrupt.on;
}

static void on_alarm(int sig)
{
    (void)sig;
    (void)app_signalled();
}

static void set_alarm(long us)
{
    struct itimerval in = { .it_value = { .tv_usec = us } };
    struct sigaction a = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
    if (us > 0)
        sigaction(SIGALRM, &a, NULL);
    setitimer(ITIMER_REAL, &in, NULL);
}

static int run_script(ClientData data, Tcl_Interp *ip, int code)
{
    Tcl_Obj *script = on_interrupt.script;
    (void)data;
    if (script == NULL || ip != on_interrupt.ip)
        return code;
    set_alarm(AGAIN_US);
    Tcl_IncrRefCount(script);
    Tcl_InterpState was = Tcl_SaveInterpState(ip, code);
    code = Tcl_EvalObjEx(ip, script, 0);
    if (code == TCL_ERROR)
        Tcl_DiscardInterpState(was);
    else
        code = Tcl_RestoreInterpState(ip, was);
    Tcl_DecrRefCount(script);
    return code;
}

static int set_script(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    int len;
    (void)ctx, (void)objc, (void)Tcl_GetStringFromObj(objv[0], &len);
    on_interrupt.on = 0;
    set_alarm(0);
    if (on_interrupt.script != NULL)
        Tcl_DecrRefCount(on_interrupt.script);
    on_interrupt.script = NULL;
    if (len == 0)
        return TCL_OK;
    if (on_interrupt.handler == NULL)
        on_interrupt.handler = Tcl_AsyncCreate(run_script, NULL);
    on_interrupt.ip = ip;
    on_interrupt.script = objv[0];
    Tcl_IncrRefCount(on_interrupt.script);
    on_interrupt.on = 1;
    if (app_interrupted) /* it came before */
        Tcl_AsyncMark(on_interrupt.handler);
    return TCL_OK;
}

static const struct cmd on_interrupt_row = { "on-interrupt", set_script, 1, 1, "script" };

void interrupt_cmd_init(struct app *app)
{
    cmd_single(app->ip, "::ike::on-interrupt", &on_interrupt_row, app);
}

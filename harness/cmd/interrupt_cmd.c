/* interrupt_cmd.c - ::ike::on-interrupt SCRIPT: as soon as a signal came that interrupts, the
 * script runs between any two commands, and its error is the error of what was going on; again
 * every few milliseconds, as that may have put up with it, until there is another SCRIPT. For work
 * that no loop of ours sees. While there is a script, no further signal ends the program, as what
 * the first one stopped is being put away. An empty SCRIPT: as before.
 *
 * Tcl_AsyncMark takes locks. In a signal handler it would wait for ever for one that is held by
 * what the signal interrupted, so that a thread of its own calls it, woken by an octet in a pipe.
 */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "harness/cmd/app.h"

#define AGAIN_NS 10000000L
#define RETRY_NS 1000000L

enum { WAKE_NOW = 'n', WAKE_SOON = 's', WAKE_END = 'e' };

static struct {
    Tcl_AsyncHandler handler; /* NULL until there was a script */
    Tcl_Interp *ip;
    Tcl_Obj *script;
    Tcl_ThreadId waker;
    int wake[2]; /* as of pipe(2); the end that is written to never waits */
    volatile sig_atomic_t on;
    atomic_bool soon; /* WAKE_SOON is in the pipe, or being waited for */
} on_interrupt;

/* Safe in a signal handler. False when the pipe is full. */
static bool wake(char how)
{
    int was = errno;
    bool written = write(on_interrupt.wake[1], &how, 1) == 1;
    errno = was;
    return written;
}

static void wait_ns(long ns)
{
    nanosleep(&(struct timespec){ .tv_nsec = ns }, NULL);
}

/* From the signal handler: true when that is all there is to do. */
bool app_signalled(void)
{
    if (on_interrupt.on)
        (void)wake(WAKE_NOW); /* (a full pipe wakes as well) */
    return on_interrupt.on;
}

static Tcl_ThreadCreateType wait_to_wake(ClientData data)
{
    char how;
    (void)data;
    for (;;) {
        ssize_t n = read(on_interrupt.wake[0], &how, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n != 1 || how == WAKE_END)
            break;
        if (how == WAKE_SOON) {
            wait_ns(AGAIN_NS);
            atomic_store(&on_interrupt.soon, false);
        }
        Tcl_AsyncMark(on_interrupt.handler);
    }
    TCL_THREAD_CREATE_RETURN;
}

/* Before Tcl's own end: the thread is gone, and a signal changes nothing any more. */
static void end_waker(ClientData data)
{
    int status;
    (void)data;
    while (!wake(WAKE_END))
        wait_ns(RETRY_NS);
    Tcl_JoinThread(on_interrupt.waker, &status);
}

static int run_script(ClientData data, Tcl_Interp *ip, int code)
{
    Tcl_Obj *script = on_interrupt.script;
    (void)data;
    if (script == NULL || ip != on_interrupt.ip)
        return code;
    if (!atomic_exchange(&on_interrupt.soon, true) && !wake(WAKE_SOON))
        atomic_store(&on_interrupt.soon,
                     false); /* (others are in the pipe, and this comes again) */
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

/* The handler, and the thread that marks it. */
static int start_waker(Tcl_Interp *ip)
{
    sigset_t all, before;
    int rc;
    if (pipe2(on_interrupt.wake, O_CLOEXEC) < 0)
        return cmd_fail(ip, ERR_SPACE, "pipe", "on-interrupt: no pipe: %s", Tcl_ErrnoMsg(errno));
    (void)fcntl(on_interrupt.wake[1], F_SETFL, O_NONBLOCK);
    on_interrupt.handler = Tcl_AsyncCreate(run_script, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    rc = Tcl_CreateThread(&on_interrupt.waker, wait_to_wake, NULL, TCL_THREAD_STACK_DEFAULT,
                          TCL_THREAD_JOINABLE);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != TCL_OK) {
        Tcl_AsyncDelete(on_interrupt.handler);
        on_interrupt.handler = NULL;
        close(on_interrupt.wake[0]);
        close(on_interrupt.wake[1]);
        return cmd_fail(ip, ERR_MEMORY, "thread", "on-interrupt: no thread can be started");
    }
    Tcl_CreateExitHandler(end_waker, NULL);
    return TCL_OK;
}

static int set_script(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    int len;
    (void)ctx, (void)objc, (void)Tcl_GetStringFromObj(objv[0], &len);
    on_interrupt.on = 0;
    if (on_interrupt.script != NULL)
        Tcl_DecrRefCount(on_interrupt.script);
    on_interrupt.script = NULL;
    if (len == 0)
        return TCL_OK;
    if (on_interrupt.handler == NULL && start_waker(ip) != TCL_OK)
        return TCL_ERROR;
    on_interrupt.ip = ip;
    on_interrupt.script = objv[0];
    Tcl_IncrRefCount(on_interrupt.script);
    on_interrupt.on = 1;
    if (app_interrupted) /* it came before */
        (void)wake(WAKE_NOW);
    return TCL_OK;
}

static const struct cmd on_interrupt_row = { "on-interrupt", set_script, 1, 1, "script" };

void interrupt_cmd_init(struct app *app)
{
    cmd_single(app->ip, "::ike::on-interrupt", &on_interrupt_row, app);
}

/* outlet_cmd.c - ::ike::outlet: standard output that takes no more ends no run. What is written after
 * that goes nowhere. A reader who went away (`| head -1`) is no loss; of every other error, such as a
 * full disk, `::ike::outlet lost` tells the first, for the end. */
#include <errno.h>
#include <string.h>

#include "harness/cmd/app.h"

/* A channel on top of another that passes on all but errors. It is known only once it is stacked;
 * LOST is where the first error goes, NULL for one of which nobody could be told. */
struct outlet {
    Tcl_Channel self;
    int *lost;
};

static int stdout_lost; /* an errno, 0 for none */

static int outlet_output(ClientData data, const char *buf, int len, int *error)
{
    struct outlet *o = data;
    int n = Tcl_WriteRaw(Tcl_GetStackedChannel(o->self), buf, len);
    if (n >= 0)
        return n;
    int why = Tcl_GetErrno();
    if (why == EAGAIN || why == EWOULDBLOCK || why == EINTR) {
        *error = why; /* it is tried again */
        return -1;
    }
    if (o->lost != NULL && *o->lost == 0 && why != EPIPE)
        *o->lost = why;
    return len;
}

static int outlet_input(ClientData data, char *buf, int size, int *error)
{
    (void)data, (void)buf, (void)size;
    *error = EINVAL;
    return -1;
}

static int outlet_close(ClientData data, Tcl_Interp *ip)
{
    (void)ip;
    ckfree((char *)data);
    return 0;
}

static int outlet_close2(ClientData data, Tcl_Interp *ip, int flags)
{
    return (flags & (TCL_CLOSE_READ | TCL_CLOSE_WRITE)) != 0 ? EINVAL : outlet_close(data, ip);
}

static void outlet_watch(ClientData data, int mask)
{
    struct outlet *o = data;
    Tcl_Channel below = Tcl_GetStackedChannel(o->self);
    Tcl_ChannelWatchProc(Tcl_GetChannelType(below))(Tcl_GetChannelInstanceData(below), mask);
}

static int outlet_handle(ClientData data, int direction, ClientData *handle)
{
    struct outlet *o = data;
    return Tcl_GetChannelHandle(Tcl_GetStackedChannel(o->self), direction, handle);
}

/* What the channel below knows of itself: -mode and -winsize tell a terminal. */
static int outlet_get_option(ClientData data, Tcl_Interp *ip, const char *name, Tcl_DString *value)
{
    struct outlet *o = data;
    Tcl_Channel below = Tcl_GetStackedChannel(o->self);
    Tcl_DriverGetOptionProc *get = Tcl_ChannelGetOptionProc(Tcl_GetChannelType(below));
    if (get != NULL)
        return get(Tcl_GetChannelInstanceData(below), ip, name, value);
    return name == NULL ? TCL_OK : Tcl_BadChannelOption(ip, name, "");
}

static const Tcl_ChannelType outlet_type = {
    .typeName = "outlet",
    .version = TCL_CHANNEL_VERSION_5,
    .closeProc = outlet_close,
    .inputProc = outlet_input,
    .outputProc = outlet_output,
    .getOptionProc = outlet_get_option,
    .watchProc = outlet_watch,
    .getHandleProc = outlet_handle,
    .close2Proc = outlet_close2,
};

static bool outlet_on(Tcl_Interp *ip, int which, int *lost)
{
    Tcl_Channel out = Tcl_GetStdChannel(which);
    struct outlet *o;
    if (out == NULL) /* nobody was there from the beginning */
        return true;
    o = (struct outlet *)ckalloc(sizeof *o);
    o->lost = lost;
    o->self = Tcl_StackChannel(ip, &outlet_type, o, TCL_WRITABLE, out);
    if (o->self == NULL)
        ckfree((char *)o);
    return o->self != NULL;
}

static int outlet_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)ctx;
    if (objc == 1 && strcmp(Tcl_GetString(objv[0]), "lost") == 0) {
        if (stdout_lost != 0)
            Tcl_SetObjResult(ip, Tcl_NewStringObj(Tcl_ErrnoMsg(stdout_lost), -1));
        return TCL_OK;
    }
    if (objc > 0)
        return cmd_fail_code(ip, "USAGE", "outlet", "usage: ::ike::outlet ?lost?");
    return outlet_on(ip, TCL_STDOUT, &stdout_lost) && outlet_on(ip, TCL_STDERR, NULL) ? TCL_OK
                                                                                      : TCL_ERROR;
}

static const struct cmd outlet_row = { "outlet", outlet_cmd, 0, 1, "?lost?" };

void outlet_cmd_init(struct app *app)
{
    cmd_single(app->ip, "::ike::outlet", &outlet_row, app);
}

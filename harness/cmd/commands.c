/* commands.c - the ::ike:: commands of one interpreter, one noun per file. */
#include "harness/cmd/app.h"

void commands_new(Tcl_Interp *ip)
{
    struct app *app = app_new(ip);
    net_cmd_init(app);
    peer_cmd_init(app);
    msg_cmd_init(app);
    inner_cmd_init(app);
    names_cmd_init(app);
    pki_cmd_init(app);
    outlet_cmd_init(app);
    interrupt_cmd_init(app);
    pcap_cmd_init(app);
    keyed_cmd_init(app);
    journal_cmd_init(app);
    edit_cmd_init(app);
    volley_cmd_init(app);
}

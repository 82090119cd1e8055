/* app.h - what the commands of one interpreter share: the world, the message handles, the scripts
 * behind taps and filters. */
#ifndef HARNESS_CMD_APP_H
#define HARNESS_CMD_APP_H

#include <signal.h>

#include "harness/cmd/cmd.h"
#include "harness/net/loop.h"

struct script { /* what a peer has from Tcl */
    struct script *next;
    const struct peer *peer;
    Tcl_Obj *tap, *filter, *lookup; /* command prefixes, NULL = none */
    bool station[3];       /* by enum ike_station */
};

struct app {
    Tcl_Interp *ip;
    struct world *w;
    Tcl_HashTable boxes; /* handle -> struct box */
    unsigned num_handles;
    struct script *scripts;
    Tcl_InterpState failed; /* error that a script left while the loop ran */
};

extern volatile sig_atomic_t app_interrupted;
/* A signal that interrupts has come (called in its handler): true when a script of
 * ::ike::on-interrupt looks after it, and no further one is to end the program. */
bool app_signalled(void);

/* Makes all ::ike:: commands in ip (commands.c). */
void commands_new(Tcl_Interp *ip);
/* The state behind them; it lives as long as the interpreter. */
struct app *app_new(Tcl_Interp *ip);

/* The world, or an error that there is none. */
struct world *app_world(struct app *app, Tcl_Interp *ip);
/* The peer of that name, or an error with the nearest one. */
struct peer *app_peer(struct app *app, Tcl_Interp *ip, Tcl_Obj *name);
/* The same, and its engine may be called: fails inside a tap. */
struct peer *app_idle_peer(struct app *app, Tcl_Interp *ip, Tcl_Obj *name);
/* After a command that called an engine: takes its output and events, and the error of a script
 * that ran meanwhile. */
int app_flush(struct app *app, Tcl_Interp *ip);
/* Puts back the error that a script left; TCL_ERROR. */
int app_failure(struct app *app, Tcl_Interp *ip);

/* --- message handles ---------------------------------------------------------------------------
 */

/* Gives b a handle. */
const char *app_handle(struct app *app, struct box *b, char out[16]);
struct box *app_box(struct app *app, Tcl_Interp *ip, Tcl_Obj *handle);
/* Forgets the handle; the box itself stays. */
void app_unhandle(struct app *app, const char *handle);

/* --- scripts
 * ----------------------------------------------------------------------------------------- */

struct script *app_script(struct app *app, const struct peer *p);
/* Puts a script in one of a script's slots; an empty one, or NULL, takes it out. */
void app_script_set(Tcl_Obj **slot, Tcl_Obj *value);
void app_forget_scripts(struct app *app, const struct peer *p); /* NULL: all */
/* What runs them (tap_cmd.c). */
void app_hook(struct app *app);
int peer_tap_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int peer_filter_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int peer_lookup_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int peer_found_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);

/* --- the tables, one noun per file
 * ---------------------------------------------------------------- */

void net_cmd_init(struct app *app);
void peer_cmd_init(struct app *app);
void msg_cmd_init(struct app *app);
void inner_cmd_init(struct app *app);
void names_cmd_init(struct app *app);
void pki_cmd_init(struct app *app);
void outlet_cmd_init(struct app *app);
void interrupt_cmd_init(struct app *app);
void pcap_cmd_init(struct app *app);
void keyed_cmd_init(struct app *app);
void journal_cmd_init(struct app *app);
void edit_cmd_init(struct app *app);
void volley_cmd_init(struct app *app);

/* --- rows of the peer table that live in files of their own
 * ---------------------------------------- */

Tcl_Obj *sa_dict(const struct ike_sa_info *s);                                 /* sa.c */
Tcl_Obj *record_dict(struct app *app, struct record *r);                       /* record.c */
Tcl_Obj *event_dict(const struct event *ev);                                   /* event.c */
int peer_do_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);   /* do_cmd.c */
int peer_send_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]); /* send_cmd.c */
int peer_raw_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int peer_esp_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int peer_esp_habit_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int peer_checksum_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int peer_evidence_cmd(void *ctx, Tcl_Interp *ip, int objc,
                      Tcl_Obj *const objv[]); /* evidence_cmd.c */

#endif

/* msg_cmd.h - rows of the ::ike::msg table that live in files of their own, and what they share. */
#ifndef HARNESS_CMD_MSG_CMD_H
#define HARNESS_CMD_MSG_CMD_H

#include "engine/wire/path.h"
#include "harness/cmd/app.h"

#define MSG_EDIT_ROOM 8192u      /* what one edit may take besides its value */
#define MSG_TEXT_MAX  (1u << 20) /* the longest text of a field or tree */
#define MSG_PATH_MAX  400u

int msg_path_fail(Tcl_Interp *ip, const struct path_fault *why, const char *path,
                  const char *value);
int msg_err_fail(Tcl_Interp *ip, enum err rc, const char *what);
int msg_memory_fail(Tcl_Interp *ip);

/* msg_read.c */
int msg_get_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_has_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_exists_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_chain_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_tree_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_payloads_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_paths_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_fields_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_header_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_lint_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_rules_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);

/* msg_edit.c */
/* The box with room for an edit that brings `more` octets. */
struct box *msg_editable(struct app *app, Tcl_Interp *ip, Tcl_Obj *handle, size_t more);
int msg_set_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_add_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_remove_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_move_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
int msg_double_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);

/* msg_config.c */
int msg_config_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);

#endif

/* edit_cmd.h - programs of edits as Tcl lists. */
#ifndef HARNESS_CMD_EDIT_CMD_H
#define HARNESS_CMD_EDIT_CMD_H

#include "harness/cmd/cmd.h"
#include "harness/edit/edit.h"

/* One edit of a program; fails saying what is wrong with it. */
int edit_from_obj(Tcl_Interp *ip, Tcl_Obj *o, struct edit *out);
/* A whole program: at most EDITS_MAX of them. */
int program_from_obj(Tcl_Interp *ip, Tcl_Obj *o, struct program *out);
Tcl_Obj *obj_edit(const struct edit *e);

#endif

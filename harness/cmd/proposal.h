/* proposal.h - lists of proposals from Tcl. */
#ifndef HARNESS_CMD_PROPOSAL_H
#define HARNESS_CMD_PROPOSAL_H

#include "engine/engine.h"
#include "harness/cmd/cmd.h"

/* esp: ESN_NO is added where a proposal says nothing about it. */
int proposals_from_obj(Tcl_Interp *ip, const char *field, Tcl_Obj *list, bool esp, struct arena *a,
                       const struct ike_proposal **out, uint8_t *num);

#endif

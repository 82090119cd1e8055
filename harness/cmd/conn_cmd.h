/* conn_cmd.h - connections, proposals, identities and selectors between Tcl and the engine. */
#ifndef HARNESS_CMD_CONN_CMD_H
#define HARNESS_CMD_CONN_CMD_H

#include "engine/engine.h"
#include "harness/cmd/cmd.h"

/* Reads a dict into *out; everything that *out borrows lies in a. */
int conn_from_dict(Tcl_Interp *ip, Tcl_Obj *dict, struct arena *a, struct ike_conn *out);

/* One list of traffic selectors into a. */
int selectors_from_obj(Tcl_Interp *ip, const char *field, Tcl_Obj *list, struct arena *a,
                       const struct ike_selector **out, uint8_t *num);
Tcl_Obj *obj_proposal(const struct ike_proposal *p);
Tcl_Obj *obj_selectors(const struct ike_selector *s, size_t num);
/* Number of a key exchange group by its name; fails naming the nearest one. */
int group_from_obj(Tcl_Interp *ip, const char *field, Tcl_Obj *o, uint16_t *out);
/* A number by its name in registry r; fails naming the nearest one. */
int registry_number(Tcl_Interp *ip, const char *what, const struct names *r, const char *word,
                    uint32_t max, uint32_t *out);
/* msg_config.c: an attribute by its name, and its value (RFC 7296 3.15.1) into a: an address, with
 * /BITS where the attribute has a mask or a prefix length; text. Only for types whose form is one of
 * these. field: what an error names. */
int cfg_type_from_word(Tcl_Interp *ip, const char *word, uint16_t *out);
int cfg_value_from_text(Tcl_Interp *ip, const char *field, uint16_t type, const char *text,
                        struct arena *a, struct span *out);
/* The name that ::ike::names knows registry r by, "" when it knows it by none. */
const char *registry_name(const struct names *r);

#endif

/* cmd.h - what every command file shares: a table becomes a Tcl command with subcommands, arity
 * check and usage; options; errors with an errorCode of parts; the nearest known word. */
#ifndef HARNESS_CMD_CMD_H
#define HARNESS_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tcl.h>

#include "engine/base/addr.h"
#include "engine/base/bytes.h"
#include "engine/base/err.h"

/* One subcommand. The handler gets its arguments already counted, without the command words. */
struct cmd {
    const char *name;
    int (*run)(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[]);
    int min, max; /* arguments; max -1 = any number */
    const char *usage;
};

/* Makes the command `name` whose first argument picks a row of table (ended by a zero row). */
void cmd_ensemble(Tcl_Interp *ip, const char *name, const struct cmd *table, void *ctx);
/* Makes the command `name` itself out of the one row. */
void cmd_single(Tcl_Interp *ip, const char *name, const struct cmd *row, void *ctx);

/* --- failures: always TCL_ERROR --------------------------------------------------------------- */

/* errorCode {IKE CODE off field}; the sentence of the fault as message. */
int cmd_fault(Tcl_Interp *ip, const struct fault *why);
/* errorCode {IKE CODE 0 field}, message as printf. */
int cmd_fail(Tcl_Interp *ip, enum err code, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* errorCode {IKE CODE 0 field} for codes that are no enum err (USAGE, INTERRUPTED). */
int cmd_fail_code(Tcl_Interp *ip, const char *code, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* --- words --------------------------------------------------------------------------------------
 */

/* Edits needed to turn a into b, letters of either case being the same. */
size_t word_distance(const char *a, const char *b);
/* The i-th candidate, NULL past the end. */
typedef const char *word_at(const void *ctx, size_t i);
/* The candidate nearest to word, NULL when none is near enough to be meant. */
const char *word_nearest(const char *word, word_at *at, const void *ctx);
/* Fails naming what was unknown, the nearest match if any, and what is allowed (when short). */
int cmd_unknown(Tcl_Interp *ip, const char *what, const char *word, word_at *at, const void *ctx);
/* Index of word in list (ended by NULL), -1 with an error left in ip. */
int cmd_word(Tcl_Interp *ip, const char *what, Tcl_Obj *word, const char *const *list);

/* --- options ------------------------------------------------------------------------------------
 */

enum opt_kind {
    OPT_FLAG,  /* bool *: value 0|1; a last flag without value counts as 1 */
    OPT_U8,    /* uint8_t * */
    OPT_U16,   /* uint16_t * */
    OPT_U32,   /* uint32_t * */
    OPT_U64,   /* uint64_t *: all 64 bits */
    OPT_MS,    /* uint64_t *: milliseconds (fractions allowed), stored as microseconds */
    OPT_PCT,   /* double *: 0 to 100 */
    OPT_STR,   /* const char ** */
    OPT_BYTES, /* struct span *: borrowed from the object */
    OPT_OBJ,   /* Tcl_Obj ** */
};
struct opt {
    const char *name; /* "-loss" */
    enum opt_kind kind;
    void *to;
    bool *seen; /* may be NULL */
};
/* Reads `-name value` pairs from objv[0..objc). A flag may stand without value before another
 * option. */
int cmd_options(Tcl_Interp *ip, int objc, Tcl_Obj *const objv[], const struct opt *opts);

/* --- values -------------------------------------------------------------------------------------
 */

int cmd_u64(Tcl_Interp *ip, const char *field, Tcl_Obj *o, uint64_t max, uint64_t *out);
int cmd_bool(Tcl_Interp *ip, const char *field, Tcl_Obj *o, bool *out);
int cmd_ms(Tcl_Interp *ip, const char *field, Tcl_Obj *o, uint64_t *out_us);
int cmd_addr(Tcl_Interp *ip, const char *field, Tcl_Obj *o, struct addr *out);
struct span cmd_bytes(Tcl_Obj *o);
Tcl_Obj *obj_bytes(struct span s);
/* Text of anybody's making: what is no printable ASCII becomes \xNN. */
Tcl_Obj *obj_text(const char *s);
Tcl_Obj *obj_u64(uint64_t v);
Tcl_Obj *obj_hex(uint64_t v, int digits);
Tcl_Obj *obj_addr(const struct addr *a);
void dict_put(Tcl_Obj *dict, const char *key, Tcl_Obj *value);

#endif

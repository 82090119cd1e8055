/* cmd_test.c - words, options and errors of the command tables. */
#include "harness/cmd/cmd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void distances(void **state)
{
    char long_a[300], long_b[300];
    (void)state;
    assert_int_equal(word_distance("", ""), 0);
    assert_int_equal(word_distance("abc", ""), 3);
    assert_int_equal(word_distance("kitten", "sitting"), 3);
    assert_int_equal(word_distance("COOKIE", "cookie"), 0);
    memset(long_a, 'a', sizeof long_a);
    memset(long_b, 'b', sizeof long_b);
    long_a[299] = long_b[299] = '\0';
    assert_true(word_distance(long_a, long_b) <= 64); /* cut, not overrun */
}

static const char *const words[] = { "delay", "loss", "jitter", NULL };

static const char *at(const void *ctx, size_t i)
{
    return ((const char *const *)ctx)[i];
}

static void nearest(void **state)
{
    (void)state;
    assert_string_equal(word_nearest("dely", at, words), "delay");
    assert_string_equal(word_nearest("los", at, words), "loss");
    assert_null(word_nearest("zzzzzz", at, words));
}

static int echo(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    (void)ctx;
    Tcl_SetObjResult(ip, Tcl_NewListObj(objc, objv));
    return TCL_OK;
}

static int options(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    bool flag = false, seen = false;
    uint8_t small = 0;
    uint64_t big = 0, us = 0;
    double pct = 0;
    const struct opt opts[] = {
        { "-flag", OPT_FLAG, &flag, NULL }, { "-small", OPT_U8, &small, &seen },
        { "-big", OPT_U64, &big, NULL },    { "-ms", OPT_MS, &us, NULL },
        { "-pct", OPT_PCT, &pct, NULL },    { 0 }
    };
    (void)ctx;
    if (cmd_options(ip, objc, objv, opts) != TCL_OK)
        return TCL_ERROR;
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    Tcl_ListObjAppendElement(NULL, list, Tcl_NewIntObj(flag));
    Tcl_ListObjAppendElement(NULL, list, Tcl_NewIntObj(seen));
    Tcl_ListObjAppendElement(NULL, list, Tcl_NewIntObj(small));
    Tcl_ListObjAppendElement(NULL, list, obj_u64(big));
    Tcl_ListObjAppendElement(NULL, list, obj_u64(us));
    Tcl_ListObjAppendElement(NULL, list, Tcl_NewIntObj((int)pct));
    Tcl_SetObjResult(ip, list);
    return TCL_OK;
}

static const struct cmd table[] = {
    { "echo", echo, 1, 2, "A ?B?" },
    { "options", options, 0, -1, "?-flag 1? ..." },
    { 0 },
};

/* Script, and what it must give: the result, or the errorCode of a failure. */
static const struct {
    const char *script, *result, *code;
} rows[] = {
    { "noun echo 1", "1", NULL },
    { "noun echo 1 2", "1 2", NULL },
    { "noun echo", "usage: noun echo A ?B?", "IKE USAGE 0 echo" },
    { "noun echo 1 2 3", "usage: noun echo A ?B?", "IKE USAGE 0 echo" },
    { "noun", "usage: noun subcommand ?arg ...?", "IKE USAGE 0 {}" },
    { "noun ecko", "unknown subcommand \"ecko\"; did you mean echo?; allowed: echo, options",
      "IKE CONFIG 0 ecko" },
    { "noun options", "0 0 0 0 0 0", NULL },
    { "noun options -flag", "1 0 0 0 0 0", NULL },
    { "noun options -flag -small 255", "1 1 255 0 0 0", NULL },
    { "noun options -flag 0 -big 18446744073709551615", "0 0 0 18446744073709551615 0 0", NULL },
    { "noun options -big 0x10", "0 0 0 16 0 0", NULL },
    { "noun options -ms 1.5 -pct 7", "0 0 0 0 1500 7", NULL },
    { "noun options -small 256", "-small: \"256\" is no number from 0 to 255",
      "IKE CONFIG 0 -small" },
    { "noun options -small -1", "-small: \"-1\" is no number from 0 to 255",
      "IKE CONFIG 0 -small" },
    { "noun options -big 18446744073709551616",
      "-big: \"18446744073709551616\" is no number from 0 to 18446744073709551615",
      "IKE CONFIG 0 -big" },
    { "noun options -ms nan", "-ms: \"nan\" is no number of milliseconds", "IKE CONFIG 0 -ms" },
    { "noun options -pct 101", "-pct: \"101\" is no percentage", "IKE CONFIG 0 -pct" },
    { "noun options -small", "option -small wants a value", "IKE USAGE 0 -small" },
    { "noun options -smal 1",
      "unknown option \"-smal\"; did you mean -small?; allowed: -flag, -small, -big, -ms, -pct",
      "IKE CONFIG 0 -smal" },
};

static void commands(void **state)
{
    Tcl_Interp *ip = Tcl_CreateInterp();
    (void)state;
    cmd_ensemble(ip, "noun", table, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int rc = Tcl_Eval(ip, rows[i].script);
        assert_string_equal(Tcl_GetStringResult(ip), rows[i].result);
        assert_int_equal(rc, rows[i].code != NULL ? TCL_ERROR : TCL_OK);
        if (rows[i].code != NULL)
            assert_string_equal(Tcl_GetVar(ip, "errorCode", TCL_GLOBAL_ONLY), rows[i].code);
    }
    Tcl_DeleteInterp(ip);
}

static void texts(void **state)
{
    (void)state;
    Tcl_Obj *o = obj_text("a\x01\xff{");
    assert_string_equal(Tcl_GetString(o), "a\\x01\\xff{");
    Tcl_DecrRefCount(o);
    o = obj_hex(0xab, 8);
    assert_string_equal(Tcl_GetString(o), "000000ab");
    Tcl_DecrRefCount(o);
}

int main(int argc, char **argv)
{
    (void)argc;
    Tcl_FindExecutable(argv[0]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances),
        cmocka_unit_test(nearest),
        cmocka_unit_test(commands),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

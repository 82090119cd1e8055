/* runlog_test.c - whole lines only: after a full disk, after a kill. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/evidence/runlog.h"

#include <cmocka.h>

static char path[64];

static int fresh(void **state)
{
    (void)state;
    strcpy(path, "/tmp/runlog_testXXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    return close(fd);
}

static int gone(void **state)
{
    (void)state;
    return unlink(path);
}

static void expect_file(const char *text)
{
    char buf[4096] = "";
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    size_t n = fread(buf, 1, sizeof buf - 1, f);
    fclose(f);
    assert_int_equal(n, strlen(text));
    assert_string_equal(buf, text);
}

static void appends(void **state)
{
    struct runlog l = { 0 };
    (void)state;
    assert_true(runlog_open(&l, path, true));
    assert_true(runlog_write(&l, span_str("{\"a\":1}")));
    expect_file("{\"a\":1}\n"); /* there before close */
    runlog_close(&l);
    assert_true(runlog_open(&l, path, false));
    assert_true(runlog_write(&l, span_str("{}")));
    runlog_close(&l);
    expect_file("{\"a\":1}\n{}\n");
    assert_false(runlog_write(&l, span_str("x")));
    assert_int_equal(errno, EBADF);
}

static void broken_tail_is_cut(void **state)
{
    struct runlog l = { 0 };
    FILE *f = fopen(path, "w");
    (void)state;
    fputs("{\"a\":1}\n{\"b\":", f);
    fclose(f);
    assert_true(runlog_open(&l, path, false));
    assert_true(runlog_write(&l, span_str("{\"c\":2}")));
    runlog_close(&l);
    expect_file("{\"a\":1}\n{\"c\":2}\n");
}

/* A file size limit stands in for a full disk: the write that hits it is short. */
static void full_disk(void **state)
{
    struct runlog l = { 0 };
    struct rlimit before, small;
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_true(runlog_open(&l, path, false));
    assert_true(runlog_write(&l, span_str("first")));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 10;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool ok = runlog_write(&l, span_str("second line too long"));
    int error = errno;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(ok);
    assert_true(error == ENOSPC || error == EFBIG);
    expect_file("first\n");
    assert_true(runlog_write(&l, span_str("third")));
    runlog_close(&l);
    expect_file("first\nthird\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(appends, fresh, gone),
        cmocka_unit_test_setup_teardown(broken_tail_is_cut, fresh, gone),
        cmocka_unit_test_setup_teardown(full_disk, fresh, gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* main.c - the ikespec program: a Tcl interpreter with our commands, and the library that makes
 * a harness of them. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cmd/app.h"

#ifndef IKESPEC_VERSION
#define IKESPEC_VERSION "0.1"
#endif
#ifndef IKESPEC_PREFIX
#define IKESPEC_PREFIX "/usr/local"
#endif

#define LIBRARY   "harness/lib/main.tcl"
#define PATH_ROOM 4096u

enum { EXIT_OURS = 3, EXIT_USAGE = 4 };

/* First signal: the case in progress ends and reports are written; what runs no cases stops and puts
 * away what it had begun. Second: out, unless it is at that. */
static void on_signal(int sig)
{
    if (!app_signalled() && app_interrupted) {
        signal(sig, SIG_DFL);
        raise(sig);
    }
    app_interrupted = 1;
}

static void catch_signals(void)
{
    struct sigaction a = { .sa_handler = on_signal };
    sigaction(SIGINT, &a, NULL);
    sigaction(SIGTERM, &a, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static bool has_library(const char *home)
{
    char path[PATH_ROOM];
    return (size_t)snprintf(path, sizeof path, "%s/%s", home, LIBRARY) < sizeof path &&
           access(path, R_OK) == 0;
}

/* Cuts the last component off. */
static bool parent_of(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path)
        return false;
    *slash = '\0';
    return true;
}

/* Appends TAIL when HOME/TAIL has the library; HOME is as it was otherwise. */
static bool library_below(char home[PATH_ROOM], const char *tail)
{
    size_t len = strlen(home);
    if (len + strlen(tail) >= PATH_ROOM)
        return false;
    strcpy(home + len, tail);
    if (has_library(home))
        return true;
    home[len] = '\0';
    return false;
}

/* $IKESPEC_HOME; a folder above the program (a source tree), or its share/ikespec (installed,
 * wherever that was moved to since); without /proc, which alone tells where we are, what `make
 * install` was told. */
static bool find_home(char out[PATH_ROOM])
{
    const char *env = getenv("IKESPEC_HOME");
    char *real = env != NULL && env[0] != '\0' ? realpath(env, NULL) : NULL;
    if (real != NULL) {
        bool fits = strlen(real) < PATH_ROOM;
        if (fits)
            strcpy(out, real);
        free(real);
        return fits && has_library(out);
    }
    ssize_t n = readlink("/proc/self/exe", out, PATH_ROOM - 1);
    if (n > 0) {
        out[n] = '\0';
        for (int up = 0; up < 5 && parent_of(out); up++)
            if (has_library(out) || library_below(out, "/share/ikespec"))
                return true;
    }
    strcpy(out, IKESPEC_PREFIX "/share/ikespec");
    return has_library(out);
}

static void set_words(Tcl_Interp *ip, int argc, char **argv)
{
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (int i = 0; i < argc; i++) {
        Tcl_DString utf;
        Tcl_ExternalToUtfDString(NULL, argv[i], -1, &utf);
        Tcl_ListObjAppendElement(NULL, list, Tcl_NewStringObj(Tcl_DStringValue(&utf), -1));
        Tcl_DStringFree(&utf);
    }
    Tcl_SetVar2Ex(ip, "argv", NULL, list, TCL_GLOBAL_ONLY);
    Tcl_SetVar2Ex(ip, "argc", NULL, Tcl_NewIntObj(argc), TCL_GLOBAL_ONLY);
    Tcl_SetVar2Ex(ip, "tcl_interactive", NULL, Tcl_NewIntObj(0), TCL_GLOBAL_ONLY);
}

static int report_error(Tcl_Interp *ip)
{
    const char *info = Tcl_GetVar(ip, "::errorInfo", TCL_GLOBAL_ONLY);
    fprintf(stderr, "ikespec: our fault: %s\n", info != NULL ? info : Tcl_GetStringResult(ip));
    return EXIT_OURS;
}

static int source(Tcl_Interp *ip, const char *path)
{
    Tcl_SetVar(ip, "argv0", path, TCL_GLOBAL_ONLY);
    return Tcl_EvalFile(ip, path);
}

/* `ikespec tcl FILE ?ARG ...?`: a script with our commands and nothing else. */
static int run_script(Tcl_Interp *ip, int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: ikespec tcl FILE ?ARG ...?\n");
        return EXIT_USAGE;
    }
    set_words(ip, argc - 3, argv + 3);
    return source(ip, argv[2]) == TCL_OK ? 0 : report_error(ip);
}

static int run_library(Tcl_Interp *ip, const char *home, int argc, char **argv)
{
    char path[PATH_ROOM + sizeof LIBRARY];
    int status = 0;
    snprintf(path, sizeof path, "%s/%s", home, LIBRARY);
    set_words(ip, argc - 1, argv + 1);
    if (source(ip, path) != TCL_OK || Tcl_Eval(ip, "::cli::main $::argv") != TCL_OK)
        return report_error(ip);
    if (Tcl_GetIntFromObj(ip, Tcl_GetObjResult(ip), &status) != TCL_OK)
        return report_error(ip);
    return status;
}

int main(int argc, char **argv)
{
    char home[PATH_ROOM] = "";
    Tcl_FindExecutable(argv[0]);
    /* The locale C says nothing of names of files: they are UTF-8, as everywhere. */
    if (strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0)
        (void)Tcl_SetSystemEncoding(NULL, "utf-8");
    Tcl_Interp *ip = Tcl_CreateInterp();
    bool found = find_home(home);
    int status;
    if (Tcl_Init(ip) != TCL_OK) {
        fprintf(stderr, "ikespec: %s\n", Tcl_GetStringResult(ip));
        return EXIT_OURS;
    }
    catch_signals();
    commands_new(ip);
    (void)Tcl_Eval(ip, "namespace eval ::ikespec {}");
    Tcl_SetVar(ip, "::ikespec::home", found ? home : "", TCL_GLOBAL_ONLY);
    Tcl_SetVar(ip, "::ikespec::version", IKESPEC_VERSION, TCL_GLOBAL_ONLY);
    if (argc > 1 && strcmp(argv[1], "tcl") == 0) {
        status = run_script(ip, argc, argv);
    } else if (!found) {
        fprintf(stderr, "ikespec: no %s under %s: set IKESPEC_HOME%s\n", LIBRARY,
                IKESPEC_PREFIX "/share/ikespec",
                access("/proc/self/exe", F_OK) == 0 ? ""
                                                    : ", or mount /proc, which says where we are");
        status = EXIT_OURS;
    } else {
        status = run_library(ip, home, argc, argv);
    }
    Tcl_DeleteInterp(ip);
    Tcl_Exit(status);
    return status;
}

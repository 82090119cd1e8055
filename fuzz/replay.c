/* replay.c - runs files and folders through a fuzz target without a fuzzer: regressions in
 * `make check`, and single findings under a debugger; with REPLAY_TIMES=N each N times. */
#define _DEFAULT_SOURCE

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* What it makes before the first input, and has to say in the end. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);
__attribute__((weak)) void fuzz_report(void);

static unsigned num_files;

static int run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
        perror(path);
        if (f != NULL)
            fclose(f);
        return 1;
    }
    long size = ftell(f);
    rewind(f);
    uint8_t *data =
        malloc(size > 0 ? (size_t)size : 1); /* exact, so that a sanitizer sees reads past it */
    size_t n = data != NULL && size > 0 ? fread(data, 1, (size_t)size, f) : 0;
    fclose(f);
    if (getenv("REPLAY_VERBOSE") != NULL)
        fprintf(stderr, "%s\n", path);
    const char *times = getenv("REPLAY_TIMES");
    for (long i = times != NULL ? atol(times) : 1; data != NULL && i > 0; i--)
        LLVMFuzzerTestOneInput(data, n);
    free(data);
    num_files++;
    return 0;
}

static int run_path(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        perror(path);
        return 1;
    }
    if (!S_ISDIR(st.st_mode))
        return run_file(path);
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort), failed = 0;
    for (int i = 0; i < n; i++) {
        char below[4096];
        if (names[i]->d_name[0] != '.') {
            snprintf(below, sizeof below, "%s/%s", path, names[i]->d_name);
            failed |= run_path(below);
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return failed || n < 0;
}

int main(int argc, char **argv)
{
    int failed = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE-OR-FOLDER...\n", argv[0]);
        return 4;
    }
    if (LLVMFuzzerInitialize != NULL)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        failed |= run_path(argv[i]);
    printf("%u inputs replayed\n", num_files);
    if (fuzz_report != NULL)
        fuzz_report();
    return failed;
}

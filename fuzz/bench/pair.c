/* pair.c - one set of messages twice, for the comparison of a clear target with a sealed one: of the files
 * named, each that decodes and has no SK goes to FOLDER/clear as it stands, and to FOLDER/sealed with all of
 * its payloads inside of SK under the fixed AES-GCM key. Says how many.
 *   usage: pair FOLDER FILE... */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/must.h"
#include "fuzz/sealed_samples.h"

static alignas(16) uint8_t store[1 << 20];
static uint8_t in[65536], out[65536 + 512];

static void put(const char *folder, const char *kind, unsigned number, struct span s)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s/%05u", folder, kind, number);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(s.p, 1, s.len, f) != s.len || fclose(f) != 0) {
        perror(path);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    unsigned num = 0;
    size_t clear = 0, sealed = 0;
    for (int i = 2; i < argc; i++) {
        struct arena a = arena_init(store, sizeof store);
        struct message m;
        FILE *f = fopen(argv[i], "rb");
        if (f == NULL) {
            perror(argv[i]);
            return 2;
        }
        struct span s = span_of(in, fread(in, 1, sizeof in, f));
        fclose(f);
        /* (sealed_chain has room for 16384 octets of text) */
        if (s.len > 8192 || msg_decode(&m, &a, s, NULL) != ERR_OK || msg_sk(&m) != NULL)
            continue;
        struct span w = sealed_chain(&m, SEALING_GCM, 0, 0, 0, SIZE_MAX, out, sizeof out);
        put(argv[1], "clear", num, s);
        put(argv[1], "sealed", num, w);
        num++;
        clear += s.len;
        sealed += w.len;
    }
    if (num == 0)
        return 1;
    printf("%u messages, %zu octets each in the clear, %zu sealed\n", num, clear / num, sealed / num);
    return 0;
}

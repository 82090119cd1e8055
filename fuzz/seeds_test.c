/* seeds_test.c - the seeds of the message target, made by our own encoder, and its dictionary, made
 * from the registries. Without arguments: are those in the repository still what would be written?
 * `seeds_test write` writes them again (from the repository's root). */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/wire/samples.h"
#include "engine/wire/text.h"

static alignas(16) uint8_t store[1 << 18];
static struct arena arena;
static bool writing;
static unsigned num_same, num_other;

/* Writes the file, or compares it. */
static void settle(const char *path, const void *p, size_t len)
{
    if (writing) {
        FILE *f = fopen(path, "wb");
        if (f == NULL || fwrite(p, 1, len, f) != len || fclose(f) != 0) {
            perror(path);
            exit(1);
        }
        num_same++;
        return;
    }
    static uint8_t have[65536];
    FILE *f = fopen(path, "rb");
    size_t n = f != NULL ? fread(have, 1, sizeof have, f) : 0;
    bool same = f != NULL && n == len && memcmp(have, p, n) == 0;
    if (!same)
        printf("not as it would be written: %s\n", path);
    num_same += same;
    num_other += !same;
    if (f != NULL)
        fclose(f);
}

static struct message fresh(uint8_t exchange)
{
    struct message m;
    arena = arena_init(store, sizeof store);
    SAMPLE_OK(
        msg_new(&m, &arena, exchange, FLAG_INITIATOR, 1, 0x0102030405060708u, 0x1112131415161718u));
    return m;
}

static void save(const struct message *m, const char *kind, const char *name)
{
    uint8_t wire[4096];
    char path[128];
    struct writer w = wr_init(wire, sizeof wire);
    SAMPLE_OK(msg_encode(m, &w));
    snprintf(path, sizeof path, "corpora/message/%s-%s", kind, name);
    settle(path, wire, w.len);
}

static void write_samples(void)
{
    for (unsigned i = 0; i < NUM_SAMPLES; i++) {
        struct message m;
        arena = arena_init(store, sizeof store);
        const char *name = sample_make(i, &m, &arena);
        save(&m, "sample", name);
    }
}

static void write_exchanges(void)
{
    for (size_t i = 0; i < names_exchange.num_rows; i++) {
        struct message m = fresh((uint8_t)names_exchange.rows[i].num);
        sample_nonce(&m, m.hdr, 16);
        save(&m, "exchange", names_exchange.rows[i].name);
    }
}

/* Each payload type alone, empty but for its fixed part. */
static void write_payloads(void)
{
    for (size_t i = 1; i < names_payload.num_rows; i++) {
        struct message m = fresh(EXCHANGE_INFORMATIONAL);
        payload_add(&m, m.hdr, (uint8_t)names_payload.rows[i].num);
        save(&m, "payload", names_payload.rows[i].name);
    }
}

static void write_notifies(void)
{
    for (size_t i = 0; i < names_notify.num_rows; i++) {
        struct message m = fresh(EXCHANGE_INFORMATIONAL);
        sample_notify(&m, m.hdr, (uint16_t)names_notify.rows[i].num, PROTOCOL_ESP, 4, 4);
        save(&m, "notify", names_notify.rows[i].name);
    }
}

/* SK around a chain in plain text, as the message target reads it. */
static void write_inside(void)
{
    struct message m = fresh(EXCHANGE_IKE_AUTH);
    struct node *sk = payload_add(&m, m.hdr, PAYLOAD_SK);
    uint8_t plain[1024];
    struct writer w = wr_init(plain, sizeof plain);
    sample_id(&m, sk, PAYLOAD_IDi, ID_FQDN, "client.example");
    sample_auth(&m, sk, AUTH_METHOD_PSK, 32);
    sample_sa_esp(&m, sk);
    sample_ts(&m, sk, PAYLOAD_TSi);
    sample_ts(&m, sk, PAYLOAD_TSr);
    SAMPLE_OK(chain_encode(sk, &w));
    SAMPLE_OK(node_set_bytes(&m, sk, SK_DATA, wr_done(&w)));
    save(&m, "inside", "auth");
}

static void dict_rows(struct text *t, const struct names *r, unsigned octets)
{
    for (size_t i = 0; i < r->num_rows; i++) {
        uint32_t v = r->rows[i].num;
        text_fmt(t, "# %s\n", r->rows[i].name);
        if (octets == 1)
            text_fmt(t, "\"\\x%02x\"\n", v & 255);
        else
            text_fmt(t, "\"\\x%02x\\x%02x\"\n", v >> 8 & 255, v & 255);
    }
}

static void write_dict(void)
{
    static char dict[32768];
    struct text t = text_init(dict, sizeof dict);
    text_str(&t, "# Written by fuzz/seeds_test.c from the registries: do not edit.\n");
    text_str(&t, "\"\\x20\"\n\"\\x80\\x0e\\x01\\x00\"\n\"\\x80\\x0e\\x00\\x80\"\n");
    dict_rows(&t, &names_exchange, 1);
    dict_rows(&t, &names_payload, 1);
    dict_rows(&t, &names_notify, 2);
    dict_rows(&t, &names_encr, 2);
    dict_rows(&t, &names_group, 2);
    dict_rows(&t, &names_cfg_attr, 2);
    dict_rows(&t, &names_ts, 1);
    settle("fuzz/dict/message.dict", dict, strlen(dict));
}

int main(int argc, char **argv)
{
    writing = argc == 2 && strcmp(argv[1], "write") == 0;
    if (argc > 1 && !writing) {
        fprintf(stderr, "usage: %s [write]\n", argv[0]);
        return 4;
    }
    write_samples();
    write_exchanges();
    write_payloads();
    write_notifies();
    write_inside();
    write_dict();
    printf("%u files %s, %u differ\n", num_same, writing ? "written" : "as they would be written",
           num_other);
    if (num_other == 0)
        puts("[  PASSED  ] 1 test(s)."); /* as cmocka would say it */
    return num_other == 0 ? 0 : 1;
}

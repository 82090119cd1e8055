/* seeds_test.c - the seeds of the fuzz targets, made by our own encoder, and the dictionary, made
 * from the registries; those of the engine target, as short plays. Without arguments: are those in
 * the repository still what would be written? `seeds_test write` writes them again (from the
 * repository's root). */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/esp/inner.h"
#include "engine/wire/samples.h"
#include "engine/wire/text.h"
#include "fuzz/engine_ops.h"
#include "fuzz/records.h"
#include "fuzz/sealed_samples.h"
#include "fuzz/world.h"

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

static void into(const char *target, const struct message *m, const char *name)
{
    uint8_t wire[4096];
    char path[128];
    struct writer w = wr_init(wire, sizeof wire);
    SAMPLE_OK(msg_encode(m, &w));
    snprintf(path, sizeof path, "corpora/%s/%s", target, name);
    settle(path, wire, w.len);
}

static void write_samples(void)
{
    for (unsigned i = 0; i < NUM_SAMPLES; i++) {
        struct message m;
        arena = arena_init(store, sizeof store);
        const char *name = sample_make(i, &m, &arena);
        save(&m, "sample", name);
        into("chain", &m, name);
        into("roundtrip", &m, name);
        into("payload", &m, name);
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

/* Each sample inside of SK, from either end; and each exchange. */
static void write_all_inside(void)
{
    static uint8_t plain[8192];
    static const uint8_t flags[] = { FLAG_INITIATOR, FLAG_RESPONSE };
    for (unsigned i = 0; i < 2 * (NUM_SAMPLES + (unsigned)names_exchange.num_rows); i++) {
        struct message m, outer;
        struct writer w = wr_init(plain, sizeof plain);
        const char *name;
        char full[64];
        unsigned n = i / 2;
        arena = arena_init(store, sizeof store);
        if (n < NUM_SAMPLES) {
            name = sample_make(n, &m, &arena);
        } else {
            name = names_exchange.rows[n - NUM_SAMPLES].name;
            m = fresh((uint8_t)names_exchange.rows[n - NUM_SAMPLES].num);
            sample_ke(&m, m.hdr, GROUP_CURVE25519, 32);
            sample_notify(&m, m.hdr, N_REDIRECT, 0, 0, 6);
            sample_auth(&m, m.hdr, AUTH_METHOD_PSK, 32);
        }
        SAMPLE_OK(chain_encode(m.hdr, &w));
        /* (a first SPI that begins with zeros would look like a non-ESP marker) */
        SAMPLE_OK(msg_new(&outer, &arena, msg_exchange(&m), flags[i % 2], i % 3, 0x0102030405060708u,
                          0x1112131415161718u));
        struct node *sk = payload_add(&outer, outer.hdr, PAYLOAD_SK);
        sample_num(&outer, sk, PL_NEXT, m.hdr->child != NULL ? m.hdr->child->type : PAYLOAD_NONE);
        SAMPLE_OK(node_set_bytes(&outer, sk, SK_DATA, wr_done(&w)));
        snprintf(full, sizeof full, "%s-%s", name, i % 2 == 0 ? "request" : "response");
        save(&outer, "inside", full);
    }
}

/* Every transform of a registry in one proposal, with and without a length of its key. */
static void write_transforms(void)
{
    static const struct names *const all[] = { NULL, &names_encr, &names_prf, &names_integ,
                                               &names_group };
    for (uint8_t type = 1; type < sizeof all / sizeof all[0]; type++)
        for (uint16_t bits = 0; bits <= 128; bits += 128) {
            struct message m = fresh(EXCHANGE_CREATE_CHILD_SA);
            char name[32];
            struct node *sa = payload_add(&m, m.hdr, PAYLOAD_SA);
            struct node *p = sample_proposal(&m, sa, type == 1 ? PROTOCOL_ESP : PROTOCOL_IKE, 8);
            for (size_t i = 0; i < all[type]->num_rows && i < 100; i++)
                sample_transform(&m, p, type, (uint16_t)all[type]->rows[i].num, bits);
            snprintf(name, sizeof name, "type-%u-%u", type, bits);
            save(&m, "transforms", name);
        }
}

/* What the checks of single payloads look for. */
static void write_odd(void)
{
    static const struct {
        uint8_t type;
        const char *text;
    } ids[] = { { ID_FQDN, "a\n" },        { ID_FQDN, "a\r" },    { ID_RFC822_ADDR, "a@b\n" },
                { ID_IPV4_ADDR, "12345" }, { ID_IPV6_ADDR, "1" }, { ID_IPV6_ADDR, "0123456789abcdef" } };
    static const struct {
        uint16_t type;
        uint8_t protocol;
        size_t spi, len;
    } notifies[] = { { N_COOKIE, 0, 0, 0 },     { N_COOKIE, 0, 0, 65 },    { N_COOKIE, 0, 0, 64 },
                     { N_REKEY_SA, 1, 0, 0 },   { N_REKEY_SA, 2, 4, 0 },   { N_REKEY_SA, 3, 4, 0 },
                     { N_REDIRECT, 0, 0, 6 },   { N_INITIAL_CONTACT, 3, 0, 0 } };
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct message m = fresh(EXCHANGE_IKE_AUTH);
        char name[16];
        sample_id(&m, m.hdr, i % 2 == 0 ? PAYLOAD_IDi : PAYLOAD_IDr, ids[i].type, ids[i].text);
        snprintf(name, sizeof name, "id-%zu", i);
        save(&m, "odd", name);
    }
    for (size_t i = 0; i < sizeof notifies / sizeof notifies[0]; i++) {
        struct message m = fresh(EXCHANGE_CREATE_CHILD_SA);
        char name[16];
        sample_notify(&m, m.hdr, notifies[i].type, notifies[i].protocol, notifies[i].spi,
                      notifies[i].len);
        snprintf(name, sizeof name, "notify-%zu", i);
        save(&m, "odd", name);
    }
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

/* A word of the text target's dictionary, each once. */
static void dict_word(struct text *t, const char *word)
{
    char quoted[80];
    snprintf(quoted, sizeof quoted, "\"%s\"\n", word);
    if (strstr(t->p, quoted) == NULL)
        text_str(t, quoted);
}

static void dict_shape(struct text *t, const struct shape *s)
{
    dict_word(t, s->name);
    for (unsigned i = 0; i < s->num_fields; i++) {
        dict_word(t, s->fields[i].name);
        if (s->fields[i].kind == F_LIST && s->fields[i].child != NULL)
            dict_shape(t, s->fields[i].child);
    }
}

/* What paths and values are made of: path.h. */
static void write_words(void)
{
    static char dict[32768];
    static const char *const ways[] = { "HDR",       "payload",
                                        "keylen",    "DH",
                                        "D-H",       "auto",
                                        "hex:",      "str:",
                                        "ip:",       "0x",
                                        "0X",        "[0]",
                                        "[1]",       "(1)",
                                        ".1",        "N(COOKIE)",
                                        "ENCR",      "00 01",
                                        "192.0.2.1", "2001:db8::1",
                                        "65536",     "99999999999999999999999",
                                        "\\x0a",     " ",
                                        ".",         "N" };
    struct text t = text_init(dict, sizeof dict);
    text_str(&t, "# Written by fuzz/seeds_test.c from the tables of fields: do not edit.\n");
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        dict_word(&t, ways[i]);
    dict_shape(&t, &shape_hdr);
    for (size_t i = 1; i < names_payload.num_rows; i++)
        dict_shape(&t, shape_of((uint8_t)names_payload.rows[i].num));
    for (size_t i = 0; i < names_transform.num_rows; i++)
        dict_word(&t, names_transform.rows[i].name);
    settle("fuzz/dict/text.dict", dict, strlen(dict));
}

/* --- sealed, in one piece and in several --- */

static uint8_t sealed[8192], sequence[16384];

static void write_sealed(void)
{
    for (unsigned i = 0; i < NUM_SAMPLES; i++)
        for (enum sealing s = SEALING_GCM; s < NUM_SEALINGS; s++) {
            char path[128];
            struct message m;
            arena = arena_init(store, sizeof store);
            snprintf(path, sizeof path, "corpora/sealed/%s-%s", sample_make(i, &m, &arena),
                     s == SEALING_GCM ? "gcm" : "cbc");
            struct span w = sealed_sample(i, s, sealed, sizeof sealed);
            settle(path, w.p, w.len);
        }
    for (unsigned n = 1; n <= 2; n++) {
        char path[128];
        snprintf(path, sizeof path, "corpora/sealed/fragment-%u", n);
        struct span w = sealed_piece(8, SEALING_GCM, n, 2, 0, sealed, sizeof sealed);
        settle(path, w.p, w.len);
    }
}

/* Notifies of every type, some dozen in each message. */
static void write_sealed_notifies(void)
{
    for (size_t i = 0; i < names_notify.num_rows;) {
        char path[128];
        struct message m = fresh(EXCHANGE_INFORMATIONAL);
        snprintf(path, sizeof path, "corpora/sealed/notify-%s", names_notify.rows[i].name);
        for (unsigned n = 0; n < 20 && i < names_notify.num_rows; n++, i++)
            sample_notify(&m, m.hdr, (uint16_t)names_notify.rows[i].num, n % 4, n % 3 * 4, n % 9);
        struct span w = sealed_chain(&m, SEALING_GCM, 0, 0, 0, SIZE_MAX, sealed, sizeof sealed);
        settle(path, w.p, w.len);
    }
}

/* Which fragments, in which order: hundreds: sample's total if it lies, tens: of how many, ones: which. */
static const struct {
    const char *name;
    enum sealing s;
    uint16_t piece[12];
} sequences[] = {
    { "in-order", SEALING_GCM, { 31, 32, 33 } },
    { "reversed", SEALING_CBC, { 43, 42, 41, 44 } },
    { "twice", SEALING_GCM, { 31, 31, 32, 31, 33, 33 } },
    { "larger-total", SEALING_GCM, { 21, 31, 32, 33 } },
    { "smaller-total", SEALING_CBC, { 31, 21, 22, 32, 33 } },
    { "changing-total", SEALING_GCM, { 31, 532, 33, 532, 433, 34 } },
    { "past-the-end", SEALING_GCM, { 133, 33, 31, 32 } },
    { "only-one", SEALING_GCM, { 11 } },
    { "two-messages", SEALING_GCM, { 21, 22, 21, 22 } },
};

static void write_sequences(void)
{
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        char path[128];
        struct writer w = wr_init(sequence, sizeof sequence);
        for (unsigned n = 0; n < 12 && sequences[i].piece[n] != 0; n++) {
            unsigned p = sequences[i].piece[n];
            record_add(&w, sealed_piece(8, sequences[i].s, p % 10, p / 10 % 10, p / 100, sealed,
                                        sizeof sealed));
        }
        snprintf(path, sizeof path, "corpora/fragments/%s", sequences[i].name);
        settle(path, w.p, w.len);
    }
    /* two after a real one whose octets the target makes itself: mid, number, total, length */
    static const uint8_t made[][5] = { { 1, 1, 3, 0x4e, 0x20 }, { 1, 3, 3, 0x4e, 0x20 } };
    struct writer w = wr_init(sequence, sizeof sequence);
    record_add(&w, sealed_piece(8, SEALING_GCM, 2, 3, 0, sealed, sizeof sealed));
    for (unsigned n = 0; n < 2; n++)
        record_add(&w, span_of(made[n], sizeof made[n]));
    settle("corpora/fragments/octets", w.p, w.len);
}

/* --- hash and URL --- */

/* CERT payloads and what is behind their URLs. 128 more than the encoding: the target puts the hash right,
 * 64 more: nearly. */
static const struct {
    const char *name;
    struct {
        uint8_t encoding;
        const char *url, *found;
    } cert[10];
} lookups[] = {
    { "found", { { 0x8c, "http://a.lab/x", "a certificate" } } },
    { "bundle", { { 0x8d, "HTTP://[2001:db8::1]:8080/x", "two of them" } } },
    { "other-hash", { { 12, "http://a.lab/x", "another" } } },
    { "near-hash", { { 0xcc, "http://a.lab/x", "nearly" } } },
    { "nothing", { { 0x8c, "http://a.lab/x", "" } } },
    { "path", { { 0x8c, "http://a.lab/x", "one" }, { 4, "", "" }, { 0x8d, "http://a.lab/y", "two" } } },
    { "methods", { { 0x8c, "ftp://a.lab/x", "f" }, { 0x8c, "file:///x", "l" }, { 0x8c, "https://a.lab/x", "s" } } },
    { "edges", { { 0x8c, "http://", "a" }, { 0x8c, "http://a", "b" }, { 0x8c, "http:/", "c" }, { 0x8c, "", "d" } } },
    { "characters", { { 0x8c, "http://a b", "a" }, { 0x8c, "http://a\r\nX: y", "b" }, { 0x8c, "http://\xc3\xa4", "c" } } },
    { "nine", { { 0x8c, "http://1", "1" }, { 0x8c, "http://2", "2" }, { 0x8c, "http://3", "3" },
                { 0x8c, "http://4", "4" }, { 0x8c, "http://5", "5" }, { 0x8c, "http://6", "6" },
                { 0x8c, "http://7", "7" }, { 0x8c, "http://8", "8" }, { 0x8c, "http://9", "9" } } },
};

static void write_lookups(void)
{
    uint8_t cert[2048] = { 0 };
    char path[128];
    for (size_t i = 0; i < sizeof lookups / sizeof *lookups; i++) {
        struct writer w = wr_init(sequence, sizeof sequence);
        for (unsigned n = 0; n < 10 && lookups[i].cert[n].encoding != 0; n++) {
            size_t len = strlen(lookups[i].cert[n].url);
            cert[0] = lookups[i].cert[n].encoding;
            memcpy(cert + 21, lookups[i].cert[n].url, len);
            record_add(&w, span_of(cert, 21 + len));
            record_add(&w, span_str(lookups[i].cert[n].found));
        }
        snprintf(path, sizeof path, "corpora/lookup/%s", lookups[i].name);
        settle(path, w.p, w.len);
    }
    for (unsigned over = 0; over < 2; over++) { /* the longest URL, and one octet more */
        struct writer w = wr_init(sequence, sizeof sequence);
        cert[0] = 0x8c;
        memset(cert + 21, 'x', 1025);
        memcpy(cert + 21, "http://", 7);
        record_add(&w, span_of(cert, 21 + 1024 + over));
        record_add(&w, span_str("a"));
        settle(over ? "corpora/lookup/too-long" : "corpora/lookup/longest", w.p, w.len);
    }
    static const uint8_t cut[] = { 0x8c, 1, 2, 3 }; /* in the hash */
    struct writer w = wr_init(sequence, sizeof sequence);
    record_add(&w, span_of(cut, sizeof cut));
    record_add(&w, span_str("a"));
    settle("corpora/lookup/cut", w.p, w.len);
}

/* --- ESP and what is around and inside of it --- */

static void write_inner(void)
{
    const struct addr v4[2] = { { 4, { 10, 1, 0, 5 }, 7 }, { 4, { 10, 2, 0, 5 }, 9 } };
    const struct addr v6[2] = { { 6, { 0x20, 1, 5 }, 7 }, { 6, { 0x20, 1, 6 }, 9 } };
    static uint8_t body[64], packet[256];
    for (unsigned i = 0; i < 8; i++) {
        char path[128];
        const struct addr *a = i % 2 == 0 ? v4 : v6;
        struct writer p = wr_init(packet, sizeof packet), w = wr_init(sequence, sizeof sequence);
        struct span s = span_of(body, 40);
        if (i < 2)
            SAMPLE_OK(inner_echo(&p, a, a + 1, i == 1, 3, 4, s));
        else if (i < 4)
            SAMPLE_OK(inner_udp(&p, a, a + 1, s));
        else if (i < 6)
            SAMPLE_OK(inner_tcp(&p, a, a + 1, TCP_SYN, 1, 2, s));
        else
            SAMPLE_OK(inner_wrap(&p, a, a + 1, i == 6 ? 47 : 0, s));
        record_add(&w, wr_done(&p));
        for (unsigned at = 0; i % 2 == 0 && at < 40; at += 16) {
            uint8_t cut[128];
            struct writer f = wr_init(cut, sizeof cut);
            SAMPLE_OK(inner_fragment(&f, wr_done(&p), at, p.len - 20 - at < 16 ? p.len - 20 - at : 16));
            record_add(&w, wr_done(&f));
        }
        snprintf(path, sizeof path, "corpora/inner/packet-%u", i);
        settle(path, w.p, w.len);
    }
}

static void write_encap(void)
{
    static const uint8_t octets[][10] = { { 0xff }, { 0, 0, 0, 0, 1 }, { 0, 0, 1, 0, 0, 0, 0, 1, 9 } };
    static const size_t len[] = { 1, 5, 9 };
    for (unsigned i = 0; i < 3; i++) {
        char path[128];
        struct writer w = wr_init(sequence, sizeof sequence);
        for (unsigned n = 0; n <= len[i]; n++)
            record_add(&w, span_of(octets[i], n));
        snprintf(path, sizeof path, "corpora/encap/kind-%u", i);
        settle(path, w.p, w.len);
    }
    /* in TCP: both directions, whole, cut, and broken in each way */
    static const struct span streams[] = {
        { (const uint8_t *)"IKETCP\0\7\0\0\0\0x\0\3\xff\0\2\0\12\1\2\3\4\0\0\0\1", 28 },
        { (const uint8_t *)"\0\7\0\0\0\0x\0\3\xff\0\2\0\12\1\2\3\4", 18 },
        { (const uint8_t *)"IKETLS", 6 },
        { (const uint8_t *)"IKETCP\0\3\xff\0\1\0", 12 },
        { (const uint8_t *)"\0\3\xff\0\0", 5 },
    };
    for (unsigned i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "corpora/encap/stream-%u", i);
        settle(path, streams[i].p, streams[i].len);
    }
}

/* Octets of the targets' own small languages: see the targets. */
static void write_small(void)
{
    static const uint8_t numbers[] = { 2, 0, 8, 2, 1, 8, 2, 2, 8, 0, 0, 2, 7, 0, 9, 0, 0,
                                       2, 4, 1, 0, 8, 0, 0, 3, 3, 0, 90, 8, 0, 0, 1, 0, 8, 0, 5,
                                       2, 5, 0, 9, 8, 0, 0, 2, 2, 200, 1, 0, 0 };
    static const uint8_t ids[] = { 3, 4, 0, 2, 0, 2, 0, 3, 2, 3, 1, 1, 0, 2, 0, 1, 1, 1, 2, 4, 1,
                                   5, 0, 5, 0, 5, 0, 6, 1, 6, 0, 5, 0, 0, 0, 0, 0, 0, 9 };
    for (unsigned i = 0; i < 16; i++) {
        char path[128];
        uint8_t b[128] = { (uint8_t)(i * 4 + i % 4) };
        memset(b + 1, i == 8 ? 0 : 0xff, 8);
        size_t head = (b[0] & 32) != 0 ? 9 : 1;
        memcpy(b + head, numbers, sizeof numbers);
        snprintf(path, sizeof path, "corpora/esp/life-%u", i);
        settle(path, b, head + sizeof numbers);
    }
    for (unsigned i = 0; i < 5; i++) {
        char path[128];
        uint8_t b[128] = { (uint8_t)(i * 3), (uint8_t)i, (uint8_t)i };
        memcpy(b + 3, ids, sizeof ids);
        snprintf(path, sizeof path, "corpora/window/ids-%u", i);
        settle(path, b, 3 + sizeof ids);
    }
}

static void write_text(void)
{
    static const char *const words[] = {
        "\x08SA.1.ENCR.keylen 256\nIDi.data str:me\nHDR.flags.R 1\nN(INITIAL_CONTACT).type 16390\n",
        "\x02KE.group CURVE25519\nKE.data 0x00 01:02\nHDR.length 7\nSA.proposal[0].number 9\n",
        "\x09TSi.selector[1].addr_lo ip:2001:db8::1\nTSr.selector[0].addr_hi 10.0.0.9\n",
        "\x0fCP.INTERNAL_IP4_ADDRESS.value ip:192.0.2.1\npayload(200).data 00\n",
        "\x10""192.0.2.1:500\n[2001:db8::1]:500\n::\nfe80::1:2\nAES_CBC\n0x29\nN(COOKIE)\n",
        "\x1aSA.proposal.transform.ENCR.id 12\nSA.1.transform.DH.id 14\nSA.1.transform(D-H).id 2\nSA.1.1.attribute(KEY_LENGTH).type 14\n"
        "SA.1.DH.id 14\nSA.1.D-H\nSA.proposal.transform(DH)\nSA.1.transform.ENCR..id\nSA.1.transform.(.id\nSA.1.(\n"
        "SA.1.transform(ENCR).keylen 70000\nSA.1.1.keylen 70000\nSA.1.1.keylen x\nSA.1.5.keylen 1\nSA.1.1.1.type 5\n"
        "SA.1.1.keylen 9\nSA.1.PRF.keylen 128\nSA.1.ENCR.keylen x\nSA(1).id 1\n"
        "SA.1.transform(NONE).id\nSA.1.transform(99)\nSA.proposal.transform\nSA.1.transform.300.id\n",
        "\x08TSi.selector(TS_IPV4_ADDR_RANGE).protocol 6\nTSi.selector.7 1\nTSi.x\nTSi.\nTSi.1[2] 3\n"
        "IDi.data hex:00 01:zz\nIDi.data ip:10.0.0.1\nIDi.data 10.0.0.1:5\nIDi.type auto\nIDi.length auto\n"
        "payload 1\npayload(IDi).type 1\npayload(999)\n300 1\n1[99999999].type\n"
        "AUTH.method 99999999999999999999999\nAUTH.method 0xfffffffffffffffffffff\nAUTH.method PKS\n",
        "\xf2SA.1.PRF.keylen 128\nSA.1.ENCR.keylen 256\nSA.1.ENCR.id 20\nNonce.data 0x000102030405060708\n",
        "\x09SK.data 00\nSKF.number 2\nSKF.x 1\nSK\nHDR\nHDR.flags.R 2\nHDR.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1\nINTERNAL.x\nN(1).x\nN().x\nN(\nN(COOKIE.x\nsa-1\n",
        "\x14""D.num_spis 3\nD.spis 0102030405060708\nD.nowhere 1\nX[9].y 2\nD[1 2\n",
    };
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        char path[128];
        snprintf(path, sizeof path, "corpora/text/words-%u", i);
        settle(path, words[i], strlen(words[i]));
    }
}

/* Programs of the edit target: every payload with what it may hold and a value in each field. */
static void write_edits(void)
{
    for (size_t i = 1; i < names_payload.num_rows; i++) {
        char path[128];
        uint8_t type = (uint8_t)names_payload.rows[i].num;
        struct writer w = wr_init(sequence, sizeof sequence);
        wr_u16(&w, (uint16_t)(i % 3 == 0 ? 40 + 7 * i : 60000));
        wr_u8(&w, EXCHANGE_IKE_AUTH);
        wr_u8(&w, FLAG_INITIATOR);
        const uint8_t made[] = { 0, 0, type, 0, 0, PAYLOAD_NONCE, 1, 1, 0, 1, 2, 0, 1, 3, 0, 5, 1, 1,
                                 4, 2 };
        wr_bytes(&w, made, sizeof made);
        for (uint8_t f = 0; f < 14; f++) {
            const uint8_t num[] = { 2, (uint8_t)(1 + f % 4), f, 1, (uint8_t)(f * 3) };
            const uint8_t octets[] = { 3, (uint8_t)(1 + f % 3), f, 0, (uint8_t)(f % 2 * 4 + f % 3) };
            wr_bytes(&w, num, sizeof num);
            wr_bytes(&w, octets, sizeof octets);
        }
        const uint8_t end[] = { 6, 1, 3, 7, 1, 1, 0, 4, 4 };
        wr_bytes(&w, end, i % 2 == 0 ? sizeof end : 3);
        snprintf(path, sizeof path, "corpora/edit/%s", names_payload.rows[i].name);
        settle(path, w.p, w.len);
    }
}

/* SK in SK in SK: deeper than anything copies; and more selectors than can be counted. */
static void write_deep(void)
{
    struct writer w = wr_init(sequence, sizeof sequence);
    static const uint8_t head[] = { 0xff, 0xff, EXCHANGE_IKE_AUTH, 0 };
    static const uint8_t many[] = { 0, 0, PAYLOAD_TSi, 1, 1, 255 };
    wr_bytes(&w, head, sizeof head);
    for (uint8_t i = 0; i < 16; i++) {
        const uint8_t one[] = { 0, i, i == 15 ? PAYLOAD_SA : PAYLOAD_SK };
        wr_bytes(&w, one, sizeof one);
    }
    settle("corpora/edit/nested", w.p, w.len);
    w = wr_init(sequence, sizeof sequence);
    wr_bytes(&w, head, sizeof head);
    wr_bytes(&w, many, sizeof many);
    settle("corpora/edit/uncountable", w.p, w.len);
}

/* --- the engine target --- */

#define PLAY(name, ...)                                                                            \
    {                                                                                              \
        name, { __VA_ARGS__ }, sizeof(const uint8_t[])                                             \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
/* The octet n of the CP payload's body in what either end says in IKE_AUTH: behind ID and AUTH. */
#define POOL_CP(n)          0, 4 + 4 + 5 + 4 + 4 + 32 + 4 + (n)
#define CMD(who, what, how) OP_COMMAND, who, 0, (what)-IKE_DO_AUTH, how, OP_SETTLE

static const struct {
    const char *name;
    uint8_t octets[96];
    size_t len;
} plays[] = {
    PLAY("handshake", 0, BEGIN_NOTHING, OP_INITIATE, 0, OP_DELIVER, A, 0, OP_DELIVER, B, 0,
         OP_DELIVER, A, 0, OP_DELIVER, B, 0, OP_INNER, A, 0, 0, OP_INNER, B, 0, 0, OP_SETTLE),
    PLAY("cookie", WORLD_COOKIES, BEGIN_UP, OP_INNER, A, 0, 0, OP_SETTLE),
    PLAY("cbc-natt", WORLD_CBC | WORLD_NATT, BEGIN_UP, OP_INNER, A, 0, 0, OP_SETTLE),
    PLAY("fragments", WORLD_FRAGMENTS, BEGIN_INIT_SENT, OP_SETTLE, CMD(A, IKE_DO_NEW_CHILD, 0)),
    PLAY("psks-differ", WORLD_PSKS_DIFFER, BEGIN_UP, OP_DEADLINE, OP_SETTLE),
    PLAY("timers", WORLD_TIMERS, BEGIN_UP, OP_DEADLINE, OP_SETTLE, OP_DEADLINE, OP_SETTLE,
         OP_DEADLINE, OP_SETTLE, OP_DEADLINE, OP_SETTLE, OP_DEADLINE, OP_SETTLE),
    PLAY("rekeys", 0, BEGIN_UP, CMD(A, IKE_DO_REKEY_CHILD, 0), CMD(B, IKE_DO_REKEY_CHILD, 8),
         CMD(B, IKE_DO_REKEY_IKE, 0), CMD(A, IKE_DO_NEW_CHILD, HOW_ECP),
         CMD(A, IKE_DO_DELETE_CHILD, HOW_LAST_CHILD), CMD(B, IKE_DO_LIVENESS, 0),
         CMD(A, IKE_DO_DELETE_IKE, 0)),
    PLAY("collisions", WORLD_WINDOW, BEGIN_UP, OP_COMMAND, A, 0, 2, 1, OP_COMMAND, B, 0, 2, 2,
         OP_SETTLE, OP_COMMAND, A, 0, 3, 1, OP_COMMAND, B, 0, 3, 2, OP_SETTLE, OP_COMMAND, A, 0, 5,
         0, OP_COMMAND, B, 0, 5, 0, OP_SETTLE),
    PLAY("lost", 0, BEGIN_INIT_SENT, OP_DROP, A, 0, OP_DEADLINE, OP_DELIVER, A, 0, OP_DROP, B, 0,
         OP_DEADLINE, OP_REPEAT, A, 0, OP_SETTLE, OP_DEADLINE),
    PLAY("repeated", 0, BEGIN_INIT_SENT, OP_REPEAT, A, 0, OP_REPEAT, B, 0, OP_REPEAT, A, 0,
         OP_REPEAT, B, 0, OP_COMMAND, A, 0, IKE_DO_REKEY_IKE - IKE_DO_AUTH, 0, OP_REPEAT, A, 0,
         OP_SETTLE),
    PLAY("flood", 0, BEGIN_INIT_SENT, OP_MUTATE, B, 0, 0, 0, 1, 0, 0, OP_MUTATE, B, 1, 0, 0, 2, 0,
         0, OP_MUTATE, B, 2, 0, 0, 3, 0, 0, OP_MUTATE, B, 3, 0, 0, 4, 0, 0, OP_MUTATE, B, 4, 0, 0,
         5, 0, 0, OP_MUTATE, B, 5, 0, 0, 6, 0, 0, OP_MUTATE, B, 6, 0, 0, 7, 0, 0, OP_MUTATE, B, 7,
         0, 0, 8, 0, 0, OP_MUTATE, B, 8, 0, 0, 9, 0, 0, OP_SETTLE),
    PLAY("replayed", 0, BEGIN_UP, OP_REPLAY, B, 0, OP_REPLAY, A, 1, OP_REPLAY, B, 2, OP_REPLAY, A,
         3, OP_SETTLE, OP_INNER, A, 0, 0, OP_SETTLE, OP_REPLAY, B, 0),
    PLAY("mutated", 0, BEGIN_UP, OP_MUTATE, B, 3, 0, 19, 8, 0, 0, OP_MUTATE, B, 1, 0, 60, 1, 0, 0,
         OP_MUTATE, A, 0, 0, 24, 1, 0, 40, OP_SETTLE),
    PLAY("forged", 0, BEGIN_UP, OP_INNER, A, 0, 0, OP_MUTATE, A, 0, 0, 50, 1, 0, 0, OP_MUTATE, B, 1, 0,
         90, 128, 0, 0, OP_COMMAND, A, 0, IKE_DO_LIVENESS - IKE_DO_AUTH, 0, OP_MUTATE, B, 0, 0, 50, 1,
         0, 0, OP_DELIVER, A, 0, OP_MUTATE, A, 0, 0, 50, 1, 0, 0, OP_SETTLE, OP_MUTATE, A, 0, 0, 36, 2,
         0, 0, OP_MUTATE, B, 2, 0, 60, 4, 0, 0),
    PLAY("refused", 0, BEGIN_UP, OP_EDIT, A, 0, 23, 1, 0, 0, CMD(A, IKE_DO_NEW_CHILD, 0), OP_EDIT, B, 0, 130,
         1, 0, 0, CMD(B, IKE_DO_REKEY_IKE, HOW_ECP), OP_EDIT, A, 0, 160, 1, 0, 0,
         CMD(A, IKE_DO_NEW_CHILD, HOW_ECP)),
    PLAY("next-id", 0, BEGIN_UP, OP_MUTATE, B, 1, 0, 23, 3, 0, 0, OP_SETTLE),
    PLAY("edited", 0, BEGIN_UP, OP_EDIT, A, 0, 4, 1, 0, 0, CMD(A, IKE_DO_NEW_CHILD, 0), OP_EDIT, B,
         0, 6, 0x80, 0, 0, CMD(B, IKE_DO_REKEY_IKE, 0)),
    PLAY("inform", 0, BEGIN_UP, OP_INFO, A, 0, PAYLOAD_NOTIFY, 8, 0, 0, 0, 8, 0, 0, 0x40, 0x0c,
         OP_SETTLE, OP_INFO, B, 0, PAYLOAD_DELETE, 8, 0, 0, 0, 8, 1, 0, 0, 0, OP_SETTLE),
    PLAY("raw", 0, BEGIN_UP, OP_RAW, A, 1, 1, 0xff, OP_RAW, B, 2, 9, 0, 0, 0x10, 0, 0, 0, 0, 1, 9,
         OP_RAW, B, 0, 28, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 37, 8, 0, 0, 0,
         0, 0, 0, 0, 28),
    PLAY("roamed", WORLD_NATT, BEGIN_UP, OP_INNER, A, 0, 0, OP_ROAM, A, 0, 9, OP_INNER, B, 0, 0,
         OP_SETTLE),
    PLAY("stepped", WORLD_KEEP_DEAD, BEGIN_NOTHING, OP_INITIATE, 1, OP_SETTLE,
         CMD(A, IKE_DO_AUTH, 0), OP_RESEND, A, 0, OP_FORGET, B, 0, OP_SETTLE, OP_MANUAL, A, 0, 1),
    PLAY("bent", 0, BEGIN_UP, OP_BEND, B, 0, 3, CMD(A, IKE_DO_REKEY_CHILD, 0)),
    PLAY("signed", 0, BEGIN_UP | BEGIN_MORE(WORLD_SIGNED), OP_INNER, A, 0, 0, OP_INNER, B, 0, 0, OP_SETTLE,
         CMD(B, IKE_DO_REKEY_IKE, 0)),
    PLAY("signed-fragments", WORLD_FRAGMENTS | WORLD_CBC, BEGIN_UP | BEGIN_MORE(WORLD_SIGNED), OP_INNER, B, 0, 0, OP_SETTLE),
    PLAY("signed-by-others", WORLD_PSKS_DIFFER, BEGIN_UP | BEGIN_MORE(WORLD_SIGNED), OP_DEADLINE, OP_SETTLE),
    PLAY("signed-url", 0, BEGIN_UP | BEGIN_MORE(WORLD_SIGNED | WORLD_URL), OP_INNER, A, 0, 0, OP_SETTLE),
    /* behind IDi: an octet of the hash, of the URL, of CERT's length, of the certificate; behind IDr: of the key */
    PLAY("signed-url-other", 0, BEGIN_INIT_SENT | BEGIN_MORE(WORLD_SIGNED | WORLD_URL), OP_DELIVER, A, 0, OP_EDIT, A, 0, 18,
         1, 0, 0, OP_SETTLE, OP_INITIATE, 0, OP_DELIVER, A, 0, OP_EDIT, A, 0, 45, 1, 0, 0, OP_SETTLE,
         OP_DEADLINE, OP_SETTLE, OP_DEADLINE, OP_SETTLE, OP_DEADLINE, OP_SETTLE, OP_DEADLINE, OP_SETTLE,
         OP_DEADLINE, OP_SETTLE),
    PLAY("signed-cut", 0, BEGIN_INIT_SENT | BEGIN_MORE(WORLD_SIGNED), OP_DELIVER, A, 0, OP_EDIT, A, 0, 16, 1, 0, 0,
         OP_SETTLE),
    PLAY("signed-other", 0, BEGIN_INIT_SENT | BEGIN_MORE(WORLD_SIGNED), OP_DELIVER, A, 0, OP_EDIT, A, 0, 80, 1, 0, 0,
         OP_SETTLE, OP_INITIATE, 0, OP_DELIVER, A, 0, OP_EDIT, B, 0, 30, 1, 0, 0, OP_SETTLE),
    PLAY("signed-pool", WORLD_FRAGMENTS, BEGIN_UP | BEGIN_MORE(WORLD_SIGNED | WORLD_URL | WORLD_POOL),
         OP_INITIATE, 0, OP_SETTLE),
    PLAY("pool", 0, BEGIN_UP | BEGIN_MORE(WORLD_POOL), OP_INNER, A, 0, 0, OP_SETTLE, OP_INITIATE, 0, OP_SETTLE,
         OP_INITIATE, 0, OP_SETTLE, CMD(A, IKE_DO_DELETE_IKE, 0), OP_INITIATE, 0, OP_SETTLE),
    PLAY("pool-kept", WORLD_KEEP_DEAD, BEGIN_UP | BEGIN_MORE(WORLD_POOL), OP_INITIATE, 0, OP_SETTLE,
         CMD(B, IKE_DO_DELETE_IKE, 0), OP_INITIATE, 0, OP_SETTLE),
    PLAY("pool-rekeys", 0, BEGIN_UP | BEGIN_MORE(WORLD_POOL), CMD(A, IKE_DO_REKEY_IKE, 0),
         CMD(B, IKE_DO_REKEY_IKE, 0), OP_COMMAND, A, 0, 3, 1, OP_COMMAND, B, 0, 3, 2, OP_SETTLE,
         OP_INITIATE, 0, OP_SETTLE, CMD(A, IKE_DO_NEW_CHILD, 0)),
    PLAY("pool-fragments", WORLD_FRAGMENTS | WORLD_CBC, BEGIN_UP | BEGIN_MORE(WORLD_POOL), OP_INNER, B, 0, 0,
         OP_SETTLE),
    PLAY("pool-lost", WORLD_TIMERS, BEGIN_UP | BEGIN_MORE(WORLD_POOL), OP_FORGET, A, 0, OP_INITIATE, 0, OP_SETTLE,
         OP_INITIATE, 0, OP_SETTLE, OP_DEADLINE, OP_TICK, 17, OP_INITIATE, 0, OP_SETTLE),
    PLAY("pool-set", 0, BEGIN_INIT_SENT | BEGIN_MORE(WORLD_POOL), OP_DELIVER, A, 0, OP_EDIT, A, POOL_CP(0),
         CFG_REQUEST ^ CFG_SET, 0, 0, OP_SETTLE, CMD(A, IKE_DO_DELETE_IKE, 0), OP_INITIATE, 0, OP_EDIT,
         A, POOL_CP(5), 0x7f, 0, 0, OP_SETTLE),
    PLAY("pool-reply", 0, BEGIN_INIT_SENT | BEGIN_MORE(WORLD_POOL), OP_DELIVER, A, 0, OP_EDIT, B, POOL_CP(0),
         CFG_REPLY ^ CFG_ACK, 0, 0, OP_SETTLE, OP_INITIATE, 0, OP_EDIT, B, POOL_CP(5), 1, 0, 0,
         OP_SETTLE, OP_INITIATE, 0, OP_EDIT, B, POOL_CP(11), 1, 0, 0, OP_SETTLE),
};

static void write_plays(void)
{
    for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
        char path[128];
        snprintf(path, sizeof path, "corpora/engine/%s", plays[i].name);
        settle(path, plays[i].octets, plays[i].len);
        snprintf(path, sizeof path, "corpora/machine/%s", plays[i].name);
        settle(path, plays[i].octets, plays[i].len);
    }
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
    write_all_inside();
    write_transforms();
    write_odd();
    write_dict();
    write_words();
    write_sealed();
    write_sealed_notifies();
    write_sequences();
    write_lookups();
    write_inner();
    write_encap();
    write_small();
    write_text();
    write_edits();
    write_deep();
    write_plays();
    printf("%u files %s, %u differ\n", num_same, writing ? "written" : "as they would be written",
           num_other);
    if (num_other == 0)
        puts("[  PASSED  ] 1 test(s)."); /* as cmocka would say it */
    return num_other == 0 ? 0 : 1;
}

/* text_fuzz.c - words that a case hands to the engine: addresses, names of the registries, and
 * paths with values, one `path value` a line, over a message of every payload. First octet: which
 * sample, and from 234 on with memory that soon runs out. */
#include <stdalign.h>

#include "engine/base/addr.h"
#include "engine/wire/path.h"
#include "engine/wire/samples.h"
#include "fuzz/must.h"

static alignas(16) uint8_t store[1 << 20];
static uint8_t wire[70000];
static char text[8192], shown[8192];

static void address(const char *s)
{
    struct addr a = { 0 }, b = { 0 };
    if (!addr_parse(s, &a))
        return;
    addr_text(&a, shown, sizeof shown);
    must(addr_parse(shown, &b));
    must(addr_eq(&a, &b));
}

static void name(const char *s)
{
    static const struct names *const all[] = {
        &names_exchange, &names_payload, &names_protocol, &names_transform,
        &names_encr,     &names_prf,     &names_integ,    &names_group,
        &names_notify,   &names_id,      &names_cfg_attr, &names_ts,
    };
    /* in one of them each time: the rows of all are most of the work */
    const struct names *r = all[sum_of(span_str(s)) % (sizeof all / sizeof all[0])];
    int64_t num = name_num(r, s);
    must(num >= -1 && num <= UINT32_MAX);
    must(shape_field(shape_of((uint8_t)sum_of(span_str(s))), s) < 64);
    const char *known = num >= 0 ? name_of(r, (uint32_t)num) : NULL;
    must(known == NULL || name_num(r, known) == num);
}

/* What was wrong, in words, and what would be allowed: with room for it and with hardly any. */
static void told(const struct path_fault *why, const char *path, const char *value)
{
    const char *words[80];
    path_fault_text(why, path, value, shown, sizeof shown);
    must(memchr(shown, 0, sizeof shown) != NULL);
    path_fault_text(why, path, NULL, shown, 20);
    must(memchr(shown, 0, 20) != NULL);
    must(path_allowed(why, path, words, 80) <= 80);
    must(path_allowed(why, path, words, 1) <= 1);
}

static void edit(struct message *m, const char *path, const char *value)
{
    struct path_ref ref;
    struct path_fault why = { 0 };
    if (path_find(m, path, &ref, &why) != ERR_OK) {
        must(!path_has(m, path) && path_set(m, path, value, NULL) != ERR_OK);
        told(&why, path, value);
        return;
    }
    must(path_has(m, path) || ref.field == PATH_KEYLEN);
    size_t room = strlen(path) % 12;
    if (path_get(m, path, shown, room, &why) == ERR_OK)
        must(strlen(shown) < room);
    else
        told(&why, path, value);
    (void)!path_get(m, path, shown, room, NULL);
    if (path_set(m, path, value, &why) != ERR_OK) {
        told(&why, path, value);
        return;
    }
    if (path_get(m, path, shown, sizeof shown, NULL) == ERR_OK) { /* what it says it reads */
        enum err rc = path_set(m, path, shown, NULL);
        must(rc == ERR_OK || (rc == ERR_SPACE && m->arena->cap < sizeof store / 2));
    }
}

static void encode(const struct message *m)
{
    struct writer w = wr_init(wire, sizeof wire);
    struct arena a = arena_init(store + sizeof store / 2, sizeof store / 2);
    struct message back;
    struct fault why;
    if (msg_encode(m, &w) == ERR_OK && msg_decode(&back, &a, wr_done(&w), &why) == ERR_OK)
        must(back.hdr != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = arena_init(store, sizeof store / 2);
    struct message m;
    if (size < 1 || size >= sizeof text)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    sample_make(data[0] % NUM_SAMPLES, &m, &a);
    if (data[0] / NUM_SAMPLES == 9) /* no more memory, or next to none */
        a.cap = a.used + size % 100;
    for (char *line = text; line != NULL;) {
        char *end = strchr(line, '\n'), *value;
        if (end != NULL)
            *end++ = '\0';
        address(line);
        name(line);
        if ((value = strchr(line, ' ')) != NULL)
            *value++ = '\0';
        edit(&m, line, value != NULL ? value : "");
        line = end;
    }
    encode(&m);
    return 0;
}

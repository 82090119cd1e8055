/* text_fuzz.c - words that a case hands to the engine: addresses, names of the registries, and paths
 * with values, one `path value` a line, over a message of every payload. */
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
        &names_exchange, &names_payload, &names_protocol, &names_transform, &names_encr,
        &names_prf,      &names_integ,   &names_group,    &names_notify,    &names_id,
        &names_cfg_attr, &names_ts,
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        int64_t num = name_num(all[i], s);
        must(num >= -1 && num <= UINT32_MAX);
        const char *known = num >= 0 ? name_of(all[i], (uint32_t)num) : NULL;
        must(known == NULL || name_num(all[i], known) == num);
    }
}

static void edit(struct message *m, const char *path, const char *value)
{
    struct path_ref ref;
    struct path_fault why = { 0 };
    if (path_find(m, path, &ref, &why) != ERR_OK) {
        path_fault_text(&why, path, value, shown, sizeof shown);
        must(memchr(shown, 0, sizeof shown) != NULL);
        return;
    }
    (void)!path_get(m, path, shown, sizeof shown, NULL);
    if (path_set(m, path, value, &why) != ERR_OK) {
        path_fault_text(&why, path, value, shown, sizeof shown);
        return;
    }
    if (path_get(m, path, shown, sizeof shown, NULL) == ERR_OK) /* what it says it reads */
        must(path_set(m, path, shown, NULL) == ERR_OK);
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

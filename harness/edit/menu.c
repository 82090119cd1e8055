/* menu.c - what can be edited in a message, and programs by chance. */
#include "harness/edit/menu.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/wire/path.h"
#include "engine/wire/print.h"

/* payload types that no RFC has given out, and a status and an error notify in the private range */
static const uint64_t unknown_payloads[] = { 60, 99, 127, 200, 254 };
static const uint64_t unknown_status[] = { 40969, 65000 };
static const uint64_t unknown_error[] = { 8200, 16000 };
static const char *const additions[] = { "+critical", "+unknown", "+status", "+error",
                                         "+notify",   "+payload", "wire" };
#define NUM_ADDITIONS (sizeof additions / sizeof additions[0])

/* --- reading
 * -------------------------------------------------------------------------------------------- */

static void visit(void *ctx, const char *path, struct node *n, unsigned field)
{
    struct menu *menu = ctx;
    if (menu->num_fields == menu->cap_fields || strlen(path) >= EDIT_PATH)
        return;
    struct menu_field *f = &menu->field[menu->num_fields++];
    strcpy(f->path, path);
    edit_class(path, f->class);
    f->f = &n->shape->fields[field];
}

static void count(void *ctx, const char *path, struct node *n, unsigned field)
{
    (void)path, (void)n, (void)field;
    ++*(size_t *)ctx;
}

static bool sealing(const struct node *n)
{
    return n->type == PAYLOAD_SK || n->type == PAYLOAD_SKF;
}

/* Calls each with the notation of every payload but SK. Stops when each says so. */
static bool payloads(const struct node *parent, bool (*each)(void *ctx, const char *notation),
                     void *ctx)
{
    char text[EDIT_PATH];
    for (const struct node *n = parent->child; n != NULL; n = n->next) {
        print_payload(n, text, sizeof text);
        if (!sealing(n) && !each(ctx, text))
            return false;
        if (n->type == PAYLOAD_SK && !payloads(n, each, ctx))
            return false;
    }
    return true;
}

static bool add_payload(void *ctx, const char *notation)
{
    struct menu *menu = ctx;
    char(*grown)[EDIT_PATH] = realloc(menu->payload, (menu->num_payloads + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    menu->payload = grown;
    strcpy(grown[menu->num_payloads++], notation);
    return true;
}

static void add_target(struct menu *menu, const char *name, const char *mark)
{
    char text[EDIT_PATH];
    if (snprintf(text, sizeof text, "%s%s", name, mark) >= (int)sizeof text)
        return;
    for (size_t i = 0; i < menu->num_targets; i++)
        if (strcmp(menu->target[i], text) == 0)
            return;
    strcpy(menu->target[menu->num_targets++], text);
}

enum err menu_read(struct menu *menu, const struct message *m, bool sealed)
{
    *menu = (struct menu){ 0 };
    path_list(m, count, &menu->cap_fields);
    menu->field = calloc(menu->cap_fields + 1, sizeof *menu->field);
    if (menu->field == NULL || !payloads(m->hdr, add_payload, menu))
        return ERR_MEMORY;
    path_list(m, visit, menu);
    menu->target =
        calloc(menu->num_fields + menu->num_payloads + NUM_ADDITIONS + 1, sizeof *menu->target);
    if (menu->target == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < menu->num_fields;
         i++) /* what carries the sealed octets is reached by plain and wire */
        if (strcmp(menu->field[i].class, "SK.data") != 0 &&
            strcmp(menu->field[i].class, "SKF.data") != 0)
            add_target(menu, menu->field[i].class, "");
    for (size_t i = 0; i < menu->num_payloads; i++) {
        char class[EDIT_PATH];
        edit_class(menu->payload[i], class);
        add_target(menu, class, ":");
    }
    for (size_t i = 0; i < NUM_ADDITIONS; i++)
        add_target(menu, additions[i], "");
    if (sealed)
        add_target(menu, "plain", "");
    return ERR_OK;
}

void menu_clear(struct menu *menu)
{
    free(menu->field);
    free(menu->payload);
    free(menu->target);
    *menu = (struct menu){ 0 };
}

struct compare {
    const struct menu *menu;
    size_t at;
};

static bool same_payload(void *ctx, const char *notation)
{
    struct compare *c = ctx;
    return c->at < c->menu->num_payloads && strcmp(c->menu->payload[c->at++], notation) == 0;
}

bool menu_fits(const struct menu *menu, const struct message *m)
{
    struct compare c = { .menu = menu };
    return payloads(m->hdr, same_payload, &c) && c.at == menu->num_payloads;
}

/* --- one edit
 * -------------------------------------------------------------------------------------------- */

static void some_octets(struct chance *c, struct edit *e, size_t n)
{
    for (e->len = 0; e->len < n; e->len++)
        e->octets[e->len] = (uint8_t)chance_below(c, 256);
}

static void make_addition(struct chance *c, const char *what, struct edit *e)
{
    static const size_t some[] = { 0, 0, 1, 4, 8, 20 }, body[] = { 0, 1, 4, 8, 12, 16, 40 };
    some_octets(c, e, CHANCE_PICK(c, some));
    e->kind = EDIT_NOTIFY;
    if (strcmp(what, "+status") == 0) {
        e->a = CHANCE_PICK(c, unknown_status);
    } else if (strcmp(what, "+error") == 0) {
        e->a = CHANCE_PICK(c, unknown_error);
    } else if (strcmp(what, "+notify") == 0) {
        e->a = names_notify.rows[chance_below(c, names_notify.num_rows)].num;
    } else {
        e->kind = EDIT_INSERT;
        e->b = strcmp(what, "+critical") == 0;
        if (strcmp(what, "+payload") != 0) {
            e->a = CHANCE_PICK(c, unknown_payloads);
            return;
        }
        do
            e->a = names_payload.rows[chance_below(c, names_payload.num_rows)].num;
        while (e->a == PAYLOAD_NONE || e->a == PAYLOAD_SK || e->a == PAYLOAD_SKF);
        some_octets(c, e, CHANCE_PICK(c, body));
    }
}

static void make_octets(struct chance *c, enum edit_kind flip, uint64_t far, struct edit *e)
{
    static const uint64_t more[] = { 1, 2, 4, 16, 255, 1024 }, with[] = { 0, 255, 65 };
    switch (chance_below(c, 4)) {
    case 0:
        e->kind = flip + 1; /* cut */
        e->a = chance_below(c, far);
        return;
    case 1:
        e->kind = flip + 2; /* grow */
        e->a = CHANCE_PICK(c, more);
        e->b = CHANCE_PICK(c, with);
        return;
    case 2:
        e->kind = flip;
        e->bit = -1 - (int64_t)chance_below(c, 128);
        return;
    default:
        e->kind = flip;
        e->bit = (int64_t)chance_below(c, far * 8);
    }
}

static bool make_structure(const struct menu *menu, struct chance *c, const char *target,
                           struct edit *e)
{
    static const uint64_t times[] = { 1, 1, 2, 5, 20, 100 };
    size_t num = 0, want;
    char class[EDIT_PATH];
    for (int pass = 0; pass < 2; pass++) {
        want = pass == 1 ? chance_below(c, num) : 0;
        for (size_t i = 0; i < menu->num_payloads; i++) {
            edit_class(menu->payload[i], class);
            if (strncmp(class, target, strlen(class)) != 0 ||
                strcmp(target + strlen(class), ":") != 0)
                continue;
            if (pass == 0)
                num++;
            else if (want-- == 0)
                strcpy(e->path, menu->payload[i]);
        }
        if (num == 0)
            return false;
    }
    switch (chance_below(c, 4)) {
    case 0:
        e->kind = EDIT_REMOVE;
        return true;
    case 1:
        e->kind = EDIT_DOUBLE;
        e->a = CHANCE_PICK(c, times);
        return true;
    case 2:
        e->kind = EDIT_MOVE;
        e->a = chance_below(c, 2);
        strcpy(e->mark, menu->payload[chance_below(c, menu->num_payloads)]);
        return true;
    default:
        e->kind = EDIT_SET;
        if (strlen(e->path) + sizeof ".next" > EDIT_PATH)
            return false;
        strcat(e->path, ".next");
        snprintf(e->value, sizeof e->value, "%u", (unsigned)chance_below(c, 256));
        return true;
    }
}

/* Row of a registry whose number fits, by chance; false when there is none. */
static bool pick_known(struct chance *c, const struct names *r, uint64_t max, uint64_t *out)
{
    size_t num = 0;
    for (size_t i = 0; i < r->num_rows; i++)
        num += r->rows[i].num <= max;
    if (num == 0)
        return false;
    size_t want = (size_t)chance_below(c, num);
    for (size_t i = 0; i < r->num_rows; i++)
        if (r->rows[i].num <= max && want-- == 0)
            *out = r->rows[i].num;
    return true;
}

/* A value of the field that is worth a try: edges, its neighbours, what its registry holds and does
 * not. */
static uint64_t make_number(struct chance *c, const struct node *parent, const struct node *n,
                            unsigned field)
{
    const struct field *f = &n->shape->fields[field];
    uint64_t max = f->bits < 64 ? ((uint64_t)1 << f->bits) - 1 : UINT64_MAX, now = 0;
    uint64_t v[24] = { 0, 1, max, max - 1, max >> 1, (max >> 1) + 1 };
    size_t num = 6, kept = 0;
    v[num++] = chance_next(c) & max;
    v[num++] = chance_next(c) & max;
    bool known = node_value(parent, n, field, &now);
    if (known) {
        v[num++] = (now + 1) & max;
        v[num++] = (now - 1) & max;
        v[num++] = (now << 1) & max;
        v[num++] = now ^ (uint64_t)1 << chance_below(c, f->bits);
    }
    if (f->derive != D_NONE) { /* small ones cut the structure, others reach beyond it */
        v[num++] = chance_below(c, (max < 64 ? max : 64) + 1);
        v[num++] = chance_below(c, (max < 512 ? max : 512) + 1);
        v[num++] = 4 & max;
        v[num++] = 8 & max;
        v[num++] = 12 & max;
    }
    for (int i = 0; f->names != NULL && i < 3; i++)
        if (pick_known(c, f->names, max, &v[num]))
            num++;
    for (size_t i = 0; i < num; i++)
        if (!known || v[i] != now)
            v[kept++] = v[i];
    return v[chance_below(c, kept)];
}

static bool make_field(const struct menu *menu, struct chance *c, const struct message *m,
                       const char *target, struct edit *e)
{
    static const uint64_t more[] = { 1, 1, 2, 3, 4, 7, 8, 16, 64, 255, 256, 1000, 4000 };
    static const uint64_t with[] = { 0, 0, 255, 65, 128 }, fill[] = { 0, 255, 128, 1 };
    size_t num = 0;
    struct path_ref at;
    for (size_t i = 0; i < menu->num_fields; i++)
        num += strcmp(menu->field[i].class, target) == 0;
    if (num == 0)
        return false;
    size_t want = (size_t)chance_below(c, num);
    for (size_t i = 0; i < menu->num_fields; i++)
        if (strcmp(menu->field[i].class, target) == 0 && want-- == 0)
            strcpy(e->path, menu->field[i].path);
    if (path_find(m, e->path, &at, NULL) != ERR_OK || at.field < 0)
        return false;
    unsigned kind = at.node->shape->fields[at.field].kind;
    if (kind < F_OCTETS) {
        e->kind = EDIT_SET;
        snprintf(e->value, sizeof e->value, "%" PRIu64,
                 make_number(c, at.parent, at.node, (unsigned)at.field));
        return true;
    }
    /* a boundary of every length field on the way, and a few that grow past usual room */
    uint64_t len = node_bytes(at.node, (unsigned)at.field).len;
    switch (chance_below(c, len > 0 ? 5 : 1)) {
    case 0:
        e->kind = EDIT_GROW;
        e->a = CHANCE_PICK(c, more);
        e->b = CHANCE_PICK(c, with);
        return true;
    case 1: {
        const uint64_t left[] = { 0, 0, 1, len - 1, len / 2, chance_below(c, len) };
        e->kind = EDIT_CUT;
        e->a = CHANCE_PICK(c, left);
        return true;
    }
    case 2:
        e->kind = EDIT_FILL;
        e->a = CHANCE_PICK(c, fill);
        return true;
    default:
        e->kind = EDIT_FLIP;
        e->bit = (int64_t)chance_below(c, len * 8);
        return true;
    }
}

static bool make_edit(const struct menu *menu, struct chance *c, const struct message *m,
                      const char *target, struct edit *e)
{
    *e = (struct edit){ 0 };
    if (strcmp(target, "plain") == 0) {
        make_octets(c, EDIT_PLAIN_FLIP, 64, e);
        return true;
    }
    if (strcmp(target, "wire") == 0) {
        make_octets(c, EDIT_WIRE_FLIP, 256, e);
        return true;
    }
    if (target[0] == '+') {
        make_addition(c, target, e);
        return true;
    }
    return target[0] != '\0' && target[strlen(target) - 1] == ':'
               ? make_structure(menu, c, target, e)
               : make_field(menu, c, m, target, e);
}

void menu_program(const struct menu *menu, const struct message *m, const char *target,
                  uint64_t seed, struct program *out)
{
    /* an edit alone can be judged most sharply; several together reach farther */
    static const size_t more[] = { 0, 0, 0, 0, 1, 1, 2, 4 };
    struct chance c = { .x = seed };
    out->num = 0;
    if (make_edit(menu, &c, m, target, &out->edit[0]))
        out->num = 1;
    for (size_t left = CHANCE_PICK(&c, more); left > 0 && menu->num_targets > 0; left--)
        if (make_edit(menu, &c, m, menu->target[chance_below(&c, menu->num_targets)],
                      &out->edit[out->num]))
            out->num++;
}

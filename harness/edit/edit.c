/* edit.c - edits done on a tree and on octets; what they are called. */
#include "harness/edit/edit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/wire/path.h"
#include "harness/edit/graft.h"

const char *const edit_names[NUM_EDIT_KINDS + 1] = {
    [EDIT_SET] = "set",
    [EDIT_FLIP] = "flip",
    [EDIT_CUT] = "cut",
    [EDIT_GROW] = "grow",
    [EDIT_FILL] = "fill",
    [EDIT_REMOVE] = "remove",
    [EDIT_DOUBLE] = "double",
    [EDIT_MOVE] = "move",
    [EDIT_INSERT] = "insert",
    [EDIT_NOTIFY] = "notify",
    [EDIT_PLAIN_FLIP] = "plain-flip",
    [EDIT_PLAIN_CUT] = "plain-cut",
    [EDIT_PLAIN_GROW] = "plain-grow",
    [EDIT_WIRE_FLIP] = "wire-flip",
    [EDIT_WIRE_CUT] = "wire-cut",
    [EDIT_WIRE_GROW] = "wire-grow",
};

#define ROOM        8192u
#define DOUBLE_ROOM 65536u

enum edit_station edit_station(const struct edit *e)
{
    return e->kind >= EDIT_WIRE_FLIP    ? EDIT_WIRE
           : e->kind >= EDIT_PLAIN_FLIP ? EDIT_PLAIN
                                        : EDIT_TREE;
}

size_t edit_room(const struct edit *e)
{
    switch (e->kind) {
    case EDIT_DOUBLE:
        return ROOM + DOUBLE_ROOM;
    case EDIT_GROW:
        return ROOM + 2 * (size_t)e->a;
    case EDIT_INSERT:
    case EDIT_NOTIFY:
        return ROOM + 256 * e->len;
    default:
        return ROOM;
    }
}

/* --- octets
 * ------------------------------------------------------------------------------------------- */

static void flip(uint8_t *p, size_t len, int64_t bit)
{
    if (len == 0)
        return;
    int64_t octets = bit / 8 - (bit % 8 < 0), in = bit - 8 * octets;
    int64_t at = octets % (int64_t)len;
    p[at < 0 ? at + (int64_t)len : at] ^= (uint8_t)(0x80 >> in);
}

enum err edit_octets(const struct edit *e, uint8_t *p, size_t *len, size_t cap)
{
    switch (e->kind) {
    case EDIT_FLIP:
    case EDIT_PLAIN_FLIP:
    case EDIT_WIRE_FLIP:
        flip(p, *len, e->bit);
        return ERR_OK;
    case EDIT_CUT:
    case EDIT_PLAIN_CUT:
    case EDIT_WIRE_CUT:
        if (e->a < *len)
            *len = (size_t)e->a;
        return ERR_OK;
    case EDIT_GROW:
    case EDIT_PLAIN_GROW:
    case EDIT_WIRE_GROW:
        if (*len > cap || e->a > cap - *len)
            return ERR_SPACE;
        memset(p + *len, (int)e->b, (size_t)e->a);
        *len += (size_t)e->a;
        return ERR_OK;
    case EDIT_FILL:
        memset(p, (int)e->a, *len);
        return ERR_OK;
    default:
        return ERR_STATE;
    }
}

/* --- the tree
 * ------------------------------------------------------------------------------------------- */

static enum err edit_field(struct message *m, const struct edit *e)
{
    struct path_ref at;
    enum err rc = path_find(m, e->path, &at, NULL);
    if (rc != ERR_OK)
        return rc;
    if (at.field < 0)
        return ERR_NO_PATH;
    uint8_t kind = at.node->shape->fields[at.field].kind;
    if (kind < F_OCTETS || kind > F_TAIL1)
        return ERR_NO_PATH;
    struct span was = node_bytes(at.node, (unsigned)at.field);
    size_t len = was.len, cap = len + (e->kind == EDIT_GROW ? (size_t)e->a : 0);
    uint8_t *now = cap <= UINT16_MAX ? arena_take(m->arena, cap + 1) : NULL;
    if (now == NULL)
        return ERR_SPACE;
    if (len > 0)
        memcpy(now, was.p, len);
    rc = edit_octets(e, now, &len, cap);
    return rc == ERR_OK ? node_set_bytes(m, at.node, (unsigned)at.field, span_of(now, len)) : rc;
}

static enum err edit_move(struct message *m, const struct edit *e)
{
    struct path_ref at, mark;
    enum err rc = graft_find(m, e->path, &at, NULL);
    if (rc == ERR_OK)
        rc = graft_find(m, e->mark, &mark, NULL);
    if (rc != ERR_OK)
        return rc;
    if (at.node->type == PAYLOAD_SK || at.parent->type != mark.parent->type)
        return ERR_MISPLACED;
    if (at.node == mark.node)
        return ERR_OK;
    node_remove(at.parent, at.node);
    node_insert(mark.parent, at.node, e->a == 1 ? mark.node->next : mark.node);
    return ERR_OK;
}

static enum err edit_double(struct message *m, const struct edit *e)
{
    struct path_ref at;
    enum err rc = graft_find(m, e->path, &at, NULL);
    for (uint64_t i = 0; rc == ERR_OK && i < e->a; i++)
        rc = graft_double(m, &at);
    return rc;
}

static enum err edit_insert(struct message *m, const struct edit *e)
{
    struct node *n = graft_payload(m, msg_payloads(m), (uint8_t)e->a, span_of(e->octets, e->len));
    return n != NULL ? node_set_num(m, n, PL_CRITICAL, e->b) : ERR_SPACE;
}

static enum err edit_notify(struct message *m, const struct edit *e)
{
    struct node *n = payload_add(m, msg_payloads(m), PAYLOAD_NOTIFY);
    enum err rc = n != NULL ? node_set_num(m, n, NOTIFY_TYPE, e->a) : ERR_SPACE;
    return rc == ERR_OK ? node_set_bytes(m, n, NOTIFY_DATA, span_of(e->octets, e->len)) : rc;
}

enum err edit_tree(struct message *m, const struct edit *e)
{
    struct path_ref at;
    enum err rc;
    switch (e->kind) {
    case EDIT_SET:
        return path_set(m, e->path, e->value, NULL);
    case EDIT_FLIP:
    case EDIT_CUT:
    case EDIT_GROW:
    case EDIT_FILL:
        return edit_field(m, e);
    case EDIT_REMOVE:
        rc = graft_find(m, e->path, &at, NULL);
        if (rc == ERR_OK)
            node_remove(at.parent, at.node);
        return rc;
    case EDIT_DOUBLE:
        return edit_double(m, e);
    case EDIT_MOVE:
        return edit_move(m, e);
    case EDIT_INSERT:
        return edit_insert(m, e);
    case EDIT_NOTIFY:
        return edit_notify(m, e);
    default:
        return ERR_STATE;
    }
}

/* --- programs
 * ---------------------------------------------------------------------------------------------- */

uint32_t program_tree(const struct program *pr, struct message *m)
{
    uint32_t done = 0;
    for (size_t i = 0; i < pr->num; i++) {
        const struct edit *e = &pr->edit[i];
        if (edit_station(e) == EDIT_TREE && edit_room(e) <= m->arena->cap - m->arena->used &&
            edit_tree(m, e) == ERR_OK)
            done |= 1u << i;
    }
    return done;
}

uint32_t program_octets(const struct program *pr, enum edit_station station, uint8_t *p,
                        size_t *len, size_t cap)
{
    static uint8_t room[EDIT_DATAGRAM];
    size_t now = *len, most = now;
    uint32_t done = 0;
    if (now > sizeof room)
        return 0;
    if (now > 0)
        memcpy(room, p, now);
    if (cap > sizeof room)
        cap = sizeof room;
    for (size_t i = 0; i < pr->num; i++) {
        if (edit_station(&pr->edit[i]) == station &&
            edit_octets(&pr->edit[i], room, &now, cap) == ERR_OK)
            done |= 1u << i;
        most = now > most ? now : most;
    }
    bool same = now == *len && (now == 0 || memcmp(room, p, now) == 0);
    if (!same && now > 0 && now <= *len + EDIT_MORE) {
        memcpy(p, room, now);
        *len = now;
    } else {
        done = 0;
    }
    wipe(room, most);
    return done;
}

/* --- for people
 * -------------------------------------------------------------------------------------------- */

/* Leaves out [digits] anywhere, and steps that are digits alone. */
void edit_class(const char *path, char *buf)
{
    size_t n = 0;
    for (size_t i = 0; path[i] != '\0' && n + 1 < EDIT_PATH;) {
        size_t open = path[i] == '[' || path[i] == '.' ? 1 : 0;
        size_t digits = open > 0 ? strspn(path + i + 1, "0123456789") : 0;
        char end = path[i + open + digits];
        if (digits > 0 && path[i] == '[' && end == ']')
            i += digits + 2;
        else if (digits > 0 && path[i] == '.' && (end == '.' || end == '\0'))
            i += digits + 1;
        else
            buf[n++] = path[i++];
    }
    buf[n] = '\0';
}

size_t edit_about(const struct edit *e, char *buf, size_t cap)
{
    char class[EDIT_PATH];
    const char *known;
    int n;
    switch (e->kind) {
    case EDIT_INSERT:
        known = name_of(&names_payload, (uint32_t)e->a);
        n = snprintf(buf, cap, "insert-%s%s", known != NULL ? known : "unknown",
                     e->b != 0 ? "-critical" : "");
        break;
    case EDIT_NOTIFY:
        known = name_of(&names_notify, (uint32_t)e->a);
        n = snprintf(buf, cap, "notify-%s",
                     known != NULL   ? known
                     : e->a < 16384u ? "unknown-error"
                                     : "unknown-status");
        break;
    default:
        edit_class(e->path, class);
        n = snprintf(buf, cap, edit_station(e) == EDIT_TREE ? "%s-%s" : "%s", edit_names[e->kind],
                     class);
    }
    return n < 0 ? 0 : (size_t)n < cap ? (size_t)n : cap - 1;
}

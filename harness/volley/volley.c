/* volley.c - what volleys before keys and on a standing SA have in common: the tap that bends,
 * time, and the kinds in the end. */
#include "harness/volley/volley.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/volley/shot.h"

#define SCRATCH (4u << 20)

/* --- the tap
 * --------------------------------------------------------------------------------------------- */

static void bend_tree(struct volley *v, struct shot *s, struct message *m)
{
    if (v->has_menu && !menu_fits(&v->menu, m)) {
        menu_clear(&v->menu);
        v->has_menu = false;
    }
    if (!v->has_menu) {
        v->has_menu = menu_read(&v->menu, m, !v->plan->before_keys) == ERR_OK;
        if (!v->has_menu) {
            menu_clear(&v->menu);
            return;
        }
    }
    menu_program(&v->menu, m, v->plan->part[s->part].target, s->seed, &s->program);
    s->applied = program_tree(&s->program, m);
}

static void bend(struct volley *v, struct ike_tap_point *at)
{
    struct shot *s = v->armed;
    if (at->station == TAP_TREE) {
        s->mid = at->mid;
        if (!s->honest)
            bend_tree(v, s, at->msg);
    } else if (at->station == TAP_PLAIN || s->out == 0) { /* of fragments the first */
        s->applied |= program_octets(&s->program, at->station == TAP_PLAIN ? EDIT_PLAIN : EDIT_WIRE,
                                     at->bytes, at->len, at->cap);
    }
    if (at->station != TAP_WIRE)
        return;
    if (s->out == 0) {
        uint8_t head[HDR_LEN] = { 0 };
        memcpy(head, at->bytes, *at->len < HDR_LEN ? *at->len : HDR_LEN);
        s->sent = (struct answer_head){ .spi_i = get_u64(head),
                                        .exchange = head[18],
                                        .mid = get_u32(head + 20) };
    }
    s->out += *at->len;
}

static bool tapped(void *ctx, struct peer *p, struct ike_tap_point *at, enum ike_tap_ruling *out)
{
    struct volley *v = ctx;
    if (p != v->p)
        return v->hooks.tap == NULL || v->hooks.tap(v->hooks.ctx, p, at, out);
    if (v->armed != NULL && at->outbound && !at->retransmit && !at->response)
        bend(v, at);
    if (v->kept != NULL && at->outbound && at->station == TAP_WIRE) {
        v->kept->probe_len = *at->len <= LANE_PROBE_OCTETS ? *at->len : 0;
        memcpy(v->kept->probe, at->bytes, v->kept->probe_len);
    }
    return true;
}

static bool filtered(void *ctx, struct peer *p, const struct record *r, struct verdict *out)
{
    struct volley *v = ctx;
    return v->hooks.filter == NULL || v->hooks.filter(v->hooks.ctx, p, r, out);
}

static void forgotten(void *ctx, struct record *r)
{
    struct volley *v = ctx;
    if (v->hooks.forget != NULL)
        v->hooks.forget(v->hooks.ctx, r);
}

/* --- time
 * --------------------------------------------------------------------------------------------------
 */

static void drain_events(struct volley *v)
{
    for (struct event *ev; (ev = peer_event(v->p)) != NULL; free(ev))
        for (size_t i = 0; ev->ev.kind == IKE_EV_IKE_UP && v->plan->before_keys && i < v->num; i++)
            if (v->shot[i].sa == ev->ev.sa && v->shot[i].at == SHOT_CLOSING)
                v->shot[i].up = true;
}

bool volley_wait(struct volley *v, usec_t until)
{
    usec_t now = world_now(v->w);
    v->ending = world_run(v->w, until > now ? until - now : 0, true);
    drain_events(v);
    return !volley_broken(v);
}

/* RFC 6298's estimate of what an answer takes, with room; not of what was sent more than once. */
void volley_took(struct volley *v, struct shot *s)
{
    usec_t took = s->took = world_now(v->w) - s->when;
    v->out->awaited_us += took;
    v->out->answered++;
    if (v->w->is_virtual || s->probes > 1)
        return;
    if (v->srtt == 0) {
        v->srtt = took > 0 ? took : 1;
        v->var = took / 2;
    } else {
        usec_t off = took > v->srtt ? took - v->srtt : v->srtt - took;
        v->var = (3 * v->var + off) / 4;
        v->srtt = (7 * v->srtt + took) / 8;
    }
    usec_t wait = 4 * v->srtt + 8 * v->var;
    v->quick = wait / 2;
    v->wait = wait < v->plan->floor_us  ? v->plan->floor_us
              : wait > v->plan->most_us ? v->plan->most_us
                                        : wait;
}

void volley_answer(struct volley *v, struct shot *s, const struct ike_dgram *d)
{
    answer_read(v->p->e, d, &s->sent, &v->arena, &s->a);
    s->came = true;
    s->alive = true;
    volley_took(v, s);
}

/* --- messages of our own
 * ------------------------------------------------------------------------------------ */

static bool fill(struct message *m, enum volley_what what)
{
    struct node *n = NULL;
    if (what == SEND_EMPTY)
        return true;
    n = payload_add(m, m->hdr, what == SEND_MARK ? ANSWER_MARK : PAYLOAD_DELETE);
    return n != NULL && node_set_num(m, n, what == SEND_MARK ? PL_CRITICAL : DELETE_PROTOCOL,
                                     what == SEND_MARK ? 1 : PROTOCOL_IKE) == ERR_OK;
}

bool volley_send(struct volley *v, uint32_t sa, uint32_t mid, enum volley_what what)
{
    struct message m;
    const struct ike_send how = { .mid_set = true, .mid = mid };
    arena_reset(&v->arena);
    if (msg_new(&m, &v->arena, EXCHANGE_INFORMATIONAL, FLAG_INITIATOR, mid, 0, 0) != ERR_OK ||
        !fill(&m, what))
        return false;
    v->p->inside++;
    enum err rc = ike_send_tree(v->p->e, sa, &m, &how, world_now(v->w), NULL);
    v->p->inside--;
    world_flush(v->w);
    return rc == ERR_OK;
}

void volley_drop(struct volley *v, uint32_t sa)
{
    struct ike_sa_info info;
    if (ike_sa_get(v->p->e, sa, &info) && ike_sa_keys(v->p->e, sa) != NULL) {
        uint32_t mid = info.next_request - (info.outstanding > 0);
        (void)volley_send(v, sa, mid, SEND_DELETE);
        if (info.outstanding > 0) /* nobody knows whether its id is used up */
            (void)volley_send(v, sa, mid + 1, SEND_DELETE);
    }
    ike_forget(v->p->e, sa);
}

/* --- what is known of silence
 * ------------------------------------------------------------------------------ */

static uint32_t hash_of(const struct volley *v, const struct edit *e)
{
    char about[2 * EDIT_PATH];
    uint32_t h = 2166136261u ^ (v->plan->before_keys ? 1u : (uint32_t)v->plan->what << 8);
    edit_about(e, about, sizeof about);
    for (const char *c = about; *c != '\0'; c++)
        h = (h ^ (uint8_t)*c) * 16777619u;
    return h != 0 ? h : 1;
}

bool volley_silent(const struct volley *v, const struct shot *s)
{
    for (size_t i = 0; i < s->program.num; i++) {
        uint32_t h = hash_of(v, &s->program.edit[i]);
        if (s->applied & 1u << i && v->memory->silent[h % 1024] == h)
            return true;
    }
    return false;
}

void volley_remember(struct volley *v, const struct shot *s, bool silent)
{
    if (s->program.num != 1 || s->applied == 0)
        return;
    uint32_t h = hash_of(v, &s->program.edit[0]), *at = &v->memory->silent[h % 1024];
    if (silent)
        *at = h;
    else if (*at == h)
        *at = 0;
}

/* --- kinds
 * --------------------------------------------------------------------------------------------- */

static void add(char *buf, size_t cap, const char *text)
{
    size_t at = strlen(buf);
    if (at + 1 < cap)
        snprintf(buf + at, cap - at, "%s", text);
}

/* Of one edit what it is about; of several which of the telling globs fit one of them. */
static void about(const struct volley *v, const struct shot *s, char *buf, size_t cap)
{
    char one[2 * EDIT_PATH];
    snprintf(buf, cap, s->applied == 0 ? "nothing" : "several");
    if (s->program.num == 1 && s->applied == 1) {
        edit_about(&s->program.edit[0], buf, cap);
        return;
    }
    for (size_t t = 0; t < v->plan->num_telling; t++) {
        bool fits = false;
        for (size_t i = 0; i < s->program.num && !fits; i++) {
            edit_about(&s->program.edit[i], one, sizeof one);
            fits = s->applied & 1u << i && fnmatch(v->plan->telling[t], one, 0) == 0;
        }
        if (fits) {
            add(buf, cap, " ");
            add(buf, cap, v->plan->telling[t]);
        }
    }
}

static void facts(const struct volley *v, const struct shot *s, char *buf, size_t cap)
{
    const struct volley_plan *p = v->plan;
    bool came = s->came && (!s->after_probe || s->real);
    bool much = p->before_keys && (s->in > p->amplify_times * s->out + p->amplify_more ||
                                   s->num_in > p->amplify_datagrams);
    if (s->out == 0)
        snprintf(buf, cap, "unsent 1");
    else
        snprintf(buf, cap, "%s%s answered %d up %d amplified %d", came ? "came 1 " : "came 0",
                 came ? s->a.text : "", s->alive, s->up, much);
}

static enum err collect(struct volley *v)
{
    struct volley_result *r = v->out;
    r->kind = calloc(v->num + 1, sizeof *r->kind);
    if (r->kind == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < v->num; i++) {
        const struct shot *s = &v->shot[i];
        struct volley_kind *k = &r->kind[r->num_kinds];
        size_t at = 0;
        if (s->at != SHOT_DONE)
            continue;
        r->done++;
        *k = (struct volley_kind){ .part = s->part, .seed = s->seed };
        about(v, s, k->about, sizeof k->about);
        facts(v, s, k->facts, sizeof k->facts);
        while (strcmp(r->kind[at].facts, k->facts) != 0 || r->kind[at].part != k->part ||
               strcmp(r->kind[at].about, k->about) != 0)
            at++;
        r->num_kinds += at == r->num_kinds;
        r->kind[at].num++;
        r->kind[at].ended += s->ended;
        r->ended += s->ended;
    }
    return ERR_OK;
}

/* --- all of it
 * ----------------------------------------------------------------------------------------- */

static void load(struct volley *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->plan->num_parts; i++)
        for (unsigned k = 0; k < v->plan->part[i].num && n < v->num; k++)
            v->shot[n++] = (struct shot){ .part = i,
                                          .seed = v->plan->part[i].seed + k,
                                          .honest = v->plan->lone };
    for (size_t k = 0; k < VOLLEY_CONTROLS; k++)
        v->shot[n + k] = (struct shot){ .honest = true };
}

static void run(struct volley *v)
{
    struct peer *p = v->p;
    bool records = p->no_records;
    v->hooks = v->w->hooks;
    v->w->hooks =
        (struct hooks){ .ctx = v, .tap = tapped, .filter = filtered, .forget = forgotten };
    p->no_records = true;
    p->watch = v->plan->before_keys ? early_watch : standing_watch;
    p->watch_ctx = v;
    usec_t began = world_now(v->w);
    if (v->plan->before_keys)
        early_run(v);
    else
        standing_run(v);
    v->out->took_us = world_now(v->w) - began;
    v->out->wait_us = v->wait;
    v->out->quick_us = v->quick;
    p->watch = NULL;
    p->watch_ctx = NULL;
    p->no_records = records;
    v->w->hooks = v->hooks;
}

enum err volley_run(struct peer *p, const struct volley_plan *plan, struct volley_memory *memory,
                    struct volley_result *out, enum ending *ending, struct fault *why)
{
    struct volley v = { .p = p,
                        .w = p->w,
                        .plan = plan,
                        .memory = memory,
                        .out = out,
                        .ending = END_NEWS,
                        .patience = 1 };
    enum err rc = ERR_OK;
    *out = (struct volley_result){ .habits = plan->habits };
    for (size_t i = 0; i < plan->num_parts; i++)
        v.num += plan->part[i].num;
    if (v.num > VOLLEY_MAX)
        return fault_set(why, ERR_SPACE, 0, "plan", REQ_NONE);
    void *room = malloc(SCRATCH);
    v.shot = calloc(v.num + VOLLEY_CONTROLS, sizeof *v.shot);
    if (room == NULL || v.shot == NULL) {
        rc = ERR_MEMORY;
    } else {
        v.arena = arena_init(room, SCRATCH);
        v.wait = plan->wait_us > 0 ? plan->wait_us : plan->most_us;
        v.quick = plan->quick_us;
        load(&v);
        run(&v);
        rc = collect(&v);
        wipe(room, v.arena.top);
    }
    menu_clear(&v.menu);
    free(v.shot);
    free(room);
    *ending = volley_broken(&v) ? v.ending : END_NEWS;
    return rc == ERR_OK ? ERR_OK : fault_set(why, rc, 0, "volley", REQ_NONE);
}

void volley_result_clear(struct volley_result *r)
{
    free(r->kind);
    r->kind = NULL;
    r->num_kinds = 0;
}

/* volley_cmd.c - ::ike::volley: many attempts on a live device in one command (harness/volley). */
#include <stddef.h>
#include <stdlib.h>

#include "harness/cmd/app.h"
#include "harness/volley/volley.h"

#define WHAT_WORDS "init|liveness|info"
static const char *const whats[] = { "init", "liveness", "info", NULL };

struct words { /* what a plan borrows */
    struct volley_part *part;
    const char **telling;
    uint8_t *chain;
    uint32_t *sa;
};

static void words_free(struct words *w)
{
    free(w->part);
    free(w->telling);
    free(w->chain);
    free(w->sa);
}

/* {{TARGET SEED NUM} ...} */
static int read_parts(Tcl_Interp *ip, Tcl_Obj *list, struct words *words, struct volley_plan *plan)
{
    int num, n;
    Tcl_Obj **item, **word;
    uint64_t attempts;
    if (Tcl_ListObjGetElements(ip, list, &num, &item) != TCL_OK)
        return TCL_ERROR;
    words->part = calloc((size_t)num + 1, sizeof *words->part);
    for (int i = 0; words->part != NULL && i < num; i++) {
        struct volley_part *p = &words->part[i];
        if (Tcl_ListObjGetElements(ip, item[i], &n, &word) != TCL_OK)
            return TCL_ERROR;
        if (n != 3)
            return cmd_fail_code(ip, "USAGE", "plan", "a part of a plan is {TARGET SEED NUM}");
        if (cmd_u64(ip, "seed", word[1], UINT64_MAX, &p->seed) != TCL_OK ||
            cmd_u64(ip, "num", word[2], VOLLEY_MAX, &attempts) != TCL_OK)
            return TCL_ERROR;
        p->target = Tcl_GetString(word[0]);
        p->num = (unsigned)attempts;
    }
    plan->part = words->part;
    plan->num_parts = words->part != NULL ? (size_t)num : 0;
    return TCL_OK;
}

static int read_telling(Tcl_Interp *ip, Tcl_Obj *list, struct words *words,
                        struct volley_plan *plan)
{
    int num;
    Tcl_Obj **word;
    if (list == NULL)
        return TCL_OK;
    if (Tcl_ListObjGetElements(ip, list, &num, &word) != TCL_OK)
        return TCL_ERROR;
    words->telling = calloc((size_t)num + 1, sizeof *words->telling);
    for (int i = 0; words->telling != NULL && i < num; i++)
        words->telling[plan->num_telling++] = Tcl_GetString(word[i]);
    plan->telling = words->telling;
    return TCL_OK;
}

static int read_sas(Tcl_Interp *ip, Tcl_Obj *list, struct words *words, struct volley_plan *plan)
{
    int num;
    Tcl_Obj **word;
    uint64_t id;
    if (list == NULL)
        return TCL_OK;
    if (Tcl_ListObjGetElements(ip, list, &num, &word) != TCL_OK)
        return TCL_ERROR;
    words->sa = calloc((size_t)num + 1, sizeof *words->sa);
    for (int i = 0; words->sa != NULL && i < num; i++) {
        if (cmd_u64(ip, "sas", word[i], UINT32_MAX, &id) != TCL_OK)
            return TCL_ERROR;
        words->sa[plan->num_sas++] = (uint32_t)id;
    }
    plan->sa = words->sa;
    return TCL_OK;
}

/* What a volley found out, for the next one: the names of what holds. */
static const struct {
    const char *name;
    size_t at;
} habits[] = { { "known", offsetof(struct volley_habits, known) },
               { "marks", offsetof(struct volley_habits, marks) },
               { "any_again", offsetof(struct volley_habits, any_again) },
               { "same_again", offsetof(struct volley_habits, same_again) },
               { "alone", offsetof(struct volley_habits, alone) } };
#define NUM_HABITS (sizeof habits / sizeof habits[0])

static bool *habit(struct volley_habits *h, size_t i)
{
    return (bool *)((char *)h + habits[i].at);
}

static int read_habits(Tcl_Interp *ip, Tcl_Obj *list, struct volley_plan *plan)
{
    int num, which;
    Tcl_Obj **word;
    const char *names[NUM_HABITS + 1] = { NULL };
    if (list == NULL)
        return TCL_OK;
    if (Tcl_ListObjGetElements(ip, list, &num, &word) != TCL_OK)
        return TCL_ERROR;
    for (size_t i = 0; i < NUM_HABITS; i++)
        names[i] = habits[i].name;
    for (int i = 0; i < num; i++) {
        if ((which = cmd_word(ip, "habits", word[i], names)) < 0)
            return TCL_ERROR;
        *habit(&plan->habits, (size_t)which) = true;
    }
    return TCL_OK;
}

static Tcl_Obj *habits_list(struct volley_habits h)
{
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; i < NUM_HABITS; i++)
        if (*habit(&h, i))
            Tcl_ListObjAppendElement(NULL, list, Tcl_NewStringObj(habits[i].name, -1));
    return list;
}

static int read_payloads(struct app *app, Tcl_Interp *ip, Tcl_Obj *handle, struct words *words,
                         struct ike_args *args)
{
    if (handle == NULL)
        return TCL_OK;
    struct box *b = app_box(app, ip, handle);
    if (b == NULL)
        return TCL_ERROR;
    words->chain = malloc(65536);
    struct writer w = wr_init(words->chain, words->chain != NULL ? 65536 : 0);
    if (chain_encode(msg_payloads(b->m), &w) != ERR_OK)
        return cmd_fail(ip, ERR_SPACE, "payloads", "payloads: too long");
    args->first = b->m->hdr->child != NULL ? b->m->hdr->child->type : 0;
    args->payloads = wr_done(&w);
    return TCL_OK;
}

static Tcl_Obj *kind_dict(const struct volley_plan *plan, const struct volley_kind *k)
{
    Tcl_Obj *d = Tcl_NewDictObj();
    dict_put(d, "target", Tcl_NewStringObj(plan->part[k->part].target, -1));
    dict_put(d, "part", Tcl_NewIntObj((int)k->part));
    dict_put(d, "seed", obj_u64(k->seed));
    dict_put(d, "num", Tcl_NewIntObj((int)k->num));
    dict_put(d, "ended", Tcl_NewIntObj((int)k->ended));
    dict_put(d, "about", Tcl_NewStringObj(k->about, -1));
    dict_put(d, "facts", obj_text(k->facts));
    return d;
}

static Tcl_Obj *result_dict(const struct volley_plan *plan, const struct volley_result *r)
{
    Tcl_Obj *d = Tcl_NewDictObj(), *kinds = Tcl_NewListObj(0, NULL);
    Tcl_Obj *standing = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; i < r->num_kinds; i++)
        Tcl_ListObjAppendElement(NULL, kinds, kind_dict(plan, &r->kind[i]));
    dict_put(d, "kinds", kinds);
    for (size_t i = 0; i < r->num_sas; i++)
        Tcl_ListObjAppendElement(NULL, standing, obj_u64(r->sa[i]));
    dict_put(d, "standing", standing);
    dict_put(d, "habits", habits_list(r->habits));
    const struct {
        const char *key;
        uint64_t n;
    } number[] = { { "done", r->done },
                   { "ended", r->ended },
                   { "sas", r->sas },
                   { "making_us", r->spent_us[SPENT_MAKING] },
                   { "answer_us", r->spent_us[SPENT_ANSWER] },
                   { "silence_us", r->spent_us[SPENT_SILENCE] },
                   { "probe_us", r->spent_us[SPENT_PROBE] },
                   { "again_us", r->spent_us[SPENT_AGAIN] },
                   { "left", r->left },
                   { "strays", r->strays },
                   { "lost", r->lost },
                   { "wait_us", r->wait_us },
                   { "quick_us", r->quick_us },
                   { "took_us", r->took_us },
                   { "awaited_us", r->awaited_us },
                   { "answered", r->answered } };
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++)
        dict_put(d, number[i].key, obj_u64(number[i].n));
    return d;
}

static int ended(struct app *app, Tcl_Interp *ip, enum ending e)
{
    if (e == END_INTERRUPTED) {
        app_interrupted = 0;
        return cmd_fail_code(ip, "INTERRUPTED", "signal", "interrupted");
    }
    return e == END_FAILED
               ? app_failure(app, ip)
               : cmd_fail(ip, ERR_STATE, "volley", "the world does not go on: endless traffic");
}

static int run(struct app *app, Tcl_Interp *ip, struct peer *p, struct volley_plan *plan,
               struct volley_memory *memory)
{
    struct volley_result r;
    struct fault why = { 0 };
    enum ending e;
    enum err rc = volley_run(p, plan, memory, &r, &e, &why);
    if (rc == ERR_OK && e == END_NEWS)
        Tcl_SetObjResult(ip, result_dict(plan, &r));
    volley_result_clear(&r);
    if (rc != ERR_OK) {
        why.code = rc;
        return cmd_fault(ip, &why);
    }
    return e == END_NEWS ? TCL_OK : ended(app, ip, e);
}

struct volley_ctx {
    struct app *app;
    struct volley_memory memory;
};

static int volley_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct volley_ctx *c = ctx;
    struct peer *p = app_idle_peer(c->app, ip, objv[0]);
    struct words words = { 0 };
    struct volley_plan plan = { .conn = "t", .flight = 1, .most_us = 1500 * USEC_PER_MS };
    Tcl_Obj *telling = NULL, *payloads = NULL, *amplified = NULL, **limit;
    Tcl_Obj *sas = NULL, *known = NULL;
    const char *psk = "";
    uint64_t floor = 20 * USEC_PER_MS;
    int num = 0, what = p != NULL ? cmd_word(ip, "what", objv[1], whats) : -1;
    const struct opt opts[] = { { "-conn", OPT_STR, &plan.conn, NULL },
                                { "-sas", OPT_OBJ, &sas, NULL },
                                { "-lanes", OPT_U32, &plan.lanes, NULL },
                                { "-habits", OPT_OBJ, &known, NULL },
                                { "-payloads", OPT_OBJ, &payloads, NULL },
                                { "-wrong-psk", OPT_STR, &psk, NULL },
                                { "-flight", OPT_U32, &plan.flight, NULL },
                                { "-wait-us", OPT_U64, &plan.wait_us, NULL },
                                { "-quick-us", OPT_U64, &plan.quick_us, NULL },
                                { "-floor-us", OPT_U64, &floor, NULL },
                                { "-lone", OPT_FLAG, &plan.lone, NULL },
                                { "-telling", OPT_OBJ, &telling, NULL },
                                { "-amplified", OPT_OBJ, &amplified, NULL },
                                { 0 } };
    if (what < 0 || cmd_options(ip, objc - 3, objv + 3, opts) != TCL_OK)
        return TCL_ERROR;
    if (c->app->w->running)
        return cmd_fail(ip, ERR_STATE, p->name, "not from inside a running net pump");
    plan.before_keys = what == 0;
    plan.what = what == 1 ? IKE_DO_LIVENESS : IKE_DO_INFO;
    plan.floor_us = floor;
    plan.wrong_psk = span_str(psk);
    uint64_t limits[3] = { 1000, 0, 1000 };
    int rc = amplified != NULL ? Tcl_ListObjGetElements(ip, amplified, &num, &limit) : TCL_OK;
    for (int i = 0; rc == TCL_OK && i < num && i < 3; i++)
        rc = cmd_u64(ip, "amplified", limit[i], 100000, &limits[i]);
    plan.amplify_times = (unsigned)limits[0];
    plan.amplify_more = (unsigned)limits[1];
    plan.amplify_datagrams = (unsigned)limits[2];
    if (rc == TCL_OK && read_parts(ip, objv[2], &words, &plan) == TCL_OK &&
        read_telling(ip, telling, &words, &plan) == TCL_OK &&
        read_sas(ip, sas, &words, &plan) == TCL_OK && read_habits(ip, known, &plan) == TCL_OK &&
        read_payloads(c->app, ip, payloads, &words, &plan.args) == TCL_OK)
        rc = run(c->app, ip, p, &plan, &c->memory);
    else
        rc = TCL_ERROR;
    words_free(&words);
    return rc;
}

static const struct cmd volley_row = {
    "volley", volley_cmd, 3, -1,
    "PEER " WHAT_WORDS " {{TARGET SEED NUM} ...} ?-conn NAME? ?-sas NUMBERS? ?-lanes N? ?-habits "
                       "WORDS? ?-payloads MSG? ?-wrong-psk TEXT? "
    "?-flight N? ?-wait-us N? ?-quick-us N? ?-floor-us N? ?-lone 1? ?-telling GLOBS? ?-amplified "
    "{TIMES MORE "
    "DATAGRAMS}?"
};

static void volley_gone(ClientData data, Tcl_Interp *ip)
{
    (void)ip;
    ckfree(data);
}

void volley_cmd_init(struct app *app)
{
    struct volley_ctx *c = (struct volley_ctx *)ckalloc(sizeof *c);
    *c = (struct volley_ctx){ .app = app };
    Tcl_CallWhenDeleted(app->ip, volley_gone, c);
    cmd_single(app->ip, "::ike::volley", &volley_row, c);
}

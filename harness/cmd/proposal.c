/* proposal.c - proposals as lists of transform names: ENCR_AES_CBC-256, PRF_HMAC_SHA2_256,
 * ECP_256, or TYPE:NUMBER-BITS for what has no name. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "harness/cmd/conn_cmd.h"
#include "harness/cmd/proposal.h"

static const struct {
    const char *prefix;
    uint8_t type;
} kinds[] = {
    { "ENCR_", TRANSFORM_ENCR }, { "PRF_", TRANSFORM_PRF }, { "AUTH_", TRANSFORM_INTEG },
    { "GROUP_", TRANSFORM_KE },  { "ESN_", TRANSFORM_ESN }, { "", TRANSFORM_KE },
    { "", TRANSFORM_ENCR },      { "", TRANSFORM_PRF },     { "", TRANSFORM_INTEG },
};
#define NUM_KINDS (sizeof kinds / sizeof kinds[0])

/* All transform names, for the nearest match. */
static const char *transform_at(const void *ctx, size_t i)
{
    static const struct names *const all[] = { &names_encr, &names_prf, &names_integ, &names_group,
                                               &names_esn };
    (void)ctx;
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        if (i < all[k]->num_rows)
            return all[k]->rows[i].name;
        i -= all[k]->num_rows;
    }
    return NULL;
}

struct candidates {
    const struct names *r;
    const char *word;
};

/* Names as long as the word is: without the registry's prefix where the word has none. */
static const char *name_at(const void *ctx, size_t i)
{
    const struct candidates *c = ctx;
    size_t len = strlen(c->r->prefix);
    if (i >= c->r->num_rows)
        return NULL;
    const char *name = c->r->rows[i].name;
    bool shorten =
        strncasecmp(c->word, c->r->prefix, len) != 0 && strncasecmp(name, c->r->prefix, len) == 0;
    return shorten ? name + len : name;
}

int registry_number(Tcl_Interp *ip, const char *what, const struct names *r, const char *word,
                    uint32_t max, uint32_t *out)
{
    int64_t v = name_num(r, word);
    if (v < 0 || v > max)
        return cmd_unknown(ip, what, word, name_at, &(struct candidates){ .r = r, .word = word });
    *out = (uint32_t)v;
    return TCL_OK;
}

int group_from_obj(Tcl_Interp *ip, const char *field, Tcl_Obj *o, uint16_t *out)
{
    uint32_t v = 0;
    if (registry_number(ip, field, &names_group, Tcl_GetString(o), 65535, &v) != TCL_OK)
        return TCL_ERROR;
    *out = (uint16_t)v;
    return TCL_OK;
}

/* Takes "-256" off the end of text. */
static uint16_t take_bits(char *text)
{
    char *dash = strrchr(text, '-');
    if (dash == NULL || dash[1] == '\0' || strlen(dash + 1) > 5)
        return 0;
    for (const char *c = dash + 1; *c != '\0'; c++)
        if (!isdigit((unsigned char)*c))
            return 0;
    unsigned long v = strtoul(dash + 1, NULL, 10);
    if (v > UINT16_MAX)
        return 0;
    *dash = '\0';
    return (uint16_t)v;
}

static bool find_typed(char *text, char *colon, struct ike_transform *t)
{
    *colon = '\0';
    int64_t type = name_num(&names_transform, text);
    if (type < 0 || type > 255)
        return false;
    int64_t id = name_num(names_of_transform((uint8_t)type), colon + 1);
    if (id < 0 || id > 65535)
        return false;
    t->type = (uint8_t)type;
    t->id = (uint16_t)id;
    return true;
}

static bool find_named(const char *text, struct ike_transform *t)
{
    if (isdigit((unsigned char)text[0]) && text[strspn(text, "0123456789")] == '\0')
        return false; /* a bare number says no type */
    for (size_t i = 0; i < NUM_KINDS; i++) {
        if (strncasecmp(text, kinds[i].prefix, strlen(kinds[i].prefix)) != 0)
            continue;
        int64_t id = name_num(names_of_transform(kinds[i].type), text);
        if (id >= 0 && id <= 65535) {
            t->type = kinds[i].type;
            t->id = (uint16_t)id;
            return true;
        }
    }
    return false;
}

static int read_transform(Tcl_Interp *ip, const char *field, const char *word,
                          struct ike_transform *t)
{
    char text[80];
    *t = (struct ike_transform){ 0 };
    snprintf(text, sizeof text, "%s", word);
    t->key_bits = take_bits(text);
    char *colon = strchr(text, ':');
    if (strlen(word) < sizeof text &&
        (colon != NULL ? find_typed(text, colon, t) : find_named(text, t)))
        return TCL_OK;
    return cmd_unknown(ip, field, text, transform_at, NULL);
}

static int read_proposal(Tcl_Interp *ip, const char *field, Tcl_Obj *list, bool esp,
                         struct ike_proposal *p)
{
    int n;
    Tcl_Obj **word;
    bool has_esn = false;
    if (Tcl_ListObjGetElements(ip, list, &n, &word) != TCL_OK)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: a proposal is a list of transforms", field);
    if (n < 1 || n > (int)(sizeof p->t / sizeof p->t[0]) - 1)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: a proposal has 1 to 39 transforms", field);
    *p = (struct ike_proposal){ 0 };
    for (int i = 0; i < n; i++) {
        if (read_transform(ip, field, Tcl_GetString(word[i]), &p->t[p->num]) != TCL_OK)
            return TCL_ERROR;
        has_esn |= p->t[p->num++].type == TRANSFORM_ESN;
    }
    if (esp && !has_esn) /* RFC 7296 3.3.3: mandatory for ESP */
        p->t[p->num++] = (struct ike_transform){ .type = TRANSFORM_ESN, .id = ESN_NO };
    return TCL_OK;
}

int proposals_from_obj(Tcl_Interp *ip, const char *field, Tcl_Obj *list, bool esp, struct arena *a,
                       const struct ike_proposal **out, uint8_t *num)
{
    int n;
    Tcl_Obj **one;
    if (Tcl_ListObjGetElements(ip, list, &n, &one) != TCL_OK)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: no list of proposals", field);
    if (n > 255)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: more than 255 proposals", field);
    struct ike_proposal *p = arena_take(a, (size_t)(n + 1) * sizeof *p);
    if (p == NULL)
        return cmd_fail(ip, ERR_SPACE, field, "%s: too many proposals", field);
    for (int i = 0; i < n; i++)
        if (read_proposal(ip, field, one[i], esp, &p[i]) != TCL_OK)
            return TCL_ERROR;
    *out = p;
    *num = (uint8_t)n;
    return TCL_OK;
}

Tcl_Obj *obj_proposal(const struct ike_proposal *p)
{
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (unsigned i = 0; i < p->num; i++) {
        const struct ike_transform *t = &p->t[i];
        const char *name = name_of(names_of_transform(t->type), t->id);
        Tcl_Obj *word =
            name != NULL ? Tcl_NewStringObj(name, -1) : Tcl_ObjPrintf("%u:%u", t->type, t->id);
        if (t->key_bits != 0)
            Tcl_AppendPrintfToObj(word, "-%u", t->key_bits);
        Tcl_ListObjAppendElement(NULL, list, word);
    }
    return list;
}

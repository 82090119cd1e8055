/* selector.c - traffic selectors as text: 10.1.0.0/24, 10.1.0.1-10.1.0.9, 10.1.0.1, each with an
 * optional [protocol/low-high] behind it. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/cmd/conn_cmd.h"

static int bad(Tcl_Interp *ip, const char *field, const char *text)
{
    return cmd_fail(ip, ERR_CONFIG, field,
                    "%s: \"%.80s\" is no traffic selector such as 10.1.0.0/24, "
                    "10.1.0.1-10.1.0.9 or 10.1.0.0/24[6/80-80]",
                    field, text);
}

static void apply_prefix(struct ike_selector *s, size_t len, unsigned bits)
{
    for (size_t i = 0; i < len; i++) {
        unsigned keep = bits >= 8 * (i + 1) ? 8 : bits > 8 * i ? bits - 8 * (unsigned)i : 0;
        uint8_t host = (uint8_t)(0xff >> keep);
        s->lo[i] = (uint8_t)(s->lo[i] & ~host);
        s->hi[i] = (uint8_t)(s->lo[i] | host);
    }
}

/* lo/prefix, lo-hi or lo */
static bool read_range(char *text, struct ike_selector *s)
{
    struct addr lo, hi;
    char *slash = strchr(text, '/'), *dash = strchr(text, '-');
    unsigned bits = 0;
    int used = 0;
    if (slash != NULL) {
        *slash = '\0';
        if (sscanf(slash + 1, "%3u%n", &bits, &used) != 1 || slash[1 + used] != '\0')
            return false;
    } else if (dash != NULL) {
        *dash = '\0';
    }
    if (!addr_parse(text, &lo) || lo.family == 0)
        return false;
    hi = lo;
    if (slash == NULL && dash != NULL && (!addr_parse(dash + 1, &hi) || hi.family != lo.family))
        return false;
    size_t len = addr_len(&lo);
    if (bits > 8 * len)
        return false;
    s->type = lo.family == 4 ? TS_IPV4_ADDR_RANGE : TS_IPV6_ADDR_RANGE;
    memcpy(s->lo, lo.ip, len);
    memcpy(s->hi, hi.ip, len);
    if (slash != NULL)
        apply_prefix(s, len, bits);
    return true;
}

static bool read_ports(char *text, struct ike_selector *s)
{
    unsigned lo, hi;
    int used = 0;
    char *slash = strchr(text, '/');
    if (slash != NULL)
        *slash = '\0';
    int64_t protocol = name_num(&names_ip_protocol, text);
    if (protocol < 0 || protocol > 255)
        return false;
    s->protocol = (uint8_t)protocol;
    if (slash == NULL)
        return true;
    if (strcmp(slash + 1, "opaque") == 0) { /* RFC 4301 4.4.1.1: low above high */
        s->port_lo = 65535;
        s->port_hi = 0;
        return true;
    }
    if (sscanf(slash + 1, "%5u-%5u%n", &lo, &hi, &used) != 2) {
        if (sscanf(slash + 1, "%5u%n", &lo, &used) != 1)
            return false;
        hi = lo;
    }
    s->port_lo = (uint16_t)lo;
    s->port_hi = (uint16_t)hi;
    return slash[1 + used] == '\0' && lo <= 65535 && hi <= 65535;
}

static bool read_selector(const char *word, struct ike_selector *s)
{
    char text[160];
    if (strlen(word) >= sizeof text)
        return false;
    strcpy(text, word);
    *s = (struct ike_selector){ .port_lo = 0, .port_hi = 65535 };
    char *open = strchr(text, '[');
    if (open != NULL) {
        char *end = strchr(open, ']');
        if (end == NULL || end[1] != '\0')
            return false;
        *end = *open = '\0';
        if (!read_ports(open + 1, s))
            return false;
    }
    return read_range(text, s);
}

int selectors_from_obj(Tcl_Interp *ip, const char *field, Tcl_Obj *list, struct arena *a,
                       const struct ike_selector **out, uint8_t *num)
{
    int n;
    Tcl_Obj **word;
    if (Tcl_ListObjGetElements(ip, list, &n, &word) != TCL_OK)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: no list of selectors", field);
    if (n > 255)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: more than 255 selectors", field);
    struct ike_selector *s = arena_take(a, (size_t)(n + 1) * sizeof *s);
    if (s == NULL)
        return cmd_fail(ip, ERR_SPACE, field, "%s: too many selectors", field);
    for (int i = 0; i < n; i++)
        if (!read_selector(Tcl_GetString(word[i]), &s[i]))
            return bad(ip, field, Tcl_GetString(word[i]));
    *out = s;
    *num = (uint8_t)n;
    return TCL_OK;
}

Tcl_Obj *obj_selectors(const struct ike_selector *s, size_t num)
{
    Tcl_Obj *list = Tcl_NewListObj(0, NULL);
    for (size_t i = 0; i < num; i++) {
        struct addr lo = { .family = s[i].type == TS_IPV4_ADDR_RANGE ? 4 : 6 }, hi = lo;
        char a[64], b[64];
        memcpy(lo.ip, s[i].lo, sizeof lo.ip);
        memcpy(hi.ip, s[i].hi, sizeof hi.ip);
        addr_text(&lo, a, sizeof a);
        addr_text(&hi, b, sizeof b);
        Tcl_Obj *one = Tcl_ObjPrintf("%s-%s", a, b);
        if (s[i].protocol != 0 || s[i].port_lo != 0 || s[i].port_hi != 65535)
            Tcl_AppendPrintfToObj(one, "[%u/%u-%u]", s[i].protocol, s[i].port_lo, s[i].port_hi);
        Tcl_ListObjAppendElement(NULL, list, one);
    }
    return list;
}

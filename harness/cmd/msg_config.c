/* msg_config.c - configuration payloads by names (RFC 7296 3.15): ::ike::msg config, and the values
 * of attributes as text. */
#include <stdio.h>

#include "engine/wire/cfg.h"
#include "harness/cmd/conn_cmd.h"
#include "harness/cmd/msg_cmd.h"

int cfg_type_from_word(Tcl_Interp *ip, const char *word, uint16_t *out)
{
    uint32_t v = 0;
    if (registry_number(ip, "configuration attribute", &names_cfg_attr, word, 0x7fff, &v) != TCL_OK)
        return TCL_ERROR;
    *out = (uint16_t)v;
    return TCL_OK;
}

int cfg_value_from_text(Tcl_Interp *ip, const char *field, uint16_t type, const char *text,
                        struct arena *a, struct span *out)
{
    enum cfg_form form = cfg_form(type);
    size_t len = cfg_form_len(form);
    uint8_t value[17];
    struct span v = form == CFG_FORM_TEXT ? span_str(text) : span_of(value, len);
    if (form != CFG_FORM_TEXT) {
        bool sized = form == CFG_FORM_IP4_MASK || form == CFG_FORM_IP6_PREFIX;
        const char *slash = strchr(text, '/');
        unsigned max = form == CFG_FORM_IP4 || form == CFG_FORM_IP4_MASK ? 32 : 128, bits = max;
        struct addr addr;
        char ch;
        Tcl_Obj *host = Tcl_NewStringObj(text, slash != NULL ? (int)(slash - text) : -1);
        Tcl_IncrRefCount(host);
        int rc = cmd_addr(ip, field, host, &addr);
        Tcl_DecrRefCount(host);
        if (rc != TCL_OK)
            return rc;
        if (sized != (slash != NULL) || addr_len(&addr) * 8 != max ||
            (sized && (sscanf(slash, "/%3u%c", &bits, &ch) != 1 || bits > max)))
            return cmd_fail(ip, ERR_CONFIG, field, "%s: \"%s\" should be an IPv%d address%s", field,
                            text, max == 32 ? 4 : 6, sized ? "/BITS" : "");
        memcpy(value, addr.ip, max / 8);
        if (form == CFG_FORM_IP4_MASK)
            put_u32(value + 4, bits == 0 ? 0 : UINT32_MAX << (32 - bits));
        else if (form == CFG_FORM_IP6_PREFIX)
            value[16] = (uint8_t)bits;
    }
    *out = arena_copy(a, v);
    return out->len == v.len ? TCL_OK : cmd_fail(ip, ERR_SPACE, field, "%s: too long", field);
}

/* Octets as they stand, or what of a form only octets can say. */
static bool is_octets(uint16_t type, const char *text)
{
    return strncmp(text, "0x", 2) == 0 || strncmp(text, "hex:", 4) == 0 ||
           strncmp(text, "str:", 4) == 0 || cfg_form(type) == CFG_FORM_OPAQUE ||
           cfg_form(type) == CFG_FORM_TYPES;
}

/* ATTRIBUTE or ATTRIBUTE=VALUE, which is the at-th of the only CP there is. */
static int add_attribute(Tcl_Interp *ip, struct message *m, struct node *cp, size_t at,
                         const char *word)
{
    char name[80], path[60];
    struct path_fault why = { 0 };
    struct span v = { 0 };
    uint16_t type = 0;
    const char *is = strchr(word, '=');
    size_t len = is != NULL ? (size_t)(is - word) : strlen(word);
    snprintf(name, sizeof name, "%.*s", (int)(len < 79 ? len : 79), word);
    if (cfg_type_from_word(ip, name, &type) != TCL_OK)
        return TCL_ERROR;
    struct node *n = child_add(m, cp, &shape_cfg_attribute);
    if (n == NULL || node_set_num(m, n, CFG_TYPE, type) != ERR_OK)
        return msg_err_fail(ip, ERR_SPACE, name);
    if (is == NULL)
        return TCL_OK;
    if (is_octets(type, is + 1)) {
        snprintf(path, sizeof path, "CP.attribute[%zu].value", at);
        enum err rc = path_set(m, path, is + 1, &why);
        if (rc == ERR_OK)
            return TCL_OK;
        why.code = rc;
        return msg_path_fail(ip, &why, path, is + 1);
    }
    if (cfg_value_from_text(ip, name, type, is + 1, m->arena, &v) != TCL_OK)
        return TCL_ERROR;
    return node_set_bytes(m, n, CFG_VALUE, v) == ERR_OK ? TCL_OK
                                                        : msg_err_fail(ip, ERR_SPACE, name);
}

int msg_config_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    size_t more = 0;
    uint32_t type = 0;
    for (int i = 1; i < objc; i++)
        more += 256 + (size_t)Tcl_GetCharLength(objv[i]);
    struct box *b = msg_editable(ctx, ip, objv[0], more);
    if (b == NULL || registry_number(ip, "type of configuration payload", &names_cfg,
                                     Tcl_GetString(objv[1]), 255, &type) != TCL_OK)
        return TCL_ERROR;
    struct node *parent = msg_payloads(b->m), *old;
    while ((old = payload_find(parent, PAYLOAD_CP)) != NULL)
        node_remove(parent, old);
    struct node *cp = payload_add(b->m, parent, PAYLOAD_CP);
    if (cp == NULL || node_set_num(b->m, cp, CP_TYPE, type) != ERR_OK)
        return msg_err_fail(ip, ERR_SPACE, "config");
    node_remove(parent, cp);
    node_insert(parent, cp, payload_find(parent, PAYLOAD_SA));
    for (int i = 2; i < objc; i++)
        if (add_attribute(ip, b->m, cp, (size_t)i - 2, Tcl_GetString(objv[i])) != TCL_OK)
            return TCL_ERROR;
    Tcl_SetObjResult(ip, objv[0]);
    return TCL_OK;
}

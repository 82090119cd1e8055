/* conn_cmd.c - a Tcl dict becomes a struct ike_conn; each fault names the key, what is allowed
 * and the nearest match. */
#include "harness/cmd/conn_cmd.h"

#include <stddef.h>
#include <stdio.h>

#include "engine/wire/cfg.h"
#include "harness/cmd/proposal.h"

enum key_kind {
    KEY_NAME,
    KEY_ADDR,
    KEY_ID,
    KEY_TEXT, /* struct span, the text's UTF-8 octets */
    KEY_TEXTS, /* a list of them */
    KEY_HEX,  /* struct span */
    KEY_IKE,
    KEY_ESP,
    KEY_TS,
    KEY_EXTRAS,
    KEY_FLAG,
    KEY_NOT, /* the field is the opposite */
    KEY_U8,
    KEY_U16,
    KEY_U32,
    KEY_TIME,   /* seconds since 1970 */
    KEY_HASHES, /* names of enum sign_hash as bits */
    KEY_CFG,    /* names of configuration attributes */
    KEY_GIVE,   /* {TYPE VALUE ...}: configuration attributes */
};

#define AT(field) offsetof(struct ike_conn, field)

static const struct key {
    const char *name;
    enum key_kind kind;
    size_t at, num_at;
} keys[] = {
    { "name", KEY_NAME, AT(name), 0 },
    { "local", KEY_ADDR, AT(local), 0 },
    { "remote", KEY_ADDR, AT(remote), 0 },
    { "id_local", KEY_ID, AT(id_local), 0 },
    { "id_remote", KEY_ID, AT(id_remote), 0 },
    { "send_idr", KEY_FLAG, AT(send_idr), 0 },
    { "psk", KEY_TEXT, AT(psk_local), 0 },
    { "psk_hex", KEY_HEX, AT(psk_local), 0 },
    { "shared_hex", KEY_HEX, AT(shared), 0 },
    { "iv_hex", KEY_HEX, AT(iv), 0 },
    { "secret_zero_led", KEY_FLAG, AT(secret_zero_led), 0 },
    { "psk_remote", KEY_TEXT, AT(psk_remote), 0 },
    { "psk_remote_hex", KEY_HEX, AT(psk_remote), 0 },
    { "certs", KEY_TEXTS, AT(certs), AT(num_certs) },
    { "key", KEY_TEXT, AT(key), 0 },
    { "anchors", KEY_TEXTS, AT(anchors), AT(num_anchors) },
    { "raw_key", KEY_FLAG, AT(raw_key), 0 },
    { "peer_keys", KEY_TEXTS, AT(peer_keys), AT(num_peer_keys) },
    { "null_local", KEY_FLAG, AT(null_local), 0 },
    { "null_remote", KEY_FLAG, AT(null_remote), 0 },
    { "sig_hashes", KEY_HASHES, AT(sig_hashes), 0 },
    { "signature_auth", KEY_NOT, AT(no_signature_auth), 0 },
    { "rsa_pss", KEY_FLAG, AT(rsa_pss), 0 },
    { "cert_time", KEY_TIME, AT(cert_time), 0 },
    { "ike", KEY_IKE, AT(ike), AT(num_ike) },
    { "esp", KEY_ESP, AT(esp), AT(num_esp) },
    { "ike_rekey", KEY_IKE, AT(ike_rekey), AT(num_ike_rekey) },
    { "ts_local", KEY_TS, AT(ts_local), AT(num_ts_local) },
    { "ts_remote", KEY_TS, AT(ts_remote), AT(num_ts_remote) },
    { "cfg_ask", KEY_CFG, AT(cfg_ask), AT(num_cfg_ask) },
    { "cfg_give", KEY_GIVE, AT(cfg_give), AT(num_cfg_give) },
    { "cfg_required", KEY_FLAG, AT(cfg_required), 0 },
    { "pool", KEY_TS, AT(pool), AT(num_pool) },
    { "transport", KEY_FLAG, AT(transport), 0 },
    { "childless", KEY_FLAG, AT(childless), 0 },
    { "extras", KEY_EXTRAS, AT(extras), AT(num_extras) },
    { "nonce_len", KEY_U8, AT(nonce_len), 0 },
    { "window", KEY_U32, AT(window), 0 },
    { "initial_contact", KEY_NOT, AT(no_initial_contact), 0 },
    { "tfc_not_supported", KEY_FLAG, AT(tfc_not_supported), 0 },
    { "non_first_fragments", KEY_FLAG, AT(non_first_fragments), 0 },
    { "fragmentation", KEY_FLAG, AT(fragmentation), 0 },
    { "fragment_size", KEY_U16, AT(fragment_size), 0 },
    { "natd", KEY_NOT, AT(no_natd), 0 },
    { "force_natt", KEY_FLAG, AT(force_natt), 0 },
    { "http_cert_lookup", KEY_FLAG, AT(http_cert_lookup), 0 },
    { "cert_urls", KEY_TEXTS, AT(cert_urls), AT(num_cert_urls) },
    { "bundle_url", KEY_TEXT, AT(bundle_url), 0 },
    { "replay_window", KEY_U32, AT(replay_window), 0 },
    { "echo", KEY_FLAG, AT(echo), 0 },
    { "esp_tfc", KEY_U16, AT(esp_tfc), 0 },
    { "check_hints", KEY_FLAG, AT(check_hints), 0 },
    { "esp_dummies", KEY_FLAG, AT(esp_dummies), 0 },
    { "esp_start", KEY_U32, AT(esp_start), 0 },
    { "ike_rekey_s", KEY_U32, AT(ike_rekey_s), 0 },
    { "child_rekey_s", KEY_U32, AT(child_rekey_s), 0 },
    { "dpd_s", KEY_U32, AT(dpd_s), 0 },
    { "child_rekey_octets", KEY_U32, AT(child_rekey_octets), 0 },
    { "keepalive_s", KEY_U32, AT(keepalive_s), 0 },
    { "retransmit_ms", KEY_U32, AT(retransmit_ms), 0 },
    { "retransmit_tries", KEY_U8, AT(retransmit_tries), 0 },
    { "half_open_s", KEY_U32, AT(half_open_s), 0 },
    { 0 },
};

static const char *key_at(const void *ctx, size_t i)
{
    return ((const struct key *)ctx)[i].name;
}

static int no_room(Tcl_Interp *ip, const char *field)
{
    return cmd_fail(ip, ERR_SPACE, field, "%s: too long", field);
}

static int keep(Tcl_Interp *ip, const char *field, struct arena *a, const void *p, size_t len,
                struct span *out)
{
    *out = arena_copy(a, span_of(p, len));
    return out->len == len ? TCL_OK : no_room(ip, field);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static int read_hex(Tcl_Interp *ip, const char *field, const char *text, struct arena *a,
                    struct span *out)
{
    size_t len = strlen(text);
    uint8_t *p = arena_take(a, len / 2 + 1);
    if (p == NULL)
        return no_room(ip, field);
    for (size_t i = 0; i + 1 < len; i += 2) {
        int hi = hex_digit(text[i]), lo = hex_digit(text[i + 1]);
        if (hi < 0 || lo < 0)
            len = 1;
        else
            p[i / 2] = (uint8_t)(hi << 4 | lo);
    }
    if (len % 2 != 0)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: no even number of hexadecimal digits", field);
    *out = span_of(p, len / 2);
    return TCL_OK;
}

/* {TYPE data}; addresses as text, other octets as text or hex:... */
static int read_id(Tcl_Interp *ip, const char *field, Tcl_Obj *o, struct arena *a,
                   struct ike_id *out)
{
    int n;
    Tcl_Obj **word;
    uint32_t type = 0;
    if (Tcl_ListObjGetElements(NULL, o, &n, &word) != TCL_OK || n > 2)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: not of the form {FQDN name}", field);
    *out = (struct ike_id){ 0 };
    if (n == 0 || (n == 1 && strcmp(Tcl_GetString(word[0]), "any") == 0))
        return TCL_OK;
    if (registry_number(ip, field, &names_id, Tcl_GetString(word[0]), 255, &type) != TCL_OK)
        return TCL_ERROR;
    out->type = (uint8_t)type;
    if (n == 1)
        return TCL_OK;
    const char *text = Tcl_GetString(word[1]);
    struct addr addr;
    if (strncmp(text, "hex:", 4) == 0)
        return read_hex(ip, field, text + 4, a, &out->data);
    if (type == ID_IPV4_ADDR || type == ID_IPV6_ADDR) {
        if (cmd_addr(ip, field, word[1], &addr) != TCL_OK)
            return TCL_ERROR;
        return keep(ip, field, a, addr.ip, addr_len(&addr), &out->data);
    }
    return keep(ip, field, a, text, strlen(text), &out->data);
}

static const char *const extra_keys[] = { "exchange", "response", "type", "after",
                                          "body",     "hex",      NULL };

static int read_extra(Tcl_Interp *ip, const char *field, Tcl_Obj *o, struct arena *a,
                      struct ike_extra *x)
{
    int n;
    Tcl_Obj **word;
    if (Tcl_ListObjGetElements(NULL, o, &n, &word) != TCL_OK || n % 2 != 0)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: an extra is {exchange X type V body HEX ...}",
                        field);
    *x = (struct ike_extra){ 0 };
    for (int i = 0; i < n; i += 2) {
        uint32_t v = 0;
        const char *value = Tcl_GetString(word[i + 1]);
        int rc = TCL_OK;
        switch (cmd_word(ip, "key of an extra", word[i], extra_keys)) {
        case 0:
            rc = registry_number(ip, "exchange", &names_exchange, value, 255, &v);
            x->exchange = (uint8_t)v;
            break;
        case 1:
            rc = cmd_bool(ip, "extras.response", word[i + 1], &x->response);
            break;
        case 2:
            rc = registry_number(ip, "payload type", &names_payload, value, 255, &v);
            x->type = (uint8_t)v;
            break;
        case 3:
            rc = registry_number(ip, "payload type", &names_payload, value, 255, &v);
            x->after = (uint8_t)v;
            break;
        case 4:
        case 5:
            rc = read_hex(ip, "extras.body", value, a, &x->body);
            break;
        default:
            return TCL_ERROR;
        }
        if (rc != TCL_OK)
            return rc;
    }
    return TCL_OK;
}

static int read_extras(Tcl_Interp *ip, const char *field, Tcl_Obj *list, struct arena *a,
                       const struct ike_extra **out, uint8_t *num)
{
    int n;
    Tcl_Obj **one;
    if (Tcl_ListObjGetElements(NULL, list, &n, &one) != TCL_OK || n > 255)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: no list of up to 255 extras", field);
    struct ike_extra *x = arena_take(a, (size_t)(n + 1) * sizeof *x);
    if (x == NULL)
        return no_room(ip, field);
    for (int i = 0; i < n; i++)
        if (read_extra(ip, field, one[i], a, &x[i]) != TCL_OK)
            return TCL_ERROR;
    *out = x;
    *num = (uint8_t)n;
    return TCL_OK;
}

/* A list of texts: PEM, URLs. */
static int read_texts(Tcl_Interp *ip, const char *field, Tcl_Obj *list, struct arena *a,
                      const struct span **out, uint8_t *num)
{
    int n;
    Tcl_Obj **one;
    if (Tcl_ListObjGetElements(NULL, list, &n, &one) != TCL_OK || n > 8)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: no list of up to 8 texts", field);
    struct span *s = arena_take(a, (size_t)(n + 1) * sizeof *s);
    if (s == NULL)
        return no_room(ip, field);
    for (int i = 0; i < n; i++) {
        const char *text = Tcl_GetString(one[i]);
        if (keep(ip, field, a, text, strlen(text), &s[i]) != TCL_OK)
            return TCL_ERROR;
    }
    *out = s;
    *num = (uint8_t)n;
    return TCL_OK;
}

static int read_hashes(Tcl_Interp *ip, const char *field, Tcl_Obj *list, uint16_t *out)
{
    static const char *const names[] = { "SHA1", "SHA2-256", "SHA2-384", "SHA2-512", "Identity",
                                         NULL };
    int n;
    Tcl_Obj **one;
    if (Tcl_ListObjGetElements(NULL, list, &n, &one) != TCL_OK)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: no list", field);
    *out = 0;
    for (int i = 0; i < n; i++) {
        int h = cmd_word(ip, "hash", one[i], names);
        if (h < 0)
            return TCL_ERROR;
        *out |= (uint16_t)(1u << (SIGN_SHA1 + h));
    }
    return TCL_OK;
}

static int read_attributes(Tcl_Interp *ip, const char *field, Tcl_Obj *list, struct arena *a,
                           const uint16_t **out, uint8_t *num)
{
    int n;
    Tcl_Obj **one;
    if (Tcl_ListObjGetElements(NULL, list, &n, &one) != TCL_OK || n > 255)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: no list of up to 255 attributes", field);
    uint16_t *type = arena_take(a, (size_t)(n + 1) * sizeof *type);
    if (type == NULL)
        return no_room(ip, field);
    for (int i = 0; i < n; i++)
        if (cfg_type_from_word(ip, Tcl_GetString(one[i]), &type[i]) != TCL_OK)
            return TCL_ERROR;
    *out = type;
    *num = (uint8_t)n;
    return TCL_OK;
}

/* Octets by digits, what else has a form by text. */
static int read_value(Tcl_Interp *ip, const char *field, uint16_t type, const char *text,
                      struct arena *a, struct span *out)
{
    enum cfg_form form = cfg_form(type);
    return form == CFG_FORM_OPAQUE || form == CFG_FORM_TYPES
               ? read_hex(ip, field, text, a, out)
               : cfg_value_from_text(ip, field, type, text, a, out);
}

static int read_give(Tcl_Interp *ip, const char *field, Tcl_Obj *list, struct arena *a,
                     const struct ike_cfg **out, uint8_t *num)
{
    int n;
    Tcl_Obj **one;
    if (Tcl_ListObjGetElements(NULL, list, &n, &one) != TCL_OK || n % 2 != 0 || n > 510)
        return cmd_fail(ip, ERR_CONFIG, field, "%s: no list of up to 255 types and their values",
                        field);
    struct ike_cfg *cfg = arena_take(a, (size_t)(n / 2 + 1) * sizeof *cfg);
    if (cfg == NULL)
        return no_room(ip, field);
    for (int i = 0; i < n; i += 2) {
        struct ike_cfg *g = &cfg[i / 2];
        if (cfg_type_from_word(ip, Tcl_GetString(one[i]), &g->type) != TCL_OK ||
            read_value(ip, field, g->type, Tcl_GetString(one[i + 1]), a, &g->value) != TCL_OK)
            return TCL_ERROR;
    }
    *out = cfg;
    *num = (uint8_t)(n / 2);
    return TCL_OK;
}

static int read_number(Tcl_Interp *ip, const struct key *k, Tcl_Obj *value, void *to)
{
    uint64_t v, max = k->kind == KEY_U8 ? UINT8_MAX : k->kind == KEY_U16 ? UINT16_MAX : UINT32_MAX;
    if (cmd_u64(ip, k->name, value, max, &v) != TCL_OK)
        return TCL_ERROR;
    if (k->kind == KEY_U8)
        *(uint8_t *)to = (uint8_t)v;
    else if (k->kind == KEY_U16)
        *(uint16_t *)to = (uint16_t)v;
    else
        *(uint32_t *)to = (uint32_t)v;
    return TCL_OK;
}

static int read_flag(Tcl_Interp *ip, const struct key *k, Tcl_Obj *value, bool *to)
{
    bool v;
    if (cmd_bool(ip, k->name, value, &v) != TCL_OK)
        return TCL_ERROR;
    *to = k->kind == KEY_NOT ? !v : v;
    return TCL_OK;
}

static int read_key(Tcl_Interp *ip, const struct key *k, Tcl_Obj *value, struct arena *a,
                    struct ike_conn *c)
{
    void *to = (uint8_t *)c + k->at;
    uint8_t *num = (uint8_t *)c + k->num_at;
    const char *text = Tcl_GetString(value);
    switch (k->kind) {
    case KEY_NAME:
        if (strlen(text) >= sizeof c->name || text[0] == '\0')
            return cmd_fail(ip, ERR_CONFIG, k->name, "name: 1 to 31 octets");
        strcpy(c->name, text);
        return TCL_OK;
    case KEY_ADDR:
        *(struct addr *)to = (struct addr){ 0 };
        if (text[0] == '\0' || strcmp(text, "any") == 0)
            return TCL_OK;
        return cmd_addr(ip, k->name, value, to);
    case KEY_ID:
        return read_id(ip, k->name, value, a, to);
    case KEY_TEXT:
        return keep(ip, k->name, a, text, strlen(text), to);
    case KEY_TEXTS:
        return read_texts(ip, k->name, value, a, to, num);
    case KEY_HEX:
        return read_hex(ip, k->name, text, a, to);
    case KEY_IKE:
    case KEY_ESP:
        return proposals_from_obj(ip, k->name, value, k->kind == KEY_ESP, a, to, num);
    case KEY_TS:
        return selectors_from_obj(ip, k->name, value, a, to, num);
    case KEY_EXTRAS:
        return read_extras(ip, k->name, value, a, to, num);
    case KEY_FLAG:
    case KEY_NOT:
        return read_flag(ip, k, value, to);
    case KEY_U8:
    case KEY_U16:
    case KEY_U32:
        return read_number(ip, k, value, to);
    case KEY_TIME: {
        Tcl_WideInt v;
        if (Tcl_GetWideIntFromObj(ip, value, &v) != TCL_OK)
            return cmd_fail(ip, ERR_CONFIG, k->name, "%s: seconds since 1970", k->name);
        *(int64_t *)to = (int64_t)v;
        return TCL_OK;
    }
    case KEY_HASHES:
        return read_hashes(ip, k->name, value, to);
    case KEY_CFG:
        return read_attributes(ip, k->name, value, a, to, num);
    case KEY_GIVE:
        return read_give(ip, k->name, value, a, to, num);
    }
    return TCL_ERROR;
}

int conn_from_dict(Tcl_Interp *ip, Tcl_Obj *dict, struct arena *a, struct ike_conn *out)
{
    int n;
    Tcl_Obj **word;
    if (Tcl_ListObjGetElements(NULL, dict, &n, &word) != TCL_OK || n % 2 != 0)
        return cmd_fail(ip, ERR_CONFIG, "conn", "a connection is a list of keys and values");
    *out = (struct ike_conn){ .name = "conn" };
    for (int i = 0; i < n; i += 2) {
        const char *name = Tcl_GetString(word[i]);
        const struct key *k = keys;
        while (k->name != NULL && strcmp(k->name, name) != 0)
            k++;
        if (k->name == NULL)
            return cmd_unknown(ip, "connection key", name, key_at, keys);
        if (read_key(ip, k, word[i + 1], a, out) != TCL_OK)
            return TCL_ERROR;
    }
    return TCL_OK;
}

/* pki_cmd.c - ::ike::pki: keys and certificates for a run, good and bad. */
#include <stdio.h>

#include "engine/crypto/crypto.h"
#include "engine/crypto/pki.h"
#include "engine/engine.h"
#include "harness/cmd/app.h"

static int key_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    char pem[PKI_TEXT_MAX];
    const char *kind = Tcl_GetString(objv[0]);
    (void)ctx;
    (void)objc;
    if (pki_key(kind, pem, sizeof pem) != ERR_OK)
        return cmd_fail(ip, ERR_VALUE, "kind",
                        "no kind of key: \"%s\"; there are rsa:BITS ec:CURVE ed25519 ed448", kind);
    Tcl_SetObjResult(ip, Tcl_NewStringObj(pem, -1));
    wipe(pem, sizeof pem);
    return TCL_OK;
}

static int public_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    char pem[PKI_TEXT_MAX];
    (void)ctx;
    (void)objc;
    if (pki_public(Tcl_GetString(objv[0]), pem, sizeof pem) != ERR_OK)
        return cmd_fail(ip, ERR_VALUE, "key", "no private key in PEM");
    Tcl_SetObjResult(ip, Tcl_NewStringObj(pem, -1));
    return TCL_OK;
}

static int cert_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    char pem[PKI_TEXT_MAX];
    const char *issuer = NULL, *issuer_key = NULL;
    uint64_t from = 0, to = 4102444800u; /* 1970 to 2100, unless said otherwise */
    struct pki_spec s = { .serial = 1 };
    struct fault why = { 0 };
    const struct opt opts[] = {
        { "-subject", OPT_STR, &s.subject, NULL },
        { "-san", OPT_STR, &s.san, NULL },
        { "-usage", OPT_STR, &s.usage, NULL },
        { "-ext-usage", OPT_STR, &s.ext_usage, NULL },
        { "-constraint", OPT_STR, &s.constraint, NULL },
        { "-names", OPT_STR, &s.names, NULL },
        { "-critical", OPT_STR, &s.critical, NULL },
        { "-more", OPT_STR, &s.more, NULL },
        { "-digest", OPT_STR, &s.digest, NULL },
        { "-issuer", OPT_STR, &issuer, NULL },
        { "-issuer-key", OPT_STR, &issuer_key, NULL },
        { "-from", OPT_U64, &from, NULL },
        { "-to", OPT_U64, &to, NULL },
        { "-serial", OPT_U64, &s.serial, NULL },
        { 0 },
    };
    (void)ctx;
    if (cmd_options(ip, objc - 1, objv + 1, opts) != TCL_OK)
        return TCL_ERROR;
    s.from = (int64_t)from;
    s.to = (int64_t)to;
    if (pki_cert(&s, Tcl_GetString(objv[0]), issuer, issuer_key, pem, sizeof pem, &why) != ERR_OK)
        return cmd_fail(ip, ERR_VALUE, why.field != NULL ? why.field : "cert",
                        "no certificate can be made: -%s is no good",
                        why.field != NULL ? why.field : "?");
    Tcl_SetObjResult(ip, Tcl_NewStringObj(pem, -1));
    return TCL_OK;
}

/* What a URL of such a certificate or bundle leads to, and the hash that goes with the URL. */
static int der_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct cert *c = NULL;
    (void)ctx, (void)objc;
    if (cert_load(&c, span_str(Tcl_GetString(objv[0]))) != ERR_OK)
        return cmd_fail(ip, ERR_VALUE, "cert", "that is no certificate in PEM");
    Tcl_SetObjResult(ip, obj_bytes(cert_der(c)));
    cert_free(c);
    return TCL_OK;
}

static int bundle_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    struct cert *c[8] = { NULL };
    uint8_t der[LOOKUP_MAX];
    size_t len = 0;
    int n = 0;
    Tcl_Obj **pem;
    (void)ctx, (void)objc;
    enum err rc = Tcl_ListObjGetElements(NULL, objv[0], &n, &pem) == TCL_OK && n <= 8 ? ERR_OK
                                                                                      : ERR_VALUE;
    for (int i = 0; rc == ERR_OK && i < n; i++)
        rc = cert_load(&c[i], span_str(Tcl_GetString(pem[i])));
    if (rc == ERR_OK)
        rc = cert_bundle_write(c, (size_t)n, der, sizeof der, &len);
    for (int i = 0; i < 8; i++)
        cert_free(c[i]);
    if (rc != ERR_OK)
        return cmd_fail(ip, rc, "bundle", "a bundle is a list of up to 8 certificates in PEM");
    Tcl_SetObjResult(ip, obj_bytes(span_of(der, len)));
    return TCL_OK;
}

static int sha1_cmd(void *ctx, Tcl_Interp *ip, int objc, Tcl_Obj *const objv[])
{
    uint8_t hash[20];
    char hex[41];
    struct span octets = cmd_bytes(objv[0]);
    (void)ctx, (void)objc;
    if (sha1_run(&octets, 1, hash) != ERR_OK)
        return cmd_fail(ip, ERR_CRYPTO, "sha1", "no SHA-1 on this machine");
    for (int i = 0; i < 20; i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    Tcl_SetObjResult(ip, Tcl_NewStringObj(hex, 40));
    return TCL_OK;
}

static const struct cmd pki_cmds[] = {
    { "key", key_cmd, 1, 1, "rsa:BITS|ec:CURVE|ed25519|ed448" },
    { "public", public_cmd, 1, 1, "KEY" },
    { "cert", cert_cmd, 1, -1,
      "KEY ?-subject CN=x? ?-san DNS:x? ?-issuer PEM -issuer-key PEM? ?-from S? ?-to S? "
      "?-serial N? ?-usage U? ?-ext-usage U? ?-constraint C? ?-names C? ?-critical OID? "
      "?-more NAME=VALUE? ?-digest D?" },
    { "der", der_cmd, 1, 1, "CERT" },
    { "bundle", bundle_cmd, 1, 1, "{CERT ...}" },
    { "sha1", sha1_cmd, 1, 1, "BYTES" },
    { 0 },
};

void pki_cmd_init(struct app *app)
{
    cmd_ensemble(app->ip, "::ike::pki", pki_cmds, app);
}

/* registry.c - the registries as tables, and the way from number to name and back. */
#include "engine/wire/registry.h"

#include <stdbool.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define REGISTRY(id, heading, pre)                                                                 \
    const struct names names_##id = {                                                              \
        .title = heading, .prefix = pre, .rows = id##_rows, .num_rows = COUNT(id##_rows)           \
    }

static const struct name exchange_rows[] = {
#define EXCHANGE(name, num, ref) { num, #name, ref },
#include "engine/wire/registry/exchange.def"
#undef EXCHANGE
};
REGISTRY(exchange, "IKEv2 Exchange Types", "");

static const struct name payload_rows[] = {
    { 0, "NONE", "RFC 7296 3.2" },
#define PAYLOAD(name, num, notation, ref) { num, notation, ref },
#include "engine/wire/registry/payload.def"
#undef PAYLOAD
};
REGISTRY(payload, "IKEv2 Payload Types", "");

static const struct name protocol_rows[] = {
#define PROTOCOL(name, num, ref) { num, #name, ref },
#include "engine/wire/registry/protocol.def"
#undef PROTOCOL
};
REGISTRY(protocol, "IKEv2 Security Protocol Identifiers", "PROTOCOL_");

static const struct name transform_rows[] = {
#define TRANSFORM(name, num, ref) { num, #name, ref },
#include "engine/wire/registry/transform.def"
#undef TRANSFORM
};
REGISTRY(transform, "Transform Type Values", "");

static const struct name encr_rows[] = {
#define ENCR(name, num, ref) { num, "ENCR_" #name, ref },
#include "engine/wire/registry/encr.def"
#undef ENCR
};
REGISTRY(encr, "Transform Type 1 - Encryption Algorithm Transform IDs", "ENCR_");

static const struct name prf_rows[] = {
#define PRF(name, num, ref) { num, "PRF_" #name, ref },
#include "engine/wire/registry/prf.def"
#undef PRF
};
REGISTRY(prf, "Transform Type 2 - Pseudorandom Function Transform IDs", "PRF_");

static const struct name integ_rows[] = {
    { 0, "NONE", "RFC 7296 3.3.2" },
#define INTEG(name, num, ref) { num, "AUTH_" #name, ref },
#include "engine/wire/registry/integ.def"
#undef INTEG
};
REGISTRY(integ, "Transform Type 3 - Integrity Algorithm Transform IDs", "AUTH_");

static const struct name group_rows[] = {
    { 0, "NONE", "RFC 7296 3.3.2" },
#define GROUP(name, num, ref) { num, #name, ref },
#include "engine/wire/registry/group.def"
#undef GROUP
};
REGISTRY(group, "Transform Type 4 - Key Exchange Method Transform IDs", "GROUP_");

static const struct name esn_rows[] = {
    { ESN_NO, "ESN_NO", "RFC 7296 3.3.2" },
    { ESN_YES, "ESN_YES", "RFC 7296 3.3.2" },
};
REGISTRY(esn, "Transform Type 5 - Extended Sequence Numbers Transform IDs", "ESN_");

static const struct name notify_rows[] = {
#define NOTIFY(name, num, ref) { num, #name, ref },
#include "engine/wire/registry/notify.def"
#undef NOTIFY
};
REGISTRY(notify, "IKEv2 Notify Message Types", "N_");

static const struct name id_rows[] = {
#define ID(name, num, ref) { num, "ID_" #name, ref },
#include "engine/wire/registry/id.def"
#undef ID
};
REGISTRY(id, "IKEv2 Identification Payload ID Types", "ID_");

static const struct name auth_rows[] = {
#define AUTH(name, num, ref) { num, #name, ref },
#include "engine/wire/registry/auth.def"
#undef AUTH
};
REGISTRY(auth, "IKEv2 Authentication Method", "AUTH_METHOD_");

static const struct name cert_rows[] = {
#define CERT(name, num, ref) { num, #name, ref },
#include "engine/wire/registry/cert.def"
#undef CERT
};
REGISTRY(cert, "IKEv2 Certificate Encodings", "CERT_");

static const struct name ts_rows[] = {
#define TS(name, num, ref) { num, "TS_" #name, ref },
#include "engine/wire/registry/ts.def"
#undef TS
};
REGISTRY(ts, "IKEv2 Traffic Selector Types", "TS_");

static const struct name cfg_rows[] = {
#define CFG(name, num, ref) { num, "CFG_" #name, ref },
#include "engine/wire/registry/cfg.def"
#undef CFG
};
REGISTRY(cfg, "IKEv2 Configuration Payload CFG Types", "CFG_");

static const struct name cfg_attr_rows[] = {
#define CFG_ATTR(name, num, ref) { num, #name, ref },
#include "engine/wire/registry/cfg_attr.def"
#undef CFG_ATTR
};
REGISTRY(cfg_attr, "IKEv2 Configuration Payload Attribute Types", "CFG_ATTR_");

static const struct name hash_rows[] = {
#define HASH(name, num, ref) { num, #name, ref },
#include "engine/wire/registry/hash.def"
#undef HASH
};
REGISTRY(hash, "IKEv2 Hash Algorithms", "HASH_");

static const struct name attribute_rows[] = {
    { ATTRIBUTE_KEY_LENGTH, "KEY_LENGTH", "RFC 7296 3.3.5" },
};
REGISTRY(attribute, "IKEv2 Transform Attribute Types", "");

static const struct name ip_protocol_rows[] = {
    { 0, "ANY", "RFC 7296 3.13.1" }, { 1, "ICMP", "RFC 792" },     { 6, "TCP", "RFC 9293" },
    { 17, "UDP", "RFC 768" },        { 47, "GRE", "RFC 2784" },    { 50, "ESP", "RFC 4303" },
    { 51, "AH", "RFC 4302" },        { 58, "ICMPV6", "RFC 4443" }, { 89, "OSPF", "RFC 2328" },
    { 132, "SCTP", "RFC 9260" },     { 135, "MH", "RFC 6275" },
};
REGISTRY(ip_protocol, "Assigned Internet Protocol Numbers (excerpt)", "");

static const struct name eap_code_rows[] = {
    { 1, "REQUEST", "RFC 3748 4.1" },  { 2, "RESPONSE", "RFC 3748 4.1" },
    { 3, "SUCCESS", "RFC 3748 4.2" },  { 4, "FAILURE", "RFC 3748 4.2" },
    { 5, "INITIATE", "RFC 6696 5.3" }, { 6, "FINISH", "RFC 6696 5.3" },
};
REGISTRY(eap_code, "EAP Packet Codes", "");

const struct names *names_of_transform(uint8_t transform_type)
{
    switch (transform_type) {
    case TRANSFORM_ENCR:
        return &names_encr;
    case TRANSFORM_PRF:
        return &names_prf;
    case TRANSFORM_INTEG:
        return &names_integ;
    case TRANSFORM_ESN:
        return &names_esn;
    case TRANSFORM_KE:
    case TRANSFORM_ADDKE1:
    case TRANSFORM_ADDKE2:
    case TRANSFORM_ADDKE3:
    case TRANSFORM_ADDKE4:
    case TRANSFORM_ADDKE5:
    case TRANSFORM_ADDKE6:
    case TRANSFORM_ADDKE7:
        return &names_group;
    default:
        return NULL;
    }
}

const char *name_of(const struct names *r, uint32_t num)
{
    size_t lo = 0, hi = r != NULL ? r->num_rows : 0;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->rows[mid].num == num)
            return r->rows[mid].name;
        if (r->rows[mid].num < num)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

static char fold(char c)
{
    return (char)(c == '-' ? '_' : c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static bool same_name(const char *a, const char *b)
{
    while (*a != '\0' && fold(*a) == fold(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* What follows prefix in s, or s itself when it does not begin with it. */
static const char *skip_prefix(const char *s, const char *prefix)
{
    const char *at = s;
    while (*prefix != '\0' && fold(*at) == *prefix) {
        at++;
        prefix++;
    }
    return *prefix == '\0' && *at != '\0' ? at : s;
}

static int64_t parse_number(const char *s)
{
    uint64_t v = 0;
    unsigned base = 10;
    if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
        base = 16;
        s += 2;
    }
    if (*s == '\0')
        return -1;
    for (; *s != '\0'; s++) {
        char c = fold(*s);
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 99;
        if (digit >= base)
            return -1;
        v = v * base + digit;
        if (v > UINT32_MAX)
            return -1;
    }
    return (int64_t)v;
}

int64_t name_num(const struct names *r, const char *name)
{
    for (size_t i = 0; r != NULL && i < r->num_rows; i++)
        if (same_name(r->rows[i].name, name) ||
            same_name(skip_prefix(r->rows[i].name, r->prefix), skip_prefix(name, r->prefix)))
            return r->rows[i].num;
    return parse_number(name);
}

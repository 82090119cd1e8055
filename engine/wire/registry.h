/* registry.h - the IANA registries that IKEv2 uses, each written once as a .def list under
 * registry/. Enumerators equal the wire number and are spelled as in the registry. */
#ifndef ENGINE_WIRE_REGISTRY_H
#define ENGINE_WIRE_REGISTRY_H

#include <stddef.h>
#include <stdint.h>

enum exchange_type {
#define EXCHANGE(name, num, ref) EXCHANGE_##name = num,
#include "engine/wire/registry/exchange.def"
#undef EXCHANGE
};
enum payload_type {
    PAYLOAD_NONE = 0,
#define PAYLOAD(name, num, notation, ref) PAYLOAD_##name = num,
#include "engine/wire/registry/payload.def"
#undef PAYLOAD
};
enum protocol_id {
#define PROTOCOL(name, num, ref) PROTOCOL_##name = num,
#include "engine/wire/registry/protocol.def"
#undef PROTOCOL
};
enum transform_type {
#define TRANSFORM(name, num, ref) TRANSFORM_##name = num,
#include "engine/wire/registry/transform.def"
#undef TRANSFORM
};
enum encr_id {
#define ENCR(name, num, ref) ENCR_##name = num,
#include "engine/wire/registry/encr.def"
#undef ENCR
};
enum prf_id {
#define PRF(name, num, ref) PRF_##name = num,
#include "engine/wire/registry/prf.def"
#undef PRF
};
enum integ_id {
    AUTH_NONE = 0,
#define INTEG(name, num, ref) AUTH_##name = num,
#include "engine/wire/registry/integ.def"
#undef INTEG
};
enum group_id {
    GROUP_NONE = 0,
#define GROUP(name, num, ref) GROUP_##name = num,
#include "engine/wire/registry/group.def"
#undef GROUP
};
enum esn_id { ESN_NO = 0, ESN_YES = 1 };
enum { ATTRIBUTE_KEY_LENGTH = 14 };
enum notify_type {
#define NOTIFY(name, num, ref) N_##name = num,
#include "engine/wire/registry/notify.def"
#undef NOTIFY
};
enum id_type {
#define ID(name, num, ref) ID_##name = num,
#include "engine/wire/registry/id.def"
#undef ID
};
enum auth_method {
#define AUTH(name, num, ref) AUTH_METHOD_##name = num,
#include "engine/wire/registry/auth.def"
#undef AUTH
};
enum cert_encoding {
#define CERT(name, num, ref) CERT_##name = num,
#include "engine/wire/registry/cert.def"
#undef CERT
};
enum ts_type {
#define TS(name, num, ref) TS_##name = num,
#include "engine/wire/registry/ts.def"
#undef TS
};
enum cfg_type {
#define CFG(name, num, ref) CFG_##name = num,
#include "engine/wire/registry/cfg.def"
#undef CFG
};
enum cfg_attribute {
#define CFG_ATTR(name, num, ref) CFG_ATTR_##name = num,
#include "engine/wire/registry/cfg_attr.def"
#undef CFG_ATTR
};

enum hash_id {
#define HASH(name, num, ref) HASH_##name = num,
#include "engine/wire/registry/hash.def"
#undef HASH
};

struct name {
    uint32_t num;
    const char *name; /* as the registry spells it, e.g. "ENCR_AES_CBC" */
    const char *ref;  /* RFC and section */
};

struct names {
    const char *title;       /* IANA's title of the registry */
    const char *prefix;      /* may be left out, or put before a name that lacks it; "" for none */
    const struct name *rows; /* ascending numbers */
    size_t num_rows;
};

extern const struct names names_exchange, names_payload, names_protocol, names_transform,
    names_encr, names_prf, names_integ, names_group, names_esn, names_notify, names_id, names_auth,
    names_cert, names_ts, names_cfg, names_cfg_attr, names_ip_protocol, names_attribute,
    names_eap_code, names_hash;

/* Registry of the transform ids of one transform type; NULL for unknown types. */
const struct names *names_of_transform(uint8_t transform_type);

/* Name of a number, or NULL. */
const char *name_of(const struct names *r, uint32_t num);
/* Number of a name (case-insensitive, with or without the registry's prefix, '-' equals '_'), or a
 * decimal/hex number up to 32 bits; -1 if neither. r may be NULL: numbers only. */
int64_t name_num(const struct names *r, const char *name);

#endif

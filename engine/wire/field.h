/* field.h - the tables that describe wire structures: one row per field drives decode, encode,
 * print, paths, mutation and the reference page. */
#ifndef ENGINE_WIRE_FIELD_H
#define ENGINE_WIRE_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/bytes.h"
#include "engine/base/err.h"

enum field_kind {
    F_NUM,    /* unsigned number in bits [bit, bit+bits) of the fixed part, network order */
    F_FLAG,   /* one bit */
    F_ZERO,   /* reserved: sent as zero, ignored on receipt (REQ in .req) */
    F_OCTETS, /* fixed count of octets inside the fixed part */
    F_TAIL0,  /* variable octets, first tail */
    F_TAIL1,  /* variable octets, second tail */
    F_LIST,   /* children */
};

/* What a derived field is computed from when nobody set it. */
enum derive {
    D_NONE,
    D_LENGTH,       /* octets of this structure less .arg (4: EAP, which leaves out our header) */
    D_LENGTH_VALUE, /* octets of tail 0 only (TLV attributes); .arg 1: not while bit 0 is set */
    D_NEXT,         /* type of the following payload (SK: of the first child), 0 at the end */
    D_MORE,         /* 0 when last, else the value in .arg (2 proposals, 3 transforms) */
    D_COUNT,        /* number of children */
    D_SPI_SIZE,     /* octets of tail 0 */
    D_SPI_COUNT,    /* tail 0 length / SPI size (Delete) */
    D_INDEX,        /* position among siblings, from 1 (proposal number) */
    D_TOTAL         /* octets of the whole message (header length) */
};

struct names; /* registry.h */
struct shape;
struct node; /* message.h */
struct lint; /* lint.h */

struct field {
    const char *name;
    uint8_t kind;   /* enum field_kind */
    uint8_t derive; /* enum derive */
    uint8_t arg;
    uint16_t bit; /* first bit in the fixed part, 0 = most significant bit of octet 0 */
    uint16_t bits;
    const struct names *names; /* registry that names its values, or NULL */
    const struct shape *child; /* F_LIST: shape of the children */
    enum req req;
};

struct shape {
    const char *name; /* "KE", "proposal", ... as paths spell it */
    uint8_t type;     /* payload type, 0 for others */
    uint8_t head_len; /* octets of the fixed part, generic payload header included */
    uint8_t num_fields;
    uint8_t tails; /* how many tails */
    int8_t key;    /* field index that names a child in paths (transform type), -1 = none */
    const struct field *fields;
    void (*check)(const struct node *n, struct lint *l); /* findings of this structure, or NULL */
};

/* Rows of field tables. at and width count bits of the fixed part. */
#define FIELD_NUM(label, at, width, ...)                                                           \
    {                                                                                              \
        .name = label, .kind = F_NUM, .bit = at, .bits = width, __VA_ARGS__                        \
    }
#define FIELD_FLAG(label, at)                                                                      \
    {                                                                                              \
        .name = label, .kind = F_FLAG, .bit = at, .bits = 1                                        \
    }
#define FIELD_ZERO(label, at, width)                                                               \
    {                                                                                              \
        .name = label, .kind = F_ZERO, .bit = at, .bits = width, .req = REQ_RESERVED_ZERO          \
    }
#define FIELD_TAIL(label, n)                                                                       \
    {                                                                                              \
        .name = label, .kind = F_TAIL0 + n                                                         \
    }
#define FIELD_LIST(label, shape)                                                                   \
    {                                                                                              \
        .name = label, .kind = F_LIST, .child = shape                                              \
    }
/* The generic payload header, RFC 7296 3.2:  | next | C, reserved (7) | length (16) | */
#define FIELDS_PAYLOAD                                                                             \
    [PL_NEXT] = FIELD_NUM("next", 0, 8, .derive = D_NEXT, .names = &names_payload),                \
    [PL_CRITICAL] = FIELD_FLAG("critical", 8), [PL_RESERVED] = FIELD_ZERO("reserved", 9, 7),       \
    [PL_LENGTH] = FIELD_NUM("length", 16, 16, .derive = D_LENGTH)
#define SHAPE_FIELDS(table) .fields = table, .num_fields = sizeof table / sizeof table[0]

/* The four fields that every payload begins with. */
enum { PL_NEXT, PL_CRITICAL, PL_RESERVED, PL_LENGTH, PL_FIELDS };

/* Field index by name; -1 if the shape has none of that name. */
int shape_field(const struct shape *s, const char *name);

/* The field's bits of a fixed part; field_put drops what is wider than the field. */
uint64_t field_get(const uint8_t *head, const struct field *f);
void field_put(uint8_t *head, const struct field *f, uint64_t v);

/* Field indices, one enum per shape, in wire order. */
enum {
    HDR_SPI_I,
    HDR_SPI_R,
    HDR_NEXT,
    HDR_MAJOR,
    HDR_MINOR,
    HDR_EXCHANGE,
    HDR_FLAGS,
    HDR_MID,
    HDR_LENGTH,
    HDR_FLAG_X1,
    HDR_FLAG_R,
    HDR_FLAG_V,
    HDR_FLAG_I,
    HDR_FLAG_X2
};
enum { SA_PROPOSALS = PL_FIELDS };
enum {
    PROP_MORE,
    PROP_RESERVED,
    PROP_LENGTH,
    PROP_NUMBER,
    PROP_PROTOCOL,
    PROP_SPI_SIZE,
    PROP_NUM_TRANSFORMS,
    PROP_SPI,
    PROP_TRANSFORMS
};
enum {
    TRANS_MORE,
    TRANS_RESERVED,
    TRANS_LENGTH,
    TRANS_TYPE,
    TRANS_RESERVED2,
    TRANS_ID,
    TRANS_ATTRIBUTES
};
enum { ATTR_AF, ATTR_TYPE, ATTR_VALUE, ATTR_DATA }; /* AF set: VALUE; clear: VALUE is length */
enum { KE_GROUP = PL_FIELDS, KE_RESERVED, KE_DATA };
enum { ID_TYPE = PL_FIELDS, ID_RESERVED, ID_DATA };
enum { CERT_ENCODING = PL_FIELDS, CERT_DATA }; /* CERT and CERTREQ */
enum { AUTH_METHOD = PL_FIELDS, AUTH_RESERVED, AUTH_DATA };
enum { NONCE_DATA = PL_FIELDS };
enum { NOTIFY_PROTOCOL = PL_FIELDS, NOTIFY_SPI_SIZE, NOTIFY_TYPE, NOTIFY_SPI, NOTIFY_DATA };
enum { DELETE_PROTOCOL = PL_FIELDS, DELETE_SPI_SIZE, DELETE_NUM_SPIS, DELETE_SPIS };
enum { VID_DATA = PL_FIELDS };
enum { TS_COUNT = PL_FIELDS, TS_RESERVED, TS_SELECTORS }; /* TSi and TSr */
enum { SEL_TYPE, SEL_PROTOCOL, SEL_LENGTH, SEL_PORT_LO, SEL_PORT_HI, SEL_ADDR_LO, SEL_ADDR_HI };
enum { SK_DATA = PL_FIELDS };
enum { SKF_NUMBER = PL_FIELDS, SKF_TOTAL, SKF_DATA };
enum { CP_TYPE = PL_FIELDS, CP_RESERVED, CP_ATTRIBUTES };
enum { CFG_RESERVED, CFG_TYPE, CFG_LENGTH, CFG_VALUE };
enum { EAP_CODE = PL_FIELDS, EAP_IDENTIFIER, EAP_LENGTH, EAP_DATA };
enum { UNKNOWN_DATA = PL_FIELDS };

extern const struct shape shape_hdr, shape_sa, shape_proposal, shape_transform, shape_attribute,
    shape_ke, shape_idi, shape_idr, shape_cert, shape_certreq, shape_auth, shape_nonce,
    shape_notify, shape_delete, shape_vid, shape_tsi, shape_tsr, shape_selector, shape_sk,
    shape_skf, shape_cp, shape_cfg_attribute, shape_eap, shape_unknown;

/* The shape of a payload type; shape_unknown for types without a table. */
const struct shape *shape_of(uint8_t payload_type);

#endif

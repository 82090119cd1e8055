/* field.c - which shape a payload type has, and fields by name. */
#include "engine/wire/field.h"

#include <string.h>

#include "engine/wire/registry.h"

const struct shape *shape_of(uint8_t payload_type)
{
    static const struct shape *const by_type[] = {
        [PAYLOAD_SA] = &shape_sa,         [PAYLOAD_KE] = &shape_ke,
        [PAYLOAD_IDi] = &shape_idi,       [PAYLOAD_IDr] = &shape_idr,
        [PAYLOAD_CERT] = &shape_cert,     [PAYLOAD_CERTREQ] = &shape_certreq,
        [PAYLOAD_AUTH] = &shape_auth,     [PAYLOAD_NONCE] = &shape_nonce,
        [PAYLOAD_NOTIFY] = &shape_notify, [PAYLOAD_DELETE] = &shape_delete,
        [PAYLOAD_VID] = &shape_vid,       [PAYLOAD_TSi] = &shape_tsi,
        [PAYLOAD_TSr] = &shape_tsr,       [PAYLOAD_SK] = &shape_sk,
        [PAYLOAD_CP] = &shape_cp,         [PAYLOAD_EAP] = &shape_eap,
        [PAYLOAD_SKF] = &shape_skf,
    };
    const struct shape *s = NULL;
    if (payload_type < sizeof by_type / sizeof by_type[0])
        s = by_type[payload_type];
    return s != NULL ? s : &shape_unknown;
}

int shape_field(const struct shape *s, const char *name)
{
    for (int i = 0; i < s->num_fields; i++)
        if (strcmp(s->fields[i].name, name) == 0)
            return i;
    return -1;
}

uint64_t field_get(const uint8_t *head, const struct field *f)
{
    uint64_t v = 0;
    unsigned end = f->bit + f->bits;
    for (unsigned at = f->bit; at < end;) {
        unsigned take = 8 - at % 8; /* bits of this octet from at on */
        unsigned spare = at + take > end ? at + take - end : 0;
        v = v << (take - spare) | (head[at / 8] & ((1u << take) - 1)) >> spare;
        at += take;
    }
    return v;
}

void field_put(uint8_t *head, const struct field *f, uint64_t v)
{
    for (unsigned done = 0; done < f->bits;) {
        unsigned at = f->bit + f->bits - 1u - done; /* least significant bit not yet written */
        unsigned shift = 7 - at % 8, take = at % 8 + 1;
        if (take > f->bits - done)
            take = f->bits - done;
        unsigned mask = ((1u << take) - 1) << shift;
        head[at / 8] = (uint8_t)((head[at / 8] & ~mask) | ((unsigned)(v >> done) << shift & mask));
        done += take;
    }
}

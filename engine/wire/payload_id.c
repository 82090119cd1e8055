/* payload_id.c - Identification of initiator and responder. */
#include "engine/wire/field.h"
#include "engine/wire/registry.h"

/* RFC 7296 3.5
 *   | next | C, reserved | length | type | reserved (24) | data ... | */
static const struct field id_fields[] = {
    FIELDS_PAYLOAD,
    [ID_TYPE] = FIELD_NUM("type", 32, 8, .names = &names_id),
    [ID_RESERVED] = FIELD_ZERO("reserved2", 40, 24),
    [ID_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_idi = { .name = "IDi",
                                 .type = PAYLOAD_IDi,
                                 .head_len = 8,
                                 .tails = 1,
                                 .key = -1,
                                 SHAPE_FIELDS(id_fields) };
const struct shape shape_idr = { .name = "IDr",
                                 .type = PAYLOAD_IDr,
                                 .head_len = 8,
                                 .tails = 1,
                                 .key = -1,
                                 SHAPE_FIELDS(id_fields) };

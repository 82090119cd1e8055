/* payload_ke.c - Key Exchange. */
#include "engine/wire/field.h"
#include "engine/wire/registry.h"

/* RFC 7296 3.4; RFC 9370 calls the group the key exchange method
 *   | next | C, reserved | length | group (16) | reserved (16) | data ... | */
static const struct field ke_fields[] = {
    FIELDS_PAYLOAD,
    [KE_GROUP] = FIELD_NUM("group", 32, 16, .names = &names_group),
    [KE_RESERVED] = FIELD_ZERO("reserved2", 48, 16),
    [KE_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_ke = {
    .name = "KE", .type = PAYLOAD_KE, .head_len = 8, .tails = 1, .key = -1, SHAPE_FIELDS(ke_fields)
};

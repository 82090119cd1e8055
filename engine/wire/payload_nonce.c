/* payload_nonce.c - Nonce. */
#include "engine/wire/field.h"
#include "engine/wire/registry.h"

/* RFC 7296 3.9
 *   | next | C, reserved | length | data ... | */
static const struct field nonce_fields[] = {
    FIELDS_PAYLOAD,
    [NONCE_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_nonce = { .name = "Nonce",
                                   .type = PAYLOAD_NONCE,
                                   .head_len = 4,
                                   .tails = 1,
                                   .key = -1,
                                   SHAPE_FIELDS(nonce_fields) };

/* payload_auth.c - Authentication. */
#include "engine/wire/field.h"
#include "engine/wire/registry.h"

/* RFC 7296 3.8
 *   | next | C, reserved | length | method | reserved (24) | data ... | */
static const struct field auth_fields[] = {
    FIELDS_PAYLOAD,
    [AUTH_METHOD] = FIELD_NUM("method", 32, 8, .names = &names_auth),
    [AUTH_RESERVED] = FIELD_ZERO("reserved2", 40, 24),
    [AUTH_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_auth = { .name = "AUTH",
                                  .type = PAYLOAD_AUTH,
                                  .head_len = 8,
                                  .tails = 1,
                                  .key = -1,
                                  SHAPE_FIELDS(auth_fields) };

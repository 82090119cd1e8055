/* payload_vid.c - Vendor ID. */
#include "engine/wire/field.h"
#include "engine/wire/registry.h"

/* RFC 7296 3.12
 *   | next | C, reserved | length | data ... | */
static const struct field vid_fields[] = {
    FIELDS_PAYLOAD,
    [VID_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_vid = {
    .name = "V", .type = PAYLOAD_VID, .head_len = 4, .tails = 1, .key = -1, SHAPE_FIELDS(vid_fields)
};

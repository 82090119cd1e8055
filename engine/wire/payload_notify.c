/* payload_notify.c - Notify. */
#include "engine/wire/field.h"
#include "engine/wire/registry.h"

/* RFC 7296 3.10
 *   | next | C, reserved | length | protocol | SPI size | type (16) | SPI ... | data ... | */
static const struct field notify_fields[] = {
    FIELDS_PAYLOAD,
    [NOTIFY_PROTOCOL] = FIELD_NUM("protocol", 32, 8, .names = &names_protocol),
    [NOTIFY_SPI_SIZE] = FIELD_NUM("spi_size", 40, 8, .derive = D_SPI_SIZE),
    [NOTIFY_TYPE] = FIELD_NUM("type", 48, 16, .names = &names_notify),
    [NOTIFY_SPI] = FIELD_TAIL("spi", 0),
    [NOTIFY_DATA] = FIELD_TAIL("data", 1),
};
const struct shape shape_notify = { .name = "N",
                                    .type = PAYLOAD_NOTIFY,
                                    .head_len = 8,
                                    .tails = 2,
                                    .key = NOTIFY_TYPE,
                                    SHAPE_FIELDS(notify_fields) };

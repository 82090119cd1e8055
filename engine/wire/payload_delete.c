/* payload_delete.c - Delete. */
#include "engine/wire/lint.h"

/* RFC 7296 3.11
 *   | next | C, reserved | length | protocol | SPI size | # SPIs (16) | SPIs ... | */
static const struct field delete_fields[] = {
    FIELDS_PAYLOAD,
    [DELETE_PROTOCOL] = FIELD_NUM("protocol", 32, 8, .names = &names_protocol),
    [DELETE_SPI_SIZE] = FIELD_NUM("spi_size", 40, 8),
    [DELETE_NUM_SPIS] = FIELD_NUM("num_spis", 48, 16, .derive = D_SPI_COUNT),
    [DELETE_SPIS] = FIELD_TAIL("spis", 0),
};
static void delete_check(const struct node *n, struct lint *l)
{
    uint64_t protocol = node_num(n, DELETE_PROTOCOL), size = node_num(n, DELETE_SPI_SIZE);
    if ((protocol == PROTOCOL_IKE && size != 0) ||
        ((protocol == PROTOCOL_AH || protocol == PROTOCOL_ESP) && size != 4))
        lint_add(l, n, DELETE_SPI_SIZE, REQ_LINT_DELETE_SPI_SIZE);
}

const struct shape shape_delete = { .name = "D",
                                    .type = PAYLOAD_DELETE,
                                    .head_len = 8,
                                    .tails = 1,
                                    .key = -1,
                                    SHAPE_FIELDS(delete_fields),
                                    .check = delete_check };

/* payload_hdr.c - the IKE header and payloads without a table of their own. */
#include "engine/wire/lint.h"

/* RFC 7296 3.1
 *   | initiator's SPI (64) | responder's SPI (64) | next | major, minor | exchange | flags |
 *   | message id (32) | length (32) |                        flags: X X R V I X X X         */
#define FIELD_FLAG_BITS(label, at, width)                                                          \
    {                                                                                              \
        .name = label, .kind = F_ZERO, .bit = at, .bits = width, .req = REQ_LINT_FLAG_BITS         \
    }
static const struct field hdr_fields[] = {
    [HDR_SPI_I] = FIELD_NUM("spi_i", 0, 64),
    [HDR_SPI_R] = FIELD_NUM("spi_r", 64, 64),
    [HDR_NEXT] = FIELD_NUM("next", 128, 8, .derive = D_NEXT, .names = &names_payload),
    [HDR_MAJOR] = FIELD_NUM("major", 136, 4),
    [HDR_MINOR] = FIELD_NUM("minor", 140, 4),
    [HDR_EXCHANGE] = FIELD_NUM("exchange", 144, 8, .names = &names_exchange),
    [HDR_FLAGS] = FIELD_NUM("flags", 152, 8),
    [HDR_MID] = FIELD_NUM("mid", 160, 32),
    [HDR_LENGTH] = FIELD_NUM("length", 192, 32, .derive = D_TOTAL),
    [HDR_FLAG_X1] = FIELD_FLAG_BITS("flags.X1", 152, 2),
    [HDR_FLAG_R] = FIELD_FLAG("flags.R", 154),
    [HDR_FLAG_V] = FIELD_FLAG("flags.V", 155),
    [HDR_FLAG_I] = FIELD_FLAG("flags.I", 156),
    [HDR_FLAG_X2] = FIELD_FLAG_BITS("flags.X2", 157, 3),
};
static void hdr_check(const struct node *n, struct lint *l)
{
    if (node_num(n, HDR_FLAG_V) != 0)
        lint_add(l, n, HDR_FLAG_V, REQ_LINT_VERSION_FLAG);
    if (node_num(n, HDR_MINOR) != 0)
        lint_add(l, n, HDR_MINOR, REQ_LINT_MINOR_VERSION);
    if (name_of(&names_exchange, (uint32_t)node_num(n, HDR_EXCHANGE)) == NULL)
        lint_add(l, n, HDR_EXCHANGE, REQ_LINT_EXCHANGE_TYPE);
    if (node_num(n, HDR_SPI_I) == 0)
        lint_add(l, n, HDR_SPI_I, REQ_LINT_SPI_I);
}

const struct shape shape_hdr = {
    .name = "HDR", .head_len = 28, .key = -1, SHAPE_FIELDS(hdr_fields), .check = hdr_check
};

static const struct field unknown_fields[] = {
    FIELDS_PAYLOAD,
    [UNKNOWN_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_unknown = {
    .name = "payload", .head_len = 4, .tails = 1, .key = -1, SHAPE_FIELDS(unknown_fields)
};

/* payload_sa.c - Security Association: proposals of transforms of attributes. */
#include "engine/wire/field.h"
#include "engine/wire/registry.h"

/* RFC 7296 3.3.5
 *   | AF, type (15) | AF=1: value, AF=0: length (16) | AF=0: data ... | */
static const struct field attribute_fields[] = {
    [ATTR_AF] = FIELD_FLAG("af", 0),
    [ATTR_TYPE] = FIELD_NUM("type", 1, 15, .names = &names_attribute),
    [ATTR_VALUE] = FIELD_NUM("value", 16, 16, .derive = D_LENGTH_VALUE, .arg = 1),
    [ATTR_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_attribute = { .name = "attribute",
                                       .head_len = 4,
                                       .tails = 1,
                                       .key = ATTR_TYPE,
                                       SHAPE_FIELDS(attribute_fields) };

/* RFC 7296 3.3.2
 *   | last (0 or 3) | reserved | length (16) | type | reserved | id (16) | attributes ... | */
static const struct field transform_fields[] = {
    [TRANS_MORE] = FIELD_NUM("more", 0, 8, .derive = D_MORE, .arg = 3),
    [TRANS_RESERVED] = FIELD_ZERO("reserved", 8, 8),
    [TRANS_LENGTH] = FIELD_NUM("length", 16, 16, .derive = D_LENGTH),
    [TRANS_TYPE] = FIELD_NUM("type", 32, 8, .names = &names_transform),
    [TRANS_RESERVED2] = FIELD_ZERO("reserved2", 40, 8),
    [TRANS_ID] = FIELD_NUM("id", 48, 16), /* named by the registry of its type: node_names() */
    [TRANS_ATTRIBUTES] = FIELD_LIST("attributes", &shape_attribute),
};
const struct shape shape_transform = {
    .name = "transform", .head_len = 8, .key = TRANS_TYPE, SHAPE_FIELDS(transform_fields)
};

/* RFC 7296 3.3.1
 *   | last (0 or 2) | reserved | length (16) | number | protocol | SPI size | # transforms |
 *   | SPI ... | transforms ... |                                                            */
static const struct field proposal_fields[] = {
    [PROP_MORE] = FIELD_NUM("more", 0, 8, .derive = D_MORE, .arg = 2),
    [PROP_RESERVED] = FIELD_ZERO("reserved", 8, 8),
    [PROP_LENGTH] = FIELD_NUM("length", 16, 16, .derive = D_LENGTH),
    [PROP_NUMBER] = FIELD_NUM("number", 32, 8, .derive = D_INDEX),
    [PROP_PROTOCOL] = FIELD_NUM("protocol", 40, 8, .names = &names_protocol),
    [PROP_SPI_SIZE] = FIELD_NUM("spi_size", 48, 8, .derive = D_SPI_SIZE),
    [PROP_NUM_TRANSFORMS] = FIELD_NUM("num_transforms", 56, 8, .derive = D_COUNT),
    [PROP_SPI] = FIELD_TAIL("spi", 0),
    [PROP_TRANSFORMS] = FIELD_LIST("transforms", &shape_transform),
};
const struct shape shape_proposal = {
    .name = "proposal", .head_len = 8, .tails = 1, .key = -1, SHAPE_FIELDS(proposal_fields)
};

/* RFC 7296 3.3
 *   | next | C, reserved | length | proposals ... | */
static const struct field sa_fields[] = {
    FIELDS_PAYLOAD,
    [SA_PROPOSALS] = FIELD_LIST("proposals", &shape_proposal),
};
const struct shape shape_sa = {
    .name = "SA", .type = PAYLOAD_SA, .head_len = 4, .key = -1, SHAPE_FIELDS(sa_fields)
};

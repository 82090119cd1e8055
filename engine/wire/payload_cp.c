/* payload_cp.c - Configuration. */
#include "engine/wire/cfg.h"
#include "engine/wire/lint.h"

/* RFC 7296 3.15.1
 *   | R, type (15) | length (16) | value ... | */
static const struct field cfg_attribute_fields[] = {
    [CFG_RESERVED] = FIELD_ZERO("reserved", 0, 1),
    [CFG_TYPE] = FIELD_NUM("type", 1, 15, .names = &names_cfg_attr),
    [CFG_LENGTH] = FIELD_NUM("length", 16, 16, .derive = D_LENGTH_VALUE),
    [CFG_VALUE] = FIELD_TAIL("value", 0),
};
static void cfg_attribute_check(const struct node *n, struct lint *l)
{
    if (!cfg_length_right((uint16_t)node_num(n, CFG_TYPE), node_bytes(n, CFG_VALUE).len))
        lint_add(l, n, CFG_LENGTH, REQ_CFG_VALUE_LENGTH);
}

const struct shape shape_cfg_attribute = { .name = "attribute",
                                           .head_len = 4,
                                           .tails = 1,
                                           .key = CFG_TYPE,
                                           SHAPE_FIELDS(cfg_attribute_fields),
                                           .check = cfg_attribute_check };

/* RFC 7296 3.15
 *   | next | C, reserved | length | CFG type | reserved (24) | attributes ... | */
static const struct field cp_fields[] = {
    FIELDS_PAYLOAD,
    [CP_TYPE] = FIELD_NUM("type", 32, 8, .names = &names_cfg),
    [CP_RESERVED] = FIELD_ZERO("reserved2", 40, 24),
    [CP_ATTRIBUTES] = FIELD_LIST("attributes", &shape_cfg_attribute),
};
const struct shape shape_cp = {
    .name = "CP", .type = PAYLOAD_CP, .head_len = 8, .key = -1, SHAPE_FIELDS(cp_fields)
};

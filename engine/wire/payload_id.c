/* payload_id.c - Identification of initiator and responder. */
#include "engine/wire/lint.h"

/* RFC 7296 3.5
 *   | next | C, reserved | length | type | reserved (24) | data ... | */
static const struct field id_fields[] = {
    FIELDS_PAYLOAD,
    [ID_TYPE] = FIELD_NUM("type", 32, 8, .names = &names_id),
    [ID_RESERVED] = FIELD_ZERO("reserved2", 40, 24),
    [ID_DATA] = FIELD_TAIL("data", 0),
};
static void id_check(const struct node *n, struct lint *l)
{
    struct span data = node_bytes(n, ID_DATA);
    uint64_t type = node_num(n, ID_TYPE);
    bool ends_badly = data.len > 0 && (data.p[data.len - 1] == 0 || data.p[data.len - 1] == '\r' ||
                                       data.p[data.len - 1] == '\n');
    if (type == ID_FQDN && ends_badly)
        lint_add(l, n, ID_DATA, REQ_LINT_FQDN_TERMINATOR);
    if (type == ID_RFC822_ADDR && ends_badly)
        lint_add(l, n, ID_DATA, REQ_LINT_EMAIL_TERMINATOR);
    if ((type == ID_IPV4_ADDR && data.len != 4) || (type == ID_IPV6_ADDR && data.len != 16))
        lint_add(l, n, ID_DATA, REQ_LINT_ID_LENGTH);
}

const struct shape shape_idi = { .name = "IDi",
                                 .type = PAYLOAD_IDi,
                                 .head_len = 8,
                                 .tails = 1,
                                 .key = -1,
                                 SHAPE_FIELDS(id_fields),
                                 .check = id_check };
const struct shape shape_idr = { .name = "IDr",
                                 .type = PAYLOAD_IDr,
                                 .head_len = 8,
                                 .tails = 1,
                                 .key = -1,
                                 SHAPE_FIELDS(id_fields),
                                 .check = id_check };

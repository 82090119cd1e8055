/* payload_notify.c - Notify. */
#include "engine/wire/lint.h"

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
/* Types of RFC 7296 itself that are about one SA and so carry its SPI. */
static bool names_spi(uint64_t type)
{
    return type == N_INVALID_SELECTORS || type == N_REKEY_SA || type == N_CHILD_SA_NOT_FOUND;
}

static bool in_rfc7296(uint64_t type)
{
    return type <= N_INVALID_SELECTORS || type == N_TEMPORARY_FAILURE ||
           type == N_CHILD_SA_NOT_FOUND ||
           (type >= N_INITIAL_CONTACT && type <= N_NON_FIRST_FRAGMENTS_ALSO);
}

static void notify_check(const struct node *n, struct lint *l)
{
    uint64_t type = node_num(n, NOTIFY_TYPE), protocol = node_num(n, NOTIFY_PROTOCOL);
    size_t spi = node_bytes(n, NOTIFY_SPI).len, data = node_bytes(n, NOTIFY_DATA).len;
    if (spi == 0 && protocol != 0)
        lint_add(l, n, NOTIFY_PROTOCOL, REQ_LINT_NOTIFY_PROTOCOL);
    if (spi != 0 && in_rfc7296(type) && !names_spi(type))
        lint_add(l, n, NOTIFY_SPI_SIZE, REQ_LINT_NOTIFY_SPI);
    if (type == N_COOKIE && (data < 1 || data > 64))
        lint_add(l, n, NOTIFY_DATA, REQ_LINT_COOKIE_LENGTH);
    if (type == N_INVALID_KE_PAYLOAD && data != 2)
        lint_add(l, n, NOTIFY_DATA, REQ_LINT_INVALID_KE_DATA);
    if (type == N_REKEY_SA && data != 0)
        lint_add(l, n, NOTIFY_DATA, REQ_LINT_REKEY_DATA);
    if (type == N_REKEY_SA && protocol != PROTOCOL_ESP && protocol != PROTOCOL_AH)
        lint_add(l, n, NOTIFY_PROTOCOL, REQ_LINT_REKEY_PROTOCOL);
}

const struct shape shape_notify = { .name = "N",
                                    .type = PAYLOAD_NOTIFY,
                                    .head_len = 8,
                                    .tails = 2,
                                    .key = NOTIFY_TYPE,
                                    SHAPE_FIELDS(notify_fields),
                                    .check = notify_check };

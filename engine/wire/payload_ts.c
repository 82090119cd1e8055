/* payload_ts.c - Traffic Selectors of initiator and responder. */
#include "engine/wire/lint.h"

/* RFC 7296 3.13.1
 *   | type | IP protocol | length (16) | start port (16) | end port (16) |
 *   | starting address ... | ending address ... |
 * Selectors of types other than the two address ranges keep all that follows the first eight
 * octets in addr_lo. */
static const struct field selector_fields[] = {
    [SEL_TYPE] = FIELD_NUM("type", 0, 8, .names = &names_ts),
    [SEL_PROTOCOL] = FIELD_NUM("protocol", 8, 8, .names = &names_ip_protocol),
    [SEL_LENGTH] = FIELD_NUM("length", 16, 16, .derive = D_LENGTH),
    [SEL_PORT_LO] = FIELD_NUM("port_lo", 32, 16),
    [SEL_PORT_HI] = FIELD_NUM("port_hi", 48, 16),
    [SEL_ADDR_LO] = FIELD_TAIL("addr_lo", 0),
    [SEL_ADDR_HI] = FIELD_TAIL("addr_hi", 1),
};
/* Start above end is allowed as OPAQUE only: 65535 to 0 (RFC 7296 3.13.1). */
static void selector_check(const struct node *n, struct lint *l)
{
    uint64_t lo = node_num(n, SEL_PORT_LO), hi = node_num(n, SEL_PORT_HI);
    struct span a = node_bytes(n, SEL_ADDR_LO), b = node_bytes(n, SEL_ADDR_HI);
    if (lo > hi && !(lo == 65535 && hi == 0))
        lint_add(l, n, SEL_PORT_LO, REQ_LINT_TS_RANGE);
    if (a.len != 0 && a.len == b.len && memcmp(a.p, b.p, a.len) > 0)
        lint_add(l, n, SEL_ADDR_LO, REQ_LINT_TS_RANGE);
}

const struct shape shape_selector = { .name = "selector",
                                      .head_len = 8,
                                      .tails = 2,
                                      .key = -1,
                                      SHAPE_FIELDS(selector_fields),
                                      .check = selector_check };

/* RFC 7296 3.13
 *   | next | C, reserved | length | # selectors | reserved (24) | selectors ... | */
static const struct field ts_fields[] = {
    FIELDS_PAYLOAD,
    [TS_COUNT] = FIELD_NUM("count", 32, 8, .derive = D_COUNT),
    [TS_RESERVED] = FIELD_ZERO("reserved2", 40, 24),
    [TS_SELECTORS] = FIELD_LIST("selectors", &shape_selector),
};
static void ts_check(const struct node *n, struct lint *l)
{
    if (n->child == NULL)
        lint_add(l, n, TS_COUNT, REQ_LINT_TS_COUNT);
}

const struct shape shape_tsi = { .name = "TSi",
                                 .type = PAYLOAD_TSi,
                                 .head_len = 8,
                                 .key = -1,
                                 SHAPE_FIELDS(ts_fields),
                                 .check = ts_check };
const struct shape shape_tsr = { .name = "TSr",
                                 .type = PAYLOAD_TSr,
                                 .head_len = 8,
                                 .key = -1,
                                 SHAPE_FIELDS(ts_fields),
                                 .check = ts_check };

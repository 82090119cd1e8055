/* payload_sk.c - Encrypted and Encrypted Fragment; what is inside hangs below as children once
 * opened. */
#include "engine/wire/lint.h"

/* RFC 7296 3.14; next names the first payload inside
 *   | next | C, reserved | length | IV, ciphertext, ICV ... | */
static const struct field sk_fields[] = {
    FIELDS_PAYLOAD,
    [SK_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_sk = {
    .name = "SK", .type = PAYLOAD_SK, .head_len = 4, .tails = 1, .key = -1, SHAPE_FIELDS(sk_fields)
};

/* RFC 7383 2.5
 *   | next | C, reserved | length | number (16) | total (16) | IV, ciphertext, ICV ... | */
static const struct field skf_fields[] = {
    FIELDS_PAYLOAD,
    [SKF_NUMBER] = FIELD_NUM("number", 32, 16),
    [SKF_TOTAL] = FIELD_NUM("total", 48, 16),
    [SKF_DATA] = FIELD_TAIL("data", 0),
};
static void skf_check(const struct node *n, struct lint *l)
{
    uint64_t number = node_num(n, SKF_NUMBER), total = node_num(n, SKF_TOTAL);
    if (number == 0 || number > total)
        lint_add(l, n, SKF_NUMBER, REQ_FRAG_NUMBER_VALID);
}

const struct shape shape_skf = { .name = "SKF",
                                 .type = PAYLOAD_SKF,
                                 .head_len = 8,
                                 .tails = 1,
                                 .key = -1,
                                 SHAPE_FIELDS(skf_fields),
                                 .check = skf_check };

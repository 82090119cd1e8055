/* payload_nonce.c - Nonce. */
#include "engine/wire/lint.h"

/* RFC 7296 3.9
 *   | next | C, reserved | length | data ... | */
static const struct field nonce_fields[] = {
    FIELDS_PAYLOAD,
    [NONCE_DATA] = FIELD_TAIL("data", 0),
};
static void nonce_check(const struct node *n, struct lint *l)
{
    size_t len = node_bytes(n, NONCE_DATA).len;
    if (len < 16 || len > 256)
        lint_add(l, n, NONCE_DATA, REQ_NONCE_SIZE);
}

const struct shape shape_nonce = { .name = "Nonce",
                                   .type = PAYLOAD_NONCE,
                                   .head_len = 4,
                                   .tails = 1,
                                   .key = -1,
                                   SHAPE_FIELDS(nonce_fields),
                                   .check = nonce_check };

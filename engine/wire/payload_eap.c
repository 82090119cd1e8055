/* payload_eap.c - Extensible Authentication Protocol. */
#include "engine/wire/lint.h"

/* RFC 7296 3.16 around RFC 3748 4; data begins with the method type in requests and responses
 *   | next | C, reserved | length | code | identifier | EAP length (16) | data ... | */
static const struct field eap_fields[] = {
    FIELDS_PAYLOAD,
    [EAP_CODE] = FIELD_NUM("code", 32, 8, .names = &names_eap_code),
    [EAP_IDENTIFIER] = FIELD_NUM("identifier", 40, 8),
    [EAP_LENGTH] = FIELD_NUM("eap_length", 48, 16, .derive = D_LENGTH, .arg = 4),
    [EAP_DATA] = FIELD_TAIL("data", 0),
};
static void eap_check(const struct node *n, struct lint *l)
{
    uint64_t code = node_num(n, EAP_CODE);
    if ((code == 3 || code == 4) && node_bytes(n, EAP_DATA).len != 0)
        lint_add(l, n, EAP_DATA, REQ_LINT_EAP_SUCCESS);
}

const struct shape shape_eap = { .name = "EAP",
                                 .type = PAYLOAD_EAP,
                                 .head_len = 8,
                                 .tails = 1,
                                 .key = -1,
                                 SHAPE_FIELDS(eap_fields),
                                 .check = eap_check };

/* payload_cert.c - Certificate and Certificate Request. */
#include "engine/wire/field.h"
#include "engine/wire/registry.h"

/* RFC 7296 3.6 and 3.7
 *   | next | C, reserved | length | encoding | data ... | */
static const struct field cert_fields[] = {
    FIELDS_PAYLOAD,
    [CERT_ENCODING] = FIELD_NUM("encoding", 32, 8, .names = &names_cert),
    [CERT_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_cert = { .name = "CERT",
                                  .type = PAYLOAD_CERT,
                                  .head_len = 5,
                                  .tails = 1,
                                  .key = -1,
                                  SHAPE_FIELDS(cert_fields) };
const struct shape shape_certreq = { .name = "CERTREQ",
                                     .type = PAYLOAD_CERTREQ,
                                     .head_len = 5,
                                     .tails = 1,
                                     .key = -1,
                                     SHAPE_FIELDS(cert_fields) };

/* payload_cert.c - Certificate and Certificate Request. */
#include "engine/wire/lint.h"

/* RFC 7296 3.6 and 3.7
 *   | next | C, reserved | length | encoding | data ... | */
static const struct field cert_fields[] = {
    FIELDS_PAYLOAD,
    [CERT_ENCODING] = FIELD_NUM("encoding", 32, 8, .names = &names_cert),
    [CERT_DATA] = FIELD_TAIL("data", 0),
};
/* Authorities are named by SHA-1 hashes of their keys (RFC 7296 3.7). */
static void certreq_check(const struct node *n, struct lint *l)
{
    uint64_t encoding = node_num(n, CERT_ENCODING);
    bool hashes = encoding == CERT_X509_SIGNATURE || encoding == CERT_HASH_URL_CERT ||
                  encoding == CERT_HASH_URL_BUNDLE;
    if (hashes && node_bytes(n, CERT_DATA).len % 20 != 0)
        lint_add(l, n, CERT_DATA, REQ_LINT_CA_HASHES);
}

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
                                     SHAPE_FIELDS(cert_fields),
                                     .check = certreq_check };

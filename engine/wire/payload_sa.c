/* payload_sa.c - Security Association: proposals of transforms of attributes. */
#include "engine/wire/lint.h"

/* RFC 7296 3.3.5
 *   | AF, type (15) | AF=1: value, AF=0: length (16) | AF=0: data ... | */
static const struct field attribute_fields[] = {
    [ATTR_AF] = FIELD_FLAG("af", 0),
    [ATTR_TYPE] = FIELD_NUM("type", 1, 15, .names = &names_attribute),
    [ATTR_VALUE] = FIELD_NUM("value", 16, 16, .derive = D_LENGTH_VALUE, .arg = 1),
    [ATTR_DATA] = FIELD_TAIL("data", 0),
};
const struct shape shape_attribute = {
    .name = "attribute", .head_len = 4, .tails = 1, .key = ATTR_TYPE, SHAPE_FIELDS(attribute_fields)
};

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
/* Ciphers whose key length varies, so that their transform needs the attribute. */
static bool variable_key(uint64_t encr)
{
    switch (encr) {
    case ENCR_AES_CBC:
    case ENCR_AES_CTR:
    case ENCR_AES_CCM_8:
    case ENCR_AES_CCM_12:
    case ENCR_AES_CCM_16:
    case ENCR_AES_GCM_8:
    case ENCR_AES_GCM_12:
    case ENCR_AES_GCM_16:
    case ENCR_NULL_AUTH_AES_GMAC:
    case ENCR_CAMELLIA_CBC:
    case ENCR_CAMELLIA_CTR:
    case ENCR_CAMELLIA_CCM_8:
    case ENCR_CAMELLIA_CCM_12:
    case ENCR_CAMELLIA_CCM_16:
    case ENCR_AES_CCM_8_IIV:
    case ENCR_AES_GCM_16_IIV:
        return true;
    default:
        return false;
    }
}

static bool fixed_key(uint64_t encr)
{
    return encr == ENCR_DES || encr == ENCR_3DES || encr == ENCR_IDEA || encr == ENCR_NULL ||
           encr == ENCR_CHACHA20_POLY1305 || encr == ENCR_CHACHA20_POLY1305_IIV;
}

static bool combined(uint64_t encr)
{
    return (encr >= ENCR_AES_CCM_8 && encr <= ENCR_NULL_AUTH_AES_GMAC) ||
           (encr >= ENCR_CAMELLIA_CCM_8 && encr <= ENCR_MAGMA_MGM_MAC_KTREE);
}

static void transform_check(const struct node *n, struct lint *l)
{
    unsigned lengths = 0;
    for (const struct node *a = n->child; a != NULL; a = a->next) {
        if (node_num(a, ATTR_TYPE) != ATTRIBUTE_KEY_LENGTH)
            continue;
        if (node_num(a, ATTR_AF) == 0)
            lint_add(l, a, ATTR_AF, REQ_LINT_FIXED_NOT_VARIABLE);
        if (++lengths == 2)
            lint_add(l, a, ATTR_TYPE, REQ_LINT_ATTRIBUTE_ONCE);
    }
    if (node_num(n, TRANS_TYPE) != TRANSFORM_ENCR) {
        if (lengths > 0 && node_num(n, TRANS_TYPE) <= TRANSFORM_ADDKE7)
            lint_add(l, n, TRANS_ATTRIBUTES, REQ_LINT_KEY_LENGTH_FIXED);
        return;
    }
    if (lengths == 0 && variable_key(node_num(n, TRANS_ID)))
        lint_add(l, n, TRANS_ATTRIBUTES, REQ_LINT_KEY_LENGTH_PRESENT);
    if (lengths > 0 && fixed_key(node_num(n, TRANS_ID)))
        lint_add(l, n, TRANS_ATTRIBUTES, REQ_LINT_KEY_LENGTH_FIXED);
}

const struct shape shape_transform = { .name = "transform",
                                       .head_len = 8,
                                       .key = TRANS_TYPE,
                                       SHAPE_FIELDS(transform_fields),
                                       .check = transform_check };

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
/* SPI sizes: none in IKE_SA_INIT, then 8 for IKE, 4 for AH and ESP. */
static void spi_check(const struct node *n, struct lint *l)
{
    size_t len = n->tail[0].len;
    if (msg_exchange(l->m) == EXCHANGE_IKE_SA_INIT) {
        if (len != 0)
            lint_add(l, n, PROP_SPI_SIZE, REQ_LINT_SPI_SIZE_INITIAL);
        return;
    }
    uint64_t protocol = node_num(n, PROP_PROTOCOL);
    if ((protocol == PROTOCOL_IKE && len != 8) ||
        ((protocol == PROTOCOL_AH || protocol == PROTOCOL_ESP) && len != 4))
        lint_add(l, n, PROP_SPI_SIZE, REQ_LINT_SPI_SIZE);
}

static void proposal_check(const struct node *n, struct lint *l)
{
    uint32_t types = 0; /* bit per transform type present */
    bool all_combined = true, any_combined = false, integ = false;
    spi_check(n, l);
    for (const struct node *t = n->child; t != NULL; t = t->next) {
        uint64_t type = node_num(t, TRANS_TYPE), id = node_num(t, TRANS_ID);
        if (type < 32)
            types |= 1u << type;
        if (type == TRANSFORM_ENCR) {
            any_combined = any_combined || combined(id);
            all_combined = all_combined && combined(id);
        }
        integ = integ || (type == TRANSFORM_INTEG && id != AUTH_NONE);
    }
    uint32_t need = 0;
    if (node_num(n, PROP_PROTOCOL) == PROTOCOL_IKE)
        need = 1u << TRANSFORM_ENCR | 1u << TRANSFORM_PRF | 1u << TRANSFORM_KE |
               (all_combined ? 0 : 1u << TRANSFORM_INTEG);
    else if (node_num(n, PROP_PROTOCOL) == PROTOCOL_ESP)
        need = 1u << TRANSFORM_ENCR | 1u << TRANSFORM_ESN;
    if ((types & need) != need)
        lint_add(l, n, PROP_TRANSFORMS,
                 node_num(n, PROP_PROTOCOL) == PROTOCOL_IKE ? REQ_LINT_IKE_TYPES
                                                            : REQ_LINT_ESP_TYPES);
    if (any_combined && integ)
        lint_add(l, n, PROP_TRANSFORMS, REQ_LINT_COMBINED_INTEG);
}

const struct shape shape_proposal = { .name = "proposal",
                                      .head_len = 8,
                                      .tails = 1,
                                      .key = -1,
                                      SHAPE_FIELDS(proposal_fields),
                                      .check = proposal_check };

/* RFC 7296 3.3
 *   | next | C, reserved | length | proposals ... | */
static const struct field sa_fields[] = {
    FIELDS_PAYLOAD,
    [SA_PROPOSALS] = FIELD_LIST("proposals", &shape_proposal),
};
/* Offers are numbered from one without gaps; the answer bears the number of what it accepts. */
static void sa_check(const struct node *n, struct lint *l)
{
    uint64_t last = 0;
    if (n->child == NULL)
        lint_add(l, n, SA_PROPOSALS, REQ_LINT_FIRST_NUMBER);
    for (const struct node *p = n->child; p != NULL && !msg_is_response(l->m); p = p->next) {
        /* not yet computed: will be right */
        uint64_t number =
            p->owned && node_derived(p, PROP_NUMBER) ? last + 1 : node_num(p, PROP_NUMBER);
        if (number != last + 1)
            lint_add(l, p, PROP_NUMBER,
                     p == n->child ? REQ_LINT_FIRST_NUMBER : REQ_LINT_NUMBERS_ASCEND);
        last = number;
    }
}

const struct shape shape_sa = { .name = "SA",
                                .type = PAYLOAD_SA,
                                .head_len = 4,
                                .key = -1,
                                SHAPE_FIELDS(sa_fields),
                                .check = sa_check };

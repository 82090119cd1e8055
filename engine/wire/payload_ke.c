/* payload_ke.c - Key Exchange. */
#include "engine/wire/lint.h"

/* RFC 7296 3.4; RFC 9370 calls the group the key exchange method
 *   | next | C, reserved | length | group (16) | reserved (16) | data ... | */
static const struct field ke_fields[] = {
    FIELDS_PAYLOAD,
    [KE_GROUP] = FIELD_NUM("group", 32, 16, .names = &names_group),
    [KE_RESERVED] = FIELD_ZERO("reserved2", 48, 16),
    [KE_DATA] = FIELD_TAIL("data", 0),
};
/* Public values by group: MODP as long as the modulus, curves as their RFCs say. */
size_t ke_size(uint16_t group, bool response)
{
    static const struct {
        uint16_t group, request, response;
    } sizes[] = {
        { GROUP_MODP_768, 96, 96 },          { GROUP_MODP_1024, 128, 128 },
        { GROUP_MODP_1536, 192, 192 },       { GROUP_MODP_2048, 256, 256 },
        { GROUP_MODP_3072, 384, 384 },       { GROUP_MODP_4096, 512, 512 },
        { GROUP_MODP_6144, 768, 768 },       { GROUP_MODP_8192, 1024, 1024 },
        { GROUP_ECP_256, 64, 64 },           { GROUP_ECP_384, 96, 96 },
        { GROUP_ECP_521, 132, 132 },         { GROUP_MODP_1024_160, 128, 128 },
        { GROUP_MODP_2048_224, 256, 256 },   { GROUP_MODP_2048_256, 256, 256 },
        { GROUP_ECP_192, 48, 48 },           { GROUP_ECP_224, 56, 56 },
        { GROUP_BRAINPOOL_P224R1, 56, 56 },  { GROUP_BRAINPOOL_P256R1, 64, 64 },
        { GROUP_BRAINPOOL_P384R1, 96, 96 },  { GROUP_BRAINPOOL_P512R1, 128, 128 },
        { GROUP_CURVE25519, 32, 32 },        { GROUP_CURVE448, 56, 56 },
        { GROUP_GOST3410_2012_256, 64, 64 }, { GROUP_GOST3410_2012_512, 128, 128 },
        { GROUP_ML_KEM_512, 800, 768 }, /* encapsulation key one way, ciphertext the other */
        { GROUP_ML_KEM_768, 1184, 1088 },    { GROUP_ML_KEM_1024, 1568, 1568 },
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (sizes[i].group == group)
            return response ? sizes[i].response : sizes[i].request;
    return 0;
}

/* Whether an SA payload beside KE offers or accepts its group; true when there is none. */
static bool group_offered(const struct message *m, uint64_t group)
{
    const struct node *sa = payload_find(msg_payloads(m), PAYLOAD_SA);
    if (sa == NULL)
        return true;
    for (const struct node *p = sa->child; p != NULL; p = p->next)
        for (const struct node *t = p->child; t != NULL; t = t->next)
            if (node_num(t, TRANS_TYPE) == TRANSFORM_KE && node_num(t, TRANS_ID) == group)
                return true;
    return false;
}

static void ke_check(const struct node *n, struct lint *l)
{
    uint64_t group = node_num(n, KE_GROUP);
    size_t size = ke_size((uint16_t)group, msg_is_response(l->m));
    if (size != 0 && node_bytes(n, KE_DATA).len != size)
        lint_add(l, n, KE_DATA, REQ_LINT_MODP_PADDED);
    if (!group_offered(l->m, group))
        lint_add(l, n, KE_GROUP, REQ_LINT_KE_GROUP);
}

const struct shape shape_ke = { .name = "KE",
                                .type = PAYLOAD_KE,
                                .head_len = 8,
                                .tails = 1,
                                .key = -1,
                                SHAPE_FIELDS(ke_fields),
                                .check = ke_check };

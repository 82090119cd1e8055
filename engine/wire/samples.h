/* samples.h - messages of every payload, made by our own encoder, for tests, benchmarks and fuzz
 * seeds. */
#ifndef ENGINE_WIRE_SAMPLES_H
#define ENGINE_WIRE_SAMPLES_H

#include <stdlib.h>

#include "engine/wire/message.h"

/* Samples are our own and the arena is large: anything that fails is a mistake of ours. */
#define SAMPLE_OK(call)                                                                            \
    do {                                                                                           \
        if ((call) != ERR_OK)                                                                      \
            abort();                                                                               \
    } while (0)

static inline void sample_fill(struct message *m, struct node *n, unsigned field, size_t len)
{
    uint8_t buf[4096];
    uint32_t x = 12345 + n->type;
    for (size_t i = 0; i < len && i < sizeof buf; i++) {
        x = x * 1664525u + 1013904223u;
        buf[i] = (uint8_t)(x >> 24);
    }
    SAMPLE_OK(node_set_bytes(m, n, field, span_of(buf, len)));
}

static inline void sample_num(struct message *m, struct node *n, unsigned field, uint64_t v)
{
    SAMPLE_OK(node_set_num(m, n, field, v));
}

static inline struct node *sample_transform(struct message *m, struct node *prop, uint8_t type,
                                            uint16_t id, uint16_t bits)
{
    struct node *t = child_add(m, prop, &shape_transform);
    sample_num(m, t, TRANS_TYPE, type);
    sample_num(m, t, TRANS_ID, id);
    if (bits != 0) {
        struct node *a = child_add(m, t, &shape_attribute);
        sample_num(m, a, ATTR_AF, 1);
        sample_num(m, a, ATTR_TYPE, ATTRIBUTE_KEY_LENGTH);
        sample_num(m, a, ATTR_VALUE, bits);
    }
    return t;
}

static inline struct node *sample_proposal(struct message *m, struct node *sa, uint8_t protocol,
                                           size_t spi_len)
{
    struct node *p = child_add(m, sa, &shape_proposal);
    sample_num(m, p, PROP_PROTOCOL, protocol);
    sample_fill(m, p, PROP_SPI, spi_len);
    return p;
}

/* One IKE proposal of fifteen transforms. */
static inline void sample_sa_ike(struct message *m, struct node *parent, size_t spi_len)
{
    static const uint16_t rows[][3] = {
        { TRANSFORM_ENCR, ENCR_AES_CBC, 256 },
        { TRANSFORM_ENCR, ENCR_AES_CBC, 192 },
        { TRANSFORM_ENCR, ENCR_AES_CBC, 128 },
        { TRANSFORM_ENCR, ENCR_CAMELLIA_CBC, 256 },
        { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 },
        { TRANSFORM_PRF, PRF_HMAC_SHA2_384, 0 },
        { TRANSFORM_PRF, PRF_HMAC_SHA2_512, 0 },
        { TRANSFORM_INTEG, AUTH_HMAC_SHA2_256_128, 0 },
        { TRANSFORM_INTEG, AUTH_HMAC_SHA2_384_192, 0 },
        { TRANSFORM_INTEG, AUTH_HMAC_SHA2_512_256, 0 },
        { TRANSFORM_KE, GROUP_CURVE25519, 0 },
        { TRANSFORM_KE, GROUP_ECP_256, 0 },
        { TRANSFORM_KE, GROUP_ECP_384, 0 },
        { TRANSFORM_KE, GROUP_MODP_2048, 0 },
        { TRANSFORM_KE, GROUP_MODP_3072, 0 },
    };
    struct node *sa = payload_add(m, parent, PAYLOAD_SA);
    struct node *p = sample_proposal(m, sa, PROTOCOL_IKE, spi_len);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        sample_transform(m, p, (uint8_t)rows[i][0], rows[i][1], rows[i][2]);
}

/* Two ESP proposals. */
static inline void sample_sa_esp(struct message *m, struct node *parent)
{
    struct node *sa = payload_add(m, parent, PAYLOAD_SA);
    struct node *p = sample_proposal(m, sa, PROTOCOL_ESP, 4);
    sample_transform(m, p, TRANSFORM_ENCR, ENCR_AES_GCM_16, 256);
    sample_transform(m, p, TRANSFORM_ESN, ESN_NO, 0);
    p = sample_proposal(m, sa, PROTOCOL_ESP, 4);
    sample_transform(m, p, TRANSFORM_ENCR, ENCR_AES_CBC, 128);
    sample_transform(m, p, TRANSFORM_INTEG, AUTH_HMAC_SHA2_256_128, 0);
    sample_transform(m, p, TRANSFORM_ESN, ESN_YES, 0);
}

static inline void sample_ke(struct message *m, struct node *parent, uint16_t group, size_t len)
{
    struct node *n = payload_add(m, parent, PAYLOAD_KE);
    sample_num(m, n, KE_GROUP, group);
    sample_fill(m, n, KE_DATA, len);
}

static inline void sample_nonce(struct message *m, struct node *parent, size_t len)
{
    sample_fill(m, payload_add(m, parent, PAYLOAD_NONCE), NONCE_DATA, len);
}

static inline struct node *sample_notify(struct message *m, struct node *parent, uint16_t type,
                                         uint8_t protocol, size_t spi_len, size_t len)
{
    struct node *n = payload_add(m, parent, PAYLOAD_NOTIFY);
    sample_num(m, n, NOTIFY_PROTOCOL, protocol);
    sample_num(m, n, NOTIFY_TYPE, type);
    sample_fill(m, n, NOTIFY_SPI, spi_len);
    sample_fill(m, n, NOTIFY_DATA, len);
    return n;
}

static inline void sample_id(struct message *m, struct node *parent, uint8_t payload, uint8_t type,
                             const char *text)
{
    struct node *n = payload_add(m, parent, payload);
    sample_num(m, n, ID_TYPE, type);
    SAMPLE_OK(node_set_bytes(m, n, ID_DATA, span_str(text)));
}

static inline void sample_cert(struct message *m, struct node *parent, uint8_t payload, size_t len)
{
    struct node *n = payload_add(m, parent, payload);
    sample_num(m, n, CERT_ENCODING, CERT_X509_SIGNATURE);
    sample_fill(m, n, CERT_DATA, len);
}

static inline void sample_auth(struct message *m, struct node *parent, uint8_t method, size_t len)
{
    struct node *n = payload_add(m, parent, PAYLOAD_AUTH);
    sample_num(m, n, AUTH_METHOD, method);
    sample_fill(m, n, AUTH_DATA, len);
}

static inline void sample_ts(struct message *m, struct node *parent, uint8_t payload)
{
    static const uint8_t lo[16] = { 10, 0, 0, 1 }, hi[16] = { 10, 0, 0, 255 };
    struct node *ts = payload_add(m, parent, payload);
    for (int i = 0; i < 2; i++) {
        struct node *s = child_add(m, ts, &shape_selector);
        size_t len = i == 0 ? 4 : 16;
        sample_num(m, s, SEL_TYPE, i == 0 ? TS_IPV4_ADDR_RANGE : TS_IPV6_ADDR_RANGE);
        sample_num(m, s, SEL_PROTOCOL, i == 0 ? 0 : 17);
        sample_num(m, s, SEL_PORT_HI, 65535);
        SAMPLE_OK(node_set_bytes(m, s, SEL_ADDR_LO, span_of(lo, len)));
        SAMPLE_OK(node_set_bytes(m, s, SEL_ADDR_HI, span_of(hi, len)));
    }
}

static inline void sample_cp(struct message *m, struct node *parent)
{
    struct node *cp = payload_add(m, parent, PAYLOAD_CP);
    sample_num(m, cp, CP_TYPE, CFG_REQUEST);
    for (unsigned i = 1; i <= 15; i += 2) {
        struct node *a = child_add(m, cp, &shape_cfg_attribute);
        sample_num(m, a, CFG_TYPE, i);
        sample_fill(m, a, CFG_VALUE, i == CFG_ATTR_INTERNAL_IP6_SUBNET ? 17 : i % 4 == 3 ? 4 : 0);
    }
}

static inline void sample_delete(struct message *m, struct node *parent, uint8_t protocol,
                                 uint8_t size, unsigned num)
{
    struct node *n = payload_add(m, parent, PAYLOAD_DELETE);
    sample_num(m, n, DELETE_PROTOCOL, protocol);
    sample_num(m, n, DELETE_SPI_SIZE, size);
    sample_fill(m, n, DELETE_SPIS, (size_t)size * num);
}

static inline void sample_eap(struct message *m, struct node *parent, uint8_t code, size_t len)
{
    struct node *n = payload_add(m, parent, PAYLOAD_EAP);
    sample_num(m, n, EAP_CODE, code);
    sample_num(m, n, EAP_IDENTIFIER, 7);
    sample_fill(m, n, EAP_DATA, len);
}

static inline void sample_vid(struct message *m, struct node *parent, size_t len)
{
    sample_fill(m, payload_add(m, parent, PAYLOAD_VID), VID_DATA, len);
}

/* The payloads of an IKE_SA_INIT request: 596 octets with a 256-octet public value. */
static inline void sample_init(struct message *m, uint16_t group, size_t ke_len)
{
    sample_sa_ike(m, m->hdr, 0);
    sample_ke(m, m->hdr, group, ke_len);
    sample_nonce(m, m->hdr, 32);
    sample_notify(m, m->hdr, N_NAT_DETECTION_SOURCE_IP, 0, 0, 20);
    sample_notify(m, m->hdr, N_NAT_DETECTION_DESTINATION_IP, 0, 0, 20);
    sample_notify(m, m->hdr, N_IKEV2_FRAGMENTATION_SUPPORTED, 0, 0, 0);
    sample_notify(m, m->hdr, N_SIGNATURE_HASH_ALGORITHMS, 0, 0, 8);
    sample_vid(m, m->hdr, 16);
    sample_vid(m, m->hdr, 16);
}

/* An SK payload as it comes off the wire: sealed, its link names what is inside. */
static inline void sample_sealed(struct message *m, uint8_t type, uint8_t first, size_t len)
{
    struct node *n = payload_add(m, m->hdr, type);
    sample_num(m, n, PL_NEXT, first);
    if (type == PAYLOAD_SKF) {
        sample_num(m, n, SKF_NUMBER, 1);
        sample_num(m, n, SKF_TOTAL, 2);
    }
    sample_fill(m, n, type == PAYLOAD_SKF ? SKF_DATA : SK_DATA, len);
}

#define NUM_SAMPLES 26u

/* Makes sample i < NUM_SAMPLES and returns its name. Payloads that belong inside SK stand in the
 * clear, so that every decoder is reached without keys. */
static inline const char *sample_make(unsigned i, struct message *m, struct arena *a)
{
    uint8_t exchange = i < 8    ? EXCHANGE_IKE_SA_INIT
                       : i < 16 ? EXCHANGE_IKE_AUTH
                       : i < 20 ? EXCHANGE_CREATE_CHILD_SA
                                : EXCHANGE_INFORMATIONAL;
    SAMPLE_OK(msg_new(m, a, exchange, FLAG_INITIATOR, i < 8 ? 0 : i, 0x0102030405060708u,
                      i < 8 ? 0 : 0x1112131415161718u));
    struct node *h = m->hdr;
    switch (i) {
    case 0:
        sample_init(m, GROUP_MODP_2048, 256);
        return "init-modp2048";
    case 1:
        sample_init(m, GROUP_CURVE25519, 32);
        return "init-x25519";
    case 2:
        sample_notify(m, h, N_COOKIE, 0, 0, 24);
        sample_init(m, GROUP_CURVE25519, 32);
        return "init-cookie-returned";
    case 3:
        sample_num(m, h, HDR_FLAGS, FLAG_RESPONSE);
        sample_notify(m, h, N_COOKIE, 0, 0, 24);
        return "init-cookie-asked";
    case 4:
        sample_num(m, h, HDR_FLAGS, FLAG_RESPONSE);
        sample_notify(m, h, N_INVALID_KE_PAYLOAD, 0, 0, 2);
        return "init-invalid-ke";
    case 5:
        sample_num(m, h, HDR_FLAGS, FLAG_RESPONSE);
        sample_init(m, GROUP_CURVE25519, 32);
        sample_cert(m, h, PAYLOAD_CERTREQ, 40);
        return "init-response";
    case 6:
        sample_num(m, payload_add(m, h, 200), PL_CRITICAL, 1);
        sample_fill(m, payload_add(m, h, 201), UNKNOWN_DATA, 5);
        return "init-unknown-payloads";
    case 7:
        return "init-empty";
    case 8:
        sample_id(m, h, PAYLOAD_IDi, ID_FQDN, "client.example");
        sample_cert(m, h, PAYLOAD_CERT, 64);
        sample_cert(m, h, PAYLOAD_CERTREQ, 20);
        sample_id(m, h, PAYLOAD_IDr, ID_RFC822_ADDR, "a@b.example");
        sample_auth(m, h, AUTH_METHOD_SIGNATURE, 64);
        sample_cp(m, h);
        sample_sa_esp(m, h);
        sample_ts(m, h, PAYLOAD_TSi);
        sample_ts(m, h, PAYLOAD_TSr);
        sample_notify(m, h, N_INITIAL_CONTACT, 0, 0, 0);
        return "auth-request";
    case 9:
        sample_num(m, h, HDR_FLAGS, FLAG_RESPONSE);
        sample_id(m, h, PAYLOAD_IDr, ID_IPV4_ADDR, "\x0a\x01\x01\x01");
        sample_auth(m, h, AUTH_METHOD_PSK, 32);
        sample_sa_esp(m, h);
        sample_ts(m, h, PAYLOAD_TSi);
        sample_ts(m, h, PAYLOAD_TSr);
        return "auth-response";
    case 10:
        sample_id(m, h, PAYLOAD_IDr, ID_KEY_ID, "key");
        sample_eap(m, h, 1, 6);
        return "auth-eap-request";
    case 11:
        sample_eap(m, h, 3, 0);
        return "auth-eap-success";
    case 12:
        sample_sealed(m, PAYLOAD_SK, PAYLOAD_IDi, 200);
        return "auth-sk";
    case 13:
        sample_sealed(m, PAYLOAD_SKF, PAYLOAD_IDi, 200);
        return "auth-skf";
    case 14:
        sample_notify(m, h, N_AUTHENTICATION_FAILED, 0, 0, 0);
        return "auth-failed";
    case 15:
        sample_cp(m, h);
        return "auth-cp";
    case 16:
        sample_notify(m, h, N_REKEY_SA, PROTOCOL_ESP, 4, 0);
        sample_sa_esp(m, h);
        sample_transform(m, payload_find(h, PAYLOAD_SA)->child, TRANSFORM_KE, GROUP_CURVE25519, 0);
        sample_nonce(m, h, 32);
        sample_ke(m, h, GROUP_CURVE25519, 32);
        sample_ts(m, h, PAYLOAD_TSi);
        sample_ts(m, h, PAYLOAD_TSr);
        return "child-rekey";
    case 17:
        sample_sa_ike(m, h, 8);
        sample_nonce(m, h, 32);
        sample_ke(m, h, GROUP_ECP_256, 64);
        return "ike-rekey";
    case 18:
        sample_sa_esp(m, h);
        return "child-sa";
    case 19:
        sample_ts(m, h, PAYLOAD_TSi);
        return "child-ts";
    case 20:
        sample_delete(m, h, PROTOCOL_ESP, 4, 3);
        return "delete-esp";
    case 21:
        sample_delete(m, h, PROTOCOL_IKE, 0, 0);
        return "delete-ike";
    case 22:
        sample_sealed(m, PAYLOAD_SK, 0, 25);
        return "info-sk-empty";
    case 23:
        sample_vid(m, h, 0);
        sample_nonce(m, h, 16);
        return "info-vid";
    case 24: {
        struct node *t = sample_transform(
            m, sample_proposal(m, payload_add(m, h, PAYLOAD_SA), PROTOCOL_AH, 4), 77, 999, 0);
        struct node *tlv = child_add(m, t, &shape_attribute);
        sample_num(m, tlv, ATTR_TYPE, 99);
        sample_fill(m, tlv, ATTR_DATA, 9);
        return "info-unknown-transform";
    }
    default: {
        struct node *s = child_add(m, payload_add(m, h, PAYLOAD_TSr), &shape_selector);
        sample_num(m, s, SEL_TYPE, TS_SECLABEL);
        sample_fill(m, s, SEL_ADDR_LO, 12);
        return "info-ts-label";
    }
    }
}

#endif

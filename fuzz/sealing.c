/* sealing.c - SK and SKF under fixed keys, apart from the engine's own (sa/protect.c), so that the
 * one can be held against the other. */
#include "fuzz/sealing.h"

#include <stdlib.h>

static const struct {
    uint16_t encr, bits, integ;
} kinds[NUM_SEALINGS] = {
    [SEALING_GCM] = { ENCR_AES_GCM_16, 256, AUTH_NONE },
    [SEALING_CBC] = { ENCR_AES_CBC, 128, AUTH_HMAC_SHA2_256_128 },
};

static struct suite suites[NUM_SEALINGS];
static struct crypt *crypts[NUM_SEALINGS];

static void make(enum sealing s)
{
    static const uint8_t key[96] = "octets that need not be secret, as they protect nothing at all";
    if (crypts[s] != NULL)
        return;
    if (suite_init(&suites[s], kinds[s].encr, kinds[s].bits, kinds[s].integ) != ERR_OK ||
        crypt_new(&crypts[s], &suites[s], span_of(key, suites[s].encr_key_len),
                  span_of(key + 48, suites[s].integ_key_len)) != ERR_OK)
        abort();
}

enum sealing sealing_of(const struct message *m)
{
    return node_num(m->hdr, HDR_SPI_I) == SEALING_SPI_CBC ? SEALING_CBC : SEALING_GCM;
}

const struct suite *sealing_suite(enum sealing s)
{
    make(s);
    return &suites[s];
}

struct crypt *sealing_crypt(enum sealing s)
{
    make(s);
    return crypts[s];
}

void sealing_warm(struct crypt *seal, struct crypt *open)
{
    static uint8_t iv[IV_MAX], text[16], icv[ICV_MAX];
    struct crypt_op op = { .iv = iv, .text = text, .text_len = sizeof text, .icv = icv };
    if (crypt_seal(seal, &op) != ERR_OK || crypt_open(open, &op) != ERR_OK)
        abort();
}

enum err sealing_open(struct message *m, struct node *sk, struct span *text)
{
    enum sealing which = sealing_of(m);
    const struct suite *s = sealing_suite(which);
    struct span body = sk->tail[0];
    if (body.len < (size_t)s->iv_len + 1 + s->icv_len)
        return ERR_TRUNCATED;
    uint8_t *b = (uint8_t *)(uintptr_t)body.p;
    struct crypt_op op = {
        .aad = span_of(m->raw.p, (size_t)(b - m->raw.p)),
        .iv = b,
        .text = b + s->iv_len,
        .text_len = body.len - s->iv_len - s->icv_len,
        .icv = b + body.len - s->icv_len,
    };
    enum err rc = crypt_open(crypts[which], &op);
    if (rc != ERR_OK)
        return rc;
    size_t pad = op.text[op.text_len - 1];
    if (pad + 1 > op.text_len)
        return ERR_PADDING;
    *text = span_of(op.text, op.text_len - pad - 1);
    return ERR_OK;
}

enum err sealing_seal(struct message *m, struct node *sk, const uint8_t *iv,
                      const uint8_t *pad_field, struct span text, struct writer *w)
{
    enum sealing which = sealing_of(m);
    const struct suite *s = sealing_suite(which);
    size_t pad = (s->block - (text.len + 1) % s->block) % s->block;
    size_t body = s->iv_len + text.len + pad + 1 + s->icv_len, start = w->len;
    uint8_t *b = arena_take(m->arena, body);
    if (b == NULL)
        return ERR_SPACE;
    memcpy(b, iv, s->iv_len);
    if (text.len > 0)
        memcpy(b + s->iv_len, text.p, text.len);
    memset(b + s->iv_len + text.len, 0, pad + 1 + s->icv_len);
    b[s->iv_len + text.len + pad] = pad_field != NULL ? *pad_field : (uint8_t)pad;
    sk->tail[0] = span_of(b, body);
    enum err rc = msg_encode(m, w);
    if (rc != ERR_OK || sk->next != NULL) /* what comes after it cannot be sealed */
        return rc;
    uint8_t *at = w->p + w->len - body;
    struct crypt_op op = {
        .aad = span_of(w->p + start, w->len - start - body),
        .iv = at,
        .text = at + s->iv_len,
        .text_len = text.len + pad + 1,
        .icv = at + body - s->icv_len,
    };
    return crypt_seal(crypts[which], &op);
}

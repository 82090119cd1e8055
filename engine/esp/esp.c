/* esp.c - one ESP packet made and opened (RFC 4303 3.3, 3.4), with AES-GCM, CCM and ChaCha20 as RFC
 * 4106, 4309 and 7634 say. */
#include "engine/esp/esp.h"

enum err esp_out_init(struct esp_out *s, uint32_t spi, const struct suite *suite,
                      struct span encr_key, struct span integ_key, bool esn)
{
    *s = (struct esp_out){ .spi = spi, .esn = esn, .suite = *suite };
    return crypt_new(&s->crypt, suite, encr_key, integ_key);
}

enum err esp_in_init(struct esp_in *s, uint32_t spi, const struct suite *suite,
                     struct span encr_key, struct span integ_key, bool esn, uint32_t window)
{
    *s = (struct esp_in){ .spi = spi, .esn = esn, .suite = *suite };
    replay_init(&s->replay, window);
    return crypt_new(&s->crypt, suite, encr_key, integ_key);
}

void esp_out_clear(struct esp_out *s)
{
    if (s == NULL)
        return;
    crypt_free(s->crypt);
    *s = (struct esp_out){ 0 };
}

void esp_in_clear(struct esp_in *s)
{
    if (s == NULL)
        return;
    crypt_free(s->crypt);
    *s = (struct esp_in){ 0 };
}

/* What the ICV covers besides IV and text, the same on both ends. buf holds 12 octets. An AEAD
 * has the whole number in its AAD (RFC 4106 5); a MAC gets the high half at its end (RFC 4303
 * 2.8). */
static void bind_number(struct crypt_op *op, const struct suite *suite, uint8_t *buf, uint32_t spi,
                        uint64_t seq, bool esn)
{
    put_u32(buf, spi);
    if (esn && suite->aead) {
        put_u64(buf + 4, seq);
        op->aad = span_of(buf, 12);
        return;
    }
    put_u32(buf + 4, (uint32_t)seq);
    op->aad = span_of(buf, 8);
    if (esn) {
        put_u32(buf + 8, (uint32_t)(seq >> 32));
        op->mac_tail = span_of(buf + 8, 4);
    }
}

/* --- out ---------------------------------------------------------------------------------------
 */

static const struct esp_bend honest;

/* How the text is laid out: inner, TFC octets, pad octets, pad length, next header. */
struct layout {
    size_t tfc, pad, len;
    uint8_t pad_field;
};

static struct layout lay_out(const struct suite *suite, size_t inner_len,
                             const struct esp_bend *bend)
{
    size_t align = suite->block > 4 ? suite->block : 4; /* RFC 4303 2.4 */
    size_t bare = inner_len + bend->tfc + 2;
    size_t pad = (align - bare % align) % align;
    if (pad == 0 && bend->pad_bad)
        pad = align;
    if (bend->pad_len_set && (bare + bend->pad_len) % align == 0)
        pad = bend->pad_len;
    return (struct layout){ .tfc = bend->tfc,
                            .pad = pad,
                            .len = bare + pad,
                            .pad_field = bend->pad_len_set ? bend->pad_len
                                         : bend->pad_tfc   ? (uint8_t)(pad + bend->tfc)
                                                           : (uint8_t)pad };
}

static void text_fill(uint8_t *text, const struct layout *l, struct span inner, uint8_t next,
                      bool pad_bad)
{
    if (inner.len > 0)
        memmove(text, inner.p, inner.len);
    uint8_t *pad = text + inner.len + l->tfc;
    memset(text + inner.len, 0, l->tfc);
    for (size_t i = 0; i < l->pad; i++)
        pad[i] = pad_bad ? 0xff : (uint8_t)(i + 1);
    pad[l->pad] = l->pad_field;
    pad[l->pad + 1] = next;
}

static uint64_t number_last(const struct esp_out *s)
{
    return s->esn ? UINT64_MAX : UINT32_MAX;
}

/* The number of this packet; false when there are none left (RFC 4303 3.3.3). */
static bool number_next(struct esp_out *s, const struct esp_bend *bend, uint64_t *seq)
{
    s->exhausted = s->seq >= number_last(s);
    *seq = bend->seq_set ? bend->seq : s->seq + 1;
    return !s->exhausted || bend->seq_set;
}

static void iv_fill(const struct esp_out *s, const struct rng *rng, uint8_t *iv)
{
    /* Packets sealed, and so the sequence number of an honest sender. A case that sends a number
     * twice must still not use an IV twice, which would give the key stream away. */
    if (s->suite.iv_counter)
        put_u64(iv, s->packets + 1);
    else if (s->suite.iv_len > 0)
        rng_fill(rng, iv, s->suite.iv_len);
}

enum err esp_seal(struct esp_out *s, const struct rng *rng, struct span inner, uint8_t next,
                  const struct esp_bend *bend, struct writer *w)
{
    uint8_t bound[12];
    uint64_t seq;
    if (bend == NULL)
        bend = &honest;
    if (s->crypt == NULL || !number_next(s, bend, &seq))
        return ERR_STATE;
    if (inner.len > UINT16_MAX)
        return ERR_LENGTH;
    uint32_t spi = bend->spi_set ? bend->spi : s->spi;
    struct layout l = lay_out(&s->suite, inner.len, bend);
    size_t start = w->len;
    size_t head = ESP_HDR_LEN + s->suite.iv_len;
    uint8_t *p = wr_room(w, head + l.len + s->suite.icv_len);
    if (p == NULL)
        return w->err;
    text_fill(p + head, &l, inner, next, bend->pad_bad);
    put_u32(p, spi);
    put_u32(p + 4, (uint32_t)seq);
    iv_fill(s, rng, p + ESP_HDR_LEN);
    struct crypt_op op = {
        .iv = p + ESP_HDR_LEN, .text = p + head, .text_len = l.len, .icv = p + head + l.len
    };
    bind_number(&op, &s->suite, bound, spi, seq, s->esn);
    op.aad.len -= bend->uncovered < op.aad.len ? bend->uncovered : op.aad.len;
    enum err rc = crypt_seal(s->crypt, &op);
    if (rc != ERR_OK) { /* leave no clear text behind */
        wipe(p, w->len - start);
        w->len = start;
        return rc;
    }
    op.icv[s->suite.icv_len - 1] ^= bend->icv_flip;
    w->len -= bend->cut < w->len - start ? bend->cut : w->len - start;
    s->packets++;
    s->octets += inner.len;
    if (!bend->no_count && !s->exhausted)
        s->seq++;
    s->exhausted = s->seq == number_last(s);
    return ERR_OK;
}

/* --- in ----------------------------------------------------------------------------------------
 */

uint32_t esp_spi(struct span pkt)
{
    return pkt.len >= ESP_HDR_LEN ? get_u32(pkt.p) : 0;
}

/* Octets of text, 0 when the packet cannot be one of this SA's. */
static size_t text_len(const struct suite *suite, size_t len)
{
    size_t around = ESP_HDR_LEN + suite->iv_len + suite->icv_len;
    if (len < around + 2 || len > 0xffff)
        return 0;
    return (len - around) % suite->block == 0 ? len - around : 0;
}

/* RFC 4303 3.4.4: pad length must fit, pad octets count up from one. */
static enum err trailer_read(const uint8_t *text, size_t len, struct esp_packet *out)
{
    out->next = text[len - 1];
    out->pad_len = text[len - 2];
    if (out->pad_len > len - 2)
        return ERR_LENGTH;
    out->inner = span_of(text, len - 2 - out->pad_len);
    const uint8_t *pad = text + out->inner.len;
    uint8_t wrong = 0;
    for (size_t i = 0; i < out->pad_len; i++)
        wrong |= pad[i] ^ (uint8_t)(i + 1);
    out->padding_held = wrong == 0;
    return ERR_OK;
}

static enum err text_open(struct esp_in *s, const struct crypt_op *op, bool check, bool *held)
{
    if (!check)
        return crypt_open_unchecked(s->crypt, op, held);
    enum err rc = crypt_open(s->crypt, op);
    *held = rc == ERR_OK;
    return rc;
}

enum err esp_open(struct esp_in *s, uint8_t *pkt, size_t len, const struct esp_check *check,
                  struct esp_packet *out, struct fault *why)
{
    static const struct esp_check all = { true, true, true };
    uint8_t bound[12];
    if (check == NULL)
        check = &all;
    *out = (struct esp_packet){ 0 };
    if (s->crypt == NULL)
        return ERR_STATE;
    size_t n = text_len(&s->suite, len);
    if (n == 0) {
        s->malformed++;
        return fault_set(why, ERR_LENGTH, (uint32_t)len, "ESP", REQ_NONE);
    }
    out->seq = get_u32(pkt + 4);
    if (s->esn)
        out->seq = esn_guess(&s->replay, (uint32_t)out->seq);
    out->replay_held = replay_check(&s->replay, out->seq) == ERR_OK;
    if (check->replay && !out->replay_held) {
        s->replayed++;
        return fault_set(why, ERR_REPLAY, 4, "ESP.seq", REQ_NONE);
    }
    size_t head = ESP_HDR_LEN + s->suite.iv_len;
    struct crypt_op op = {
        .iv = pkt + ESP_HDR_LEN, .text = pkt + head, .text_len = n, .icv = pkt + head + n
    };
    bind_number(&op, &s->suite, bound, get_u32(pkt), out->seq, s->esn);
    enum err rc = text_open(s, &op, check->integrity, &out->integrity_held);
    if (rc != ERR_OK) {
        s->bad_icv += rc == ERR_INTEGRITY;
        return fault_set(why, rc, (uint32_t)(head + n), "ESP.icv", REQ_NONE);
    }
    replay_accept(&s->replay, out->seq);
    rc = trailer_read(pkt + head, n, out);
    if (rc == ERR_OK && check->padding && !out->padding_held)
        rc = ERR_PADDING;
    if (rc != ERR_OK) {
        s->malformed++;
        return fault_set(why, rc, (uint32_t)(head + n - 2), "ESP.pad", REQ_NONE);
    }
    s->packets++;
    s->octets += out->inner.len;
    return ERR_OK;
}

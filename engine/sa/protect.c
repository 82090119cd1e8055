/* protect.c - SK and SKF: sealing a tree into datagrams through the taps, and opening them
 * (RFC 7296 3.14, RFC 5282, RFC 7383 2.5). */
#include <stdlib.h>

#include "engine/sa/peer.h"

static enum ike_tap_ruling tap(struct ike_engine *e, struct ike_tap_point *p)
{
    return e->tap != NULL ? e->tap(e->tap_ctx, p) : TAP_PASS;
}

static struct ike_tap_point point_of(const struct ike_sa *sa, const struct message *m,
                                     enum ike_station station)
{
    return (struct ike_tap_point){
        .outbound = true,
        .station = station,
        .sa = sa->id,
        .exchange = msg_exchange(m),
        .response = msg_is_response(m),
        .mid = msg_mid(m),
    };
}

static void fill_iv(struct ike_sa *sa, uint8_t *iv)
{
    size_t n = sa->suite.iv_len;
    if (!duty(sa->e, sa, REQ_IV_UNPREDICTABLE)) { /* turned round: the same each time */
        memset(iv, 0x69, n);
        return;
    }
    struct span given = sa->conn->c.iv;
    if (!sa->suite.iv_counter && given.len > 0) {
        for (size_t i = 0; i < n; i++)
            iv[i] = given.p[i % given.len];
        return;
    }
    if (!sa->suite.iv_counter) { /* CBC: unpredictable (RFC 3602 3) */
        rng_fill(&sa->e->cfg.rng, iv, n);
        return;
    }
    memset(iv, 0, n);
    put_u64(iv + n - 8, ++sa->iv_count);
}

/* Octets of padding, pad length octet not counted. */
static size_t pad_for(const struct suite *s, size_t text, const struct ike_send *how)
{
    if (how->pad_set)
        return how->pad_len;
    size_t block = s->block > 0 ? s->block : 1;
    return (block - (text + 1) % block) % block;
}

/* Encodes m with text as the sealed body of its SK or SKF node and appends it to *out. */
static enum err seal_one(struct ike_sa *sa, struct message *m, struct node *sk, struct span text,
                         const struct ike_send *how, struct packets *out)
{
    const struct suite *s = &sa->suite;
    struct ike_engine *e = sa->e;
    if (sa->seal == NULL)
        return ERR_STATE;
    size_t pad = pad_for(s, text.len, how);
    if (!how->pad_set && !duty(e, sa, REQ_PADDING_MINIMAL))
        pad += s->block > 1 ? s->block : 16;
    size_t body = s->iv_len + text.len + pad + 1 + s->icv_len;
    uint8_t *b = arena_take(m->arena, body);
    if (b == NULL)
        return ERR_SPACE;
    fill_iv(sa, b);
    if (text.len > 0)
        memcpy(b + s->iv_len, text.p, text.len);
    memset(b + s->iv_len + text.len, how->pad_fill, pad);
    b[s->iv_len + text.len + pad] = how->pad_field_set ? how->pad_field : (uint8_t)pad;
    memset(b + body - s->icv_len, 0, s->icv_len);
    sk->tail[0] = span_of(b, body);
    struct writer w = wr_init(e->wire, MAX_DATAGRAM);
    enum err rc = msg_encode(m, &w);
    if (rc != ERR_OK)
        return rc;
    size_t iv_at = w.len - body;
    struct crypt_op op = {
        .aad = span_of(w.p, iv_at),
        .iv = w.p + iv_at,
        .text = w.p + iv_at + s->iv_len,
        .text_len = text.len + pad + 1,
        .icv = w.p + w.len - s->icv_len,
    };
    rc = crypt_seal(sa->seal, &op);
    if (rc != ERR_OK)
        return rc;
    if (how->icv_flip != 0)
        w.p[w.len - 1] ^= how->icv_flip;
    struct ike_tap_point p = point_of(sa, m, TAP_WIRE);
    p.bytes = w.p;
    p.len = &w.len;
    p.cap = w.cap;
    if (tap(e, &p) == TAP_DROP)
        return ERR_OK;
    return packets_add(out, wr_done(&w));
}

/* RFC 7383 2.5: the same header on each, an SKF with its share of the plain text. */
static enum err seal_fragments(struct ike_sa *sa, const struct message *whole, uint8_t first,
                               struct span text, size_t limit, const struct ike_send *how,
                               struct packets *out)
{
    const struct suite *s = &sa->suite;
    size_t over = HDR_LEN + PAYLOAD_HDR_LEN + 4 + s->iv_len + s->block + 1u + s->icv_len;
    size_t share = limit > over + 16 ? limit - over : 16;
    size_t total = text.len > 0 ? (text.len + share - 1) / share : 1;
    if (total > 0xffff)
        return ERR_SPACE;
    for (size_t i = 0; i < total; i++) {
        struct message m;
        size_t mark = whole->arena->used;
        uint8_t flags = msg_flags(whole);
        uint64_t spi_i = node_num(whole->hdr, HDR_SPI_I), spi_r = node_num(whole->hdr, HDR_SPI_R);
        enum err rc =
            msg_new(&m, whole->arena, msg_exchange(whole), flags, msg_mid(whole), spi_i, spi_r);
        if (rc != ERR_OK)
            return rc;
        struct node *skf = payload_add(&m, m.hdr, PAYLOAD_SKF);
        uint16_t number = how->frag_number_set ? how->frag_number : (uint16_t)(i + 1);
        uint16_t of = how->frag_total_set ? how->frag_total : (uint16_t)total;
        if (skf == NULL)
            return ERR_SPACE;
        if ((rc = node_set_num(&m, skf, PL_NEXT, i == 0 ? first : how->frag_next)) != ERR_OK ||
            (rc = node_set_num(&m, skf, SKF_NUMBER, number)) != ERR_OK ||
            (rc = node_set_num(&m, skf, SKF_TOTAL, of)) != ERR_OK)
            return rc;
        rc = seal_one(sa, &m, skf, span_part(text, i * share, share), how, out);
        whole->arena->used = mark;
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err send_clear(struct ike_sa *sa, struct message *m, struct packets *out)
{
    struct ike_engine *e = sa->e;
    struct writer w = wr_init(e->wire, MAX_DATAGRAM);
    enum err rc = msg_encode(m, &w);
    if (rc != ERR_OK)
        return rc;
    struct ike_tap_point p = point_of(sa, m, TAP_WIRE);
    p.bytes = w.p;
    p.len = &w.len;
    p.cap = w.cap;
    if (tap(e, &p) == TAP_DROP)
        return ERR_OK;
    return packets_add(out, wr_done(&w));
}

enum err protect_send(struct ike_sa *sa, struct message *m, const struct ike_send *how,
                      struct packets *out)
{
    static const struct ike_send honest = { 0 };
    struct ike_engine *e = sa->e;
    if (how == NULL)
        how = &honest;
    struct node *sk = msg_sk(m);
    if (sk == NULL || how->clear)
        return send_clear(sa, m, out);
    struct writer text = wr_init(e->text, MAX_DATAGRAM);
    enum err rc = chain_encode(sk, &text);
    if (rc != ERR_OK)
        return rc;
    struct ike_tap_point p = point_of(sa, m, TAP_PLAIN);
    p.bytes = text.p;
    p.len = &text.len;
    p.cap = text.cap;
    if (tap(e, &p) == TAP_DROP)
        return ERR_OK;
    uint8_t first = sk->child != NULL ? sk->child->type : PAYLOAD_NONE;
    if (sk->set & 1u << PL_NEXT)
        first = (uint8_t)node_num(sk, PL_NEXT);
    const struct ike_conn *c = &sa->conn->c;
    size_t limit = how->fragment_size;
    size_t size = HDR_LEN + PAYLOAD_HDR_LEN + sa->suite.iv_len + text.len + sa->suite.block +
                  sa->suite.icv_len;
    bool agreed = sa->frag || !duty(e, sa, REQ_FRAG_AGREED);
    if (limit == 0 && agreed && c->fragmentation) {
        limit = c->fragment_size != 0 ? c->fragment_size : 1280;
        if (size <= limit && duty(e, sa, REQ_FRAG_SMALL_WHOLE))
            limit = 0;
    }
    if (limit > 0)
        return seal_fragments(sa, m, first, wr_done(&text), limit, how, out);
    return seal_one(sa, m, sk, wr_done(&text), how, out);
}

enum err protect_decrypt(const struct suite *s, struct crypt *c, bool *held, struct message *m,
                         struct node *sk, struct span *padded, struct fault *why)
{
    struct span body = sk->tail[0];
    uint32_t at = (uint32_t)(body.p - m->raw.p);
    if (body.len < (size_t)s->iv_len + 1 + s->icv_len)
        return fault_set(why, ERR_TRUNCATED, at, "SK", REQ_ICV_CHECKED);
    uint8_t *b = (uint8_t *)(uintptr_t)body.p; /* the caller's buffer is writable */
    struct crypt_op op = {
        .aad = span_of(m->raw.p, at),
        .iv = b,
        .text = b + s->iv_len,
        .text_len = body.len - s->iv_len - s->icv_len,
        .icv = b + body.len - s->icv_len,
    };
    enum err rc = held != NULL ? crypt_open_unchecked(c, &op, held) : crypt_open(c, &op);
    if (rc != ERR_OK)
        return fault_set(why, rc, at, "SK", REQ_ICV_CHECKED);
    *padded = span_of(op.text, op.text_len);
    return ERR_OK;
}

/* Decrypts the tail of an SK or SKF node in place; *text is the plain text without padding. */
static enum err open_body(const struct ike_sa *sa, bool from_us, struct message *m, struct node *sk,
                          struct span *text, struct fault *why)
{
    struct crypt *c = from_us ? sa->seal : sa->open;
    uint32_t at = (uint32_t)(sk->tail[0].p - m->raw.p);
    bool held = false;
    if (c == NULL)
        return fault_set(why, ERR_NO_SA, at, "SK", REQ_NONE);
    enum err rc = protect_decrypt(&sa->suite, c,
                                  sa->e->bent[REQ_ICV_CHECKED] && !from_us ? &held : NULL, m, sk,
                                  text, why);
    if (rc != ERR_OK)
        return rc;
    size_t pad = text->p[text->len - 1];
    if (pad + 1 > text->len) {
        if (!sa->e->bent[REQ_PAD_BOUNDED] || from_us)
            return fault_set(why, ERR_PADDING, at, "SK", REQ_PAD_BOUNDED);
        pad = text->len - 1; /* turned round: all of it is padding */
    }
    if (sa->e->bent[REQ_PAD_ANY] && !from_us && pad > sa->suite.block)
        return fault_set(why, ERR_PADDING, at, "SK", REQ_PAD_ANY);
    if (sa->e->bent[REQ_PAD_IGNORED] && !from_us)
        for (size_t i = 0; i < pad; i++)
            if (text->p[text->len - 2 - i] != 0)
                return fault_set(why, ERR_PADDING, at, "SK", REQ_PAD_IGNORED);
    *text = span_of(text->p, text->len - pad - 1);
    return ERR_OK;
}

enum err protect_open(const struct ike_sa *sa, bool from_us, struct message *m, struct fault *why)
{
    struct node *sk = payload_find(m->hdr, PAYLOAD_SK);
    struct span text;
    if (sk == NULL)
        return fault_set(why, ERR_MISSING, HDR_LEN, "SK", REQ_NONE);
    enum err rc = open_body(sa, from_us, m, sk, &text, why);
    if (rc != ERR_OK)
        return rc;
    rc = chain_decode(m, sk, (uint8_t)node_num(sk, PL_NEXT), text, why);
    if (rc != ERR_OK && why != NULL)
        why->inside = 1;
    return rc;
}

enum err protect_open_fragment(const struct ike_sa *sa, bool from_us, struct message *m,
                               struct span *text, struct fault *why)
{
    struct node *skf = payload_find(m->hdr, PAYLOAD_SKF);
    if (skf == NULL)
        return fault_set(why, ERR_MISSING, HDR_LEN, "SKF", REQ_NONE);
    enum err rc = open_body(sa, from_us, m, skf, text, why);
    return rc == ERR_INTEGRITY ? fault_set(why, rc, HDR_LEN, "SKF", REQ_FRAG_ICV) : rc;
}

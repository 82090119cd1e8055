/* esp_fuzz.c - ESP packets of chosen numbers, in any order, twice, bent and cut, into the receiver
 * with its replay window and, if so chosen, extended numbers; a list of what was accepted says what
 * must happen (RFC 4303 3.4.3, appendix A). */
#include "engine/esp/esp.h"
#include "engine/wire/registry.h"
#include "fuzz/must.h"
#include "fuzz/sealing.h"

#define MOST 300u
#define SPI  0x1234u

static struct {
    struct esp_in in;
    struct esp_out out;
    uint64_t came[MOST], start;
    unsigned num;
} w;

static uint64_t seen;

static void count_up(void *ctx, uint8_t *p, size_t len)
{
    (void)ctx;
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)seen++;
}

static const struct rng rng = { .fill = count_up };

static bool accepted(uint64_t seq)
{
    for (unsigned i = 0; i < w.num; i++)
        if (w.came[i] == seq)
            return true;
    return false;
}

/* Whether an honest packet of that number, not seen before, has to be taken. */
static bool due(uint64_t seq)
{
    const struct replay *r = &w.in.replay;
    uint64_t width = r->size != 0 ? r->size : REPLAY_WINDOW_MAX;
    if (seq == 0 && r->size != 0)
        return false;
    if (!w.in.esn)
        return r->size == 0 || seq > r->top || r->top - seq < r->size;
    /* the high half is found when the number is within 2^32 of the window's lower end */
    if (r->top >= width && seq <= r->top - width)
        return false;
    uint64_t bottom = r->top >= width ? r->top - width + 1 : 0;
    return seq - bottom <= UINT32_MAX;
}

static void deliver(const uint8_t *pkt, size_t len, bool honest, uint64_t seq, struct span inner)
{
    static uint8_t buf[4096];
    struct esp_packet got;
    struct fault why = { 0 };
    struct replay before = w.in.replay;
    uint64_t packets = w.in.packets, octets = w.in.octets;
    bool is_due = due(seq) && (w.in.replay.size == 0 || !accepted(seq));
    if (len > 0)
        memcpy(buf, pkt, len);
    enum err rc = esp_open(&w.in, buf, len, NULL, &got, &why);
    if (rc != ERR_OK) {
        must(!honest || !is_due);
        must(rc == ERR_PADDING || (rc == ERR_LENGTH && w.in.replay.top != before.top) ||
             memcmp(&before, &w.in.replay, sizeof before) == 0);
        must(w.in.packets == packets && w.in.octets == octets);
        return;
    }
    must(honest); /* nobody else has the key */
    must(got.seq == seq && span_eq(got.inner, inner) && got.next == NEXT_IPV4);
    must(got.replay_held && got.integrity_held && got.padding_held);
    must(w.in.packets == packets + 1 && w.in.octets == octets + inner.len);
    if (before.size == 0)
        return;
    must(is_due && !accepted(seq));
    must(w.in.replay.top == (seq > before.top ? seq : before.top));
    w.came[w.num++] = seq;
}

static uint64_t number(struct reader *in)
{
    uint8_t how = rd_u8(in);
    uint64_t top = w.in.replay.top;
    switch (how & 7) {
    case 0:
        return top + 1;
    case 1:
        return top + rd_u8(in);
    case 2:
        return top - rd_u8(in);
    case 3:
        return top - rd_u16(in);
    case 4:
        return top + rd_u16(in);
    case 5:
        return top + ((uint64_t)1 << 32) - rd_u16(in);
    case 6:
        return rd_u64(in);
    default: {
        /* one that came; or on its place in the ring, or beside it, or leaving the window */
        const uint64_t later[] = { 0, REPLAY_WINDOW_MAX, REPLAY_WINDOW_MAX - 1, w.in.replay.size };
        return (w.num > 0 ? w.came[rd_u8(in) % w.num] : top) + later[how >> 3 & 3];
    }
    }
}

/* A packet under the right key whose text is anything: with no trailer, or one that says more than
 * there is, it is none; else what the trailer leaves is what was sent. */
static void own_text(uint64_t seq, uint8_t op, size_t len, uint32_t how)
{
    static uint8_t pkt[256], bound[12];
    const struct suite *s = &w.in.suite;
    struct replay before = w.in.replay;
    struct esp_packet got;
    len -= len % s->block;
    uint8_t *text = pkt + 8 + s->iv_len, sent[80];
    memset(pkt, 0, sizeof pkt);
    for (size_t i = 0; i < len; i++)
        sent[i] =
            (uint8_t)((op & 8) != 0 ? op : i + 1 - len + 2 + (how >> 8)); /* counts up to its end */
    if (len >= 1)
        sent[len - 1] = (uint8_t)how;
    if (len >= 2)
        sent[len - 2] = (uint8_t)(how >> 8);
    memcpy(text, sent, len);
    put_u32(pkt, SPI);
    put_u32(pkt + 4, (uint32_t)seq);
    put_u32(bound, SPI);
    struct crypt_op seal = { .iv = pkt + 8, .text = text, .text_len = len, .icv = text + len };
    if (w.in.esn && s->aead) {
        put_u64(bound + 4, seq);
        seal.aad = span_of(bound, 12);
    } else {
        put_u32(bound + 4, (uint32_t)seq);
        put_u32(bound + 8, (uint32_t)(seq >> 32));
        seal.aad = span_of(bound, 8);
        if (w.in.esn)
            seal.mac_tail = span_of(bound + 8, 4);
    }
    must(crypt_seal(w.out.crypt, &seal) == ERR_OK);
    bool is_due = due(seq) && (w.in.replay.size == 0 || !accepted(seq));
    enum err rc = esp_open(&w.in, pkt, 8 + s->iv_len + len + s->icv_len, NULL, &got, NULL);
    bool read = len >= 2 && sent[len - 2] <= len - 2;
    bool counts = read;
    for (size_t i = 0; counts && i < sent[len - 2]; i++)
        counts = sent[len - 2 - sent[len - 2] + i] == i + 1;
    must(rc != ERR_OK || (read && counts));
    must(rc == ERR_OK || !is_due || !counts);
    if (rc == ERR_OK) {
        must(span_eq(got.inner, span_of(sent, len - 2 - sent[len - 2])));
        must(got.next == sent[len - 1] && got.seq == seq);
    }
    if (w.in.replay.size != 0 && memcmp(&before, &w.in.replay, sizeof before) != 0)
        w.came[w.num++] = seq; /* the ICV held, so the number is used up */
}

static void act(struct reader *in)
{
    uint8_t op = rd_u8(in), octets[80], pkt[512];
    struct writer p = wr_init(pkt, sizeof pkt);
    struct esp_bend bend = { .seq_set = true, .seq = number(in) };
    size_t len = rd_u8(in) % sizeof octets;
    memset(octets, op, sizeof octets);
    if (!w.out.esn)
        bend.seq &= UINT32_MAX;
    must(esp_seal(&w.out, &rng, span_of(octets, len), NEXT_IPV4, &bend, &p) == ERR_OK);
    uint32_t how = rd_u16(in);
    switch (op & 3) {
    case 0: /* one bit wrong */
        pkt[8 + (how >> 3) % (p.len - 8)] ^= (uint8_t)(1u << (how & 7));
        deliver(pkt, p.len, false, bend.seq, span_of(octets, len));
        break;
    case 1: /* cut */
        deliver(pkt, how % p.len, false, bend.seq, span_of(octets, len));
        break;
    default:
        if ((op & 4) != 0)
            own_text(bend.seq, op, len, how);
        else
            deliver(pkt, p.len, true, bend.seq, span_of(octets, len));
        break;
    }
}

static struct suite suites[2]; /* AES-GCM, CBC with HMAC */
static struct crypt *made[2][2];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const uint8_t key[64] = "octets that need not be secret";
    (void)argc, (void)argv;
    for (int cbc = 0; cbc < 2; cbc++) {
        struct suite *s = &suites[cbc];
        must(suite_init(s, cbc ? ENCR_AES_CBC : ENCR_AES_GCM_16, 128,
                        cbc ? AUTH_HMAC_SHA2_256_128 : AUTH_NONE) == ERR_OK);
        for (int i = 0; i < 2; i++)
            must(crypt_new(&made[cbc][i], s, span_of(key, s->encr_key_len),
                           span_of(key + 8, s->integ_key_len)) == ERR_OK);
        sealing_warm(made[cbc][0], made[cbc][1]);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t windows[] = { 0, 1, 32, 63, 64, 65, 128, 1024 };
    struct reader in = rd_init(span_of(data, size));
    uint8_t how = rd_u8(&in);
    bool cbc = (how & 1) != 0, esn = (how & 2) != 0;
    memset(&w, 0, sizeof w);
    seen = 0;
    w.out = (struct esp_out){ .spi = SPI, .esn = esn, .suite = suites[cbc], .crypt = made[cbc][0] };
    w.in = (struct esp_in){ .spi = SPI, .esn = esn, .suite = suites[cbc], .crypt = made[cbc][1] };
    replay_init(&w.in.replay, windows[how >> 2 & 7]);
    if ((how & 32) != 0) { /* later in life */
        uint64_t top = rd_u64(&in);
        w.in.replay.top = esn ? top : top & UINT32_MAX;
        w.came[w.num++] = w.in.replay.top;
        replay_accept(&w.in.replay, w.in.replay.top);
    }
    for (unsigned i = 0; i < MOST - 1 && rd_more(&in); i++)
        act(&in);
    return 0;
}

/* play.c - two engines do what the input says: carry, lose, repeat, bend and invent
 * datagrams, let time pass, give commands. world.c holds what must be true all along. */
#include "fuzz/play.h"

#include "engine/crypto/crypto.h"
#include "engine/wire/encap.h"
#include "fuzz/crypto_wrap.h"
#include "fuzz/engine_ops.h"
#include "fuzz/heap.h"
#include "fuzz/must.h"
#include "fuzz/world.h"

#define MOST_ACTIONS 200

static struct world w;
static struct ike_sa_info info;

/* A recorded datagram, or NULL. */
static const struct flight *recorded(unsigned n)
{
    unsigned have = w.num_past < WORLD_PAST ? w.num_past : WORLD_PAST;
    return have > 0 ? &w.past[(w.num_past - 1 - n % have) % WORLD_PAST] : NULL;
}

/* To whichever end the attacker likes, as if from the other. */
static struct flight towards(const struct flight *f, int to)
{
    struct flight d = *f;
    if (addr_same_host(&d.from, &w.addr[to])) {
        struct addr t = d.from;
        d.from = d.to;
        d.to = t;
    }
    return d;
}

/* Type of the first payload of a response or request, 0 for anything else. */
static uint8_t first_of(const struct flight *f, uint8_t response)
{
    size_t at = f->from.port == IKE_PORT_NATT ? 4 : 0;
    if (f->protocol != 17 || f->len < at + 28 || (f->p[at + 19] & FLAG_RESPONSE) != response)
        return 0;
    return f->p[at + 16];
}

/* How many sealed responses were recorded since then. */
static unsigned num_answers(unsigned since)
{
    unsigned n = 0;
    for (unsigned i = since; i != w.num_past; i++) {
        uint8_t first = first_of(&w.past[i % WORLD_PAST], FLAG_RESPONSE);
        n += first == PAYLOAD_SK || first == PAYLOAD_SKF;
    }
    return n;
}

/* What was answered is answered again (RFC 7296 2.1); world.c sees that it is the same. Of a
 * request in fragments only the first one asks for that (RFC 7383 2.6.1). */
static void twice(int to, const struct flight *f)
{
    unsigned start = w.num_past;
    world_feed(&w, to, f);
    unsigned first = num_answers(start), between = w.num_past;
    world_feed(&w, to, f);
    if (first_of(f, 0) == PAYLOAD_SK && num_answers(between) < first &&
        w.num_past - start <= WORLD_PAST && !w.lies[to])
        world_broken("a request that was answered is answered again");
}

static void deliver(struct reader *in, enum op op)
{
    int from = rd_u8(in) & 1;
    struct flight f;
    if (!world_take(&w, from, rd_u8(in), &f))
        return;
    if (op == OP_ROAM) {
        f.from.ip[3] = 77;
        f.from.port = rd_u8(in);
    }
    if (op == OP_REPEAT)
        twice(!from, &f);
    else if (op != OP_DROP)
        world_feed(&w, !from, &f);
    flight_free(&f);
}

/* Whether everything from that octet on is covered by an ICV that cannot be right any more. */
static bool protects(const struct flight *f, size_t at)
{
    struct span s = span_of(f->p, f->len);
    size_t marker = 0;
    if (f->to.port == IKE_PORT_NATT && f->protocol != 50) {
        if (encap_classify(s) == ENCAP_ESP)
            return at >= 4; /* but for the SPI */
        marker = 4;
    }
    if (f->protocol == 50)
        return s.len >= 8 && at >= 4;
    if (s.len < marker + 32)
        return false;
    uint8_t first = s.p[marker + 16];
    return (first == PAYLOAD_SK || first == PAYLOAD_SKF) && at >= marker + 32;
}

static void mutate(struct reader *in)
{
    static uint8_t buf[70000];
    int to = rd_u8(in) & 1;
    const struct flight *f = recorded(rd_u8(in));
    uint16_t at = rd_u16(in);
    uint8_t flip = rd_u8(in);
    uint16_t len = rd_u16(in);
    if (f == NULL || f->len > sizeof buf)
        return;
    struct flight d = towards(f, to);
    memset(buf, flip, sizeof buf);
    if (d.len > 0)
        memcpy(buf, d.p, d.len);
    if (len > 0)
        d.len = len;
    if (d.len > 0)
        buf[at % d.len] ^= flip;
    d.p = buf;
    if (len == 0 && flip != 0 && d.len > 0 && protects(&d, at % d.len))
        world_feed_forged(&w, to, &d);
    else
        world_feed(&w, to, &d);
}

static void replay(struct reader *in)
{
    int to = rd_u8(in) & 1;
    const struct flight *f = recorded(rd_u8(in));
    if (f == NULL)
        return;
    struct flight d = towards(f, to);
    world_feed(&w, to, &d);
}

static void raw(struct reader *in)
{
    int to = rd_u8(in) & 1;
    uint8_t how = rd_u8(in), len = rd_u8(in);
    struct span s = rd_span(in, len < in->len ? len : in->len);
    struct flight d = { (uint8_t *)(uintptr_t)s.p, s.len, w.addr[!to], w.addr[to], 17 };
    d.from.port = d.to.port = (how & 1) != 0 ? IKE_PORT_NATT : IKE_PORT;
    if ((how & 2) != 0)
        d.protocol = 50;
    world_feed(&w, to, &d);
}

/* Reads who and which SA; its description comes to lie in info. */
static int whose(struct reader *in)
{
    int who = rd_u8(in) & 1;
    info = (struct ike_sa_info){ 0 };
    world_sa(&w, who, rd_u8(in), &info);
    return who;
}

static uint32_t one_child(uint8_t n)
{
    return info.num_children > 0 ? info.child[n % info.num_children].spi_in : 0;
}

static void initiate(struct reader *in)
{
    bool step = (rd_u8(in) & 1) != 0;
    w.disturbed |= w.up[A] || w.up[B]; /* INITIAL_CONTACT ends the old one */
    w.waits |= step;
    world_initiate(&w, A, step ? IKE_STEP : 0);
}

static void command(struct reader *in)
{
    int who = whose(in);
    enum ike_do what = IKE_DO_AUTH + rd_u8(in) % (IKE_DO_LIVENESS - IKE_DO_AUTH + 1);
    uint8_t how = rd_u8(in);
    struct ike_args a = { .no_window = (how & HOW_NO_WINDOW) != 0,
                          .no_pfs = (how & HOW_NO_PFS) != 0,
                          .nonce = (how & 3) % 3,
                          .group = (how & HOW_ECP) != 0 ? GROUP_ECP_256 : 0 };
    struct fault why;
    if ((how & HOW_LAST_CHILD) != 0 && info.num_children > 0)
        a.child = one_child((uint8_t)(info.num_children - 1));
    w.disturbed = true;
    (void)!ike_command(w.e[who], info.id, what, &a, w.now, &why);
    world_collect(&w, who);
}

static void inform(struct reader *in)
{
    int who = whose(in);
    struct ike_args a = { .first = rd_u8(in) };
    uint8_t len = rd_u8(in);
    struct fault why;
    a.payloads = rd_span(in, len < in->len ? len : in->len);
    w.disturbed = w.lies[who] = true;
    (void)!ike_command(w.e[who], info.id, IKE_DO_INFO, &a, w.now, &why);
    world_collect(&w, who);
}

static void edit(struct reader *in)
{
    int who = rd_u8(in) & 1;
    w.edit[who] = (struct edit){ .waits = true, .at = rd_u16(in) };
    w.edit[who].flip = rd_u8(in);
    w.edit[who].len = rd_u16(in) & 2047;
    w.disturbed = w.edited = true;
}

static void bend(struct reader *in)
{
    int who = rd_u8(in) & 1;
    enum req r = rd_u16(in) % NUM_REQ;
    if ((w.setup & WORLD_PSKS_DIFFER) != 0) /* there, only honest ends say something */
        return;
    w.disturbed = w.lies[who] = true;
    ike_bend(w.e[who], r, !ike_is_bent(w.e[who], r));
}

static void act(struct reader *in)
{
    enum op op = rd_u8(in) % NUM_OPS;
    int who;
    switch (op) {
    case OP_DELIVER:
    case OP_DROP:
    case OP_REPEAT:
    case OP_ROAM:
        deliver(in, op);
        break;
    case OP_SETTLE:
        world_settle(&w, WORLD_WIRE);
        break;
    case OP_REPLAY:
        replay(in);
        break;
    case OP_MUTATE:
        mutate(in);
        break;
    case OP_RAW:
        raw(in);
        break;
    case OP_TICK:
        w.disturbed |= (w.setup & WORLD_TIMERS) != 0;
        world_tick(&w, (usec_t)USEC_PER_MS << rd_u8(in) % 24);
        break;
    case OP_DEADLINE:
        w.disturbed |= (w.setup & WORLD_TIMERS) != 0;
        world_deadline(&w);
        break;
    case OP_INITIATE:
        initiate(in);
        break;
    case OP_COMMAND:
        command(in);
        break;
    case OP_INFO:
        inform(in);
        break;
    case OP_EDIT:
        edit(in);
        break;
    case OP_INNER:
        who = whose(in);
        world_inner(&w, who, info.id, one_child(rd_u8(in)));
        break;
    case OP_BEND:
        bend(in);
        break;
    case OP_RESEND:
        who = whose(in);
        (void)!ike_resend(w.e[who], info.id);
        world_collect(&w, who);
        break;
    case OP_FORGET:
        who = whose(in);
        w.disturbed = true;
        ike_forget(w.e[who], info.id);
        break;
    case OP_MANUAL:
        who = whose(in);
        w.disturbed = true;
        ike_set_manual(w.e[who], info.id, (rd_u8(in) & 1) != 0);
        break;
    case NUM_OPS:
        break;
    }
}

void play(struct span input)
{
    struct reader in = rd_init(input);
    heap_watch(sum_of(input) % 16 == 0 || getenv("WATCH") != NULL);
    uint8_t setup = rd_u8(&in), begin = rd_u8(&in);
    world_init(&w, setup | MORE_BEGUN(begin));
    begin = (begin & 0x1f) % NUM_BEGINS;
    if (begin != BEGIN_NOTHING)
        world_initiate(&w, A, 0);
    if (begin == BEGIN_UP)
        world_settle(&w, WORLD_WIRE);
    for (unsigned i = 0; i < MOST_ACTIONS && rd_more(&in); i++)
        act(&in);
    world_finish(&w);
    heap_watch(false);
}

void play_warm(void)
{
    static const uint8_t inputs[][2] = { { 0, BEGIN_UP },
                                         { WORLD_CBC, BEGIN_UP },
                                         { 0, BEGIN_UP | BEGIN_MORE(WORLD_SIGNED) },
                                         { 0, BEGIN_UP | BEGIN_MORE(WORLD_POOL) } };
    crypto_pool_fill(GROUP_CURVE25519);
    crypto_pool_fill(GROUP_ECP_256);
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
        play(span_of(inputs[i], sizeof inputs[i]));
}

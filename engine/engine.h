/* engine.h - the front door: a sans-I/O IKEv2/ESP peer, both roles, any number of IKE SAs.
 *
 * Bytes, time and entropy go in; bytes, deadlines and events come out:
 *
 *     rc = ike_feed(e, &dgram, now, &why);       a bad datagram never ends an SA by itself
 *     while (ike_drain(e, &out)) transport_send(t, &out);
 *     while (ike_next_event(e, &ev)) ...          facts: SA up, finding, inner packet
 *     wait = ike_deadline(e);                     call ike_tick(e, now) then
 *
 * Honest by default. A caller bends it by taps (tree, plain text inside SK, datagram; outbound and
 * inbound), by ike_bend() (a ruling of judge() turned round), and by sending what it composed
 * itself with the SA's keys (ike_send_tree). One engine is used from one thread. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/base/addr.h"
#include "engine/base/bytes.h"
#include "engine/base/clock.h"
#include "engine/base/err.h"
#include "engine/base/req.h"
#include "engine/base/rng.h"
#include "engine/crypto/sign.h"
#include "engine/esp/esp.h"
#include "engine/keys/keys.h"
#include "engine/wire/message.h"

#define IKE_PORT 500
#define IKE_PORT_NATT 4500

struct ike_engine;

/* --- configuration (copied by the engine; nothing is borrowed after the call) ------------------ */

struct ike_id {
    uint8_t type; /* enum id_type; 0 = any (remote side only) */
    struct span data;
};

struct ike_transform {
    uint8_t type; /* enum transform_type */
    uint16_t id;
    uint16_t key_bits; /* 0 = no Key Length attribute */
};

struct ike_proposal {
    struct ike_transform t[40];
    uint8_t num;
};

struct ike_selector { /* one traffic selector */
    uint8_t type;     /* TS_IPV4_ADDR_RANGE or TS_IPV6_ADDR_RANGE */
    uint8_t protocol; /* 0 = any */
    uint16_t port_lo, port_hi;
    uint8_t lo[16], hi[16];
};

/* A payload that this end adds to a message as it stands: vendor ids, CERTREQ, a configuration
 * request. It makes an engine speak with a given implementation's habits. */
struct ike_extra {
    uint8_t exchange;
    bool response;
    uint8_t type;  /* payload type */
    uint8_t after; /* put after the last payload of this type; 0 = first in the chain */
    struct span body; /* octets after the generic payload header */
};

struct ike_cfg { /* what a configuration attribute says, in octets as they go out */
    uint16_t type;
    struct span value;
};

struct ike_conn {
    char name[32];
    struct addr local, remote; /* port 0 = 500; family 0 = any: such an end can only answer */
    struct ike_id id_local, id_remote;
    bool send_idr; /* initiator names the responder it wants */
    struct span psk_local, psk_remote; /* psk_remote empty = psk_local */
    struct span shared; /* taken as the shared secret of IKE_SA_INIT: what a value at the edge gives */
    struct span iv; /* of CBC messages: these octets over and over, in place of random ones */
    bool secret_zero_led; /* responder: a key pair whose shared secret begins with a zero octet */

    /* How each side proves itself, one method a side; a shared key where nothing else is said.
     * Signatures: certs is this end's certificate and what leads to an anchor (PEM or DER), key its
     * private key; anchors are the authorities that the peer's certificate must lead to.
     * Raw public keys (RFC 7670): raw_key shows the public half of key in place of certs; peer_keys are
     * those that the peer may have (SubjectPublicKeyInfo, PEM or DER).
     * null_local, null_remote: that side proves nothing (RFC 7619), whatever else is set. */
    const struct span *certs, *anchors, *peer_keys;
    uint8_t num_certs, num_anchors, num_peer_keys;
    struct span key;
    bool raw_key, null_local, null_remote;
    uint16_t sig_hashes;    /* bit (1 << enum sign_hash) for RFC 7427; 0 = SHA-2 and identity */
    bool no_signature_auth; /* classic methods only, nothing announced */
    bool rsa_pss;           /* sign with RSASSA-PSS */
    int64_t cert_time;      /* seconds since 1970 at which certificates are judged; 0 = never */

    const struct ike_proposal *ike, *esp;
    uint8_t num_ike, num_esp;
    const struct ike_proposal *ike_rekey; /* offer for IKE rekey; NULL = ike */
    uint8_t num_ike_rekey;
    const struct ike_selector *ts_local, *ts_remote;
    uint8_t num_ts_local, num_ts_remote;
    /* Configuration (RFC 7296 2.19): the attribute types that an initiator asks for, each empty; the inner
     * addresses that a responder leases, to each peer one of a family. With a pool every peer must ask.
     * cfg_give: what else it answers, however many of a type, each in the form of 3.15.1; without one
     * of their type its subnets are ts_local, its netmask and version are its own. */
    const uint16_t *cfg_ask;
    const struct ike_selector *pool;
    const struct ike_cfg *cfg_give;
    uint8_t num_cfg_ask, num_pool, num_cfg_give;
    bool cfg_required;    /* initiator: a Child SA for which no address came is given back */
    bool transport;       /* offer and accept USE_TRANSPORT_MODE */
    bool childless;       /* make no Child SA in IKE_AUTH (RFC 6023) */

    const struct ike_extra *extras;
    uint8_t num_extras;

    uint8_t nonce_len;        /* 0 = 32 */
    uint32_t window;          /* own window size, announced when > 1 (RFC 7296 2.3) */
    bool no_initial_contact;
    bool tfc_not_supported;   /* announce ESP_TFC_PADDING_NOT_SUPPORTED */
    bool non_first_fragments; /* announce NON_FIRST_FRAGMENTS_ALSO */
    bool fragmentation;       /* RFC 7383 */
    uint16_t fragment_size;   /* datagram octets above which a message is fragmented; 0 = 1280 */
    bool no_natd;             /* leave NAT detection out */
    bool force_natt;          /* pretend a NAT: float to 4500 */
    /* Hash and URL (RFC 7296 3.6). http_cert_lookup: announce HTTP_CERT_LOOKUP_SUPPORTED, and have the
     * host fetch what a URL of the peer names (IKE_EV_LOOKUP). cert_urls[i]: where certs[i] is to be
     * had, empty = nowhere; bundle_url: where all of certs are. They go to a peer that announced it. */
    bool http_cert_lookup;
    const struct span *cert_urls;
    uint8_t num_cert_urls;
    struct span bundle_url;
    uint32_t replay_window;   /* 0 = 64 packets */
    bool echo;                /* be the host in the tunnel: answer ICMP echo requests and, by a reset, TCP */
    uint16_t esp_tfc;         /* pad inner packets of its own up to this size (RFC 4303 2.7) */
    bool check_hints;         /* a notify in clear from the peer's address: see whether it lives */
    bool esp_dummies;         /* a dummy packet follows each packet of its own */
    uint32_t esp_start;       /* the last number that Child SAs pretend to have sent */

    uint32_t ike_rekey_s, child_rekey_s, dpd_s; /* 0 = never on its own */
    uint32_t child_rekey_octets; /* both directions together; 0 = never */
    uint32_t keepalive_s;        /* behind a NAT, when nothing else goes out; 0 = never */
    uint32_t retransmit_ms;   /* first wait, 0 = 500 */
    uint8_t retransmit_tries; /* 0 = 5; the wait doubles each time */
    uint32_t half_open_s;     /* responder forgets a half-open SA after this, 0 = 30 */
};

struct ike_config { /* of the whole engine */
    struct rng rng;
    uint32_t cookie_threshold; /* half-open SAs from which on cookies are asked; 0 = always */
    bool cookie_never;
    uint32_t max_half_open;    /* 0 = 1024 */
    bool keep_dead;            /* keep keys of dead IKE SAs for ike_open and evidence */
    bool trace;                /* make IKE_EV_STATE events */
};

/* --- taps ------------------------------------------------------------------------------------------ */

enum ike_station { TAP_TREE, TAP_PLAIN, TAP_WIRE };

struct ike_tap_point {
    bool outbound;
    enum ike_station station;
    uint32_t sa; /* 0 while no SA is known */
    uint8_t exchange;
    bool response;
    uint32_t mid;
    bool retransmit; /* TAP_WIRE outbound: same octets once more */
    struct message *msg; /* TAP_TREE: may be edited; inner payloads under msg_payloads(msg) */
    uint8_t *bytes;      /* TAP_PLAIN, TAP_WIRE: may be edited in place, up to cap octets */
    size_t *len;
    size_t cap;
};

enum ike_tap_ruling { TAP_PASS, TAP_DROP };
typedef enum ike_tap_ruling ike_tap(void *ctx, struct ike_tap_point *p);

/* --- events ---------------------------------------------------------------------------------------- */

enum ike_event_kind {
    IKE_EV_STATE,        /* text: one line of the state trace (seed/facts form) */
    IKE_EV_IKE_UP,
    IKE_EV_IKE_DOWN,     /* text: why */
    IKE_EV_IKE_REKEYED,  /* sa: the new one, other: the old one */
    IKE_EV_CHILD_UP,     /* child: inbound SPI */
    IKE_EV_CHILD_DOWN,
    IKE_EV_CHILD_REKEYED,/* child: new inbound SPI, other: old one */
    IKE_EV_FINDING,      /* fault: the peer broke a rule, or a ruling was made; text */
    IKE_EV_DROPPED,      /* fault: a datagram or message was not processed, and why */
    IKE_EV_NOTIFY,       /* num: an error notify received, text */
    IKE_EV_DONE,         /* num: enum ike_do that got its response; fault.code 0 or why it failed */
    IKE_EV_RETRANSMIT,   /* num: try */
    IKE_EV_GIVE_UP,      /* no answer: the SA is gone */
    IKE_EV_INNER,        /* a packet came out of a Child SA */
    IKE_EV_ESP_DROPPED,  /* child, fault */
    IKE_EV_DUPLICATE,    /* a retransmission was recognised; num: message id */
    IKE_EV_LOOKUP,       /* the peer's certificate is at the URL in inner: ike_found() with num */
};

struct ike_event {
    enum ike_event_kind kind;
    usec_t at;
    uint32_t sa;
    uint32_t child, other;
    uint32_t num;
    enum req req;    /* FINDING: the requirement ruled on */
    bool holds;      /* FINDING: the fact as seen (before any bending) */
    struct fault fault;
    char text[200];
    uint8_t next;    /* INNER: next header */
    struct span inner; /* INNER, LOOKUP: borrowed until the next ike_next_event() */
};

/* --- datagrams ------------------------------------------------------------------------------------- */

struct ike_dgram {
    struct addr local, remote; /* this end's and the other end's address and port */
    uint8_t protocol;          /* 17: UDP payload (marker included on 4500); 50: ESP packet */
    const uint8_t *p;          /* out: borrowed until the next call into the engine */
    size_t len;
    uint32_t sa;               /* out: the SA that sent it, 0 = none */
    bool retransmit;           /* out: same octets once more */
    bool no_checksum;          /* UDP checksum zero; in: only where the transport can tell */
};

/* --- life ------------------------------------------------------------------------------------------ */

MUST_CHECK enum err ike_new(struct ike_engine **out, const struct ike_config *cfg);
void ike_free(struct ike_engine *e); /* wipes all keys */
/* Adds or replaces (same name) a connection. ERR_CONFIG with *why.field naming the fault. */
MUST_CHECK enum err ike_add_conn(struct ike_engine *e, const struct ike_conn *c,
                                 struct fault *why);
void ike_set_tap(struct ike_engine *e, ike_tap *tap, void *ctx);
/* Turns the ruling on a requirement round (or back). */
void ike_bend(struct ike_engine *e, enum req r, bool on);
bool ike_is_bent(const struct ike_engine *e, enum req r);
/* How ESP packets of this end look where ike_esp_send() is told nothing. */
void ike_set_esp_habit(struct ike_engine *e, const struct esp_bend *habit);
/* UDP goes out with checksum zero from now on (IPv4 only). */
void ike_set_no_checksum(struct ike_engine *e, bool on);

/* --- data flow -------------------------------------------------------------------------------------- */

MUST_CHECK enum err ike_feed(struct ike_engine *e, const struct ike_dgram *d, usec_t now,
                             struct fault *why);
bool ike_drain(struct ike_engine *e, struct ike_dgram *out);
bool ike_next_event(struct ike_engine *e, struct ike_event *out);
usec_t ike_deadline(const struct ike_engine *e); /* TIME_NEVER when nothing is due */
void ike_tick(struct ike_engine *e, usec_t now);
/* What is behind the URL of an IKE_EV_LOOKUP; octets.p NULL: it is not to be had, which is also taken
 * for granted after LOOKUP_WAIT_S. IKE_AUTH goes on with the last one. More than LOOKUP_MAX octets are
 * as good as none. ERR_STATE: nobody waits for it (any more). */
#define LOOKUP_MAX    65536u
#define LOOKUP_WAIT_S 10u
MUST_CHECK enum err ike_found(struct ike_engine *e, uint32_t lookup, struct span octets, usec_t now);

/* --- commands ---------------------------------------------------------------------------------------- */

enum { IKE_STEP = 1 };   /* after each response wait for the next command */

/* Sends IKE_SA_INIT. *sa gets the id by which all other calls name the SA (never reused). */
MUST_CHECK enum err ike_initiate(struct ike_engine *e, const char *conn, unsigned flags,
                                 usec_t now, uint32_t *sa, struct fault *why);

enum ike_do {
    IKE_DO_INIT,         /* only as number of IKE_EV_DONE */
    IKE_DO_AUTH,         /* go on after a stepped IKE_SA_INIT */
    IKE_DO_NEW_CHILD,
    IKE_DO_REKEY_CHILD,
    IKE_DO_REKEY_IKE,
    IKE_DO_DELETE_CHILD,
    IKE_DO_DELETE_IKE,
    IKE_DO_LIVENESS,     /* empty INFORMATIONAL */
    IKE_DO_INFO,         /* INFORMATIONAL with args.payloads */
};

enum nonce_bias { NONCE_RANDOM, NONCE_LOWEST, NONCE_HIGHEST };

struct ike_args {        /* all zero = honest defaults */
    uint32_t child;      /* inbound SPI of this end; 0 = the first live Child SA */
    struct span psk;     /* AUTH: use this instead of the connection's */
    uint8_t first;       /* INFO: type of the first of payloads */
    struct span payloads;/* INFO: encoded chain to put inside SK */
    bool no_window;      /* send although the peer's window is full */
    enum nonce_bias nonce;
    bool no_pfs;         /* NEW_CHILD, REKEY_CHILD: offer no key exchange */
    uint16_t group;      /* KE group to use in place of the first one offered */
    const struct ike_selector *ts_i, *ts_r; /* NEW_CHILD: in place of the connection's */
    uint8_t num_ts_i, num_ts_r;
};

/* Starts an exchange, or queues it until the window has room. ERR_NO_SA, ERR_STATE, ... */
MUST_CHECK enum err ike_command(struct ike_engine *e, uint32_t sa, enum ike_do what,
                                const struct ike_args *args, usec_t now, struct fault *why);
/* Nonces of all CREATE_CHILD_SA exchanges that this end makes from now on, either role. */
void ike_set_nonce_bias(struct ike_engine *e, enum nonce_bias b);
/* Manual: no Delete for what a rekey or collision made redundant, no reaction of its own
 * besides responses. */
void ike_set_manual(struct ike_engine *e, uint32_t sa, bool manual);
/* Forgets an SA without a word (a crashed peer). */
void ike_forget(struct ike_engine *e, uint32_t sa);

struct ike_send {       /* how to send a composed message; all zero = next request, protected */
    bool clear;         /* no SK: payloads go out as they stand */
    bool mid_set;       /* else: request = next id (not used up unless count), */
    uint32_t mid;       /* response must set it */
    bool count;         /* use the id up: the next honest request takes the following one */
    bool as_is;         /* header SPIs, flags and id go out as in the tree */
    uint8_t icv_flip;   /* xor into the last ICV octet */
    uint8_t pad_set, pad_len; /* pad_set: that many pad octets inside SK */
    uint8_t pad_fill;         /* value of the pad octets */
    bool pad_field_set;       /* the pad length octet lies */
    uint8_t pad_field;
    uint16_t fragment_size;   /* > 0: split by RFC 7383 into datagrams of at most this size */
    bool frag_number_set, frag_total_set; /* in place of the true ones, in every fragment */
    uint16_t frag_number, frag_total;
    uint8_t frag_next; /* Next Payload of all fragments but the first */
};
/* Seals and sends a tree that the caller composed. m is not changed. The engine keeps no state of
 * it: responses show up through ike_open only. */
MUST_CHECK enum err ike_send_tree(struct ike_engine *e, uint32_t sa, const struct message *m,
                                  const struct ike_send *how, usec_t now, struct fault *why);
/* An outbound datagram as it stands, from the SA's addresses. */
MUST_CHECK enum err ike_send_raw(struct ike_engine *e, const struct addr *local,
                                 const struct addr *remote, uint8_t protocol, struct span bytes);
/* Sends the last request of the SA again, byte for byte. */
MUST_CHECK enum err ike_resend(struct ike_engine *e, uint32_t sa);

/* --- looking, without touching any state ------------------------------------------------------------- */

/* Decodes d and opens its SK with the keys of whatever SA, live or kept dead, has its SPIs; inner
 * payloads hang under the SK node. from_us: the datagram was sent by this engine. ERR_FRAGMENT
 * for SKF (its plain text part is in the tail). d's octets must outlive m; opened text lies in a. */
MUST_CHECK enum err ike_open(struct ike_engine *e, const struct ike_dgram *d, bool from_us,
                             struct arena *a, struct message *m, struct fault *why);

/* Keys of one direction of an SA that may be anybody's. */
struct ike_lent {
    struct suite suite;
    struct span encr, integ;
    bool unchecked; /* the integrity key is not known: the ICV is passed over */
};
/* Decodes a message from one datagram with SK, or from its fragments, all and in order, and opens it
 * with those keys; no engine is asked. Inner payloads hang under an SK node; all of m lies in a.
 * ERR_MISSING: nothing is sealed; ERR_FRAGMENT: these are not the fragments of one message. */
MUST_CHECK enum err ike_open_lent(const struct ike_lent *key, const struct span *parts, size_t num,
                                  struct arena *a, struct message *m, struct fault *why);

struct ike_child_info {
    uint32_t spi_in, spi_out;
    bool live;           /* false: rekeyed or deleted, still listed until its Delete is answered */
    bool transport, esn, udp_encap;
    struct ike_proposal chosen;
    struct ike_selector ts_local[8], ts_remote[8];
    uint8_t num_ts_local, num_ts_remote;
    uint64_t packets_in, packets_out, octets_in, octets_out, replayed, bad_icv, malformed;
    uint64_t seq_out, seq_in;
    uint64_t made_us;
};

struct ike_sa_info {
    uint32_t id;
    uint64_t spi_i, spi_r;
    bool initiator;      /* this end is the original initiator */
    bool established;
    bool dead;
    bool nat_local, nat_remote, floated;
    const char *state;   /* READY, I_WAIT_INIT, ... */
    const char *conn;
    struct addr local, remote;
    struct ike_proposal chosen;
    uint32_t next_request;  /* message id of the next request of this end */
    uint32_t next_expected; /* lowest request id of the peer not yet answered */
    uint32_t window_own, window_peer;
    uint32_t outstanding, queued;
    uint64_t made_us;
    uint8_t num_children;
    struct ike_child_info child[16];
};

/* i-th SA in order of id, dead ones included; false past the end. */
bool ike_sa_at(const struct ike_engine *e, size_t i, struct ike_sa_info *out);
bool ike_sa_get(const struct ike_engine *e, uint32_t sa, struct ike_sa_info *out);
/* Keys for evidence (test keys): borrowed, NULL when there are none (yet). */
const struct ike_keys *ike_sa_keys(const struct ike_engine *e, uint32_t sa);
struct ike_child_keys_info {
    uint32_t spi_in, spi_out;
    struct suite suite;
    bool esn;
    struct secret encr_in, integ_in, encr_out, integ_out;
};
/* i-th Child SA ever made under sa, dead ones included while the SA is known. */
bool ike_child_keys_at(const struct ike_engine *e, uint32_t sa, size_t i,
                       struct ike_child_keys_info *out);

struct ike_counters {
    uint32_t sas, half_open, children;
    uint64_t datagrams_in, datagrams_out, dropped, cookies_sent, rulings, events_lost;
};
void ike_get_counters(const struct ike_engine *e, struct ike_counters *out);

/* --- ESP ---------------------------------------------------------------------------------------------- */

/* Sends inner through a Child SA (child: inbound SPI of this end, 0 = the newest live one). */
MUST_CHECK enum err ike_esp_send(struct ike_engine *e, uint32_t sa, uint32_t child,
                                 struct span inner, uint8_t next, const struct esp_bend *bend,
                                 struct fault *why);
/* Opens an ESP datagram from or to us without touching windows or counters. */
MUST_CHECK enum err ike_esp_open(struct ike_engine *e, const struct ike_dgram *d, bool from_us,
                                 uint8_t *buf, size_t cap, struct esp_packet *out,
                                 struct fault *why);

#endif

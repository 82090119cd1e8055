/* peer.h - the inside of the engine: its SAs, its queues and what the exchange files share.
 * Data only, plus the prototypes of the files of this folder, one block per file. */
#ifndef ENGINE_SA_PEER_H
#define ENGINE_SA_PEER_H

#include "engine/crypto/cert.h"
#include "engine/engine.h"
#include "engine/esp/parts.h"

enum state {
#define STATE(name) S_##name,
#include "engine/sa/state.def"
#undef STATE
    NUM_STATES
};

enum event {
#define EVENT(name) name,
#include "engine/sa/event.def"
#undef EVENT
    NUM_EVENTS
};

#define MAX_DATAGRAM  65535u
#define ARENA_OCTETS  (512u * 1024) /* a message as a tree, and what is made of it */
#define MAX_FRAGMENTS 255u
#define MAX_WINDOW    64u
#define MAX_CHILDREN  256u
#define MAX_SELECTORS 8u
#define NONCE_MAX     256u
#define IKE_MAX_CERTS 8u
#define NUM_CLOSED    4u

struct octets { /* owned on the heap, NULL-safe */
    uint8_t *p;
    size_t len;
};

struct packets { /* the datagrams of one message, as they left */
    struct octets *d;
    size_t num;
};

struct chosen { /* one accepted proposal */
    struct ike_proposal p;
    uint8_t number;
    uint64_t spi; /* of the peer, 0 when there is none */
};

struct child_sa {
    struct child_sa *next;
    uint32_t spi_in, spi_out;
    struct esp_in in;
    struct esp_out out;
    struct chosen chosen;
    struct suite suite;
    struct child_keys keys; /* kept for evidence with cfg.keep_dead, else wiped after loading */
    bool keys_swapped;      /* this end was the responder of the exchange: in = i */
    struct ike_selector ts_local[MAX_SELECTORS], ts_remote[MAX_SELECTORS];
    uint8_t num_ts_local, num_ts_remote;
    bool transport, esn, udp_encap;
    bool tfc_refused;   /* the peer said ESP_TFC_PADDING_NOT_SUPPORTED */
    bool fragments_too; /* both ends said NON_FIRST_FRAGMENTS_ALSO */
    bool used_up;       /* its numbers or octets are nearly spent, a successor is on its way */
    bool replaced; /* rekeyed: receives until it is deleted, no longer sends */
    bool deleting; /* our Delete for it is on its way */
    bool dead;
    struct exchange *rekey;         /* our own request to rekey it, not yet answered */
    uint32_t rival;                 /* inbound SPI of the SA that the peer's rekey of it made */
    uint8_t rival_nonce[NONCE_MAX]; /* the lower nonce of that exchange */
    size_t rival_nonce_len;
    usec_t made, rekey_at;
    usec_t expires_at; /* hard lifetime */
};

struct exchange { /* one request of this end, from queueing to its response */
    struct exchange *next;
    enum ike_do what;
    uint8_t type;
    enum state state;
    bool sent, done;
    uint32_t mid;
    struct ike_args args; /* its spans point into .held */
    struct octets held[2];
    struct ike_selector args_ts[2][MAX_SELECTORS];
    struct packets out;
    usec_t due;
    usec_t wait;
    unsigned tries;
    struct ke *ke;
    uint16_t group;
    unsigned ke_retries;
    uint8_t nonce[NONCE_MAX];
    size_t nonce_len;
    uint32_t child;              /* inbound SPI of the Child SA it is about */
    uint32_t spi_in;             /* inbound SPI of the Child SA it makes */
    uint64_t new_spi;            /* own SPI of the IKE SA it makes */
    uint32_t closed[NUM_CLOSED]; /* SPIs that the peer closed while this was outstanding */
    unsigned num_closed;
    bool kills;        /* the SA is gone once this is answered or given up */
    usec_t not_before; /* queued: wait at least until then (TEMPORARY_FAILURE) */
};

struct answered { /* a request of the peer and what we said */
    bool used;
    uint32_t mid;
    struct octets in; /* its (first) datagram, to know a retransmission by its octets */
    struct packets out;
    struct addr to, from;
};

struct reassembly { /* RFC 7383 2.6, one per direction of request */
    uint32_t mid;
    bool response;
    uint16_t total, have;
    uint8_t first; /* type of the first inner payload */
    size_t octets;
    struct octets part[MAX_FRAGMENTS];
};

enum { NUM_FAMILIES = 2 }; /* IPv4, IPv6 */

struct lease { /* an inner address, given or got by CP */
    bool held;
    uint8_t ip[16];
};

struct ike_sa {
    struct ike_sa *next;
    struct ike_engine *e;
    uint32_t id;
    struct conn *conn;
    uint64_t spi_i, spi_r;
    bool initiator; /* original initiator of this IKE SA */
    bool established, dead, step, manual;
    bool half_open; /* counted in the engine's half_open */
    enum state state;
    struct addr local, remote;
    bool nat_local, nat_remote, floated;

    /* IKE_SA_INIT */
    struct packets last_out;                /* the last request that is done with, for ike_resend */
    struct octets init_sent, init_received; /* whole messages, for AUTH (RFC 7296 2.15) */
    uint8_t ni[NONCE_MAX], nr[NONCE_MAX];
    size_t ni_len, nr_len;
    struct ke *ke;
    uint16_t group;
    uint8_t shared[1024];
    size_t shared_len;
    struct octets peer_ke;
    struct octets cookie;
    unsigned cookie_tries, ke_retries;
    unsigned peer_hashes; /* SIGNATURE_HASH_ALGORITHMS of the peer, one bit each */
    bool frag;            /* both ends announced IKEV2_FRAGMENTATION_SUPPORTED */

    /* keys */
    struct chosen chosen;
    const struct prf *prf;
    struct suite suite;
    struct ike_keys keys;
    struct crypt *seal, *open;
    uint64_t iv_count;

    /* IKE_AUTH */
    struct octets peer_id;
    struct ike_args auth_args;
    struct octets auth_psk_override;
    uint8_t auth_error; /* unused = 0 */
    uint16_t child_error;
    struct lease lease[NUM_FAMILIES]; /* of the original initiator */
    bool peer_initial_contact;

    /* windows (RFC 7296 2.2, 2.3) */
    uint32_t out_next; /* message id of the next request */
    uint32_t in_next;  /* lowest request of the peer not yet answered */
    uint32_t window_own, window_peer;
    struct exchange *exchanges; /* queued and outstanding, oldest first */
    struct answered *answered;  /* ring of twice the own window, by message id */
    uint32_t num_answered;
    struct reassembly *frags[2]; /* requests, responses */

    struct child_sa *children; /* newest last */

    /* rekeying of this SA */
    uint32_t rival; /* id of the IKE SA that the peer's rekey made */
    uint8_t rival_nonce[NONCE_MAX];
    size_t rival_nonce_len;
    uint32_t successor; /* id of the SA that replaced it */
    bool deleting;

    struct child_sa *pending_child; /* made by IKE_AUTH, waiting for AUTH_DONE */
    struct parked *parked;          /* IKE_AUTH of the peer, while a certificate is looked up */
    bool peer_looks_up;             /* the peer said HTTP_CERT_LOOKUP_SUPPORTED */
    usec_t made, last_heard, last_sent, rekey_at, dpd_at, keepalive_at, expires;
    usec_t hinted; /* when a hint last made this end check whether the peer lives, 0 = never */
};

struct lookup {              /* a CERT that is a URL */
    const struct node *cert; /* of the parked message */
    uint32_t num;            /* by which the host knows it */
    bool waiting, found;
    struct octets octets;
};

struct parked { /* a message that waits for what only the host can fetch */
    struct message m;
    struct arena mem; /* all of m, and room for what handlers make of it */
    struct octets raw;
    struct ike_dgram d;
    uint32_t mid;
    usec_t until;
    bool going_on; /* its handlers run */
    struct lookup lookup[IKE_MAX_CERTS];
    size_t num;
};

struct credentials { /* what a connection proves itself and checks the peer with */
    struct cert *own[IKE_MAX_CERTS], *anchors[IKE_MAX_CERTS];
    struct raw_key *own_raw, *peer_raw[IKE_MAX_CERTS];
    struct sign_key *key;
};

struct conn { /* an ike_conn with everything it points at */
    struct conn *next;
    struct ike_conn c;
    struct credentials k;
    struct arena mem;
    uint8_t store[];
};

struct queued_out {
    struct ike_dgram d;
    struct octets bytes;
};

struct ike_engine {
    struct ike_config cfg;
    struct conn *conns;
    struct ike_sa *sas; /* oldest first */
    uint32_t last_id;
    uint32_t last_lookup;
    uint32_t half_open;
    ike_tap *tap;
    void *tap_ctx;
    bool bent[NUM_REQ];
    enum nonce_bias bias;
    struct esp_bend habit; /* of every ESP packet that nobody bends otherwise */
    bool no_checksum;      /* UDP goes out with checksum zero */
    struct parts *parts;   /* fragments out of Child SAs; made when the first one comes */
    uint8_t cookie_secret[32];
    struct ike_counters counters;
    usec_t now;
    usec_t last_unknown_spi; /* rate limit of INVALID_IKE_SPI */

    struct queued_out *outq;
    size_t out_head, out_num, out_cap, out_octets;
    struct octets drained;
    struct ike_event *evq;
    size_t ev_head, ev_num, ev_cap;
    struct octets ev_inner_drained;

    uint8_t *in;   /* MAX_DATAGRAM: the datagram being fed */
    uint8_t *wire; /* MAX_DATAGRAM: the datagram being made */
    uint8_t *text; /* MAX_DATAGRAM: plain text being sealed */
    uint8_t *packet, *reply; /* MAX_DATAGRAM: what came out of transport mode, what answers it */
    struct arena arena_in, arena_out;
};

/* Everything one step of a machine works on. */
struct run {
    struct ike_engine *e;
    struct ike_sa *sa;
    struct exchange *x; /* our request that is being built or answered */
    struct message *in; /* what came, or NULL */
    struct node *inner; /* its payloads */
    const struct ike_dgram *d;
    struct span raw;         /* the datagram as it came */
    struct message *out;     /* what is being built, or NULL */
    struct node *body;       /* where its payloads go */
    enum state *state;       /* the machine's state: the SA's or the exchange's */
    struct ike_sa *made_ike; /* CREATE_CHILD_SA: what it made */
    struct child_sa *made_child, *old_child;
    struct chosen chosen;
    uint16_t group;
    struct ke *ke; /* responder's side of CREATE_CHILD_SA */
    uint8_t nonce[NONCE_MAX];
    size_t nonce_len;
    struct span peer_ke, peer_nonce;
    uint8_t shared[1024];
    size_t shared_len;
    uint16_t notify; /* error to answer with */
    uint8_t notify_data[4];
    size_t notify_len;
    struct fault *why;
    enum ike_do kind; /* CREATE_CHILD_SA as responder: what is asked */
    uint32_t spi_in;  /* own SPI of the Child SA to be made */
    uint64_t new_spi; /* own SPI of the IKE SA to be made */
    struct ike_selector ts_local[MAX_SELECTORS], ts_remote[MAX_SELECTORS];
    size_t num_ts_local, num_ts_remote;
    bool transport;
    bool redirected; /* a handler chose where to go on: */
    enum state to;
    enum event then;
};

enum verdict { V_NEXT, V_STOP, V_FAIL };

/* --- judge.c: the one choke point ---------------------------------------------------------- */
/* The ruling on a fact about what the peer did: true = the requirement is met. Bent, a violation
 * is let pass. Records a finding. */
bool judge(struct ike_engine *e, const struct ike_sa *sa, enum req r, bool holds);
/* Whether this end does what a requirement asks of it; always, unless bent. */
bool duty(struct ike_engine *e, const struct ike_sa *sa, enum req r);

/* --- queue.c: what goes out ------------------------------------------------------------------ */
void octets_free(struct octets *o); /* wipes */
MUST_CHECK enum err octets_set(struct octets *o, struct span s);
static inline struct span octets_span(const struct octets *o)
{
    return span_of(o->p, o->len);
}
void packets_free(struct packets *p);
MUST_CHECK enum err packets_add(struct packets *p, struct span s);
struct ike_event *event_add(struct ike_engine *e, enum ike_event_kind kind,
                            const struct ike_sa *sa);
void event_text(struct ike_event *ev, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void dropped(struct ike_engine *e, const struct ike_sa *sa, const struct fault *f);
/* Queues octets for the wire. */
enum err out_push(struct ike_engine *e, const struct addr *local, const struct addr *remote,
                  uint8_t protocol, struct span bytes, uint32_t sa, bool retransmit);

/* --- transmit.c: an exchange's packets ------------------------------------------------------- */
/* Queues each; on port 4500 with the marker of RFC 3948 2.2. */
void out_packets(struct ike_sa *sa, const struct packets *p, const struct addr *local,
                 const struct addr *remote, bool retransmit);

/* --- ike_sa.c, child_sa.c -------------------------------------------------------------------- */
struct ike_sa *ike_sa_new(struct ike_engine *e, struct conn *c, bool initiator);
void ike_sa_free(struct ike_sa *sa);
struct ike_sa *ike_sa_by_id(const struct ike_engine *e, uint32_t id);
struct ike_sa *ike_sa_by_spi(const struct ike_engine *e, uint64_t spi_i, uint64_t spi_r);
/* No more exchanges, children gone; answers retransmissions until it expires. */
void ike_sa_die(struct ike_sa *sa, const char *why);
void ike_sa_up(struct ike_sa *sa);
/* No longer one of the half-open SAs, whatever became of it. */
void half_open_done(struct ike_sa *sa);
void ike_sa_sweep(struct ike_engine *e);
uint64_t random_spi(struct ike_engine *e);
uint32_t random_child_spi(struct ike_engine *e);
void make_nonce(struct ike_engine *e, const struct ike_sa *sa, bool biased, enum nonce_bias own,
                uint8_t *out, size_t *len);
/* -1, 0, 1: octet by octet, the shorter one is lower (RFC 7296 2.8.1). */
int nonce_compare(struct span a, struct span b);
struct child_sa *child_by_in(const struct ike_sa *sa, uint32_t spi_in);
struct child_sa *child_by_out(const struct ike_sa *sa, uint32_t spi_out);
struct child_sa *child_newest(const struct ike_sa *sa);
/* Adds a Child SA with keys loaded. initiator: this end sent the exchange's request. */
MUST_CHECK enum err child_make(struct ike_sa *sa, const struct chosen *c, uint32_t spi_in,
                               bool initiator, struct span shared, struct nonces n,
                               struct child_sa **out);
void child_up(struct ike_sa *sa, struct child_sa *c);
void child_die(struct ike_sa *sa, struct child_sa *c);
bool child_room(const struct ike_sa *sa);
/* What notifies beside the SA payload say of a Child SA. */
void child_hear(struct child_sa *c, const struct ike_conn *own, const struct node *inner);
void children_sweep(struct ike_sa *sa);
void children_move(struct ike_sa *from, struct ike_sa *to);
void child_free(struct child_sa *c);

/* --- window.c --------------------------------------------------------------------------------- */
struct exchange *exchange_new(struct ike_sa *sa, enum ike_do what, uint8_t type,
                              const struct ike_args *args);
void exchange_free(struct ike_sa *sa, struct exchange *x);
struct exchange *exchange_by_mid(const struct ike_sa *sa, uint32_t mid);
struct exchange *exchange_find(const struct ike_sa *sa, enum ike_do what);
bool window_has_room(const struct ike_sa *sa);
/* Starts queued exchanges while the peer's window has room. */
void window_run(struct ike_sa *sa);
/* Takes a SET_WINDOW_SIZE of the message at hand. */
void window_take(struct run *r);
enum admit { ADMIT_NEW, ADMIT_REPEAT, ADMIT_OUTSIDE };
enum admit window_admit(const struct ike_sa *sa, uint32_t mid);
struct answered *window_answered(struct ike_sa *sa, uint32_t mid);
/* Files the response of request mid and moves the window on. */
struct answered *window_file(struct ike_sa *sa, uint32_t mid);
void exchange_sent(struct ike_sa *sa, struct exchange *x);
void exchange_done(struct ike_sa *sa, struct exchange *x, enum err code);

/* --- protect.c: SK and SKF ---------------------------------------------------------------------
 */
/* Seals m (whose SK node has the inner payloads as children), through the taps, into packets. */
MUST_CHECK enum err protect_send(struct ike_sa *sa, struct message *m, const struct ike_send *how,
                                 struct packets *out);
/* Opens the SK of a decoded message in place and hangs the inner payloads under it. */
MUST_CHECK enum err protect_open(const struct ike_sa *sa, bool from_us, struct message *m,
                                 struct fault *why);
/* Opens one SKF: *text is its plain text without padding. */
MUST_CHECK enum err protect_open_fragment(const struct ike_sa *sa, bool from_us, struct message *m,
                                          struct span *text, struct fault *why);
/* Decrypts the tail of an SK or SKF node in place; *padded has its padding and the length of it still,
 * and is never empty. held: NULL to refuse what its ICV does not vouch for, else told whether it does. */
MUST_CHECK enum err protect_decrypt(const struct suite *s, struct crypt *c, bool *held,
                                    struct message *m, struct node *sk, struct span *padded,
                                    struct fault *why);
/* fragment.c: puts an SK node in place of the SKF of m, text being all its inner payloads. */
MUST_CHECK enum err fragment_unfold(struct message *m, uint8_t first, struct span text,
                                    struct fault *why);
/* ERR_FRAGMENT until whole; then m gets an SK node with the inner payloads. */
MUST_CHECK enum err fragment_feed(struct ike_sa *sa, struct message *m, struct fault *why);
void fragment_clear(struct reassembly **r);

/* --- build.c: making messages -------------------------------------------------------------------
 */
MUST_CHECK enum err build_start(struct run *r, uint8_t exchange, bool response, uint32_t mid,
                                bool sealed);
bool build_sa(struct run *r, const struct ike_proposal *p, size_t num, uint8_t protocol,
              struct span spi, bool without_ke);
bool build_chosen(struct run *r, const struct chosen *c, uint8_t protocol, struct span spi);
bool build_ke(struct run *r, uint16_t group, struct span data);
bool build_nonce(struct run *r, struct span data);
/* A tap may have put another nonce into the message: keys follow what really left. */
void build_nonce_sent(const struct run *r, uint8_t *nonce, size_t *len);
bool build_notify(struct run *r, uint16_t type, struct span data);
bool build_notify_spi(struct run *r, uint16_t type, uint8_t protocol, struct span spi,
                      struct span data);
bool build_id(struct run *r, bool initiator, const struct ike_id *id);
bool build_auth(struct run *r, uint8_t method, struct span data);
bool build_ts(struct run *r, bool initiator, const struct ike_selector *s, size_t num);
bool build_delete(struct run *r, uint8_t protocol, struct span spis, uint8_t spi_size);
void build_extras(struct run *r);
/* Sends r->out as request x or as response mid of r->sa, through taps, filing the octets. */
MUST_CHECK enum err build_send_request(struct run *r);
MUST_CHECK enum err build_send_response(struct run *r);

/* --- x_sa_init.c: what CREATE_CHILD_SA shares ----------------------------------------------------- */
/* Does the public value have the length of its group? Turned round, it is cut or filled up to it. */
bool ke_length(struct run *r, const struct group *g, struct span *data);

/* --- config.c: the configuration payload (2.19, 3.15) ------------------------------------------ */
bool config_ask(struct run *r);  /* CFG_REQUEST into IKE_AUTH */
/* The addresses of a CFG_REPLY; false when the Child SA is of no use without one. */
bool config_take(struct run *r);
/* Leases what the request at hand asks for; 0 or the notify by which the Child SA fails. */
uint16_t config_lease(struct run *r);
bool config_answer(struct run *r); /* CFG_REPLY or CFG_ACK for the request at hand */
/* The leased addresses as selectors, at most NUM_FAMILIES. */
size_t config_selectors(const struct ike_sa *sa, struct ike_selector *out);

/* --- propose.c, narrow.c
 * -------------------------------------------------------------------------- */
struct choice_rules {
    uint8_t protocol;
    uint8_t spi_size;
    uint16_t prefer_group; /* the group of the KE payload, taken when it is acceptable */
    bool without_ke;       /* IKE_AUTH: key exchange transforms do not count */
};
/* First acceptable proposal of the SA payload; ERR_NO_PROPOSAL. */
MUST_CHECK enum err propose_choose(struct ike_engine *e, const struct ike_sa *sa,
                                   const struct node *sa_payload, const struct ike_proposal *own,
                                   size_t num_own, const struct choice_rules *rules,
                                   struct chosen *out);
/* Checks a response against what was offered (RFC 7296 2.7, 3.3). */
MUST_CHECK enum err propose_verify(struct ike_engine *e, const struct ike_sa *sa,
                                   const struct node *sa_payload, const struct ike_proposal *own,
                                   size_t num_own, const struct choice_rules *rules,
                                   struct chosen *out);
const struct ike_transform *proposal_find(const struct ike_proposal *p, uint8_t type);
bool proposals_offer(const struct ike_proposal *p, size_t num, uint8_t type, uint16_t id);
uint16_t proposals_first(const struct ike_proposal *p, size_t num, uint8_t type);
MUST_CHECK enum err proposal_suite(const struct ike_proposal *p, struct suite *s);

/* RFC 7296 2.23.1: in transport mode the end behind a NAT has, for either side, the address that
 * stands in the packets, not the one in its selectors. */
void selectors_as_seen(const struct ike_sa *sa, struct ike_selector *local, size_t num_local,
                       struct ike_selector *remote, size_t num_remote);
size_t selectors_read(const struct node *ts_payload, struct ike_selector *out, size_t cap);
/* What both lists have in common, in the order of a; 0 when nothing. */
size_t selectors_intersect(const struct ike_selector *a, size_t num_a, const struct ike_selector *b,
                           size_t num_b, struct ike_selector *out, size_t cap);
/* What the request at hand may have of what the connection allows, into r->ts_local and
 * r->ts_remote (2.9); ERR_VALUE when nothing is left. */
MUST_CHECK enum err narrow_request(struct run *r);
bool selectors_within(const struct ike_selector *part, size_t num_part,
                      const struct ike_selector *whole, size_t num_whole);
bool selectors_match(const struct ike_selector *s, size_t num, const struct addr *a,
                     uint8_t protocol, uint16_t port);
/* The same for what has no ports; *all_ports: a selector of all ports is among those that match. */
bool selectors_match_portless(const struct ike_selector *s, size_t num, const struct addr *a,
                              uint8_t protocol, bool *all_ports);

/* --- steps.c: the machines
 * --------------------------------------------------------------------------- */
/* Runs the machine from its current state with this event until it waits. */
enum verdict step_post(struct run *r, enum event ev);
/* Row i of the table; false past its end. */
bool step_pair(size_t i, enum state *at, enum event *on);
const char *state_name(enum state s);
const char *event_name(enum event ev);
void trace(struct run *r, enum state s, enum event ev);
void run_init(struct run *r, struct ike_sa *sa, struct exchange *x);
static inline void go(struct run *r, enum state to, enum event then)
{
    r->redirected = true;
    r->to = to;
    r->then = then;
}

/* --- lookup.c: certificates behind URLs -------------------------------------------------------- */
/* HTTP_CERT_LOOKUP_SUPPORTED into the message being built; taking the peer's. */
bool lookup_announce(struct run *r);
void lookup_hear(struct run *r);
/* Whether URLs go to this peer in place of certificates. */
bool lookup_sends(const struct run *r);
/* The data of a CERT of encoding 12 or 13: the hash of octets, then the URL. Empty: no room. */
struct span lookup_data(struct run *r, struct span octets, struct span url);
/* V_STOP: the message waits until lookup_tick or ike_found goes on with it. */
enum verdict lookup_certs(struct run *r);
/* What the host found behind CERT payload n of the message, if its hash is right; else empty. */
struct span lookup_octets(struct run *r, const struct node *n);
usec_t lookup_due(const struct ike_sa *sa);
void lookup_tick(struct ike_sa *sa);
void lookup_forget(struct ike_sa *sa);

/* --- proof.c: shared keys, signatures with certificates or raw keys, no proof at all ----------- */
/* Whether the peer is one that proves nothing: what it calls itself is then worth nothing. */
bool proof_of_nobody(const struct ike_sa *sa);
bool proof_by_certificate(const struct ike_sa *sa); /* of the peer */
MUST_CHECK enum err credentials_load(struct credentials *k, const struct ike_conn *c,
                                     struct fault *why);
void credentials_free(struct credentials *k);
/* SIGNATURE_HASH_ALGORITHMS into the message being built; taking the peer's. */
bool proof_announce(struct run *r);
void proof_hear(struct run *r);
bool proof_ask(struct run *r);  /* CERTREQ */
bool proof_show(struct run *r); /* CERT */
/* The AUTH method that this end uses. */
uint8_t proof_method(const struct run *r);
/* AUTH data over the octets of the own ID payload's body; out has SIGN_MAX octets. */
MUST_CHECK enum err proof_make(struct run *r, struct span id, uint8_t *out, size_t *len);
enum verdict proof_check(struct run *r);

/* x_sa_init.c */
enum verdict init_make_ke(struct run *r);
/* PRF and suite of sa->chosen. */
MUST_CHECK enum err ike_sa_algorithms(struct ike_sa *sa);
/* SK_* from SKEYSEED with the SA's nonces and SPIs, loaded into both directions. */
MUST_CHECK enum err ike_keys_load(struct ike_sa *sa, const struct secret *skeyseed);
enum verdict init_request(struct run *r);
enum verdict init_check_notify(struct run *r);
enum verdict init_verify(struct run *r);
enum verdict init_process_response(struct run *r);
enum verdict init_process_request(struct run *r);
enum verdict init_detect_nat(struct run *r);
enum verdict init_float(struct run *r);
enum verdict init_secret(struct run *r);
enum verdict init_keys(struct run *r);
enum verdict init_response(struct run *r);
enum verdict init_role(struct run *r);
enum verdict init_half_open(struct run *r);
enum verdict init_r_fail(struct run *r);
enum verdict init_i_fail(struct run *r);
/* Answers a request in clear without keeping state: header copied, one notify. */
void reply_clear(struct ike_engine *e, const struct message *m, const struct ike_dgram *d,
                 uint16_t notify, struct span data);
/* A request that opens a new SA: cookies, then the machine. */
void init_request_in(struct ike_engine *e, struct message *m, const struct ike_dgram *d,
                     struct span raw, struct fault *why);

/* x_auth.c */
enum verdict auth_start(struct run *r);
enum verdict auth_request(struct run *r);
enum verdict auth_send(struct run *r);
enum verdict auth_check_notify(struct run *r);
enum verdict auth_payloads(struct run *r);
enum verdict auth_peer_id(struct run *r);
enum verdict auth_verify(struct run *r);
enum verdict auth_initial_contact(struct run *r);
enum verdict auth_child_response(struct run *r);
enum verdict auth_child_request(struct run *r);
enum verdict auth_response(struct run *r);
enum verdict auth_insert(struct run *r);
enum verdict auth_load_child(struct run *r);
enum verdict auth_role(struct run *r);
enum verdict auth_ready(struct run *r);
enum verdict auth_fail(struct run *r);
enum verdict auth_r_fail(struct run *r);

/* x_create_child.c */
enum verdict cc_kind(struct run *r);
enum verdict cc_make_ke(struct run *r);
enum verdict cc_build(struct run *r);
enum verdict cc_check_notify(struct run *r);
enum verdict cc_verify(struct run *r);
enum verdict cc_process(struct run *r);
enum verdict cc_secret(struct run *r);
enum verdict cc_keys(struct run *r);
enum verdict cc_activate(struct run *r);
enum verdict cc_dupe(struct run *r);
enum verdict cc_fail(struct run *r);
enum verdict cc_r_type(struct run *r);
enum verdict cc_r_policy(struct run *r);
enum verdict cc_r_process(struct run *r);
enum verdict cc_r_ke(struct run *r);
enum verdict cc_r_secret(struct run *r);
enum verdict cc_r_build(struct run *r);
enum verdict cc_r_keys(struct run *r);
enum verdict cc_r_activate(struct run *r);
enum verdict cc_r_fail(struct run *r);

/* collide.c */
/* Whether the peer is known to rekey the SA that r->x rekeys. */
bool collide_noted(const struct run *r);
enum verdict collide_request(struct run *r, const struct node *rekey);
void collide_used(struct ike_sa *sa);
void collide_child_closed(struct run *r);
void collide_child_made(struct run *r);
void collide_ike_made(struct run *r);
void collide_child_answered(struct run *r);
void collide_ike_answered(struct run *r);
void collide_failed(struct run *r);
void collide_ike_deleted(struct ike_sa *sa);

/* x_informational.c */
enum verdict info_build(struct run *r);
enum verdict info_answered(struct run *r);
enum verdict info_request(struct run *r);
void child_disown(struct ike_sa *sa, uint32_t spi_in);

/* inbound.c, datapath.c, timer.c */
enum err inbound_ike(struct ike_engine *e, const struct ike_dgram *d, struct span bytes,
                     struct fault *why);
enum err inbound_esp(struct ike_engine *e, const struct ike_dgram *d, uint8_t *p, size_t len,
                     struct fault *why);
void timer_tick(struct ike_engine *e);
usec_t timer_deadline(const struct ike_engine *e);
/* Starts the exchange x on its machine (the window has room). */
void exchange_start(struct ike_sa *sa, struct exchange *x);

#endif

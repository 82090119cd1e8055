/* esp.h - ESP in user space (RFC 4303): seal and open one packet, the replay window, ESN, TFC
 * padding and dummy packets. No sockets; UDP encapsulation is wire/encap.h. */
#ifndef ENGINE_ESP_ESP_H
#define ENGINE_ESP_ESP_H

#include "engine/crypto/crypto.h"

#define ESP_HDR_LEN       8u
#define ESP_MAX_OVERHEAD  (8u + 16u + 255u + 2u + 32u)
#define REPLAY_WINDOW_MAX 1024u

enum { NEXT_IPV4 = 4, NEXT_IPV6 = 41, NEXT_DUMMY = 59 };

/* RFC 4303 3.4.3 and appendix A: anti-replay window over 64-bit numbers. */
struct replay {
    uint64_t top;  /* highest number accepted */
    uint32_t size; /* packets, 0 = off */
    uint64_t bits[REPLAY_WINDOW_MAX / 64];
};
void replay_init(struct replay *r, uint32_t size);
/* ERR_REPLAY when seen or too old. Does not move the window: only replay_accept, called after
 * the integrity check, does (RFC 4303 3.4.3). */
MUST_CHECK enum err replay_check(const struct replay *r, uint64_t seq);
void replay_accept(struct replay *r, uint64_t seq);
/* The number that goes with the low half received (RFC 4303 A2.2). */
uint64_t esn_guess(const struct replay *r, uint32_t low);

struct esp_out {
    uint32_t spi;
    bool esn;
    bool exhausted; /* counter would wrap: nothing more may be sent (RFC 4303 3.3.3) */
    uint64_t seq;   /* last number sent */
    struct suite suite;
    struct crypt *crypt;
    uint64_t packets, octets;
};

struct esp_in {
    uint32_t spi;
    bool esn;
    struct suite suite;
    struct crypt *crypt;
    struct replay replay;
    uint64_t packets, octets, replayed, bad_icv, malformed;
};

/* Everything a case may bend on one packet; all zero = honest. */
struct esp_bend {
    bool seq_set, spi_set, pad_len_set, no_count; /* no_count: do not use up a number */
    uint64_t seq; /* on this packet; the counter moves on as if it had been honest */
    uint32_t spi;
    uint8_t pad_len;  /* that many pad octets where they align the packet, else the field lies */
    bool pad_bad;     /* pad octets are not 1, 2, 3, ...; adds some when there were none */
    uint8_t icv_flip; /* xor into the last ICV octet */
    uint16_t tfc;     /* TFC padding octets after the inner packet */
    bool pad_tfc;     /* the pad length counts them, too */
    uint8_t uncovered; /* octets of SPI and number, from behind, that the ICV leaves out */
    uint16_t cut;     /* octets cut off the end after sealing, down to an empty packet */
};

/* keys: ownership of nothing is taken. */
MUST_CHECK enum err esp_out_init(struct esp_out *s, uint32_t spi, const struct suite *suite,
                                 struct span encr_key, struct span integ_key, bool esn);
MUST_CHECK enum err esp_in_init(struct esp_in *s, uint32_t spi, const struct suite *suite,
                                struct span encr_key, struct span integ_key, bool esn,
                                uint32_t window);
void esp_out_clear(struct esp_out *s);
void esp_in_clear(struct esp_in *s);

/* Appends SPI, sequence, IV, text, ICV. IVs of CBC come from rng, others from the counter.
 * bend may be NULL. ERR_STATE once the counter is exhausted. */
MUST_CHECK enum err esp_seal(struct esp_out *s, const struct rng *rng, struct span inner,
                             uint8_t next, const struct esp_bend *bend, struct writer *w);

struct esp_packet {
    struct span inner; /* lies in the caller's packet buffer; TFC padding still behind it */
    uint8_t next;      /* next header */
    uint8_t pad_len;
    uint64_t seq;
    bool replay_held, integrity_held, padding_held; /* what the checks found, also those not made */
};
/* Opens pkt in place: structure, replay, ICV, window, padding (RFC 4303 3.4). The caller rules on
 * ERR_PADDING and ERR_REPLAY through judge(): see esp_check. After ERR_REPLAY the packet is as it
 * was and may be opened again with that check off; after ERR_PADDING *out is filled and the packet
 * counts as received; after ERR_INTEGRITY the text is gone. */
struct esp_check { /* which checks to make; esp_open() with NULL makes all */
    bool replay, integrity, padding;
};
MUST_CHECK enum err esp_open(struct esp_in *s, uint8_t *pkt, size_t len,
                             const struct esp_check *check, struct esp_packet *out,
                             struct fault *why);
/* SPI of a packet, 0 when shorter than 8 octets. */
uint32_t esp_spi(struct span pkt);

/* What the inner IP header's own length leaves of inner: TFC padding taken off (RFC 4303 2.7). A
 * packet that is not IP or shorter than it says is returned whole. */
struct span tfc_strip(struct span inner, uint8_t next);
/* TFC octets that bring an inner packet of len up to size (0 when it is that long already), as
 * esp_bend.tfc takes them. */
uint16_t tfc_fill(size_t len, size_t size);

/* Beside it: inner.h, IP and ICMP echo inside the tunnel; parts.h, fragments put together. */
#endif

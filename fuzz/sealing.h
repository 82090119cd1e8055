/* sealing.h - protection under keys that everybody knows, for fuzz targets and the mutator: what is
 * behind the encryption is reached through the encryption, with no check left out. */
#ifndef FUZZ_SEALING_H
#define FUZZ_SEALING_H

#include "engine/crypto/crypto.h"
#include "engine/wire/message.h"

enum sealing { SEALING_GCM, SEALING_CBC, NUM_SEALINGS };

/* The initiator's SPI of a message says which it is; others count as AES-GCM. */
#define SEALING_SPI_GCM 0x66757a7a2d67636du /* "fuzz-gcm" */
#define SEALING_SPI_CBC 0x66757a7a2d636263u /* "fuzz-cbc" */
#define SEALING_SPI_R   0x6669786564206b79u

/* m has its header. */
enum sealing sealing_of(const struct message *m);
const struct suite *sealing_suite(enum sealing s);
/* One key for both directions; made once, never freed. */
struct crypt *sealing_crypt(enum sealing s);

/* Seals with one and opens with the other, of the same suite and key: each is set up for its direction
 * when first used, which is one way more through the code. */
void sealing_warm(struct crypt *seal, struct crypt *open);

/* Decrypts the body of an SK or SKF of a decoded message in place, which the caller's buffer must
 * allow; *text is the plain text without padding. ERR_INTEGRITY leaves the body undefined. */
MUST_CHECK enum err sealing_open(struct message *m, struct node *sk, struct span *text);
/* Seals text into sk, the last payload of m, and appends the whole message. iv has as many octets as
 * the suite wants. pad_field: what the pad length says in place of the truth, or NULL. */
MUST_CHECK enum err sealing_seal(struct message *m, struct node *sk, const uint8_t *iv,
                                 const uint8_t *pad_field, struct span text, struct writer *w);

#endif

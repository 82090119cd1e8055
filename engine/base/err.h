/* err.h - the one error type. Zero is success; every code has one sentence in err.def.
 * A fault says where in the input it happened and which requirement it touches. */
#ifndef ENGINE_BASE_ERR_H
#define ENGINE_BASE_ERR_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/req.h"

enum err {
#define ERR(name, words) ERR_##name,
#include "engine/base/err.def"
#undef ERR
    NUM_ERR
};

/* Why something failed. off counts octets from the start of the datagram (or inner text, when
 * inside is set); field is a static name or NULL; req is REQ_NONE when no rule is at stake. */
struct fault {
    enum err code;
    uint32_t off;
    const char *field;
    enum req req;
    uint8_t payload; /* payload type the fault lies in, 0 = header or unknown */
    uint8_t inside;  /* 1: off counts from the start of the decrypted text */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* The words of err.def; never NULL. */
const char *err_text(enum err e);
/* The symbol without ERR_, e.g. "TRUNCATED"; never NULL. */
const char *err_name(enum err e);

/* Fills *why (may be NULL) and returns code. */
enum err fault_set(struct fault *why, enum err code, uint32_t off, const char *field, enum req req);

/* One sentence for people into buf (always terminated): what, where, rule. */
void fault_text(const struct fault *f, char *buf, size_t cap);

#endif

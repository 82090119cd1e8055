/* err.c - words for errors and faults. */
#include "engine/base/err.h"

#include <stdio.h>

static const char *const words[NUM_ERR] = {
#define ERR(name, text) [ERR_##name] = text,
#include "engine/base/err.def"
#undef ERR
};

static const char *const names[NUM_ERR] = {
#define ERR(name, text) [ERR_##name] = #name,
#include "engine/base/err.def"
#undef ERR
};

const char *err_text(enum err e)
{
    return (unsigned)e < NUM_ERR ? words[e] : "unknown error";
}

const char *err_name(enum err e)
{
    return (unsigned)e < NUM_ERR ? names[e] : "UNKNOWN";
}

enum err fault_set(struct fault *why, enum err code, uint32_t off, const char *field, enum req req)
{
    if (why != NULL)
        *why = (struct fault){ .code = code, .off = off, .field = field, .req = req };
    return code;
}

void fault_text(const struct fault *f, char *buf, size_t cap)
{
    snprintf(buf, cap, "%s%s%s at octet %u%s%s%s%s", f->field != NULL ? f->field : "",
             f->field != NULL ? ": " : "", err_text(f->code), (unsigned)f->off,
             f->inside ? " of the decrypted text" : "", f->req != REQ_NONE ? " (" : "",
             f->req != REQ_NONE ? req_id(f->req) : "", f->req != REQ_NONE ? ")" : "");
}

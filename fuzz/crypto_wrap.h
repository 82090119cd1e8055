/* crypto_wrap.h - cheaper cryptography for targets that are about something else. The linker puts it
 * before the engine's own (--wrap), so the engine has no switch for it. */
#ifndef FUZZ_CRYPTO_WRAP_H
#define FUZZ_CRYPTO_WRAP_H

#include <stdbool.h>
#include <stdint.h>

/* Keys of key exchanges always come from a small pool and what two of them share is computed once
 * for each pair; values from outside the pool are computed as ever.
 * With crypto_off, PRF, digests and the protection of SK and ESP are hashes that anybody could forge,
 * but that still tell a changed octet, key or number. Set it before anything else. */
extern bool crypto_off;

/* All keys of a group's pool, and what each two of them share, at once: else a run takes another way
 * when it is the first to need one. */
void crypto_pool_fill(uint16_t group);

#endif

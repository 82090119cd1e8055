/* secret.c - octets that are wiped, and compared without telling where they differ. */
#define _DEFAULT_SOURCE /* explicit_bzero */

#include <string.h>

#include "engine/crypto/crypto.h"
#include "engine/crypto/openssl.h"

/* Not OPENSSL_cleanse, which goes octet by octet or word by word: an engine that ends wipes half a
 * megabyte, and explicit_bzero is as sure and some times as fast. */
void wipe(void *p, size_t len)
{
    if (p != NULL && len > 0)
        explicit_bzero(p, len);
}

void secret_clear(struct secret *s)
{
    if (s != NULL)
        wipe(s, sizeof *s);
}

enum err secret_copy(struct secret *dst, struct span src)
{
    if (src.len > sizeof dst->b)
        return ERR_SPACE;
    secret_clear(dst);
    if (src.len > 0)
        memcpy(dst->b, src.p, src.len);
    dst->len = src.len;
    return ERR_OK;
}

bool secret_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.p, b.p, a.len) == 0);
}

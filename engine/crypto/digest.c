/* digest.c - SHA-1 for NAT detection and HMAC-SHA-256 for cookies. */
#include <threads.h>

#include "engine/crypto/crypto.h"
#include "engine/crypto/openssl.h"

static EVP_MD *sha1;
static once_flag fetched = ONCE_FLAG_INIT;
static _Thread_local EVP_MD_CTX *ctx;

static void fetch(void)
{
    sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
}

enum err sha1_run(const struct span *in, size_t num_in, uint8_t out[20])
{
    call_once(&fetched, fetch);
    if (ctx == NULL)
        ctx = EVP_MD_CTX_new();
    bool ok = ctx != NULL && sha1 != NULL && EVP_DigestInit_ex2(ctx, sha1, NULL) > 0;
    for (size_t i = 0; i < num_in && ok; i++)
        ok = EVP_DigestUpdate(ctx, in[i].p, in[i].len) > 0;
    ok = ok && EVP_DigestFinal_ex(ctx, out, NULL) > 0;
    if (!ok)
        ERR_clear_error();
    return ok ? ERR_OK : ERR_CRYPTO;
}

enum err hmac_sha256(struct span key, const struct span *in, size_t num_in, uint8_t out[32])
{
    const struct prf *p = prf_by_id(5);
    return p != NULL ? prf_run(p, key, in, num_in, out) : ERR_UNSUPPORTED;
}

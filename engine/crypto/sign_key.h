/* sign_key.h - what sign.c, cert.c and raw_key.c share: EVP keys with their types. */
#ifndef ENGINE_CRYPTO_SIGN_KEY_H
#define ENGINE_CRYPTO_SIGN_KEY_H

#include "engine/crypto/openssl.h"
#include "engine/crypto/sign.h"

struct sign_key {
    EVP_PKEY *key;
    enum key_type type;
};

struct public_key {
    EVP_PKEY *key;
    enum key_type type;
};

/* KEY_NONE for keys that IKEv2 has no method for. */
enum key_type evp_key_type(const EVP_PKEY *k);

#endif

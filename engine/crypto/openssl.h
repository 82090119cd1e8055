/* openssl.h - the one place that names OpenSSL's headers; only .c files of engine/crypto and
 * tests include it. The library has a type called ERR_STATE, which is an error code here. */
#ifndef ENGINE_CRYPTO_OPENSSL_H
#define ENGINE_CRYPTO_OPENSSL_H

#define ERR_STATE openssl_err_state
#include <openssl/asn1t.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

#endif

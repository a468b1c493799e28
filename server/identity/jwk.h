/* The public keys of an identity provider (RFC 7517): RSA of 2048 to 4096 bits and EC on P-256, for
 * signatures. Everything else in the set is passed over: symmetric keys, keys for encryption, other
 * curves, certificates and addresses of certificates. */
#pragma once

#include <stdbool.h>

#include "base/macros.h"
#include "base/str.h"

struct evp_pkey_st; /* OpenSSL's EVP_PKEY */

enum { JWK_SET_KEYS_MAX = 32, JWK_ID_BYTES = 257, JWK_ALGORITHM_BYTES = 16 };

enum jwk_kind { JWK_RSA, JWK_EC };

struct jwk {
    enum jwk_kind kind;
    char id[JWK_ID_BYTES];               /* "": the set does not name it */
    char algorithm[JWK_ALGORITHM_BYTES]; /* "": any that fits the kind */
    struct evp_pkey_st *key;             /* owned */
};

struct jwk_set {
    struct jwk keys[JWK_SET_KEYS_MAX];
    int count;
};

/* False when the bytes are no key set or hold no key that we can use; ret_set is then empty. */
bool jwk_set_read(struct str bytes, struct jwk_set *ret_set) MUST_USE;
void jwk_set_done(struct jwk_set *set);

/* Secrets at rest: XChaCha20-Poly1305 under a key that lies in a file, not in the database. Each
 * sealed value is bound to where it belongs, so that a row copied to another account does not open. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/macros.h"

enum {
    SEAL_KEY_BYTES = 32,
    SEAL_KEYS_MAX = 8,
    SEAL_ID_BYTES = 17,         /* 16 hexadecimal digits and the terminator */
    SEAL_EXTRA_BYTES = 24 + 16, /* nonce and tag */
};

struct seal_key {
    char id[SEAL_ID_BYTES];
    unsigned char bytes[SEAL_KEY_BYTES];
};

/* The first seals; all open. count 0: there is no key, nothing can be sealed. */
struct seal_keys {
    struct seal_key keys[SEAL_KEYS_MAX];
    int count;
};

/* One to SEAL_KEYS_MAX keys of 32 bytes, one behind the other. False with a sentence when the file
 * cannot be read, has another length or others than its owner may read it. */
bool seal_keys_read(const char *path, struct seal_keys *ret_keys, char *ret_error,
                    size_t error_bytes) MUST_USE;

/* ret_sealed has room for length + SEAL_EXTRA_BYTES. `belongs` is where the value belongs, e.g. an
 * account's identifier; it must be the same when it is opened. keys->count > 0. */
void seal_close(const struct seal_keys *keys, const struct clock_source *clock, const char *belongs,
                const unsigned char *secret, size_t length, unsigned char *ret_sealed);
/* False: no such key, changed, or it belongs elsewhere. ret_secret has room for
 * length - SEAL_EXTRA_BYTES. */
bool seal_open(const struct seal_keys *keys, const char *key_id, const char *belongs,
               const unsigned char *sealed, size_t length, unsigned char *ret_secret) MUST_USE;

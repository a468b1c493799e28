#include "base/password_hash.h"

#include <sodium.h>
#include <string.h>

#include "base/limits.h"

enum { PASSES = 3 };

_Static_assert((int)PASSWORD_HASH_BYTES >= (int)crypto_pwhash_STRBYTES,
               "room for libsodium's text");

enum fault password_hash_make(const char *password, char ret_hash[static PASSWORD_HASH_BYTES])
{
    size_t length = strlen(password);

    if (length == 0 || length > LIMIT_PASSWORD_BYTES) {
        return FAULT_INVALID;
    }
    return crypto_pwhash_str(ret_hash, password, length, PASSES, PASSWORD_HASH_MEMORY_BYTES) == 0
               ? FAULT_NONE
               : FAULT_BUSY;
}

bool password_hash_fits(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

bool password_hash_is_old(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, PASSES, PASSWORD_HASH_MEMORY_BYTES) != 0;
}

/* Password hashes: Argon2id (RFC 9106) with the cost of a sign-in, as the text that libsodium and
 * other programs read. Which passwords are good: rules/password.h. */
#pragma once

#include <stdbool.h>

#include "base/fault.h"
#include "base/macros.h"

enum {
    PASSWORD_HASH_BYTES = 128,
    PASSWORD_HASH_MEMORY_BYTES = 64 * 1024 * 1024, /* what the cost below works in */
};

/* 3 passes over 64 MiB, about a tenth of a second of a processor. FAULT_INVALID when the password is
 * empty or longer than LIMIT_PASSWORD_BYTES, FAULT_BUSY without memory. */
enum fault password_hash_make(const char *password, char ret_hash[static PASSWORD_HASH_BYTES])
    MUST_USE;
/* Costs what the hash says it costs. False also when it is no hash or memory is short. */
bool password_hash_fits(const char *hash, const char *password);
/* Made with another cost than password_hash_make has. */
bool password_hash_is_old(const char *hash);

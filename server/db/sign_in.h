/* Signing in with a password: the counters that stop guessing, the devices an account is known on. */
#pragma once

#include <stdbool.h>

#include "db/connection.h"

/* Of an attempt that was just counted. */
struct sign_in_attempt {
    const char *account_id;    /* NULL: nobody active has the name */
    const char *password_hash; /* NULL: not to be looked at, see the next two */
    int retry_in_s;            /* above 0: too soon after a failure */
    bool stopped; /* LIMIT_SIGN_IN_FAILURES failures: no password is looked at any more */
    bool device_known;
};

/* Counts before the password is looked at, whether or not the name exists. device_sha256 is NULL
 * without a device cookie. */
enum fault sign_in_attempt(struct db *db, struct arena *arena, const char *username,
                           const unsigned char *device_sha256, struct sign_in_attempt *ret_attempt)
    MUST_USE;
/* The password was right: the attempt and those before it are forgotten. */
enum fault sign_in_done(struct db *db, const char *account_id, const unsigned char *device_sha256)
    MUST_USE;
/* Whether the account knows the device; then it was seen just now. */
enum fault sign_in_device_seen(struct db *db, const char *account_id,
                               const unsigned char device_sha256[static 32], bool *ret_known)
    MUST_USE;
/* Somebody signed in completely on this device. */
enum fault sign_in_device(struct db *db, const char *account_id,
                          const unsigned char device_sha256[static 32]) MUST_USE;
/* Keeps new_hash of the same password, unless old_hash is no longer there. */
enum fault sign_in_rehash(struct db *db, const char *account_id, const char *old_hash,
                          const char *new_hash) MUST_USE;

extern const struct statement *const sign_in_statements[];

/* Accounts and what they may do, for the command line on an owner connection. A password comes from
 * the caller's standard input, never from an argument, and is kept as an Argon2id hash only. */
#pragma once

#include "db/connection.h"

enum {
    ACCOUNT_PASSWORD_MIN_BYTES = 12,
    ACCOUNT_HASH_BYTES = 128,
};

/* Argon2id with the cost of a sign-in: 3 passes over 64 MiB. FAULT_INVALID outside
 * ACCOUNT_PASSWORD_MIN_BYTES .. LIMIT_PASSWORD_BYTES, FAULT_BUSY without memory. */
enum fault account_hash(const char *password, char ret_hash[static ACCOUNT_HASH_BYTES]) MUST_USE;

/* password NULL: an account that cannot sign in yet. FAULT_CODE_TAKEN for a name in use,
 * FAULT_INVALID for a name other than [a-z0-9._-]{1,60}. */
enum fault account_add(struct db *owner, const struct clock_source *clock, const char *username,
                       const char *display_name, const char *password) MUST_USE;
/* Forgets failed attempts and ends the account's sessions. FAULT_NOT_FOUND as below. */
enum fault account_password(struct db *owner, const char *username, const char *password) MUST_USE;
/* Ends the account's sessions at once. FAULT_NOT_FOUND when there is no such account. */
enum fault account_disable(struct db *owner, const char *username) MUST_USE;
enum fault account_enable(struct db *owner, const char *username) MUST_USE;

/* The role holds from today on. FAULT_NOT_FOUND for an unknown account or organisation code,
 * FAULT_INVALID for an unknown role, FAULT_CONFLICT when it is held already. */
enum fault account_grant(struct db *owner, const struct clock_source *clock, const char *username,
                         const char *role, const char *organisation_code) MUST_USE;
/* Ended with yesterday, so it no longer holds; what was granted today is taken back altogether.
 * FAULT_NOT_FOUND when it is not held. */
enum fault account_revoke(struct db *owner, const char *username, const char *role,
                          const char *organisation_code) MUST_USE;

/* One line of the list; everything is borrowed during the call. */
struct account_line {
    const char *username;
    const char *display_name;
    const char *roles; /* "staff H05.11, appraiser H05.30"; "" for none */
    bool disabled;
    bool has_password;
};

typedef void account_line_fn(void *context, const struct account_line *line);

/* All accounts by name. */
enum fault account_each(struct db *owner, account_line_fn *each, void *context) MUST_USE;

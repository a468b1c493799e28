/* Links by which the owner of an account chooses a password: for the first time, or after a reset.
 * They work once and for LIMIT_ACTIVATION_LINK_S or LIMIT_RESET_LINK_S. The database holds the
 * SHA-256 of the token alone. */
#pragma once

#include <stdbool.h>

#include "db/connection.h"

enum { ACCOUNT_LINK_CHARACTERS = 43 }; /* 32 random bytes in base64url */

/* As it is shown, once. */
struct account_link {
    char token[ACCOUNT_LINK_CHARACTERS + 1];
    char purpose[16];    /* activation, reset */
    char expires_at[40]; /* as PostgreSQL writes it */
};

struct account_link_secret {
    char token[ACCOUNT_LINK_CHARACTERS + 1];
    char sha256[2 + 64 + 1]; /* "\x..." */
};
void account_link_new(const struct clock_source *clock, struct account_link_secret *ret_secret);
/* False when the text cannot be a token. */
bool account_link_sha256(struct str token, char ret_text[static 67]);

/* By an administrator for somebody else. FAULT_NOT_FOUND: no such account, or disabled;
 * FAULT_OWN_ACCOUNT. */
enum fault account_link_issue(struct db *db, const struct clock_source *clock,
                              const char *account_id, struct account_link *ret_link) MUST_USE;
/* Row 0 of a result with purpose and expires_at. */
void account_link_read(const struct rows *rows, const struct account_link_secret *secret,
                       struct account_link *ret_link);

struct account_link_owner {
    const char *account_id;
    const char *username;
    const char *display_name;
    const char *purpose;
    const char *expires_at; /* as PostgreSQL writes it */
    bool has_factor;
};
/* FAULT_LINK_GONE: unknown, used, replaced, expired, or its account is disabled. */
enum fault account_link_find(struct db *db, struct arena *arena, const char *sha256,
                             struct account_link_owner *ret_owner) MUST_USE;
/* Uses it up and sets the password; FAULT_LINK_GONE as above. */
enum fault account_link_use(struct db *db, const char *sha256, const char *hash) MUST_USE;

/* Words that do not make a password of this account strong; count in *ret_count. */
enum fault account_password_words(struct db *db, struct arena *arena, const char *account_id,
                                  const char *const **ret_words, int *ret_count) MUST_USE;
enum fault account_has_factor(struct db *db, const char *account_id, bool *ret_has) MUST_USE;
/* Of whoever acts; all sessions but this one end. */
enum fault account_password_change(struct db *db, const char *hash, const char *session_id)
    MUST_USE;

extern const struct statement *const account_link_statements[];

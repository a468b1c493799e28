/* Sessions as their owner sees and ends them, and the token that changes with the second factor. */
#pragma once

#include "db/session.h"

/* The session goes on under another token with its second factor shown now; a session that waited is
 * complete from now on. FAULT_SESSION_EXPIRED when the old token is dead. */
enum fault session_rotate(struct db *db, const unsigned char old_sha256[static 32],
                          const unsigned char new_sha256[static 32]) MUST_USE;

/* Columns of the rows of session_mine. */
enum {
    SESSION_ID,
    SESSION_METHOD,
    SESSION_CREATED_AT,
    SESSION_LAST_SEEN_AT,
    SESSION_EXPIRES_AT,
    SESSION_FACTOR_AT,
    SESSION_USER_AGENT,
    SESSION_ADDRESS,
};
enum fault session_mine(struct db *db, struct rows *ret_rows) MUST_USE;
/* FAULT_NOT_FOUND for one that is not mine. */
enum fault session_end(struct db *db, const char *id) MUST_USE;
enum fault session_end_others(struct db *db, const char *keep_id, int *ret_ended) MUST_USE;

extern const struct statement *const session_own_statements[];

/* Single sign-on: sign-ins under way, linked identities, and which sessions a provider opened. */
#pragma once

#include "db/session.h"

/* SHA-256 of `state` and of the browser's cookie. link_to: the account that acts and links an
 * identity, or NULL for a sign-in. */
struct sign_on_attempt {
    unsigned char state_sha256[32];
    unsigned char browser_sha256[32];
    const char *link_to;
    const char *return_path;
};

enum fault sign_on_begin(struct db *db, const struct sign_on_attempt *attempt) MUST_USE;
/* Takes the attempt with these two hashes away and fills in the rest; FAULT_SIGN_IN_EXPIRED when it
 * is unknown, too old, used, or another browser's. */
enum fault sign_on_take(struct db *db, struct arena *arena, struct sign_on_attempt *attempt)
    MUST_USE;

struct sign_on_identity {
    const char *id;
    const char *account_id;
};
/* FAULT_IDENTITY_UNKNOWN: not linked, or the account is disabled. */
enum fault sign_on_find(struct db *db, struct arena *arena, const char *issuer, const char *subject,
                        struct sign_on_identity *ret_identity) MUST_USE;

struct sign_on_session {
    const char *identity_id;
    const char *provider_session; /* or NULL */
    const char *id_token;
    int64_t factor_at; /* seconds; 0: the provider saw no second factor */
};
/* Completes the session that was just opened with this token. */
enum fault sign_on_session(struct db *db, const unsigned char token_sha256[static 32],
                           const struct sign_on_session *session) MUST_USE;
/* The ID token of a session; *ret_token is NULL when it was opened otherwise. */
enum fault sign_on_hint(struct db *db, struct arena *arena,
                        const unsigned char token_sha256[static 32], const char **ret_token)
    MUST_USE;

struct sign_on_end {
    unsigned char token_id_sha256[32];
    int64_t expires_at; /* seconds */
    const char *issuer;
    const char *subject; /* or NULL */
    const char *session; /* or NULL */
};
/* Ends sessions; rows of account and session ids for the log, none for a repeated token. */
enum fault sign_on_end(struct db *db, const struct sign_on_end *end, struct rows *ret_rows)
    MUST_USE;

/* Identities of the account that acts, as a JSON array; newest first. */
enum fault identity_list(struct db *db, struct arena *arena, const char *account_id,
                         struct str *ret_json) MUST_USE;
struct identity_new {
    const char *id;
    const char *account_id;
    const char *issuer;
    const char *subject;
    const char *name;
};
/* FAULT_IDENTITY_TAKEN when it is linked already. */
enum fault identity_add(struct db *db, const struct identity_new *identity) MUST_USE;
/* Ends the link and the sessions it opened. FAULT_NOT_FOUND: not this account's, or ended. */
enum fault identity_end(struct db *db, const char *account_id, const char *id) MUST_USE;

extern const struct statement *const sign_on_statements[];

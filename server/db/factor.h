/* What an account shows beside its password: codes of an app, passkeys, recovery codes; and the
 * challenges that passkeys sign. Secrets come and go sealed; nothing here judges a code. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/seal.h"
#include "db/connection.h"

struct factor_state {
    bool totp;
    int passkeys;
    int recovery_codes; /* not used yet */
    int wanted;         /* how many factors this account should have: 2 for who decides, else 0 */
};

/* Of any account: sign-in asks before anyone acts. */
enum fault factor_state_of(struct db *db, const char *account_id, struct factor_state *ret_state)
    MUST_USE;
bool factor_any(const struct factor_state *state);

/* Before a code is judged, in the same transaction: keeps other tries for this account waiting.
 * *ret_wait_s > 0: too many were wrong (LIMIT_FACTOR_TRIES in LIMIT_FACTOR_WINDOW_S). */
enum fault factor_try(struct db *db, const char *account_id, int *ret_wait_s) MUST_USE;
/* Afterwards; a good one lets the failures be forgotten. */
enum fault factor_judged(struct db *db, const char *account_id, bool good) MUST_USE;

enum { FACTOR_TOTP_BYTES = 20, FACTOR_SEALED_BYTES = FACTOR_TOTP_BYTES + SEAL_EXTRA_BYTES };

struct totp_record {
    char key_id[SEAL_ID_BYTES];
    unsigned char sealed[FACTOR_SEALED_BYTES];
    int64_t last_counter;
};

/* The secret in use, or the one that waits for its first code; FAULT_NOT_FOUND for none. */
enum fault totp_find(struct db *db, const char *account_id, bool waits,
                     struct totp_record *ret_record) MUST_USE;
/* *ret_accepted false: this step or a later one was used before. */
enum fault totp_accept(struct db *db, const char *account_id, int64_t counter, bool *ret_accepted)
    MUST_USE;
/* Of whoever acts. FAULT_STEP_UP_REQUIRED without a fresh factor when there is any. */
enum fault totp_begin(struct db *db, const char *key_id,
                      const unsigned char sealed[static FACTOR_SEALED_BYTES]) MUST_USE;
enum fault totp_confirm(struct db *db, int64_t counter) MUST_USE;
/* FAULT_NOT_FOUND for none, FAULT_LAST_FACTOR when it must stay. */
enum fault totp_remove(struct db *db) MUST_USE;

enum { RECOVERY_CODES = 10 };

enum fault recovery_replace(struct db *db, struct arena *arena,
                            const unsigned char hashes[static RECOVERY_CODES * 32]) MUST_USE;
enum fault recovery_use(struct db *db, const char *account_id, const unsigned char hash[static 32],
                        bool *ret_used) MUST_USE;

enum { PASSKEY_RECORD_KEY_BYTES = 64 };

struct passkey_record {
    const char *id;
    const char *account_id;
    int algorithm;
    unsigned char key[PASSKEY_RECORD_KEY_BYTES];
    size_t key_length;
    int64_t sign_count;
    const char *rp_id;
};

/* purpose: "sign_in" (session_id NULL), "factor", "register". FAULT_BUSY when too many are open. */
enum fault challenge_make(struct db *db, const unsigned char challenge[static 32],
                          const char *purpose, const char *session_id) MUST_USE;
/* Taken once; *ret_taken false: unknown, old, of another purpose or session. */
enum fault challenge_take(struct db *db, const unsigned char challenge[static 32],
                          const char *purpose, const char *session_id, bool *ret_taken) MUST_USE;
enum fault challenge_forget_old(struct db *db) MUST_USE;

/* By the credential's own id, of an account that may sign in. FAULT_NOT_FOUND. */
enum fault passkey_find(struct db *db, struct arena *arena, const unsigned char *credential,
                        size_t length, struct passkey_record *ret_record) MUST_USE;
/* Credential ids of an account in base64url; ret_ids has room for PASSKEYS_MAX. */
enum { PASSKEYS_MAX = 10 };
enum fault passkey_ids(struct db *db, struct arena *arena, const char *account_id,
                       const char *ret_ids[static PASSKEYS_MAX], int *ret_count) MUST_USE;
enum fault passkey_used(struct db *db, const char *id, int64_t sign_count) MUST_USE;

struct passkey_addition {
    const char *id;
    const unsigned char *credential;
    size_t credential_length;
    int algorithm;
    const unsigned char *key;
    size_t key_length;
    int64_t sign_count;
    const char *name;
    const char *rp_id;
};
/* FAULT_CONFLICT for one that is registered, or beyond PASSKEYS_MAX. */
enum fault passkey_add(struct db *db, struct arena *arena, const struct passkey_addition *passkey)
    MUST_USE;
/* Columns of the rows of passkey_mine. */
enum {
    PASSKEY_ID,
    PASSKEY_NAME,
    PASSKEY_VERSION,
    PASSKEY_CREATED_AT,
    PASSKEY_LAST_USED_AT,
};
enum fault passkey_mine(struct db *db, struct rows *ret_rows) MUST_USE;
enum fault passkey_rename(struct db *db, const char *id, const char *name) MUST_USE;
enum fault passkey_remove(struct db *db, const char *id) MUST_USE;

extern const struct statement *const factor_statements[];

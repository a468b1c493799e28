#include "db/sign_in.h"

#include <stdio.h>

#include "db/session.h"

static const struct statement ATTEMPT = {
    "sign_in_attempt",
    "SELECT account_id, password_hash, retry_in_s, stopped, device_known "
    "FROM capdo.sign_in_attempt($1, $2, $3)",
    3};
static const struct statement DONE = {"sign_in_done", "SELECT capdo.sign_in_done($1, $2, $3)", 3};
static const struct statement DEVICE = {"sign_in_device",
                                        "SELECT capdo.device_remember($1, $2, $3)", 3};
static const struct statement SEEN = {"sign_in_device_seen", "SELECT capdo.device_seen($1, $2)", 2};
static const struct statement REHASH = {"password_rehash",
                                        "SELECT capdo.password_rehash($1, $2, $3)", 3};

const struct statement *const sign_in_statements[] = {&ATTEMPT, &DONE,   &DEVICE,
                                                      &SEEN,    &REHASH, NULL};

/* NULL stays NULL. */
static const char *device_text(const unsigned char *sha256, char text[static SHA256_HEX_BYTES])
{
    if (sha256 == NULL) {
        return NULL;
    }
    session_token_hex(sha256, text);
    return text;
}

enum fault sign_in_attempt(struct db *db, struct arena *arena, const char *username,
                           const unsigned char *device_sha256, struct sign_in_attempt *ret_attempt)
{
    struct rows rows;
    char device[SHA256_HEX_BYTES];
    char most[16];

    (void)snprintf(most, sizeof(most), "%d", LIMIT_SIGN_IN_FAILURES);
    enum fault fault = db_query(
        db, &ATTEMPT, PARAMETERS(username, device_text(device_sha256, device), most), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_attempt = (struct sign_in_attempt){
        .account_id = rows_copy(&rows, 0, 0, arena),
        .password_hash = rows_copy(&rows, 0, 1, arena),
        .retry_in_s = (int)rows_int(&rows, 0, 2, 0),
        .stopped = rows_bool(&rows, 0, 3),
        .device_known = rows_bool(&rows, 0, 4),
    };
    rows_done(&rows);
    return FAULT_NONE;
}

enum fault sign_in_done(struct db *db, const char *account_id, const unsigned char *device_sha256)
{
    char device[SHA256_HEX_BYTES];
    char most[16];

    (void)snprintf(most, sizeof(most), "%d", LIMIT_SIGN_IN_FAILURES);
    return db_execute(db, &DONE, PARAMETERS(account_id, device_text(device_sha256, device), most),
                      NULL);
}

enum fault sign_in_device_seen(struct db *db, const char *account_id,
                               const unsigned char device_sha256[static 32], bool *ret_known)
{
    struct rows rows;
    char device[SHA256_HEX_BYTES];
    enum fault fault =
        db_query(db, &SEEN, PARAMETERS(account_id, device_text(device_sha256, device)), &rows);

    if (fault == FAULT_NONE) {
        *ret_known = rows_bool(&rows, 0, 0);
        rows_done(&rows);
    }
    return fault;
}

enum fault sign_in_device(struct db *db, const char *account_id,
                          const unsigned char device_sha256[static 32])
{
    char device[SHA256_HEX_BYTES];
    char most[16];

    (void)snprintf(most, sizeof(most), "%d", LIMIT_KNOWN_DEVICES);
    return db_execute(db, &DEVICE, PARAMETERS(account_id, device_text(device_sha256, device), most),
                      NULL);
}

enum fault sign_in_rehash(struct db *db, const char *account_id, const char *old_hash,
                          const char *new_hash)
{
    return db_execute(db, &REHASH, PARAMETERS(account_id, old_hash, new_hash), NULL);
}

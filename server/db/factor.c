#include "db/factor.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "db/session.h"

static const struct statement STATE = {
    "factor_state", "SELECT totp, passkeys, recovery_codes, wanted FROM capdo.factor_state($1)", 1};
static const struct statement TRY = {"factor_try", "SELECT capdo.factor_try($1, $2, $3)", 3};
static const struct statement JUDGED = {"factor_judged", "SELECT capdo.factor_judged($1, $2)", 2};
static const struct statement TOTP_FIND = {
    "totp_find", "SELECT key_id, sealed, last_counter FROM capdo.totp_find($1, $2)", 2};
static const struct statement TOTP_ACCEPT = {"totp_accept", "SELECT capdo.totp_accept($1, $2)", 2};
static const struct statement TOTP_BEGIN = {"totp_begin", "SELECT capdo.totp_begin($1, $2)", 2};
static const struct statement TOTP_CONFIRM = {"totp_confirm", "SELECT capdo.totp_confirm($1)", 1};
static const struct statement TOTP_REMOVE = {"totp_remove", "SELECT capdo.totp_remove()", 0};
static const struct statement RECOVERY_REPLACE = {"recovery_replace",
                                                  "SELECT capdo.recovery_replace($1)", 1};
static const struct statement RECOVERY_USE = {"recovery_use", "SELECT capdo.recovery_use($1, $2)",
                                              2};
static const struct statement CHALLENGE_MAKE = {"challenge_make",
                                                "SELECT capdo.challenge_make($1, $2, $3, $4)", 4};
static const struct statement CHALLENGE_TAKE = {"challenge_take",
                                                "SELECT capdo.challenge_take($1, $2, $3)", 3};
static const struct statement CHALLENGE_FORGET_OLD = {"challenge_forget_old",
                                                      "SELECT capdo.challenge_forget_old()", 0};
static const struct statement PASSKEY_FIND = {
    "passkey_find",
    "SELECT id, account_id, algorithm, public_key, sign_count, rp_id FROM capdo.passkey_find($1)",
    1};
static const struct statement PASSKEY_IDS = {
    "passkey_ids",
    "SELECT rtrim(translate(replace(encode(credential_id, 'base64'), E'\\n', ''), '+/', '-_'), '=')"
    " FROM capdo.passkey_ids($1)",
    1};
static const struct statement PASSKEY_USED = {"passkey_used", "SELECT capdo.passkey_used($1, $2)",
                                              2};
static const struct statement PASSKEY_ADD = {
    "passkey_add", "SELECT capdo.passkey_add($1, $2, $3, $4, $5, $6, $7, $8)", 8};
static const struct statement PASSKEY_MINE = {
    "passkey_mine", "SELECT id, name, version, created_at, last_used_at FROM capdo.passkey_mine()",
    0};
static const struct statement PASSKEY_RENAME = {"passkey_rename",
                                                "SELECT capdo.passkey_rename($1, $2)", 2};
static const struct statement PASSKEY_REMOVE = {"passkey_remove", "SELECT capdo.passkey_remove($1)",
                                                1};

const struct statement *const factor_statements[] = {&STATE,
                                                     &TRY,
                                                     &JUDGED,
                                                     &TOTP_FIND,
                                                     &TOTP_ACCEPT,
                                                     &TOTP_BEGIN,
                                                     &TOTP_CONFIRM,
                                                     &TOTP_REMOVE,
                                                     &RECOVERY_USE,
                                                     &RECOVERY_REPLACE,
                                                     &CHALLENGE_MAKE,
                                                     &CHALLENGE_TAKE,
                                                     &PASSKEY_FIND,
                                                     &CHALLENGE_FORGET_OLD,
                                                     &PASSKEY_IDS,
                                                     &PASSKEY_USED,
                                                     &PASSKEY_ADD,
                                                     &PASSKEY_MINE,
                                                     &PASSKEY_RENAME,
                                                     &PASSKEY_REMOVE,
                                                     NULL};

enum { NUMBER_BYTES = 24 };

static const char *number(char text[static NUMBER_BYTES], int64_t value)
{
    (void)snprintf(text, NUMBER_BYTES, "%lld", (long long)value);
    return text;
}

/* "\x..." as PostgreSQL reads bytea. */
static const char *bytes_text(char *ret_text, size_t room, const unsigned char *bytes,
                              size_t length)
{
    ret_text[0] = '\\';
    ret_text[1] = 'x';
    (void)sodium_bin2hex(ret_text + 2, room - 2, bytes, length);
    return ret_text;
}

/* False when the column is not "\x" and the hexadecimal digits of at most room bytes. */
static bool read_bytes(const struct rows *rows, int column, unsigned char *ret_bytes, size_t room,
                       size_t *ret_length)
{
    struct str text = rows_str(rows, 0, column);
    const char *end = NULL;

    return text.length >= 2 &&
           sodium_hex2bin(ret_bytes, room, text.at + 2, text.length - 2, NULL, ret_length, &end) ==
               0 &&
           end == text.at + text.length;
}

/* One statement that returns a truth. */
static enum fault ask(struct db *db, const struct statement *statement,
                      const struct db_parameters *parameters, bool *ret_truth)
{
    struct rows rows;
    enum fault fault = db_query(db, statement, parameters, &rows);

    if (fault == FAULT_NONE) {
        *ret_truth = rows_bool(&rows, 0, 0);
        rows_done(&rows);
    }
    return fault;
}

static enum fault ask_found(struct db *db, const struct statement *statement,
                            const struct db_parameters *parameters)
{
    bool found = false;
    enum fault fault = ask(db, statement, parameters, &found);

    return fault == FAULT_NONE && !found ? FAULT_NOT_FOUND : fault;
}

static const struct db_parameters NONE = {.count = 0};

enum fault factor_state_of(struct db *db, const char *account_id, struct factor_state *ret_state)
{
    struct rows rows;
    enum fault fault = db_query(db, &STATE, PARAMETERS(account_id), &rows);

    if (fault == FAULT_NONE) {
        *ret_state = (struct factor_state){
            .totp = rows_bool(&rows, 0, 0),
            .passkeys = (int)rows_int(&rows, 0, 1, 0),
            .recovery_codes = (int)rows_int(&rows, 0, 2, 0),
            .wanted = (int)rows_int(&rows, 0, 3, 0),
        };
        rows_done(&rows);
    }
    return fault;
}

bool factor_any(const struct factor_state *state)
{
    return state->totp || state->passkeys > 0;
}

enum fault factor_try(struct db *db, const char *account_id, int *ret_wait_s)
{
    struct rows rows;
    char most[NUMBER_BYTES];
    char window[NUMBER_BYTES];
    enum fault fault = db_query(db, &TRY,
                                PARAMETERS(account_id, number(most, LIMIT_FACTOR_TRIES),
                                           number(window, LIMIT_FACTOR_WINDOW_S)),
                                &rows);

    if (fault == FAULT_NONE) {
        *ret_wait_s = (int)rows_int(&rows, 0, 0, 0);
        rows_done(&rows);
    }
    return fault;
}

enum fault factor_judged(struct db *db, const char *account_id, bool good)
{
    return db_execute(db, &JUDGED, PARAMETERS(account_id, good ? "t" : "f"), NULL);
}

enum fault totp_find(struct db *db, const char *account_id, bool waits,
                     struct totp_record *ret_record)
{
    struct rows rows;
    struct totp_record record = {.last_counter = 0};
    size_t length = 0;
    enum fault fault = db_query(db, &TOTP_FIND, PARAMETERS(account_id, waits ? "t" : "f"), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        fault = FAULT_NOT_FOUND;
    } else if (!read_bytes(&rows, 1, record.sealed, sizeof(record.sealed), &length) ||
               length != sizeof(record.sealed)) {
        fault = FAULT_INTERNAL;
    } else {
        (void)snprintf(record.key_id, sizeof(record.key_id), "%s", rows_str(&rows, 0, 0).at);
        record.last_counter = rows_int(&rows, 0, 2, 0);
        *ret_record = record;
    }
    rows_done(&rows);
    return fault;
}

enum fault totp_accept(struct db *db, const char *account_id, int64_t counter, bool *ret_accepted)
{
    char text[NUMBER_BYTES];

    return ask(db, &TOTP_ACCEPT, PARAMETERS(account_id, number(text, counter)), ret_accepted);
}

enum fault totp_begin(struct db *db, const char *key_id,
                      const unsigned char sealed[static FACTOR_SEALED_BYTES])
{
    char text[2 + 2 * FACTOR_SEALED_BYTES + 1];

    return db_execute(
        db, &TOTP_BEGIN,
        PARAMETERS(key_id, bytes_text(text, sizeof(text), sealed, FACTOR_SEALED_BYTES)), NULL);
}

enum fault totp_confirm(struct db *db, int64_t counter)
{
    char text[NUMBER_BYTES];

    return ask_found(db, &TOTP_CONFIRM, PARAMETERS(number(text, counter)));
}

enum fault totp_remove(struct db *db)
{
    return ask_found(db, &TOTP_REMOVE, &NONE);
}

enum fault recovery_replace(struct db *db, struct arena *arena,
                            const unsigned char hashes[static RECOVERY_CODES * 32])
{
    struct buffer array;

    buffer_init(&array, 1024);
    for (int i = 0; i < RECOVERY_CODES; i++) {
        char hash[SHA256_HEX_BYTES];
        session_token_hex(hashes + (size_t)i * 32, hash);
        /* Inside an array literal the backslash of \x is doubled. */
        buffer_printf(&array, "%s\"\\%s\"", i > 0 ? "," : "{", hash);
    }
    buffer_char(&array, '}');
    const char *list = arena_str(arena, (struct str){array.at, array.length}).at;
    buffer_done(&array);
    return db_execute(db, &RECOVERY_REPLACE, PARAMETERS(list), NULL);
}

enum fault recovery_use(struct db *db, const char *account_id, const unsigned char hash[static 32],
                        bool *ret_used)
{
    char text[SHA256_HEX_BYTES];

    session_token_hex(hash, text);
    return ask(db, &RECOVERY_USE, PARAMETERS(account_id, text), ret_used);
}

enum fault challenge_make(struct db *db, const unsigned char challenge[static 32],
                          const char *purpose, const char *session_id)
{
    char text[SHA256_HEX_BYTES];
    char lifetime[NUMBER_BYTES];
    bool made = false;

    session_token_hex(challenge, text);
    enum fault fault =
        ask(db, &CHALLENGE_MAKE,
            PARAMETERS(text, purpose, session_id, number(lifetime, LIMIT_CHALLENGE_S)), &made);
    return fault == FAULT_NONE && !made ? FAULT_BUSY : fault;
}

enum fault challenge_take(struct db *db, const unsigned char challenge[static 32],
                          const char *purpose, const char *session_id, bool *ret_taken)
{
    char text[SHA256_HEX_BYTES];

    session_token_hex(challenge, text);
    return ask(db, &CHALLENGE_TAKE, PARAMETERS(text, purpose, session_id), ret_taken);
}

enum fault challenge_forget_old(struct db *db)
{
    return db_execute(db, &CHALLENGE_FORGET_OLD, &NONE, NULL);
}

static const char *arena_bytes(struct arena *arena, const unsigned char *bytes, size_t length)
{
    size_t room = 2 + 2 * length + 1;

    return bytes_text(arena_alloc(arena, room), room, bytes, length);
}

enum fault passkey_find(struct db *db, struct arena *arena, const unsigned char *credential,
                        size_t length, struct passkey_record *ret_record)
{
    struct rows rows;
    enum fault fault =
        db_query(db, &PASSKEY_FIND, PARAMETERS(arena_bytes(arena, credential, length)), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        fault = FAULT_NOT_FOUND;
    } else {
        *ret_record = (struct passkey_record){
            .id = rows_copy(&rows, 0, 0, arena),
            .account_id = rows_copy(&rows, 0, 1, arena),
            .algorithm = (int)rows_int(&rows, 0, 2, 0),
            .sign_count = rows_int(&rows, 0, 4, 0),
            .rp_id = rows_copy(&rows, 0, 5, arena),
        };
        if (!read_bytes(&rows, 3, ret_record->key, sizeof(ret_record->key),
                        &ret_record->key_length)) {
            fault = FAULT_INTERNAL;
        }
    }
    rows_done(&rows);
    return fault;
}

enum fault passkey_ids(struct db *db, struct arena *arena, const char *account_id,
                       const char *ret_ids[static PASSKEYS_MAX], int *ret_count)
{
    struct rows rows;
    enum fault fault = db_query(db, &PASSKEY_IDS, PARAMETERS(account_id), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_count = 0;
    for (int i = 0; i < rows.count && i < PASSKEYS_MAX; i++) {
        ret_ids[(*ret_count)++] = rows_copy(&rows, i, 0, arena);
    }
    rows_done(&rows);
    return FAULT_NONE;
}

enum fault passkey_used(struct db *db, const char *id, int64_t sign_count)
{
    char text[NUMBER_BYTES];

    return db_execute(db, &PASSKEY_USED, PARAMETERS(id, number(text, sign_count)), NULL);
}

enum fault passkey_add(struct db *db, struct arena *arena, const struct passkey_addition *passkey)
{
    char algorithm[NUMBER_BYTES];
    char count[NUMBER_BYTES];
    char most[NUMBER_BYTES];

    return db_execute(
        db, &PASSKEY_ADD,
        PARAMETERS(passkey->id, arena_bytes(arena, passkey->credential, passkey->credential_length),
                   number(algorithm, passkey->algorithm),
                   arena_bytes(arena, passkey->key, passkey->key_length),
                   number(count, passkey->sign_count), passkey->name, passkey->rp_id,
                   number(most, PASSKEYS_MAX)),
        NULL);
}

enum fault passkey_mine(struct db *db, struct rows *ret_rows)
{
    return db_query(db, &PASSKEY_MINE, &NONE, ret_rows);
}

enum fault passkey_rename(struct db *db, const char *id, const char *name)
{
    return db_execute(db, &PASSKEY_RENAME, PARAMETERS(id, name), NULL);
}

enum fault passkey_remove(struct db *db, const char *id)
{
    return ask_found(db, &PASSKEY_REMOVE, PARAMETERS(id));
}

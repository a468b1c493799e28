#include "db/account_link.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "db/session.h"

static const struct statement ISSUE = {
    "account_link_issue", "SELECT purpose, expires_at FROM capdo.link_issue($1, $2, $3, $4)", 4};
static const struct statement FIND = {
    "account_link_find",
    "SELECT account_id, username, display_name, purpose, expires_at, has_factor "
    "FROM capdo.link_find($1)",
    1};
static const struct statement USE = {"account_link_use",
                                     "SELECT account_id FROM capdo.link_use($1, $2)", 2};
static const struct statement WORDS = {"account_password_words",
                                       "SELECT unnest(capdo.password_words($1))", 1};
static const struct statement HAS_FACTOR = {"account_has_factor",
                                            "SELECT capdo.account_has_factor($1)", 1};
static const struct statement CHANGE = {"account_password_change",
                                        "SELECT capdo.password_change($1, $2)", 2};

const struct statement *const account_link_statements[] = {&ISSUE,      &FIND,   &USE, &WORDS,
                                                           &HAS_FACTOR, &CHANGE, NULL};

_Static_assert(sizeof(((struct account_link_secret *)0)->sha256) == SHA256_HEX_BYTES,
               "room for the hash in text");

void account_link_new(const struct clock_source *clock, struct account_link_secret *ret_secret)
{
    unsigned char random[32];

    clock_random(clock, random, sizeof(random));
    (void)sodium_bin2base64(ret_secret->token, sizeof(ret_secret->token), random, sizeof(random),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    (void)account_link_sha256(str_of(ret_secret->token), ret_secret->sha256);
}

bool account_link_sha256(struct str token, char ret_text[static 67])
{
    unsigned char digest[32];

    if (token.length != ACCOUNT_LINK_CHARACTERS) {
        return false;
    }
    crypto_hash_sha256(digest, (const unsigned char *)token.at, token.length);
    session_token_hex(digest, ret_text);
    return true;
}

void account_link_read(const struct rows *rows, const struct account_link_secret *secret,
                       struct account_link *ret_link)
{
    (void)memcpy(ret_link->token, secret->token, sizeof(ret_link->token));
    (void)snprintf(ret_link->purpose, sizeof(ret_link->purpose), "%s", rows_str(rows, 0, 0).at);
    (void)snprintf(ret_link->expires_at, sizeof(ret_link->expires_at), "%s",
                   rows_str(rows, 0, 1).at);
}

enum fault account_link_issue(struct db *db, const struct clock_source *clock,
                              const char *account_id, struct account_link *ret_link)
{
    struct account_link_secret secret;
    struct rows rows;
    char activation[16];
    char reset[16];

    account_link_new(clock, &secret);
    (void)snprintf(activation, sizeof(activation), "%d", LIMIT_ACTIVATION_LINK_S);
    (void)snprintf(reset, sizeof(reset), "%d", LIMIT_RESET_LINK_S);
    enum fault fault =
        db_query(db, &ISSUE, PARAMETERS(account_id, secret.sha256, activation, reset), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        fault = FAULT_NOT_FOUND;
    } else {
        account_link_read(&rows, &secret, ret_link);
    }
    rows_done(&rows);
    return fault;
}

enum fault account_link_find(struct db *db, struct arena *arena, const char *sha256,
                             struct account_link_owner *ret_owner)
{
    struct rows rows;
    enum fault fault = db_query(db, &FIND, PARAMETERS(sha256), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        fault = FAULT_LINK_GONE;
    } else {
        *ret_owner = (struct account_link_owner){
            .account_id = rows_copy(&rows, 0, 0, arena),
            .username = rows_copy(&rows, 0, 1, arena),
            .display_name = rows_copy(&rows, 0, 2, arena),
            .purpose = rows_copy(&rows, 0, 3, arena),
            .expires_at = rows_copy(&rows, 0, 4, arena),
            .has_factor = rows_bool(&rows, 0, 5),
        };
    }
    rows_done(&rows);
    return fault;
}

enum fault account_link_use(struct db *db, const char *sha256, const char *hash)
{
    struct rows rows;
    enum fault fault = db_query(db, &USE, PARAMETERS(sha256, hash), &rows);

    if (fault == FAULT_NONE) {
        fault = rows.count == 0 ? FAULT_LINK_GONE : FAULT_NONE;
        rows_done(&rows);
    }
    return fault;
}

enum fault account_password_words(struct db *db, struct arena *arena, const char *account_id,
                                  const char *const **ret_words, int *ret_count)
{
    struct rows rows;
    enum fault fault = db_query(db, &WORDS, PARAMETERS(account_id), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    const char **words = ARENA_ARRAY(arena, (size_t)rows.count + 1, const char *);
    for (int i = 0; i < rows.count; i++) {
        words[i] = rows_copy(&rows, i, 0, arena);
    }
    *ret_words = words;
    *ret_count = rows.count;
    rows_done(&rows);
    return FAULT_NONE;
}

enum fault account_has_factor(struct db *db, const char *account_id, bool *ret_has)
{
    struct rows rows;
    enum fault fault = db_query(db, &HAS_FACTOR, PARAMETERS(account_id), &rows);

    if (fault == FAULT_NONE) {
        *ret_has = rows_bool(&rows, 0, 0);
        rows_done(&rows);
    }
    return fault;
}

enum fault account_password_change(struct db *db, const char *hash, const char *session_id)
{
    return db_execute(db, &CHANGE, PARAMETERS(hash, session_id), NULL);
}

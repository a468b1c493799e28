#include "db/sign_on.h"

#include <stdio.h>

static const struct statement BEGIN = {"sign_on_begin",
                                       "SELECT capdo.sign_on_begin($1, $2, $3, $4, $5, $6)", 6};
static const struct statement TAKE = {
    "sign_on_take", "SELECT return_path, link_to FROM capdo.sign_on_take($1, $2)", 2};
static const struct statement FIND = {
    "sign_on_find", "SELECT identity_id, account_id FROM capdo.sign_on_find($1, $2)", 2};
static const struct statement SESSION = {
    "sign_on_session", "SELECT capdo.sign_on_session($1, $2, $3, $4, nullif($5::bigint, 0))", 5};
static const struct statement HINT = {"sign_on_hint", "SELECT capdo.sign_on_hint($1)", 1};
static const struct statement END = {
    "sign_on_end",
    "SELECT account_id, session_id FROM capdo.sign_on_end($1, to_timestamp($2::bigint), $3, $4, "
    "$5)",
    5};
static const struct statement LIST = {
    "identity_list",
    "SELECT coalesce(json_agg(json_build_object('id', i.id, 'issuer', i.issuer, 'name', i.name, "
    "'linked_at', to_char(i.linked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
    "'used_at', to_char(i.used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')) "
    "ORDER BY i.linked_at DESC, i.id), '[]') "
    "FROM capdo.account_identity i WHERE i.account_id = $1 AND i.ended_at IS NULL",
    1};
static const struct statement ADD = {
    "identity_add",
    "INSERT INTO capdo.account_identity (id, account_id, issuer, subject, name, linked_by) "
    "VALUES ($1, $2, $3, $4, $5, $2)",
    5};
static const struct statement UNLINK = {"identity_end",
                                        "UPDATE capdo.account_identity SET ended_at = now() "
                                        "WHERE id = $1 AND account_id = $2 AND ended_at IS NULL",
                                        2};

const struct statement *const sign_on_statements[] = {&BEGIN, &TAKE, &FIND, &SESSION, &HINT,
                                                      &END,   &LIST, &ADD,  &UNLINK,  NULL};

enum fault sign_on_begin(struct db *db, const struct sign_on_attempt *attempt)
{
    char state[SHA256_HEX_BYTES];
    char browser[SHA256_HEX_BYTES];
    char lifetime[16];
    char most[16];

    session_token_hex(attempt->state_sha256, state);
    session_token_hex(attempt->browser_sha256, browser);
    (void)snprintf(lifetime, sizeof(lifetime), "%d", LIMIT_SIGN_ON_S);
    (void)snprintf(most, sizeof(most), "%d", LIMIT_SIGN_ON_ATTEMPTS);
    return db_execute(
        db, &BEGIN,
        PARAMETERS(state, browser, attempt->link_to, attempt->return_path, lifetime, most), NULL);
}

enum fault sign_on_take(struct db *db, struct arena *arena, struct sign_on_attempt *attempt)
{
    char state[SHA256_HEX_BYTES];
    char browser[SHA256_HEX_BYTES];
    struct rows rows;

    session_token_hex(attempt->state_sha256, state);
    session_token_hex(attempt->browser_sha256, browser);
    enum fault fault = db_query(db, &TAKE, PARAMETERS(state, browser), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        fault = FAULT_SIGN_IN_EXPIRED;
    } else {
        attempt->return_path = rows_copy(&rows, 0, 0, arena);
        attempt->link_to = rows_copy(&rows, 0, 1, arena);
    }
    rows_done(&rows);
    return fault;
}

enum fault sign_on_find(struct db *db, struct arena *arena, const char *issuer, const char *subject,
                        struct sign_on_identity *ret_identity)
{
    struct rows rows;
    enum fault fault = db_query(db, &FIND, PARAMETERS(issuer, subject), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        fault = FAULT_IDENTITY_UNKNOWN;
    } else {
        ret_identity->id = rows_copy(&rows, 0, 0, arena);
        ret_identity->account_id = rows_copy(&rows, 0, 1, arena);
    }
    rows_done(&rows);
    return fault;
}

enum fault sign_on_session(struct db *db, const unsigned char token_sha256[static 32],
                           const struct sign_on_session *session)
{
    char token[SHA256_HEX_BYTES];
    char factor_at[24];

    session_token_hex(token_sha256, token);
    (void)snprintf(factor_at, sizeof(factor_at), "%lld", (long long)session->factor_at);
    return db_execute(db, &SESSION,
                      PARAMETERS(token, session->identity_id, session->provider_session,
                                 session->id_token, factor_at),
                      NULL);
}

enum fault sign_on_hint(struct db *db, struct arena *arena,
                        const unsigned char token_sha256[static 32], const char **ret_token)
{
    char token[SHA256_HEX_BYTES];
    struct rows rows;

    session_token_hex(token_sha256, token);
    enum fault fault = db_query(db, &HINT, PARAMETERS(token), &rows);
    if (fault == FAULT_NONE) {
        *ret_token = rows_copy(&rows, 0, 0, arena);
        rows_done(&rows);
    }
    return fault;
}

enum fault sign_on_end(struct db *db, const struct sign_on_end *end, struct rows *ret_rows)
{
    char id[SHA256_HEX_BYTES];
    char until[24];

    session_token_hex(end->token_id_sha256, id);
    /* As long as the token could be accepted once more. */
    (void)snprintf(until, sizeof(until), "%lld", (long long)end->expires_at + LIMIT_TOKEN_SKEW_S);
    return db_query(db, &END, PARAMETERS(id, until, end->issuer, end->subject, end->session),
                    ret_rows);
}

enum fault identity_list(struct db *db, struct arena *arena, const char *account_id,
                         struct str *ret_json)
{
    struct rows rows;
    enum fault fault = db_query(db, &LIST, PARAMETERS(account_id), &rows);

    if (fault == FAULT_NONE) {
        *ret_json = arena_str(arena, rows_str(&rows, 0, 0));
        rows_done(&rows);
    }
    return fault;
}

enum fault identity_add(struct db *db, const struct identity_new *identity)
{
    return db_execute(db, &ADD,
                      PARAMETERS(identity->id, identity->account_id, identity->issuer,
                                 identity->subject, identity->name),
                      NULL);
}

enum fault identity_end(struct db *db, const char *account_id, const char *id)
{
    int changed = 0;
    enum fault fault = db_execute(db, &UNLINK, PARAMETERS(id, account_id), &changed);

    if (fault != FAULT_NONE) {
        return fault;
    }
    return changed == 1 ? FAULT_NONE : FAULT_NOT_FOUND;
}

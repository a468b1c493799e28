#include "db/api_token.h"

#include <stddef.h>

/* Tokens are shown as expiring so long before; LIMIT_API_TOKEN_WARN_DAYS is this number. */
#define WARN_DAYS "14"
_Static_assert(LIMIT_API_TOKEN_WARN_DAYS == 14, "the text of the statements says the same");

#define ENDED "(t.revoked_at IS NOT NULL OR t.expires_at <= now())"
#define COLUMNS                                                                             \
    "t.key, t.name, o.id, o.name, t.reach, array_to_json(t.scopes), "                       \
    "array_to_json(t.networks::text[]), "                                                   \
    "CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= now() THEN "    \
    "'expired' WHEN t.expires_at <= now() + interval '" WARN_DAYS " days' THEN 'expiring' " \
    "ELSE 'active' END, "                                                                   \
    "t.expires_at, t.last_used_at, t.rotated_from, "                                        \
    "(SELECT n.id FROM capdo.api_token n WHERE n.rotated_from = t.id), t.revoked_at, "      \
    "t.created_at, capdo.person_name(t.created_by), t.version"
#define FROM "capdo.api_token t JOIN capdo.organisation o ON o.id = t.organisation_id"

const char *const API_TOKEN_REACHES[] = {"unit", "body", "register", NULL};
const char *const API_TOKEN_SCOPES[] = {"stats.read", "system.read",       "dossier.read",
                                        "label.read", "organisation.read", NULL};

static const struct list_filter FILTERS[] = {
    {"q", LIST_WORDS, NULL,
     "capdo.fold(t.name || ' ' || o.name || ' ' || t.key) LIKE capdo.search_pattern(?)"},
    {"ended", LIST_BOOL, NULL, ENDED " = ?::boolean"},
    {"organisation_id", LIST_UUIDS, NULL, "t.organisation_id = ANY (?::uuid[])"},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"created_at", "t.created_at", "timestamptz", false},
    {"expires_at", "t.expires_at", "timestamptz", false},
    {"name", "t.name COLLATE \"vi-x-icu\"", "text", false},
    {NULL, NULL, NULL, false},
};

const struct list_table api_token_list_table = {
    .columns = COLUMNS,
    .from = FROM,
    .id = "t.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = true,
};

const struct statement api_token_begin = {
    "begin_as_token",
    /* Nothing is ever entrusted to a program. */
    "SELECT account_id, username, display_name, roles, staff_of, appraises, directs, chairs, '{}', "
    "to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
    "session_id, pending, factor_age_s, token_id, scopes, refusal "
    "FROM capdo.begin_as_token($1, $2, $3)",
    3};

static const struct statement GET = {
    "api_token_get", "SELECT t.id, t.id, " COLUMNS " FROM " FROM " WHERE t.id = $1", 1};
static const struct statement LOCK = {
    "api_token_lock",
    "SELECT t.id, t.id, " COLUMNS " FROM " FROM " WHERE t.id = $1 FOR UPDATE OF t", 1};
static const struct statement BAD_NETWORK = {
    "api_token_bad_network",
    "SELECT coalesce(min(n.at) - 1, -1) FROM jsonb_array_elements_text($1::jsonb) "
    "WITH ORDINALITY n (words, at) WHERE capdo.network_or_null(n.words) IS NULL",
    1};
static const struct statement INSERT = {
    "api_token_insert",
    "INSERT INTO capdo.api_token (id, key, secret_sha256, organisation_id, name, reach, scopes, "
    "networks, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, "
    "ARRAY(SELECT DISTINCT jsonb_array_elements_text($7::jsonb)), "
    "ARRAY(SELECT capdo.network_or_null(jsonb_array_elements_text($8::jsonb))), "
    "capdo.ctx_account(), now() + make_interval(days => $9::integer))",
    9};
static const struct statement ROTATE = {
    "api_token_rotate",
    "INSERT INTO capdo.api_token (id, key, secret_sha256, organisation_id, name, reach, scopes, "
    "networks, created_by, expires_at, rotated_from) SELECT $2, $3, $4, t.organisation_id, t.name, "
    "t.reach, t.scopes, t.networks, capdo.ctx_account(), now() + coalesce(make_interval(days => "
    "$5::integer), least(t.expires_at - t.created_at, interval '365 days')), t.id "
    "FROM capdo.api_token t WHERE t.id = $1",
    5};
static const struct statement SHORTEN = {
    "api_token_shorten",
    "UPDATE capdo.api_token SET expires_at = least(expires_at, now() + make_interval(days => "
    "$2::integer)), version = version + 1 WHERE id = $1",
    2};
static const struct statement REVOKE = {
    "api_token_revoke",
    "UPDATE capdo.api_token SET revoked_at = now(), revoked_by = capdo.ctx_account(), "
    "version = version + 1 WHERE id = $1 AND revoked_at IS NULL",
    1};
static const struct statement USED = {"api_token_used", "SELECT capdo.api_token_used($1)", 1};

const struct statement *const api_token_statements[] = {
    &api_token_begin, &GET, &LOCK, &BAD_NETWORK, &INSERT, &ROTATE, &SHORTEN, &REVOKE, &USED, NULL};

/* Columns of api_token_begin behind those that session_actor reads. */
enum { TOKEN_ID = 13, SCOPES, REFUSAL };

enum fault api_token_actor(const struct rows *rows, struct arena *arena,
                           const struct actor **ret_actor)
{
    if (rows->count == 0) {
        return FAULT_TOKEN_INVALID;
    }
    if (!rows_is_null(rows, 0, REFUSAL)) {
        struct str refusal = rows_str(rows, 0, REFUSAL);
        return str_is(refusal, "expired")   ? FAULT_TOKEN_EXPIRED
               : str_is(refusal, "network") ? FAULT_TOKEN_NETWORK
                                            : FAULT_TOKEN_INVALID;
    }

    struct actor *actor = ARENA_NEW(arena, struct actor);
    *actor = *session_actor(rows, arena);
    actor->token_id = rows_copy(rows, 0, TOKEN_ID, arena);
    actor->session_id = NULL;
    struct str scopes = rows_str(rows, 0, SCOPES);
    while (scopes.at != NULL && scopes.length > 0) {
        actor->scopes |= permission_scope_bit(str_cut(&scopes, ','));
    }
    *ret_actor = actor;
    return FAULT_NONE;
}

static enum fault one_row(struct db *db, const struct statement *statement, const char *id,
                          struct rows *ret_rows)
{
    struct rows rows;
    enum fault fault = db_query(db, statement, PARAMETERS(id), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        rows_done(&rows);
        return FAULT_NOT_FOUND;
    }
    *ret_rows = rows;
    return FAULT_NONE;
}

enum fault api_token_get(struct db *db, const char *id, struct rows *ret_rows)
{
    return one_row(db, &GET, id, ret_rows);
}

enum fault api_token_lock(struct db *db, const char *id, struct rows *ret_rows)
{
    return one_row(db, &LOCK, id, ret_rows);
}

enum fault api_token_bad_network(struct db *db, const char *networks_json, int64_t *ret_index)
{
    struct rows rows;
    enum fault fault = db_query(db, &BAD_NETWORK, PARAMETERS(networks_json), &rows);

    if (fault == FAULT_NONE) {
        *ret_index = rows_int(&rows, 0, 0, -1);
        rows_done(&rows);
    }
    return fault;
}

enum fault api_token_insert(struct db *db, const struct api_token_record *token)
{
    char secret[SHA256_HEX_BYTES];

    session_token_hex(token->secret_sha256, secret);
    return db_execute(db, &INSERT,
                      PARAMETERS(token->id, token->key, secret, token->organisation_id, token->name,
                                 token->reach, token->scopes_json, token->networks_json,
                                 token->days),
                      NULL);
}

enum fault api_token_rotate(struct db *db, const char *old_id, const char *overlap_days,
                            const struct api_token_record *token)
{
    char secret[SHA256_HEX_BYTES];

    session_token_hex(token->secret_sha256, secret);
    enum fault fault = db_execute(
        db, &ROTATE, PARAMETERS(old_id, token->id, token->key, secret, token->days), NULL);
    return fault == FAULT_NONE ? db_execute(db, &SHORTEN, PARAMETERS(old_id, overlap_days), NULL)
                               : fault;
}

enum fault api_token_revoke(struct db *db, const char *id)
{
    return db_execute(db, &REVOKE, PARAMETERS(id), NULL);
}

enum fault api_token_used(struct db *db, const char *keys)
{
    return db_execute(db, &USED, PARAMETERS(keys), NULL);
}

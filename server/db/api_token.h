/* API tokens: for programs that read. The secret reaches the database as a hash and is never read
 * back. */
#pragma once

#include "db/list.h"

/* How a program shows itself; all are borrowed for the request. */
struct db_token {
    const char *key; /* API_TOKEN_KEY_CHARACTERS, terminated */
    const unsigned char *secret_sha256;
    const char *address; /* numeric, or "" when not known */
};

extern const char *const API_TOKEN_REACHES[];
extern const char *const API_TOKEN_SCOPES[];

extern const struct list_table api_token_list_table;

/* Columns of api_token_list_table after PAGE_FIRST_COLUMN, and of api_token_get. */
enum api_token_column {
    API_TOKEN_KEY,
    API_TOKEN_NAME,
    API_TOKEN_ORGANISATION_ID,
    API_TOKEN_ORGANISATION_NAME,
    API_TOKEN_REACH,
    API_TOKEN_SCOPES_JSON,
    API_TOKEN_NETWORKS_JSON,
    API_TOKEN_STATE, /* active, expiring (within LIMIT_API_TOKEN_WARN_DAYS), expired, revoked */
    API_TOKEN_EXPIRES_AT,
    API_TOKEN_LAST_USED_AT,
    API_TOKEN_ROTATED_FROM,
    API_TOKEN_ROTATED_TO,
    API_TOKEN_REVOKED_AT,
    API_TOKEN_CREATED_AT,
    API_TOKEN_CREATED_BY,
    API_TOKEN_VERSION,
};

struct api_token_record {
    const char *id;
    const char *key;
    const unsigned char *secret_sha256;
    const char *organisation_id;
    const char *name;
    const char *reach;
    const char *scopes_json; /* array of codes */
    const char *networks_json;
    const char *days; /* until it expires */
};

/* FAULT_NOT_FOUND when there is none. */
enum fault api_token_get(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;
enum fault api_token_lock(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;
/* *ret_index: the first text of the JSON array that is no address or network; -1 when all are. */
enum fault api_token_bad_network(struct db *db, const char *networks_json, int64_t *ret_index)
    MUST_USE;
enum fault api_token_insert(struct db *db, const struct api_token_record *token) MUST_USE;
/* A new token like the old one, which ends after overlap_days at the latest. days NULL: as long as
 * the old one was meant to live. Of the record only id, key, secret and days count. */
enum fault api_token_rotate(struct db *db, const char *old_id, const char *overlap_days,
                            const struct api_token_record *token) MUST_USE;
enum fault api_token_revoke(struct db *db, const char *id) MUST_USE;
/* Notes that tokens were used; keys: "{key,key}". */
enum fault api_token_used(struct db *db, const char *keys) MUST_USE;

extern const struct statement *const api_token_statements[];

/* For connection.c: the start of a request by a token, and what it says of who acts. A fault when
 * the token is refused. */
extern const struct statement api_token_begin;
enum fault api_token_actor(const struct rows *rows, struct arena *arena,
                           const struct actor **ret_actor) MUST_USE;

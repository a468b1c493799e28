#include "db/idempotency.h"

#include <stdio.h>
#include <string.h>

static const struct statement FIND = {
    "idempotency_find",
    "SELECT request_sha256 = $3::bytea, status, location, etag, body FROM capdo.idempotency "
    "WHERE account_id = $1 AND key = $2",
    3};
static const struct statement STORE = {
    "idempotency_store",
    "INSERT INTO capdo.idempotency (account_id, key, request_sha256, status, location, etag, body) "
    "VALUES ($1, $2, $3::bytea, $4, $5, $6, $7)",
    7};

const struct statement *const idempotency_statements[] = {&FIND, &STORE, NULL};

enum fault idempotency_find(struct db *db, struct arena *arena, const char *account_id,
                            const char *key, const char *request_sha256,
                            struct stored_answer *ret_answer)
{
    struct rows rows;
    enum fault fault = db_query(db, &FIND, PARAMETERS(account_id, key, request_sha256), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        fault = FAULT_NOT_FOUND;
    } else if (!rows_bool(&rows, 0, 0)) {
        fault = FAULT_IDEMPOTENCY_MISMATCH;
    } else {
        *ret_answer = (struct stored_answer){
            .status = (int)rows_int(&rows, 0, 1, 200),
            .location = rows_copy(&rows, 0, 2, arena),
            .etag = rows_copy(&rows, 0, 3, arena),
            .body = arena_str(arena, rows_str(&rows, 0, 4)),
        };
    }
    rows_done(&rows);
    return fault;
}

enum fault idempotency_store(struct db *db, const char *account_id, const char *key,
                             const char *request_sha256, const struct stored_answer *answer)
{
    char status[16];

    (void)snprintf(status, sizeof(status), "%d", answer->status);
    return db_execute(db, &STORE,
                      PARAMETERS(account_id, key, request_sha256, status, answer->location,
                                 answer->etag, answer->body.at),
                      NULL);
}

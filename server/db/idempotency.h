/* Stored answers of requests that may be repeated (safe retry): same account, same key. Written in
 * the transaction of the change itself. */
#pragma once

#include "db/connection.h"

struct stored_answer {
    int status;
    const char *location; /* NULL when there was none */
    const char *etag;
    struct str body;
};

/* FAULT_NOT_FOUND: the key is new; FAULT_IDEMPOTENCY_MISMATCH: it belongs to another request. */
enum fault idempotency_find(struct db *db, struct arena *arena, const char *account_id,
                            const char *key, const char *request_sha256,
                            struct stored_answer *ret_answer) MUST_USE;
enum fault idempotency_store(struct db *db, const char *account_id, const char *key,
                             const char *request_sha256, const struct stored_answer *answer)
    MUST_USE;

extern const struct statement *const idempotency_statements[];

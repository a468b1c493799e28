/* One PostgreSQL connection with its statements prepared, used by one thread at a time.
 *
 * A request acts through it like this:
 *   db_request_begin -> db_query ... -> db_request_end      (read-only; no extra round trips)
 *   db_tx_begin      -> db_query ... -> db_tx_commit         (read-write)
 * The session is checked together with the first query, in one round trip and one transaction, so
 * rights are read anew with each request. A connection that is not idle afterwards is dropped. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"

struct db;
struct actor;
struct db_token; /* db/api_token.h */

enum db_purpose {
    DB_QUICK, /* read-only, statement_timeout LIMIT_QUICK_STATEMENT_MS */
    DB_WORK,  /* read-write, LIMIT_WORK_STATEMENT_MS */
    DB_HEAVY, /* read-only, LIMIT_HEAVY_STATEMENT_MS; a WORK connection switched per request */
    DB_OWNER, /* migrations and the demo: no prepared statements, no timeouts */
};

struct db_settings {
    const char *url; /* libpq connection string; borrowed for the connection's life */
    enum db_purpose purpose;
    const struct clock_source *clock;
    const struct log *log;
};

/* A named statement, next to the function that uses it. */
struct statement {
    const char *name;
    const char *sql;
    int parameters;
};

enum { DB_PARAMETERS_MAX = 40 };

/* Parameters in text format; NULL is SQL NULL. */
struct db_parameters {
    const char *values[DB_PARAMETERS_MAX];
    int count;
};

/* Rows of a result; values are borrowed until rows_done. */
struct rows {
    void *result;
    int count;
};

/* Never fails: a connection that cannot be made is tried again before each request. */
struct db *db_open(const struct db_settings *settings);
void db_close(struct db *db);
bool db_is_up(struct db *db);

/* Decides, given the actor, whether the call may go on; called once per request. */
typedef enum fault db_authorise_fn(void *context, const struct actor *actor);

struct db_request {
    struct arena *arena;               /* the actor is put there */
    const unsigned char *token_sha256; /* of a session, 32 bytes, or NULL */
    const struct db_token *token;      /* an API token instead, or NULL; neither: nobody acts */
    db_authorise_fn *authorise;        /* may be NULL */
    void *authorise_context;
    bool heavy; /* on a WORK connection: read-only with the heavy timeout */
};

/* Nothing is sent yet. FAULT_DATABASE_DOWN when no connection can be had. */
enum fault db_request_begin(struct db *db, const struct db_request *request) MUST_USE;
/* Ends a read-only request; never waits for the database. */
void db_request_end(struct db *db);

enum fault db_tx_begin(struct db *db, const struct db_request *request) MUST_USE;

enum commit_outcome {
    COMMIT_DONE,    /* durable */
    COMMIT_ABORTED, /* nothing happened; *ret_fault says why */
    COMMIT_UNKNOWN, /* connection lost or deadline passed: the client repeats with its key */
};
/* DONE only if the tag is exactly COMMIT, no warning about synchronous replication came, and all
 * within LIMIT_COMMIT_MS. Never cancels. */
enum commit_outcome db_tx_commit(struct db *db, enum fault *ret_fault) MUST_USE;
void db_tx_rollback(struct db *db);
/* The last fault was a serialization failure or deadlock: the whole transaction may be tried again. */
bool db_is_retryable(const struct db *db);

/* The actor of this request; waits for the session check if it was not made yet. *ret_actor is NULL
 * when nobody acts. */
enum fault db_actor(struct db *db, const struct actor **ret_actor) MUST_USE;

/* Runs a prepared statement. A violated constraint becomes the fault of its row in
 * db/constraint.c. ret_rows is valid (and must be ended with rows_done) only on FAULT_NONE. */
enum fault db_query(struct db *db, const struct statement *statement,
                    const struct db_parameters *parameters, struct rows *ret_rows) MUST_USE;
/* As db_query for SQL built at run time from constant pieces (filters of a list): prepared once per
 * connection under a name made from the text. */
enum fault db_query_text(struct db *db, const char *sql, const struct db_parameters *parameters,
                         struct rows *ret_rows) MUST_USE;
/* As db_query when no rows are wanted; *ret_changed may be NULL. */
enum fault db_execute(struct db *db, const struct statement *statement,
                      const struct db_parameters *parameters, int *ret_changed) MUST_USE;
/* SQL text without parameters, outside the statement table (owner connections). */
enum fault db_script(struct db *db, const char *sql) MUST_USE;

/* Words of the last error for the log; borrowed until the next call. */
const char *db_last_error(const struct db *db);
/* Microseconds spent waiting for the database since the request began. */
int64_t db_waited_us(const struct db *db);

void rows_done(struct rows *rows);
bool rows_is_null(const struct rows *rows, int row, int column);
/* Borrowed text; "" for NULL. */
struct str rows_str(const struct rows *rows, int row, int column);
/* Copied into the arena; NULL for SQL NULL. */
const char *rows_copy(const struct rows *rows, int row, int column, struct arena *arena);
/* Integers; missing for NULL. */
int64_t rows_int(const struct rows *rows, int row, int column, int64_t missing);
bool rows_bool(const struct rows *rows, int row, int column);

#define PARAMETERS(...)             \
    (&(const struct db_parameters){ \
        .values = {__VA_ARGS__},    \
        .count = (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *))})

/* For the files of this folder alone: what a connection consists of, and the connection as libpq sees
 * it for what does not fit the request protocol of connection.h (migrations, COPY). */
#pragma once

#include <libpq-fe.h>

#include "db/connection.h"

enum {
    TEXT_STATEMENTS_MAX = 512, /* run-time SQL prepared on one connection; then it is renewed */
    ERROR_BYTES = 512,
    NAME_BYTES = 20,
};

struct db {
    struct db_settings settings; /* borrowed members */
    PGconn *pg;                  /* NULL while there is no connection */
    struct db_request request;
    const struct actor *actor;
    enum fault session_fault;
    bool in_request;
    bool explicit_tx;   /* BEGIN was, or will be, sent */
    bool begin_pending; /* what opens the request is sent with its first query */
    bool failed;        /* the pipeline ignores everything up to the next Sync */
    bool retryable;
    bool sync_warning; /* a notice said that the standby did not confirm */
    int unread_syncs;
    int64_t waited_us;
    uint64_t text_names[TEXT_STATEMENTS_MAX];
    int text_count;
    char error[ERROR_BYTES];
};

bool db_connect_now(struct db *db);
void db_disconnect(struct db *db);
/* Reads and forgets results until every Sync that was sent has been answered. */
void db_drain(struct db *db);
void db_send_words(struct db *db, const char *sql);
void db_send_sync(struct db *db);
/* Monotonic. */
int64_t db_now_us(void);
/* Keeps the words for db_last_error, without the line end. */
void db_keep_error(struct db *db, const char *words);
/* Marks the transaction as failed and keeps the words; the fault that they mean. */
enum fault db_read_failure(struct db *db, const PGresult *result) MUST_USE;

/* Takes the connection out of pipeline mode, connecting first if need be. NULL, with db_last_error
 * set, when there is none. Give it back with db_return before anything of connection.h is called;
 * meanwhile the caller may begin and end transactions. */
PGconn *db_borrow(struct db *db);
/* A connection with an open transaction is dropped, which rolls it back. */
void db_return(struct db *db);

/* Runs SQL without parameters on a borrowed connection, several statements allowed. A failure
 * becomes the fault of connection.h, with its words in db_last_error. */
enum fault db_borrowed_run(struct db *db, const char *sql) MUST_USE;
/* As db_borrowed_run, with parameters and rows; ret_rows is ended with rows_done. */
enum fault db_borrowed_query(struct db *db, const char *sql, const struct db_parameters *parameters,
                             struct rows *ret_rows) MUST_USE;
/* Keeps the words of the connection's last error for db_last_error and tells its fault. */
enum fault db_borrowed_failure(struct db *db, const PGresult *result) MUST_USE;

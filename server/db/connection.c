#include "db/connection.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/api_token.h"
#include "db/constraint.h"
#include "db/internal.h"
#include "db/session.h"
#include "db/statement.h"

static const struct statement BEGIN_AS = {
    "begin_as",
    "SELECT account_id, username, display_name, roles, staff_of, appraises, directs, chairs, entrusted, "
    "to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
    "session_id, pending, factor_age_s FROM capdo.begin_as($1, $2)",
    2};

int64_t db_now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void db_keep_error(struct db *db, const char *words)
{
    (void)snprintf(db->error, sizeof(db->error), "%s", words == NULL ? "" : words);
    size_t length = strlen(db->error);
    while (length > 0 && db->error[length - 1] == '\n') {
        db->error[--length] = '\0';
    }
}

/* A commit that was acknowledged without its synchronous standby is reported by a warning only. */
static void on_notice(void *context, const PGresult *notice)
{
    struct db *db = context;
    const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);

    if (state != NULL && strcmp(state, "01000") == 0) {
        db->sync_warning = true;
    }
}

static const char *purpose_options(enum db_purpose purpose)
{
    switch (purpose) {
    case DB_QUICK:
        return "-c statement_timeout=200 -c default_transaction_read_only=on "
               "-c idle_in_transaction_session_timeout=10000 -c jit=off -c timezone=UTC -c datestyle=ISO";
    case DB_WORK:
    case DB_HEAVY:
        /* One core for a statement: parallel workers would take the quick lane's. */
        return "-c statement_timeout=5000 -c lock_timeout=2000 "
               "-c max_parallel_workers_per_gather=0 "
               "-c idle_in_transaction_session_timeout=10000 -c jit=off -c timezone=UTC -c datestyle=ISO";
    case DB_OWNER:
    default:
        return "-c lock_timeout=10000 -c client_min_messages=warning -c timezone=UTC -c datestyle=ISO";
    }
}

void db_disconnect(struct db *db)
{
    PQfinish(db->pg);
    db->pg = NULL;
    db->text_count = 0;
    db->unread_syncs = 0;
    db->failed = false;
}

static bool prepare_all(struct db *db)
{
    const struct statement *const *const *tables = statement_tables();

    for (int t = 0; tables[t] != NULL; t++) {
        for (int i = 0; tables[t][i] != NULL; i++) {
            const struct statement *statement = tables[t][i];
            PGresult *result =
                PQprepare(db->pg, statement->name, statement->sql, statement->parameters, NULL);
            bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
            if (!ok) {
                db_keep_error(db, PQresultErrorMessage(result));
            }
            PQclear(result);
            if (!ok) {
                return false;
            }
        }
    }

    PGresult *result = PQprepare(db->pg, BEGIN_AS.name, BEGIN_AS.sql, BEGIN_AS.parameters, NULL);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok) {
        db_keep_error(db, PQresultErrorMessage(result));
    }
    PQclear(result);
    return ok;
}

#ifdef CAPDO_TEST_HOOKS
/* Takes the conditions of db/reach.h out of every statement of this connection. */
static void strip_predicates(struct db *db)
{
    if (getenv("CAPDO_TEST_STRIP_PREDICATES") != NULL) {
        PQclear(PQexec(db->pg, "SET capdo_test.strip = 'on'"));
    }
}
#else
static void strip_predicates(const struct db *db)
{
    (void)db;
}
#endif

bool db_connect_now(struct db *db)
{
    const char *const keywords[] = {"dbname",          "options",         "application_name",
                                    "connect_timeout", "client_encoding", NULL};
    const char *const values[] = {
        db->settings.url, purpose_options(db->settings.purpose), "capdo", "2", "UTF8", NULL};

    db_disconnect(db);
    db->pg = PQconnectdbParams(keywords, values, /* expand_dbname= */ 1);
    if (db->pg == NULL || PQstatus(db->pg) != CONNECTION_OK) {
        db_keep_error(db, PQerrorMessage(db->pg));
        db_disconnect(db);
        return false;
    }
    (void)PQsetNoticeReceiver(db->pg, on_notice, db);
    strip_predicates(db);
    if (db->settings.purpose != DB_OWNER && !prepare_all(db)) {
        LOG(db->settings.log, LOG_ERROR, "database does not fit this program",
            LOG_TEXT_FIELD("error", db->error));
        db_disconnect(db);
        return false;
    }
    if (PQenterPipelineMode(db->pg) != 1) {
        db_disconnect(db);
        return false;
    }
    return true;
}

struct db *db_open(const struct db_settings *settings)
{
    struct db *db = calloc(1, sizeof(*db));

    if (db == NULL) {
        abort();
    }
    db->settings = *settings;
    (void)db_connect_now(db);
    return db;
}

void db_close(struct db *db)
{
    if (db == NULL) {
        return;
    }
    db_disconnect(db);
    free(db);
}

bool db_is_up(struct db *db)
{
    return db->pg != NULL && PQstatus(db->pg) == CONNECTION_OK;
}

/* Reads and forgets results until every Sync that was sent has been answered. */
void db_drain(struct db *db)
{
    while (db->pg != NULL && db->unread_syncs > 0) {
        PGresult *result = PQgetResult(db->pg);
        if (result == NULL) {
            if (PQstatus(db->pg) != CONNECTION_OK) {
                db_disconnect(db);
            }
            continue;
        }
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            db->unread_syncs--;
        }
        PQclear(result);
    }
    db->failed = false;
}

void db_send_sync(struct db *db)
{
    if (db->pg != NULL && PQpipelineSync(db->pg) == 1) {
        db->unread_syncs++;
    } else {
        db_disconnect(db);
    }
}

void db_send_words(struct db *db, const char *sql)
{
    if (db->pg != NULL && PQsendQueryParams(db->pg, sql, 0, NULL, NULL, NULL, NULL, 0) != 1) {
        db_disconnect(db);
    }
}

static enum fault begin(struct db *db, const struct db_request *request, bool explicit_tx)
{
    db_drain(db);
    if (db->pg == NULL || PQstatus(db->pg) != CONNECTION_OK ||
        PQtransactionStatus(db->pg) != PQTRANS_IDLE || db->text_count >= TEXT_STATEMENTS_MAX) {
        if (!db_connect_now(db)) {
            return FAULT_DATABASE_DOWN;
        }
    }
    db->request = *request;
    db->actor = NULL;
    db->session_fault = FAULT_NONE;
    db->in_request = true;
    db->explicit_tx = explicit_tx;
    db->begin_pending = true;
    db->retryable = false;
    db->sync_warning = false;
    db->waited_us = 0;
    db->error[0] = '\0';
    return FAULT_NONE;
}

enum fault db_request_begin(struct db *db, const struct db_request *request)
{
    return begin(db, request, request->heavy);
}

enum fault db_tx_begin(struct db *db, const struct db_request *request)
{
    return begin(db, request, true);
}

void db_request_end(struct db *db)
{
    if (!db->in_request) {
        return;
    }
    db->in_request = false;
    if (db->begin_pending) {
        return;
    }
    if (db->explicit_tx) {
        db_tx_rollback(db);
        return;
    }
    db_send_sync(db);
}

void db_tx_rollback(struct db *db)
{
    bool sent = !db->begin_pending;

    db->in_request = false;
    db->begin_pending = false;
    if (!sent || db->pg == NULL) {
        return;
    }
    if (db->failed) {
        db_send_sync(db);
        db_drain(db);
    }
    if (db->pg != NULL) {
        db_send_words(db, "ROLLBACK");
        db_send_sync(db);
    }
}

bool db_is_retryable(const struct db *db)
{
    return db->retryable;
}

enum fault db_read_failure(struct db *db, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);

    db->failed = true;
    db_keep_error(db, PQresultErrorMessage(result));
    return sqlstate_fault(state, constraint, &db->retryable);
}

/* One result and the NULL that follows it. The result, or NULL with *ret_fault set. */
static PGresult *take_result(struct db *db, enum fault *ret_fault)
{
    int64_t from = db_now_us();
    PGresult *result = PQgetResult(db->pg);

    if (result == NULL) {
        db_keep_error(db, PQerrorMessage(db->pg));
        db->failed = true;
        db_disconnect(db);
        *ret_fault = FAULT_DATABASE_DOWN;
        return NULL;
    }

    ExecStatusType status = PQresultStatus(result);
    PGresult *end = PQgetResult(db->pg);
    if (end != NULL) {
        PQclear(end);
    }
    db->waited_us += db_now_us() - from;
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        return result;
    }
    *ret_fault = status == PGRES_FATAL_ERROR ? db_read_failure(db, result) : FAULT_INTERNAL;
    db->failed = true;
    PQclear(result);
    return NULL;
}

static enum fault take_and_forget(struct db *db)
{
    enum fault fault = FAULT_NONE;
    PGresult *result = take_result(db, &fault);

    PQclear(result);
    return fault;
}

/* Sends what opens the request; the results are read by open_read. */
static bool open_send(struct db *db)
{
    if (db->explicit_tx) {
        db_send_words(db, db->request.heavy ? "BEGIN READ ONLY" : "BEGIN");
        if (db->request.heavy) {
            db_send_words(db, "SET LOCAL statement_timeout = 30000");
        }
    }
    const struct db_token *by = db->request.token;
    if (db->pg != NULL && by != NULL) {
        char secret[SHA256_HEX_BYTES];
        session_token_hex(by->secret_sha256, secret);
        const char *const values[] = {by->key, secret, by->address};
        if (PQsendQueryPrepared(db->pg, api_token_begin.name, 3, values, NULL, NULL, 0) != 1) {
            db_disconnect(db);
        }
    } else if (db->pg != NULL && db->request.token_sha256 != NULL) {
        char token[SHA256_HEX_BYTES];
        char idle[16];
        session_token_hex(db->request.token_sha256, token);
        (void)snprintf(idle, sizeof(idle), "%d", LIMIT_SESSION_IDLE_S);
        const char *const values[] = {token, idle};
        if (PQsendQueryPrepared(db->pg, BEGIN_AS.name, 2, values, NULL, NULL, 0) != 1) {
            db_disconnect(db);
        }
    }
    return db->pg != NULL;
}

static void session_read(struct db *db)
{
    enum fault fault = FAULT_NONE;
    PGresult *result = take_result(db, &fault);

    if (result == NULL) {
        db->session_fault = fault;
        return;
    }

    struct rows rows = {result, PQntuples(result)};
    if (db->request.token != NULL) {
        db->session_fault = api_token_actor(&rows, db->request.arena, &db->actor);
    } else if (rows.count == 0) {
        db->session_fault = FAULT_SESSION_EXPIRED;
    } else {
        db->actor = session_actor(&rows, db->request.arena);
    }
    rows_done(&rows);
}

static enum fault open_read(struct db *db)
{
    enum fault fault = FAULT_NONE;

    db->begin_pending = false;
    if (db->explicit_tx) {
        fault = take_and_forget(db);
        if (fault == FAULT_NONE && db->request.heavy) {
            fault = take_and_forget(db);
        }
    }
    if (fault == FAULT_NONE && (db->request.token_sha256 != NULL || db->request.token != NULL)) {
        session_read(db);
        fault = db->session_fault;
    }
    if (fault == FAULT_NONE && db->request.authorise != NULL) {
        fault = db->request.authorise(db->request.authorise_context, db->actor);
    }
    db->session_fault = fault;
    return fault;
}

enum fault db_actor(struct db *db, const struct actor **ret_actor)
{
    if (db->begin_pending && !db->failed) {
        if (!open_send(db) || PQsendFlushRequest(db->pg) != 1) {
            return FAULT_DATABASE_DOWN;
        }
        enum fault fault = open_read(db);
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    if (db->session_fault != FAULT_NONE) {
        return db->session_fault;
    }
    *ret_actor = db->actor;
    return FAULT_NONE;
}

/* Prepares run-time text on this connection once; *ret_sent: a result is due for it. */
static bool text_prepare(struct db *db, const char *sql, int parameters,
                         char name[static NAME_BYTES], bool *ret_sent)
{
    uint64_t hash = 14695981039346656037ULL; /* FNV-1a */

    for (const char *p = sql; *p != '\0'; p++) {
        hash = (hash ^ (unsigned char)*p) * 1099511628211ULL;
    }
    (void)snprintf(name, NAME_BYTES, "t%016llx", (unsigned long long)hash);
    *ret_sent = false;
    for (int i = 0; i < db->text_count; i++) {
        if (db->text_names[i] == hash) {
            return true;
        }
    }
    if (db->text_count >= TEXT_STATEMENTS_MAX ||
        PQsendPrepare(db->pg, name, sql, parameters, NULL) != 1) {
        return false;
    }
    *ret_sent = true;
    db->text_names[db->text_count++] = hash;
    return true;
}

static enum fault run(struct db *db, const char *name, const char *text,
                      const struct db_parameters *parameters, struct rows *ret_rows)
{
    char text_name[NAME_BYTES];
    bool opening = db->begin_pending;
    bool preparing = false;
    enum fault fault = FAULT_NONE;

    if (db->session_fault != FAULT_NONE) {
        return db->session_fault;
    }
    if (db->pg == NULL || db->failed || !db->in_request) {
        return FAULT_DATABASE_DOWN;
    }
    if (opening && !open_send(db)) {
        return FAULT_DATABASE_DOWN;
    }
    if (text != NULL) {
        if (!text_prepare(db, text, parameters->count, text_name, &preparing)) {
            db_disconnect(db);
            return FAULT_DATABASE_DOWN;
        }
        name = text_name;
    }
    if (PQsendQueryPrepared(db->pg, name, parameters->count, parameters->values, NULL, NULL, 0) !=
            1 ||
        PQsendFlushRequest(db->pg) != 1) {
        db_keep_error(db, PQerrorMessage(db->pg));
        db_disconnect(db);
        return FAULT_DATABASE_DOWN;
    }
    if (opening) {
        fault = open_read(db);
        if (db->failed || db->pg == NULL) {
            return fault == FAULT_NONE ? FAULT_DATABASE_DOWN : fault;
        }
    }
    if (preparing) {
        enum fault prepare_fault = take_and_forget(db);
        if (prepare_fault != FAULT_NONE) {
            db->text_count--;
            return prepare_fault;
        }
    }

    enum fault query_fault = FAULT_NONE;
    PGresult *result = take_result(db, &query_fault);
    if (fault != FAULT_NONE || result == NULL) {
        PQclear(result);
        return fault != FAULT_NONE ? fault : query_fault;
    }
    *ret_rows = (struct rows){result, PQntuples(result)};
    return FAULT_NONE;
}

enum fault db_query(struct db *db, const struct statement *statement,
                    const struct db_parameters *parameters, struct rows *ret_rows)
{
    return run(db, statement->name, NULL, parameters, ret_rows);
}

enum fault db_query_text(struct db *db, const char *sql, const struct db_parameters *parameters,
                         struct rows *ret_rows)
{
    return run(db, NULL, sql, parameters, ret_rows);
}

enum fault db_execute(struct db *db, const struct statement *statement,
                      const struct db_parameters *parameters, int *ret_changed)
{
    struct rows rows;
    enum fault fault = db_query(db, statement, parameters, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (ret_changed != NULL) {
        *ret_changed = atoi(PQcmdTuples(rows.result));
    }
    rows_done(&rows);
    return FAULT_NONE;
}

const char *db_last_error(const struct db *db)
{
    return db->error;
}

int64_t db_waited_us(const struct db *db)
{
    return db->waited_us;
}

#include <poll.h>
#include <string.h>

#include "db/internal.h"

/* The next result, or NULL when the connection is lost or the deadline passes first. */
static PGresult *result_before(struct db *db, int64_t deadline_us, bool *ret_end)
{
    *ret_end = false;
    for (;;) {
        if (PQflush(db->pg) < 0) {
            return NULL;
        }
        if (PQisBusy(db->pg) == 0) {
            PGresult *result = PQgetResult(db->pg);
            *ret_end = result == NULL && PQstatus(db->pg) == CONNECTION_OK;
            return result;
        }

        int64_t left_ms = (deadline_us - db_now_us()) / 1000;
        struct pollfd wait = {.fd = PQsocket(db->pg), .events = POLLIN};
        if (left_ms <= 0 || poll(&wait, 1, (int)left_ms) <= 0 || PQconsumeInput(db->pg) != 1) {
            return NULL;
        }
    }
}

/* The backend or the connection went away: libpq says so without a SQLSTATE, a dying backend with a
 * severity beyond ERROR. Neither tells whether the commit came first. */
static bool ended_connection(const PGresult *result)
{
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

    return PQresultErrorField(result, PG_DIAG_SQLSTATE) == NULL || severity == NULL ||
           strcmp(severity, "ERROR") != 0;
}

static enum commit_outcome read_commit(struct db *db, const PGresult *result, enum fault *ret_fault)
{
    if (PQresultStatus(result) == PGRES_FATAL_ERROR && ended_connection(result)) {
        db_keep_error(db, PQresultErrorMessage(result));
        return COMMIT_UNKNOWN;
    }
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        *ret_fault = db_read_failure(db, result);
        return COMMIT_ABORTED;
    }
    if (db->sync_warning) {
        db_keep_error(db, "commit not confirmed by the synchronous standby");
        return COMMIT_UNKNOWN;
    }
    /* COMMIT of a failed transaction is answered OK with the tag ROLLBACK. */
    if (strcmp(PQcmdStatus((PGresult *)(uintptr_t)result), "COMMIT") != 0) {
        *ret_fault = FAULT_INTERNAL;
        return COMMIT_ABORTED;
    }
    return COMMIT_DONE;
}

enum commit_outcome db_tx_commit(struct db *db, enum fault *ret_fault)
{
    int64_t from = db_now_us();
    int64_t deadline = from + (int64_t)LIMIT_COMMIT_MS * 1000;
    enum commit_outcome outcome = COMMIT_UNKNOWN;
    bool decided = false;

    if (db->begin_pending) {
        db->in_request = false;
        db->begin_pending = false;
        return COMMIT_DONE; /* nothing was done */
    }
    if (db->failed || db->session_fault != FAULT_NONE || db->pg == NULL) {
        *ret_fault = db->session_fault != FAULT_NONE ? db->session_fault : FAULT_DATABASE_DOWN;
        db_tx_rollback(db);
        return COMMIT_ABORTED;
    }

    *ret_fault = FAULT_OUTCOME_UNKNOWN;
    db->in_request = false;
    db_send_words(db, "COMMIT");
    db_send_sync(db);
    while (db->pg != NULL && db->unread_syncs > 0) {
        bool end = false;
        PGresult *result = result_before(db, deadline, &end);
        if (end) {
            continue;
        }
        if (result == NULL) {
            db_disconnect(db);
            break;
        }
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            db->unread_syncs--;
        } else if (!decided) {
            outcome = read_commit(db, result, ret_fault);
            decided = true;
        }
        PQclear(result);
    }
    db->failed = false;
    db->waited_us += db_now_us() - from;
    if (outcome == COMMIT_UNKNOWN) {
        db_disconnect(db);
    }
    return outcome;
}

#include "db/internal.h"

PGconn *db_borrow(struct db *db)
{
    db_drain(db);
    if ((db->pg == NULL || PQstatus(db->pg) != CONNECTION_OK) && !db_connect_now(db)) {
        return NULL;
    }
    if (PQexitPipelineMode(db->pg) != 1) {
        db_keep_error(db, PQerrorMessage(db->pg));
        db_disconnect(db);
        return NULL;
    }
    db->retryable = false;
    db->error[0] = '\0';
    return db->pg;
}

void db_return(struct db *db)
{
    if (db->pg == NULL) {
        return;
    }
    if (PQstatus(db->pg) != CONNECTION_OK || PQtransactionStatus(db->pg) != PQTRANS_IDLE ||
        PQenterPipelineMode(db->pg) != 1) {
        db_disconnect(db);
    }
}

enum fault db_borrowed_failure(struct db *db, const PGresult *result)
{
    enum fault fault = db_read_failure(db, result);

    db->failed = false;
    return fault;
}

enum fault db_borrowed_run(struct db *db, const char *sql)
{
    PGresult *result = PQexec(db->pg, sql);
    ExecStatusType status = PQresultStatus(result);
    enum fault fault = FAULT_NONE;

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fault = db_borrowed_failure(db, result);
    }
    PQclear(result);
    return fault;
}

enum fault db_borrowed_query(struct db *db, const char *sql, const struct db_parameters *parameters,
                             struct rows *ret_rows)
{
    PGresult *result =
        PQexecParams(db->pg, sql, parameters->count, NULL, parameters->values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        enum fault fault = db_borrowed_failure(db, result);
        PQclear(result);
        return fault;
    }
    *ret_rows = (struct rows){result, PQntuples(result)};
    return FAULT_NONE;
}

enum fault db_script(struct db *db, const char *sql)
{
    if (db_borrow(db) == NULL) {
        return FAULT_DATABASE_DOWN;
    }

    enum fault fault = db_borrowed_run(db, sql);
    db_return(db);
    return fault;
}

#include "db/organisation_load.h"

#include <stdio.h>

#include "db/internal.h"

static const char ROW[] =
    "SELECT outcome, coalesce(problems::text, '') FROM capdo.organisation_import_row($1::uuid, "
    "jsonb_build_object('code', $2::text, 'scheme', $3::text, 'name', $4::text, 'kind', $5::text, "
    "'parent_code', $6::text, 'effective_on', $7::text, 'document_number', $8::text))";

static enum fault load_row(struct db *owner, const struct organisation_loaded *row,
                           struct organisation_load_report *report)
{
    struct rows rows;
    enum fault fault =
        db_borrowed_query(owner, ROW,
                          PARAMETERS(row->new_id, row->code, row->scheme, row->name, row->kind,
                                     row->parent_code, row->effective_on, row->document_number),
                          &rows);

    if (fault != FAULT_NONE) {
        (void)snprintf(report->message, sizeof(report->message), "%s", db_last_error(owner));
        return fault;
    }
    struct str outcome = rows_str(&rows, 0, 0);
    report->created += str_is(outcome, "created");
    report->changed += str_is(outcome, "changed");
    report->unchanged += str_is(outcome, "unchanged");
    if (str_is(outcome, "error")) {
        (void)snprintf(report->message, sizeof(report->message), "%.40s %.100s: %.200s", row->code,
                       row->name, rows_str(&rows, 0, 1).at);
        fault = FAULT_INVALID;
    }
    rows_done(&rows);
    return fault;
}

enum fault organisation_load(struct db *owner, const struct organisation_loaded *rows, int count,
                             struct organisation_load_report *ret_report)
{
    *ret_report = (struct organisation_load_report){0};
    if (db_borrow(owner) == NULL) {
        (void)snprintf(ret_report->message, sizeof(ret_report->message), "%s",
                       db_last_error(owner));
        return FAULT_DATABASE_DOWN;
    }
    enum fault fault = db_borrowed_run(owner, "BEGIN");
    for (int i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = load_row(owner, &rows[i], ret_report);
    }
    if (fault == FAULT_NONE) {
        fault = db_borrowed_run(owner, "COMMIT");
    }
    if (fault != FAULT_NONE && ret_report->message[0] == '\0') {
        (void)snprintf(ret_report->message, sizeof(ret_report->message), "%s",
                       db_last_error(owner));
    }
    db_return(owner); /* an open transaction is rolled back with its connection */
    return fault;
}

/* The history of organisations: what they were on a day, the changes with their documents, every code
 * they had, and the one way to record a change (migrations/routines/organisation.sql). */
#pragma once

#include "db/organisation.h"

extern const struct statement *const organisation_history_statements[];

/* As organisation_get, with name, parent, standing and code of that day (YYYY-MM-DD).
 * FAULT_NOT_FOUND when there is no such organisation, or there was none on that day. */
enum fault organisation_get_on(struct db *db, const char *id, const char *day,
                               struct rows *ret_rows) MUST_USE;

/* Who carries on for the bodies that have, or had, this code (any case): as a list, the successors as
 * they are today, then one column more: JSON, how each was found. Whoever has the code now is first. */
enum { ORGANISATION_FOUND_BY = ORGANISATION_COLUMN_COUNT };
enum fault organisation_find_code(struct db *db, const char *code, struct rows *ret_rows) MUST_USE;

/* Every code, newest first. */
enum organisation_code_column {
    CODE_RECORD_CODE,
    CODE_RECORD_SCHEME,
    CODE_RECORD_FROM,
    CODE_RECORD_TO,
    CODE_RECORD_DOCUMENT,
};
enum fault organisation_codes(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;

/* What happened to it, newest first, limit rows at most, those behind the event (NULL: from the newest).
 * moved and recorded_name are NULL for all but administrators. */
enum organisation_event_column {
    EVENT_ID,
    EVENT_KIND,
    EVENT_PART,
    EVENT_EFFECTIVE_ON,
    EVENT_DOCUMENT_NUMBER,
    EVENT_NOTE,
    EVENT_BEFORE,
    EVENT_AFTER,
    EVENT_MOVED,
    EVENT_PARTIES,
    EVENT_RECORDED_AT,
    EVENT_RECORDED_NAME,
};
enum fault organisation_history(struct db *db, const char *id, const char *behind,
                                const char *limit, struct rows *ret_rows) MUST_USE;

/* The kinds that can be recorded, NULL-terminated. */
extern const char *const ORGANISATION_CHANGES[];

struct organisation_change {
    const char *event_id;
    const char *organisation_id;
    const char *kind;
    const char *effective_on;
    const char *document_number;
    const char *note;
    const char *detail; /* JSON, by kind; see capdo.organisation_record */
};

/* What speaks against it: pointer into the request, code, and what it is about. No row: nothing. */
enum fault organisation_problems(struct db *db, const struct organisation_change *change,
                                 struct rows *ret_rows) MUST_USE;
/* Does it. *ret_moved: JSON, how much went over, in the arena. */
enum fault organisation_record_change(struct db *db, const struct organisation_change *change,
                                      struct arena *arena, const char **ret_moved) MUST_USE;

/* The roles that this transaction, begun by the account, ended and gave. */
enum organisation_post_column {
    POST_MOVED_GRANTED,
    POST_MOVED_ACCOUNT,
    POST_MOVED_NAME,
    POST_MOVED_ROLE,
    POST_MOVED_ORGANISATION,
    POST_MOVED_DOCUMENT,
};
enum fault organisation_posts_moved(struct db *db, const char *account_id, struct rows *ret_rows)
    MUST_USE;

/* One row of an import, {"column": "text"} by capdo.organisation_import_row: row 0 of ret_rows. */
enum organisation_import_column {
    IMPORT_OUTCOME, /* created, changed, unchanged, error */
    IMPORT_ORGANISATION_ID,
    IMPORT_CHANGES,  /* JSON array of columns */
    IMPORT_PROBLEMS, /* lines of column, code and what it is about, separated by tabs; NULL: none */
};
extern const char *const ORGANISATION_IMPORT; /* its SQL, for the owner's connection */
enum fault organisation_import_row(struct db *db, const char *new_id, const char *cells,
                                   struct rows *ret_rows) MUST_USE;
/* The schemes that codes have by their form, in their order; codes: a text array literal. */
enum fault organisation_code_schemes(struct db *db, const char *codes, struct rows *ret_rows)
    MUST_USE;

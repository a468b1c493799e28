/* Assignments as dated records: the specialised unit of a governing body, who appraises in its place
 * (a unit or a council), and who heads what. They begin and end by a document and are never deleted.
 * Who heads what is recorded with the people (memberships); here it is only read. */
#pragma once

#include "db/list.h"

extern const struct list_table assignment_list_table;
extern const struct statement *const assignment_statements[];

/* NULL-terminated codes; "head" is only read. */
extern const char *const ASSIGNMENT_KINDS[];
/* "current", "future", "ended", as of today in Viet Nam. */
extern const char *const RECORD_STATES[];

/* Columns of assignment_list_table after PAGE_FIRST_COLUMN; a single one has the same. */
enum assignment_column {
    ASSIGNMENT_KIND,
    ASSIGNMENT_GOVERNING,    /* json: {"id","name"} or null */
    ASSIGNMENT_ORGANISATION, /* json or null: a council */
    ASSIGNMENT_OPERATOR,     /* json or null: of an appraisal assignment */
    ASSIGNMENT_COUNCIL_NAME, /* "" for none */
    ASSIGNMENT_MEMBERS,      /* json: [{"account_id","name","chair"}] */
    ASSIGNMENT_TARGET,       /* json: {"type","code"} or null */
    ASSIGNMENT_PERSON,       /* json: {"name","role"} or null */
    ASSIGNMENT_DOCUMENT_NUMBER,
    ASSIGNMENT_VALID_FROM,
    ASSIGNMENT_VALID_TO,
    ASSIGNMENT_ENDED_DOCUMENT,
    ASSIGNMENT_STATE,
    ASSIGNMENT_VERSION,
};

/* Row 0; FAULT_NOT_FOUND when it is not there or not to be seen. */
enum fault assignment_get(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;

struct assignment_record {
    const char *id;
    const char *kind;
    const char *governing_id;
    const char *unit_id;      /* NULL for a council */
    const char *operator_id;  /* of an appraisal assignment */
    const char *system_id;    /* or NULL */
    const char *dossier_id;   /* or NULL */
    const char *council_name; /* "" for none */
    const char *members;      /* "{uuid,uuid}" */
    const char *chair_id;     /* or NULL */
    const char *document_number;
    const char *valid_from;
    const char *valid_to; /* or NULL */
};

/* The system or dossier with this code; FAULT_NOT_FOUND when there is none. Sets system_id, dossier_id,
 * governing_id and operator_id. */
enum fault assignment_target(struct db *db, struct arena *arena, const char *system_code,
                             const char *dossier_code, struct assignment_record *assignment)
    MUST_USE;
/* What stands against it: rows of code and detail; none when nothing does. */
enum fault assignment_problems(struct db *db, const struct assignment_record *assignment,
                               struct rows *ret_rows) MUST_USE;
enum fault assignment_insert(struct db *db, const struct assignment_record *assignment,
                             const char *account_id) MUST_USE;

/* Delegations have their own list and end the same way. */
enum record_table { RECORD_SPECIALISED_UNIT, RECORD_APPRAISAL_ASSIGNMENT, RECORD_DELEGATION };

struct record_end {
    enum record_table table;
    const char *id;
    const char *version;  /* before */
    const char *valid_to; /* last day */
    const char *document_number;
    const char *account_id;
};

/* What stands against ending it on that day: rows of code and detail. starts, until: as it is; until may
 * be NULL. */
enum fault record_end_problems(struct db *db, const struct record_end *end, const char *starts,
                               const char *until, struct rows *ret_rows) MUST_USE;
/* FAULT_VERSION_STALE when it is no longer at this version. */
enum fault record_end(struct db *db, const struct record_end *end) MUST_USE;

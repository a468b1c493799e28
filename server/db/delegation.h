/* Delegations: in writing, from a governing body to one organisation below it, with scope and term. */
#pragma once

#include "db/list.h"

extern const struct list_table delegation_list_table;
extern const struct statement *const delegation_statements[];

/* Columns of delegation_list_table after PAGE_FIRST_COLUMN; a single one has the same. */
enum delegation_column {
    DELEGATION_GOVERNING_ID,
    DELEGATION_GOVERNING_NAME,
    DELEGATION_DELEGATE_ID,
    DELEGATION_DELEGATE_NAME,
    DELEGATION_POWERS, /* json: [{"act","level"}] */
    DELEGATION_SCOPE,
    DELEGATION_DOCUMENT_NUMBER,
    DELEGATION_VALID_FROM,
    DELEGATION_VALID_TO,
    DELEGATION_TERM_TO,
    DELEGATION_ENDED_DOCUMENT,
    DELEGATION_STATE,
    DELEGATION_VERSION,
};

/* Row 0; FAULT_NOT_FOUND when there is none. */
enum fault delegation_get(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;

struct delegation_record {
    const char *id;
    const char *governing_id;
    const char *delegate_id;
    const char *levels;      /* "{3,4}": whose approval is delegated */
    const char *plan_levels; /* whose security plan */
    const char *scope;
    const char *document_number;
    const char *valid_from;
    const char *valid_to;
};

/* What stands against it: rows of code and detail. */
enum fault delegation_problems(struct db *db, const struct delegation_record *delegation,
                               struct rows *ret_rows) MUST_USE;
enum fault delegation_insert(struct db *db, const struct delegation_record *delegation,
                             const char *account_id) MUST_USE;

/* Level dossiers: lists, one dossier, and what is loaded of it for a decision. Changes are in
 * db/dossier_write.h. What a dossier may become is checked by the rules first and by the database
 * again (migrations/routines/register.sql). */
#pragma once

#include "db/list.h"

extern const struct list_table dossier_list_table;
extern const struct statement *const dossier_statements[];

/* What the actor may see, as conditions of a list. */
void dossier_scope(const struct actor *actor, struct list_scope *ret_scope);

/* Columns of dossier_list_table after PAGE_FIRST_COLUMN, and the first columns of a single one. */
enum dossier_column {
    DOSSIER_COLUMN_CODE,
    DOSSIER_COLUMN_RULESET,
    DOSSIER_COLUMN_GOVERNING_ID,
    DOSSIER_COLUMN_GOVERNING_NAME,
    DOSSIER_COLUMN_OPERATOR_ID,
    DOSSIER_COLUMN_OPERATOR_NAME,
    DOSSIER_COLUMN_LEVEL,
    DOSSIER_COLUMN_APPROVE_PARTY,
    DOSSIER_COLUMN_STATE,
    DOSSIER_COLUMN_STEP,
    DOSSIER_COLUMN_DUE_ON,
    DOSSIER_COLUMN_OVERDUE,
    DOSSIER_COLUMN_SUBMISSIONS,
    DOSSIER_COLUMN_SUBMITTED_AT,
    DOSSIER_COLUMN_VERSION,
    DOSSIER_COLUMN_UPDATED_AT,
    DOSSIER_COLUMN_SYSTEMS_COUNT,
    DOSSIER_COLUMN_FIRST_SYSTEM, /* json */
    DOSSIER_COLUMN_SYSTEMS,      /* from here on only of a single one; json */
    DOSSIER_COLUMN_EVENTS,       /* json */
    DOSSIER_COLUMN_OPINIONS,     /* json */
    DOSSIER_COLUMN_DECISION,     /* json or NULL */
    DOSSIER_COLUMN_PREPARED_BY,
    DOSSIER_COLUMN_CONCLUSION,
    DOSSIER_COLUMN_CREATED_AT,
};

/* One dossier for showing; row 0, columns as in the list. FAULT_NOT_FOUND when it is not there or
 * not to be seen. */
enum fault dossier_read(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;

/* The dossier as the rules look at it. Text lives in the arena. */
struct dossier_record {
    const char *id;
    int64_t version;
    const char *code;
    const char *ruleset;
    const char *governing_id;
    const char *governing_name;
    const char *operator_id;
    const char *operator_name;
    int level;
    const char *approve_party;
    const char *state;
    int submissions;
    const char *conclusion;   /* or NULL */
    const char *appraised_on; /* civil date in Viet Nam, or NULL */
    bool me_prepared;         /* this account wrote or submitted any of it, ever */
    bool me_appraised;        /* this account received or appraised it, ever */
};

/* lock: keeps the row for this transaction, which may then change it; a dossier that can be seen
 * but not changed is FAULT_FORBIDDEN. */
enum fault dossier_load(struct db *db, struct arena *arena, const char *id, const char *account_id,
                        bool lock, struct dossier_record *ret_dossier) MUST_USE;

enum { DOSSIER_SYSTEMS_MAX = 20, DOSSIER_ITEMS_MAX = 64 };

/* A system as the register has it now, and what the dossier says of it. */
struct dossier_system_record {
    const char *id;
    const char *code;
    const char *name;
    const char *governing_id;
    const char *governing_name;
    const char *operator_id;
    const char *operator_name;
    const char *facts; /* JSON object of the dossier's ruleset, or NULL */
    int proposed_level;
    const char *reason;
    /* Only of candidates: */
    const char *purpose;
    const char *scope;
    const char *served_users;
    const char *components; /* one line each; or NULL */
    const char *addresses;
    const char *contacts;
};

/* The systems of a dossier in the order they are shown. */
enum fault dossier_load_systems(struct db *db, struct arena *arena,
                                const struct dossier_record *dossier,
                                struct dossier_system_record *ret_systems, int *ret_count) MUST_USE;
/* The systems with these identifiers ("{uuid,uuid}") that the actor sees; reason is empty. */
enum fault dossier_candidates(struct db *db, struct arena *arena, const char *ids,
                              const char *ruleset, struct dossier_system_record *ret_systems,
                              int *ret_count) MUST_USE;

struct dossier_item_record {
    const char *item;
    const char *content;
    const char *document_number;
    const char *document_date; /* or NULL */
    int version;
    const char *updated_at; /* RFC 3339 */
};

enum fault dossier_load_items(struct db *db, struct arena *arena, const char *id,
                              struct dossier_item_record *ret_items, int *ret_count) MUST_USE;

/* The moves of a dossier in their order: to_state and the civil date in Viet Nam. */
enum fault dossier_moves(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;

/* One submission: number, submitted_at, name of who submitted, SHA-256 in hexadecimal, snapshot.
 * FAULT_NOT_FOUND when there is none with this number. */
enum fault dossier_submission(struct db *db, const char *id, const char *number,
                              struct rows *ret_rows) MUST_USE;

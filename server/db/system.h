/* Systems: one row with its facts per ruleset, documents (contacts, addresses, components), units
 * and relations; every superseded version is kept by the database. */
#pragma once

#include "base/shape.h"
#include "db/list.h"

extern const struct list_table system_list_table;
extern const struct statement *const system_statements[];

/* What the actor may see, as conditions of a list. */
void system_scope(const struct actor *actor, struct list_scope *ret_scope);

/* The codes that columns allow, NULL-terminated; also the choices of the API. */
extern const char *const SYSTEM_LIFE_CYCLES[];
extern const char *const SYSTEM_PLAN_STATUSES[];
extern const char *const SYSTEM_APPROVAL_STATUSES[];

/* Columns of system_list_table after PAGE_FIRST_COLUMN, and the first columns of a single system. */
enum system_column {
    SYSTEM_CODE,
    SYSTEM_NAME,
    SYSTEM_OPERATOR_ID,
    SYSTEM_OPERATOR_NAME,
    SYSTEM_GOVERNING_ID,
    SYSTEM_GOVERNING_NAME,
    SYSTEM_LIFE_CYCLE,
    SYSTEM_PLAN_STATUS,
    SYSTEM_RULESET,
    SYSTEM_COMPUTED_LEVEL,
    SYSTEM_AT_LEAST,
    SYSTEM_APPROVED_LEVEL,
    SYSTEM_APPROVED_ON,
    SYSTEM_LEVEL,
    SYSTEM_APPROVAL_STATUS,
    SYSTEM_VERSION,
    SYSTEM_UPDATED_AT,
    SYSTEM_PURPOSE, /* from here on only of a single system */
    SYSTEM_SCOPE,
    SYSTEM_SERVED_USERS,
    SYSTEM_FACTS,
    SYSTEM_CONTACTS,
    SYSTEM_ADDRESSES,
    SYSTEM_COMPONENTS,
    SYSTEM_UNITS,
    SYSTEM_RELATIONS,
    SYSTEM_OPEN_DOSSIER,
    SYSTEM_DECISION,
    SYSTEM_CREATED_AT,
    SYSTEM_COLUMN_COUNT,
};

/* One system; row 0, columns enum system_column shifted by PAGE_FIRST_COLUMN so that one writer
 * serves both. FAULT_NOT_FOUND when it is not there or not to be seen. */
enum fault system_get(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;

/* What is stored of a system by its operating unit. Text is never NULL; levels as decimal text. */
struct system_record {
    const char *id;
    const char *name;
    const char *purpose;
    const char *scope;
    const char *served_users;
    const char *governing_id;
    const char *operator_id;
    const char *life_cycle;
    const char *plan_status;
    const char *ruleset;
    const char *facts;          /* JSON object per ruleset */
    const char *computed_level; /* NULL: undetermined */
    const char *at_least;
    const char *contacts; /* JSON arrays */
    const char *addresses;
    const char *components;
    const char *units;     /* NULL: leave as they are */
    const char *relations; /* NULL: leave as they are */
};

enum fault system_insert(struct db *db, const struct system_record *system, const char *account_id)
    MUST_USE;
/* FAULT_VERSION_STALE when the row is no longer at this version. */
enum fault system_update(struct db *db, const struct system_record *system, const char *version,
                         const char *account_id) MUST_USE;
/* The stored record, its row locked until the end of the transaction. */
enum fault system_load(struct db *db, struct arena *arena, const char *id,
                       struct system_record *ret_system, int64_t *ret_version) MUST_USE;

/* Versions of a system, newest first, the present one included: version, changed_at, changed_by
 * (name), data, reason (JSON of the organisation's change that it follows, or NULL). Versions below `before` only (0: from the newest). */
enum fault system_versions(struct db *db, const char *id, int64_t before, int limit,
                           struct rows *ret_rows) MUST_USE;

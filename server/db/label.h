/* Trusted network labels: who asked for what, and what became of it. */
#pragma once

#include "db/list.h"

extern const struct list_table label_list_table;
extern const struct statement *const label_statements[];

/* What the actor may see, as conditions of a list. */
void label_scope(const struct actor *actor, struct list_scope *ret_scope);

/* The codes that columns allow, NULL-terminated; also the choices of the API. */
extern const char *const LABEL_TYPES[];
extern const char *const LABEL_GRADES[];
extern const char *const LABEL_STATES[];

/* Columns of label_list_table after PAGE_FIRST_COLUMN, and the first columns of a single label. */
enum label_column {
    LABEL_CODE,
    LABEL_TYPE,
    LABEL_TARGET,
    LABEL_SYSTEM, /* JSON {"id","code","name"}, NULL when there is none or it is not to be seen */
    LABEL_OPERATOR_ID,
    LABEL_OPERATOR_NAME,
    LABEL_GOVERNING_ID,
    LABEL_GOVERNING_NAME,
    LABEL_GRADE,
    LABEL_STATE,
    LABEL_ISSUER,
    LABEL_GRANTED_ON,
    LABEL_EXPIRES_ON,
    LABEL_CERTIFICATE_URL,
    LABEL_EVIDENCE_URL,
    LABEL_REASON,
    LABEL_VERSION,
    LABEL_UPDATED_AT,
    LABEL_CREATED_AT, /* from here on only of a single label */
    LABEL_EVENTS,     /* JSON array, oldest first */
    LABEL_RUNS,       /* boolean: its last day is not over */
};

/* Text is never NULL, except system_id and the dates. */
struct label_record {
    const char *id;
    const char *type;
    const char *target;
    const char *system_id;
    const char *governing_id;
    const char *operator_id;
    const char *grade;
    const char *state;
    const char *issuer;
    const char *granted_on;
    const char *expires_on;
    const char *certificate_url;
    const char *evidence_url;
    const char *reason;
};

/* Who takes a step, as its event keeps it. */
struct label_step {
    const char *event_id;
    const char *from_state; /* NULL: the request itself */
    const char *account_id;
    const char *account_name;
};

/* One label; row 0, columns shifted by PAGE_FIRST_COLUMN. FAULT_NOT_FOUND when it is not there or
 * not to be seen. */
enum fault label_get(struct db *db, const char *id, struct rows *ret_rows) MUST_USE;
/* Locks the row until the end of the transaction. FAULT_FORBIDDEN when the actor may not change it
 * (or it is not there). */
enum fault label_lock(struct db *db, const char *id) MUST_USE;

/* What a new label refers to. */
struct label_place {
    bool governing_exists;
    bool operator_exists;
    bool system_exists; /* and may be seen */
    bool system_fits;   /* has this operator and this governing body */
};
enum fault label_place(struct db *db, const struct label_record *label,
                       struct label_place *ret_place) MUST_USE;

/* Writes the label and its first event. FAULT_CONFLICT when one is open for the same target and
 * grade. */
enum fault label_insert(struct db *db, const struct label_record *label,
                        const struct label_step *step) MUST_USE;
/* Writes state, grade, result and the event. FAULT_VERSION_STALE when the row is no longer at this
 * version. */
enum fault label_update(struct db *db, const struct label_record *label, const char *version,
                        const struct label_step *step) MUST_USE;

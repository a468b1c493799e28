/* Changes of a dossier. Every one belongs to a transaction that locked the dossier (dossier_load
 * with lock) and raises its version by one; the statements repeat version and state, so that a
 * change which the caller did not see coming changes nothing and is FAULT_VERSION_STALE. */
#pragma once

#include "db/connection.h"

extern const struct statement *const dossier_write_statements[];

struct dossier_new_record {
    const char *id;
    const char *ruleset;
    const char *governing_id;
    const char *operator_id;
    const char *level; /* decimal */
    const char *approve_party;
    /* [{"system_id","computed_level","at_least","trace","proposed_level","reason"}] */
    const char *systems;
    const char *items; /* [{"item","content"}] */
};

/* FAULT_OPEN_DOSSIER_EXISTS when a system is in another open dossier. */
enum fault dossier_insert(struct db *db, const struct dossier_new_record *dossier,
                          const char *account_id) MUST_USE;

/* Levels and reasons of systems that are in the dossier; same JSON as above. */
enum fault dossier_write_systems(struct db *db, const char *id, const char *systems) MUST_USE;
/* Adds the items that are missing and renews those nobody has written to since they were filled
 * in by the register. */
enum fault dossier_write_items(struct db *db, const char *id, const char *items,
                               const char *account_id) MUST_USE;
enum fault dossier_write_item(struct db *db, const char *id, const char *item, const char *content,
                              const char *document_number, const char *document_date,
                              const char *account_id) MUST_USE;
/* The new version of a draft after its parts changed. */
enum fault dossier_write_draft(struct db *db, const char *id, const char *version,
                               const char *level, const char *approve_party) MUST_USE;

struct dossier_move_record {
    const char *id;
    const char *version; /* before */
    const char *from;
    const char *to;
    const char *step;   /* NULL: no clock runs */
    const char *due_on; /* NULL: no limit */
    const char *account_id;
    const char *conclusion;    /* of an appraisal, else NULL */
    const char *approve_party; /* of a submission, else NULL */
};

/* One compare-and-set. */
enum fault dossier_move(struct db *db, const struct dossier_move_record *move) MUST_USE;

struct dossier_event_record {
    const char *id;
    const char *dossier_id;
    const char *from; /* NULL: the dossier was created */
    const char *to;
    const char *account_id;
    const char *actor_name;
    const char *capacity;
    const char *reason;
    const char *due_on; /* NULL: no limit */
};

enum fault dossier_event_insert(struct db *db, const struct dossier_event_record *event) MUST_USE;
enum fault dossier_submission_insert(struct db *db, const char *dossier_id, const char *number,
                                     const char *snapshot, const char *account_id) MUST_USE;

struct opinion_record {
    const char *id;
    const char *dossier_id;
    const char *submission; /* decimal */
    const char *conclusion;
    const char *method;
    const char *reasons;
    const char *account_id;
    const char *name;
    const char *capacity;
    const char *organisation_id; /* NULL: a council */
    const char *assignment_id;   /* NULL: the specialised unit */
};

enum fault opinion_insert(struct db *db, const struct opinion_record *opinion) MUST_USE;

struct decision_record {
    const char *id;
    const char *dossier_id;
    const char *submission; /* whose snapshot is decided */
    const char *outcome;
    const char *number;
    const char *decided_on;
    const char *organisation_id;
    const char *account_id;
    const char *name;
    const char *capacity;
    const char *reason;
    const char *delegation_id; /* NULL: the party itself */
};

/* Before the move: the database takes a decision only on an appraised dossier. */
enum fault decision_insert(struct db *db, const struct decision_record *decision) MUST_USE;

#include "db/dossier_write.h"

#include "db/reach.h"

static const struct statement INSERT = {
    "dossier_insert",
    "INSERT INTO capdo.dossier (id, ruleset, governing_id, operator_id, level, approve_party, "
    "prepared_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    7};
static const struct statement INSERT_SYSTEMS = {
    "dossier_insert_systems",
    "INSERT INTO capdo.dossier_system (dossier_id, system_id, computed_level, at_least, trace, "
    "proposed_level, reason) SELECT $1, x.system_id, x.computed_level, x.at_least, x.trace, "
    "x.proposed_level, x.reason FROM json_to_recordset($2::json) AS x(system_id uuid, "
    "computed_level smallint, at_least smallint, trace jsonb, proposed_level smallint, reason text) "
    "ORDER BY x.system_id",
    2};
static const struct statement UPDATE_SYSTEMS = {
    "dossier_update_systems",
    "UPDATE capdo.dossier_system d SET computed_level = x.computed_level, at_least = x.at_least, "
    "trace = x.trace, proposed_level = x.proposed_level, reason = x.reason "
    "FROM json_to_recordset($2::json) AS x(system_id uuid, computed_level smallint, "
    "at_least smallint, trace jsonb, proposed_level smallint, reason text) "
    "WHERE d.dossier_id = $1 AND d.system_id = x.system_id",
    2};
/* Version 1 is what the register wrote itself. */
static const struct statement WRITE_ITEMS = {
    "dossier_write_items",
    "INSERT INTO capdo.dossier_item AS i (dossier_id, item, content, updated_by) "
    "SELECT $1, x.item, x.content, $3::uuid FROM json_to_recordset($2::json) "
    "AS x(item text, content text) ON CONFLICT (dossier_id, item) DO UPDATE "
    "SET content = excluded.content, updated_at = clock_timestamp(), updated_by = $3::uuid "
    "WHERE i.version = 1 AND excluded.content <> '' AND i.content <> excluded.content",
    3};
static const struct statement WRITE_ITEM = {
    "dossier_write_item",
    "INSERT INTO capdo.dossier_item AS i (dossier_id, item, content, document_number, "
    "document_date, version, updated_by) VALUES ($1, $2, $3, $4, $5, 2, $6) "
    "ON CONFLICT (dossier_id, item) DO UPDATE SET content = excluded.content, "
    "document_number = excluded.document_number, document_date = excluded.document_date, "
    "version = i.version + 1, updated_at = clock_timestamp(), updated_by = excluded.updated_by",
    6};
static const struct statement WRITE_DRAFT = {
    "dossier_write_draft",
    "UPDATE capdo.dossier d SET level = $3, approve_party = $4, version = version + 1, "
    "updated_at = clock_timestamp() WHERE id = $1 AND version = $2 "
    "AND state IN ('draft', 'returned') AND " DOSSIER_CHANGED("d"),
    4};
/* Who took a step stands in the row until the dossier is submitted anew; the events keep all. */
static const struct statement MOVE = {
    "dossier_move",
    "UPDATE capdo.dossier d SET state = $4, step = $5, due_on = $6, version = version + 1, "
    "approve_party = coalesce($9, approve_party), "
    "updated_at = clock_timestamp(), "
    "submissions = submissions + CASE $4::text WHEN 'submitted' THEN 1 ELSE 0 END, "
    "submitted_by = CASE $4::text WHEN 'submitted' THEN $7::uuid ELSE submitted_by END, "
    "submitted_at = CASE $4::text WHEN 'submitted' THEN now() ELSE submitted_at END, "
    "received_by = CASE $4::text WHEN 'received' THEN $7::uuid WHEN 'submitted' THEN NULL "
    "ELSE received_by END, "
    "received_at = CASE $4::text WHEN 'received' THEN now() WHEN 'submitted' THEN NULL "
    "ELSE received_at END, "
    "appraised_by = CASE $4::text WHEN 'appraised' THEN $7::uuid WHEN 'submitted' THEN NULL "
    "ELSE appraised_by END, "
    "appraised_at = CASE $4::text WHEN 'appraised' THEN now() WHEN 'submitted' THEN NULL "
    "ELSE appraised_at END, "
    "conclusion = CASE $4::text WHEN 'appraised' THEN $8 WHEN 'submitted' THEN NULL "
    "ELSE conclusion END, "
    "decided_by = CASE WHEN $4::text IN ('approved', 'refused') THEN $7::uuid END, "
    "decided_at = CASE WHEN $4::text IN ('approved', 'refused') THEN now() END "
    "WHERE id = $1 AND version = $2 AND state = $3 AND " DOSSIER_CHANGED("d"),
    9};
static const struct statement EVENT = {
    "dossier_event_insert",
    "INSERT INTO capdo.dossier_event (id, dossier_id, from_state, to_state, actor_id, actor_name, "
    "capacity, reason, due_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    9};
static const struct statement SUBMISSION = {
    "dossier_submission_insert",
    "INSERT INTO capdo.dossier_submission (dossier_id, number, snapshot, submitted_by) "
    "VALUES ($1, $2, $3, $4)",
    4};
static const struct statement OPINION = {
    "opinion_insert",
    "INSERT INTO capdo.opinion (id, dossier_id, submission, conclusion, method, reasons, "
    "appraiser_id, appraiser_name, capacity, organisation_id, assignment_id) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    11};
static const struct statement DECISION = {
    "decision_insert",
    "INSERT INTO capdo.decision (id, dossier_id, outcome, number, decided_on, organisation_id, "
    "signer_id, signer_name, capacity, reason, delegation_id, snapshot_sha256) SELECT $1, $2, $4, $5, "
    "$6::date, $7::uuid, $8::uuid, $9, $10, $11, $12::uuid, x.snapshot_sha256 FROM capdo.dossier_submission x "
    "WHERE x.dossier_id = $2 AND x.number = $3::integer",
    12};

const struct statement *const dossier_write_statements[] = {
    &INSERT, &INSERT_SYSTEMS, &UPDATE_SYSTEMS, &WRITE_ITEMS, &WRITE_ITEM, &WRITE_DRAFT,
    &MOVE,   &EVENT,          &SUBMISSION,     &OPINION,     &DECISION,   NULL};

/* Exactly one row, or the dossier was not what the caller believed. */
static enum fault change_one(struct db *db, const struct statement *statement,
                             const struct db_parameters *parameters)
{
    int changed = 0;
    enum fault fault = db_execute(db, statement, parameters, &changed);

    return fault == FAULT_NONE && changed != 1 ? FAULT_VERSION_STALE : fault;
}

enum fault dossier_insert(struct db *db, const struct dossier_new_record *dossier,
                          const char *account_id)
{
    enum fault fault = db_execute(db, &INSERT,
                                  PARAMETERS(dossier->id, dossier->ruleset, dossier->governing_id,
                                             dossier->operator_id, dossier->level,
                                             dossier->approve_party, account_id),
                                  NULL);

    if (fault == FAULT_NONE) {
        fault = db_execute(db, &INSERT_SYSTEMS, PARAMETERS(dossier->id, dossier->systems), NULL);
    }
    return fault == FAULT_NONE ? dossier_write_items(db, dossier->id, dossier->items, account_id)
                               : fault;
}

enum fault dossier_write_systems(struct db *db, const char *id, const char *systems)
{
    return db_execute(db, &UPDATE_SYSTEMS, PARAMETERS(id, systems), NULL);
}

enum fault dossier_write_items(struct db *db, const char *id, const char *items,
                               const char *account_id)
{
    return db_execute(db, &WRITE_ITEMS, PARAMETERS(id, items, account_id), NULL);
}

enum fault dossier_write_item(struct db *db, const char *id, const char *item, const char *content,
                              const char *document_number, const char *document_date,
                              const char *account_id)
{
    return change_one(db, &WRITE_ITEM,
                      PARAMETERS(id, item, content, document_number, document_date, account_id));
}

enum fault dossier_write_draft(struct db *db, const char *id, const char *version,
                               const char *level, const char *approve_party)
{
    return change_one(db, &WRITE_DRAFT, PARAMETERS(id, version, level, approve_party));
}

enum fault dossier_move(struct db *db, const struct dossier_move_record *move)
{
    return change_one(db, &MOVE,
                      PARAMETERS(move->id, move->version, move->from, move->to, move->step,
                                 move->due_on, move->account_id, move->conclusion,
                                 move->approve_party));
}

enum fault dossier_event_insert(struct db *db, const struct dossier_event_record *event)
{
    return db_execute(db, &EVENT,
                      PARAMETERS(event->id, event->dossier_id, event->from, event->to,
                                 event->account_id, event->actor_name, event->capacity,
                                 event->reason, event->due_on),
                      NULL);
}

enum fault dossier_submission_insert(struct db *db, const char *dossier_id, const char *number,
                                     const char *snapshot, const char *account_id)
{
    return db_execute(db, &SUBMISSION, PARAMETERS(dossier_id, number, snapshot, account_id), NULL);
}

enum fault opinion_insert(struct db *db, const struct opinion_record *opinion)
{
    return db_execute(db, &OPINION,
                      PARAMETERS(opinion->id, opinion->dossier_id, opinion->submission,
                                 opinion->conclusion, opinion->method, opinion->reasons,
                                 opinion->account_id, opinion->name, opinion->capacity,
                                 opinion->organisation_id, opinion->assignment_id),
                      NULL);
}

enum fault decision_insert(struct db *db, const struct decision_record *decision)
{
    return change_one(db, &DECISION,
                      PARAMETERS(decision->id, decision->dossier_id, decision->submission,
                                 decision->outcome, decision->number, decision->decided_on,
                                 decision->organisation_id, decision->account_id, decision->name,
                                 decision->capacity, decision->reason, decision->delegation_id));
}

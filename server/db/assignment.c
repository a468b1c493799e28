#include "db/assignment.h"

#include "db/reach.h"

const char *const ASSIGNMENT_KINDS[] = {"specialised_unit", "assigned_unit", "council", "head",
                                        NULL};
const char *const RECORD_STATES[] = {"current", "future", "ended", NULL};

/* clang-format off */
#define STATE                                                          \
    "CASE WHEN a.valid_to < greatest(capdo.today(), a.valid_from) THEN 'ended' " \
    "WHEN a.valid_from > capdo.today() THEN 'future' ELSE 'current' END"
#define REFERENCE(table)                                               \
    "CASE WHEN " table ".id IS NOT NULL THEN json_build_object('id', " table ".id, 'name', " table ".name) END"
#define COLUMNS                                                        \
    "a.kind, " REFERENCE("gov") ", " REFERENCE("o") ", " REFERENCE("op") ", a.council_name, " \
    "(SELECT coalesce(json_agg(json_build_object('account_id', c.account_id, 'name', c.name, "  \
    "'chair', c.is_chair) ORDER BY NOT c.is_chair, c.name), '[]') FROM capdo.council_member c " \
    "WHERE c.assignment_id = a.id AND a.kind = 'council'), "                                    \
    "CASE WHEN a.operator_id IS NOT NULL THEN json_build_object('type', CASE "                  \
    "WHEN a.system_id IS NOT NULL THEN 'system' WHEN a.dossier_id IS NOT NULL THEN 'dossier' "  \
    "ELSE 'operator' END, 'code', capdo.authority_target_code(a.id)) END, "                     \
    "CASE WHEN a.kind = 'head' THEN json_build_object('name', "                                 \
    "coalesce(capdo.person_name(a.account_id), ''), 'role', a.role) END, "                      \
    "a.document_number, a.valid_from, a.valid_to, a.ended_document, " STATE ", a.version"
#define FROM                                                                                     \
    "(SELECT u.id, 'specialised_unit' AS kind, u.governing_id, u.unit_id AS organisation_id, "   \
    "NULL::uuid AS operator_id, NULL::uuid AS system_id, NULL::uuid AS dossier_id, "             \
    "'' AS council_name, NULL::uuid AS account_id, '' AS role, u.document_number, u.valid_from, " \
    "u.valid_to, u.ended_document, u.version FROM capdo.specialised_unit u "                     \
    "UNION ALL SELECT x.id, CASE WHEN x.unit_id IS NULL THEN 'council' ELSE 'assigned_unit' END, " \
    "x.governing_id, x.unit_id, x.operator_id, x.system_id, x.dossier_id, x.council_name, NULL, '', " \
    "x.document_number, x.valid_from, x.valid_to, x.ended_document, x.version "                  \
    "FROM capdo.appraisal_assignment x WHERE " ASSIGNMENT_SEEN("x") " "                          \
    "UNION ALL SELECT m.id, 'head', CASE m.role WHEN 'chairman' THEN m.organisation_id END, "    \
    "m.organisation_id, NULL, NULL, NULL, '', m.account_id, m.role, m.document_number, "         \
    "m.valid_from, m.valid_to, m.end_document_number, m.version FROM capdo.membership m "                     \
    "WHERE m.role IN ('director', 'chairman')) a "                                               \
    "LEFT JOIN capdo.organisation gov ON gov.id = a.governing_id "                               \
    "LEFT JOIN capdo.organisation o ON o.id = a.organisation_id "                                \
    "LEFT JOIN capdo.organisation op ON op.id = a.operator_id"
/* clang-format on */

static const struct list_filter FILTERS[] = {
    {"kind", LIST_CODES, ASSIGNMENT_KINDS, "a.kind = ANY (?::text[])"},
    {"state", LIST_CODES, RECORD_STATES, "(" STATE ") = ANY (?::text[])"},
    {"organisation_id", LIST_UUIDS, NULL,
     "(a.governing_id = ANY (?::uuid[]) OR a.organisation_id = ANY (?::uuid[]) "
     "OR a.operator_id = ANY (?::uuid[])) IS TRUE"},
    {"valid_to__lte", LIST_DATE, NULL, "a.valid_to <= ?::date"},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"valid_from", "a.valid_from", "date", false},
    {"valid_to", "coalesce(a.valid_to, 'infinity'::date)", "date", false},
    {NULL, NULL, NULL, false},
};

const struct list_table assignment_list_table = {
    .columns = COLUMNS,
    .from = FROM,
    .id = "a.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = true,
};

static const struct statement GET = {
    "assignment_get", "SELECT a.id, a.id, " COLUMNS " FROM " FROM " WHERE a.id = $1", 1};
static const struct statement TARGET = {
    "assignment_target",
    "SELECT system_id, dossier_id, governing_id, operator_id FROM capdo.authority_target($1, $2)",
    2};
static const struct statement PROBLEMS = {
    "assignment_problems",
    "SELECT code, detail FROM capdo.assignment_problems($1, $2, $3, $4, $5::uuid[], $6, $7::date, "
    "$8::date)",
    8};
static const struct statement ADD_UNIT = {
    "assignment_add_unit",
    "INSERT INTO capdo.specialised_unit (id, unit_id, governing_id, document_number, valid_from, "
    "valid_to, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    7};
static const struct statement ADD = {
    "assignment_add",
    "INSERT INTO capdo.appraisal_assignment (id, governing_id, operator_id, system_id, dossier_id, "
    "unit_id, council_name, document_number, valid_from, valid_to, created_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    11};
static const struct statement ADD_MEMBERS = {
    "assignment_add_members",
    "INSERT INTO capdo.council_member (assignment_id, account_id, name, is_chair) "
    "SELECT $1, m, '', m = $3::uuid FROM unnest($2::uuid[]) m",
    3};
static const struct statement END_PROBLEMS = {
    "record_end_problems",
    "SELECT code, detail FROM capdo.authority_end_problems($1, $2::date, $3::date, $4::date)", 4};

#define END_SQL(table)                                                               \
    "UPDATE capdo." table " SET valid_to = $3, ended_document = $4, ended_by = $5, " \
    "version = version + 1 WHERE id = $1 AND version = $2"
static const struct statement ENDS[] = {
    [RECORD_SPECIALISED_UNIT] = {"specialised_unit_end", END_SQL("specialised_unit"), 5},
    [RECORD_APPRAISAL_ASSIGNMENT] = {"appraisal_assignment_end", END_SQL("appraisal_assignment"),
                                     5},
    [RECORD_DELEGATION] = {"delegation_end", END_SQL("delegation"), 5},
};

const struct statement *const assignment_statements[] = {
    &GET,          &TARGET,  &PROBLEMS, &ADD_UNIT, &ADD, &ADD_MEMBERS,
    &END_PROBLEMS, &ENDS[0], &ENDS[1],  &ENDS[2],  NULL};

enum fault assignment_get(struct db *db, const char *id, struct rows *ret_rows)
{
    struct rows rows;
    enum fault fault = db_query(db, &GET, PARAMETERS(id), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        rows_done(&rows);
        return FAULT_NOT_FOUND;
    }
    *ret_rows = rows;
    return FAULT_NONE;
}

enum fault assignment_target(struct db *db, struct arena *arena, const char *system_code,
                             const char *dossier_code, struct assignment_record *assignment)
{
    struct rows rows;
    enum fault fault = db_query(db, &TARGET, PARAMETERS(system_code, dossier_code), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        fault = FAULT_NOT_FOUND;
    } else {
        assignment->system_id = rows_copy(&rows, 0, 0, arena);
        assignment->dossier_id = rows_copy(&rows, 0, 1, arena);
        assignment->governing_id = rows_copy(&rows, 0, 2, arena);
        assignment->operator_id = rows_copy(&rows, 0, 3, arena);
    }
    rows_done(&rows);
    return fault;
}

enum fault assignment_problems(struct db *db, const struct assignment_record *assignment,
                               struct rows *ret_rows)
{
    const struct assignment_record *a = assignment;

    return db_query(db, &PROBLEMS,
                    PARAMETERS(a->kind, a->governing_id, a->unit_id, a->operator_id, a->members,
                               a->chair_id, a->valid_from, a->valid_to),
                    ret_rows);
}

enum fault assignment_insert(struct db *db, const struct assignment_record *assignment,
                             const char *account_id)
{
    const struct assignment_record *a = assignment;

    if (a->operator_id == NULL) {
        return db_execute(db, &ADD_UNIT,
                          PARAMETERS(a->id, a->unit_id, a->governing_id, a->document_number,
                                     a->valid_from, a->valid_to, account_id),
                          NULL);
    }
    enum fault fault = db_execute(
        db, &ADD,
        PARAMETERS(a->id, a->governing_id, a->operator_id, a->system_id, a->dossier_id, a->unit_id,
                   a->council_name, a->document_number, a->valid_from, a->valid_to, account_id),
        NULL);
    if (fault == FAULT_NONE && a->unit_id == NULL) {
        fault = db_execute(db, &ADD_MEMBERS, PARAMETERS(a->id, a->members, a->chair_id), NULL);
    }
    return fault;
}

enum fault record_end_problems(struct db *db, const struct record_end *end, const char *starts,
                               const char *until, struct rows *ret_rows)
{
    return db_query(db, &END_PROBLEMS, PARAMETERS(end->id, starts, until, end->valid_to), ret_rows);
}

enum fault record_end(struct db *db, const struct record_end *end)
{
    int changed = 0;
    enum fault fault = db_execute(
        db, &ENDS[end->table],
        PARAMETERS(end->id, end->version, end->valid_to, end->document_number, end->account_id),
        &changed);

    return fault == FAULT_NONE && changed != 1 ? FAULT_VERSION_STALE : fault;
}

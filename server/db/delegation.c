#include "db/delegation.h"

#include "db/assignment.h"

/* clang-format off */
#define STATE                                                          \
    "CASE WHEN g.valid_to < greatest(capdo.today(), g.valid_from) THEN 'ended' " \
    "WHEN g.valid_from > capdo.today() THEN 'future' ELSE 'current' END"
#define COLUMNS                                                                                \
    "g.governing_id, gov.name, g.delegate_id, o.name, (SELECT json_agg(json_build_object("     \
    "'act', p.act, 'level', p.level) ORDER BY p.act, p.level) FROM ("                          \
    "SELECT 'approve_level' AS act, unnest(g.levels) AS level "                                \
    "UNION ALL SELECT 'approve_plan', unnest(g.plan_levels)) p), "                             \
    "g.scope, g.document_number, g.valid_from, g.valid_to, g.term_to, g.ended_document, "      \
    STATE ", g.version"
#define FROM                                                                  \
    "capdo.delegation g JOIN capdo.organisation gov ON gov.id = g.governing_id " \
    "JOIN capdo.organisation o ON o.id = g.delegate_id"
/* clang-format on */

static const struct list_filter FILTERS[] = {
    {"state", LIST_CODES, RECORD_STATES, "(" STATE ") = ANY (?::text[])"},
    {"organisation_id", LIST_UUIDS, NULL,
     "(g.governing_id = ANY (?::uuid[]) OR g.delegate_id = ANY (?::uuid[])) IS TRUE"},
    {"valid_to__lte", LIST_DATE, NULL, "g.valid_to <= ?::date"},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"valid_from", "g.valid_from", "date", false},
    {"valid_to", "g.valid_to", "date", false},
    {NULL, NULL, NULL, false},
};

const struct list_table delegation_list_table = {
    .columns = COLUMNS,
    .from = FROM,
    .id = "g.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = true,
};

static const struct statement GET = {
    "delegation_get", "SELECT g.id, g.id, " COLUMNS " FROM " FROM " WHERE g.id = $1", 1};
static const struct statement PROBLEMS = {
    "delegation_problems",
    "SELECT code, detail FROM capdo.delegation_problems($1, $2, $3::smallint[], $4::smallint[], "
    "$5::date, $6::date)",
    6};
static const struct statement INSERT = {
    "delegation_insert",
    "INSERT INTO capdo.delegation (id, governing_id, delegate_id, levels, plan_levels, scope, "
    "document_number, valid_from, valid_to, term_to, created_by) "
    "VALUES ($1, $2, $3, $4::smallint[], $5::smallint[], $6, $7, $8::date, $9::date, $9::date, $10)",
    10};

const struct statement *const delegation_statements[] = {&GET, &PROBLEMS, &INSERT, NULL};

enum fault delegation_get(struct db *db, const char *id, struct rows *ret_rows)
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

enum fault delegation_problems(struct db *db, const struct delegation_record *delegation,
                               struct rows *ret_rows)
{
    const struct delegation_record *d = delegation;

    return db_query(db, &PROBLEMS,
                    PARAMETERS(d->governing_id, d->delegate_id, d->levels, d->plan_levels,
                               d->valid_from, d->valid_to),
                    ret_rows);
}

enum fault delegation_insert(struct db *db, const struct delegation_record *delegation,
                             const char *account_id)
{
    const struct delegation_record *d = delegation;

    return db_execute(db, &INSERT,
                      PARAMETERS(d->id, d->governing_id, d->delegate_id, d->levels, d->plan_levels,
                                 d->scope, d->document_number, d->valid_from, d->valid_to,
                                 account_id),
                      NULL);
}

#include "db/organisation.h"

#define COLUMNS                                                                                                \
    "o.code, o.code_scheme, o.name, o.kind, o.parent_id, o.status, o.successor_id, o.valid_from, o.valid_to, " \
    "o.mandate_document, o.representative, o.representative_title, o.address, o.phone, "                       \
    "o.email, o.version, o.created_at, o.updated_at"

const char *const ORGANISATION_KINDS[] = {
    "people_committee", "department", "police", "office",   "commune", "hospital", "school",
    "centre",           "enterprise", "party",  "ministry", "other",   NULL};
const char *const ORGANISATION_STATUSES[] = {"active", "dissolved", NULL};
const char *const ORGANISATION_CODE_SCHEMES[] = {"2020", "2016", "internal", "statistics", NULL};

static const struct list_filter FILTERS[] = {
    {"q", LIST_WORDS, NULL,
     "o.name_folded LIKE capdo.search_pattern(?) "
     "OR lower(o.code) LIKE capdo.search_pattern(?)"},
    {"kind", LIST_CODES, ORGANISATION_KINDS, "o.kind = ANY (?::text[])"},
    {"status", LIST_CODES, ORGANISATION_STATUSES, "o.status = ANY (?::text[])"},
    {"parent_id", LIST_UUIDS, NULL, "o.parent_id = ANY (?::uuid[])"},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"name", "o.name COLLATE \"vi-x-icu\"", "text", false},
    {"code", "o.code", "text", false},
    {NULL, NULL, NULL, false},
};

const struct list_table organisation_list_table = {
    .columns = COLUMNS,
    .from = "capdo.organisation o",
    .id = "o.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = false,
};

static const struct statement GET = {
    "organisation_get", "SELECT o.id, o.id, " COLUMNS " FROM capdo.organisation o WHERE o.id = $1",
    1};
static const struct statement LOCK = {
    "organisation_lock",
    "SELECT o.id, o.id, " COLUMNS " FROM capdo.organisation o WHERE o.id = $1 FOR UPDATE", 1};
/* Two changes of different rows could close a circle together: one at a time. */
static const struct statement LOCK_TREE = {
    "organisation_lock_tree",
    "SELECT pg_advisory_xact_lock(hashtextextended('capdo.organisation', 0))", 0};
static const struct statement PARENT = {
    "organisation_parent", "SELECT o.status FROM capdo.organisation o WHERE o.id = $1", 1};
static const struct statement INSERT = {
    "organisation_insert",
    "INSERT INTO capdo.organisation (id, code, code_scheme, name, kind, parent_id, valid_from, "
    "mandate_document, representative, representative_title, address, phone, email) VALUES ($1, $2, "
    "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    13};
static const struct statement UPDATE = {
    "organisation_update",
    "UPDATE capdo.organisation SET kind = $3, mandate_document = $4, representative = $5, "
    "representative_title = $6, address = $7, phone = $8, email = $9, version = version + 1, "
    "updated_at = clock_timestamp() WHERE id = $1 AND version = $2",
    9};

const struct statement *const organisation_statements[] = {&GET,    &LOCK,   &LOCK_TREE, &PARENT,
                                                           &INSERT, &UPDATE, NULL};

static enum fault one_row(struct db *db, const struct statement *statement, const char *id,
                          struct rows *ret_rows)
{
    struct rows rows;
    enum fault fault = db_query(db, statement, PARAMETERS(id), &rows);

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

enum fault organisation_get(struct db *db, const char *id, struct rows *ret_rows)
{
    return one_row(db, &GET, id, ret_rows);
}

enum fault organisation_lock(struct db *db, const char *id, struct rows *ret_rows)
{
    enum fault fault = db_execute(db, &LOCK_TREE, &(const struct db_parameters){.count = 0}, NULL);

    return fault == FAULT_NONE ? one_row(db, &LOCK, id, ret_rows) : fault;
}

void organisation_read(const struct rows *rows, struct arena *arena,
                       struct organisation_record *ret_organisation)
{
    enum { FIRST = 2 }; /* after the sort value and the id, as in a list */

    *ret_organisation = (struct organisation_record){
        .id = rows_copy(rows, 0, 1, arena),
        .code = rows_copy(rows, 0, FIRST + ORGANISATION_CODE, arena),
        .code_scheme = rows_copy(rows, 0, FIRST + ORGANISATION_CODE_SCHEME, arena),
        .name = rows_copy(rows, 0, FIRST + ORGANISATION_NAME, arena),
        .kind = rows_copy(rows, 0, FIRST + ORGANISATION_KIND, arena),
        .parent_id = rows_copy(rows, 0, FIRST + ORGANISATION_PARENT_ID, arena),
        .valid_from = rows_copy(rows, 0, FIRST + ORGANISATION_VALID_FROM, arena),
        .mandate_document = rows_copy(rows, 0, FIRST + ORGANISATION_MANDATE_DOCUMENT, arena),
        .representative = rows_copy(rows, 0, FIRST + ORGANISATION_REPRESENTATIVE, arena),
        .representative_title =
            rows_copy(rows, 0, FIRST + ORGANISATION_REPRESENTATIVE_TITLE, arena),
        .address = rows_copy(rows, 0, FIRST + ORGANISATION_ADDRESS, arena),
        .phone = rows_copy(rows, 0, FIRST + ORGANISATION_PHONE, arena),
        .email = rows_copy(rows, 0, FIRST + ORGANISATION_EMAIL, arena),
    };
}

enum fault organisation_parent(struct db *db, const char *id, enum organisation_side *ret_side)
{
    struct rows rows;
    enum fault fault = db_query(db, &PARENT, PARAMETERS(id), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_side = rows.count == 0                           ? SIDE_UNKNOWN
                : str_is(rows_str(&rows, 0, 0), "active") ? SIDE_ACTIVE
                                                          : SIDE_DISSOLVED;
    rows_done(&rows);
    return FAULT_NONE;
}

enum fault organisation_insert(struct db *db, const struct organisation_record *organisation)
{
    const struct organisation_record *o = organisation;

    return db_execute(db, &INSERT,
                      PARAMETERS(o->id, o->code, o->code_scheme, o->name, o->kind, o->parent_id,
                                 o->valid_from, o->mandate_document, o->representative,
                                 o->representative_title, o->address, o->phone, o->email),
                      NULL);
}

enum fault organisation_update(struct db *db, const struct organisation_record *organisation,
                               const char *version)
{
    const struct organisation_record *o = organisation;
    int changed = 0;
    enum fault fault =
        db_execute(db, &UPDATE,
                   PARAMETERS(o->id, version, o->kind, o->mandate_document, o->representative,
                              o->representative_title, o->address, o->phone, o->email),
                   &changed);

    return fault == FAULT_NONE && changed == 0 ? FAULT_VERSION_STALE : fault;
}

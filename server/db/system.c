#include "db/system.h"

#include <stdio.h>
#include <string.h>

#include "db/reach.h"

/* A sub-select finds the name of one row faster than a join, which is planned for many. The systems
 * of a page mostly share their governing body, whose name a join remembers. */
#define NAME_OF(id) "(SELECT o.name FROM capdo.organisation o WHERE o.id = " id ")"
#define COLUMNS_FIRST \
    "s.code, s.name, s.operator_id, " NAME_OF("s.operator_id") ", s.governing_id, "
#define COLUMNS_LAST                                                                             \
    ", s.life_cycle, s.plan_status, s.ruleset, s.computed_level, s.at_least, s.approved_level, " \
    "s.approved_on, s.level, s.approval_status, s.version, s.updated_at"
#define COLUMNS COLUMNS_FIRST "gov.name" COLUMNS_LAST
#define FROM "capdo.system s JOIN capdo.organisation gov ON gov.id = s.governing_id"

const char *const SYSTEM_LIFE_CYCLES[] = {"planned",   "building", "operating",
                                          "upgrading", "retired",  NULL};
const char *const SYSTEM_PLAN_STATUSES[] = {"not_started", "partial", "full", NULL};
const char *const SYSTEM_APPROVAL_STATUSES[] = {"drafting", "sent_for_appraisal", "appraised",
                                                "approved", NULL};

static const struct list_filter FILTERS[] = {
    {"q", LIST_WORDS, NULL, "s.search LIKE capdo.search_pattern(?)"},
    {"level", LIST_LEVELS, NULL, "coalesce(s.level, 0::smallint) = ANY (?::smallint[])"},
    {"approval_status", LIST_CODES, SYSTEM_APPROVAL_STATUSES,
     "s.approval_status = ANY (?::text[])"},
    {"life_cycle", LIST_CODES, SYSTEM_LIFE_CYCLES, "s.life_cycle = ANY (?::text[])"},
    {"plan_status", LIST_CODES, SYSTEM_PLAN_STATUSES, "s.plan_status = ANY (?::text[])"},
    {"ruleset", LIST_NAMES, NULL, "s.ruleset = ANY (?::text[])"},
    {"operator_id", LIST_UUIDS, NULL, "s.operator_id = ANY (?::uuid[])"},
    {"governing_id", LIST_UUIDS, NULL, "s.governing_id = ANY (?::uuid[])"},
    {"updated_at__gte", LIST_TIME, NULL, "s.updated_at >= ?::timestamptz"},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"updated_at", "s.updated_at", "timestamptz", false},
    {"name", "s.name COLLATE \"vi-x-icu\"", "text", false},
    {"code", "s.code", "text", false},
    /* The systems without level come after all others. */
    {"level", "coalesce(s.level::text, 'none')", "text", true},
    {NULL, NULL, NULL, false},
};

/* The SELECT lists that follow a search: the sort value is the one of the request's order. */
#define SEARCH(sort_value)                                                                        \
    "SELECT " sort_value ", s.id, " COLUMNS                                                       \
    " FROM capdo.system_search($1::text[], $2::smallint[], $3::boolean, $4::text[], $5::text[], " \
    "$6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::timestamptz, $11, $12::boolean, $13, "  \
    "$14::timestamptz, $15::uuid, $16::integer) f JOIN " FROM " ON s.id = f.id ORDER BY f.ordinal"

static const struct {
    const char *sort;
    struct statement statement;
} SEARCHES[] = {
    {"updated_at", {"system_search_updated", SEARCH("s.updated_at::text"), 16}},
    {"name", {"system_search_name", SEARCH("s.name"), 16}},
    {"code", {"system_search_code", SEARCH("s.code"), 16}},
    {"level", {"system_search_level", SEARCH("coalesce(s.level::text, 'none')"), 16}},
};
static const struct statement SEARCH_COUNT = {
    "system_search_count",
    "SELECT count(*) FROM capdo.system_search($1::text[], $2::smallint[], $3::boolean, $4::text[], "
    "$5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::timestamptz, $11, "
    "$12::boolean, $13, $14::timestamptz, $15::uuid, $16::integer)",
    16};

static const struct statement *search_statement(const struct list_request *request, bool count_only)
{
    for (size_t i = 0; !count_only && i < COUNT_OF(SEARCHES); i++) {
        if (strcmp(SEARCHES[i].sort, request->sort->name) == 0) {
            return &SEARCHES[i].statement;
        }
    }
    return &SEARCH_COUNT;
}

static enum fault search(struct db *db, const struct list_request *request, int rows_max,
                         bool count_only, struct rows *ret_rows)
{
    const char *levels = list_filter_value(request, "level");
    /* 0 stands for "none" in the list; the search asks for it apart. */
    bool none = levels != NULL && strchr(levels, '0') != NULL;
    bool by_time = strcmp(request->sort->name, "updated_at") == 0;
    struct buffer words;
    char rows[16];

    buffer_init(&words, 64);
    list_words(request, &words);
    (void)snprintf(rows, sizeof(rows), "%d", rows_max);
    const char *after = count_only ? NULL : request->after_value;
    enum fault fault = db_query(
        db, search_statement(request, count_only),
        PARAMETERS(words.at, levels != NULL && strcmp(levels, "{0}") == 0 ? NULL : levels,
                   none ? "true" : "false", list_filter_value(request, "approval_status"),
                   list_filter_value(request, "life_cycle"),
                   list_filter_value(request, "plan_status"), list_filter_value(request, "ruleset"),
                   list_filter_value(request, "operator_id"),
                   list_filter_value(request, "governing_id"),
                   list_filter_value(request, "updated_at__gte"), request->sort->name,
                   request->descending ? "true" : "false", by_time ? NULL : after,
                   by_time ? after : NULL, count_only ? NULL : request->after_id, rows),
        ret_rows);
    buffer_done(&words);
    return fault;
}

const struct list_table system_list_table = {
    .columns = COLUMNS,
    .from = FROM,
    .id = "s.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = true,
    .search = search,
};

void system_scope(const struct actor *actor, struct list_scope *ret_scope)
{
    static const struct list_reach REACH = {
        .operator_in = REACH_SYSTEM_OPERATOR("s", "?::uuid[]"),
        .chaired_in = REACH_SYSTEM_CHAIRED("s", "?::uuid[]"),
        .served_in = REACH_SYSTEM_SERVED("s", "?::uuid[]"),
        .entrusted_in = REACH_SYSTEM_ENTRUSTED("s", "?::uuid[]"),
    };

    list_scope_of(actor, &REACH, ret_scope);
}

static const struct statement GET = {
    "system_get",
    "SELECT s.id, s.id, " COLUMNS_FIRST NAME_OF("s.governing_id") COLUMNS_LAST
    ", s.purpose, s.scope, s.served_users, s.facts, s.contacts, s.addresses, s.components, "
    "p.units, CASE WHEN p.related THEN capdo.system_relations(s.id) ELSE '[]' END, "
    "CASE WHEN p.open_dossier IS NOT NULL THEN capdo.system_open_dossier(p.open_dossier) END, "
    "p.decision, s.created_at FROM capdo.system s, "
    "LATERAL capdo.system_parts(s.id) p WHERE s.id = $1 AND " SYSTEM_SEEN("s"),
    1};
static const struct statement LOAD = {
    "system_load",
    "SELECT version, name, purpose, scope, served_users, governing_id, operator_id, life_cycle, "
    "plan_status, ruleset, facts, computed_level, at_least, contacts, addresses, components "
    "FROM capdo.system s WHERE id = $1 AND " SYSTEM_CHANGED("s") " FOR UPDATE",
    1};
static const struct statement INSERT = {
    "system_insert",
    "INSERT INTO capdo.system (id, name, purpose, scope, served_users, governing_id, operator_id, "
    "life_cycle, plan_status, ruleset, facts, computed_level, at_least, contacts, addresses, "
    "components, created_by, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
    "$13, $14, $15, $16, $17, $17)",
    17};
static const struct statement UPDATE = {
    "system_update",
    "UPDATE capdo.system s SET name = $3, purpose = $4, scope = $5, served_users = $6, "
    "life_cycle = $7, plan_status = $8, ruleset = $9, facts = $10, computed_level = $11, "
    "at_least = $12, contacts = $13, addresses = $14, components = $15, version = version + 1, "
    "updated_at = clock_timestamp(), updated_by = $16 WHERE id = $1 AND version = $2 AND " SYSTEM_CHANGED(
        "s"),
    16};
static const struct statement UNITS_DELETE = {
    "system_units_delete", "DELETE FROM capdo.system_unit WHERE system_id = $1", 1};
static const struct statement UNITS_INSERT = {
    "system_units_insert",
    "INSERT INTO capdo.system_unit (system_id, organisation_id, duty) SELECT $1, x.organisation_id, "
    "coalesce(x.duty, '') FROM json_to_recordset($2::json) AS x(organisation_id uuid, duty text) "
    "ON CONFLICT DO NOTHING",
    2};
/* What one does not see one neither removes nor adds: a system that is not seen is stored as no
 * system, which the foreign key refuses like one that does not exist. */
static const struct statement RELATIONS_DELETE = {
    "system_relations_delete",
    "DELETE FROM capdo.system_relation r WHERE r.system_id = $1 AND EXISTS (SELECT FROM "
    "capdo.system s WHERE s.id = r.related_id AND " SYSTEM_SEEN("s") ")",
    1};
static const struct statement RELATIONS_INSERT = {
    "system_relations_insert",
    "INSERT INTO capdo.system_relation (system_id, related_id, kind) SELECT $1, coalesce("
    "(SELECT s.id FROM capdo.system s WHERE s.id = x.system_id AND " SYSTEM_SEEN(
        "s") "), "
             "'00000000-0000-0000-0000-000000000000'), x.kind "
             "FROM json_to_recordset($2::json) AS x(system_id uuid, kind text) ON CONFLICT DO NOTHING",
    2};
static const struct statement VERSIONS = {
    "system_versions",
    "SELECT v.version, v.changed_at, coalesce(a.display_name, ''), v.data, "
    "(SELECT json_build_object('kind', e.kind, 'effective_on', e.effective_on, 'document_number', "
    "e.document_number, 'organisation', json_build_object('id', e.organisation_id, 'name', o.name)) "
    "FROM capdo.organisation_event e JOIN capdo.organisation o ON o.id = e.organisation_id "
    "WHERE e.id = (v.data ->> 'organisation_event_id')::uuid) FROM ("
    "SELECT s.version, s.updated_at AS changed_at, s.updated_by AS changed_by, "
    "to_jsonb(s) - 'search' AS data FROM capdo.system s WHERE s.id = $1 AND " SYSTEM_SEEN(
        "s") " UNION ALL SELECT v.version, v.changed_at, v.changed_by, v.data FROM capdo.system_version v "
             "JOIN capdo.system s ON s.id = v.system_id WHERE v.system_id = $1 AND " SYSTEM_SEEN(
                 "s") ") v LEFT JOIN LATERAL (SELECT capdo.person_name(v.changed_by) AS "
                      "display_name) a ON true WHERE $2::integer = 0 OR v.version < $2::integer "
                      "ORDER BY v.version DESC LIMIT $3::bigint",
    3};

const struct statement *const system_statements[] = {&SEARCHES[0].statement,
                                                     &SEARCHES[1].statement,
                                                     &SEARCHES[2].statement,
                                                     &SEARCHES[3].statement,
                                                     &SEARCH_COUNT,
                                                     &GET,
                                                     &LOAD,
                                                     &INSERT,
                                                     &UPDATE,
                                                     &UNITS_DELETE,
                                                     &UNITS_INSERT,
                                                     &RELATIONS_DELETE,
                                                     &RELATIONS_INSERT,
                                                     &VERSIONS,
                                                     NULL};

enum fault system_get(struct db *db, const char *id, struct rows *ret_rows)
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

enum fault system_load(struct db *db, struct arena *arena, const char *id,
                       struct system_record *ret_system, int64_t *ret_version)
{
    struct rows rows;
    enum fault fault = db_query(db, &LOAD, PARAMETERS(id), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0) {
        rows_done(&rows);
        return FAULT_NOT_FOUND;
    }
    *ret_version = rows_int(&rows, 0, 0, 0);
    *ret_system = (struct system_record){
        .id = id,
        .name = rows_copy(&rows, 0, 1, arena),
        .purpose = rows_copy(&rows, 0, 2, arena),
        .scope = rows_copy(&rows, 0, 3, arena),
        .served_users = rows_copy(&rows, 0, 4, arena),
        .governing_id = rows_copy(&rows, 0, 5, arena),
        .operator_id = rows_copy(&rows, 0, 6, arena),
        .life_cycle = rows_copy(&rows, 0, 7, arena),
        .plan_status = rows_copy(&rows, 0, 8, arena),
        .ruleset = rows_copy(&rows, 0, 9, arena),
        .facts = rows_copy(&rows, 0, 10, arena),
        .computed_level = rows_copy(&rows, 0, 11, arena),
        .at_least = rows_copy(&rows, 0, 12, arena),
        .contacts = rows_copy(&rows, 0, 13, arena),
        .addresses = rows_copy(&rows, 0, 14, arena),
        .components = rows_copy(&rows, 0, 15, arena),
    };
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault replace_parts(struct db *db, const struct system_record *system)
{
    enum fault fault = FAULT_NONE;

    if (system->units != NULL) {
        fault = db_execute(db, &UNITS_DELETE, PARAMETERS(system->id), NULL);
        if (fault == FAULT_NONE) {
            fault = db_execute(db, &UNITS_INSERT, PARAMETERS(system->id, system->units), NULL);
        }
    }
    if (fault == FAULT_NONE && system->relations != NULL) {
        fault = db_execute(db, &RELATIONS_DELETE, PARAMETERS(system->id), NULL);
        if (fault == FAULT_NONE) {
            fault =
                db_execute(db, &RELATIONS_INSERT, PARAMETERS(system->id, system->relations), NULL);
        }
    }
    return fault;
}

enum fault system_insert(struct db *db, const struct system_record *system, const char *account_id)
{
    enum fault fault =
        db_execute(db, &INSERT,
                   PARAMETERS(system->id, system->name, system->purpose, system->scope,
                              system->served_users, system->governing_id, system->operator_id,
                              system->life_cycle, system->plan_status, system->ruleset,
                              system->facts, system->computed_level, system->at_least,
                              system->contacts, system->addresses, system->components, account_id),
                   NULL);

    return fault == FAULT_NONE ? replace_parts(db, system) : fault;
}

enum fault system_update(struct db *db, const struct system_record *system, const char *version,
                         const char *account_id)
{
    int changed = 0;
    enum fault fault = db_execute(
        db, &UPDATE,
        PARAMETERS(system->id, version, system->name, system->purpose, system->scope,
                   system->served_users, system->life_cycle, system->plan_status, system->ruleset,
                   system->facts, system->computed_level, system->at_least, system->contacts,
                   system->addresses, system->components, account_id),
        &changed);

    if (fault == FAULT_NONE && changed == 0) {
        fault = FAULT_VERSION_STALE;
    }
    return fault == FAULT_NONE ? replace_parts(db, system) : fault;
}

enum fault system_versions(struct db *db, const char *id, int64_t before, int limit,
                           struct rows *ret_rows)
{
    char before_text[24];
    char limit_text[24];

    (void)snprintf(before_text, sizeof(before_text), "%lld", (long long)before);
    (void)snprintf(limit_text, sizeof(limit_text), "%d", limit);
    return db_query(db, &VERSIONS, PARAMETERS(id, before_text, limit_text), ret_rows);
}

#include "db/account_admin.h"

#include <stddef.h>

const char *const ACCOUNT_STATES[] = {"invited", "active", "disabled", NULL};

static const char *const ROLES[] = {"staff",  "appraiser", "director", "chairman",
                                    "office", "admin",     NULL};

#define STATE                                                                     \
    "CASE WHEN a.disabled_at IS NOT NULL THEN 'disabled' WHEN a.activated_at IS " \
    "NULL THEN 'invited' ELSE 'active' END"
#define HELD_TODAY                   \
    "m.valid_from <= capdo.today() " \
    "AND (m.valid_to IS NULL OR m.valid_to >= capdo.today())"
#define COLUMNS                                                                       \
    "a.username, a.display_name, a.email, " STATE ", "                                \
    "(SELECT coalesce(json_agg(json_build_object('role', m.role, 'organisation', "    \
    "json_build_object('id', o.id, 'name', o.name)) ORDER BY m.role, o.name), '[]') " \
    "FROM capdo.membership m JOIN capdo.organisation o ON o.id = m.organisation_id "  \
    "WHERE m.account_id = a.id AND " HELD_TODAY "), a.created_at, a.updated_at, a.version"

static const struct list_filter FILTERS[] = {
    {"q", LIST_WORDS, NULL,
     "capdo.fold(a.username || ' ' || a.display_name || ' ' || a.email) "
     "LIKE capdo.search_pattern(?)"},
    {"role", LIST_CODES, ROLES,
     "EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = a.id AND m.role = ANY (?::text[]) "
     "AND " HELD_TODAY ")"},
    {"organisation_id", LIST_UUIDS, NULL,
     "EXISTS (SELECT FROM capdo.membership m WHERE m.account_id = a.id "
     "AND m.organisation_id = ANY (?::uuid[]) AND " HELD_TODAY ")"},
    {"state", LIST_CODES, ACCOUNT_STATES, STATE " = ANY (?::text[])"},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"username", "a.username", "text", false},
    {"display_name", "a.display_name COLLATE \"vi-x-icu\"", "text", false},
    {NULL, NULL, NULL, false},
};

const struct list_table account_list_table = {
    .columns = COLUMNS,
    .from = "capdo.account a",
    .id = "a.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = false,
};

#define PERSON(column)                                                                               \
    "(SELECT json_build_object('id', p.id, 'name', p.display_name) FROM capdo.account p WHERE p.id " \
    "= " column ")"

static const struct statement GET = {
    "account_get",
    "SELECT a.id, a.id, " COLUMNS ", capdo.account_has_factor(a.id), " PERSON(
        "a.created_by") ", "
                        "a.disabled_at, "
                        "(SELECT json_build_object('purpose', l.purpose, 'expires_at', to_char(l.expires_at AT TIME ZONE "
                        "'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')) FROM capdo.account_link l WHERE l.account_id = a.id "
                        "AND l.used_at IS NULL AND l.ended_at IS NULL AND l.expires_at > now()), "
                        "(SELECT coalesce(json_agg(json_build_object('id', m.id, 'role', m.role, 'organisation', "
                        "json_build_object('id', o.id, 'name', o.name), 'valid_from', m.valid_from, 'valid_to', "
                        "m.valid_to, 'document_number', m.document_number, 'granted_by', " PERSON(
                            "m.granted_by") ", "
                                            "'granted_at', to_char(m.granted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
                                            "'end_document_number', m.end_document_number, 'ended_by', " PERSON(
                                                "m.ended_by") ", "
                                                              "'ended_at', to_char(m.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
                                                              "'holds_today', (" HELD_TODAY
                                                              ")) ORDER BY m.valid_from DESC, m.granted_at DESC, m.id), '[]') "
                                                              "FROM capdo.membership m JOIN capdo.organisation o ON o.id = m.organisation_id "
                                                              "WHERE m.account_id = a.id) "
                                                              "FROM capdo.account a WHERE a.id = $1",
    1};
static const struct statement LOCK = {
    "account_lock",
    "SELECT version, disabled_at IS NOT NULL, display_name FROM capdo.account WHERE id = $1 "
    "FOR UPDATE",
    1};
static const struct statement INSERT = {
    "account_insert",
    "INSERT INTO capdo.account (id, username, display_name, email, created_by) "
    "VALUES ($1, $2, $3, $4, $5)",
    5};
static const struct statement SET_DISABLED = {
    "account_set_disabled",
    "UPDATE capdo.account SET disabled_at = CASE WHEN $3::boolean THEN clock_timestamp() END, "
    "version = version + 1, updated_at = clock_timestamp() WHERE id = $1 AND version = $2",
    3};
static const struct statement MEMBERSHIP_INSERT = {
    "membership_insert",
    "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from, valid_to, "
    "document_number, granted_by) VALUES ($1, $2, $3, $4, coalesce($5, capdo.today()), $6, $7, $8)",
    8};
static const struct statement MEMBERSHIP_PLACE = {
    "membership_place",
    "SELECT o.status = 'active', o.name, capdo.today() FROM (SELECT) one "
    "LEFT JOIN capdo.organisation o ON o.id = $1",
    1};
static const struct statement MEMBERSHIP_LOCK = {
    "membership_lock",
    "SELECT m.role, o.name, a.display_name, m.valid_to, greatest(capdo.today(), m.valid_from) - 1, "
    "m.ended_at IS NOT NULL OR coalesce(m.valid_to < capdo.today(), false) FROM capdo.membership m "
    "JOIN capdo.organisation o ON o.id = m.organisation_id "
    "JOIN capdo.account a ON a.id = m.account_id WHERE m.account_id = $1 AND m.id = $2 "
    "FOR UPDATE OF m",
    2};
static const struct statement MEMBERSHIP_END = {
    "membership_end",
    "UPDATE capdo.membership SET valid_to = $2, end_document_number = $3, ended_by = $4, "
    "ended_at = clock_timestamp(), version = version + 1 WHERE id = $1",
    4};

const struct statement *const account_admin_statements[] = {&GET,
                                                            &LOCK,
                                                            &INSERT,
                                                            &SET_DISABLED,
                                                            &MEMBERSHIP_INSERT,
                                                            &MEMBERSHIP_PLACE,
                                                            &MEMBERSHIP_LOCK,
                                                            &MEMBERSHIP_END,
                                                            NULL};

static enum fault one_row(struct db *db, const struct statement *statement,
                          const struct db_parameters *parameters, struct rows *ret_rows)
{
    struct rows rows;
    enum fault fault = db_query(db, statement, parameters, &rows);

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

enum fault account_get(struct db *db, const char *id, struct rows *ret_rows)
{
    return one_row(db, &GET, PARAMETERS(id), ret_rows);
}

enum fault account_lock(struct db *db, const char *id, int64_t *ret_version, bool *ret_disabled,
                        const char **ret_name, struct arena *arena)
{
    struct rows rows;
    enum fault fault = one_row(db, &LOCK, PARAMETERS(id), &rows);

    if (fault == FAULT_NONE) {
        *ret_version = rows_int(&rows, 0, 0, 0);
        *ret_disabled = rows_bool(&rows, 0, 1);
        *ret_name = rows_copy(&rows, 0, 2, arena);
        rows_done(&rows);
    }
    return fault;
}

enum fault account_insert(struct db *db, const struct account_new *a)
{
    return db_execute(db, &INSERT,
                      PARAMETERS(a->id, a->username, a->display_name, a->email, a->created_by),
                      NULL);
}

enum fault account_set_disabled(struct db *db, const char *id, const char *version, bool disabled)
{
    int changed = 0;
    enum fault fault =
        db_execute(db, &SET_DISABLED, PARAMETERS(id, version, disabled ? "t" : "f"), &changed);

    return fault == FAULT_NONE && changed == 0 ? FAULT_VERSION_STALE : fault;
}

enum fault membership_insert(struct db *db, const struct membership_new *m)
{
    return db_execute(db, &MEMBERSHIP_INSERT,
                      PARAMETERS(m->id, m->account_id, m->organisation_id, m->role, m->valid_from,
                                 m->valid_to, m->document_number, m->granted_by),
                      NULL);
}

enum fault membership_place(struct db *db, struct arena *arena, const char *organisation_id,
                            struct membership_place *ret_place)
{
    struct rows rows;
    enum fault fault = one_row(db, &MEMBERSHIP_PLACE, PARAMETERS(organisation_id), &rows);

    if (fault == FAULT_NONE) {
        *ret_place = (struct membership_place){
            .organisation_active = rows_bool(&rows, 0, 0),
            .organisation_name = rows_copy(&rows, 0, 1, arena),
            .today = rows_copy(&rows, 0, 2, arena),
        };
        rows_done(&rows);
    }
    return fault;
}

enum fault membership_lock(struct db *db, struct arena *arena, const char *account_id,
                           const char *id, struct membership_held *ret_held)
{
    struct rows rows;
    enum fault fault = one_row(db, &MEMBERSHIP_LOCK, PARAMETERS(account_id, id), &rows);

    if (fault == FAULT_NONE) {
        *ret_held = (struct membership_held){
            .role = rows_copy(&rows, 0, 0, arena),
            .organisation_name = rows_copy(&rows, 0, 1, arena),
            .account_name = rows_copy(&rows, 0, 2, arena),
            .valid_to = rows_copy(&rows, 0, 3, arena),
            .earliest_end = rows_copy(&rows, 0, 4, arena),
            .ended = rows_bool(&rows, 0, 5),
        };
        rows_done(&rows);
    }
    return fault;
}

enum fault membership_end(struct db *db, const struct membership_end *end)
{
    return db_execute(db, &MEMBERSHIP_END,
                      PARAMETERS(end->id, end->valid_to, end->document_number, end->ended_by),
                      NULL);
}

#include "db/label.h"

#include "db/reach.h"

#define COLUMNS                                                                                      \
    "l.code, l.type, l.target, CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('id', s.id, " \
    "'code', s.code, 'name', s.name) END, l.operator_id, op.name, l.governing_id, gov.name, "        \
    "l.grade, l.state, l.issuer, l.granted_on, l.expires_on, l.certificate_url, l.evidence_url, "    \
    "l.reason, l.version, l.updated_at"
#define FROM                                                             \
    "capdo.label l JOIN capdo.organisation op ON op.id = l.operator_id " \
    "JOIN capdo.organisation gov ON gov.id = l.governing_id "            \
    "LEFT JOIN capdo.system s ON s.id = l.system_id AND " SYSTEM_SEEN_MANY("s")

const char *const LABEL_TYPES[] = {"organisation", "website", "device", "system", NULL};
const char *const LABEL_GRADES[] = {"basic", "advanced", NULL};
const char *const LABEL_STATES[] = {"requested", "granted",   "refused",
                                    "expired",   "withdrawn", NULL};

static const struct list_filter FILTERS[] = {
    {"q", LIST_WORDS, NULL,
     "capdo.fold(l.target || ' ' || l.code || ' ' || op.name) LIKE capdo.search_pattern(?)"},
    {"type", LIST_CODES, LABEL_TYPES, "l.type = ANY (?::text[])"},
    {"grade", LIST_CODES, LABEL_GRADES, "l.grade = ANY (?::text[])"},
    {"state", LIST_CODES, LABEL_STATES, "l.state = ANY (?::text[])"},
    {"operator_id", LIST_UUIDS, NULL, "l.operator_id = ANY (?::uuid[])"},
    {"system_id", LIST_UUID, NULL, "l.system_id = ?::uuid"},
    {"expires_on__gte", LIST_DATE, NULL, "l.expires_on >= ?::date"},
    {"expires_on__lte", LIST_DATE, NULL, "l.expires_on <= ?::date"},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"updated_at", "l.updated_at", "timestamptz", false},
    {"expires_on", "coalesce(l.expires_on, 'infinity'::date)", "date", false},
    {"target", "l.target", "text", false},
    {NULL, NULL, NULL, false},
};

const struct list_table label_list_table = {
    .columns = COLUMNS,
    .from = FROM,
    .id = "l.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = true,
};

void label_scope(const struct actor *actor, struct list_scope *ret_scope)
{
    static const struct list_reach REACH = {
        .operator_in = REACH_LABEL_OPERATOR("l", "?::uuid[]"),
        .chaired_in = REACH_LABEL_CHAIRED("l", "?::uuid[]"),
        .served_in = REACH_LABEL_SERVED("l", "?::uuid[]"),
    };

    list_scope_of(actor, &REACH, ret_scope);
}

static const struct statement GET = {
    "label_get",
    "SELECT l.id, l.id, " COLUMNS ", l.created_at, "
    "(SELECT coalesce(json_agg(json_build_object('from_state', e.from_state, 'to_state', e.to_state, "
    "'at', e.at, 'actor_name', e.actor_name, 'reason', e.reason) ORDER BY e.at, e.id), '[]') "
    "FROM capdo.label_event e WHERE e.label_id = l.id), "
    "coalesce(l.expires_on >= capdo.today(), false) FROM " FROM
    " WHERE l.id = $1 AND " LABEL_SEEN("l"),
    1};
static const struct statement LOCK = {
    "label_lock", "SELECT 1 FROM capdo.label l WHERE id = $1 AND " LABEL_CHANGED("l") " FOR UPDATE",
    1};
static const struct statement PLACE = {
    "label_place",
    "SELECT EXISTS (SELECT FROM capdo.organisation WHERE id = $1), "
    "EXISTS (SELECT FROM capdo.organisation WHERE id = $2), "
    "EXISTS (SELECT FROM capdo.system s WHERE id = $3 AND " SYSTEM_SEEN(
        "s") "), "
             "EXISTS (SELECT FROM capdo.system s WHERE id = $3 AND governing_id = $1 AND operator_id = $2 "
             "AND " SYSTEM_SEEN("s") ")",
    3};
static const struct statement INSERT = {
    "label_insert",
    "INSERT INTO capdo.label (id, type, target, system_id, governing_id, operator_id, grade, "
    "evidence_url, requested_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    9};
static const struct statement UPDATE = {
    "label_update",
    "UPDATE capdo.label l SET state = $3, grade = $4, issuer = $5, granted_on = $6, expires_on = $7, "
    "certificate_url = $8, evidence_url = $9, reason = $10, version = version + 1, "
    "updated_at = clock_timestamp() WHERE id = $1 AND version = $2 AND " LABEL_CHANGED("l"),
    10};
static const struct statement EVENT = {
    "label_event",
    "INSERT INTO capdo.label_event (id, label_id, from_state, to_state, at, actor_id, actor_name, "
    "reason) VALUES ($1, $2, $3, $4, clock_timestamp(), $5, $6, $7)",
    7};

const struct statement *const label_statements[] = {&GET,    &LOCK,  &PLACE, &INSERT,
                                                    &UPDATE, &EVENT, NULL};

enum fault label_get(struct db *db, const char *id, struct rows *ret_rows)
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

enum fault label_lock(struct db *db, const char *id)
{
    struct rows rows;
    enum fault fault = db_query(db, &LOCK, PARAMETERS(id), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = rows.count == 0 ? FAULT_FORBIDDEN : FAULT_NONE;
    rows_done(&rows);
    return fault;
}

enum fault label_place(struct db *db, const struct label_record *label,
                       struct label_place *ret_place)
{
    struct rows rows;
    enum fault fault = db_query(
        db, &PLACE, PARAMETERS(label->governing_id, label->operator_id, label->system_id), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_place = (struct label_place){
        .governing_exists = rows_bool(&rows, 0, 0),
        .operator_exists = rows_bool(&rows, 0, 1),
        .system_exists = rows_bool(&rows, 0, 2),
        .system_fits = rows_bool(&rows, 0, 3),
    };
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault add_event(struct db *db, const struct label_record *label,
                            const struct label_step *step)
{
    return db_execute(db, &EVENT,
                      PARAMETERS(step->event_id, label->id, step->from_state, label->state,
                                 step->account_id, step->account_name, label->reason),
                      NULL);
}

enum fault label_insert(struct db *db, const struct label_record *label,
                        const struct label_step *step)
{
    const struct label_record *l = label;
    enum fault fault =
        db_execute(db, &INSERT,
                   PARAMETERS(l->id, l->type, l->target, l->system_id, l->governing_id,
                              l->operator_id, l->grade, l->evidence_url, step->account_id),
                   NULL);

    return fault == FAULT_NONE ? add_event(db, label, step) : fault;
}

enum fault label_update(struct db *db, const struct label_record *label, const char *version,
                        const struct label_step *step)
{
    const struct label_record *l = label;
    int changed = 0;
    enum fault fault =
        db_execute(db, &UPDATE,
                   PARAMETERS(l->id, version, l->state, l->grade, l->issuer, l->granted_on,
                              l->expires_on, l->certificate_url, l->evidence_url, l->reason),
                   &changed);

    if (fault == FAULT_NONE && changed == 0) {
        fault = FAULT_VERSION_STALE;
    }
    return fault == FAULT_NONE ? add_event(db, label, step) : fault;
}

#include "db/dossier.h"

#include "db/reach.h"

#define COLUMNS                                                                               \
    "d.code, d.ruleset, gov.id, gov.name, op.id, op.name, d.level, "                          \
    "d.approve_party, d.state, d.step, d.due_on, coalesce(d.due_on < capdo.today(), false), " \
    "d.submissions, d.submitted_at, d.version, d.updated_at, "                                \
    "(SELECT count(*) FROM capdo.dossier_system x WHERE x.dossier_id = d.id), "               \
    "(SELECT json_build_object('id', s.id, 'code', s.code, 'name', s.name) "                  \
    "FROM capdo.dossier_system x JOIN capdo.system s ON s.id = x.system_id "                  \
    "WHERE x.dossier_id = d.id AND " SYSTEM_SEEN_MANY("s") " ORDER BY s.code LIMIT 1)"
#define FROM                                                                             \
    "capdo.dossier d "                                                                   \
    "JOIN capdo.organisation op ON op.id = coalesce(d.operator_then_id, d.operator_id) " \
    "JOIN capdo.organisation gov ON gov.id = coalesce(d.governing_then_id, d.governing_id)"

#define ME_NOW(row)                                                          \
    row ".valid_from <= capdo.today() AND (" row ".valid_to IS NULL OR " row \
        ".valid_to >= capdo.today())"
/* Governing bodies in whose specialised unit the one who acts has a role today. */
#define SERVED_FROM                                                                      \
    "(SELECT u.governing_id, u.unit_id FROM capdo.membership m "                         \
    "JOIN capdo.specialised_unit u ON u.unit_id = m.organisation_id "                    \
    "WHERE m.account_id = (SELECT capdo.ctx_account()) AND " ME_NOW("m") " AND " ME_NOW( \
        "u") " AND m.role = "
/* A unit that operates a system of the dossier does not appraise it; another does, or a council. */
#define I_APPRAISE_IN_ITS_UNIT                                                                     \
    "d.governing_id = ANY (ARRAY(SELECT x.governing_id FROM " SERVED_FROM "'appraiser') x)) "      \
    "AND EXISTS (SELECT FROM " SERVED_FROM "'appraiser') x WHERE x.governing_id = d.governing_id " \
    "AND x.unit_id <> ALL (d.operating))"
#define I_APPRAISE_INSTEAD                                                                                  \
    "d.entrusted && (SELECT capdo.ctx_list('capdo.entrusted'))::uuid[] "                                    \
    "AND NOT EXISTS (SELECT FROM capdo.specialised_unit u WHERE u.governing_id = d.governing_id "           \
    "AND " ME_NOW(                                                                                          \
        "u") " AND u.unit_id <> ALL (d.operating)) "                                                        \
             "AND EXISTS (SELECT FROM capdo.appraisal_assignment a WHERE a.id = ANY (d.entrusted) "         \
             "AND a.id = ANY ((SELECT capdo.ctx_list('capdo.entrusted'))::uuid[]) "                         \
             "AND CASE WHEN a.unit_id IS NULL THEN NOT EXISTS (SELECT FROM capdo.membership m "             \
             "WHERE m.account_id = (SELECT capdo.ctx_account()) AND m.organisation_id = ANY (d.operating) " \
             "AND " ME_NOW("m") ") ELSE a.unit_id <> ALL (d.operating) END)"
#define I_APPRAISE_IT "(" I_APPRAISE_IN_ITS_UNIT " OR " I_APPRAISE_INSTEAD ")"
#define I_DIRECT_FOR_IT \
    "d.governing_id = ANY (ARRAY(SELECT x.governing_id FROM " SERVED_FROM "'director') x))"
#define I_CHAIR_IT "d.governing_id = ANY ((SELECT capdo.ctx_list('capdo.chairs'))::uuid[])"
#define I_AM_DELEGATED                                                           \
    "d.entrusted && (SELECT capdo.ctx_list('capdo.entrusted'))::uuid[] "         \
    "AND EXISTS (SELECT FROM capdo.delegation g WHERE g.id = ANY (d.entrusted) " \
    "AND g.id = ANY ((SELECT capdo.ctx_list('capdo.entrusted'))::uuid[]) "       \
    "AND d.level = ANY (g.levels))"
#define I_OPERATE_IT "d.operator_id = ANY ((SELECT capdo.ctx_list('capdo.staff_of'))::uuid[])"

/* As dossier_load says it: whoever wrote any of it prepared it, whoever gave any opinion appraised. */
#define NOT_PREPARED_BY_ME                                                              \
    "d.prepared_by IS DISTINCT FROM (SELECT capdo.ctx_account()) "                      \
    "AND d.submitted_by IS DISTINCT FROM (SELECT capdo.ctx_account()) "                 \
    "AND NOT EXISTS (SELECT FROM capdo.dossier_submission x WHERE x.dossier_id = d.id " \
    "AND x.submitted_by = (SELECT capdo.ctx_account())) "                               \
    "AND NOT EXISTS (SELECT FROM capdo.dossier_item x WHERE x.dossier_id = d.id "       \
    "AND x.updated_by = (SELECT capdo.ctx_account()))"
#define NOT_APPRAISED_BY_ME                                                  \
    "d.received_by IS DISTINCT FROM (SELECT capdo.ctx_account()) "           \
    "AND d.appraised_by IS DISTINCT FROM (SELECT capdo.ctx_account()) "      \
    "AND NOT EXISTS (SELECT FROM capdo.opinion x WHERE x.dossier_id = d.id " \
    "AND x.appraiser_id = (SELECT capdo.ctx_account()))"

/* The next step is mine to take: my side, my party, and not my own earlier work. */
#define MINE_TO_PREPARE "d.state IN ('draft', 'returned') AND " I_OPERATE_IT
#define MINE_TO_APPRAISE \
    "d.state IN ('submitted', 'received') AND " NOT_PREPARED_BY_ME " AND " I_APPRAISE_IT
#define MINE_TO_DECIDE                                                          \
    "d.state = 'appraised' AND " NOT_PREPARED_BY_ME " AND " NOT_APPRAISED_BY_ME \
    " AND (d.approve_party = 'specialised_unit' AND " I_DIRECT_FOR_IT           \
    " OR d.approve_party = 'governing_body' AND (" I_CHAIR_IT " OR " I_AM_DELEGATED "))"
#define WAITING_FOR_ME \
    "'me' = ANY (?::text[]) AND (" MINE_TO_PREPARE " OR " MINE_TO_APPRAISE " OR " MINE_TO_DECIDE ")"

static const char *const STATES[] = {"draft",    "submitted", "received",  "returned", "appraised",
                                     "approved", "refused",   "withdrawn", NULL};
static const char *const STEPS[] = {"completeness_response", "appraisal", "approval", NULL};
static const char *const ME[] = {"me", NULL};

static const struct list_filter FILTERS[] = {
    {"q", LIST_WORDS, NULL,
     "capdo.fold(d.code) LIKE capdo.search_pattern(?) OR d.id IN (SELECT x.dossier_id "
     "FROM capdo.dossier_system x JOIN capdo.system s ON s.id = x.system_id "
     "WHERE s.search LIKE capdo.search_pattern(?) AND " SYSTEM_SEEN_MANY("s") ")"},
    {"state", LIST_CODES, STATES, "d.state = ANY (?::text[])"},
    {"level", LIST_LEVELS, NULL, "d.level = ANY (?::smallint[])"},
    {"ruleset", LIST_NAMES, NULL, "d.ruleset = ANY (?::text[])"},
    {"operator_id", LIST_UUIDS, NULL, "d.operator_id = ANY (?::uuid[])"},
    {"governing_id", LIST_UUIDS, NULL, "d.governing_id = ANY (?::uuid[])"},
    {"system_id", LIST_UUID, NULL,
     "EXISTS (SELECT FROM capdo.dossier_system x WHERE x.dossier_id = d.id "
     "AND x.system_id = ?::uuid)"},
    {"step", LIST_CODES, STEPS, "d.step = ANY (?::text[])"},
    {"overdue", LIST_BOOL, NULL, "coalesce(d.due_on < capdo.today(), false) = ?::boolean"},
    {"due_on__lte", LIST_DATE, NULL, "d.due_on <= ?::date"},
    {"due_on__gte", LIST_DATE, NULL, "d.due_on >= ?::date"},
    {"waiting_for", LIST_CODES, ME, WAITING_FOR_ME},
    {NULL, LIST_CODES, NULL, NULL},
};

static const struct list_sort SORTS[] = {
    {"updated_at", "d.updated_at", "timestamptz", false},
    {"due_on", "coalesce(d.due_on, '9999-12-31'::date)", "date", false},
    {"code", "d.code", "text", false},
    {NULL, NULL, NULL, false},
};

const struct list_table dossier_list_table = {
    .columns = COLUMNS,
    .from = FROM,
    .id = "d.id",
    .filters = FILTERS,
    .sorts = SORTS,
    .default_descending = true,
};

void dossier_scope(const struct actor *actor, struct list_scope *ret_scope)
{
    static const struct list_reach REACH = {
        .operator_in = REACH_DOSSIER_OPERATOR("d", "?::uuid[]"),
        .chaired_in = REACH_DOSSIER_CHAIRED("d", "?::uuid[]"),
        .served_in = REACH_DOSSIER_SERVED("d", "?::uuid[]"),
        .entrusted_in = REACH_DOSSIER_ENTRUSTED("d", "?::uuid[]"),
    };

    list_scope_of(actor, &REACH, ret_scope);
}

static const struct statement READ = {
    "dossier_read",
    "SELECT d.id, d.id, " COLUMNS
    ", (SELECT coalesce(json_agg(json_build_object('system', json_build_object('id', s.id, 'code', "
    "s.code, 'name', s.name), 'computed_level', x.computed_level, 'at_least', x.at_least, "
    "'proposed_level', x.proposed_level, 'reason', x.reason, 'classification', "
    "nullif(x.trace, '{}'::jsonb)) ORDER BY s.code), '[]') FROM capdo.dossier_system x "
    "JOIN capdo.system s ON s.id = x.system_id WHERE x.dossier_id = d.id AND " SYSTEM_SEEN(
        "s") "), "
             "(SELECT coalesce(json_agg(json_build_object('id', e.id, 'from_state', e.from_state, 'to_state', "
             "e.to_state, 'at', e.at, 'actor_name', e.actor_name, 'capacity', e.capacity, 'reason', e.reason, "
             "'due_on', e.due_on) ORDER BY e.at, e.id), '[]') FROM capdo.dossier_event e "
             "WHERE e.dossier_id = d.id), "
             "(SELECT coalesce(json_agg(json_build_object('submission', o.submission, 'conclusion', "
             "o.conclusion, 'method', o.method, 'reasons', o.reasons, 'appraiser_name', o.appraiser_name, "
             "'capacity', o.capacity, 'at', o.at) ORDER BY o.at, o.id), '[]') FROM capdo.opinion o WHERE o.dossier_id = d.id), "
             "(SELECT json_build_object('id', c.id, 'outcome', c.outcome, 'number', c.number, 'decided_on', "
             "c.decided_on, 'organisation', json_build_object('id', co.id, 'name', "
             "coalesce(capdo.organisation_name_on(co.id, c.decided_on), co.name)), 'signer_name', "
             "c.signer_name, 'capacity', c.capacity, 'delegation', (SELECT json_build_object('id', g.id, "
             "'document_number', g.document_number) FROM capdo.delegation g WHERE g.id = c.delegation_id), "
             "'reason', c.reason, 'snapshot_sha256', "
             "encode(c.snapshot_sha256, 'hex'), 'at', c.at) FROM capdo.decision c "
             "JOIN capdo.organisation co ON co.id = c.organisation_id WHERE c.dossier_id = d.id), "
             "coalesce(capdo.person_name(d.prepared_by), ''), d.conclusion, d.created_at FROM " FROM
             " WHERE d.id = $1 AND " DOSSIER_SEEN("d"),
    1};

#define LOAD_SQL                                                                                 \
    "SELECT d.version, d.code, d.ruleset, d.governing_id, gov.name, d.operator_id, op.name, "    \
    "d.level, d.approve_party, d.state, d.submissions, d.conclusion, "                           \
    "(d.appraised_at AT TIME ZONE 'UTC')::date, "                                                \
    "d.prepared_by = $2 OR coalesce(d.submitted_by = $2, false) "                                \
    "OR EXISTS (SELECT FROM capdo.dossier_submission x WHERE x.dossier_id = d.id "               \
    "AND x.submitted_by = $2) OR EXISTS (SELECT FROM capdo.dossier_item x "                      \
    "WHERE x.dossier_id = d.id AND x.updated_by = $2), "                                         \
    "coalesce(d.received_by = $2, false) OR coalesce(d.appraised_by = $2, false) "               \
    "OR EXISTS (SELECT FROM capdo.opinion x WHERE x.dossier_id = d.id AND x.appraiser_id = $2) " \
    "FROM " FROM " WHERE d.id = $1 AND " DOSSIER_SEEN("d")

static const struct statement LOAD = {"dossier_load", LOAD_SQL, 2};
static const struct statement LOCK = {"dossier_lock",
                                      LOAD_SQL " AND " DOSSIER_CHANGED("d") " FOR UPDATE OF d", 2};

#define SYSTEM_COLUMNS "s.id, s.code, s.name, s.governing_id, sgov.name, s.operator_id, sop.name, "
#define SYSTEM_NAMES                                         \
    "JOIN capdo.organisation sop ON sop.id = s.operator_id " \
    "JOIN capdo.organisation sgov ON sgov.id = s.governing_id "

static const struct statement SYSTEMS = {
    "dossier_systems",
    "SELECT " SYSTEM_COLUMNS "s.facts -> d.ruleset, x.proposed_level, x.reason "
    "FROM capdo.dossier_system x JOIN capdo.dossier d ON d.id = x.dossier_id "
    "JOIN capdo.system s ON s.id = x.system_id " SYSTEM_NAMES
    "WHERE x.dossier_id = $1 AND " DOSSIER_SEEN("d") " AND " SYSTEM_SEEN("s") " ORDER BY s.code "
                                                                              "LIMIT $2::bigint",
    2};
static const struct statement CANDIDATES = {
    "dossier_candidates",
    "SELECT " SYSTEM_COLUMNS "s.facts -> $2::text, 0, '', s.purpose, s.scope, s.served_users, "
    "(SELECT string_agg('- ' || concat_ws(', ', c.name, nullif(c.product, ''), "
    "nullif(c.version, ''), nullif(c.purpose, ''), nullif(c.location, '')), E'\\n') "
    "FROM jsonb_to_recordset(s.components) AS c(name text, product text, version text, "
    "purpose text, location text)), "
    "(SELECT string_agg('- ' || concat_ws(', ', a.value, nullif(a.note, '')), E'\\n') "
    "FROM jsonb_to_recordset(s.addresses) AS a(value text, note text)), "
    "(SELECT string_agg('- ' || concat_ws(', ', c.name, nullif(c.title, ''), nullif(c.phone, ''), "
    "nullif(c.email, '')), E'\\n') "
    "FROM jsonb_to_recordset(s.contacts) AS c(name text, title text, phone text, email text)) "
    "FROM capdo.system s " SYSTEM_NAMES "WHERE s.id = ANY ($1::uuid[]) "
    "AND " SYSTEM_SEEN_MANY("s") " ORDER BY s.code LIMIT $3::bigint",
    3};
static const struct statement ITEMS = {
    "dossier_items",
    "SELECT item, content, document_number, document_date, version, "
    "to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
    "FROM capdo.dossier_item WHERE dossier_id = $1 AND " DOSSIER_OF("$1") " ORDER BY item "
                                                                          "LIMIT $2::bigint",
    2};
static const struct statement MOVES = {
    "dossier_moves",
    "SELECT to_state, (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM capdo.dossier_event "
    "WHERE dossier_id = $1 AND " DOSSIER_OF("$1") " ORDER BY at, id",
    1};
static const struct statement SUBMISSION = {
    "dossier_submission",
    "SELECT x.number, x.submitted_at, coalesce(capdo.person_name(x.submitted_by), ''), "
    "encode(x.snapshot_sha256, 'hex'), x.snapshot, d.level, d.code FROM capdo.dossier_submission x "
    "JOIN capdo.dossier d ON d.id = x.dossier_id "
    "WHERE x.dossier_id = $1 AND x.number = $2::integer AND " DOSSIER_SEEN("d"),
    2};

const struct statement *const dossier_statements[] = {
    &READ, &LOAD, &LOCK, &SYSTEMS, &CANDIDATES, &ITEMS, &MOVES, &SUBMISSION, NULL};

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

enum fault dossier_read(struct db *db, const char *id, struct rows *ret_rows)
{
    return one_row(db, &READ, PARAMETERS(id), ret_rows);
}

enum fault dossier_load(struct db *db, struct arena *arena, const char *id, const char *account_id,
                        bool lock, struct dossier_record *ret_dossier)
{
    struct rows rows;
    enum fault fault = one_row(db, lock ? &LOCK : &LOAD, PARAMETERS(id, account_id), &rows);

    if (fault == FAULT_NOT_FOUND && lock) {
        fault = one_row(db, &LOAD, PARAMETERS(id, account_id), &rows);
        if (fault == FAULT_NONE) {
            rows_done(&rows);
            return FAULT_FORBIDDEN;
        }
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_dossier = (struct dossier_record){
        .id = id,
        .version = rows_int(&rows, 0, 0, 0),
        .code = rows_copy(&rows, 0, 1, arena),
        .ruleset = rows_copy(&rows, 0, 2, arena),
        .governing_id = rows_copy(&rows, 0, 3, arena),
        .governing_name = rows_copy(&rows, 0, 4, arena),
        .operator_id = rows_copy(&rows, 0, 5, arena),
        .operator_name = rows_copy(&rows, 0, 6, arena),
        .level = (int)rows_int(&rows, 0, 7, 0),
        .approve_party = rows_copy(&rows, 0, 8, arena),
        .state = rows_copy(&rows, 0, 9, arena),
        .submissions = (int)rows_int(&rows, 0, 10, 0),
        .conclusion = rows_copy(&rows, 0, 11, arena),
        .appraised_on = rows_copy(&rows, 0, 12, arena),
        .me_prepared = rows_bool(&rows, 0, 13),
        .me_appraised = rows_bool(&rows, 0, 14),
    };
    rows_done(&rows);
    return FAULT_NONE;
}

static void read_systems(const struct rows *rows, struct arena *arena, bool candidates,
                         struct dossier_system_record *ret_systems)
{
    for (int i = 0; i < rows->count; i++) {
        ret_systems[i] = (struct dossier_system_record){
            .id = rows_copy(rows, i, 0, arena),
            .code = rows_copy(rows, i, 1, arena),
            .name = rows_copy(rows, i, 2, arena),
            .governing_id = rows_copy(rows, i, 3, arena),
            .governing_name = rows_copy(rows, i, 4, arena),
            .operator_id = rows_copy(rows, i, 5, arena),
            .operator_name = rows_copy(rows, i, 6, arena),
            .facts = rows_copy(rows, i, 7, arena),
            .proposed_level = (int)rows_int(rows, i, 8, 0),
            .reason = rows_copy(rows, i, 9, arena),
        };
        if (candidates) {
            ret_systems[i].purpose = rows_copy(rows, i, 10, arena);
            ret_systems[i].scope = rows_copy(rows, i, 11, arena);
            ret_systems[i].served_users = rows_copy(rows, i, 12, arena);
            ret_systems[i].components = rows_copy(rows, i, 13, arena);
            ret_systems[i].addresses = rows_copy(rows, i, 14, arena);
            ret_systems[i].contacts = rows_copy(rows, i, 15, arena);
        }
    }
}

enum fault dossier_load_systems(struct db *db, struct arena *arena,
                                const struct dossier_record *dossier,
                                struct dossier_system_record *ret_systems, int *ret_count)
{
    struct rows rows;
    enum fault fault = db_query(db, &SYSTEMS, PARAMETERS(dossier->id, "20"), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    read_systems(&rows, arena, false, ret_systems);
    *ret_count = rows.count;
    rows_done(&rows);
    return FAULT_NONE;
}

enum fault dossier_candidates(struct db *db, struct arena *arena, const char *ids,
                              const char *ruleset, struct dossier_system_record *ret_systems,
                              int *ret_count)
{
    struct rows rows;
    enum fault fault = db_query(db, &CANDIDATES, PARAMETERS(ids, ruleset, "20"), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    read_systems(&rows, arena, true, ret_systems);
    *ret_count = rows.count;
    rows_done(&rows);
    return FAULT_NONE;
}

_Static_assert(DOSSIER_SYSTEMS_MAX == 20 && DOSSIER_ITEMS_MAX == 64,
               "the limits stand in the parameters of the statements as text");

enum fault dossier_load_items(struct db *db, struct arena *arena, const char *id,
                              struct dossier_item_record *ret_items, int *ret_count)
{
    struct rows rows;
    enum fault fault = db_query(db, &ITEMS, PARAMETERS(id, "64"), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; i < rows.count; i++) {
        ret_items[i] = (struct dossier_item_record){
            .item = rows_copy(&rows, i, 0, arena),
            .content = rows_copy(&rows, i, 1, arena),
            .document_number = rows_copy(&rows, i, 2, arena),
            .document_date = rows_copy(&rows, i, 3, arena),
            .version = (int)rows_int(&rows, i, 4, 0),
            .updated_at = rows_copy(&rows, i, 5, arena),
        };
    }
    *ret_count = rows.count;
    rows_done(&rows);
    return FAULT_NONE;
}

enum fault dossier_moves(struct db *db, const char *id, struct rows *ret_rows)
{
    return db_query(db, &MOVES, PARAMETERS(id), ret_rows);
}

enum fault dossier_submission(struct db *db, const char *id, const char *number,
                              struct rows *ret_rows)
{
    return one_row(db, &SUBMISSION, PARAMETERS(id, number), ret_rows);
}

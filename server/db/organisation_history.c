#include "db/organisation_history.h"

const char *const ORGANISATION_CHANGES[] = {"renamed",   "moved", "code_changed", "merged",
                                            "dissolved", "split", "restored",     NULL};

/* The columns of organisation_list_table, in its order. */
#define PLAIN                                                                                     \
    "o.mandate_document, o.representative, o.representative_title, o.address, o.phone, o.email, " \
    "o.version, o.created_at, o.updated_at"

static const struct statement GET_ON = {
    "organisation_get_on",
    "SELECT o.id, o.id, coalesce(c.code, o.code), coalesce(c.scheme, o.code_scheme), s.name, o.kind, "
    "s.parent_id, s.status, s.successor_id, o.valid_from, o.valid_to, " PLAIN
    " FROM capdo.organisation o JOIN capdo.organisation_state s ON s.organisation_id = o.id "
    "AND (s.valid_from IS NULL OR s.valid_from <= $2::date) "
    "AND (s.valid_to IS NULL OR s.valid_to >= $2::date) "
    "LEFT JOIN LATERAL (SELECT x.code, x.scheme FROM capdo.organisation_code x "
    "WHERE x.organisation_id = o.id AND (x.valid_from IS NULL OR x.valid_from <= $2::date) "
    "AND (x.valid_to IS NULL OR x.valid_to >= $2::date) "
    "ORDER BY x.scheme = o.code_scheme DESC, x.valid_from DESC NULLS LAST LIMIT 1) c ON true "
    "WHERE o.id = $1 LIMIT 1",
    2};
static const struct statement FIND_CODE = {
    "organisation_find_code",
    "SELECT DISTINCT ON (x.place, o.id) o.id, o.id, o.code, o.code_scheme, o.name, o.kind, "
    "o.parent_id, o.status, o.successor_id, o.valid_from, o.valid_to, " PLAIN
    ", json_build_object('code', x.code, 'scheme', x.scheme, 'valid_from', x.valid_from, "
    "'valid_to', x.valid_to, 'holder', json_build_object('id', b.id, 'name', b.name), "
    "'through', x.steps) "
    "FROM (SELECT DISTINCT ON (h.heir) c.code, c.scheme, c.valid_from, c.valid_to, "
    "c.organisation_id, h.heir, h.steps, (c.valid_to IS NOT NULL)::integer AS place "
    "FROM capdo.organisation_code c, LATERAL capdo.organisation_heir(c.organisation_id) h "
    "WHERE upper(c.code) = upper($1) "
    "AND (c.valid_to IS NULL OR c.valid_from IS NULL OR c.valid_to >= c.valid_from) "
    "ORDER BY h.heir, c.valid_to DESC NULLS FIRST, c.valid_from DESC NULLS LAST) x "
    "JOIN capdo.organisation o ON o.id = x.heir "
    "JOIN capdo.organisation b ON b.id = x.organisation_id ORDER BY x.place, o.id LIMIT 50",
    1};
static const struct statement CODES = {
    "organisation_codes",
    "SELECT code, scheme, valid_from, valid_to, document_number FROM capdo.organisation_code "
    "WHERE organisation_id = $1 AND (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from) "
    "ORDER BY valid_to DESC NULLS FIRST, valid_from DESC NULLS LAST, scheme LIMIT 100",
    1};
static const struct statement HISTORY = {
    "organisation_history",
    "SELECT id, kind, part, effective_on, document_number, note, before, after, moved, parties, "
    "recorded_at, recorded_name FROM capdo.organisation_history($1, $2, $3)",
    3};
static const struct statement PROBLEMS = {
    "organisation_problems",
    "SELECT pointer, code, info FROM capdo.organisation_problems($1, $2, $3, $4, $5) LIMIT 100", 5};
static const struct statement RECORD = {
    "organisation_record_change", "SELECT capdo.organisation_record($1, $2, $3, $4, $5, $6, $7)",
    7};

/* now() is when the transaction began: what it granted and ended, and nothing else. */
static const struct statement POSTS = {
    "organisation_posts_moved",
    "SELECT x.granted, a.id, a.display_name, x.role, o.name, x.document_number FROM ("
    "SELECT false AS granted, m.account_id, m.organisation_id, m.role, m.end_document_number "
    "AS document_number FROM capdo.membership m WHERE m.ended_at = now() AND m.ended_by = $1 "
    "UNION ALL SELECT true, m.account_id, m.organisation_id, m.role, m.document_number "
    "FROM capdo.membership m WHERE m.granted_at = now() AND m.granted_by = $1) x "
    "JOIN capdo.account a ON a.id = x.account_id JOIN capdo.organisation o ON o.id = x.organisation_id "
    "ORDER BY a.id, x.role, x.granted",
    1};

#define IMPORT_SQL                                                                             \
    "SELECT outcome, organisation_id, to_json(changes), (SELECT string_agg(concat_ws(E'\\t', " \
    "p ->> 'column', p ->> 'code', coalesce(p ->> 'info', '')), E'\\n') "                      \
    "FROM jsonb_array_elements(problems) p) "                                                  \
    "FROM capdo.organisation_import_row($1, $2)"
const char *const ORGANISATION_IMPORT = IMPORT_SQL;
static const struct statement IMPORT_ROW = {"organisation_import_row", IMPORT_SQL, 2};

static const struct statement CODE_SCHEMES = {
    "organisation_code_schemes",
    "SELECT capdo.code_scheme_of(u.code) FROM unnest($1::text[]) WITH ORDINALITY u (code, turn) "
    "ORDER BY u.turn",
    1};

const struct statement *const organisation_history_statements[] = {
    &GET_ON, &FIND_CODE, &CODES,      &HISTORY,      &PROBLEMS,
    &RECORD, &POSTS,     &IMPORT_ROW, &CODE_SCHEMES, NULL};

enum fault organisation_get_on(struct db *db, const char *id, const char *day,
                               struct rows *ret_rows)
{
    struct rows rows;
    enum fault fault = db_query(db, &GET_ON, PARAMETERS(id, day), &rows);

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

enum fault organisation_find_code(struct db *db, const char *code, struct rows *ret_rows)
{
    return db_query(db, &FIND_CODE, PARAMETERS(code), ret_rows);
}

enum fault organisation_codes(struct db *db, const char *id, struct rows *ret_rows)
{
    return db_query(db, &CODES, PARAMETERS(id), ret_rows);
}

enum fault organisation_history(struct db *db, const char *id, const char *behind,
                                const char *limit, struct rows *ret_rows)
{
    return db_query(db, &HISTORY, PARAMETERS(id, behind, limit), ret_rows);
}

enum fault organisation_problems(struct db *db, const struct organisation_change *change,
                                 struct rows *ret_rows)
{
    return db_query(db, &PROBLEMS,
                    PARAMETERS(change->organisation_id, change->kind, change->effective_on,
                               change->document_number, change->detail),
                    ret_rows);
}

enum fault organisation_record_change(struct db *db, const struct organisation_change *change,
                                      struct arena *arena, const char **ret_moved)
{
    struct rows rows;
    enum fault fault = db_query(db, &RECORD,
                                PARAMETERS(change->event_id, change->organisation_id, change->kind,
                                           change->effective_on, change->document_number,
                                           change->note, change->detail),
                                &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_moved = rows_copy(&rows, 0, 0, arena);
    rows_done(&rows);
    return FAULT_NONE;
}

enum fault organisation_posts_moved(struct db *db, const char *account_id, struct rows *ret_rows)
{
    return db_query(db, &POSTS, PARAMETERS(account_id), ret_rows);
}

enum fault organisation_import_row(struct db *db, const char *new_id, const char *cells,
                                   struct rows *ret_rows)
{
    return db_query(db, &IMPORT_ROW, PARAMETERS(new_id, cells), ret_rows);
}

enum fault organisation_code_schemes(struct db *db, const char *codes, struct rows *ret_rows)
{
    return db_query(db, &CODE_SCHEMES, PARAMETERS(codes), ret_rows);
}

#include "db/stats.h"

#include "base/buffer.h"
#include "db/dossier.h"
#include "db/label.h"
#include "db/list.h"
#include "db/system.h"

/* The columns that these ask of systems are those of the index system_figures, policies included,
 * so that they are counted without reading the systems themselves. {S}, {D} and {L} stand for the
 * conditions of who may see which systems, dossiers and labels. */
static const char BY_LEVEL[] = "SELECT coalesce(s.level, 0), count(*) FROM capdo.system s "
                               "WHERE {S} GROUP BY s.level";
static const char BY_STATUS[] = "SELECT s.approval_status, count(*) FROM capdo.system s "
                                "WHERE {S} GROUP BY s.approval_status";
static const char BY_PLAN[] =
    "SELECT s.plan_status, count(*), count(*) FILTER (WHERE s.approval_status = 'approved') "
    "FROM capdo.system s WHERE {S} GROUP BY s.plan_status";
static const char BY_OPERATOR[] =
    "SELECT x.operator_id, o.name, x.systems, x.approved, coalesce(y.overdue, 0) "
    "FROM (SELECT s.operator_id, count(*) AS systems, "
    "count(*) FILTER (WHERE s.approval_status = 'approved') AS approved "
    "FROM capdo.system s WHERE {S} GROUP BY s.operator_id) x "
    "JOIN capdo.organisation o ON o.id = x.operator_id "
    "LEFT JOIN (SELECT d.operator_id, count(*) AS overdue FROM capdo.dossier d "
    "WHERE d.due_on < capdo.today() AND {D} GROUP BY d.operator_id) y "
    "ON y.operator_id = x.operator_id ORDER BY o.name COLLATE \"vi-x-icu\", x.operator_id";
static const char LABELS[] = "SELECT l.state, l.grade, count(*), "
                             "count(*) FILTER (WHERE l.expires_on BETWEEN $1::date AND $2::date), "
                             "count(*) FILTER (WHERE l.expires_on < $1::date) "
                             "FROM capdo.label l WHERE {L} GROUP BY l.state, l.grade";
static const char DUE[] =
    "SELECT d.step, count(*) FILTER (WHERE d.due_on < capdo.today()), "
    "count(*) FILTER (WHERE d.due_on BETWEEN $1::date AND $2::date) FROM capdo.dossier d "
    "WHERE d.step IS NOT NULL AND d.due_on <= greatest($2::date, capdo.today()) AND {D} "
    "GROUP BY d.step";

typedef void scope_fn(const struct actor *actor, struct list_scope *ret_scope);

static scope_fn *scope_of(char marker)
{
    switch (marker) {
    case 'S':
        return system_scope;
    case 'D':
        return dossier_scope;
    case 'L':
    default:
        return label_scope;
    }
}

/* A condition with its "?" replaced by the number of its parameter. */
static void add_condition(struct buffer *sql, struct db_parameters *parameters,
                          const char *condition, const char *value)
{
    parameters->values[parameters->count++] = value;
    for (const char *p = condition; *p != '\0'; p++) {
        if (*p == '?') {
            buffer_printf(sql, "$%d", parameters->count);
        } else {
            buffer_char(sql, *p);
        }
    }
}

static void add_scope(struct buffer *sql, struct db_parameters *parameters,
                      const struct list_scope *scope)
{
    if (scope->everything || scope->count == 0) {
        buffer_text(sql, scope->everything ? "true" : "false");
        return;
    }
    buffer_char(sql, '(');
    for (int i = 0; i < scope->count; i++) {
        buffer_text(sql, i > 0 ? " OR " : "");
        add_condition(sql, parameters, scope->any_of[i].condition, scope->any_of[i].value);
    }
    buffer_char(sql, ')');
}

static enum fault run(struct db *db, const struct actor *actor, const char *pattern,
                      struct db_parameters parameters, struct rows *ret_rows)
{
    struct buffer sql;

    buffer_init(&sql, 1024);
    for (const char *p = pattern; *p != '\0'; p++) {
        if (p[0] == '{' && p[1] != '\0' && p[2] == '}') {
            struct list_scope scope;
            scope_of(p[1])(actor, &scope);
            add_scope(&sql, &parameters, &scope);
            p += 2;
        } else {
            buffer_char(&sql, *p);
        }
    }

    enum fault fault = db_query_text(db, sql.at, &parameters, ret_rows);
    buffer_done(&sql);
    return fault;
}

enum fault stats_by_level(struct db *db, const struct actor *actor, struct rows *ret_rows)
{
    return run(db, actor, BY_LEVEL, (struct db_parameters){.count = 0}, ret_rows);
}

enum fault stats_by_status(struct db *db, const struct actor *actor, struct rows *ret_rows)
{
    return run(db, actor, BY_STATUS, (struct db_parameters){.count = 0}, ret_rows);
}

enum fault stats_by_plan(struct db *db, const struct actor *actor, struct rows *ret_rows)
{
    return run(db, actor, BY_PLAN, (struct db_parameters){.count = 0}, ret_rows);
}

enum fault stats_by_operator(struct db *db, const struct actor *actor, struct rows *ret_rows)
{
    return run(db, actor, BY_OPERATOR, (struct db_parameters){.count = 0}, ret_rows);
}

enum fault stats_labels(struct db *db, const struct actor *actor, const char *from,
                        const char *until, struct rows *ret_rows)
{
    return run(db, actor, LABELS, *PARAMETERS(from, until), ret_rows);
}

enum fault stats_due(struct db *db, const struct actor *actor, const char *from, const char *until,
                     struct rows *ret_rows)
{
    return run(db, actor, DUE, *PARAMETERS(from, until), ret_rows);
}

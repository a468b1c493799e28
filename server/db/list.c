#include "db/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Conditions on lists of values usually end with it, a cast and ")". */
static const char ANY[] = "= ANY (";

struct list_sql {
    struct buffer text;
    struct db_parameters parameters;
    const char *and_or_where;
};

static int add_parameter(struct list_sql *sql, const char *value)
{
    sql->parameters.values[sql->parameters.count++] = value;
    return sql->parameters.count;
}

/* "{x}": an array of one. */
static bool is_single(const char *value)
{
    return value[0] == '{' && value[1] != '}' && strchr(value, ',') == NULL;
}

/* "x = ANY (?::type[])" and nothing after it. */
static bool ends_with_list(const char *condition)
{
    const char *any = strstr(condition, ANY);
    const char *end = any == NULL ? NULL : strchr(any, ')');

    return end != NULL && end[1] == '\0';
}

/* Appends the condition with each "?" replaced by the number of the value's parameter. An index does
 * not give rows in its order for "= ANY (array)", so one value is asked for by "= (array)[1]". */
static void add_condition(struct list_sql *sql, const char *condition, const char *value)
{
    const char *any = is_single(value) && ends_with_list(condition) ? strstr(condition, ANY) : NULL;
    int number = 0;

    for (const char *p = condition; *p != '\0'; p++) {
        if (p == any) {
            buffer_text(&sql->text, "= (");
            p += strlen(ANY) - 1;
            continue;
        }
        if (*p != '?') {
            buffer_char(&sql->text, *p);
            continue;
        }
        if (number == 0) {
            number = add_parameter(sql, value);
        }
        buffer_printf(&sql->text, "$%d", number);
    }
    buffer_text(&sql->text, any != NULL ? "[1]" : "");
}

static void open_condition(struct list_sql *sql)
{
    buffer_text(&sql->text, sql->and_or_where);
    sql->and_or_where = " AND ";
}

static void add_scope(struct list_sql *sql, const struct list_scope *scope)
{
    if (scope->everything) {
        return;
    }
    open_condition(sql);
    if (scope->count == 0) {
        buffer_text(&sql->text, "false");
        return;
    }
    buffer_char(&sql->text, '(');
    for (int i = 0; i < scope->count; i++) {
        if (i > 0) {
            buffer_text(&sql->text, " OR ");
        }
        add_condition(sql, scope->any_of[i].condition, scope->any_of[i].value);
    }
    buffer_char(&sql->text, ')');
}

static void add_where(struct list_sql *sql, const struct list_request *request,
                      const struct list_scope *scope)
{
    sql->and_or_where = " WHERE ";
    add_scope(sql, scope);
    for (int i = 0; i < request->filter_count; i++) {
        open_condition(sql);
        buffer_char(&sql->text, '(');
        add_condition(sql, request->filters[i].filter->condition, request->filters[i].value);
        buffer_char(&sql->text, ')');
    }
}

#ifdef CAPDO_TEST_HOOKS
static bool is_stripped(void)
{
    return getenv("CAPDO_TEST_STRIP_PREDICATES") != NULL;
}
#else
static bool is_stripped(void)
{
    return false;
}
#endif

void list_scope_of(const struct actor *actor, const struct list_reach *reach,
                   struct list_scope *ret_scope)
{
    const struct {
        const char *list;
        const char *condition;
    } reasons[LIST_ACTOR_MAX] = {
        {actor->staff_of, reach->operator_in},   {actor->chairs, reach->chaired_in},
        {actor->appraises, reach->served_in},    {actor->directs, reach->served_in},
        {actor->entrusted, reach->entrusted_in},
    };

    *ret_scope = (struct list_scope){
        .everything = (actor->roles & ROLE_BIT(ROLE_OFFICE)) != 0 || is_stripped(),
    };
    for (size_t i = 0; !ret_scope->everything && i < COUNT_OF(reasons); i++) {
        if (reasons[i].condition != NULL && !actor_list_is_empty(reasons[i].list)) {
            ret_scope->any_of[ret_scope->count].condition = reasons[i].condition;
            ret_scope->any_of[ret_scope->count].value = reasons[i].list;
            ret_scope->count++;
        }
    }
}

bool list_has_words(const struct list_request *request)
{
    for (int i = 0; i < request->filter_count; i++) {
        if (request->filters[i].filter->kind == LIST_WORDS) {
            return true;
        }
    }
    return false;
}

void list_words(const struct list_request *request, struct buffer *out)
{
    bool first = true;

    buffer_char(out, '{');
    for (int i = 0; i < request->filter_count; i++) {
        if (request->filters[i].filter->kind != LIST_WORDS) {
            continue;
        }
        buffer_text(out, first ? "\"" : ",\"");
        for (const char *p = request->filters[i].value; *p != '\0'; p++) {
            if (*p == '"' || *p == '\\') {
                buffer_char(out, '\\');
            }
            buffer_char(out, *p);
        }
        buffer_char(out, '"');
        first = false;
    }
    buffer_char(out, '}');
}

const char *list_filter_value(const struct list_request *request, const char *parameter)
{
    for (int i = 0; i < request->filter_count; i++) {
        if (strcmp(request->filters[i].filter->parameter, parameter) == 0) {
            return request->filters[i].value;
        }
    }
    return NULL;
}

static bool needs_search(const struct list_request *request)
{
    return request->table->search != NULL && (list_has_words(request) || request->sort->by_search);
}

enum fault list_rows(struct db *db, const struct list_request *request,
                     const struct list_scope *scope, struct rows *ret_rows)
{
    const struct list_table *table = request->table;
    const char *order = request->descending ? "DESC" : "ASC";
    struct list_sql sql = {0};

    if (needs_search(request)) {
        return table->search(db, request, request->limit + 1, /* count_only= */ false, ret_rows);
    }

    buffer_init(&sql.text, 1024);
    buffer_printf(&sql.text, "SELECT (%s)::text, %s, %s FROM %s", request->sort->expression,
                  table->id, table->columns, table->from);
    add_where(&sql, request, scope);
    if (request->after_value != NULL) {
        open_condition(&sql);
        buffer_printf(&sql.text, "(%s, %s) %s ($%d::%s, $%d::uuid)", request->sort->expression,
                      table->id, request->descending ? "<" : ">",
                      add_parameter(&sql, request->after_value), request->sort->cast,
                      add_parameter(&sql, request->after_id));
    }
    /* A number, not a parameter: without knowing that few rows are wanted, the planner would not
     * take the index that has them in order, or plan anew at each request. */
    buffer_printf(&sql.text, " ORDER BY %s %s, %s %s LIMIT %d", request->sort->expression, order,
                  table->id, order, request->limit + 1);

    enum fault fault = db_query_text(db, sql.text.at, &sql.parameters, ret_rows);
    buffer_done(&sql.text);
    return fault;
}

enum fault list_count(struct db *db, const struct list_request *request,
                      const struct list_scope *scope, int64_t *ret_count)
{
    struct list_sql sql = {0};
    struct rows rows;

    if (request->table->search != NULL && list_has_words(request)) {
        enum fault fault = request->table->search(db, request, LIMIT_COUNT_ROWS + 1,
                                                  /* count_only= */ true, &rows);
        if (fault == FAULT_NONE) {
            *ret_count = rows_int(&rows, 0, 0, 0);
            rows_done(&rows);
        }
        return fault;
    }
    buffer_init(&sql.text, 1024);
    buffer_printf(&sql.text, "SELECT count(*) FROM (SELECT 1 FROM %s", request->table->from);
    add_where(&sql, request, scope);
    buffer_printf(&sql.text, " LIMIT %d) counted", LIMIT_COUNT_ROWS + 1);

    enum fault fault = db_query_text(db, sql.text.at, &sql.parameters, &rows);
    buffer_done(&sql.text);
    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_count = rows_int(&rows, 0, 0, 0);
    rows_done(&rows);
    return FAULT_NONE;
}

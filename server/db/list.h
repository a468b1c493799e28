/* Keyset lists: one SELECT built from constant pieces, with filters, one sort key, cursor and limit.
 * Values travel as parameters only; the text is made of literals in the tables below. */
#pragma once

#include "base/buffer.h"
#include "db/connection.h"
#include "db/session.h"

enum list_value_kind {
    LIST_CODES,  /* of choices; repeated = OR; a text[] */
    LIST_LEVELS, /* 1-5 or "none"; a smallint[] where 0 is none */
    LIST_NAMES,  /* [A-Za-z0-9.-]; a text[] */
    LIST_UUIDS,  /* a uuid[] */
    LIST_UUID,
    LIST_BOOL,
    LIST_DATE,
    LIST_TIME,
    LIST_WORDS, /* search words: the condition is repeated for each, folded by the database */
};

enum { LIST_FILTERS_MAX = 16, LIST_WORDS_MAX = 8, LIST_ACTOR_MAX = 5 };

struct list_filter {
    const char *parameter; /* of the query */
    enum list_value_kind kind;
    const char *const *choices;
    const char *condition; /* SQL with one "?" where the value goes; every "?" is the same value */
};

struct list_sort {
    const char *name;
    const char *expression; /* never NULL */
    const char *cast;       /* type of the value in a cursor */
    bool by_search;         /* only the table's search can follow this order */
};

struct list_request;
struct list_scope;

struct list_table {
    const char *columns; /* SELECT list; the sort value and the id are added in front */
    const char *from;    /* FROM ... with joins */
    const char *id;      /* expression of the id */
    const struct list_filter *filters; /* ends with a NULL parameter */
    const struct list_sort *sorts;     /* the first is the default */
    bool default_descending;
    /* For a search by words, or NULL: another way to find the rows in the same order, with the same
     * columns; rows_max of them, or only their number when count_only. */
    enum fault (*search)(struct db *db, const struct list_request *request, int rows_max,
                         bool count_only, struct rows *ret_rows);
};

struct list_request {
    const struct list_table *table;
    const struct list_sort *sort;
    bool descending;
    int limit;
    const char *after_value; /* NULL: from the beginning */
    const char *after_id;
    struct {
        const struct list_filter *filter;
        const char *value; /* as PostgreSQL reads it */
    } filters[LIST_FILTERS_MAX + LIST_WORDS_MAX];
    int filter_count;
};

/* Part of the WHERE clause that the application itself sets by who acts, e.g.
 * "s.operator_id = ANY (?::uuid[])" with actor->staff_of. Row-level security says the same again. */
struct list_scope {
    bool everything;
    struct {
        const char *condition;
        const char *value;
    } any_of[LIST_ACTOR_MAX]; /* joined with OR; none and not everything: no row */
    int count;
};

/* How the rows of a table fall into an actor's reach; each condition holds one "?" for the list. */
struct list_reach {
    const char *operator_in;  /* staff: rows of their own units */
    const char *chaired_in;   /* heads of governing bodies */
    const char *served_in;    /* appraisers and directors: the governing bodies they serve */
    const char *entrusted_in; /* delegates, assigned units, councils; NULL: nothing here */
};

/* Who sees what, for every list: the office everything, everyone else what is in reach. */
void list_scope_of(const struct actor *actor, const struct list_reach *reach,
                   struct list_scope *ret_scope);

/* The request searches by words. */
bool list_has_words(const struct list_request *request);
/* "{"a","b"}" of every search word: a text[]. */
void list_words(const struct list_request *request, struct buffer *out);
/* Value of the request's filter with this parameter; NULL when it is not there. */
const char *list_filter_value(const struct list_request *request, const char *parameter);

/* Rows: column 0 the sort value, 1 the id, then the table's columns; limit + 1 rows at most. */
enum fault list_rows(struct db *db, const struct list_request *request,
                     const struct list_scope *scope, struct rows *ret_rows) MUST_USE;
/* Counts up to LIMIT_COUNT_ROWS + 1. */
enum fault list_count(struct db *db, const struct list_request *request,
                      const struct list_scope *scope, int64_t *ret_count) MUST_USE;

/* From method and path to a row of the route tables. Compiled once at start, constant afterwards.
 * A literal segment wins over a placeholder and there is no way back: below "/systems/export"
 * nothing of "/systems/{id}" is found. */
#pragma once

#include "api/route.h"
#include "http/uri.h"

struct router;

struct router_match {
    const struct route *route;
    size_t index; /* 0 … router_count - 1, stable: for metrics */
    struct str value[CALL_PATH_VALUES_MAX];
    unsigned methods; /* bit per enum method that the path knows; for Allow */
};

/* Joins the tables, which are borrowed. NULL when two rows collide, a path does not start with '/'
 * or has too many segments or placeholders; *ret_error then says which row. */
struct router *router_make(const struct route_table *tables, size_t table_count,
                           const char **ret_error);
void router_free(struct router *router);
size_t router_count(const struct router *router);
const struct route *router_row(const struct router *router, size_t index);

/* NOT_FOUND: no row has this path. METHOD_NOT_ALLOWED: ret_match->methods says what there is. */
enum fault router_find(const struct router *router, const struct uri *uri, enum method method,
                       struct router_match *ret_match) MUST_USE;

enum { ALLOW_TEXT_BYTES = 64 };
/* "GET, HEAD, POST" */
void router_allow(unsigned methods, char ret_text[static ALLOW_TEXT_BYTES]);

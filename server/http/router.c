#include "http/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A tree of segments: the children of a node are the segments that may follow it. */
struct node {
    struct str segment;       /* at == NULL: the placeholder */
    struct node *child;       /* first */
    struct node *next;        /* sibling */
    size_t row[METHOD_COUNT]; /* index + 1; 0: none */
};

struct router {
    struct arena arena;
    const struct route **rows;
    size_t count;
    struct node root;
};

static struct node *child_named(const struct node *node, struct str segment)
{
    for (struct node *child = node->child; child != NULL; child = child->next) {
        bool same = segment.at == NULL || child->segment.at == NULL
                        ? segment.at == child->segment.at
                        : str_equal(child->segment, segment);
        if (same) {
            return child;
        }
    }
    return NULL;
}

static struct node *child_made(struct router *router, struct node *node, struct str segment)
{
    struct node *child = child_named(node, segment);

    if (child == NULL) {
        child = ARENA_NEW(&router->arena, struct node);
        child->segment = segment;
        child->next = node->child;
        node->child = child;
    }
    return child;
}

/* NULL, or what is wrong with the row. */
static const char *add_row(struct router *router, const struct route *route)
{
    if (route->path == NULL || route->path[0] != '/' || (unsigned)route->method >= METHOD_COUNT) {
        return "has no path or method";
    }

    struct node *node = &router->root;
    struct str rest = str_of(route->path + 1);
    int placeholders = 0;
    int depth = 0;
    while (rest.at != NULL) {
        struct str segment = str_cut(&rest, '/');
        bool placeholder =
            segment.length > 1 && segment.at[0] == '{' && segment.at[segment.length - 1] == '}';
        placeholders += placeholder ? 1 : 0;
        depth++;
        node = child_made(router, node, placeholder ? (struct str){NULL, 0} : segment);
    }
    if (depth > URI_SEGMENTS_MAX || placeholders > CALL_PATH_VALUES_MAX) {
        return "is too deep";
    }
    if (node->row[route->method] != 0) {
        return "is there twice";
    }
    router->rows[router->count] = route;
    router->count++;
    node->row[route->method] = router->count;
    return NULL;
}

struct router *router_make(const struct route_table *tables, size_t table_count,
                           const char **ret_error)
{
    struct router *router = calloc(1, sizeof *router);
    size_t count = 0;

    if (router == NULL) {
        abort();
    }
    arena_init(&router->arena, 0);
    for (size_t i = 0; i < table_count; i++) {
        count += tables[i].count;
    }
    router->rows = ARENA_ARRAY(&router->arena, count, const struct route *);

    for (size_t i = 0; i < table_count; i++) {
        for (size_t k = 0; k < tables[i].count; k++) {
            const char *wrong = add_row(router, &tables[i].rows[k]);
            if (wrong != NULL) {
                *ret_error = wrong;
                router_free(router);
                return NULL;
            }
        }
    }
    return router;
}

void router_free(struct router *router)
{
    if (router != NULL) {
        arena_done(&router->arena);
        free(router);
    }
}

size_t router_count(const struct router *router)
{
    return router->count;
}

const struct route *router_row(const struct router *router, size_t index)
{
    return router->rows[index];
}

enum fault router_find(const struct router *router, const struct uri *uri, enum method method,
                       struct router_match *ret_match)
{
    const struct node *node = &router->root;
    struct router_match match = {0};
    int values = 0;

    for (int i = 0; i < uri->segment_count; i++) {
        struct str segment = uri->segment[i];
        const struct node *child = child_named(node, segment);
        /* An empty segment is not a value: "/systems/" is not "/systems/{id}". */
        if (child == NULL && segment.length > 0) {
            child = child_named(node, (struct str){NULL, 0});
            if (child != NULL) {
                match.value[values] = segment;
                values++;
            }
        }
        if (child == NULL) {
            return FAULT_NOT_FOUND;
        }
        node = child;
    }

    for (int i = 0; i < METHOD_COUNT; i++) {
        match.methods |= node->row[i] != 0 ? 1U << (unsigned)i : 0U;
    }
    if (match.methods == 0) {
        return FAULT_NOT_FOUND;
    }
    size_t row = node->row[method];
    if (row != 0) {
        match.index = row - 1;
        match.route = router->rows[match.index];
    }
    *ret_match = match;
    return row != 0 ? FAULT_NONE : FAULT_METHOD_NOT_ALLOWED;
}

void router_allow(unsigned methods, char ret_text[static ALLOW_TEXT_BYTES])
{
    static const char *const NAMES[METHOD_COUNT] = {
        [METHOD_GET] = "GET, HEAD", [METHOD_POST] = "POST",     [METHOD_PUT] = "PUT",
        [METHOD_PATCH] = "PATCH",   [METHOD_DELETE] = "DELETE",
    };
    size_t length = 0;

    ret_text[0] = '\0';
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if ((methods & (1U << i)) != 0) {
            int added = snprintf(ret_text + length, ALLOW_TEXT_BYTES - length, "%s%s",
                                 length > 0 ? ", " : "", NAMES[i]);
            length += added > 0 ? (size_t)added : 0;
        }
    }
}

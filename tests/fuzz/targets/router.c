/* Any target against a table with every form of row: the compiled lookup agrees with a plain
 * comparison of segments, and values are what stands at the placeholders. */

#include <stdint.h>
#include <stdlib.h>

#include "http/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct route ROWS[] = {
    {.method = METHOD_GET, .path = "/"},       {.method = METHOD_GET, .path = "/a"},
    {.method = METHOD_POST, .path = "/a"},     {.method = METHOD_GET, .path = "/a/{x}"},
    {.method = METHOD_PUT, .path = "/a/{x}"},  {.method = METHOD_GET, .path = "/a/{x}/c/{y}/{z}"},
    {.method = METHOD_DELETE, .path = "/b/c"},
};

/* Whether the path has the row's form; counts and compares the values. */
static bool row_fits(const struct route *row, const struct uri *uri,
                     const struct router_match *match)
{
    struct str rest = str_of(row->path + 1);
    int values = 0;
    int i = 0;

    for (; rest.at != NULL && i < uri->segment_count; i++) {
        struct str segment = str_cut(&rest, '/');
        bool placeholder = segment.length > 0 && segment.at[0] == '{';
        if (placeholder ? uri->segment[i].length == 0 : !str_equal(segment, uri->segment[i])) {
            return false;
        }
        if (placeholder) {
            if (match != NULL && !str_equal(match->value[values], uri->segment[i])) {
                abort();
            }
            values++;
        }
    }
    return rest.at == NULL && i == uri->segment_count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct route_table table = {ROWS, COUNT_OF(ROWS)};
    const char *error = NULL;
    struct arena arena;
    struct uri uri;

    if (size == 0) {
        return 0;
    }
    arena_init(&arena, 0);
    enum method method = (enum method)(data[0] % METHOD_COUNT);
    struct str target = {(const char *)data + 1, size - 1};
    struct router *router = router_make(&table, 1, &error);
    if (router == NULL) {
        abort();
    }
    if (uri_parse(&arena, target, &uri) == FAULT_NONE) {
        struct router_match match;
        enum fault fault = router_find(router, &uri, method, &match);
        bool path = false;
        bool row = false;
        for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
            bool fits = row_fits(&ROWS[i], &uri, NULL);
            path = path || fits;
            row = row || (fits && ROWS[i].method == method);
        }
        enum fault wanted = row ? FAULT_NONE : path ? FAULT_METHOD_NOT_ALLOWED : FAULT_NOT_FOUND;
        if (fault != wanted || (fault == FAULT_NONE && !row_fits(match.route, &uri, &match))) {
            abort();
        }
    }
    router_free(router);
    arena_done(&arena);
    return 0;
}

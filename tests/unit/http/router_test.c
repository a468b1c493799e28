#include <criterion/criterion.h>

#include "http/router.h"

static struct arena arena; /* of the values found */

static void end(void)
{
    arena_done(&arena);
}

TestSuite(router, .timeout = 20, .fini = end);

static const struct route ROWS[] = {
    {.method = METHOD_GET, .path = "/api/v1/systems"},
    {.method = METHOD_POST, .path = "/api/v1/systems"},
    {.method = METHOD_GET, .path = "/api/v1/systems/{id}"},
    {.method = METHOD_PATCH, .path = "/api/v1/systems/{id}"},
    {.method = METHOD_DELETE, .path = "/api/v1/systems/{id}"},
    {.method = METHOD_GET, .path = "/api/v1/systems/export"},
    {.method = METHOD_PUT, .path = "/api/v1/dossiers/{id}/items/{item}"},
};

struct found {
    enum fault fault;
    struct router_match match;
};

static struct found find(enum method method, const char *target)
{
    struct uri uri;
    struct found found;
    const char *error = NULL;
    const struct route_table table = {ROWS, COUNT_OF(ROWS)};
    struct router *router = router_make(&table, 1, &error);

    cr_assert_not_null(router);
    cr_assert_eq(uri_parse(&arena, str_of(target), &uri), FAULT_NONE);
    found.fault = router_find(router, &uri, method, &found.match);
    router_free(router);
    return found;
}

Test(router, finds_the_row_and_the_values_of_its_placeholders)
{
    struct found found = find(METHOD_PUT, "/api/v1/dossiers/a%2Fb/items/c?x=y");

    cr_assert_eq(found.fault, FAULT_NONE);
    cr_assert_eq(found.match.route, &ROWS[6]);
    cr_assert_eq(found.match.index, 6);
    cr_assert(str_is(found.match.value[0], "a/b"));
    cr_assert(str_is(found.match.value[1], "c"));
    cr_assert_null(found.match.value[2].at);
}

Test(router, prefers_the_literal_segment)
{
    cr_assert_eq(find(METHOD_GET, "/api/v1/systems/export").match.route, &ROWS[5]);
    cr_assert_eq(find(METHOD_GET, "/api/v1/systems/exports").match.route, &ROWS[2]);
}

Test(router, tells_an_unknown_path_from_an_unknown_method)
{
    char allow[ALLOW_TEXT_BYTES];
    struct found found = find(METHOD_PUT, "/api/v1/systems/1");

    cr_assert_eq(found.fault, FAULT_METHOD_NOT_ALLOWED);
    router_allow(found.match.methods, allow);
    cr_assert_str_eq(allow, "GET, HEAD, PATCH, DELETE");
    cr_assert_eq(find(METHOD_GET, "/api/v1").fault, FAULT_NOT_FOUND);
    cr_assert_eq(find(METHOD_GET, "/api/v1/systems/1/2").fault, FAULT_NOT_FOUND);
    cr_assert_eq(find(METHOD_GET, "/").fault, FAULT_NOT_FOUND);
}

Test(router, an_empty_segment_is_no_value)
{
    cr_assert_eq(find(METHOD_GET, "/api/v1/systems/").fault, FAULT_NOT_FOUND);
    cr_assert_eq(find(METHOD_GET, "/api/v1//systems").fault, FAULT_NOT_FOUND);
}

Test(router, refuses_tables_that_cannot_be_right)
{
    static const struct route TWICE[] = {
        {.method = METHOD_GET, .path = "/a/{x}"},
        {.method = METHOD_GET, .path = "/a/{y}"},
    };
    static const struct route DEEP[] = {{.method = METHOD_GET, .path = "/{a}/{b}/{c}/{d}"}};
    static const struct route RELATIVE[] = {{.method = METHOD_GET, .path = "a"}};
    const struct route_table tables[] = {{TWICE, 2}, {DEEP, 1}, {RELATIVE, 1}};

    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        const char *error = NULL;
        cr_expect_null(router_make(&tables[i], 1, &error));
        cr_expect_not_null(error);
    }
}

Test(router, joins_tables_and_finds_collisions_between_them)
{
    static const struct route OTHER[] = {{.method = METHOD_GET, .path = "/api/v1/systems"}};
    const struct route_table tables[] = {{ROWS, COUNT_OF(ROWS)}, {OTHER, 1}};
    const char *error = NULL;

    cr_assert_null(router_make(tables, 2, &error));
}

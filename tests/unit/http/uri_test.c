#include <criterion/criterion.h>

#include "http/uri.h"

static struct arena arena;

static void end(void)
{
    arena_done(&arena);
}

TestSuite(uri, .timeout = 20, .fini = end);

static enum fault parse(const char *target, struct uri *ret_uri)
{
    return uri_parse(&arena, str_of(target), ret_uri);
}

Test(uri, is_split_before_it_is_decoded)
{
    struct uri uri;

    cr_assert_eq(parse("/api/a%2Fb/%C4%90%E1%BB%91c", &uri), FAULT_NONE);
    cr_assert_eq(uri.segment_count, 3);
    cr_assert(str_is(uri.segment[1], "a/b"));
    cr_assert(str_is(uri.segment[2], "Đốc"));
}

Test(uri, query_is_decoded_with_plus_as_space_and_kept_in_order)
{
    struct uri uri;

    cr_assert_eq(parse("/x?q=he+thong%2B&status=a&status=b&empty=&&flag", &uri), FAULT_NONE);
    cr_assert_eq(uri.query_count, 5);
    cr_assert(str_is(uri.query[0].value, "he thong+"));
    cr_assert(str_is(uri.query[1].value, "a") && str_is(uri.query[2].value, "b"));
    cr_assert(str_is(uri.query[3].name, "empty") && uri.query[3].value.length == 0);
    cr_assert(str_is(uri.query[4].name, "flag") && uri.query[4].value.length == 0);
    cr_assert(str_is(uri.path, "/x"));
}

Test(uri, plus_in_a_path_is_a_plus)
{
    struct uri uri;

    cr_assert_eq(parse("/a+b", &uri), FAULT_NONE);
    cr_assert(str_is(uri.segment[0], "a+b"));
}

static const struct {
    const char *target;
    enum fault fault;
} REFUSED[] = {
    {"", FAULT_BAD_REQUEST},
    {"x", FAULT_BAD_REQUEST},
    {"/a%00b", FAULT_BAD_REQUEST},
    {"/?a=%00", FAULT_BAD_REQUEST},
    {"/a%zz", FAULT_BAD_REQUEST},
    {"/a%4", FAULT_BAD_REQUEST},
    {"/a%", FAULT_BAD_REQUEST},
    {"/?a=%4", FAULT_BAD_REQUEST},
    {"/..", FAULT_BAD_REQUEST},
    {"/a/../b", FAULT_BAD_REQUEST},
    {"/a/%2e%2E/b", FAULT_BAD_REQUEST},
    {"/./a", FAULT_BAD_REQUEST},
    {"/%2e", FAULT_BAD_REQUEST},
    {"/%ff", FAULT_BAD_REQUEST},
    {"/%c0%af", FAULT_BAD_REQUEST},    /* overlong slash */
    {"/%ed%a0%80", FAULT_BAD_REQUEST}, /* surrogate */
    {"/?a=%ff", FAULT_BAD_REQUEST},
    {"/a%0a", FAULT_BAD_REQUEST},
    {"/a%7f", FAULT_BAD_REQUEST},
    {"/?a=%07", FAULT_BAD_REQUEST},
    {"/a#b", FAULT_BAD_REQUEST},
    {"/?=a", FAULT_BAD_PARAMETER},
    {"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", FAULT_NOT_FOUND},
};

Test(uri, what_has_two_meanings_is_refused)
{
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++) {
        struct uri uri;
        cr_expect_eq(parse(REFUSED[i].target, &uri), REFUSED[i].fault, "%s", REFUSED[i].target);
    }
}

Test(uri, sixteen_segments_and_thirty_two_parameters_are_the_most)
{
    struct uri uri;
    char target[512] = "/?";

    cr_assert_eq(parse("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", &uri), FAULT_NONE);
    for (int i = 0; i < LIMIT_QUERY_PARAMETERS; i++) {
        strcat(target, "a=b&");
    }
    cr_assert_eq(parse(target, &uri), FAULT_NONE);
    strcat(target, "a=b");
    cr_assert_eq(parse(target, &uri), FAULT_BAD_PARAMETER);
}

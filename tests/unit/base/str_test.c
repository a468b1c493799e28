#include <criterion/criterion.h>

#include "base/str.h"

TestSuite(str, .timeout = 20);

Test(str, cuts_at_the_separator_and_knows_when_nothing_is_left)
{
    struct str rest = STR("a,,b");

    cr_assert(str_is(str_cut(&rest, ','), "a"));
    cr_assert(str_is(str_cut(&rest, ','), ""));
    cr_assert(rest.at != NULL);
    cr_assert(str_is(str_cut(&rest, ','), "b"));
    cr_assert_null(rest.at);
}

static const struct {
    const char *text;
    bool ok;
    int64_t value;
} NUMBERS[] = {
    {"0", true, 0},
    {"-1", true, -1},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775808", true, INT64_MIN},
    {"9223372036854775808", false, 0},
    {"-9223372036854775809", false, 0},
    {"", false, 0},
    {"-", false, 0},
    {"+1", false, 0},
    {" 1", false, 0},
    {"1 ", false, 0},
    {"0x1", false, 0},
    {"1e3", false, 0},
};

Test(str, reads_whole_decimal_numbers_only)
{
    for (size_t i = 0; i < COUNT_OF(NUMBERS); i++) {
        int64_t value = 77;
        cr_expect_eq(str_to_int64(str_of(NUMBERS[i].text), &value), NUMBERS[i].ok, "%s",
                     NUMBERS[i].text);
        cr_expect_eq(value, NUMBERS[i].ok ? NUMBERS[i].value : 77, "%s", NUMBERS[i].text);
    }
}

Test(str, compares_without_a_terminator)
{
    cr_assert(str_equal((struct str){"abc", 2}, STR("ab")));
    cr_assert_not(str_equal(STR("ab"), STR("abc")));
    cr_assert(str_equal_secret(STR("same"), STR("same")));
    cr_assert_not(str_equal_secret(STR("same"), STR("sane")));
    cr_assert(str_starts_with(STR("prefix"), "pre"));
    cr_assert_not(str_starts_with(STR("pr"), "pre"));
    cr_assert(str_is(str_of(NULL), ""));
}

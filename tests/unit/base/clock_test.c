#include <criterion/criterion.h>
#include <string.h>

#include "base/clock.h"
#include "base/uuid.h"

TestSuite(clock, .timeout = 20);

Test(clock, writes_times_as_rfc_3339_in_utc)
{
    char text[TIME_TEXT_BYTES];

    time_to_text(0, text);
    cr_assert_str_eq(text, "1970-01-01T00:00:00.000000Z");
    time_to_text(1795244399999999, text);
    cr_assert_str_eq(text, "2026-11-21T06:59:59.999999Z");
    time_to_text(-1, text);
    cr_assert_str_eq(text, "1969-12-31T23:59:59.999999Z");
}

Test(clock, counts_days_in_viet_nam)
{
    char text[DATE_TEXT_BYTES];

    time_to_date_vn(1795281960LL * 1000000, text); /* 17:26 UTC is 00:26 of the next day there */
    cr_assert_str_eq(text, "2026-11-22");
    time_to_date_vn(1795280340LL * 1000000, text); /* 16:59 UTC is 23:59 */
    cr_assert_str_eq(text, "2026-11-21");
}

static int64_t fixed_wall(void *context)
{
    return *(int64_t *)context;
}

static void fixed_random(void *context, void *ret_bytes, size_t length)
{
    (void)context;
    memset(ret_bytes, 0xff, length);
}

Test(clock, makes_identifiers_that_sort_by_time)
{
    int64_t now = 1795244399999999;
    struct clock_source clock = {
        .wall_us = fixed_wall, .random_bytes = fixed_random, .context = &now};
    char first[UUID_TEXT_BYTES];
    char second[UUID_TEXT_BYTES];

    uuid_new(&clock, first);
    now += 1000;
    uuid_new(&clock, second);
    cr_assert(uuid_is_valid(str_of(first)));
    cr_assert_lt(strcmp(first, second), 0);
    cr_assert_eq(first[14], '7', "version");
    cr_assert(strchr("89ab", first[19]) != NULL, "variant");
}

Test(clock, knows_identifiers_by_their_form)
{
    cr_assert(uuid_is_valid(STR("01A1FB67-180c-76e8-9a17-11219f95ae0c")));
    cr_assert_not(uuid_is_valid(STR("01a1fb67-180c-76e8-9a17-11219f95ae0")));
    cr_assert_not(uuid_is_valid(STR("01a1fb67-180c-76e8-9a17-11219f95ae0g")));
    cr_assert_not(uuid_is_valid(STR("01a1fb67x180c-76e8-9a17-11219f95ae0c")));
    cr_assert_not(uuid_is_valid(STR("")));
}

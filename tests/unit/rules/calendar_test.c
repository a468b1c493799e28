/* Civil dates and the counting of days, on a calendar made by hand. */
#include "rules/calendar.h"

#include <criterion/criterion.h>

#define DAY(y, m, d) date_to_day((struct date){(y), (m), (d)})

Test(calendar, dates_and_day_numbers_agree_over_centuries, .timeout = 10)
{
    struct date before = date_from_day(DAY(1899, 12, 31));

    cr_expect_eq(DAY(1970, 1, 1), 0);
    cr_expect_eq(DAY(2026, 8, 19), 20684);
    for (int32_t day = DAY(1900, 1, 1); day < DAY(2200, 1, 1); day++) {
        struct date date = date_from_day(day);
        cr_assert(date_is_valid(date));
        cr_assert_eq(date_to_day(date), day);
        bool next = date.year * 10000 + date.month * 100 + date.day >
                    before.year * 10000 + before.month * 100 + before.day;
        cr_assert(next);
        before = date;
    }
    cr_expect_eq(date_weekday(DAY(2026, 11, 21)), 6);
    cr_expect_eq(date_weekday(DAY(2026, 11, 22)), 7);
    cr_expect_eq(date_weekday(DAY(2026, 11, 23)), 1);
    cr_expect_eq(date_weekday(DAY(1969, 12, 31)), 3);
}

Test(calendar, only_real_days_are_read, .timeout = 10)
{
    static const char *const bad[] = {"2026-02-29", "2026-13-01", "2026-00-10",  "2026-1-1",
                                      "2026-01-32", "20260101",   "2026-01-01T", "",
                                      "0000-01-01", "2026-04-31", "x026-01-01"};
    struct date date = {1, 1, 1};
    char text[CALENDAR_DATE_TEXT_BYTES];

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        cr_expect(!date_from_text(bad[i], &date), "%s", bad[i]);
    }
    cr_expect(!date_from_text(NULL, &date));
    cr_expect_eq(date.year, 1, "written on failure");
    cr_expect(date_from_text("2028-02-29", &date));
    date_to_text(date, text);
    cr_expect_str_eq(text, "2028-02-29");
}

/* Tết: Monday 16 to Friday 20 February 2026 off; Saturday 28 February worked for Monday 2 March. */
static int32_t off[6];
static int32_t on[1];

static struct calendar calendar_make(bool rolls)
{
    for (int i = 0; i < 5; i++) {
        off[i] = DAY(2026, 2, 16) + i;
    }
    off[5] = DAY(2026, 3, 2);
    on[0] = DAY(2026, 2, 28);
    return (struct calendar){off, on, 6, 1, DAY(2026, 1, 1), DAY(2026, 12, 31), rolls};
}

Test(calendar, working_days_skip_tet_and_follow_swap_days, .timeout = 10)
{
    struct calendar c = calendar_make(false);

    cr_expect(!calendar_is_working(&c, DAY(2026, 2, 14)));
    cr_expect(!calendar_is_working(&c, DAY(2026, 2, 16)));
    cr_expect(calendar_is_working(&c, DAY(2026, 2, 23)));
    cr_expect(calendar_is_working(&c, DAY(2026, 2, 28)), "a worked Saturday");
    cr_expect(!calendar_is_working(&c, DAY(2026, 3, 2)), "its Monday off");

    cr_expect_eq(calendar_add(&c, DAY(2026, 2, 13), 1, DAY_UNIT_WORKING), DAY(2026, 2, 23));
    cr_expect_eq(calendar_add(&c, DAY(2026, 2, 13), 5, DAY_UNIT_WORKING), DAY(2026, 2, 27));
    cr_expect_eq(calendar_add(&c, DAY(2026, 2, 13), 6, DAY_UNIT_WORKING), DAY(2026, 2, 28));
    cr_expect_eq(calendar_add(&c, DAY(2026, 2, 13), 7, DAY_UNIT_WORKING), DAY(2026, 3, 3));
    /* Started on a day off: the first working day after it is day one. */
    cr_expect_eq(calendar_add(&c, DAY(2026, 2, 17), 1, DAY_UNIT_WORKING), DAY(2026, 2, 23));
    cr_expect_eq(calendar_add(&c, DAY(2026, 2, 13), 0, DAY_UNIT_WORKING), DAY(2026, 2, 13));
}

Test(calendar, plain_days_are_counted_through_and_roll_when_the_law_says_so, .timeout = 10)
{
    struct calendar plain = calendar_make(false);
    struct calendar rolls = calendar_make(true);

    cr_expect_eq(calendar_add(&plain, DAY(2026, 2, 2), 15, DAY_UNIT_CALENDAR), DAY(2026, 2, 17));
    cr_expect_eq(calendar_add(&rolls, DAY(2026, 2, 2), 15, DAY_UNIT_CALENDAR), DAY(2026, 2, 23));
    cr_expect_eq(calendar_add(&rolls, DAY(2026, 3, 10), 15, DAY_UNIT_CALENDAR), DAY(2026, 3, 25));
    cr_expect_eq(calendar_add(&plain, DAY(2026, 3, 10), 15, DAY_UNIT_NONE), DAY(2026, 3, 10));
}

Test(calendar, counting_is_the_inverse_of_adding, .timeout = 10)
{
    struct calendar c = calendar_make(false);

    for (int32_t start = DAY(2026, 2, 1); start < DAY(2026, 3, 15); start++) {
        for (int n = 1; n < 30; n++) {
            int32_t due = calendar_add(&c, start, n, DAY_UNIT_WORKING);
            cr_assert_eq(calendar_count(&c, start, due, DAY_UNIT_WORKING), n);
            cr_assert_eq(calendar_count(&c, start, due - 1, DAY_UNIT_WORKING), n - 1);
        }
    }
    cr_expect_eq(calendar_count(&c, 10, 5, DAY_UNIT_WORKING), 0);
    cr_expect_eq(calendar_count(&c, 10, 15, DAY_UNIT_CALENDAR), 5);
    cr_expect_eq(calendar_count(&c, 10, 15, DAY_UNIT_NONE), 0);
}

Test(calendar, a_pause_stops_the_clock, .timeout = 10)
{
    struct calendar c = calendar_make(false);
    int32_t due = 0;
    int left = 0;
    /* 15 working days from Monday 2 March (off): paused at the end of Friday 6 after 4 days. */
    struct clock_span spans[] = {
        {DAY(2026, 3, 2), DAY(2026, 3, 6)},
        {DAY(2026, 3, 16), CLOCK_RUNNING},
    };

    cr_assert(calendar_due(&c, 15, DAY_UNIT_WORKING, spans, 1 + 1, &due, &left));
    cr_expect_eq(due, calendar_add(&c, DAY(2026, 3, 16), 11, DAY_UNIT_WORKING));
    cr_expect_eq(left, 11);

    due = 7;
    cr_expect(!calendar_due(&c, 15, DAY_UNIT_WORKING, spans, 1, &due, &left), "paused now");
    cr_expect_eq(left, 11);
    cr_expect_eq(due, 7, "written on failure");

    /* The limit ran out before the pause: the pause does not bring it back. */
    cr_assert(calendar_due(&c, 3, DAY_UNIT_WORKING, spans, 2, &due, &left));
    cr_expect_eq(due, DAY(2026, 3, 5));
    cr_expect_eq(left, 0);

    /* Plain days pause as well. */
    cr_assert(calendar_due(&c, 15, DAY_UNIT_CALENDAR, spans, 2, &due, &left));
    cr_expect_eq(due, DAY(2026, 3, 27));
}

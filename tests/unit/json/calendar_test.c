/* The catalogue of holidays: what it says of known days, and faults planted in it. */
#include "support/ruleset_files.h"
#include "json/calendar.h"

#define CALENDAR_FILE CAPDO_SOURCE_DIR "/schema/catalogues/calendar-vn.json"

static int32_t day(const char *text)
{
    struct date date;

    cr_assert(date_from_text(text, &date), "%s", text);
    return date_to_day(date);
}

static void calendar_load(struct arena *arena, struct calendar *ret_calendar)
{
    struct document_error error = {0};
    bool good = calendar_decode(file_read(arena, CALENDAR_FILE), arena, ret_calendar, &error);

    cr_assert(good, "%s %s", error.pointer, error.message);
}

Test(calendar_file, knows_holidays_and_swap_days, .timeout = 10)
{
    static const struct {
        const char *date;
        bool working;
    } rows[] = {
        {"2025-01-27", false}, {"2025-02-03", true},  {"2025-04-26", true},  {"2025-05-02", false},
        {"2025-04-19", false}, {"2026-01-02", false}, {"2026-01-10", true},  {"2026-01-17", false},
        {"2026-02-13", true},  {"2026-02-16", false}, {"2026-02-20", false}, {"2026-02-23", true},
        {"2026-04-27", false}, {"2026-08-22", true},  {"2026-08-31", false}, {"2026-09-03", true},
        {"2026-11-20", true},  {"2026-11-21", false},
    };
    struct arena arena;
    struct calendar calendar;

    arena_init(&arena, 0);
    calendar_load(&arena, &calendar);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect_eq(calendar_is_working(&calendar, day(rows[i].date)), rows[i].working, "%s",
                     rows[i].date);
    }
    cr_expect(calendar_covers(&calendar, day("2025-01-01")));
    cr_expect(!calendar_covers(&calendar, day("2028-01-01")));
    arena_done(&arena);
}

Test(calendar_file, limits_of_the_decrees_over_tet, .timeout = 10)
{
    struct arena arena;
    struct calendar calendar;

    arena_init(&arena, 0);
    calendar_load(&arena, &calendar);
    /* 15 working days from Monday 9 February 2026: 4 before Tết, 11 after. */
    cr_expect_eq(calendar_add(&calendar, day("2026-02-09"), 15, DAY_UNIT_WORKING),
                 day("2026-03-09"));
    /* 15 plain days from 3 February end on 18 February, in Tết: the next working day. */
    cr_expect_eq(calendar_add(&calendar, day("2026-02-03"), 15, DAY_UNIT_CALENDAR),
                 day("2026-02-23"));
    /* 5 working days over a worked Saturday: 5, 6, 7, 8, 9 January; 6 days end on the 10th. */
    cr_expect_eq(calendar_add(&calendar, day("2025-12-31"), 6, DAY_UNIT_WORKING),
                 day("2026-01-10"));
    arena_done(&arena);
}

static const struct {
    const char *find;
    const char *replace;
    const char *pointer;
} planted[] = {
    {"\"capdo-calendar/1\"", "\"capdo-calendar/9\"", "/schema"},
    {"\"from\": \"2025-01-27\", \"to\": \"2025-01-31\"",
     "\"from\": \"2025-01-31\", \"to\": \"2025-01-27\"", "/days_off/1/to"},
    {"\"from\": \"2025-01-27\", \"to\": \"2025-01-31\"",
     "\"from\": \"2025-01-27\", \"to\": \"2025-03-31\"", "/days_off/1/to"},
    {"\"from\": \"2025-04-07\", \"to\": \"2025-04-07\"",
     "\"from\": \"2025-01-07\", \"to\": \"2025-01-07\"", "/days_off/2/from"},
    {"\"from\": \"2025-01-01\", \"to\": \"2025-01-01\"",
     "\"from\": \"2024-01-01\", \"to\": \"2024-01-01\"", "/days_off/0/to"},
    {"\"date\": \"2025-04-26\"", "\"date\": \"2025-04-25\"", "/days_worked/0/date"},
    {"\"instead_of\": \"2025-05-02\"", "\"instead_of\": \"2025-05-05\"",
     "/days_worked/0/instead_of"},
    {"\"covers_to\": \"2027-12-31\"", "\"covers_to\": \"2024-12-31\"", "/covers_to"},
    {"\"confidence\": \"RECALLED\"", "\"confidence\": \"GUESSED\"",
     "/limit_in_calendar_days/confidence"},
};

Test(calendar_file, a_planted_fault_is_refused_where_it_stands, .timeout = 10)
{
    struct arena arena;

    arena_init(&arena, 0);
    const char *text = arena_str(&arena, file_read(&arena, CALENDAR_FILE)).at;
    for (size_t i = 0; i < COUNT_OF(planted); i++) {
        struct document_error error = {0};
        struct calendar calendar;
        const char *at = strstr(text, planted[i].find);
        cr_assert(at != NULL, "%zu: %s", i, planted[i].find);
        const char *bad = arena_printf(&arena, "%.*s%s%s", (int)(at - text), text,
                                       planted[i].replace, at + strlen(planted[i].find));
        cr_expect(!calendar_decode(str_of(bad), &arena, &calendar, &error), "%zu accepted", i);
        cr_expect_str_eq(error.pointer, planted[i].pointer, "%zu: %s %s", i, error.pointer,
                         error.message);
    }
    arena_done(&arena);
}

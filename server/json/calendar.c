#include "json/calendar.h"

#include <stdio.h>
#include <string.h>

#include "json/document.h"

#define END                      \
    {                            \
        NULL,                    \
        {                        \
            .kind = DOCUMENT_ANY \
        }                        \
    }

enum { CALENDAR_DAYS_MAX = 2000, RANGE_DAYS_MAX = 31 };

static const char *const schemas[] = {"capdo-calendar/1", NULL};
static const char *const confidences[] = {
    "CONFIRMED", "CONFIRMED_SECONDARY", "INFERRED", "RECALLED", "DESIGN", NULL};

/* Days off: first to last, both included. */
static const struct document_member range[] = {
    {"from", {.kind = DOCUMENT_DATE}},
    {"to", {.kind = DOCUMENT_DATE}},
    {"title", {.kind = DOCUMENT_TEXT}},
    {"confidence", {.kind = DOCUMENT_CODE, .codes = confidences}},
    END,
};
static const struct document_spec range_item = {.kind = DOCUMENT_OBJECT, .members = range};

static const struct document_member swap[] = {
    {"date", {.kind = DOCUMENT_DATE}},
    {"instead_of", {.kind = DOCUMENT_DATE}},
    {"title", {.kind = DOCUMENT_TEXT}},
    {"confidence", {.kind = DOCUMENT_CODE, .codes = confidences}},
    END,
};
static const struct document_spec swap_item = {.kind = DOCUMENT_OBJECT, .members = swap};

static const struct document_member rule[] = {
    {"rolls_to_working_day", {.kind = DOCUMENT_BOOL}},
    {"article", {.kind = DOCUMENT_TEXT}},
    {"confidence", {.kind = DOCUMENT_CODE, .codes = confidences}},
    END,
};

static const struct document_member members[] = {
    {"schema", {.kind = DOCUMENT_CODE, .codes = schemas}},
    {"calendar_id", {.kind = DOCUMENT_ID}},
    {"title", {.kind = DOCUMENT_TEXT}},
    {"covers_from", {.kind = DOCUMENT_DATE}},
    {"covers_to", {.kind = DOCUMENT_DATE}},
    {"note", {.kind = DOCUMENT_TEXT}},
    {"limit_in_calendar_days", {.kind = DOCUMENT_OBJECT, .members = rule}},
    {"days_off", {.kind = DOCUMENT_ARRAY, .item = &range_item, .max = 500}},
    {"days_worked", {.kind = DOCUMENT_ARRAY, .item = &swap_item, .max = 200}},
    END,
};

static const struct document_spec calendar_shape = {.kind = DOCUMENT_OBJECT, .members = members};

static int32_t day_of(const json_t *object, const char *name)
{
    struct date date = {.year = 1970, .month = 1, .day = 1};

    (void)date_from_text(json_string_value(json_object_get(object, name)), &date);
    return date_to_day(date);
}

struct days {
    int32_t *at;
    size_t count;
};

/* Appends a day that must follow the last one. */
static bool put(struct days *days, int32_t day, const char *pointer,
                struct document_error *ret_error)
{
    if (days->count > 0 && days->at[days->count - 1] >= day) {
        return document_fail(ret_error, pointer, "is not after the day before it in the list");
    }
    if (days->count == CALENDAR_DAYS_MAX) {
        return document_fail(ret_error, pointer, "is more than %d days", CALENDAR_DAYS_MAX);
    }
    days->at[days->count++] = day;
    return true;
}

static bool is_covered(const struct calendar *calendar, int32_t day, const char *pointer,
                       struct document_error *ret_error)
{
    return calendar_covers(calendar, day) ||
           document_fail(ret_error, pointer, "is outside covers_from and covers_to");
}

static bool read_days_off(const json_t *root, const struct calendar *calendar, struct days *days,
                          struct document_error *ret_error)
{
    const json_t *array = json_object_get(root, "days_off");

    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *row = json_array_get(array, i);
        int32_t from = day_of(row, "from");
        int32_t to = day_of(row, "to");
        char pointer[64];
        (void)snprintf(pointer, sizeof(pointer), "/days_off/%zu/to", i);
        if (to < from || to - from >= RANGE_DAYS_MAX) {
            return document_fail(ret_error, pointer, "must be 0 to %d days after from",
                                 RANGE_DAYS_MAX - 1);
        }
        if (!is_covered(calendar, to, pointer, ret_error)) {
            return false;
        }
        (void)snprintf(pointer, sizeof(pointer), "/days_off/%zu/from", i);
        if (!is_covered(calendar, from, pointer, ret_error)) {
            return false;
        }
        for (int32_t day = from; day <= to; day++) {
            if (!put(days, day, pointer, ret_error)) {
                return false;
            }
        }
    }
    return true;
}

/* A swap day is a weekend day that is worked, and the day it replaces is off. */
static bool read_days_worked(const json_t *root, const struct calendar *calendar, struct days *days,
                             struct document_error *ret_error)
{
    const json_t *array = json_object_get(root, "days_worked");

    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *row = json_array_get(array, i);
        int32_t day = day_of(row, "date");
        char pointer[64];
        (void)snprintf(pointer, sizeof(pointer), "/days_worked/%zu/date", i);
        if (calendar_is_working(calendar, day)) {
            return document_fail(ret_error, pointer, "is a working day anyway");
        }
        if (!is_covered(calendar, day, pointer, ret_error) || !put(days, day, pointer, ret_error)) {
            return false;
        }
        (void)snprintf(pointer, sizeof(pointer), "/days_worked/%zu/instead_of", i);
        if (calendar_is_working(calendar, day_of(row, "instead_of"))) {
            return document_fail(ret_error, pointer, "is not in days_off");
        }
    }
    return true;
}

bool calendar_decode(struct str bytes, struct arena *arena, struct calendar *ret_calendar,
                     struct document_error *ret_error)
{
    json_auto_t *root = document_load(bytes, &calendar_shape, ret_error);
    struct days off = {.at = ARENA_ARRAY(arena, CALENDAR_DAYS_MAX, int32_t)};
    struct days on = {.at = ARENA_ARRAY(arena, CALENDAR_DAYS_MAX, int32_t)};
    struct calendar calendar = {0};

    if (root == NULL) {
        return false;
    }
    calendar.first_day = day_of(root, "covers_from");
    calendar.last_day = day_of(root, "covers_to");
    calendar.calendar_limit_rolls =
        document_bool(json_object_get(root, "limit_in_calendar_days"), "rolls_to_working_day");
    if (calendar.last_day < calendar.first_day) {
        return document_fail(ret_error, "/covers_to", "is before covers_from");
    }
    if (!read_days_off(root, &calendar, &off, ret_error)) {
        return false;
    }
    calendar.days_off = off.at;
    calendar.days_off_count = off.count;
    if (!read_days_worked(root, &calendar, &on, ret_error)) {
        return false;
    }
    calendar.days_on = on.at;
    calendar.days_on_count = on.count;
    *ret_calendar = calendar;
    return true;
}

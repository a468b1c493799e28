/* Days as the law counts them: civil dates, working days of Viet Nam, due dates of a step.
 *
 * A day is a number, days since 1970-01-01 in the proleptic Gregorian calendar, so that counting
 * is arithmetic; struct date is for people. The list of holidays and swap days is data
 * (schema/catalogues/calendar-vn.json); outside the years it covers, Monday to Friday are working
 * days and calendar_covers() says no. Pure; nothing here knows today's date. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

struct date {
    int year; /* 1..9999 */
    int month;
    int day;
};

enum { CALENDAR_DATE_TEXT_BYTES = 11 }; /* 2026-08-19 and the terminator */

/* Strict YYYY-MM-DD of an existing day. */
bool date_from_text(const char *text, struct date *ret_date);
void date_to_text(struct date date, char ret_text[static CALENDAR_DATE_TEXT_BYTES]);
bool date_is_valid(struct date date);
int32_t date_to_day(struct date date);
struct date date_from_day(int32_t day);
/* 1 Monday .. 7 Sunday. */
int date_weekday(int32_t day);

enum day_unit {
    DAY_UNIT_NONE, /* the law sets no limit */
    DAY_UNIT_WORKING,
    DAY_UNIT_CALENDAR,
};

struct calendar {
    const int32_t *days_off; /* holidays and compensatory days off; ascending */
    const int32_t *days_on;  /* weekend days that are worked instead; ascending */
    size_t days_off_count;
    size_t days_on_count;
    int32_t first_day; /* first and last day that the lists cover */
    int32_t last_day;
    bool calendar_limit_rolls; /* a limit in calendar days ending on a day off ends on the next
                                * working day */
};

bool calendar_is_working(const struct calendar *calendar, int32_t day);
bool calendar_covers(const struct calendar *calendar, int32_t day);
/* Working (or calendar) days d with from < d <= to; 0 when to <= from. */
int calendar_count(const struct calendar *calendar, int32_t from, int32_t to, enum day_unit unit);
/* Last day of a limit of count days that starts on day start; the start day is not counted.
 * count 0 gives start itself. DAY_UNIT_NONE gives start. */
int32_t calendar_add(const struct calendar *calendar, int32_t start, int count, enum day_unit unit);

/* A stretch of time in which the clock of a step runs. The day it starts is not counted, the day
 * it stops is. */
struct clock_span {
    int32_t from;
    int32_t to; /* CLOCK_RUNNING while it has not stopped */
};

enum { CLOCK_RUNNING = INT32_MAX };

/* Due day of a step whose clock ran in these spans (ascending, not overlapping) and was paused
 * between them. False when the clock is paused now and the limit was not reached: then there is
 * no due day, and ret_left says how many days remain. */
MUST_USE bool calendar_due(const struct calendar *calendar, int limit, enum day_unit unit,
                           const struct clock_span *spans, size_t count, int32_t *ret_due,
                           int *ret_left);

#include "rules/calendar.h"

#include <stdio.h>

enum {
    DAYS_PER_ERA = 146097, /* 400 years */
    DAYS_TO_1970 = 719468, /* from 0000-03-01 */
    SATURDAY = 6,
};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool date_is_valid(struct date date)
{
    static const int days_in_month[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) {
        return false;
    }
    int days = days_in_month[date.month - 1];
    if (date.month == 2 && is_leap(date.year)) {
        days = 29;
    }
    return date.day <= days;
}

static bool digits(const char *text, int count, int *ret_value)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    *ret_value = value;
    return true;
}

bool date_from_text(const char *text, struct date *ret_date)
{
    struct date date = {0};

    if (text == NULL || !digits(text, 4, &date.year) || text[4] != '-' ||
        !digits(text + 5, 2, &date.month) || text[7] != '-' || !digits(text + 8, 2, &date.day) ||
        text[10] != '\0' || !date_is_valid(date)) {
        return false;
    }
    *ret_date = date;
    return true;
}

void date_to_text(struct date date, char ret_text[static CALENDAR_DATE_TEXT_BYTES])
{
    unsigned year = (unsigned)date.year % 10000U;
    unsigned month = (unsigned)date.month % 100U;
    unsigned day = (unsigned)date.day % 100U;

    (void)snprintf(ret_text, CALENDAR_DATE_TEXT_BYTES, "%04u-%02u-%02u", year, month, day);
}

/* Years are counted from March, so that the leap day is the last of its year. */
int32_t date_to_day(struct date date)
{
    int year = date.year - (date.month <= 2 ? 1 : 0);
    int era = year / 400;
    int year_of_era = year - era * 400;
    int month_from_march = (date.month + 9) % 12;
    int day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (int32_t)(era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970);
}

struct date date_from_day(int32_t day)
{
    int z = (int)day + DAYS_TO_1970;
    int era = z / DAYS_PER_ERA;
    int day_of_era = z - era * DAYS_PER_ERA;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;

    return (struct date){
        .year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
        .month = month,
        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
    };
}

int date_weekday(int32_t day)
{
    int since_monday = (int)((day + 3) % 7); /* 1970-01-01 was a Thursday */

    return (since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

static bool has_day(const int32_t *days, size_t count, int32_t day)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (days[middle] < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && days[low] == day;
}

bool calendar_is_working(const struct calendar *calendar, int32_t day)
{
    if (has_day(calendar->days_on, calendar->days_on_count, day)) {
        return true;
    }
    return date_weekday(day) < SATURDAY &&
           !has_day(calendar->days_off, calendar->days_off_count, day);
}

bool calendar_covers(const struct calendar *calendar, int32_t day)
{
    return day >= calendar->first_day && day <= calendar->last_day;
}

int calendar_count(const struct calendar *calendar, int32_t from, int32_t to, enum day_unit unit)
{
    int count = 0;

    if (to <= from || unit == DAY_UNIT_NONE) {
        return 0;
    }
    if (unit == DAY_UNIT_CALENDAR) {
        return (int)(to - from);
    }
    for (int32_t day = from + 1; day <= to; day++) {
        if (calendar_is_working(calendar, day)) {
            count++;
        }
    }
    return count;
}

int32_t calendar_add(const struct calendar *calendar, int32_t start, int count, enum day_unit unit)
{
    int32_t day = start;

    if (unit == DAY_UNIT_NONE || count <= 0) {
        return start;
    }
    if (unit == DAY_UNIT_CALENDAR) {
        day = (int32_t)(start + count);
        while (calendar->calendar_limit_rolls && !calendar_is_working(calendar, day)) {
            day++;
        }
        return day;
    }
    while (count > 0) {
        day++;
        if (calendar_is_working(calendar, day)) {
            count--;
        }
    }
    return day;
}

bool calendar_due(const struct calendar *calendar, int limit, enum day_unit unit,
                  const struct clock_span *spans, size_t count, int32_t *ret_due, int *ret_left)
{
    int left = limit;

    for (size_t i = 0; i < count; i++) {
        int32_t due = calendar_add(calendar, spans[i].from, left, unit);
        /* A pause that began after the limit had run out does not bring it back. */
        if (spans[i].to == CLOCK_RUNNING || due <= spans[i].to) {
            *ret_due = due;
            *ret_left = 0;
            if (spans[i].to == CLOCK_RUNNING) {
                *ret_left = left;
            }
            return true;
        }
        left -= calendar_count(calendar, spans[i].from, spans[i].to, unit);
    }
    *ret_left = left;
    return false;
}

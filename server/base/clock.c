#include "base/clock.h"

#include <sodium.h>
#include <string.h>

static int64_t system_wall_us(void *context)
{
    struct timespec now;

    (void)context;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_monotonic_ms(void *context)
{
    struct timespec now;

    (void)context;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void system_random(void *context, void *ret_bytes, size_t length)
{
    (void)context;
    randombytes_buf(ret_bytes, length);
}

struct clock_source clock_system(void)
{
    return (struct clock_source){system_wall_us, system_monotonic_ms, system_random, NULL};
}

int64_t clock_wall_us(const struct clock_source *clock)
{
    return clock->wall_us(clock->context);
}

int64_t clock_monotonic_ms(const struct clock_source *clock)
{
    return clock->monotonic_ms(clock->context);
}

void clock_random(const struct clock_source *clock, void *ret_bytes, size_t length)
{
    clock->random_bytes(clock->context, ret_bytes, length);
}

static void time_split(int64_t wall_us, struct tm *ret_tm, int *ret_us)
{
    int64_t seconds = wall_us / 1000000;
    int64_t rest = wall_us % 1000000;

    if (rest < 0) {
        rest += 1000000;
        seconds--;
    }

    time_t when = (time_t)seconds;
    *ret_us = (int)rest;
    (void)gmtime_r(&when, ret_tm);
}

/* The last digits of a number that is not negative, with leading zeros. */
static void put_digits(char *to, int count, int number)
{
    for (int i = count - 1; i >= 0; i--) {
        to[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

void time_to_text(int64_t wall_us, char ret_text[static TIME_TEXT_BYTES])
{
    static const char FORM[TIME_TEXT_BYTES] = "0000-00-00T00:00:00.000000Z";
    struct tm tm;
    int us = 0;

    /* Each request writes several: the printf family costs ten times as much. */
    time_split(wall_us, &tm, &us);
    memcpy(ret_text, FORM, sizeof(FORM));
    put_digits(ret_text, 4, tm.tm_year + 1900);
    put_digits(ret_text + 5, 2, tm.tm_mon + 1);
    put_digits(ret_text + 8, 2, tm.tm_mday);
    put_digits(ret_text + 11, 2, tm.tm_hour);
    put_digits(ret_text + 14, 2, tm.tm_min);
    put_digits(ret_text + 17, 2, tm.tm_sec);
    put_digits(ret_text + 20, 6, us);
}

void time_to_date_vn(int64_t wall_us, char ret_text[static DATE_TEXT_BYTES])
{
    const int64_t vietnam_us = (int64_t)7 * 3600 * 1000000;
    struct tm tm;
    int us = 0;

    time_split(wall_us + vietnam_us, &tm, &us);
    (void)strftime(ret_text, DATE_TEXT_BYTES, "%Y-%m-%d", &tm);
}

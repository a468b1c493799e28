/* Where time and chance come from. A member of struct app, so that tests can set both.
 * Wall time for what the law dates, monotonic time for every timeout. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/macros.h"

struct clock_source {
    int64_t (*wall_us)(void *context);      /* microseconds since 1970-01-01 UTC */
    int64_t (*monotonic_ms)(void *context); /* milliseconds, only forward */
    void (*random_bytes)(void *context, void *ret_bytes, size_t length);
    void *context;
};

/* The machine's own clock and libsodium's randomness. */
struct clock_source clock_system(void);

int64_t clock_wall_us(const struct clock_source *clock);
int64_t clock_monotonic_ms(const struct clock_source *clock);
void clock_random(const struct clock_source *clock, void *ret_bytes, size_t length);

enum {
    TIME_TEXT_BYTES = 28, /* 2026-11-21T07:00:00.123456Z and the terminator */
    DATE_TEXT_BYTES = 11, /* 2026-11-21 and the terminator */
};

/* RFC 3339 in UTC with microseconds. */
void time_to_text(int64_t wall_us, char ret_text[static TIME_TEXT_BYTES]);
/* The civil date in Viet Nam (UTC+7 all year), whose law counts the days. */
void time_to_date_vn(int64_t wall_us, char ret_text[static DATE_TEXT_BYTES]);

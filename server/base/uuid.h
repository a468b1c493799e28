/* UUID version 7 (RFC 9562): ordered by time, the identifier of every row. Text is lower case. */
#pragma once

#include <stdbool.h>

#include "base/clock.h"
#include "base/str.h"

enum { UUID_TEXT_BYTES = 37 };

void uuid_new(const struct clock_source *clock, char ret_text[static UUID_TEXT_BYTES]);
/* 8-4-4-4-12 hexadecimal digits, either case, any version. */
bool uuid_is_valid(struct str text);
/* Brings a valid one, in place, to the one form in which two are compared. */
void uuid_lower(char text[static UUID_TEXT_BYTES - 1]);

/* Reads the catalogue of holidays and swap days (format capdo-calendar/1,
 * schema/calendar.schema.json) into rules/calendar.h. */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "rules/calendar.h"
#include "json/document_error.h"

/* Days live in the arena. On false nothing is written to ret_calendar. */
MUST_USE bool calendar_decode(struct str bytes, struct arena *arena, struct calendar *ret_calendar,
                              struct document_error *ret_error);

/* The history of a system: every version and what it changed. */
#pragma once

#include "api/route.h"
#include "json/decode.h"
#include "json/writer.h"

extern const struct route_table system_version_routes;

/* Array of {"path","before","after"}. */
void write_differences(struct json_writer *w, const struct json_difference *differences, int count);

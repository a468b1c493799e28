/* Figures, each with the list behind it: flat rows as JSON or CSV, answered from memory while the
 * register has not changed. */
#pragma once

#include "api/route.h"

extern const struct route_table stats_routes;

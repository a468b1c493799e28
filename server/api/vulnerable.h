/* A route with a hole, only in a build with test hooks: whoever looks for holes must find this one
 * (tests/faults/injection.mjs). */
#pragma once

#include "api/route.h"

#ifdef CAPDO_TEST_HOOKS
extern const struct route_table vulnerable_routes;
#endif

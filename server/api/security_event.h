/* Reading the security log. */
#pragma once

#include "api/route.h"

extern const struct route_table security_event_routes;

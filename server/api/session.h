/* Signing in and out, and who I am. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table session_routes;
extern const struct shape *const session_shapes[];

/* The second step of a sign-in, the fresh second factor of a running session, and passkeys alone. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table session_factor_routes;
extern const struct shape *const session_factor_shapes[];

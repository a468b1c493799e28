/* How the owner of an account chooses a password: by a link, or knowing the present one. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table activation_routes;
extern const struct shape *const activation_shapes[];

/* Systems of the register. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table system_routes;
extern const struct shape *const system_shapes[];

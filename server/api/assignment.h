/* /api/v1/assignments: specialised units, who appraises in their place, who heads what. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table assignment_routes;
extern const struct shape *const assignment_shapes[];

/* Trusted network labels: requested by the operating unit, their results recorded by the
 * specialised unit of the governing body. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table label_routes;
extern const struct shape *const label_shapes[];

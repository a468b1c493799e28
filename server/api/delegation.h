/* /api/v1/delegations: what a governing body lets an organisation below it do, and until when. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table delegation_routes;
extern const struct shape *const delegation_shapes[];

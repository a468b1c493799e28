/* What organisations were and how they changed: the timeline, and recording a change with what follows
 * it. A trial (mode=dry_run) does everything and takes it back. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table organisation_history_routes;
extern const struct shape *const organisation_history_shapes[];

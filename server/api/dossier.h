/* Level dossiers: prepared, submitted, appraised, decided. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table dossier_routes;
extern const struct shape *const dossier_shapes[];

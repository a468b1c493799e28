/* Organisations: a directory for everyone signed in, kept by administrators. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table organisation_routes;
extern const struct shape *const organisation_shapes[];

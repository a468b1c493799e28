/* Tokens for programs: made, replaced and revoked by administrators. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table api_token_routes;
extern const struct shape *const api_token_shapes[];

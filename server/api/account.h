/* Accounts and their roles, for administrators. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table account_routes;
extern const struct shape *const account_shapes[];

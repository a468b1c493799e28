/* Accounts and their roles, for administrators. */
#pragma once

#include "api/route.h"

extern const struct route_table account_routes;

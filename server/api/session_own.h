/* My sessions: where I am signed in, and ending what I do not know. */
#pragma once

#include "api/route.h"

extern const struct route_table session_own_routes;

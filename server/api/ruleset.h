/* The law as data over the API: rulesets, classification of given facts, codes with their labels,
 * and the contract itself. All from memory. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table ruleset_routes;
extern const struct shape *const ruleset_shapes[];

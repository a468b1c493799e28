/* The identities by which a person signs in through the identity provider: seen, linked and unlinked
 * by their owner. Never matched by name or address of mail. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

extern const struct route_table identity_routes;
extern const struct shape *const identity_shapes[];

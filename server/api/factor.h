/* My second factors: an authenticator app, passkeys, recovery codes. */
#pragma once

#include "api/route.h"
#include "base/shape.h"
#include "db/factor.h"

struct json_writer; /* json/writer.h */

/* {"totp","passkeys","recovery_codes","wanted"}: how many, without names. */
void factor_write_state(struct json_writer *w, const struct factor_state *state);

extern const struct route_table factor_routes;
extern const struct shape *const factor_shapes[];

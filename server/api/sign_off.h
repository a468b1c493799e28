/* The end of a session that an identity provider opened: the person signs out there too (RP-Initiated
 * Logout 1.0), or the provider says that it is over (Back-Channel Logout 1.0). */
#pragma once

#include "api/route.h"

extern const struct route_table sign_off_routes;

/* For the end of a session, inside its transaction and before it is closed: where the browser goes
 * to sign out at the provider too; *ret_url stays as it is when the session was opened otherwise. */
enum fault sign_off_address(struct call *call, const unsigned char token_sha256[static 32],
                            const char **ret_url) MUST_USE;

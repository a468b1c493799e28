/* Single sign-on by OpenID Connect: the browser's way to the identity provider and back. Roles stay
 * ours: the provider only says who it is. */
#pragma once

#include "api/route.h"

extern const struct route_table sign_on_routes;

/* A path of the site and nothing that a browser could take for another place. */
bool sign_on_is_path(struct str path);

/* Begins a sign-in, or (link_to: the account that acts) the linking of an identity, in the
 * transaction that is open. *ret_url is where the browser goes; the reply gets the cookie. again: the
 * person has to show all factors there, even if they did a moment ago. */
enum fault sign_on_attempt_begin(struct call *call, const char *link_to, const char *return_path,
                                 bool again, struct reply *reply, const char **ret_url) MUST_USE;

/* Signing in and out, and who I am. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

struct sign_in_token; /* api/sign_in.h */
/* Outside any transaction, once the session of this token is committed: answers who one is now, with
 * the cookie. */
enum fault session_answer(struct call *call, const struct sign_in_token *token, int age_s,
                          int status, struct reply *reply) MUST_USE;

extern const struct route_table session_routes;
extern const struct shape *const session_shapes[];

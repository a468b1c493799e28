/* Signing in and out, and who I am. */
#pragma once

#include "api/route.h"
#include "base/shape.h"

/* Argon2id, at most LIMIT_PASSWORD_HASHES at once; FAULT_BUSY when none of them ends in time. hash
 * NULL or no hash at all costs the same and is never right. */
enum fault session_password_check(struct call *call, const char *hash, const char *password,
                                  bool *ret_right) MUST_USE;

struct sign_in_token; /* api/sign_in.h */
/* Outside any transaction, once the session of this token is committed: answers who one is now, with
 * the cookie. */
enum fault session_answer(struct call *call, const struct sign_in_token *token, int age_s,
                          int status, struct reply *reply) MUST_USE;

extern const struct route_table session_routes;
extern const struct shape *const session_shapes[];

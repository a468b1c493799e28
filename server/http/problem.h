/* The body of every refusal: application/problem+json (RFC 9457). Pure. */
#pragma once

#include "api/call.h"
#include "api/reply.h"

/* `type` is a relative reference, "/problems/<code>". `errors` has all members of the problems,
 * `current` the present state for 412, `missing_right` the permission for 403. reply and problems
 * may be NULL. Appends to out. */
void problem_write(struct buffer *out, enum fault fault, enum language language,
                   const char *request_id, const struct reply *reply,
                   const struct problems *problems);

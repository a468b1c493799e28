/* The security log, as handlers write to it. */
#pragma once

#include "api/call.h"
#include "db/security_log.h"

/* Adds the event to this call's transaction, with who and where from: session, address, program and
 * request id are the call's. */
enum fault call_log(struct call *call, struct security_event event) MUST_USE;

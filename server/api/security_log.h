/* The security log, as handlers write to it. Who and where from (session, address, program, request)
 * are filled in from the call. Events without secrets only: no password, token, code or link. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "db/security_log.h"

/* Adds the event to this call's transaction; its line follows when that is committed. A log that
 * cannot be written is FAULT_LOG_UNAVAILABLE: then the change must not be made either. */
enum fault call_log(struct call *call, struct security_event event) MUST_USE;

/* For what has no transaction, a read or a refusal: the event is written within a second
 * (api/security_sink.h). FAULT_LOG_UNAVAILABLE when it could not be kept: then nothing must be shown. */
enum fault call_log_soon(struct call *call, struct security_event event) MUST_USE;

/* The outcome of the call is known: sends the lines of what it logged, and logs the refusal if it was
 * one and no handler said more about it. reason: of the guard, constant, "" for none. Refusals are
 * every 403 and 429, a bad token, and a thing that a signed-in person asked for by its identifier
 * and may not see (404). */
void call_log_end(struct call *call, enum fault fault, const struct reply *reply,
                  const char *reason);

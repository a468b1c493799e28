/* Runs a call from beginning to end: session, permission, parameters, preconditions, transaction,
 * idempotency, handler, commit. The HTTP side only receives, schedules and sends. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "api/security_sink.h"

/* Everything that can be refused without SQL, on the event thread, before the lane: unknown query
 * parameters, missing credential, missing If-Match or Idempotency-Key, unfitting media type. */
enum fault dispatch_precheck(struct call *call, struct reply *reply) MUST_USE;

/* Tries to answer from memory; false: schedule it on its lane. */
bool dispatch_memory(struct call *call, struct reply *reply, enum fault *ret_fault);

/* Runs the call on call->db (NULL only for LANE_MEMORY rows). On a fault the sender writes the
 * problem document from the fault, reply and call->problems. */
enum fault dispatch_run(struct call *call, struct reply *reply) MUST_USE;

/* The outcome is known, by dispatch_run or before it: once for each request. reason: why the guard
 * refused, constant, or "". */
void dispatch_end(struct call *call, enum fault fault, const struct reply *reply,
                  const char *reason);

/* For the metrics. */
struct security_sink_state dispatch_security_state(const struct call *call);

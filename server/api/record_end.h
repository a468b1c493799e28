/* How a dated record ends, and what is said when it cannot be recorded or ended; shared by
 * assignments and delegations. */
#pragma once

#include "api/call_tools.h"
#include "api/reply.h"
#include "base/shape.h"
#include "db/assignment.h"

extern const struct shape record_end_shape;

/* Turns rows of code and detail into problems of the body. FAULT_INVALID when there is any; the rows
 * are done with either way. */
enum fault record_problems(struct call *call, struct rows *rows) MUST_USE;

/* The record as it is; texts live in the arena. */
struct record_now {
    enum record_table table;
    const char *id;
    int64_t version;
    const char *valid_from;
    const char *valid_to; /* or NULL */
    const char *state;
    const char *title; /* for the security log */
};

/* Ends it as the body of this call says, once: its last day and the number of the document. The
 * caller has checked If-Match. */
enum fault record_end_by_body(struct call *call, const struct record_now *now, struct reply *reply)
    MUST_USE;

/* The steps of a label: what is open to whom, what must come along, what it changes. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "base/shape.h"
#include "db/label.h"
#include "db/session.h"
#include "rules/label.h"
#include "json/writer.h"

struct label_transition_in {
    struct in_text to, reason, grade, issuer, granted_on, expires_on, certificate_url, evidence_url;
};
extern const struct shape LABEL_TRANSITION_SHAPE;

/* The label as far as the rules look at it. */
struct label_state_now {
    enum label_state state;
    int64_t version;
    bool runs; /* it expires, but not yet */
    const char *operator_id;
    const char *governing_id;
};

/* The whole TransitionList. */
void label_step_write(struct json_writer *w, const struct label_state_now *now,
                      const struct actor *actor);
/* FAULT_FORBIDDEN, FAULT_TRANSITION_BLOCKED with words in the reply, or FAULT_INVALID with the
 * call's problems. */
enum fault label_step_check(struct call *call, const struct label_transition_in *in,
                            const struct label_state_now *now, const struct actor *actor,
                            struct reply *reply) MUST_USE;
/* The label after the step. */
void label_step_apply(const struct label_transition_in *in, struct label_record *label);

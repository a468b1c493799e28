/* The facts of a system: checked against their ruleset, stored canonically, and classified. */
#pragma once

#include "api/call.h"
#include "db/system.h"
#include "rules/ruleset.h"
#include "json/writer.h"

/* Merges facts (JSON object per ruleset id, or NULL: none given) into system->facts, checks
 * system->ruleset and sets the computed level. A ruleset given replaces that ruleset's answers, the
 * others stay. Problems go to the call, FAULT_INVALID. */
enum fault system_facts_apply(struct call *call, const char *facts, struct system_record *system)
    MUST_USE;

/* Adds what is wrong with the given facts to the call's problems; FAULT_INVALID when anything is. */
enum fault system_facts_check(struct call *call, const char *facts) MUST_USE;

/* The stored answers for one ruleset; all unknown when there are none or they no longer fit. */
void system_facts_read(struct call *call, const struct ruleset *ruleset, const char *facts,
                       struct facts *ret_facts);

void system_facts_write_classification(struct call *call, const struct ruleset *ruleset,
                                       const char *facts, struct json_writer *w);

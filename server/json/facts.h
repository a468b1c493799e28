/* The answers about one system as JSON: an object {fact name: value}, null or absent for "not
 * known yet". Only facts of the ruleset's list are accepted. */
#pragma once

#include "base/problems.h"
#include "base/str.h"
#include "rules/ruleset.h"

struct json_writer; /* json/writer.h */

/* Everything wrong is reported at once: pointer = prefix + "/" + name, codes "unknown_fact",
 * "wrong_type", "unknown_value", "duplicate", "out_of_range" (params {"min","max"}), and params
 * {"expected": type} for wrong_type. FAULT_BAD_JSON when the text is not one JSON object,
 * FAULT_INVALID when problems were added, FAULT_NONE with ret_facts otherwise. An object without
 * members is a system of which nothing is known. */
MUST_USE enum fault facts_decode(struct str json, const char *prefix, const struct ruleset *ruleset,
                                 struct problems *problems, struct facts *ret_facts);

/* For stored facts: as facts_decode, but without a report. */
MUST_USE bool facts_decode_stored(struct str json, const struct ruleset *ruleset,
                                  struct facts *ret_facts);

/* Canonical: known facts only, in the order of the ruleset; equal answers give equal bytes. */
void facts_write(struct json_writer *writer, const struct ruleset *ruleset,
                 const struct facts *facts);

/* The value of one fact, null when unknown. */
void fact_value_write(struct json_writer *writer, const struct fact_def *fact,
                      struct fact_value value);

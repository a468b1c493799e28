/* Reads a condition over facts: {"fact","op","value"}, {"all":[…]} or {"any":[…]}, into the flat
 * form of rules/ruleset.h. Used by json/ruleset.c only. */
#pragma once

#include "rules/ruleset.h"
#include "json/document.h"

enum { PREDICATE_DEPTH_MAX = 6 };

/* The facts of the ruleset must be read already. pointer: where the condition stands. */
MUST_USE bool predicate_decode(const json_t *value, const char *pointer,
                               const struct ruleset *ruleset, struct arena *arena,
                               struct predicate *ret_predicate, struct document_error *ret_error);

/* One value of a fact (NULL or JSON null: unknown), held as its type says. On false ret_code is
 * "wrong_type", "unknown_value", "out_of_range" or "duplicate", and ret_item the offending item of
 * a set, or -1. */
MUST_USE bool fact_value_decode(const struct fact_def *fact, const json_t *value,
                                struct fact_value *ret_value, const char **ret_code, int *ret_item);

/* Reads a ruleset file (format capdo-ruleset/1, schema/ruleset.schema.json) into the structs of
 * rules/ruleset.h. A file with any fault is refused as a whole, naming the place. */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "rules/ruleset.h"
#include "json/document_error.h"

/* Everything the ruleset points to lives in the arena; bytes may go away afterwards. On false
 * nothing is written to ret_ruleset, ret_error says where and what. */
MUST_USE bool ruleset_decode(struct str bytes, struct arena *arena, struct ruleset *ret_ruleset,
                             struct document_error *ret_error);

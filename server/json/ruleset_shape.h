/* What may stand where in a ruleset file, format capdo-ruleset/1: the table behind
 * json/ruleset.c. schema/ruleset.schema.json says the same for other programs. */
#pragma once

#include "json/document.h"

extern const struct document_spec ruleset_shape;

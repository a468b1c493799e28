/* The answer of POST /api/v1/classifications, also what a dossier freezes as its trace. */
#pragma once

#include "base/text.h"
#include "rules/criteria.h"
#include "json/writer.h"

/* {"ruleset","level","at_least","complete","missing":[…],"matched":[…],
 *  "trace":[{"criterion","level","article","result","facts":{…},"text":{"vi","en"}}]}.
 * level is null while undetermined or when no criterion is met; facts of a trace entry are those
 * its condition looks at, null when unknown. article is the citation in the given language. */
void classification_write(struct json_writer *writer, const struct ruleset *ruleset,
                          const struct facts *facts, const struct classification *classification,
                          enum language language);

/* {"vi": …, "en": …}. */
void text_write(struct json_writer *writer, struct text text);

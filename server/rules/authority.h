/* Who appraises and who approves, resolved from the ruleset and never from a job title. */
#pragma once

#include "rules/criteria.h"
#include "rules/permission.h"
#include "rules/ruleset.h"

/* The row of a level, or NULL for a level outside 1..LEVEL_MAX. */
const struct authority *authority_of(const struct ruleset *ruleset, int level);

/* The level whose procedure a system of this level follows: the level itself, or a higher one
 * when the facts say that a special procedure applies. Unknown facts raise nothing. */
int authority_procedure_level(const struct ruleset *ruleset, const struct facts *facts, int level);

/* The role that signs for a party; false for parties that do not sign in this register. */
bool authority_signer(enum party party, enum role *ret_role);

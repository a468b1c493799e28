/* The level of a system from the answers about it: pure, three-valued (Kleene).
 *
 * A criterion is true, false or unknown; an unanswered fact is unknown, never false. Let T be the
 * highest level of a true criterion (0 if none) and U that of an unknown one. If U > T the level
 * is undetermined, otherwise it is T; T = 0 then means that no criterion is met and a reasoned
 * proposal is asked for. Adding an answer therefore never turns a decided level into another. */
#pragma once

#include "base/macros.h"
#include "rules/ruleset.h"

enum tri {
    TRI_FALSE,
    TRI_UNKNOWN,
    TRI_TRUE,
};

/* "true", "false", "unknown". */
const char *tri_code(enum tri value);

struct classification {
    int level;        /* 0: undetermined, or no criterion met (complete tells which) */
    int at_least;     /* T */
    bool complete;    /* no unanswered fact can change the level */
    uint64_t missing; /* bit per unanswered fact that could still change the level */
    enum tri results[RULESET_CRITERIA_MAX]; /* in the order of ruleset->criteria */
};

/* A predicate without nodes is true. */
enum tri predicate_eval(const struct predicate *predicate, const struct facts *facts);

/* A fact is listed as missing only if, for some way of answering the other unanswered facts, two
 * of its values give different levels. The search for such a witness is bounded
 * (CRITERIA_SEARCH_STEPS per fact); a fact for which it did not finish is listed: one that matters
 * is never left out. */
void classify(const struct ruleset *ruleset, const struct facts *facts,
              struct classification *ret_classification);

enum { CRITERIA_SEARCH_STEPS = 2000 };

/* Fills ret_values with one value of the fact for each outcome that the ruleset's criteria can
 * tell apart and returns how many; 0 when they would exceed FACT_DOMAIN_MAX. */
size_t criteria_domain(const struct ruleset *ruleset, size_t fact,
                       int64_t ret_values[static FACT_DOMAIN_MAX]);

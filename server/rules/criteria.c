#include "rules/criteria.h"

#include <string.h>

#define FACT_BIT(fact) (UINT64_C(1) << (fact))

const char *tri_code(enum tri value)
{
    static const char *const codes[] = {"false", "unknown", "true"};

    return codes[value];
}

static enum tri tri_of(bool value)
{
    return value ? TRI_TRUE : TRI_FALSE;
}

static enum tri leaf_eval(const struct predicate_node *node, const struct facts *facts)
{
    const struct fact_value *fact = &facts->of[node->fact];

    if (!fact->known) {
        return TRI_UNKNOWN;
    }
    switch (node->op) {
    case PREDICATE_EQ:
        return tri_of(fact->value == node->value);
    case PREDICATE_IN:
        return tri_of(((UINT64_C(1) << (unsigned)fact->value) & (uint64_t)node->value) != 0);
    case PREDICATE_LT:
        return tri_of(fact->value < node->value);
    case PREDICATE_LE:
        return tri_of(fact->value <= node->value);
    case PREDICATE_GE:
        return tri_of(fact->value >= node->value);
    case PREDICATE_CONTAINS:
        return tri_of(((uint64_t)fact->value & (uint64_t)node->value) != 0);
    case PREDICATE_NOT_CONTAINS:
        return tri_of(((uint64_t)fact->value & (uint64_t)node->value) == 0);
    case PREDICATE_ONLY:
        return tri_of(fact->value != 0 && ((uint64_t)fact->value & ~(uint64_t)node->value) == 0);
    case PREDICATE_ALL:
    case PREDICATE_ANY:
    case PREDICATE_OP_COUNT:
        break;
    }
    return TRI_UNKNOWN;
}

enum tri predicate_eval(const struct predicate *predicate, const struct facts *facts)
{
    enum tri stack[PREDICATE_NODES_MAX];
    size_t depth = 0;

    if (predicate->count == 0) {
        return TRI_TRUE;
    }
    for (size_t i = 0; i < predicate->count; i++) {
        const struct predicate_node *node = &predicate->nodes[i];
        if (node->op != PREDICATE_ALL && node->op != PREDICATE_ANY) {
            stack[depth++] = leaf_eval(node, facts);
            continue;
        }
        /* Kleene: AND is the smallest, OR the largest of FALSE < UNKNOWN < TRUE. */
        enum tri result = node->op == PREDICATE_ALL ? TRI_TRUE : TRI_FALSE;
        for (unsigned child = 0; child < node->arity; child++) {
            enum tri value = stack[--depth];
            if (node->op == PREDICATE_ALL ? value < result : value > result) {
                result = value;
            }
        }
        stack[depth++] = result;
    }
    return stack[0];
}

/* ---- which unanswered facts matter ---- */

struct search {
    const struct ruleset *ruleset;
    struct facts facts;                /* answers, and the completion being tried */
    size_t open[RULESET_CRITERIA_MAX]; /* criteria that can still raise the level */
    size_t open_count;
    int floor; /* the level that is certain */
};

struct interval {
    int low;
    int high;
};

static struct interval search_interval(const struct search *search)
{
    struct interval levels = {search->floor, search->floor};

    for (size_t i = 0; i < search->open_count; i++) {
        const struct criterion *criterion = &search->ruleset->criteria[search->open[i]];
        if (criterion->level <= levels.low) {
            continue;
        }
        enum tri result = predicate_eval(&criterion->when, &search->facts);
        if (result == TRI_TRUE) {
            levels.low = criterion->level;
        }
        if (result != TRI_FALSE && criterion->level > levels.high) {
            levels.high = criterion->level;
        }
    }
    return levels;
}

/* Unanswered facts, other than the one in question, of the undecided criteria above the floor of
 * this completion; first those that share a criterion with it. 0 when it is in none of them. */
static uint64_t search_open_facts(const struct search *search, size_t fact, uint64_t unanswered)
{
    uint64_t near = 0;
    uint64_t far = 0;
    bool concerned = false;
    int low = search_interval(search).low;

    for (size_t i = 0; i < search->open_count; i++) {
        const struct criterion *criterion = &search->ruleset->criteria[search->open[i]];
        if (criterion->level <= low ||
            predicate_eval(&criterion->when, &search->facts) != TRI_UNKNOWN) {
            continue;
        }
        if ((criterion->when.facts & FACT_BIT(fact)) != 0) {
            near |= criterion->when.facts;
            concerned = true;
        } else {
            far |= criterion->when.facts;
        }
    }
    near &= unanswered;
    far &= unanswered;
    if (!concerned) {
        return 0;
    }
    return near != 0 ? near : far;
}

enum verdict { VERDICT_SAME, VERDICT_DIFFERENT, VERDICT_OPEN };

/* Can two values of the fact give different levels under the completion tried so far? */
static enum verdict search_compare(struct search *search, size_t fact)
{
    const struct fact_def *def = &search->ruleset->facts[fact];
    int lowest = LEVEL_MAX + 1;
    int highest = 0;
    int lowest_high = LEVEL_MAX + 1;
    int highest_low = 0;

    for (size_t i = 0; i < def->domain_count; i++) {
        search->facts.of[fact] = (struct fact_value){true, def->domain[i]};
        struct interval levels = search_interval(search);
        lowest = levels.low < lowest ? levels.low : lowest;
        highest = levels.high > highest ? levels.high : highest;
        lowest_high = levels.high < lowest_high ? levels.high : lowest_high;
        highest_low = levels.low > highest_low ? levels.low : highest_low;
    }
    search->facts.of[fact] = (struct fact_value){0};
    if (lowest_high < highest_low) {
        return VERDICT_DIFFERENT;
    }
    return lowest == highest ? VERDICT_SAME : VERDICT_OPEN;
}

/* Depth-first over completions, cutting branches in which the fact has lost its influence. */
static bool search_matters(struct search *search, size_t fact, uint64_t unanswered)
{
    size_t chosen[RULESET_FACTS_MAX] = {0};
    size_t position[RULESET_FACTS_MAX] = {0};
    size_t depth = 0;
    const struct fact_def *defs = search->ruleset->facts;
    uint64_t rest = unanswered & ~FACT_BIT(fact);

    for (int step = 0; step < CRITERIA_SEARCH_STEPS; step++) {
        uint64_t next = search_open_facts(search, fact, rest);
        enum verdict verdict = search_compare(search, fact);
        if (verdict == VERDICT_DIFFERENT) {
            break;
        }
        if (verdict == VERDICT_OPEN && next != 0) {
            size_t pick = (size_t)__builtin_ctzll(next);
            chosen[depth] = pick;
            position[depth] = 0;
            depth++;
            rest &= ~FACT_BIT(pick);
            search->facts.of[pick] = (struct fact_value){true, defs[pick].domain[0]};
            continue;
        }
        while (depth > 0 && position[depth - 1] + 1 == defs[chosen[depth - 1]].domain_count) {
            depth--;
            rest |= FACT_BIT(chosen[depth]);
            search->facts.of[chosen[depth]] = (struct fact_value){0};
        }
        if (depth == 0) {
            return false;
        }
        position[depth - 1]++;
        search->facts.of[chosen[depth - 1]].value =
            defs[chosen[depth - 1]].domain[position[depth - 1]];
    }
    while (depth > 0) {
        depth--;
        search->facts.of[chosen[depth]] = (struct fact_value){0};
    }
    /* A witness was found, or the steps ran out, which counts as mattering. */
    return true;
}

static uint64_t missing_facts(const struct ruleset *ruleset, const struct facts *facts,
                              const struct classification *classification)
{
    struct search search = {
        .ruleset = ruleset,
        .facts = *facts,
        .floor = classification->at_least,
    };
    uint64_t candidates = 0;
    uint64_t unanswered = 0;
    uint64_t missing = 0;

    for (size_t i = 0; i < ruleset->criterion_count; i++) {
        if (classification->results[i] == TRI_UNKNOWN &&
            ruleset->criteria[i].level > classification->at_least) {
            search.open[search.open_count++] = i;
            candidates |= ruleset->criteria[i].when.facts;
        }
    }
    for (size_t i = 0; i < ruleset->fact_count; i++) {
        if (!facts->of[i].known) {
            unanswered |= FACT_BIT(i);
        }
    }
    candidates &= unanswered;
    for (size_t i = 0; i < ruleset->fact_count; i++) {
        if ((candidates & FACT_BIT(i)) != 0 && search_matters(&search, i, candidates)) {
            missing |= FACT_BIT(i);
        }
    }
    return missing;
}

void classify(const struct ruleset *ruleset, const struct facts *facts,
              struct classification *ret_classification)
{
    struct classification result = {0};
    int open = 0;

    for (size_t i = 0; i < ruleset->criterion_count; i++) {
        const struct criterion *criterion = &ruleset->criteria[i];
        enum tri value = predicate_eval(&criterion->when, facts);
        result.results[i] = value;
        if (value == TRI_TRUE && criterion->level > result.at_least) {
            result.at_least = criterion->level;
        }
        if (value == TRI_UNKNOWN && criterion->level > open) {
            open = criterion->level;
        }
    }
    result.complete = open <= result.at_least;
    if (result.complete) {
        result.level = result.at_least;
    } else {
        result.missing = missing_facts(ruleset, facts, &result);
    }
    *ret_classification = result;
}

/* ---- domains ---- */

struct domain {
    int64_t values[FACT_DOMAIN_MAX];
    size_t count;
    bool full;
};

static void domain_put(struct domain *domain, int64_t value)
{
    for (size_t i = 0; i < domain->count; i++) {
        if (domain->values[i] == value) {
            return;
        }
    }
    if (domain->count == FACT_DOMAIN_MAX) {
        domain->full = true;
        return;
    }
    domain->values[domain->count++] = value;
}

/* Both sides of every threshold, within the bounds of the fact. */
static void domain_of_int(struct domain *domain, const struct ruleset *ruleset, size_t fact)
{
    const struct fact_def *def = &ruleset->facts[fact];

    domain_put(domain, def->min);
    for (size_t i = 0; i < ruleset->criterion_count; i++) {
        const struct predicate *when = &ruleset->criteria[i].when;
        for (size_t n = 0; n < when->count; n++) {
            const struct predicate_node *node = &when->nodes[n];
            if (node->op >= PREDICATE_ALL || node->fact != fact) {
                continue;
            }
            for (int64_t offset = -1; offset <= 1; offset++) {
                int64_t value = node->value + offset;
                if (value >= def->min && value <= def->max) {
                    domain_put(domain, value);
                }
            }
        }
    }
}

size_t criteria_domain(const struct ruleset *ruleset, size_t fact,
                       int64_t ret_values[static FACT_DOMAIN_MAX])
{
    const struct fact_def *def = &ruleset->facts[fact];
    struct domain domain = {.count = 0};

    switch (def->type) {
    case FACT_BOOL:
        domain_put(&domain, 0);
        domain_put(&domain, 1);
        break;
    case FACT_ENUM:
        for (size_t i = 0; i < def->choice_count; i++) {
            domain_put(&domain, (int64_t)i);
        }
        break;
    case FACT_SET:
        for (int64_t mask = 0; mask < (int64_t)1 << def->choice_count; mask++) {
            if (__builtin_popcountll((uint64_t)mask) >= def->min) {
                domain_put(&domain, mask);
            }
        }
        break;
    case FACT_INT:
        domain_of_int(&domain, ruleset, fact);
        break;
    case FACT_TYPE_COUNT:
        break;
    }
    if (domain.full) {
        return 0;
    }
    memcpy(ret_values, domain.values, domain.count * sizeof(*ret_values));
    return domain.count;
}

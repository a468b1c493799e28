/* What must hold of every ruleset and every set of answers: tried on random ones, fixed seed. */
#include <stdlib.h>

#include "support/ruleset_files.h"

static const char *const paths[] = {RULESET_331, RULESET_85, RULESET_INVENTED};

static int64_t random_value(const struct fact_def *fact)
{
    return fact->domain[(size_t)rand() % fact->domain_count];
}

/* Each fact answered with this chance, in percent. */
static struct facts random_facts(const struct ruleset *ruleset, int percent)
{
    struct facts facts = {0};

    for (size_t i = 0; i < ruleset->fact_count; i++) {
        if (rand() % 100 < percent) {
            facts.of[i] = (struct fact_value){true, random_value(&ruleset->facts[i])};
        }
    }
    return facts;
}

static struct facts random_completion(const struct ruleset *ruleset, struct facts facts)
{
    for (size_t i = 0; i < ruleset->fact_count; i++) {
        if (!facts.of[i].known) {
            facts.of[i] = (struct fact_value){true, random_value(&ruleset->facts[i])};
        }
    }
    return facts;
}

static struct classification classified(const struct ruleset *ruleset, const struct facts *facts)
{
    struct classification result;

    classify(ruleset, facts, &result);
    return result;
}

Test(properties, an_answer_never_turns_a_decided_level_into_another, .timeout = 120)
{
    struct arena arena;
    int decided = 0;

    arena_init(&arena, 0);
    srand(1);
    for (size_t p = 0; p < COUNT_OF(paths); p++) {
        struct ruleset r;
        ruleset_load(&arena, paths[p], &r);
        for (int round = 0; round < 1500; round++) {
            struct facts facts = random_facts(&r, 20 + rand() % 80);
            struct classification before = classified(&r, &facts);
            struct facts more = facts;
            size_t which = (size_t)rand() % r.fact_count;
            if (!facts.of[which].known) {
                more.of[which] = (struct fact_value){true, random_value(&r.facts[which])};
            }
            struct classification after = classified(&r, &more);
            cr_assert(after.at_least >= before.at_least);
            if (before.complete) {
                decided++;
                cr_assert(after.complete && after.level == before.level);
            }
            struct facts full = random_completion(&r, facts);
            struct classification end = classified(&r, &full);
            cr_assert(end.complete, "every fact is answered");
            cr_assert(end.level >= before.at_least);
            for (size_t c = 0; c < r.criterion_count; c++) {
                cr_assert(before.results[c] == TRI_UNKNOWN || before.results[c] == end.results[c]);
            }
        }
    }
    cr_assert(decided > 200, "only %d decided cases were tried", decided);
    arena_done(&arena);
}

Test(properties, an_unlisted_fact_cannot_change_the_level, .timeout = 120)
{
    struct arena arena;
    int tried = 0;

    arena_init(&arena, 0);
    srand(2);
    for (size_t p = 0; p < COUNT_OF(paths); p++) {
        struct ruleset r;
        ruleset_load(&arena, paths[p], &r);
        for (int round = 0; round < 1500; round++) {
            struct facts facts = random_facts(&r, 10 + rand() % 80);
            struct classification result = classified(&r, &facts);
            for (size_t i = 0; i < r.fact_count; i++) {
                if (facts.of[i].known || ((result.missing >> i) & 1) != 0) {
                    continue;
                }
                struct facts full = random_completion(&r, facts);
                int level = classified(&r, &full).level;
                full.of[i].value = random_value(&r.facts[i]);
                cr_assert_eq(classified(&r, &full).level, level, "%s", r.facts[i].id);
                tried++;
            }
        }
    }
    cr_assert(tried > 5000, "only %d cases were tried", tried);
    arena_done(&arena);
}

/* The invented ruleset is small enough to try every completion. */
static bool matters_by_force(const struct ruleset *r, struct facts facts, size_t fact)
{
    size_t position[RULESET_FACTS_MAX] = {0};
    size_t open[RULESET_FACTS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < r->fact_count; i++) {
        if (!facts.of[i].known && i != fact) {
            open[count++] = i;
        }
    }
    for (;;) {
        int first = -1;
        for (size_t i = 0; i < count; i++) {
            facts.of[open[i]] = (struct fact_value){true, r->facts[open[i]].domain[position[i]]};
        }
        for (size_t v = 0; v < r->facts[fact].domain_count; v++) {
            facts.of[fact] = (struct fact_value){true, r->facts[fact].domain[v]};
            int level = classified(r, &facts).level;
            if (first >= 0 && level != first) {
                return true;
            }
            first = level;
        }
        size_t digit = 0;
        while (digit < count && ++position[digit] == r->facts[open[digit]].domain_count) {
            position[digit++] = 0;
        }
        if (digit == count) {
            return false;
        }
    }
}

Test(properties, missing_is_exactly_what_can_change_the_level, .timeout = 120)
{
    struct arena arena;
    struct ruleset r;

    arena_init(&arena, 0);
    srand(3);
    ruleset_load(&arena, RULESET_INVENTED, &r);
    for (int round = 0; round < 400; round++) {
        struct facts facts = random_facts(&r, rand() % 90);
        struct classification result = classified(&r, &facts);
        for (size_t i = 0; i < r.fact_count; i++) {
            if (!facts.of[i].known) {
                cr_assert_eq(((result.missing >> i) & 1) != 0, matters_by_force(&r, facts, i), "%s",
                             r.facts[i].id);
            }
        }
    }
    arena_done(&arena);
}

static void shuffle(size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)rand() % i;
        size_t kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

/* The same ruleset with its facts and criteria in another order. */
static struct ruleset reordered(struct arena *arena, const struct ruleset *r,
                                size_t fact_order[static RULESET_FACTS_MAX])
{
    struct ruleset result = *r;
    size_t criterion_order[RULESET_CRITERIA_MAX];
    struct fact_def *facts = ARENA_ARRAY(arena, r->fact_count, struct fact_def);
    struct criterion *criteria = ARENA_ARRAY(arena, r->criterion_count, struct criterion);
    size_t place[RULESET_FACTS_MAX];

    shuffle(fact_order, r->fact_count);
    shuffle(criterion_order, r->criterion_count);
    for (size_t i = 0; i < r->fact_count; i++) {
        facts[i] = r->facts[fact_order[i]];
        place[fact_order[i]] = i;
    }
    for (size_t i = 0; i < r->criterion_count; i++) {
        criteria[i] = r->criteria[criterion_order[i]];
        struct predicate_node *nodes =
            ARENA_ARRAY(arena, criteria[i].when.count, struct predicate_node);
        criteria[i].when.facts = 0;
        for (size_t n = 0; n < criteria[i].when.count; n++) {
            nodes[n] = criteria[i].when.nodes[n];
            if (nodes[n].op < PREDICATE_ALL) {
                nodes[n].fact = (unsigned)place[nodes[n].fact];
                criteria[i].when.facts |= UINT64_C(1) << nodes[n].fact;
            }
        }
        criteria[i].when.nodes = nodes;
    }
    result.facts = facts;
    result.criteria = criteria;
    return result;
}

Test(properties, the_order_of_facts_and_criteria_does_not_matter, .timeout = 120)
{
    struct arena arena;

    arena_init(&arena, 0);
    srand(5);
    for (size_t p = 0; p < COUNT_OF(paths); p++) {
        struct ruleset r;
        ruleset_load(&arena, paths[p], &r);
        for (int round = 0; round < 300; round++) {
            size_t order[RULESET_FACTS_MAX];
            struct ruleset other = reordered(&arena, &r, order);
            struct facts facts = random_facts(&r, 10 + rand() % 90);
            struct facts moved = {0};
            for (size_t i = 0; i < r.fact_count; i++) {
                moved.of[i] = facts.of[order[i]];
            }
            struct classification a = classified(&r, &facts);
            struct classification b = classified(&other, &moved);
            cr_assert(a.level == b.level && a.at_least == b.at_least && a.complete == b.complete);
            for (size_t i = 0; i < r.fact_count; i++) {
                cr_assert_eq((b.missing >> i) & 1, (a.missing >> order[i]) & 1, "%s",
                             r.facts[order[i]].id);
            }
        }
    }
    arena_done(&arena);
}

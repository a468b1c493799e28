/* Three-valued evaluation on a ruleset small enough to check by hand. */
#include "rules/criteria.h"

#include <criterion/criterion.h>
#include <string.h>

enum { FLAG, KIND, TAGS, SIZE };

static const struct fact_choice kinds[] = {{"red", {{0}}}, {"green", {{0}}}, {"blue", {{0}}}};
static const struct fact_choice tags[] = {{"soft", {{0}}}, {"hard", {{0}}}};

#define LEAF(op_, fact_, value_)                                  \
    {                                                             \
        .op = PREDICATE_##op_, .fact = (fact_), .value = (value_) \
    }
#define GROUP(op_, arity_)                       \
    {                                            \
        .op = PREDICATE_##op_, .arity = (arity_) \
    }
#define PREDICATE(nodes_, facts_)            \
    {                                        \
        (nodes_), COUNT_OF(nodes_), (facts_) \
    }
#define BIT(fact) (UINT64_C(1) << (fact))

static const struct predicate_node flag[] = {LEAF(EQ, FLAG, 1)};
static const struct predicate_node big[] = {LEAF(GE, SIZE, 10)};
/* flag and (green or blue) and not hard */
static const struct predicate_node mixed[] = {
    LEAF(EQ, FLAG, 1), LEAF(EQ, KIND, 1),           LEAF(EQ, KIND, 2),
    GROUP(ANY, 2),     LEAF(NOT_CONTAINS, TAGS, 2), GROUP(ALL, 3),
};

static const int64_t flag_domain[] = {0, 1};
static const int64_t kind_domain[] = {0, 1, 2};
static const int64_t tags_domain[] = {0, 1, 2, 3};
static const int64_t size_domain[] = {0, 9, 10, 11};

static const struct fact_def facts[] = {
    [FLAG] = {.id = "flag", .type = FACT_BOOL, .domain = flag_domain, .domain_count = 2},
    [KIND] = {.id = "kind",
              .type = FACT_ENUM,
              .choices = kinds,
              .choice_count = 3,
              .domain = kind_domain,
              .domain_count = 3},
    [TAGS] = {.id = "tags",
              .type = FACT_SET,
              .choices = tags,
              .choice_count = 2,
              .domain = tags_domain,
              .domain_count = 4},
    [SIZE] = {.id = "size",
              .type = FACT_INT,
              .min = 0,
              .max = 100,
              .domain = size_domain,
              .domain_count = 4},
};

static const struct criterion criteria[] = {
    {.id = "one", .level = 1, .when = PREDICATE(flag, BIT(FLAG))},
    {.id = "two", .level = 2, .when = PREDICATE(mixed, BIT(FLAG) | BIT(KIND) | BIT(TAGS))},
    {.id = "three", .level = 3, .when = PREDICATE(big, BIT(SIZE))},
};

static const struct ruleset ruleset = {
    .facts = facts,
    .fact_count = COUNT_OF(facts),
    .criteria = criteria,
    .criterion_count = COUNT_OF(criteria),
};

#define KNOWN(value_) ((struct fact_value){true, (value_)})

static enum tri leaf(enum predicate_op op, unsigned fact, int64_t value, struct fact_value answer)
{
    struct predicate_node node = {.op = op, .fact = fact, .value = value};
    struct predicate predicate = {&node, 1, BIT(fact)};
    struct facts answers = {0};

    answers.of[fact] = answer;
    return predicate_eval(&predicate, &answers);
}

Test(criteria, each_operator_knows_both_sides_of_its_value, .timeout = 10)
{
    static const struct {
        enum predicate_op op;
        unsigned fact;
        int64_t value;
        int64_t answer;
        enum tri want;
    } rows[] = {
        {PREDICATE_EQ, FLAG, 1, 1, TRI_TRUE},
        {PREDICATE_EQ, FLAG, 1, 0, TRI_FALSE},
        {PREDICATE_EQ, SIZE, 7, 7, TRI_TRUE},
        {PREDICATE_EQ, SIZE, 7, 8, TRI_FALSE},
        {PREDICATE_IN, KIND, 5, 0, TRI_TRUE},
        {PREDICATE_IN, KIND, 5, 1, TRI_FALSE},
        {PREDICATE_IN, KIND, 5, 2, TRI_TRUE},
        {PREDICATE_LT, SIZE, 10, 9, TRI_TRUE},
        {PREDICATE_LT, SIZE, 10, 10, TRI_FALSE},
        {PREDICATE_LE, SIZE, 10, 10, TRI_TRUE},
        {PREDICATE_LE, SIZE, 10, 11, TRI_FALSE},
        {PREDICATE_GE, SIZE, 10, 9, TRI_FALSE},
        {PREDICATE_GE, SIZE, 10, 10, TRI_TRUE},
        {PREDICATE_CONTAINS, TAGS, 2, 3, TRI_TRUE},
        {PREDICATE_CONTAINS, TAGS, 2, 1, TRI_FALSE},
        {PREDICATE_NOT_CONTAINS, TAGS, 2, 1, TRI_TRUE},
        {PREDICATE_NOT_CONTAINS, TAGS, 2, 2, TRI_FALSE},
        {PREDICATE_ONLY, TAGS, 1, 1, TRI_TRUE},
        {PREDICATE_ONLY, TAGS, 1, 3, TRI_FALSE},
        {PREDICATE_ONLY, TAGS, 1, 0, TRI_FALSE},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect_eq(leaf(rows[i].op, rows[i].fact, rows[i].value, KNOWN(rows[i].answer)),
                     rows[i].want, "row %zu", i);
        cr_expect_eq(leaf(rows[i].op, rows[i].fact, rows[i].value, (struct fact_value){0}),
                     TRI_UNKNOWN, "row %zu unanswered", i);
    }
}

Test(criteria, and_or_follow_kleene, .timeout = 10)
{
    static const enum tri values[] = {TRI_FALSE, TRI_UNKNOWN, TRI_TRUE};

    for (size_t a = 0; a < 3; a++) {
        for (size_t b = 0; b < 3; b++) {
            struct facts answers = {0};
            struct predicate_node nodes[] = {LEAF(EQ, FLAG, 1), LEAF(GE, SIZE, 10), GROUP(ALL, 2)};
            struct predicate predicate = PREDICATE(nodes, BIT(FLAG) | BIT(SIZE));
            answers.of[FLAG] = (struct fact_value){values[a] != TRI_UNKNOWN, values[a] == TRI_TRUE};
            answers.of[SIZE] =
                (struct fact_value){values[b] != TRI_UNKNOWN, values[b] == TRI_TRUE ? 10 : 0};
            cr_expect_eq(predicate_eval(&predicate, &answers),
                         values[a] < values[b] ? values[a] : values[b]);
            nodes[2].op = PREDICATE_ANY;
            cr_expect_eq(predicate_eval(&predicate, &answers),
                         values[a] > values[b] ? values[a] : values[b]);
        }
    }
    struct predicate empty = {0};
    struct facts none = {0};
    cr_expect_eq(predicate_eval(&empty, &none), TRI_TRUE);
}

static struct classification of(struct fact_value f, struct fact_value k, struct fact_value t,
                                struct fact_value s)
{
    struct facts answers = {0};
    struct classification result;

    answers.of[FLAG] = f;
    answers.of[KIND] = k;
    answers.of[TAGS] = t;
    answers.of[SIZE] = s;
    classify(&ruleset, &answers, &result);
    return result;
}

Test(criteria, the_level_is_the_highest_criterion_unless_a_higher_one_is_open, .timeout = 10)
{
    const struct fact_value no = {0};

    struct classification r = of(KNOWN(1), KNOWN(0), no, KNOWN(9));
    cr_expect(r.complete && r.level == 1 && r.at_least == 1 && r.missing == 0);
    r = of(KNOWN(1), KNOWN(1), no, KNOWN(9));
    cr_expect(!r.complete && r.level == 0 && r.at_least == 1 && r.missing == BIT(TAGS));
    r = of(KNOWN(1), no, KNOWN(2), KNOWN(9));
    cr_expect(r.complete && r.level == 1, "hard rules out level 2 whatever the kind");
    r = of(KNOWN(1), no, no, KNOWN(10));
    cr_expect(r.complete && r.level == 3, "nothing above 3 is open");
    r = of(KNOWN(0), no, no, KNOWN(9));
    cr_expect(r.complete && r.level == 0 && r.at_least == 0, "no criterion is met");
    r = of(no, no, no, no);
    cr_expect(!r.complete && r.missing == (BIT(FLAG) | BIT(KIND) | BIT(TAGS) | BIT(SIZE)));
    r = of(KNOWN(0), no, no, no);
    cr_expect_eq(r.missing, BIT(SIZE), "kind and tags matter only with the flag");
}

Test(criteria, domains_hold_both_sides_of_each_threshold, .timeout = 10)
{
    int64_t values[FACT_DOMAIN_MAX];

    cr_assert_eq(criteria_domain(&ruleset, SIZE, values), 4);
    cr_expect(values[0] == 0 && values[1] == 9 && values[2] == 10 && values[3] == 11);
    cr_expect_eq(criteria_domain(&ruleset, FLAG, values), 2);
    cr_expect_eq(criteria_domain(&ruleset, KIND, values), 3);
    cr_expect_eq(criteria_domain(&ruleset, TAGS, values), 4);
}

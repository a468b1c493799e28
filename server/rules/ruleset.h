/* One body of law as data: the facts it asks for, the criteria of each level, who appraises and
 * approves, what a dossier holds, which steps have which time limit.
 *
 * A ruleset is read once from schema/rulesets/<id>.json (json/ruleset.h), checked, and never
 * changed. Everything points into the arena it was read into. Code may read any member but must
 * not compare an id of a ruleset, an article or a title with a literal: a new decree is a new
 * file, not a new branch. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "rules/calendar.h"

enum {
    LEVEL_MAX = 5,
    RULESET_FACTS_MAX = 48, /* a set of facts is the bits of one uint64_t */
    RULESET_CRITERIA_MAX = 128,
    RULESET_GATES_MAX = 16,
    FACT_CHOICES_MAX = 24, /* values of an enum or a set */
    FACT_DOMAIN_MAX = 64,  /* values of a fact that criteria can tell apart */
    FACT_SET_CHOICES_MAX = 6,
    PREDICATE_NODES_MAX = 48,
};

enum confidence {
    CONFIDENCE_CONFIRMED,
    CONFIDENCE_CONFIRMED_SECONDARY,
    CONFIDENCE_INFERRED,
    CONFIDENCE_RECALLED,
    CONFIDENCE_DESIGN,
    CONFIDENCE_COUNT,
};

const char *confidence_code(enum confidence confidence);

/* ---- facts ---- */

enum fact_type {
    FACT_BOOL, /* 0 or 1 */
    FACT_ENUM, /* index of the choice */
    FACT_SET,  /* bit per choice */
    FACT_INT,
    FACT_TYPE_COUNT,
};

const char *fact_type_code(enum fact_type type);

struct fact_choice {
    const char *id;
    struct text label;
};

/* How a bool, enum, set or int is held is said at enum fact_type. */
struct fact_value {
    bool known;
    int64_t value;
};

/* ---- predicates: three-valued conditions over facts ---- */

enum predicate_op {
    PREDICATE_EQ,
    PREDICATE_IN, /* enum: value is a bit mask of choices */
    PREDICATE_LT,
    PREDICATE_LE,
    PREDICATE_GE,
    PREDICATE_CONTAINS, /* set: value is the bit of a choice */
    PREDICATE_NOT_CONTAINS,
    PREDICATE_ONLY, /* set: not empty and nothing outside the mask */
    PREDICATE_ALL,  /* of the arity results before it */
    PREDICATE_ANY,
    PREDICATE_OP_COUNT,
};

struct predicate_node {
    enum predicate_op op;
    unsigned fact;  /* index in the ruleset; leaves only */
    unsigned arity; /* ALL and ANY only, at least 1 */
    int64_t value;  /* leaves only, held as the fact's type says */
};

/* Children stand before their parent (reverse Polish), so evaluation is one pass. No nodes: the
 * predicate is true. */
struct predicate {
    const struct predicate_node *nodes;
    size_t count;
    uint64_t facts; /* bit per fact that occurs */
};

struct fact_def {
    const char *id;
    enum fact_type type;
    const char *group;
    struct text question;
    struct text why;
    struct text article;
    struct text unit; /* ints; else {NULL} */
    enum confidence confidence;
    const struct fact_choice *choices; /* enum and set */
    size_t choice_count;
    int64_t min; /* int: smallest value; set: fewest choices */
    int64_t max;
    struct fact_value default_hint; /* what most systems answer; never assumed by the engine */
    struct predicate ask_when;      /* presentation only */
    const int64_t *domain;          /* one value for each outcome criteria can tell apart */
    size_t domain_count;
};

/* The answers about one system, in the order of ruleset->facts. */
struct facts {
    struct fact_value of[RULESET_FACTS_MAX];
};

/* ---- criteria and levels ---- */

struct level_def {
    int level;
    struct text title;
    struct text harm;
    struct text article;
    enum confidence confidence;
};

struct criterion {
    const char *id;
    int level;
    struct text article;
    struct text text;
    enum confidence confidence;
    struct predicate when;
};

/* ---- procedure ---- */

enum party {
    PARTY_NONE,
    PARTY_OPERATOR,
    PARTY_SPECIALISED_UNIT,
    PARTY_GOVERNING_BODY,
    PARTY_MINISTRY,
    PARTY_PRIME_MINISTER,
    PARTY_COUNT,
};

/* "operator", "specialised_unit", …; "" for NONE. */
const char *party_code(enum party party);

struct party_def {
    enum party party;
    struct text title;
    struct text article;
    enum confidence confidence;
};

struct authority {
    int level;
    enum party prepare;
    enum party expert_opinion; /* NONE: none asked for */
    enum party submitted_by;   /* who hands the dossier to the appraiser */
    enum party appraise;
    enum party approve;        /* the level */
    enum party approve_plan;   /* the security plan */
    struct text appraise_body; /* the ministry by name; else {NULL} */
    struct text article;
    enum confidence confidence;
};

/* Systems for which another level's procedure is followed without changing the level. */
struct special_procedure {
    const char *id;
    unsigned levels; /* bit 1 << level */
    int as_level;
    struct predicate when;
    struct text text;
    struct text article;
    enum confidence confidence;
};

/* A sentence of the law that a refusal rests on; article {NULL}: this law has none. */
struct legal_rule {
    struct text text;
    struct text article;
    enum confidence confidence;
};

struct dossier_item_def {
    const char *id;
    struct text title;
    struct text article;
    unsigned levels; /* bit 1 << level */
    bool required;
    enum confidence confidence;
};

struct gate {
    const char *id;
    const char *blocks; /* code of the state it stands before, "operation", or NULL */
    struct text title;
    struct text article;
    unsigned levels;
    bool mandatory;
    enum confidence confidence;
};

enum limit_step {
    LIMIT_STEP_COMPLETENESS, /* "completeness_response" */
    LIMIT_STEP_EXPERT_OPINION,
    LIMIT_STEP_APPRAISAL,
    LIMIT_STEP_APPROVAL,
    LIMIT_STEP_COUNT,
};

const char *limit_step_code(enum limit_step step);

struct time_limit {
    enum limit_step step;
    unsigned levels;
    enum day_unit unit; /* NONE: the law sets no limit, and days is 0 */
    int days;
    struct text article;
    struct text note; /* else {NULL} */
    enum confidence confidence;
};

struct form_def {
    const char *number;
    struct text title;
};

struct enumeration {
    const char *id;
    struct text title;
    const struct fact_choice *values;
    size_t value_count;
};

struct terminology {
    struct text domain;
    struct text level;
    struct text specialised_unit;
    struct text security_plan;
    struct text security_regulation;
};

struct ruleset {
    const char *id;
    struct text title;
    struct text short_title;
    struct terminology terminology;
    struct date effective_from;
    struct date effective_to;           /* year 0: open */
    struct date accepts_dossiers_until; /* year 0: open; transition rules may exceed effective_to */
    const char *supersedes;             /* or NULL */
    const char *superseded_by;          /* or NULL */

    const struct fact_def *facts;
    size_t fact_count;
    const struct level_def *levels; /* levels[level - 1] */
    size_t level_count;
    const struct criterion *criteria;
    size_t criterion_count;
    const struct party_def *parties;
    size_t party_count;
    const struct authority *authorities; /* authorities[level - 1] */
    size_t authority_count;
    const struct special_procedure *special_procedures;
    size_t special_procedure_count;
    struct legal_rule independence; /* whoever operates a system does not appraise it */
    struct legal_rule delegation;   /* the governing body lets a subordinate act for it */
    const struct dossier_item_def *dossier_items;
    size_t dossier_item_count;
    const struct gate *gates;
    size_t gate_count;
    const struct time_limit *time_limits;
    size_t time_limit_count;
    const struct form_def *forms;
    size_t form_count;
    const struct enumeration *enumerations;
    size_t enumeration_count;
};

/* Index of a fact, or -1. */
int ruleset_fact_index(const struct ruleset *ruleset, const char *id);
/* Index of a choice of an enum or set fact, or -1. */
int fact_choice_index(const struct fact_def *fact, const char *id);
/* The row for a step at a level, or NULL when the ruleset says nothing. */
const struct time_limit *ruleset_time_limit(const struct ruleset *ruleset, enum limit_step step,
                                            int level);
/* NULL when there is none. */
const struct enumeration *ruleset_enumeration(const struct ruleset *ruleset, const char *id);
const struct dossier_item_def *ruleset_dossier_item(const struct ruleset *ruleset, const char *id);
const struct party_def *ruleset_party(const struct ruleset *ruleset, enum party party);
/* The law is in force on that day. */
bool ruleset_in_force(const struct ruleset *ruleset, struct date on);
/* A new dossier may be opened under it on that day (transition rules included). */
bool ruleset_accepts_dossiers(const struct ruleset *ruleset, struct date on);

#define LEVEL_BIT(level) (1U << (unsigned)(level))

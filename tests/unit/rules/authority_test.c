/* Who may appraise and who may approve: records, days and people, as a table. */
#include "rules/authority.h"

#include <criterion/criterion.h>
#include <string.h>

#define BIT(name) FLOW_REASON_BIT(FLOW_REASON_##name)

/* Levels 1-3 appraised by the specialised unit; 1-2 approved by it, 3 by the governing body. */
static const struct authority authorities[LEVEL_MAX] = {
    {.level = 1, .appraise = PARTY_SPECIALISED_UNIT, .approve = PARTY_SPECIALISED_UNIT},
    {.level = 2, .appraise = PARTY_SPECIALISED_UNIT, .approve = PARTY_SPECIALISED_UNIT},
    {.level = 3,
     .appraise = PARTY_SPECIALISED_UNIT,
     .approve = PARTY_GOVERNING_BODY,
     .article = {{"Điều của cấp độ", "level article"}}},
    {.level = 4, .appraise = PARTY_MINISTRY, .approve = PARTY_GOVERNING_BODY},
    {.level = 5, .appraise = PARTY_MINISTRY, .approve = PARTY_PRIME_MINISTER},
};

static const struct predicate_node listed[] = {{.op = PREDICATE_EQ, .fact = 0, .value = 1}};
static const struct special_procedure specials[] = {
    {.id = "list", .levels = LEVEL_BIT(3), .as_level = 5, .when = {listed, 1, 1}},
};

static const struct ruleset ruleset = {
    .authorities = authorities,
    .authority_count = COUNT_OF(authorities),
    .special_procedures = specials,
    .special_procedure_count = COUNT_OF(specials),
    .independence = {.article = {{"Điều độc lập", "independence article"}}},
    .delegation = {.article = {{"Điều ủy quyền", "delegation article"}}},
};

enum { DAY = 20000 };
#define ALWAYS ((struct authority_span){0, AUTHORITY_OPEN})
#define PAST ((struct authority_span){0, DAY - 1})
#define FUTURE ((struct authority_span){DAY + 1, AUTHORITY_OPEN})
#define TODAY_ONLY ((struct authority_span){DAY, DAY})

#define UNIT .source = AUTHORITY_SPECIALISED_UNIT
#define OTHER_UNIT .source = AUTHORITY_ASSIGNED_UNIT
#define COUNCIL .source = AUTHORITY_COUNCIL
#define BODY .source = AUTHORITY_GOVERNING_BODY
#define DELEGATE .source = AUTHORITY_DELEGATE
#define NOBODY                           \
    {                                    \
        .source = AUTHORITY_SOURCE_COUNT \
    }

/* Up to three records; which of them the person acts by (-1: none), and what stands in the way. */
static const struct {
    const char *what;
    struct authority_record records[3];
    int procedure_level;
    enum authority_act act;
    uint64_t obstacles;
    int by;
    bool is_preparer;
    bool is_appraiser;
} cases[] = {
    {"appraiser of the unit",
     {{UNIT, .span = ALWAYS, .member = true, .appraises = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     0,
     0,
     false,
     false},
    {"on the only day of assignment and post",
     {{UNIT, .span = TODAY_ONLY, .member = true, .appraises = TODAY_ONLY}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     0,
     0,
     false,
     false},
    {"appraiser who prepared it",
     {{UNIT, .span = ALWAYS, .member = true, .appraises = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(PREPARER_CANNOT_APPRAISE),
     0,
     true,
     false},
    {"appraiser of a unit whose assignment ended",
     {{UNIT, .span = PAST, .member = true, .appraises = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(AUTHORITY_ENDED),
     -1,
     false,
     false},
    {"appraiser of a unit that will be assigned",
     {{UNIT, .span = FUTURE, .member = true, .appraises = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(AUTHORITY_NOT_STARTED),
     -1,
     false,
     false},
    {"appraiser whose post ended",
     {{UNIT, .span = ALWAYS, .member = true, .appraises = PAST}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(AUTHORITY_ENDED),
     -1,
     false,
     false},
    {"appraiser whose post begins tomorrow",
     {{UNIT, .span = ALWAYS, .member = false, .appraises = FUTURE}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(AUTHORITY_NOT_STARTED),
     -1,
     false,
     false},
    {"an assignment that ended and one that goes on",
     {{UNIT, .span = PAST, .member = true, .appraises = ALWAYS},
      {UNIT, .span = ALWAYS, .member = true, .appraises = ALWAYS},
      NOBODY},
     2,
     AUTHORITY_APPRAISE,
     0,
     1,
     false,
     false},
    {"director of the unit does not appraise",
     {{UNIT, .span = ALWAYS, .member = true, .heads = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(MISSING_PERMISSION),
     -1,
     false,
     false},
    {"chairman does not appraise",
     {{BODY, .span = ALWAYS, .member = true, .heads = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(MISSING_PERMISSION),
     -1,
     false,
     false},
    {"somebody from elsewhere",
     {{UNIT, .span = ALWAYS}, {BODY, .span = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(NOT_YOUR_ORGANISATION),
     -1,
     false,
     false},
    {"the unit operates the system",
     {{UNIT, .span = ALWAYS, .operates = true, .member = true, .appraises = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(NOT_INDEPENDENT),
     -1,
     false,
     false},
    {"the unit operates it: the one assigned instead appraises",
     {{UNIT, .span = ALWAYS, .operates = true},
      {OTHER_UNIT, .span = ALWAYS, .member = true, .appraises = ALWAYS},
      NOBODY},
     2,
     AUTHORITY_APPRAISE,
     0,
     1,
     false,
     false},
    {"the one assigned instead operates it as well",
     {{UNIT, .span = ALWAYS, .operates = true},
      {OTHER_UNIT, .span = ALWAYS, .operates = true, .member = true, .appraises = ALWAYS},
      NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(NOT_INDEPENDENT),
     -1,
     false,
     false},
    {"the unit is independent: nobody appraises in its place",
     {{UNIT, .span = ALWAYS},
      {OTHER_UNIT, .span = ALWAYS, .member = true, .appraises = ALWAYS},
      NOBODY},
     2,
     AUTHORITY_APPRAISE,
     BIT(APPRAISED_ELSEWHERE),
     -1,
     false,
     false},
    {"an independent unit of the past does not stand in the way",
     {{UNIT, .span = PAST},
      {UNIT, .span = ALWAYS, .operates = true},
      {COUNCIL, .span = ALWAYS, .member = true, .appraises = ALWAYS}},
     2,
     AUTHORITY_APPRAISE,
     0,
     2,
     false,
     false},
    {"member of the council",
     {{UNIT, .span = ALWAYS, .operates = true},
      {COUNCIL, .span = ALWAYS, .member = true, .appraises = ALWAYS},
      NOBODY},
     3,
     AUTHORITY_APPRAISE,
     0,
     1,
     false,
     false},
    {"member of the council who works where the system is operated",
     {{UNIT, .span = ALWAYS, .operates = true},
      {COUNCIL, .span = ALWAYS, .member = true, .is_operator = true, .appraises = ALWAYS},
      NOBODY},
     3,
     AUTHORITY_APPRAISE,
     BIT(NOT_INDEPENDENT),
     -1,
     false,
     false},
    {"member of a council that ended",
     {{UNIT, .span = ALWAYS, .operates = true},
      {COUNCIL, .span = PAST, .member = true, .appraises = ALWAYS},
      NOBODY},
     3,
     AUTHORITY_APPRAISE,
     BIT(AUTHORITY_ENDED),
     -1,
     false,
     false},
    {"a ministry appraises",
     {{UNIT, .span = ALWAYS, .member = true, .appraises = ALWAYS}, NOBODY},
     4,
     AUTHORITY_APPRAISE,
     BIT(LEVEL_OUT_OF_SCOPE),
     -1,
     false,
     false},

    {"director, level 2",
     {{UNIT, .span = ALWAYS, .member = true, .heads = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPROVE,
     0,
     0,
     false,
     false},
    {"director of the unit that operates it: the approver does not change",
     {{UNIT, .span = ALWAYS, .operates = true, .member = true, .heads = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPROVE,
     0,
     0,
     false,
     false},
    {"director, level 3",
     {{UNIT, .span = ALWAYS, .member = true, .heads = ALWAYS}, NOBODY},
     3,
     AUTHORITY_APPROVE,
     BIT(WRONG_PARTY),
     -1,
     false,
     false},
    {"appraiser, level 2",
     {{UNIT, .span = ALWAYS, .member = true, .appraises = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPROVE,
     BIT(NOT_HEAD),
     -1,
     false,
     false},
    {"appraiser, level 3",
     {{UNIT, .span = ALWAYS, .member = true, .appraises = ALWAYS}, NOBODY},
     3,
     AUTHORITY_APPROVE,
     BIT(WRONG_PARTY),
     -1,
     false,
     false},
    {"director whose post ended",
     {{UNIT, .span = ALWAYS, .member = false, .heads = PAST}, NOBODY},
     2,
     AUTHORITY_APPROVE,
     BIT(AUTHORITY_ENDED),
     -1,
     false,
     false},
    {"director who appraised and prepared",
     {{UNIT, .span = ALWAYS, .member = true, .heads = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPROVE,
     BIT(PREPARER_CANNOT_APPROVE) | BIT(APPRAISER_CANNOT_APPROVE),
     0,
     true,
     true},
    {"chairman, level 3",
     {{BODY, .span = ALWAYS, .member = true, .heads = ALWAYS}, NOBODY},
     3,
     AUTHORITY_APPROVE,
     0,
     0,
     false,
     false},
    {"chairman, level 2",
     {{BODY, .span = ALWAYS, .member = true, .heads = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPROVE,
     BIT(WRONG_PARTY),
     -1,
     false,
     false},
    {"head of the delegate",
     {{BODY, .span = ALWAYS},
      {DELEGATE, .span = ALWAYS, .levels = LEVEL_BIT(3), .member = true, .heads = ALWAYS},
      NOBODY},
     3,
     AUTHORITY_APPROVE,
     0,
     1,
     false,
     false},
    {"staff of the delegate",
     {{DELEGATE, .span = ALWAYS, .levels = LEVEL_BIT(3), .member = true}, NOBODY},
     3,
     AUTHORITY_APPROVE,
     BIT(NOT_HEAD),
     -1,
     false,
     false},
    {"head of a delegate for another level",
     {{DELEGATE, .span = ALWAYS, .levels = LEVEL_BIT(4), .member = true, .heads = ALWAYS}, NOBODY},
     3,
     AUTHORITY_APPROVE,
     BIT(LEVEL_NOT_DELEGATED),
     -1,
     false,
     false},
    {"nothing is delegated that is not the governing body's",
     {{DELEGATE, .span = ALWAYS, .levels = LEVEL_BIT(2), .member = true, .heads = ALWAYS}, NOBODY},
     2,
     AUTHORITY_APPROVE,
     BIT(WRONG_PARTY),
     -1,
     false,
     false},
    {"head of a delegate, the term is over",
     {{DELEGATE, .span = PAST, .levels = LEVEL_BIT(3), .member = true, .heads = ALWAYS}, NOBODY},
     3,
     AUTHORITY_APPROVE,
     BIT(AUTHORITY_ENDED),
     -1,
     false,
     false},
    {"head of a delegate, the term has not begun",
     {{DELEGATE, .span = FUTURE, .levels = LEVEL_BIT(3), .member = true, .heads = ALWAYS}, NOBODY},
     3,
     AUTHORITY_APPROVE,
     BIT(AUTHORITY_NOT_STARTED),
     -1,
     false,
     false},
    {"member of the council does not approve",
     {{COUNCIL, .span = ALWAYS, .member = true, .appraises = ALWAYS}, NOBODY},
     3,
     AUTHORITY_APPROVE,
     BIT(WRONG_PARTY),
     -1,
     false,
     false},
    {"nobody here approves level 5",
     {{BODY, .span = ALWAYS, .member = true, .heads = ALWAYS}, NOBODY},
     5,
     AUTHORITY_APPROVE,
     BIT(WRONG_PARTY),
     -1,
     false,
     false},
    {"somebody from elsewhere approves nothing",
     {{UNIT, .span = ALWAYS}, {BODY, .span = ALWAYS}, NOBODY},
     3,
     AUTHORITY_APPROVE,
     BIT(NOT_YOUR_ORGANISATION),
     -1,
     false,
     false},
};

static const char *words_of(uint64_t obstacles)
{
    static char text[512];

    text[0] = '\0';
    for (unsigned i = 0; i < FLOW_REASON_COUNT; i++) {
        if ((obstacles & FLOW_REASON_BIT(i)) != 0) {
            strncat(text, flow_reason_code((enum flow_reason)i), sizeof(text) - strlen(text) - 1);
            strncat(text, " ", sizeof(text) - strlen(text) - 1);
        }
    }
    return text;
}

Test(authority, every_case_is_as_the_table_says, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t count = 0;
        while (count < 3 && cases[i].records[count].source != AUTHORITY_SOURCE_COUNT &&
               (cases[i].records[count].span.to != 0 || cases[i].records[count].span.from != 0)) {
            count++;
        }
        struct authority_case c = {
            .ruleset = &ruleset,
            .procedure_level = cases[i].procedure_level,
            .level = cases[i].procedure_level,
            .records = cases[i].records,
            .record_count = count,
            .is_preparer = cases[i].is_preparer,
            .is_appraiser = cases[i].is_appraiser,
        };
        const struct authority_record *by = NULL;
        uint64_t obstacles = authority_obstacles(&c, cases[i].act, DAY, &by);

        cr_expect_eq(obstacles, cases[i].obstacles, "%s: %s", cases[i].what, words_of(obstacles));
        cr_expect_eq(by, cases[i].by < 0 ? NULL : &cases[i].records[cases[i].by], "%s",
                     cases[i].what);
    }
}

/* The level that is delegated is the system's, also when its procedure is that of another. */
Test(authority, a_delegation_names_the_level_of_the_system, .timeout = 10)
{
    const struct authority_record record = {DELEGATE, .span = ALWAYS, .levels = LEVEL_BIT(2),
                                            .member = true, .heads = ALWAYS};
    struct authority_case c = {.ruleset = &ruleset,
                               .procedure_level = 3,
                               .level = 2,
                               .records = &record,
                               .record_count = 1};

    cr_expect_eq(authority_obstacles(&c, AUTHORITY_APPROVE, DAY, NULL), 0);
    c.level = 1;
    cr_expect_eq(authority_obstacles(&c, AUTHORITY_APPROVE, DAY, NULL), BIT(LEVEL_NOT_DELEGATED));
}

Test(authority, reasons_and_sources_name_their_article, .timeout = 10)
{
    const struct authority_case c = {.ruleset = &ruleset, .procedure_level = 3, .level = 3};
    enum authority_source source = AUTHORITY_SOURCE_COUNT;

    cr_expect_str_eq(authority_basis(&c, FLOW_REASON_NOT_INDEPENDENT).in[LANGUAGE_EN],
                     "independence article");
    cr_expect_str_eq(authority_basis(&c, FLOW_REASON_LEVEL_NOT_DELEGATED).in[LANGUAGE_EN],
                     "delegation article");
    cr_expect_str_eq(authority_basis(&c, FLOW_REASON_WRONG_PARTY).in[LANGUAGE_EN], "level article");
    cr_expect(authority_basis(&c, FLOW_REASON_NOT_HEAD).in[LANGUAGE_EN] == NULL);
    cr_expect_str_eq(authority_article(&c, AUTHORITY_COUNCIL).in[LANGUAGE_EN],
                     "independence article");
    cr_expect_str_eq(authority_article(&c, AUTHORITY_DELEGATE).in[LANGUAGE_EN],
                     "delegation article");
    cr_expect_str_eq(authority_article(&c, AUTHORITY_GOVERNING_BODY).in[LANGUAGE_EN],
                     "level article");
    for (unsigned i = 0; i < AUTHORITY_SOURCE_COUNT; i++) {
        cr_expect(
            authority_source_from_code(authority_source_code((enum authority_source)i), &source) &&
            (unsigned)source == i);
    }
    cr_expect(!authority_source_from_code("minister", &source));
}

Test(authority, rows_signers_and_special_procedures, .timeout = 10)
{
    struct facts facts = {0};
    enum role role = ROLE_STAFF;

    cr_expect(authority_of(&ruleset, 0) == NULL);
    cr_expect(authority_of(&ruleset, 6) == NULL);
    cr_expect_eq(authority_of(&ruleset, 3)->approve, PARTY_GOVERNING_BODY);
    cr_expect(authority_signer(PARTY_SPECIALISED_UNIT, &role) && role == ROLE_DIRECTOR);
    cr_expect(authority_signer(PARTY_GOVERNING_BODY, &role) && role == ROLE_CHAIRMAN);
    cr_expect(!authority_signer(PARTY_PRIME_MINISTER, &role));
    cr_expect(!authority_signer(PARTY_NONE, &role));

    cr_expect_eq(authority_procedure_level(&ruleset, &facts, 3), 3, "unknown raises nothing");
    facts.of[0] = (struct fact_value){true, 1};
    cr_expect_eq(authority_procedure_level(&ruleset, &facts, 3), 5);
    cr_expect_eq(authority_procedure_level(&ruleset, &facts, 2), 2);
    facts.of[0].value = 0;
    cr_expect_eq(authority_procedure_level(&ruleset, &facts, 3), 3);
}

#include "rules/ruleset.h"

#include <string.h>

static const char *const confidence_codes[CONFIDENCE_COUNT] = {
    [CONFIDENCE_CONFIRMED] = "CONFIRMED", [CONFIDENCE_CONFIRMED_SECONDARY] = "CONFIRMED_SECONDARY",
    [CONFIDENCE_INFERRED] = "INFERRED",   [CONFIDENCE_RECALLED] = "RECALLED",
    [CONFIDENCE_DESIGN] = "DESIGN",
};

static const char *const fact_type_codes[FACT_TYPE_COUNT] = {
    [FACT_BOOL] = "bool",
    [FACT_ENUM] = "enum",
    [FACT_SET] = "set",
    [FACT_INT] = "int",
};

static const char *const party_codes[PARTY_COUNT] = {
    [PARTY_NONE] = "",
    [PARTY_OPERATOR] = "operator",
    [PARTY_SPECIALISED_UNIT] = "specialised_unit",
    [PARTY_GOVERNING_BODY] = "governing_body",
    [PARTY_MINISTRY] = "ministry",
    [PARTY_PRIME_MINISTER] = "prime_minister",
};

static const char *const limit_step_codes[LIMIT_STEP_COUNT] = {
    [LIMIT_STEP_COMPLETENESS] = "completeness_response",
    [LIMIT_STEP_EXPERT_OPINION] = "expert_opinion",
    [LIMIT_STEP_APPRAISAL] = "appraisal",
    [LIMIT_STEP_APPROVAL] = "approval",
};

const char *confidence_code(enum confidence confidence)
{
    return (unsigned)confidence < CONFIDENCE_COUNT ? confidence_codes[confidence] : "";
}

const char *fact_type_code(enum fact_type type)
{
    return (unsigned)type < FACT_TYPE_COUNT ? fact_type_codes[type] : "";
}

const char *party_code(enum party party)
{
    return (unsigned)party < PARTY_COUNT ? party_codes[party] : "";
}

const char *limit_step_code(enum limit_step step)
{
    return (unsigned)step < LIMIT_STEP_COUNT ? limit_step_codes[step] : "";
}

int ruleset_fact_index(const struct ruleset *ruleset, const char *id)
{
    for (size_t i = 0; i < ruleset->fact_count; i++) {
        if (strcmp(ruleset->facts[i].id, id) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int fact_choice_index(const struct fact_def *fact, const char *id)
{
    for (size_t i = 0; i < fact->choice_count; i++) {
        if (strcmp(fact->choices[i].id, id) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const struct time_limit *ruleset_time_limit(const struct ruleset *ruleset, enum limit_step step,
                                            int level)
{
    for (size_t i = 0; i < ruleset->time_limit_count; i++) {
        const struct time_limit *limit = &ruleset->time_limits[i];
        if (limit->step == step && level >= 1 && level <= LEVEL_MAX &&
            (limit->levels & LEVEL_BIT(level)) != 0) {
            return limit;
        }
    }
    return NULL;
}

const struct enumeration *ruleset_enumeration(const struct ruleset *ruleset, const char *id)
{
    for (size_t i = 0; i < ruleset->enumeration_count; i++) {
        if (strcmp(ruleset->enumerations[i].id, id) == 0) {
            return &ruleset->enumerations[i];
        }
    }
    return NULL;
}

const struct dossier_item_def *ruleset_dossier_item(const struct ruleset *ruleset, const char *id)
{
    for (size_t i = 0; i < ruleset->dossier_item_count; i++) {
        if (strcmp(ruleset->dossier_items[i].id, id) == 0) {
            return &ruleset->dossier_items[i];
        }
    }
    return NULL;
}

const struct party_def *ruleset_party(const struct ruleset *ruleset, enum party party)
{
    for (size_t i = 0; i < ruleset->party_count; i++) {
        if (ruleset->parties[i].party == party) {
            return &ruleset->parties[i];
        }
    }
    return NULL;
}

static bool within(struct date from, struct date to, struct date on)
{
    int32_t day = date_to_day(on);

    return day >= date_to_day(from) && (to.year == 0 || day <= date_to_day(to));
}

bool ruleset_in_force(const struct ruleset *ruleset, struct date on)
{
    return within(ruleset->effective_from, ruleset->effective_to, on);
}

bool ruleset_accepts_dossiers(const struct ruleset *ruleset, struct date on)
{
    return within(ruleset->effective_from, ruleset->accepts_dossiers_until, on);
}

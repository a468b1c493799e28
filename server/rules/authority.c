#include "rules/authority.h"

#include <string.h>

/* Parties that sign here, with the role that holds the pen in their organisation. */
static const struct {
    enum party party;
    enum role role;
} signers[] = {
    {PARTY_SPECIALISED_UNIT, ROLE_DIRECTOR},
    {PARTY_GOVERNING_BODY, ROLE_CHAIRMAN},
};

static const char *const source_codes[AUTHORITY_SOURCE_COUNT] = {
    [AUTHORITY_SPECIALISED_UNIT] = "specialised_unit",
    [AUTHORITY_ASSIGNED_UNIT] = "assigned_unit",
    [AUTHORITY_COUNCIL] = "council",
    [AUTHORITY_GOVERNING_BODY] = "governing_body",
    [AUTHORITY_DELEGATE] = "delegate",
};

const struct authority *authority_of(const struct ruleset *ruleset, int level)
{
    if (level < 1 || (size_t)level > ruleset->authority_count) {
        return NULL;
    }
    return &ruleset->authorities[level - 1];
}

int authority_procedure_level(const struct ruleset *ruleset, const struct facts *facts, int level)
{
    int procedure = level;

    if (level < 1 || level > LEVEL_MAX) {
        return level;
    }
    for (size_t i = 0; i < ruleset->special_procedure_count; i++) {
        const struct special_procedure *special = &ruleset->special_procedures[i];
        if ((special->levels & LEVEL_BIT(level)) != 0 && special->as_level > procedure &&
            predicate_eval(&special->when, facts) == TRI_TRUE) {
            procedure = special->as_level;
        }
    }
    return procedure;
}

bool authority_signer(enum party party, enum role *ret_role)
{
    for (size_t i = 0; i < COUNT_OF(signers); i++) {
        if (signers[i].party == party) {
            *ret_role = signers[i].role;
            return true;
        }
    }
    return false;
}

const char *authority_source_code(enum authority_source source)
{
    return (unsigned)source < AUTHORITY_SOURCE_COUNT ? source_codes[source] : "";
}

bool authority_source_from_code(const char *code, enum authority_source *ret_source)
{
    for (unsigned i = 0; i < AUTHORITY_SOURCE_COUNT; i++) {
        if (strcmp(source_codes[i], code) == 0) {
            *ret_source = (enum authority_source)i;
            return true;
        }
    }
    return false;
}

/* ---- who may act ---- */

static uint64_t span_obstacle(struct authority_span span, int32_t day)
{
    if (day < span.from) {
        return FLOW_REASON_BIT(FLOW_REASON_AUTHORITY_NOT_STARTED);
    }
    return day > span.to ? FLOW_REASON_BIT(FLOW_REASON_AUTHORITY_ENDED) : 0;
}

static bool is_never(struct authority_span span)
{
    return span.to == 0;
}

/* A unit of the governing body itself can appraise: then nobody does in its place. */
static bool has_independent_unit(const struct authority_case *authority, int32_t day)
{
    for (size_t i = 0; i < authority->record_count; i++) {
        const struct authority_record *record = &authority->records[i];
        if (record->source == AUTHORITY_SPECIALISED_UNIT && !record->operates &&
            span_obstacle(record->span, day) == 0) {
            return true;
        }
    }
    return false;
}

static uint64_t appraiser_standing(const struct authority_case *authority,
                                   const struct authority_record *record, int32_t day)
{
    const struct authority *row = authority_of(authority->ruleset, authority->procedure_level);

    if (row == NULL || row->appraise != PARTY_SPECIALISED_UNIT) {
        return FLOW_REASON_BIT(FLOW_REASON_LEVEL_OUT_OF_SCOPE);
    }
    if (record->source == AUTHORITY_GOVERNING_BODY || record->source == AUTHORITY_DELEGATE) {
        return FLOW_REASON_BIT(FLOW_REASON_MISSING_PERMISSION);
    }
    uint64_t obstacle = span_obstacle(record->span, day);
    if (obstacle == 0 && record->operates) {
        obstacle = FLOW_REASON_BIT(FLOW_REASON_NOT_INDEPENDENT);
    }
    if (obstacle == 0 && record->source != AUTHORITY_SPECIALISED_UNIT &&
        has_independent_unit(authority, day)) {
        obstacle = FLOW_REASON_BIT(FLOW_REASON_APPRAISED_ELSEWHERE);
    }
    return obstacle;
}

static uint64_t approver_standing(const struct authority_case *authority,
                                  const struct authority_record *record, int32_t day)
{
    const struct authority *row = authority_of(authority->ruleset, authority->procedure_level);
    enum party party = row == NULL ? PARTY_NONE : row->approve;
    bool its_turn = false;

    switch (record->source) {
    case AUTHORITY_SPECIALISED_UNIT:
        its_turn = party == PARTY_SPECIALISED_UNIT;
        break;
    case AUTHORITY_GOVERNING_BODY:
    case AUTHORITY_DELEGATE:
        its_turn = party == PARTY_GOVERNING_BODY;
        break;
    case AUTHORITY_ASSIGNED_UNIT:
    case AUTHORITY_COUNCIL:
    case AUTHORITY_SOURCE_COUNT:
        break;
    }
    if (!its_turn) {
        return FLOW_REASON_BIT(FLOW_REASON_WRONG_PARTY);
    }
    if (record->source == AUTHORITY_DELEGATE &&
        (record->levels & LEVEL_BIT(authority->level)) == 0) {
        return FLOW_REASON_BIT(FLOW_REASON_LEVEL_NOT_DELEGATED);
    }
    return span_obstacle(record->span, day);
}

uint64_t authority_standing(const struct authority_case *authority, enum authority_act act,
                            const struct authority_record *record, int32_t day)
{
    return act == AUTHORITY_APPRAISE ? appraiser_standing(authority, record, day)
                                     : approver_standing(authority, record, day);
}

/* Why the person may not act by this record; its members only. */
static uint64_t post_obstacle(enum authority_act act, const struct authority_record *record,
                              int32_t day)
{
    struct authority_span post = act == AUTHORITY_APPRAISE ? record->appraises : record->heads;

    if (is_never(post)) {
        return FLOW_REASON_BIT(act == AUTHORITY_APPRAISE ? FLOW_REASON_MISSING_PERMISSION
                                                         : FLOW_REASON_NOT_HEAD);
    }
    /* A unit is independent as a whole, a council as its members are. */
    if (act == AUTHORITY_APPRAISE && record->source == AUTHORITY_COUNCIL && record->is_operator) {
        return FLOW_REASON_BIT(FLOW_REASON_NOT_INDEPENDENT);
    }
    return span_obstacle(post, day);
}

static uint64_t person_obstacles(const struct authority_case *authority, enum authority_act act)
{
    if (act == AUTHORITY_APPRAISE) {
        return authority->is_preparer ? FLOW_REASON_BIT(FLOW_REASON_PREPARER_CANNOT_APPRAISE) : 0;
    }
    return (authority->is_preparer ? FLOW_REASON_BIT(FLOW_REASON_PREPARER_CANNOT_APPROVE) : 0) |
           (authority->is_appraiser ? FLOW_REASON_BIT(FLOW_REASON_APPRAISER_CANNOT_APPROVE) : 0);
}

uint64_t authority_obstacles(const struct authority_case *authority, enum authority_act act,
                             int32_t day, const struct authority_record **ret_record)
{
    const struct authority_record *by = NULL;
    uint64_t obstacles = 0;
    bool member = false;

    for (size_t i = 0; i < authority->record_count && by == NULL; i++) {
        const struct authority_record *record = &authority->records[i];
        struct authority_span post = act == AUTHORITY_APPRAISE ? record->appraises : record->heads;
        if (!record->member && is_never(post)) {
            continue;
        }
        /* What is wrong with the body matters to those who would act for it. */
        uint64_t own = post_obstacle(act, record, day);
        uint64_t standing = authority_standing(authority, act, record, day);
        if (own == 0 && standing == 0) {
            by = record;
        }
        member = true;
        obstacles |= own != 0 && is_never(post) && standing != 0 ? standing : own | standing;
    }
    if (by != NULL) {
        obstacles = 0;
    } else if (!member) {
        obstacles = FLOW_REASON_BIT(FLOW_REASON_NOT_YOUR_ORGANISATION);
    }
    if (ret_record != NULL) {
        *ret_record = by;
    }
    return obstacles | person_obstacles(authority, act);
}

/* ---- the law behind it ---- */

struct text authority_basis(const struct authority_case *authority, enum flow_reason reason)
{
    const struct authority *row = authority_of(authority->ruleset, authority->procedure_level);

    if (reason == FLOW_REASON_NOT_INDEPENDENT || reason == FLOW_REASON_APPRAISED_ELSEWHERE) {
        return authority->ruleset->independence.article;
    }
    if (reason == FLOW_REASON_LEVEL_NOT_DELEGATED) {
        return authority->ruleset->delegation.article;
    }
    if ((reason == FLOW_REASON_WRONG_PARTY || reason == FLOW_REASON_LEVEL_OUT_OF_SCOPE) &&
        row != NULL) {
        return row->article;
    }
    return TEXT(NULL, NULL);
}

struct text authority_article(const struct authority_case *authority, enum authority_source source)
{
    switch (source) {
    case AUTHORITY_ASSIGNED_UNIT:
    case AUTHORITY_COUNCIL:
        return authority->ruleset->independence.article;
    case AUTHORITY_DELEGATE:
        return authority->ruleset->delegation.article;
    case AUTHORITY_SPECIALISED_UNIT:
    case AUTHORITY_GOVERNING_BODY:
    case AUTHORITY_SOURCE_COUNT:
    default: {
        const struct authority *row = authority_of(authority->ruleset, authority->procedure_level);
        return row == NULL ? TEXT(NULL, NULL) : row->article;
    }
    }
}

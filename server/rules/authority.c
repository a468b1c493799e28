#include "rules/authority.h"

/* Parties that sign here, with the role that holds the pen in their organisation. */
static const struct {
    enum party party;
    enum role role;
} signers[] = {
    {PARTY_SPECIALISED_UNIT, ROLE_DIRECTOR},
    {PARTY_GOVERNING_BODY, ROLE_CHAIRMAN},
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

/* Who appraises and who approves, resolved from the ruleset and from dated records, never from a job
 * title: which unit serves the governing body, who appraises in its place where it operates the
 * system itself, what is delegated to whom, and who heads what on that day. */
#pragma once

#include "rules/calendar.h"
#include "rules/criteria.h"
#include "rules/flow.h"
#include "rules/permission.h"
#include "rules/ruleset.h"

/* The row of a level, or NULL for a level outside 1..LEVEL_MAX. */
const struct authority *authority_of(const struct ruleset *ruleset, int level);

/* The level whose procedure a system of this level follows: the level itself, or a higher one
 * when the facts say that a special procedure applies. Unknown facts raise nothing. */
int authority_procedure_level(const struct ruleset *ruleset, const struct facts *facts, int level);

/* The role that signs for a party; false for parties that do not sign in this register. */
bool authority_signer(enum party party, enum role *ret_role);

/* Days, both included. */
struct authority_span {
    int32_t from;
    int32_t to; /* 0: never; AUTHORITY_OPEN: no end is known */
};

#define AUTHORITY_OPEN INT32_MAX

/* By what a body has a say in a dossier. */
enum authority_source {
    AUTHORITY_SPECIALISED_UNIT, /* assigned to the governing body; appraises, and approves some levels */
    AUTHORITY_ASSIGNED_UNIT, /* appraises in place of a unit that operates the system */
    AUTHORITY_COUNCIL,       /* the same, as a council */
    AUTHORITY_GOVERNING_BODY,
    AUTHORITY_DELEGATE, /* acts for the governing body */
    AUTHORITY_SOURCE_COUNT,
};

enum authority_act {
    AUTHORITY_APPRAISE,
    AUTHORITY_APPROVE,
};

/* "specialised_unit", "assigned_unit", "council", "governing_body", "delegate". */
const char *authority_source_code(enum authority_source source);
bool authority_source_from_code(const char *code, enum authority_source *ret_source);

struct authority_record {
    enum authority_source source;
    struct authority_span span; /* of the assignment or delegation; the body itself: always */
    unsigned levels;            /* LEVEL_BIT()s whose approval is delegated; of delegates only */
    bool operates;              /* the unit operates a system of the dossier */

    /* The person who asks. */
    bool member;                     /* holds any post there */
    bool is_operator;                /* works in a unit that operates a system of the dossier */
    struct authority_span appraises; /* as appraiser of the unit, or in the council */
    struct authority_span heads;     /* as the one who signs for the body */
};

struct authority_case {
    const struct ruleset *ruleset;
    int procedure_level;
    int level; /* the highest of the dossier's systems */
    const struct authority_record *records;
    size_t record_count;
    bool is_preparer; /* the person who asks wrote any of the dossier */
    bool is_appraiser;
};

/* Why the body of this record may not act on that day: one FLOW_REASON_BIT(), 0 when it may. */
uint64_t authority_standing(const struct authority_case *authority, enum authority_act act,
                            const struct authority_record *record, int32_t day);

/* Why the person may not act on that day, as FLOW_REASON_BIT()s; 0 when nothing stands in the way.
 * ret_record, if not NULL: the record by which the person acts, NULL when there is none. */
uint64_t authority_obstacles(const struct authority_case *authority, enum authority_act act,
                             int32_t day, const struct authority_record **ret_record);

/* The article behind a reason, {NULL} when it needs none or the law names none. */
struct text authority_basis(const struct authority_case *authority, enum flow_reason reason);
/* The article by which a source acts: that of the level, of independence, of delegation. */
struct text authority_article(const struct authority_case *authority, enum authority_source source);

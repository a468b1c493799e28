/* The way of a trusted network label as a table. The label is granted elsewhere; the register
 * records what was asked for and what became of it. The same transitions stand in SQL; a test
 * compares the two. */
#pragma once

#include "rules/flow.h"

enum label_state {
    LABEL_REQUESTED,
    LABEL_GRANTED,
    LABEL_REFUSED,
    LABEL_EXPIRED,
    LABEL_WITHDRAWN,
    LABEL_STATE_COUNT,
};

enum label_grade { LABEL_GRADE_BASIC, LABEL_GRADE_ADVANCED, LABEL_GRADE_COUNT };

enum label_type {
    LABEL_TYPE_ORGANISATION,
    LABEL_TYPE_WEBSITE,
    LABEL_TYPE_DEVICE,
    LABEL_TYPE_SYSTEM,
    LABEL_TYPE_COUNT,
};

struct label_transition {
    enum label_state from;
    enum label_state to;
    enum permission permission;
    unsigned needs; /* FLOW_NEEDS_REASON, FLOW_NEEDS_DATE */
    struct text title;
};

const char *label_state_code(enum label_state state);
struct text label_state_title(enum label_state state);
bool label_state_from_code(const char *code, enum label_state *ret_state);
const char *label_grade_code(enum label_grade grade);
struct text label_grade_title(enum label_grade grade);
const char *label_type_code(enum label_type type);
struct text label_type_title(enum label_type type);

const struct label_transition *label_transitions(size_t *ret_count);
const struct label_transition *label_transition_find(enum label_state from, enum label_state to);
/* As flow_check, for a label: wrong_state, missing_permission, reason_required. */
size_t label_check(enum label_state from, enum label_state to, unsigned roles,
                   const struct flow_input *input,
                   struct flow_block ret_blocks[static FLOW_BLOCKS_MAX]);

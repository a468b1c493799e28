/* The way of a label: every pair of states, rights and reasons. */
#include "rules/label.h"

#include <criterion/criterion.h>

Test(label, every_pair_of_states_is_as_the_table_says, .timeout = 10)
{
    static const char *const table[LABEL_STATE_COUNT] = {
        /* to: requested granted refused expired withdrawn; c record, q request */
        [LABEL_REQUESTED] = ".cc.q", [LABEL_GRANTED] = "...cc",   [LABEL_REFUSED] = ".....",
        [LABEL_EXPIRED] = ".....",   [LABEL_WITHDRAWN] = ".....",
    };

    for (unsigned from = 0; from < LABEL_STATE_COUNT; from++) {
        enum label_state read = LABEL_STATE_COUNT;
        cr_expect(label_state_from_code(label_state_code((enum label_state)from), &read));
        cr_expect_eq(read, from);
        for (unsigned to = 0; to < LABEL_STATE_COUNT; to++) {
            const struct label_transition *step =
                label_transition_find((enum label_state)from, (enum label_state)to);
            char who = step == NULL                                   ? '.'
                       : step->permission == PERMISSION_LABEL_RECORD  ? 'c'
                       : step->permission == PERMISSION_LABEL_REQUEST ? 'q'
                                                                      : '?';
            cr_expect_eq(who, table[from][to], "%u -> %u", from, to);
        }
    }
}

Test(label, rights_and_reasons_are_checked, .timeout = 10)
{
    struct flow_block blocks[FLOW_BLOCKS_MAX];
    struct flow_input input = {0};
    unsigned staff = ROLE_BIT(ROLE_STAFF);
    unsigned appraiser = ROLE_BIT(ROLE_APPRAISER);

    cr_expect_eq(label_check(LABEL_REQUESTED, LABEL_WITHDRAWN, staff, NULL, blocks), 0);
    cr_assert_eq(label_check(LABEL_REQUESTED, LABEL_GRANTED, staff, NULL, blocks), 1);
    cr_expect_eq(blocks[0].reason, FLOW_REASON_MISSING_PERMISSION);
    cr_assert_eq(label_check(LABEL_REFUSED, LABEL_GRANTED, appraiser, NULL, blocks), 1);
    cr_expect_eq(blocks[0].reason, FLOW_REASON_WRONG_STATE);
    cr_assert_eq(label_check(LABEL_GRANTED, LABEL_WITHDRAWN, appraiser, &input, blocks), 1);
    cr_expect_eq(blocks[0].reason, FLOW_REASON_REASON_REQUIRED);
    input.has_reason = true;
    cr_expect_eq(label_check(LABEL_GRANTED, LABEL_WITHDRAWN, appraiser, &input, blocks), 0);
    for (unsigned i = 0; i < LABEL_TYPE_COUNT; i++) {
        cr_expect(label_type_title((enum label_type)i).in[LANGUAGE_VI][0] != '\0');
    }
    for (unsigned i = 0; i < LABEL_GRADE_COUNT; i++) {
        cr_expect(label_grade_code((enum label_grade)i)[0] != '\0');
    }
}

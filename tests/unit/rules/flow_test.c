/* The way of a dossier: every pair of states, and every reason why a step is closed. */
#include "rules/flow.h"

#include <criterion/criterion.h>
#include <string.h>

#include "rules/authority.h"

#define S(name) DOSSIER_##name
#define BIT(name) FLOW_REASON_BIT(FLOW_REASON_##name)

/* The table, written a second time: from, to, who (p a v), what must come with it. */
static const struct {
    enum dossier_state from;
    enum dossier_state to;
    char who;
    unsigned needs;
} expected[] = {
    {S(DRAFT), S(SUBMITTED), 'p', FLOW_CHECKS_CONTENT},
    {S(DRAFT), S(WITHDRAWN), 'p', FLOW_NEEDS_REASON},
    {S(SUBMITTED), S(RECEIVED), 'a', 0},
    {S(SUBMITTED), S(RETURNED), 'a', FLOW_NEEDS_REASON},
    {S(SUBMITTED), S(WITHDRAWN), 'p', FLOW_NEEDS_REASON},
    {S(RECEIVED), S(RETURNED), 'a', FLOW_NEEDS_REASON},
    {S(RECEIVED), S(APPRAISED), 'a', FLOW_NEEDS_CONCLUSION},
    {S(RETURNED), S(SUBMITTED), 'p', FLOW_CHECKS_CONTENT},
    {S(RETURNED), S(WITHDRAWN), 'p', FLOW_NEEDS_REASON},
    {S(APPRAISED), S(APPROVED), 'v', FLOW_NEEDS_NUMBER | FLOW_NEEDS_DATE | FLOW_CHECKS_SUITABLE},
    {S(APPRAISED), S(REFUSED), 'v', FLOW_NEEDS_REASON | FLOW_NEEDS_NUMBER | FLOW_NEEDS_DATE},
    {S(APPRAISED), S(RETURNED), 'v', FLOW_NEEDS_REASON},
};

/* Levels 1-3 appraised by the specialised unit; 1-2 approved by it, 3 by the governing body. */
static const struct authority authorities[LEVEL_MAX] = {
    {.level = 1, .appraise = PARTY_SPECIALISED_UNIT, .approve = PARTY_SPECIALISED_UNIT},
    {.level = 2, .appraise = PARTY_SPECIALISED_UNIT, .approve = PARTY_SPECIALISED_UNIT},
    {.level = 3, .appraise = PARTY_SPECIALISED_UNIT, .approve = PARTY_GOVERNING_BODY},
    {.level = 4, .appraise = PARTY_MINISTRY, .approve = PARTY_GOVERNING_BODY},
    {.level = 5, .appraise = PARTY_MINISTRY, .approve = PARTY_PRIME_MINISTER},
};

enum { ALL_LEVELS = 0x3E };

static const struct gate gates[] = {
    {.id = "regulation", .blocks = "approved", .mandatory = true, .levels = ALL_LEVELS},
    {.id = "advice", .blocks = "approved", .mandatory = false, .levels = ALL_LEVELS},
    {.id = "live", .blocks = "operation", .mandatory = true, .levels = ALL_LEVELS},
    {.id = "survey", .blocks = "submitted", .mandatory = true, .levels = LEVEL_BIT(3)},
};

static const struct predicate_node listed[] = {{.op = PREDICATE_EQ, .fact = 0, .value = 1}};
static const struct special_procedure specials[] = {
    {.id = "list", .levels = LEVEL_BIT(3), .as_level = 5, .when = {listed, 1, 1}},
};

static const struct time_limit limits[] = {
    {.step = LIMIT_STEP_COMPLETENESS, .levels = ALL_LEVELS, .unit = DAY_UNIT_WORKING, .days = 5},
    {.step = LIMIT_STEP_APPRAISAL, .levels = LEVEL_BIT(3), .unit = DAY_UNIT_WORKING, .days = 15},
    {.step = LIMIT_STEP_APPROVAL, .levels = ALL_LEVELS, .unit = DAY_UNIT_WORKING, .days = 7},
};

static const struct ruleset ruleset = {
    .authorities = authorities,
    .authority_count = COUNT_OF(authorities),
    .gates = gates,
    .gate_count = COUNT_OF(gates),
    .special_procedures = specials,
    .special_procedure_count = COUNT_OF(specials),
    .time_limits = limits,
    .time_limit_count = COUNT_OF(limits),
};

static struct flow_view staff_view(enum dossier_state state)
{
    return (struct flow_view){
        .state = state,
        .proposed_level = 2,
        .computed_level = 2,
        .computed_complete = true,
        .gates_met = ~UINT64_C(0),
        .roles = ROLE_BIT(ROLE_STAFF),
        .in_operator = true,
        .appraiser_obstacles = BIT(NOT_YOUR_ORGANISATION) | BIT(PREPARER_CANNOT_APPRAISE),
        .approver_obstacles = BIT(NOT_YOUR_ORGANISATION) | BIT(PREPARER_CANNOT_APPROVE),
    };
}

static struct flow_view appraiser_view(enum dossier_state state)
{
    struct flow_view view = staff_view(state);

    view.roles = ROLE_BIT(ROLE_APPRAISER);
    view.in_operator = false;
    view.appraiser_obstacles = 0;
    return view;
}

static struct flow_view director_view(enum dossier_state state)
{
    struct flow_view view = appraiser_view(state);

    view.roles = ROLE_BIT(ROLE_DIRECTOR);
    view.approver_obstacles = 0;
    view.conclusion = CONCLUSION_SUITABLE;
    return view;
}

static struct flow_view chairman_view(enum dossier_state state)
{
    struct flow_view view = director_view(state);

    view.roles = ROLE_BIT(ROLE_CHAIRMAN);
    view.proposed_level = 3;
    view.computed_level = 3;
    return view;
}

static bool blocked_by(const struct flow_view *view, enum dossier_state to, const char *code)
{
    struct flow_block blocks[FLOW_BLOCKS_MAX];
    size_t count = flow_check(&ruleset, view, to, blocks);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(flow_block_code(blocks[i]), code) == 0) {
            return true;
        }
    }
    return false;
}

/* Exactly this one reason, or none for NULL. */
static void expect_only(const struct flow_view *view, enum dossier_state to, const char *code)
{
    struct flow_block blocks[FLOW_BLOCKS_MAX];
    size_t count = flow_check(&ruleset, view, to, blocks);

    cr_expect_eq(count, code == NULL ? 0 : 1, "to %s: %zu reasons, first %s, want %s",
                 dossier_state_info(to)->code, count, count == 0 ? "" : flow_block_code(blocks[0]),
                 code == NULL ? "none" : code);
    if (count == 1 && code != NULL) {
        cr_expect_str_eq(flow_block_code(blocks[0]), code);
    }
}

Test(flow, every_pair_of_states_is_as_the_table_says, .timeout = 10)
{
    size_t count = 0;
    size_t found = 0;

    (void)dossier_transitions(&count);
    cr_expect_eq(count, COUNT_OF(expected));
    for (unsigned from = 0; from < DOSSIER_STATE_COUNT; from++) {
        for (unsigned to = 0; to < DOSSIER_STATE_COUNT; to++) {
            const struct dossier_transition *step =
                dossier_transition_find((enum dossier_state)from, (enum dossier_state)to);
            size_t row = 0;
            while (row < COUNT_OF(expected) &&
                   (expected[row].from != from || expected[row].to != to)) {
                row++;
            }
            if (row == COUNT_OF(expected)) {
                struct flow_view view = director_view((enum dossier_state)from);
                cr_expect(step == NULL, "%u -> %u", from, to);
                expect_only(&view, (enum dossier_state)to, "wrong_state");
                continue;
            }
            found++;
            cr_assert(step != NULL, "%u -> %u", from, to);
            cr_expect_eq(step->needs, expected[row].needs);
            cr_expect_eq(step->side, expected[row].who == 'p'   ? FLOW_SIDE_OPERATOR
                                     : expected[row].who == 'a' ? FLOW_SIDE_APPRAISER
                                                                : FLOW_SIDE_APPROVER);
            cr_expect_eq(step->permission, expected[row].who == 'p'   ? PERMISSION_DOSSIER_PREPARE
                                           : expected[row].who == 'a' ? PERMISSION_DOSSIER_APPRAISE
                                                                      : PERMISSION_DOSSIER_APPROVE);
            cr_expect(step->title.in[LANGUAGE_VI][0] != '\0');
            cr_expect(step->title.in[LANGUAGE_EN][0] != '\0');
        }
    }
    cr_expect_eq(found, COUNT_OF(expected));
}

Test(flow, final_states_are_final_and_open_ones_are_not, .timeout = 10)
{
    for (unsigned from = 0; from < DOSSIER_STATE_COUNT; from++) {
        const struct dossier_state_info *info = dossier_state_info((enum dossier_state)from);
        bool leads_on = false;
        enum dossier_state read = DOSSIER_STATE_COUNT;
        for (unsigned to = 0; to < DOSSIER_STATE_COUNT; to++) {
            leads_on |=
                dossier_transition_find((enum dossier_state)from, (enum dossier_state)to) != NULL;
        }
        cr_expect_eq(info->final, !leads_on, "%s", info->code);
        cr_expect_eq(info->open, leads_on, "%s", info->code);
        cr_expect(dossier_state_from_code(info->code, &read) && read == from);
        cr_expect(public_status_code(info->public_status)[0] != '\0');
    }
}

Test(flow, the_official_word_of_each_state, .timeout = 10)
{
    static const char *const words[DOSSIER_STATE_COUNT] = {
        [S(DRAFT)] = "drafting",
        [S(SUBMITTED)] = "sent_for_appraisal",
        [S(RECEIVED)] = "sent_for_appraisal",
        [S(RETURNED)] = "drafting",
        [S(APPRAISED)] = "appraised",
        [S(APPROVED)] = "approved",
        [S(REFUSED)] = "drafting",
        [S(WITHDRAWN)] = "drafting",
    };

    for (unsigned i = 0; i < DOSSIER_STATE_COUNT; i++) {
        cr_expect_str_eq(
            public_status_code(dossier_state_info((enum dossier_state)i)->public_status), words[i]);
    }
}

Test(flow, each_person_can_take_the_own_steps, .timeout = 10)
{
    struct flow_view view = staff_view(S(DRAFT));
    expect_only(&view, S(SUBMITTED), NULL);
    view = staff_view(S(RETURNED));
    expect_only(&view, S(SUBMITTED), NULL);
    expect_only(&view, S(WITHDRAWN), NULL);
    view = appraiser_view(S(SUBMITTED));
    expect_only(&view, S(RECEIVED), NULL);
    expect_only(&view, S(RETURNED), NULL);
    view = appraiser_view(S(RECEIVED));
    expect_only(&view, S(APPRAISED), NULL);
    view = director_view(S(APPRAISED));
    expect_only(&view, S(APPROVED), NULL);
    expect_only(&view, S(REFUSED), NULL);
    expect_only(&view, S(RETURNED), NULL);
    view = chairman_view(S(APPRAISED));
    expect_only(&view, S(APPROVED), NULL);
}

/* Who may appraise and approve is the business of authority_test.c; the flow passes it on. */
Test(flow, what_stands_in_the_way_of_a_person_closes_the_step, .timeout = 10)
{
    struct flow_view view = appraiser_view(S(RECEIVED));
    view.appraiser_obstacles = BIT(NOT_INDEPENDENT);
    expect_only(&view, S(APPRAISED), "not_independent");
    expect_only(&view, S(RETURNED), "not_independent");
    view.appraiser_obstacles = BIT(PREPARER_CANNOT_APPRAISE) | BIT(AUTHORITY_ENDED);
    cr_expect(blocked_by(&view, S(APPRAISED), "preparer_cannot_appraise"));
    cr_expect(blocked_by(&view, S(APPRAISED), "authority_ended"));
    view = director_view(S(APPRAISED));
    view.approver_obstacles = BIT(WRONG_PARTY);
    expect_only(&view, S(APPROVED), "wrong_party");
    expect_only(&view, S(REFUSED), "wrong_party");
    expect_only(&view, S(RETURNED), "wrong_party");
    /* Holding every role does not help. */
    view.roles = ROLE_BIT(ROLE_COUNT) - 1U;
    expect_only(&view, S(APPROVED), "wrong_party");
    /* Obstacles of one side are not those of the other. */
    view = director_view(S(APPRAISED));
    view.appraiser_obstacles = BIT(NOT_INDEPENDENT);
    expect_only(&view, S(APPROVED), NULL);
}

Test(flow, rights_and_organisations_are_checked, .timeout = 10)
{
    struct flow_view view = staff_view(S(DRAFT));
    view.in_operator = false;
    expect_only(&view, S(SUBMITTED), "not_your_organisation");
    view = staff_view(S(DRAFT));
    view.roles = ROLE_BIT(ROLE_OFFICE);
    expect_only(&view, S(SUBMITTED), "missing_permission");
    view = appraiser_view(S(RECEIVED));
    view.appraiser_obstacles = BIT(NOT_YOUR_ORGANISATION);
    expect_only(&view, S(APPRAISED), "not_your_organisation");
    view = appraiser_view(S(RECEIVED));
    view.roles = ROLE_BIT(ROLE_ADMIN);
    expect_only(&view, S(RETURNED), "missing_permission");
    view = director_view(S(APPRAISED));
    view.roles = 0;
    cr_expect(blocked_by(&view, S(APPROVED), "missing_permission"));
}

Test(flow, content_is_checked_on_submission, .timeout = 10)
{
    struct flow_view view = staff_view(S(DRAFT));
    view.missing_item_count = 2;
    expect_only(&view, S(SUBMITTED), "incomplete_items");
    expect_only(&view, S(WITHDRAWN), NULL);

    view = staff_view(S(DRAFT));
    view.proposed_level = 1;
    expect_only(&view, S(SUBMITTED), "level_below_computed");
    view.has_level_reason = true;
    expect_only(&view, S(SUBMITTED), "level_below_computed");

    view = staff_view(S(DRAFT));
    view.proposed_level = 3;
    expect_only(&view, S(SUBMITTED), "level_reason_required");
    view.has_level_reason = true;
    expect_only(&view, S(SUBMITTED), NULL);

    view = staff_view(S(DRAFT));
    view.proposed_level = 0;
    expect_only(&view, S(SUBMITTED), "level_undetermined");
    view = staff_view(S(DRAFT));
    view.computed_complete = false;
    view.computed_level = 0;
    expect_only(&view, S(SUBMITTED), "level_undetermined");

    /* No criterion is met: a reasoned proposal. */
    view = staff_view(S(DRAFT));
    view.computed_level = 0;
    expect_only(&view, S(SUBMITTED), "level_reason_required");
    view.has_level_reason = true;
    expect_only(&view, S(SUBMITTED), NULL);

    view = staff_view(S(DRAFT));
    view.proposed_level = 4;
    view.computed_level = 4;
    expect_only(&view, S(SUBMITTED), "level_out_of_scope");
    view.proposed_level = 3;
    view.computed_level = 3;
    view.procedure_level = 5;
    expect_only(&view, S(SUBMITTED), "level_out_of_scope");
}

Test(flow, gates_stand_before_their_state_and_level, .timeout = 10)
{
    struct flow_view view = director_view(S(APPRAISED));
    view.gates_met = 0;
    expect_only(&view, S(APPROVED), "regulation");
    expect_only(&view, S(REFUSED), NULL);
    expect_only(&view, S(RETURNED), NULL);
    view.gates_met = 1;
    expect_only(&view, S(APPROVED), NULL);

    view = staff_view(S(DRAFT));
    view.gates_met = 0;
    expect_only(&view, S(SUBMITTED), NULL);
    view.proposed_level = 3;
    view.computed_level = 3;
    expect_only(&view, S(SUBMITTED), "survey");
}

Test(flow, only_a_suitable_dossier_is_approved, .timeout = 10)
{
    struct flow_view view = director_view(S(APPRAISED));
    view.conclusion = CONCLUSION_NOT_SUITABLE;
    expect_only(&view, S(APPROVED), "conclusion_not_suitable");
    expect_only(&view, S(REFUSED), NULL);
    view.conclusion = CONCLUSION_NONE;
    expect_only(&view, S(APPROVED), "conclusion_not_suitable");
}

Test(flow, what_must_come_with_a_step_is_asked_for, .timeout = 10)
{
    struct flow_input input = {0};
    struct flow_view view = appraiser_view(S(RECEIVED));

    view.input = &input;
    expect_only(&view, S(RETURNED), "reason_required");
    expect_only(&view, S(APPRAISED), "conclusion_required");
    input.conclusion = CONCLUSION_SUITABLE;
    expect_only(&view, S(APPRAISED), NULL);
    input.conclusion = CONCLUSION_NOT_SUITABLE;
    expect_only(&view, S(APPRAISED), "reason_required");
    input.has_reason = true;
    expect_only(&view, S(APPRAISED), NULL);

    input = (struct flow_input){0};
    view = director_view(S(APPRAISED));
    view.input = &input;
    cr_expect(blocked_by(&view, S(APPROVED), "number_required"));
    cr_expect(blocked_by(&view, S(APPROVED), "date_required"));
    cr_expect(!blocked_by(&view, S(APPROVED), "reason_required"));
    cr_expect(blocked_by(&view, S(REFUSED), "reason_required"));
    input.has_number = true;
    input.has_date = true;
    expect_only(&view, S(APPROVED), NULL);
    expect_only(&view, S(REFUSED), "reason_required");
}

Test(flow, reasons_have_codes_and_words, .timeout = 10)
{
    for (unsigned i = 0; i < FLOW_REASON_COUNT; i++) {
        cr_expect(flow_reason_code((enum flow_reason)i)[0] != '\0');
        cr_expect(flow_reason_text((enum flow_reason)i).in[LANGUAGE_VI][0] != '\0');
        cr_expect(flow_reason_text((enum flow_reason)i).in[LANGUAGE_EN][0] != '\0');
        for (unsigned j = 0; j < i; j++) {
            cr_expect_str_neq(flow_reason_code((enum flow_reason)i),
                              flow_reason_code((enum flow_reason)j));
        }
    }
}

Test(flow, the_clock_of_a_state_is_the_limit_of_its_step, .timeout = 10)
{
    cr_expect_eq(dossier_time_limit(&ruleset, S(SUBMITTED), 3), &limits[0]);
    cr_expect_eq(dossier_time_limit(&ruleset, S(RECEIVED), 3), &limits[1]);
    cr_expect(dossier_time_limit(&ruleset, S(RECEIVED), 2) == NULL);
    cr_expect_eq(dossier_time_limit(&ruleset, S(APPRAISED), 2), &limits[2]);
    cr_expect(dossier_time_limit(&ruleset, S(DRAFT), 3) == NULL);
    cr_expect(dossier_time_limit(&ruleset, S(RETURNED), 3) == NULL);
    cr_expect(dossier_time_limit(&ruleset, S(APPROVED), 3) == NULL);
}

#include "rules/flow.h"

#include <string.h>

#include "rules/authority.h"

static const struct dossier_state_info states[DOSSIER_STATE_COUNT] = {
    [DOSSIER_DRAFT] =
        {"draft", {{"Đang soạn", "Draft"}}, PUBLIC_STATUS_DRAFTING, CLOCK_STEP_NONE, .open = true},
    [DOSSIER_SUBMITTED] = {"submitted",
                           {{"Đã gửi", "Submitted"}},
                           PUBLIC_STATUS_SENT_FOR_APPRAISAL,
                           CLOCK_STEP_COMPLETENESS,
                           .open = true},
    [DOSSIER_RECEIVED] = {"received",
                          {{"Đã tiếp nhận", "Received"}},
                          PUBLIC_STATUS_SENT_FOR_APPRAISAL,
                          CLOCK_STEP_APPRAISAL,
                          .open = true},
    [DOSSIER_RETURNED] = {"returned",
                          {{"Trả lại để bổ sung", "Returned for a supplement"}},
                          PUBLIC_STATUS_DRAFTING,
                          CLOCK_STEP_PAUSED,
                          .open = true},
    [DOSSIER_APPRAISED] = {"appraised",
                           {{"Đã thẩm định", "Appraised"}},
                           PUBLIC_STATUS_APPRAISED,
                           CLOCK_STEP_APPROVAL,
                           .open = true},
    [DOSSIER_APPROVED] = {"approved",
                          {{"Đã phê duyệt", "Approved"}},
                          PUBLIC_STATUS_APPROVED,
                          CLOCK_STEP_NONE,
                          .final = true},
    [DOSSIER_REFUSED] = {"refused",
                         {{"Không phê duyệt", "Refused"}},
                         PUBLIC_STATUS_DRAFTING,
                         CLOCK_STEP_NONE,
                         .final = true},
    [DOSSIER_WITHDRAWN] = {"withdrawn",
                           {{"Đã rút", "Withdrawn"}},
                           PUBLIC_STATUS_DRAFTING,
                           CLOCK_STEP_NONE,
                           .final = true},
};

static const char *const public_status_codes[PUBLIC_STATUS_COUNT] = {
    [PUBLIC_STATUS_DRAFTING] = "drafting",
    [PUBLIC_STATUS_SENT_FOR_APPRAISAL] = "sent_for_appraisal",
    [PUBLIC_STATUS_APPRAISED] = "appraised",
    [PUBLIC_STATUS_APPROVED] = "approved",
};

static const char *const conclusion_codes[CONCLUSION_COUNT] = {
    [CONCLUSION_NONE] = "",
    [CONCLUSION_SUITABLE] = "suitable",
    [CONCLUSION_NOT_SUITABLE] = "not_suitable",
};

#define PREPARE PERMISSION_DOSSIER_PREPARE, FLOW_SIDE_OPERATOR
#define APPRAISE PERMISSION_DOSSIER_APPRAISE, FLOW_SIDE_APPRAISER
#define APPROVE PERMISSION_DOSSIER_APPROVE, FLOW_SIDE_APPROVER

static const struct dossier_transition transitions[] = {
    {DOSSIER_DRAFT, DOSSIER_SUBMITTED, PREPARE, FLOW_CHECKS_CONTENT, {{"Gửi hồ sơ", "Submit"}}},
    {DOSSIER_RETURNED,
     DOSSIER_SUBMITTED,
     PREPARE,
     FLOW_CHECKS_CONTENT,
     {{"Gửi lại hồ sơ", "Submit again"}}},
    {DOSSIER_SUBMITTED,
     DOSSIER_RECEIVED,
     APPRAISE,
     0,
     {{"Tiếp nhận hồ sơ hợp lệ", "Receive as complete"}}},
    {DOSSIER_SUBMITTED,
     DOSSIER_RETURNED,
     APPRAISE,
     FLOW_NEEDS_REASON,
     {{"Trả lại để bổ sung", "Return for a supplement"}}},
    {DOSSIER_RECEIVED,
     DOSSIER_RETURNED,
     APPRAISE,
     FLOW_NEEDS_REASON,
     {{"Trả lại để bổ sung", "Return for a supplement"}}},
    {DOSSIER_RECEIVED,
     DOSSIER_APPRAISED,
     APPRAISE,
     FLOW_NEEDS_CONCLUSION,
     {{"Kết luận thẩm định", "Conclude the appraisal"}}},
    {DOSSIER_APPRAISED,
     DOSSIER_APPROVED,
     APPROVE,
     FLOW_NEEDS_NUMBER | FLOW_NEEDS_DATE | FLOW_CHECKS_SUITABLE,
     {{"Phê duyệt", "Approve"}}},
    {DOSSIER_APPRAISED,
     DOSSIER_REFUSED,
     APPROVE,
     FLOW_NEEDS_REASON | FLOW_NEEDS_NUMBER | FLOW_NEEDS_DATE,
     {{"Không phê duyệt", "Refuse"}}},
    {DOSSIER_APPRAISED,
     DOSSIER_RETURNED,
     APPROVE,
     FLOW_NEEDS_REASON,
     {{"Trả lại để bổ sung", "Return for a supplement"}}},
    {DOSSIER_DRAFT, DOSSIER_WITHDRAWN, PREPARE, FLOW_NEEDS_REASON, {{"Rút hồ sơ", "Withdraw"}}},
    {DOSSIER_SUBMITTED, DOSSIER_WITHDRAWN, PREPARE, FLOW_NEEDS_REASON, {{"Rút hồ sơ", "Withdraw"}}},
    {DOSSIER_RETURNED, DOSSIER_WITHDRAWN, PREPARE, FLOW_NEEDS_REASON, {{"Rút hồ sơ", "Withdraw"}}},
};

static const struct {
    const char *code;
    struct text text;
} reasons[FLOW_REASON_COUNT] = {
#define FLOW_REASON_ROW(name, code, vi, en) [FLOW_REASON_##name] = {code, {{vi, en}}},
    FLOW_REASON_TABLE(FLOW_REASON_ROW)
#undef FLOW_REASON_ROW
};

const struct dossier_state_info *dossier_state_info(enum dossier_state state)
{
    return (unsigned)state < DOSSIER_STATE_COUNT ? &states[state] : NULL;
}

bool dossier_state_from_code(const char *code, enum dossier_state *ret_state)
{
    for (unsigned i = 0; i < DOSSIER_STATE_COUNT; i++) {
        if (strcmp(states[i].code, code) == 0) {
            *ret_state = (enum dossier_state)i;
            return true;
        }
    }
    return false;
}

const char *public_status_code(enum public_status status)
{
    return (unsigned)status < PUBLIC_STATUS_COUNT ? public_status_codes[status] : "";
}

const char *conclusion_code(enum appraisal_conclusion conclusion)
{
    return (unsigned)conclusion < CONCLUSION_COUNT ? conclusion_codes[conclusion] : "";
}

bool conclusion_from_code(const char *code, enum appraisal_conclusion *ret_conclusion)
{
    for (unsigned i = CONCLUSION_SUITABLE; i < CONCLUSION_COUNT; i++) {
        if (strcmp(conclusion_codes[i], code) == 0) {
            *ret_conclusion = (enum appraisal_conclusion)i;
            return true;
        }
    }
    return false;
}

const struct dossier_transition *dossier_transitions(size_t *ret_count)
{
    *ret_count = COUNT_OF(transitions);
    return transitions;
}

const struct dossier_transition *dossier_transition_find(enum dossier_state from,
                                                         enum dossier_state to)
{
    for (size_t i = 0; i < COUNT_OF(transitions); i++) {
        if (transitions[i].from == from && transitions[i].to == to) {
            return &transitions[i];
        }
    }
    return NULL;
}

const struct time_limit *dossier_time_limit(const struct ruleset *ruleset, enum dossier_state state,
                                            int procedure_level)
{
    const struct dossier_state_info *info = dossier_state_info(state);

    if (info == NULL) {
        return NULL;
    }
    switch (info->clock) {
    case CLOCK_STEP_COMPLETENESS:
        return ruleset_time_limit(ruleset, LIMIT_STEP_COMPLETENESS, procedure_level);
    case CLOCK_STEP_APPRAISAL:
        return ruleset_time_limit(ruleset, LIMIT_STEP_APPRAISAL, procedure_level);
    case CLOCK_STEP_APPROVAL:
        return ruleset_time_limit(ruleset, LIMIT_STEP_APPROVAL, procedure_level);
    case CLOCK_STEP_NONE:
    case CLOCK_STEP_PAUSED:
        break;
    }
    return NULL;
}

const char *flow_reason_code(enum flow_reason reason)
{
    return (unsigned)reason < FLOW_REASON_COUNT ? reasons[reason].code : "";
}

struct text flow_reason_text(enum flow_reason reason)
{
    return (unsigned)reason < FLOW_REASON_COUNT ? reasons[reason].text : TEXT("", "");
}

const char *flow_block_code(struct flow_block block)
{
    return block.gate != NULL ? block.gate->id : flow_reason_code(block.reason);
}

struct text flow_block_text(struct flow_block block)
{
    return block.gate != NULL ? block.gate->title : flow_reason_text(block.reason);
}

/* ---- the check ---- */

struct blocks {
    struct flow_block *at;
    size_t count;
};

static void block(struct blocks *blocks, enum flow_reason reason, const struct gate *gate)
{
    blocks->at[blocks->count++] = (struct flow_block){reason, gate};
}

static void block_if(struct blocks *blocks, bool condition, enum flow_reason reason)
{
    if (condition) {
        block(blocks, reason, NULL);
    }
}

static int procedure_level(const struct flow_view *view)
{
    return view->procedure_level != 0 ? view->procedure_level : view->proposed_level;
}

static void check_person(const struct flow_view *view, const struct dossier_transition *step,
                         struct blocks *blocks)
{
    bool permitted = permission_allows(view->roles, step->permission);
    uint64_t obstacles = 0;

    switch (step->side) {
    case FLOW_SIDE_OPERATOR:
        obstacles = view->in_operator ? 0 : FLOW_REASON_BIT(FLOW_REASON_NOT_YOUR_ORGANISATION);
        break;
    case FLOW_SIDE_APPRAISER:
        obstacles = view->appraiser_obstacles;
        break;
    case FLOW_SIDE_APPROVER:
        obstacles = view->approver_obstacles;
        break;
    }
    obstacles |= permitted ? 0 : FLOW_REASON_BIT(FLOW_REASON_MISSING_PERMISSION);
    for (unsigned reason = 0; reason < FLOW_REASON_COUNT; reason++) {
        block_if(blocks, (obstacles & FLOW_REASON_BIT(reason)) != 0, (enum flow_reason)reason);
    }
}

static void check_gates(const struct ruleset *ruleset, const struct flow_view *view,
                        enum dossier_state to, struct blocks *blocks)
{
    for (size_t i = 0; i < ruleset->gate_count; i++) {
        const struct gate *gate = &ruleset->gates[i];
        bool concerned = gate->mandatory && gate->blocks != NULL && view->proposed_level >= 1 &&
                         view->proposed_level <= LEVEL_MAX &&
                         strcmp(gate->blocks, states[to].code) == 0 &&
                         (gate->levels & LEVEL_BIT(view->proposed_level)) != 0;
        if (concerned && (view->gates_met & (UINT64_C(1) << i)) == 0) {
            block(blocks, FLOW_REASON_GATE, gate);
        }
    }
}

/* The flow knows dossiers that the specialised unit appraises; a ministry's are elsewhere. */
static bool is_in_scope(const struct ruleset *ruleset, const struct flow_view *view)
{
    const struct authority *authority = authority_of(ruleset, procedure_level(view));

    return authority != NULL && authority->appraise == PARTY_SPECIALISED_UNIT;
}

static void check_level(const struct ruleset *ruleset, const struct flow_view *view,
                        struct blocks *blocks)
{
    bool proposed = view->proposed_level >= 1 && view->proposed_level <= LEVEL_MAX;

    block_if(blocks, proposed && view->proposed_level < view->computed_level,
             FLOW_REASON_LEVEL_BELOW_COMPUTED);
    block_if(blocks, !proposed || !view->computed_complete, FLOW_REASON_LEVEL_UNDETERMINED);
    block_if(blocks,
             proposed && view->computed_complete && view->proposed_level > view->computed_level &&
                 !view->has_level_reason,
             FLOW_REASON_LEVEL_REASON_REQUIRED);
    block_if(blocks, proposed && !is_in_scope(ruleset, view), FLOW_REASON_LEVEL_OUT_OF_SCOPE);
}

static void check_input(const struct flow_input *input, unsigned needs, struct blocks *blocks)
{
    bool concludes = (needs & FLOW_NEEDS_CONCLUSION) != 0;
    bool reason_due = (needs & FLOW_NEEDS_REASON) != 0 ||
                      (concludes && input->conclusion == CONCLUSION_NOT_SUITABLE);

    block_if(blocks, reason_due && !input->has_reason, FLOW_REASON_REASON_REQUIRED);
    block_if(blocks, concludes && input->conclusion == CONCLUSION_NONE,
             FLOW_REASON_CONCLUSION_REQUIRED);
    block_if(blocks, (needs & FLOW_NEEDS_NUMBER) != 0 && !input->has_number,
             FLOW_REASON_NUMBER_REQUIRED);
    block_if(blocks, (needs & FLOW_NEEDS_DATE) != 0 && !input->has_date, FLOW_REASON_DATE_REQUIRED);
}

size_t flow_check(const struct ruleset *ruleset, const struct flow_view *view,
                  enum dossier_state to, struct flow_block ret_blocks[static FLOW_BLOCKS_MAX])
{
    struct blocks blocks = {.at = ret_blocks};
    const struct dossier_transition *step = dossier_transition_find(view->state, to);

    if (step == NULL) {
        block(&blocks, FLOW_REASON_WRONG_STATE, NULL);
        return blocks.count;
    }
    check_person(view, step, &blocks);
    if ((step->needs & FLOW_CHECKS_CONTENT) != 0) {
        block_if(&blocks, view->missing_item_count > 0, FLOW_REASON_INCOMPLETE_ITEMS);
    }
    check_gates(ruleset, view, to, &blocks);
    if ((step->needs & FLOW_CHECKS_SUITABLE) != 0) {
        block_if(&blocks, view->conclusion != CONCLUSION_SUITABLE,
                 FLOW_REASON_CONCLUSION_NOT_SUITABLE);
    }
    if ((step->needs & FLOW_CHECKS_CONTENT) != 0) {
        check_level(ruleset, view, &blocks);
    }
    if (view->input != NULL) {
        check_input(view->input, step->needs, &blocks);
    }
    return blocks.count;
}

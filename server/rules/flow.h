/* The way of a level dossier as a table, and the question "may this person take this step now, and
 * if not, why not" as a pure function. Labels have their own (rules/label.h).
 *
 * The same transitions stand in SQL (migrations/); a test compares the two. The official words for
 * a state (Form 08) are data of the ruleset, enumeration "approval_status"; here are its codes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "rules/criteria.h"
#include "rules/permission.h"
#include "rules/ruleset.h"

enum dossier_state {
    DOSSIER_DRAFT,
    DOSSIER_SUBMITTED,
    DOSSIER_RECEIVED,
    DOSSIER_RETURNED,
    DOSSIER_APPRAISED,
    DOSSIER_APPROVED,
    DOSSIER_REFUSED,
    DOSSIER_WITHDRAWN,
    DOSSIER_STATE_COUNT,
};

enum public_status {
    PUBLIC_STATUS_DRAFTING,
    PUBLIC_STATUS_SENT_FOR_APPRAISAL,
    PUBLIC_STATUS_APPRAISED,
    PUBLIC_STATUS_APPROVED,
    PUBLIC_STATUS_COUNT,
};

/* Which legal clock runs while a dossier is in a state. */
enum clock_step {
    CLOCK_STEP_NONE,
    CLOCK_STEP_COMPLETENESS,
    CLOCK_STEP_APPRAISAL,
    CLOCK_STEP_APPROVAL,
    CLOCK_STEP_PAUSED, /* the operator owes a supplement */
};

/* Whose step a transition is. */
enum flow_side {
    FLOW_SIDE_OPERATOR,
    FLOW_SIDE_APPRAISER,
    FLOW_SIDE_APPROVER,
};

enum appraisal_conclusion {
    CONCLUSION_NONE,
    CONCLUSION_SUITABLE,
    CONCLUSION_NOT_SUITABLE,
    CONCLUSION_COUNT,
};

struct dossier_state_info {
    const char *code;
    struct text title;
    /* Of a system that never had a level; one approved earlier keeps that word meanwhile. */
    enum public_status public_status;
    enum clock_step clock;
    bool open;  /* counts against "one open dossier per system" */
    bool final; /* nothing follows */
};

/* What must come with a transition. */
enum {
    FLOW_NEEDS_REASON = 1U << 0,
    FLOW_NEEDS_CONCLUSION = 1U << 1, /* and reasons when it is not_suitable */
    FLOW_NEEDS_NUMBER = 1U << 2,     /* of the decision */
    FLOW_NEEDS_DATE = 1U << 3,
    FLOW_CHECKS_CONTENT = 1U << 4,  /* items complete, level fits the computed one */
    FLOW_CHECKS_SUITABLE = 1U << 5, /* the appraisal must have concluded suitable */
};

struct dossier_transition {
    enum dossier_state from;
    enum dossier_state to;
    enum permission permission;
    enum flow_side side;
    unsigned needs;
    struct text title; /* what the button says */
};

const struct dossier_state_info *dossier_state_info(enum dossier_state state);
bool dossier_state_from_code(const char *code, enum dossier_state *ret_state);
const char *public_status_code(enum public_status status);
const char *conclusion_code(enum appraisal_conclusion conclusion);
bool conclusion_from_code(const char *code, enum appraisal_conclusion *ret_conclusion);

/* All rows, for listing and for comparison with SQL. */
const struct dossier_transition *dossier_transitions(size_t *ret_count);
/* NULL when there is no such step. */
const struct dossier_transition *dossier_transition_find(enum dossier_state from,
                                                         enum dossier_state to);

/* The time limit whose clock runs in this state at this procedure level; NULL when none runs or
 * the ruleset says nothing. A row without a limit has unit DAY_UNIT_NONE. */
const struct time_limit *dossier_time_limit(const struct ruleset *ruleset, enum dossier_state state,
                                            int procedure_level);

/* X(name, code, Vietnamese, English) */
#define FLOW_REASON_TABLE(X)                                                                 \
    X(WRONG_STATE, "wrong_state", "Hồ sơ không ở trạng thái cho phép bước này",              \
      "The dossier is not in a state that allows this step")                                 \
    X(MISSING_PERMISSION, "missing_permission", "Bạn không có quyền thực hiện bước này",     \
      "You do not have the right to take this step")                                         \
    X(NOT_YOUR_ORGANISATION, "not_your_organisation", "Bước này thuộc cơ quan, đơn vị khác", \
      "This step belongs to another organisation")                                           \
    X(PREPARER_CANNOT_APPRAISE, "preparer_cannot_appraise",                                  \
      "Người lập hồ sơ không được thẩm định hồ sơ đó",                                       \
      "Whoever prepared the dossier cannot appraise it")                                     \
    X(PREPARER_CANNOT_APPROVE, "preparer_cannot_approve",                                    \
      "Người lập hồ sơ không được phê duyệt hồ sơ đó",                                       \
      "Whoever prepared the dossier cannot approve it")                                      \
    X(APPRAISER_CANNOT_APPROVE, "appraiser_cannot_approve",                                  \
      "Người thẩm định không được phê duyệt hồ sơ đó",                                       \
      "Whoever appraised the dossier cannot approve it")                                     \
    X(WRONG_PARTY, "wrong_party", "Cấp độ này do cấp khác phê duyệt",                        \
      "This level is approved by another authority")                                         \
    X(NOT_HEAD, "not_head", "Chỉ người đứng đầu cơ quan có thẩm quyền được quyết định",      \
      "Only the head of the competent body decides")                                         \
    X(NOT_INDEPENDENT, "not_independent",                                                    \
      "Đơn vị vận hành hệ thống không được thẩm định hệ thống đó",                           \
      "Whoever operates a system cannot appraise it")                                        \
    X(APPRAISED_ELSEWHERE, "appraised_elsewhere",                                            \
      "Đơn vị chuyên trách không vận hành hệ thống nên tự thẩm định",                        \
      "The specialised unit does not operate the system and appraises it itself")            \
    X(LEVEL_NOT_DELEGATED, "level_not_delegated",                                            \
      "Văn bản ủy quyền không gồm việc phê duyệt cấp độ này",                                \
      "The delegation does not cover the approval of this level")                            \
    X(AUTHORITY_NOT_STARTED, "authority_not_started",                                        \
      "Phân công, ủy quyền hoặc chức vụ của bạn chưa có hiệu lực vào ngày này",              \
      "Your assignment, delegation or post is not yet in force on that day")                 \
    X(AUTHORITY_ENDED, "authority_ended",                                                    \
      "Phân công, ủy quyền hoặc chức vụ của bạn đã hết hiệu lực vào ngày này",               \
      "Your assignment, delegation or post is no longer in force on that day")               \
    X(INCOMPLETE_ITEMS, "incomplete_items", "Hồ sơ còn thiếu thành phần",                    \
      "The dossier is missing items")                                                        \
    X(GATE, "gate", "Chưa đáp ứng điều kiện bắt buộc", "A mandatory condition is not met")   \
    X(CONCLUSION_NOT_SUITABLE, "conclusion_not_suitable", "Kết luận thẩm định chưa phù hợp", \
      "The appraisal did not conclude suitable")                                             \
    X(LEVEL_BELOW_COMPUTED, "level_below_computed",                                          \
      "Cấp độ đề xuất thấp hơn cấp độ xác định theo tiêu chí",                               \
      "The proposed level is below the one the criteria give")                               \
    X(LEVEL_UNDETERMINED, "level_undetermined", "Chưa đủ thông tin để xác định cấp độ",      \
      "The answers do not yet determine the level")                                          \
    X(LEVEL_REASON_REQUIRED, "level_reason_required",                                        \
      "Cấp độ đề xuất khác cấp độ xác định theo tiêu chí thì phải nêu lý do",                \
      "A level other than the one the criteria give needs a reason")                         \
    X(LEVEL_OUT_OF_SCOPE, "level_out_of_scope",                                              \
      "Hồ sơ thuộc thẩm quyền thẩm định của bộ, không thực hiện trên luồng này",             \
      "A ministry appraises this dossier; it does not follow this flow")                     \
    X(REASON_REQUIRED, "reason_required", "Phải nêu lý do", "A reason is required")          \
    X(CONCLUSION_REQUIRED, "conclusion_required", "Phải chọn kết luận thẩm định",            \
      "The conclusion of the appraisal is required")                                         \
    X(NUMBER_REQUIRED, "number_required", "Phải có số quyết định",                           \
      "The number of the decision is required")                                              \
    X(DATE_REQUIRED, "date_required", "Phải có ngày quyết định",                             \
      "The date of the decision is required")

enum flow_reason {
#define FLOW_REASON_ENUM(name, code, vi, en) FLOW_REASON_##name,
    FLOW_REASON_TABLE(FLOW_REASON_ENUM)
#undef FLOW_REASON_ENUM
        FLOW_REASON_COUNT
};

/* Reasons as a set. */
#define FLOW_REASON_BIT(reason) (UINT64_C(1) << (unsigned)(reason))
_Static_assert(FLOW_REASON_COUNT <= 64, "reasons are bits of one uint64_t");

const char *flow_reason_code(enum flow_reason reason);
struct text flow_reason_text(enum flow_reason reason);

/* What came with a request to move the dossier. */
struct flow_input {
    bool has_reason;
    bool has_number;
    bool has_date;
    enum appraisal_conclusion conclusion;
};

/* The dossier and the person, as far as the rules look at them. Filled by the caller from rows;
 * for a dossier with several systems, flow_check is asked once for each. */
struct flow_view {
    enum dossier_state state;

    /* the level of the system in this dossier */
    int proposed_level; /* 0: none yet */
    int computed_level; /* 0: none (see computed_complete) */
    bool computed_complete;
    bool has_level_reason;
    int procedure_level; /* authority_procedure_level() of the proposed level; 0 takes that level */

    size_t missing_item_count; /* required items without content */
    uint64_t gates_met;        /* bit per ruleset->gates */
    enum appraisal_conclusion conclusion;

    /* the person who acts */
    unsigned roles;               /* ROLE_BIT()s held for this dossier */
    bool in_operator;             /* works in the unit that operates the system */
    uint64_t appraiser_obstacles; /* FLOW_REASON_BIT()s of authority_obstacles() */
    uint64_t approver_obstacles;

    const struct flow_input *input; /* NULL: only ask whether the step is open to this person */
};

enum { FLOW_BLOCKS_MAX = FLOW_REASON_COUNT + RULESET_GATES_MAX };

struct flow_block {
    enum flow_reason reason;
    const struct gate *gate; /* for FLOW_REASON_GATE, whose code is gate->id; else NULL */
};

/* Stable code of a block: that of the gate, or of the reason. */
const char *flow_block_code(struct flow_block block);
struct text flow_block_text(struct flow_block block);

/* Every reason why the step to `to` is closed, in the order of the table; 0 means it is open. */
size_t flow_check(const struct ruleset *ruleset, const struct flow_view *view,
                  enum dossier_state to, struct flow_block ret_blocks[static FLOW_BLOCKS_MAX]);

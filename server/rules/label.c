#include "rules/label.h"

#include <string.h>

struct named {
    const char *code;
    struct text title;
};

static const struct named label_states[LABEL_STATE_COUNT] = {
    [LABEL_REQUESTED] = {"requested", {{"Đã đề nghị", "Requested"}}},
    [LABEL_GRANTED] = {"granted", {{"Đã cấp", "Granted"}}},
    [LABEL_REFUSED] = {"refused", {{"Không cấp", "Refused"}}},
    [LABEL_EXPIRED] = {"expired", {{"Hết hạn", "Expired"}}},
    [LABEL_WITHDRAWN] = {"withdrawn", {{"Đã thu hồi hoặc rút", "Withdrawn"}}},
};

static const struct named label_grades[LABEL_GRADE_COUNT] = {
    [LABEL_GRADE_BASIC] = {"basic", {{"Cơ bản", "Basic"}}},
    [LABEL_GRADE_ADVANCED] = {"advanced", {{"Nâng cao", "Advanced"}}},
};

static const struct named label_types[LABEL_TYPE_COUNT] = {
    [LABEL_TYPE_ORGANISATION] = {"organisation", {{"Tổ chức", "Organisation"}}},
    [LABEL_TYPE_WEBSITE] = {"website", {{"Trang thông tin điện tử", "Website"}}},
    [LABEL_TYPE_DEVICE] = {"device", {{"Thiết bị", "Device"}}},
    [LABEL_TYPE_SYSTEM] = {"system", {{"Hệ thống thông tin", "System"}}},
};

static const struct label_transition transitions[] = {
    {LABEL_REQUESTED,
     LABEL_GRANTED,
     PERMISSION_LABEL_RECORD,
     FLOW_NEEDS_DATE,
     {{"Ghi nhận cấp nhãn", "Record as granted"}}},
    {LABEL_REQUESTED,
     LABEL_REFUSED,
     PERMISSION_LABEL_RECORD,
     FLOW_NEEDS_REASON,
     {{"Ghi nhận không cấp", "Record as refused"}}},
    {LABEL_REQUESTED,
     LABEL_WITHDRAWN,
     PERMISSION_LABEL_REQUEST,
     0,
     {{"Rút đề nghị", "Withdraw the request"}}},
    {LABEL_GRANTED,
     LABEL_EXPIRED,
     PERMISSION_LABEL_RECORD,
     0,
     {{"Ghi nhận hết hạn", "Record as expired"}}},
    {LABEL_GRANTED,
     LABEL_WITHDRAWN,
     PERMISSION_LABEL_RECORD,
     FLOW_NEEDS_REASON,
     {{"Ghi nhận thu hồi", "Record as withdrawn"}}},
};

const char *label_state_code(enum label_state state)
{
    return (unsigned)state < LABEL_STATE_COUNT ? label_states[state].code : "";
}

struct text label_state_title(enum label_state state)
{
    return (unsigned)state < LABEL_STATE_COUNT ? label_states[state].title : TEXT("", "");
}

bool label_state_from_code(const char *code, enum label_state *ret_state)
{
    for (unsigned i = 0; i < LABEL_STATE_COUNT; i++) {
        if (strcmp(label_states[i].code, code) == 0) {
            *ret_state = (enum label_state)i;
            return true;
        }
    }
    return false;
}

const char *label_grade_code(enum label_grade grade)
{
    return (unsigned)grade < LABEL_GRADE_COUNT ? label_grades[grade].code : "";
}

struct text label_grade_title(enum label_grade grade)
{
    return (unsigned)grade < LABEL_GRADE_COUNT ? label_grades[grade].title : TEXT("", "");
}

const char *label_type_code(enum label_type type)
{
    return (unsigned)type < LABEL_TYPE_COUNT ? label_types[type].code : "";
}

struct text label_type_title(enum label_type type)
{
    return (unsigned)type < LABEL_TYPE_COUNT ? label_types[type].title : TEXT("", "");
}

const struct label_transition *label_transitions(size_t *ret_count)
{
    *ret_count = COUNT_OF(transitions);
    return transitions;
}

const struct label_transition *label_transition_find(enum label_state from, enum label_state to)
{
    for (size_t i = 0; i < COUNT_OF(transitions); i++) {
        if (transitions[i].from == from && transitions[i].to == to) {
            return &transitions[i];
        }
    }
    return NULL;
}

size_t label_check(enum label_state from, enum label_state to, unsigned roles,
                   const struct flow_input *input,
                   struct flow_block ret_blocks[static FLOW_BLOCKS_MAX])
{
    const struct label_transition *step = label_transition_find(from, to);
    size_t count = 0;

    if (step == NULL) {
        ret_blocks[count++] = (struct flow_block){FLOW_REASON_WRONG_STATE, NULL};
        return count;
    }
    if (!permission_allows(roles, step->permission)) {
        ret_blocks[count++] = (struct flow_block){FLOW_REASON_MISSING_PERMISSION, NULL};
    }
    if (input != NULL && (step->needs & FLOW_NEEDS_REASON) != 0 && !input->has_reason) {
        ret_blocks[count++] = (struct flow_block){FLOW_REASON_REASON_REQUIRED, NULL};
    }
    if (input != NULL && (step->needs & FLOW_NEEDS_DATE) != 0 && !input->has_date) {
        ret_blocks[count++] = (struct flow_block){FLOW_REASON_DATE_REQUIRED, NULL};
    }
    return count;
}

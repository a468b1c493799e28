#include "api/label_step.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/label_text.h"
#include "api/service.h"

#define IN struct label_transition_in
static const struct field FIELDS[] = {
    FIELD(IN, to, .need = REQUIRED, .choices = LABEL_STATES),
    FIELD(IN, reason, .max = 2000),
    FIELD(IN, grade, .choices = LABEL_GRADES),
    FIELD(IN, issuer, .max = 200),
    FIELD(IN, granted_on, .format = FORMAT_DATE),
    FIELD(IN, expires_on, .format = FORMAT_DATE),
    FIELD(IN, certificate_url, .max = 500),
    FIELD(IN, evidence_url, .max = 500),
};
const SHAPE(LABEL_TRANSITION_SHAPE, "LabelTransition", struct label_transition_in, FIELDS);

struct block {
    const char *code;
    struct text text;
};

enum { BLOCKS_MAX = FLOW_BLOCKS_MAX + 2 };

/* Only what the actor is in the organisations of this label counts for its steps. */
static unsigned roles_here(const struct label_state_now *now, const struct actor *actor)
{
    const struct {
        const char *list;
        const char *id;
        enum role role;
    } held[] = {
        {actor->staff_of, now->operator_id, ROLE_STAFF},
        {actor->appraises, now->governing_id, ROLE_APPRAISER},
        {actor->directs, now->governing_id, ROLE_DIRECTOR},
        {actor->chairs, now->governing_id, ROLE_CHAIRMAN},
    };
    unsigned roles = 0;

    for (size_t i = 0; i < COUNT_OF(held); i++) {
        if (actor_list_has(held[i].list, held[i].id)) {
            roles |= ROLE_BIT(held[i].role);
        }
    }
    return roles;
}

/* Why the step is closed to this person, whatever comes with it; 0: it is open. */
static size_t find_blocks(const struct label_state_now *now, enum label_state to,
                          const struct actor *actor, struct block ret_blocks[static BLOCKS_MAX])
{
    struct flow_block rules[FLOW_BLOCKS_MAX];
    const struct label_transition *step = label_transition_find(now->state, to);
    size_t rule_count = label_check(now->state, to, actor->roles, NULL, rules);
    size_t count = 0;

    if (step == NULL) {
        ret_blocks[count++] = (struct block){
            "wrong_state", TEXT("Nhãn không ở trạng thái cho phép bước này",
                                "The label is not in a state that allows this step")};
        return count;
    }
    for (size_t i = 0; i < rule_count; i++) {
        ret_blocks[count++] = (struct block){flow_block_code(rules[i]), flow_block_text(rules[i])};
    }
    if (count == 0 && !permission_allows(roles_here(now, actor), step->permission)) {
        ret_blocks[count++] = (struct block){flow_reason_code(FLOW_REASON_NOT_YOUR_ORGANISATION),
                                             flow_reason_text(FLOW_REASON_NOT_YOUR_ORGANISATION)};
    }
    if (to == LABEL_EXPIRED && now->runs) {
        ret_blocks[count++] = (struct block){
            "not_expired_yet", TEXT("Nhãn còn thời hạn", "The label has not reached its last day")};
    }
    return count;
}

static void write_text(struct json_writer *w, const char *name, struct text text)
{
    json_name(w, name);
    json_object_begin(w);
    json_member_text(w, "vi", text.in[LANGUAGE_VI]);
    json_member_text(w, "en", text.in[LANGUAGE_EN]);
    json_object_end(w);
}

static void write_needs(struct json_writer *w, const struct label_transition *step)
{
    json_name(w, "needs");
    json_array_begin(w);
    if (step->to == LABEL_GRANTED) {
        json_text(w, "issuer");
    }
    if ((step->needs & FLOW_NEEDS_DATE) != 0) {
        json_text(w, "granted_on");
        json_text(w, "expires_on");
    }
    if ((step->needs & FLOW_NEEDS_REASON) != 0) {
        json_text(w, "reason");
    }
    json_array_end(w);
}

static void write_step(struct json_writer *w, const struct label_transition *step,
                       const struct block *blocks, size_t count)
{
    bool operator_step = step->permission == PERMISSION_LABEL_REQUEST;

    json_object_begin(w);
    json_member_text(w, "to", label_state_code(step->to));
    json_member_bool(w, "allowed", count == 0);
    json_member_text(w, "permission", permission_code(step->permission));
    json_member_text(w, "party", operator_step ? "operator" : "specialised_unit");
    write_needs(w, step);
    json_name(w, "blocked");
    json_array_begin(w);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(w);
        json_member_text(w, "code", blocks[i].code);
        write_text(w, "text", blocks[i].text);
        json_member_null(w, "basis");
        json_member_null(w, "pointer");
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

void label_step_write(struct json_writer *w, const struct label_state_now *now,
                      const struct actor *actor)
{
    size_t count = 0;
    const struct label_transition *steps = label_transitions(&count);

    json_object_begin(w);
    json_member_text(w, "state", label_state_code(now->state));
    json_member_int(w, "version", now->version);
    json_name(w, "items");
    json_array_begin(w);
    for (size_t i = 0; i < count; i++) {
        if (steps[i].from == now->state) {
            struct block blocks[BLOCKS_MAX];
            size_t found = find_blocks(now, steps[i].to, actor, blocks);
            write_step(w, &steps[i], blocks, found);
        }
    }
    json_array_end(w);
    json_object_end(w);
}

static bool is_blank(const struct in_text *in)
{
    return in->value == NULL || in->value[strspn(in->value, " \t\r\n")] == '\0';
}

static void require(struct call *call, const struct in_text *in, const char *pointer)
{
    if (is_blank(in)) {
        problems_add(&call->problems, pointer, "required", NULL,
                     TEXT("Không được để trống", "Must not be empty"));
    }
}

/* What would be ignored is refused instead. */
static void refuse(struct call *call, const struct in_text *in, const char *pointer)
{
    if (!is_blank(in)) {
        problems_add(&call->problems, pointer, "not_here", NULL,
                     TEXT("Mục này chỉ dùng khi ghi nhận cấp nhãn",
                          "This belongs to a label that is granted"));
    }
}

static void check_grant(struct call *call, const struct label_transition_in *in)
{
    char today[CALENDAR_DATE_TEXT_BYTES];

    date_to_text(service_today(call->service), today);
    require(call, &in->issuer, "/issuer");
    require(call, &in->granted_on, "/granted_on");
    require(call, &in->expires_on, "/expires_on");
    if (in->granted_on.value != NULL && strcmp(in->granted_on.value, today) > 0) {
        problems_add(&call->problems, "/granted_on", "in_future", NULL,
                     TEXT("Ngày cấp không được sau ngày hôm nay", "Must not be after today"));
    }
    if (in->granted_on.value != NULL && in->expires_on.value != NULL &&
        strcmp(in->expires_on.value, in->granted_on.value) <= 0) {
        problems_add(
            &call->problems, "/expires_on", "before_start", NULL,
            TEXT("Ngày hết hạn phải sau ngày cấp", "Must be after the day it was granted"));
    }
    label_url_check(in->certificate_url.value, "/certificate_url", &call->problems);
    label_url_check(in->evidence_url.value, "/evidence_url", &call->problems);
}

static enum fault check_members(struct call *call, const struct label_transition_in *in,
                                const struct label_transition *step)
{
    if ((step->needs & FLOW_NEEDS_REASON) != 0) {
        require(call, &in->reason, "/reason");
    }
    if (step->to == LABEL_GRANTED) {
        check_grant(call, in);
    } else {
        refuse(call, &in->grade, "/grade");
        refuse(call, &in->issuer, "/issuer");
        refuse(call, &in->granted_on, "/granted_on");
        refuse(call, &in->expires_on, "/expires_on");
        refuse(call, &in->certificate_url, "/certificate_url");
        refuse(call, &in->evidence_url, "/evidence_url");
    }
    return call->problems.count > 0 ? FAULT_INVALID : FAULT_NONE;
}

enum fault label_step_check(struct call *call, const struct label_transition_in *in,
                            const struct label_state_now *now, const struct actor *actor,
                            struct reply *reply)
{
    struct block blocks[BLOCKS_MAX];
    enum label_state to = LABEL_REQUESTED;

    if (!label_state_from_code(in->to.value, &to)) {
        return FAULT_INTERNAL;
    }

    const struct label_transition *step = label_transition_find(now->state, to);
    if (find_blocks(now, to, actor, blocks) > 0) {
        bool right = step == NULL || permission_allows(roles_here(now, actor), step->permission);
        if (!right) {
            reply->missing_right = permission_code(step->permission);
        }
        return reply_fault(reply, right ? FAULT_TRANSITION_BLOCKED : FAULT_FORBIDDEN,
                           blocks[0].text.in[LANGUAGE_VI], blocks[0].text.in[LANGUAGE_EN]);
    }
    return check_members(call, in, step);
}

void label_step_apply(const struct label_transition_in *in, struct label_record *label)
{
    label->state = in->to.value;
    label->reason = in->reason.value != NULL ? in->reason.value : "";
    if (strcmp(label->state, label_state_code(LABEL_GRANTED)) != 0) {
        return;
    }
    label->issuer = in->issuer.value;
    label->granted_on = in->granted_on.value;
    label->expires_on = in->expires_on.value;
    if (in->grade.value != NULL) {
        label->grade = in->grade.value;
    }
    if (in->certificate_url.value != NULL) {
        label->certificate_url = in->certificate_url.value;
    }
    if (in->evidence_url.value != NULL) {
        label->evidence_url = in->evidence_url.value;
    }
}

#include <string.h>

#include "api/account_parts.h"
#include "api/call_tools.h"
#include "api/route.h"
#include "api/security_log.h"
#include "db/account_admin.h"
#include "json/decode.h"
#include "json/writer.h"

static const char *const ROLES[] = {"staff",  "appraiser", "director", "chairman",
                                    "office", "admin",     NULL};

struct end_in {
    struct in_text valid_to; /* absent: it holds no more from now on */
    struct in_text document_number;
};

#define IN struct membership_in
static const struct field NEW_FIELDS[] = {
    FIELD(IN, organisation_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(IN, role, .need = REQUIRED, .choices = ROLES),
    FIELD(IN, valid_from, .format = FORMAT_DATE),
    FIELD(IN, valid_to, .nullable = true, .format = FORMAT_DATE),
    FIELD(IN, document_number, .need = REQUIRED, .min = 1, .max = 100),
};
static const struct field END_FIELDS[] = {
    FIELD(struct end_in, valid_to, .format = FORMAT_DATE),
    FIELD(struct end_in, document_number, .need = REQUIRED, .min = 1, .max = 100),
};
const SHAPE(MEMBERSHIP_NEW_SHAPE, "MembershipNew", struct membership_in, NEW_FIELDS);
static const SHAPE(END_SHAPE, "MembershipEnd", struct end_in, END_FIELDS);

const struct shape *const membership_shapes[] = {&MEMBERSHIP_NEW_SHAPE, &END_SHAPE, NULL};

static void blame(struct call *call, const char *at, const char *member, const char *code,
                  struct text message)
{
    problems_add(&call->problems, arena_printf(call->arena, "%s/%s", at, member), code, NULL,
                 message);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

static void check_document(struct call *call, const char *at, const char *number)
{
    if (is_blank(number)) {
        blame(call, at, "document_number", "too_short",
              TEXT("Ghi số, ký hiệu văn bản làm căn cứ", "Give the number of the document"));
    }
}

/* What the shape cannot say, all at once. Dates compare as text. */
static void check_grant(struct call *call, const char *at, const struct membership_in *in,
                        const struct membership_place *place)
{
    const char *from = in->valid_from.present ? in->valid_from.value : place->today;

    if (!place->organisation_active) {
        blame(call, at, "organisation_id", "not_found",
              TEXT("Không có cơ quan, đơn vị này hoặc đã giải thể",
                   "There is no such organisation, or it is dissolved"));
    }
    if (strcmp(from, place->today) < 0) {
        blame(call, at, "valid_from", "in_the_past",
              TEXT("Vai trò bắt đầu từ hôm nay hoặc sau này; việc đã qua không thay đổi",
                   "A role begins today or later; what is past does not change"));
    }
    if (in->valid_to.value != NULL && strcmp(in->valid_to.value, from) < 0) {
        blame(call, at, "valid_to", "before_start",
              TEXT("Ngày kết thúc trước ngày bắt đầu", "The end is before the start"));
    }
    check_document(call, at, in->document_number.value);
}

/* What the log says of a grant or an end. */
static const char *detail(struct call *call, const char *role, const char *organisation,
                          const char *document_number)
{
    struct buffer text;

    buffer_init(&text, 256);
    struct json_writer w = json_writer(&text);
    json_object_begin(&w);
    json_member_text(&w, "role", role);
    json_member_text(&w, "organisation", organisation);
    json_member_text(&w, "document_number", document_number);
    json_object_end(&w);
    const char *copy = arena_str(call->arena, (struct str){text.at, text.length}).at;
    buffer_done(&text);
    return copy;
}

enum fault membership_grant(struct call *call, const char *account_id, const char *account_name,
                            const char *at, const struct membership_in *in)
{
    struct membership_place place;
    const struct actor *actor = NULL;
    enum fault fault = call_actor(call, &actor);

    if (fault == FAULT_NONE) {
        fault = membership_place(call->db, call->arena, in->organisation_id.value, &place);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    check_grant(call, at, in, &place);
    if (call->problems.count > 0) {
        return FAULT_INVALID;
    }
    const struct membership_new membership = {
        .id = call_new_id(call),
        .account_id = account_id,
        .organisation_id = in->organisation_id.value,
        .role = in->role.value,
        .valid_from = in->valid_from.present ? in->valid_from.value : NULL,
        .valid_to = in->valid_to.value,
        .document_number = in->document_number.value,
        .granted_by = actor->account_id,
    };
    fault = membership_insert(call->db, &membership);
    if (fault == FAULT_NONE) {
        fault =
            call_log(call, (struct security_event){
                               .kind = SECURITY_ROLE_GRANTED,
                               .subject_type = "account",
                               .subject_id = account_id,
                               .subject_name = account_name,
                               .detail_json = detail(call, membership.role, place.organisation_name,
                                                     membership.document_number)});
    }
    return fault;
}

static enum fault membership_create(struct call *call, struct reply *reply)
{
    struct membership_in in;
    const struct actor *actor = NULL;
    const char *id = NULL;
    const char *name = NULL;
    int64_t version = 0;
    bool disabled = false;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &MEMBERSHIP_NEW_SHAPE, &in, &call->problems);
    }
    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE && strcmp(id, actor->account_id) == 0) {
        fault = FAULT_OWN_ACCOUNT;
    }
    if (fault == FAULT_NONE) {
        fault = account_lock(call->db, id, &version, &disabled, &name, call->arena);
    }
    if (fault == FAULT_NONE) {
        fault = membership_grant(call, id, name, "", &in);
    }
    if (fault == FAULT_CONFLICT) {
        return reply_fault(
            reply, fault, "Người này đã giữ vai trò đó ở đơn vị đó trong thời gian này",
            "This person holds that role in that organisation in these days already");
    }
    return fault == FAULT_NONE ? account_reply(call, id, 201, NULL, reply) : fault;
}

static void check_end(struct call *call, const struct end_in *in,
                      const struct membership_held *held)
{
    const char *last = in->valid_to.present ? in->valid_to.value : held->earliest_end;

    if (strcmp(last, held->earliest_end) < 0) {
        blame(
            call, "", "valid_to", "in_the_past",
            TEXT("Ngày cuối cùng sớm nhất là hôm qua: việc đã làm theo vai trò này vẫn có giá trị",
                 "The last day is yesterday at the earliest: what was done in this role stands"));
    }
    if (held->valid_to != NULL && strcmp(last, held->valid_to) > 0) {
        blame(call, "", "valid_to", "after_planned",
              TEXT("Muộn hơn ngày kết thúc đã ghi; muốn kéo dài, hãy giao vai trò mới",
                   "Later than the end that was planned; to prolong it, grant it anew"));
    }
    check_document(call, "", in->document_number.value);
}

static enum fault end_and_log(struct call *call, const char *account_id, const char *id,
                              const struct end_in *in, const struct membership_held *held)
{
    const struct actor *actor = NULL;
    enum fault fault = call_actor(call, &actor);

    if (fault != FAULT_NONE) {
        return fault;
    }
    const struct membership_end end = {
        .id = id,
        .valid_to = in->valid_to.present ? in->valid_to.value : held->earliest_end,
        .document_number = in->document_number.value,
        .ended_by = actor->account_id,
    };
    fault = membership_end(call->db, &end);
    if (fault == FAULT_NONE) {
        fault = call_log(call, (struct security_event){
                                   .kind = SECURITY_ROLE_ENDED,
                                   .subject_type = "account",
                                   .subject_id = account_id,
                                   .subject_name = held->account_name,
                                   .detail_json = detail(call, held->role, held->organisation_name,
                                                         end.document_number)});
    }
    return fault;
}

static enum fault membership_end_one(struct call *call, struct reply *reply)
{
    struct end_in in;
    struct membership_held held;
    const struct actor *actor = NULL;
    const char *account_id = NULL;
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &account_id);

    if (fault == FAULT_NONE) {
        fault = call_uuid(call, 1, &id);
    }
    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &END_SHAPE, &in, &call->problems);
    }
    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE && strcmp(account_id, actor->account_id) == 0) {
        fault = FAULT_OWN_ACCOUNT;
    }
    if (fault == FAULT_NONE) {
        fault = membership_lock(call->db, call->arena, account_id, id, &held);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (held.ended) {
        return reply_fault(reply, FAULT_CONFLICT, "Vai trò này đã được chấm dứt",
                           "This role has been ended already");
    }
    check_end(call, &in, &held);
    if (call->problems.count > 0) {
        return FAULT_INVALID;
    }
    fault = end_and_log(call, account_id, id, &in, &held);
    return fault == FAULT_NONE ? account_reply(call, account_id, 200, NULL, reply) : fault;
}

#define FLAGS (ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_NEEDS_STEP_UP | ROUTE_ENDS_ACCESS)

static const struct route ROUTES[] = {
    {METHOD_POST, "/api/v1/accounts/{id}/memberships", "membership_create", PERMISSION_ROLE_GRANT,
     LANE_WORK, FLAGS, 8 * KIB, NULL, membership_create, NULL},
    {METHOD_POST, "/api/v1/accounts/{id}/memberships/{membership}/end", "membership_end",
     PERMISSION_ROLE_GRANT, LANE_WORK, FLAGS, 4 * KIB, NULL, membership_end_one, NULL},
};

const struct route_table membership_routes = {ROUTES, COUNT_OF(ROUTES)};

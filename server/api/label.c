#include "api/label.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/label_step.h"
#include "api/label_text.h"
#include "api/page.h"
#include "api/write.h"
#include "db/label.h"
#include "json/decode.h"

struct label_new {
    struct in_text type, target, system_id, governing_id, operator_id, grade, evidence_url;
};

static const struct field LABEL_NEW[] = {
    FIELD(struct label_new, type, .need = REQUIRED, .choices = LABEL_TYPES),
    FIELD(struct label_new, target, .need = REQUIRED, .min = 1, .max = 253),
    FIELD(struct label_new, system_id, .nullable = true, .format = FORMAT_UUID),
    FIELD(struct label_new, governing_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(struct label_new, operator_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(struct label_new, grade, .need = REQUIRED, .choices = LABEL_GRADES),
    FIELD(struct label_new, evidence_url, .max = 500),
};
static const SHAPE(LABEL_NEW_SHAPE, "LabelNew", struct label_new, LABEL_NEW);

const struct shape *const label_shapes[] = {&LABEL_NEW_SHAPE, &LABEL_TRANSITION_SHAPE, NULL};

/* ---- writing ---- */

static int column(enum label_column c)
{
    return PAGE_FIRST_COLUMN + (int)c;
}

static void write_members(struct json_writer *w, const struct rows *rows, int row)
{
    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    write_str(w, "code", rows, row, column(LABEL_CODE));
    write_str(w, "type", rows, row, column(LABEL_TYPE));
    write_str(w, "target", rows, row, column(LABEL_TARGET));
    write_json_or_null(w, "system", rows, row, column(LABEL_SYSTEM));
    write_reference(w, "operator", rows, row, column(LABEL_OPERATOR_ID));
    write_reference(w, "governing", rows, row, column(LABEL_GOVERNING_ID));
    write_str(w, "grade", rows, row, column(LABEL_GRADE));
    write_str(w, "state", rows, row, column(LABEL_STATE));
    write_str(w, "issuer", rows, row, column(LABEL_ISSUER));
    write_text_or_null(w, "granted_on", rows, row, column(LABEL_GRANTED_ON));
    write_text_or_null(w, "expires_on", rows, row, column(LABEL_EXPIRES_ON));
    write_str(w, "certificate_url", rows, row, column(LABEL_CERTIFICATE_URL));
    write_str(w, "evidence_url", rows, row, column(LABEL_EVIDENCE_URL));
    write_str(w, "reason", rows, row, column(LABEL_REASON));
    write_int_or_null(w, "version", rows, row, column(LABEL_VERSION));
    write_time(w, "updated_at", rows, row, column(LABEL_UPDATED_AT));
}

static void write_row(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_members(w, rows, row);
    json_object_end(w);
}

/* The label as it is now, into the reply, with its ETag. */
static enum fault reply_label(struct call *call, const char *id, struct reply *reply)
{
    struct rows rows;
    enum fault fault = label_get(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->etag = call_version_etag(call, rows_int(&rows, 0, column(LABEL_VERSION), 0));
    if (call->route->method == METHOD_GET && call_not_modified(call, reply->etag)) {
        reply->status = 304;
    } else {
        buffer_init(&reply->body, 2 * KIB);
        struct json_writer w = json_writer(&reply->body);
        json_object_begin(&w);
        write_members(&w, &rows, 0);
        write_json_or_null(&w, "events", &rows, 0, column(LABEL_EVENTS));
        write_time(&w, "created_at", &rows, 0, column(LABEL_CREATED_AT));
        json_object_end(&w);
    }
    rows_done(&rows);
    return FAULT_NONE;
}

/* ---- reading ---- */

static enum fault label_list(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    struct list_scope scope;
    struct page page;
    enum fault fault = page_read(call, &label_list_table, &page, reply);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    label_scope(actor, &scope);
    return page_reply(call, &page, &scope, write_row, reply);
}

static enum fault label_get_one(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    return fault == FAULT_NONE ? reply_label(call, id, reply) : fault;
}

/* What of the label the rules look at; copied out of the row. */
static enum fault load(struct call *call, const char *id, struct label_state_now *ret_now,
                       struct label_record *ret_label)
{
    struct rows rows;
    enum fault fault = label_get(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }

    struct arena *arena = call->arena;
    *ret_label = (struct label_record){
        .id = id,
        .type = rows_copy(&rows, 0, column(LABEL_TYPE), arena),
        .target = rows_copy(&rows, 0, column(LABEL_TARGET), arena),
        .governing_id = rows_copy(&rows, 0, column(LABEL_GOVERNING_ID), arena),
        .operator_id = rows_copy(&rows, 0, column(LABEL_OPERATOR_ID), arena),
        .grade = rows_copy(&rows, 0, column(LABEL_GRADE), arena),
        .state = rows_copy(&rows, 0, column(LABEL_STATE), arena),
        .issuer = rows_copy(&rows, 0, column(LABEL_ISSUER), arena),
        .granted_on = rows_copy(&rows, 0, column(LABEL_GRANTED_ON), arena),
        .expires_on = rows_copy(&rows, 0, column(LABEL_EXPIRES_ON), arena),
        .certificate_url = rows_copy(&rows, 0, column(LABEL_CERTIFICATE_URL), arena),
        .evidence_url = rows_copy(&rows, 0, column(LABEL_EVIDENCE_URL), arena),
        .reason = rows_copy(&rows, 0, column(LABEL_REASON), arena),
    };
    *ret_now = (struct label_state_now){
        .version = rows_int(&rows, 0, column(LABEL_VERSION), 0),
        .runs = rows_bool(&rows, 0, column(LABEL_RUNS)),
        .operator_id = ret_label->operator_id,
        .governing_id = ret_label->governing_id,
    };
    bool known = label_state_from_code(ret_label->state, &ret_now->state);
    rows_done(&rows);
    return known ? FAULT_NONE : FAULT_INTERNAL;
}

static enum fault label_transition_list(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    const char *id = NULL;
    struct label_state_now now;
    struct label_record label;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = load(call, id, &now, &label);
    }
    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 2 * KIB);
    struct json_writer w = json_writer(&reply->body);
    label_step_write(&w, &now, actor);
    return FAULT_NONE;
}

/* ---- writing to the register ---- */

/* What the shape cannot say of a new label: all problems at once. */
static enum fault check_new(struct call *call, struct label_record *label)
{
    struct problems *problems = &call->problems;
    struct label_place place;
    enum fault fault = label_place(call->db, label, &place);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!place.governing_exists) {
        problems_add(problems, "/governing_id", "not_found", NULL,
                     TEXT("Không có cơ quan, đơn vị này", "There is no such organisation"));
    }
    if (label->system_id != NULL && !place.system_exists) {
        problems_add(problems, "/system_id", "not_found", NULL,
                     TEXT("Không có hệ thống này", "There is no such system"));
    } else if (label->system_id != NULL && place.governing_exists && !place.system_fits) {
        problems_add(problems, "/system_id", "not_fitting", NULL,
                     TEXT("Hệ thống do đơn vị khác vận hành hoặc thuộc chủ quản khác",
                          "The system has another operating unit or governing body"));
    }
    if (label->system_id == NULL && strcmp(label->type, "system") == 0) {
        problems_add(problems, "/system_id", "required", NULL,
                     TEXT("Nhãn cho hệ thống phải chỉ rõ hệ thống",
                          "A label for a system names the system"));
    }
    label->target = label_target(label->type, label->target, problems);
    label_url_check(label->evidence_url, "/evidence_url", problems);
    return problems->count > 0 ? FAULT_INVALID : FAULT_NONE;
}

static enum fault label_create(struct call *call, struct reply *reply)
{
    struct label_new in;
    const struct actor *actor = NULL;
    enum fault fault = call_actor(call, &actor);

    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &LABEL_NEW_SHAPE, &in, &call->problems);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!actor_list_has(actor->staff_of, in.operator_id.value)) {
        reply->missing_right = permission_code(PERMISSION_LABEL_REQUEST);
        return reply_fault(reply, FAULT_FORBIDDEN, "Bạn chỉ đề nghị được nhãn cho đơn vị của mình",
                           "You can only request labels for your own unit");
    }

    struct label_record label = {
        .id = call_new_id(call),
        .type = in.type.value,
        .target = in.target.value,
        .system_id = in.system_id.value,
        .governing_id = in.governing_id.value,
        .operator_id = in.operator_id.value,
        .grade = in.grade.value,
        .state = label_state_code(LABEL_REQUESTED),
        .evidence_url = in.evidence_url.value != NULL ? in.evidence_url.value : "",
        .reason = "",
    };
    struct label_step step = {call_new_id(call), NULL, actor->account_id, actor->display_name};
    fault = check_new(call, &label);
    if (fault == FAULT_NONE) {
        fault = label_insert(call->db, &label, &step);
    }
    if (fault == FAULT_CONFLICT) {
        return reply_fault(reply, fault,
                           "Đối tượng này đã có nhãn cùng loại đang đề nghị hoặc đã cấp",
                           "A label of this grade is requested or granted for this target already");
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->status = 201;
    reply->location = arena_printf(call->arena, "/api/v1/labels/%s", label.id);
    return reply_label(call, label.id, reply);
}

/* 412 shows the present state, so that nothing typed is lost. */
static enum fault stale(struct call *call, const char *id, struct reply *reply)
{
    struct reply now = {0};

    if (reply_label(call, id, &now) == FAULT_NONE && now.body.at != NULL) {
        reply->current_json = arena_str(call->arena, (struct str){now.body.at, now.body.length}).at;
        reply->etag = now.etag;
    }
    buffer_done(&now.body);
    return FAULT_VERSION_STALE;
}

static enum fault label_transition_create(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    const char *id = NULL;
    struct label_transition_in in;
    struct label_state_now now;
    struct label_record label;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE) {
        fault = label_lock(call->db, id);
    }
    bool mine = fault != FAULT_FORBIDDEN;
    if (fault == FAULT_NONE || !mine) {
        fault = load(call, id, &now, &label);
    }
    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &LABEL_TRANSITION_SHAPE, &in, &call->problems);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!call_match(call, call_version_etag(call, now.version))) {
        return stale(call, id, reply);
    }
    fault = label_step_check(call, &in, &now, actor, reply);
    if (fault == FAULT_NONE && !mine) {
        fault = FAULT_FORBIDDEN;
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    struct label_step step = {call_new_id(call), label.state, actor->account_id,
                              actor->display_name};
    label_step_apply(&in, &label);
    fault = label_update(call->db, &label, call_int(call, now.version), &step);
    if (fault == FAULT_CONFLICT) {
        return reply_fault(reply, fault,
                           "Đối tượng này đã có nhãn cùng loại đang đề nghị hoặc đã cấp",
                           "A label of this grade is requested or granted for this target already");
    }
    return fault == FAULT_NONE ? reply_label(call, id, reply) : fault;
}

/* ---- routes ---- */

static const char *const LIST_PARAMETERS[] = {"limit",
                                              "cursor",
                                              "sort",
                                              "count",
                                              "q",
                                              "type",
                                              "grade",
                                              "state",
                                              "operator_id",
                                              "system_id",
                                              "expires_on__gte",
                                              "expires_on__lte",
                                              NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/labels", "label_list", PERMISSION_LABEL_READ, LANE_QUICK, 0, 0,
     LIST_PARAMETERS, label_list, NULL},
    {METHOD_POST, "/api/v1/labels", "label_create", PERMISSION_LABEL_REQUEST, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY, 16 * KIB, NULL, label_create, NULL},
    {METHOD_GET, "/api/v1/labels/{id}", "label_get", PERMISSION_LABEL_READ, LANE_QUICK, 0, 0, NULL,
     label_get_one, NULL},
    {METHOD_GET, "/api/v1/labels/{id}/transitions", "label_transition_list", PERMISSION_LABEL_READ,
     LANE_QUICK, 0, 0, NULL, label_transition_list, NULL},
    {METHOD_POST, "/api/v1/labels/{id}/transitions", "label_transition_create",
     PERMISSION_LABEL_TRANSITION, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH | ROUTE_NEEDS_IDEMPOTENCY, 32 * KIB, NULL,
     label_transition_create, NULL},
};

const struct route_table label_routes = {ROUTES, COUNT_OF(ROUTES)};

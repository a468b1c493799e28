#include "api/assignment.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/page.h"
#include "api/record_end.h"
#include "api/security_log.h"
#include "api/write.h"
#include "db/assignment.h"
#include "json/decode.h"

struct member_in {
    struct in_text account_id;
};
static const struct field MEMBER_FIELDS[] = {
    FIELD(struct member_in, account_id, .need = REQUIRED, .format = FORMAT_UUID),
};
static const SHAPE(MEMBER_SHAPE, "CouncilMemberNew", struct member_in, MEMBER_FIELDS);

enum { MEMBERS_MAX = 30 };

struct assignment_in {
    struct in_text kind, governing_id, organisation_id, operator_id, system_code, dossier_code;
    struct in_text council_name, chair_id, document_number, valid_from, valid_to;
    struct in_list members;
};
#define IN struct assignment_in
static const struct field NEW_FIELDS[] = {
    FIELD(IN, kind, .need = REQUIRED, .choices = ASSIGNMENT_KINDS),
    FIELD(IN, governing_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(IN, organisation_id, .format = FORMAT_UUID),
    FIELD(IN, operator_id, .format = FORMAT_UUID),
    FIELD(IN, system_code, .min = 1, .max = 40, .format = FORMAT_CODE),
    FIELD(IN, dossier_code, .min = 1, .max = 40, .format = FORMAT_CODE),
    FIELD(IN, council_name, .min = 1, .max = 300, .format = FORMAT_WRITTEN),
    FIELD(IN, chair_id, .format = FORMAT_UUID),
    FIELD(IN, members, .items = &MEMBER_SHAPE, .max = MEMBERS_MAX),
    FIELD(IN, document_number, .need = REQUIRED, .min = 1, .max = 60, .format = FORMAT_WRITTEN),
    FIELD(IN, valid_from, .need = REQUIRED, .format = FORMAT_DATE),
    FIELD(IN, valid_to, .nullable = true, .format = FORMAT_DATE),
};
static const SHAPE(NEW_SHAPE, "AssignmentNew", IN, NEW_FIELDS);

const struct shape *const assignment_shapes[] = {&MEMBER_SHAPE, &NEW_SHAPE, &record_end_shape,
                                                 NULL};

static int column(enum assignment_column c)
{
    return PAGE_FIRST_COLUMN + (int)c;
}

static void write_item(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    write_str(w, "kind", rows, row, column(ASSIGNMENT_KIND));
    write_json_or_null(w, "governing", rows, row, column(ASSIGNMENT_GOVERNING));
    write_json_or_null(w, "organisation", rows, row, column(ASSIGNMENT_ORGANISATION));
    write_json_or_null(w, "operator", rows, row, column(ASSIGNMENT_OPERATOR));
    write_str(w, "council_name", rows, row, column(ASSIGNMENT_COUNCIL_NAME));
    write_json_or_null(w, "members", rows, row, column(ASSIGNMENT_MEMBERS));
    write_json_or_null(w, "target", rows, row, column(ASSIGNMENT_TARGET));
    write_json_or_null(w, "person", rows, row, column(ASSIGNMENT_PERSON));
    write_str(w, "document_number", rows, row, column(ASSIGNMENT_DOCUMENT_NUMBER));
    write_str(w, "valid_from", rows, row, column(ASSIGNMENT_VALID_FROM));
    write_text_or_null(w, "valid_to", rows, row, column(ASSIGNMENT_VALID_TO));
    write_str(w, "ended_document", rows, row, column(ASSIGNMENT_ENDED_DOCUMENT));
    write_str(w, "state", rows, row, column(ASSIGNMENT_STATE));
    write_int_or_null(w, "version", rows, row, column(ASSIGNMENT_VERSION));
    json_object_end(w);
}

static enum fault assignment_list(struct call *call, struct reply *reply)
{
    /* The table itself says who sees which appraisal assignment; the rest is for everyone. */
    static const struct list_scope EVERYTHING = {.everything = true};
    struct page page;
    enum fault fault = page_read(call, &assignment_list_table, &page, reply);

    return fault == FAULT_NONE ? page_reply(call, &page, &EVERYTHING, write_item, reply) : fault;
}

static void reply_rows(struct call *call, const struct rows *rows, struct reply *reply)
{
    reply->etag = call_state_etag(call, rows_int(rows, 0, column(ASSIGNMENT_VERSION), 0),
                                  rows_copy(rows, 0, column(ASSIGNMENT_STATE), call->arena));
    if (reply->status == 200 && call_not_modified(call, reply->etag)) {
        reply->status = 304;
        return;
    }
    buffer_init(&reply->body, 1024);
    struct json_writer w = json_writer(&reply->body);
    write_item(&w, rows, 0);
}

static enum fault reply_with(struct call *call, const char *id, int status, struct reply *reply)
{
    struct rows rows;
    enum fault fault = assignment_get(call->db, id, &rows);

    if (fault == FAULT_NONE) {
        reply->status = status;
        reply_rows(call, &rows, reply);
        rows_done(&rows);
    }
    return fault;
}

static enum fault assignment_get_one(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    return fault == FAULT_NONE ? reply_with(call, id, 200, reply) : fault;
}

/* ---- recording ---- */

static void wants(struct call *call, const char *pointer)
{
    problems_add(&call->problems, pointer, "required", NULL,
                 TEXT("Phải có thông tin này", "This is required"));
}

static void unwanted(struct call *call, bool given, const char *pointer)
{
    if (given) {
        problems_add(&call->problems, pointer, "not_for_this_kind", NULL,
                     TEXT("Loại phân công này không có thông tin này",
                          "This kind of assignment does not have it"));
    }
}

/* Which members belong to which kind. */
static void check_kind(struct call *call, const struct assignment_in *in)
{
    bool council = strcmp(in->kind.value, "council") == 0;
    bool unit = strcmp(in->kind.value, "specialised_unit") == 0;

    if (strcmp(in->kind.value, "head") == 0) {
        problems_add(&call->problems, "/kind", "recorded_with_person", NULL,
                     TEXT("Chức vụ được ghi nhận cùng vai trò của người đó, không phải ở đây",
                          "A post is recorded with the person's roles, not here"));
        return;
    }
    int targets = (in->operator_id.value != NULL) + (in->system_code.value != NULL) +
                  (in->dossier_code.value != NULL);

    if (!council && in->organisation_id.value == NULL) {
        wants(call, "/organisation_id");
    }
    if (council) {
        unwanted(call, in->organisation_id.value != NULL, "/organisation_id");
        if (in->council_name.value == NULL) {
            wants(call, "/council_name");
        }
        if (in->chair_id.value == NULL) {
            wants(call, "/chair_id");
        }
        if (in->members.count == 0) {
            wants(call, "/members");
        }
    } else {
        unwanted(call, in->council_name.value != NULL, "/council_name");
        unwanted(call, in->chair_id.value != NULL, "/chair_id");
        unwanted(call, in->members.count > 0, "/members");
    }
    if (unit) {
        unwanted(call, in->operator_id.value != NULL, "/operator_id");
        unwanted(call, in->system_code.value != NULL, "/system_code");
        unwanted(call, in->dossier_code.value != NULL, "/dossier_code");
    } else if (targets != 1) {
        problems_add(&call->problems, "/operator_id", "one_target", NULL,
                     TEXT("Phải nêu đúng một: đơn vị vận hành, mã hệ thống hoặc mã hồ sơ",
                          "Name exactly one: an operating unit, a system code or a dossier code"));
    }
}

static const char *member_list(struct call *call, const struct in_list *members)
{
    const struct member_in *items = members->items;
    struct buffer list;

    buffer_init(&list, 64);
    buffer_char(&list, '{');
    for (int i = 0; i < members->count; i++) {
        buffer_printf(&list, "%s%s", i > 0 ? "," : "", items[i].account_id.value);
    }
    buffer_char(&list, '}');
    const char *copy = arena_str(call->arena, (struct str){list.at, list.length}).at;
    buffer_done(&list);
    return copy;
}

/* A system or a dossier says itself whose it is; its governing body must be the one that assigns. */
static enum fault find_target(struct call *call, const struct assignment_in *in,
                              struct assignment_record *assignment)
{
    const char *pointer = in->system_code.value != NULL ? "/system_code" : "/dossier_code";

    if (in->system_code.value == NULL && in->dossier_code.value == NULL) {
        return FAULT_NONE;
    }
    enum fault fault = assignment_target(call->db, call->arena, in->system_code.value,
                                         in->dossier_code.value, assignment);
    if (fault == FAULT_NOT_FOUND) {
        problems_add(&call->problems, pointer, "unknown", NULL,
                     TEXT("Không có mã này", "There is no such code"));
        return FAULT_INVALID;
    }
    if (fault == FAULT_NONE && strcmp(assignment->governing_id, in->governing_id.value) != 0) {
        problems_add(&call->problems, pointer, "other_governing_body", NULL,
                     TEXT("Mã này thuộc cơ quan chủ quản khác",
                          "This code belongs to another governing body"));
        return FAULT_INVALID;
    }
    return fault;
}

static enum fault record(struct call *call, const struct assignment_in *in,
                         struct assignment_record *assignment)
{
    struct rows rows;
    enum fault fault = find_target(call, in, assignment);

    if (fault == FAULT_NONE) {
        fault = assignment_problems(call->db, assignment, &rows);
    }
    if (fault == FAULT_NONE) {
        fault = record_problems(call, &rows);
    }
    if (fault == FAULT_NONE) {
        fault = assignment_insert(call->db, assignment, call->actor->account_id);
    }
    if (fault == FAULT_NONE) {
        fault = call_log(call, (struct security_event){
                                   .kind = SECURITY_AUTHORITY_RECORDED,
                                   .subject_type = "authority",
                                   .subject_id = assignment->id,
                                   .subject_name = assignment->document_number,
                               });
    }
    return fault;
}

static enum fault assignment_create(struct call *call, struct reply *reply)
{
    struct assignment_in in;
    enum fault fault = json_decode(call->body, &NEW_SHAPE, &in, &call->problems);

    if (fault != FAULT_NONE) {
        return fault;
    }
    check_kind(call, &in);
    if (call->problems.count > 0) {
        return FAULT_INVALID;
    }

    struct assignment_record assignment = {
        .id = call_new_id(call),
        .kind = in.kind.value,
        .governing_id = in.governing_id.value,
        .unit_id = in.organisation_id.value,
        .operator_id = in.operator_id.value,
        .council_name = in.council_name.value == NULL ? "" : in.council_name.value,
        .members = member_list(call, &in.members),
        .chair_id = in.chair_id.value,
        .document_number = in.document_number.value,
        .valid_from = in.valid_from.value,
        .valid_to = in.valid_to.value,
    };
    fault = record(call, &in, &assignment);
    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->location = arena_printf(call->arena, "/api/v1/assignments/%s", assignment.id);
    return reply_with(call, assignment.id, 201, reply);
}

/* ---- ending ---- */

static enum fault end_of(struct call *call, const struct rows *rows, const char *id,
                         struct reply *reply)
{
    const char *kind = rows_copy(rows, 0, column(ASSIGNMENT_KIND), call->arena);
    struct record_now now = {
        .table = strcmp(kind, "specialised_unit") == 0 ? RECORD_SPECIALISED_UNIT
                                                       : RECORD_APPRAISAL_ASSIGNMENT,
        .id = id,
        .version = rows_int(rows, 0, column(ASSIGNMENT_VERSION), 0),
        .valid_from = rows_copy(rows, 0, column(ASSIGNMENT_VALID_FROM), call->arena),
        .valid_to = rows_copy(rows, 0, column(ASSIGNMENT_VALID_TO), call->arena),
        .state = rows_copy(rows, 0, column(ASSIGNMENT_STATE), call->arena),
        .title = rows_copy(rows, 0, column(ASSIGNMENT_DOCUMENT_NUMBER), call->arena),
    };

    if (strcmp(kind, "head") == 0) {
        return reply_fault(reply, FAULT_CONFLICT,
                           "Chức vụ được chấm dứt tại vai trò của người đó, không phải ở đây",
                           "A post is ended with the person's roles, not here");
    }
    return record_end_by_body(call, &now, reply);
}

static enum fault assignment_end(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    struct rows rows;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = assignment_get(call->db, id, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    int64_t version = rows_int(&rows, 0, column(ASSIGNMENT_VERSION), 0);
    const char *state = rows_copy(&rows, 0, column(ASSIGNMENT_STATE), call->arena);
    if (!call_match(call, call_version_etag(call, version)) &&
        !call_match(call, call_state_etag(call, version, state))) {
        struct reply now = {0};
        reply_rows(call, &rows, &now);
        reply->current_json = arena_str(call->arena, (struct str){now.body.at, now.body.length}).at;
        reply->etag = now.etag;
        buffer_done(&now.body);
        fault = FAULT_VERSION_STALE;
    } else {
        fault = end_of(call, &rows, id, reply);
    }
    rows_done(&rows);
    return fault == FAULT_NONE ? reply_with(call, id, 0, reply) : fault;
}

static const char *const LIST_PARAMETERS[] = {
    "limit", "cursor", "sort", "count", "kind", "state", "organisation_id", "valid_to__lte", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/assignments", "assignment_list", PERMISSION_ORGANISATION_READ, LANE_QUICK,
     0, 0, LIST_PARAMETERS, assignment_list, NULL},
    {METHOD_POST, "/api/v1/assignments", "assignment_create", PERMISSION_AUTHORITY_ADMIN, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_NEEDS_STEP_UP, 16 * KIB, NULL,
     assignment_create, NULL},
    {METHOD_GET, "/api/v1/assignments/{id}", "assignment_get", PERMISSION_ORGANISATION_READ,
     LANE_QUICK, 0, 0, NULL, assignment_get_one, NULL},
    {METHOD_POST, "/api/v1/assignments/{id}/end", "assignment_end", PERMISSION_AUTHORITY_ADMIN,
     LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_NEEDS_STEP_UP |
         ROUTE_ENDS_ACCESS,
     4 * KIB, NULL, assignment_end, NULL},
};

const struct route_table assignment_routes = {ROUTES, COUNT_OF(ROUTES)};

#include "api/organisation_history.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/organisation_parts.h"
#include "api/page.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/write.h"
#include "base/uuid.h"
#include "db/organisation_history.h"
#include "json/decode.h"

struct body_in {
    struct in_text organisation_id;
};
struct system_in {
    struct in_text code;
};
struct successor_in {
    struct in_text organisation_id;
    struct in_list systems;
    struct in_list units;
};
struct change_in {
    struct in_text kind;
    struct in_text effective_on;
    struct in_text document_number;
    struct in_text note;
    struct in_text name;
    struct in_text parent_id;
    struct in_text code;
    struct in_text scheme;
    struct in_list merged;
    struct in_text successor_id;
    struct in_list successors;
    struct in_text remainder_id;
};

static const struct field BODY_FIELDS[] = {
    FIELD(struct body_in, organisation_id, .need = REQUIRED, .format = FORMAT_UUID),
};
static const SHAPE(BODY_SHAPE, "OrganisationNamed", struct body_in, BODY_FIELDS);
static const struct field SYSTEM_FIELDS[] = {
    FIELD(struct system_in, code, .need = REQUIRED, .min = 1, .max = 40, .format = FORMAT_CODE),
};
static const SHAPE(SYSTEM_SHAPE, "SystemNamed", struct system_in, SYSTEM_FIELDS);
static const struct field SUCCESSOR_FIELDS[] = {
    FIELD(struct successor_in, organisation_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(struct successor_in, systems, .max = LIMIT_SPLIT_NAMED, .items = &SYSTEM_SHAPE),
    FIELD(struct successor_in, units, .max = LIMIT_SPLIT_NAMED, .items = &BODY_SHAPE),
};
static const SHAPE(SUCCESSOR_SHAPE, "OrganisationSuccessor", struct successor_in, SUCCESSOR_FIELDS);
static const struct field CHANGE_FIELDS[] = {
    FIELD(struct change_in, kind, .need = REQUIRED, .choices = ORGANISATION_CHANGES),
    FIELD(struct change_in, effective_on, .need = REQUIRED, .format = FORMAT_DATE),
    FIELD(struct change_in, document_number, .need = REQUIRED, .min = 1, .max = 200),
    FIELD(struct change_in, note, .max = 1000),
    FIELD(struct change_in, name, .min = 1, .max = 300),
    FIELD(struct change_in, parent_id, .nullable = true, .format = FORMAT_UUID),
    FIELD(struct change_in, code, .min = 1, .max = 40, .format = FORMAT_CODE),
    FIELD(struct change_in, scheme, .choices = ORGANISATION_CODE_SCHEMES),
    FIELD(struct change_in, merged, .max = LIMIT_CHANGE_BODIES, .items = &BODY_SHAPE),
    FIELD(struct change_in, successor_id, .nullable = true, .format = FORMAT_UUID),
    FIELD(struct change_in, successors, .max = LIMIT_CHANGE_BODIES, .items = &SUCCESSOR_SHAPE),
    FIELD(struct change_in, remainder_id, .nullable = true, .format = FORMAT_UUID),
};
static const SHAPE(CHANGE_SHAPE, "OrganisationRecord", struct change_in, CHANGE_FIELDS);

const struct shape *const organisation_history_shapes[] = {&BODY_SHAPE, &SYSTEM_SHAPE,
                                                           &SUCCESSOR_SHAPE, &CHANGE_SHAPE, NULL};

/* ---- the timeline ---- */

static void write_codes(struct json_writer *w, const struct rows *rows)
{
    json_name(w, "codes");
    json_array_begin(w);
    for (int i = 0; i < rows->count; i++) {
        json_object_begin(w);
        write_str(w, "code", rows, i, CODE_RECORD_CODE);
        write_str(w, "scheme", rows, i, CODE_RECORD_SCHEME);
        write_text_or_null(w, "valid_from", rows, i, CODE_RECORD_FROM);
        write_text_or_null(w, "valid_to", rows, i, CODE_RECORD_TO);
        write_str(w, "document_number", rows, i, CODE_RECORD_DOCUMENT);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_event(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_str(w, "id", rows, row, EVENT_ID);
    write_str(w, "kind", rows, row, EVENT_KIND);
    write_str(w, "part", rows, row, EVENT_PART);
    write_text_or_null(w, "effective_on", rows, row, EVENT_EFFECTIVE_ON);
    write_str(w, "document_number", rows, row, EVENT_DOCUMENT_NUMBER);
    write_str(w, "note", rows, row, EVENT_NOTE);
    write_json_or_null(w, "before", rows, row, EVENT_BEFORE);
    write_json_or_null(w, "after", rows, row, EVENT_AFTER);
    write_json_or_null(w, "moved", rows, row, EVENT_MOVED);
    write_json_or_null(w, "parties", rows, row, EVENT_PARTIES);
    write_time(w, "recorded_at", rows, row, EVENT_RECORDED_AT);
    write_text_or_null(w, "recorded_by", rows, row, EVENT_RECORDED_NAME);
    json_object_end(w);
}

static enum fault read_page(struct call *call, struct reply *reply, int64_t *ret_limit,
                            const char **ret_behind)
{
    struct str limit = call_parameter(call, "limit");
    struct str cursor = call_parameter(call, "cursor");

    *ret_limit = LIMIT_PAGE_ROWS_DEFAULT;
    *ret_behind = NULL;
    if (limit.at != NULL &&
        (!str_to_int64(limit, ret_limit) || *ret_limit < 1 || *ret_limit > LIMIT_PAGE_ROWS)) {
        return reply_fault(reply, FAULT_BAD_PARAMETER, "Tham số “limit”: phải từ 1 đến 200",
                           "Parameter “limit”: must be 1 to 200");
    }
    if (cursor.at != NULL && !uuid_is_valid(cursor)) {
        return FAULT_BAD_CURSOR;
    }
    if (cursor.at != NULL) {
        *ret_behind = arena_str(call->arena, cursor).at;
    }
    return FAULT_NONE;
}

static void write_timeline(struct call *call, const struct rows *events, const struct rows *codes,
                           int64_t limit, bool first_page, struct reply *reply)
{
    bool more = events->count > limit;
    int shown = more ? (int)limit : events->count;
    char data_version[DATA_VERSION_BYTES];

    service_data_version(call->service, data_version);
    buffer_init(&reply->body, 8 * KIB);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_name(&w, "items");
    json_array_begin(&w);
    for (int i = 0; i < shown; i++) {
        write_event(&w, events, i);
    }
    json_array_end(&w);
    write_codes(&w, codes);
    json_member_text(&w, "next", more ? rows_copy(events, shown - 1, EVENT_ID, call->arena) : NULL);
    json_name(&w, "count");
    json_object_begin(&w);
    json_member_int(&w, "value", shown + (more ? 1 : 0));
    json_member_text(&w, "type", more || !first_page ? "at_least" : "exact");
    json_object_end(&w);
    json_member_text(&w, "data_version", data_version);
    json_object_end(&w);
}

static enum fault organisation_history_list(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    const char *behind = NULL;
    int64_t limit = 0;
    struct rows events;
    struct rows codes;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = read_page(call, reply, &limit, &behind);
    }
    if (fault == FAULT_NONE) {
        fault = organisation_history(call->db, id, behind, call_int(call, limit + 1), &events);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    /* Every organisation has its beginning. */
    fault = events.count == 0 && behind == NULL ? FAULT_NOT_FOUND
                                                : organisation_codes(call->db, id, &codes);
    if (fault == FAULT_NONE) {
        write_timeline(call, &events, &codes, limit, behind == NULL, reply);
        rows_done(&codes);
    }
    rows_done(&events);
    return fault;
}

/* ---- a change ---- */

enum { NAME = 1, PARENT = 2, CODE = 4, MERGED = 8, SUCCESSOR = 16, SUCCESSORS = 32 };

static unsigned members_of(const char *kind)
{
    static const struct {
        const char *kind;
        unsigned members;
    } TABLE[] = {
        {"renamed", NAME},  {"moved", PARENT},        {"code_changed", CODE},
        {"merged", MERGED}, {"dissolved", SUCCESSOR}, {"split", SUCCESSORS},
    };

    for (size_t i = 0; i < COUNT_OF(TABLE); i++) {
        if (strcmp(TABLE[i].kind, kind) == 0) {
            return TABLE[i].members;
        }
    }
    return 0;
}

/* A member that says nothing about this kind of change is a mistake, not something to pass over. */
static void refuse_others(struct problems *problems, const struct change_in *in)
{
    const struct {
        const char *pointer;
        bool present;
        unsigned member;
    } GIVEN[] = {
        {"/name", in->name.present, NAME},
        {"/parent_id", in->parent_id.present, PARENT},
        {"/code", in->code.present, CODE},
        {"/scheme", in->scheme.present, CODE},
        {"/merged", in->merged.present, MERGED},
        {"/successor_id", in->successor_id.present, SUCCESSOR},
        {"/successors", in->successors.present, SUCCESSORS},
        {"/remainder_id", in->remainder_id.present, SUCCESSORS},
    };

    for (size_t i = 0; i < COUNT_OF(GIVEN); i++) {
        if (GIVEN[i].present && (members_of(in->kind.value) & GIVEN[i].member) == 0) {
            problems_add(problems, GIVEN[i].pointer, "not_for_this_kind", NULL,
                         TEXT("Không dùng cho loại thay đổi này", "Not for this kind of change"));
        }
    }
    if (strcmp(in->kind.value, "moved") == 0 && !in->parent_id.present) {
        problems_add(problems, "/parent_id", "required", NULL,
                     TEXT("Chọn cơ quan cấp trên mới, hoặc null nếu không còn",
                          "Choose the new parent, or null for none"));
    }
}

static void write_bodies(struct json_writer *w, const char *name, const struct in_list *list)
{
    const struct body_in *items = list->items;

    json_name(w, name);
    json_array_begin(w);
    for (int i = 0; i < list->count; i++) {
        json_object_begin(w);
        json_member_text(w, "organisation_id", items[i].organisation_id.value);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_successor(struct json_writer *w, const struct successor_in *s)
{
    const struct system_in *systems = s->systems.items;

    json_object_begin(w);
    json_member_text(w, "organisation_id", s->organisation_id.value);
    json_name(w, "systems");
    json_array_begin(w);
    for (int i = 0; i < s->systems.count; i++) {
        json_object_begin(w);
        json_member_text(w, "code", systems[i].code.value);
        json_object_end(w);
    }
    json_array_end(w);
    write_bodies(w, "units", &s->units);
    json_object_end(w);
}

/* What the kind needs, as the database takes it. */
static const char *detail_of(struct call *call, const struct change_in *in)
{
    const struct successor_in *successors = in->successors.items;
    struct buffer text;

    buffer_init(&text, 512);
    struct json_writer w = json_writer(&text);
    json_object_begin(&w);
    json_member_text(&w, "name", in->name.value);
    json_member_text(&w, "parent_id", in->parent_id.value);
    json_member_text(&w, "code", in->code.value);
    json_member_text(&w, "scheme", in->scheme.value);
    write_bodies(&w, "merged", &in->merged);
    json_member_text(&w, "successor_id", in->successor_id.value);
    json_name(&w, "successors");
    json_array_begin(&w);
    for (int i = 0; i < in->successors.count; i++) {
        write_successor(&w, &successors[i]);
    }
    json_array_end(&w);
    json_member_text(&w, "remainder_id", in->remainder_id.value);
    json_object_end(&w);

    const char *copy = arena_str(call->arena, (struct str){text.at, text.length}).at;
    buffer_done(&text);
    return copy;
}

/* "12 3": systems and units that a body without a successor would leave behind. */
static struct text left_behind(struct call *call, const char *about)
{
    struct str rest = str_of(about);
    struct str systems = str_cut(&rest, ' ');

    return TEXT(
        arena_printf(call->arena,
                     "Tổ chức còn %.*s hệ thống và %.*s đơn vị trực thuộc; hãy chọn tổ chức "
                     "kế thừa hoặc chuyển chúng đi trước",
                     (int)systems.length, systems.at, (int)rest.length, rest.at),
        arena_printf(call->arena,
                     "The organisation still has %.*s systems and %.*s units; choose a "
                     "successor or move them first",
                     (int)systems.length, systems.at, (int)rest.length, rest.at));
}

static enum fault check(struct call *call, const struct organisation_change *change,
                        const struct change_in *in)
{
    struct rows rows;

    refuse_others(&call->problems, in);
    if (call->problems.count > 0) {
        return FAULT_INVALID;
    }

    enum fault fault = organisation_problems(call->db, change, &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; i < rows.count; i++) {
        const char *code = rows_copy(&rows, i, 1, call->arena);
        const char *about = rows_copy(&rows, i, 2, call->arena);
        struct text words = strcmp(code, "holds") == 0
                                ? left_behind(call, about)
                                : organisation_said(call, code, about == NULL ? "" : about);
        problems_add(&call->problems, rows_copy(&rows, i, 0, call->arena), code, NULL, words);
    }
    rows_done(&rows);
    return call->problems.count > 0 ? FAULT_INVALID : FAULT_NONE;
}

/* The row is locked and still the one the client saw. */
static enum fault lock_current(struct call *call, const char *id, struct reply *reply)
{
    struct rows rows;
    enum fault fault = organisation_lock(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }

    int64_t version = rows_int(&rows, 0, PAGE_FIRST_COLUMN + (int)ORGANISATION_VERSION, 0);
    if (!call_match(call, call_version_etag(call, version))) {
        reply->current_json = organisation_as_json(call, &rows);
        fault = FAULT_VERSION_STALE;
    }
    rows_done(&rows);
    return fault;
}

static enum fault reply_recorded(struct call *call, const struct organisation_change *change,
                                 const char *moved, struct reply *reply)
{
    struct rows rows;
    enum fault fault = organisation_get(call->db, change->organisation_id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->status = reply->roll_back ? 200 : 201;
    reply->etag = call_version_etag(
        call, rows_int(&rows, 0, PAGE_FIRST_COLUMN + (int)ORGANISATION_VERSION, 0));
    buffer_init(&reply->body, 2 * KIB);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_bool(&w, "dry_run", reply->roll_back);
    json_member_text(&w, "event_id", reply->roll_back ? NULL : change->event_id);
    json_member_raw(&w, "moved", str_of(moved));
    json_name(&w, "organisation");
    organisation_write(&w, &rows, 0);
    json_object_end(&w);
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault log_post(struct call *call, const struct rows *rows, int row)
{
    struct buffer text;

    buffer_init(&text, 256);
    struct json_writer w = json_writer(&text);
    json_object_begin(&w);
    write_str(&w, "role", rows, row, POST_MOVED_ROLE);
    write_str(&w, "organisation", rows, row, POST_MOVED_ORGANISATION);
    write_str(&w, "document_number", rows, row, POST_MOVED_DOCUMENT);
    json_object_end(&w);
    const char *detail = arena_str(call->arena, (struct str){text.at, text.length}).at;
    buffer_done(&text);
    return call_log(call,
                    (struct security_event){
                        .kind = rows_bool(rows, row, POST_MOVED_GRANTED) ? SECURITY_ROLE_GRANTED
                                                                         : SECURITY_ROLE_ENDED,
                        .subject_type = "account",
                        .subject_id = rows_copy(rows, row, POST_MOVED_ACCOUNT, call->arena),
                        .subject_name = rows_copy(rows, row, POST_MOVED_NAME, call->arena),
                        .detail_json = detail,
                    });
}

/* The change, and each role that ended or was given with it. */
static enum fault log_change(struct call *call, const struct organisation_change *change)
{
    struct rows rows;
    const struct actor *actor = NULL;
    enum fault fault =
        call_log(call, (struct security_event){
                           .kind = SECURITY_ORGANISATION_CHANGED,
                           .outcome = SECURITY_DONE,
                           .subject_type = "organisation",
                           .subject_id = change->organisation_id,
                           .detail_json =
                               arena_printf(call->arena, "{\"change\":\"%s\",\"event_id\":\"%s\"}",
                                            change->kind, change->event_id),
                       });

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE) {
        fault = organisation_posts_moved(call->db, actor->account_id, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; i < rows.count && fault == FAULT_NONE; i++) {
        fault = log_post(call, &rows, i);
    }
    rows_done(&rows);
    return fault;
}

static enum fault organisation_change_create(struct call *call, struct reply *reply)
{
    struct change_in in;
    const char *moved = NULL;
    struct organisation_change change = {.event_id = call_new_id(call)};
    struct str mode = call_parameter(call, "mode");
    enum fault fault = call_uuid(call, 0, &change.organisation_id);

    if (mode.at != NULL && !str_is(mode, "dry_run")) {
        return reply_fault(reply, FAULT_BAD_PARAMETER, "Tham số “mode”: chỉ có “dry_run”",
                           "Parameter “mode”: only “dry_run”");
    }
    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &CHANGE_SHAPE, &in, &call->problems);
    }
    if (fault == FAULT_NONE) {
        fault = lock_current(call, change.organisation_id, reply);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    change.kind = in.kind.value;
    change.effective_on = in.effective_on.value;
    change.document_number = in.document_number.value;
    change.note = in.note.value == NULL ? "" : in.note.value;
    change.detail = detail_of(call, &in);
    fault = check(call, &change, &in);
    if (fault == FAULT_NONE) {
        fault = organisation_record_change(call->db, &change, call->arena, &moved);
    }
    if (fault == FAULT_NONE && mode.at == NULL) {
        fault = log_change(call, &change);
    }
    if (fault == FAULT_NONE) {
        reply->roll_back = mode.at != NULL;
        fault = reply_recorded(call, &change, moved, reply);
    }
    return fault;
}

static const char *const HISTORY_PARAMETERS[] = {"limit", "cursor", NULL};
static const char *const CHANGE_PARAMETERS[] = {"mode", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/organisations/{id}/history", "organisation_history_list",
     PERMISSION_ORGANISATION_READ, LANE_QUICK, 0, 0, HISTORY_PARAMETERS, organisation_history_list,
     NULL},
    {METHOD_POST, "/api/v1/organisations/{id}/changes", "organisation_change_create",
     PERMISSION_ORGANISATION_ADMIN, LANE_WORK,
     /* It gives and ends roles. */
     ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_NEEDS_STEP_UP |
         ROUTE_ENDS_ACCESS,
     256 * KIB, CHANGE_PARAMETERS, organisation_change_create, NULL},
};

const struct route_table organisation_history_routes = {ROUTES, COUNT_OF(ROUTES)};

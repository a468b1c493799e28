#include "api/organisation.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/organisation_parts.h"
#include "api/page.h"
#include "api/service.h"
#include "api/write.h"
#include "db/organisation_history.h"
#include "rules/calendar.h"
#include "json/decode.h"

struct organisation_in {
    struct in_text code; /* from here to valid_from only of a new one */
    struct in_text code_scheme;
    struct in_text name;
    struct in_text parent_id;
    struct in_text valid_from;
    struct in_text kind;
    struct in_text mandate_document;
    struct in_text representative;
    struct in_text representative_title;
    struct in_text address;
    struct in_text phone;
    struct in_text email;
};

#define IN struct organisation_in
#define COMMON_FIELDS(needed)                                                           \
    FIELD(IN, kind, .need = (needed), .choices = ORGANISATION_KINDS),                   \
        FIELD(IN, mandate_document, .max = 300), FIELD(IN, representative, .max = 200), \
        FIELD(IN, representative_title, .max = 200), FIELD(IN, address, .max = 300),    \
        FIELD(IN, phone, .max = 60), FIELD(IN, email, .max = 200)

static const struct field NEW_FIELDS[] = {
    FIELD(IN, code, .need = REQUIRED, .min = 1, .max = 40, .format = FORMAT_CODE),
    FIELD(IN, code_scheme, .choices = ORGANISATION_CODE_SCHEMES),
    FIELD(IN, name, .need = REQUIRED, .min = 1, .max = 300),
    FIELD(IN, parent_id, .nullable = true, .format = FORMAT_UUID),
    FIELD(IN, valid_from, .nullable = true, .format = FORMAT_DATE),
    COMMON_FIELDS(REQUIRED),
};
/* Names, places, codes and standing change by api/organisation_history.c alone. */
static const struct field CHANGE_FIELDS[] = {COMMON_FIELDS(OPTIONAL)};
static const SHAPE(NEW_SHAPE, "OrganisationNew", struct organisation_in, NEW_FIELDS);
static const SHAPE(CHANGE_SHAPE, "OrganisationChange", struct organisation_in, CHANGE_FIELDS);

const struct shape *const organisation_shapes[] = {&NEW_SHAPE, &CHANGE_SHAPE, NULL};

static const struct {
    const char *name;
    enum organisation_column column;
} MEMBERS[] = {
    {"code", ORGANISATION_CODE},
    {"code_scheme", ORGANISATION_CODE_SCHEME},
    {"name", ORGANISATION_NAME},
    {"kind", ORGANISATION_KIND},
    {"parent_id", ORGANISATION_PARENT_ID},
    {"status", ORGANISATION_STATUS},
    {"successor_id", ORGANISATION_SUCCESSOR_ID},
    {"valid_from", ORGANISATION_VALID_FROM},
    {"valid_to", ORGANISATION_VALID_TO},
    {"mandate_document", ORGANISATION_MANDATE_DOCUMENT},
    {"representative", ORGANISATION_REPRESENTATIVE},
    {"representative_title", ORGANISATION_REPRESENTATIVE_TITLE},
    {"address", ORGANISATION_ADDRESS},
    {"phone", ORGANISATION_PHONE},
    {"email", ORGANISATION_EMAIL},
};

static int64_t row_version(const struct rows *rows, int row)
{
    return rows_int(rows, row, PAGE_FIRST_COLUMN + (int)ORGANISATION_VERSION, 0);
}

static void write_members(struct json_writer *w, const struct rows *rows, int row)
{
    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    for (size_t i = 0; i < COUNT_OF(MEMBERS); i++) {
        write_text_or_null(w, MEMBERS[i].name, rows, row,
                           PAGE_FIRST_COLUMN + (int)MEMBERS[i].column);
    }
    json_member_int(w, "version", row_version(rows, row));
    write_time(w, "created_at", rows, row, PAGE_FIRST_COLUMN + (int)ORGANISATION_CREATED_AT);
    write_time(w, "updated_at", rows, row, PAGE_FIRST_COLUMN + (int)ORGANISATION_UPDATED_AT);
}

void organisation_write(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_members(w, rows, row);
    json_object_end(w);
}

/* Who carries on for a code, present or past; instead of a page, because there are few. */
static enum fault find_by_code(struct call *call, struct str code, struct reply *reply)
{
    struct rows rows;
    char data_version[DATA_VERSION_BYTES];

    if (call->query_count > 1 || code.length == 0 || code.length > 40) {
        return reply_fault(reply, FAULT_BAD_PARAMETER,
                           "Tham số “code”: đứng một mình, từ 1 đến 40 ký tự",
                           "Parameter “code”: stands alone, 1 to 40 characters");
    }
    service_data_version(call->service, data_version);

    enum fault fault = organisation_find_code(call->db, arena_str(call->arena, code).at, &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 2 * KIB);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_name(&w, "items");
    json_array_begin(&w);
    for (int i = 0; i < rows.count; i++) {
        json_object_begin(&w);
        write_members(&w, &rows, i);
        write_json_or_null(&w, "found_by", &rows, i,
                           PAGE_FIRST_COLUMN + (int)ORGANISATION_FOUND_BY);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_member_null(&w, "next");
    json_name(&w, "count");
    json_object_begin(&w);
    json_member_int(&w, "value", rows.count);
    json_member_text(&w, "type", "exact");
    json_object_end(&w);
    json_member_text(&w, "data_version", data_version);
    json_object_end(&w);
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault organisation_list(struct call *call, struct reply *reply)
{
    /* A directory for everyone signed in. */
    static const struct list_scope EVERYTHING = {.everything = true};
    struct str code = call_parameter(call, "code");
    struct page page;

    if (code.at != NULL) {
        return find_by_code(call, code, reply);
    }

    enum fault fault = page_read(call, &organisation_list_table, &page, reply);
    return fault == FAULT_NONE ? page_reply(call, &page, &EVERYTHING, organisation_write, reply)
                               : fault;
}

/* The day of as_of, or NULL when it is not asked for. */
static enum fault read_day(struct call *call, struct reply *reply, const char **ret_day)
{
    struct str day = call_parameter(call, "as_of");
    struct date date;

    *ret_day = NULL;
    if (day.at == NULL) {
        return FAULT_NONE;
    }
    if (day.length != 10 || !date_from_text(arena_str(call->arena, day).at, &date)) {
        return reply_fault(reply, FAULT_BAD_PARAMETER, "Tham số “as_of”: một ngày YYYY-MM-DD",
                           "Parameter “as_of”: a day, YYYY-MM-DD");
    }
    *ret_day = arena_str(call->arena, day).at;
    return FAULT_NONE;
}

static enum fault reply_with(struct call *call, const char *id, int status, struct reply *reply)
{
    struct rows rows;
    const char *day = NULL;
    enum fault fault = read_day(call, reply, &day);

    if (fault == FAULT_NONE) {
        fault = day == NULL ? organisation_get(call->db, id, &rows)
                            : organisation_get_on(call->db, id, day, &rows);
    }
    if (fault == FAULT_NOT_FOUND && day != NULL) {
        return reply_fault(reply, fault, "Không có tổ chức này vào ngày đã hỏi",
                           "There was no such organisation on that day");
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->etag = call_version_etag(call, row_version(&rows, 0));
    reply->status = status;
    if (status == 200 && call_not_modified(call, reply->etag)) {
        reply->status = 304;
    } else {
        buffer_init(&reply->body, 1024);
        struct json_writer w = json_writer(&reply->body);
        organisation_write(&w, &rows, 0);
    }
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault organisation_get_one(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    return fault == FAULT_NONE ? reply_with(call, id, 200, reply) : fault;
}

/* What the shape cannot say of a new one: all problems at once. */
static enum fault check(struct call *call, const struct organisation_record *o)
{
    struct problems *problems = &call->problems;
    enum organisation_side parent = SIDE_ACTIVE;
    enum fault fault = FAULT_NONE;

    if (o->parent_id != NULL) {
        fault = organisation_parent(call->db, o->parent_id, &parent);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (parent == SIDE_UNKNOWN) {
        problems_add(problems, "/parent_id", "not_found", NULL,
                     TEXT("Không có cơ quan, đơn vị này", "There is no such organisation"));
    } else if (parent == SIDE_DISSOLVED) {
        problems_add(problems, "/parent_id", "dissolved", NULL,
                     TEXT("Cơ quan, đơn vị này đã giải thể hoặc sáp nhập; hãy chọn đơn vị kế thừa",
                          "This organisation has ended; choose its successor"));
    }
    if (o->valid_from != NULL) {
        char today[CALENDAR_DATE_TEXT_BYTES];
        date_to_text(service_today(call->service), today);
        if (strcmp(o->valid_from, today) > 0) {
            problems_add(problems, "/valid_from", "future", NULL,
                         TEXT("Ngày có hiệu lực chưa đến; hãy thêm cơ quan, đơn vị vào ngày đó",
                              "The day has not come; add the organisation on that day"));
        }
    }
    if (o->name[strspn(o->name, " \t\r\n")] == '\0') {
        problems_add(problems, "/name", "too_short", NULL,
                     TEXT("Không được để trống", "Must not be empty"));
    }
    return problems->count > 0 ? FAULT_INVALID : FAULT_NONE;
}

static void take(const struct in_text *in, const char **member)
{
    if (in->present) {
        *member = in->value;
    }
}

static void apply(const struct organisation_in *in, struct organisation_record *o)
{
    take(&in->kind, &o->kind);
    take(&in->mandate_document, &o->mandate_document);
    take(&in->representative, &o->representative);
    take(&in->representative_title, &o->representative_title);
    take(&in->address, &o->address);
    take(&in->phone, &o->phone);
    take(&in->email, &o->email);
}

static enum fault organisation_create(struct call *call, struct reply *reply)
{
    struct organisation_in in;
    enum fault fault = json_decode(call->body, &NEW_SHAPE, &in, &call->problems);

    if (fault != FAULT_NONE) {
        return fault;
    }

    struct organisation_record o = {
        .id = call_new_id(call),
        .code = in.code.value,
        .code_scheme = in.code_scheme.value,
        .name = in.name.value,
        .parent_id = in.parent_id.value,
        .valid_from = in.valid_from.value,
        .mandate_document = "",
        .representative = "",
        .representative_title = "",
        .address = "",
        .phone = "",
        .email = "",
    };
    apply(&in, &o);
    fault = check(call, &o);
    if (fault == FAULT_NONE) {
        fault = organisation_insert(call->db, &o);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->location = arena_printf(call->arena, "/api/v1/organisations/%s", o.id);
    return reply_with(call, o.id, 201, reply);
}

const char *organisation_as_json(struct call *call, const struct rows *rows)
{
    struct buffer text;

    buffer_init(&text, 1024);
    struct json_writer w = json_writer(&text);
    organisation_write(&w, rows, 0);
    const char *copy = arena_str(call->arena, (struct str){text.at, text.length}).at;
    buffer_done(&text);
    return copy;
}

static enum fault organisation_change(struct call *call, struct reply *reply)
{
    struct organisation_in in;
    struct organisation_record o;
    struct rows rows;
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &CHANGE_SHAPE, &in, &call->problems);
    }
    if (fault == FAULT_NONE) {
        fault = organisation_lock(call->db, id, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    int64_t version = row_version(&rows, 0);
    bool current = call_match(call, call_version_etag(call, version));
    if (!current) {
        reply->current_json = organisation_as_json(call, &rows);
    }
    organisation_read(&rows, call->arena, &o);
    rows_done(&rows);
    if (!current) {
        return FAULT_VERSION_STALE;
    }

    apply(&in, &o);
    fault = organisation_update(call->db, &o, call_int(call, version));
    return fault == FAULT_NONE ? reply_with(call, id, 0, reply) : fault;
}

static const char *const LIST_PARAMETERS[] = {"limit", "cursor", "sort",      "count", "q",
                                              "kind",  "status", "parent_id", "code",  NULL};
static const char *const GET_PARAMETERS[] = {"as_of", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/organisations", "organisation_list", PERMISSION_ORGANISATION_READ,
     LANE_QUICK, 0, 0, LIST_PARAMETERS, organisation_list, NULL},
    {METHOD_POST, "/api/v1/organisations", "organisation_create", PERMISSION_ORGANISATION_ADMIN,
     LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY, 16 * KIB, NULL, organisation_create, NULL},
    {METHOD_GET, "/api/v1/organisations/{id}", "organisation_get", PERMISSION_ORGANISATION_READ,
     LANE_QUICK, 0, 0, GET_PARAMETERS, organisation_get_one, NULL},
    {METHOD_PATCH, "/api/v1/organisations/{id}", "organisation_change",
     PERMISSION_ORGANISATION_ADMIN, LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH, 16 * KIB, NULL,
     organisation_change, NULL},
};

const struct route_table organisation_routes = {ROUTES, COUNT_OF(ROUTES)};

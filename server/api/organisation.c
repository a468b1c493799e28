#include "api/organisation.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/page.h"
#include "api/write.h"
#include "db/organisation.h"
#include "json/decode.h"

struct organisation_in {
    struct in_text code; /* not in a change */
    struct in_text name;
    struct in_text kind;
    struct in_text parent_id;
    struct in_text status;
    struct in_text successor_id;
    struct in_text valid_from;
    struct in_text valid_to;
    struct in_text mandate_document;
    struct in_text representative;
    struct in_text representative_title;
    struct in_text address;
    struct in_text phone;
    struct in_text email;
};

#define IN struct organisation_in
#define COMMON_FIELDS(needed)                                                           \
    FIELD(IN, name, .need = (needed), .min = 1, .max = 300),                            \
        FIELD(IN, kind, .need = (needed), .choices = ORGANISATION_KINDS),               \
        FIELD(IN, parent_id, .nullable = true, .format = FORMAT_UUID),                  \
        FIELD(IN, status, .choices = ORGANISATION_STATUSES),                            \
        FIELD(IN, successor_id, .nullable = true, .format = FORMAT_UUID),               \
        FIELD(IN, valid_from, .nullable = true, .format = FORMAT_DATE),                 \
        FIELD(IN, valid_to, .nullable = true, .format = FORMAT_DATE),                   \
        FIELD(IN, mandate_document, .max = 300), FIELD(IN, representative, .max = 200), \
        FIELD(IN, representative_title, .max = 200), FIELD(IN, address, .max = 300),    \
        FIELD(IN, phone, .max = 60), FIELD(IN, email, .max = 200)

static const struct field NEW_FIELDS[] = {
    FIELD(IN, code, .need = REQUIRED, .min = 1, .max = 40, .format = FORMAT_CODE),
    COMMON_FIELDS(REQUIRED),
};
static const struct field CHANGE_FIELDS[] = {COMMON_FIELDS(OPTIONAL)};
static const SHAPE(NEW_SHAPE, "OrganisationNew", struct organisation_in, NEW_FIELDS);
static const SHAPE(CHANGE_SHAPE, "OrganisationChange", struct organisation_in, CHANGE_FIELDS);

const struct shape *const organisation_shapes[] = {&NEW_SHAPE, &CHANGE_SHAPE, NULL};

static const struct {
    const char *name;
    enum organisation_column column;
} MEMBERS[] = {
    {"code", ORGANISATION_CODE},
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

static void write_item(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    for (size_t i = 0; i < COUNT_OF(MEMBERS); i++) {
        write_text_or_null(w, MEMBERS[i].name, rows, row,
                           PAGE_FIRST_COLUMN + (int)MEMBERS[i].column);
    }
    json_member_int(w, "version", row_version(rows, row));
    write_time(w, "created_at", rows, row, PAGE_FIRST_COLUMN + (int)ORGANISATION_CREATED_AT);
    write_time(w, "updated_at", rows, row, PAGE_FIRST_COLUMN + (int)ORGANISATION_UPDATED_AT);
    json_object_end(w);
}

static enum fault organisation_list(struct call *call, struct reply *reply)
{
    /* A directory for everyone signed in. */
    static const struct list_scope EVERYTHING = {.everything = true};
    struct page page;
    enum fault fault = page_read(call, &organisation_list_table, &page, reply);

    return fault == FAULT_NONE ? page_reply(call, &page, &EVERYTHING, write_item, reply) : fault;
}

static enum fault reply_with(struct call *call, const char *id, int status, struct reply *reply)
{
    struct rows rows;
    enum fault fault = organisation_get(call->db, id, &rows);

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
        write_item(&w, &rows, 0);
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

/* What the shape cannot say: all problems at once. */
static enum fault check(struct call *call, const struct organisation_record *o)
{
    struct problems *problems = &call->problems;
    struct organisation_place place;
    enum fault fault = organisation_place(call->db, o, &place);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (o->parent_id != NULL && !place.parent_exists) {
        problems_add(problems, "/parent_id", "not_found", NULL,
                     TEXT("Không có cơ quan, đơn vị này", "There is no such organisation"));
    } else if (o->parent_id != NULL && place.parent_is_below) {
        problems_add(
            problems, "/parent_id", "circle", NULL,
            TEXT("Cơ quan cấp trên không thể là chính đơn vị này hoặc đơn vị trực thuộc nó",
                 "The parent cannot be the organisation itself or one below it"));
    }
    if (o->successor_id != NULL && !place.successor_exists) {
        problems_add(problems, "/successor_id", "not_found", NULL,
                     TEXT("Không có cơ quan, đơn vị này", "There is no such organisation"));
    } else if (o->successor_id != NULL && place.successor_leads_back) {
        problems_add(problems, "/successor_id", "circle", NULL,
                     TEXT("Đơn vị kế thừa không được dẫn trở lại chính đơn vị này",
                          "The successor leads back to the organisation itself"));
    }
    if (o->successor_id != NULL && strcmp(o->status, "dissolved") != 0) {
        problems_add(problems, "/successor_id", "not_dissolved", NULL,
                     TEXT("Chỉ cơ quan, đơn vị đã giải thể, sáp nhập mới có đơn vị kế thừa",
                          "Only a dissolved organisation has a successor"));
    }
    if (o->valid_from != NULL && o->valid_to != NULL && strcmp(o->valid_to, o->valid_from) < 0) {
        problems_add(problems, "/valid_to", "before_start", NULL,
                     TEXT("Ngày kết thúc trước ngày bắt đầu", "The end is before the start"));
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
    take(&in->name, &o->name);
    take(&in->kind, &o->kind);
    take(&in->parent_id, &o->parent_id);
    take(&in->status, &o->status);
    take(&in->successor_id, &o->successor_id);
    take(&in->valid_from, &o->valid_from);
    take(&in->valid_to, &o->valid_to);
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
        .status = "active",
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

static const char *row_as_json(struct call *call, const struct rows *rows)
{
    struct buffer text;

    buffer_init(&text, 1024);
    struct json_writer w = json_writer(&text);
    write_item(&w, rows, 0);
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
        reply->current_json = row_as_json(call, &rows);
    }
    organisation_read(&rows, call->arena, &o);
    rows_done(&rows);
    if (!current) {
        return FAULT_VERSION_STALE;
    }

    apply(&in, &o);
    fault = check(call, &o);
    if (fault == FAULT_NONE) {
        fault = organisation_update(call->db, &o, call_int(call, version));
    }
    return fault == FAULT_NONE ? reply_with(call, id, 0, reply) : fault;
}

static const char *const LIST_PARAMETERS[] = {"limit", "cursor", "sort",      "count", "q",
                                              "kind",  "status", "parent_id", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/organisations", "organisation_list", PERMISSION_ORGANISATION_READ,
     LANE_QUICK, 0, 0, LIST_PARAMETERS, organisation_list, NULL},
    {METHOD_POST, "/api/v1/organisations", "organisation_create", PERMISSION_ORGANISATION_ADMIN,
     LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY, 16 * KIB, NULL, organisation_create, NULL},
    {METHOD_GET, "/api/v1/organisations/{id}", "organisation_get", PERMISSION_ORGANISATION_READ,
     LANE_QUICK, 0, 0, NULL, organisation_get_one, NULL},
    {METHOD_PATCH, "/api/v1/organisations/{id}", "organisation_change",
     PERMISSION_ORGANISATION_ADMIN, LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH, 16 * KIB, NULL,
     organisation_change, NULL},
};

const struct route_table organisation_routes = {ROUTES, COUNT_OF(ROUTES)};

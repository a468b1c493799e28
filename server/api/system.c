#include "api/system.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/page.h"
#include "api/service.h"
#include "api/system_facts.h"
#include "api/write.h"
#include "db/system.h"
#include "json/decode.h"

enum { SYSTEM_BODY_BYTES = 512 * KIB };

static const char *const CONTACT_PURPOSES[] = {"business", "technical", "incident", NULL};
static const char *const ADDRESS_KINDS[] = {"domain", "ip_range", NULL};
static const char *const COMPONENT_KINDS[] = {"hardware", "software", "service", "network", NULL};
static const char *const RELATION_KINDS[] = {"part_of", "uses", "sends_data_to", "connects_to",
                                             NULL};

struct contact {
    struct in_text name, title, phone, email, purpose;
};
static const struct field CONTACT[] = {
    FIELD(struct contact, name, .need = REQUIRED, .min = 1, .max = 200),
    FIELD(struct contact, title, .max = 200),
    FIELD(struct contact, phone, .max = 60),
    FIELD(struct contact, email, .max = 200),
    FIELD(struct contact, purpose, .choices = CONTACT_PURPOSES),
};
static const SHAPE(CONTACT_SHAPE, "Contact", struct contact, CONTACT);

struct address {
    struct in_text kind, value, note;
};
static const struct field ADDRESS[] = {
    FIELD(struct address, kind, .need = REQUIRED, .choices = ADDRESS_KINDS),
    FIELD(struct address, value, .need = REQUIRED, .min = 1, .max = 253),
    FIELD(struct address, note, .max = 300),
};
static const SHAPE(ADDRESS_SHAPE, "Address", struct address, ADDRESS);

struct component {
    struct in_text name, kind, location, purpose, product, version;
};
static const struct field COMPONENT[] = {
    FIELD(struct component, name, .need = REQUIRED, .min = 1, .max = 200),
    FIELD(struct component, kind, .need = REQUIRED, .choices = COMPONENT_KINDS),
    FIELD(struct component, location, .max = 300),
    FIELD(struct component, purpose, .max = 300),
    FIELD(struct component, product, .max = 200),
    FIELD(struct component, version, .max = 60),
};
static const SHAPE(COMPONENT_SHAPE, "Component", struct component, COMPONENT);

struct unit {
    struct in_text organisation_id, duty;
};
static const struct field UNIT[] = {
    FIELD(struct unit, organisation_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(struct unit, duty, .max = 300),
};
static const SHAPE(UNIT_SHAPE, "UnitNew", struct unit, UNIT);

struct relation {
    struct in_text system_id, kind;
};
static const struct field RELATION[] = {
    FIELD(struct relation, system_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(struct relation, kind, .need = REQUIRED, .choices = RELATION_KINDS),
};
static const SHAPE(RELATION_SHAPE, "RelationNew", struct relation, RELATION);

struct system_input {
    struct in_text governing_id, operator_id; /* only when created */
    struct in_text name, purpose, scope, served_users, life_cycle, plan_status, ruleset;
    struct in_json facts, contacts, addresses, components, units, relations;
};

#define SYSTEM_FIELDS(need_)                                                           \
    FIELD(struct system_input, name, .need = (need_), .min = 1, .max = 300),           \
        FIELD(struct system_input, purpose, .max = 4000),                              \
        FIELD(struct system_input, scope, .max = 4000),                                \
        FIELD(struct system_input, served_users, .max = 2000),                         \
        FIELD(struct system_input, life_cycle, .choices = SYSTEM_LIFE_CYCLES),         \
        FIELD(struct system_input, plan_status, .choices = SYSTEM_PLAN_STATUSES),      \
        FIELD(struct system_input, ruleset, .need = (need_), .max = 60),               \
        FIELD(struct system_input, facts, .format = FORMAT_OBJECT),                    \
        FIELD(struct system_input, contacts, .items = &CONTACT_SHAPE, .max = 20),      \
        FIELD(struct system_input, addresses, .items = &ADDRESS_SHAPE, .max = 200),    \
        FIELD(struct system_input, components, .items = &COMPONENT_SHAPE, .max = 500), \
        FIELD(struct system_input, units, .items = &UNIT_SHAPE, .max = 20),            \
        FIELD(struct system_input, relations, .items = &RELATION_SHAPE, .max = 200)

static const struct field SYSTEM_NEW[] = {
    FIELD(struct system_input, governing_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(struct system_input, operator_id, .need = REQUIRED, .format = FORMAT_UUID),
    SYSTEM_FIELDS(REQUIRED),
};
static const SHAPE(SYSTEM_NEW_SHAPE, "SystemNew", struct system_input, SYSTEM_NEW);
static const struct field SYSTEM_CHANGE[] = {SYSTEM_FIELDS(OPTIONAL)};
static const SHAPE(SYSTEM_CHANGE_SHAPE, "SystemChange", struct system_input, SYSTEM_CHANGE);

const struct shape *const system_shapes[] = {
    &CONTACT_SHAPE,  &ADDRESS_SHAPE,    &COMPONENT_SHAPE,     &UNIT_SHAPE,
    &RELATION_SHAPE, &SYSTEM_NEW_SHAPE, &SYSTEM_CHANGE_SHAPE, NULL};

/* ---- writing ---- */

static int column(enum system_column c)
{
    return PAGE_FIRST_COLUMN + (int)c;
}

static void write_row_members(struct json_writer *w, const struct rows *rows, int row)
{
    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    write_str(w, "code", rows, row, column(SYSTEM_CODE));
    write_str(w, "name", rows, row, column(SYSTEM_NAME));
    write_reference(w, "operator", rows, row, column(SYSTEM_OPERATOR_ID));
    write_reference(w, "governing", rows, row, column(SYSTEM_GOVERNING_ID));
    write_str(w, "life_cycle", rows, row, column(SYSTEM_LIFE_CYCLE));
    write_str(w, "plan_status", rows, row, column(SYSTEM_PLAN_STATUS));
    write_str(w, "ruleset", rows, row, column(SYSTEM_RULESET));
    write_int_or_null(w, "computed_level", rows, row, column(SYSTEM_COMPUTED_LEVEL));
    write_int_or_null(w, "at_least", rows, row, column(SYSTEM_AT_LEAST));
    write_int_or_null(w, "approved_level", rows, row, column(SYSTEM_APPROVED_LEVEL));
    write_text_or_null(w, "approved_on", rows, row, column(SYSTEM_APPROVED_ON));
    write_int_or_null(w, "level", rows, row, column(SYSTEM_LEVEL));
    write_str(w, "approval_status", rows, row, column(SYSTEM_APPROVAL_STATUS));
    write_int_or_null(w, "version", rows, row, column(SYSTEM_VERSION));
    write_time(w, "updated_at", rows, row, column(SYSTEM_UPDATED_AT));
}

static void write_row(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_row_members(w, rows, row);
    json_object_end(w);
}

static void write_system(struct json_writer *w, const struct rows *rows)
{
    json_object_begin(w);
    write_row_members(w, rows, 0);
    write_str(w, "purpose", rows, 0, column(SYSTEM_PURPOSE));
    write_str(w, "scope", rows, 0, column(SYSTEM_SCOPE));
    write_str(w, "served_users", rows, 0, column(SYSTEM_SERVED_USERS));
    write_json_or_null(w, "facts", rows, 0, column(SYSTEM_FACTS));
    write_json_or_null(w, "contacts", rows, 0, column(SYSTEM_CONTACTS));
    write_json_or_null(w, "addresses", rows, 0, column(SYSTEM_ADDRESSES));
    write_json_or_null(w, "components", rows, 0, column(SYSTEM_COMPONENTS));
    write_json_or_null(w, "units", rows, 0, column(SYSTEM_UNITS));
    write_json_or_null(w, "relations", rows, 0, column(SYSTEM_RELATIONS));
    write_json_or_null(w, "open_dossier", rows, 0, column(SYSTEM_OPEN_DOSSIER));
    write_json_or_null(w, "decision", rows, 0, column(SYSTEM_DECISION));
    write_time(w, "created_at", rows, 0, column(SYSTEM_CREATED_AT));
    json_object_end(w);
}

/* The system as it is now, into the reply, with its ETag. */
static enum fault reply_system(struct call *call, const char *id, struct reply *reply)
{
    struct rows rows;
    enum fault fault = system_get(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->etag = call_version_etag(call, rows_int(&rows, 0, column(SYSTEM_VERSION), 0));
    if (call_not_modified(call, reply->etag)) {
        reply->status = 304;
    } else {
        buffer_init(&reply->body, 4 * KIB);
        struct json_writer w = json_writer(&reply->body);
        write_system(&w, &rows);
    }
    rows_done(&rows);
    return FAULT_NONE;
}

/* ---- reading ---- */

static enum fault system_list(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    struct list_scope scope;
    struct page page;
    enum fault fault = page_read(call, &system_list_table, &page, reply);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    system_scope(actor, &scope);
    return page_reply(call, &page, &scope, write_row, reply);
}

static enum fault system_get_one(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    return fault == FAULT_NONE ? reply_system(call, id, reply) : fault;
}

static enum fault system_classification_list(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    struct rows rows;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = system_get(call->db, id, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    const char *facts = rows_copy(&rows, 0, column(SYSTEM_FACTS), call->arena);
    rows_done(&rows);
    buffer_init(&reply->body, 16 * KIB);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_name(&w, "items");
    json_array_begin(&w);
    for (int i = 0; i < call->service->ruleset_count; i++) {
        system_facts_write_classification(call, call->service->rulesets[i].ruleset, facts, &w);
    }
    json_array_end(&w);
    json_object_end(&w);
    return FAULT_NONE;
}

/* ---- writing to the register ---- */

static const char *text_or(struct in_text in, const char *before)
{
    return in.value != NULL ? in.value : before;
}

static const char *json_or(struct in_json in, const char *before)
{
    return in.value != NULL ? in.value : before;
}

/* Reads the body; what is wrong with the facts is reported together with the rest. */
static enum fault read_input(struct call *call, const struct shape *shape,
                             struct system_input *ret_in)
{
    enum fault fault = json_decode(call->body, shape, ret_in, &call->problems);

    if (fault == FAULT_INVALID && ret_in->facts.value != NULL) {
        fault = system_facts_check(call, ret_in->facts.value);
    }
    return fault;
}

/* The stored record with what the request says, checked and classified. */
static enum fault merge(struct call *call, const struct system_input *in,
                        struct system_record *system)
{
    system->name = text_or(in->name, system->name);
    system->purpose = text_or(in->purpose, system->purpose);
    system->scope = text_or(in->scope, system->scope);
    system->served_users = text_or(in->served_users, system->served_users);
    system->life_cycle = text_or(in->life_cycle, system->life_cycle);
    system->plan_status = text_or(in->plan_status, system->plan_status);
    system->ruleset = text_or(in->ruleset, system->ruleset);
    system->contacts = json_or(in->contacts, system->contacts);
    system->addresses = json_or(in->addresses, system->addresses);
    system->components = json_or(in->components, system->components);
    system->units = in->units.value;
    system->relations = in->relations.value;
    return system_facts_apply(call, in->facts.value, system);
}

static enum fault system_create(struct call *call, struct reply *reply)
{
    struct system_input in;
    const struct actor *actor = NULL;
    enum fault fault = call_actor(call, &actor);

    if (fault == FAULT_NONE) {
        fault = read_input(call, &SYSTEM_NEW_SHAPE, &in);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!actor_list_has(actor->staff_of, in.operator_id.value)) {
        reply->missing_right = permission_code(PERMISSION_SYSTEM_WRITE);
        return reply_fault(reply, FAULT_FORBIDDEN,
                           "Bạn chỉ đăng ký được hệ thống do đơn vị của mình vận hành",
                           "You can only register systems that your own unit operates");
    }

    struct system_record system = {
        .id = call_new_id(call),
        .purpose = "",
        .scope = "",
        .served_users = "",
        .governing_id = in.governing_id.value,
        .operator_id = in.operator_id.value,
        .life_cycle = "operating",
        .plan_status = "not_started",
        .facts = "{}",
        .contacts = "[]",
        .addresses = "[]",
        .components = "[]",
    };
    fault = merge(call, &in, &system);
    if (fault == FAULT_NONE) {
        fault = system_insert(call->db, &system, actor->account_id);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->status = 201;
    reply->location = arena_printf(call->arena, "/api/v1/systems/%s", system.id);
    return reply_system(call, system.id, reply);
}

/* 412 shows the present state, so that nothing typed is lost. */
static enum fault stale(struct call *call, const char *id, struct reply *reply)
{
    struct reply now = {0};

    if (reply_system(call, id, &now) == FAULT_NONE && now.body.at != NULL) {
        reply->current_json = arena_str(call->arena, (struct str){now.body.at, now.body.length}).at;
        reply->etag = now.etag;
    }
    buffer_done(&now.body);
    return FAULT_VERSION_STALE;
}

static enum fault system_change(struct call *call, struct reply *reply)
{
    struct system_input in;
    struct system_record system;
    const struct actor *actor = NULL;
    const char *id = NULL;
    int64_t version = 0;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE) {
        fault = system_load(call->db, call->arena, id, &system, &version);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!actor_list_has(actor->staff_of, system.operator_id)) {
        return FAULT_NOT_FOUND;
    }
    fault = read_input(call, &SYSTEM_CHANGE_SHAPE, &in);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!call_match(call, call_version_etag(call, version))) {
        return stale(call, id, reply);
    }
    fault = merge(call, &in, &system);
    if (fault == FAULT_NONE) {
        fault = system_update(call->db, &system, call_int(call, version), actor->account_id);
    }
    return fault == FAULT_NONE ? reply_system(call, id, reply) : fault;
}

/* ---- routes ---- */

static const char *const LIST_PARAMETERS[] = {
    "limit",           "cursor",     "sort",        "count",   "q",           "level",
    "approval_status", "life_cycle", "plan_status", "ruleset", "operator_id", "governing_id",
    "updated_at__gte", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/systems", "system_list", PERMISSION_SYSTEM_READ, LANE_QUICK, 0, 0,
     LIST_PARAMETERS, system_list, NULL},
    {METHOD_POST, "/api/v1/systems", "system_create", PERMISSION_SYSTEM_WRITE, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY, SYSTEM_BODY_BYTES, NULL, system_create, NULL},
    {METHOD_GET, "/api/v1/systems/{id}", "system_get", PERMISSION_SYSTEM_READ, LANE_QUICK, 0, 0,
     NULL, system_get_one, NULL},
    {METHOD_PATCH, "/api/v1/systems/{id}", "system_change", PERMISSION_SYSTEM_WRITE, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH, SYSTEM_BODY_BYTES, NULL, system_change, NULL},
    {METHOD_GET, "/api/v1/systems/{id}/classifications", "system_classification_list",
     PERMISSION_SYSTEM_READ, LANE_QUICK, 0, 0, NULL, system_classification_list, NULL},
};

const struct route_table system_routes = {ROUTES, COUNT_OF(ROUTES)};

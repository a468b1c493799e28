#include "api/delegation.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/page.h"
#include "api/record_end.h"
#include "api/security_log.h"
#include "api/write.h"
#include "db/delegation.h"
#include "rules/ruleset.h"
#include "json/decode.h"

static const char *const ACTS[] = {"approve_level", "approve_plan", NULL};

struct power_in {
    struct in_text act;
    struct in_int level;
};
static const struct field POWER_FIELDS[] = {
    FIELD(struct power_in, act, .need = REQUIRED, .choices = ACTS),
    FIELD(struct power_in, level, .need = REQUIRED, .min = 1, .max = LEVEL_MAX),
};
static const SHAPE(POWER_SHAPE, "DelegationPower", struct power_in, POWER_FIELDS);

struct delegation_in {
    struct in_text governing_id, organisation_id, scope, document_number, valid_from, valid_to;
    struct in_list powers;
};
#define IN struct delegation_in
static const struct field NEW_FIELDS[] = {
    FIELD(IN, governing_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(IN, organisation_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(IN, powers, .need = REQUIRED, .items = &POWER_SHAPE, .min = 1, .max = 10),
    FIELD(IN, scope, .need = REQUIRED, .min = 1, .max = 2000, .format = FORMAT_WRITTEN),
    FIELD(IN, document_number, .need = REQUIRED, .min = 1, .max = 60, .format = FORMAT_WRITTEN),
    FIELD(IN, valid_from, .need = REQUIRED, .format = FORMAT_DATE),
    FIELD(IN, valid_to, .need = REQUIRED, .format = FORMAT_DATE),
};
static const SHAPE(NEW_SHAPE, "DelegationNew", IN, NEW_FIELDS);

const struct shape *const delegation_shapes[] = {&POWER_SHAPE, &NEW_SHAPE, NULL};

static int column(enum delegation_column c)
{
    return PAGE_FIRST_COLUMN + (int)c;
}

static void write_item(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    write_reference(w, "governing", rows, row, column(DELEGATION_GOVERNING_ID));
    write_reference(w, "organisation", rows, row, column(DELEGATION_DELEGATE_ID));
    write_json_or_null(w, "powers", rows, row, column(DELEGATION_POWERS));
    write_str(w, "scope", rows, row, column(DELEGATION_SCOPE));
    write_str(w, "document_number", rows, row, column(DELEGATION_DOCUMENT_NUMBER));
    write_str(w, "valid_from", rows, row, column(DELEGATION_VALID_FROM));
    write_str(w, "valid_to", rows, row, column(DELEGATION_VALID_TO));
    write_str(w, "term_to", rows, row, column(DELEGATION_TERM_TO));
    write_str(w, "ended_document", rows, row, column(DELEGATION_ENDED_DOCUMENT));
    write_str(w, "state", rows, row, column(DELEGATION_STATE));
    write_int_or_null(w, "version", rows, row, column(DELEGATION_VERSION));
    json_object_end(w);
}

static enum fault delegation_list(struct call *call, struct reply *reply)
{
    /* Who acts for whom is for everyone signed in. */
    static const struct list_scope EVERYTHING = {.everything = true};
    struct page page;
    enum fault fault = page_read(call, &delegation_list_table, &page, reply);

    return fault == FAULT_NONE ? page_reply(call, &page, &EVERYTHING, write_item, reply) : fault;
}

static void reply_rows(struct call *call, const struct rows *rows, struct reply *reply)
{
    reply->etag = call_state_etag(call, rows_int(rows, 0, column(DELEGATION_VERSION), 0),
                                  rows_copy(rows, 0, column(DELEGATION_STATE), call->arena));
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
    enum fault fault = delegation_get(call->db, id, &rows);

    if (fault == FAULT_NONE) {
        reply->status = status;
        reply_rows(call, &rows, reply);
        rows_done(&rows);
    }
    return fault;
}

static enum fault delegation_get_one(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    return fault == FAULT_NONE ? reply_with(call, id, 200, reply) : fault;
}

/* "{3,4}" of the powers with this act. */
static const char *levels_of(struct call *call, const struct in_list *powers, const char *act)
{
    const struct power_in *items = powers->items;
    char text[2 * LEVEL_MAX + 2] = "{";
    size_t length = 1;

    for (int level = 1; level <= LEVEL_MAX; level++) {
        for (int i = 0; i < powers->count; i++) {
            if (items[i].level.value == level && strcmp(items[i].act.value, act) == 0) {
                if (length > 1) {
                    text[length++] = ',';
                }
                text[length++] = (char)('0' + level);
                break;
            }
        }
    }
    text[length++] = '}';
    return arena_str(call->arena, (struct str){text, length}).at;
}

static enum fault delegation_create(struct call *call, struct reply *reply)
{
    struct delegation_in in;
    struct rows rows;
    enum fault fault = json_decode(call->body, &NEW_SHAPE, &in, &call->problems);

    if (fault != FAULT_NONE) {
        return fault;
    }

    struct delegation_record delegation = {
        .id = call_new_id(call),
        .governing_id = in.governing_id.value,
        .delegate_id = in.organisation_id.value,
        .levels = levels_of(call, &in.powers, ACTS[0]),
        .plan_levels = levels_of(call, &in.powers, ACTS[1]),
        .scope = in.scope.value,
        .document_number = in.document_number.value,
        .valid_from = in.valid_from.value,
        .valid_to = in.valid_to.value,
    };
    fault = delegation_problems(call->db, &delegation, &rows);
    if (fault == FAULT_NONE) {
        fault = record_problems(call, &rows);
    }
    if (fault == FAULT_NONE) {
        fault = delegation_insert(call->db, &delegation, call->actor->account_id);
    }
    if (fault == FAULT_NONE) {
        fault = call_log(call, (struct security_event){.kind = SECURITY_AUTHORITY_RECORDED,
                                                       .subject_type = "authority",
                                                       .subject_id = delegation.id,
                                                       .subject_name = delegation.document_number});
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->location = arena_printf(call->arena, "/api/v1/delegations/%s", delegation.id);
    return reply_with(call, delegation.id, 201, reply);
}

static enum fault delegation_end(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    struct rows rows;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = delegation_get(call->db, id, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    struct record_now now = {
        .table = RECORD_DELEGATION,
        .id = id,
        .version = rows_int(&rows, 0, column(DELEGATION_VERSION), 0),
        .valid_from = rows_copy(&rows, 0, column(DELEGATION_VALID_FROM), call->arena),
        .valid_to = rows_copy(&rows, 0, column(DELEGATION_VALID_TO), call->arena),
        .state = rows_copy(&rows, 0, column(DELEGATION_STATE), call->arena),
        .title = rows_copy(&rows, 0, column(DELEGATION_DOCUMENT_NUMBER), call->arena),
    };
    if (!call_match(call, call_version_etag(call, now.version)) &&
        !call_match(call, call_state_etag(call, now.version, now.state))) {
        struct reply current = {0};
        reply_rows(call, &rows, &current);
        reply->current_json =
            arena_str(call->arena, (struct str){current.body.at, current.body.length}).at;
        reply->etag = current.etag;
        buffer_done(&current.body);
        fault = FAULT_VERSION_STALE;
    } else {
        fault = record_end_by_body(call, &now, reply);
    }
    rows_done(&rows);
    return fault == FAULT_NONE ? reply_with(call, id, 0, reply) : fault;
}

static const char *const LIST_PARAMETERS[] = {"limit", "cursor",          "sort",          "count",
                                              "state", "organisation_id", "valid_to__lte", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/delegations", "delegation_list", PERMISSION_ORGANISATION_READ, LANE_QUICK,
     0, 0, LIST_PARAMETERS, delegation_list, NULL},
    {METHOD_POST, "/api/v1/delegations", "delegation_create", PERMISSION_AUTHORITY_ADMIN, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_NEEDS_STEP_UP, 16 * KIB, NULL,
     delegation_create, NULL},
    {METHOD_GET, "/api/v1/delegations/{id}", "delegation_get", PERMISSION_ORGANISATION_READ,
     LANE_QUICK, 0, 0, NULL, delegation_get_one, NULL},
    {METHOD_POST, "/api/v1/delegations/{id}/end", "delegation_end", PERMISSION_AUTHORITY_ADMIN,
     LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_NEEDS_STEP_UP |
         ROUTE_ENDS_ACCESS,
     4 * KIB, NULL, delegation_end, NULL},
};

const struct route_table delegation_routes = {ROUTES, COUNT_OF(ROUTES)};

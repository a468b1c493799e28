#include "api/ruleset.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/service.h"
#include "json/classification.h"
#include "json/decode.h"
#include "json/facts.h"
#include "json/writer.h"

struct classification_request {
    struct in_text ruleset;
    struct in_json facts;
};
static const struct field CLASSIFICATION_REQUEST[] = {
    FIELD(struct classification_request, ruleset, .need = REQUIRED, .max = 60),
    FIELD(struct classification_request, facts, .need = REQUIRED, .format = FORMAT_OBJECT),
};
static const SHAPE(CLASSIFICATION_REQUEST_SHAPE, "ClassificationRequest",
                   struct classification_request, CLASSIFICATION_REQUEST);

const struct shape *const ruleset_shapes[] = {&CLASSIFICATION_REQUEST_SHAPE, NULL};

static enum fault reply_document(struct call *call, const struct document *document,
                                 struct reply *reply)
{
    reply->etag = document->etag;
    reply->cache_control = "no-cache";
    if (call_not_modified(call, document->etag)) {
        reply->status = 304;
        return FAULT_NONE;
    }
    buffer_init(&reply->body, document->bytes.length);
    buffer_str(&reply->body, document->bytes);
    return FAULT_NONE;
}

static enum fault openapi_get(struct call *call, struct reply *reply)
{
    return reply_document(call, &call->service->openapi, reply);
}

static enum fault meta_get(struct call *call, struct reply *reply)
{
    return reply_document(call, &call->service->meta, reply);
}

static void write_date(struct json_writer *w, const char *name, struct date date)
{
    char text[CALENDAR_DATE_TEXT_BYTES];

    if (date.year == 0) {
        json_member_null(w, name);
        return;
    }
    date_to_text(date, text);
    json_member_text(w, name, text);
}

static enum fault ruleset_list(struct call *call, struct reply *reply)
{
    const struct service *service = call->service;
    const struct ruleset *current = service_current_ruleset(service);

    buffer_init(&reply->body, 1024);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_name(&w, "items");
    json_array_begin(&w);
    for (int i = 0; i < service->ruleset_count; i++) {
        const struct ruleset *ruleset = service->rulesets[i].ruleset;
        json_object_begin(&w);
        json_member_text(&w, "id", ruleset->id);
        json_name(&w, "title");
        text_write(&w, ruleset->title);
        write_date(&w, "effective_from", ruleset->effective_from);
        write_date(&w, "effective_to", ruleset->effective_to);
        json_member_text(&w, "supersedes", ruleset->supersedes);
        json_member_bool(&w, "current", ruleset == current);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_object_end(&w);
    return FAULT_NONE;
}

static enum fault ruleset_get(struct call *call, struct reply *reply)
{
    for (int i = 0; i < call->service->ruleset_count; i++) {
        const struct service_ruleset *entry = &call->service->rulesets[i];
        if (str_is(call->path_value[0], entry->ruleset->id)) {
            return reply_document(call, &entry->file, reply);
        }
    }
    return FAULT_NOT_FOUND;
}

static enum fault classification_create(struct call *call, struct reply *reply)
{
    struct classification_request in;
    struct facts facts;
    enum fault fault = json_decode(call->body, &CLASSIFICATION_REQUEST_SHAPE, &in, &call->problems);

    if (fault != FAULT_NONE) {
        return fault;
    }

    const struct ruleset *ruleset = service_ruleset(call->service, in.ruleset.value);
    if (ruleset == NULL) {
        problems_add(&call->problems, "/ruleset", "unknown_value", NULL,
                     TEXT("Không có bộ quy định này", "There is no such ruleset"));
        return FAULT_INVALID;
    }
    fault = facts_decode(str_of(in.facts.value), "/facts", ruleset, &call->problems, &facts);
    if (fault != FAULT_NONE) {
        return fault;
    }

    struct classification *classification = ARENA_NEW(call->arena, struct classification);
    classify(ruleset, &facts, classification);
    buffer_init(&reply->body, 8 * KIB);
    struct json_writer w = json_writer(&reply->body);
    classification_write(&w, ruleset, &facts, classification, call->language);
    return FAULT_NONE;
}

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/meta", "meta_get", PERMISSION_PUBLIC, LANE_MEMORY, 0, 0, NULL, meta_get,
     NULL},
    {METHOD_GET, "/api/v1/openapi.json", "openapi_get", PERMISSION_PUBLIC, LANE_MEMORY, 0, 0, NULL,
     openapi_get, NULL},
    {METHOD_GET, "/api/v1/rulesets", "ruleset_list", PERMISSION_PUBLIC, LANE_MEMORY, 0, 0, NULL,
     ruleset_list, NULL},
    {METHOD_GET, "/api/v1/rulesets/{id}", "ruleset_get", PERMISSION_PUBLIC, LANE_MEMORY, 0, 0, NULL,
     ruleset_get, NULL},
    {METHOD_POST, "/api/v1/classifications", "classification_create", PERMISSION_PUBLIC,
     LANE_MEMORY, 0, 64 * KIB, NULL, classification_create, NULL},
};

const struct route_table ruleset_routes = {ROUTES, COUNT_OF(ROUTES)};

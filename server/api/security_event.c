#include "api/security_event.h"

#include "api/call_tools.h"
#include "api/page.h"
#include "api/security_log.h"
#include "api/write.h"
#include "db/security_list.h"

enum { FIRST = PAGE_FIRST_COLUMN };

/* {"id","name"}, where either may be missing; null without both. */
static void write_account(struct json_writer *w, const struct rows *rows, int row)
{
    json_name(w, "account");
    if (rows_is_null(rows, row, FIRST + SECURITY_ACCOUNT_ID) &&
        rows_str(rows, row, FIRST + SECURITY_ACCOUNT_NAME).length == 0) {
        json_null(w);
        return;
    }
    json_object_begin(w);
    write_text_or_null(w, "id", rows, row, FIRST + SECURITY_ACCOUNT_ID);
    write_str(w, "name", rows, row, FIRST + SECURITY_ACCOUNT_NAME);
    json_object_end(w);
}

static void write_subject(struct json_writer *w, const struct rows *rows, int row)
{
    json_name(w, "subject");
    if (rows_str(rows, row, FIRST + SECURITY_SUBJECT_TYPE).length == 0) {
        json_null(w);
        return;
    }
    json_object_begin(w);
    write_str(w, "type", rows, row, FIRST + SECURITY_SUBJECT_TYPE);
    write_text_or_null(w, "id", rows, row, FIRST + SECURITY_SUBJECT_ID);
    write_str(w, "name", rows, row, FIRST + SECURITY_SUBJECT_NAME);
    json_object_end(w);
}

static void write_item(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    write_time(w, "at", rows, row, FIRST + SECURITY_AT);
    write_str(w, "kind", rows, row, FIRST + SECURITY_KIND_CODE);
    write_str(w, "outcome", rows, row, FIRST + SECURITY_OUTCOME_CODE);
    write_account(w, rows, row);
    write_subject(w, rows, row);
    write_text_or_null(w, "session_id", rows, row, FIRST + SECURITY_SESSION_ID);
    write_text_or_null(w, "token_id", rows, row, FIRST + SECURITY_TOKEN_ID);
    write_str(w, "address", rows, row, FIRST + SECURITY_ADDRESS);
    write_str(w, "user_agent", rows, row, FIRST + SECURITY_USER_AGENT);
    write_str(w, "request_id", rows, row, FIRST + SECURITY_REQUEST_ID);
    json_member_raw(w, "detail", rows_str(rows, row, FIRST + SECURITY_DETAIL));
    json_object_end(w);
}

/* Whoever looks into the log of all leaves a trace in it. */
static enum fault security_event_list(struct call *call, struct reply *reply)
{
    static const struct list_scope EVERYTHING = {.everything = true};
    struct page page;
    const struct actor *actor = NULL;
    enum fault fault = page_read(call, &security_list_table, &page, reply);

    if (fault == FAULT_NONE) {
        fault = page_reply(call, &page, &EVERYTHING, write_item, reply);
    }
    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE) {
        fault = call_log_soon(call, (struct security_event){.kind = SECURITY_LOG_READ});
    }
    return fault;
}

static enum fault my_security_event_list(struct call *call, struct reply *reply)
{
    struct page page;
    struct list_scope scope;
    const struct actor *actor = NULL;
    enum fault fault = page_read(call, &security_own_table, &page, reply);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    security_own_scope(actor, &scope);
    return page_reply(call, &page, &scope, write_item, reply);
}

static const char *const LIST_PARAMETERS[] = {"limit",      "cursor",  "sort",    "count",
                                              "q",          "kind",    "outcome", "account_id",
                                              "subject_id", "at__gte", "at__lte", NULL};
static const char *const OWN_PARAMETERS[] = {"limit",   "cursor",  "sort",    "count", "kind",
                                             "outcome", "at__gte", "at__lte", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/security-events", "security_event_list", PERMISSION_SECURITY_LOG_READ,
     LANE_QUICK, 0, 0, LIST_PARAMETERS, security_event_list, NULL},
    {METHOD_GET, "/api/v1/me/security-events", "my_security_event_list", PERMISSION_SIGNED_IN,
     LANE_QUICK, 0, 0, OWN_PARAMETERS, my_security_event_list, NULL},
};

const struct route_table security_event_routes = {ROUTES, COUNT_OF(ROUTES)};

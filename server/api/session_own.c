#include "api/session_own.h"

#include "api/call_tools.h"
#include "api/memory.h"
#include "api/security_log.h"
#include "api/write.h"
#include "db/session_own.h"

static void write_session(struct json_writer *w, const struct rows *rows, int row,
                          const struct actor *actor)
{
    json_object_begin(w);
    write_str(w, "id", rows, row, SESSION_ID);
    json_member_bool(w, "current", str_is(rows_str(rows, row, SESSION_ID), actor->session_id));
    write_str(w, "method", rows, row, SESSION_METHOD);
    write_time(w, "created_at", rows, row, SESSION_CREATED_AT);
    write_time(w, "last_seen_at", rows, row, SESSION_LAST_SEEN_AT);
    write_time(w, "expires_at", rows, row, SESSION_EXPIRES_AT);
    write_time(w, "factor_at", rows, row, SESSION_FACTOR_AT);
    write_str(w, "user_agent", rows, row, SESSION_USER_AGENT);
    write_str(w, "address", rows, row, SESSION_ADDRESS);
    json_object_end(w);
}

static enum fault my_session_list(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    struct rows rows;
    enum fault fault = call_actor(call, &actor);

    if (fault == FAULT_NONE) {
        fault = session_mine(call->db, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 1024);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_name(&w, "items");
    json_array_begin(&w);
    for (int i = 0; i < rows.count; i++) {
        write_session(&w, &rows, i, actor);
    }
    json_array_end(&w);
    json_object_end(&w);
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault ended(struct call *call, const char *detail, struct reply *reply)
{
    enum fault fault = call_log(
        call, (struct security_event){.kind = SECURITY_SESSION_ENDED, .detail_json = detail});

    if (fault == FAULT_NONE) {
        memory_access_changed(call->service);
        reply->status = 204;
    }
    return fault;
}

static enum fault my_session_end(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = session_end(call->db, id);
    }
    return fault == FAULT_NONE
               ? ended(call, arena_printf(call->arena, "{\"session\":\"%s\"}", id), reply)
               : fault;
}

static enum fault my_session_end_others(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    int count = 0;
    enum fault fault = call_actor(call, &actor);

    if (fault == FAULT_NONE) {
        fault = session_end_others(call->db, actor->session_id, &count);
    }
    return fault == FAULT_NONE
               ? ended(call, arena_printf(call->arena, "{\"sessions\":%d}", count), reply)
               : fault;
}

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/me/sessions", "my_session_list", PERMISSION_SIGNED_IN, LANE_QUICK, 0, 0,
     NULL, my_session_list, NULL},
    {METHOD_DELETE, "/api/v1/me/sessions", "my_session_end_others", PERMISSION_SIGNED_IN, LANE_WORK,
     ROUTE_WRITES, 0, NULL, my_session_end_others, NULL},
    {METHOD_DELETE, "/api/v1/me/sessions/{id}", "my_session_end", PERMISSION_SIGNED_IN, LANE_WORK,
     ROUTE_WRITES, 0, NULL, my_session_end, NULL},
};

const struct route_table session_own_routes = {ROUTES, COUNT_OF(ROUTES)};

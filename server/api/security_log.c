#include "api/security_log.h"

#include "api/route.h"
#include "api/security_sink.h"
#include "api/service.h"
#include "base/uuid.h"
#include "db/session.h"

/* One that is in the table once the call's transaction is committed. */
struct call_event {
    struct call_event *next;
    struct security_event event;
};

static const char *kept(struct call *call, const char *text)
{
    return text == NULL ? NULL : arena_copy(call->arena, text);
}

/* Its line is written after the handler has returned: nothing is borrowed from it. */
static void keep_texts(struct call *call, struct security_event *event)
{
    event->account_id = kept(call, event->account_id);
    event->account_name = kept(call, event->account_name);
    event->subject_type = kept(call, event->subject_type);
    event->subject_id = kept(call, event->subject_id);
    event->subject_name = kept(call, event->subject_name);
    event->session_id = kept(call, event->session_id);
    event->token_id = kept(call, event->token_id);
    event->detail_json = kept(call, event->detail_json);
}

static void fill(struct call *call, struct security_event *event)
{
    const struct actor *actor = call->actor;

    if (actor != NULL) {
        event->session_id = event->session_id == NULL ? actor->session_id : event->session_id;
        event->token_id = actor->token_id;
    }
    event->address = call->address;
    event->user_agent = arena_str(call->arena, call->user_agent).at;
    event->request_id = call->request_id;
}

/* The table finds out by itself who acts; a line cannot. */
static void fill_actor(const struct call *call, struct security_event *event)
{
    if (event->account_id == NULL && call->actor != NULL) {
        /* A program has no account: it is named by its token. */
        event->account_id = call->actor->token_id == NULL ? call->actor->account_id : NULL;
        event->account_name =
            event->account_name == NULL ? call->actor->display_name : event->account_name;
    }
}

enum fault call_log(struct call *call, struct security_event event)
{
    fill(call, &event);
    enum fault fault = security_log_add(call->db, &event);
    if (fault != FAULT_NONE) {
        return fault == FAULT_INTERNAL ? FAULT_LOG_UNAVAILABLE : fault;
    }
    fill_actor(call, &event);

    struct call_event *node = ARENA_NEW(call->arena, struct call_event);
    keep_texts(call, &event);
    *node = (struct call_event){.next = call->events, .event = event};
    call->events = node;
    return FAULT_NONE;
}

enum fault call_log_soon(struct call *call, struct security_event event)
{
    struct security_sink *sink = call->service->security;

    fill(call, &event);
    fill_actor(call, &event);
    call->refusal_logged = call->refusal_logged || event.outcome != SECURITY_DONE;
    if (security_sink_is_blind(sink) || !security_sink_add(sink, &event, SECURITY_TABLE_AND_LINE)) {
        return FAULT_LOG_UNAVAILABLE;
    }
    return FAULT_NONE;
}

static bool is_refusal(const struct call *call, enum fault fault)
{
    switch (fault_info(fault)->status) {
    case 403:
    case 429:
        return true;
    case 401:
        return call->authorization.at != NULL;
    case 404:
        return call->actor != NULL && call->route != NULL && uuid_is_valid(call->path_value[0]);
    default:
        return false;
    }
}

static void log_refusal(struct call *call, enum fault fault, const struct reply *reply,
                        const char *reason)
{
    /* All of these are constants of ours. */
    const char *right = reply->missing_right != NULL ? reply->missing_right : "";
    struct security_event event = {
        .kind = SECURITY_ACCESS_REFUSED,
        .outcome = SECURITY_REFUSED,
        .detail_json = arena_printf(
            call->arena,
            "{\"code\":\"%s\",\"operation\":\"%s\",\"right\":\"%s\",\"reason\":\"%s\"}",
            fault_info(fault)->code, call->route == NULL ? "" : call->route->operation_id, right,
            reason),
    };

    /* Refused it is in any case. */
    (void)!call_log_soon(call, event);
}

void call_log_end(struct call *call, enum fault fault, const struct reply *reply,
                  const char *reason)
{
    struct call_event *newest_first = call->events;
    struct call_event *events = NULL;
    bool happened = fault_info(fault)->status < 500 || fault == FAULT_OUTCOME_UNKNOWN;

    call->events = NULL;
    while (newest_first != NULL) {
        struct call_event *next = newest_first->next;
        newest_first->next = events;
        events = newest_first;
        newest_first = next;
    }
    for (; happened && events != NULL; events = events->next) {
        (void)security_sink_add(call->service->security, &events->event, SECURITY_LINE_ONLY);
    }
    if (!call->refusal_logged && is_refusal(call, fault)) {
        log_refusal(call, fault, reply, reason);
    }
    call->refusal_logged = true;
}

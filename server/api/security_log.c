#include "api/security_log.h"

#include "db/session.h"

enum fault call_log(struct call *call, struct security_event event)
{
    const struct actor *actor = call->actor;

    if (actor != NULL) {
        event.session_id = event.session_id == NULL ? actor->session_id : event.session_id;
        event.token_id = actor->token_id;
    }
    event.address = call->address;
    event.user_agent = arena_str(call->arena, call->user_agent).at;
    event.request_id = call->request_id;
    return security_log_add(call->db, &event);
}

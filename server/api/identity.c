#include "api/identity.h"

#include "api/call_tools.h"
#include "api/memory.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/sign_on.h"
#include "db/sign_on.h"
#include "json/decode.h"
#include "json/writer.h"

struct identity_link {
    struct in_text return_path;
};
static const struct field IDENTITY_LINK[] = {
    FIELD(struct identity_link, return_path, .need = REQUIRED, .min = 1,
          .max = LIMIT_SIGN_ON_PATH_BYTES),
};
static const SHAPE(IDENTITY_LINK_SHAPE, "IdentityLink", struct identity_link, IDENTITY_LINK);

const struct shape *const identity_shapes[] = {&IDENTITY_LINK_SHAPE, NULL};

static enum fault identities_get(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    struct str items = {NULL, 0};
    enum fault fault = call_actor(call, &actor);

    if (fault == FAULT_NONE) {
        fault = identity_list(call->db, call->arena, actor->account_id, &items);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 256);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_bool(&w, "available", call->service->provider != NULL);
    json_member_text(&w, "label", call->service->sign_on_label);
    json_member_raw(&w, "items", items);
    json_object_end(&w);
    return FAULT_NONE;
}

static enum fault identity_link(struct call *call, struct reply *reply)
{
    struct identity_link in;
    const struct actor *actor = NULL;
    const char *address = NULL;
    enum fault fault = json_decode(call->body, &IDENTITY_LINK_SHAPE, &in, &call->problems);

    if (fault == FAULT_NONE && !sign_on_is_path(str_of(in.return_path.value))) {
        problems_add(&call->problems, "/return_path", "format", NULL,
                     TEXT("Phải là đường dẫn của trang này", "Must be a path of this site"));
        fault = FAULT_INVALID;
    }
    if (fault == FAULT_NONE && call->service->provider == NULL) {
        fault = reply_fault(reply, FAULT_NOT_FOUND, "Chưa bật đăng nhập một lần",
                            "Single sign-on is not switched on");
    }
    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE) {
        fault = sign_on_attempt_begin(call, actor->account_id, in.return_path.value, true, reply,
                                      &address);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 512);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_text(&w, "address", address);
    json_object_end(&w);
    return FAULT_NONE;
}

static enum fault identity_unlink(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE) {
        fault = identity_end(call->db, actor->account_id, id);
    }
    if (fault == FAULT_NONE) {
        fault = call_log(call, (struct security_event){.kind = SECURITY_IDENTITY_UNLINKED,
                                                       .subject_type = "account",
                                                       .subject_id = actor->account_id});
    }
    if (fault == FAULT_NONE) {
        memory_access_changed(call->service);
        reply->status = 204;
    }
    return fault;
}

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/me/identities", "identity_list", PERMISSION_SIGNED_IN, LANE_QUICK, 0, 0,
     NULL, identities_get, NULL},
    {METHOD_POST, "/api/v1/me/identities", "identity_link", PERMISSION_SIGNED_IN, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_STEP_UP, 4 * KIB, NULL, identity_link, NULL},
    {METHOD_DELETE, "/api/v1/me/identities/{id}", "identity_unlink", PERMISSION_SIGNED_IN,
     LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_STEP_UP, 0, NULL, identity_unlink, NULL},
};

const struct route_table identity_routes = {ROUTES, COUNT_OF(ROUTES)};

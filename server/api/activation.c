#include "api/activation.h"

#include "api/call_tools.h"
#include "api/memory.h"
#include "api/password.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/sign_in.h"
#include "api/write.h"
#include "base/password_hash.h"
#include "db/account_link.h"
#include "rules/password.h"
#include "json/decode.h"
#include "json/writer.h"

enum { TOKEN_CHARACTERS_MAX = 100 };

struct link_in {
    struct in_text token;
};
struct activation_in {
    struct in_text token;
    struct in_text password;
};
struct password_in {
    struct in_text current;
    struct in_text password;
};

#define TOKEN_FIELD(type) \
    FIELD(type, token, .need = REQUIRED, .min = 1, .max = TOKEN_CHARACTERS_MAX)
#define PASSWORD_FIELD(type, member) \
    FIELD(type, member, .need = REQUIRED, .min = 1, .max = LIMIT_PASSWORD_BYTES)

static const struct field LINK_FIELDS[] = {TOKEN_FIELD(struct link_in)};
static const struct field ACTIVATION_FIELDS[] = {TOKEN_FIELD(struct activation_in),
                                                 PASSWORD_FIELD(struct activation_in, password)};
static const struct field PASSWORD_FIELDS[] = {PASSWORD_FIELD(struct password_in, current),
                                               PASSWORD_FIELD(struct password_in, password)};
static const SHAPE(LINK_SHAPE, "ActivationCheck", struct link_in, LINK_FIELDS);
static const SHAPE(ACTIVATION_SHAPE, "Activation", struct activation_in, ACTIVATION_FIELDS);
static const SHAPE(PASSWORD_SHAPE, "PasswordChange", struct password_in, PASSWORD_FIELDS);

const struct shape *const activation_shapes[] = {&LINK_SHAPE, &ACTIVATION_SHAPE, &PASSWORD_SHAPE,
                                                 NULL};

static enum fault link_gone(struct reply *reply)
{
    return reply_fault(reply, FAULT_LINK_GONE,
                       "Đường dẫn chỉ dùng được một lần và trong thời hạn ghi kèm; hãy đề nghị "
                       "quản trị viên cấp đường dẫn mới",
                       "A link works once and for the time said with it; ask an administrator for "
                       "a new one");
}

/* Whose link it is; nobody acts. Something that cannot be a token is as gone as an old one. */
static enum fault find(struct call *call, const char *token, char ret_sha256[static 67],
                       struct account_link_owner *ret_owner)
{
    struct db_request nobody = {.arena = call->arena};

    if (!account_link_sha256(str_of(token), ret_sha256)) {
        return FAULT_LINK_GONE;
    }
    enum fault fault = db_request_begin(call->db, &nobody);
    if (fault == FAULT_NONE) {
        fault = account_link_find(call->db, call->arena, ret_sha256, ret_owner);
        db_request_end(call->db);
    }
    return fault;
}

static enum fault activation_check(struct call *call, struct reply *reply)
{
    struct link_in in;
    struct account_link_owner owner;
    char sha256[67];
    enum fault fault = json_decode(call->body, &LINK_SHAPE, &in, &call->problems);

    if (fault == FAULT_NONE) {
        fault = find(call, in.token.value, sha256, &owner);
    }
    if (fault != FAULT_NONE) {
        return fault == FAULT_LINK_GONE ? link_gone(reply) : fault;
    }
    buffer_init(&reply->body, 256);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_text(&w, "purpose", owner.purpose);
    json_member_text(&w, "username", owner.username);
    json_member_text(&w, "display_name", owner.display_name);
    write_time_text(&w, "expires_at", str_of(owner.expires_at));
    json_member_int(&w, "password_min_characters",
                    owner.has_factor ? PASSWORD_MIN_CHARACTERS_WITH_FACTOR
                                     : PASSWORD_MIN_CHARACTERS);
    json_object_end(&w);
    return FAULT_NONE;
}

static enum fault examine_as_nobody(struct call *call, const char *password, const char *account_id)
{
    struct db_request nobody = {.arena = call->arena};
    enum fault fault = db_request_begin(call->db, &nobody);

    if (fault == FAULT_NONE) {
        fault = password_examine(call, "/password", password, account_id);
        db_request_end(call->db);
    }
    return fault;
}

/* Signs nobody in: the one way in stays the one where the second factor is asked for, and whoever got
 * hold of a link has to use the password they chose in the open. */
static enum fault activation_create(struct call *call, struct reply *reply)
{
    struct activation_in in;
    struct account_link_owner owner;
    char sha256[67];
    char hash[PASSWORD_HASH_BYTES];
    enum fault fault = json_decode(call->body, &ACTIVATION_SHAPE, &in, &call->problems);

    if (fault == FAULT_NONE) {
        fault = find(call, in.token.value, sha256, &owner);
    }
    if (fault == FAULT_NONE) {
        fault = examine_as_nobody(call, in.password.value, owner.account_id);
    }
    if (fault == FAULT_NONE) {
        fault = password_hash_make(in.password.value, hash);
    }
    if (fault == FAULT_NONE) {
        fault = sign_in_begin(call);
    }
    if (fault != FAULT_NONE) {
        return fault == FAULT_LINK_GONE ? link_gone(reply) : fault;
    }

    fault = account_link_use(call->db, sha256, hash);
    if (fault == FAULT_NONE) {
        fault = call_log(call, (struct security_event){.kind = SECURITY_ACCOUNT_ACTIVATED,
                                                       .account_id = owner.account_id,
                                                       .subject_type = "account",
                                                       .subject_id = owner.account_id,
                                                       .subject_name = owner.display_name});
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault == FAULT_LINK_GONE ? link_gone(reply) : fault;
    }
    fault = sign_in_commit(call);
    if (fault == FAULT_NONE) {
        memory_access_changed(call->service);
        reply->status = 204;
    }
    return fault;
}

/* Begins a transaction in which the session of this call acts. */
static enum fault begin_as_actor(struct call *call, const struct actor **ret_actor)
{
    unsigned char token[32];
    struct db_request request = {.arena = call->arena, .token_sha256 = token};

    if (!call_token_sha256(call, token)) {
        return FAULT_UNAUTHENTICATED;
    }
    call->actor = NULL;
    enum fault fault = db_tx_begin(call->db, &request);
    if (fault == FAULT_NONE) {
        fault = call_actor(call, ret_actor);
        if (fault == FAULT_NONE && (*ret_actor)->pending) {
            fault = FAULT_FACTOR_REQUIRED;
        }
        if (fault != FAULT_NONE) {
            db_tx_rollback(call->db);
        }
    }
    return fault;
}

/* The new password is looked at before the present one is counted as an attempt. */
static enum fault examine_new(struct call *call, const char *password, const char **ret_username,
                              struct reply *reply)
{
    const struct actor *actor = NULL;
    bool has_factor = false;
    enum fault fault = begin_as_actor(call, &actor);

    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = account_has_factor(call->db, actor->account_id, &has_factor);
    if (fault == FAULT_NONE && has_factor) {
        fault = call_step_up(call, actor, reply);
    }
    if (fault == FAULT_NONE) {
        fault = password_examine(call, "/password", password, actor->account_id);
    }
    *ret_username = actor->username;
    db_tx_rollback(call->db);
    return fault;
}

static enum fault record_change(struct call *call, const char *hash)
{
    const struct actor *actor = NULL;
    enum fault fault = begin_as_actor(call, &actor);

    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = account_password_change(call->db, hash, actor->session_id);
    if (fault == FAULT_NONE) {
        fault = call_log(call, (struct security_event){.kind = SECURITY_PASSWORD_CHANGED,
                                                       .subject_type = "account",
                                                       .subject_id = actor->account_id,
                                                       .subject_name = actor->display_name});
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    return sign_in_commit(call);
}

static enum fault refuse_present(struct call *call, const struct password_attempt *attempt)
{
    enum fault fault = password_attempt_refuse(call, attempt, SECURITY_PASSWORD_CHANGED);

    problems_add(&call->problems, "/current", "wrong", NULL,
                 TEXT("Mật khẩu hiện tại không đúng", "The present password is wrong"));
    return fault == FAULT_BAD_CREDENTIALS ? FAULT_INVALID : fault;
}

static enum fault password_put(struct call *call, struct reply *reply)
{
    struct password_in in;
    struct password_attempt attempt = {0};
    char hash[PASSWORD_HASH_BYTES];
    enum fault fault = json_decode(call->body, &PASSWORD_SHAPE, &in, &call->problems);

    if (fault == FAULT_NONE) {
        fault = examine_new(call, in.password.value, &attempt.username, reply);
    }
    if (fault == FAULT_NONE) {
        attempt.password = in.current.value;
        fault = password_attempt_judge(call, &attempt, reply);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!attempt.right) {
        return refuse_present(call, &attempt);
    }
    fault = password_hash_make(in.password.value, hash);
    if (fault == FAULT_NONE) {
        fault = record_change(call, hash);
    }
    if (fault == FAULT_NONE) {
        memory_access_changed(call->service);
        reply->status = 204;
    }
    return fault;
}

static const struct route ROUTES[] = {
    {METHOD_POST, "/api/v1/activations/check", "activation_check", PERMISSION_PUBLIC, LANE_QUICK,
     ROUTE_NO_TRANSACTION, 4 * KIB, NULL, activation_check, NULL},
    {METHOD_POST, "/api/v1/activations", "activation_create", PERMISSION_PUBLIC, LANE_HASH,
     ROUTE_WRITES | ROUTE_NO_TRANSACTION, 8 * KIB, NULL, activation_create, NULL},
    {METHOD_PUT, "/api/v1/me/password", "password_put", PERMISSION_SIGNED_IN, LANE_HASH,
     ROUTE_WRITES | ROUTE_NO_TRANSACTION, 8 * KIB, NULL, password_put, NULL},
};

const struct route_table activation_routes = {ROUTES, COUNT_OF(ROUTES)};

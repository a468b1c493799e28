#include "api/session.h"

#include "api/call_tools.h"
#include "api/factor.h"
#include "api/memory.h"
#include "api/password.h"
#include "api/proof.h"
#include "api/security_log.h"
#include "api/sign_in.h"
#include "api/sign_off.h"
#include "base/shape.h"
#include "db/account_self.h"
#include "db/factor.h"
#include "json/decode.h"
#include "json/writer.h"

struct credentials {
    struct in_text username;
    struct in_text password;
    struct in_text code; /* of an authenticator app */
};

static const struct field CREDENTIALS[] = {
    FIELD(struct credentials, username, .need = REQUIRED, .min = 1, .max = 60),
    FIELD(struct credentials, password, .need = REQUIRED, .min = 1, .max = LIMIT_PASSWORD_BYTES),
    FIELD(struct credentials, code, .min = PROOF_CODE_CHARACTERS, .max = PROOF_CODE_CHARACTERS),
};
static const SHAPE(CREDENTIALS_SHAPE, "Credentials", struct credentials, CREDENTIALS);

const struct shape *const session_shapes[] = {&CREDENTIALS_SHAPE, NULL};

static void write_permissions(struct json_writer *w, unsigned roles)
{
    json_name(w, "roles");
    json_array_begin(w);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        if ((roles & ROLE_BIT(role)) != 0) {
            json_text(w, role_code((enum role)role));
        }
    }
    json_array_end(w);
    json_name(w, "permissions");
    json_array_begin(w);
    for (unsigned p = PERMISSION_SIGNED_IN + 1; p < PERMISSION_COUNT; p++) {
        if (permission_allows(roles, (enum permission)p)) {
            json_text(w, permission_code((enum permission)p));
        }
    }
    json_array_end(w);
}

static enum fault write_me(struct call *call, const struct actor *actor, struct reply *reply)
{
    struct account_self self;
    enum fault fault = account_self(call->db, call->arena, actor->account_id, &self);

    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 1024);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_text(&w, "id", actor->account_id);
    json_member_text(&w, "username", actor->username);
    json_member_text(&w, "display_name", actor->display_name);
    write_permissions(&w, actor->roles);
    json_member_raw(&w, "capacities", self.capacities_json);
    json_member_text(&w, "expires_at", actor->expires_at);
    json_member_text(&w, "session_id", actor->session_id);
    json_member_bool(&w, "second_factor_pending", actor->pending);
    json_name(&w, "second_factor_age_s");
    if (actor->factor_age_s >= 0) {
        json_int(&w, actor->factor_age_s);
    } else {
        json_null(&w);
    }
    json_name(&w, "second_factors");
    factor_write_state(&w, &self.factors);
    json_object_end(&w);
    return FAULT_NONE;
}

static enum fault me_get(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    enum fault fault = call_actor(call, &actor);

    return fault == FAULT_NONE ? write_me(call, actor, reply) : fault;
}

enum fault session_answer(struct call *call, const struct sign_in_token *token, int age_s,
                          int status, struct reply *reply)
{
    struct db_request request = {.arena = call->arena, .token_sha256 = token->sha256};

    memory_access_changed(call->service);
    call->actor = NULL;
    enum fault fault = db_request_begin(call->db, &request);
    if (fault == FAULT_NONE) {
        fault = me_get(call, reply);
        db_request_end(call->db);
    }
    if (fault == FAULT_NONE) {
        reply->status = status;
        reply->set_cookie = sign_in_cookie(call, token->text, age_s);
    }
    return fault;
}

/* The password was right. Who has a second factor shows it now or with the next request. */
static enum fault judge_second_factor(struct call *call, const char *account_id,
                                      const struct in_text *code, struct session_opening *opening,
                                      struct reply *reply)
{
    struct factor_state state;
    struct judgement judgement = {.good = true};
    const struct proof proof = {.code = *code};
    enum fault fault = factor_state_of(call->db, account_id, &state);

    if (fault != FAULT_NONE || !factor_any(&state)) {
        return fault;
    }
    if (code->value == NULL) {
        opening->pending = true;
        return FAULT_NONE;
    }
    fault = proof_judge(call, account_id, NULL, &proof, reply, &judgement);
    if (fault == FAULT_NONE && !judgement.good) {
        return proof_refuse(call, account_id, &judgement);
    }
    opening->with_factor = true;
    return fault;
}

static enum fault open_session(struct call *call, const struct password_attempt *attempt,
                               const struct in_text *code, struct reply *reply)
{
    struct session_opening opening = {.method = "password"};
    const char *account_id = attempt->counted.account_id;
    struct sign_in_token token;
    enum fault fault = sign_in_begin(call);

    if (fault == FAULT_NONE) {
        fault = password_attempt_done(call, attempt);
    }
    if (fault == FAULT_NONE) {
        fault = judge_second_factor(call, account_id, code, &opening, reply);
    }
    if (fault == FAULT_NONE) {
        fault = sign_in_open(call, account_id, opening, &token);
    }
    if (fault == FAULT_NONE && !opening.pending) {
        fault = sign_in_remember(call, account_id, reply);
    }
    if (fault == FAULT_BAD_FACTOR) {
        return fault; /* committed with its entry in the log */
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    fault = sign_in_commit(call);
    return fault == FAULT_NONE
               ? session_answer(call, &token,
                                opening.pending ? LIMIT_PENDING_SESSION_S : LIMIT_SESSION_S, 201,
                                reply)
               : fault;
}

static enum fault session_create(struct call *call, struct reply *reply)
{
    struct credentials in;
    enum fault fault = json_decode(call->body, &CREDENTIALS_SHAPE, &in, &call->problems);

    if (fault != FAULT_NONE) {
        return fault;
    }
    struct password_attempt attempt = {.username = in.username.value,
                                       .password = in.password.value};
    fault = sign_in_throttle(call, reply);
    if (fault == FAULT_NONE) {
        fault = password_attempt_judge(call, &attempt, reply);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    return attempt.right ? open_session(call, &attempt, &in.code, reply)
                         : password_attempt_refuse(call, &attempt, SECURITY_SIGN_IN);
}

static enum fault session_delete(struct call *call, struct reply *reply)
{
    unsigned char digest[32];
    const char *address = NULL;

    if (!call_token_sha256(call, digest)) {
        return FAULT_UNAUTHENTICATED;
    }
    enum fault fault = call_log(call, (struct security_event){.kind = SECURITY_SIGN_OUT});
    if (fault == FAULT_NONE) {
        fault = sign_off_address(call, digest, &address);
    }
    if (fault == FAULT_NONE) {
        fault = session_close(call->db, digest);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    memory_access_changed(call->service);
    reply->status = 204;
    reply->set_cookie = sign_in_cookie(call, "", 0);
    if (address != NULL) {
        reply->status = 200;
        buffer_init(&reply->body, 256);
        struct json_writer w = json_writer(&reply->body);
        json_object_begin(&w);
        json_member_text(&w, "sign_out_address", address);
        json_object_end(&w);
    }
    return FAULT_NONE;
}

static const struct route ROUTES[] = {
    {METHOD_POST, "/api/v1/session", "session_create", PERMISSION_PUBLIC, LANE_HASH,
     ROUTE_WRITES | ROUTE_NO_TRANSACTION, 4 * KIB, NULL, session_create, NULL},
    {METHOD_DELETE, "/api/v1/session", "session_delete", PERMISSION_SIGNING_IN, LANE_WORK,
     ROUTE_WRITES, 0, NULL, session_delete, NULL},
    {METHOD_GET, "/api/v1/me", "me_get", PERMISSION_SIGNING_IN, LANE_QUICK, 0, 0, NULL, me_get,
     NULL},
};

const struct route_table session_routes = {ROUTES, COUNT_OF(ROUTES)};

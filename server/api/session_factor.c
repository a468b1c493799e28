#include "api/session_factor.h"

#include <string.h>

#include "api/call_tools.h"
#include "api/memory.h"
#include "api/proof.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/session.h"
#include "api/sign_in.h"
#include "db/factor.h"
#include "db/session_own.h"
#include "json/decode.h"
#include "json/writer.h"

static const struct field SESSION_FACTOR[] = {
    FIELD(struct proof, code, .min = PROOF_CODE_CHARACTERS, .max = PROOF_CODE_CHARACTERS),
    FIELD(struct proof, recovery_code, .min = 1, .max = PROOF_RECOVERY_CHARACTERS),
    PROOF_PASSKEY_FIELDS(struct proof, OPTIONAL),
};
static const SHAPE(SESSION_FACTOR_SHAPE, "SessionFactor", struct proof, SESSION_FACTOR);

static const struct field SESSION_PASSKEY[] = {PROOF_PASSKEY_FIELDS(struct proof, REQUIRED)};
static const SHAPE(SESSION_PASSKEY_SHAPE, "SessionPasskey", struct proof, SESSION_PASSKEY);

struct passkey_ask {
    struct in_text purpose;
};
static const char *const PURPOSES[] = {"sign_in", "factor", NULL};
static const struct field PASSKEY_ASK[] = {
    FIELD(struct passkey_ask, purpose, .need = REQUIRED, .choices = PURPOSES),
};
static const SHAPE(PASSKEY_ASK_SHAPE, "PasskeyAsk", struct passkey_ask, PASSKEY_ASK);

const struct shape *const session_factor_shapes[] = {&SESSION_FACTOR_SHAPE, &SESSION_PASSKEY_SHAPE,
                                                     &PASSKEY_ASK_SHAPE, NULL};

/* A transaction of whoever the cookie names, also while the second factor is still to come. */
static enum fault begin_as_caller(struct call *call, unsigned char ret_token[static 32],
                                  const struct actor **ret_actor)
{
    struct db_request request = {.arena = call->arena, .token_sha256 = ret_token};

    if (!call_token_sha256(call, ret_token)) {
        return FAULT_UNAUTHENTICATED;
    }
    enum fault fault = db_tx_begin(call->db, &request);
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = call_actor(call, ret_actor);
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
    }
    return fault;
}

static enum fault rotate(struct call *call, const struct actor *actor, const unsigned char *old,
                         const struct judgement *judgement, struct sign_in_token *ret_token)
{
    sign_in_new_token(call, ret_token);
    enum fault fault = session_rotate(call->db, old, ret_token->sha256);
    if (fault == FAULT_NONE) {
        fault = call_log(
            call, (struct security_event){.kind = SECURITY_STEP_UP,
                                          .detail_json = arena_printf(
                                              call->arena, "{\"by\":\"%s\",\"signs_in\":%s}",
                                              judgement->by, actor->pending ? "true" : "false")});
    }
    return fault;
}

static enum fault session_factor(struct call *call, struct reply *reply)
{
    struct proof in;
    unsigned char old[32];
    struct judgement judgement;
    struct sign_in_token token;
    const struct actor *actor = NULL;
    enum fault fault = json_decode(call->body, &SESSION_FACTOR_SHAPE, &in, &call->problems);

    if (fault == FAULT_NONE) {
        fault = begin_as_caller(call, old, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = proof_judge(call, actor->account_id, actor->session_id, &in, reply, &judgement);
    if (fault == FAULT_NONE && !judgement.good) {
        return proof_refuse(call, actor->account_id, &judgement);
    }
    if (fault == FAULT_NONE) {
        fault = rotate(call, actor, old, &judgement, &token);
    }
    if (fault == FAULT_NONE && actor->pending) {
        fault = sign_in_remember(call, actor->account_id, reply);
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    fault = sign_in_commit(call);
    return fault == FAULT_NONE ? session_answer(call, &token, LIMIT_SESSION_S, 200, reply) : fault;
}

/* ---- passkeys ---- */

static void write_options(struct call *call, const unsigned char *challenge, const char *const *ids,
                          int count, struct reply *reply)
{
    buffer_init(&reply->body, 512);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_text(&w, "challenge", proof_base64(call, challenge, PASSKEY_CHALLENGE_BYTES));
    json_member_text(&w, "rp_id", call->service->rp_id);
    json_member_int(&w, "timeout_ms", LIMIT_CHALLENGE_S * 1000);
    json_member_text(&w, "user_verification", "required");
    json_name(&w, "credentials");
    json_array_begin(&w);
    for (int i = 0; i < count; i++) {
        json_text(&w, ids[i]);
    }
    json_array_end(&w);
    json_object_end(&w);
}

static enum fault make_challenge(struct call *call, bool signs_in, struct reply *reply)
{
    unsigned char challenge[PASSKEY_CHALLENGE_BYTES];
    unsigned char token[32];
    const char *ids[PASSKEYS_MAX];
    const struct actor *actor = NULL;
    int count = 0;
    enum fault fault = signs_in ? sign_in_begin(call) : begin_as_caller(call, token, &actor);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (actor != NULL) {
        fault = passkey_ids(call->db, call->arena, actor->account_id, ids, &count);
    }
    if (fault == FAULT_NONE) {
        clock_random(&call->service->clock, challenge, sizeof(challenge));
        fault = challenge_make(call->db, challenge, signs_in ? "sign_in" : "factor",
                               signs_in ? NULL : actor->session_id);
    }
    if (fault != FAULT_NONE) {
        reply->retry_after_s = fault == FAULT_BUSY ? 30 : 0;
        db_tx_rollback(call->db);
        return fault;
    }
    fault = sign_in_commit(call);
    if (fault == FAULT_NONE) {
        write_options(call, challenge, ids, count, reply);
    }
    return fault;
}

static enum fault session_passkey_options(struct call *call, struct reply *reply)
{
    struct passkey_ask in;
    enum fault fault = json_decode(call->body, &PASSKEY_ASK_SHAPE, &in, &call->problems);

    return fault == FAULT_NONE
               ? make_challenge(call, strcmp(in.purpose.value, "sign_in") == 0, reply)
               : fault;
}

/* A passkey that its owner unlocked is both factors at once, and names its owner. */
static enum fault session_passkey(struct call *call, struct reply *reply)
{
    const struct session_opening opening = {.method = "passkey", .with_factor = true};
    struct proof in = {0};
    struct judgement judgement;
    struct sign_in_token token;
    enum fault fault = json_decode(call->body, &SESSION_PASSKEY_SHAPE, &in, &call->problems);

    if (fault == FAULT_NONE) {
        fault = sign_in_begin(call);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = proof_judge(call, NULL, NULL, &in, reply, &judgement);
    if (fault == FAULT_NONE && !judgement.good) {
        return proof_refuse(call, judgement.account_id, &judgement);
    }
    if (fault == FAULT_NONE) {
        fault = sign_in_open(call, judgement.account_id, opening, &token);
    }
    if (fault == FAULT_NONE) {
        fault = sign_in_remember(call, judgement.account_id, reply);
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    fault = sign_in_commit(call);
    return fault == FAULT_NONE ? session_answer(call, &token, LIMIT_SESSION_S, 201, reply) : fault;
}

static const struct route ROUTES[] = {
    {METHOD_POST, "/api/v1/session/factor", "session_factor", PERMISSION_SIGNING_IN, LANE_WORK,
     ROUTE_WRITES | ROUTE_NO_TRANSACTION, 32 * KIB, NULL, session_factor, NULL},
    {METHOD_POST, "/api/v1/session/passkey-options", "session_passkey_options", PERMISSION_PUBLIC,
     LANE_WORK, ROUTE_WRITES | ROUTE_NO_TRANSACTION, 4 * KIB, NULL, session_passkey_options, NULL},
    {METHOD_POST, "/api/v1/session/passkey", "session_passkey", PERMISSION_PUBLIC, LANE_WORK,
     ROUTE_WRITES | ROUTE_NO_TRANSACTION, 32 * KIB, NULL, session_passkey, NULL},
};

const struct route_table session_factor_routes = {ROUTES, COUNT_OF(ROUTES)};

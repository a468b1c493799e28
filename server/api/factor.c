#include "api/factor_parts.h"

#include <sodium.h>
#include <string.h>

#include "api/call_tools.h"
#include "api/password.h"
#include "api/proof.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/session.h"
#include "base/base32.h"
#include "db/session_own.h"
#include "identity/totp.h"
#include "json/decode.h"

/* ---- shapes ---- */

static const struct field FACTOR_BEGIN[] = {
    FIELD(struct factor_begin, password, .min = 1, .max = LIMIT_PASSWORD_BYTES),
};
const SHAPE(factor_begin_shape, "FactorBegin", struct factor_begin, FACTOR_BEGIN);

struct factor_code {
    struct in_text code;
};
static const struct field FACTOR_CODE[] = {
    FIELD(struct factor_code, code, .need = REQUIRED, .min = PROOF_CODE_CHARACTERS,
          .max = PROOF_CODE_CHARACTERS),
};
static const SHAPE(FACTOR_CODE_SHAPE, "FactorCode", struct factor_code, FACTOR_CODE);

const struct shape *const factor_shapes[] = {&factor_begin_shape, &FACTOR_CODE_SHAPE,
                                             &factor_passkey_new_shape,
                                             &factor_passkey_change_shape, NULL};

/* ---- what there is ---- */

void factor_write_state(struct json_writer *w, const struct factor_state *state)
{
    json_object_begin(w);
    json_member_bool(w, "totp", state->totp);
    json_member_int(w, "passkeys", state->passkeys);
    json_member_int(w, "recovery_codes", state->recovery_codes);
    json_member_int(w, "wanted", state->wanted);
    json_object_end(w);
}

static enum fault write_factors(struct call *call, const struct actor *actor, struct reply *reply)
{
    struct factor_state state;
    struct rows rows;
    enum fault fault = factor_state_of(call->db, actor->account_id, &state);

    if (fault == FAULT_NONE) {
        fault = passkey_mine(call->db, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 1024);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_name(&w, "state");
    factor_write_state(&w, &state);
    json_name(&w, "passkeys");
    json_array_begin(&w);
    for (int i = 0; i < rows.count; i++) {
        factor_write_passkey(&w, &rows, i);
    }
    json_array_end(&w);
    json_member_text(&w, "passkey_origin", call->service->origin);
    json_member_bool(&w, "totp_possible", call->service->seal_keys.count > 0);
    json_object_end(&w);
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault factor_list(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    enum fault fault = call_actor(call, &actor);

    return fault == FAULT_NONE ? write_factors(call, actor, reply) : fault;
}

/* ---- before one is added ---- */

enum fault factor_begin_as(struct call *call, unsigned char token[static 32],
                           const struct actor **ret_actor)
{
    struct db_request request = {.arena = call->arena, .token_sha256 = token};

    if (!call_token_sha256(call, token)) {
        return FAULT_UNAUTHENTICATED;
    }
    call->actor = NULL;
    enum fault fault = db_tx_begin(call->db, &request);
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = call_actor(call, ret_actor);
    if (fault == FAULT_NONE && (*ret_actor)->pending) {
        fault = FAULT_FACTOR_REQUIRED;
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
    }
    return fault;
}

enum fault factor_end(struct call *call, enum fault fault)
{
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    return sign_in_commit(call);
}

/* Counted like a sign-in: an open session is no place to guess the password in. */
static enum fault judge_password(struct call *call, const char *username, const char *password,
                                 struct reply *reply)
{
    struct password_attempt attempt = {.username = username, .password = password};
    enum fault fault = password_attempt_judge(call, &attempt, reply);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!attempt.right) {
        fault = password_attempt_refuse(call, &attempt, SECURITY_FACTOR_FAILED);
        problems_add(&call->problems, "/password", "wrong", NULL,
                     TEXT("Mật khẩu chưa đúng", "The password is not right"));
        return fault == FAULT_BAD_CREDENTIALS ? FAULT_INVALID : fault;
    }
    fault = sign_in_begin(call);
    return fault == FAULT_NONE ? factor_end(call, password_attempt_done(call, &attempt)) : fault;
}

enum fault factor_may_add(struct call *call, const struct in_text *password, struct reply *reply)
{
    unsigned char token[32];
    struct factor_state state;
    const struct actor *actor = NULL;
    enum fault fault = factor_begin_as(call, token, &actor);

    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = factor_state_of(call->db, actor->account_id, &state);
    db_tx_rollback(call->db);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (factor_any(&state)) {
        return call_step_up(call, actor, reply);
    }
    if (password->value == NULL) {
        problems_add(&call->problems, "/password", "required", NULL,
                     TEXT("Ghi mật khẩu để đăng ký phương thức xác thực đầu tiên",
                          "The password is needed to register the first factor"));
        return FAULT_INVALID;
    }
    return judge_password(call, actor->username, password->value, reply);
}

enum fault factor_log(struct call *call, enum security_kind kind, const char *what)
{
    return call_log(call, (struct security_event){.kind = kind,
                                                  .detail_json = arena_printf(
                                                      call->arena, "{\"factor\":\"%s\"}", what)});
}

enum fault factor_added(struct call *call, const unsigned char *old, const char *what,
                        struct sign_in_token *ret_token)
{
    sign_in_new_token(call, ret_token);
    enum fault fault = session_rotate(call->db, old, ret_token->sha256);
    return fault == FAULT_NONE ? factor_log(call, SECURITY_FACTOR_ADDED, what) : fault;
}

/* ---- authenticator app ---- */

static void write_totp(struct call *call, const struct actor *actor,
                       const unsigned char secret[static TOTP_SECRET_BYTES], struct reply *reply)
{
    char text[BASE32_TEXT_BYTES(TOTP_SECRET_BYTES)];

    base32_encode(secret, TOTP_SECRET_BYTES, text);
    buffer_init(&reply->body, 512);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_text(&w, "secret", text);
    /* The label is the user name: [a-z0-9._-], nothing to escape. */
    json_member_text(&w, "uri",
                     arena_printf(call->arena,
                                  "otpauth://totp/Capdo:%s?secret=%s&issuer=Capdo&algorithm=SHA1"
                                  "&digits=%d&period=%d",
                                  actor->username, text, TOTP_DIGITS, TOTP_STEP_S));
    json_object_end(&w);
    sodium_memzero(text, sizeof(text));
    reply->status = 201;
}

static enum fault factor_totp_begin(struct call *call, struct reply *reply)
{
    struct factor_begin in;
    unsigned char token[32];
    unsigned char secret[TOTP_SECRET_BYTES];
    unsigned char sealed[FACTOR_SEALED_BYTES];
    const struct seal_keys *keys = &call->service->seal_keys;
    const struct actor *actor = NULL;
    enum fault fault = json_decode(call->body, &factor_begin_shape, &in, &call->problems);

    if (fault == FAULT_NONE && keys->count == 0) {
        fault = FAULT_SECRET_KEY_MISSING;
    }
    if (fault == FAULT_NONE) {
        fault = factor_may_add(call, &in.password, reply);
    }
    if (fault == FAULT_NONE) {
        fault = factor_begin_as(call, token, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    clock_random(&call->service->clock, secret, sizeof(secret));
    seal_close(keys, &call->service->clock, actor->account_id, secret, sizeof(secret), sealed);
    fault = factor_end(call, totp_begin(call->db, keys->keys[0].id, sealed));
    if (fault == FAULT_NONE) {
        write_totp(call, actor, secret, reply);
    }
    sodium_memzero(secret, sizeof(secret));
    return fault;
}

/* The first code of the new secret; its step is used up by it. */
static enum fault check_first_code(struct call *call, const struct actor *actor, const char *code,
                                   int64_t *ret_counter, bool *ret_good)
{
    struct totp_record record;
    unsigned char secret[TOTP_SECRET_BYTES];
    enum fault fault = totp_find(call->db, actor->account_id, true, &record);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!seal_open(&call->service->seal_keys, record.key_id, actor->account_id, record.sealed,
                   sizeof(record.sealed), secret)) {
        return FAULT_SECRET_KEY_MISSING;
    }
    *ret_good =
        totp_check(secret, code, clock_wall_us(&call->service->clock) / 1000000, 0, ret_counter);
    sodium_memzero(secret, sizeof(secret));
    return FAULT_NONE;
}

static enum fault factor_totp_confirm(struct call *call, struct reply *reply)
{
    struct factor_code in;
    unsigned char old[32];
    struct sign_in_token token;
    const struct actor *actor = NULL;
    int64_t counter = 0;
    int wait_s = 0;
    bool good = false;
    enum fault fault = json_decode(call->body, &FACTOR_CODE_SHAPE, &in, &call->problems);

    if (fault == FAULT_NONE) {
        fault = factor_begin_as(call, old, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = factor_try(call->db, actor->account_id, &wait_s);
    if (fault == FAULT_NONE && wait_s > 0) {
        reply->retry_after_s = wait_s;
        fault = FAULT_TOO_MANY_REQUESTS;
    }
    if (fault == FAULT_NONE) {
        fault = check_first_code(call, actor, in.code.value, &counter, &good);
    }
    if (fault == FAULT_NONE) {
        fault = factor_judged(call->db, actor->account_id, good);
    }
    if (fault == FAULT_NONE && !good) {
        const struct judgement judgement = {.by = "totp", .why = "wrong_first_code"};
        return proof_refuse(call, actor->account_id, &judgement);
    }
    if (fault == FAULT_NONE) {
        fault = totp_confirm(call->db, counter);
    }
    if (fault == FAULT_NONE) {
        fault = factor_added(call, old, "totp", &token);
    }
    fault = factor_end(call, fault);
    return fault == FAULT_NONE ? session_answer(call, &token, LIMIT_SESSION_S, 200, reply) : fault;
}

enum fault factor_explain_last(enum fault fault, struct reply *reply)
{
    if (fault != FAULT_LAST_FACTOR) {
        return fault;
    }
    return reply_fault(reply, fault,
                       "Người phê duyệt và quản trị phải còn ít nhất một phương thức; hãy thêm "
                       "phương thức khác trước",
                       "Approvers and administrators keep at least one; add another one first");
}

static enum fault factor_totp_remove(struct call *call, struct reply *reply)
{
    enum fault fault = factor_explain_last(totp_remove(call->db), reply);

    if (fault == FAULT_NONE) {
        fault = factor_log(call, SECURITY_FACTOR_REMOVED, "totp");
    }
    if (fault == FAULT_NONE) {
        reply->status = 204;
    }
    return fault;
}

/* ---- recovery codes ---- */

/* 20 letters of 32 are 100 bits; none that look alike. */
static void make_code(struct call *call, char ret_code[static 24])
{
    static const char LETTERS[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    unsigned char random[20];
    size_t at = 0;

    _Static_assert(sizeof(LETTERS) - 1 == 32, "five bits a letter");
    clock_random(&call->service->clock, random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++) {
        if (i > 0 && i % 5 == 0) {
            ret_code[at++] = '-';
        }
        ret_code[at++] = LETTERS[random[i] & 31U];
    }
    ret_code[at] = '\0';
}

static enum fault factor_recovery_create(struct call *call, struct reply *reply)
{
    unsigned char hashes[RECOVERY_CODES * 32];
    char codes[RECOVERY_CODES][24];

    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        make_code(call, codes[i]);
        proof_recovery_hash(codes[i], hashes + i * 32);
    }
    enum fault fault = recovery_replace(call->db, call->arena, hashes);
    if (fault == FAULT_NONE) {
        fault = factor_log(call, SECURITY_FACTOR_ADDED, "recovery_codes");
    }
    if (fault == FAULT_NONE) {
        buffer_init(&reply->body, 512);
        struct json_writer w = json_writer(&reply->body);
        json_object_begin(&w);
        json_name(&w, "codes");
        json_array_begin(&w);
        for (size_t i = 0; i < RECOVERY_CODES; i++) {
            json_text(&w, codes[i]);
        }
        json_array_end(&w);
        json_object_end(&w);
        reply->status = 201;
    }
    sodium_memzero(codes, sizeof(codes));
    return fault;
}

/* No Idempotency-Key where a secret is answered: the stored answer would hold it. */
static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/me/factors", "factor_list", PERMISSION_SIGNED_IN, LANE_WORK, 0, 0, NULL,
     factor_list, NULL},
    {METHOD_POST, "/api/v1/me/factors/totp", "factor_totp_begin", PERMISSION_SIGNED_IN, LANE_HASH,
     ROUTE_WRITES | ROUTE_NO_TRANSACTION, 4 * KIB, NULL, factor_totp_begin, NULL},
    {METHOD_POST, "/api/v1/me/factors/totp/confirm", "factor_totp_confirm", PERMISSION_SIGNED_IN,
     LANE_WORK, ROUTE_WRITES | ROUTE_NO_TRANSACTION, 4 * KIB, NULL, factor_totp_confirm, NULL},
    {METHOD_DELETE, "/api/v1/me/factors/totp", "factor_totp_remove", PERMISSION_SIGNED_IN,
     LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_STEP_UP, 0, NULL, factor_totp_remove, NULL},
    {METHOD_POST, "/api/v1/me/factors/passkeys/options", "factor_passkey_options",
     PERMISSION_SIGNED_IN, LANE_HASH, ROUTE_WRITES | ROUTE_NO_TRANSACTION, 4 * KIB, NULL,
     factor_passkey_options, NULL},
    {METHOD_POST, "/api/v1/me/factors/passkeys", "factor_passkey_create", PERMISSION_SIGNED_IN,
     LANE_WORK, ROUTE_WRITES | ROUTE_NO_TRANSACTION, 32 * KIB, NULL, factor_passkey_create, NULL},
    {METHOD_PATCH, "/api/v1/me/factors/passkeys/{id}", "factor_passkey_change",
     PERMISSION_SIGNED_IN, LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH, 4 * KIB, NULL,
     factor_passkey_change, NULL},
    {METHOD_DELETE, "/api/v1/me/factors/passkeys/{id}", "factor_passkey_remove",
     PERMISSION_SIGNED_IN, LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_STEP_UP, 0, NULL,
     factor_passkey_remove, NULL},
    {METHOD_POST, "/api/v1/me/factors/recovery-codes", "factor_recovery_create",
     PERMISSION_SIGNED_IN, LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_STEP_UP, 0, NULL,
     factor_recovery_create, NULL},
};

const struct route_table factor_routes = {ROUTES, COUNT_OF(ROUTES)};

#include "api/sign_in.h"

#include <sodium.h>
#include <string.h>

#include "api/call_tools.h"
#include "api/memory.h"
#include "api/security_log.h"
#include "db/sign_in.h"
#include "db/throttle.h"

enum fault sign_in_begin(struct call *call)
{
    struct db_request nobody = {.arena = call->arena};

    return db_tx_begin(call->db, &nobody);
}

enum fault sign_in_commit(struct call *call)
{
    enum fault fault = FAULT_NONE;

    memory_commit_begin(call->service);
    enum commit_outcome outcome = db_tx_commit(call->db, &fault);
    memory_commit_end(call->service);
    if (outcome == COMMIT_UNKNOWN) {
        return FAULT_OUTCOME_UNKNOWN;
    }
    return outcome == COMMIT_DONE ? FAULT_NONE : fault;
}

enum fault sign_in_throttle(struct call *call, struct reply *reply)
{
    int wait_s = 0;

    if (call->address[0] == '\0') {
        return FAULT_NONE;
    }
    enum fault fault = sign_in_begin(call);
    if (fault == FAULT_NONE) {
        fault = throttle_try(call->db, call->address, &wait_s);
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    fault = sign_in_commit(call);
    if (fault == FAULT_NONE && wait_s > 0) {
        reply->retry_after_s = wait_s;
        return reply_fault(reply, FAULT_TOO_MANY_REQUESTS,
                           "Có quá nhiều lần đăng nhập không thành công từ địa chỉ này",
                           "Too many sign-ins failed from this address");
    }
    return fault;
}

void sign_in_new_token(struct call *call, struct sign_in_token *ret_token)
{
    unsigned char random[SIGN_IN_TOKEN_BYTES];

    clock_random(&call->service->clock, random, sizeof(random));
    (void)sodium_bin2base64(ret_token->text, sizeof(ret_token->text), random, sizeof(random),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    crypto_hash_sha256(ret_token->sha256, (const unsigned char *)ret_token->text,
                       SESSION_TOKEN_CHARACTERS);
}

enum fault sign_in_open(struct call *call, const char *account_id, struct session_opening opening,
                        struct sign_in_token *ret_token)
{
    sign_in_new_token(call, ret_token);
    opening.lifetime_s = opening.pending ? LIMIT_PENDING_SESSION_S : LIMIT_SESSION_S;
    opening.user_agent = arena_str(call->arena, call->user_agent).at;
    opening.address = call->address;
    /* The session that this browser had, whoever's it was, ends with the new one's beginning. */
    unsigned char before[32];
    enum fault fault =
        call_token_sha256(call, before) ? session_close(call->db, before) : FAULT_NONE;
    if (fault == FAULT_NONE) {
        fault = session_open(call->db, account_id, ret_token->sha256, &opening);
    }
    if (fault == FAULT_NONE) {
        fault = call_log(
            call,
            (struct security_event){
                .kind = SECURITY_SIGN_IN,
                .account_id = account_id,
                .detail_json = arena_printf(
                    call->arena, "{\"method\":\"%s\",\"second_factor\":\"%s\"}", opening.method,
                    opening.pending ? "pending" : (opening.with_factor ? "shown" : "none"))});
    }
    if (fault == FAULT_NONE && call->address[0] != '\0') {
        fault = throttle_forgive(call->db, call->address);
    }
    return fault;
}

const char *sign_in_named_cookie(struct call *call, const char *name, const char *value, int age_s)
{
    return arena_printf(call->arena, "%s%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
                        call->secure ? "__Host-" : "", name, value, age_s,
                        call->secure ? "; Secure" : "");
}

const char *sign_in_cookie(struct call *call, const char *token, int age_s)
{
    return sign_in_named_cookie(call, "sid", token, age_s);
}

bool sign_in_device_sha256(const struct call *call, unsigned char ret_sha256[static 32])
{
    if (call->device_token.at == NULL || call->device_token.length != SESSION_TOKEN_CHARACTERS) {
        return false;
    }
    crypto_hash_sha256(ret_sha256, (const unsigned char *)call->device_token.at,
                       call->device_token.length);
    return true;
}

enum fault sign_in_remember(struct call *call, const char *account_id, struct reply *reply)
{
    struct sign_in_token token;
    bool known = false;
    enum fault fault = FAULT_NONE;

    if (sign_in_device_sha256(call, token.sha256)) {
        fault = sign_in_device_seen(call->db, account_id, token.sha256, &known);
    }
    if (fault == FAULT_NONE && known) {
        (void)memcpy(token.text, call->device_token.at, SESSION_TOKEN_CHARACTERS);
        token.text[SESSION_TOKEN_CHARACTERS] = '\0';
    } else if (fault == FAULT_NONE) {
        /* A cookie that somebody else could have put there is not taken over. */
        sign_in_new_token(call, &token);
        fault = sign_in_device(call->db, account_id, token.sha256);
    }
    if (fault == FAULT_NONE) {
        reply->device_cookie =
            sign_in_named_cookie(call, "device", token.text, LIMIT_KNOWN_DEVICE_S);
    }
    return fault;
}

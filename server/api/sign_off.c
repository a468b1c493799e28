#include "api/sign_off.h"

#include <sodium.h>
#include <string.h>

#include "api/call_tools.h"
#include "api/memory.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/sign_in.h"
#include "db/sign_on.h"
#include "identity/provider.h"

enum fault sign_off_address(struct call *call, const unsigned char token_sha256[static 32],
                            const char **ret_url)
{
    const char *id_token = NULL;

    if (call->service->provider == NULL) {
        return FAULT_NONE;
    }
    enum fault fault = sign_on_hint(call->db, call->arena, token_sha256, &id_token);
    if (fault == FAULT_NONE && id_token != NULL) {
        *ret_url = provider_sign_out_url(call->service->provider, call->arena, id_token);
    }
    return fault;
}

static enum fault end_sessions(struct call *call, const struct logout_token *token)
{
    struct sign_on_end end = {
        .expires_at = token->expires_at,
        .issuer = provider_issuer(call->service->provider),
        .subject = token->subject,
        .session = token->session,
    };
    struct rows rows;

    (void)crypto_hash_sha256(end.token_id_sha256, (const unsigned char *)token->id,
                             strlen(token->id));
    enum fault fault = sign_on_end(call->db, &end, &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; i < rows.count && fault == FAULT_NONE; i++) {
        fault = call_log(call,
                         (struct security_event){.kind = SECURITY_SESSION_ENDED,
                                                 .account_id = rows_copy(&rows, i, 0, call->arena),
                                                 .session_id = rows_copy(&rows, i, 1, call->arena),
                                                 .detail_json = "{\"by\":\"identity_provider\"}"});
    }
    rows_done(&rows);
    return fault;
}

/* Posted by the provider, not by a browser: what counts is the signature of the token. */
static enum fault sign_off_by_provider(struct call *call, struct reply *reply)
{
    struct logout_token token;
    struct str text = call_form(call, "logout_token");

    if (call->service->provider == NULL) {
        return FAULT_NOT_FOUND;
    }
    if (text.at == NULL) {
        return reply_fault(reply, FAULT_BAD_REQUEST, "Thiếu logout_token",
                           "logout_token is missing");
    }
    enum fault fault = provider_read_logout(call->service->provider, call->arena, text, &token,
                                            &reply->private_detail);
    if (fault == FAULT_SIGN_IN_REFUSED) {
        /* Back-Channel Logout §2.8: 400, whatever is wrong. */
        return reply_fault(reply, FAULT_BAD_REQUEST, "logout_token không được chấp nhận",
                           "The logout_token is not accepted");
    }
    if (fault == FAULT_NONE) {
        fault = sign_in_begin(call);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = end_sessions(call, &token);
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    fault = sign_in_commit(call);
    if (fault == FAULT_NONE) {
        memory_access_changed(call->service);
        reply->status = 204;
    }
    return fault;
}

static const struct route ROUTES[] = {
    {METHOD_POST, "/api/v1/session/oidc/backchannel-logout", "sign_on_logout", PERMISSION_PUBLIC,
     LANE_WORK, ROUTE_WRITES | ROUTE_NO_TRANSACTION | ROUTE_TAKES_FORM, LIMIT_TOKEN_BYTES + KIB,
     NULL, sign_off_by_provider, NULL},
};

const struct route_table sign_off_routes = {ROUTES, COUNT_OF(ROUTES)};

/* By what a call shows who acts: the session's cookie, or an API token (Authorization: Bearer).
 * Never both: the guard refuses that. Pure: nothing is asked of the database. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "base/api_token.h"

struct credential {
    bool by_token;
    unsigned char sha256[32]; /* of the session's token, or of the API token's secret */
    char key[API_TOKEN_KEY_CHARACTERS + 1]; /* of the API token */
    /* What memory.h knows it by. An API token is known for each address anew, since it may be bound
     * to networks. */
    unsigned char memory_key[32];
};

/* FAULT_UNAUTHENTICATED: nothing is shown. FAULT_SESSION_EXPIRED, FAULT_TOKEN_INVALID: what is shown
 * cannot be right. */
enum fault credential_read(struct call *call, struct reply *reply,
                           struct credential *ret_credential) MUST_USE;
/* Notes that it was used, so that a session lives on and a token says when. */
void credential_used(struct call *call, const struct credential *credential);

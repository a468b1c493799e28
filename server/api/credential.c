#include "api/credential.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "api/call_tools.h"
#include "api/memory.h"

static void hash_token(const struct call *call, const struct api_token_text *text,
                       struct credential *credential)
{
    crypto_hash_sha256_state state;

    (void)crypto_hash_sha256(credential->sha256, (const unsigned char *)text->secret.at,
                             text->secret.length);
    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)text->key.at, text->key.length);
    (void)crypto_hash_sha256_update(&state, credential->sha256, sizeof(credential->sha256));
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)call->address,
                                    strlen(call->address));
    (void)crypto_hash_sha256_final(&state, credential->memory_key);
}

static enum fault read_token(struct call *call, struct reply *reply,
                             struct credential *ret_credential)
{
    static const char SCHEME[] = "Bearer ";
    struct str text = call->authorization;
    struct api_token_text pieces;

    if (text.length < sizeof(SCHEME) - 1 || strncasecmp(text.at, SCHEME, sizeof(SCHEME) - 1) != 0) {
        return reply_fault(reply, FAULT_TOKEN_INVALID,
                           "Gửi mã truy cập API theo dạng “Authorization: Bearer capdo_live_…”",
                           "Send the API token as “Authorization: Bearer capdo_live_…”");
    }
    text.at += sizeof(SCHEME) - 1;
    text.length -= sizeof(SCHEME) - 1;
    if (!api_token_read(text, &pieces)) {
        /* Junk names nobody: the line of the request tells of it, no row of the security log. */
        call->refusal_logged = true;
        return reply_fault(reply, FAULT_TOKEN_INVALID,
                           "Mã không đúng dạng hoặc sai ký tự kiểm tra; hãy sao chép lại đầy đủ mã",
                           "The token has another form or a wrong checksum; copy all of it again");
    }
    *ret_credential = (struct credential){.by_token = true};
    memcpy(ret_credential->key, pieces.key.at, pieces.key.length);
    hash_token(call, &pieces, ret_credential);
    return FAULT_NONE;
}

enum fault credential_read(struct call *call, struct reply *reply,
                           struct credential *ret_credential)
{
    if (call->authorization.at != NULL) {
        return read_token(call, reply, ret_credential);
    }
    if (call->session_token.at == NULL) {
        return FAULT_UNAUTHENTICATED;
    }

    struct credential session = {.by_token = false};
    if (!call_token_sha256(call, session.sha256)) {
        return FAULT_SESSION_EXPIRED;
    }
    memcpy(session.memory_key, session.sha256, sizeof(session.memory_key));
    *ret_credential = session;
    return FAULT_NONE;
}

void credential_used(struct call *call, const struct credential *credential)
{
    if (credential->by_token) {
        memory_token_used(call->service, credential->key);
    } else {
        memory_session_used(call->service, credential->sha256);
    }
}

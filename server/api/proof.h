/* The second factor as it comes with a request: a code of an app, a recovery code or what a passkey
 * signed. Judged inside the caller's transaction, which the caller commits whatever the judgement:
 * tries are counted and challenges used up by it. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "base/shape.h"
#include "identity/passkey.h"

/* Texts of a passkey are base64url without padding. */
struct proof {
    struct in_text code;
    struct in_text recovery_code;
    struct in_text credential_id;
    struct in_text client_data;
    struct in_text authenticator_data;
    struct in_text signature;
};

enum {
    PROOF_CODE_CHARACTERS = 6,
    PROOF_RECOVERY_CHARACTERS = 40, /* 20 letters, and what people put between them */
    PROOF_BYTES_MAX = 4096,
    PROOF_TEXT_CHARACTERS = 5462, /* PROOF_BYTES_MAX in base64url */
    PROOF_ID_CHARACTERS = 1364,   /* PASSKEY_ID_BYTES_MAX in base64url */
};

/* The members of struct proof as rows of the shape of `type`, in which it stands first. */
#define PROOF_PASSKEY_FIELDS(type, wanted)                                                         \
    FIELD(type, credential_id, .need = (wanted), .min = 22, .max = PROOF_ID_CHARACTERS),           \
        FIELD(type, client_data, .need = (wanted), .min = 1, .max = PROOF_TEXT_CHARACTERS),        \
        FIELD(type, authenticator_data, .need = (wanted), .min = 1, .max = PROOF_TEXT_CHARACTERS), \
        FIELD(type, signature, .need = (wanted), .min = 1, .max = PROOF_TEXT_CHARACTERS)

struct judgement {
    bool good;
    const char *by;         /* "totp", "recovery_code", "passkey": as the security log tells it */
    const char *why;        /* of a refusal, for the log */
    const char *account_id; /* whose passkey it was */
};

/* account_id NULL: whoever the passkey belongs to (signing in without a name). FAULT_INVALID unless
 * exactly one kind is there, FAULT_TOO_MANY_REQUESTS with reply->retry_after_s. */
enum fault proof_judge(struct call *call, const char *account_id, const char *session_id,
                       const struct proof *proof, struct reply *reply,
                       struct judgement *ret_judgement) MUST_USE;

/* Writes a refusal to the security log and commits; returns FAULT_BAD_FACTOR. */
enum fault proof_refuse(struct call *call, const char *account_id,
                        const struct judgement *judgement) MUST_USE;

/* base64url as bytes in the call's arena; false when it is not. */
bool proof_bytes(struct call *call, const char *text, struct str *ret_bytes) MUST_USE;
const char *proof_base64(struct call *call, const unsigned char *bytes, size_t length);

/* What was typed, as it is hashed: letters and digits alone, in upper case. */
void proof_recovery_hash(const char *typed, unsigned char ret_hash[static 32]);

/* The site as passkeys know it. */
struct passkey_site proof_site(const struct call *call);

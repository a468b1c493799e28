/* A signed token in compact form (RFC 7515 §7.1) checked against a set of keys. The algorithm must
 * be one of three and fit the type of the key; the key comes from the set and from nowhere else:
 * what the token says about keys or their addresses (jwk, jku, x5u, x5c) is not looked at. Neither
 * unsigned nor encrypted tokens are understood. Pure: no I/O. */
#pragma once

#include "base/arena.h"
#include "base/macros.h"
#include "identity/jwk.h"

/* Why a token is refused; the order is that of the checks. For the log, never for the client. */
enum token_verdict {
    TOKEN_GOOD,
    TOKEN_TOO_LARGE,
    TOKEN_MALFORMED,
    TOKEN_ALGORITHM,
    TOKEN_CRITICAL,
    TOKEN_TYPE,
    TOKEN_KEY_UNKNOWN, /* perhaps a new key: worth fetching the set again, now and then */
    TOKEN_SIGNATURE,
    TOKEN_CLAIMS, /* the payload is no object, or lacks a claim */
    TOKEN_ISSUER,
    TOKEN_AUDIENCE,
    TOKEN_EXPIRED,
    TOKEN_ISSUED_AT,
    TOKEN_NONCE,
    TOKEN_ACCESS_HASH,
    TOKEN_SIGNED_IN_AT,
    TOKEN_SUBJECT,
    TOKEN_EVENT,
    TOKEN_VERDICT_COUNT,
};

const char *token_verdict_code(enum token_verdict verdict);

struct jws {
    struct str payload; /* in the arena */
    const char *type;   /* header typ, NULL when absent */
};

enum token_verdict jws_verify(struct str token, const struct jwk_set *keys, struct arena *arena,
                              struct jws *ret_jws) MUST_USE;

/* What every way to sign in shares: its own transaction (there is no session yet that could carry
 * one), the token of the new session, and the cookie that brings it to the browser. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "db/session.h"

/* 32 random bytes in base64url without padding. */
enum { SIGN_IN_TOKEN_BYTES = 32, SIGN_IN_TOKEN_TEXT_BYTES = 44 };

struct sign_in_token {
    char text[SIGN_IN_TOKEN_TEXT_BYTES];
    unsigned char sha256[32];
};

/* A transaction in which nobody acts. After a fault the caller rolls back (db_tx_rollback). */
enum fault sign_in_begin(struct call *call) MUST_USE;
enum fault sign_in_commit(struct call *call) MUST_USE;

void sign_in_new_token(struct call *call, struct sign_in_token *ret_token);

/* Before anything is checked, in a transaction of its own: FAULT_TOO_MANY_REQUESTS when the address
 * of this call tried too often. An address that is not known is not counted. */
enum fault sign_in_throttle(struct call *call, struct reply *reply) MUST_USE;

/* Inside the transaction: opens the session, writes it to the security log, and lets the try that
 * sign_in_throttle counted not count. method, pending and
 * with_factor of the opening are the caller's; the rest is the call's. */
enum fault sign_in_open(struct call *call, const char *account_id, struct session_opening opening,
                        struct sign_in_token *ret_token) MUST_USE;

/* Value of Set-Cookie; an empty token with age 0 takes the cookie away. */
const char *sign_in_cookie(struct call *call, const char *token, int age_s);
/* The same for another cookie of ours: __Host- and Secure where the public side is HTTPS. */
const char *sign_in_named_cookie(struct call *call, const char *name, const char *value, int age_s);

/* SHA-256 of the device cookie; false when there is none. */
bool sign_in_device_sha256(const struct call *call, unsigned char ret_sha256[static 32]);
/* Inside the transaction of a complete sign-in: this browser is known from now on, so that guesses
 * made elsewhere do not lock its owner out. */
enum fault sign_in_remember(struct call *call, const char *account_id, struct reply *reply)
    MUST_USE;

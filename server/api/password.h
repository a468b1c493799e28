/* The rules of rules/password.h with what this service knows: the list and the words of the person. */
#pragma once

#include <stdbool.h>

#include "api/call.h"
#include "api/reply.h"
#include "db/sign_in.h"
#include "rules/security.h"

/* FAULT_INVALID when the new password is refused; call->problems then says at the pointer why, all at
 * once. Inside a request or transaction. */
enum fault password_examine(struct call *call, const char *pointer, const char *password,
                            const char *account_id) MUST_USE;

/* A password somebody shows, at sign-in or to change what protects the account. On the lane HASH
 * alone; outside any transaction. */
struct password_attempt {
    const char *username;
    const char *password;
    bool right; /* after password_attempt_judge */
    struct sign_in_attempt counted;
    unsigned char device[32];
    bool has_device;
};

/* Counts, commits, and looks at the password. FAULT_SIGN_IN_STOPPED or FAULT_TOO_MANY_REQUESTS when it
 * is not looked at. A name that nobody has, or whose account has no password, costs the same and is
 * never right. */
enum fault password_attempt_judge(struct call *call, struct password_attempt *attempt,
                                  struct reply *reply) MUST_USE;
/* It was right; inside a transaction: the attempt and those before it are forgotten, a hash of an older
 * cost is replaced. */
enum fault password_attempt_done(struct call *call, const struct password_attempt *attempt)
    MUST_USE;
/* It was wrong: writes that to the security log and returns FAULT_BAD_CREDENTIALS. */
enum fault password_attempt_refuse(struct call *call, const struct password_attempt *attempt,
                                   enum security_kind kind) MUST_USE;

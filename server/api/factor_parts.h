/* What the files of my second factors share; for them alone. */
#pragma once

#include "api/factor.h"
#include "api/reply.h"
#include "api/security_log.h"
#include "api/sign_in.h"
#include "db/session_own.h"
#include "json/writer.h"

struct factor_begin {
    struct in_text password; /* for the first factor; later ones ask for one that exists */
};
extern const struct shape factor_begin_shape;
extern const struct shape factor_passkey_new_shape;
extern const struct shape factor_passkey_change_shape;

/* A transaction of whoever the cookie names, complete sessions alone; rolled back on a fault. */
enum fault factor_begin_as(struct call *call, unsigned char token[static 32],
                           const struct actor **ret_actor) MUST_USE;
/* Rolls back on a fault, commits otherwise. */
enum fault factor_end(struct call *call, enum fault fault) MUST_USE;
/* Who has a factor shows it afresh; the first one comes with the password in the same request. Not
 * inside a transaction: hashing takes long. */
enum fault factor_may_add(struct call *call, const struct in_text *password, struct reply *reply)
    MUST_USE;
/* A new factor was shown to work: the session has a fresh one from now on, under another token. */
enum fault factor_added(struct call *call, const unsigned char *old, const char *what,
                        struct sign_in_token *ret_token) MUST_USE;
enum fault factor_log(struct call *call, enum security_kind kind, const char *what) MUST_USE;
/* Says what to do about FAULT_LAST_FACTOR. */
enum fault factor_explain_last(enum fault fault, struct reply *reply) MUST_USE;

/* A row of passkey_mine. */
void factor_write_passkey(struct json_writer *w, const struct rows *rows, int row);

handler_fn factor_passkey_options;
handler_fn factor_passkey_create;
handler_fn factor_passkey_change;
handler_fn factor_passkey_remove;

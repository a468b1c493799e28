/* Accounts and what they may do, for the command line on an owner connection. Nobody chooses a
 * password for another: the command line hands out links. */
#pragma once

#include "db/account_link.h"
#include "db/connection.h"

/* An account that its owner activates by the link. FAULT_CODE_TAKEN for a name in use, FAULT_INVALID
 * for a name other than [a-z0-9._-]{1,60}. */
enum fault account_add(struct db *owner, const struct clock_source *clock, const char *username,
                       const char *display_name, struct account_link *ret_link) MUST_USE;
/* Ends the present password and sessions; a new password is chosen by the link. FAULT_NOT_FOUND when
 * there is no such account or it is disabled. */
enum fault account_reset(struct db *owner, const struct clock_source *clock, const char *username,
                         struct account_link *ret_link) MUST_USE;
/* As account_reset, and ends every second factor and recovery code too: for who has lost them all. */
enum fault account_end_factors(struct db *owner, const struct clock_source *clock,
                               const char *username, struct account_link *ret_link) MUST_USE;
/* Ends the account's sessions at once. FAULT_NOT_FOUND when there is no such account,
 * FAULT_LAST_ADMINISTRATOR when nobody else administers. */
enum fault account_disable(struct db *owner, const char *username) MUST_USE;
enum fault account_enable(struct db *owner, const char *username) MUST_USE;

/* What is granted or ended, by which document. */
struct account_role {
    const char *username;
    const char *role;
    const char *organisation_code;
    const char *document_number;
};

/* The role holds from today on. FAULT_NOT_FOUND for an unknown account or organisation code,
 * FAULT_INVALID for an unknown role, FAULT_CONFLICT when it is held already. */
enum fault account_grant(struct db *owner, const struct clock_source *clock,
                         const struct account_role *grant) MUST_USE;
/* Ended with yesterday, so it no longer holds; the record stays. FAULT_NOT_FOUND when it is not held,
 * FAULT_LAST_ADMINISTRATOR as above. */
enum fault account_revoke(struct db *owner, const struct account_role *role) MUST_USE;

/* One line of the list; everything is borrowed during the call. */
struct account_line {
    const char *username;
    const char *display_name;
    const char *roles; /* "staff H05.11, appraiser H05.30"; "" for none */
    bool disabled;
    bool has_password;
};

typedef void account_line_fn(void *context, const struct account_line *line);

/* All accounts by name. */
enum fault account_each(struct db *owner, account_line_fn *each, void *context) MUST_USE;

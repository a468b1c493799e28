/* The security log: entries are added in the transaction of what they tell of and never change. */
#pragma once

#include "db/connection.h"
#include "rules/security.h"

/* Texts may be NULL for none; all are copied into the row. */
struct security_event {
    enum security_kind kind;
    enum security_outcome outcome;
    const char *account_id;   /* NULL: who acts in this transaction, if anyone */
    const char *account_name; /* NULL: the name of that account */
    const char *subject_type; /* "account", "dossier", "token" … */
    const char *subject_id;   /* UUID */
    const char *subject_name;
    const char *session_id;
    const char *token_id;
    const char *address;
    const char *user_agent;
    const char *request_id;
    const char *detail_json; /* an object of at most 4 KiB without secrets, or NULL */
};

enum fault security_log_add(struct db *db, const struct security_event *event) MUST_USE;
/* For one that waited to be written: at is when it happened (RFC 3339), a day ago at most. */
enum fault security_log_add_late(struct db *db, const char *at, const struct security_event *event)
    MUST_USE;

extern const struct statement *const security_log_statements[];

/* The security log as it is read: everything by the administrator, one's own part by anyone. */
#pragma once

#include "db/list.h"

extern const struct list_table security_list_table;
/* One's own part: where another person did it, from where is not shown. */
extern const struct list_table security_own_table;

/* Columns of both after PAGE_FIRST_COLUMN; times as timestamptz. */
enum security_column {
    SECURITY_AT,
    SECURITY_KIND_CODE,
    SECURITY_OUTCOME_CODE,
    SECURITY_ACCOUNT_ID,
    SECURITY_ACCOUNT_NAME,
    SECURITY_SUBJECT_TYPE,
    SECURITY_SUBJECT_ID,
    SECURITY_SUBJECT_NAME,
    SECURITY_SESSION_ID,
    SECURITY_TOKEN_ID,
    SECURITY_ADDRESS,
    SECURITY_USER_AGENT,
    SECURITY_REQUEST_ID,
    SECURITY_DETAIL, /* an object */
};

/* Rows that the account did or that are about it. */
void security_own_scope(const struct actor *actor, struct list_scope *ret_scope);

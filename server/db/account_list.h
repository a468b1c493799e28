/* Accounts as an administrator sees them: who may do what, where. Passwords and sessions are out of
 * reach of the server's role. */
#pragma once

#include "db/list.h"

extern const struct list_table account_list_table;

/* Columns of account_list_table after PAGE_FIRST_COLUMN. */
enum account_column {
    ACCOUNT_USERNAME,
    ACCOUNT_DISPLAY_NAME,
    ACCOUNT_DISABLED,
    ACCOUNT_CAPACITIES, /* JSON array of {"role","organisation":{id,name}}, valid today */
    ACCOUNT_CREATED_AT,
};

/* What an account may see of itself. */
#pragma once

#include "db/connection.h"

/* JSON array of {"role","organisation":{id,name},"serves":[{id,name}]}, valid today. */
enum fault account_capacities(struct db *db, struct arena *arena, const char *account_id,
                              struct str *ret_json) MUST_USE;

extern const struct statement *const account_self_statements[];

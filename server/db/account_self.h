/* What an account may see of itself. */
#pragma once

#include "db/connection.h"
#include "db/factor.h"

struct account_self {
    /* Array of {"role","organisation":{id,name},"serves":[{id,name}]}, valid today. */
    struct str capacities_json;
    struct factor_state factors;
};

enum fault account_self(struct db *db, struct arena *arena, const char *account_id,
                        struct account_self *ret_self) MUST_USE;

extern const struct statement *const account_self_statements[];

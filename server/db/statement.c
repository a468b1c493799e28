#include "db/statement.h"

#include <stddef.h>

#include "db/account_self.h"
#include "db/idempotency.h"
#include "db/session.h"
#include "db/system.h"

static const struct statement *const *const TABLES[] = {
    account_self_statements,
    idempotency_statements,
    session_statements,
    system_statements,
    NULL,
};

const struct statement *const *const *statement_tables(void)
{
    return TABLES;
}

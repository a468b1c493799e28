#include "db/statement.h"

#include <stddef.h>

#include "db/account_admin.h"
#include "db/account_link.h"
#include "db/account_self.h"
#include "db/api_token.h"
#include "db/assignment.h"
#include "db/authority.h"
#include "db/delegation.h"
#include "db/dossier.h"
#include "db/dossier_write.h"
#include "db/factor.h"
#include "db/idempotency.h"
#include "db/label.h"
#include "db/organisation.h"
#include "db/organisation_history.h"
#include "db/security_log.h"
#include "db/session.h"
#include "db/session_own.h"
#include "db/sign_in.h"
#include "db/sign_on.h"
#include "db/system.h"
#include "db/throttle.h"

static const struct statement *const *const TABLES[] = {
    account_self_statements,  api_token_statements,
    throttle_statements,      authority_statements,
    dossier_statements,       dossier_write_statements,
    factor_statements,        session_own_statements,
    idempotency_statements,   label_statements,
    organisation_statements,  organisation_history_statements,
    security_log_statements,  session_statements,
    system_statements,        sign_on_statements,
    account_admin_statements, account_link_statements,
    sign_in_statements,       assignment_statements,
    delegation_statements,    NULL,
};

const struct statement *const *const *statement_tables(void)
{
    return TABLES;
}

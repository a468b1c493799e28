#include <stdlib.h>
#include <string.h>

#include "api/account.h"
#include "api/account_parts.h"
#include "api/activation.h"
#include "api/api_token.h"
#include "api/assignment.h"
#include "api/delegation.h"
#include "api/dossier.h"
#include "api/factor.h"
#include "api/identity.h"
#include "api/label.h"
#include "api/organisation.h"
#include "api/organisation_history.h"
#include "api/organisation_import.h"
#include "api/route.h"
#include "api/ruleset.h"
#include "api/security_event.h"
#include "api/session.h"
#include "api/session_factor.h"
#include "api/session_own.h"
#include "api/sign_off.h"
#include "api/sign_on.h"
#include "api/stats.h"
#include "api/system.h"
#include "api/system_version.h"
#include "api/vulnerable.h"

static const struct route_table *const TABLES[] = {
    &account_routes,
    &api_token_routes,
    &activation_routes,
    &membership_routes,
    &assignment_routes,
    &delegation_routes,
    &dossier_routes,
    &label_routes,
    &organisation_routes,
    &organisation_history_routes,
    &organisation_import_routes,
    &ruleset_routes,
    &factor_routes,
    &security_event_routes,
    &session_factor_routes,
    &session_own_routes,
    &session_routes,
#ifdef CAPDO_TEST_HOOKS
    &vulnerable_routes,
#endif
    &stats_routes,
    &system_routes,
    &identity_routes,
    &sign_off_routes,
    &sign_on_routes,
    &system_version_routes,
};

size_t api_routes(struct route *ret_rows, size_t rows_max)
{
    size_t count = 0;

    for (size_t t = 0; t < COUNT_OF(TABLES); t++) {
        for (size_t i = 0; i < TABLES[t]->count; i++) {
            if (count < rows_max) {
                ret_rows[count] = TABLES[t]->rows[i];
            }
            count++;
        }
    }
    return count;
}

static const char *row_fault(const struct route *row)
{
    if ((unsigned)row->method >= METHOD_COUNT || row->path == NULL || row->path[0] != '/') {
        return "a route lacks method or path";
    }
    if (row->permission == PERMISSION_UNSET || (unsigned)row->permission >= PERMISSION_COUNT) {
        return "a route lacks its permission";
    }
    if (row->lane == LANE_UNSET || (unsigned)row->lane >= LANE_COUNT) {
        return "a route lacks its lane";
    }
    if (row->handler == NULL || row->operation_id == NULL) {
        return "a route lacks handler or operation";
    }
    if ((row->flags & ROUTE_WRITES) != 0 && row->lane != LANE_WORK && row->lane != LANE_HASH) {
        return "a route that writes must run on the work or the hash lane";
    }
    if (row->method == METHOD_GET && (row->flags & ROUTE_WRITES) != 0) {
        return "a GET must not write";
    }
    return NULL;
}

const char *routes_check(struct route_table table)
{
    for (size_t i = 0; i < table.count; i++) {
        const char *fault = row_fault(&table.rows[i]);
        if (fault != NULL) {
            return fault;
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(table.rows[i].operation_id, table.rows[j].operation_id) == 0 ||
                (table.rows[i].method == table.rows[j].method &&
                 strcmp(table.rows[i].path, table.rows[j].path) == 0)) {
                return "two routes are the same";
            }
        }
    }
    return NULL;
}

const char *method_name(enum method method)
{
    static const char *const NAMES[METHOD_COUNT] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

    return (unsigned)method < METHOD_COUNT ? NAMES[method] : "";
}

const char *lane_name(enum lane lane)
{
    static const char *const NAMES[LANE_COUNT] = {"", "memory", "quick", "work", "heavy", "hash"};

    return (unsigned)lane < LANE_COUNT ? NAMES[lane] : "";
}

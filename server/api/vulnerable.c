#include "api/vulnerable.h"

#ifdef CAPDO_TEST_HOOKS
#include "api/call_tools.h"
#include "json/writer.h"

/* What nothing else here does: a value of the request becomes part of the statement. */
static enum fault vulnerable_get(struct call *call, struct reply *reply)
{
    struct str code = call_parameter(call, "code");
    struct rows rows;
    const char *sql = arena_printf(
        call->arena, "SELECT name FROM capdo.organisation WHERE code = '%.*s' ORDER BY code",
        (int)code.length, code.at == NULL ? "" : code.at);
    enum fault fault =
        db_query_text(call->db, sql, &(const struct db_parameters){.count = 0}, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 256);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_name(&w, "name");
    json_str(&w, rows.count > 0 ? rows_str(&rows, 0, 0) : str_of(""));
    json_object_end(&w);
    rows_done(&rows);
    return FAULT_NONE;
}

static const char *const PARAMETERS_ALLOWED[] = {"code", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/vulnerable", "vulnerable_get", PERMISSION_ORGANISATION_READ, LANE_QUICK,
     0, 0, PARAMETERS_ALLOWED, vulnerable_get, NULL},
};

const struct route_table vulnerable_routes = {ROUTES, COUNT_OF(ROUTES)};
#endif

#include <stdio.h>
#include <stdlib.h>

#include "api/route.h"
#include "command.h"
#include "json/writer.h"

static const struct {
    unsigned flag;
    const char *name;
} FLAGS[] = {
    {ROUTE_WRITES, "writes"},
    {ROUTE_NEEDS_IF_MATCH, "needs_if_match"},
    {ROUTE_NEEDS_IDEMPOTENCY, "needs_idempotency_key"},
    {ROUTE_NO_TRANSACTION, "no_transaction"},
    {ROUTE_NEEDS_STEP_UP, "needs_step_up"},
};

static void write_route(struct json_writer *w, const struct route *route)
{
    json_object_begin(w);
    json_member_text(w, "operation", route->operation_id);
    json_member_text(w, "method", method_name(route->method));
    json_member_text(w, "path", route->path);
    json_member_text(w, "permission", permission_code(route->permission));
    json_member_text(w, "lane", lane_name(route->lane));
    for (size_t i = 0; i < COUNT_OF(FLAGS); i++) {
        json_member_bool(w, FLAGS[i].name, (route->flags & FLAGS[i].flag) != 0);
    }
    json_member_int(w, "body_bytes_max", (int64_t)route->body_bytes_max);
    json_name(w, "parameters");
    json_array_begin(w);
    for (int i = 0; route->parameters != NULL && route->parameters[i] != NULL; i++) {
        json_text(w, route->parameters[i]);
    }
    json_array_end(w);
    json_object_end(w);
}

static void write_role(struct json_writer *w, enum role role)
{
    json_name(w, role_code(role));
    json_array_begin(w);
    for (unsigned p = PERMISSION_SIGNED_IN + 1; p < PERMISSION_COUNT; p++) {
        if (permission_allows(ROLE_BIT(role), (enum permission)p)) {
            json_text(w, permission_code((enum permission)p));
        }
    }
    json_array_end(w);
}

int command_routes(const struct config *config, int argc, char **argv)
{
    struct route rows[ROUTES_MAX];
    size_t count = api_routes(rows, ROUTES_MAX);
    struct buffer text;

    (void)config;
    (void)argv;
    if (argc > 0 || count > ROUTES_MAX) {
        (void)fputs("usage: capdo routes\n", stderr);
        return EXIT_USAGE;
    }
    buffer_init(&text, 16 * KIB);
    struct json_writer w = json_writer(&text);
    json_object_begin(&w);
    json_name(&w, "routes");
    json_array_begin(&w);
    for (size_t i = 0; i < count; i++) {
        write_route(&w, &rows[i]);
    }
    json_array_end(&w);
    json_name(&w, "roles");
    json_object_begin(&w);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        write_role(&w, (enum role)role);
    }
    json_object_end(&w);
    json_object_end(&w);
    (void)puts(text.at);
    buffer_done(&text);
    return EXIT_SUCCESS;
}

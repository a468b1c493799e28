/* The contract against the code: schema/openapi.json is the route table and the shapes, and
 * schema/problems.json is the fault table. What one side says and the other does not fails here.
 *
 * A member, parameter or row is named in the message. The controls at the end plant one difference
 * of each kind in a copy of the contract and want it found. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/account.h"
#include "api/account_parts.h"
#include "api/activation.h"
#include "api/api_token.h"
#include "api/assignment.h"
#include "api/delegation.h"
#include "api/factor.h"
#include "api/identity.h"
#include "api/label.h"
#include "api/meta.h"
#include "api/organisation.h"
#include "api/organisation_history.h"
#include "api/route.h"
#include "api/ruleset.h"
#include "api/service.h"
#include "api/session.h"
#include "api/session_factor.h"
#include "api/system.h"
#include "base/shape.h"
#include "rules/permission.h"

extern const struct shape *const dossier_shapes[] __attribute__((weak));

static const struct shape *const *const SHAPES[] = {
    account_shapes,    activation_shapes,     membership_shapes,
    session_shapes,    session_factor_shapes, factor_shapes,
    ruleset_shapes,    organisation_shapes,   organisation_history_shapes,
    system_shapes,     label_shapes,          dossier_shapes,
    api_token_shapes,  identity_shapes,       assignment_shapes,
    delegation_shapes,
};

/* ---- what was found ---- */

struct findings {
    int count;
    char first[400];
};

static void __attribute__((format(printf, 2, 3))) found(struct findings *f, const char *format, ...)
{
    char line[400];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (f->count++ == 0) {
        (void)snprintf(f->first, sizeof f->first, "%s", line);
    }
}

static void report(const struct findings *f)
{
    cr_assert(f->count == 0, "%d difference(s), the first: %s", f->count, f->first);
}

/* ---- the contract ---- */

static json_t *file_load(const char *name)
{
    char path[500];
    json_error_t error;

    (void)snprintf(path, sizeof path, "%s/schema/%s", CAPDO_SOURCE_DIR, name);
    json_t *value = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    cr_assert(value != NULL, "%s:%d: %s", path, error.line, error.text);
    return value;
}

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value == NULL ? "" : value;
}

/* {"$ref": "#/components/schemas/X"} to X. */
static const json_t *schema_of(const json_t *contract, const json_t *value)
{
    const char *name = strrchr(text(value, "$ref"), '/');

    if (name == NULL) {
        return value;
    }
    return json_object_get(json_object_get(json_object_get(contract, "components"), "schemas"),
                           name + 1);
}

static bool listed(const json_t *array, const char *wanted)
{
    size_t i = 0;
    json_t *value = NULL;

    json_array_foreach(array, i, value)
    {
        if (strcmp(json_is_string(value) ? json_string_value(value) : "", wanted) == 0) {
            return true;
        }
    }
    return false;
}

static const json_t *parameter(const json_t *operation, const char *in, const char *name)
{
    size_t i = 0;
    json_t *value = NULL;

    json_array_foreach(json_object_get(operation, "parameters"), i, value)
    {
        if (strcmp(text(value, "in"), in) == 0 && strcmp(text(value, "name"), name) == 0) {
            return value;
        }
    }
    return NULL;
}

/* ---- routes ---- */

static size_t routes(struct route rows[static ROUTES_MAX])
{
    size_t count = api_routes(rows, ROUTES_MAX);

    cr_assert(count <= ROUTES_MAX);
    return count;
}

static void compare_header(struct findings *f, const struct route *route, const json_t *operation,
                           const char *header, unsigned flag)
{
    const json_t *said = parameter(operation, "header", header);
    bool needed = (route->flags & flag) != 0;

    if (needed != (said != NULL)) {
        found(f, "%s: %s", route->operation_id, header);
    } else if (needed && !json_is_true(json_object_get(said, "required"))) {
        found(f, "%s: %s must be required", route->operation_id, header);
    }
}

static void compare_parameters(struct findings *f, const struct route *route,
                               const json_t *operation)
{
    size_t i = 0;
    size_t queries = 0;
    size_t paths = 0;
    size_t placeholders = 0;
    size_t allowed = 0;
    json_t *value = NULL;

    json_array_foreach(json_object_get(operation, "parameters"), i, value)
    {
        queries += strcmp(text(value, "in"), "query") == 0;
        if (strcmp(text(value, "in"), "path") == 0) {
            char placeholder[80];
            (void)snprintf(placeholder, sizeof placeholder, "{%s}", text(value, "name"));
            paths++;
            if (strstr(route->path, placeholder) == NULL) {
                found(f, "%s: no %s in the path", route->operation_id, placeholder);
            }
        }
    }
    for (const char *p = route->path; *p != '\0'; p++) {
        placeholders += *p == '{';
    }
    for (; route->parameters != NULL && route->parameters[allowed] != NULL; allowed++) {
        if (parameter(operation, "query", route->parameters[allowed]) == NULL) {
            found(f, "%s: parameter %s is not in the contract", route->operation_id,
                  route->parameters[allowed]);
        }
    }
    if (queries != allowed) {
        found(f, "%s: %zu query parameters in the contract, %zu in the table", route->operation_id,
              queries, allowed);
    }
    if (paths != placeholders) {
        found(f, "%s: %zu path parameters, %zu placeholders", route->operation_id, paths,
              placeholders);
    }
    compare_header(f, route, operation, "If-Match", ROUTE_NEEDS_IF_MATCH);
    compare_header(f, route, operation, "Idempotency-Key", ROUTE_NEEDS_IDEMPOTENCY);
}

/* What the shared steps before a handler can answer. */
static void compare_statuses(struct findings *f, const struct route *route, const json_t *operation)
{
    const json_t *responses = json_object_get(operation, "responses");
    const struct {
        const char *status;
        bool wanted;
    } rows[] = {
        {"400", true},
        {"401", route->permission != PERMISSION_PUBLIC},
        {"403", route->method != METHOD_GET},
        {"415", route->body_bytes_max > 0},
        {"428", (route->flags & (ROUTE_NEEDS_IF_MATCH | ROUTE_NEEDS_IDEMPOTENCY)) != 0},
        {"412", (route->flags & ROUTE_NEEDS_IF_MATCH) != 0},
        {"422", route->body_bytes_max > 0 && (route->flags & ROUTE_TAKES_FORM) == 0},
        {"304", parameter(operation, "header", "If-None-Match") != NULL},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].wanted && json_object_get(responses, rows[i].status) == NULL) {
            found(f, "%s: %s is not in the contract", route->operation_id, rows[i].status);
        }
    }
    if (json_object_get(responses, "304") != NULL &&
        parameter(operation, "header", "If-None-Match") == NULL) {
        found(f, "%s: 304 without If-None-Match", route->operation_id);
    }
}

static void compare_route(struct findings *f, const struct route *route, const json_t *operation)
{
    const json_t *security = json_object_get(operation, "security");
    bool open = security != NULL && json_array_size(security) == 0;

    if (strcmp(text(operation, "operationId"), route->operation_id) != 0) {
        found(f, "%s: operationId %s", route->operation_id, text(operation, "operationId"));
    }
    if (strcmp(text(operation, "x-permission"), permission_code(route->permission)) != 0) {
        found(f, "%s: x-permission %s", route->operation_id, text(operation, "x-permission"));
    }
    if (strcmp(text(operation, "x-lane"), lane_name(route->lane)) != 0) {
        found(f, "%s: x-lane %s", route->operation_id, text(operation, "x-lane"));
    }
    if (open != (route->permission == PERMISSION_PUBLIC)) {
        found(f, "%s: security", route->operation_id);
    }
    if ((json_object_get(operation, "requestBody") != NULL) != (route->body_bytes_max > 0)) {
        found(f, "%s: requestBody", route->operation_id);
    }
    compare_parameters(f, route, operation);
    compare_statuses(f, route, operation);
}

static const json_t *operation_of(const json_t *contract, const struct route *route)
{
    char method[12] = "";
    const char *name = method_name(route->method);

    for (size_t i = 0; name[i] != '\0' && i + 1 < sizeof method; i++) {
        method[i] = (char)(name[i] + ('a' - 'A'));
        method[i + 1] = '\0';
    }
    return json_object_get(json_object_get(json_object_get(contract, "paths"), route->path),
                           method);
}

static void compare_routes(struct findings *f, const json_t *contract)
{
    struct route rows[ROUTES_MAX];
    size_t count = routes(rows);
    size_t operations = 0;
    const char *path = NULL;
    json_t *methods = NULL;

    for (size_t i = 0; i < count; i++) {
        const json_t *operation = operation_of(contract, &rows[i]);
        if (operation == NULL) {
            found(f, "%s %s is not in the contract", method_name(rows[i].method), rows[i].path);
        } else {
            compare_route(f, &rows[i], operation);
        }
    }
    /* The rest of the contract is health and metrics, which http/ answers. */
    json_object_foreach(json_object_get(contract, "paths"), path, methods)
    {
        const char *method = NULL;
        json_t *operation = NULL;
        json_object_foreach(methods, method, operation)
        {
            bool ours = strncmp(path, "/api/", 5) == 0;
            bool routed = false;
            for (size_t i = 0; i < count; i++) {
                routed = routed || operation_of(contract, &rows[i]) == operation;
            }
            operations++;
            if (ours && !routed) {
                found(f, "%s %s has no route", method, path);
            }
        }
    }
    cr_assert(operations > 3);
}

/* ---- shapes ---- */

static bool has_type(const json_t *schema, const char *type)
{
    const json_t *types = json_object_get(schema, "type");

    return json_is_string(types) ? strcmp(json_string_value(types), type) == 0
                                 : listed(types, type);
}

static void compare_bound(struct findings *f, const char *where, const json_t *schema,
                          const char *keyword, int64_t ours)
{
    const json_t *said = json_object_get(schema, keyword);

    if (json_integer_value(said) != ours) {
        found(f, "%s: %s is %lld in the contract, %lld in the shape", where, keyword,
              (long long)json_integer_value(said), (long long)ours);
    }
}

static void compare_choices(struct findings *f, const char *where, const json_t *schema,
                            const char *const *choices)
{
    const json_t *codes = json_object_get(schema, "enum");
    size_t count = 0;

    for (; choices != NULL && choices[count] != NULL; count++) {
        if (!listed(codes, choices[count])) {
            found(f, "%s: %s is not in the enum", where, choices[count]);
        }
    }
    if (json_array_size(codes) != count) {
        found(f, "%s: %zu codes in the contract, %zu in the shape", where, json_array_size(codes),
              count);
    }
}

static void compare_text(struct findings *f, const char *where, const json_t *schema,
                         const struct field *field)
{
    static const char *const FORMATS[] = {[FORMAT_UUID] = "uuid", [FORMAT_DATE] = "date"};
    bool named = field->format == FORMAT_UUID || field->format == FORMAT_DATE;

    if (!has_type(schema, "string")) {
        found(f, "%s: is not a string", where);
    }
    if (strcmp(text(schema, "format"), named ? FORMATS[field->format] : "") != 0) {
        found(f, "%s: format %s", where, text(schema, "format"));
    }
    if ((field->format == FORMAT_CODE) != (json_object_get(schema, "pattern") != NULL)) {
        found(f, "%s: pattern", where);
    }
    if (field->format != FORMAT_CODE) {
        compare_bound(f, where, schema, "minLength", field->min);
    }
    compare_bound(f, where, schema, "maxLength", field->max);
    compare_choices(f, where, schema, field->choices);
}

static void compare_field(struct findings *f, const json_t *contract, const struct shape *shape,
                          const struct field *field, const json_t *property)
{
    const json_t *schema = schema_of(contract, property);
    char where[120];

    (void)snprintf(where, sizeof where, "%s.%s", shape->schema, field->name);
    if (has_type(schema, "null") != field->nullable) {
        found(f, "%s: nullable", where);
    }
    switch (field->kind) {
    case FIELD_TEXT:
        compare_text(f, where, schema, field);
        break;
    case FIELD_INT:
        if (!has_type(schema, "integer")) {
            found(f, "%s: is not an integer", where);
        }
        compare_bound(f, where, schema, "minimum", field->min);
        compare_bound(f, where, schema, "maximum", field->max);
        break;
    case FIELD_JSON:
    case FIELD_LIST:
    default:
        if (field->format == FORMAT_OBJECT) {
            if (!has_type(schema, "object")) {
                found(f, "%s: is not an object", where);
            }
            break;
        }
        if (field->format == FORMAT_STRINGS) {
            const json_t *item = json_object_get(schema, "items");
            if (!has_type(schema, "array") || !has_type(item, "string")) {
                found(f, "%s: is not a list of strings", where);
            }
            compare_choices(f, where, item, field->choices);
            compare_bound(f, where, item, "minLength", field->choices == NULL ? 1 : 0);
            compare_bound(f, where, item, "maxLength",
                          field->choices == NULL ? FIELD_STRING_MAX : 0);
            compare_bound(f, where, schema, "minItems", field->min);
            compare_bound(f, where, schema, "maxItems", field->max);
            break;
        }
        if (!has_type(schema, "array") || field->items == NULL) {
            found(f, "%s: is not a list", where);
            break;
        }
        const char *item = strrchr(text(json_object_get(schema, "items"), "$ref"), '/');
        if (item == NULL || strcmp(item + 1, field->items->schema) != 0) {
            found(f, "%s: items are %s", where, field->items->schema);
        }
        compare_bound(f, where, schema, "minItems", field->min);
        compare_bound(f, where, schema, "maxItems", field->max);
        break;
    }
}

static void compare_shape(struct findings *f, const json_t *contract, const struct shape *shape)
{
    const json_t *schema = json_object_get(
        json_object_get(json_object_get(contract, "components"), "schemas"), shape->schema);
    const json_t *properties = json_object_get(schema, "properties");
    size_t required = 0;

    if (schema == NULL) {
        found(f, "%s is not in the contract", shape->schema);
        return;
    }
    if (!json_is_false(json_object_get(schema, "additionalProperties"))) {
        found(f, "%s: additionalProperties must be false", shape->schema);
    }
    if (json_object_size(properties) != (size_t)shape->count) {
        found(f, "%s: %zu members in the contract, %d in the shape", shape->schema,
              json_object_size(properties), shape->count);
    }
    for (int i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        const json_t *property = json_object_get(properties, field->name);
        bool needed = field->need == REQUIRED;
        required += needed;
        if (property == NULL) {
            found(f, "%s.%s is not in the contract", shape->schema, field->name);
            continue;
        }
        if (listed(json_object_get(schema, "required"), field->name) != needed) {
            found(f, "%s.%s: required", shape->schema, field->name);
        }
        compare_field(f, contract, shape, field, property);
    }
    if (json_array_size(json_object_get(schema, "required")) != required) {
        found(f, "%s: required", shape->schema);
    }
}

static bool shape_exists(const char *schema)
{
    for (size_t i = 0; i < COUNT_OF(SHAPES); i++) {
        for (size_t j = 0; SHAPES[i] != NULL && SHAPES[i][j] != NULL; j++) {
            if (strcmp(SHAPES[i][j]->schema, schema) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void compare_shapes(struct findings *f, const json_t *contract)
{
    struct route rows[ROUTES_MAX];
    size_t count = routes(rows);

    for (size_t i = 0; i < COUNT_OF(SHAPES); i++) {
        for (size_t j = 0; SHAPES[i] != NULL && SHAPES[i][j] != NULL; j++) {
            compare_shape(f, contract, SHAPES[i][j]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *body = json_object_get(operation_of(contract, &rows[i]), "requestBody");
        const json_t *json = json_object_get(json_object_get(body, "content"), "application/json");
        const char *name = strrchr(text(json_object_get(json, "schema"), "$ref"), '/');
        bool form = (rows[i].flags & ROUTE_TAKES_FORM) != 0;
        bool table = (rows[i].flags & ROUTE_TAKES_TABLE) != 0;
        if (table != (json_object_get(json_object_get(body, "content"), "text/csv") != NULL)) {
            found(f, "%s: one of the two does not take a table", rows[i].operation_id);
        }
        if (body != NULL && !table && !form && (name == NULL || !shape_exists(name + 1))) {
            found(f, "%s: the body has no shape", rows[i].operation_id);
        }
    }
}

/* ---- codes ---- */

/* Enumerations that are not shown to anyone, and so have no words in /meta. */
static bool is_internal(const char *schema, const char *member)
{
    static const char *const OWN[][2] = {
        {"Count", "type"},
        {"TraceEntry", "result"},
        {"Stats", "view"},
        {"Decision", "outcome"},
        {"PasskeyAsk", "purpose"},
        {"SessionRow", "method"},
        {"OrganisationEvent", "part"},
        {"OrganisationParty", "part"},
        {"OrganisationRecord", "kind"},
        {"OrganisationImport", "mode"},
        {"OrganisationImportRow", "outcome"},
    };

    for (size_t i = 0; i < COUNT_OF(OWN); i++) {
        if (strcmp(OWN[i][0], schema) == 0 && strcmp(OWN[i][1], member) == 0) {
            return true;
        }
    }
    return false;
}

static bool same_codes(const json_t *codes, const json_t *meta)
{
    size_t i = 0;
    size_t count = 0;
    json_t *code = NULL;
    json_t *row = NULL;

    json_array_foreach(codes, i, code)
    {
        count += json_is_string(code);
    }
    if (count != json_array_size(meta)) {
        return false;
    }
    json_array_foreach(meta, i, row)
    {
        if (!listed(codes, text(row, "code"))) {
            return false;
        }
    }
    return true;
}

static void compare_enum(struct findings *f, const json_t *enums, const char *schema,
                         const char *member, const json_t *codes, json_t *seen)
{
    const char *name = NULL;
    json_t *rows = NULL;
    bool known = false;

    if (codes == NULL || is_internal(schema, member)) {
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)enums, name, rows)
    {
        if (same_codes(codes, rows)) {
            (void)json_object_set_new(seen, name, json_true());
            known = true;
        }
    }
    if (!known) {
        found(f, "%s.%s: its codes are not a list of /meta", schema, member);
    }
}

static json_t *meta_load(void)
{
    struct service service = {.version = "0", .clock = clock_system()};
    struct arena arena;

    arena_init(&arena, 0);
    struct document document = meta_build(&service, &arena);
    json_t *meta = json_loadb(document.bytes.at, document.bytes.length, 0, NULL);
    arena_done(&arena);
    cr_assert(meta != NULL);
    return meta;
}

static void compare_codes(struct findings *f, const json_t *contract, const json_t *meta)
{
    const json_t *enums = json_object_get(meta, "enums");
    json_t *seen = json_object();
    const char *schema = NULL;
    const char *member = NULL;
    json_t *definition = NULL;
    json_t *property = NULL;
    json_t *rows = NULL;

    json_object_foreach(json_object_get(json_object_get(contract, "components"), "schemas"), schema,
                        definition)
    {
        json_object_foreach(json_object_get(definition, "properties"), member, property)
        {
            compare_enum(f, enums, schema, member, json_object_get(property, "enum"), seen);
            compare_enum(f, enums, schema, member,
                         json_object_get(json_object_get(property, "items"), "enum"), seen);
        }
    }
    json_object_foreach((json_t *)(uintptr_t)enums, member, rows)
    {
        size_t i = 0;
        json_t *row = NULL;
        if (strcmp(member, "permission") != 0 && json_object_get(seen, member) == NULL) {
            found(f, "/meta lists %s, the contract does not", member);
        }
        json_array_foreach(rows, i, row)
        {
            if (text(row, "vi")[0] == '\0' || text(row, "en")[0] == '\0') {
                found(f, "%s.%s lacks words in a language", member, text(row, "code"));
            }
        }
    }
    json_decref(seen);
}

/* ---- problems ---- */

static void compare_problems(struct findings *f, const json_t *problems)
{
    const json_t *rows = json_object_get(problems, "problems");

    if (json_array_size(rows) != FAULT_COUNT - 1) {
        found(f, "%zu problems in the file, %d in the table", json_array_size(rows),
              FAULT_COUNT - 1);
    }
    for (int fault = 1; fault < FAULT_COUNT; fault++) {
        const struct fault_info *info = fault_info((enum fault)fault);
        const json_t *row = json_array_get(rows, (size_t)(fault - 1));
        const json_t *title = json_object_get(row, "title");
        const json_t *next = json_object_get(row, "next");
        if (strcmp(text(row, "code"), info->code) != 0) {
            found(f, "%s stands where %s is in the table", text(row, "code"), info->code);
        }
        if (json_integer_value(json_object_get(row, "status")) != info->status) {
            found(f, "%s: status", info->code);
        }
        if (strcmp(text(title, "vi"), info->title[LANGUAGE_VI]) != 0 ||
            strcmp(text(title, "en"), info->title[LANGUAGE_EN]) != 0) {
            found(f, "%s: title", info->code);
        }
        if (info->title[LANGUAGE_VI][0] == '\0' || info->title[LANGUAGE_EN][0] == '\0' ||
            strcmp(info->title[LANGUAGE_VI], info->title[LANGUAGE_EN]) == 0) {
            found(f, "%s: a title in each language", info->code);
        }
        if (text(next, "vi")[0] == '\0' || text(next, "en")[0] == '\0') {
            found(f, "%s: what to do next", info->code);
        }
    }
}

/* ---- tests ---- */

Test(contract, routes_are_the_operations, .timeout = 20)
{
    struct findings f = {0};
    json_t *contract = file_load("openapi.json");

    compare_routes(&f, contract);
    json_decref(contract);
    report(&f);
}

Test(contract, shapes_are_the_schemas, .timeout = 20)
{
    struct findings f = {0};
    json_t *contract = file_load("openapi.json");

    compare_shapes(&f, contract);
    json_decref(contract);
    report(&f);
}

Test(contract, codes_have_words, .timeout = 20)
{
    struct findings f = {0};
    json_t *contract = file_load("openapi.json");
    json_t *meta = meta_load();

    compare_codes(&f, contract, meta);
    json_decref(meta);
    json_decref(contract);
    report(&f);
}

Test(contract, problems_are_the_faults, .timeout = 20)
{
    struct findings f = {0};
    json_t *problems = file_load("problems.json");

    compare_problems(&f, problems);
    json_decref(problems);
    report(&f);
}

/* ---- controls ---- */

/* Sets or removes (value NULL) one place of a document; the last step is the member. */
static void plant(json_t *document, const char *path, json_t *value)
{
    char steps[300];
    char *rest = steps;
    json_t *at = document;
    char *step = NULL;

    (void)snprintf(steps, sizeof steps, "%s", path);
    while ((step = strsep(&rest, ">")) != NULL && rest != NULL) {
        at = json_is_array(at) ? json_array_get(at, (size_t)strtoul(step, NULL, 10))
                               : json_object_get(at, step);
        cr_assert(at != NULL, "%s: no %s", path, step);
    }
    if (value == NULL) {
        cr_assert(json_object_del(at, step) == 0, "%s", path);
    } else {
        cr_assert(json_object_set_new(at, step, value) == 0, "%s", path);
    }
}

typedef void compare_fn(struct findings *f, const json_t *document);

static void compare_codes_with_meta(struct findings *f, const json_t *contract)
{
    json_t *meta = meta_load();

    compare_codes(f, contract, meta);
    json_decref(meta);
}

/* One more finding than without the fault. */
static void expect_found(const char *file, compare_fn *compare, const char *path, json_t *value)
{
    struct findings before = {0};
    struct findings after = {0};
    json_t *document = file_load(file);

    compare(&before, document);
    plant(document, path, value);
    compare(&after, document);
    json_decref(document);
    cr_expect(after.count > before.count, "planted at %s and not found", path);
}

#define OPERATION "paths>/api/v1/systems/{id}>patch>"
#define SCHEMA "components>schemas>"

Test(contract_control, a_route_that_differs_is_found, .timeout = 60)
{
    static const struct {
        const char *path;
        const char *value; /* JSON, or NULL: removed */
    } rows[] = {
        {OPERATION "operationId", "\"system_update\""},
        {OPERATION "x-permission", "\"system.read\""},
        {OPERATION "x-lane", "\"quick\""},
        {OPERATION "security", "[]"},
        {OPERATION "requestBody", NULL},
        {OPERATION "parameters", "[]"},
        {OPERATION "responses>412", NULL},
        {OPERATION "responses>428", NULL},
        {OPERATION "responses>403", NULL},
        {"paths>/api/v1/systems>get>parameters>0>name", "\"max\""},
        {"paths>/api/v1/systems>get", NULL},
        {"paths>/api/v1/invented", "{\"get\":{\"operationId\":\"invented\"}}"},
        {"paths>/api/v1/systems/{id}>get>parameters>0>name", "\"key\""},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        json_t *value =
            rows[i].value == NULL ? NULL : json_loads(rows[i].value, JSON_DECODE_ANY, NULL);
        expect_found("openapi.json", compare_routes, rows[i].path, value);
    }
}

Test(contract_control, a_schema_that_differs_is_found, .timeout = 60)
{
    static const struct {
        const char *path;
        const char *value;
    } rows[] = {
        {SCHEMA "SystemNew>properties>name>maxLength", "301"},
        {SCHEMA "SystemNew>properties>name>minLength", NULL},
        {SCHEMA "SystemNew>properties>name>type", "\"integer\""},
        {SCHEMA "SystemNew>properties>governing_id>format", NULL},
        {SCHEMA "SystemNew>properties>life_cycle>enum", "[\"planned\"]"},
        {SCHEMA "SystemNew>properties>purpose", NULL},
        {SCHEMA "SystemNew>properties>invented", "{\"type\":\"string\"}"},
        {SCHEMA "SystemNew>required", "[\"name\"]"},
        {SCHEMA "SystemNew>additionalProperties", "true"},
        {SCHEMA "SystemNew>properties>contacts>maxItems", "21"},
        {SCHEMA "SystemNew>properties>contacts>items>$ref", "\"#/components/schemas/Address\""},
        {SCHEMA "LabelNew>properties>system_id>type", "\"string\""},
        {SCHEMA "OrganisationNew>properties>code>pattern", NULL},
        {SCHEMA "OrganisationNew", NULL},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        json_t *value =
            rows[i].value == NULL ? NULL : json_loads(rows[i].value, JSON_DECODE_ANY, NULL);
        expect_found("openapi.json", compare_shapes, rows[i].path, value);
    }
}

Test(contract_control, a_code_or_problem_that_differs_is_found, .timeout = 60)
{
    expect_found("openapi.json", compare_codes_with_meta,
                 SCHEMA "SystemRow>properties>life_cycle>enum",
                 json_pack("[ss]", "planned", "sold"));
    expect_found("problems.json", compare_problems, "problems>0>code", json_string("bad"));
    expect_found("problems.json", compare_problems, "problems>1>status", json_integer(499));
    expect_found("problems.json", compare_problems, "problems>2>title>vi", json_string("Unknown"));
    expect_found("problems.json", compare_problems, "problems>3>next>en", json_string(""));
}

/* What takes access away is noticed by everything that remembers who may: no session, token or figure
 * of before is trusted once it is committed. */
Test(contract, what_ends_access_says_so)
{
    static const char *const ENDING[] = {
        "account_disable", "account_link_create", "membership_end",
        "assignment_end",  "delegation_end",      "token_revoke",
    };
    struct route rows[ROUTES_MAX];
    size_t count = routes(rows);

    for (size_t i = 0; i < COUNT_OF(ENDING); i++) {
        bool there = false;
        for (size_t j = 0; j < count; j++) {
            if (strcmp(rows[j].operation_id, ENDING[i]) == 0) {
                there = true;
                cr_expect((rows[j].flags & ROUTE_ENDS_ACCESS) != 0, "%s", ENDING[i]);
            }
        }
        cr_expect(there, "there is no %s", ENDING[i]);
    }
}

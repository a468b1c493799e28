#include "api/system_version.h"

#include "api/call_tools.h"
#include "api/service.h"
#include "api/write.h"
#include "db/system.h"
#include "json/decode.h"

enum {
    CHANGES_MAX = 200,
    COLUMN_VERSION = 0,
    COLUMN_AT = 1,
    COLUMN_BY = 2,
    COLUMN_DATA = 3,
    COLUMN_REASON = 4,
};

void write_differences(struct json_writer *w, const struct json_difference *differences, int count)
{
    json_array_begin(w);
    for (int i = 0; i < count; i++) {
        json_object_begin(w);
        json_member_text(w, "path", differences[i].path);
        json_member_raw(w, "before",
                        str_of(differences[i].before == NULL ? "null" : differences[i].before));
        json_member_raw(w, "after",
                        str_of(differences[i].after == NULL ? "null" : differences[i].after));
        json_object_end(w);
    }
    json_array_end(w);
}

/* What every version changes by itself tells a reader nothing. */
static bool is_bookkeeping(const char *path)
{
    static const char *const OWN[] = {"/version", "/updated_at", "/updated_by", "/level",
                                      "/organisation_event_id"};

    for (size_t i = 0; i < COUNT_OF(OWN); i++) {
        if (str_is(str_of(path), OWN[i])) {
            return true;
        }
    }
    return false;
}

static void write_version(struct call *call, struct json_writer *w, const struct rows *rows,
                          int row)
{
    struct json_difference *found = ARENA_ARRAY(call->arena, CHANGES_MAX, struct json_difference);
    const char *after = rows_copy(rows, row, COLUMN_DATA, call->arena);
    int kept = 0;

    if (row + 1 < rows->count) {
        const char *before = rows_copy(rows, row + 1, COLUMN_DATA, call->arena);
        int count = json_differences(call->arena, before, after, found, CHANGES_MAX);
        for (int i = 0; i < count; i++) {
            if (!is_bookkeeping(found[i].path)) {
                found[kept++] = found[i];
            }
        }
    }
    json_object_begin(w);
    write_int_or_null(w, "version", rows, row, COLUMN_VERSION);
    write_time(w, "changed_at", rows, row, COLUMN_AT);
    write_str(w, "changed_by", rows, row, COLUMN_BY);
    write_json_or_null(w, "reason", rows, row, COLUMN_REASON);
    json_member_raw(w, "data", str_of(after));
    json_name(w, "changes");
    write_differences(w, found, kept);
    json_object_end(w);
}

static enum fault read_page(struct call *call, struct reply *reply, int64_t *ret_limit,
                            int64_t *ret_before)
{
    struct str limit = call_parameter(call, "limit");
    struct str cursor = call_parameter(call, "cursor");

    *ret_limit = LIMIT_PAGE_ROWS_DEFAULT;
    *ret_before = 0;
    if (limit.at != NULL &&
        (!str_to_int64(limit, ret_limit) || *ret_limit < 1 || *ret_limit > LIMIT_PAGE_ROWS)) {
        return reply_fault(reply, FAULT_BAD_PARAMETER, "Tham số “limit”: phải từ 1 đến 200",
                           "Parameter “limit”: must be 1 to 200");
    }
    if (cursor.at != NULL &&
        (!str_to_int64(cursor, ret_before) || *ret_before < 1 || *ret_before > INT32_MAX)) {
        return FAULT_BAD_CURSOR;
    }
    return FAULT_NONE;
}

static enum fault system_version_list(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    struct rows rows;
    int64_t limit = 0;
    int64_t before = 0;
    char data_version[DATA_VERSION_BYTES];
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = read_page(call, reply, &limit, &before);
    }
    service_data_version(call->service, data_version);
    if (fault == FAULT_NONE) {
        fault = system_versions(call->db, id, before, (int)limit + 1, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (rows.count == 0 && before == 0) {
        rows_done(&rows);
        return FAULT_NOT_FOUND;
    }

    bool more = rows.count > limit;
    int shown = more ? (int)limit : rows.count;
    buffer_init(&reply->body, 8 * KIB);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_name(&w, "items");
    json_array_begin(&w);
    for (int i = 0; i < shown; i++) {
        write_version(call, &w, &rows, i);
    }
    json_array_end(&w);
    json_member_text(&w, "next",
                     more ? rows_copy(&rows, shown - 1, COLUMN_VERSION, call->arena) : NULL);
    json_name(&w, "count");
    json_object_begin(&w);
    json_member_int(&w, "value", shown + (more ? 1 : 0));
    json_member_text(&w, "type", more || before != 0 ? "at_least" : "exact");
    json_object_end(&w);
    json_member_text(&w, "data_version", data_version);
    json_object_end(&w);
    rows_done(&rows);
    return FAULT_NONE;
}

static const char *const PARAMETERS_ALLOWED[] = {"limit", "cursor", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/systems/{id}/versions", "system_version_list", PERMISSION_SYSTEM_READ,
     LANE_QUICK, 0, 0, PARAMETERS_ALLOWED, system_version_list, NULL},
};

const struct route_table system_version_routes = {ROUTES, COUNT_OF(ROUTES)};

#include "api/dossier.h"

#include "api/dossier_parts.h"
#include "api/page.h"
#include "api/security_log.h"
#include "api/write.h"

enum {
    DOSSIER_BODY_BYTES = 512 * KIB,
    ITEM_BODY_BYTES = 256 * KIB,
    STEP_BODY_BYTES = 64 * KIB,
};

const struct shape *const dossier_shapes[] = {&dossier_system_new_shape, &dossier_new_shape,
                                              &dossier_change_shape,     &dossier_item_change_shape,
                                              &dossier_transition_shape, NULL};

/* ---- writing ---- */

static int column(enum dossier_column c)
{
    return PAGE_FIRST_COLUMN + (int)c;
}

static enum dossier_state state_of(const struct rows *rows, int row)
{
    enum dossier_state state = DOSSIER_DRAFT;

    /* The values of a PostgreSQL row are terminated. */
    (void)dossier_state_from_code(rows_str(rows, row, column(DOSSIER_COLUMN_STATE)).at, &state);
    return state;
}

static void write_row_members(struct json_writer *w, const struct rows *rows, int row)
{
    const struct dossier_state_info *info = dossier_state_info(state_of(rows, row));

    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    write_str(w, "code", rows, row, column(DOSSIER_COLUMN_CODE));
    write_str(w, "ruleset", rows, row, column(DOSSIER_COLUMN_RULESET));
    write_reference(w, "governing", rows, row, column(DOSSIER_COLUMN_GOVERNING_ID));
    write_reference(w, "operator", rows, row, column(DOSSIER_COLUMN_OPERATOR_ID));
    write_int_or_null(w, "level", rows, row, column(DOSSIER_COLUMN_LEVEL));
    write_str(w, "approve_party", rows, row, column(DOSSIER_COLUMN_APPROVE_PARTY));
    json_member_text(w, "state", info->code);
    json_member_text(w, "status", public_status_code(info->public_status));
    write_text_or_null(w, "step", rows, row, column(DOSSIER_COLUMN_STEP));
    write_text_or_null(w, "due_on", rows, row, column(DOSSIER_COLUMN_DUE_ON));
    json_member_bool(w, "overdue", rows_bool(rows, row, column(DOSSIER_COLUMN_OVERDUE)));
    write_int_or_null(w, "submissions", rows, row, column(DOSSIER_COLUMN_SUBMISSIONS));
    write_int_or_null(w, "systems_count", rows, row, column(DOSSIER_COLUMN_SYSTEMS_COUNT));
    write_json_or_null(w, "first_system", rows, row, column(DOSSIER_COLUMN_FIRST_SYSTEM));
    write_time(w, "submitted_at", rows, row, column(DOSSIER_COLUMN_SUBMITTED_AT));
    write_int_or_null(w, "version", rows, row, column(DOSSIER_COLUMN_VERSION));
    write_time(w, "updated_at", rows, row, column(DOSSIER_COLUMN_UPDATED_AT));
}

static void write_row(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_row_members(w, rows, row);
    json_object_end(w);
}

static void write_items(struct call *call, struct json_writer *w,
                        const struct dossier_item_view *views, int count, enum dossier_state state)
{
    struct dossier_block missing[DOSSIER_BLOCKS_MAX];
    int missing_count = dossier_missing(call, views, count, state, missing);

    json_name(w, "items");
    json_array_begin(w);
    for (int i = 0; i < count; i++) {
        dossier_item_write(w, &views[i], call->language);
    }
    json_array_end(w);
    json_name(w, "missing");
    json_array_begin(w);
    for (int i = 0; i < missing_count; i++) {
        dossier_block_write(w, &missing[i], call->language);
    }
    json_array_end(w);
}

static void write_dossier(struct call *call, struct json_writer *w, const struct rows *rows,
                          const struct dossier_item_view *views, int view_count)
{
    json_object_begin(w);
    write_row_members(w, rows, 0);
    write_json_or_null(w, "systems", rows, 0, column(DOSSIER_COLUMN_SYSTEMS));
    write_items(call, w, views, view_count, state_of(rows, 0));
    write_json_or_null(w, "events", rows, 0, column(DOSSIER_COLUMN_EVENTS));
    write_json_or_null(w, "opinions", rows, 0, column(DOSSIER_COLUMN_OPINIONS));
    write_json_or_null(w, "decision", rows, 0, column(DOSSIER_COLUMN_DECISION));
    write_str(w, "prepared_by", rows, 0, column(DOSSIER_COLUMN_PREPARED_BY));
    write_text_or_null(w, "conclusion", rows, 0, column(DOSSIER_COLUMN_CONCLUSION));
    write_time(w, "created_at", rows, 0, column(DOSSIER_COLUMN_CREATED_AT));
    json_object_end(w);
}

struct loaded_items {
    struct dossier_item_view views[DOSSIER_ITEMS_MAX];
    int count;
};

static enum fault load_items(struct call *call, const char *id, const struct rows *rows,
                             struct loaded_items *ret_items)
{
    struct dossier_item_record *items =
        ARENA_ARRAY(call->arena, DOSSIER_ITEMS_MAX, struct dossier_item_record);
    const struct ruleset *ruleset = NULL;
    int item_count = 0;
    enum fault fault = dossier_ruleset(
        call, rows_copy(rows, 0, column(DOSSIER_COLUMN_RULESET), call->arena), &ruleset);

    if (fault == FAULT_NONE) {
        fault = dossier_load_items(call->db, call->arena, id, items, &item_count);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    int level = (int)rows_int(rows, 0, column(DOSSIER_COLUMN_LEVEL), 0);
    ret_items->count =
        dossier_item_views(call, ruleset, level, items, item_count, ret_items->views);
    return FAULT_NONE;
}

static enum fault reply_rows(struct call *call, const char *id, const struct rows *rows,
                             struct reply *reply)
{
    struct loaded_items *items = ARENA_NEW(call->arena, struct loaded_items);
    enum fault fault = load_items(call, id, rows, items);

    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&reply->body, 16 * KIB);
    struct json_writer w = json_writer(&reply->body);
    write_dossier(call, &w, rows, items->views, items->count);
    return FAULT_NONE;
}

enum fault dossier_log_read(struct call *call, int64_t level, const char *id, const char *code)
{
    if (level < LIMIT_READ_LOGGED_LEVEL) {
        return FAULT_NONE;
    }
    return call_log_soon(call, (struct security_event){.kind = SECURITY_DOSSIER_READ,
                                                       .subject_type = "dossier",
                                                       .subject_id = id,
                                                       .subject_name = code});
}

static enum fault log_read_of(struct call *call, const char *id, const struct rows *rows)
{
    return dossier_log_read(call, rows_int(rows, 0, column(DOSSIER_COLUMN_LEVEL), 0), id,
                            rows_copy(rows, 0, column(DOSSIER_COLUMN_CODE), call->arena));
}

static enum fault reply_item(struct call *call, const char *id, const struct rows *rows,
                             struct reply *reply)
{
    struct loaded_items *items = ARENA_NEW(call->arena, struct loaded_items);
    enum fault fault = load_items(call, id, rows, items);

    for (int i = 0; fault == FAULT_NONE && i < items->count; i++) {
        if (str_is(call->path_value[1], items->views[i].id)) {
            buffer_init(&reply->body, 4 * KIB);
            struct json_writer w = json_writer(&reply->body);
            dossier_item_write(&w, &items->views[i], call->language);
            return FAULT_NONE;
        }
    }
    return fault == FAULT_NONE ? FAULT_NOT_FOUND : fault;
}

/* One item alone; its ETag is the dossier's, which is what a change of it must match. */
static enum fault dossier_item_get(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    struct rows rows;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = dossier_read(call->db, id, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = log_read_of(call, id, &rows);
    if (fault == FAULT_NONE) {
        fault = reply_item(call, id, &rows, reply);
    }
    if (fault == FAULT_NONE) {
        reply->etag =
            call_version_etag(call, rows_int(&rows, 0, column(DOSSIER_COLUMN_VERSION), 0));
        if (call_not_modified(call, reply->etag)) {
            buffer_done(&reply->body);
            reply->status = 304;
        }
    }
    rows_done(&rows);
    return fault;
}

enum fault dossier_reply(struct call *call, const char *id, struct reply *reply)
{
    struct rows rows;
    enum fault fault = dossier_read(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->etag = call_version_etag(call, rows_int(&rows, 0, column(DOSSIER_COLUMN_VERSION), 0));
    fault = log_read_of(call, id, &rows);
    if (fault == FAULT_NONE && call_not_modified(call, reply->etag)) {
        reply->status = 304;
    } else if (fault == FAULT_NONE) {
        fault = reply_rows(call, id, &rows, reply);
    }
    rows_done(&rows);
    return fault;
}

enum fault dossier_stale(struct call *call, const char *id, struct reply *reply)
{
    struct reply now = {0};

    if (dossier_reply(call, id, &now) == FAULT_NONE && now.body.at != NULL) {
        reply->current_json = arena_str(call->arena, (struct str){now.body.at, now.body.length}).at;
        reply->etag = now.etag;
    }
    buffer_done(&now.body);
    return FAULT_VERSION_STALE;
}

enum fault dossier_check_draft(struct call *call, const struct actor *actor,
                               const struct dossier_record *dossier, struct reply *reply)
{
    enum dossier_state state = DOSSIER_DRAFT;

    if (!actor_list_has(actor->staff_of, dossier->operator_id)) {
        reply->missing_right = permission_code(PERMISSION_DOSSIER_PREPARE);
        return reply_fault(reply, FAULT_FORBIDDEN,
                           "Chỉ đơn vị vận hành hệ thống được sửa hồ sơ này",
                           "Only the unit that operates the system can change this dossier");
    }
    if (!dossier_state_from_code(dossier->state, &state)) {
        return FAULT_INTERNAL;
    }
    if (state != DOSSIER_DRAFT && state != DOSSIER_RETURNED) {
        problems_add(&call->problems, "", flow_reason_code(FLOW_REASON_WRONG_STATE), NULL,
                     flow_reason_text(FLOW_REASON_WRONG_STATE));
        return reply_fault(
            reply, FAULT_TRANSITION_BLOCKED,
            "Hồ sơ đã gửi thì không sửa được, trừ khi được trả lại để bổ sung",
            "A submitted dossier cannot change unless it is returned for a supplement");
    }
    return FAULT_NONE;
}

/* ---- reading ---- */

static enum fault dossier_list(struct call *call, struct reply *reply)
{
    const struct actor *actor = NULL;
    struct list_scope scope;
    struct page page;
    enum fault fault = page_read(call, &dossier_list_table, &page, reply);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    dossier_scope(actor, &scope);
    return page_reply(call, &page, &scope, write_row, reply);
}

static enum fault dossier_get(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    return fault == FAULT_NONE ? dossier_reply(call, id, reply) : fault;
}

/* ---- routes ---- */

static const char *const LIST_PARAMETERS[] = {
    "limit",   "cursor",      "sort",        "count",        "q",         "state",
    "level",   "ruleset",     "operator_id", "governing_id", "system_id", "step",
    "overdue", "due_on__lte", "due_on__gte", "waiting_for",  NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/dossiers", "dossier_list", PERMISSION_DOSSIER_READ, LANE_QUICK, 0, 0,
     LIST_PARAMETERS, dossier_list, NULL},
    {METHOD_POST, "/api/v1/dossiers", "dossier_create", PERMISSION_DOSSIER_PREPARE, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY, DOSSIER_BODY_BYTES, NULL, dossier_create, NULL},
    {METHOD_GET, "/api/v1/dossiers/{id}", "dossier_get", PERMISSION_DOSSIER_READ, LANE_QUICK, 0, 0,
     NULL, dossier_get, NULL},
    {METHOD_PATCH, "/api/v1/dossiers/{id}", "dossier_change", PERMISSION_DOSSIER_PREPARE, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH, DOSSIER_BODY_BYTES, NULL, dossier_change, NULL},
    {METHOD_GET, "/api/v1/dossiers/{id}/items/{item}", "dossier_item_get", PERMISSION_DOSSIER_READ,
     LANE_QUICK, 0, 0, NULL, dossier_item_get, NULL},
    {METHOD_PUT, "/api/v1/dossiers/{id}/items/{item}", "dossier_item_put",
     PERMISSION_DOSSIER_PREPARE, LANE_WORK, ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH, ITEM_BODY_BYTES,
     NULL, dossier_item_put, NULL},
    {METHOD_GET, "/api/v1/dossiers/{id}/authority", "dossier_authority_get",
     PERMISSION_DOSSIER_READ, LANE_QUICK, 0, 0, NULL, dossier_authority_get, NULL},
    {METHOD_GET, "/api/v1/dossiers/{id}/transitions", "dossier_transition_list",
     PERMISSION_DOSSIER_READ, LANE_QUICK, 0, 0, NULL, dossier_transition_list, NULL},
    {METHOD_POST, "/api/v1/dossiers/{id}/transitions", "dossier_transition_create",
     PERMISSION_DOSSIER_TRANSITION, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH | ROUTE_NEEDS_IDEMPOTENCY, STEP_BODY_BYTES, NULL,
     dossier_transition_create, NULL},
    {METHOD_GET, "/api/v1/dossiers/{id}/changes", "dossier_change_list", PERMISSION_DOSSIER_READ,
     LANE_QUICK, 0, 0, NULL, dossier_change_list, NULL},
    {METHOD_GET, "/api/v1/dossiers/{id}/submissions/{number}", "dossier_submission_get",
     PERMISSION_DOSSIER_READ, LANE_QUICK, 0, 0, NULL, dossier_submission_get, NULL},
};

const struct route_table dossier_routes = {ROUTES, COUNT_OF(ROUTES)};

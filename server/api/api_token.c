#include "api/api_token.h"

#include <sodium.h>
#include <string.h>

#include "api/call_tools.h"
#include "api/memory.h"
#include "api/page.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/write.h"
#include "base/api_token.h"
#include "db/api_token.h"
#include "db/organisation.h"
#include "json/decode.h"

struct token_in {
    struct in_text organisation_id, name, reach;
    struct in_json scopes, networks;
    struct in_int days;
};

static const struct field NEW_FIELDS[] = {
    FIELD(struct token_in, organisation_id, .need = REQUIRED, .format = FORMAT_UUID),
    FIELD(struct token_in, name, .need = REQUIRED, .min = 1, .max = 100),
    FIELD(struct token_in, reach, .need = REQUIRED, .choices = API_TOKEN_REACHES),
    FIELD(struct token_in, scopes, .need = REQUIRED, .min = 1, .max = 5, .format = FORMAT_STRINGS,
          .choices = API_TOKEN_SCOPES),
    FIELD(struct token_in, networks, .max = LIMIT_API_TOKEN_NETWORKS, .format = FORMAT_STRINGS),
    FIELD(struct token_in, days, .min = 1, .max = LIMIT_API_TOKEN_DAYS),
};
static const SHAPE(NEW_SHAPE, "ApiTokenNew", struct token_in, NEW_FIELDS);

struct rotation_in {
    struct in_int days, overlap_days;
};

static const struct field ROTATION_FIELDS[] = {
    FIELD(struct rotation_in, days, .min = 1, .max = LIMIT_API_TOKEN_DAYS),
    FIELD(struct rotation_in, overlap_days, .min = 0, .max = LIMIT_API_TOKEN_OVERLAP_DAYS),
};
static const SHAPE(ROTATION_SHAPE, "ApiTokenRotation", struct rotation_in, ROTATION_FIELDS);

const struct shape *const api_token_shapes[] = {&NEW_SHAPE, &ROTATION_SHAPE, NULL};

static int column(enum api_token_column c)
{
    return PAGE_FIRST_COLUMN + (int)c;
}

static void write_members(struct json_writer *w, const struct rows *rows, int row)
{
    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    write_str(w, "key", rows, row, column(API_TOKEN_KEY));
    write_str(w, "name", rows, row, column(API_TOKEN_NAME));
    write_reference(w, "organisation", rows, row, column(API_TOKEN_ORGANISATION_ID));
    write_str(w, "reach", rows, row, column(API_TOKEN_REACH));
    write_json_or_null(w, "scopes", rows, row, column(API_TOKEN_SCOPES_JSON));
    write_json_or_null(w, "networks", rows, row, column(API_TOKEN_NETWORKS_JSON));
    write_str(w, "state", rows, row, column(API_TOKEN_STATE));
    write_time(w, "expires_at", rows, row, column(API_TOKEN_EXPIRES_AT));
    write_time(w, "last_used_at", rows, row, column(API_TOKEN_LAST_USED_AT));
    write_text_or_null(w, "rotated_from", rows, row, column(API_TOKEN_ROTATED_FROM));
    write_text_or_null(w, "rotated_to", rows, row, column(API_TOKEN_ROTATED_TO));
    write_time(w, "revoked_at", rows, row, column(API_TOKEN_REVOKED_AT));
    write_time(w, "created_at", rows, row, column(API_TOKEN_CREATED_AT));
    write_text_or_null(w, "created_by", rows, row, column(API_TOKEN_CREATED_BY));
    write_int_or_null(w, "version", rows, row, column(API_TOKEN_VERSION));
}

static void write_item(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_members(w, rows, row);
    json_object_end(w);
}

static enum fault token_list(struct call *call, struct reply *reply)
{
    /* Who may ask at all may see them all. */
    static const struct list_scope EVERYTHING = {.everything = true};
    struct page page;
    enum fault fault = page_read(call, &api_token_list_table, &page, reply);

    return fault == FAULT_NONE ? page_reply(call, &page, &EVERYTHING, write_item, reply) : fault;
}

static const char *etag_of(struct call *call, const struct rows *rows)
{
    return call_version_etag(call, rows_int(rows, 0, column(API_TOKEN_VERSION), 0));
}

static struct str item_text(struct call *call, const struct rows *rows)
{
    struct buffer text;

    buffer_init(&text, 1024);
    struct json_writer w = json_writer(&text);
    write_item(&w, rows, 0);
    struct str copy = arena_str(call->arena, (struct str){text.at, text.length});
    buffer_done(&text);
    return copy;
}

static enum fault reply_with(struct call *call, const char *id, struct reply *reply)
{
    struct rows rows;
    enum fault fault = api_token_get(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->etag = etag_of(call, &rows);
    if (call_not_modified(call, reply->etag)) {
        reply->status = 304;
    } else {
        struct str text = item_text(call, &rows);
        buffer_init(&reply->body, text.length + 1);
        buffer_str(&reply->body, text);
    }
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault token_get(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    return fault == FAULT_NONE ? reply_with(call, id, reply) : fault;
}

/* {"api_token": …, "token": text or null}. */
static void write_made(struct buffer *out, struct str item, const char *text)
{
    struct json_writer w = json_writer(out);

    json_object_begin(&w);
    json_member_raw(&w, "api_token", item);
    json_member_text(&w, "token", text);
    json_object_end(&w);
}

/* The text of the token goes out with this answer alone: a repetition of the request is answered
 * without it. */
static enum fault reply_made(struct call *call, const char *id, const char *text,
                             struct reply *reply)
{
    struct rows rows;
    struct buffer kept;
    enum fault fault = api_token_get(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    struct str item = item_text(call, &rows);
    reply->etag = etag_of(call, &rows);
    rows_done(&rows);
    reply->status = 201;
    reply->location = arena_printf(call->arena, "/api/v1/tokens/%s", id);
    buffer_init(&reply->body, item.length + 200);
    write_made(&reply->body, item, text);
    buffer_init(&kept, item.length + 64);
    write_made(&kept, item, NULL);
    reply->kept_body = arena_str(call->arena, (struct str){kept.at, kept.length});
    buffer_done(&kept);
    return FAULT_NONE;
}

struct made {
    const char *text;
    unsigned char sha256[32];
    struct api_token_record record; /* id, key and secret are set */
};

static void make(struct call *call, struct made *ret_made)
{
    struct api_token_text pieces;
    char *text = arena_alloc(call->arena, API_TOKEN_TEXT_BYTES);

    api_token_make(&call->service->clock, text);
    (void)api_token_read(str_of(text), &pieces);
    (void)crypto_hash_sha256(ret_made->sha256, (const unsigned char *)pieces.secret.at,
                             pieces.secret.length);
    ret_made->text = text;
    ret_made->record = (struct api_token_record){
        .id = call_new_id(call),
        .key = arena_str(call->arena, pieces.key).at,
        .secret_sha256 = ret_made->sha256,
    };
}

static bool names_only(const char *scopes_json, unsigned allowed)
{
    for (int i = 0; API_TOKEN_SCOPES[i] != NULL; i++) {
        if ((permission_scope_bit(str_of(API_TOKEN_SCOPES[i])) & allowed) == 0 &&
            strstr(scopes_json, API_TOKEN_SCOPES[i]) != NULL) {
            return false;
        }
    }
    return true;
}

/* Whether the organisation has ended: then no token of it works. */
static enum fault body_has_ended(struct call *call, const char *id, bool *ret_ended)
{
    struct rows rows;
    enum fault fault = organisation_get(call->db, id, &rows);

    if (fault == FAULT_NONE) {
        *ret_ended =
            !str_is(rows_str(&rows, 0, PAGE_FIRST_COLUMN + (int)ORGANISATION_STATUS), "active");
        rows_done(&rows);
    }
    return fault;
}

/* What the shape cannot say: all problems at once. */
static enum fault check(struct call *call, const struct token_in *in)
{
    struct problems *problems = &call->problems;
    bool ended = false;
    enum fault fault = body_has_ended(call, in->organisation_id.value, &ended);

    if (fault == FAULT_NOT_FOUND) {
        problems_add(problems, "/organisation_id", "not_found", NULL,
                     TEXT("Không có cơ quan, đơn vị này", "There is no such organisation"));
    } else if (fault != FAULT_NONE) {
        return fault;
    } else if (ended) {
        problems_add(
            problems, "/organisation_id", "dissolved", NULL,
            TEXT("Cơ quan, đơn vị này đã giải thể hoặc sáp nhập", "This organisation has ended"));
    }
    if (in->networks.present) {
        int64_t bad = -1;
        fault = api_token_bad_network(call->db, in->networks.value, &bad);
        if (fault != FAULT_NONE) {
            return fault;
        }
        if (bad >= 0) {
            problems_add(problems, arena_printf(call->arena, "/networks/%d", (int)bad),
                         "wrong_format", NULL,
                         TEXT("Không phải địa chỉ hay dải địa chỉ mạng, ví dụ 10.20.0.0/16",
                              "Not an address or network, for example 10.20.0.0/16"));
        }
    }
    if (strcmp(in->reach.value, "register") == 0 &&
        !names_only(in->scopes.value, PERMISSION_BIT(PERMISSION_STATS_READ) |
                                          PERMISSION_BIT(PERMISSION_ORGANISATION_READ))) {
        problems_add(
            problems, "/scopes", "figures_only", NULL,
            TEXT("Mã dùng cho toàn bộ sổ đăng ký chỉ được xem số liệu tổng hợp và danh mục "
                 "cơ quan, đơn vị",
                 "A token for the whole register sees figures and the directory of "
                 "organisations only"));
    }
    return problems->count > 0 ? FAULT_INVALID : FAULT_NONE;
}

static const char *days_of(struct call *call, const struct in_int *in, int missing)
{
    return call_int(call, in->present && !in->null ? in->value : missing);
}

static enum fault token_create(struct call *call, struct reply *reply)
{
    struct token_in in;
    struct made made;
    enum fault fault = json_decode(call->body, &NEW_SHAPE, &in, &call->problems);

    if (fault == FAULT_NONE) {
        fault = check(call, &in);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    make(call, &made);
    made.record.organisation_id = in.organisation_id.value;
    made.record.name = in.name.value;
    made.record.reach = in.reach.value;
    made.record.scopes_json = in.scopes.value;
    made.record.networks_json = in.networks.present ? in.networks.value : "[]";
    made.record.days = days_of(call, &in.days, LIMIT_API_TOKEN_DAYS_DEFAULT);
    fault = api_token_insert(call->db, &made.record);
    if (fault == FAULT_NONE) {
        fault = call_log(
            call,
            (struct security_event){
                .kind = SECURITY_TOKEN_CREATED,
                .subject_type = "token",
                .subject_id = made.record.id,
                .subject_name = in.name.value,
                .detail_json = arena_printf(
                    call->arena, "{\"key\":\"%s\",\"reach\":\"%s\",\"scopes\":%s,\"days\":%s}",
                    made.record.key, in.reach.value, in.scopes.value, made.record.days),
            });
    }
    return fault == FAULT_NONE ? reply_made(call, made.record.id, made.text, reply) : fault;
}

/* The token of the path, locked, and its name; FAULT_CONFLICT when it has ended. */
static enum fault lock_live(struct call *call, const char *id, const char **ret_name,
                            struct reply *reply)
{
    struct rows rows;
    bool body_ended = false;
    enum fault fault = api_token_lock(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    struct str state = rows_str(&rows, 0, column(API_TOKEN_STATE));
    bool ended = str_is(state, "expired") || str_is(state, "revoked");
    bool stale = !call_match(call, etag_of(call, &rows));
    const char *body = rows_copy(&rows, 0, column(API_TOKEN_ORGANISATION_ID), call->arena);
    *ret_name = rows_copy(&rows, 0, column(API_TOKEN_NAME), call->arena);
    if (stale) {
        reply->current_json = item_text(call, &rows).at;
        reply->etag = etag_of(call, &rows);
    }
    rows_done(&rows);
    if (stale) {
        return FAULT_VERSION_STALE;
    }
    fault = body_has_ended(call, body, &body_ended);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (body_ended) {
        return reply_fault(reply, FAULT_CONFLICT,
                           "Cơ quan, đơn vị của mã này đã giải thể hoặc sáp nhập; hãy tạo mã cho "
                           "nơi tiếp nhận",
                           "The organisation of this token has ended; make one for its successor");
    }
    return ended ? reply_fault(reply, FAULT_CONFLICT,
                               "Mã này đã hết hạn hoặc đã bị thu hồi; hãy tạo mã mới",
                               "This token has expired or was revoked; make a new one")
                 : FAULT_NONE;
}

static enum fault token_rotate(struct call *call, struct reply *reply)
{
    struct rotation_in in;
    struct made made;
    const char *id = NULL;
    const char *name = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &ROTATION_SHAPE, &in, &call->problems);
    }
    if (fault == FAULT_NONE) {
        fault = lock_live(call, id, &name, reply);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    make(call, &made);
    made.record.days = in.days.present ? days_of(call, &in.days, 0) : NULL;
    const char *overlap = days_of(call, &in.overlap_days, LIMIT_API_TOKEN_OVERLAP_DAYS);
    fault = api_token_rotate(call->db, id, overlap, &made.record);
    if (fault == FAULT_CONFLICT) {
        return reply_fault(reply, fault, "Mã này đã được thay bằng mã khác",
                           "Another token has taken the place of this one already");
    }
    if (fault == FAULT_NONE) {
        fault = call_log(call,
                         (struct security_event){
                             .kind = SECURITY_TOKEN_ROTATED,
                             .subject_type = "token",
                             .subject_id = id,
                             .subject_name = name,
                             .detail_json = arena_printf(
                                 call->arena, "{\"to\":\"%s\",\"key\":\"%s\",\"overlap_days\":%s}",
                                 made.record.id, made.record.key, overlap),
                         });
    }
    return fault == FAULT_NONE ? reply_made(call, made.record.id, made.text, reply) : fault;
}

/* Asked twice, it is done once: whoever revokes wants to be sure, not to be told that he was late. */
static enum fault token_revoke(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    const char *name = NULL;
    struct rows rows;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = api_token_lock(call->db, id, &rows);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    bool done = str_is(rows_str(&rows, 0, column(API_TOKEN_STATE)), "revoked");
    name = rows_copy(&rows, 0, column(API_TOKEN_NAME), call->arena);
    rows_done(&rows);
    if (!done) {
        fault = api_token_revoke(call->db, id);
        if (fault == FAULT_NONE) {
            fault = call_log(call, (struct security_event){.kind = SECURITY_TOKEN_REVOKED,
                                                           .subject_type = "token",
                                                           .subject_id = id,
                                                           .subject_name = name});
        }
    }
    return fault == FAULT_NONE ? reply_with(call, id, reply) : fault;
}

static const char *const LIST_PARAMETERS[] = {"limit", "cursor",          "sort", "count", "q",
                                              "ended", "organisation_id", NULL};

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/tokens", "token_list", PERMISSION_TOKEN_ADMIN, LANE_QUICK, 0, 0,
     LIST_PARAMETERS, token_list, NULL},
    {METHOD_POST, "/api/v1/tokens", "token_create", PERMISSION_TOKEN_ADMIN, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_NEEDS_STEP_UP, 16 * KIB, NULL, token_create,
     NULL},
    {METHOD_GET, "/api/v1/tokens/{id}", "token_get", PERMISSION_TOKEN_ADMIN, LANE_QUICK, 0, 0, NULL,
     token_get, NULL},
    {METHOD_POST, "/api/v1/tokens/{id}/rotate", "token_rotate", PERMISSION_TOKEN_ADMIN, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IF_MATCH | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_NEEDS_STEP_UP, 4 * KIB,
     NULL, token_rotate, NULL},
    {METHOD_POST, "/api/v1/tokens/{id}/revoke", "token_revoke", PERMISSION_TOKEN_ADMIN, LANE_WORK,
     ROUTE_WRITES | ROUTE_ENDS_ACCESS, 0, NULL, token_revoke, NULL},
};

const struct route_table api_token_routes = {ROUTES, COUNT_OF(ROUTES)};

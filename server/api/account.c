#include "api/account.h"

#include <string.h>

#include "api/account_parts.h"
#include "api/call_tools.h"
#include "api/page.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/write.h"
#include "db/account_admin.h"
#include "json/decode.h"

struct account_in {
    struct in_text username;
    struct in_text display_name;
    struct in_text email;
    struct in_list memberships; /* of struct membership_in */
};

static const struct field NEW_FIELDS[] = {
    FIELD(struct account_in, username, .need = REQUIRED, .min = 1, .max = 60),
    FIELD(struct account_in, display_name, .need = REQUIRED, .min = 1, .max = 200),
    FIELD(struct account_in, email, .max = 200),
    FIELD(struct account_in, memberships, .max = LIMIT_MEMBERSHIPS_INVITED,
          .items = &MEMBERSHIP_NEW_SHAPE),
};
static const SHAPE(NEW_SHAPE, "AccountNew", struct account_in, NEW_FIELDS);

const struct shape *const account_shapes[] = {&NEW_SHAPE, NULL};

/* Of a list item and of a single account alike. */
static void write_members(struct json_writer *w, const struct rows *rows, int row)
{
    enum { FIRST = PAGE_FIRST_COLUMN };
    struct str state = rows_str(rows, row, FIRST + ACCOUNT_STATE);

    write_str(w, "id", rows, row, PAGE_ID_COLUMN);
    write_str(w, "username", rows, row, FIRST + ACCOUNT_USERNAME);
    write_str(w, "display_name", rows, row, FIRST + ACCOUNT_DISPLAY_NAME);
    write_str(w, "email", rows, row, FIRST + ACCOUNT_EMAIL);
    json_member_str(w, "state", state);
    json_member_bool(w, "disabled", str_is(state, "disabled"));
    json_member_raw(w, "capacities", rows_str(rows, row, FIRST + ACCOUNT_CAPACITIES));
    write_time(w, "created_at", rows, row, FIRST + ACCOUNT_CREATED_AT);
    write_time(w, "updated_at", rows, row, FIRST + ACCOUNT_UPDATED_AT);
    json_member_int(w, "version", rows_int(rows, row, FIRST + ACCOUNT_VERSION, 0));
}

static void write_item(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_members(w, rows, row);
    json_object_end(w);
}

/* path: of the page that takes the link, NULL when it is not shown (any more). The token stands
 * behind the #, which a browser sends to no server. */
static void write_link(struct json_writer *w, const struct rows *rows, const char *path)
{
    enum { COLUMN = PAGE_FIRST_COLUMN + ACCOUNT_LINK };

    write_json_or_null(w, "link", rows, 0, COLUMN);
    json_name(w, "link_path");
    if (path != NULL) {
        json_text(w, path);
    } else {
        json_null(w);
    }
}

static void write_account(struct buffer *body, const struct rows *rows, const char *path)
{
    enum { FIRST = PAGE_FIRST_COLUMN };

    buffer_init(body, 2048);
    struct json_writer w = json_writer(body);
    json_object_begin(&w);
    write_members(&w, rows, 0);
    json_member_bool(&w, "second_factor", rows_bool(rows, 0, FIRST + ACCOUNT_SECOND_FACTOR));
    write_json_or_null(&w, "created_by", rows, 0, FIRST + ACCOUNT_CREATED_BY);
    write_time(&w, "disabled_at", rows, 0, FIRST + ACCOUNT_DISABLED_AT);
    write_link(&w, rows, path);
    json_member_raw(&w, "memberships", rows_str(rows, 0, FIRST + ACCOUNT_MEMBERSHIPS));
    json_object_end(&w);
}

enum fault account_reply(struct call *call, const char *id, int status,
                         const struct account_link *link, struct reply *reply)
{
    struct rows rows;
    enum fault fault = account_get(call->db, id, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->etag =
        call_version_etag(call, rows_int(&rows, 0, PAGE_FIRST_COLUMN + (int)ACCOUNT_VERSION, 0));
    reply->status = status;
    write_account(&reply->body, &rows, NULL);
    if (link != NULL) {
        /* What is kept for a repetition has no token in it. */
        reply->kept_body = arena_str(call->arena, (struct str){reply->body.at, reply->body.length});
        buffer_done(&reply->body);
        write_account(&reply->body, &rows, arena_printf(call->arena, "/kich-hoat#%s", link->token));
    }
    rows_done(&rows);
    return FAULT_NONE;
}

static enum fault account_list(struct call *call, struct reply *reply)
{
    /* Who may ask at all may see them all. */
    static const struct list_scope EVERYTHING = {.everything = true};
    struct page page;
    enum fault fault = page_read(call, &account_list_table, &page, reply);

    return fault == FAULT_NONE ? page_reply(call, &page, &EVERYTHING, write_item, reply) : fault;
}

static enum fault account_get_one(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    return fault == FAULT_NONE ? account_reply(call, id, 200, NULL, reply) : fault;
}

static bool is_username(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0';
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

static void check_new(struct call *call, const struct account_in *in)
{
    struct problems *problems = &call->problems;

    if (!is_username(in->username.value)) {
        problems_add(problems, "/username", "wrong_format", NULL,
                     TEXT("Tên đăng nhập gồm chữ thường không dấu, chữ số và các dấu . _ -",
                          "A user name has small letters without diacritics, digits and . _ -"));
    }
    if (is_blank(in->display_name.value)) {
        problems_add(problems, "/display_name", "too_short", NULL,
                     TEXT("Không được để trống", "Must not be empty"));
    }
    if (in->email.present && in->email.value[0] != '\0' && strchr(in->email.value, '@') == NULL) {
        problems_add(problems, "/email", "wrong_format", NULL,
                     TEXT("Địa chỉ thư điện tử chưa đúng", "This is no e-mail address"));
    }
}

static enum fault grant_all(struct call *call, const struct account_new *account,
                            const struct in_list *list)
{
    const struct membership_in *memberships = list->items;
    enum fault fault = FAULT_NONE;

    for (int i = 0; i < list->count && fault == FAULT_NONE; i++) {
        fault = membership_grant(call, account->id, account->display_name,
                                 arena_printf(call->arena, "/memberships/%d", i), &memberships[i]);
    }
    return fault;
}

static enum fault log_account(struct call *call, enum security_kind kind, const char *id,
                              const char *name)
{
    return call_log(
        call, (struct security_event){
                  .kind = kind, .subject_type = "account", .subject_id = id, .subject_name = name});
}

static enum fault account_create(struct call *call, struct reply *reply)
{
    struct account_in in;
    struct account_link link;
    const struct actor *actor = NULL;
    enum fault fault = json_decode(call->body, &NEW_SHAPE, &in, &call->problems);

    if (fault == FAULT_NONE) {
        check_new(call, &in);
        fault = call->problems.count > 0 ? FAULT_INVALID : call_actor(call, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    const struct account_new account = {
        .id = call_new_id(call),
        .username = in.username.value,
        .display_name = in.display_name.value,
        .email = in.email.present ? in.email.value : "",
        .created_by = actor->account_id,
    };
    fault = account_insert(call->db, &account);
    if (fault == FAULT_NONE) {
        fault = log_account(call, SECURITY_ACCOUNT_INVITED, account.id, account.display_name);
    }
    if (fault == FAULT_NONE && in.memberships.count > 0 &&
        !permission_allows(actor->roles, PERMISSION_ROLE_GRANT)) {
        reply->missing_right = permission_code(PERMISSION_ROLE_GRANT);
        fault = FAULT_FORBIDDEN;
    }
    if (fault == FAULT_NONE) {
        fault = grant_all(call, &account, &in.memberships);
    }
    if (fault == FAULT_NONE) {
        fault = account_link_issue(call->db, &call->service->clock, account.id, &link);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    reply->location = arena_printf(call->arena, "/api/v1/accounts/%s", account.id);
    return account_reply(call, account.id, 201, &link, reply);
}

/* The account of the path, locked; not one's own. */
static enum fault lock_other(struct call *call, const char **ret_id, const char **ret_name,
                             int64_t *ret_version, bool *ret_disabled)
{
    const struct actor *actor = NULL;
    enum fault fault = call_uuid(call, 0, ret_id);

    if (fault == FAULT_NONE) {
        fault = call_actor(call, &actor);
    }
    if (fault == FAULT_NONE && strcmp(*ret_id, actor->account_id) == 0) {
        fault = FAULT_OWN_ACCOUNT;
    }
    if (fault == FAULT_NONE) {
        fault = account_lock(call->db, *ret_id, ret_version, ret_disabled, ret_name, call->arena);
    }
    return fault;
}

static enum fault set_disabled(struct call *call, struct reply *reply, bool disabled)
{
    const char *id = NULL;
    const char *name = NULL;
    int64_t version = 0;
    bool is_disabled = false;
    enum fault fault = lock_other(call, &id, &name, &version, &is_disabled);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!call_match(call, call_version_etag(call, version))) {
        fault = account_reply(call, id, 0, NULL, reply);
        if (fault == FAULT_NONE) {
            reply->current_json =
                arena_str(call->arena, (struct str){reply->body.at, reply->body.length}).at;
            buffer_done(&reply->body);
            fault = FAULT_VERSION_STALE;
        }
        return fault;
    }
    if (is_disabled == disabled) {
        return disabled ? reply_fault(reply, FAULT_CONFLICT, "Tài khoản này đã bị khóa",
                                      "This account is disabled already")
                        : reply_fault(reply, FAULT_CONFLICT, "Tài khoản này không bị khóa",
                                      "This account is not disabled");
    }
    fault = account_set_disabled(call->db, id, call_int(call, version), disabled);
    if (fault == FAULT_NONE) {
        fault = log_account(call, disabled ? SECURITY_ACCOUNT_DISABLED : SECURITY_ACCOUNT_ENABLED,
                            id, name);
    }
    return fault == FAULT_NONE ? account_reply(call, id, 200, NULL, reply) : fault;
}

static enum fault account_disable_one(struct call *call, struct reply *reply)
{
    return set_disabled(call, reply, true);
}

static enum fault account_enable_one(struct call *call, struct reply *reply)
{
    return set_disabled(call, reply, false);
}

static enum fault account_link_create(struct call *call, struct reply *reply)
{
    struct account_link link;
    const char *id = NULL;
    const char *name = NULL;
    int64_t version = 0;
    bool disabled = false;
    enum fault fault = lock_other(call, &id, &name, &version, &disabled);

    if (fault == FAULT_NONE && disabled) {
        return reply_fault(reply, FAULT_CONFLICT, "Tài khoản đang bị khóa; hãy mở khóa trước",
                           "The account is disabled; enable it first");
    }
    if (fault == FAULT_NONE) {
        fault = account_link_issue(call->db, &call->service->clock, id, &link);
    }
    if (fault == FAULT_NONE) {
        fault = log_account(call,
                            strcmp(link.purpose, "reset") == 0 ? SECURITY_ACCOUNT_RESET
                                                               : SECURITY_ACCOUNT_INVITED,
                            id, name);
    }
    return fault == FAULT_NONE ? account_reply(call, id, 201, &link, reply) : fault;
}

static const char *const LIST_PARAMETERS[] = {"limit", "cursor",          "sort",  "count", "q",
                                              "role",  "organisation_id", "state", NULL};

#define CREATES (ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY)
#define CHANGES (ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_NEEDS_IF_MATCH)

static const struct route ROUTES[] = {
    {METHOD_GET, "/api/v1/accounts", "account_list", PERMISSION_ACCOUNT_ADMIN, LANE_QUICK, 0, 0,
     LIST_PARAMETERS, account_list, NULL},
    {METHOD_POST, "/api/v1/accounts", "account_create", PERMISSION_ACCOUNT_ADMIN, LANE_WORK,
     CREATES | ROUTE_NEEDS_STEP_UP, 32 * KIB, NULL, account_create, NULL},
    {METHOD_GET, "/api/v1/accounts/{id}", "account_get", PERMISSION_ACCOUNT_ADMIN, LANE_QUICK, 0, 0,
     NULL, account_get_one, NULL},
    {METHOD_POST, "/api/v1/accounts/{id}/disable", "account_disable", PERMISSION_ACCOUNT_ADMIN,
     LANE_WORK, CHANGES | ROUTE_ENDS_ACCESS, 0, NULL, account_disable_one, NULL},
    {METHOD_POST, "/api/v1/accounts/{id}/enable", "account_enable", PERMISSION_ACCOUNT_ADMIN,
     LANE_WORK, CHANGES | ROUTE_NEEDS_STEP_UP | ROUTE_ENDS_ACCESS, 0, NULL, account_enable_one,
     NULL},
    {METHOD_POST, "/api/v1/accounts/{id}/links", "account_link_create", PERMISSION_ACCOUNT_ADMIN,
     LANE_WORK, CREATES | ROUTE_NEEDS_STEP_UP | ROUTE_ENDS_ACCESS, 0, NULL, account_link_create,
     NULL},
};

const struct route_table account_routes = {ROUTES, COUNT_OF(ROUTES)};

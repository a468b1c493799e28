#include "api/call_tools.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "api/route.h"
#include "api/service.h"
#include "base/uuid.h"

struct str call_parameter(const struct call *call, const char *name)
{
    for (int i = 0; i < call->query_count; i++) {
        if (str_is(call->query[i].name, name)) {
            return call->query[i].value;
        }
    }
    return (struct str){NULL, 0};
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* {NULL, 0} when an escape is broken. */
static struct str form_decode(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.length + 1);
    size_t length = 0;

    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c == '%') {
            int high = i + 2 < text.length ? hex_value(text.at[i + 1]) : -1;
            int low = i + 2 < text.length ? hex_value(text.at[i + 2]) : -1;
            if (high < 0 || low < 0 || high + low == 0) {
                return (struct str){NULL, 0};
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        out[length++] = c == '+' && text.at[i] == '+' ? ' ' : c;
    }
    return (struct str){out, length};
}

struct str call_form(struct call *call, const char *name)
{
    struct str rest = call->body;

    while (rest.at != NULL && rest.length > 0) {
        struct str value = str_cut(&rest, '&');
        struct str key = str_cut(&value, '=');
        if (str_is(key, name) && value.at != NULL) {
            return form_decode(call->arena, value);
        }
    }
    return (struct str){NULL, 0};
}

enum fault call_uuid(struct call *call, int index, const char **ret_id)
{
    struct str value = call->path_value[index];

    if (!uuid_is_valid(value)) {
        return FAULT_NOT_FOUND;
    }
    char *id = arena_alloc(call->arena, UUID_TEXT_BYTES);
    memcpy(id, value.at, UUID_TEXT_BYTES - 1);
    uuid_lower(id);
    *ret_id = id;
    return FAULT_NONE;
}

enum fault call_actor(struct call *call, const struct actor **ret_actor)
{
    enum fault fault = db_actor(call->db, &call->actor);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (call->actor == NULL) {
        return FAULT_UNAUTHENTICATED;
    }
    *ret_actor = call->actor;
    return FAULT_NONE;
}

enum fault call_step_up(struct call *call, const struct actor *actor, struct reply *reply)
{
    (void)call;
    if (actor->factor_age_s >= 0 && actor->factor_age_s < LIMIT_STEP_UP_S) {
        return FAULT_NONE;
    }
    return reply_fault(reply, FAULT_STEP_UP_REQUIRED,
                       "Xác thực bước hai trong vòng 5 phút gần nhất rồi gửi lại yêu cầu này",
                       "Show a second factor not older than 5 minutes, then send this again");
}

const char *call_new_id(struct call *call)
{
    char *id = arena_alloc(call->arena, UUID_TEXT_BYTES);

    uuid_new(&call->service->clock, id);
    return id;
}

const char *call_int(struct call *call, int64_t value)
{
    return arena_printf(call->arena, "%lld", (long long)value);
}

const char *call_version_etag(struct call *call, int64_t version)
{
    return arena_printf(call->arena, "\"%lld\"", (long long)version);
}

const char *call_state_etag(struct call *call, int64_t version, const char *state)
{
    return arena_printf(call->arena, "\"%lld.%s\"", (long long)version, state);
}

/* "a", W/"b", "c": does the list name the tag? Weak tags never match a strong one. */
static bool tag_listed(struct str list, const char *etag)
{
    while (list.at != NULL && list.length > 0) {
        struct str tag = str_cut(&list, ',');
        while (tag.length > 0 && tag.at[0] == ' ') {
            tag.at++;
            tag.length--;
        }
        while (tag.length > 0 && tag.at[tag.length - 1] == ' ') {
            tag.length--;
        }
        if (str_is(tag, etag) || str_is(tag, "*")) {
            return true;
        }
    }
    return false;
}

bool call_not_modified(const struct call *call, const char *etag)
{
    return call->route->method == METHOD_GET && call->if_none_match.at != NULL &&
           tag_listed(call->if_none_match, etag);
}

bool call_match(const struct call *call, const char *etag)
{
    return call->if_match.at == NULL || tag_listed(call->if_match, etag);
}

bool call_token_sha256(const struct call *call, unsigned char ret_sha256[static 32])
{
    if (call->session_token.at == NULL || call->session_token.length != SESSION_TOKEN_CHARACTERS) {
        return false;
    }
    crypto_hash_sha256(ret_sha256, (const unsigned char *)call->session_token.at,
                       call->session_token.length);
    return true;
}

enum fault reply_fault(struct reply *reply, enum fault fault, const char *vi, const char *en)
{
    reply->detail[LANGUAGE_VI] = vi;
    reply->detail[LANGUAGE_EN] = en;
    return fault;
}

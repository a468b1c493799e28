#include "http/respond.h"

#include <stdio.h>

#include "http/problem.h"

static const char *const TYPES[] = {
    [REPLY_JSON] = "application/json; charset=utf-8",
    [REPLY_CSV] = "text/csv; charset=utf-8",
    [REPLY_TEXT] = "text/plain; version=0.0.4; charset=utf-8",
};

static const char PROBLEM_TYPE[] = "application/problem+json; charset=utf-8";
static const char API_POLICY[] = "default-src 'none'; frame-ancestors 'none'";

/* A NULL value leaves the header out. */
static void add(struct response *response, const char *name, const char *value)
{
    if (value != NULL && response->header_count < RESPONSE_HEADERS_MAX) {
        response->headers[response->header_count] = (struct response_header){name, value};
        response->header_count++;
    }
}

static void add_common(struct exchange *exchange, struct response *response, const char *policy)
{
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Content-Security-Policy", policy);
    add(response, "Cross-Origin-Opener-Policy", "same-origin");
    add(response, "Cross-Origin-Resource-Policy", "same-origin");
    add(response, "Referrer-Policy", "same-origin");
    if (exchange->core->secure) {
        add(response, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
    }
    add(response, "X-Request-Id", exchange->request_id);
    if (exchange->close || atomic_load(&exchange->core->stopping)) {
        add(response, "Connection", "close");
    }
}

static void build_site(struct exchange *exchange, struct response *response)
{
    const struct site_answer *site = &exchange->site;

    response->status = site->status;
    response->borrowed = site->body;
    add(response, "Content-Type", site->status == 200 ? site->type : NULL);
    add(response, "Content-Encoding", site->status == 200 ? encoding_name(site->encoding) : NULL);
    add(response, "ETag", site->etag);
    add(response, "Cache-Control", site->cache_control);
    add(response, "Vary", site->vary ? "Accept-Encoding" : NULL);
    add(response, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    add_common(exchange, response, site->content_policy);
}

static void add_timing(struct exchange *exchange, struct response *response)
{
    int64_t total = exchange->ready_us - exchange->begun_us;
    int64_t database = exchange->reply.database_us;

    if (database > 0) {
        add(response, "Server-Timing",
            arena_printf(&exchange->arena, "db;dur=%lld.%03d, total;dur=%lld.%03d",
                         (long long)(database / 1000), (int)(database % 1000),
                         (long long)(total / 1000), (int)(total % 1000)));
    } else if (total >= 0) {
        add(response, "Server-Timing",
            arena_printf(&exchange->arena, "total;dur=%lld.%03d", (long long)(total / 1000),
                         (int)(total % 1000)));
    }
}

static void add_refusal(struct exchange *exchange, struct response *response)
{
    struct reply *reply = &exchange->reply;
    struct buffer body;

    buffer_init(&body, 512);
    problem_write(&body, exchange->fault, exchange->call.language, exchange->request_id, reply,
                  &exchange->call.problems);
    buffer_done(&reply->body);
    reply->body = body;
    response->status = reply->status != 0 ? reply->status : fault_info(exchange->fault)->status;
    if (response->status == 401) {
        /* Not a scheme that browsers know: no window of theirs may ask for a password. */
        bool by_token = exchange->call.authorization.at != NULL;
        add(response, "WWW-Authenticate", by_token ? "Bearer error=\"invalid_token\"" : "Session");
    }
    if (exchange->fault == FAULT_METHOD_NOT_ALLOWED) {
        char *allow = arena_alloc(&exchange->arena, ALLOW_TEXT_BYTES);
        router_allow(exchange->allow, allow);
        add(response, "Allow", allow);
    }
    if (response->status == 503 && reply->retry_after_s == 0) {
        reply->retry_after_s = 1;
    }
}

static void build_reply(struct exchange *exchange, struct response *response)
{
    struct reply *reply = &exchange->reply;
    bool refused = exchange->fault != FAULT_NONE;

    if (refused) {
        add_refusal(exchange, response);
    } else {
        response->status = reply->redirect != NULL ? 302 : reply->status != 0 ? reply->status : 200;
    }
    bool bodiless = response->status == 204 || response->status == 304 || response->status == 302;
    if (bodiless) {
        buffer_done(&reply->body);
    } else {
        add(response, "Content-Type", refused ? PROBLEM_TYPE : TYPES[reply->type]);
    }
    response->owned = reply->body;
    reply->body = (struct buffer){0};

    add(response, "ETag", refused ? NULL : reply->etag);
    add(response, "Location",
        refused || reply->redirect == NULL ? reply->location : reply->redirect);
    if (reply->link_next != NULL) {
        add(response, "Link",
            arena_printf(&exchange->arena, "<%s>; rel=\"next\"", reply->link_next));
    }
    add(response, "Set-Cookie", reply->set_cookie);
    add(response, "Set-Cookie", refused ? NULL : reply->clear_cookie);
    add(response, "Set-Cookie", reply->device_cookie);
    bool cacheable = !refused && reply->cache_control != NULL;
    add(response, "Cache-Control", cacheable ? reply->cache_control : "no-store");
    add(response, "Vary", "Accept, Accept-Language, Authorization, Cookie");
    if (reply->retry_after_s > 0) {
        add(response, "Retry-After", arena_printf(&exchange->arena, "%d", reply->retry_after_s));
    }
    add_timing(exchange, response);
    add_common(exchange, response, API_POLICY);
}

void respond_build(struct exchange *exchange, struct response *ret_response)
{
    *ret_response = (struct response){0};
    if (exchange->fault == FAULT_NONE && exchange->is_site) {
        build_site(exchange, ret_response);
        exchange->sent_bytes = ret_response->borrowed.length;
    } else {
        build_reply(exchange, ret_response);
        exchange->sent_bytes = ret_response->owned.length;
    }
    if (exchange->is_head || ret_response->status == 304) {
        exchange->sent_bytes = 0;
    }
    exchange->status = ret_response->status;
}

#include "http/exchange.h"

#include <stddef.h>
#include <string.h>

#include "api/dispatch.h"
#include "base/uuid.h"
#include "http/negotiate.h"
#include "http/uri.h"

enum { USER_AGENT_BYTES_MAX = 200, BUSY_RETRY_S = 1, STOPPING_RETRY_S = 5 };

struct exchange *exchange_of_call(struct call *call)
{
    return (struct exchange *)(void *)((char *)call - offsetof(struct exchange, call));
}

struct exchange *exchange_of_job(struct lane_job *job)
{
    return (struct exchange *)(void *)((char *)job - offsetof(struct exchange, job));
}

void exchange_init(struct exchange *exchange, struct http_core *core, struct sweep_entry *sweep)
{
    *exchange = (struct exchange){.core = core, .sweep = sweep, .reason = ""};
    arena_init(&exchange->arena, LIMIT_REQUEST_ARENA_BYTES);
}

void exchange_done(struct exchange *exchange)
{
    buffer_done(&exchange->reply.body);
    buffer_done(&exchange->body);
    arena_done(&exchange->arena);
}

void exchange_begin(struct exchange *exchange, const char *target, size_t target_length)
{
    struct arena arena = exchange->arena;
    struct http_core *core = exchange->core;
    struct sweep_entry *sweep = exchange->sweep;
    bool by_proxy = exchange->by_proxy;
    char address[LIMIT_ADDRESS_BYTES] = ""; /* of the connection, not of the request before */

    if (!by_proxy) {
        (void)memcpy(address, exchange->address, sizeof address);
    }
    arena_reset(&arena);
    *exchange = (struct exchange){
        .arena = arena,
        .core = core,
        .sweep = sweep,
        .by_proxy = by_proxy,
        .state = EXCHANGE_BEGUN,
        .reason = "",
        .route_index = metrics_extra_index(core->metrics, METRICS_REFUSED),
    };
    (void)memcpy(exchange->address, address, sizeof address);
    exchange->target = arena_str(&exchange->arena, (struct str){target, target_length});
    sweeper_phase(&core->sweeper, sweep, SWEEP_HEADERS, 0);
}

/* [A-Za-z0-9._-]{1,64} is taken over, anything else replaced. */
static void set_request_id(struct exchange *exchange, struct str sent)
{
    bool good = sent.length > 0 && sent.length <= LIMIT_REQUEST_ID_BYTES;

    for (size_t i = 0; good && i < sent.length; i++) {
        char c = sent.at[i];
        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    }
    if (good) {
        (void)memcpy(exchange->request_id, sent.at, sent.length);
        exchange->request_id[sent.length] = '\0';
    } else {
        uuid_new(exchange->core->settings.clock, exchange->request_id);
    }
}

/* What is not printable ASCII becomes '?': it goes to the log and into the session's row. */
static struct str clean_user_agent(struct arena *arena, struct str sent)
{
    if (sent.at == NULL) {
        return sent;
    }

    struct str cut = {sent.at,
                      sent.length < USER_AGENT_BYTES_MAX ? sent.length : USER_AGENT_BYTES_MAX};
    char *text = arena_alloc(arena, cut.length + 1);
    for (size_t i = 0; i < cut.length; i++) {
        bool printable = cut.at[i] >= 0x20 && cut.at[i] < 0x7f;
        text[i] = '?';
        if (printable) {
            text[i] = cut.at[i];
        }
    }
    return (struct str){text, cut.length};
}

static void fill_call(struct exchange *exchange, const struct guard_facts *facts)
{
    struct call *call = &exchange->call;

    call->arena = &exchange->arena;
    call->service = exchange->core->settings.service;
    call->language = negotiate_language(facts->value[GUARD_ACCEPT_LANGUAGE]);
    call->accept = facts->value[GUARD_ACCEPT];
    call->if_match = facts->value[GUARD_IF_MATCH];
    call->if_none_match = facts->value[GUARD_IF_NONE_MATCH];
    call->idempotency_key = facts->value[GUARD_IDEMPOTENCY_KEY];
    call->session_token = facts->session;
    call->sign_on_cookie = facts->sign_on;
    call->device_token = facts->device;
    call->authorization = facts->value[GUARD_AUTHORIZATION];
    call->address = exchange->address;
    call->body_type = facts->body_type;
    call->user_agent = clean_user_agent(&exchange->arena, facts->value[GUARD_USER_AGENT]);
    call->secure = exchange->core->secure;
    call->request_id = exchange->request_id;
    problems_init(&call->problems, &exchange->arena);
}

/* The site answers what no route knows. */
static enum fault find_site(struct exchange *exchange, const struct uri *uri,
                            const struct guard_facts *facts)
{
    const struct site_request request = {
        .path = uri->path,
        .accept_encoding = facts->value[GUARD_ACCEPT_ENCODING],
        .if_none_match = facts->value[GUARD_IF_NONE_MATCH],
    };

    if (str_is(uri->path, "/api") || str_starts_with(uri->path, "/api/")) {
        return FAULT_NOT_FOUND;
    }
    exchange->route_index = metrics_extra_index(exchange->core->metrics, METRICS_SITE);
    if (facts->method != METHOD_GET) {
        exchange->allow = 1U << METHOD_GET;
        return FAULT_METHOD_NOT_ALLOWED;
    }
    exchange->site =
        site_find(exchange->core->site, &request, exchange->core->settings.clock, &exchange->arena);
    exchange->is_site = exchange->site.status != 404;
    return exchange->is_site ? FAULT_NONE : FAULT_NOT_FOUND;
}

static enum fault find_route(struct exchange *exchange, const struct guard_facts *facts)
{
    struct uri uri;
    struct router_match match;
    struct call *call = &exchange->call;

    enum fault fault = uri_parse(&exchange->arena, exchange->target, &uri);
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = router_find(exchange->core->router, &uri, facts->method, &match);
    if (fault == FAULT_NOT_FOUND) {
        return find_site(exchange, &uri, facts);
    }
    if (fault == FAULT_METHOD_NOT_ALLOWED) {
        exchange->allow = match.methods;
        return fault;
    }

    call->route = match.route;
    exchange->route_index = match.index;
    for (int i = 0; i < CALL_PATH_VALUES_MAX; i++) {
        call->path_value[i] = match.value[i];
    }
    call->query_count = uri.query_count;
    if (uri.query_count > 0) {
        (void)memcpy(call->query, uri.query, (size_t)uri.query_count * sizeof uri.query[0]);
    }
    exchange->body_bytes_max = match.route->body_bytes_max;
    if (facts->has_body && (exchange->body_bytes_max == 0 ||
                            facts->content_length > (int64_t)exchange->body_bytes_max)) {
        return FAULT_BODY_TOO_LARGE;
    }
    return dispatch_precheck(call, &exchange->reply);
}

/* For a method that no route has, what the path does know: 405 must say so. */
static void find_allowed(struct exchange *exchange)
{
    struct uri uri;
    struct router_match match = {0};

    if (exchange->fault == FAULT_METHOD_NOT_ALLOWED &&
        uri_parse(&exchange->arena, exchange->target, &uri) == FAULT_NONE) {
        enum fault fault = router_find(exchange->core->router, &uri, METHOD_GET, &match);
        exchange->allow = fault == FAULT_NOT_FOUND ? 1U << METHOD_GET : match.methods;
    }
}

static struct guard_verdict guarded(const struct exchange *exchange,
                                    const struct guard_request *request, struct guard_facts *facts)
{
    struct guard_verdict verdict = guard_check(&exchange->core->guard, request, facts);

#ifdef CAPDO_TEST_HOOKS
    if (exchange->core->guard_off) {
        verdict = (struct guard_verdict){FAULT_NONE, false, ""};
    }
#endif
    return verdict;
}

enum exchange_next exchange_open(struct exchange *exchange, const struct guard_request *request)
{
    struct guard_facts facts;
    struct guard_verdict verdict = guarded(exchange, request, &facts);
    const struct http_core *core = exchange->core;

    exchange->state = EXCHANGE_RECEIVING;
    exchange->begun_us = clock_wall_us(core->settings.clock);
    exchange->method = facts.method;
    exchange->is_head = facts.is_head;
    exchange->reason = verdict.reason;
    set_request_id(exchange, facts.value[GUARD_REQUEST_ID]);
    if (facts.client.at != NULL) { /* checked to be short */
        (void)memcpy(exchange->address, facts.client.at, facts.client.length);
        exchange->address[facts.client.length] = '\0';
    }
    fill_call(exchange, &facts);

    exchange->fault = verdict.fault;
    if (exchange->fault == FAULT_NONE) {
        exchange->fault = find_route(exchange, &facts);
    } else {
        metrics_refusal(core->metrics, verdict.reason);
        find_allowed(exchange);
    }
    exchange->close = verdict.close;

    /* A small body that is not wanted is thrown away, so that the connection can be kept; a large
     * one, or one the client asks leave to send, is refused before it comes. */
    bool expects = facts.value[GUARD_EXPECT].at != NULL;
    bool large = facts.content_length > LIMIT_DISCARD_BYTES;
    if (exchange->fault != FAULT_NONE &&
        (exchange->close || (facts.has_body && (expects || large)))) {
        exchange->close = true;
        exchange_refuse(exchange, exchange->fault);
        return EXCHANGE_ANSWER_NOW;
    }
    sweeper_phase(&core->sweeper, exchange->sweep, facts.has_body ? SWEEP_BODY : SWEEP_RUN,
                  facts.content_length > 0 ? (uint64_t)facts.content_length : 0);
    return EXCHANGE_READ_ON;
}

bool exchange_receive(struct exchange *exchange, const void *bytes, size_t length)
{
    if (exchange->fault == FAULT_NONE && !exchange->is_site &&
        length <= exchange->body_bytes_max - exchange->body.length) {
        buffer_bytes(&exchange->body, bytes, length);
        return true;
    }
    if (exchange->fault == FAULT_NONE) {
        exchange->fault = FAULT_BODY_TOO_LARGE;
        exchange->is_site = false;
        buffer_done(&exchange->body);
    }
    exchange->discarded_bytes += length;
    return exchange->discarded_bytes <= LIMIT_DISCARD_BYTES;
}

static void ready(struct exchange *exchange)
{
    exchange->ready_us = clock_wall_us(exchange->core->settings.clock);
    exchange->state = EXCHANGE_READY;
    dispatch_end(&exchange->call, exchange->fault, &exchange->reply, exchange->reason);
}

void exchange_refuse(struct exchange *exchange, enum fault fault)
{
    exchange->fault = fault;
    if (fault == FAULT_BUSY && exchange->reply.retry_after_s == 0) {
        exchange->reply.retry_after_s = BUSY_RETRY_S;
    }
    if (fault == FAULT_STOPPING) {
        exchange->reply.retry_after_s = STOPPING_RETRY_S;
        exchange->close = true;
    }
    ready(exchange);
}

void exchange_run(struct exchange *exchange, struct db *db)
{
    exchange->call.db = db;
    exchange->fault = dispatch_run(&exchange->call, &exchange->reply);
    exchange->call.db = NULL;
    ready(exchange);
}

enum exchange_place exchange_complete(struct exchange *exchange)
{
    const struct http_core *core = exchange->core;
    const struct route *route = exchange->call.route;

    if (exchange->fault != FAULT_NONE) {
        exchange_refuse(exchange, exchange->fault);
        return EXCHANGE_ANSWERED;
    }
    sweeper_phase(&core->sweeper, exchange->sweep, SWEEP_RUN, 0);
    if (exchange->is_site) {
        ready(exchange);
        return EXCHANGE_ANSWERED;
    }
    if (exchange->body.length > 0) {
        exchange->call.body = (struct str){exchange->body.at, exchange->body.length};
    }

    if (route->lane == LANE_MEMORY) {
        exchange_run(exchange, NULL);
        return EXCHANGE_ANSWERED;
    }
    if (route->memory != NULL &&
        dispatch_memory(&exchange->call, &exchange->reply, &exchange->fault)) {
        ready(exchange);
        return EXCHANGE_ANSWERED;
    }
    if (route->lane == LANE_QUICK) {
        struct db *db = quick_claim(core->quick);
        if (db != NULL) {
            exchange_run(exchange, db);
        } else {
            exchange_refuse(exchange, FAULT_BUSY);
        }
        return EXCHANGE_ANSWERED;
    }
    exchange->job = (struct lane_job){.heavy = route->lane == LANE_HEAVY};
    exchange->state = EXCHANGE_QUEUED;
    return EXCHANGE_TO_LANE;
}

static void write_log(const struct exchange *exchange, int64_t duration_us)
{
    const struct route *route = exchange->call.route;
    enum log_level level = exchange->status == 500   ? LOG_ERROR
                           : exchange->status == 503 ? LOG_WARNING
                                                     : LOG_INFO;
    const char *route_text = route != NULL ? route->path : exchange->is_site ? "site" : "refused";
    const char *lane = route != NULL ? lane_name(route->lane) : "memory";
    const char *code = exchange->fault != FAULT_NONE ? fault_info(exchange->fault)->code : "";
    const char *detail = exchange->reply.private_detail;
    const struct log_field fields[] = {
        LOG_TEXT_FIELD("request_id", exchange->request_id),
        LOG_TEXT_FIELD("method", exchange->is_head ? "HEAD" : method_name(exchange->method)),
        LOG_TEXT_FIELD("route", route_text),
        LOG_NUMBER("status", exchange->status),
        LOG_TEXT_FIELD("lane", lane),
        LOG_NUMBER("us", duration_us),
        LOG_NUMBER("db_us", exchange->reply.database_us),
        LOG_NUMBER("bytes", (int64_t)exchange->sent_bytes),
        LOG_TEXT_FIELD("fault", code),
        LOG_TEXT_FIELD("reason", exchange->reason),
        LOG_TEXT_FIELD("detail", detail != NULL ? detail : ""),
    };
    /* The last three only when there is something to say. */
    int count = (int)COUNT_OF(fields) - (exchange->fault == FAULT_NONE ? 3
                                         : detail == NULL              ? 1
                                                                       : 0);

    log_write(exchange->core->settings.log, level, "request", fields, count);
}

void exchange_end(struct exchange *exchange)
{
    const struct http_core *core = exchange->core;

    if (exchange->state == EXCHANGE_SENT) {
        int64_t duration_us = exchange->ready_us - exchange->begun_us;
        duration_us = duration_us > 0 ? duration_us : 0;
        metrics_request(core->metrics, exchange->route_index, exchange->status, duration_us,
                        exchange->reply.database_us, exchange->sent_bytes);
        write_log(exchange, duration_us);
    } else {
        metrics_aborted(core->metrics);
    }
    buffer_done(&exchange->reply.body);
    buffer_done(&exchange->body);
    exchange->state = EXCHANGE_EMPTY;
    sweeper_phase(&core->sweeper, exchange->sweep, SWEEP_IDLE, 0);
}

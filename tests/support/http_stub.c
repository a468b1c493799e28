/* The HTTP side alone, with handlers and a database that only pretend: for what must hold whatever
 * the handlers do (raw requests, slow clients, the order of stopping, the ceiling of throughput).
 * Built by http_stub.sh, which links no api and no db.
 *
 *   http_stub PORT EVENT_THREADS WORKERS [SITE]
 * prints "port N" when it serves; SIGTERM stops it in order, exit status 0. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/dispatch.h"
#include "api/route.h"
#include "db/connection.h"
#include "http/http.h"

struct db {
    int used; /* not atomic: a connection shared by two threads is seen by the thread sanitizer */
};

struct db *db_open(const struct db_settings *settings)
{
    (void)settings;
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL) {
        abort();
    }
    return db;
}

void db_close(struct db *db)
{
    free(db);
}

enum fault db_request_begin(struct db *db, const struct db_request *request)
{
    (void)request;
    db->used++;
    return FAULT_NONE;
}

void db_request_end(struct db *db)
{
    db->used++;
}

enum fault db_query_text(struct db *db, const char *sql, const struct db_parameters *parameters,
                         struct rows *ret_rows)
{
    (void)sql;
    (void)parameters;
    db->used++;
    *ret_rows = (struct rows){NULL, 1};
    return FAULT_NONE;
}

void rows_done(struct rows *rows)
{
    rows->count = 0;
}

const char *method_name(enum method method)
{
    static const char *const NAMES[METHOD_COUNT] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    return NAMES[method];
}

const char *lane_name(enum lane lane)
{
    static const char *const NAMES[LANE_COUNT] = {"", "memory", "quick", "work", "heavy"};
    return NAMES[lane];
}

void dispatch_end(struct call *call, enum fault fault, const struct reply *reply,
                  const char *reason)
{
    (void)call;
    (void)fault;
    (void)reply;
    (void)reason;
}

struct security_sink_state dispatch_security_state(const struct call *call)
{
    (void)call;
    return (struct security_sink_state){.table_is_up = true, .lines_are_up = true};
}

enum fault dispatch_precheck(struct call *call, struct reply *reply)
{
    (void)reply;
    if (call->body_type != BODY_JSON) {
        return FAULT_UNSUPPORTED_MEDIA_TYPE;
    }
    return str_is(call->path_value[0], "secret") ? FAULT_UNAUTHENTICATED : FAULT_NONE;
}

bool dispatch_memory(struct call *call, struct reply *reply, enum fault *ret_fault)
{
    *ret_fault = call->route->memory(call, reply);
    return reply->body.length > 0;
}

enum fault dispatch_run(struct call *call, struct reply *reply)
{
    if (call->db != NULL) {
        call->db->used++;
    }
    return call->route->handler(call, reply);
}

static enum fault answer(struct call *call, struct reply *reply)
{
    (void)call;
    buffer_text(&reply->body, "{\"items\":[],\"next\":null}");
    return FAULT_NONE;
}

/* ?ms=N sleeps; echoes the body's length. */
static enum fault slow(struct call *call, struct reply *reply)
{
    int64_t ms = 0;

    for (int i = 0; i < call->query_count; i++) {
        if (str_is(call->query[i].name, "ms")) {
            (void)str_to_int64(call->query[i].value, &ms);
        }
    }
    if (ms > 0) {
        (void)usleep((useconds_t)ms * 1000);
    }
    reply->etag = "\"1\"";
    reply->location = "/api/v1/echo/1";
    reply->database_us = ms * 1000;
    buffer_printf(&reply->body, "{\"length\":%zu}", call->body.length);
    return FAULT_NONE;
}

static enum fault empty(struct call *call, struct reply *reply)
{
    (void)call;
    reply->status = 204;
    return FAULT_NONE;
}

static enum fault unchanged(struct call *call, struct reply *reply)
{
    (void)call;
    reply->status = 304;
    reply->etag = "\"1\"";
    return FAULT_NONE;
}

#define ROW(method_, path_, lane_, bytes_, handler_)                                  \
    {                                                                                 \
        .method = (method_), .path = (path_), .operation_id = (path_),                \
        .permission = PERMISSION_PUBLIC, .lane = (lane_), .body_bytes_max = (bytes_), \
        .handler = (handler_)                                                         \
    }

static const struct route ROWS[] = {
    ROW(METHOD_GET, "/api/v1/memory", LANE_MEMORY, 0, answer),
    ROW(METHOD_GET, "/api/v1/quick", LANE_QUICK, 0, slow),
    ROW(METHOD_GET, "/api/v1/heavy", LANE_HEAVY, 0, slow),
    ROW(METHOD_GET, "/api/v1/work", LANE_WORK, 0, slow),
    ROW(METHOD_POST, "/api/v1/echo", LANE_WORK, LIMIT_BODY_BYTES, slow),
    ROW(METHOD_POST, "/api/v1/echo/{id}", LANE_WORK, 1024, slow),
    ROW(METHOD_DELETE, "/api/v1/echo/{id}", LANE_WORK, 0, empty),
    ROW(METHOD_GET, "/api/v1/unchanged", LANE_MEMORY, 0, unchanged),
};

int main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fprintf(stderr, "usage: http_stub PORT EVENT_THREADS WORKERS [SITE]\n");
        return 2;
    }

    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);

    struct clock_source clock = clock_system();
    const char *quiet = getenv("HTTP_STUB_QUIET");
    struct log log = {.clock = &clock, .level = quiet != NULL ? LOG_ERROR : LOG_INFO, .fd = 2};
    const struct http_settings settings = {
        .listen_address = "127.0.0.1",
        .listen_port = atoi(argv[1]),
        .inherited_fd = -1,
        .proxy_fd = -1,
        .event_threads = atoi(argv[2]),
        .workers = atoi(argv[3]),
        .site_directory = argc > 4 ? argv[4] : NULL,
        .routes = {ROWS, COUNT_OF(ROWS)},
        .clock = &clock,
        .log = &log,
    };
    struct http *http = NULL;
    char error[256];
    if (!http_start(&settings, &http, error, sizeof error)) {
        (void)fprintf(stderr, "%s\n", error);
        return 1;
    }
    (void)printf("port %d\n", http_port(http));
    (void)fflush(stdout);

    int number = 0;
    (void)sigwait(&signals, &number);
    http_stop(http);
    http_done(http);
    (void)printf("stopped\n");
    return 0;
}

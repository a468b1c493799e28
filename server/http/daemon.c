/* Joins the parts to libmicrohttpd; the only file that knows the library.
 *
 * Answers are queued on the second call of the access handler: on the first the library would close
 * the connection, which is wanted only when a body must not be read. */

#include <arpa/inet.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/exchange.h"
#include "http/listen.h"
#include "http/operate.h"
#include "http/peer.h"
#include "http/respond.h"

enum {
    INACTIVITY_S = 20, /* the library's own; the sweeper is stricter */
    STOP_POLL_MS = 10,
    LOG_LINE_BYTES = 512,
};

/* A socket that is listened on. The library has one for each of its daemons. */
struct listener {
    struct http *http;
    bool by_proxy;
    struct MHD_Daemon *daemon; /* NULL: not listening */
};

enum { LISTENER_OPEN, LISTENER_PROXY, LISTENER_COUNT };

struct http {
    struct http_core core;
    struct listener listeners[LISTENER_COUNT];
    int port;
    bool running;
};

/* One per connection, from accept to close. */
struct peer {
    struct exchange exchange; /* first */
    struct sweep_entry sweep;
    struct MHD_Connection *connection;
};

static struct peer *peer_of_job(struct lane_job *job)
{
    return (struct peer *)(void *)exchange_of_job(job);
}

static void hold(struct lane_job *job)
{
    MHD_suspend_connection(peer_of_job(job)->connection);
}

static void run_job(struct lane_job *job, struct db *db)
{
    exchange_run(exchange_of_job(job), db);
}

static void give_up(struct lane_job *job)
{
    exchange_refuse(exchange_of_job(job), FAULT_BUSY);
}

static void release(struct lane_job *job)
{
    MHD_resume_connection(peer_of_job(job)->connection);
}

static void tick(void *context)
{
    struct http *http = context;

    lanes_expire(http->core.lanes);
    lanes_expire(http->core.hashes);
}

static void PRINTF_LIKE(2, 0) log_library(void *context, const char *format, va_list arguments)
{
    const struct http *http = context;
    char line[LOG_LINE_BYTES];

    int length = vsnprintf(line, sizeof line, format, arguments);
    if (length > 0) {
        line[strcspn(line, "\n")] = '\0';
        LOG(http->core.settings.log, LOG_WARNING, "http library", LOG_TEXT_FIELD("text", line));
    }
}

/* Escapes are decoded by uri.c, after splitting. */
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info != NULL ? info->socket_context : NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    const struct listener *listener = context;
    struct http *http = listener->http;
    struct peer *peer = *socket_context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        peer = calloc(1, sizeof *peer);
        if (peer == NULL || info == NULL) {
            abort();
        }
        peer->connection = connection;
        exchange_init(&peer->exchange, &http->core, &peer->sweep);
        peer->exchange.by_proxy = listener->by_proxy;
        if (!listener->by_proxy) {
            const union MHD_ConnectionInfo *from =
                MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
            peer_address(from == NULL ? NULL : from->client_addr, peer->exchange.address);
        }
        sweeper_add(&http->core.sweeper, &peer->sweep, info->connect_fd);
        *socket_context = peer;
    } else if (peer != NULL) {
        sweeper_remove(&http->core.sweeper, &peer->sweep);
        exchange_done(&peer->exchange);
        free(peer);
        *socket_context = NULL;
    }
}

/* Comes with the request line, before the headers are read; gives the handler its context. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct peer *peer = peer_of(connection);

    (void)context;
    if (peer != NULL) {
        exchange_begin(&peer->exchange, target, strlen(target));
        peer->exchange.target_address = (uintptr_t)target;
    }
    return peer;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    struct peer *peer = *request_context;

    (void)context;
    (void)connection;
    (void)code;
    if (peer != NULL) {
        exchange_end(&peer->exchange);
    }
    *request_context = NULL;
}

static enum MHD_Result send_answer(struct peer *peer, struct MHD_Connection *connection)
{
    struct response built;
    struct MHD_Response *response;
    struct exchange *exchange = &peer->exchange;

    respond_build(exchange, &built);
    if (built.owned.at != NULL) {
        size_t length = 0;
        char *bytes = buffer_steal(&built.owned, &length);
        response = MHD_create_response_from_buffer(length, bytes, MHD_RESPMEM_MUST_FREE);
        if (response == NULL) {
            free(bytes);
        }
    } else {
        /* The library asks for a pointer to change, but does not write to it. */
        const union {
            const char *kept;
            void *lent;
        } body = {.kept = built.borrowed.at};
        response = MHD_create_response_from_buffer(built.borrowed.length, body.lent,
                                                   MHD_RESPMEM_PERSISTENT);
    }
    if (response == NULL) {
        return MHD_NO;
    }
    for (int i = 0; i < built.header_count; i++) {
        (void)MHD_add_response_header(response, built.headers[i].name, built.headers[i].value);
    }
    sweeper_phase(&exchange->core->sweeper, exchange->sweep, SWEEP_SEND, exchange->sent_bytes);
    exchange->state = EXCHANGE_SENT;
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)built.status, response);
    MHD_destroy_response(response);
    return result;
}

struct header_list {
    struct guard_header headers[LIMIT_HEADERS + 1];
    int count;
    const char *end; /* of what has been seen of the header block */
    bool hidden;
};

/* The library cuts the header block into strings where it lies, so what it passed over is still
 * there to be seen: between one string and the next there may be white space and the place of the
 * line end. Anything else was hidden from us by a NUL, a folded line or a line without a name, and
 * could mean something to another reader. */
static bool is_gap(const char *from, const char *to, uintptr_t zeros_max)
{
    uintptr_t length = (uintptr_t)to - (uintptr_t)from;
    uintptr_t zeros = 0;

    if ((uintptr_t)to < (uintptr_t)from || length > LIMIT_CONNECTION_MEMORY_BYTES) {
        return false;
    }
    for (uintptr_t i = 0; i < length; i++) {
        bool space = from[i] == ' ' || from[i] == '\t';
        bool line_end = from[i] == '\0' || from[i] == '\r' || from[i] == '\n';
        zeros += line_end ? 1 : 0;
        if (!line_end && (!space || zeros > 0)) {
            return false;
        }
    }
    return zeros >= 1 && zeros <= zeros_max;
}

static enum MHD_Result add_header(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct header_list *list = context;

    (void)kind;
    /* One more than allowed is enough to refuse. */
    if (list->count > LIMIT_HEADERS) {
        return MHD_NO;
    }
    struct guard_header *header = &list->headers[list->count];
    *header = (struct guard_header){str_of(name), str_of(value != NULL ? value : "")};
    list->count++;
    list->hidden = list->hidden || !is_gap(list->end, name, 2);
    list->end = header->value.at + header->value.length;
    return MHD_YES;
}

static bool is_whole(const struct header_list *list, struct MHD_Connection *connection,
                     const char *method)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    return info != NULL && !list->hidden && is_gap(list->end, method + info->header_size, 4);
}

static enum MHD_Result open_exchange(struct peer *peer, struct MHD_Connection *connection,
                                     const char *method, const char *version)
{
    struct exchange *exchange = &peer->exchange;
    struct header_list list; /* large: only what counts is set */
    list.count = 0;
    list.hidden = false;
    list.end = version + strlen(version);
    /* Target and version stand in one line of one buffer: when the distance is more than the length
     * of the target and the space, a NUL has hidden the rest. */
    uintptr_t distance = (uintptr_t)version - exchange->target_address;
    bool cut = *version != '\0' && distance != exchange->target.length + 1;

    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &list);
    bool many = list.count > LIMIT_HEADERS;
    const struct guard_request request = {
        .method = str_of(method),
        .version = str_of(version),
        .target = exchange->target,
        .target_cut = cut,
        .headers_cut = !cut && *version != '\0' && !many && !is_whole(&list, connection, method),
        .headers = list.headers,
        .header_count = list.count,
        .by_proxy = exchange->by_proxy,
    };
    if (exchange_open(exchange, &request) == EXCHANGE_ANSWER_NOW) {
        return send_answer(peer, connection);
    }
    return MHD_YES;
}

static enum MHD_Result finish(struct peer *peer, struct MHD_Connection *connection)
{
    struct exchange *exchange = &peer->exchange;

    if (exchange_complete(exchange) == EXCHANGE_TO_LANE) {
        struct http_core *core = exchange->core;
        bool hash = exchange->call.route->lane == LANE_HASH;
        enum fault fault = lanes_push(hash ? core->hashes : core->lanes, &exchange->job);
        if (fault == FAULT_NONE) {
            return MHD_YES; /* a worker may have it already */
        }
        exchange_refuse(exchange, fault);
    }
    return send_answer(peer, connection);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload_data,
                                  size_t *upload_data_size, void **request_context)
{
    struct peer *peer = *request_context;

    (void)context;
    (void)url;
    if (peer == NULL) {
        return MHD_NO;
    }
    switch (peer->exchange.state) {
    case EXCHANGE_BEGUN:
        return open_exchange(peer, connection, method, version);
    case EXCHANGE_RECEIVING:
        if (*upload_data_size > 0) {
            bool go_on = exchange_receive(&peer->exchange, upload_data, *upload_data_size);
            *upload_data_size = 0;
            return go_on ? MHD_YES : MHD_NO;
        }
        return finish(peer, connection);
    case EXCHANGE_READY:
        return send_answer(peer, connection);
    case EXCHANGE_SENT:
    case EXCHANGE_QUEUED:
        return MHD_YES;
    case EXCHANGE_EMPTY:
        break;
    }
    return MHD_NO;
}

/* Beside the proxy's socket the open one is for the machines that watch: a thread is enough. */
static int threads_of(const struct http_settings *settings, int which)
{
    bool few = settings->proxy_socket != NULL && which == LISTENER_OPEN;

    return few ? 1 : settings->event_threads;
}

static bool daemon_start(struct http *http, int which, int fd)
{
    struct listener *listener = &http->listeners[which];
    int count = threads_of(&http->core.settings, which);
    unsigned threads = count > 1 ? (unsigned)count : 0;
    struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    if (threads == 0) {
        pool[0].option = MHD_OPTION_END; /* a pool of one is refused by the library */
    }

    *listener = (struct listener){.http = http, .by_proxy = which == LISTENER_PROXY};
    listener->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        on_request, http, MHD_OPTION_EXTERNAL_LOGGER, log_library, http, MHD_OPTION_LISTEN_SOCKET,
        fd, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_URI_LOG_CALLBACK,
        on_target, http, MHD_OPTION_NOTIFY_CONNECTION, on_connection, listener,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)LIMIT_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)INACTIVITY_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_CONNECTION_MEMORY_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
    return listener->daemon != NULL;
}

static void read_test_hooks(struct http_core *core)
{
#ifdef CAPDO_TEST_HOOKS
    core->guard_off = getenv("CAPDO_TEST_GUARD_OFF") != NULL;
    core->sweeper.disabled = getenv("CAPDO_TEST_SWEEPER_OFF") != NULL;
#else
    (void)core;
#endif
}

/* Hashing has threads of its own: it must hold up neither reads nor writes, and more than these at
 * once would want more memory than a small machine has. */
static struct lanes *start_hashes(const struct lanes_settings *lanes)
{
    struct lanes_settings hashes = *lanes;

    hashes.workers = LIMIT_PASSWORD_HASHES;
    hashes.queue_length = LIMIT_PASSWORD_QUEUE_LENGTH;
    hashes.queue_age_ms = LIMIT_PASSWORD_QUEUE_AGE_MS;
    return lanes_start(&hashes);
}

/* All that runs before the first connection. NULL or what failed. */
static const char *start_parts(struct http *http, const int fds[static LISTENER_COUNT])
{
    struct http_core *core = &http->core;
    const struct http_settings *settings = &core->settings;
    const struct route_table tables[] = {settings->routes, operate_routes()};
    const char *wrong = NULL;

    core->router = router_make(tables, COUNT_OF(tables), &wrong);
    if (core->router == NULL) {
        return wrong;
    }
    if (!core_set_names(core, http->port)) {
        return "the public origin or the list of hosts cannot be used";
    }
    core->metrics = metrics_make(core->router);
    core->site = site_load(settings->site_directory);
    sweeper_init(&core->sweeper, settings->clock, tick, http);
    read_test_hooks(core);
    const struct lanes_settings lanes = {
        .workers = settings->workers,
        .queue_length = LIMIT_QUEUE_LENGTH,
        .queue_age_ms = LIMIT_QUEUE_AGE_MS,
        .db = settings->work_db,
        .clock = settings->clock,
        .hold = hold,
        .run = run_job,
        .give_up = give_up,
        .release = release,
    };
    int threads = 0;
    for (int which = 0; which < LISTENER_COUNT; which++) {
        threads += fds[which] >= 0 ? threads_of(settings, which) : 0;
    }
    core->quick = quick_open(&settings->quick_db, threads);
    core->lanes = lanes_start(&lanes);
    core->hashes = start_hashes(&lanes);
    if (core->lanes == NULL || core->hashes == NULL ||
        !health_start(&core->health, &settings->work_db) || !sweeper_start(&core->sweeper)) {
        return "no thread can be had";
    }
    for (int which = 0; which < LISTENER_COUNT; which++) {
        if (fds[which] >= 0 && !daemon_start(http, which, fds[which])) {
            return "the http library does not start";
        }
    }
    return NULL;
}

static void close_sockets(const int fds[static LISTENER_COUNT])
{
    for (int which = 0; which < LISTENER_COUNT; which++) {
        if (fds[which] >= 0) {
            (void)close(fds[which]);
        }
    }
}

/* Those that were not handed over. */
static bool open_sockets(const struct http_settings *settings, int fds[static LISTENER_COUNT],
                         char *ret_error, size_t error_bytes)
{
    bool ok =
        fds[LISTENER_OPEN] >= 0 || listen_open(settings->listen_address, settings->listen_port,
                                               &fds[LISTENER_OPEN], ret_error, error_bytes);

    if (ok && settings->proxy_socket != NULL) {
        fds[LISTENER_PROXY] = settings->proxy_fd;
        ok = fds[LISTENER_PROXY] >= 0 ||
             listen_open_unix(settings->proxy_socket, &fds[LISTENER_PROXY], ret_error, error_bytes);
    }
    if (!ok) {
        close_sockets(fds);
        return false;
    }
    for (int which = 0; which < LISTENER_COUNT; which++) {
        /* One that was handed over may block; two event threads would then wait for one client. */
        if (fds[which] >= 0) {
            (void)fcntl(fds[which], F_SETFL, fcntl(fds[which], F_GETFL) | O_NONBLOCK);
        }
    }
    return true;
}

bool http_start(const struct http_settings *settings, struct http **ret_http, char *ret_error,
                size_t error_bytes)
{
    int fds[LISTENER_COUNT] = {settings->inherited_fd, -1};

    if (!open_sockets(settings, fds, ret_error, error_bytes)) {
        return false;
    }

    struct http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        abort();
    }
    http->core.settings = *settings;
    arena_init(&http->core.names, 0);
    if (http->core.settings.event_threads < 1) {
        http->core.settings.event_threads = 1;
    }
    http->port = listen_port(fds[LISTENER_OPEN]);
    const char *wrong = start_parts(http, fds);
    if (wrong != NULL) {
        (void)snprintf(ret_error, error_bytes, "The server cannot start: %s.", wrong);
        close_sockets(fds);
        http_done(http);
        return false;
    }
    http->running = true;
    *ret_http = http;
    return true;
}

int http_port(const struct http *http)
{
    return http->port;
}

void http_stop(struct http *http)
{
    struct http_core *core = &http->core;

    if (!http->running) {
        return;
    }
    http->running = false;

    int fds[LISTENER_COUNT] = {-1, -1};
    for (int which = 0; which < LISTENER_COUNT; which++) {
        const struct listener *listener = &http->listeners[which];
        bool inherited = which == LISTENER_PROXY ? core->settings.proxy_fd >= 0
                                                 : core->settings.inherited_fd >= 0;
        /* New clients are refused from here on; with an inherited socket they wait for who inherits
         * it next. It is closed last: the event threads may still be taking it out of their sets. */
        if (listener->daemon != NULL) {
            fds[which] = MHD_quiesce_daemon(listener->daemon);
        }
        if (fds[which] != MHD_INVALID_SOCKET && !inherited) {
            (void)shutdown(fds[which], SHUT_RD);
        }
    }
    atomic_store(&core->stopping, true);
    lanes_stop(core->lanes);
    lanes_stop(core->hashes);
    sweeper_close_idle(&core->sweeper);

    int64_t until = clock_monotonic_ms(core->settings.clock) + LIMIT_STOP_MS;
    while (sweeper_count(&core->sweeper) > 0 && clock_monotonic_ms(core->settings.clock) < until) {
        (void)poll(NULL, 0, STOP_POLL_MS);
    }
    /* No connection is suspended any more: the library would abort otherwise. */
    sweeper_stop(&core->sweeper);
    for (int which = 0; which < LISTENER_COUNT; which++) {
        if (http->listeners[which].daemon != NULL) {
            MHD_stop_daemon(http->listeners[which].daemon);
            http->listeners[which].daemon = NULL;
        }
    }
    close_sockets(fds);
}

void http_done(struct http *http)
{
    if (http == NULL) {
        return;
    }

    struct http_core *core = &http->core;
    http_stop(http);
    struct lanes *const sets[] = {core->lanes, core->hashes};
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        if (sets[i] != NULL) {
            sweeper_stop(&core->sweeper);
            lanes_stop(sets[i]);
            lanes_free(sets[i]);
        }
    }
    if (core->health.running) {
        health_stop(&core->health);
    }
    if (core->metrics != NULL) {
        sweeper_done(&core->sweeper);
    }
    quick_close(core->quick);
    site_free(core->site);
    metrics_free(core->metrics);
    router_free(core->router);
    arena_done(&core->names);
    free(http);
}

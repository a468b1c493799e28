#include "app.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#if CAPDO_HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "api/memory.h"
#include "api/security_sink.h"
#include "api/service.h"
#include "base/hasher.h"
#include "base/limits.h"
#include "base/uuid.h"
#include "db/api_token.h"
#include "db/factor.h"
#include "db/migrate.h"
#include "db/session.h"
#include "db/throttle.h"
#include "db/watch.h"
#include "http/http.h"
#include "identity/fetch.h"
#include "identity/provider.h"
#include "load.h"
#include "sign_on.h"

enum {
    KEEP_INTERVAL_S = 20,
    SESSIONS_PER_ROUND = 4096,
    ALLOWED_HOSTS_MAX = 16,
    EXIT_STARTUP = 2,
};

struct app {
    const struct config *config;
    struct log log;
    struct arena arena; /* life of the process */
    struct service service;
    struct route routes[ROUTES_MAX];
    const char *allowed_hosts[ALLOWED_HOSTS_MAX + 1];
    struct http *http;
    struct watch *watch;
    pthread_t keeper;
    bool keeper_started;
    pthread_mutex_t keeper_lock;
    pthread_cond_t keeper_wake;
    bool stopping; /* under keeper_lock */
};

static bool startup_fault(struct app *app, const char *what)
{
    LOG(&app->log, LOG_ERROR, "cannot start", LOG_TEXT_FIELD("reason", what));
    return false;
}

static void init_log(struct app *app)
{
    static const char *const LEVELS[] = {"debug", "info", "warning", "error"};
    const char *level = config_text(app->config, OPTION_LOG_LEVEL);

    app->log = (struct log){.clock = &app->service.clock, .level = LOG_INFO, .fd = STDERR_FILENO};
    app->log.format =
        strcmp(config_text(app->config, OPTION_LOG_FORMAT), "text") == 0 ? LOG_TEXT : LOG_JSON;
    for (int i = 0; i < (int)COUNT_OF(LEVELS); i++) {
        if (strcmp(LEVELS[i], level) == 0) {
            app->log.level = (enum log_level)i;
        }
    }
}

/* Passkeys belong to a name. Browsers take no address for one, so a server that is reached by an
 * address of its own machine calls itself localhost. */
static void name_site(struct app *app)
{
    struct service *service = &app->service;
    const char *origin = config_text(app->config, OPTION_PUBLIC_ORIGIN);
    const char *host = strstr(origin, "://");
    struct str name = str_of(host == NULL ? "" : host + 3);

    if (name.length > 0) {
        struct str rest = name;
        name = str_cut(&rest, ':');
    }
    if (name.length == 0 || str_is(name, "127.0.0.1") || str_starts_with(name, "[")) {
        const char *colon = host == NULL ? NULL : strrchr(host, ':');
        long port = colon != NULL && colon > host ? strtol(colon + 1, NULL, 10)
                                                  : config_number(app->config, OPTION_LISTEN_PORT);
        service->rp_id = "localhost";
        service->origin = arena_printf(&app->arena, "http://localhost:%ld", port);
        return;
    }
    service->rp_id = arena_str(&app->arena, name).at;
    service->origin = origin;
}

static bool init_service(struct app *app)
{
    char error[LOAD_ERROR_BYTES];
    char id[UUID_TEXT_BYTES];
    struct service *service = &app->service;

    service->log = &app->log;
    service->version = CAPDO_VERSION;
    service->memory = memory_new();
    service->secure = strncmp(config_text(app->config, OPTION_PUBLIC_ORIGIN), "https://", 8) == 0;
    service->sign_on_label = config_text(app->config, OPTION_OIDC_LABEL);
    if (!sign_on_configure(app->config, &app->arena, &service->clock, &app->log, &service->provider,
                           error, sizeof(error))) {
        return startup_fault(app, error);
    }
    name_site(app);
    if (!load_secret_keys(app->config, service, error)) {
        return startup_fault(app, error);
    }
    uuid_new(&service->clock, id);
    (void)snprintf(service->instance, sizeof(service->instance), "%.8s", id + 28);
    if (!load_service_data(app->config, &app->arena, service, error)) {
        return startup_fault(app, error);
    }
    return true;
}

static void on_change(void *context, const char *what)
{
    struct app *app = context;

    if (strcmp(what, "access") == 0) {
        memory_access_changed(&app->service);
    }
    memory_data_changed(&app->service);
}

static void on_listening(void *context, bool listening)
{
    struct app *app = context;

    memory_listening(&app->service, listening);
    LOG(&app->log, listening ? LOG_INFO : LOG_WARNING, "change notifications",
        LOG_TEXT_FIELD("state", listening ? "listening" : "lost"));
}

static struct db_settings database(struct app *app, enum db_purpose purpose)
{
    return (struct db_settings){
        .url = config_text(app->config,
                           purpose == DB_OWNER ? OPTION_OWNER_DATABASE_URL : OPTION_DATABASE_URL),
        .purpose = purpose,
        .clock = &app->service.clock,
        .log = &app->log,
    };
}

static void keep_round(struct app *app, struct db *db, unsigned char *tokens)
{
    struct arena arena;
    int count = memory_sessions_used(&app->service, tokens, SESSIONS_PER_ROUND);

    arena_init(&arena, 0);
    const char *keys = memory_tokens_used(&app->service, &arena);
    struct db_request nobody = {.arena = &arena};
    enum fault fault = db_tx_begin(db, &nobody);
    if (fault == FAULT_NONE && count > 0) {
        fault = session_seen(db, &arena, tokens, count);
    }
    if (fault == FAULT_NONE && keys != NULL) {
        fault = api_token_used(db, keys);
    }
    if (fault == FAULT_NONE) {
        fault = session_forget_old(db);
    }
    if (fault == FAULT_NONE) {
        fault = challenge_forget_old(db);
    }
    if (fault == FAULT_NONE) {
        fault = throttle_forget(db);
    }
    if (fault == FAULT_NONE) {
        (void)!db_tx_commit(db, &fault);
    } else {
        db_tx_rollback(db);
    }
    if (fault != FAULT_NONE && fault != FAULT_OUTCOME_UNKNOWN) {
        LOG(&app->log, LOG_WARNING, "housekeeping failed",
            LOG_TEXT_FIELD("error", db_last_error(db)));
    }
    arena_done(&arena);
}

/* Keeps used sessions alive, notes which tokens were used, and throws away what has expired. */
static void *keeper_main(void *context)
{
    struct app *app = context;
    struct db_settings settings = database(app, DB_WORK);
    struct db *db = db_open(&settings);
    unsigned char *tokens = malloc((size_t)SESSIONS_PER_ROUND * 32);

    if (tokens == NULL) {
        abort();
    }
    (void)pthread_mutex_lock(&app->keeper_lock);
    while (!app->stopping) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += KEEP_INTERVAL_S;
        if (pthread_cond_timedwait(&app->keeper_wake, &app->keeper_lock, &until) == ETIMEDOUT) {
            (void)pthread_mutex_unlock(&app->keeper_lock);
            keep_round(app, db, tokens);
            (void)pthread_mutex_lock(&app->keeper_lock);
        }
    }
    (void)pthread_mutex_unlock(&app->keeper_lock);
    free(tokens);
    db_close(db);
    return NULL;
}

/* The database must be there and at the version this program is written for. */
static bool check_database(struct app *app)
{
    struct db_settings settings = database(app, DB_WORK);
    char reason[600];
    int version = 0;

    settings.purpose = DB_OWNER; /* no prepared statements yet: they need the schema */
    struct db *db = db_open(&settings);
    enum fault fault = db_is_up(db) ? migrate_version(db, &version) : FAULT_DATABASE_DOWN;
    if (fault != FAULT_NONE) {
        (void)snprintf(reason, sizeof(reason), "database: %s", db_last_error(db));
    } else {
        (void)snprintf(reason, sizeof(reason),
                       "the database is at version %d, this program needs %d: run capdo migrate",
                       version, MIGRATE_VERSION);
    }
    db_close(db);
    return fault == FAULT_NONE && version == MIGRATE_VERSION ? true : startup_fault(app, reason);
}

static void read_allowed_hosts(struct app *app)
{
    struct str rest = str_of(config_text(app->config, OPTION_ALLOWED_HOSTS));
    int count = 0;

    while (rest.at != NULL && rest.length > 0 && count < ALLOWED_HOSTS_MAX) {
        struct str host = str_cut(&rest, ',');
        while (host.length > 0 && host.at[0] == ' ') {
            host.at++;
            host.length--;
        }
        if (host.length > 0) {
            app->allowed_hosts[count++] = arena_str(&app->arena, host).at;
        }
    }
}

/* Of the sockets that the service manager handed over: the proxy's, known by its path, and the
 * other. -1: none. */
static void inherited_sockets(const char *proxy_socket, int *ret_open, int *ret_proxy)
{
    *ret_open = -1;
    *ret_proxy = -1;
#if CAPDO_HAVE_SYSTEMD
    int count = sd_listen_fds(1);
    for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + count; fd++) {
        bool proxy =
            proxy_socket[0] != '\0' && sd_is_socket_unix(fd, SOCK_STREAM, 1, proxy_socket, 0) > 0;
        *(proxy ? ret_proxy : ret_open) = fd;
    }
#else
    (void)proxy_socket;
#endif
}

static bool start_security_sink(struct app *app)
{
    char error[LOAD_ERROR_BYTES];
    const struct security_sink_settings settings = {
        .db = database(app, DB_WORK),
        .clock = &app->service.clock,
        .log = &app->log,
        .file = config_text(app->config, OPTION_SECURITY_LOG_FILE),
    };

    app->service.security = security_sink_start(&settings, error, sizeof(error));
    return app->service.security != NULL ? true : startup_fault(app, error);
}

static bool start_hasher(struct app *app)
{
    const struct hasher_settings settings = {.threads = LIMIT_PASSWORD_HASHES,
                                             .patience_ms = LIMIT_PASSWORD_PATIENCE_MS};

    app->service.hasher = hasher_start(&settings);
    return app->service.hasher != NULL ? true
                                       : startup_fault(app, "no threads for password hashes");
}

static bool start_http(struct app *app)
{
    char error[LOAD_ERROR_BYTES];
    const char *origin = config_text(app->config, OPTION_PUBLIC_ORIGIN);
    const char *proxy = config_text(app->config, OPTION_PROXY_SOCKET);
    int open_fd = -1;
    int proxy_fd = -1;
    size_t count = api_routes(app->routes, ROUTES_MAX);
    struct route_table table = {app->routes, count};

    if (count > ROUTES_MAX || routes_check(table) != NULL) {
        return startup_fault(app, count > ROUTES_MAX ? "too many routes" : routes_check(table));
    }
    read_allowed_hosts(app);
    inherited_sockets(proxy, &open_fd, &proxy_fd);

    struct http_settings settings = {
        .listen_address = config_text(app->config, OPTION_LISTEN_ADDRESS),
        .listen_port = (int)config_number(app->config, OPTION_LISTEN_PORT),
        .inherited_fd = open_fd,
        .proxy_socket = proxy[0] == '\0' ? NULL : proxy,
        .proxy_fd = proxy_fd,
        .event_threads = (int)config_number(app->config, OPTION_EVENT_THREADS),
        .workers = (int)config_number(app->config, OPTION_WORKERS),
        .public_origin = origin[0] == '\0' ? NULL : origin,
        .allowed_hosts = app->allowed_hosts,
        .site_directory = config_text(app->config, OPTION_SITE_DIRECTORY),
        .routes = table,
        .service = &app->service,
        .clock = &app->service.clock,
        .log = &app->log,
        .quick_db = database(app, DB_QUICK),
        .work_db = database(app, DB_WORK),
    };
    if (!http_start(&settings, &app->http, error, sizeof(error))) {
        return startup_fault(app, error);
    }
    return true;
}

static bool start(struct app *app)
{
    if (!init_service(app) || !check_database(app)) {
        return false;
    }

    struct watch_settings watch = {
        .url = config_text(app->config, OPTION_DATABASE_URL),
        .log = &app->log,
        .context = app,
        .on_change = on_change,
        .on_listening = on_listening,
    };
    app->watch = watch_start(&watch);
    if (app->watch == NULL) {
        return startup_fault(app, "no thread for change notifications");
    }
    app->keeper_started = pthread_create(&app->keeper, NULL, keeper_main, app) == 0;
    return start_security_sink(app) && start_hasher(app) && start_http(app);
}

static void stop(struct app *app)
{
    http_done(app->http);
    hasher_stop(app->service.hasher);
    security_sink_stop(app->service.security);
    watch_stop(app->watch);
    if (app->keeper_started) {
        (void)pthread_mutex_lock(&app->keeper_lock);
        app->stopping = true;
        (void)pthread_cond_signal(&app->keeper_wake);
        (void)pthread_mutex_unlock(&app->keeper_lock);
        (void)pthread_join(app->keeper, NULL);
    }
    provider_free(app->service.provider);
    fetch_end();
    memory_free(app->service.memory);
    arena_done(&app->arena);
}

int app_serve(const struct config *config)
{
    struct app *app = calloc(1, sizeof(*app));
    sigset_t signals;
    int got = 0;

    if (app == NULL) {
        return EXIT_FAILURE;
    }
    /* Blocked before any thread starts, so that only sigwait below sees them. */
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    app->config = config;
    app->service.clock = clock_system();
    arena_init(&app->arena, 0);
    (void)pthread_mutex_init(&app->keeper_lock, NULL);
    (void)pthread_cond_init(&app->keeper_wake, NULL);
    init_log(app);

    bool started = start(app);
    if (started) {
        LOG(&app->log, LOG_INFO, "serving", LOG_TEXT_FIELD("version", CAPDO_VERSION),
            LOG_NUMBER("port", http_port(app->http)));
        do {
            (void)sigwait(&signals, &got);
            if (got == SIGHUP) {
                security_sink_reopen(app->service.security);
            }
        } while (got == SIGHUP);
        log_plain(&app->log, LOG_INFO, "stopping");
    }
    stop(app);
    if (started) {
        log_plain(&app->log, LOG_INFO, "stopped");
    }
    free(app);
    return started ? EXIT_SUCCESS : EXIT_STARTUP;
}

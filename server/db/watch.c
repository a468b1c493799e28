#include "db/watch.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { RETRY_MS = 1000, ALIVE_MS = 10000 };

struct watch {
    struct watch_settings settings;
    pthread_t thread;
    int stop_fd; /* readable: stop */
};

/* Waits for the descriptor (-1: only for time); false when asked to stop. */
static bool wait_for(const struct watch *watch, int fd, int timeout_ms, bool *ret_readable)
{
    struct pollfd wait[2] = {{.fd = watch->stop_fd, .events = POLLIN},
                             {.fd = fd, .events = POLLIN}};
    int ready = poll(wait, fd < 0 ? 1 : 2, timeout_ms);

    *ret_readable = ready > 0 && fd >= 0 && wait[1].revents != 0;
    return !(ready > 0 && wait[0].revents != 0) && !(ready < 0 && errno != EINTR);
}

static bool run_sql(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static void deliver(const struct watch *watch, PGconn *pg)
{
    PGnotify *notify = NULL;

    while ((notify = PQnotifies(pg)) != NULL) {
        watch->settings.on_change(watch->settings.context, notify->extra);
        PQfreemem(notify);
    }
}

/* Until the connection is lost (true) or the watch is stopped (false). */
static bool listen_on(const struct watch *watch, PGconn *pg)
{
    bool readable = false;

    while (wait_for(watch, PQsocket(pg), ALIVE_MS, &readable)) {
        if (readable ? PQconsumeInput(pg) != 1 : !run_sql(pg, "SELECT 1")) {
            return true;
        }
        deliver(watch, pg);
        if (PQstatus(pg) != CONNECTION_OK) {
            return true;
        }
    }
    return false;
}

static void *watch_main(void *context)
{
    struct watch *watch = context;
    const char *const keywords[] = {"dbname", "application_name", "connect_timeout", NULL};
    const char *const values[] = {watch->settings.url, "capdo watch", "2", NULL};
    bool again = true;

    while (again) {
        bool readable = false;
        PGconn *pg = PQconnectdbParams(keywords, values, 1);
        if (PQstatus(pg) == CONNECTION_OK && run_sql(pg, "LISTEN capdo")) {
            watch->settings.on_listening(watch->settings.context, true);
            again = listen_on(watch, pg);
            watch->settings.on_listening(watch->settings.context, false);
        }
        PQfinish(pg);
        again = again && wait_for(watch, -1, RETRY_MS, &readable);
    }
    return NULL;
}

struct watch *watch_start(const struct watch_settings *settings)
{
    struct watch *watch = calloc(1, sizeof(*watch));

    if (watch == NULL) {
        abort();
    }
    watch->settings = *settings;
    watch->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (watch->stop_fd < 0 || pthread_create(&watch->thread, NULL, watch_main, watch) != 0) {
        if (watch->stop_fd >= 0) {
            (void)close(watch->stop_fd);
        }
        free(watch);
        return NULL;
    }
    return watch;
}

void watch_stop(struct watch *watch)
{
    uint64_t one = 1;

    if (watch == NULL) {
        return;
    }
    ssize_t written = write(watch->stop_fd, &one, sizeof(one));
    (void)written;
    (void)pthread_join(watch->thread, NULL);
    (void)close(watch->stop_fd);
    free(watch);
}

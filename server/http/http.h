/* The HTTP side of the server: everything between the socket and api/dispatch.h. Start it, ask for
 * its port, stop it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "api/route.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/connection.h"

struct http;

/* Everything pointed to is borrowed and must live until http_done. */
struct http_settings {
    const char *listen_address; /* numeric, IPv4 or IPv6 */
    int listen_port;            /* 0: the system chooses one */
    int inherited_fd; /* a listening socket from the service manager, or -1; becomes ours */
    /* Path of the Unix socket that is a reverse proxy's alone, or NULL: what comes over it tells the
     * client's address and scheme (X-Forwarded-For, -Proto), over any other socket nobody does. */
    const char *proxy_socket;
    int proxy_fd;              /* that socket, from the service manager, or -1 */
    int event_threads;         /* at least 1; each has a connection of the quick lane */
    int workers;               /* at least 2; each has a connection of the work lane */
    const char *public_origin; /* "https://register.example.vn"; NULL: plain HTTP on loopback */
    /* Further names the server answers to, "name" or "name:port", NULL-terminated; may be NULL.
     * The public origin's and loopback names with our port are always known. */
    const char *const *allowed_hosts;
    const char *site_directory; /* of the built site; NULL or not there: a page that says so */
    struct route_table routes;
    struct service *service;
    const struct clock_source *clock;
    const struct log *log;
    struct db_settings quick_db; /* DB_QUICK */
    struct db_settings work_db;  /* DB_WORK; also used by the health check */
};

/* False with a sentence in ret_error (English, for the operator) when the address is taken or
 * wrong, a table does not fit, or threads are lacking. */
bool http_start(const struct http_settings *settings, struct http **ret_http, char *ret_error,
                size_t error_bytes) MUST_USE;
/* Port listened on; 0 for a Unix socket. */
int http_port(const struct http *http);
/* In order: stop accepting; refuse new work; let the workers finish; wait until clients have their
 * answers, LIMIT_STOP_MS at most; end the event threads. */
void http_stop(struct http *http);
/* Stops if still running, frees everything. NULL is fine. */
void http_done(struct http *http);

#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool fail(int fd, const char *address, int port, char *ret_error, size_t error_bytes)
{
    char words[128];
    int number = errno;
    const char *text = strerror_r(number, words, sizeof words);

    if (fd >= 0) {
        (void)close(fd);
    }
    if (number == EADDRINUSE) {
        (void)snprintf(ret_error, error_bytes,
                       "Port %d on %s is already in use by another program.", port, address);
    } else {
        (void)snprintf(ret_error, error_bytes, "Cannot listen on %s port %d: %s.", address, port,
                       text);
    }
    return false;
}

bool listen_open(const char *address, int port, int *ret_fd, char *ret_error, size_t error_bytes)
{
    const struct addrinfo hints = {
        .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
        .ai_socktype = SOCK_STREAM,
    };
    struct addrinfo *found = NULL;
    char service[12];
    int on = 1;

    (void)snprintf(service, sizeof service, "%d", port);
    if (port < 0 || port > 65535 || getaddrinfo(address, service, &hints, &found) != 0) {
        (void)snprintf(ret_error, error_bytes,
                       "`%s` port %d is not an address to listen on (a numeric one is needed).",
                       address, port);
        return false;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
              bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0;
    if (!ok) {
        ok = fail(fd, address, port, ret_error, error_bytes);
    } else {
        *ret_fd = fd;
    }
    freeaddrinfo(found);
    return ok;
}

bool listen_open_unix(const char *path, int *ret_fd, char *ret_error, size_t error_bytes)
{
    union {
        struct sockaddr any;
        struct sockaddr_un un;
    } name = {.un = {.sun_family = AF_UNIX}};
    size_t length = strlen(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (length >= sizeof name.un.sun_path || fd < 0) {
        (void)snprintf(ret_error, error_bytes, "The path of the proxy's socket is too long: %s.",
                       path);
        if (fd >= 0) {
            (void)close(fd);
        }
        return false;
    }
    (void)memcpy(name.un.sun_path, path, length + 1);
    bool lives = connect(fd, &name.any, sizeof name.un) == 0 || errno == EAGAIN;
    if (!lives && errno == ECONNREFUSED) {
        (void)unlink(path);
    }
    /* Made under a narrow mask: nobody can connect before the mode is set. */
    mode_t mask = umask(0117);
    bool ok = !lives && bind(fd, &name.any, sizeof name.un) == 0 && listen(fd, SOMAXCONN) == 0;
    int number = errno;
    (void)umask(mask);
    if (!ok) {
        char words[128];
        (void)snprintf(ret_error, error_bytes, "Cannot listen on %s: %s.", path,
                       lives ? "another program listens there"
                             : strerror_r(number, words, sizeof words));
        (void)close(fd);
        return false;
    }
    *ret_fd = fd;
    return true;
}

int listen_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_storage space;
    } name = {0};
    socklen_t length = sizeof name;

    if (getsockname(fd, &name.any, &length) != 0) {
        return 0;
    }
    if (name.any.sa_family == AF_INET) {
        return ntohs(name.v4.sin_port);
    }
    return name.any.sa_family == AF_INET6 ? ntohs(name.v6.sin6_port) : 0;
}

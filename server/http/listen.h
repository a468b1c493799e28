/* Makes the socket we listen on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"

/* address: numeric IPv4 or IPv6. False with a sentence for the operator in ret_error. */
bool listen_open(const char *address, int port, int *ret_fd, char *ret_error, size_t error_bytes)
    MUST_USE;
/* A Unix socket at this path, which its group may use. One that nobody listens on any more is
 * replaced, a living one is not. */
bool listen_open_unix(const char *path, int *ret_fd, char *ret_error, size_t error_bytes) MUST_USE;
/* Port of a listening socket; 0 when it is not an internet one. */
int listen_port(int fd);

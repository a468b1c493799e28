/* Where a connection comes from. */
#pragma once

#include <sys/socket.h>

#include "base/limits.h"

/* Numeric address without its port; "" for NULL or a Unix socket. IPv4 over a socket for both is
 * IPv4. */
void peer_address(const struct sockaddr *peer, char ret_text[static LIMIT_ADDRESS_BYTES]);

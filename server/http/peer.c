#include "http/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

void peer_address(const struct sockaddr *peer, char ret_text[static LIMIT_ADDRESS_BYTES])
{
    const void *address = NULL;

    ret_text[0] = '\0';
    if (peer == NULL) {
        return;
    }
    int family = peer->sa_family;
    if (family == AF_INET) {
        address = &((const struct sockaddr_in *)(const void *)peer)->sin_addr;
    } else if (family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr;
        bool mapped = IN6_IS_ADDR_V4MAPPED(v6);
        address = mapped ? (const void *)&v6->s6_addr[12] : (const void *)v6;
        family = mapped ? AF_INET : AF_INET6;
    }
    if (address != NULL && inet_ntop(family, address, ret_text, LIMIT_ADDRESS_BYTES) == NULL) {
        ret_text[0] = '\0';
    }
}

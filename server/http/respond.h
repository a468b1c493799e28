/* The answer as data: status, headers, bytes. Built from an exchange, sent by daemon.c. */
#pragma once

#include "http/exchange.h"

enum { RESPONSE_HEADERS_MAX = 24 };

struct response_header {
    const char *name;
    const char *value; /* in the exchange's arena, the site or constant */
};

struct response {
    int status;
    struct response_header headers[RESPONSE_HEADERS_MAX];
    int header_count;
    struct str borrowed; /* body, lives as long as the process or the exchange */
    struct buffer owned; /* or body, given to the receiver of the response */
};

/* Sets exchange->status and sent_bytes. The exchange's reply body moves into ret_response. */
void respond_build(struct exchange *exchange, struct response *ret_response);

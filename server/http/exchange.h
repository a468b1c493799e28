/* One request and its answer, from the end of the headers to the log line; knows nothing of the
 * library underneath. A connection has one exchange, used for its requests in turn. It belongs to
 * one thread at a time: the event thread, or the worker it was handed to. */
#pragma once

#include "api/call.h"
#include "api/reply.h"
#include "http/core.h"

enum exchange_state {
    EXCHANGE_EMPTY,     /* between requests */
    EXCHANGE_BEGUN,     /* the request line is known */
    EXCHANGE_RECEIVING, /* the headers passed or were refused; the body is read or thrown away */
    EXCHANGE_QUEUED,    /* with a lane */
    EXCHANGE_READY,     /* the answer may be built */
    EXCHANGE_SENT,
};

struct exchange {
    struct call call; /* first; exchange_of_call */
    struct reply reply;
    enum fault fault;
    struct http_core *core;
    struct sweep_entry *sweep;
    struct arena arena;
    enum exchange_state state;
    struct lane_job job;

    struct str target;        /* copied */
    uintptr_t target_address; /* where it stood; only for comparing */
    enum method method;
    bool is_head;
    bool close;         /* after the answer */
    const char *reason; /* of the guard; "" */
    unsigned allow;     /* methods for 405 */
    size_t route_index; /* for metrics */
    bool is_site;
    struct site_answer site;

    struct buffer body;
    size_t body_bytes_max;
    size_t discarded_bytes;
    bool expects_continue;

    bool by_proxy;                     /* the connection came over the proxy's own socket */
    char address[LIMIT_ADDRESS_BYTES]; /* of the client, numeric; "" when not known (Unix socket) */
    char request_id[LIMIT_REQUEST_ID_BYTES + 1];
    int64_t begun_us; /* monotonic enough: wall time of the clock */
    int64_t ready_us;
    int status;          /* as sent */
    uint64_t sent_bytes; /* of the body */
};

void exchange_init(struct exchange *exchange, struct http_core *core, struct sweep_entry *sweep);
void exchange_done(struct exchange *exchange);

/* The request line has come: forgets the request before. */
void exchange_begin(struct exchange *exchange, const char *target, size_t target_length);

enum exchange_next {
    EXCHANGE_READ_ON,    /* take the body, then exchange_complete */
    EXCHANGE_ANSWER_NOW, /* refuse before the body; the connection is closed */
};
/* Guard, route, precheck. The headers must live until the answer is sent. */
enum exchange_next exchange_open(struct exchange *exchange, const struct guard_request *request);
/* A piece of the body. False: drop the connection. */
bool exchange_receive(struct exchange *exchange, const void *bytes, size_t length) MUST_USE;

enum exchange_place {
    EXCHANGE_ANSWERED, /* build and send the answer */
    EXCHANGE_TO_LANE,  /* push exchange->job */
};
/* The request is complete: answers from memory or on the quick lane, or asks for a worker. */
enum exchange_place exchange_complete(struct exchange *exchange);
/* On a worker; db is its own. */
void exchange_run(struct exchange *exchange, struct db *db);
/* Ends it with a fault that is not a handler's. */
void exchange_refuse(struct exchange *exchange, enum fault fault);
/* The answer is out, or the client has gone: log line and metrics, memory is given back. */
void exchange_end(struct exchange *exchange);

struct exchange *exchange_of_call(struct call *call);
struct exchange *exchange_of_job(struct lane_job *job);

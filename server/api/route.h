/* A route is a row: method, path, permission, lane, limits and one function. Rows with a zero
 * permission or lane refuse to boot (routes_check), so nothing is public or misplaced by
 * forgetting. */
#pragma once

#include <stddef.h>

#include "api/call.h"
#include "api/reply.h"
#include "rules/permission.h"

enum method {
    METHOD_GET, /* HEAD is answered as GET without its body */
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_COUNT,
};

/* Where it runs; docs/architecture.md. */
enum lane {
    LANE_UNSET,
    LANE_MEMORY, /* event thread, no SQL */
    LANE_QUICK,  /* event thread, its own connection: one indexed, bounded, read-only statement */
    LANE_WORK,   /* a worker: writes, transactions */
    LANE_HEAVY,  /* a worker, never more than half of them: aggregates, exports */
    LANE_HASH,   /* LIMIT_PASSWORD_HASHES threads of its own, of low priority: Argon2id */
    LANE_COUNT,
};

enum route_flags {
    ROUTE_WRITES = 1,            /* runs in a read-write transaction that is committed */
    ROUTE_NEEDS_IF_MATCH = 2,    /* 428 without it */
    ROUTE_NEEDS_IDEMPOTENCY = 4, /* 428 without it; the stored answer is replayed */
    ROUTE_NO_TRANSACTION = 8,    /* the handler opens its own (sign-in) */
    ROUTE_NEEDS_STEP_UP = 16,    /* a second factor younger than LIMIT_STEP_UP_S */
    ROUTE_TAKES_FORM = 256,      /* its body is a form, not JSON */
    ROUTE_FOREIGN_QUERY = 512,   /* others may add parameters that we do not know */
    ROUTE_TAKES_TABLE = 1024,    /* its body is CSV or a workbook, not JSON */
    ROUTE_ENDS_ACCESS = 32,      /* once committed, no remembered session or token is trusted */
};

typedef enum fault handler_fn(struct call *call, struct reply *reply);

struct route {
    enum method method;
    const char *path;         /* "/api/v1/systems/{id}" */
    const char *operation_id; /* as in schema/openapi.json */
    enum permission permission;
    enum lane lane;
    unsigned flags;
    size_t body_bytes_max;         /* 0: no body accepted */
    const char *const *parameters; /* allowed query names, NULL-terminated; NULL: none */
    handler_fn *handler;
    /* Tried first, on the event thread and without SQL; FAULT_NONE with reply->status == 0 and an
     * empty body means "not from memory": the lane takes over. */
    handler_fn *memory;
};

struct route_table {
    const struct route *rows;
    size_t count;
};

/* Copies every route of the API, joined from the resources' own tables, into ret_rows and returns
 * how many there are (more than rows_max: the rest was left out). */
enum { ROUTES_MAX = 160 };
size_t api_routes(struct route *ret_rows, size_t rows_max);
/* NULL when every row is complete and no two rows collide, else what is wrong. */
const char *routes_check(struct route_table table);

const char *method_name(enum method method);
const char *lane_name(enum lane lane);

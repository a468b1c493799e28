/* What a handler sees of a request, and nothing else: no connection, no JSON tree, no SQL result.
 * Everything pointed to lives in the request's arena or in the process. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/problems.h"
#include "base/str.h"

struct db;         /* db/connection.h */
struct actor;      /* db/session.h */
struct call_event; /* api/security_log.c */
struct route;      /* api/route.h */
struct service;    /* api/service.h */

enum { CALL_PATH_VALUES_MAX = 3 };

/* What the body is said to be; a route takes JSON, or tables. */
enum body_type { BODY_JSON, BODY_FORM, BODY_CSV, BODY_WORKBOOK };

struct call_parameter {
    struct str name; /* decoded */
    struct str value;
};

struct call {
    struct arena *arena;
    struct service *service;
    const struct route *route;
    struct db *db;             /* NULL on the memory lane */
    const struct actor *actor; /* set once the session is known, see call_actor */
    enum language language;    /* of titles and messages */

    struct str path_value[CALL_PATH_VALUES_MAX]; /* of the {placeholders}, decoded, in order */
    struct call_parameter query[LIMIT_QUERY_PARAMETERS];
    int query_count;
    struct str body; /* complete; at == NULL when there was none */
    enum body_type body_type;

    /* Header values; at == NULL when absent. */
    struct str accept;
    struct str if_match;
    struct str if_none_match;
    struct str idempotency_key;
    struct str session_token;  /* from the cookie */
    struct str sign_on_cookie; /* of a sign-in through the identity provider */
    struct str device_token;   /* of a browser that signed in before, from its own cookie */
    struct str user_agent;
    struct str authorization; /* never together with a session cookie */
    const char *address;      /* of the client, "" when unknown */
    bool secure; /* the public side is HTTPS: cookies get Secure and the __Host- prefix */

    const char *request_id;
    struct call_event *events; /* of the security log: in this call's transaction, newest first */
    bool refusal_logged;
    struct problems problems; /* what is wrong with the body; goes into errors[] of the reply */
};

/* Decides from the request line and the headers alone whether a request may go on. It stands in
 * front of a library that forgives more than is safe: whatever could be read in two ways by us and
 * by a proxy is refused (RFC 9110, RFC 9112 §6.3, CWE-444). Also holds the same-origin rule for
 * unsafe methods. Pure: no I/O, no allocation; everything returned points into the headers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/route.h"
#include "base/fault.h"
#include "base/str.h"

struct guard_header {
    struct str name; /* as sent */
    struct str value;
};

struct guard_policy {
    const char *const *hosts; /* "name" or "name:port", compared without regard to case */
    int host_count;
    const char *const *origins; /* "https://name" */
    int origin_count;
    const char *session_cookie; /* name of the cookie that carries the session */
    const char *sign_on_cookie; /* of the one that carries a sign-in through the provider */
    const char *device_cookie;  /* of the one by which a browser is known again */
    bool secure;                /* the public side is https: what a proxy says must be the same */
};

struct guard_request {
    struct str method;
    struct str version; /* "HTTP/1.1" */
    struct str target;
    bool target_cut;  /* a NUL byte hides the rest of the target */
    bool headers_cut; /* part of the header block was passed over */
    const struct guard_header *headers;
    int header_count; /* may exceed LIMIT_HEADERS: then refused */
    bool by_proxy;    /* came over the socket that is the proxy's alone; nobody else is believed */
};

/* Names whose value the server acts upon. */
enum guard_name {
    GUARD_HOST,
    GUARD_CONTENT_LENGTH,
    GUARD_TRANSFER_ENCODING,
    GUARD_CONTENT_TYPE,
    GUARD_EXPECT,
    GUARD_COOKIE,
    GUARD_AUTHORIZATION,
    GUARD_ORIGIN,
    GUARD_SEC_FETCH_SITE,
    GUARD_IF_MATCH,
    GUARD_IF_NONE_MATCH,
    GUARD_IDEMPOTENCY_KEY,
    GUARD_REQUEST_ID,
    GUARD_ACCEPT,
    GUARD_ACCEPT_LANGUAGE,
    GUARD_ACCEPT_ENCODING,
    GUARD_USER_AGENT,
    GUARD_FORWARDED_FOR,
    GUARD_FORWARDED_PROTO,
    GUARD_NAME_COUNT,
};

/* What the guard has read on its way. Complete only when nothing was refused, but always safe to
 * read. */
struct guard_facts {
    struct str value[GUARD_NAME_COUNT]; /* at == NULL: absent; the first one if repeatable */
    enum method method;
    bool is_head;
    bool has_body;          /* a length above 0, or chunked */
    int64_t content_length; /* -1: not told */
    struct str session;     /* value of the session cookie, or at == NULL */
    struct str sign_on;     /* value of the sign-on cookie, or at == NULL */
    struct str client;      /* numeric address, as the proxy tells it; at == NULL: not told */
    enum body_type body_type;
    struct str device; /* of the device cookie, or at == NULL */
};

struct guard_verdict {
    enum fault fault;   /* FAULT_NONE: go on */
    bool close;         /* where the next request begins is not certain */
    const char *reason; /* constant, for log and metrics; "" when nothing is wrong */
};

struct guard_verdict guard_check(const struct guard_policy *policy,
                                 const struct guard_request *request,
                                 struct guard_facts *ret_facts);

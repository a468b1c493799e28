/* What a handler returns. Zero-initialised by the caller, then filled; text lives in the call's
 * arena, the body in a buffer that the sender takes over. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/fault.h"

enum reply_type {
    REPLY_JSON,
    REPLY_CSV,
    REPLY_TEXT, /* text/plain, /metrics */
};

struct reply {
    int status; /* 0: 200, or the fault's own */
    enum reply_type type;
    struct buffer body; /* may be empty (204, 304) */
    /* What is kept for a repetition of the request instead of the body, when that holds a secret
     * which is shown once; at == NULL: the body. */
    struct str kept_body;
    const char *etag;          /* with its quotes, or NULL */
    const char *location;      /* path of a created thing, or NULL */
    const char *link_next;     /* path and query of the next page, or NULL */
    const char *set_cookie;    /* whole value, or NULL */
    const char *clear_cookie;  /* a second one, or NULL */
    const char *redirect;      /* address or path the browser is sent to (302), or NULL */
    const char *device_cookie; /* a second one, or NULL */
    const char *cache_control; /* NULL: no-store */
    const char *missing_right; /* code of the permission a 403 lacked, or NULL */
    int retry_after_s;         /* 0: none */
    bool roll_back;            /* a trial: the answer is good, the transaction is undone */
    /* For problems: one sentence for this occurrence, both languages; and the present state of the
     * thing for 412, as JSON, or NULL. */
    const char *detail[LANGUAGE_COUNT];
    const char *current_json;
    /* Log only, never sent. */
    const char *private_detail;
    /* Server-Timing, microseconds; 0: not measured. */
    int64_t database_us;
};

/* The request target (RFC 9112 §3.2.1, origin form) taken apart: split at '/' first, decoded
 * second, so that an escaped slash stays data. Everything returned lives in the arena or in the
 * target. */
#pragma once

#include "api/call.h"
#include "base/arena.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/str.h"

enum { URI_SEGMENTS_MAX = 16 };

struct uri {
    struct str path;                      /* as sent, without the query */
    struct str segment[URI_SEGMENTS_MAX]; /* decoded; "/a/" has two, the last one empty */
    int segment_count;                    /* "/" has one, empty */
    struct call_parameter query[LIMIT_QUERY_PARAMETERS];
    int query_count;
};

/* BAD_REQUEST: does not start with '/', a broken escape, a NUL or control character, text that is
 * not UTF-8, a segment "." or "..", a '#'. NOT_FOUND: deeper than URI_SEGMENTS_MAX.
 * BAD_PARAMETER: more than LIMIT_QUERY_PARAMETERS, or a parameter without a name. */
enum fault uri_parse(struct arena *arena, struct str target, struct uri *ret_uri) MUST_USE;

#include "http/uri.h"

#include <string.h>
#include <unistr.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/* Controls are never part of a name; a query value may hold the white space of a typed text. */
static bool is_allowed(unsigned char c, bool query)
{
    if (query && (c == '\t' || c == '\n' || c == '\r')) {
        return true;
    }
    return c >= 0x20 && c != 0x7f;
}

static bool decode(struct arena *arena, struct str raw, bool query, struct str *ret_text)
{
    char *text = arena_alloc(arena, raw.length + 1);
    size_t length = 0;

    for (size_t i = 0; i < raw.length; i++) {
        char c = raw.at[i];
        if (c == '%') {
            bool complete = raw.length - i > 2;
            int high = complete ? hex_value(raw.at[i + 1]) : -1;
            int low = complete ? hex_value(raw.at[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            c = (char)(unsigned char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && query) {
            c = ' ';
        }
        if (!is_allowed((unsigned char)c, query)) {
            return false;
        }
        text[length++] = c;
    }
    if (u8_check((const uint8_t *)text, length) != NULL) {
        return false;
    }
    *ret_text = (struct str){text, length};
    return true;
}

static enum fault parse_path(struct arena *arena, struct uri *uri)
{
    struct str rest = {uri->path.at + 1, uri->path.length - 1};

    do {
        if (uri->segment_count == URI_SEGMENTS_MAX) {
            return FAULT_NOT_FOUND;
        }
        struct str *segment = &uri->segment[uri->segment_count];
        if (!decode(arena, str_cut(&rest, '/'), false, segment) || str_is(*segment, ".") ||
            str_is(*segment, "..")) {
            return FAULT_BAD_REQUEST;
        }
        uri->segment_count++;
    } while (rest.at != NULL);
    return FAULT_NONE;
}

static enum fault parse_query(struct arena *arena, struct str raw, struct uri *uri)
{
    while (raw.at != NULL) {
        struct str value = str_cut(&raw, '&');
        if (value.length == 0) {
            continue;
        }
        struct str name = str_cut(&value, '=');
        if (name.length == 0 || uri->query_count == LIMIT_QUERY_PARAMETERS) {
            return FAULT_BAD_PARAMETER;
        }
        struct call_parameter *parameter = &uri->query[uri->query_count];
        if (!decode(arena, name, true, &parameter->name) ||
            !decode(arena, value, true, &parameter->value)) {
            return FAULT_BAD_REQUEST;
        }
        uri->query_count++;
    }
    return FAULT_NONE;
}

enum fault uri_parse(struct arena *arena, struct str target, struct uri *ret_uri)
{
    if (target.length == 0 || target.at[0] != '/' ||
        memchr(target.at, '#', target.length) != NULL) {
        return FAULT_BAD_REQUEST;
    }

    struct uri uri; /* large: only what counts is set */
    struct str query = target;
    uri.segment_count = 0;
    uri.query_count = 0;
    uri.path = str_cut(&query, '?');

    enum fault fault = parse_path(arena, &uri);
    if (fault == FAULT_NONE) {
        fault = parse_query(arena, query, &uri);
    }
    if (fault == FAULT_NONE) {
        *ret_uri = uri;
    }
    return fault;
}

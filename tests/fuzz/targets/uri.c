/* Any bytes as a request target: what is accepted has a bounded shape, no NUL, no dot segment, is
 * UTF-8, and comes out the same when it is escaped whole and parsed again. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "base/buffer.h"
#include "http/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct str text)
{
    if (memchr(text.at, '\0', text.length) != NULL ||
        u8_check((const uint8_t *)text.at, text.length) != NULL) {
        abort();
    }
}

static void escape(struct buffer *out, struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        buffer_printf(out, "%%%02X", (unsigned)(unsigned char)text.at[i]);
    }
}

static void check_again(struct arena *arena, const struct uri *uri)
{
    struct buffer target = {0};
    struct uri again;

    for (int i = 0; i < uri->segment_count; i++) {
        buffer_char(&target, '/');
        escape(&target, uri->segment[i]);
    }
    for (int i = 0; i < uri->query_count; i++) {
        buffer_char(&target, i == 0 ? '?' : '&');
        escape(&target, uri->query[i].name);
        buffer_char(&target, '=');
        escape(&target, uri->query[i].value);
    }
    if (uri_parse(arena, (struct str){target.at, target.length}, &again) != FAULT_NONE ||
        again.segment_count != uri->segment_count || again.query_count != uri->query_count) {
        abort();
    }
    for (int i = 0; i < uri->segment_count; i++) {
        if (!str_equal(again.segment[i], uri->segment[i])) {
            abort();
        }
    }
    for (int i = 0; i < uri->query_count; i++) {
        if (!str_equal(again.query[i].name, uri->query[i].name) ||
            !str_equal(again.query[i].value, uri->query[i].value)) {
            abort();
        }
    }
    buffer_done(&target);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct uri uri;

    arena_init(&arena, 0);
    if (uri_parse(&arena, (struct str){(const char *)data, size}, &uri) == FAULT_NONE) {
        if (uri.segment_count < 1 || uri.segment_count > URI_SEGMENTS_MAX || uri.query_count < 0 ||
            uri.query_count > LIMIT_QUERY_PARAMETERS) {
            abort();
        }
        for (int i = 0; i < uri.segment_count; i++) {
            check_text(uri.segment[i]);
            if (str_is(uri.segment[i], ".") || str_is(uri.segment[i], "..")) {
                abort();
            }
        }
        for (int i = 0; i < uri.query_count; i++) {
            check_text(uri.query[i].name);
            check_text(uri.query[i].value);
        }
        check_again(&arena, &uri);
    }
    arena_done(&arena);
    return 0;
}

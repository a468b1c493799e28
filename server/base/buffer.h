/* A growing piece of bytes on the heap: replies, logs, COPY rows. Appending never fails for the
 * caller (a failing heap aborts). Always terminated, so .at is a C string. */
#pragma once

#include <stdint.h>

#include "base/macros.h"
#include "base/str.h"

struct buffer {
    char *at; /* owned */
    size_t length;
    size_t capacity;
};

void buffer_init(struct buffer *buffer, size_t capacity);
void buffer_done(struct buffer *buffer);
void buffer_clear(struct buffer *buffer);
/* Makes room for extra more bytes and returns where they go; follow with .length += n. */
char *buffer_reserve(struct buffer *buffer, size_t extra);
void buffer_bytes(struct buffer *buffer, const void *bytes, size_t length);
void buffer_str(struct buffer *buffer, struct str text);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char c);
/* In decimal. */
void buffer_int(struct buffer *buffer, int64_t number);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
/* Hands the bytes over to the caller, who frees them; the buffer is empty afterwards. */
char *buffer_steal(struct buffer *buffer, size_t *ret_length);

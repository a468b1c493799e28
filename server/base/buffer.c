#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_init(struct buffer *buffer, size_t capacity)
{
    *buffer = (struct buffer){0};
    (void)buffer_reserve(buffer, capacity);
}

void buffer_done(struct buffer *buffer)
{
    free(buffer->at);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    if (buffer->at != NULL) {
        buffer->at[0] = '\0';
    }
}

char *buffer_reserve(struct buffer *buffer, size_t extra)
{
    if (extra > SIZE_MAX / 4 - buffer->length) {
        abort();
    }

    size_t needed = buffer->length + extra + 1;
    if (needed > buffer->capacity) {
        size_t capacity = buffer->capacity * 2 > needed ? buffer->capacity * 2 : needed;
        char *grown = realloc(buffer->at, capacity);
        if (grown == NULL) {
            abort();
        }
        buffer->at = grown;
        buffer->capacity = capacity;
        buffer->at[buffer->length] = '\0';
    }
    return buffer->at + buffer->length;
}

void buffer_bytes(struct buffer *buffer, const void *bytes, size_t length)
{
    char *to = buffer_reserve(buffer, length);

    if (length > 0) {
        memcpy(to, bytes, length);
    }
    buffer->length += length;
    buffer->at[buffer->length] = '\0';
}

void buffer_str(struct buffer *buffer, struct str text)
{
    buffer_bytes(buffer, text.at, text.length);
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_bytes(buffer, text, strlen(text));
}

void buffer_char(struct buffer *buffer, char c)
{
    buffer_bytes(buffer, &c, 1);
}

void buffer_int(struct buffer *buffer, int64_t number)
{
    char digits[24];
    char *end = digits + sizeof(digits);
    char *at = end;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0) {
        *--at = '-';
    }
    buffer_bytes(buffer, at, (size_t)(end - at));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_list again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        abort();
    }

    char *to = buffer_reserve(buffer, (size_t)length);
    (void)vsnprintf(to, (size_t)length + 1, format, again);
    va_end(again);
    buffer->length += (size_t)length;
}

char *buffer_steal(struct buffer *buffer, size_t *ret_length)
{
    char *at = buffer_reserve(buffer, 0) - buffer->length;

    *ret_length = buffer->length;
    *buffer = (struct buffer){0};
    return at;
}

#include "json/writer.h"

#include <string.h>

struct json_writer json_writer(struct buffer *out)
{
    return (struct json_writer){.out = out};
}

static void before_value(struct json_writer *w)
{
    if (w->comma) {
        buffer_char(w->out, ',');
    }
    w->comma = true;
}

void json_object_begin(struct json_writer *w)
{
    before_value(w);
    buffer_char(w->out, '{');
    w->comma = false;
}

void json_object_end(struct json_writer *w)
{
    buffer_char(w->out, '}');
    w->comma = true;
}

void json_array_begin(struct json_writer *w)
{
    before_value(w);
    buffer_char(w->out, '[');
    w->comma = false;
}

void json_array_end(struct json_writer *w)
{
    buffer_char(w->out, ']');
    w->comma = true;
}

enum { WORD_BYTES = 8 };

/* How many bytes at the beginning need no escape; eight at a time, since nearly all text needs none. */
static size_t plain_length(const char *at, size_t length)
{
    const uint64_t ones = 0x0101010101010101ULL;
    size_t i = 0;

    for (; i + WORD_BYTES <= length; i += WORD_BYTES) {
        uint64_t word = 0;
        memcpy(&word, at + i, WORD_BYTES);
        uint64_t quote = word ^ (ones * '"');
        uint64_t backslash = word ^ (ones * '\\');
        /* The high bit of some byte: it is zero, zero, or below 0x20. */
        uint64_t found = ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) |
                         ((word - ones * 0x20) & ~word);
        if ((found & (ones * 0x80)) != 0) {
            break;
        }
    }
    while (i < length && (unsigned char)at[i] >= 0x20 && at[i] != '"' && at[i] != '\\') {
        i++;
    }
    return i;
}

static char *escape(char *to, unsigned char c)
{
    static const char HEX[] = "0123456789abcdef";

    *to++ = '\\';
    if (c == '"' || c == '\\') {
        *to++ = (char)c;
    } else if (c == '\n') {
        *to++ = 'n';
    } else {
        *to++ = 'u';
        *to++ = '0';
        *to++ = '0';
        *to++ = HEX[c >> 4];
        *to++ = HEX[c & 15U];
    }
    return to;
}

static void quoted(struct buffer *out, struct str text)
{
    /* Six bytes are the most one byte can become (\u00XX). */
    char *to = buffer_reserve(out, text.length * 6 + 2);
    char *start = to;
    size_t at = 0;

    *to++ = '"';
    while (at < text.length) {
        size_t plain = plain_length(text.at + at, text.length - at);
        memcpy(to, text.at + at, plain);
        to += plain;
        at += plain;
        if (at < text.length) {
            to = escape(to, (unsigned char)text.at[at]);
            at++;
        }
    }
    *to++ = '"';
    out->length += (size_t)(to - start);
    out->at[out->length] = '\0';
}

void json_name(struct json_writer *w, const char *name)
{
    before_value(w);
    quoted(w->out, str_of(name));
    buffer_char(w->out, ':');
    w->comma = false;
}

void json_str(struct json_writer *w, struct str text)
{
    before_value(w);
    quoted(w->out, text);
}

void json_text(struct json_writer *w, const char *text)
{
    if (text == NULL) {
        json_null(w);
    } else {
        json_str(w, str_of(text));
    }
}

void json_int(struct json_writer *w, int64_t value)
{
    before_value(w);
    buffer_int(w->out, value);
}

void json_bool(struct json_writer *w, bool value)
{
    before_value(w);
    buffer_text(w->out, value ? "true" : "false");
}

void json_null(struct json_writer *w)
{
    before_value(w);
    buffer_text(w->out, "null");
}

void json_raw(struct json_writer *w, struct str json)
{
    before_value(w);
    buffer_str(w->out, json);
}

void json_member_str(struct json_writer *w, const char *name, struct str text)
{
    json_name(w, name);
    json_str(w, text);
}

void json_member_text(struct json_writer *w, const char *name, const char *text)
{
    json_name(w, name);
    json_text(w, text);
}

void json_member_int(struct json_writer *w, const char *name, int64_t value)
{
    json_name(w, name);
    json_int(w, value);
}

void json_member_bool(struct json_writer *w, const char *name, bool value)
{
    json_name(w, name);
    json_bool(w, value);
}

void json_member_null(struct json_writer *w, const char *name)
{
    json_name(w, name);
    json_null(w);
}

void json_member_raw(struct json_writer *w, const char *name, struct str json)
{
    json_name(w, name);
    json_raw(w, json);
}

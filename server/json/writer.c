#include "json/writer.h"

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

static void quoted(struct buffer *out, struct str text)
{
    static const char HEX[] = "0123456789abcdef";
    /* Six bytes are the most one byte can become (\u00XX). */
    char *to = buffer_reserve(out, text.length * 6 + 2);
    char *start = to;

    *to++ = '"';
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c == '"' || c == '\\') {
            *to++ = '\\';
            *to++ = (char)c;
        } else if (c >= 0x20) {
            *to++ = (char)c;
        } else if (c == '\n') {
            *to++ = '\\';
            *to++ = 'n';
        } else {
            *to++ = '\\';
            *to++ = 'u';
            *to++ = '0';
            *to++ = '0';
            *to++ = HEX[c >> 4];
            *to++ = HEX[c & 15U];
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
    char digits[24];
    char *end = digits + sizeof(digits);
    char *at = end;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0) {
        *--at = '-';
    }
    before_value(w);
    buffer_bytes(w->out, at, (size_t)(end - at));
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

#include "base/log.h"

#include <string.h>
#include <unistd.h>

#include "base/buffer.h"

static const char *const LEVEL_NAMES[] = {"debug", "info", "warning", "error"};

static void escaped(struct buffer *line, const char *text)
{
    const char *from = text; /* of what needs no escape */
    const char *p = text;

    for (; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            continue;
        }
        buffer_bytes(line, from, (size_t)(p - from));
        from = p + 1;
        if (c == '"' || c == '\\') {
            buffer_char(line, '\\');
            buffer_char(line, *p);
        } else {
            buffer_printf(line, "\\u%04x", (unsigned)c);
        }
    }
    buffer_bytes(line, from, (size_t)(p - from));
}

static void quoted(struct buffer *line, const char *text)
{
    buffer_char(line, '"');
    escaped(line, text);
    buffer_char(line, '"');
}

static void write_json(struct buffer *line, const char *time, enum log_level level,
                       const char *message, const struct log_field *fields, int count)
{
    buffer_text(line, "{\"time\":\"");
    buffer_text(line, time);
    buffer_text(line, "\",\"level\":\"");
    buffer_text(line, LEVEL_NAMES[level]);
    buffer_text(line, "\",\"message\":");
    quoted(line, message);
    for (int i = 0; i < count; i++) {
        buffer_char(line, ',');
        quoted(line, fields[i].name);
        buffer_char(line, ':');
        if (fields[i].text == NULL) {
            buffer_int(line, fields[i].number);
        } else {
            quoted(line, fields[i].text);
        }
    }
    buffer_text(line, "}\n");
}

static void write_text(struct buffer *line, const char *time, enum log_level level,
                       const char *message, const struct log_field *fields, int count)
{
    buffer_printf(line, "%s %-7s ", time, LEVEL_NAMES[level]);
    escaped(line, message);
    for (int i = 0; i < count; i++) {
        buffer_printf(line, " %s=", fields[i].name);
        if (fields[i].text == NULL) {
            buffer_int(line, fields[i].number);
        } else {
            quoted(line, fields[i].text);
        }
    }
    buffer_char(line, '\n');
}

void log_write(const struct log *log, enum log_level level, const char *message,
               const struct log_field *fields, int count)
{
    if (log == NULL || level < log->level) {
        return;
    }

    char time[TIME_TEXT_BYTES];
    time_to_text(clock_wall_us(log->clock), time);

    struct buffer line;
    buffer_init(&line, 512);
    if (log->format == LOG_JSON) {
        write_json(&line, time, level, message, fields, count);
    } else {
        write_text(&line, time, level, message, fields, count);
    }
    /* A log that cannot be written has nowhere to be reported. */
    ssize_t written = write(log->fd, line.at, line.length);
    (void)written;
    buffer_done(&line);
}

void log_plain(const struct log *log, enum log_level level, const char *message)
{
    log_write(log, level, message, NULL, 0);
}

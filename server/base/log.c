#include "base/log.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"

static const char *const LEVEL_NAMES[] = {"debug", "info", "warning", "error"};

/* Length of the well-formed UTF-8 character at p and its code point; 0 when there is none. The text
 * is terminated, so no byte behind the terminator is looked at. */
static int character(const unsigned char *p, unsigned *ret_point)
{
    static const unsigned SMALLEST[] = {0, 0, 0x80, 0x800, 0x10000};
    int length = p[0] < 0x80             ? 1
                 : (p[0] & 0xe0) == 0xc0 ? 2
                 : (p[0] & 0xf0) == 0xe0 ? 3
                 : (p[0] & 0xf8) == 0xf0 ? 4
                                         : 0;
    unsigned point = length == 1 ? p[0] : p[0] & (0x7fU >> length);

    for (int i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        point = point << 6 | (p[i] & 0x3fU);
    }
    bool good = length > 0 && point >= SMALLEST[length] && point <= 0x10ffff &&
                (point < 0xd800 || point > 0xdfff);
    *ret_point = point;
    return good ? length : 0;
}

/* What ends a line, moves a cursor or turns the direction of writing for whoever looks at the log. */
static bool is_plain(unsigned point)
{
    bool control = point < 0x20 || (point >= 0x7f && point < 0xa0);
    bool turns = point == 0x61c || (point >= 0x200b && point <= 0x200f) ||
                 (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) ||
                 point == 0xfeff || (point >= 0xfff0 && point <= 0xfffb) || point >= 0xe0000;

    return !control && !turns;
}

static void escape_point(struct buffer *line, unsigned point)
{
    if (point >= 0x10000) {
        buffer_printf(line, "\\u%04x\\u%04x", 0xd800 + ((point - 0x10000) >> 10),
                      0xdc00 + ((point - 0x10000) & 0x3ff));
    } else {
        buffer_printf(line, "\\u%04x", point);
    }
}

static void escaped(struct buffer *line, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t end = line->length + LOG_TEXT_BYTES;

    while (*p != '\0') {
        unsigned point = 0;
        int length = character(p, &point);
        if (line->length >= end) {
            buffer_text(line, "…");
            return;
        }
        if (length == 0) {
            buffer_text(line, "\\ufffd");
            length = 1;
        } else if (point == '"' || point == '\\') {
            buffer_char(line, '\\');
            buffer_char(line, (char)point);
        } else if (is_plain(point)) {
            buffer_bytes(line, p, (size_t)length);
        } else {
            escape_point(line, point);
        }
        p += length;
    }
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

static bool write_whole(int fd, const char *bytes, size_t length)
{
    ssize_t written = 0;

    do {
        written = write(fd, bytes, length);
    } while (written < 0 && errno == EINTR);
    /* The rest of a line that was cut by a full disk is not sent after it: another line may stand
     * between. */
    return written == (ssize_t)length;
}

bool log_write(const struct log *log, enum log_level level, const char *message,
               const struct log_field *fields, int count)
{
    if (log == NULL || level < log->level) {
        return true;
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
    bool ok = write_whole(log->fd, line.at, line.length);
    buffer_done(&line);
    return ok;
}

void log_plain(const struct log *log, enum log_level level, const char *message)
{
    (void)log_write(log, level, message, NULL, 0);
}

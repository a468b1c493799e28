/* Structured log to one descriptor: JSON lines or text, one write per line, so lines of threads
 * never mix. Whatever a text holds, it stays in its line and cannot change how the line looks:
 * control characters, line and paragraph separators, marks that turn the direction of writing and
 * bytes that are not UTF-8 are escaped in both formats, and a long text is cut. Secrets are never
 * passed here. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/macros.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };
enum log_format { LOG_JSON, LOG_TEXT };

struct log {
    const struct clock_source *clock; /* borrowed */
    enum log_level level;             /* lines below it are dropped */
    enum log_format format;
    int fd; /* borrowed */
};

struct log_field {
    const char *name;
    const char *text; /* NULL: number is meant */
    int64_t number;
};

#define LOG_TEXT_FIELD(name_, text_) ((struct log_field){.name = (name_), .text = (text_)})
#define LOG_NUMBER(name_, number_) ((struct log_field){.name = (name_), .number = (number_)})

/* A text is cut after this many bytes of the line, and ends with an ellipsis then. */
enum { LOG_TEXT_BYTES = 600 };

/* False when the line could not be written as a whole; true also when it is below the level. */
bool log_write(const struct log *log, enum log_level level, const char *message,
               const struct log_field *fields, int count);
#define LOG(log, level, message, ...)                                             \
    log_write((log), (level), (message), (const struct log_field[]){__VA_ARGS__}, \
              (int)COUNT_OF(((const struct log_field[]){__VA_ARGS__})))
/* A line without fields. */
void log_plain(const struct log *log, enum log_level level, const char *message);

/* Writes JSON (RFC 8259) straight into a buffer: no tree, no allocation per member. Commas are
 * the writer's business; order and nesting are the caller's. Text must be valid UTF-8. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct json_writer {
    struct buffer *out; /* borrowed */
    bool comma;         /* a comma is due before the next value */
};

struct json_writer json_writer(struct buffer *out);

void json_object_begin(struct json_writer *w);
void json_object_end(struct json_writer *w);
void json_array_begin(struct json_writer *w);
void json_array_end(struct json_writer *w);
/* Name of the member whose value is written next. */
void json_name(struct json_writer *w, const char *name);

void json_str(struct json_writer *w, struct str text);
/* NULL is written as null. */
void json_text(struct json_writer *w, const char *text);
void json_int(struct json_writer *w, int64_t value);
void json_bool(struct json_writer *w, bool value);
void json_null(struct json_writer *w);
/* A value that is JSON already (e.g. a jsonb column). */
void json_raw(struct json_writer *w, struct str json);

void json_member_str(struct json_writer *w, const char *name, struct str text);
void json_member_text(struct json_writer *w, const char *name, const char *text);
void json_member_int(struct json_writer *w, const char *name, int64_t value);
void json_member_bool(struct json_writer *w, const char *name, bool value);
void json_member_null(struct json_writer *w, const char *name);
void json_member_raw(struct json_writer *w, const char *name, struct str json);

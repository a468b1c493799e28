/* JSON pieces that several resources share. */
#pragma once

#include "db/connection.h"
#include "json/writer.h"

/* A timestamptz as PostgreSQL writes it in UTC becomes RFC 3339; NULL becomes null. */
void write_time(struct json_writer *w, const char *name, const struct rows *rows, int row,
                int column);
/* The same for text already taken out; what is no time becomes null. */
void write_time_text(struct json_writer *w, const char *name, struct str value);
/* Text, or null for SQL NULL. */
void write_text_or_null(struct json_writer *w, const char *name, const struct rows *rows, int row,
                        int column);
/* A number, or null for SQL NULL. */
void write_int_or_null(struct json_writer *w, const char *name, const struct rows *rows, int row,
                       int column);
/* A json or jsonb column as it is, or null. */
void write_json_or_null(struct json_writer *w, const char *name, const struct rows *rows, int row,
                        int column);
void write_str(struct json_writer *w, const char *name, const struct rows *rows, int row,
               int column);
/* {"id","name"} from two neighbouring columns. */
void write_reference(struct json_writer *w, const char *name, const struct rows *rows, int row,
                     int column);

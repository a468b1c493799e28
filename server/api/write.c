#include "api/write.h"

#include <string.h>

void write_time(struct json_writer *w, const char *name, const struct rows *rows, int row,
                int column)
{
    write_time_text(w, name, rows_str(rows, row, column));
}

void write_time_text(struct json_writer *w, const char *name, struct str value)
{
    char text[40];
    size_t length = value.length;

    if (length < 19 || length > 34) {
        json_member_null(w, name);
        return;
    }
    memcpy(text, value.at, length);
    text[10] = 'T';
    if (length > 3 && memcmp(text + length - 3, "+00", 3) == 0) {
        text[length - 3] = 'Z';
        length -= 2;
    }
    json_member_str(w, name, (struct str){text, length});
}

void write_text_or_null(struct json_writer *w, const char *name, const struct rows *rows, int row,
                        int column)
{
    if (rows_is_null(rows, row, column)) {
        json_member_null(w, name);
    } else {
        json_member_str(w, name, rows_str(rows, row, column));
    }
}

void write_json_or_null(struct json_writer *w, const char *name, const struct rows *rows, int row,
                        int column)
{
    if (rows_is_null(rows, row, column)) {
        json_member_null(w, name);
    } else {
        json_member_raw(w, name, rows_str(rows, row, column));
    }
}

/* A number in text is JSON already. */
void write_int_or_null(struct json_writer *w, const char *name, const struct rows *rows, int row,
                       int column)
{
    write_json_or_null(w, name, rows, row, column);
}

void write_str(struct json_writer *w, const char *name, const struct rows *rows, int row,
               int column)
{
    json_member_str(w, name, rows_str(rows, row, column));
}

void write_reference(struct json_writer *w, const char *name, const struct rows *rows, int row,
                     int column)
{
    json_name(w, name);
    json_object_begin(w);
    write_str(w, "id", rows, row, column);
    write_str(w, "name", rows, row, column + 1);
    json_object_end(w);
}

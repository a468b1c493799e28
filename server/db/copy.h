/* COPY table FROM STDIN in text format, on a borrowed connection: rows go out in large pieces. */
#pragma once

#include "base/buffer.h"
#include "db/internal.h"

struct copy {
    struct db *db;
    struct buffer rows; /* not sent yet */
    bool value_written; /* in this row */
    int64_t count;
};

/* target is "table (column, ...)". On a fault the copy is not begun. */
enum fault copy_begin(struct copy *copy, struct db *db, const char *target) MUST_USE;
/* The next column of the row; NULL is SQL NULL. */
void copy_text(struct copy *copy, const char *value);
void copy_int(struct copy *copy, int64_t value);
/* Ends the row and sends when enough has gathered. After a fault, end with copy_end all the same. */
enum fault copy_row(struct copy *copy) MUST_USE;
/* Sends the rest and waits for the answer; the copy is over either way. */
enum fault copy_end(struct copy *copy) MUST_USE;

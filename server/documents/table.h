/* A table of text as people send it: the cells of a CSV file or of the first sheet of a workbook. The
 * only folder that includes zip.h and expat.h. A file is read whole or refused with a sentence that
 * says where; nothing in it is ever evaluated. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/macros.h"
#include "base/str.h"
#include "base/text.h"

struct table_cell {
    struct str text; /* at is never NULL */
    bool is_number;  /* typed by the workbook: leading zeros are gone, a day is a number of days */
    bool is_formula; /* of a workbook, or text that a spreadsheet would take for one */
};

struct table_row {
    int line; /* of the file, from 1; rows without any text are left out */
    int count;
    struct table_cell *cells;
};

struct table {
    int count;
    struct table_row *rows; /* the first is the head */
};

/* What is wrong with a file, as a stable code and words. */
struct table_error {
    const char
        *code; /* encoding, quotes, too_many_rows, too_many_columns, cell_too_long, not_a_workbook,
                         too_large, no_sheet, date_1904, empty */
    int line;  /* 0: the file as a whole */
    struct text words;
};

/* RFC 4180 with what spreadsheets make of it: a byte order mark, ";" or tabs instead of commas, a first
 * line "sep=;", line breaks in quotes, a leading ' before what looks like a formula. UTF-8 only. All
 * memory is the arena's. */
bool table_read_csv(struct arena *arena, struct str bytes, struct table *ret_table,
                    struct table_error *ret_error) MUST_USE;
/* The first sheet of an Office Open XML workbook (ECMA-376). Refuses what unpacks to more than the
 * limits of base/limits.h, before it is unpacked, and any document type declaration. */
bool table_read_xlsx(struct arena *arena, struct str bytes, struct table *ret_table,
                     struct table_error *ret_error) MUST_USE;

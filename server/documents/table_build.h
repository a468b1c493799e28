/* Rows as they come, within the limits; shared by the readers of this folder. */
#pragma once

#include "base/limits.h"
#include "documents/table.h"

struct table_build {
    struct arena *arena;
    struct table_row *rows;
    int count;
    int capacity;
    struct table_cell cells[LIMIT_TABLE_COLUMNS]; /* of the row being read */
    int cell_count;
    struct table_error *error;
    bool failed;
};

/* Keeps the first error; its words may have one %d, the line. */
void table_fail(struct table_build *build, const char *code, int line, const char *vi,
                const char *en);
/* The cell of a column (from 0) of the row being read; NULL when there are too many. */
struct table_cell *table_cell_at(struct table_build *build, int column, int line);
/* Ends the row; one without text is forgotten. */
void table_row_end(struct table_build *build, int line);
/* The table, or false with the error that was kept. */
bool table_end(struct table_build *build, struct table *ret_table);

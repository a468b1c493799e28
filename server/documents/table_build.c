#include "documents/table_build.h"

#include <string.h>

#include "base/limits.h"

void table_fail(struct table_build *build, const char *code, int line, const char *vi,
                const char *en)
{
    if (build->failed) {
        return;
    }
    build->failed = true;
    *build->error = (struct table_error){
        .code = code,
        .line = line,
        .words = line > 0 ? TEXT(arena_printf(build->arena, "Dòng %d: %s", line, vi),
                                 arena_printf(build->arena, "Line %d: %s", line, en))
                          : TEXT(vi, en),
    };
}

struct table_cell *table_cell_at(struct table_build *build, int column, int line)
{
    if (column < 0 || column >= LIMIT_TABLE_COLUMNS) {
        table_fail(build, "too_many_columns", line, "quá nhiều cột", "too many columns");
        return NULL;
    }
    while (build->cell_count <= column) {
        build->cells[build->cell_count++] = (struct table_cell){.text = {"", 0}};
    }
    return &build->cells[column];
}

static bool has_text(const struct table_build *build)
{
    for (int i = 0; i < build->cell_count; i++) {
        if (build->cells[i].text.length > 0) {
            return true;
        }
    }
    return false;
}

void table_row_end(struct table_build *build, int line)
{
    if (build->failed) {
        return;
    }
    if (has_text(build)) {
        if (build->count > LIMIT_TABLE_ROWS) {
            table_fail(build, "too_many_rows", 0, "Tệp có quá nhiều dòng; hãy chia thành nhiều tệp",
                       "The file has too many rows; split it");
            return;
        }
        if (build->count == build->capacity) {
            int capacity = build->capacity == 0 ? 64 : 2 * build->capacity;
            struct table_row *rows = ARENA_ARRAY(build->arena, (size_t)capacity, struct table_row);
            if (build->count > 0) {
                memcpy(rows, build->rows, (size_t)build->count * sizeof(*rows));
            }
            build->rows = rows;
            build->capacity = capacity;
        }
        struct table_cell *cells =
            ARENA_ARRAY(build->arena, (size_t)build->cell_count, struct table_cell);
        memcpy(cells, build->cells, (size_t)build->cell_count * sizeof(*cells));
        build->rows[build->count++] =
            (struct table_row){.line = line, .count = build->cell_count, .cells = cells};
    }
    build->cell_count = 0;
}

bool table_end(struct table_build *build, struct table *ret_table)
{
    if (!build->failed && build->count == 0) {
        table_fail(build, "empty", 0, "Tệp không có dòng nào", "The file has no rows");
    }
    if (build->failed) {
        return false;
    }
    *ret_table = (struct table){.count = build->count, .rows = build->rows};
    return true;
}

#include "db/connection.h"

#include <libpq-fe.h>

void rows_done(struct rows *rows)
{
    PQclear(rows->result);
    *rows = (struct rows){0};
}

bool rows_is_null(const struct rows *rows, int row, int column)
{
    return PQgetisnull(rows->result, row, column) == 1;
}

struct str rows_str(const struct rows *rows, int row, int column)
{
    return (struct str){PQgetvalue(rows->result, row, column),
                        (size_t)PQgetlength(rows->result, row, column)};
}

const char *rows_copy(const struct rows *rows, int row, int column, struct arena *arena)
{
    if (rows_is_null(rows, row, column)) {
        return NULL;
    }
    return arena_str(arena, rows_str(rows, row, column)).at;
}

int64_t rows_int(const struct rows *rows, int row, int column, int64_t missing)
{
    int64_t value = missing;

    if (rows_is_null(rows, row, column) || !str_to_int64(rows_str(rows, row, column), &value)) {
        return missing;
    }
    return value;
}

bool rows_bool(const struct rows *rows, int row, int column)
{
    return rows_str(rows, row, column).at[0] == 't';
}

#include "db/copy.h"

#include <inttypes.h>
#include <string.h>

enum { PIECE_BYTES = 256 * KIB };

enum fault copy_begin(struct copy *copy, struct db *db, const char *target)
{
    struct buffer sql;

    buffer_init(&sql, 256);
    buffer_printf(&sql, "COPY %s FROM STDIN", target);
    PGresult *result = PQexec(db->pg, sql.at);
    enum fault fault = FAULT_NONE;
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        fault = db_borrowed_failure(db, result);
    }
    PQclear(result);
    buffer_done(&sql);
    if (fault == FAULT_NONE) {
        *copy = (struct copy){.db = db};
        buffer_init(&copy->rows, PIECE_BYTES + (size_t)64 * KIB);
    }
    return fault;
}

static void separate(struct copy *copy)
{
    if (copy->value_written) {
        buffer_char(&copy->rows, '\t');
    }
    copy->value_written = true;
}

void copy_text(struct copy *copy, const char *value)
{
    separate(copy);
    if (value == NULL) {
        buffer_text(&copy->rows, "\\N");
        return;
    }
    for (const char *rest = value; *rest != '\0';) {
        size_t plain = strcspn(rest, "\\\n\r\t");
        buffer_bytes(&copy->rows, rest, plain);
        rest += plain;
        if (*rest != '\0') {
            buffer_char(&copy->rows, '\\');
            buffer_char(&copy->rows, *rest == '\n'   ? 'n'
                                     : *rest == '\r' ? 'r'
                                     : *rest == '\t' ? 't'
                                                     : '\\');
            rest++;
        }
    }
}

void copy_int(struct copy *copy, int64_t value)
{
    separate(copy);
    buffer_printf(&copy->rows, "%" PRId64, value);
}

static enum fault send(struct copy *copy)
{
    enum fault fault = FAULT_NONE;

    if (copy->rows.length > 0 &&
        PQputCopyData(copy->db->pg, copy->rows.at, (int)copy->rows.length) != 1) {
        fault = db_borrowed_failure(copy->db, NULL);
    }
    buffer_clear(&copy->rows);
    return fault;
}

enum fault copy_row(struct copy *copy)
{
    buffer_char(&copy->rows, '\n');
    copy->value_written = false;
    copy->count++;
    return copy->rows.length >= PIECE_BYTES ? send(copy) : FAULT_NONE;
}

enum fault copy_end(struct copy *copy)
{
    enum fault fault = send(copy);

    buffer_done(&copy->rows);
    if (PQputCopyEnd(copy->db->pg, NULL) != 1 && fault == FAULT_NONE) {
        fault = db_borrowed_failure(copy->db, NULL);
    }
    for (PGresult *result = PQgetResult(copy->db->pg); result != NULL;
         result = PQgetResult(copy->db->pg)) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && fault == FAULT_NONE) {
            fault = db_borrowed_failure(copy->db, result);
        }
        PQclear(result);
    }
    return fault;
}

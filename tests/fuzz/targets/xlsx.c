/* Any bytes as a xlsx file to import: a table within its limits, or a sentence that says why not. */

#include <stdint.h>
#include <stdlib.h>

#include "base/limits.h"
#include "documents/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct table table = {0};
    struct table_error error = {0};

    arena_init(&arena, LIMIT_REQUEST_ARENA_BYTES);
    if (table_read_xlsx(&arena, (struct str){(const char *)data, size}, &table, &error)) {
        if (table.count < 1 || table.count > LIMIT_TABLE_ROWS + 1) {
            abort();
        }
        for (int i = 0; i < table.count; i++) {
            const struct table_row *row = &table.rows[i];
            if (row->count < 1 || row->count > LIMIT_TABLE_COLUMNS || row->line < 1) {
                abort();
            }
            for (int j = 0; j < row->count; j++) {
                if (row->cells[j].text.at == NULL ||
                    row->cells[j].text.length > LIMIT_TABLE_CELL_BYTES) {
                    abort();
                }
            }
        }
    } else if (error.code == NULL || error.words.in[0][0] == '\0') {
        abort();
    }
    arena_done(&arena);
    return 0;
}

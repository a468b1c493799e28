/* Tables as people send them: what is read, and what is refused before it does harm. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "documents/table.h"

TestSuite(table, .timeout = 20);

static struct arena arena;

static void begin(void)
{
    arena_init(&arena, 0);
}

static struct str file_read(const char *name)
{
    char path[500];

    (void)snprintf(path, sizeof path, "%s/tests/support/tables/%s", CAPDO_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    char *bytes = arena_alloc(&arena, 1 << 20);
    size_t length = fread(bytes, 1, 1 << 20, file);
    (void)fclose(file);
    return (struct str){bytes, length};
}

static struct table csv(const char *text)
{
    struct table table = {0};
    struct table_error error = {0};

    cr_assert(table_read_csv(&arena, str_of(text), &table, &error), "%s: %s", error.code,
              error.words.in[1]);
    return table;
}

static void cell_is(const struct table *table, int row, int column, const char *wanted)
{
    cr_assert_lt(row, table->count);
    cr_assert_lt(column, table->rows[row].count);
    struct str text = table->rows[row].cells[column].text;
    cr_assert(str_is(text, wanted), "row %d column %d: \"%.*s\" instead of \"%s\"", row, column,
              (int)text.length, text.at, wanted);
}

static void csv_refused(struct str bytes, const char *code, int line)
{
    struct table table = {0};
    struct table_error error = {0};

    cr_assert_not(table_read_csv(&arena, bytes, &table, &error));
    cr_assert_str_eq(error.code, code);
    cr_assert_eq(error.line, line, "%s: line %d instead of %d", code, error.line, line);
    cr_assert(strlen(error.words.in[0]) > 5 && strlen(error.words.in[1]) > 5);
}

Test(table, csv_in_the_forms_that_spreadsheets_write, .init = begin)
{
    static const char *const FORMS[] = {
        "code,name\nA.1,Sở Y tế\n",
        "\xef\xbb\xbf"
        "code,name\r\nA.1,Sở Y tế\r\n",
        "code;name\nA.1;Sở Y tế",
        "sep=;\r\ncode;name\r\nA.1;Sở Y tế\r\n",
        "code\tname\nA.1\tSở Y tế\n\n\n",
        "\n,\ncode,name\n  A.1 ,\"Sở Y tế\"\n",
        "code,name\rA.1,Sở Y tế\r",
    };

    for (size_t i = 0; i < COUNT_OF(FORMS); i++) {
        struct table table = csv(FORMS[i]);
        cr_assert_eq(table.count, 2, "%zu: %d rows", i, table.count);
        cell_is(&table, 0, 0, "code");
        cell_is(&table, 1, 0, "A.1");
        cell_is(&table, 1, 1, "Sở Y tế");
    }
}

Test(table, csv_keeps_what_is_quoted_and_counts_lines, .init = begin)
{
    struct table table = csv("a,b\n\"x \"\"y\"\", z\",\"một\nhai\"\nlast,\"\"\n");

    cell_is(&table, 1, 0, "x \"y\", z");
    cell_is(&table, 1, 1, "một\nhai");
    cr_assert_eq(table.rows[1].line, 2);
    cr_assert_eq(table.rows[2].line, 4);
    cell_is(&table, 2, 1, "");
}

Test(table, csv_marks_formulas_and_takes_the_apostrophe_away, .init = begin)
{
    struct table table = csv("a,b,c,d,e\n=1+1,'=1+1,@SUM(A1),+84 222,-cmd\n");

    cr_assert(table.rows[1].cells[0].is_formula);
    cr_assert_not(table.rows[1].cells[1].is_formula);
    cell_is(&table, 1, 1, "=1+1");
    cr_assert(table.rows[1].cells[2].is_formula);
    cr_assert_not(table.rows[1].cells[3].is_formula, "a telephone number");
    cr_assert(table.rows[1].cells[4].is_formula);
}

Test(table, csv_that_cannot_be_read_says_where, .init = begin)
{
    static const char UTF16[] = "\xff\xfe"
                                "c\0o\0d\0e\0";
    char long_cell[LIMIT_TABLE_CELL_BYTES + 20] = "a\n";
    char wide[3 * LIMIT_TABLE_COLUMNS] = "";

    csv_refused(STR("a\nb\nS\xf4 Y t\xea\n"), "encoding", 3); /* Windows-1258 */
    csv_refused((struct str){UTF16, sizeof UTF16 - 1}, "encoding", 1);
    csv_refused(STR("a\n\xed\xa0\x80\n"), "encoding", 2); /* half a surrogate */
    csv_refused((struct str){"a\0b", 3}, "encoding", 1);
    csv_refused(STR("a\n\"b\nc\n"), "quotes", 2);
    csv_refused(STR("a\n\"b\"c\n"), "quotes", 2);
    csv_refused(STR(""), "empty", 0);
    csv_refused(STR("\n\n,,\n"), "empty", 0);
    memset(long_cell + 2, 'x', LIMIT_TABLE_CELL_BYTES + 1);
    csv_refused(str_of(long_cell), "cell_too_long", 2);
    memset(wide, ',', LIMIT_TABLE_COLUMNS);
    csv_refused(str_of(wide), "too_many_columns", 1);

    struct buffer many;
    buffer_init(&many, 64 * KIB);
    for (int i = 0; i < LIMIT_TABLE_ROWS + 2; i++) {
        buffer_text(&many, "x\n");
    }
    csv_refused((struct str){many.at, many.length}, "too_many_rows", 0);
    many.length -= 2;
    struct table table = {0};
    struct table_error error = {0};
    cr_assert(table_read_csv(&arena, (struct str){many.at, many.length}, &table, &error));
    cr_assert_eq(table.count, LIMIT_TABLE_ROWS + 1);
    buffer_done(&many);
}

Test(table, workbook_is_read, .init = begin)
{
    struct table table = {0};
    struct table_error error = {0};

    cr_assert(table_read_xlsx(&arena, file_read("good.xlsx"), &table, &error), "%s", error.code);
    cr_assert_eq(table.count, 3);
    cell_is(&table, 0, 0, "Mã");
    cell_is(&table, 0, 2, "");
    cell_is(&table, 0, 3, "Thành lập ngày");
    cr_assert_eq(table.rows[1].line, 3);
    cell_is(&table, 1, 0, "XL.01");
    cell_is(&table, 1, 1, "Trung tâm Một");
    cell_is(&table, 1, 3, "45839");
    cr_assert(table.rows[1].cells[3].is_number);
    cr_assert_not(table.rows[1].cells[0].is_number);
    cr_assert(table.rows[2].cells[0].is_number);
    cr_assert(table.rows[2].cells[1].is_formula);
}

Test(table, workbook_that_would_do_harm_is_refused, .init = begin)
{
    static const struct {
        const char *file;
        const char *code;
    } BAD[] = {
        {"bomb.xlsx", "too_large"},        {"doctype.xlsx", "not_a_workbook"},
        {"many.xlsx", "not_a_workbook"},   {"index.xlsx", "not_a_workbook"},
        {"wide.xlsx", "too_many_columns"}, {"empty.xlsx", "empty"},
        {"broken.xlsx", "not_a_workbook"}, {"no-sheet.xlsx", "no_sheet"},
        {"repeat.xlsx", "too_large"},      {"lines.xlsx", "not_a_workbook"},
        {"date1904.xlsx", "date_1904"},
    };
    struct table table = {0};
    struct table_error error = {0};

    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        cr_assert_not(table_read_xlsx(&arena, file_read(BAD[i].file), &table, &error));
        cr_assert_str_eq(error.code, BAD[i].code, "%s: %s", BAD[i].file, error.code);
    }
    cr_assert_not(table_read_xlsx(&arena, STR("code,name\n"), &table, &error));
    cr_assert_str_eq(error.code, "not_a_workbook");
    cr_assert_not(table_read_xlsx(&arena, (struct str){NULL, 0}, &table, &error));
    /* A whole one cut anywhere. */
    struct str whole = file_read("good.xlsx");
    for (size_t length = 1; length < whole.length; length += 7) {
        cr_assert_not(table_read_xlsx(&arena, (struct str){whole.at, length}, &table, &error));
    }
}

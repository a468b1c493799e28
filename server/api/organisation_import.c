#include "api/organisation_import.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/call_tools.h"
#include "api/organisation_parts.h"
#include "api/security_log.h"
#include "api/write.h"
#include "db/organisation_history.h"
#include "documents/table.h"
#include "rules/calendar.h"

enum cell_kind { CELL_TEXT, CELL_CODE, CELL_CHOICE, CELL_DATE, CELL_DIGITS };

static const struct column {
    const char *name;
    const char *vi; /* the head in Vietnamese */
    enum cell_kind kind;
    size_t characters_max;
    const char *const *choices;
} COLUMNS[] = {
    {"code", "Mã", CELL_CODE, 40, NULL},
    {"scheme", "Loại mã", CELL_CHOICE, 20, ORGANISATION_CODE_SCHEMES},
    {"name", "Tên", CELL_TEXT, 300, NULL},
    {"kind", "Loại hình", CELL_CHOICE, 40, ORGANISATION_KINDS},
    {"parent_code", "Mã cấp trên", CELL_CODE, 40, NULL},
    {"valid_from", "Thành lập ngày", CELL_DATE, 0, NULL},
    {"effective_on", "Ngày có hiệu lực", CELL_DATE, 0, NULL},
    {"document_number", "Số văn bản", CELL_TEXT, 200, NULL},
    {"mandate_document", "Văn bản quy định chức năng", CELL_TEXT, 300, NULL},
    {"representative", "Người đại diện", CELL_TEXT, 200, NULL},
    {"representative_title", "Chức vụ", CELL_TEXT, 200, NULL},
    {"address", "Địa chỉ", CELL_TEXT, 300, NULL},
    {"phone", "Điện thoại", CELL_DIGITS, 60, NULL},
    {"email", "Thư điện tử", CELL_TEXT, 200, NULL},
};
enum {
    COLUMN_CODE = 0,
    COLUMN_SCHEME = 1,
    COLUMN_PARENT = 4,
    COLUMN_COUNT = (int)COUNT_OF(COLUMNS)
};

struct row_problem {
    const char *column;
    const char *code;
    struct text words;
    struct row_problem *next;
};

struct import_row {
    const struct table_row *source;
    const char *value[COUNT_OF(COLUMNS)]; /* NULL: not given */
    const char *outcome;
    const char *organisation_id;
    const char *changes; /* JSON */
    struct row_problem *problems;
    bool taken; /* it was tried, or waits for its parent in the file to be */
};

struct import {
    struct call *call;
    struct table table;
    int place[COUNT_OF(COLUMNS)]; /* of the column in the file, or -1 */
    struct import_row *rows;
    int count;
};

static void add_problem(struct import *import, struct import_row *row, const char *column,
                        const char *code, const char *about)
{
    struct row_problem *problem = ARENA_NEW(import->call->arena, struct row_problem);

    *problem = (struct row_problem){
        .column = column,
        .code = code,
        .words = organisation_said(import->call, code, about),
        .next = row->problems,
    };
    row->problems = problem;
    row->outcome = "error";
}

/* ---- the head ---- */

static int column_named(struct str head)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (str_is(head, COLUMNS[i].name) || str_is(head, COLUMNS[i].vi)) {
            return i;
        }
    }
    return -1;
}

static enum fault read_head(struct import *import)
{
    const struct table_row *head = &import->table.rows[0];
    struct problems *problems = &import->call->problems;
    struct arena *arena = import->call->arena;

    for (int i = 0; i < COLUMN_COUNT; i++) {
        import->place[i] = -1;
    }
    for (int i = 0; i < head->count; i++) {
        struct str name = head->cells[i].text;
        int column = column_named(name);
        const char *pointer = arena_printf(arena, "/head/%d", i);
        if (name.length == 0) {
            continue;
        }
        if (column < 0) {
            problems_add(
                problems, pointer, "unknown_column", NULL,
                TEXT(arena_printf(arena, "Không có cột “%.*s”", (int)name.length, name.at),
                     arena_printf(arena, "There is no column “%.*s”", (int)name.length, name.at)));
        } else if (import->place[column] >= 0) {
            problems_add(
                problems, pointer, "twice", NULL,
                TEXT(arena_printf(arena, "Cột “%s” có hai lần", COLUMNS[column].vi),
                     arena_printf(arena, "Column “%s” stands twice", COLUMNS[column].name)));
        } else {
            import->place[column] = i;
        }
    }
    if (import->place[COLUMN_CODE] < 0) {
        problems_add(problems, "/head", "required", NULL,
                     TEXT("Thiếu cột “code” (Mã)", "The column “code” is missing"));
    }
    return problems->count > 0 ? FAULT_INVALID : FAULT_NONE;
}

/* ---- cells ---- */

static size_t characters(struct str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.length; i++) {
        count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    }
    return count;
}

/* 01/07/2025 or 1/7/2025: "1/7/25" is no year. */
static bool read_day_first(const char *text, struct date *ret_date)
{
    const char *year = strrchr(text, '/');

    return year != NULL && strlen(year) == 5 &&
           sscanf(text, "%2d/%2d/%4d", &ret_date->day, &ret_date->month, &ret_date->year) == 3 &&
           date_is_valid(*ret_date);
}

/* 2025-07-01, 01/07/2025 or the number of days that a workbook keeps; NULL when it is none. */
static const char *read_date(struct import *import, const struct table_cell *cell)
{
    enum {
        WORKBOOK_DAY_0 = -25569,
        WORKBOOK_DAYS_MAX = 200000,
        YEAR_MIN = 1900,
        YEAR_MAX = 2400,
    };
    const char *text = arena_str(import->call->arena, cell->text).at;
    char *iso = arena_alloc(import->call->arena, CALENDAR_DATE_TEXT_BYTES);
    struct date date = {0};
    int64_t days = 0;

    if (cell->is_number) {
        if (!str_to_int64(cell->text, &days) || days < 61 || days > WORKBOOK_DAYS_MAX) {
            return NULL;
        }
        date = date_from_day((int32_t)days + WORKBOOK_DAY_0);
    } else if (cell->text.length > 10) {
        return NULL;
    } else if ((cell->text.length < 10 || !date_from_text(text, &date)) &&
               !read_day_first(text, &date)) {
        return NULL;
    }
    date_to_text(date, iso);
    return date.year >= YEAR_MIN && date.year <= YEAR_MAX ? iso : NULL;
}

static bool is_code(struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '-')) {
            return false;
        }
    }
    return text.length > 0;
}

static bool is_choice(struct str text, const char *const *choices)
{
    for (int i = 0; choices[i] != NULL; i++) {
        if (str_is(text, choices[i])) {
            return true;
        }
    }
    return false;
}

/* What is wrong with the cell, or NULL. */
static const char *cell_problem(const struct column *column, const struct table_cell *cell)
{
    if (cell->is_formula) {
        return "formula";
    }
    if (cell->is_number && (column->kind == CELL_CODE || column->kind == CELL_DIGITS)) {
        return "number";
    }
    if (column->kind == CELL_CODE && !is_code(cell->text)) {
        return "bad_code";
    }
    if (column->kind == CELL_CHOICE && !is_choice(cell->text, column->choices)) {
        return "not_a_choice";
    }
    if (column->characters_max > 0 && characters(cell->text) > column->characters_max) {
        return "too_long";
    }
    return NULL;
}

static void read_cells(struct import *import, struct import_row *row)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        int place = import->place[i];
        if (place < 0 || place >= row->source->count ||
            row->source->cells[place].text.length == 0) {
            continue;
        }
        const struct table_cell *cell = &row->source->cells[place];
        const char *problem = cell_problem(&COLUMNS[i], cell);
        row->value[i] = COLUMNS[i].kind == CELL_DATE
                            ? read_date(import, cell)
                            : arena_str(import->call->arena, cell->text).at;
        if (problem == NULL && row->value[i] == NULL) {
            problem = "bad_date";
        }
        if (problem != NULL) {
            add_problem(import, row, COLUMNS[i].name, problem, "");
        }
    }
    if (row->value[COLUMN_CODE] == NULL && row->problems == NULL) {
        add_problem(import, row, "code", "required", "");
    }
}

static bool same_text(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcasecmp(one, other) == 0);
}

/* A scheme that is not written is the one that the code has by its form. */
static enum fault complete_schemes(struct import *import)
{
    struct rows rows;
    struct buffer codes;
    int at = 0;

    buffer_init(&codes, 4 * KIB);
    buffer_char(&codes, '{');
    for (int i = 0; i < import->count; i++) {
        const struct import_row *row = &import->rows[i];
        if (row->problems == NULL && row->value[COLUMN_SCHEME] == NULL) {
            buffer_printf(&codes, "%s\"%s\"", at++ > 0 ? "," : "", row->value[COLUMN_CODE]);
        }
    }
    buffer_char(&codes, '}');
    enum fault fault = organisation_code_schemes(import->call->db, codes.at, &rows);
    buffer_done(&codes);
    if (fault != FAULT_NONE) {
        return fault;
    }
    at = 0;
    for (int i = 0; i < import->count; i++) {
        struct import_row *row = &import->rows[i];
        if (row->problems == NULL && row->value[COLUMN_SCHEME] == NULL) {
            row->value[COLUMN_SCHEME] = rows_copy(&rows, at++, 0, import->call->arena);
        }
    }
    rows_done(&rows);
    return FAULT_NONE;
}

/* The natural key stands once. */
static void refuse_repeated(struct import *import)
{
    for (int i = 0; i < import->count; i++) {
        struct import_row *row = &import->rows[i];
        for (int j = 0; j < i && row->problems == NULL; j++) {
            const struct import_row *before = &import->rows[j];
            if (row->value[COLUMN_CODE] != NULL &&
                same_text(row->value[COLUMN_CODE], before->value[COLUMN_CODE]) &&
                same_text(row->value[COLUMN_SCHEME], before->value[COLUMN_SCHEME])) {
                add_problem(import, row, "code", "row_twice",
                            call_int(import->call, before->source->line));
            }
        }
    }
}

/* ---- rows ---- */

static void write_cells(struct buffer *text, const struct import_row *row)
{
    struct json_writer w = json_writer(text);

    json_object_begin(&w);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (row->value[i] != NULL) {
            json_member_text(&w, COLUMNS[i].name, row->value[i]);
        }
    }
    json_object_end(&w);
}

static void take_problems(struct import *import, struct import_row *row, struct str lines)
{
    struct arena *arena = import->call->arena;

    while (lines.at != NULL && lines.length > 0) {
        struct str rest = str_cut(&lines, '\n');
        struct str column = str_cut(&rest, '\t');
        struct str code = str_cut(&rest, '\t');
        add_problem(import, row, arena_str(arena, column).at, arena_str(arena, code).at,
                    rest.at == NULL ? "" : arena_str(arena, rest).at);
    }
}

static enum fault run_row(struct import *import, struct import_row *row)
{
    struct call *call = import->call;
    struct rows rows;
    struct buffer cells;

    buffer_init(&cells, 1 * KIB);
    write_cells(&cells, row);
    enum fault fault = organisation_import_row(call->db, call_new_id(call), cells.at, &rows);
    buffer_done(&cells);
    if (fault != FAULT_NONE) {
        return fault;
    }
    row->outcome = rows_copy(&rows, 0, IMPORT_OUTCOME, call->arena);
    row->organisation_id = rows_copy(&rows, 0, IMPORT_ORGANISATION_ID, call->arena);
    row->changes = rows_copy(&rows, 0, IMPORT_CHANGES, call->arena);
    take_problems(import, row, rows_str(&rows, 0, IMPORT_PROBLEMS));
    rows_done(&rows);
    return FAULT_NONE;
}

/* The row of the file that a row names as its parent, of the same scheme if there is one; or NULL. */
static struct import_row *parent_row(struct import *import, const struct import_row *row)
{
    struct import_row *found = NULL;

    for (int i = 0; i < import->count && row->value[COLUMN_PARENT] != NULL; i++) {
        struct import_row *other = &import->rows[i];
        if (same_text(other->value[COLUMN_CODE], row->value[COLUMN_PARENT])) {
            if (same_text(other->value[COLUMN_SCHEME], row->value[COLUMN_SCHEME])) {
                return other;
            }
            found = found == NULL ? other : found;
        }
    }
    return found;
}

/* A parent may stand below its units: it is tried first, each row once. */
static enum fault run_rows(struct import *import)
{
    struct import_row **line =
        ARENA_ARRAY(import->call->arena, (size_t)import->count + 1, struct import_row *);

    for (int i = 0; i < import->count; i++) {
        struct import_row *row = &import->rows[i];
        int waiting = 0;
        while (row != NULL && !row->taken && row->problems == NULL) {
            row->taken = true;
            line[waiting++] = row;
            row = parent_row(import, row);
        }
        while (waiting > 0) {
            enum fault fault = run_row(import, line[--waiting]);
            if (fault != FAULT_NONE) {
                return fault;
            }
        }
    }
    return FAULT_NONE;
}

static enum fault read_file(struct import *import)
{
    struct call *call = import->call;
    struct table_error error = {0};
    bool ok = call->body_type == BODY_CSV
                  ? table_read_csv(call->arena, call->body, &import->table, &error)
                  : table_read_xlsx(call->arena, call->body, &import->table, &error);

    if (!ok) {
        problems_add(&call->problems, "", error.code, NULL, error.words);
        return FAULT_INVALID;
    }
    enum fault fault = read_head(import);
    if (fault != FAULT_NONE) {
        return fault;
    }
    import->count = import->table.count - 1;
    import->rows = ARENA_ARRAY(call->arena, (size_t)import->count + 1, struct import_row);
    for (int i = 0; i < import->count; i++) {
        import->rows[i] = (struct import_row){.source = &import->table.rows[i + 1], .outcome = ""};
        read_cells(import, &import->rows[i]);
    }
    fault = complete_schemes(import);
    if (fault == FAULT_NONE) {
        refuse_repeated(import);
    }
    return fault;
}

/* ---- the answer ---- */

static void write_row(struct json_writer *w, const struct import *import,
                      const struct import_row *row)
{
    json_object_begin(w);
    json_member_int(w, "line", row->source->line);
    json_member_text(w, "code", row->value[COLUMN_CODE]);
    json_member_text(w, "outcome", row->outcome);
    json_member_text(w, "organisation_id", row->organisation_id);
    json_member_raw(w, "changes", str_of(row->changes == NULL ? "[]" : row->changes));
    json_name(w, "errors");
    json_array_begin(w);
    for (const struct row_problem *p = row->problems; p != NULL; p = p->next) {
        json_object_begin(w);
        json_member_text(w, "column", p->column);
        json_member_text(w, "code", p->code);
        json_member_text(w, "message", p->words.in[import->call->language]);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

static int count_of(const struct import *import, const char *outcome)
{
    int count = 0;

    for (int i = 0; i < import->count; i++) {
        count += strcmp(import->rows[i].outcome, outcome) == 0;
    }
    return count;
}

static void write_answer(const struct import *import, const char *mode, struct reply *reply)
{
    static const char *const OUTCOMES[] = {"created", "changed", "unchanged", "error"};

    buffer_init(&reply->body, 16 * KIB);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_text(&w, "mode", mode);
    json_member_bool(&w, "applied", !reply->roll_back);
    json_name(&w, "counts");
    json_object_begin(&w);
    for (size_t i = 0; i < COUNT_OF(OUTCOMES); i++) {
        json_member_int(&w, OUTCOMES[i], count_of(import, OUTCOMES[i]));
    }
    json_object_end(&w);
    json_name(&w, "rows");
    json_array_begin(&w);
    for (int i = 0; i < import->count; i++) {
        write_row(&w, import, &import->rows[i]);
    }
    json_array_end(&w);
    json_object_end(&w);
}

/* All or nothing: every problem of every row, as far as a problem document holds them. */
static enum fault refuse_all(struct import *import)
{
    struct call *call = import->call;

    for (int i = 0; i < import->count; i++) {
        const struct import_row *row = &import->rows[i];
        for (const struct row_problem *p = row->problems; p != NULL; p = p->next) {
            const char *pointer =
                arena_printf(call->arena, "/rows/%d/%s", row->source->line, p->column);
            problems_add(&call->problems, pointer, p->code, NULL, p->words);
        }
    }
    return FAULT_INVALID;
}

static enum fault organisation_import(struct call *call, struct reply *reply)
{
    static const char *const MODES[] = {"dry_run", "atomic", "partial", NULL};
    struct str mode = call_parameter(call, "mode");
    struct import import = {.call = call};

    if (mode.at == NULL || !is_choice(mode, MODES)) {
        return reply_fault(reply, FAULT_BAD_PARAMETER,
                           "Tham số “mode”: “dry_run”, “atomic” hoặc “partial”",
                           "Parameter “mode”: “dry_run”, “atomic” or “partial”");
    }

    enum fault fault = read_file(&import);
    if (fault == FAULT_NONE) {
        fault = run_rows(&import);
    }
    if (fault == FAULT_NONE && str_is(mode, "atomic") && count_of(&import, "error") > 0) {
        fault = refuse_all(&import);
    }
    if (fault == FAULT_NONE && !str_is(mode, "dry_run")) {
        fault = call_log(
            call, (struct security_event){
                      .kind = SECURITY_ORGANISATION_CHANGED,
                      .outcome = SECURITY_DONE,
                      .detail_json = arena_printf(
                          call->arena, "{\"change\":\"import\",\"created\":%d,\"changed\":%d}",
                          count_of(&import, "created"), count_of(&import, "changed")),
                  });
    }
    if (fault == FAULT_NONE) {
        reply->roll_back = str_is(mode, "dry_run");
        write_answer(&import, arena_str(call->arena, mode).at, reply);
    }
    return fault;
}

static const char *const PARAMETERS_ALLOWED[] = {"mode", NULL};

static const struct route ROUTES[] = {
    {METHOD_POST, "/api/v1/organisations/imports", "organisation_import",
     PERMISSION_ORGANISATION_ADMIN, LANE_WORK,
     ROUTE_WRITES | ROUTE_NEEDS_IDEMPOTENCY | ROUTE_TAKES_TABLE, LIMIT_TABLE_BYTES,
     PARAMETERS_ALLOWED, organisation_import, NULL},
};

const struct route_table organisation_import_routes = {ROUTES, COUNT_OF(ROUTES)};

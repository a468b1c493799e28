#include <expat.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

#include "base/buffer.h"
#include "documents/table_build.h"

enum {
    CHUNK_BYTES = 16 * KIB,
    PATH_BYTES = 256,
    NAMESPACE_MARK = '|',
    LINE_MAX = 1048576, /* ECMA-376: rows of a sheet */
};

struct strings {
    struct str *items;
    int count;
    int capacity;
};

struct workbook {
    struct table_build build;
    struct arena *arena;
    zip_t *zip;
    XML_Parser parser;         /* of the part being read */
    char relation[PATH_BYTES]; /* id of the first sheet */
    char sheet[PATH_BYTES];    /* its path in the archive */
    struct arena scratch;      /* of the shared strings, which one cell or a million may name */
    struct strings strings;

    struct buffer text; /* of the element being read */
    bool in_text;
    int line;
    int column;
    int next_column;
    char
        type; /* of the cell: 's' shared, 'i' inline, 't' text of a formula, 'e' error, 'n' number */
    bool formula;
    size_t text_bytes; /* of all cells so far */
};

static void broken(struct workbook *w)
{
    table_fail(&w->build, "not_a_workbook", 0,
               "Tệp không phải là bảng tính Excel (.xlsx) đọc được; hãy lưu lại hoặc gửi CSV UTF-8",
               "The file is no readable Excel workbook (.xlsx); save it again or send CSV UTF-8");
}

static void too_large(struct workbook *w)
{
    table_fail(&w->build, "too_large", 0, "Tệp quá lớn sau khi giải nén; hãy chia thành nhiều tệp",
               "The file is too large once unpacked; split it");
}

/* ---- parts of the archive ---- */

/* What the archive says of itself; what is really unpacked is counted too. */
static bool entries_are_modest(struct workbook *w)
{
    zip_int64_t count = zip_get_num_entries(w->zip, 0);
    zip_uint64_t total = 0;

    if (count <= 0 || count > LIMIT_WORKBOOK_ENTRIES) {
        broken(w);
        return false;
    }
    for (zip_uint64_t i = 0; i < (zip_uint64_t)count; i++) {
        zip_stat_t stat;
        const zip_uint64_t wanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
        zip_stat_init(&stat);
        if (zip_stat_index(w->zip, i, 0, &stat) != 0 || (stat.valid & wanted) != wanted ||
            stat.encryption_method != ZIP_EM_NONE) {
            broken(w);
            return false;
        }
        total += stat.size;
        if (stat.size > LIMIT_WORKBOOK_ENTRY_BYTES || total > 2 * LIMIT_WORKBOOK_ENTRY_BYTES ||
            stat.size > stat.comp_size * LIMIT_WORKBOOK_RATIO + CHUNK_BYTES) {
            too_large(w);
            return false;
        }
    }
    return true;
}

static bool feed(struct workbook *w, zip_file_t *file)
{
    zip_int64_t total = 0;

    for (;;) {
        void *chunk = XML_GetBuffer(w->parser, CHUNK_BYTES);
        zip_int64_t got = chunk == NULL ? -1 : zip_fread(file, chunk, CHUNK_BYTES);
        if (got < 0) {
            broken(w);
            return false;
        }
        total += got;
        if (total > LIMIT_WORKBOOK_ENTRY_BYTES) {
            too_large(w);
            return false;
        }
        if (XML_ParseBuffer(w->parser, (int)got, got == 0) != XML_STATUS_OK) {
            broken(w); /* unless a handler said more already */
            return false;
        }
        if (got == 0) {
            return true;
        }
    }
}

/* No part of a workbook has one; entities and their tricks come with it. */
static void on_doctype(void *context, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public_id, int has_internal)
{
    struct workbook *w = context;

    (void)name;
    (void)system;
    (void)public_id;
    (void)has_internal;
    broken(w);
    (void)XML_StopParser(w->parser, XML_FALSE);
}

/* Reads one part; false when it is not there (and is needed) or cannot be read. */
static bool read_part(struct workbook *w, const char *path, bool needed,
                      XML_StartElementHandler begin, XML_EndElementHandler end,
                      XML_CharacterDataHandler text)
{
    zip_file_t *file = zip_fopen(w->zip, path, 0);

    if (file == NULL) {
        if (needed) {
            broken(w);
        }
        return !needed;
    }
    w->parser = XML_ParserCreateNS("UTF-8", NAMESPACE_MARK);
    bool ok = w->parser != NULL;
    if (ok) {
        XML_SetUserData(w->parser, w);
        XML_SetElementHandler(w->parser, begin, end);
        XML_SetCharacterDataHandler(w->parser, text);
        XML_SetStartDoctypeDeclHandler(w->parser, on_doctype);
        ok = feed(w, file);
        XML_ParserFree(w->parser);
    }
    w->parser = NULL;
    (void)zip_fclose(file);
    return ok && !w->build.failed;
}

/* The name without its namespace. */
static const char *local(const char *name)
{
    const char *mark = strrchr(name, NAMESPACE_MARK);

    return mark == NULL ? name : mark + 1;
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
    for (int i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(local(attributes[i]), name) == 0) {
            return attributes[i + 1];
        }
    }
    return NULL;
}

static void keep_text(void *context, const XML_Char *text, int length)
{
    struct workbook *w = context;

    if (!w->in_text) {
        return;
    }
    if (w->text.length + (size_t)length > LIMIT_TABLE_CELL_BYTES) {
        table_fail(&w->build, "cell_too_long", w->line, "một ô quá dài", "a cell is too long");
        (void)XML_StopParser(w->parser, XML_FALSE);
        return;
    }
    buffer_bytes(&w->text, text, (size_t)length);
}

static void ignore_end(void *context, const XML_Char *name)
{
    (void)context;
    (void)name;
}

/* ---- which sheet ---- */

static void on_workbook(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct workbook *w = context;
    const char *from_1904 = attribute(attributes, "date1904");

    if (strcmp(local(name), "workbookPr") == 0 && from_1904 != NULL &&
        (strcmp(from_1904, "1") == 0 || strcmp(from_1904, "true") == 0)) {
        /* Which numbers are days is in the styles, which nobody reads here. */
        table_fail(
            &w->build, "date_1904", 0,
            "Bảng tính đếm ngày từ năm 1904; hãy tắt lựa chọn đó rồi lưu lại, hoặc gửi CSV UTF-8",
            "The workbook counts its days from 1904; turn that off and save it again, or "
            "send CSV UTF-8");
        (void)XML_StopParser(w->parser, XML_FALSE);
    }
    /* The relation's id is the one in a namespace; sheetId has another local name. */
    if (strcmp(local(name), "sheet") == 0 && w->relation[0] == '\0') {
        const char *id = attribute(attributes, "id");
        (void)snprintf(w->relation, sizeof(w->relation), "%s", id == NULL ? "" : id);
    }
}

static void on_relation(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct workbook *w = context;
    const char *id = attribute(attributes, "Id");
    const char *target = attribute(attributes, "Target");

    if (strcmp(local(name), "Relationship") == 0 && id != NULL && target != NULL &&
        strcmp(id, w->relation) == 0) {
        (void)snprintf(w->sheet, sizeof(w->sheet), "%s%s", target[0] == '/' ? "" : "xl/",
                       target[0] == '/' ? target + 1 : target);
    }
}

/* ---- shared strings ---- */

static void on_string(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct workbook *w = context;
    const char *element = local(name);

    (void)attributes;
    if (strcmp(element, "si") == 0) {
        w->text.length = 0;
    }
    w->in_text = strcmp(element, "t") == 0;
}

static void on_string_end(void *context, const XML_Char *name)
{
    struct workbook *w = context;
    struct strings *s = &w->strings;

    w->in_text = false;
    if (strcmp(local(name), "si") != 0) {
        return;
    }
    if (s->count == LIMIT_WORKBOOK_STRINGS) {
        too_large(w);
        (void)XML_StopParser(w->parser, XML_FALSE);
        return;
    }
    if (s->count == s->capacity) {
        int capacity = s->capacity == 0 ? 256 : 2 * s->capacity;
        struct str *items = ARENA_ARRAY(&w->scratch, (size_t)capacity, struct str);
        if (s->count > 0) {
            memcpy(items, s->items, (size_t)s->count * sizeof(*items));
        }
        s->items = items;
        s->capacity = capacity;
    }
    s->items[s->count++] =
        arena_str(&w->scratch, (struct str){w->text.at == NULL ? "" : w->text.at, w->text.length});
}

/* ---- the sheet ---- */

/* "BC12" to 54; -1 when it is no reference. */
static int column_of(const char *reference)
{
    int column = 0;
    int letters = 0;

    for (; *reference >= 'A' && *reference <= 'Z' && letters < 4; reference++, letters++) {
        column = column * 26 + (*reference - 'A' + 1);
    }
    return letters == 0 || letters > 3 ? -1 : column - 1;
}

static char type_of(const char *type)
{
    if (type == NULL || strcmp(type, "n") == 0) {
        return 'n';
    }
    return strcmp(type, "s") == 0           ? 's'
           : strcmp(type, "inlineStr") == 0 ? 'i'
           : strcmp(type, "e") == 0         ? 'e'
                                            : 't';
}

static void on_sheet(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct workbook *w = context;
    const char *element = local(name);

    if (strcmp(element, "row") == 0) {
        struct str number =
            str_of(attribute(attributes, "r") == NULL ? "" : attribute(attributes, "r"));
        int64_t line = 0;
        line = str_to_int64(number, &line) && line > 0 ? line : w->line + 1;
        if (line > LINE_MAX) {
            broken(w);
            (void)XML_StopParser(w->parser, XML_FALSE);
            return;
        }
        w->line = (int)line;
        w->next_column = 0;
    } else if (strcmp(element, "c") == 0) {
        const char *reference = attribute(attributes, "r");
        w->column = reference == NULL ? w->next_column : column_of(reference);
        w->next_column = w->column + 1;
        w->type = type_of(attribute(attributes, "t"));
        w->formula = false;
        w->text.length = 0;
    } else if (strcmp(element, "f") == 0) {
        w->formula = true;
    }
    w->in_text = strcmp(element, "v") == 0 || strcmp(element, "t") == 0;
}

static void end_cell(struct workbook *w)
{
    struct str text = {w->text.at == NULL ? "" : w->text.at, w->text.length};
    int64_t index = 0;

    if (text.length == 0 && !w->formula) {
        return; /* a cell with a style only */
    }
    struct table_cell *cell = table_cell_at(&w->build, w->column, w->line);
    if (cell == NULL) {
        (void)XML_StopParser(w->parser, XML_FALSE);
        return;
    }
    if (w->type == 's') {
        if (!str_to_int64(text, &index) || index < 0 || index >= w->strings.count) {
            broken(w);
            (void)XML_StopParser(w->parser, XML_FALSE);
            return;
        }
        text = w->strings.items[index];
    }
    while (text.length > 0 && strchr(" \t\r\n", text.at[0]) != NULL) {
        text.at++;
        text.length--;
    }
    while (text.length > 0 && strchr(" \t\r\n", text.at[text.length - 1]) != NULL) {
        text.length--;
    }
    w->text_bytes += text.length;
    if (w->text_bytes > LIMIT_TABLE_TEXT_BYTES) {
        too_large(w);
        (void)XML_StopParser(w->parser, XML_FALSE);
        return;
    }
    *cell = (struct table_cell){.text = arena_str(w->arena, text),
                                .is_number = w->type == 'n',
                                .is_formula = w->formula || w->type == 'e'};
}

static void on_sheet_end(void *context, const XML_Char *name)
{
    struct workbook *w = context;
    const char *element = local(name);

    w->in_text = false;
    if (strcmp(element, "c") == 0) {
        end_cell(w);
    } else if (strcmp(element, "row") == 0) {
        table_row_end(&w->build, w->line);
        if (w->build.failed) {
            (void)XML_StopParser(w->parser, XML_FALSE);
        }
    }
}

static void read_workbook(struct workbook *w)
{
    if (!entries_are_modest(w) ||
        !read_part(w, "xl/workbook.xml", true, on_workbook, ignore_end, keep_text) ||
        !read_part(w, "xl/_rels/workbook.xml.rels", true, on_relation, ignore_end, keep_text)) {
        return;
    }
    if (w->sheet[0] == '\0') {
        table_fail(&w->build, "no_sheet", 0, "Tệp không có trang tính nào",
                   "The file has no sheet");
        return;
    }
    if (read_part(w, "xl/sharedStrings.xml", false, on_string, on_string_end, keep_text)) {
        (void)read_part(w, w->sheet, true, on_sheet, on_sheet_end, keep_text);
    }
}

bool table_read_xlsx(struct arena *arena, struct str bytes, struct table *ret_table,
                     struct table_error *ret_error)
{
    struct workbook w = {.build = {.arena = arena, .error = ret_error}, .arena = arena};
    zip_error_t error;

    zip_error_init(&error);
    zip_source_t *source =
        zip_source_buffer_create(bytes.at == NULL ? "" : bytes.at, bytes.length, 0, &error);
    w.zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (w.zip == NULL) {
        zip_source_free(source);
        broken(&w);
    } else {
        buffer_init(&w.text, 256);
        arena_init(&w.scratch, LIMIT_REQUEST_ARENA_BYTES);
        read_workbook(&w);
        arena_done(&w.scratch);
        buffer_done(&w.text);
        zip_discard(w.zip);
    }
    zip_error_fini(&error);
    return table_end(&w.build, ret_table);
}

#include <string.h>

#include "documents/table_build.h"

struct csv {
    struct table_build build;
    struct arena *arena;
    const char *at;
    const char *end;
    char separator;
    int line; /* of the byte at `at` */
};

/* The line of the first byte that is no UTF-8 (RFC 3629), 0 when all is. */
static int line_of_bad_byte(struct str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.at;
    const unsigned char *end = p + bytes.length;
    int line = 1;

    while (p < end) {
        size_t length = *p < 0x80                 ? 1
                        : *p >= 0xc2 && *p < 0xe0 ? 2
                        : *p >= 0xe0 && *p < 0xf0 ? 3
                        : *p >= 0xf0 && *p < 0xf5 ? 4
                                                  : 0;
        if (length == 0 || (size_t)(end - p) < length || *p == 0) {
            return line;
        }
        for (size_t i = 1; i < length; i++) {
            if ((p[i] & 0xc0) != 0x80) {
                return line;
            }
        }
        if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] >= 0xa0) ||
            (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] >= 0x90)) {
            return line;
        }
        line += *p == '\n';
        p += length;
    }
    return 0;
}

/* The separator that the head has most of, outside quotes. */
static char separator_of(const char *at, const char *end)
{
    static const char CHOICES[] = {',', ';', '\t'};
    int count[sizeof(CHOICES)] = {0};
    bool quoted = false;
    size_t best = 0;

    for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
        quoted = *at == '"' ? !quoted : quoted;
        for (size_t i = 0; i < sizeof(CHOICES) && !quoted; i++) {
            count[i] += *at == CHOICES[i];
        }
    }
    for (size_t i = 1; i < sizeof(CHOICES); i++) {
        best = count[i] > count[best] ? i : best;
    }
    return CHOICES[best];
}

static bool at_line_end(const struct csv *c)
{
    return c->at == c->end || *c->at == '\n' || *c->at == '\r';
}

static void skip_line_end(struct csv *c)
{
    if (c->at < c->end && *c->at == '\r') {
        c->at++;
        if (c->at == c->end || *c->at != '\n') {
            c->line++; /* old Macintosh */
            return;
        }
    }
    if (c->at < c->end && *c->at == '\n') {
        c->at++;
        c->line++;
    }
}

/* "a ""b""" to a "b"; at stands behind the first quote. */
static struct str quoted_text(struct csv *c, int line)
{
    const char *from = c->at;
    char *text = NULL;
    size_t length = 0;

    for (const char *p = from; p < c->end && !(p[0] == '"' && (p + 1 == c->end || p[1] != '"'));
         p += p[0] == '"' ? 2 : 1) {
        length++;
    }
    text = arena_alloc(c->arena, length + 1);
    length = 0;
    while (c->at < c->end) {
        if (*c->at == '"') {
            c->at++;
            if (c->at == c->end || *c->at != '"') {
                return (struct str){text, length};
            }
        }
        c->line += *c->at == '\n';
        text[length++] = *c->at++;
    }
    table_fail(&c->build, "quotes", line, "dấu ngoặc kép không đóng",
               "a quotation mark is not closed");
    return (struct str){"", 0};
}

static struct str plain_text(struct csv *c)
{
    const char *from = c->at;

    while (!at_line_end(c) && *c->at != c->separator) {
        c->at++;
    }
    return (struct str){from, (size_t)(c->at - from)};
}

static struct str trimmed(struct str text)
{
    while (text.length > 0 && strchr(" \t\r\n", text.at[0]) != NULL) {
        text.at++;
        text.length--;
    }
    while (text.length > 0 && strchr(" \t\r\n", text.at[text.length - 1]) != NULL) {
        text.length--;
    }
    return text;
}

/* A telephone number may begin with "+". */
static bool looks_like_formula(struct str text)
{
    return text.length > 0 && (strchr("=@", text.at[0]) != NULL ||
                               (strchr("+-", text.at[0]) != NULL && text.length > 1 &&
                                (text.at[1] < '0' || text.at[1] > '9')));
}

static void read_cell(struct csv *c, int column)
{
    int line = c->line;
    bool quoted = c->at < c->end && *c->at == '"';
    struct table_cell *cell = table_cell_at(&c->build, column, line);

    if (quoted) {
        c->at++;
    }
    struct str text = trimmed(quoted ? quoted_text(c, line) : plain_text(c));
    if (quoted && !c->build.failed && !at_line_end(c) && *c->at != c->separator) {
        table_fail(&c->build, "quotes", line, "có chữ sau dấu ngoặc kép đóng",
                   "there is text behind a closing quotation mark");
    }
    if (text.length > LIMIT_TABLE_CELL_BYTES) {
        table_fail(&c->build, "cell_too_long", line, "một ô quá dài", "a cell is too long");
    }
    if (cell == NULL || c->build.failed) {
        return;
    }
    cell->is_formula = looks_like_formula(text);
    if (text.length > 1 && text.at[0] == '\'' && strchr("=+-@", text.at[1]) != NULL) {
        text.at++; /* the mark of a spreadsheet: this is text */
        text.length--;
    }
    cell->text = text;
}

static void read_row(struct csv *c)
{
    int line = c->line;

    for (int column = 0; !c->build.failed; column++) {
        read_cell(c, column);
        if (c->build.failed || at_line_end(c)) {
            break;
        }
        c->at++; /* the separator */
    }
    table_row_end(&c->build, line);
    skip_line_end(c);
}

bool table_read_csv(struct arena *arena, struct str bytes, struct table *ret_table,
                    struct table_error *ret_error)
{
    static const char MARK[] = "\xef\xbb\xbf";
    struct csv c = {.build = {.arena = arena, .error = ret_error}, .arena = arena, .line = 1};
    int bad = line_of_bad_byte(bytes);

    if (bad > 0) {
        table_fail(&c.build, "encoding", bad,
                   "không phải UTF-8; hãy lưu tệp dạng “CSV UTF-8” rồi gửi lại",
                   "not UTF-8; save the file as “CSV UTF-8” and send it again");
        return false;
    }
    c.at = bytes.at == NULL ? "" : bytes.at;
    c.end = c.at + bytes.length;
    if (bytes.length >= 3 && memcmp(c.at, MARK, 3) == 0) {
        c.at += 3;
    }
    if (c.end - c.at >= 5 && memcmp(c.at, "sep=", 4) == 0) {
        c.separator = c.at[4];
        c.at += 5;
        skip_line_end(&c);
    } else {
        c.separator = separator_of(c.at, c.end);
    }
    while (c.at < c.end && !c.build.failed) {
        read_row(&c);
    }
    return table_end(&c.build, ret_table);
}

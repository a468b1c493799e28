#include "json/decode.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/limits.h"
#include "base/uuid.h"

enum { POINTER_BYTES = 400 };

struct decoder {
    struct problems *problems;
    char pointer[POINTER_BYTES]; /* of the value being read */
};

static void report(struct decoder *d, const char *code, const char *params, struct text message)
{
    problems_add(d->problems, d->pointer, code, params, message);
}

/* Appends "/name" and returns the length to go back to. */
static size_t descend(struct decoder *d, const char *name)
{
    size_t length = strlen(d->pointer);
    size_t at = length;

    if (at + 1 < POINTER_BYTES) {
        d->pointer[at++] = '/';
    }
    for (const char *p = name; *p != '\0' && at + 3 < POINTER_BYTES; p++) {
        if (*p == '~' || *p == '/') {
            d->pointer[at++] = '~';
            d->pointer[at++] = *p == '~' ? '0' : '1';
        } else {
            d->pointer[at++] = *p;
        }
    }
    d->pointer[at] = '\0';
    return length;
}

static void ascend(struct decoder *d, size_t length)
{
    d->pointer[length] = '\0';
}

/* What jansson does not check for us, before it builds anything: NUL bytes and nesting. */
static const char *prescan(struct str body)
{
    int depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < body.length; i++) {
        char c = body.at[i];
        if (c == '\0') {
            return "NUL byte";
        }
        if (in_string) {
            if (c == '\\') {
                i++;
                if (i < body.length && body.at[i] == '\0') {
                    return "NUL byte";
                }
            } else if (c == '"') {
                in_string = false;
            }
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > LIMIT_JSON_DEPTH) {
                return "more than 16 levels";
            }
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return NULL;
}

static void *member_of(void *base, size_t offset)
{
    return (char *)base + offset;
}

static bool is_control(ucs4_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f ||
           (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

static bool has_control(const uint8_t *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        ucs4_t c = 0;
        int step = u8_mbtouc(&c, text + i, length - i);
        if (is_control(c)) {
            return true;
        }
        i += (size_t)(step > 0 ? step : 1);
    }
    return false;
}

static bool is_date(const char *text)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int y = 0;
    int m = 0;
    int day = 0;

    for (int i = 0; i < 10; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) {
            return false;
        }
    }
    y = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
    m = (text[5] - '0') * 10 + (text[6] - '0');
    day = (text[8] - '0') * 10 + (text[9] - '0');
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return y >= 1900 && m >= 1 && m <= 12 && day >= 1 &&
           day <= DAYS[m - 1] + (m == 2 && leap ? 1 : 0) && text[10] == '\0';
}

static bool is_code(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        bool ok = (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') ||
                  (*p >= '0' && *p <= '9') || *p == '.' || *p == '-';
        if (!ok) {
            return false;
        }
    }
    return text[0] != '\0';
}

static bool format_fits(enum field_format format, const char *text)
{
    switch (format) {
    case FORMAT_UUID:
        return uuid_is_valid(str_of(text));
    case FORMAT_DATE:
        return strlen(text) == 10 && is_date(text);
    case FORMAT_CODE:
        return is_code(text);
    case FORMAT_ANY:
    case FORMAT_WRITTEN:
    case FORMAT_OBJECT:
    case FORMAT_STRINGS:
    default:
        return true;
    }
}

/* Nothing but spaces, the wide and the non-breaking ones too. */
static bool is_blank(const char *text)
{
    static const char *const SPACES[] = {" ",      "\t",     "\n",     "\r",
                                         "\u00a0", "\u2007", "\u202f", "\u3000"};

    while (*text != '\0') {
        size_t length = 0;
        for (size_t i = 0; i < COUNT_OF(SPACES) && length == 0; i++) {
            if (strncmp(text, SPACES[i], strlen(SPACES[i])) == 0) {
                length = strlen(SPACES[i]);
            }
        }
        if (length == 0) {
            return false;
        }
        text += length;
    }
    return true;
}

static bool choice_known(const char *const *choices, const char *text)
{
    for (int i = 0; choices[i] != NULL; i++) {
        if (strcmp(choices[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static struct text text_wrong_type(void)
{
    return TEXT("Kiểu dữ liệu không đúng", "Wrong type of value");
}

static void check_length(struct decoder *d, const struct field *field, int64_t length,
                         struct text short_message, struct text long_message, int64_t most)
{
    struct arena *arena = d->problems->arena;

    if (length < field->min) {
        report(d, "too_short", arena_printf(arena, "{\"min\":%lld}", (long long)field->min),
               short_message);
    }
    if (length > most) {
        report(d, "too_long", arena_printf(arena, "{\"max\":%lld}", (long long)most), long_message);
    }
}

static void read_text(struct decoder *d, const struct field *field, const json_t *value,
                      struct in_text *ret)
{
    struct arena *arena = d->problems->arena;

    if (!json_is_string(value)) {
        report(d, "wrong_type", NULL, text_wrong_type());
        return;
    }

    const uint8_t *raw = (const uint8_t *)json_string_value(value);
    size_t raw_length = json_string_length(value);
    size_t length = 0;
    uint8_t *normal = u8_normalize(UNINORM_NFC, raw, raw_length, NULL, &length);
    if (normal == NULL) {
        abort();
    }
    char *text = arena_alloc(arena, length + 1);
    memcpy(text, normal, length);
    ret->value = text;
    int64_t characters = (int64_t)u8_mbsnlen(normal, length);
    if (has_control(normal, length)) {
        report(d, "bad_characters", NULL,
               TEXT("Có ký tự không được phép", "Characters that are not allowed"));
    }
    free(normal);
    check_length(d, field, characters,
                 field->min == 1 ? TEXT("Không được để trống", "Must not be empty")
                                 : TEXT("Quá ngắn", "Too short"),
                 TEXT("Quá dài", "Too long"),
                 field->max > 0 ? field->max : LIMIT_JSON_STRING_BYTES);
    if (field->choices != NULL && !choice_known(field->choices, ret->value)) {
        report(d, "unknown_value", NULL, TEXT("Giá trị không có trong danh mục", "Unknown value"));
    } else if (!format_fits(field->format, ret->value)) {
        report(d, "wrong_format", NULL, TEXT("Sai định dạng", "Wrong format"));
    } else if (field->format == FORMAT_UUID) {
        uuid_lower(text);
    } else if (field->format == FORMAT_WRITTEN && length > 0 && is_blank(text)) {
        report(d, "too_short", NULL, TEXT("Không được để trống", "Must not be empty"));
    }
}

static void read_int(struct decoder *d, const struct field *field, const json_t *value,
                     struct in_int *ret)
{
    if (!json_is_integer(value)) {
        report(d, "wrong_type", NULL, text_wrong_type());
        return;
    }
    ret->null = false;
    ret->value = json_integer_value(value);
    if (ret->value < field->min || (field->max != 0 && ret->value > field->max)) {
        report(d, "out_of_range",
               arena_printf(d->problems->arena, "{\"min\":%lld,\"max\":%lld}",
                            (long long)field->min, (long long)field->max),
               TEXT("Ngoài khoảng cho phép", "Out of range"));
    }
}

static void read_object(struct decoder *d, const struct shape *shape, const json_t *object,
                        void *ret_struct, int depth);

static void read_items(struct decoder *d, const struct field *field, const json_t *value,
                       struct in_list *ret, int depth)
{
    int64_t count = (int64_t)json_array_size(value);
    int64_t most = field->max > 0 ? field->max : LIMIT_JSON_ARRAY_ITEMS;

    check_length(d, field, count, TEXT("Quá ít mục", "Too few items"),
                 TEXT("Quá nhiều mục", "Too many items"), most);
    if (count > most || field->items == NULL) {
        return;
    }
    ret->count = (int)count;
    ret->items = arena_array(d->problems->arena, (size_t)count, field->items->size);
    for (int i = 0; i < ret->count; i++) {
        char index[16];
        (void)snprintf(index, sizeof(index), "%d", i);
        size_t back = descend(d, index);
        read_object(d, field->items, json_array_get(value, (size_t)i),
                    (char *)ret->items + (size_t)i * field->items->size, depth + 1);
        ascend(d, back);
    }
}

static void read_strings(struct decoder *d, const struct field *field, const json_t *value)
{
    const struct field one = {.min = 1, .max = FIELD_STRING_MAX, .choices = field->choices};
    size_t count = json_array_size(value);

    check_length(d, field, (int64_t)count, TEXT("Quá ít mục", "Too few items"),
                 TEXT("Quá nhiều mục", "Too many items"), field->max);
    for (size_t i = 0; i < count && i < (size_t)field->max; i++) {
        char index[24];
        struct in_text ignored = {0};
        (void)snprintf(index, sizeof(index), "%zu", i);
        size_t back = descend(d, index);
        read_text(d, &one, json_array_get(value, i), &ignored);
        ascend(d, back);
    }
}

static void read_json(struct decoder *d, const struct field *field, const json_t *value,
                      struct in_json *ret, int depth)
{
    bool wants_object = field->format == FORMAT_OBJECT;

    if (wants_object ? !json_is_object(value) : !json_is_array(value)) {
        report(d, "wrong_type", NULL, text_wrong_type());
        return;
    }
    if (field->format == FORMAT_STRINGS) {
        read_strings(d, field, value);
    } else if (!wants_object) {
        struct in_list checked = {0};
        read_items(d, field, value, &checked, depth);
    }

    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
    if (text == NULL) {
        abort();
    }
    ret->value = arena_copy(d->problems->arena, text);
    free(text);
}

static void read_field(struct decoder *d, const struct field *field, const json_t *value,
                       void *base, int depth)
{
    void *to = member_of(base, field->offset);
    bool null = json_is_null(value);

    if (null && !field->nullable) {
        report(d, "required", NULL, TEXT("Không được để trống", "Must not be empty"));
        return;
    }
    switch (field->kind) {
    case FIELD_TEXT:
        *(struct in_text *)to = (struct in_text){.present = true};
        if (!null) {
            read_text(d, field, value, to);
        }
        break;
    case FIELD_INT:
        *(struct in_int *)to = (struct in_int){.present = true, .null = true};
        if (!null) {
            read_int(d, field, value, to);
        }
        break;
    case FIELD_JSON:
        *(struct in_json *)to = (struct in_json){.present = true};
        if (!null) {
            read_json(d, field, value, to, depth);
        }
        break;
    case FIELD_LIST:
        *(struct in_list *)to = (struct in_list){.present = true};
        if (json_is_array(value)) {
            read_items(d, field, value, to, depth);
        } else if (!null) {
            report(d, "wrong_type", NULL, text_wrong_type());
        }
        break;
    default:
        abort();
    }
}

static const struct field *field_named(const struct shape *shape, const char *name)
{
    for (int i = 0; i < shape->count; i++) {
        if (strcmp(shape->fields[i].name, name) == 0) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

/* Recursion is bounded by the nesting of the constant shapes. */
static void read_object(struct decoder *d, const struct shape *shape, const json_t *object,
                        void *ret_struct, int depth)
{
    const char *name = NULL;
    json_t *value = NULL;

    if (!json_is_object(object) || depth > LIMIT_JSON_DEPTH) {
        report(d, "wrong_type", NULL, text_wrong_type());
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        const struct field *field = field_named(shape, name);
        size_t back = descend(d, name);
        if (field == NULL) {
            report(d, "unknown_member", NULL, TEXT("Mục không được hỗ trợ", "Unknown member"));
        } else {
            read_field(d, field, value, ret_struct, depth);
        }
        ascend(d, back);
    }
    for (int i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        if (field->need == REQUIRED && json_object_get(object, field->name) == NULL) {
            size_t back = descend(d, field->name);
            report(d, "required", NULL, TEXT("Không được để trống", "Must not be empty"));
            ascend(d, back);
        }
    }
}

static json_t *load(struct str text, struct problems *problems)
{
    json_error_t error;
    const char *bad = text.at == NULL || text.length == 0 ? "empty" : prescan(text);
    json_t *root = NULL;

    if (bad == NULL) {
        root = json_loadb(text.at, text.length, JSON_REJECT_DUPLICATES, &error);
    }
    if (root == NULL) {
        struct arena *arena = problems->arena;
        const char *where = bad != NULL ? arena_printf(arena, "{\"reason\":\"%s\"}", bad)
                                        : arena_printf(arena, "{\"line\":%d,\"column\":%d}",
                                                       error.line, error.column);
        problems_add(problems, "", "bad_json", where,
                     TEXT("Không đọc được nội dung JSON", "The JSON text cannot be read"));
    }
    return root;
}

enum fault json_decode(struct str body, const struct shape *shape, void *ret_struct,
                       struct problems *problems)
{
    struct decoder d = {.problems = problems};
    json_t *root = load(body, problems);

    if (root == NULL) {
        return FAULT_BAD_JSON;
    }
    memset(ret_struct, 0, shape->size);
    read_object(&d, shape, root, ret_struct, 0);
    json_decref(root);
    return problems->count > 0 ? FAULT_INVALID : FAULT_NONE;
}

static const char *dump(struct arena *arena, const json_t *value)
{
    if (value == NULL) {
        return NULL;
    }
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    if (text == NULL) {
        abort();
    }
    const char *copy = arena_copy(arena, text);
    free(text);
    return copy;
}

const char *json_text_member(struct arena *arena, const char *json, const char *name)
{
    json_error_t error;
    json_t *root = json_loads(json, 0, &error);
    const char *text = root == NULL ? NULL : dump(arena, json_object_get(root, name));

    json_decref(root);
    return text;
}

int json_member_names(struct arena *arena, const char *json, const char **ret_names, int names_max)
{
    json_error_t error;
    json_t *root = json_loads(json, 0, &error);
    const char *name = NULL;
    json_t *value = NULL;
    int count = 0;

    json_object_foreach(root, name, value)
    {
        if (count < names_max) {
            ret_names[count] = arena_copy(arena, name);
        }
        count++;
    }
    json_decref(root);
    return count;
}

struct differ {
    struct arena *arena;
    struct decoder pointer; /* only its pointer is used */
    struct json_difference *found;
    int count;
    int most;
};

static void differ_add(struct differ *d, const json_t *before, const json_t *after)
{
    if (d->count < d->most) {
        d->found[d->count++] = (struct json_difference){
            .path = arena_copy(d->arena, d->pointer.pointer),
            .before = dump(d->arena, before),
            .after = dump(d->arena, after),
        };
    }
}

/* Objects are compared member by member, everything else as a whole. Bounded by the depth limit
 * that every stored document had on its way in. */
static void differ_walk(struct differ *d, const json_t *before, const json_t *after, int depth)
{
    const char *name = NULL;
    json_t *value = NULL;

    if (before != NULL && after != NULL &&
        json_equal((json_t *)(uintptr_t)before, (json_t *)(uintptr_t)after) == 1) {
        return;
    }
    if (!json_is_object(before) || !json_is_object(after) || depth >= LIMIT_JSON_DEPTH) {
        differ_add(d, before, after);
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)before, name, value)
    {
        size_t back = descend(&d->pointer, name);
        differ_walk(d, value, json_object_get(after, name), depth + 1);
        ascend(&d->pointer, back);
    }
    json_object_foreach((json_t *)(uintptr_t)after, name, value)
    {
        if (json_object_get(before, name) == NULL) {
            size_t back = descend(&d->pointer, name);
            differ_add(d, NULL, value);
            ascend(&d->pointer, back);
        }
    }
}

int json_differences(struct arena *arena, const char *before, const char *after,
                     struct json_difference *ret_differences, int differences_max)
{
    json_error_t error;
    json_t *a = json_loads(before == NULL ? "{}" : before, JSON_DECODE_ANY, &error);
    json_t *b = json_loads(after == NULL ? "{}" : after, JSON_DECODE_ANY, &error);
    struct differ d = {.arena = arena, .found = ret_differences, .most = differences_max};

    differ_walk(&d, a, b, 0);
    json_decref(a);
    json_decref(b);
    return d.count;
}

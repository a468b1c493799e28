#include "json/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rules/calendar.h"

bool document_fail(struct document_error *ret_error, const char *pointer, const char *format, ...)
{
    va_list arguments;

    (void)snprintf(ret_error->pointer, sizeof(ret_error->pointer), "%s", pointer);
    va_start(arguments, format);
    (void)vsnprintf(ret_error->message, sizeof(ret_error->message), format, arguments);
    va_end(arguments);
    return false;
}

/* ---- the walk ---- */

/* Where the walk is; too deep a place is named by its beginning. */
struct place {
    char text[DOCUMENT_POINTER_BYTES];
    size_t length;
};

static void place_char(struct place *place, char c)
{
    if (place->length + 1 < sizeof(place->text)) {
        place->text[place->length++] = c;
        place->text[place->length] = '\0';
    }
}

static struct place place_member(const struct place *parent, const char *name)
{
    struct place place = *parent;

    place_char(&place, '/');
    for (; *name != '\0'; name++) {
        if (*name == '~' || *name == '/') {
            place_char(&place, '~');
            place_char(&place, *name == '~' ? '0' : '1');
        } else {
            place_char(&place, *name);
        }
    }
    return place;
}

static struct place place_item(const struct place *parent, size_t index)
{
    char number[24];

    (void)snprintf(number, sizeof(number), "%zu", index);
    return place_member(parent, number);
}

/* jansson iterates only mutable objects, hence no const; nothing is changed. */
static bool check(const struct document_spec *spec, json_t *value, const struct place *at,
                  struct document_error *ret_error);

static bool is_id(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789._:-");

    return length > 0 && length <= 64 && text[length] == '\0';
}

static bool check_string(const struct document_spec *spec, const json_t *value,
                         const struct place *at, struct document_error *ret_error)
{
    struct date date;

    if (!json_is_string(value)) {
        return document_fail(ret_error, at->text, "must be a string");
    }
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    if (length == 0 || length > DOCUMENT_TEXT_BYTES_MAX) {
        return document_fail(ret_error, at->text, "must have 1 to %d bytes",
                             DOCUMENT_TEXT_BYTES_MAX);
    }
    if (spec->kind == DOCUMENT_ID && !is_id(text)) {
        return document_fail(ret_error, at->text, "is not an identifier: \"%.40s\"", text);
    }
    if (spec->kind == DOCUMENT_DATE && !date_from_text(text, &date)) {
        return document_fail(ret_error, at->text, "is not a date YYYY-MM-DD: \"%.40s\"", text);
    }
    if (spec->kind == DOCUMENT_CODE) {
        const char *const *code = spec->codes;
        while (*code != NULL && strcmp(*code, text) != 0) {
            code++;
        }
        if (*code == NULL) {
            return document_fail(ret_error, at->text, "unknown value \"%.40s\"", text);
        }
    }
    return true;
}

static bool check_int(const struct document_spec *spec, const json_t *value, const struct place *at,
                      struct document_error *ret_error)
{
    if (!json_is_integer(value)) {
        return document_fail(ret_error, at->text, "must be an integer");
    }
    int64_t number = (int64_t)json_integer_value(value);
    if (number < spec->min || number > spec->max) {
        return document_fail(ret_error, at->text, "must be %lld to %lld", (long long)spec->min,
                             (long long)spec->max);
    }
    return true;
}

static bool check_scalar(const json_t *value, const struct place *at,
                         struct document_error *ret_error)
{
    if (json_is_string(value) || json_is_integer(value) || json_is_boolean(value) ||
        json_is_array(value)) {
        return true;
    }
    return document_fail(ret_error, at->text, "must be a string, integer, boolean or array");
}

static const struct document_member *member_find(const struct document_member *members,
                                                 const char *name)
{
    for (; members->name != NULL; members++) {
        if (strcmp(members->name, name) == 0) {
            return members;
        }
    }
    return NULL;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the table of specs, which is finite
static bool check_object(const struct document_member *members, json_t *value,
                         const struct place *at, struct document_error *ret_error)
{
    const char *name = NULL;
    json_t *inner = NULL;

    if (!json_is_object(value)) {
        return document_fail(ret_error, at->text, "must be an object");
    }
    json_object_foreach(value, name, inner)
    {
        struct place place = place_member(at, name);
        const struct document_member *member = member_find(members, name);
        if (member == NULL) {
            return document_fail(ret_error, place.text, "unknown member");
        }
        if (!check(&member->spec, inner, &place, ret_error)) {
            return false;
        }
    }
    for (; members->name != NULL; members++) {
        if ((members->spec.flags & DOCUMENT_OPTIONAL) == 0 &&
            json_object_get(value, members->name) == NULL) {
            struct place place = place_member(at, members->name);
            return document_fail(ret_error, place.text, "is missing");
        }
    }
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): see check_object
static bool check_array(const struct document_spec *spec, json_t *value, const struct place *at,
                        struct document_error *ret_error)
{
    size_t count = json_array_size(value);

    if (!json_is_array(value)) {
        return document_fail(ret_error, at->text, "must be an array");
    }
    if (count < (size_t)spec->min || (spec->max != 0 && count > (size_t)spec->max)) {
        return document_fail(ret_error, at->text, "has %zu items, must have %lld to %lld", count,
                             (long long)spec->min, (long long)spec->max);
    }
    for (size_t i = 0; i < count; i++) {
        struct place place = place_item(at, i);
        if (!check(spec->item, json_array_get(value, i), &place, ret_error)) {
            return false;
        }
    }
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): see check_object
static bool check_by_level(const struct document_spec *spec, json_t *value, const struct place *at,
                           struct document_error *ret_error)
{
    const char *name = NULL;
    json_t *inner = NULL;

    if (!json_is_object(value)) {
        return document_fail(ret_error, at->text, "must be an object");
    }
    json_object_foreach(value, name, inner)
    {
        struct place place = place_member(at, name);
        if (name[0] < '1' || name[0] > '5' || name[1] != '\0') {
            return document_fail(ret_error, place.text, "is not a level 1 to 5");
        }
        if (!check(spec->item, inner, &place, ret_error)) {
            return false;
        }
    }
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): see check_object
static bool check(const struct document_spec *spec, json_t *value, const struct place *at,
                  struct document_error *ret_error)
{
    static const struct document_member text_members[] = {
        {"vi", {.kind = DOCUMENT_STRING}},
        {"en", {.kind = DOCUMENT_STRING}},
        {NULL, {.kind = DOCUMENT_ANY}},
    };

    if (json_is_null(value)) {
        return (spec->flags & DOCUMENT_NULLABLE) != 0 ||
               document_fail(ret_error, at->text, "must not be null");
    }
    switch (spec->kind) {
    case DOCUMENT_STRING:
    case DOCUMENT_ID:
    case DOCUMENT_CODE:
    case DOCUMENT_DATE:
        return check_string(spec, value, at, ret_error);
    case DOCUMENT_TEXT:
        return check_object(text_members, value, at, ret_error);
    case DOCUMENT_INT:
        return check_int(spec, value, at, ret_error);
    case DOCUMENT_BOOL:
        return json_is_boolean(value) ||
               document_fail(ret_error, at->text, "must be true or false");
    case DOCUMENT_SCALAR:
        return check_scalar(value, at, ret_error);
    case DOCUMENT_OBJECT:
        return check_object(spec->members, value, at, ret_error);
    case DOCUMENT_ARRAY:
        return check_array(spec, value, at, ret_error);
    case DOCUMENT_BY_LEVEL:
        return check_by_level(spec, value, at, ret_error);
    case DOCUMENT_ANY:
        break;
    }
    return true;
}

json_t *document_load(struct str bytes, const struct document_spec *spec,
                      struct document_error *ret_error)
{
    json_error_t error = {0};
    struct place root = {.length = 0};

    if (bytes.length > DOCUMENT_BYTES_MAX) {
        (void)document_fail(ret_error, "", "is larger than %d bytes", DOCUMENT_BYTES_MAX);
        return NULL;
    }
    json_t *value = json_loadb(bytes.at, bytes.length, JSON_REJECT_DUPLICATES, &error);
    if (value == NULL) {
        (void)document_fail(ret_error, "", "line %d, column %d: %s", error.line, error.column,
                            error.text);
        return NULL;
    }
    if (!check(spec, value, &root, ret_error)) {
        json_decref(value);
        return NULL;
    }
    return value;
}

/* ---- readers ---- */

const json_t *document_value(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_null(value) ? NULL : value;
}

const char *document_string(struct arena *arena, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text == NULL ? NULL : arena_copy(arena, text);
}

struct text document_text_of(struct arena *arena, const json_t *value)
{
    struct text text = {{NULL, NULL}};

    if (json_is_object(value)) {
        text.in[LANGUAGE_VI] = document_string(arena, value, "vi");
        text.in[LANGUAGE_EN] = document_string(arena, value, "en");
    }
    return text;
}

struct text document_text(struct arena *arena, const json_t *object, const char *name)
{
    return document_text_of(arena, json_object_get(object, name));
}

int64_t document_int(const json_t *object, const char *name)
{
    return (int64_t)json_integer_value(json_object_get(object, name));
}

bool document_bool(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

int document_code(const json_t *object, const char *name, const char *const *codes, int count)
{
    const char *text = json_string_value(json_object_get(object, name));

    for (int i = 0; text != NULL && i < count; i++) {
        if (strcmp(codes[i], text) == 0) {
            return i;
        }
    }
    return -1;
}

uint64_t document_bits(const json_t *object, const char *name)
{
    const json_t *array = json_object_get(object, name);
    uint64_t bits = 0;

    for (size_t i = 0; i < json_array_size(array); i++) {
        bits |= UINT64_C(1) << (unsigned)json_integer_value(json_array_get(array, i));
    }
    return bits;
}

bool document_unique(const json_t *array, const char *member, const char *pointer,
                     struct document_error *ret_error)
{
    for (size_t i = 1; i < json_array_size(array); i++) {
        const json_t *value = json_object_get(json_array_get(array, i), member);
        for (size_t j = 0; j < i; j++) {
            const json_t *other = json_object_get(json_array_get(array, j), member);
            if (json_equal(value, other)) {
                char where[DOCUMENT_POINTER_BYTES];
                (void)snprintf(where, sizeof(where), "%s/%zu/%s", pointer, i, member);
                return document_fail(ret_error, where, "stands twice");
            }
        }
    }
    return true;
}

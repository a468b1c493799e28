/* The shape of a JSON object that a client may send: one row per member, kept next to the handler
 * and proven equal to its schema in schema/openapi.json. The kind of a row comes from the C type of
 * the member (_Generic), so the two cannot disagree.
 *
 *   struct label_new { struct in_text type, target; struct in_int days; };
 *   static const struct field LABEL_NEW[] = {
 *       FIELD(struct label_new, type, .need = REQUIRED, .choices = LABEL_TYPES),
 *       FIELD(struct label_new, target, .need = REQUIRED, .min = 1, .max = 253), ...
 *   static const SHAPE(LABEL_NEW_SHAPE, "LabelNew", struct label_new, LABEL_NEW);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

/* Member types. present: the member was there; value NULL (null for ints): it was null or absent. */
struct in_text {
    bool present;
    const char *value; /* NFC, terminated, in the request's arena */
};
struct in_int {
    bool present;
    bool null;
    int64_t value;
};
struct in_json { /* an object or array kept as JSON text */
    bool present;
    const char *value;
};
struct in_list { /* of structs of the row's item shape */
    bool present;
    int count;
    void *items;
};

enum field_kind { FIELD_TEXT, FIELD_INT, FIELD_JSON, FIELD_LIST };
enum field_need { OPTIONAL, REQUIRED };
enum field_format {
    FORMAT_ANY,
    FORMAT_UUID,
    FORMAT_DATE,    /* YYYY-MM-DD, a real day */
    FORMAT_CODE,    /* [A-Za-z0-9.-] */
    FORMAT_WRITTEN, /* not spaces alone */
    FORMAT_OBJECT,  /* FIELD_JSON: an object; otherwise it is an array */
    FORMAT_STRINGS, /* FIELD_JSON: an array of strings, of choices or of 1 to FIELD_STRING_MAX
                       characters; otherwise of objects */
};

enum { FIELD_STRING_MAX = 60 };

struct shape;

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    enum field_need need;
    bool nullable;
    enum field_format format;
    int64_t min; /* characters, value or items */
    int64_t max; /* 0: for text LIMIT_JSON_STRING_BYTES, for lists LIMIT_JSON_ARRAY_ITEMS */
    const char *const *choices; /* NULL-terminated codes, or NULL */
    const struct shape *items;  /* of FIELD_LIST, and of FIELD_JSON arrays */
};

struct shape {
    const char *schema; /* name in schema/openapi.json */
    size_t size;        /* of the struct */
    const struct field *fields;
    int count;
};

#define FIELD_KIND(member_expression)            \
    _Generic((member_expression), struct in_text \
             : FIELD_TEXT, struct in_int         \
             : FIELD_INT, struct in_json         \
             : FIELD_JSON, struct in_list        \
             : FIELD_LIST)

#define FIELD(type, member, ...)                                  \
    {                                                             \
        .name = #member, .kind = FIELD_KIND(((type *)0)->member), \
        .offset = offsetof(type, member), __VA_ARGS__             \
    }

#define SHAPE(identifier, schema_name, type, rows) \
    struct shape identifier = {                    \
        .schema = (schema_name),                   \
        .size = sizeof(type),                      \
        .fields = (rows),                          \
        .count = (int)COUNT_OF(rows),              \
    }

/* Our own data files (rulesets, catalogues) checked against a table that says what may stand
 * where. The first fault is reported with a JSON Pointer (RFC 6901) and a sentence, so that a bad
 * file refuses to load and says where. Members that the table does not name are refused. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "json/document_error.h"

enum document_kind {
    DOCUMENT_STRING, /* not empty */
    DOCUMENT_ID,     /* letters, digits, . _ : - */
    DOCUMENT_CODE,   /* one of codes */
    DOCUMENT_TEXT,   /* {"vi": string, "en": string}, both not empty */
    DOCUMENT_INT,    /* min..max */
    DOCUMENT_BOOL,
    DOCUMENT_SCALAR,   /* string, integer, boolean or array of strings: checked by its reader */
    DOCUMENT_DATE,     /* YYYY-MM-DD */
    DOCUMENT_OBJECT,   /* members */
    DOCUMENT_ARRAY,    /* min..max items of item; max 0: no upper bound but the file's size */
    DOCUMENT_BY_LEVEL, /* {"1".."5": item} */
    DOCUMENT_ANY,      /* checked by its reader */
};

enum {
    DOCUMENT_OPTIONAL = 1U << 0, /* may be absent */
    DOCUMENT_NULLABLE = 1U << 1, /* may be null */
};

struct document_member;

struct document_spec {
    enum document_kind kind;
    unsigned flags;
    int64_t min;
    int64_t max;
    const char *const *codes; /* NULL-terminated */
    const struct document_spec *item;
    const struct document_member *members; /* ended by a NULL name */
};

struct document_member {
    const char *name;
    struct document_spec spec;
};

/* Fills ret_error and returns false, for use as `return document_fail(…)`. */
bool document_fail(struct document_error *ret_error, const char *pointer, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Parses and checks; the caller owns the value. NULL when the file is refused. */
MUST_USE json_t *document_load(struct str bytes, const struct document_spec *spec,
                               struct document_error *ret_error);

/* Readers for members that the check has passed; absent and null give NULL, {NULL}, 0 or false. */
const char *document_string(struct arena *arena, const json_t *object, const char *name);
struct text document_text(struct arena *arena, const json_t *object, const char *name);
struct text document_text_of(struct arena *arena, const json_t *value);
int64_t document_int(const json_t *object, const char *name);
bool document_bool(const json_t *object, const char *name);
/* Index of the member's value in a table of codes, or -1. */
int document_code(const json_t *object, const char *name, const char *const *codes, int count);
/* Items of an array of integers 1..63 as bits. */
uint64_t document_bits(const json_t *object, const char *name);
/* Present and not null. */
const json_t *document_value(const json_t *object, const char *name);

/* False, naming the second one, when two items of the array have the same string (or integer) in
 * this member. */
bool document_unique(const json_t *array, const char *member, const char *pointer,
                     struct document_error *ret_error);

/* JSON that another party's server has written: the documents and tokens of an identity provider.
 * Unlike the bodies of our own clients it may hold members that we do not know; they are passed
 * over. A name that stands twice, text that is not UTF-8 and NUL are refused: two readers would
 * read two things. Borrowed text lives as long as the value it was read from. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "base/str.h"

struct json_t; /* the library's value, opaque outside this folder */

/* An object of at most bytes_max bytes, or NULL. The caller frees it. */
struct json_t *foreign_object(struct str bytes, size_t bytes_max) MUST_USE;
/* For CLEANUP; a value of NULL is fine. */
void foreign_free(struct json_t **value);

/* A string that is not empty, else NULL. */
const char *foreign_text(const struct json_t *object, const char *name);
/* A number as NumericDate has them (RFC 7519 §2): a fraction is cut off. */
bool foreign_int(const struct json_t *object, const char *name, int64_t *ret_value);
bool foreign_has(const struct json_t *object, const char *name);
bool foreign_is_true(const struct json_t *object, const char *name);
/* Any member, NULL when absent. */
const struct json_t *foreign_member(const struct json_t *object, const char *name);
bool foreign_is_object(const struct json_t *value);
/* Items of an array; 0 for anything else. */
int foreign_count(const struct json_t *array);
const struct json_t *foreign_item(const struct json_t *array, int index);
/* The value is this string, or an array of strings that has it. */
bool foreign_names(const struct json_t *value, const char *text);

/* Borrowed pieces of UTF-8 text. A struct str never owns its bytes; they live in an arena, a
 * table or the caller. Not terminated: use str_copy (arena.h) where a C string is needed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

struct str {
    const char *at;
    size_t length;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

/* View of a terminated string; NULL gives the empty piece. */
struct str str_of(const char *text);
bool str_equal(struct str a, struct str b);
bool str_is(struct str a, const char *text);
bool str_starts_with(struct str a, const char *prefix);
/* Cuts *rest at the first separator and returns what stood before it. When none is left the whole
 * rest is returned and *rest becomes empty with at == NULL. */
struct str str_cut(struct str *rest, char separator);
/* Strict decimal integer: optional minus, digits, nothing else, in int64_t. */
bool str_to_int64(struct str a, int64_t *ret_value);
/* Comparison whose time does not depend on where the two differ (secrets). */
bool str_equal_secret(struct str a, struct str b);

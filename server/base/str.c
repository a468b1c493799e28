#include "base/str.h"

#include <sodium.h>
#include <string.h>

struct str str_of(const char *text)
{
    return (struct str){text, text == NULL ? 0 : strlen(text)};
}

bool str_equal(struct str a, struct str b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

bool str_is(struct str a, const char *text)
{
    return str_equal(a, str_of(text));
}

bool str_starts_with(struct str a, const char *prefix)
{
    size_t length = strlen(prefix);

    return a.length >= length && (length == 0 || memcmp(a.at, prefix, length) == 0);
}

struct str str_cut(struct str *rest, char separator)
{
    struct str whole = *rest;
    const char *found = whole.length == 0 ? NULL : memchr(whole.at, separator, whole.length);

    if (found == NULL) {
        *rest = (struct str){NULL, 0};
        return whole;
    }

    size_t before = (size_t)(found - whole.at);
    *rest = (struct str){found + 1, whole.length - before - 1};
    return (struct str){whole.at, before};
}

bool str_to_int64(struct str a, int64_t *ret_value)
{
    size_t i = 0;
    bool negative = a.length > 0 && a.at[0] == '-';
    int64_t value = 0;

    if (negative) {
        i = 1;
    }
    if (i == a.length) {
        return false;
    }
    for (; i < a.length; i++) {
        if (a.at[i] < '0' || a.at[i] > '9') {
            return false;
        }
        int digit = a.at[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value)) {
            return false;
        }
    }
    /* Collected as a negative number, whose range is one larger. */
    if (!negative) {
        if (__builtin_sub_overflow((int64_t)0, value, &value)) {
            return false;
        }
    }
    *ret_value = value;
    return true;
}

bool str_equal_secret(struct str a, struct str b)
{
    return a.length == b.length && (a.length == 0 || sodium_memcmp(a.at, b.at, a.length) == 0);
}

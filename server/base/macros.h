/* Small language helpers shared by every layer. */
#pragma once

#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_index, first_argument) \
    __attribute__((format(printf, format_index, first_argument)))
#define CLEANUP(function) __attribute__((cleanup(function)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum {
    KIB = 1024,
    MIB = 1024 * 1024,
};

/* Which passwords are accepted (NIST SP 800-63B-4 §3.1.1.2): by length and by not being guessable;
 * never by classes of characters, never by age. Pure: no I/O. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum {
    PASSWORD_MIN_CHARACTERS = 15,            /* the only factor */
    PASSWORD_MIN_CHARACTERS_WITH_FACTOR = 8, /* beside a second one */
    PASSWORD_LEFT_MIN_CHARACTERS = 8,        /* without the words of the service and the person */
    PASSWORD_PIECE_MAX_CHARACTERS = 7, /* a piece this long, repeated, is as good as the piece */
    PASSWORD_SURPRISES_MIN = 6,        /* characters that do not continue a run like 1234, aaaa */
    PASSWORD_WORDS_MAX = 128,
};

/* What is wrong; several can be. */
enum password_flaw {
    PASSWORD_TOO_SHORT = 1,
    PASSWORD_TOO_LONG = 2, /* more than LIMIT_PASSWORD_BYTES */
    PASSWORD_COMMON = 4,   /* on the list, also with digits and signs around it */
    PASSWORD_CONTEXT = 8,  /* little is left without the words that an attacker tries first */
    PASSWORD_REPETITIVE = 16,
};

/* Sorted lines of a file, in place. */
struct password_list {
    struct str bytes;
    const uint32_t *starts; /* of the lines, in bytes */
    size_t count;
};

/* False when the lines are not sorted, empty, or longer in all than 4 GiB. bytes must live as long
 * as the list, the index lives in the arena. */
bool password_list_read(struct str bytes, struct arena *arena, struct password_list *ret_list)
    MUST_USE;

struct password_question {
    const char *password; /* NFC, terminated */
    bool has_factor;
    const struct password_list *list;
    const char *const *words; /* names of product, place, organisation, person; any spelling */
    int word_count;           /* beyond PASSWORD_WORDS_MAX: not looked at */
};

/* 0, or bits of enum password_flaw. Works in the arena, which the caller should wipe no less than
 * the request that brought the password. */
unsigned password_flaws(const struct password_question *question, struct arena *arena) MUST_USE;

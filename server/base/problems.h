/* The members of `errors[]` in a problem reply (RFC 9457): everything wrong with a body at once,
 * each with a JSON Pointer (RFC 6901) into the body, a stable code and words in both languages. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

struct problem {
    const char *pointer; /* "" is the whole body */
    const char *code;    /* stable, e.g. "required", "too_long", "wrong_type" */
    const char *params;  /* JSON object text or NULL */
    struct text message;
    struct problem *next;
};

struct problems {
    struct arena *arena; /* borrowed; owns the members */
    struct problem *first;
    struct problem *last;
    int count;
};

enum { PROBLEMS_MAX = 100 };

void problems_init(struct problems *problems, struct arena *arena);
/* Copies pointer; code, params and message are borrowed and must live as long as the arena.
 * Beyond PROBLEMS_MAX further problems are counted but not kept. */
void problems_add(struct problems *problems, const char *pointer, const char *code,
                  const char *params, struct text message);

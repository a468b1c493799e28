/* Memory with one lifetime: everything allocated from an arena dies with it.
 *
 * A request owns one arena; input limits bound what it can ask for. Allocation never fails for
 * the caller: exceeding bytes_max, or a failing heap, is a defect and aborts (the supervisor
 * restarts us). Unused memory is poisoned under AddressSanitizer, so use after reset is seen.
 * Not thread safe: whoever holds the request holds its arena. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/macros.h"
#include "base/str.h"

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t used_bytes;          /* of the newest block */
    size_t total_bytes;         /* of all blocks */
    size_t bytes_max;           /* 0: no cap */
};

void arena_init(struct arena *arena, size_t bytes_max);
/* Frees everything. The arena may be used again. */
void arena_done(struct arena *arena);
/* Frees all blocks but the first, which is kept for the next use. */
void arena_reset(struct arena *arena);

/* Zeroed memory aligned for any type; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* Zeroed array; overflow of count * size aborts. */
void *arena_array(struct arena *arena, size_t count, size_t size);
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

/* Copies; the result is terminated as well, so .at is a C string. */
struct str arena_str(struct arena *arena, struct str text);
char *arena_copy(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#endif

#ifdef ARENA_POISON
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

enum { ARENA_BLOCK_BYTES = 16 * KIB };

struct arena_block {
    struct arena_block *older;
    size_t size_bytes; /* of data */
    alignas(max_align_t) unsigned char data[];
};

void arena_init(struct arena *arena, size_t bytes_max)
{
    *arena = (struct arena){.bytes_max = bytes_max};
}

static void block_free(struct arena_block *block)
{
    ASAN_UNPOISON_MEMORY_REGION(block->data, block->size_bytes);
    free(block);
}

void arena_done(struct arena *arena)
{
    struct arena_block *block = arena->blocks;

    while (block != NULL) {
        struct arena_block *older = block->older;
        block_free(block);
        block = older;
    }
    arena_init(arena, arena->bytes_max);
}

void arena_reset(struct arena *arena)
{
    struct arena_block *block = arena->blocks;

    while (block != NULL && block->older != NULL) {
        struct arena_block *older = block->older;
        block_free(block);
        block = older;
    }
    arena->blocks = block;
    arena->used_bytes = 0;
    arena->total_bytes = 0;
    if (block != NULL) {
        arena->total_bytes = block->size_bytes;
        ASAN_POISON_MEMORY_REGION(block->data, block->size_bytes);
    }
}

static void block_add(struct arena *arena, size_t at_least)
{
    size_t size = at_least > ARENA_BLOCK_BYTES ? at_least : ARENA_BLOCK_BYTES;

    if (arena->bytes_max != 0 && size > arena->bytes_max - arena->total_bytes) {
        fprintf(stderr, "arena limit of %zu bytes exceeded\n", arena->bytes_max);
        abort();
    }

    struct arena_block *block = malloc(sizeof(*block) + size);
    if (block == NULL) {
        abort();
    }
    block->older = arena->blocks;
    block->size_bytes = size;
    arena->blocks = block;
    arena->used_bytes = 0;
    arena->total_bytes += size;
    ASAN_POISON_MEMORY_REGION(block->data, size);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t alignment = alignof(max_align_t);

    if (size > SIZE_MAX / 2) {
        abort();
    }
    size_t rounded = (size + alignment - 1) / alignment * alignment;
    if (rounded == 0) {
        rounded = alignment;
    }
    if (arena->blocks == NULL || arena->blocks->size_bytes - arena->used_bytes < rounded) {
        block_add(arena, rounded);
    }

    void *at = arena->blocks->data + arena->used_bytes;
    arena->used_bytes += rounded;
    ASAN_UNPOISON_MEMORY_REGION(at, size == 0 ? 1 : size);
    memset(at, 0, size);
    return at;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes = 0;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        abort();
    }
    return arena_alloc(arena, bytes);
}

struct str arena_str(struct arena *arena, struct str text)
{
    char *copy = arena_alloc(arena, text.length + 1);

    if (text.length > 0) {
        memcpy(copy, text.at, text.length);
    }
    return (struct str){copy, text.length};
}

char *arena_copy(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    char *copy = arena_alloc(arena, length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_list again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        abort();
    }

    char *text = arena_alloc(arena, (size_t)length + 1);
    (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

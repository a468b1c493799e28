#include <criterion/criterion.h>
#include <signal.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

TestSuite(arena, .timeout = 20);

Test(arena, gives_zeroed_aligned_memory_that_does_not_overlap)
{
    struct arena arena;
    unsigned char *before = NULL;

    arena_init(&arena, 0);
    for (size_t size = 0; size < 5000; size += 37) {
        unsigned char *at = arena_alloc(&arena, size);
        cr_assert_eq((uintptr_t)at % alignof(max_align_t), 0);
        cr_assert_neq(at, before);
        for (size_t i = 0; i < size; i++) {
            cr_assert_eq(at[i], 0);
        }
        memset(at, 0xff, size);
        before = at;
    }
    arena_done(&arena);
}

Test(arena, keeps_copies_when_the_original_goes)
{
    struct arena arena;
    char original[] = "cấp độ";

    arena_init(&arena, 0);
    struct str copy = arena_str(&arena, str_of(original));
    memset(original, 'x', sizeof(original) - 1);
    cr_assert_str_eq(copy.at, "cấp độ");
    cr_assert_str_eq(arena_printf(&arena, "%s-%d", copy.at, 3), "cấp độ-3");
    arena_reset(&arena);
    cr_assert_str_eq(arena_copy(&arena, "again"), "again");
    arena_done(&arena);
}

Test(arena, aborts_beyond_its_cap, .signal = SIGABRT)
{
    struct arena arena;

    arena_init(&arena, 64 * KIB);
    for (int i = 0; i < 100; i++) {
        (void)arena_alloc(&arena, 1024);
    }
    (void)arena_alloc(&arena, 64 * KIB);
}

Test(arena, aborts_when_a_size_overflows, .signal = SIGABRT)
{
    struct arena arena;

    arena_init(&arena, 0);
    (void)arena_array(&arena, SIZE_MAX / 2, 4);
}

/* The catalogue of provinces and communes: read whole, refused with the place that is wrong. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "json/administrative_units.h"

TestSuite(administrative_units, .timeout = 20);

static struct str catalogue(struct arena *arena)
{
    FILE *file = fopen(CAPDO_SOURCE_DIR "/schema/catalogues/administrative-units-vn.json", "rb");
    char *bytes = arena_alloc(arena, 2 << 20);

    cr_assert_not_null(file);
    size_t length = fread(bytes, 1, 2 << 20, file);
    (void)fclose(file);
    return (struct str){bytes, length};
}

Test(administrative_units, ours_is_read)
{
    struct arena arena;
    struct administrative_units all;
    struct document_error error;
    int provinces = 0;
    int of_bac_ninh = 0;
    int twice = 0;

    arena_init(&arena, 0);
    cr_assert(administrative_units_decode(catalogue(&arena), &arena, &all, &error), "%s: %s",
              error.pointer, error.message);
    for (int i = 0; i < all.count; i++) {
        provinces += all.units[i].province == NULL;
        of_bac_ninh += all.units[i].province != NULL && strcmp(all.units[i].province, "24") == 0;
        for (int j = 0; j < i; j++) {
            twice += strcmp(all.units[i].code, all.units[j].code) == 0;
        }
    }
    cr_assert_eq(twice, 0);
    cr_assert_eq(provinces, 34);
    cr_assert_eq(all.count - provinces, 3321);
    cr_assert_eq(of_bac_ninh, 99);
    cr_assert_str_eq(all.effective_on, "2025-07-01");
    arena_done(&arena);
}

Test(administrative_units, a_bad_one_says_where)
{
    static const char HEAD[] =
        "{\"schema\":\"capdo-administrative-units/1\",\"units_id\":\"x\",\"title\":{\"vi\":\"a\",\"en\":\"a\"},"
        "\"effective_on\":\"2025-07-01\",\"document_number\":\"1\",\"confidence\":\"INFERRED\","
        "\"source\":\"s\",\"note\":{\"vi\":\"a\",\"en\":\"a\"},\"provinces\":[%s]}";
    static const char *const BAD[] = {
        "{\"code\":\"1\",\"name\":\"a\"}",
        "{\"code\":\"1\",\"name\":\"a\",\"communes\":[]},{\"code\":\"1\",\"name\":\"b\",\"communes\":[]}",
        "{\"code\":\"1\",\"name\":\"a\",\"communes\":[{\"code\":\"2\"}]}",
        "{\"code\":\"1\",\"name\":\"a\",\"communes\":[{\"code\":\"2\",\"name\":\"b\"},{\"code\":\"2\",\"name\":\"c\"}]}",
    };

    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct arena arena;
        struct administrative_units all;
        struct document_error error = {0};
        arena_init(&arena, 0);
        const char *text = arena_printf(&arena, HEAD, BAD[i]);
        cr_assert_not(administrative_units_decode(str_of(text), &arena, &all, &error), "%zu", i);
        cr_assert(error.message[0] != '\0');
        arena_done(&arena);
    }
}
